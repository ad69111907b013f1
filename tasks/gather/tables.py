"""The tables of a workbook's sheets: where words stand in them, which rows are known, and taking single values.

Belongs here: what wide sheets and lists have in common. Does not belong here: which sheets there are and what is
narrative (``tasks.gather.workbook``), and months in headings (``tasks.gather.months``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.layouts import ListSheet, MonthsSheet
from tasks.gather.collect import Collector
from tasks.gather.grid import Grid, Position
from tasks.gather.labels import clean, is_one_of, is_total, meanings, nearest, plain, quoted
from tasks.gather.values import is_value

Row = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A column of values: its number, and the period that its values are for."""

    number: int
    period: str


def no_heading(collect: Collector, grid: Grid, words: Sequence[str]) -> None:
    """Say that a heading is missing, and which cell may be meant for it."""
    texts = [cell.text for cell in grid.cells.values() if len(cell.text) <= 60]
    close = nearest(words[0], texts)
    collect.problem(
        f"The sheet has no heading {quoted(words[:1])}.",
        collect.where(grid.name),
        "Nothing in the sheet can be told apart without it.",
        f"Put the heading back as agreed{f'; it may be the one now called {quoted([close])}' if close else ''}.",
    )


def twice(collect: Collector, grid: Grid, what: str, cells: Iterable[str]) -> None:
    """Say that something stands there more than once."""
    collect.problem(
        f"{what} stands there more than once.",
        collect.where(grid.name, ", ".join(cells)),
        "Nobody can tell which of them is meant, so none was taken.",
        "Keep one, or give the others names of their own.",
    )


def saw_heading(collect: Collector, grid: Grid, rows: Iterable[int]) -> None:
    """Keep the words of a heading as part of the layout."""
    collect.saw((grid.text(row, column) for row in rows for column in range(1, grid.last_column + 1)), grid.name)


def cells_with(grid: Grid, words: Iterable[str]) -> list[Position]:
    """Where a word stands, from the top, each row from the left."""
    wanted = {plain(word) for word in words}
    return sorted(at for at, cell in grid.cells.items() if cell.text and plain(cell.text) in wanted)


class MeasureRows:
    """The rows below a heading, by the meaning of their labels, and what is wrong with the labels."""

    def __init__(
        self, collect: Collector, grid: Grid, heading: Sequence[str], known: Mapping[str, Sequence[str]]
    ) -> None:
        self.collect, self.grid, self.heading, self.known = collect, grid, heading, known

    def find(self, first: int, label: int, values: Sequence[int]) -> Iterator[tuple[str, int]]:
        """Give every known measure with its row; say which labels are unknown, missing or there twice."""
        meaning = meanings(self.known)
        rows: dict[str, list[int]] = {}
        unknown: list[tuple[str, int]] = []
        for row in range(first, self.grid.last_row + 1):
            text = self.grid.text(row, label)
            measure = meaning.get(plain(text))
            if measure:
                rows.setdefault(measure, []).append(row)
                self.collect.saw([text], self.grid.name)
            elif self._holds_values(row, values) and not is_one_of(text, self.heading) and not is_total(text):
                unknown.append((text.strip(), row))
                self.collect.saw([text], self.grid.name)
        for measure, found in rows.items():  # the heading of a group of rows may have the words of one of them
            filled = [row for row in found if any(self.grid.text(row, column).strip() for column in values)]
            rows[measure] = filled or found[:1]
        self._say(rows, unknown, label)
        for measure, found in rows.items():
            if len(found) == 1:
                yield measure, found[0]

    def _holds_values(self, row: int, columns: Sequence[int]) -> bool:
        """Does it hold values? The words of a note under a table may stand in the columns of values too."""
        return any(is_value(self.grid.text(row, column)) for column in columns)

    def _say(self, rows: dict[str, list[int]], unknown: list[tuple[str, int]], label: int) -> None:
        grid, collect = self.grid, self.collect
        missing = [words[0] for measure, words in self.known.items() if measure not in rows]
        for text, row in unknown:
            close = nearest(text, missing)
            name = f"The row {quoted([clean(text)])}" if text else "A row without a label"
            collect.problem(
                f"{name} is not known.",
                collect.where(grid.name, grid.ref(row, label)),
                "What it holds was not taken.",
                f"If it is '{close}', use that label."
                if close
                else "If it is wanted, ask the business unit to add it.",
                "information",
            )
        if missing:
            collect.problem(
                f"Rows that are expected are not there: {quoted(missing)}.",
                collect.where(grid.name),
                "Their figures are missing from the register and the draft.",
                "Put the rows back under their agreed labels.",
                "look_at",
            )
        for measure, found in rows.items():
            if len(found) > 1:
                twice(
                    collect, grid, f"The row {quoted(self.known[measure][:1])}", (grid.ref(row, label) for row in found)
                )


def take(
    collect: Collector,
    grid: Grid,
    sheet: MonthsSheet | ListSheet,
    measure: str,
    row: int,
    column: Column,
    label: int,
    note: str,
) -> Row:
    """Take one value cell, unless it hides what it means."""
    text, cell = grid.text(row, column.number), grid.ref(row, column.number)
    first, left, last, right = grid.range_at(row, column.number)
    if left != right or first != last:
        collect.fault(
            "one value merged over several cells, so that nobody can tell which of them it is for", cell, grid.name
        )
    elif (row, column.number) in grid.unsaved:
        collect.fault("a formula whose result was not saved (open the file in Excel and save it)", cell, grid.name)
    else:
        collect.value(measure, column.period, text, cell, sheet=grid.name, area=sheet.area or "", note=note)
        if text.strip() and grid.hides(row, column.number):
            collect.hidden(cell, grid.name)
    return {
        "measure": measure,
        "label": grid.text(row, label),
        "period": column.period,
        "value": text,
        "_sheet": grid.name,
        "_cell": cell,
    }
