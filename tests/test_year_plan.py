"""What falls on a day: each quarter is run once, after everything is due; returns and deadlines are told in time.

Over clock changes, leap days, bank holidays and days on which no machine was on.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.load import load_partnership
from config.model import Deadline
from config.partnership import Partnership
from config.periods import Quarter
from tasks.due import due_on
from tasks.year_plan import LOOKS_BACK, coming_due, deadlines_on, runs_on, to_run
from tests.conftest import ROOT

DAYS = st.dates(date(2023, 1, 1), date(2034, 12, 31))


@pytest.fixture(scope="module")
def eastmere() -> Partnership:
    return load_partnership("eastmere", ROOT / "tests/partnerships")


@pytest.fixture(scope="module")
def sample() -> Partnership:
    return load_partnership("hsscp")


def test_a_quarter_is_run_on_the_morning_after_its_last_return_is_due(sample: Partnership) -> None:
    quarter = Quarter(2026, 3)
    assert max(due_on(source, quarter) for source in sample.due("quarter")) == date(2027, 2, 1)  # from a Saturday on
    assert runs_on(sample, quarter) == date(2027, 2, 2)


@settings(max_examples=20)  # 366 mornings each
@given(day=DAYS)
@example(day=date(2023, 1, 22))  # a quarter's day was the one before, and in the year after one later: three in a year
def test_in_a_year_of_mornings_each_quarter_is_run_on_its_own_and_on_no_other(eastmere: Partnership, day: date) -> None:
    mornings = [day + timedelta(days=n) for n in range(366)]
    around = [Quarter(year, number) for year in range(day.year - 2, day.year + 3) for number in (1, 2, 3, 4)]
    started = [
        (quarter, morning) for morning in mornings for quarter in to_run(eastmere, morning, lambda quarter: False)
    ]
    own = {quarter: runs_on(eastmere, quarter) for quarter in around}
    assert started == [(quarter, own[quarter]) for quarter in around if own[quarter] in mornings]
    assert len(started) in (3, 4, 5)


@given(day=DAYS, off=st.integers(0, LOOKS_BACK))
def test_a_day_that_was_missed_is_made_up_for_where_the_quarter_was_opened(
    eastmere: Partnership, day: date, off: int
) -> None:
    quarter = Quarter.ended_by(day)
    back_on = runs_on(eastmere, quarter) + timedelta(days=off)
    assert quarter in to_run(eastmere, back_on, {quarter}.__contains__)
    assert (quarter in to_run(eastmere, back_on, lambda quarter: False)) == (off == 0)


def test_a_quarter_long_past_is_not_run_again(eastmere: Partnership) -> None:
    quarter = Quarter(2026, 1)
    late = runs_on(eastmere, quarter) + timedelta(days=LOOKS_BACK + 1)
    assert quarter not in to_run(eastmere, late, lambda quarter: True)


@given(day=DAYS)
def test_only_what_is_due_soon_and_has_not_come_is_told(sample: Partnership, day: date) -> None:
    told = coming_due(sample, day, lambda quarter: {"return-training"})
    for one in told:
        assert (one.due - day).days in sample.profile.remind_before_due
        assert one.source.id != "return-training"
    quarter = Quarter.ended_by(day)
    wanted = {source.id for source in sample.due("quarter") if (due_on(source, quarter) - day).days in (1, 7)}
    assert wanted - {"return-training"} <= {one.source.id for one in told}


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2027, 6, 2), [("drafts", "2026-27", date(2027, 6, 30))]),
        (date(2027, 9, 30), [("publication", "2026-27", date(2027, 9, 30)), ("copies", "2026-27", date(2027, 10, 7))]),
        (date(2027, 10, 7), [("copies", "2026-27", date(2027, 10, 7))]),
        (date(2027, 10, 8), []),
        (date(2028, 2, 29), []),
    ],
)
def test_deadlines_are_told_on_their_days_for_the_year_before(sample: Partnership, day: date, told: list) -> None:
    assert _told(sample, day, None) == told


def _told(sample: Partnership, day: date, published: date | None) -> list[tuple[str, str, date]]:
    """What is told on a day where the report of 2026-27 was published on another, and none else."""
    found = deadlines_on(sample, day, lambda year: published if str(year) == "2026-27" else None)
    return [(one.deadline.id, str(one.year), one.day) for one in found]


@pytest.mark.parametrize("published", [date(2027, 7, 15), date(2027, 9, 30), date(2027, 12, 29), date(2028, 1, 3)])
def test_copies_are_due_seven_days_after_the_real_publication(sample: Partnership, published: date) -> None:
    """The morning round comes before people publish, so the first reminder is that of the morning after."""
    due, copies = published + timedelta(days=7), []
    for after in range(1, 60):
        day = published + timedelta(days=after)
        copies += [(day, one) for one in _told(sample, day, published) if one[0] == "copies"]
    assert [(day, one[2]) for day, one in copies if one[1] == "2026-27"] == [
        (due - timedelta(days=before), due) for before in (6, 3, 0)
    ]
    assert {one[1] for _, one in copies} == {"2026-27"}


def test_a_publication_of_a_later_day_does_not_count_yet(sample: Partnership) -> None:
    calendar = [("copies", "2026-27", date(2027, 10, 7))]
    assert _told(sample, date(2027, 10, 4), date(2027, 10, 5)) == _told(sample, date(2027, 10, 4), None) == calendar


def test_a_deadline_may_not_be_on_a_day_that_some_years_lack() -> None:
    with pytest.raises(ValueError, match="day"):
        Deadline(id="leap", asks="Something", month=2, day=29)
    with pytest.raises(ValueError, match="0 to 183"):
        Deadline(id="late", asks="Something", month=2, day=28, remind_before=(-1,))
