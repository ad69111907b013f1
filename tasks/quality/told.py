"""What is told of one quarter or year: every return, check, file problem, comparison, and thing to do.

Belongs here: the frozen entries, and the words that follow from one of them alone. Does not belong here: all of them
together (``tasks.quality.whole``), where they come from (``tasks.quality.results``) and how they look.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.model import SEVERITIES, Severity
from config.periods import Return
from tasks.model import FindingState, GatheredFile, Outcome, ValueBeside, Verdict
from tasks.words import OUTCOMES, STATES, TrackedState, many

FEW = 3
"""A list as long as this is told in full inside a table."""
SOME = 2
"""So many of a list are named where there is no room for all."""


@dataclass(frozen=True)
class Seen:
    """What one run saw of one period: the files that came, and what their checks said."""

    period: Return
    files: tuple[GatheredFile, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class SentFile:
    """One file that came, and what became of it."""

    name: str
    state: TrackedState
    sha256: str
    key: str

    @property
    def state_words(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Expected:
    """One return that was expected for one period, and what became of it."""

    source: str
    title: str
    sender: str
    period: str
    when: str
    """The period in short: ``Q2``, ``the year``."""
    due: str
    """As ``2023-07-21``."""
    due_words: str
    state: TrackedState
    required: Severity
    came_on: str = ""
    came_on_words: str = ""
    late_days: int = 0
    files: tuple[SentFile, ...] = ()
    now: bool = True
    """Is it of the period that is told of, and not of a quarter before it?"""

    @property
    def state_words(self) -> str:
        return STATES[self.state]

    @property
    def mark(self) -> str:
        """Which of three shapes stands before the words."""
        return self.state if self.state in ("read", "missing") else "unusable"

    @property
    def twice(self) -> bool:
        return len(self.files) > 1

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to be said of it in the grid."""
        due = (f"was due {self.due_words}",) if self.state != "read" else ()
        late = (f"{many(self.late_days, 'day')} late",) if self.late_days else ()
        return due + late + ((f"{len(self.files)} files came",) if self.twice else ())


@dataclass(frozen=True)
class Check:
    """What one check said of one source in one period."""

    source: str
    title: str
    owner: str
    period: str
    when: str
    check: str
    says: str
    why: str
    to_do: str
    severity: Severity
    outcome: Outcome
    rows_checked: int = 0
    rows_failed: int = 0
    rows: str = ""
    where: str = ""
    reason: str = ""
    since: str = ""
    """For a failed check: what it said in the quarter before, in a sentence."""
    touches: int = 0
    """How many figures rest on what failed."""


@dataclass(frozen=True)
class FileProblem:
    """What a reader said of one file."""

    source: str
    title: str
    owner: str
    period: str
    when: str
    file: str
    severity: Severity
    what: str
    where: str
    why: str
    to_do: str
    usable: bool
    """Was the file used all the same?"""

    @property
    def place(self) -> str:
        """The file, and where in it."""
        return ", ".join(part for part in (self.file, self.where) if part)


@dataclass(frozen=True)
class Comparison:
    """What one rule said of figures side by side, or of what came over the year."""

    id: str
    rule: str
    asks: str
    """What the rule says should be true."""
    kind: str
    source: str
    """For what did not come: which source; else empty."""
    period: str
    severity: Severity
    outcome: Outcome
    title: str
    arithmetic: str
    difference: str
    tolerance: str
    matters: str
    to_do: str
    owner: str
    values: tuple[ValueBeside, ...]
    figures: tuple[str, ...]
    reason: str
    effect: str = ""
    """What it would change for a reader."""
    state: FindingState = "open"
    decisions: tuple[str, ...] = ()
    """What people decided about it, the latest last."""


@dataclass(frozen=True)
class Counted:
    """How many checks passed, found something, or could not be made, in one period."""

    when: str
    passed: int
    failed: int
    not_evaluated: int

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.not_evaluated

    @property
    def words(self) -> str:
        """``84 passed, 7 could not be made``."""
        told = [f"{getattr(self, one):,} {words}" for one, words in OUTCOMES.items() if getattr(self, one)]
        return ", ".join(told) or "nothing was checked"

    @property
    def in_short(self) -> str:
        """The same as the legend of a chart names it, where a line has no room for more."""
        return self.words.replace(OUTCOMES["not_evaluated"], "not made")

    @property
    def agree_words(self) -> str:
        """The same of comparisons: ``1 agrees, 8 could not be made``."""
        counts = (
            (self.passed, "agrees" if self.passed == 1 else "agree"),
            (self.failed, "does not" if self.failed == 1 else "do not"),
            (self.not_evaluated, OUTCOMES["not_evaluated"]),
        )
        return ", ".join(f"{count:,} {words}" for count, words in counts if count)


@dataclass(frozen=True)
class Change:
    """Checks of a source that came out otherwise than in the quarter before, or found something again."""

    words: str
    says: tuple[str, ...]

    @property
    def in_short(self) -> str:
        """Their sentences, or of many only how many."""
        return " ".join(self.says) if len(self.says) <= FEW else many(len(self.says), "check")


@dataclass(frozen=True)
class Trend:
    """One source over the quarters, and what changed in the last of them."""

    source: str
    title: str
    counts: tuple[Counted, ...]
    before: str
    """The quarter with which the last is compared, in short; empty where no run has seen it."""
    changes: tuple[Change, ...]

    @property
    def no_change(self) -> str:
        return "No change" if self.before else "No quarter before it to compare with"


@dataclass(frozen=True)
class Thing:
    """One thing that was found, of whichever kind: what it is, how serious, and who should do what."""

    number: int
    kind: str
    """``return``, ``file``, ``check`` or ``comparison``."""
    severity: Severity
    about: str
    when: str
    says: str
    rows: str
    places: tuple[str, ...]
    why: str
    to_do: str
    owner: str
    since: str = ""
    touches: int = 0
    comparison: Comparison | None = None

    @property
    def severity_words(self) -> str:
        return SEVERITIES[self.severity]

    @property
    def settled(self) -> bool:
        """Did somebody decide about it, so that nothing is left to do?"""
        return self.comparison is not None and self.comparison.state == "decided"

    @property
    def touches_words(self) -> str:
        return f"{many(self.touches, 'figure')} of the report {'rests' if self.touches == 1 else 'rest'} on this"


@dataclass(frozen=True)
class Group:
    """Things, checks or titles under one heading."""

    heading: str
    entries: tuple[Thing, ...]
    severity: str = ""


@dataclass(frozen=True)
class Noted:
    """What is told for information about one thing."""

    about: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """One thing to do, and what it is for."""

    to_do: str
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Owner:
    """Who should do what."""

    name: str
    tasks: tuple[Task, ...]

    @property
    def things(self) -> tuple[Thing, ...]:
        return tuple(thing for task in self.tasks for thing in task.things)


@dataclass(frozen=True)
class Unmade:
    """Checks or comparisons that could not be made for one reason."""

    title: str
    """The source and its quarters; empty for comparisons."""
    reason: str
    says: tuple[str, ...]

    @property
    def some(self) -> str:
        """The first few of them, where there is no room for all."""
        more = f" And {len(self.says) - SOME:,} more." if len(self.says) > SOME else ""
        return " ".join(self.says[:SOME]) + more


@dataclass(frozen=True)
class Sender:
    """One source, and what came of it, a line for each way in which it came."""

    title: str
    sender: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Passed:
    """What passed of one source, or of one rule: how it came out in all, and the sentences of what passed."""

    title: str
    counted: Counted
    says: tuple[str, ...]
