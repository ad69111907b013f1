"""Read a workbook: wide sheets of months, lists of values, and narrative in cells.

Belongs here: finding headings and labels wherever they stand, and taking the cells that they point at, each with its
real reference. Does not belong here: file formats (``tasks.gather.sheets``), single values (``tasks.gather.values``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.layouts import ListSheet, MonthsSheet, NarrativeSheet, Sheet, Workbook
from config.periods import Month, ReportingYear
from tasks.gather import stated
from tasks.gather.collect import Collector
from tasks.gather.grid import Grid, Position
from tasks.gather.labels import clean, is_one_of, is_total, meanings, nearest, plain, quoted
from tasks.gather.sheets import grids
from tasks.gather.values import is_value
from tasks.model import Reading

_ROWS_ABOVE = 3
"""How far above the row of the label's heading a merged heading may stand."""
_BULLET = re.compile(r"^\s*(?:[•·▪‣◦*–—-]\s+|[•·▪‣◦])")

Row = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A column of values: its number, and the period that its values are for."""

    number: int
    period: str


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
                    rows += _Months(collect, grid, sheet).read()
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


def _no_heading(collect: Collector, grid: Grid, words: Sequence[str], row: int = 0) -> None:
    texts = [cell.text for cell in grid.cells.values() if len(cell.text) <= 60]
    close = nearest(words[0], texts)
    where = collect.where(grid.name, f"row {row}" if row else "")
    collect.problem(
        f"The sheet has no heading {quoted(words[:1])}.",
        where,
        "Nothing in the sheet can be told apart without it.",
        f"Put the heading back as agreed{f'; it may be the one now called {quoted([close])}' if close else ''}.",
    )


def _twice(collect: Collector, grid: Grid, what: str, cells: Iterable[str]) -> None:
    collect.problem(
        f"{what} stands there more than once.",
        collect.where(grid.name, ", ".join(cells)),
        "Nobody can tell which of them is meant, so none was taken.",
        "Keep one, or give the others names of their own.",
    )


def _saw_heading(collect: Collector, grid: Grid, rows: Iterable[int]) -> None:
    collect.saw((grid.text(row, column) for row in rows for column in range(1, grid.last_column + 1)), grid.name)


def _cells_with(grid: Grid, words: Iterable[str]) -> list[Position]:
    """Where a word stands, from the top, each row from the left."""
    wanted = {plain(word) for word in words}
    return sorted(at for at, cell in grid.cells.items() if cell.text and plain(cell.text) in wanted)


class _Rows:
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
                _twice(
                    collect, grid, f"The row {quoted(self.known[measure][:1])}", (grid.ref(row, label) for row in found)
                )


def _take(
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


class _Months:
    """A wide sheet: its heading may stand on several rows, with merged cells and with real dates."""

    def __init__(self, collect: Collector, grid: Grid, sheet: MonthsSheet) -> None:
        self.collect, self.grid, self.sheet = collect, grid, sheet

    def read(self) -> list[Row]:
        heading = self._heading()
        if heading is None:
            return []
        (top, label), bottom = heading
        _saw_heading(self.collect, self.grid, range(top, bottom + 1))
        columns = self._columns(top, bottom, label)
        note = self._note_column(top, bottom)
        find = _Rows(self.collect, self.grid, self.sheet.label, self.sheet.rows).find
        values = [column.number for column in columns]
        return [
            _take(
                self.collect,
                self.grid,
                self.sheet,
                measure,
                row,
                column,
                label,
                self.grid.shown(row, note).text if note else "",
            )
            for measure, row in find(bottom + 1, label, values)
            for column in columns
        ]

    def _heading(self) -> tuple[Position, int] | None:
        """The cell of the label's heading, and the last row of the heading; the first that has months beside it."""
        candidates = _cells_with(self.grid, self.sheet.label)
        for row, column in candidates:
            bottom = self.grid.range_at(row, column)[2]
            while not self.grid.shown(bottom + 1, column).text.strip() and self._says_a_period(bottom + 1, column):
                bottom += 1
            if any(self._says_a_period(line, column) for line in range(row, bottom + 1)):
                return (row, column), bottom
        if candidates:
            self.collect.problem(
                "No month stands in the heading.",
                self.collect.where(self.grid.name, self.grid.ref(*candidates[0])),
                "Nobody can tell which month a value is for, so nothing was taken from the sheet.",
                "Write the months beside the heading of the labels, like Apr-23.",
            )
        else:
            _no_heading(self.collect, self.grid, self.sheet.label)
        return None

    def _says_a_period(self, row: int, label: int) -> bool:
        return any(
            stated.is_bare_month(self.grid.text(row, column)) or self._month(row, column, row)
            for column in range(label + 1, self.grid.last_column + 1)
        )

    def _month(self, row: int, column: int, bottom: int) -> Month | None:
        cell = self.grid.shown(row, column)
        if cell.day:
            return Month(cell.day.year, cell.day.month)
        if stated.is_bare_month(cell.text):
            return stated.month_in(cell.text, self._year(column, bottom))
        found = stated.find_period(cell.text)
        return found if isinstance(found, Month) else None

    def _year(self, column: int, bottom: int) -> ReportingYear | int | None:
        """The year of a bare month: the nearest above it, else the only one that is named above the table at all."""
        for row in range(bottom, 0, -1):
            text = self.grid.shown(row, column).text
            if year := stated.find_year(text) or _calendar_year(text):
                return year
        named = {stated.find_year(cell.text) for (row, _), cell in self.grid.cells.items() if row <= bottom}
        named.discard(None)
        return named.pop() if len(named) == 1 else None

    def _columns(self, top: int, bottom: int, label: int) -> list[Column]:
        period = self.collect.period
        found: dict[str, list[int]] = {}
        others: list[int] = []
        yearless = False
        for number in range(1, self.grid.last_column + 1):
            if number == label:
                continue
            rows = range(bottom, max(0, top - 1 - _ROWS_ABOVE), -1)
            if any(
                stated.is_year_to_date(self.grid.shown(row, number).text, self.sheet.year_to_date, period)
                for row in rows
            ):
                found.setdefault(stated.year_to_date(period), []).append(number)
                continue
            months = [month for row in range(bottom, top - 1, -1) if (month := self._month(row, number, bottom))]
            if months:
                (found.setdefault(str(months[0]), []) if months[0] in period.months else others).append(number)
            else:
                yearless |= any(stated.is_bare_month(self.grid.text(row, number)) for row in range(top, bottom + 1))
                self._unknown(number, top, bottom)
        self._check_months(found, others, yearless, top, bottom)
        for name, numbers in found.items():
            if len(numbers) > 1:
                what = "The year to date" if name == stated.year_to_date(period) else f"The month {name}"
                _twice(self.collect, self.grid, what, (self.grid.ref(bottom, number) for number in numbers))
        return [Column(numbers[0], name) for name, numbers in found.items() if len(numbers) == 1]

    def _check_months(
        self, found: Mapping[str, list[int]], others: list[int], yearless: bool, top: int, bottom: int
    ) -> None:
        collect, period = self.collect, self.collect.period
        where = collect.where(self.grid.name, f"rows {top}-{bottom}" if bottom > top else f"row {top}")
        missing = [month for month in period.months if str(month) not in found]
        if yearless and len(missing) == len(period.months):
            raise collect.not_taken(
                "wrong_layout",
                "The months in the heading have no year.",
                "A sheet of last year would be read as this year's, so nothing was taken.",
                "Write the months with their year, like Apr-23, or the year 2023-24 above them.",
                where,
            )
        if others and len(missing) == len(period.months):
            raise collect.not_taken(
                "wrong_period",
                f"None of the months in the sheet is in {period} ({period.words}).",
                "Figures of another period would be printed as this one's, so nothing was taken from the file.",
                f"Send the return for {period}.",
                where,
            )
        if missing:
            collect.problem(
                f"There is no column for {', '.join(month.words for month in missing)}.",
                where,
                "Its figures are missing, and the period cannot be added up without them.",
                "Add the column.",
            )
        if stated.year_to_date(period) not in found:
            collect.problem(
                f"There is no column {quoted(self.sheet.year_to_date[:1])} for this period.",
                where,
                "The months cannot be checked against it.",
                "Add the column.",
                "look_at",
            )
        if filled := [number for number in others if self._filled(number, bottom)]:
            collect.problem(
                "The sheet has months of other periods too.",
                collect.where(self.grid.name, ", ".join(self.grid.ref(bottom, number) for number in filled)),
                "They were left out. If earlier months have changed, this return does not change them.",
                "Say in a note which earlier months were corrected.",
                "information",
            )

    def _filled(self, column: int, bottom: int) -> bool:
        return any(self.grid.text(row, column).strip() for row in range(bottom + 1, self.grid.last_row + 1))

    def _unknown(self, column: int, top: int, bottom: int) -> None:
        texts = [text for row in range(bottom, top - 1, -1) if (text := self.grid.text(row, column).strip())]
        if texts and self._filled(column, bottom) and not is_one_of(texts[0], self.sheet.note):
            close = nearest(texts[0], (*self.sheet.year_to_date, *self.sheet.note))
            self.collect.problem(
                f"The column {quoted([clean(texts[0])])} is not known.",
                self.collect.where(self.grid.name, self.grid.ref(bottom, column)),
                "What it holds was not taken.",
                f"If it is '{close}', use that heading."
                if close
                else "If it is wanted, ask the business unit to add it.",
                "information",
            )

    def _note_column(self, top: int, bottom: int) -> int:
        cells = _cells_with(self.grid, self.sheet.note)
        return next((column for row, column in cells if max(0, top - _ROWS_ABOVE) <= row <= bottom), 0)


