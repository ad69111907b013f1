"""What passes between the stages: gathered files, observations, verdicts, findings, decisions, figures, drafts.

Belongs here: frozen values and their plain-text form. Does not belong here: anything that computes.
Values of figures are ``decimal.Decimal`` or absent, never floats; periods are the texts that ``config.periods`` reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from config.model import Severity

Outcome = Literal["passed", "failed", "not_evaluated"]
Choice = Literal["accept", "correct_at_source", "explain", "withhold"]
"""How a person settles a finding."""
FindingState = Literal["open", "waiting", "decided", "reopened"]
"""How far a finding that is not passed has come; all but ``decided`` need a person."""
Standing = Literal["stands", "replaced", "expired", "overtaken"]
"""Whether a decision still holds; it is overtaken when the values that it was made on have changed."""
FileState = Literal[
    "read",
    "unreadable",
    "empty",
    "wrong_period",
    "wrong_layout",
    "personal_data",
    "superseded",
    "unexpected",
    "day_list",
]


@dataclass(frozen=True)
class Place:
    """Where in a received file something stands: sheet and cell, or lines, or a control or table of a form."""

    file: str
    sha256: str
    sheet: str = ""
    cell: str = ""
    """``C7`` in a sheet; ``line 12`` or ``lines 2-40, 44`` in a text file; ``control figure:bulletins`` in a form."""

    @property
    def words(self) -> str:
        return ", ".join(part for part in (self.file, f"sheet {self.sheet}" if self.sheet else "", self.cell) if part)


@dataclass(frozen=True)
class Observation:
    """One value as a source gave it; ``symbol`` is there where the source shows none (``<5``, ``c``, ``z``, ``x``)."""

    source: str
    area: str
    measure: str
    period: str
    """``2023-04``, ``2023-24-Q1`` or ``2023-24``; a year to date ends in ``-ytd``, as ``2023-24-Q2-ytd``."""
    value: Decimal | None
    symbol: str
    place: Place
    note: str = ""
    """What the source says of where it has the value from, as sent ("End Child Poverty, June 2023")."""
    release: str = ""
    """For official statistics: the publication."""
    how: str = ""
    """For counted figures: how, in words ("402 rows where attendance is Attended")."""

    @property
    def id(self) -> str:
        """The same from run to run, as long as the value stands in the same cell of the same file."""
        place = self.place
        cell = place.cell[:40]  # a figure counted from rows has one place, of many lines
        return "|".join((self.source, self.area, self.measure, self.period, place.sha256[:12], place.sheet, cell))


@dataclass(frozen=True)
class Narrative:
    """What a source wrote on one part of one topic, as a list of paragraphs or points."""

    source: str
    topic: str
    part: str
    """``sought``, ``done``, ``impact``, ``still``; ``text`` for plain prose; others as the report asks."""
    items: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file, for its sender: what, where, why it matters, what to do. Never a cell's value."""

    what: str
    where: str
    why: str
    to_do: str
    severity: Severity = "must_fix"


@dataclass(frozen=True)
class Unread:
    """A figure for which something was sent that is no value: which, and where it stands. Never what stands there."""

    area: str
    measure: str
    place: str


@dataclass(frozen=True)
class GatheredFile:
    """One file as received: stored byte for byte under ``key`` before anything was read from it."""

    source: str
    name: str
    key: str
    sha256: str
    size: int
    period: str
    state: FileState = "read"
    problems: tuple[Problem, ...] = ()
    came_on: str = ""
    """The day on which it came, as ``2023-07-14``; empty where nobody can say."""
    layout: tuple[str, ...] = ()
    """The headings, labels and codes that were seen in it, each with its sheet (``Dataset: Referrals``)."""
    unread: tuple[Unread, ...] = ()
    """Figures that were sent in it and could not be read."""


@dataclass(frozen=True)
class Verdict:
    """What one check of a suite says of one source. ``places`` tell where, never what."""

    source: str
    period: str
    check: str
    says: str
    why: str
    to_do: str
    severity: Severity
    outcome: Outcome
    rows_checked: int = 0
    rows_failed: int = 0
    places: tuple[str, ...] = ()
    reason: str = ""
    """Why it was not evaluated."""


@dataclass(frozen=True)
class ValueBeside:
    """One of the values that a finding lays side by side."""

    label: str
    value: str
    place: str = ""


@dataclass(frozen=True)
class Decision:
    """What a role of the partnership settled about a finding, on which values, and why. Never changed afterwards."""

    number: int
    """Its place in the order of the year's decisions."""
    finding: str
    period: str
    choice: Choice
    role: str
    """A group of the partnership."""
    reason: str
    made_on: str
    """The day, as ``2026-11-26``."""
    values: tuple[ValueBeside, ...]
    """What lay side by side when it was made."""
    fingerprint: str
    """SHA-256 over these values."""
    letter: str = ""
    """Of the values, the one that was accepted: ``a``, ``b``."""
    accepted: str = ""
    """What that value was, as it stood: ``30.3%``."""
    text: str = ""
    """What is printed as a note, for an explanation."""
    until: str = ""
    """The last day on which it holds, if it has one."""
    name: str = ""
    """Who says to have made it, if told: a statement, which nothing proves."""


