"""The sheets of a workbook as grids of printed cells, each known by its real row and column.

Belongs here: reading Excel and OpenDocument into the same grids. Does not belong here: what the cells mean
(``tasks.gather.workbook``).

A cell's text is what ``tasks.gather.values`` reads: a number formatted as a percentage stands as ``24.9%``, without
which 24.9% could not be told from a quarter of a child. That is why Excel is read with openpyxl, which knows formats.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tasks.gather import safe
from tasks.gather.collect import Collector
from tasks.gather.values import as_text

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
    unsaved: frozenset[Position] = field(default_factory=frozenset)

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


def grids(collect: Collector, data: bytes) -> list[Grid]:
    """Every worksheet of an Excel or OpenDocument workbook.

    Raises:
        NotTaken: the file cannot be opened, or must not be.
    """
    kind, parts = safe.document(collect, data, "workbook")
    if kind == "ods":
        return list(_opendocument(collect, parts))
    return _excel(collect, data, safe.sheet_parts(collect, parts))


def _excel(collect: Collector, data: bytes, sheets: list[safe.SheetPart]) -> list[Grid]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about features of Excel that do not bear on values
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            return [
                Grid(sheet.name, sheet.hidden, dict(_cells(book[sheet.name], sheet)), sheet.merged, sheet.unsaved)
                for sheet in sheets
            ]
    except Exception:  # noqa: BLE001, S110 - openpyxl raises whatever its parts raise; all of it means the same to a sender
        pass
    raise collect.not_taken(
        "unreadable",
        "The workbook cannot be read, although it is an Excel workbook.",
        "Its figures are missing from the register and the draft.",
        "Open it in Excel, save it under a new name as .xlsx, and send that.",
    )


def _cells(worksheet: Any, sheet: safe.SheetPart) -> Iterator[tuple[Position, Cell]]:
    if not sheet.last_row:
        return
    # The dimensions that a file states are often wrong; these were looked up.
    for row in worksheet.iter_rows(max_row=sheet.last_row, max_col=sheet.last_column):
        for cell in row:
            if cell.value is None:
                continue
            day = cell.value if isinstance(cell.value, date) else None
            text = as_text(cell.value, cell.number_format or "")
            yield (cell.row, cell.column), Cell(text, day.date() if isinstance(day, datetime) else day)


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _opendocument(collect: Collector, parts: safe.Parts) -> Iterator[Grid]:
    root = safe.parse_xml(collect, parts.get("content.xml", b""))
    for table in root.iter(f"{_TABLE}table"):
        name = table.get(f"{_TABLE}name", "")
        cells: dict[Position, Cell] = {}
        merged: list[tuple[int, int, int, int]] = []
        row = 1
        for line in table.iter(f"{_TABLE}table-row"):
            times, column = _number(line, "number-rows-repeated"), 1
            for element in line.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                wide = _number(element, "number-columns-repeated")
                cell = _opendocument_cell(element)
                if cell.text:
                    if _too_far(row + times, column + wide, len(cells) + times * wide):
                        raise safe.too_large(collect, name, f"{get_column_letter(min(column, 16384))}{row}")
                    cells.update({(row + i, column + j): cell for i in range(times) for j in range(wide)})
                    last = (
                        row + _number(element, "number-rows-spanned") - 1,
                        column + _number(element, "number-columns-spanned") - 1,
                    )
                    if last != (row, column):
                        merged.append((row, column, *last))
                column += wide
            row += times
        yield Grid(name, False, cells, tuple(merged))


def _number(element: Any, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _too_far(row: int, column: int, count: int) -> bool:
    return row > safe.LAST_ROW or column > safe.LAST_COLUMN or count > safe.MOST_CELLS


def _opendocument_cell(element: Any) -> Cell:
    kind, value = element.get(f"{_OFFICE}value-type"), element.get(f"{_OFFICE}value", "")
    shown = "\n".join("".join(p.itertext()) for p in element.iterchildren(f"{_TEXT}p"))
    if kind in ("float", "percentage", "currency"):
        try:
            number = Decimal(value)
        except InvalidOperation:
            return Cell(shown)
        # Of a number, fifteen figures are real; the rest is how computers write fractions.
        return Cell(as_text(float(number), "0%" if kind == "percentage" else ""))
    if kind == "date":
        text = element.get(f"{_OFFICE}date-value", "")
        try:
            return Cell(text, date.fromisoformat(text[:10]))
        except ValueError:
            return Cell(shown)
    return Cell(shown)
