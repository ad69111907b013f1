"""OpenDocument spreadsheets as grids.

Belongs here: repeated rows and cells, which a spreadsheet of a few bytes may have by the million; what is hidden; what
a value is. Does not belong here: what is refused before (``tasks.gather.safe``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl.utils import get_column_letter

from tasks.gather import safe
from tasks.gather.collect import FileProblems
from tasks.gather.grid import Cell, Grid, Position
from tasks.gather.values import as_text

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def grids(collect: FileProblems, parts: safe.Parts) -> Iterator[Grid]:
    """Every table of a spreadsheet.

    Raises:
        NotTaken: it is damaged, or a sheet of it is too large.
    """
    root = safe.parse_xml(collect, parts.get("content.xml", b""))
    unseen = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iterchildren(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    for table in root.iter(f"{_TABLE}table"):
        yield _Table(collect, table, table.get(f"{_TABLE}style-name") in unseen).grid()


class _Table:
    """One table as it is read; elements may stand for many rows, columns or cells."""

    def __init__(self, collect: FileProblems, table: Any, hidden: bool) -> None:
        self.collect, self.table, self.hidden = collect, table, hidden
        self.name = table.get(f"{_TABLE}name", "")
        self.cells: dict[Position, Cell] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.unsaved: set[Position] = set()
        self.hidden_rows: set[int] = set()

    def grid(self) -> Grid:
        row = 1
        for line in self.table.iter(f"{_TABLE}table-row"):
            times = _number(line, "number-rows-repeated")
            if _is_hidden(line):
                self.hidden_rows.update(range(row, min(row + times, safe.LAST_ROW + 1)))
            self._read_row(line, row, times)
            row += times
        return Grid(
            self.name,
            self.hidden,
            self.cells,
            tuple(self.merged),
            frozenset(self.unsaved),
            frozenset(self.hidden_rows),
            frozenset(self._hidden_columns()),
        )

    def _hidden_columns(self) -> Iterator[int]:
        number = 1
        for column in self.table.iter(f"{_TABLE}table-column"):
            times = _number(column, "number-columns-repeated")
            if _is_hidden(column):
                yield from range(number, min(number + times, safe.LAST_COLUMN + 1))
            number += times

    def _read_row(self, line: Any, row: int, times: int) -> None:
        column = 1
        for element in line.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            wide = _number(element, "number-columns-repeated")
            cell = _cell(element)
            if cell.text:
                self._keep(element, cell, row, column, times, wide)
            elif element.get(f"{_TABLE}formula") and not self._too_far(row, column, 1):
                self.unsaved.add((row, column))
            column += wide

    def _keep(self, element: Any, cell: Cell, row: int, column: int, times: int, wide: int) -> None:
        if self._too_far(row + times - 1, column + wide - 1, times * wide):
            raise safe.too_large(self.collect, self.name, f"{get_column_letter(min(column, 16384))}{row}")
        self.cells.update({(row + i, column + j): cell for i in range(times) for j in range(wide)})
        last = (
            row + _number(element, "number-rows-spanned") - 1,
            column + _number(element, "number-columns-spanned") - 1,
        )
        if last != (row, column):
            self.merged.append((row, column, *last))

    def _too_far(self, row: int, column: int, more: int) -> bool:
        return row > safe.LAST_ROW or column > safe.LAST_COLUMN or len(self.cells) + more > safe.MOST_CELLS


def _is_hidden(element: Any) -> bool:
    return bool(element.get(f"{_TABLE}visibility", "visible") != "visible")


def _number(element: Any, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _cell(element: Any) -> Cell:
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
