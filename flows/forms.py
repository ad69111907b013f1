"""The forms on which people say which quarter or year to run, in words and drop-downs.

Belongs here: what a form asks, what it offers, and which period is meant by what was chosen. Does not belong here: what
runs (``flows.periodic``) and the clock: the day is that for which a run was scheduled.

Nothing here is taken from today's date: Prefect keeps a form as it was when it was deployed, for months. Checks are in
the form's schema, so that they are made before a run begins; what concerns two fields together is said by the run.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from config.errors import Refused
from config.load import load_partnership, partnership_ids
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear, Return
from config.settings import Settings

QuarterWords = Literal[
    "The quarter that has just ended",
    "Quarter 1 (April to June)",
    "Quarter 2 (July to September)",
    "Quarter 3 (October to December)",
    "Quarter 4 (January to March)",
]
"""In the order of their numbers, after the one that is worked out."""
DraftsWords = Literal[
    "All that was uploaded",
    "Quarter 1 (April to June)",
    "Quarter 2 (July to September)",
    "Quarter 3 (October to December)",
    "Quarter 4 (January to March)",
    "The annual report",
]
"""In the order of quarters' numbers, between everything and the year."""
WholeWords = Literal[
    "The year",
    "Quarter 1 (April to June)",
    "Quarter 2 (July to September)",
    "Quarter 3 (October to December)",
    "Quarter 4 (January to March)",
]
"""The year, then its quarters in the order of their numbers."""
LATEST = "The latest"
YEARS = tuple(str(ReportingYear(start)) for start in range(2015, 2045))
"""Kept wide: official statistics are loaded for years back, and a form is not deployed anew each year."""
if TYPE_CHECKING:
    YearWords = str
else:
    YearWords = Literal[(LATEST, *YEARS)]


def _in_order(schema: dict[str, Any]) -> None:
    for place, field in enumerate(schema["properties"].values()):
        field["position"] = place


class Form(BaseModel):
    """What is asked in its own order: each field says its place, for PostgreSQL sorts the keys of what it keeps."""

    model_config = ConfigDict(json_schema_extra=_in_order)


# Last on every form, and left empty by everybody but those who look after the server.
PartnershipName = Annotated[
    str,
    Field(
        title="For IT only: which partnership?",
        description="Leave empty for the one of this server.",
        pattern=r"^([a-z][a-z0-9-]*)?$",
    ),
]
InboxAddress = Annotated[
    str, Field(title="For IT only: where are the files?", description="Leave empty for the usual inbox.")
]
StoreAddress = Annotated[
    str, Field(title="For IT only: where is everything kept?", description="Leave empty for the usual store.")
]


def offered() -> list[Partnership]:
    """Whose words a form offers: this machine's partnership's, else those of every one that is known here."""
    own = Settings.from_environment().partnership
    return [load_partnership(name) for name in ([own] if own else partnership_ids())]


class QuarterRequest(Form):
    """What to run for a quarter."""

    quarter: QuarterWords = Field(
        default="The quarter that has just ended",
        title="Which quarter?",
        description="Leave as it is for the quarter that has just ended.",
    )
    year: YearWords = Field(
        default=LATEST,
        title="Of which financial year?",
        description="Financial years run from April to March. Leave as it is for the latest one.",
    )
    partnership: PartnershipName = ""
    inbox: InboxAddress = ""
    store: StoreAddress = ""

    @classmethod
    def of(cls, quarter: Quarter, **places: str) -> QuarterRequest:
        """The form as it is filled in for a quarter."""
        return cls(quarter=get_args(QuarterWords)[quarter.number], year=str(quarter.year), **places)

    def meant(self, day: date) -> Quarter:
        """The quarter that is meant by a run of this day.

        Raises:
            Refused: a year was chosen, and no quarter of it.
        """
        number = get_args(QuarterWords).index(self.quarter)
        if not number and self.year != LATEST:
            raise Refused(
                f"The year {self.year} was chosen, and no quarter of it.",
                to_do="Choose a quarter too, or leave both as they are for the quarter that has just ended.",
            )
        return _quarter(number, self.year, day) if number else Quarter.ended_by(day)


class YearRequest(Form):
    """What to run for a year."""

    year: YearWords = Field(
        default=LATEST,
        title="Which financial year?",
        description="Financial years run from April to March. Leave as it is for the one that has just ended.",
    )
    partnership: PartnershipName = ""
    inbox: InboxAddress = ""
    store: StoreAddress = ""

    @classmethod
    def of(cls, year: ReportingYear, **places: str) -> YearRequest:
        """The form as it is filled in for a year."""
        return cls(year=str(year), **places)

    def meant(self, day: date) -> ReportingYear:
        """The year that is meant by a run of this day: the one chosen, or the one that has just ended."""
        return _year(self.year, day)


class DraftsRequest(Form):
    """Which edited drafts to read back."""

    drafts: DraftsWords = Field(
        default="All that was uploaded",
        title="Which drafts?",
        description="Leave as it is for everything that editors uploaded and nobody has read back yet.",
    )
    year: YearWords = Field(
        default=LATEST,
        title="Of which financial year?",
        description="Only for one quarter or the annual report. Financial years run from April to March.",
    )

    def meant(self, day: date) -> Return | None:
        """The period whose drafts are meant by a run of this day; None for all.

        Raises:
            Refused: a year was chosen, and nothing of it.
        """
        number = get_args(DraftsWords).index(self.drafts)
        if not number and self.year != LATEST:
            raise Refused(
                f"The year {self.year} was chosen, and not which of its drafts.",
                to_do="Choose a quarter or the annual report too, or leave both as they are for all that was uploaded.",
            )
        if not number:
            return None
        return _quarter(number, self.year, day) if number < 5 else _year(self.year, day)


def meant_of(part: WholeWords, year: str, day: date) -> Return:
    """The year or one of its quarters: of the year chosen, or the latest that has ended by this day."""
    number = get_args(WholeWords).index(part)
    return _quarter(number, year, day) if number else _year(year, day)


def _quarter(number: int, year: str, day: date) -> Quarter:
    """A quarter by its number: of the year chosen, or the latest that has ended."""
    if year != LATEST:
        return Quarter(ReportingYear.parse(year).start_year, number)
    ended = Quarter.ended_by(day)
    while ended.number != number:
        ended = ended.before
    return ended


def _year(year: str, day: date) -> ReportingYear:
    """The year chosen, or the latest that has ended."""
    if year != LATEST:
        return ReportingYear.parse(year)
    ended = Quarter.ended_by(day)
    return ended.year if ended.number == 4 else ended.year.before
