"""A sheet as a grid of printed cells, each known by its real row and column, whatever file it came in.

Belongs here: the grid, and what can be asked of it. Does not belong here: making one from a file
(``tasks.gather.sheets``), and what its cells mean (``tasks.gather.workbook``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openpyxl.utils import get_column_letter

Position = tuple[int, int]
"""Row and column, both counted from 1."""


@dataclass(frozen=True)
class Cell:
    """A cell as printed; with its day when it holds a real date."""

    text: str
    day: date | None = None


NOTHING = Cell("")


@dataclass(frozen=True)
class Grid:
    """One sheet: the cells that hold something, and which are merged."""

    name: str
    hidden: bool
    cells: Mapping[Position, Cell]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    unsaved: frozenset[Position] = frozenset()
    """Cells with a formula whose result was not saved."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def hides(self, row: int, column: int) -> bool:
        """Does a cell stand in a hidden row or column?"""
        return row in self.hidden_rows or column in self.hidden_columns

    @cached_property
    def last_row(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def last_column(self) -> int:
        return max((column for _, column in self.cells), default=0)

    def cell(self, row: int, column: int) -> Cell:
        return self.cells.get((row, column), NOTHING)

    def text(self, row: int, column: int) -> str:
        return self.cell(row, column).text

    def shown(self, row: int, column: int) -> Cell:
        """What a reader sees there: a merged cell shows over its whole range."""
        first_row, first_column, _, _ = self.range_at(row, column)
        return self.cell(first_row, first_column)

    def range_at(self, row: int, column: int) -> tuple[int, int, int, int]:
        """The merged range round a cell, or the cell alone: first row and column, last row and column."""
        for area in self.merged:
            if area[0] <= row <= area[2] and area[1] <= column <= area[3]:
                return area
        return row, column, row, column

    def ref(self, row: int, column: int) -> str:
        """``C7``."""
        return f"{get_column_letter(column)}{row}"
