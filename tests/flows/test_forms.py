"""What was chosen on a form, in words, means one period: that of the day for which the run was scheduled, in London."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.errors import Refused
from config.periods import Quarter, ReportingYear
from flows.every_run import british_day
from flows.forms import (
    LATEST,
    YEARS,
    DraftsRequest,
    DraftsWords,
    QuarterRequest,
    QuarterWords,
    WholeWords,
    YearRequest,
    meant_of,
)
from flows.signing_off import SignOff

DAYS = st.dates(date(2016, 4, 1), date(2044, 3, 31))
QUARTERS = st.builds(
    lambda year, number: Quarter(ReportingYear.parse(year).start_year, number),
    st.sampled_from(YEARS),
    st.integers(1, 4),
)


@pytest.mark.parametrize(
    ("scheduled", "quarter"),
    [
        ("2024-03-31T05:00:00+00:00", "2023-24-Q4"),  # 06:00 in London on the day the clocks went forward
        ("2024-06-30T23:30:00+00:00", "2024-25-Q1"),  # already July in London
        ("2024-06-29T22:30:00+00:00", "2023-24-Q4"),  # 29 June, 23:30 in London: the quarter has a day to go
        ("2023-12-31T06:00:00+00:00", "2023-24-Q3"),
        ("2024-02-29T06:00:00+00:00", "2023-24-Q3"),
    ],
)
def test_the_quarter_that_has_just_ended_comes_from_the_scheduled_time_in_london(scheduled: str, quarter: str) -> None:
    assert str(QuarterRequest().meant(british_day(datetime.fromisoformat(scheduled)))) == quarter


@given(DAYS)
def test_what_is_worked_out_has_ended_and_nothing_later_has(day: date) -> None:
    quarter, year = QuarterRequest().meant(day), YearRequest().meant(day)
    assert quarter.last_day <= day < (quarter.last_day + timedelta(days=92))
    assert year.last_day <= day < ReportingYear(year.start_year + 1).last_day
    for number, words in enumerate(get_args(QuarterWords)[1:], 1):
        latest = QuarterRequest(quarter=words).meant(day)
        assert latest.number == number
        assert latest.last_day <= day < Quarter(latest.start_year + 1, number).last_day


@given(QUARTERS, DAYS)
def test_a_form_filled_in_for_a_period_means_it_on_every_day(quarter: Quarter, day: date) -> None:
    assert QuarterRequest.of(quarter).meant(day) == quarter
    assert YearRequest.of(quarter.year).meant(day) == quarter.year
    drafts = DraftsRequest(drafts=get_args(DraftsWords)[quarter.number], year=str(quarter.year))
    assert drafts.meant(day) == quarter
    assert DraftsRequest(drafts="The annual report", year=str(quarter.year)).meant(day) == quarter.year
    assert DraftsRequest().meant(day) is None
    assert meant_of(get_args(WholeWords)[quarter.number], str(quarter.year), day) == quarter
    assert meant_of("The year", str(quarter.year), day) == quarter.year
    assert meant_of("The year", LATEST, day) == YearRequest().meant(day)


def test_a_year_without_its_quarter_is_told_in_a_sentence() -> None:
    with pytest.raises(Refused, match="2023-24 was chosen, and no quarter of it") as told:
        QuarterRequest(year="2023-24").meant(date(2024, 5, 1))
    assert told.value.to_do
    with pytest.raises(Refused, match="not which of its drafts"):
        DraftsRequest(year="2023-24").meant(date(2024, 5, 1))


@pytest.mark.parametrize("request_type", [QuarterRequest, YearRequest, DraftsRequest])
def test_every_field_has_words_and_none_is_optional_or_without_a_value(request_type: type) -> None:
    schema = request_type.model_json_schema()
    assert "required" not in schema
    for name, field in schema["properties"].items():
        assert field["title"] and field["description"].endswith("."), name
        assert field["default"] is not None and "anyOf" not in field, "it would show as 'None'"
    places = [name for name, field in schema["properties"].items() if field["title"].startswith("For IT only")]
    assert list(schema["properties"])[-len(places) or None :] == (places or list(schema["properties"]))
    assert all("Leave empty" in schema["properties"][name]["description"] for name in places)
    assert schema["properties"]["year"]["enum"][0] == LATEST


def test_what_is_not_offered_is_refused_by_the_form_itself() -> None:
    with pytest.raises(ValidationError):
        QuarterRequest(quarter="2023-24-Q4")
    with pytest.raises(ValidationError):
        QuarterRequest(partnership="../elsewhere")


def test_a_sign_off_that_waits_since_an_earlier_form_is_not_taken_for_another() -> None:
    with pytest.raises(ValidationError, match="section"):
        SignOff.model_validate({"section": "vision", "period": "2023-24-Q4"})
