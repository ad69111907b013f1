"""Workbooks are read wherever their headings stand, each value with its real cell, and nothing is guessed."""

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from html import escape

import openpyxl
import pytest

from config.layouts import Source
from config.model import Severity
from tasks.gather import read
from tasks.model import Reading
from tests.gather.files import (
    DAYS,
    LIST,
    MONTHS,
    Q1,
    Q2,
    Q4,
    WIDE,
    YEAR,
    lists,
    observed,
    read_q1,
    source,
    taken,
    whats,
    wide,
    workbook,
)  # fmt: skip

ALL = [
    ("contacts", "2023-04", "10"), ("contacts", "2023-05", "20"), ("contacts", "2023-06", "30"),
    ("contacts", "2023-24-Q1-ytd", "60"),
    ("rate", "2023-04", "24.9"), ("rate", "2023-05", "<5"), ("rate", "2023-06", "c"), ("rate", "2023-24-Q1-ytd", "25"),
]  # fmt: skip
BODY = [list(row) for row in WIDE[3:]]
HEADINGS: list[tuple[str, Sequence[Sequence[object]], Sequence[str]]] = [
    ("the year merged over bare months", WIDE[:3], ("A2:A3", "B2:D2", "E2:E3")),
    ("one row of months with their years", [["Measure", "Apr-23", "May 2023", "2023-06", "YTD"]], ()),
    ("one row of real dates", [["Measure", *DAYS, "Year to date"]], ()),
    ("the year only in the title", [["Dataset for 2023/24"], [], ["Measure", "Apr", "May", "Jun", "Year to date"]], ()),
    ("a calendar year above", [["Measure", 2023, None, None, None], [None, "April", "May", "June", "YTD"]], ("B1:D1",)),
    ("the label beside the months, the year a row above",
     [[None, "Quarter 1 2023-24", None, None, "Year to date"], ["Measure", "Apr", "May", "Jun", None]],
     ("B1:D1", "E1:E2")),
    ("footnote marks and other case", [["MEASURE [note 1]", "apr-23", "may-23", "jun-23", "year to date*"]], ()),
    ("a title that is one of the words of the heading", [["Measure"], [], ["Measure", *DAYS, "YTD"]], ()),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "merged"), [h[1:] for h in HEADINGS], ids=[h[0] for h in HEADINGS])
def test_months_are_found_under_any_heading(heading: Sequence[Sequence[object]], merged: Sequence[str]) -> None:
    reading = read_q1(MONTHS, wide([*heading, *BODY], merged))
    assert (reading.state, taken(reading), whats(reading)) == ("read", ALL, "")


def test_cells_are_those_of_the_real_sheet_also_when_nothing_stands_in_its_first_rows_and_columns() -> None:
    rows = [[], [], *[[None, None, *row] for row in WIDE]]
    reading = read_q1(MONTHS, wide(rows, ("C4:C5", "D4:F4", "G4:G5")))
    place = observed(reading, "contacts", "2023-05").place
    assert (place.sheet, place.cell, place.file, len(place.sha256)) == ("Data", "E6", "some return.xlsx", 64)


def test_a_percentage_is_read_as_it_is_shown() -> None:
    rows = [*WIDE[:4], ["Re-referral rate", 0.249, 546 / 2190, 24.9, 0.25]]
    reading = read_q1(MONTHS, wide(rows, B5="0.0%", C5="0.0%", D5='0.0"%"', E5="0%"))
    values = [observed(reading, "rate", period).value for period in ("2023-04", "2023-06", "2023-24-Q1-ytd")]
    assert values == [Decimal("24.9"), Decimal("24.9"), Decimal("25")]
    worked_out = observed(reading, "rate", "2023-05").value
    assert worked_out is not None and worked_out.quantize(Decimal("0.0001")) == Decimal(
        "24.9315"
    )  # rounded once, later


