"""Excel workbooks of before 2007 (.xls) as grids.

Belongs here: looking through such a workbook's records before it is read, and reading it with xlrd, which knows number
formats. Does not belong here: what is refused before (``tasks.gather.safe``).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlrd
from xlrd.compdoc import CompDoc

from tasks.gather import safe
from tasks.gather.collect import FileProblems, NotTaken
from tasks.gather.grid import Cell, Grid, Position
from tasks.gather.values import as_text

_PASSWORD, _SHEET, _PROJECT, _SUPPORTING, _END = 0x2F, 0x85, 0xD3, 0x1AE, 0x0A
"""Records: that the rest is encrypted, a sheet, that there are macros, another workbook, the end of what is global."""
_MACRO_SHEET = 1
_OWN, _ADDED_IN = 0x0401, 0x3A01
"""Marks of a supporting workbook that is none: this one itself, and functions that Excel adds."""


def grids(collect: FileProblems, data: bytes) -> list[Grid]:
    """Every worksheet.

    Raises:
        NotTaken: it cannot be read, has a password or a sheet of macros, or a sheet of it is too large.
    """
    try:
        _look_through(collect, list(_global_records(data)))
        # Ragged: a stray cell far out costs its row, and not a rectangle of empty cells.
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        return [_grid(collect, book, sheet) for sheet in book.sheets()]
    except (MemoryError, NotTaken):
        raise
    except Exception:  # noqa: BLE001 - xlrd raises whatever damaged records lead it to; it means the same to a sender
        raise safe.unreadable_workbook(collect) from None


def _global_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records before the first sheet's, by number."""
    document = CompDoc(data, logfile=io.StringIO())
    stream = document.get_named_stream("Workbook") or document.get_named_stream("Book") or b""
    at = 0
    while at + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, at)
        if number == _END:
            return
        yield number, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _look_through(collect: FileProblems, records: list[tuple[int, bytes]]) -> None:
    numbers = {number for number, _ in records}
    if _PASSWORD in numbers:
        raise safe.wrong_kind(collect, "password", "workbook")
    if any(number == _SHEET and len(body) > 5 and body[5] == _MACRO_SHEET for number, body in records):
        raise safe.wrong_kind(collect, "macros", "workbook")
    if _PROJECT in numbers:
        safe.tell_macros(collect)
    if any(
        number == _SUPPORTING and struct.unpack_from("<H", body, 2)[0] not in (_OWN, _ADDED_IN)
        for number, body in records
    ):
        safe.tell_links(collect)


def _grid(collect: FileProblems, book: Any, sheet: Any) -> Grid:
    cells: dict[Position, Cell] = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = _cell(book, sheet.cell(row, column))
            if cell.text:
                if row >= safe.LAST_ROW or column >= safe.LAST_COLUMN or len(cells) >= safe.MOST_CELLS:
                    raise safe.too_large(collect, sheet.name, xlrd.cellname(row, column))
                cells[row + 1, column + 1] = cell
    if len(sheet.merged_cells) > safe.MOST_MERGED:
        raise safe.too_large(collect, sheet.name, "A1")
    return Grid(
        sheet.name,
        bool(sheet.visibility),
        cells,
        tuple((top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells),
        hidden_rows=frozenset(row + 1 for row, about in sheet.rowinfo_map.items() if about.hidden),
        hidden_columns=frozenset(column + 1 for column, about in sheet.colinfo_map.items() if about.hidden),
    )


def _cell(book: Any, cell: Any) -> Cell:
    match cell.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return Cell("")
        case xlrd.XL_CELL_ERROR:
            return Cell(xlrd.error_text_from_code.get(cell.value, "#VALUE!"))
        case xlrd.XL_CELL_BOOLEAN:
            return Cell(as_text(bool(cell.value)))
        case xlrd.XL_CELL_DATE:
            moment: datetime = xlrd.xldate_as_datetime(cell.value, book.datemode)
            return Cell(as_text(moment), moment.date())
        case _:
            return Cell(as_text(cell.value, _format(book, cell)))


def _format(book: Any, cell: Any) -> str:
    known = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return known.format_str if known else ""
