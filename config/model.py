"""What a partnership is: its areas, groups, sources, measures, rules and report, as frozen values.

Belongs here: the shape of a configuration and what makes one inconsistent in itself.
Does not belong here: reading files (``config.load``), how a source is read (``tasks.gather``), what a rule computes
(``tasks.reconcile``). How a source is laid out is in ``config.layouts``, kinds of rule in ``config.rules``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from config.colours import READABLE, contrast

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$", max_length=40)]
FigureRef = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*$")]
"""``<area>.<measure>``; with a period behind it (``eastmere.referrals.2023-24``) it names one figure."""
Words = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]


class Frozen(BaseModel):
    """Refuses unknown keys and later changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Statistic = Literal["flow", "distinct", "stock", "mean", "percentage", "rate", "reference", "finance"]
"""What a measure counts, which decides its arithmetic and wording (``tasks.measures``)."""
Severity = Literal["must_fix", "look_at", "information"]
SEVERITIES: dict[Severity, str] = {
    "must_fix": "Must be fixed",
    "look_at": "Should be looked at",
    "information": "For information",
}
"""How serious something is, in words, the most serious first."""


class Area(Frozen):
    """A place that figures are about. ``codes`` are the ONS code and the DfE's old three-digit LA code.

    A ``neighbour`` is an authority outside the partnership that is like its boroughs, to compare with.
    """

    id: Id
    name: Words
    short_name: Words
    kind: Literal["borough", "partnership", "neighbour", "region", "nation"]
    ons_code: str = ""
    old_la_code: str = ""


class Group(Frozen):
    """A subgroup of the partnership, or another body that owns sources and answers queries about them."""

    id: Id
    name: Words
    kind: Literal["subgroup", "partner", "business_unit", "scrutineer"]
    contact_role: Words
    owns: tuple[Words, ...] = ()


class Priority(Frozen):
    """A priority of the reporting year, or a part of one; ``number`` is how people name it ("1.2")."""

    number: str
    title: Words
    owner: Id


def _reads_on_white(colour: str) -> str:
    if contrast(colour, "FFFFFF") < READABLE:
        raise ValueError(f"'{colour}' is too light to be read on white, which needs a contrast of {READABLE} to 1.")
    return colour


Colour = Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{6}$"), AfterValidator(_reads_on_white)]


class Look(Frozen):
    """Colours of the partnership's documents, as RRGGBB. Text, bars and lines are drawn in them on white."""

    dark: Colour
    accent: Colour
    alert: Colour


class Help(Frozen):
    """Where a child can get help: who it is, and how to reach them, in words for a child."""

    who: Words
    how: Words


class DisclosurePolicy(Frozen):
    """Which numbers of people are too small to show (``tasks.disclosure``); a measure may set its own threshold."""

    smallest_shown: int = Field(default=5, ge=1, le=100)
    """Numbers from 1 to below it are hidden; 1 hides none."""
    nought_is_shown: bool = True
    rounded_to: int = Field(default=1, ge=1, le=100)
    """Numbers of people that are shown are rounded to a multiple of it; 1 leaves them as they are."""
    policy: str = ""
    """Where the partnership's policy can be read."""


class DecisionPolicy(Frozen):
    """Who may settle a finding besides its owner, and what must be settled before a report is published."""

    may_decide: tuple[Id, ...] = ()
    blocks_publication: tuple[Severity, ...] = ("must_fix",)


class Signing(Frozen):
    """Who signs a draft, after the group that owns its section: who assures quality, then the safeguarding partners.

    ``puts_forward`` is who hands a draft to its owner; left out, the business unit.
    """

    quality: Id
    partners: tuple[Id, ...] = Field(min_length=1)
    puts_forward: Id = ""


