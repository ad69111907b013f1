"""Read a workbook: wide sheets of months, lists of values, and narrative in cells.

Belongs here: which sheets are read, lists, and narrative. Does not belong here: file formats
(``tasks.gather.sheets``), tables with their rows and values (``tasks.gather.tables``), wide sheets
(``tasks.gather.months``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.layouts import ListSheet, MonthsSheet, NarrativeSheet, Sheet, Workbook
from tasks.gather import stated
from tasks.gather.collect import Collector, says_nothing_to_report
from tasks.gather.grid import Grid
from tasks.gather.labels import clean, is_one_of, nearest, plain, quoted
from tasks.gather.months import Months
from tasks.gather.sheets import grids
from tasks.gather.tables import Column, MeasureRows, Row, cells_with, no_heading, saw_heading, take, twice
from tasks.model import Reading

_BULLET = re.compile(r"^\s*(?:[•·▪‣◦*–—-]\s+|[•·▪‣◦])")


def read(collect: Collector, layout: Workbook, data: bytes) -> Reading:
    """Read every sheet that the layout names.

    Raises:
        NotTaken: the file cannot be opened, or is for another period.
    """
    found = grids(collect, data)
    collect.saw((grid.name for grid in found), "sheets")
    rows: list[Row] = []
    for sheet in layout.sheets:
        if grid := _sheet(collect, found, sheet):
            match sheet:
                case MonthsSheet():
                    rows += Months(collect, grid, sheet).read()
                case ListSheet():
                    rows += _list(collect, grid, sheet)
                case NarrativeSheet():
                    _narrative(collect, grid, sheet)
    import pandas as pd

    columns = ["measure", "label", "period", "value", "_sheet", "_cell"]
    return collect.reading(pd.DataFrame(rows, columns=columns, dtype="str"))


def lines_of(text: str) -> list[str]:
    """The lines of a cell or control as items, without their bullets."""
    return [item for line in clean(text).split("\n") if (item := _BULLET.sub("", line).strip())]


def _sheet(collect: Collector, found: Sequence[Grid], sheet: Sheet) -> Grid | None:
    matching = [grid for grid in found if is_one_of(grid.name, sheet.sheet)]
    names = [grid.name for grid in found]
    if not matching and isinstance(sheet, ListSheet) and sheet.yearly and not stated.ends_the_year(collect.period):
        return None
    if len(matching) != 1:
        close = nearest(sheet.sheet[0], names)
        collect.problem(
            f"Two sheets could be '{sheet.sheet[0]}'." if matching else f"There is no sheet '{sheet.sheet[0]}'.",
            collect.name,
            "Its figures are missing from the register and the draft.",
            "Give the sheet its agreed name again"
            + (f"; it may be the one now called {quoted([close])}." if close else "."),
        )
        return None
    if matching[0].hidden:
        collect.problem(
            "The sheet is hidden.",
            collect.where(matching[0].name),
            "It was read, but somebody who looks at the file does not see what was sent.",
            "Show it, or say that it is right.",
            "look_at",
        )
    return matching[0]


def _list(collect: Collector, grid: Grid, sheet: ListSheet) -> list[Row]:
    values = cells_with(grid, sheet.value)
    labels = [at for at in cells_with(grid, sheet.label) if any(row == at[0] for row, _ in values)]
    if not labels:
        no_heading(collect, grid, sheet.value if cells_with(grid, sheet.label) else sheet.label)
        return []
    row, label = labels[0]
    beside = [column for line, column in values if line == row]
    if len(beside) > 1:
        twice(collect, grid, f"The heading {quoted(sheet.value[:1])}", (grid.ref(row, column) for column in beside))
        return []
    saw_heading(collect, grid, [row])
    if sheet.stated_period:
        _stated(collect, grid, sheet.stated_period, row)
    note = next((column for line, column in cells_with(grid, sheet.note) if line == row), 0)
    column = Column(beside[0], str(collect.period))
    return [
        take(collect, grid, sheet, measure, line, column, label, grid.shown(line, note).text if note else "")
        for measure, line in MeasureRows(collect, grid, sheet.label, sheet.rows).find(row + 1, label, beside)
    ]


def _stated(collect: Collector, grid: Grid, words: Sequence[str], heading: int) -> None:
    cells = [at for at in cells_with(grid, words) if at[0] < heading]
    if not cells:
        collect.check_stated(None, collect.where(grid.name, f"above row {heading}"))
        return
    row, column = cells[0]
    right = grid.range_at(row, column)[3] + 1
    cell = grid.cell(row, right)
    found = stated.find_stated(cell.day.isoformat() if cell.day else cell.text, collect.period)
    collect.check_stated(found, collect.where(grid.name, grid.ref(row, right)))


def _narrative(collect: Collector, grid: Grid, sheet: NarrativeSheet) -> None:
    heads = {part: cells_with(grid, words) for part, words in sheet.parts.items()}
    topics = [
        at for at in cells_with(grid, sheet.topic) if any(row == at[0] for cells in heads.values() for row, _ in cells)
    ]
    if not topics:
        no_heading(collect, grid, sheet.topic)
        return
    row, topic_column = topics[0]
    saw_heading(collect, grid, [row])
    columns = {part: [column for line, column in cells if line == row] for part, cells in heads.items()}
    for part, found in columns.items():
        words = sheet.parts[part]
        if not found:
            collect.problem(
                f"There is no column {quoted(words[:1])}.",
                collect.where(grid.name, f"row {row}"),
                "Nothing was received on it.",
                "If there is something to say on it, put the column back.",
                "information",
            )
        elif len(found) > 1:
            twice(collect, grid, f"The heading {quoted(words[:1])}", (grid.ref(row, column) for column in found))
    status = next((column for line, column in cells_with(grid, sheet.status) if line == row), 0)
    for line in range(row + 1, grid.last_row + 1):
        if topic := topic_id(grid.shown(line, topic_column).text):
            first = grid.range_at(line, topic_column)[0] == line
            nothing = bool(status) and says_nothing_to_report(grid.text(line, status))
            for part, found in columns.items():
                items = lines_of(grid.text(line, found[0])) if len(found) == 1 else []
                if items and grid.hides(line, found[0]):
                    collect.hidden(grid.ref(line, found[0]), grid.name)
                if items or (first and len(found) == 1):
                    collect.text(topic, part, items, grid.ref(line, found[0]), grid.name, nothing=nothing)


def topic_id(text: str) -> str:
    """A topic as the report's sections name it: ``Priority 1.1`` is ``1.1``, ``Deep dive`` is ``deep-dive``."""
    return re.sub(r"[^a-z0-9.]+", "-", plain(text).removeprefix("priority ")).strip("-")