def test_notes_stand_with_their_values() -> None:
    heading = ["Measure", *DAYS, "YTD", "Where from"]
    reading = read_q1(MONTHS, wide([heading, ["Contacts", 1, 2, 3, 6, "the case system"], [*BODY[1], ""]], ()))
    assert observed(reading, "contacts", "2023-05").note == "the case system"
    assert observed(reading, "rate", "2023-05").note == ""
    assert whats(reading) == ""


def test_the_year_to_date_at_the_end_of_the_year_is_the_year() -> None:
    rows = [["Measure", "Jan-24", "Feb-24", "Mar-24", "YTD"], *BODY]
    assert ("contacts", "2023-24", "60") in taken(read(MONTHS, wide(rows, ()), "some.xlsx", Q4))


def test_a_sheet_of_the_year_is_read_for_the_year() -> None:
    months = [*(f"2023-{n:02}" for n in range(4, 13)), "2024-01", "2024-02", "2024-03"]
    rows = [["Measure", *months, "YTD"], ["Contacts", *range(1, 13), 78], ["Re-referral rate", *[5] * 13]]
    reading = read(MONTHS, wide(rows, ()), "some.xlsx", YEAR)
    assert len(taken(reading)) == 26
    assert ("contacts", "2023-24", "78") in taken(reading)


def test_months_of_other_quarters_are_left_out_and_said_to_be() -> None:
    rows = [["Measure", "Mar-23", *DAYS, "YTD"], ["Contacts", 9, 10, 20, 30, 60], ["Re-referral rate", 8, *BODY[1][1:]]]
    reading = read_q1(MONTHS, wide(rows, ()))
    assert taken(reading) == ALL
    assert "information: The sheet has months of other periods too. [some return.xlsx, sheet Data, B1]" in whats(
        reading
    )


def test_the_heading_of_a_group_with_the_words_of_a_row_is_not_taken_for_it() -> None:
    rows = [*WIDE[:3], ["Contacts"], *BODY]
    assert (taken(read_q1(MONTHS, wide(rows))), whats(read_q1(MONTHS, wide(rows)))) == (ALL, "")


def test_the_table_for_the_suites_has_what_was_sent_as_text() -> None:
    rows = read_q1(MONTHS, wide()).rows
    assert list(rows) == ["measure", "label", "period", "value", "_sheet", "_cell"]
    assert rows.iloc[4].tolist() == ["rate", "Re-referral rate", "2023-04", "24.9%", "Data", "B5"]


def row_of(label: str, *values: object) -> list[list[object]]:
    return [*[list(row) for row in WIDE], [label, *values]]


def replaced(row: int, column: int, value: object) -> list[list[object]]:
    rows = [list(row) for row in WIDE]
    rows[row][column] = value
    return rows