class Deadline(Frozen):
    """Something that has to be done by a day of every year for the report of the financial year before that day.

    People are reminded ``remind_before`` that day, in days before it; 0 is the day itself. Where it has to be done so
    many days ``after_publication`` of that report, the day of the calendar counts only until it is published.
    """

    id: Id
    asks: Words
    """What has to be done, as it is told: ``Publish the annual report``."""
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    remind_before: tuple[int, ...] = Field(default=(28, 7, 0), min_length=1)
    after_publication: int | None = Field(default=None, ge=0, le=183)
    paragraph: str = ""
    confidence: Literal["verified", "from_memory"] = "from_memory"

    @field_validator("remind_before")
    @classmethod
    def _not_after(cls, before: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 0 <= days <= 183 for days in before):
            raise ValueError("days before a deadline are 0 to 183")
        return before

    @model_validator(mode="after")
    def _in_every_year(self) -> Deadline:
        date(2023, self.month, self.day)  # a year without 29 February: raises ValueError
        return self

    def in_year(self, year: int) -> date:
        """The last day on which it is in time, in a calendar year."""
        return date(year, self.month, self.day)


Occasion = Literal["returns", "runs", "findings", "drafts", "deadlines"]
"""What people are told of: returns that are due and have not come, runs that failed or are late, findings that wait,
drafts that are ready, and deadlines of the year."""


class Notice(Frozen):
    """Whom to tell of what. Only the group: its address is a setting of the machine (``flows.notify``)."""

    to: Id
    of: tuple[Occasion, ...] = Field(min_length=1)


class Profile(Frozen):
    """``partnership.yaml``: who the partnership is."""

    id: Id
    name: Words
    short_name: Words
    contact: Words
    allowed_contacts: tuple[Words, ...] = ()
    """E-mail addresses, telephone numbers and postcodes of offices that are published: no personal data in a return."""
    help_for_children: tuple[Help, ...] = ()
    guidance: Id
    areas: tuple[Area, ...]
    groups: tuple[Group, ...]
    priorities: tuple[Priority, ...]
    acronyms: dict[str, Words]
    look: Look
    disclosure: DisclosurePolicy = DisclosurePolicy()
    decisions: DecisionPolicy = DecisionPolicy()
    signing: Signing | None = None
    """Without it nobody is asked to sign, and what is published says so."""
    deadlines: tuple[Deadline, ...] = ()
    """The partnership's own, besides those of statutory guidance."""
    notices: tuple[Notice, ...] = ()
    remind_before_due: tuple[int, ...] = (7, 1)
    """How many days before a return is due its absence from the inbox is told."""


class NotComparable(Frozen):
    """Another measure that looks alike and is not the same, and why."""

    measure: Id
    because: Words


class Measure(Frozen):
    """One thing that is counted, the same for every area in ``areas``.

    ``label`` is what stands after the number in print; ``{other_measure}`` in it prints that figure of the same area.
    ``as_at`` is for figures dated otherwise than by the period itself (a census day, a mid-year estimate).
    ``scope`` is what it is about, by the question that it answers (``phase: all schools``); ``says`` is what an area
    itself says of its own figure, and ``must_say`` lists the questions that have to be answered before areas are set
    side by side. A question of ``must_say`` that stands in neither is open.
    """

    id: Id
    title: Words
    label: Words
    statistic: Statistic
    unit: Words
    decimals: int = Field(default=0, ge=0, le=4)
    decimals_by_area: dict[str, int] = {}
    definition: Words
    counts_persons: bool
    smallest_shown: int | None = Field(default=None, ge=1, le=100)
    """Smaller numbers than this (and not 0) are hidden; left out, the partnership's own threshold holds."""
    polarity: Literal["higher_is_better", "lower_is_better", "neither"]
    areas: tuple[Id, ...] = Field(min_length=1)
    as_at: date | None = None
    as_at_words: str = ""
    mean_of: Id | None = None
    numerator: Id | None = None
    denominator: Id | None = None
    not_comparable_with: tuple[NotComparable, ...] = ()
    must_say: tuple[Words, ...] = ()
    scope: dict[str, Words] = {}
    says: dict[str, dict[str, Words]] = {}
    caveat: str = ""
    illustrative: bool = False

    def decimals_for(self, area: str) -> int:
        """Places after the point with which this measure is printed for an area."""
        return self.decimals_by_area.get(area, self.decimals)


