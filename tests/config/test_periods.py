"""Periods are read in all the ways in which people write them, and none is guessed."""

from datetime import date

import pytest

from config.periods import Month, Quarter, ReportingYear, parse_period

WRITTEN = [
    ("2023-24", ReportingYear(2023)),
    ("2023/24", ReportingYear(2023)),
    ("2023 – 2024", ReportingYear(2023)),  # the en dash of a typed report
    ("2023/2024", ReportingYear(2023)),
    ("23-24", ReportingYear(2023)),
    ("202324", ReportingYear(2023)),  # the DfE's form
    ("1999-00", ReportingYear(1999)),
    ("2023-24-Q4", Quarter(2023, 4)),
    ("Q1 2023/24", Quarter(2023, 1)),
    ("2023-2024 quarter 3", Quarter(2023, 3)),
    ("2023-04", Month(2023, 4)),
    ("Apr-23", Month(2023, 4)),
    ("April 2023", Month(2023, 4)),
    ("Sept 23", Month(2023, 9)),
]


@pytest.mark.parametrize(("text", "period"), WRITTEN, ids=[w[0] for w in WRITTEN])
def test_a_period_is_read(text: str, period: object) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize("text", ["", "summer", "2023-25", "Q5 2023-24", "2023", "Smarch 2023"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names no|is not a financial year"):
        parse_period(text)


@pytest.mark.parametrize("period", [Month(2024, 2), Quarter(2023, 4), ReportingYear(2023)], ids=str)
def test_what_is_written_is_read_again(period: object) -> None:
    assert parse_period(str(period)) == period


def test_days_of_a_leap_year() -> None:
    assert Month(2024, 2).last_day == date(2024, 2, 29)
    assert (Quarter(2023, 4).first_day, Quarter(2023, 4).last_day) == (date(2024, 1, 1), date(2024, 3, 31))


ENDED = [
    # a day, and the quarter that has ended by then
    (date(2024, 3, 31), Quarter(2023, 4)),  # the last day counts
    (date(2024, 3, 30), Quarter(2023, 3)),
    (date(2024, 4, 1), Quarter(2023, 4)),
    (date(2024, 6, 30), Quarter(2024, 1)),
    (date(2024, 1, 15), Quarter(2023, 3)),
]


@pytest.mark.parametrize(("day", "quarter"), ENDED, ids=[str(e[0]) for e in ENDED])
def test_the_quarter_that_has_just_ended(day: date, quarter: Quarter) -> None:
    assert Quarter.ended_by(day) == quarter


def test_the_period_before_goes_over_the_end_of_a_year() -> None:
    periods = (Quarter(2023, 3), Quarter(2023, 1), ReportingYear(2023))
    assert [str(period.before) for period in periods] == ["2023-24-Q2", "2022-23-Q4", "2022-23"]
