"""Every kind of workbook gives the same grid: cells as printed, days, merged ranges, and what is hidden."""

from __future__ import annotations

import io
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tasks.gather.collect import FileProblems
from tasks.gather.days import days_of
from tasks.gather.grid import Grid
from tasks.gather.labels import is_total
from tasks.gather.personal import hits
from tasks.gather.sheets import grids
from tasks.gather.stated import find_day, find_period, find_stated
from tests.gather import old_files
from tests.gather.files import DAYS, Q1
from tests.gather.old_files import Error, Shown
from tests.programs import OFFICE, needs_office

TABLE: list[list[object]] = [
    ["Dataset", None, None, None, None],
    ["Measure", *DAYS, "YTD"],
    ["Contacts", 10, 20.5, -3, 1204],
    ["Rate", Shown(0.249, "0.0%"), "<5", "c", Shown(24.9, '0.0"%"')],
    ["Costs", "£14,000", "1,701", None, 0],
]
ARGUMENTS = {"merged": [(0, 0, 0, 3)], "hidden": ["Notes"], "hidden_rows": [3], "hidden_columns": [2]}


def excel() -> bytes:
    book = openpyxl.Workbook()
    sheet, notes = book.active, book.create_sheet("Notes")
    sheet.title, notes.sheet_state = "Data", "hidden"
    notes["A1"] = "not for you"
    for row, values in enumerate(TABLE, 1):
        for column, value in enumerate(values, 1):
            if isinstance(value, Shown):
                sheet.cell(row, column, value.number).number_format = value.format
            elif value is not None:
                sheet.cell(row, column, value)
    sheet.merge_cells("A1:D1")
    sheet.row_dimensions[4].hidden = sheet.column_dimensions["C"].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SHEETS = {"Data": TABLE, "Notes": [["not for you"]]}
MADE = {
    "xlsx": excel,
    "xls": lambda: old_files.xls(SHEETS, **ARGUMENTS),
    "xlsb": lambda: old_files.xlsb(SHEETS, **ARGUMENTS),
}


def grids_of(data: bytes) -> list[Grid]:
    return grids(FileProblems(data, "some.xlsx"), data)


def is_the_table(found: list[Grid]) -> None:
    data, notes = found
    assert [row_of(data, row) for row in range(1, 6)] == [
        ["Dataset", "", "", "", ""],
        ["Measure", "2023-04-01", "2023-05-01", "2023-06-01", "YTD"],
        ["Contacts", "10", "20.5", "-3", "1204"],
        ["Rate", "24.9%", "<5", "c", "24.9"],
        ["Costs", "£14,000", "1,701", "", "0"],
    ]
    assert [data.cell(2, column).day for column in (2, 3, 4)] == [*DAYS]
    assert (data.name, data.hidden, data.range_at(1, 2)) == ("Data", False, (1, 1, 1, 4))
    assert (4 in data.hidden_rows, 3 in data.hidden_rows) == (True, False)
    assert (3 in data.hidden_columns, 2 in data.hidden_columns) == (True, False)
    assert (notes.name, notes.hidden, notes.text(1, 1)) == ("Notes", True, "not for you")


def row_of(grid: Grid, row: int) -> list[str]:
    return [grid.text(row, column) for column in range(1, 6)]


@pytest.mark.parametrize("kind", MADE)
def test_every_kind_gives_the_same_grid(kind: str) -> None:
    is_the_table(grids_of(MADE[kind]()))


@needs_office
@pytest.mark.parametrize(("kind", "made_from"), [("xls", "xlsx"), ("ods", "xlsx"), ("ods", "xlsb")])
def test_what_libreoffice_saves_gives_the_same_grid(kind: str, made_from: str, tmp_path: Path) -> None:
    """And what it reads from our binary workbooks is what they were meant to be."""
    before = tmp_path / f"table.{made_from}"
    before.write_bytes(MADE[made_from]())
    subprocess.run(
        [str(OFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", kind,
         "--outdir", str(tmp_path / "out"), str(before)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    is_the_table(grids_of((tmp_path / "out" / f"table.{kind}").read_bytes()))


@pytest.mark.parametrize("made", [old_files.xls, old_files.xlsb], ids=["xls", "xlsb"])
def test_errors_of_the_spreadsheet_are_told_from_blanks(made: object) -> None:
    (grid,) = grids_of(made({"Data": [[Error(42), Error(7), None]]}))  # type: ignore[operator]
    assert row_of(grid, 1) == ["#N/A", "#DIV/0!", "", "", ""]


@pytest.mark.parametrize("made", [old_files.xls, old_files.xlsb], ids=["xls", "xlsb"])
def test_personal_data_is_found_in_cells_of_hidden_sheets_and_beside_them(made: object) -> None:
    data = made({"Data": [["x"]], "Notes": [["Surname"], ["Nobody"]]}, hidden=["Notes"])  # type: ignore[operator]
    assert [(hit.where, hit.kind) for hit in hits(data)] == [("sheet 2, A2", "name")]


def test_a_comment_in_the_bytes_of_an_old_workbook_is_searched() -> None:
    note = old_files.record(0x3C, b"\0" + b"please ring somebody@example.org today")
    assert [hit.kind for hit in hits(old_files.xls({"Data": [["x"]]}, more=note))] == ["email"]


# What the grids are read for: days and totals


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-04-01", date(2023, 4, 1)), ("2023-04-01 00:00:00", date(2023, 4, 1)),
        ("01/04/2023", date(2023, 4, 1)), ("1.4.2023", date(2023, 4, 1)),
        ("45017", date(2023, 4, 1)), ("45046", date(2023, 4, 30)),
        ("04/31/2023", None), ("31/04/2023", None), ("1701", None), ("12,345", None), ("", None), ("٤٥٠١٧", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_british_people_and_excel_write_it(text: str, day: date | None) -> None:
    assert find_day(text) == day


def test_a_month_may_be_its_first_or_last_day_and_a_quarter_its_last() -> None:
    assert [str(find_period(text)) for text in ("01/04/2023", "30/04/2023", "45017")] == ["2023-04"] * 3
    assert find_period("15/04/2023") is None
    assert find_stated("30/06/2023", Q1) == Q1
    assert str(find_stated("30/09/2023", Q1)) == "2023-09"


def test_a_column_may_mix_the_ways_of_writing_days() -> None:
    import pandas as pd

    written = pd.Series(
        ["2023-04-05", "05/04/2023", "05/04/2023 09:30", "45021", "45021.4", "Apr 2023", "5", "x", None]
    )
    days = days_of(written)
    assert [day.date() for day in days[:6]] == [*[date(2023, 4, 5)] * 5, date(2023, 4, 1)]
    assert days[6:].isna().all()


@pytest.mark.parametrize(
    ("text", "yes"),
    [("Total", True), ("TOTALS:", True), ("Grand total", True), ("Sub-total", True), ("Total contacts", False),
     ("Totally new", False), ("", False)],
)  # fmt: skip
def test_a_total_is_known_by_its_word_alone(text: str, yes: bool) -> None:
    assert is_total(text) is yes
