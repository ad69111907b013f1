"""Wide sheets: a row a measure, a column a month, under a heading that may stand on several rows.

Belongs here: finding the heading with its months, and the columns that are for the return's period. Does not belong
here: rows and values (``tasks.gather.tables``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from config.layouts import MonthsSheet
from config.periods import Month, ReportingYear
from tasks.gather import stated
from tasks.gather.collect import Collector
from tasks.gather.grid import Grid, Position
from tasks.gather.labels import clean, is_one_of, nearest, quoted
from tasks.gather.tables import Column, MeasureRows, Row, cells_with, no_heading, saw_heading, take, twice

_ROWS_ABOVE = 3
"""How far above the row of the label's heading a merged heading may stand."""


class Months:
    """A wide sheet: its heading may stand on several rows, with merged cells and with real dates."""

    def __init__(self, collect: Collector, grid: Grid, sheet: MonthsSheet) -> None:
        self.collect, self.grid, self.sheet = collect, grid, sheet

    def read(self) -> list[Row]:
        heading = self._heading()
        if heading is None:
            return []
        (top, label), bottom = heading
        saw_heading(self.collect, self.grid, range(top, bottom + 1))
        columns = self._columns(top, bottom, label)
        note = self._note_column(top, bottom)
        find = MeasureRows(self.collect, self.grid, self.sheet.label, self.sheet.rows).find
        values = [column.number for column in columns]
        return [
            take(
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
        candidates = cells_with(self.grid, self.sheet.label)
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
            no_heading(self.collect, self.grid, self.sheet.label)
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
                twice(self.collect, self.grid, what, (self.grid.ref(bottom, number) for number in numbers))
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
        cells = cells_with(self.grid, self.sheet.note)
        return next((column for row, column in cells if max(0, top - _ROWS_ABOVE) <= row <= bottom), 0)


def _calendar_year(text: str) -> int | None:
    found = re.fullmatch(r"\s*(20\d\d)\s*", text)
    return int(found[1]) if found else None
