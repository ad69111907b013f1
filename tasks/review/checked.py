"""What was found in an edited draft, as one frozen value that can be kept as JSON and shown anywhere.

Belongs here: what is said of a figure, a number and a comment, and in which words. Does not belong here: finding it
(``tasks.review.check``), and how it looks on a screen or a page. It holds what the document says, for whoever has the
document; never what the register hides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tasks.measures import is_suppressed
from tasks.review.revisions import Change
from tasks.words import listed, many

FigureState = Literal["ok", "changed", "deleted", "duplicated", "unknown", "out_of_date"]
NumberState = Literal["typed", "beside", "agrees", "disagrees"]
DraftState = Literal["as_made", "edited", "needs_a_person", "links_lost", "not_ours"]

STATES: dict[DraftState, str] = {
    "as_made": "as it was made",
    "edited": "edited; its figures are as they should be",
    "needs_a_person": "something in it needs a person",
    "links_lost": "its links to the figures are lost",
    "not_ours": "not one of our drafts",
}


NOT_KEPT = "(not kept)"
"""Stands where an outcome is kept for many, in place of what was typed over a hidden number."""


def _is_hidden(printed: str) -> bool:
    """Does a symbol of suppression stand in print: ``<5``, ``c``, ``low``?"""
    return re.fullmatch(r"<\d+|[a-z*:~]{1,3}", printed.lower()) is not None and is_suppressed(printed)


@dataclass(frozen=True)
class CheckedFigure:
    """One place of a figure in a draft, or one of which it is gone."""

    id: str
    state: FigureState
    printed: str
    """What was printed when the draft was made; empty where it is not one of the draft's own."""
    says: str
    """What the document says now; empty where the figure is gone."""
    register: str
    """What the register prints for it now; empty where it has no such figure."""
    where: str
    """The headings above it, the outermost first."""
    around: str = ""
    """The words around it."""
    changes: tuple[Change, ...] = ()
    """Who changed it and when, where that was tracked."""
    times: int = 1
    """How often the draft was made to print it."""
    link_lost: bool = False
    """Of one that is gone: its number still stands there, as plain text."""

    @property
    def tells_hidden(self) -> bool:
        """Does something stand there in place of a symbol that hides a number?"""
        return bool(self.says) and self.says != self.printed and _is_hidden(self.register)

    @property
    def what(self) -> str:
        """What became of it, in a sentence."""
        if self.state == "changed" and self.tells_hidden:
            return f"Something was typed over “{self.printed}”, which stands for a hidden number{self._by}."
        if self.state == "changed" and not self.says:
            return f"“{self.printed}” is not shown any more{self._by}."
        if self.state == "changed":
            return f"“{self.printed}” was changed to “{self.says}”{self._by}."
        if self.state == "deleted" and self.link_lost:
            return f"“{self.printed}” stands there as plain text: its link was removed."
        if self.state == "deleted":
            which = "" if self.times == 1 else f" in one of its {self.times} places"
            return f"“{self.printed}” was deleted{which}{self._by}."
        if self.state == "duplicated":
            made = f"{many(self.times, 'time')}, and it stands here once more" if self.times else "not at all"
            other = f"; here it says “{self.says}” for “{self.printed}”" if self.says != self.printed else ""
            return f"The draft was made to print it {made}{self._by}{other}."
        if self.state == "unknown":
            return f"The document says “{self.says}” for a figure that the register does not have."
        if self.state == "out_of_date":
            return f"It was printed as “{self.printed}”; the register now says “{self.register}”."
        return f"“{self.says}”, as the register says."

    @property
    def to_do(self) -> str:
        """What a person does about it; empty where nothing is to be done."""
        if self.state == "changed" and _is_hidden(self.register):
            return "Put it back: reject the change, or copy it from the draft as it was made. Type no number there."
        return {
            "changed": "Undo the change. If the number is wrong, correct it at source or decide on it, and run again.",
            "deleted": (
                "Copy the figure from the draft as it was made, in place of the plain text."
                if self.link_lost
                else "If it was meant to go, nothing. Else copy its sentence from the draft as it was made."
            ),
            "duplicated": "If it was meant to be copied, nothing. Else delete this copy.",
            "unknown": "Take it out, or put in its place a figure that the register has.",
            "out_of_date": "Refresh the draft; the new number is put in as a tracked change.",
        }.get(self.state, "")

    @property
    def _by(self) -> str:
        return who(self.changes)


