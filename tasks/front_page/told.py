"""What does the front page say? Of each year and quarter how far it is, and where everything is.

Belongs here: frozen values, and what follows from one of them alone. Does not belong here: where they come from
(``tasks.front_page.reading``) and how they look. It holds counts, titles and keys, never a figure or
what somebody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tasks.words import many

PeriodState = Literal["not_opened", "opened", "run"]
PERIOD_STATES: dict[PeriodState, str] = {
    "not_opened": "Nothing yet",
    "opened": "Opened: forms went out, nothing is gathered yet",
    "run": "Run",
}


@dataclass(frozen=True)
class File:
    """One thing in the store that may be opened."""

    title: str
    key: str
    kind: str
    """``Word``, ``CSV``; empty for a page."""


@dataclass(frozen=True)
class Draft:
    """One draft of a period: whose version of it is the newest."""

    section: str
    title: str
    key: str
    edited: bool
    """Did a person put the newest version there?"""
    queries: int
    """Open findings about its figures when it was made."""
    missing: tuple[str, ...] = ()
    """What was not received when it was made, in sentences."""
    by: str = ""
    """The group for which an editor said to write; empty where nobody said."""
    review: str = ""
    """Key of the page on what was found in the editor's version."""
    beside: str = ""
    """Key of what a later run put beside the editor's."""
    moved: int = 0
    """How many new figures that has as tracked changes in the editor's words; 0 where it is the run's own draft."""
    whole: bool = False
    """Is it the whole report, of which the others are sections?"""
    how_far: str = ""
    """How far it has been signed, in words; empty where nobody has signed yet."""

    @property
    def beside_words(self) -> str:
        """What a later run put beside an editor's version."""
        if self.moved:
            return f"A copy with {many(self.moved, 'new figure')} as tracked changes"
        return "The draft of a later run, put beside it"

    @property
    def newest(self) -> str:
        """Whose version is the newest, in words."""
        if not self.edited:
            return "As it was made"
        return f"Edited{f' ({self.by})' if self.by else ''}"


@dataclass(frozen=True)
class Settled:
    """How far decisions about a period's findings have come."""

    stand: int = 0
    waiting: int = 0
    reopened: int = 0

    @property
    def words(self) -> str:
        """``2 decisions stand, 1 has to be made again``; empty where nobody decided anything."""
        told = [f"{many(self.stand, 'decision')} {'stands' if self.stand == 1 else 'stand'}"] if self.stand else []
        if self.waiting:
            told.append(f"{self.waiting} {'waits' if self.waiting == 1 else 'wait'} for a correction at source")
        if self.reopened:
            told.append(f"{self.reopened} {'has' if self.reopened == 1 else 'have'} to be made again")
        return ", ".join(told)


@dataclass(frozen=True)
class Part:
    """A quarter, or the year as a whole."""

    period: str
    title: str
    """``Quarter 4``, ``The annual report``."""
    words: str
    """``January to March 2024``."""
    state: PeriodState
    headline: str = ""
    """What matters most, as the quality page begins."""
    must_fix: int = 0
    look_at: int = 0
    expected: int = 0
    came: int = 0
    missing: tuple[str, ...] = ()
    """Returns that did not come, or could not be used: which, of which quarters, and which of these it was."""
    settled: Settled = Settled()
    drafts: tuple[Draft, ...] = ()
    quality: tuple[File, ...] = ()
    figures: tuple[File, ...] = ()
    forms: tuple[File, ...] = ()

    @property
    def anchor(self) -> str:
        return self.period.lower()

    @property
    def page(self) -> str:
        """Key of its quality page; empty where there is none."""
        return self.quality[0].key if self.quality else ""

    @property
    def to_do(self) -> int:
        """Things that need a person."""
        return self.must_fix + self.look_at

    @property
    def state_words(self) -> str:
        return PERIOD_STATES[self.state]

    @property
    def edited(self) -> int:
        return sum(one.edited for one in self.drafts)

    @property
    def drafts_words(self) -> str:
        """``21 drafts, 2 of them edited``."""
        edited = f", {self.edited} of them edited" if self.edited else ""
        if len(self.drafts) == 1 and self.edited:
            return "1 draft, edited"
        return f"{many(len(self.drafts), 'draft')}{edited}"


@dataclass(frozen=True)
class Year:
    """One reporting year; its parts are the year as a whole and its quarters, in their order."""

    year: str
    whole: Part
    quarters: tuple[Part, ...]
    published: tuple[File, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.whole, *self.quarters)

    @property
    def begun(self) -> bool:
        """Was anything of it opened or run here? Of an earlier year the published report alone may be kept."""
        return any(part.state != "not_opened" for part in self.parts)


@dataclass(frozen=True)
class Upload:
    """One document that an editor uploaded, and what became of it."""

    title: str
    state: str
    """In words."""
    in_short: str
    needs_a_person: bool
    page: str
    """Key of the page on what was found in it."""
    by: str = ""


@dataclass(frozen=True)
class FrontPage:
    """Everything that the front page says: the latest year first."""

    partnership: str
    contact: str
    years: tuple[Year, ...]
    uploads: tuple[Upload, ...] = ()