def _calendar_year(text: str) -> int | None:
    found = re.fullmatch(r"\s*(20\d\d)\s*", text)
    return int(found[1]) if found else None


def _list(collect: Collector, grid: Grid, sheet: ListSheet) -> list[Row]:
    values = _cells_with(grid, sheet.value)
    labels = [at for at in _cells_with(grid, sheet.label) if any(row == at[0] for row, _ in values)]
    if not labels:
        _no_heading(collect, grid, sheet.value if _cells_with(grid, sheet.label) else sheet.label)
        return []
    row, label = labels[0]
    beside = [column for line, column in values if line == row]
    if len(beside) > 1:
        _twice(collect, grid, f"The heading {quoted(sheet.value[:1])}", (grid.ref(row, column) for column in beside))
        return []
    _saw_heading(collect, grid, [row])
    if sheet.stated_period:
        _stated(collect, grid, sheet.stated_period, row)
    note = next((column for line, column in _cells_with(grid, sheet.note) if line == row), 0)
    column = Column(beside[0], str(collect.period))
    return [
        _take(collect, grid, sheet, measure, line, column, label, grid.shown(line, note).text if note else "")
        for measure, line in _Rows(collect, grid, sheet.label, sheet.rows).find(row + 1, label, beside)
    ]


def _stated(collect: Collector, grid: Grid, words: Sequence[str], heading: int) -> None:
    cells = [at for at in _cells_with(grid, words) if at[0] < heading]
    if not cells:
        collect.check_stated(None, collect.where(grid.name, f"above row {heading}"))
        return
    row, column = cells[0]
    right = grid.range_at(row, column)[3] + 1
    cell = grid.cell(row, right)
    found = stated.find_stated(cell.day.isoformat() if cell.day else cell.text, collect.period)
    collect.check_stated(found, collect.where(grid.name, grid.ref(row, right)))