@dataclass(frozen=True)
class CheckedNumber:
    """One number outside of figures that somebody typed, or, in a document that is not ours, one of a figure's."""

    text: str
    state: NumberState
    where: str
    around: str
    change: Change | None = None
    """Who put it in and when, where that was tracked."""
    figures: tuple[str, ...] = ()
    """Figures of the register that it may be; of one that touches a figure, that figure."""
    register: str = ""
    """What the register prints for the first of them."""

    @property
    def what(self) -> str:
        """What is said of it, in a sentence."""
        by = who((self.change,) if self.change else ())
        if self.text == NOT_KEPT:
            return f"A number was typed that also stands over a hidden one{by}; it is not kept here."
        if self.state == "beside":
            return f"“{self.text}” was typed directly beside a figure{by}: together they read as another number."
        if self.state == "disagrees":
            return f"“{self.text}” stands where the register has “{self.register}”."
        if self.state == "agrees":
            return f"“{self.text}”, as the register says."
        return f"“{self.text}” was typed{by}, and is linked to no figure."

    @property
    def to_do(self) -> str:
        """What a person does about it; empty where nothing is to be done."""
        if self.text == NOT_KEPT:
            return "Take it out, or say it without the number."
        if self.state == "beside":
            return "Take out what was typed, or put a space between."
        if self.state == "disagrees":
            return f"Compare it with {self.figures[0]}: assure explain {self.figures[0]}"
        if self.state == "agrees":
            return ""
        if self.figures:
            return f"If it is {listed_or(self.figures)}, copy that figure from a draft in its place."
        return "Make sure that somebody can say where it comes from."


@dataclass(frozen=True)
class CheckedComment:
    """One comment, with what it stands on."""

    author: str
    date: str
    text: str
    on: str
    """The text that it stands on."""
    where: str
    figures: tuple[str, ...] = ()
    """Ids of figures in that text."""
    ours: bool = False
    """Was it written as the draft was made?"""
    resolved: bool = False
    thread: int = 0
    """Number of the conversation that it belongs to: comments of one conversation have the same."""

    @property
    def is_open(self) -> bool:
        """Does a person ask something that nobody has marked as done?"""
        return not self.ours and not self.resolved


@dataclass(frozen=True)
class CheckedDraft:
    """One document that was checked: everything that is said of it."""

    name: str
    sha256: str
    state: DraftState
    run: str
    """The run that made it; empty for a document that is not ours."""
    figures: tuple[CheckedFigure, ...] = ()
    """Every place of every figure, in the order of the document, then those that are gone."""
    numbers: tuple[CheckedNumber, ...] = ()
    comments: tuple[CheckedComment, ...] = ()
    notes: tuple[str, ...] = ()
    """What else a person should know, in sentences."""

    @property
    def needs_a_person(self) -> bool:
        """Is there anything that only a person can settle?"""
        return (
            self.state == "links_lost"
            or any(one.state != "ok" for one in self.figures)
            or any(one.state != "agrees" for one in self.numbers)
            or any(one.is_open for one in self.comments)
        )

    @property
    def in_short(self) -> str:
        """How many of what, in a line without a number of the report."""
        told = [(sum(one.state == "ok" for one in self.figures), "ok")]
        told += [
            (sum(one.state == state for one in self.figures), state.replace("_", " "))
            for state in ("changed", "deleted", "duplicated", "unknown", "out_of_date")
        ]
        words = [f"{count} {state}" for count, state in told if count or state == "ok"]
        figures = f"figures: {', '.join(words)}" if self.figures else ""
        outside = {
            "typed": "typed outside of figures",
            "beside": "typed beside a figure",
            "disagrees": "other than the register's",
            "agrees": "as in the register",
        }
        counts = [(sum(one.state == state for one in self.numbers), words) for state, words in outside.items()]
        numbers = ", ".join(f"{count} {words}" for count, words in counts if count)
        open_comments = sum(one.is_open for one in self.comments)
        return "; ".join(
            part
            for part in (
                figures,
                f"numbers: {numbers}" if numbers else "",
                f"{many(open_comments, 'open comment')}" if open_comments else "",
            )
            if part
        )


def who(changes: tuple[Change, ...]) -> str:
    """By whom and when, as it ends a clause; empty where nothing was tracked."""
    told = {f"{one.author or 'somebody'}{f' on {one.date[:10]}' if one.date else ''}": None for one in changes}
    return f" by {listed(list(told))}" if told else ""


def listed_or(names: tuple[str, ...]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
