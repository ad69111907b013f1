"""Headings, cells and rows say for which period they are in many ways; none is guessed."""

import pytest

from config.periods import Month, Period, Quarter, ReportingYear, Return
from tasks.gather.labels import nearest, plain
from tasks.gather.stated import belongs, find_period, find_year, is_year_to_date, month_in, year_to_date
from tests.gather.files import Q1, Q2, Q4, YEAR

STATED = [
    ("Q1 2023-24", Q1),
    ("Q1 2023-24 (April to June 2023)", Q1),
    ("Q1 2023-24 (July to September 2023)", None),  # contradicts itself
    ("April to June 2023", Q1),
    ("Apr - Jun 2023", Q1),
    ("October 2023 to December 2023", Quarter(2023, 3)),
    ("January to March 2024", Q4),
    ("April 2023 to March 2024", YEAR),
    ("April to July 2023", None),  # no quarter
    ("2023/24", YEAR),
    ("Apr-23", Month(2023, 4)),
    ("1 April 2023", Month(2023, 4)),  # by its first day
    ("30-Apr-23", Month(2023, 4)),  # or its last
    ("01/04/23", Month(2023, 4)),
    ("04/30/2023", None),  # never the month first
    ("15 April 2023", None),  # one day
    ("Q1", None),  # of which year?
    ("2021", None),  # a calendar year, not 2020-21
    ("Q1 2021", None),
    ("last quarter", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "period"), STATED, ids=[row[0] or "nothing" for row in STATED])
def test_a_stated_period_is_read(text: str, period: object) -> None:
    assert find_period(text) == period


YEARS = [
    ("Dataset 2023-24, quarter 1", ReportingYear(2023)),
    ("Dataset 2023/2024", ReportingYear(2023)),
    ("31 March 2024", None),
    ("0161 2023-25", None),
]


@pytest.mark.parametrize(("text", "year"), YEARS, ids=[row[0] for row in YEARS])
def test_a_year_is_found_in_a_title(text: str, year: object) -> None:
    assert find_year(text) == year


def test_a_bare_month_takes_the_year_above_it() -> None:
    assert month_in("Feb", ReportingYear(2023)) == Month(2024, 2)
    assert month_in("Apr", ReportingYear(2023)) == Month(2023, 4)
    assert month_in("Feb", 2023) == Month(2023, 2)  # a calendar year
    assert month_in("Feb", None) is None


TO_DATE = [
    # text, period, is it the period's year to date?
    ("2023/24 YTD", Q1, True),
    ("YTD", Q1, True),
    ("Year to date", Q1, True),
    ("Year to date (Q2 2023-24)", Q1, False),  # of another quarter
    ("2022/23 YTD", Q1, False),  # of another year
    ("Q1 2023/24", Q1, False),
    ("Yearly", Q1, False),
]


@pytest.mark.parametrize(("text", "period", "expected"), TO_DATE, ids=[row[0] for row in TO_DATE])
def test_the_year_to_date_is_told_from_other_periods(text: str, period: Quarter, expected: bool) -> None:
    assert is_year_to_date(text, ["YTD", "Year to date"], period) is expected


def test_the_year_to_date_of_the_fourth_quarter_is_the_year() -> None:
    assert [year_to_date(p) for p in (Q1, Q2, Q4, YEAR)] == ["2023-24-Q1-ytd", "2023-24-Q2-ytd", "2023-24", "2023-24"]


BELONGS = [
    (Month(2023, 4), Q1, True), (Month(2023, 7), Q1, False), (Q1, Q1, True), (Q2, Q1, False), (YEAR, Q1, False),
    (YEAR, Q4, True), (YEAR, YEAR, True), (Q2, YEAR, True), (Month(2024, 3), YEAR, True),
    (ReportingYear(2022), YEAR, False),
]  # fmt: skip


@pytest.mark.parametrize(("found", "period", "expected"), BELONGS, ids=[f"{b[0]} in {b[1]}" for b in BELONGS])
def test_what_belongs_to_a_return(found: Period, period: Return, expected: bool) -> None:
    assert belongs(found, period) is expected


SAME = ["Re-referrals", "re-referrals ", "Re\u2011referrals", "RE-REFERRALS:", "Re-referrals*", "Re-referrals [note 3]",
        "Re-referrals¹", "Re-referrals\u00a0", " Re-referrals.", "Re-\u200breferrals"]  # fmt: skip


@pytest.mark.parametrize("label", SAME)
def test_labels_are_compared_without_what_people_do_not_see(label: str) -> None:
    assert plain(label) == "re-referrals"


def test_the_nearest_label_is_suggested_and_none_when_none_is_near() -> None:
    assert nearest("Re-refferals", ["Contacts", "Re-referrals"]) == "Re-referrals"
    assert nearest("Budget", ["Contacts", "Re-referrals"]) == ""
