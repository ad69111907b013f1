"""What a reader takes from one file, collected while it reads: observations, narrative, and what is wrong.

Belongs here: the form of places and problems that all readers share. Does not belong here: any layout.

What is wrong in many cells for one reason becomes one problem that names the cells; a value is never named.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from config.layouts import Source
from config.model import Severity
from config.periods import MONTHS, Return
from tasks.gather.labels import clean, plain
from tasks.gather.values import NotAValue, parse
from tasks.model import FileState, Narrative, Observation, Place, Problem, Reading, Unread

MOST_NAMED = 20
"""How many cells one problem names before it says "and 12 more"."""
MOST_OF_A_LABEL = 100
"""How much is kept of a heading or label; what is longer is no label."""


_TIMED = re.compile(
    rf"(?<![^\W_])(?:(?:19|20)\d\d|q(?:uarter)? ?[1-4]|{'|'.join(sorted(MONTHS, key=len, reverse=True))})(?![^\W_])",
    re.IGNORECASE,
)


NOTHING_TO_REPORT = "Nothing to report"
"""What a sender chooses on a form for a topic on which there is nothing to say."""


def says_nothing_to_report(text: str) -> bool:
    """Does a field of a topic say that there is nothing to report on it?"""
    return plain(text) == plain(NOTHING_TO_REPORT)


class NotTaken(Exception):  # noqa: N818 - it says what becomes of the file; it is no fault of the program
    """A file of which nothing is taken: its state, and the problem that says why."""

    def __init__(self, state: FileState, problem: Problem) -> None:
        self.state, self.problem = state, problem
        super().__init__(problem.what)


def lines(numbers: Iterable[int]) -> str:
    """Name lines of a text file as ranges: ``line 12``, ``lines 2-40, 44``."""
    ordered = sorted(set(numbers))
    runs: list[list[int]] = []
    for number in ordered:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    written = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    return f"{'line' if len(ordered) == 1 else 'lines'} {written}"


class FileProblems:
    """What is wrong with one file, each thing with its place."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.problems: list[Problem] = []

    def where(self, sheet: str = "", cell: str = "") -> str:
        """File, sheet and cell in words."""
        return self.place(sheet, cell).words

    def place(self, sheet: str = "", cell: str = "") -> Place:
        return Place(self.name, self.sha256, sheet, cell)

    def problem(self, what: str, where: str, why: str, to_do: str, severity: Severity = "must_fix") -> None:
        """Keep something that is wrong, and go on reading."""
        self.problems.append(Problem(what, where, why, to_do, severity))

    def not_taken(self, state: FileState, what: str, why: str, to_do: str, where: str = "") -> NotTaken:
        """An exception to raise when nothing can be taken from this file."""
        return NotTaken(state, Problem(what, where or self.name, why, to_do))


