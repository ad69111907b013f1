"""Binary Excel workbooks (.xlsb) as grids.

Belongs here: looking through such a workbook's records before it is read, and taking from them what python-calamine,
which reads the values, does not tell: number formats, errors, what is hidden or merged. Does not belong here: what is
refused before (``tasks.gather.safe``).

Records and their numbers are those of [MS-XLSB]; each has its number and its size in sevens of bits, least first.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import python_calamine

from tasks.gather import safe
from tasks.gather.collect import FileProblems, NotTaken
from tasks.gather.excel import SheetPart
from tasks.gather.grid import Cell, Grid, Position
from tasks.gather.values import as_text

_ROW, _ERROR, _FORMULA_ERROR, _LAST_OF_CELLS = 0, 3, 11, 11
_FORMAT, _CELL_FORMAT, _CELL_FORMATS, _CELL_FORMATS_END = 44, 47, 617, 618
_COLUMNS, _MERGED, _SHEET = 60, 176, 156
_HIDDEN_ROW = 0x10
_PERCENTAGES = {9: "0%", 10: "0.00%"}
"""The formats that are built in and show a percentage."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Records = Iterator[tuple[int, bytes]]


@dataclass
class _Sheet(SheetPart):
    """What the records of one sheet tell beside its values."""

    styles: dict[Position, int] = field(default_factory=dict)
    errors: dict[Position, str] = field(default_factory=dict)


def grids(collect: FileProblems, data: bytes, parts: safe.Parts) -> list[Grid]:
    """Every worksheet.

    Raises:
        NotTaken: it cannot be read, or a sheet of it is too large.
    """
    try:
        formats = _formats(parts.get("xl/styles.bin", b""))
        sheets = [_scan(collect, *sheet) for sheet in _sheets(collect, parts)]
        book = python_calamine.load_workbook(io.BytesIO(data))
        return [sheet.grid(_cells(book.get_sheet_by_name(sheet.name), sheet, formats)) for sheet in sheets]
    except (MemoryError, NotTaken):
        raise
    except Exception:  # noqa: BLE001 - records cut short raise what reading them raises; it means the same to a sender
        raise safe.unreadable_workbook(collect) from None


def records(part: bytes) -> Records:
    """The records of a part: their numbers and contents."""
    at = 0
    while at < len(part):
        number, at = _sevens(part, at, 2)
        size, at = _sevens(part, at, 4)
        yield number, part[at : at + size]
        at += size


def _sevens(part: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        byte = part[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return value, at


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    end = at + 4 + 2 * struct.unpack_from("<I", body, at)[0]
    return body[at + 4 : end].decode("utf-16-le"), end


def _formats(part: bytes) -> Sequence[str]:
    """The number format of each style of cells."""
    own: dict[int, str] = dict(_PERCENTAGES)
    found, of_cells = [], False
    for number, body in records(part):
        if number == _FORMAT:
            own[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif number in (_CELL_FORMATS, _CELL_FORMATS_END):
            of_cells = number == _CELL_FORMATS
        elif number == _CELL_FORMAT and of_cells:
            found.append(own.get(struct.unpack_from("<H", body, 2)[0], ""))
    return found


def _sheets(collect: FileProblems, parts: safe.Parts) -> Iterator[tuple[str, bool, bytes]]:
    """The worksheets in their order: name, whether it is hidden, and its part."""
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in safe.parse_xml(collect, parts["xl/_rels/workbook.bin.rels"])
        if relation.get("Type", "").endswith("/worksheet")
    }
    for number, body in records(parts["xl/workbook.bin"]):
        if number == _SHEET:
            relation, at = _text(body, 8)
            if target := targets.get(relation):
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                yield _text(body, at)[0], bool(struct.unpack_from("<I", body)[0]), parts[path]


def _scan(collect: FileProblems, name: str, hidden: bool, part: bytes) -> _Sheet:
    sheet, row, count = _Sheet(name, hidden), 0, 0
    for number, body in records(part):
        if number == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & _HIDDEN_ROW:
                sheet.hidden_rows.add(row)
        elif number <= _LAST_OF_CELLS:
            _scan_cell(sheet, number, body, row)
            count += 1
        elif number == _COLUMNS and struct.unpack_from("<H", body, 16)[0] & 1:
            first, last = struct.unpack_from("<II", body)
            sheet.hidden_columns.update(range(first + 1, min(last + 1, safe.LAST_COLUMN) + 1))
        elif number == _MERGED:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            sheet.merged.append((top + 1, left + 1, bottom + 1, right + 1))
        _check_size(collect, sheet, row, count)
    return sheet


def _scan_cell(sheet: _Sheet, number: int, body: bytes, row: int) -> None:
    column, style = struct.unpack_from("<II", body)
    at = (row, column + 1)
    sheet.styles[at] = style & 0xFFFFFF
    if number in (_ERROR, _FORMULA_ERROR):
        sheet.errors[at] = _ERRORS.get(body[8], "#VALUE!")
    if number > 1:  # 1 is a cell with a format and nothing in it
        sheet.last_row, sheet.last_column = max(sheet.last_row, row), max(sheet.last_column, column + 1)


def _check_size(collect: FileProblems, sheet: _Sheet, row: int, count: int) -> None:
    too_far = sheet.last_row > safe.LAST_ROW or sheet.last_column > safe.LAST_COLUMN
    if too_far or count > safe.MOST_CELLS or len(sheet.merged) > safe.MOST_MERGED:
        raise safe.too_large(collect, sheet.name, f"row {row}")


def _cells(read: Any, sheet: _Sheet, formats: Sequence[str]) -> Iterator[tuple[Position, Cell]]:
    if not sheet.last_row:
        return
    top, left = read.start or (0, 0)
    for row, values in enumerate(read.to_python(skip_empty_area=True), top + 1):
        for column, value in enumerate(values, left + 1):
            at = (row, column)
            if text := sheet.errors.get(at) or as_text(value, _format(sheet.styles, formats, at)):
                day = value if isinstance(value, date) else None
                yield at, Cell(text, day.date() if isinstance(day, datetime) else day)


def _format(styles: Mapping[Position, int], formats: Sequence[str], at: Position) -> str:
    style = styles.get(at, 0)
    return formats[style] if style < len(formats) else ""