class Requirement(Frozen):
    """One thing that statutory guidance asks of the yearly report, in our own words."""

    id: Id
    paragraph: str
    asks: Words
    confidence: Literal["verified", "from_memory"]


class Guidance(Frozen):
    """An edition of statutory guidance as data: a wrong paragraph number is mended in configuration."""

    id: Id
    title: Words
    edition: Words
    requirements: tuple[Requirement, ...]
    deadlines: tuple[Deadline, ...] = ()


class FigureGroup(Frozen):
    """Figures under one heading of a section; ``before`` is what each was a year before, in the same order."""

    heading: Words
    figures: tuple[FigureRef, ...] = Field(min_length=1)
    before: tuple[FigureRef, ...] = ()
    note: str = ""
    answers: Id | None = None
    """A requirement of the section that asks for these figures. Those that did not come are left out in silence, and
    the requirement is met in part: the annex says so."""

    @model_validator(mode="after")
    def _each_has_its_own(self) -> FigureGroup:
        if self.before and len(self.before) != len(self.figures):
            raise ValueError(
                f"'before' has {len(self.before)} figures beside {len(self.figures)}: name one for each, in order."
            )
        return self


ChartKind = Literal["bar", "column", "line"]
"""Bars lie or stand side by side, a figure each; a line is one figure over the quarters of the year."""


class Chart(Frozen):
    """A chart of a section, under its figures: areas beside each other, or quarters after each other.

    Figures are of one measure in several areas, or of several measures of one area that count the same unit.
    """

    id: Id
    title: Words
    kind: ChartKind
    figures: tuple[FigureRef, ...] = Field(min_length=1, max_length=12)


Shape = Literal["snapshot", "priority", "learning", "activity", "prose", "finance", "child-friendly"]
"""What a section is made of, and so which Word template draws it (``templates/word/``)."""


TEMPLATES = (*get_args(Shape), "report")
"""Word templates that a partnership may restyle: those of sections, and that of the combined report."""


class Topic(Frozen):
    """Narrative that a section carries: what sources sent on one topic (a priority's number, or a name).

    ``parts`` are those that the section carries, where two sections share a topic; none named means all.
    """

    topic: str
    heading: str = ""
    parts: tuple[Id, ...] = ()


class Section(Frozen):
    """One section of the annual report. ``quarterly`` sections are drafted each quarter too.

    ``{period_words}`` in ``intro`` is the period: "April 2023 to March 2024".
    """

    id: Id
    title: Words
    part: Words
    template: Shape
    owner: Id
    intro: str = ""
    statement: str = ""
    """A sentence that holds from year to year; it counts once its owner has confirmed it on the section's topics."""
    quarterly: bool = False
    in_report: bool = True
    """Whether it is a part of the combined report, or a document of its own only."""
    headline: tuple[FigureRef, ...] = ()
    groups: tuple[FigureGroup, ...] = ()
    charts: tuple[Chart, ...] = ()
    words: dict[FigureRef, Words] = {}
    """What stands behind a figure here in place of its measure's label, where readers need plainer words."""
    topics: tuple[Topic, ...] = ()
    requirements: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _prints_the_year_before(self) -> Section:
        if self.template != "finance" and any(group.before for group in self.groups):
            raise ValueError("'before' is a column of the template 'finance'; no other template prints it.")
        return self

    @property
    def figures(self) -> tuple[str, ...]:
        """Every ``<area>.<measure>`` that the section prints, in order, without those inside labels."""
        return self.headline + tuple(ref for group in self.groups for ref in (*group.figures, *group.before))