class Collector(FileProblems):
    """Collects from one file of one source for one period."""

    def __init__(self, source: Source, data: bytes, name: str, period: Return, area: str = "") -> None:
        super().__init__(data, name)
        self.source, self.period, self.area = source, period, area
        self.stated_period = ""
        self.observations: list[Observation] = []
        self.narrative: list[Narrative] = []
        self._layout: dict[str, None] = {}
        self._faults: dict[tuple[str, str], list[str]] = {}
        self._unread: dict[tuple[str, str], Unread] = {}
        self._blanks: dict[tuple[str, Literal["value", "answer"]], list[str]] = {}
        self._hidden: dict[str, list[str]] = {}

    @property
    def layout(self) -> tuple[str, ...]:
        """Everything by which the file is laid out, in the order in which it was seen."""
        return tuple(self._layout)

    def saw(self, words: Iterable[str], group: str) -> None:
        """Keep headings, labels, codes or tags, never values: what changes in them is told next time.

        Words with a period in them change each time and are left out. ``group`` is their sheet, or what they are.
        """
        for text in words:
            text = " ".join(clean(text).split())
            if re.search(r"[^\W\d_]", text) and len(text) <= MOST_OF_A_LABEL and not _TIMED.search(text):
                self._layout[f"{group}: {text}"] = None

    def hidden(self, cell: str, sheet: str) -> None:
        """Note a cell that was taken from a hidden row or column."""
        self._hidden.setdefault(sheet, []).append(cell)

    def value(
        self,
        measure: str,
        period: str,
        text: str,
        cell: str,
        *,
        sheet: str = "",
        area: str = "",
        note: str = "",
        release: str = "",
    ) -> None:
        """Take one printed value; a blank, or what is no value, becomes a problem instead."""
        try:
            printed = parse(text)
        except NotAValue as reason:
            self.fault(str(reason), cell, sheet)
            about = area or self.area, measure
            self._unread.setdefault(about, Unread(*about, self.place(sheet, cell).words))
            return
        if printed.is_blank:
            self.blank(cell, sheet)
            return
        self.observations.append(
            Observation(
                self.source.id,
                area or self.area,
                measure,
                period,
                printed.number,
                printed.symbol,
                self.place(sheet, cell),
                note=clean(note),
                release=release,
            )
        )

    def fault(self, reason: str, cell: str, sheet: str = "") -> None:
        """Note a cell that holds something which is no value: ``reason`` follows "holds"."""
        self._faults.setdefault((sheet, reason), []).append(cell)

    def blank(self, cell: str, sheet: str = "") -> None:
        """Note a cell that should hold a value and is empty."""
        self._blanks.setdefault((sheet, "value"), []).append(cell)

    def text(
        self, topic: str, part: str, items: Sequence[str], cell: str, sheet: str = "", *, nothing: bool = False
    ) -> Sequence[str]:
        """Take what was written on one part of one topic, and give it back; nothing written becomes a problem instead.

        With ``nothing`` the sender has said that there is nothing to report on the topic: that is then the answer.
        """
        items = items or ([f"{NOTHING_TO_REPORT}."] if nothing else [])
        if items:
            self.narrative.append(Narrative(self.source.id, topic, part, tuple(items), self.place(sheet, cell)))
        else:
            self._blanks.setdefault((sheet, "answer"), []).append(cell)
        return items

    def check_stated(self, found: object, where: str) -> None:
        """Compare the period that the file states with the one it was sent for; ``None`` where none can be read.

        Raises:
            NotTaken: the file is for another period.
        """
        if found is None:
            self.problem(
                "The return does not say which period it is for, or not in a way that can be read.",
                where,
                "Without it nobody can tell whether figures of another quarter were sent.",
                f"Write the period like {self.period} in this place.",
                "look_at",
            )
            return
        self.stated_period = str(found)
        if found != self.period:
            raise self.not_taken(
                "wrong_period",
                f"The return says that it is for {found}, but it was sent for {self.period}.",
                "Figures of another period would be printed as this one's, so nothing was taken from the file.",
                f"Send the return for {self.period}; or, if only its period is wrong, correct that and send it again.",
                where,
            )

    def reading(self, rows: object) -> Reading:
        """Everything taken from the file. A file of the right form with nothing in it is ``empty``."""
        for (sheet, reason), cells in self._faults.items():
            self.problem(
                f"{_cells(cells, 'does', 'do')} not hold a value but {reason}.",
                self.where(sheet, _named(cells)),
                "The figure cannot be read from it, and is missing from the register and the draft.",
                "Write the number alone, or a symbol: <5 or c (suppressed), z (not applicable), x (not available).",
            )
        for sheet, cells in self._hidden.items():
            self.problem(
                f"{_cells(cells, 'that was taken is', 'that were taken are')} in hidden rows or columns.",
                self.where(sheet, _named(cells)),
                "Somebody who looks at the file does not see what was sent.",
                "Show the rows and columns; if what they hold should not be used, delete them and send the file again.",
                "look_at",
            )
        taken = bool(self.observations or self.narrative)
        if not taken and not self._faults:
            self._nothing()
            return Reading(
                problems=tuple(self.problems),
                state="empty" if self._blanks else "wrong_layout",
                stated_period=self.stated_period,
                layout=self.layout,
            )
        for (sheet, kind), cells in self._blanks.items():
            self._blank_problem(sheet, kind, cells)
        return Reading(
            tuple(self.observations),
            tuple(self.narrative),
            tuple(self.problems),
            stated_period=self.stated_period,
            unread=tuple(self._unread.values()),
            layout=self.layout,
            rows=rows,
        )

    def _nothing(self) -> None:
        if self._blanks:
            self.problem(
                "The return was sent with nothing filled in.",
                self.name,
                "All its figures and words are missing from the register and the draft.",
                "Fill it in and send it again. Where there was nothing to count, write 0.",
            )
        elif not any(problem.severity == "must_fix" for problem in self.problems):
            self.problem(
                "Nothing in the file is what this return should hold.",
                self.name,
                "All its figures are missing from the register and the draft.",
                "Check that the right file was sent, in the form that was agreed.",
            )

    def _blank_problem(self, sheet: str, kind: Literal["value", "answer"], cells: list[str]) -> None:
        where = self.where(sheet, _named(cells))
        if kind == "value":
            self.problem(
                f"{_cells(cells, 'is', 'are')} empty.",
                where,
                "An empty cell may mean nought, not known or not yet counted: nobody can tell, so no figure was taken.",
                "Write 0 where there were none, z where it does not apply, x where it is not available.",
                "look_at",
            )
        else:
            self.problem(
                f"{_cells(cells, 'is', 'are')} not answered.",
                where,
                "The draft will say that nothing was received on it.",
                "Write something, or say that there is nothing to report.",
                "look_at",
            )


def _cells(cells: Sequence[str], one: str, many: str) -> str:
    return f"One place {one}" if len(cells) == 1 else f"{len(cells)} places {many}"


def _named(cells: Sequence[str]) -> str:
    numbers = [cell.removeprefix("line ") for cell in cells]
    if all(number.isdecimal() for number in numbers):
        return lines(int(number) for number in numbers)
    more = f" and {len(cells) - MOST_NAMED} more" if len(cells) > MOST_NAMED else ""
    return ", ".join(cells[:MOST_NAMED]) + more