FAULTS: list[tuple[str, bytes, Severity, str, str]] = [
    # what is wrong, the file, severity, what is said, and what is left of the sixteen: how many values
    ("an unknown row", wide(row_of("Contact", 1, 2, 3, 6)), "information",
     "row 'Contact' is not known. [some return.xlsx, sheet Data, A6]", "8"),
    ("values without a label", wide(row_of("", 1, 2, 3, 6)), "information", "A row without a label is not known", "8"),
    ("a renamed row", wide(replaced(3, 0, "Contakts")), "information", "If it is 'Contacts', use that label", "4"),
    ("a row that is gone", wide([row for row in WIDE if row[0] != "Contacts"]), "look_at", "not there: 'Contacts'",
     "4"),
    ("a row twice", wide(row_of("Contacts", 1, 2, 3, 6)), "must_fix",
     "The row 'Contacts' stands there more than once. [some return.xlsx, sheet Data, A4, A6]", "4"),
    ("empty cells", wide(replaced(3, 2, None)), "look_at", "One place is empty. [some return.xlsx, sheet Data, C4]",
     "7"),
    ("an error of Excel", wide(replaced(3, 2, "#N/A")), "must_fix",
     "an error of the spreadsheet, such as #N/A or #REF!. [some return.xlsx, sheet Data, C4]", "7"),
    ("a comma in a wrong place", wide(replaced(3, 2, "12,34")), "must_fix", "sheet Data, C4", "7"),
    ("a formula never worked out", wide(replaced(3, 4, "=SUM(B4:D4)")), "must_fix",
     "a formula whose result was not saved", "7"),
    ("one value merged over months", wide(replaced(3, 1, 60), ("A2:A3", "B2:D2", "E2:E3", "B4:D4")), "must_fix",
     "merged over several cells", "5"),
    ("an unknown column", wide([[*row, f"more {n}"] for n, row in enumerate(WIDE)]), "information",
     "The column 'more 2' is not known", "8"),
    ("a month twice", wide([["Measure", "Apr-23", "Apr-23", "Jun-23", "YTD"], *BODY], ()), "must_fix",
     "The month 2023-04 stands there more than once. [some return.xlsx, sheet Data, B1, C1]", "4"),
    ("a month missing", wide([["Measure", "Apr-23", "May-23", "Total", "YTD"], *BODY], ()), "must_fix",
     "no column for June 2023", "6"),
    ("no year to date", wide([["Measure", *DAYS, "Sum"], *BODY], ()), "look_at",
     "no column 'Year to date' for this period", "6"),
    ("last year's year to date", wide([["Measure", *DAYS, "YTD 2022-23"], *BODY], ()), "look_at",
     "no column 'Year to date'", "6"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "severity", "says", "left"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_said_and_the_rest_is_read(data: bytes, severity: Severity, says: str, left: str) -> None:
    reading = read_q1(MONTHS, data)
    assert reading.state == "read"
    assert [p for p in whats(reading).split("\n") if p.startswith(severity) and says in p], whats(reading)
    assert str(len(taken(reading))) == left


NOT_TAKEN: list[tuple[str, bytes, str, str]] = [
    ("another quarter", wide([["Measure", "Jul-23", "Aug-23", "Sep-23", "YTD"], *BODY], ()), "wrong_period",
     "None of the months"),
    ("last year",
     wide([["Measure", "2022-23", None, None, "YTD"], [None, "Apr", "May", "Jun", None], *BODY], ("B1:D1",)),
     "wrong_period", "None of the months"),
    ("months without a year", wide([["Measure", "Apr", "May", "Jun", "YTD"], *BODY], ()), "wrong_layout",
     "have no year"),
    ("another sheet", workbook({"Daten": WIDE}), "wrong_layout",
     "There is no sheet 'Data'. [some return.xlsx] Its figures are missing from the register and the draft. "
     "Give the sheet its agreed name again; it may be the one now called 'Daten'."),
    ("two sheets of that name", workbook({"Data": WIDE, "Dataset": WIDE}), "wrong_layout",
     "Two sheets could be 'Data'"),
    ("no heading", wide(WIDE[3:], ()), "wrong_layout", "has no heading 'Measure'"),
    ("no months", wide([["Measure", "This", "that", "other", "all"], *BODY], ()), "wrong_layout",
     "No month stands in the heading"),
    ("nothing filled in", wide([*WIDE[:3], ["Contacts"], ["Re-referral rate"]]), "empty", "nothing filled in"),
    ("no rows at all", wide(WIDE[:3]), "wrong_layout", "Nothing in the file"),
    ("an empty workbook", workbook({"Data": []}), "wrong_layout", "has no heading"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "state", "says"), [f[1:] for f in NOT_TAKEN], ids=[f[0] for f in NOT_TAKEN])
def test_a_workbook_of_which_nothing_can_be_taken(data: bytes, state: str, says: str) -> None:
    reading = read_q1(MONTHS, data)
    assert (reading.state, taken(reading)) == (state, [])
    assert says in whats(reading)
    assert any(problem.severity == "must_fix" for problem in reading.problems)


def test_a_hidden_sheet_is_read_and_said_to_be_hidden() -> None:
    book = openpyxl.load_workbook(io.BytesIO(wide()))
    book.create_sheet("Seen")
    book["Data"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    reading = read_q1(MONTHS, out.getvalue())
    assert (taken(reading), "look_at: The sheet is hidden." in whats(reading)) == (ALL, True)


# Lists and narrative


def test_a_list_and_its_narrative_are_read() -> None:
    reading = read_q1(LIST, lists())
    assert taken(reading) == [("events", "2023-24-Q1", "3"), ("people", "2023-24-Q1", "1204")]
    assert (observed(reading, "events", "2023-24-Q1").note, reading.stated_period) == ("our own list", "2023-24-Q1")
    assert observed(reading, "people", "2023-24-Q1").place.cell == "B6"
    assert [(n.topic, n.part, n.items, n.place.cell) for n in reading.narrative] == [
        ("2.1", "done", ("We met", "We asked"), "B2"),
        ("2.1", "impact", ("They said so",), "C2"),
        ("deep-dive", "done", ("We looked",), "B3"),
    ]
    assert whats(reading).startswith("look_at: One place is not answered. [some return.xlsx, sheet Narrative, C3]")


def test_a_list_of_the_year_is_for_the_year() -> None:
    assert ("events", "2023-24", "3") in taken(read(LIST, lists(period="2023/24"), "some.xlsx", YEAR))


PERIODS: list[tuple[object, str, str]] = [
    ("Q2 2023-24", "wrong_period", "says that it is for 2023-24-Q2, but it was sent for 2023-24-Q1"),
    ("2023-24", "wrong_period", "says that it is for 2023-24,"),
    (DAYS[0].replace(month=6, day=30), "read", ""),  # the last day of the quarter
    ("some time ago", "read", "does not say which period it is for"),
    (None, "read", "does not say which period it is for"),
]


@pytest.mark.parametrize(("period", "state", "says"), PERIODS, ids=[str(p[0]) for p in PERIODS])
def test_the_stated_period_is_checked(period: object, state: str, says: str) -> None:
    reading = read_q1(LIST, lists(period=period))
    assert (reading.state, bool(taken(reading))) == (state, state == "read")
    assert says in whats(reading)
    assert "some time ago" not in whats(reading)


def test_two_columns_for_one_value_are_not_guessed_between() -> None:
    sheet = [["Period", "Q1 2023-24"], ["Figure", "This quarter", "This quarter"], ["Events held", 1, 2]]
    reading = read_q1(LIST, workbook({"Figures": sheet, "Narrative": [["Topic", "Done", "Impact"]]}))
    assert (reading.state, taken(reading)) == ("wrong_layout", [])
    assert "stands there more than once. [some return.xlsx, sheet Figures, B2, C2]" in whats(reading)


def with_context(**more: object) -> Source:
    sheet = {
        "shape": "list",
        "sheet": ["Context"],
        "label": ["Figure"],
        "value": ["Value"],
        "rows": {"homes": ["Homes"]},
        **more,
    }
    return source({"layout": "workbook", "area": "north", "sheets": [MONTHS.layout.model_dump()["sheets"][0], sheet]})


def test_a_sheet_of_the_fourth_quarter_is_missed_in_the_fourth_quarter_only() -> None:
    rows = {Q1: wide(), Q4: wide([["Measure", "Jan-24", "Feb-24", "Mar-24", "YTD"], *BODY], ())}
    missed = {
        period: "no sheet 'Context'" in whats(read(with_context(yearly=True), data, "a.xlsx", period))
        for period, data in rows.items()
    }
    assert missed == {Q1: False, Q4: True}
    assert "no sheet 'Context'" in whats(read_q1(with_context(), wide()))


def test_a_sheet_may_be_about_an_area_of_its_own() -> None:
    data = workbook({"Data": [["Measure", *DAYS, "YTD"], *BODY], "Context": [["Figure", "Value"], ["Homes", 7]]})
    areas = {o.measure: o.area for o in read_q1(with_context(area="south"), data).observations}
    assert areas == {"contacts": "north", "rate": "north", "homes": "south"}


# OpenDocument


def opendocument(cells: str, name: str = "Data") -> bytes:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    table = f'<table:table table:name="{name}">{cells}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content{names}>{body}</office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


def ods_cell(shown: str, kind: str = "string", value: str = "", **more: object) -> str:
    extra = "".join(f' table:{key.replace("_", "-")}="{number}"' for key, number in more.items())
    key = "date-value" if kind == "date" else "value"
    words = f"<text:p>{escape(shown)}</text:p>"
    return f'<table:table-cell office:value-type="{kind}" office:{key}="{value}"{extra}>{words}</table:table-cell>'


def ods_rows(*rows: Sequence[str]) -> str:
    return "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)


def test_an_opendocument_workbook_is_read_alike() -> None:
    covered = "<table:covered-table-cell/>"
    reading = read_q1(MONTHS, opendocument(ods_rows(
        [ods_cell("Dataset"), '<table:table-cell table:number-columns-repeated="16383"/>'],
        [ods_cell("Measure", number_rows_spanned=2), ods_cell("2023-24", number_columns_spanned=3), covered, covered,
         ods_cell("YTD")],
        [covered, ods_cell("Apr"), ods_cell("May"), ods_cell("Jun"), covered],
        [ods_cell("Contacts"), *(ods_cell(str(n), "float", str(n)) for n in (10, 20, 30, 60))],
        [ods_cell("Re-referral rate"), ods_cell("24.9%", "percentage", "0.249"), ods_cell("<5"), ods_cell("c"),
         ods_cell("25%", "percentage", "0.25")],
    ) + '<table:table-row table:number-rows-repeated="1048571"><table:table-cell/></table:table-row>'))  # fmt: skip
    assert (taken(reading), whats(reading)) == (ALL, "")
    assert observed(reading, "rate", "2023-05").place.cell == "C5"


def test_an_opendocument_workbook_may_have_real_dates() -> None:
    heading = [ods_cell("Measure"), *(ods_cell("x", "date", f"{day}T00:00:00") for day in DAYS), ods_cell("YTD")]
    row = [ods_cell("Contacts"), *(ods_cell(str(n), "float", str(n)) for n in (10, 20, 30, 60))]
    assert taken(read_q1(MONTHS, opendocument(ods_rows(heading, row)))) == ALL[:4]


def test_a_cell_repeated_to_the_end_of_an_opendocument_sheet_is_refused() -> None:
    reading = read_q1(MONTHS, opendocument(ods_rows([ods_cell("1", "float", "1", number_columns_repeated=16384)])))
    assert (reading.state, "far larger than a return" in whats(reading)) == ("unreadable", True)


def test_a_value_is_never_named_in_a_problem() -> None:
    marked = "marked-7731"
    readings: list[Reading] = [
        read_q1(MONTHS, wide(replaced(3, 2, marked))),
        read_q1(LIST, lists(value=marked)),
        read_q1(LIST, lists(period=marked)),
        read(MONTHS, wide(replaced(3, 2, marked)), "some.xlsx", Q2),
    ]
    assert [marked in whats(reading) for reading in readings] == [False] * 4
    assert all(reading.problems for reading in readings)


def test_a_figure_that_could_not_be_read_is_kept_with_its_place_and_without_what_stands_there() -> None:
    (unread,) = read_q1(MONTHS, wide(replaced(3, 1, "about 8,123"))).unread
    assert (unread.area, unread.measure) == ("north", "contacts")
    assert "sheet" in unread.place and "8,123" not in str(unread)
