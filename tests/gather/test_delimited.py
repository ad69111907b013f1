"""Text files are read with the right lines, in any encoding that comes, and records are counted exactly."""

from decimal import Decimal

import pytest

from config.layouts import Source
from tasks.gather import read
from tasks.gather.collect import lines
from tests.gather.files import LONG, Q2, Q4, ROWS, observed, read_q1, source, taken, text, whats

HEAD = "Code;Period;Value;Source"
ROW = ("FD01;Q1 2023/24;1,099;the hub", "FD01;2023/24 YTD;1,099;", "FD02;Q1 2023/24;c;", "FD02;2023/24 YTD;<5;")
ALL = [
    ("contacts", "2023-24-Q1", "1099"), ("contacts", "2023-24-Q1-ytd", "1099"),
    ("referrals", "2023-24-Q1", "c"), ("referrals", "2023-24-Q1-ytd", "<5"),
]  # fmt: skip


def test_a_long_file_is_read() -> None:
    reading = read_q1(LONG, text(HEAD, *ROW), "some data.csv")
    assert (taken(reading), whats(reading)) == (ALL, "")
    contacts = observed(reading, "contacts", "2023-24-Q1")
    assert (contacts.place.words, contacts.note, contacts.area) == ("some data.csv, line 2", "the hub", "south")


ENCODED = [
    ("UTF-8", text(HEAD, "FD01;Q1 2023/24;1;the hub – north")),
    ("UTF-8 with a byte order mark", text(HEAD, "FD01;Q1 2023/24;1;the hub – north", encoding="utf-8-sig")),
    ("Windows", text(HEAD, "FD01;Q1 2023/24;1;the hub – north", encoding="cp1252")),
]


@pytest.mark.parametrize("data", [e[1] for e in ENCODED], ids=[e[0] for e in ENCODED])
def test_an_encoding_is_recognised(data: bytes) -> None:
    assert observed(read_q1(LONG, data), "contacts", "2023-24-Q1").note == "the hub – north"


def test_bytes_of_no_known_encoding_are_refused() -> None:
    reading = read_q1(LONG, text(HEAD, "FD01;Q1 2023/24;1;") + b"\x81\x8d")
    assert (reading.state, "encoding that is not known" in whats(reading)) == ("unreadable", True)


@pytest.mark.parametrize("end", ["\r\n", "\n"], ids=["Windows", "Unix"])
def test_lines_are_right_below_a_field_that_runs_over_lines(end: str) -> None:
    data = text(HEAD, f'FD01;Q1 2023/24;1;"one{end}two{end}three"', "", "FD02;Q1 2023/24;2;", end=end)
    reading = read_q1(LONG, data)
    places = [o.place.cell for o in reading.observations]
    assert (places, reading.rows["_line"].tolist()) == (["line 2", "line 6"], [2, 6])


def test_the_table_for_the_suites_has_what_was_sent_as_text() -> None:
    rows = read_q1(LONG, text(HEAD, *ROW)).rows
    assert list(rows) == ["code", "period", "value", "note", "_line"]
    assert rows.iloc[0].tolist() == ["FD01", "Q1 2023/24", "1,099", "the hub", 2]


def test_the_year_to_date_of_the_fourth_quarter_and_a_row_of_the_year_are_the_year() -> None:
    data = text(HEAD, "FD01;2023/24 YTD;5;", "FD02;2023-24;6;")
    assert taken(read(LONG, data, "some.csv", Q4)) == [("contacts", "2023-24", "5"), ("referrals", "2023-24", "6")]


