"""Faults as people make them, put into copies of the sample's files one at a time.

Belongs here: how a cell, a line or a file is changed. Does not belong here: which faults there are, and what finds them
(``test_seeded_faults``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial

from tests.pure_year import SAMPLE

Edit = tuple[str, Callable[[bytes], bytes | None]]
"""The path of a file in the year's folder, and what becomes of its bytes; nothing where it does not come."""
HARTLEPOOL = "{0}/hartlepool-dataset-2023-24-{0}.xlsx"
STOCKTON = "{0}/stockton_dataset_2023-24_{0}.csv"
EXPLOITATION = "{0}/Exploitation return - {0} 2023-24.xlsx"
TRAINING = "{0}/Training and Development return {0} 2023-24.xlsx"
COMMUNICATIONS = "{0}/communications-return-2023-24-{0}.xlsx"
STATISTICS = "{0}/communications-statistics-2023-24-{0}.csv"
QUALITY = "{0}/quality-assurance-return-2023-24-{0}.xlsx"
BOOKINGS = "{0}/training-bookings-2023-24-{0}.csv"
ELEARNING = "{0}/elearning-2023-24-{0}.csv"
CIN = "annual/b1_children_in_need_2013_to_2025.csv"
REFERRALS = "annual/c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv"
CLA_2024, CLA_2025 = (f"annual/cla_number_and_rate_per_10k_children_release_{year}.csv" for year in (2024, 2025))
MEALS = "annual/free_school_meals_compiled.csv"
CONTRIBUTIONS = "annual/contributions-2023-24.xlsx"


def changed(edits: tuple[Edit, ...]) -> dict[str, bytes | None]:
    """The files that differ, after all edits."""
    files: dict[str, bytes | None] = {}
    for path, edit in edits:
        before = (SAMPLE / path).read_bytes() if (SAMPLE / path).exists() else b""
        files[path] = edit(before)
        assert files[path] != before, f"the edit of {path} changes nothing"
    return files


def gone(path: str) -> Edit:
    """The file did not come."""
    return path, lambda _: None


def empty(path: str) -> Edit:
    """The file came with nothing in it."""
    return path, lambda _: b""


def instead(path: str, other: str) -> Edit:
    """Another file came under this one's name."""
    return path, lambda _: (SAMPLE / other).read_bytes()


def text(path: str, old: str, new: str, encoding: str = "utf-8") -> Edit:
    """The first place of some text in a text file is changed."""
    return path, lambda data: data.replace(old.encode(encoding), new.encode(encoding), 1)


def everywhere(path: str, old: str, new: str) -> Edit:
    """Every place of some text in a text file is changed."""
    return path, lambda data: data.replace(old.encode(), new.encode())


def again(path: str, first: int, last: int) -> Edit:
    """Some lines of a text file stand in it twice."""
    return path, lambda data: data + b"".join(data.splitlines(keepends=True)[first:last])


def second_version(path: str, old: str, new: str) -> Edit:
    """A second file came, with another number in it; the first came too."""
    first = (SAMPLE / path).read_bytes()
    return path.replace(".", " v2."), lambda _: first.replace(old.encode(), new.encode())


def stockton(quarter: str, code: str, period: str, value: str) -> Edit:
    """One value of the borough's long file; ``period`` is ``Q`` for the quarter and ``YTD`` for the year to date."""
    return STOCKTON.format(quarter), partial(_long, code=code, period=period, value=value)


def row_twice(quarter: str, code: str, period: str, value: str) -> Edit:
    """A line of the borough's long file stands in it a second time, with another value."""
    path = STOCKTON.format(quarter)

    def twice(data: bytes) -> bytes:
        other = _long(data, code=code, period=period, value=value).splitlines(keepends=True)
        return data + next(line for line in other if line not in data.splitlines(keepends=True))

    return path, twice


def without_code(quarter: str, code: str) -> Edit:
    """All lines of a code are missing from the borough's long file."""
    return STOCKTON.format(quarter), partial(_long, code=code, period="", value=None)


def _long(data: bytes, *, code: str, period: str, value: str | None) -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode("cp1252")), delimiter=";"))
    kept = []
    for row in rows:
        ours = row[0] == code and period in (row[2] if "YTD" in row[2] else f"{row[2]} Q")
        if not ours:
            kept.append(row)
        elif value is not None:
            kept.append([*row[:3], value, *row[4:]])
    return _written(kept, ";", "\r\n").encode("cp1252")


def _written(rows: list[list[str]], delimiter: str, line_end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def cell(path: str, sheet: str, label: str, column: str, value: str) -> Edit:
    """One cell of a workbook: of the row that begins with the label."""
    return path, partial(_cells, sheet=sheet, change={(label, column): value})


def swapped(path: str, sheet: str, one: str, other: str, column: str) -> Edit:
    """Two rows of a workbook have each other's value in a column."""
    return path, partial(_swap, sheet=sheet, one=one, other=other, column=column)


def _cells(data: bytes, *, sheet: str, change: dict[tuple[str, str], str]) -> bytes:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    for (label, column), value in change.items():
        book[sheet][f"{column}{_row(book[sheet], label)}"].value = value
    return _saved(book)


def _swap(data: bytes, *, sheet: str, one: str, other: str, column: str) -> bytes:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    first, second = (book[sheet][f"{column}{_row(book[sheet], label)}"] for label in (one, other))
    first.value, second.value = second.value, first.value
    return _saved(book)


def _row(sheet, label: str) -> int:
    rows = [row[0].row for row in sheet.iter_rows() if str(row[0].value or "").strip().startswith(label)]
    assert rows, f"no row '{label}'"
    return rows[0]


def _saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def official(path: str, year: str, area: str, column: str, value: str, where: str = "") -> Edit:
    """One value of an official table, in the rows of a year and place (and category)."""
    return path, partial(_official, year=year, area=area, column=column, value=value, where=where)


def _official(data: bytes, *, year: str, area: str, column: str, value: str, where: str) -> bytes:
    mark = data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    for row in rows:
        named = dict(zip(head, row, strict=True))
        place = named["la_name"] or named["region_name"] or named["country_name"]
        if named["time_period"] == year and place == area and where in " ".join(row):
            row[head.index(column)] = value
    return _written([head, *rows], ",", "\n").encode("utf-8-sig" if mark else "utf-8")
