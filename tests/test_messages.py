"""Messages go to the groups that the partnership names, and say counts, names and days: no value of a figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config.load import load_partnership
from config.model import Notice
from config.partnership import Partnership
from config.periods import Quarter
from tasks.messages import of_a_run, of_deadlines, of_returns
from tasks.year_plan import coming_due, deadlines_on

PERIOD = Quarter(2026, 4)


@pytest.fixture(scope="module")
def partnership() -> Partnership:
    return load_partnership("hsscp")


def told_to(partnership: Partnership, *notices: Notice) -> Partnership:
    return replace(partnership, profile=partnership.profile.model_copy(update={"notices": notices}))


def test_missing_returns_are_told_with_their_day_and_who_sends_them(partnership: Partnership) -> None:
    (message,) = of_returns(partnership, coming_due(partnership, date(2027, 4, 19), lambda quarter: set()))
    assert message.to == "business-unit"
    assert message.subject == "HSSCP: Not come yet: 7 returns due soon"
    assert "Quarterly return of the Neglect Champions, 2026-27-Q4: due 20 April 2027" in message.text
    assert "Chair of the Neglect Champions Group" in message.text


def test_nothing_missing_is_told_to_nobody(partnership: Partnership) -> None:
    assert of_returns(partnership, []) == []
    assert of_a_run(partnership, PERIOD, findings=0, missing=0, drafts=0, link="") == []


def test_a_run_tells_each_group_what_it_asked_for(partnership: Partnership) -> None:
    link = "http://127.0.0.1:4201/store/quality/2026-27/Q4/index.html"
    told = of_a_run(partnership, PERIOD, findings=3, missing=1, drafts=9, link=link)
    assert [(one.to, one.of) for one in told] == [
        ("business-unit", "findings"),
        ("quality-assurance", "findings"),
        ("business-unit", "drafts"),
    ]
    assert "3 findings to look at, and 1 return not received" in told[0].text and link in told[0].text
    assert "9 Word drafts" in told[2].text


def test_who_asked_for_nothing_is_told_nothing(partnership: Partnership) -> None:
    only = told_to(partnership, Notice(to="scrutineer", of=("deadlines",)))
    assert of_a_run(only, PERIOD, findings=3, missing=1, drafts=9, link="") == []
    (message,) = of_deadlines(only, deadlines_on(only, date(2027, 9, 29), lambda year: None))
    assert message.to == "scrutineer"
    assert message.subject.startswith("HSSCP: By 30 September 2027: Publish the annual report")
    assert "Report of 2026-27, April 2026 to March 2027" in message.text