@dataclass(frozen=True)
class Settlement:
    """One decision on a finding as its readers see it: no values, and no name of a person."""

    decision: int
    choice: Choice
    says: str
    reason: str
    standing: Standing
    why: str = ""
    """Why it does not hold any more."""

    @property
    def words(self) -> str:
        """The decision in a line, and whether it still holds."""
        gone = "" if self.standing == "stands" else f" It does not hold any more. {self.why}"
        return f"Decision {self.decision}. {self.says} {self.reason}{gone}".rstrip()


@dataclass(frozen=True)
class Finding:
    """What one rule says of one subject. The id stays the same while it is about the same thing."""

    id: str
    """``<rule id>:<subject>``, as ``rereferrals-official:northbrook.rereferral_rate.2023-24``."""
    rule: str
    kind: str
    subject: str
    period: str
    outcome: Outcome
    severity: Severity
    title: str
    """The finding in one sentence, as somebody would say it."""
    arithmetic: str
    """The sum behind it: ``224 + 324 + 52 = 600``."""
    matters: str
    to_do: str
    owner: str
    difference: str = ""
    tolerance: str = ""
    values: tuple[ValueBeside, ...] = ()
    figures: tuple[str, ...] = ()
    """Ids of the figures that the finding touches."""
    reason: str = ""
    """Why it was not evaluated."""
    effect: str = ""
    """What it would change for a reader: whether boroughs that look alike on one number differ on the other."""
    weight: int = 0
    """How much it would change in print; of two findings as severe, the heavier is read first."""
    state: FindingState = "open"
    history: tuple[Settlement, ...] = ()
    """Decisions on it, the latest last."""


FigureStatus = Literal["not_received", "provisional", "validated", "agreed", "withheld", "published"]


@dataclass(frozen=True)
class Figure:
    """One figure of one period as it would be printed, with everything behind it."""

    id: str
    """``<area>.<measure>.<period>``: ``eastmere.referrals.2023-24``."""
    area: str
    measure: str
    period: str
    value: Decimal | None
    symbol: str
    display: str
    """What stands in print: ``2,190``, ``24.9%``, ``<5``, ``not received``."""
    unit: str
    statistic: str
    wording: str
    """When it is for: ``in the year to 31 March 2024``, ``at 31 March 2024``."""
    label: str
    """What stands after it in print; ``{other_measure}`` in it is another figure of the same area and period."""
    status: FigureStatus
    derivation: str
    """How it came from what was received: ``as received``, ``sum of 12 months``."""
    observations: tuple[str, ...] = ()
    """Ids of the observations that it was made from."""
    beside: tuple[str, ...] = ()
    """Ids of observations of the same figure that were compared and not used."""
    findings: tuple[str, ...] = ()
    """Ids of findings about it that are not passed."""
    illustrative: bool = False
    note: str = ""
    """What is printed with it because somebody decided to explain it."""
    decided: tuple[str, ...] = ()
    """Decisions that it rests on, a sentence each."""


@dataclass(frozen=True)
class Gathered:
    """What gathering keeps for one period."""

    files: tuple[GatheredFile, ...]
    observations: tuple[Observation, ...]
    narrative: tuple[Narrative, ...]


@dataclass(frozen=True)
class Register:
    """The book of a period: its figures, with the observations, findings and files that they rest on."""

    figures: tuple[Figure, ...]
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    files: tuple[GatheredFile, ...]


Beside = Literal["none", "refreshed", "up_to_date", "made_anew"]
"""What lies beside a draft that a person edited: a copy of it with new figures; nothing, for it has them; ours."""


@dataclass(frozen=True)
class Draft:
    """One Word draft in the store."""

    section: str
    title: str
    key: str
    sha256: str
    figures: tuple[str, ...]
    open_findings: int
    missing: tuple[str, ...]
    beside: Beside = "none"
    moved: int = 0
    """Figures that an edited draft printed differently."""
    hard_to_read: tuple[str, ...] = ()
    """What keeps somebody from reading it (``tasks.assemble.accessible``), a sentence each with what to do."""


@dataclass(frozen=True)
class Reading:
    """What a reader took from one file. ``rows`` is the table as sent (a pandas DataFrame), for the suites."""

    observations: tuple[Observation, ...] = ()
    narrative: tuple[Narrative, ...] = ()
    problems: tuple[Problem, ...] = ()
    state: FileState = "read"
    stated_period: str = ""
    layout: tuple[str, ...] = ()
    """The headings, labels and codes that were seen, each with its sheet; what changes in them is told next time."""
    unread: tuple[Unread, ...] = ()
    rows: object = field(default=None, compare=False, repr=False)
