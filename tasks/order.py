"""What is a run asked to do, and what of it is refused before anything of its period is written?

Belongs here: the order, the configuration and suites that it needs, and those refusals. Does not belong here: the
run's stages (``tasks.run``), what configuration itself refuses (``config.load``), and which figures cannot be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from config.errors import Refused
from config.load import load_partnership
from config.partnership import Partnership
from config.periods import Period, ReportingYear
from expectations.load import load_suites
from expectations.suite import Suite
from tasks.earlier import Earlier
from tasks.kept import folder_of, period_of, refuse_foreign_store
from tasks.store import ABSENT, Conflict, ObjectStore, put_json


@dataclass(frozen=True)
class Order:
    """What to run, in plain text: safe to keep and to show."""

    partnership: str
    period: str
    inbox: str
    store: str
    day: str = ""
    """The day of the run, as ``2024-07-05``: whether a decision still holds is asked for this day, by no clock."""
    page_numbers: bool = False
    """Should the contents of the annual report have page numbers? LibreOffice lays it out for them, if it is there."""

    @property
    def folder(self) -> str:
        """``2023-24/Q4`` or ``2023-24/annual``: where this period's results lie."""
        return folder_of(period_of(self.period))


@lru_cache(maxsize=8)
def partnership_of(name: str) -> Partnership:
    """A partnership's configuration, read once a process.

    Raises:
        Refused: it is wrong, or names a suite of expectations that there is not.
    """
    loaded = load_partnership(name)
    check_suites(loaded)
    return loaded


def check_suites(partnership: Partnership) -> None:
    """See to it that there is a suite for every source.

    Raises:
        Refused: a source names one that there is not.
    """
    over_rows = [name for name, suite in suites().items() if suite.frame == "rows"]
    for source in partnership.sources.values():
        if source.suite not in over_rows:
            close = get_close_matches(source.suite, over_rows, n=1)
            raise Refused(
                f"There is no suite of expectations called '{source.suite}'.",
                where=f"{partnership.profile.id}: sources.yaml, {source.id} > suite",
                why="The source would not be checked.",
                to_do=f"Did you mean '{close[0]}'?" if close else f"Use one of: {', '.join(sorted(over_rows))}.",
            )


@lru_cache(maxsize=1)
def suites() -> dict[str, Suite]:
    """The suites of expectations, read once a process."""
    return load_suites()


def mark_as_its_own(partnership: Partnership, store: ObjectStore, order: Order) -> None:
    """Say in a store whose it is: another's figures of the same quarter would lie under the same keys.

    Raises:
        Refused: it is another partnership's.
    """
    if not refuse_foreign_store(partnership, store, order.store):
        try:
            mark = {"id": partnership.profile.id}
            put_json(store, "partnership.json", mark, about={"content-type": "application/json"}, expected=ABSENT)
        except Conflict:  # somebody else's first run was faster
            refuse_foreign_store(partnership, store, order.store)


def refuse_an_inbox_of_nobody(partnership: Partnership, order: Order, earlier: Earlier) -> None:
    """Refuse the wrong folder: a run on it would replace good drafts by ones that say that nothing came.

    A year whose quarters were run needs nothing of its own.

    Raises:
        Refused: nothing in it is expected from anybody.
    """
    from tasks.gather import recognise

    period = period_of(order.period)
    names = recognise(partnership, period, order.inbox)
    quarters = isinstance(period, ReportingYear) and earlier.quarters_were_run
    if any(source for _, source in names) or (quarters and not names):
        return
    found = f"none of its {len(names)} files is expected from anybody" if names else "it is empty"
    inside = next((path for path in _folders_of(period, order.inbox) if path.is_dir()), None)
    raise Refused(
        f"This is not an inbox for {period}: {found}.",
        where=order.inbox,
        why="The drafts would say that nothing came, in place of those that there are.",
        to_do=f"Name the folder of this period inside it: --inbox {inside}"
        if inside
        else "Put what came into it first; or name the place where that is (--inbox, or on the form).",
    )


def _folders_of(period: Period, inbox: str) -> list[Path]:
    """Where the files of a period lie in a folder that holds those of several."""
    year, _, last = folder_of(period).rpartition("/")
    return [] if "://" in inbox else [Path(inbox) / last, Path(inbox) / year / last]


def refuse_faulty_templates(partnership: Partnership) -> None:
    """See to it that drafts can be made from a partnership's own templates.

    Raises:
        Refused: from one of them none can.
    """
    if partnership.templates:
        from tasks.assemble.template_lint import refuse_faulty

        refuse_faulty(partnership)