FAULTS = [
    # what is wrong, rows, what is said, how many values are left
    ("a row of another quarter", [*ROW, "FD01;Q4 2022/23;1;"],
     "look_at: 1 row has another period than 2023-24-Q1. [some.csv, line 6]", 4),
    ("last year's year to date", [*ROW, "FD01;2022/23 YTD;1;"],
     "1 row has another period than 2023-24-Q1. [some.csv, line 6]", 4),
    ("a period that cannot be read", [*ROW, "FD01;some day;1;"],
     "must_fix: 1 row has a period that cannot be read. [some.csv, line 6]", 4),
    ("a row twice", [*ROW, ROW[0]],
     "must_fix: The same code and period stand there more than once. [some.csv, lines 2, 6]", 3),
    ("an unknown code", [*ROW, "FD03;Q1 2023/24;1;"], "information: The code 'FD03' is not known. [some.csv, line 6]",
     4),
    ("a mistyped code", ["FD1;Q1 2023/24;1;", *ROW[2:]], "If it is 'FD01', use that code.", 2),
    ("a code that is gone", ROW[:2], "look_at: Codes that are expected are not there: 'FD02'. [some.csv]", 2),
    ("empty values", ["FD01;Q1 2023/24;;", "FD01;2023/24 YTD; ;", *ROW[2:]],
     "look_at: 2 places are empty. [some.csv, lines 2-3]", 2),
    ("what is no value", ["FD01;Q1 2023/24;marked-7731;", *ROW[1:]], "must_fix: One place does not hold a value", 3),
    ("too many fields", [*ROW, "FD01;Q1 2023/24;1;a;b"],
     "must_fix: 1 row has more or fewer fields than the heading. [some.csv, line 6]", 4),
    ("too few fields", [*ROW, "FD01;Q1 2023/24", "FD01"],
     "2 rows have more or fewer fields than the heading. [some.csv, lines 6-7]", 4),
    ("delimiters at the end of a line", [ROW[0] + ";;", *ROW[1:]], "", 4),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "says", "left"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_said_and_the_rest_is_read(rows: list[str], says: str, left: int) -> None:
    reading = read_q1(LONG, text(HEAD, *rows), "some.csv")
    assert says in whats(reading)
    assert (reading.state, len(reading.observations)) == ("read", left)
    assert "7731" not in whats(reading)


NOT_TAKEN = [
    ("another quarter", text(HEAD, "FD01;Q2 2023/24;1;", "FD02;Jul-23;1;"), "wrong_period",
     "No row of the file is for 2023-24-Q1"),
    ("only a heading", text(HEAD), "empty", "no rows below its heading"),
    ("blank lines", b"\r\n\r\n", "empty", "The file is empty"),
    ("a renamed heading", text("Code;Perod;Value", "FD01;Q1 2023/24;1"), "wrong_layout",
     "'Period' may be the column now called 'Perod'"),
    ("a heading twice", text("Code;Period;Value;VALUE:", "FD01;Q1 2023/24;1;2"), "wrong_layout",
     "More than one column could be 'Value'. [some.csv, heading]"),
    ("other codes", text(HEAD, "X;Q1 2023/24;1;"), "wrong_layout", "The code 'X' is not known"),
    ("nothing filled in", text(HEAD, "FD01;Q1 2023/24;;"), "empty", "nothing filled in"),
    ("an open quotation mark", text(HEAD, "FD01;Q1 2023/24;1;x", 'FD02;Q1 2023/24;1;"open', "more"), "unreadable",
     "opened and not closed, or stands in the middle of a field. [some.csv, line 3]"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "state", "says"), [f[1:] for f in NOT_TAKEN], ids=[f[0] for f in NOT_TAKEN])
def test_a_long_file_of_which_nothing_can_be_taken(data: bytes, state: str, says: str) -> None:
    reading = read_q1(LONG, data, "some.csv")
    assert (reading.state, reading.observations) == (state, ())
    assert says in whats(reading)
    assert any(problem.severity == "must_fix" for problem in reading.problems)


def test_two_codes_may_carry_one_measure() -> None:
    layout = {**LONG.layout.model_dump(), "codes": {"A": "contacts", "B": "contacts"}}
    reading = read_q1(source(layout), text(HEAD, "A;Q1 2023/24;5;", "B;Q1 2023/24;6;"))
    assert taken(reading) == [("contacts", "2023-24-Q1", "5"), ("contacts", "2023-24-Q1", "6")]
    assert len({o.id for o in reading.observations}) == 2


def test_codes_of_the_fourth_quarter_are_missed_in_the_fourth_quarter_only() -> None:
    yearly = source({**LONG.layout.model_dump(), "yearly": ["FD02"]})
    assert "expected" not in whats(read_q1(yearly, text(HEAD, *ROW[:2])))
    assert "'FD02'" in whats(read(yearly, text(HEAD, "FD01;Q4 2023/24;1;"), "some.csv", Q4))


# Records

RECORDS = (
    "Event,Event date,Status,Learner,Hours",
    "E1,18/04/2023,Attended,L-1,2",
    "E1,2023-04-18,attended ,L-2,1.5",
    "E1,18/04/2023 09:30,Did not attend,L-3,",
    "E2,30/06/2023 23:59,Came,l-1,9",
    "E2,01/04/2023,,L-4,",
    "E2,2023-04-01T10:00:00,Attended,L-1,0.5",
)


def test_records_are_counted_with_their_lines_and_in_words() -> None:
    reading = read_q1(ROWS, text(*RECORDS), "bookings.csv")
    assert whats(reading) == ""
    assert [(o.measure, o.value, o.place.cell, o.how) for o in reading.observations] == [
        ("attended", Decimal(4), "lines 2-3, 5, 7", "4 of 6 rows where status is Attended or Came"),
        ("sessions", Decimal(2), "lines 2-7", "2 different values of event in 6 rows"),
        (
            "learners",
            Decimal(2),
            "lines 2-3, 7",
            "2 different values of learner in 3 of 6 rows where status is Attended",
        ),
        ("hours", Decimal("4.0"), "lines 2-3, 7", "sum of hours in 3 of 6 rows where status is Attended"),
    ]
    assert {o.period for o in reading.observations} == {"2023-24-Q1"}


def test_the_records_are_there_for_the_suites_under_the_ids_of_their_columns() -> None:
    rows = read_q1(ROWS, text(*RECORDS)).rows
    assert list(rows) == ["event", "date", "status", "learner", "hours", "_line"]
    assert rows.iloc[1].tolist() == ["E1", "2023-04-18", "attended ", "L-2", "1.5", 3]


def test_nothing_counted_is_nought_of_all_rows() -> None:
    reading = read_q1(ROWS, text(RECORDS[0], "E1,18/04/2023,Cancelled,L-1,2"))
    attended = observed(reading, "attended", "2023-24-Q1")
    assert (attended.value, attended.how) == (Decimal(0), "0 of 1 rows where status is Attended or Came")
    assert attended.place.cell == "line 2"


def test_a_file_of_months_is_counted_too() -> None:
    reading = read_q1(
        ROWS,
        text(
            "Event,Month,Status,Learner,Hours",
            "E1,Apr 2023,Attended,,131",
            "E1,2023-06,Attended,,9",
            "E1,Jul 2023,Attended,,5",
        ),
    )
    assert observed(reading, "hours", "2023-24-Q1").value == 140
    assert "1 row has a date outside 2023-24-Q1" in whats(reading)


COUNT_FAULTS = [
    # what is wrong, the row that is put to the good ones, what is said, how many attended
    ("a date before the quarter", "E1,31/03/2023,Attended,L-1,2",
     "must_fix: 1 row has a date outside 2023-24-Q1 (April to June 2023). [b.csv, column Event date, line 8]", 4),
    ("a date after the quarter", "E1,2023-07-01,Attended,L-1,2", "must_fix: 1 row has a date outside 2023-24-Q1", 4),
    ("no date", "E1,,Attended,L-1,2",
     "must_fix: 1 row has no date that can be read. [b.csv, column Event date, line 8]", 4),
    ("a date with a short year", "E1,18/04/23,Attended,L-1,2", "1 row has no date that can be read", 4),
    ("a date that is none", "E1,31/04/2023,Attended,L-1,2", "1 row has no date that can be read", 4),
    ("words for a date", "E1,marked-7731,Attended,L-1,2", "1 row has no date that can be read", 4),
    ("an unknown status", "E1,18/04/2023,Attnded,L-1,2", "", 4),
    ("nobody", "E1,18/04/2023,Attended,,2",
     "look_at: 1 row has nothing in a column that is counted. [b.csv, column Learner, line 8]", 5),
]  # fmt: skip


@pytest.mark.parametrize(("row", "says", "attended"), [f[1:] for f in COUNT_FAULTS], ids=[f[0] for f in COUNT_FAULTS])
def test_a_fault_in_a_record_is_said_and_the_rest_is_counted(row: str, says: str, attended: int) -> None:
    reading = read_q1(ROWS, text(*RECORDS, row), "b.csv")
    assert says in whats(reading)
    assert observed(reading, "attended", "2023-24-Q1").value == attended
    assert "7731" not in whats(reading)


@pytest.mark.parametrize("hours", ["", "many", "<5"], ids=["blank", "words", "suppressed"])
def test_a_sum_with_a_part_missing_is_not_made(hours: str) -> None:
    reading = read_q1(ROWS, text(*RECORDS, f"E1,18/04/2023,Attended,L-1,{hours}"), "b.csv")
    assert "hours" not in {o.measure for o in reading.observations}
    assert "no number in a column that is added up. [b.csv, column Hours, line 8]" in whats(reading)


def test_american_dates_are_refused_as_a_whole() -> None:
    """04/05/2023 would pass for the 4th of May; one date with a 13th month or later gives the order away."""
    reading = read_q1(ROWS, text(RECORDS[0], "E1,04/05/2023,Attended,L-1,2", "E1,04/18/2023,Attended,L-2,2"), "b.csv")
    assert (reading.state, reading.observations) == ("wrong_layout", ())
    assert "the month before the day. [b.csv, column Event date, line 3]" in whats(reading)


def test_records_of_another_quarter_are_not_counted() -> None:
    reading = read(ROWS, text(*RECORDS), "b.csv", Q2)
    assert (reading.state, reading.observations) == ("wrong_period", ())


def test_counting_fifty_thousand_records_takes_seconds_at_most() -> None:
    import time

    data = text(RECORDS[0], *(f"E{n % 99},{n % 28 + 1:02}/05/2023,Attended,L-{n % 7000},1" for n in range(50_000)))
    began = time.process_time()
    reading = read_q1(ROWS, data)
    assert [o.value for o in reading.observations] == [50_000, 99, 7000, 50_000]
    assert time.process_time() - began < 10


RANGES = [
    ([12], "line 12"),
    ([2, 3, 4], "lines 2-4"),
    ([44, 2, 3, 4, 3], "lines 2-4, 44"),
    ([1, 3, 5], "lines 1, 3, 5"),
]


@pytest.mark.parametrize(("numbers", "words"), RANGES, ids=[row[1] for row in RANGES])
def test_lines_are_named_as_ranges(numbers: list[int], words: str) -> None:
    assert lines(numbers) == words


def test_an_id_stays_short_however_many_lines_a_figure_is_counted_from() -> None:
    data = text(RECORDS[0], *(f"E1,18/04/2023,{'Attended' if n % 2 else 'Cancelled'},L-1,1" for n in range(2000)))
    attended = observed(read_q1(ROWS, data), "attended", "2023-24-Q1")
    assert len(attended.place.cell) > 4000
    assert len(attended.id) < 150


@pytest.mark.parametrize(
    ("of", "data"), [(LONG, text(HEAD, *ROW)), (ROWS, text(*RECORDS))], ids=["a long file", "records"]
)
def test_the_same_file_is_read_the_same_twice(of: Source, data: bytes) -> None:
    assert read_q1(of, data) == read_q1(of, data)
    assert read_q1(of, data).observations