def _narrative(collect: Collector, grid: Grid, sheet: NarrativeSheet) -> None:
    heads = {part: _cells_with(grid, words) for part, words in sheet.parts.items()}
    topics = [
        at for at in _cells_with(grid, sheet.topic) if any(row == at[0] for cells in heads.values() for row, _ in cells)
    ]
    if not topics:
        _no_heading(collect, grid, sheet.topic)
        return
    row, topic_column = topics[0]
    _saw_heading(collect, grid, [row])
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
            _twice(collect, grid, f"The heading {quoted(words[:1])}", (grid.ref(row, column) for column in found))
    for line in range(row + 1, grid.last_row + 1):
        if topic := topic_id(grid.shown(line, topic_column).text):
            first = grid.range_at(line, topic_column)[0] == line
            for part, found in columns.items():
                items = lines_of(grid.text(line, found[0])) if len(found) == 1 else []
                if items and grid.hides(line, found[0]):
                    collect.hidden(grid.ref(line, found[0]), grid.name)
                if items or (first and len(found) == 1):
                    collect.text(topic, part, items, grid.ref(line, found[0]), grid.name)


def topic_id(text: str) -> str:
    """A topic as the report's sections name it: ``Priority 1.1`` is ``1.1``, ``Deep dive`` is ``deep-dive``."""
    return re.sub(r"[^a-z0-9.]+", "-", plain(text).removeprefix("priority ")).strip("-")
