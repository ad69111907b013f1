"""Excel workbooks of the kinds .xlsx and .xlsm as grids.

Belongs here: looking through worksheets before they are read, and reading them. Does not belong here: what is refused
before (``tasks.gather.safe``).

A cell's text is what ``tasks.gather.values`` reads: a number formatted as a percentage stands as ``24.9%``, without
which 24.9% could not be told from a quarter of a child. That is why openpyxl reads it, which knows formats.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lxml import etree
from openpyxl import load_workbook

from tasks.gather import safe
from tasks.gather.collect import FileProblems
from tasks.gather.grid import Cell, Grid, Position
from tasks.gather.safe import LAST_COLUMN, LAST_ROW, MOST_CELLS, MOST_MERGED, Parts, parse_xml, too_large
from tasks.gather.values import as_text

MOST_ELEMENTS = MOST_CELLS + 100_000  # a row for each few cells
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def grids(collect: FileProblems, data: bytes, parts: safe.Parts) -> list[Grid]:
    """Every worksheet of a workbook of the kind .xlsx or .xlsm.

    Raises:
        NotTaken: it cannot be read, or a sheet of it is too large.
    """
    sheets = sheet_parts(collect, parts)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about features of Excel that do not bear on values
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            return [sheet.grid(_cells(book[sheet.name], sheet)) for sheet in sheets]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parts raise; all of it means the same to a sender
        raise safe.unreadable_workbook(collect) from None


def _cells(worksheet: Any, sheet: SheetPart) -> Iterator[tuple[Position, Cell]]:
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


@dataclass
class SheetPart:
    """One worksheet, as far as it can be told without reading its cells' values."""

    name: str
    hidden: bool
    last_row: int = 0
    last_column: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""
    unsaved: set[Position] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def grid(self, cells: Iterator[tuple[Position, Cell]]) -> Grid:
        return Grid(
            self.name,
            self.hidden,
            dict(cells),
            tuple(self.merged),
            frozenset(self.unsaved),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
        )


def sheet_parts(collect: FileProblems, parts: Parts) -> list[SheetPart]:
    """Look through every worksheet before it is read.

    Raises:
        NotTaken: a sheet is too large, or has a cell absurdly far out.
    """
    root = parse_xml(collect, _part(collect, parts, "xl/workbook.xml"))
    if "purl.oclc.org" in (etree.QName(root).namespace or ""):
        raise collect.not_taken(
            "unreadable",
            "The file is saved as 'Strict Open XML'.",
            "Few programs read it, and this one does not.",
            "Save it as 'Excel Workbook (.xlsx)' and send it again.",
        )
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in parse_xml(collect, _part(collect, parts, "xl/_rels/workbook.xml.rels"))
        if relation.get("Type", "").endswith("/worksheet")
    }
    found = []
    for sheet in root.iter("{*}sheet"):
        if target := targets.get(sheet.get(_RELATION)):
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            hidden = sheet.get("state", "visible") != "visible"
            found.append(_scan(collect, sheet.get("name", ""), hidden, _part(collect, parts, path)))
    return found


def _part(collect: FileProblems, parts: Parts, name: str) -> bytes:
    if name not in parts:
        raise safe.damaged(collect)
    return parts[name]


def _scan(collect: FileProblems, name: str, hidden: bool, part: bytes) -> SheetPart:
    sheet = SheetPart(name, hidden)
    for count, element in enumerate(_elements(collect, part), 1):
        match etree.QName(element).localname:
            case "mergeCell":
                sheet.merged.append(_range(collect, element.get("ref", "")))
            case "row":
                if _is_on(element, "hidden") and element.get("r", "").isdecimal():
                    sheet.hidden_rows.add(int(element.get("r")))
            case "col":
                if _is_on(element, "hidden"):
                    sheet.hidden_columns.update(_columns(element))
            case _:
                _scan_cell(collect, sheet, element)
        if count > MOST_ELEMENTS or sheet.last_row > LAST_ROW or sheet.last_column > LAST_COLUMN:
            raise too_large(collect, name, element.get("r", "A1"))
    if len(sheet.merged) > MOST_MERGED:
        raise too_large(collect, name, "A1")
    return sheet


def _scan_cell(collect: FileProblems, sheet: SheetPart, element: Any) -> None:
    row, column = _position(collect, element.get("r", ""))
    filled = {etree.QName(child).localname for child in element if isinstance(child.tag, str)}
    if filled:
        sheet.last_row, sheet.last_column = max(sheet.last_row, row), max(sheet.last_column, column)
    if "f" in filled and not element.findtext("{*}v"):
        sheet.unsaved.add((row, column))


def _is_on(element: Any, name: str) -> bool:
    return element.get(name, "0") in ("1", "true")


def _columns(element: Any) -> range:
    """The columns that a ``col`` is about, as far as a return has any."""
    first, last = element.get("min", ""), element.get("max", "")
    if not (first.isdecimal() and last.isdecimal()):
        return range(0)
    return range(int(first), min(int(last), LAST_COLUMN) + 1)


_SCANNED = ("{*}c", "{*}mergeCell", "{*}row", "{*}col")


def _elements(collect: FileProblems, part: bytes) -> Iterator[Any]:
    """What bears on cells, each as it ends; cells are gone by the time that their row ends."""
    try:
        for _, element in etree.iterparse(
            io.BytesIO(part), tag=_SCANNED, resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
            element.clear()
    except etree.XMLSyntaxError as error:
        safe.raise_for_memory(error)
        raise safe.damaged(collect) from None


_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def _position(collect: FileProblems, ref: str) -> tuple[int, int]:
    """Row and column of ``C7``: (7, 3)."""
    found = _CELL.fullmatch(ref)
    if not found:
        raise safe.damaged(collect)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _range(collect: FileProblems, ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    return (*_position(collect, first), *_position(collect, last or first))
