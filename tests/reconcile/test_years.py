"""The year as sent against its quarters."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.model import Measure
from tasks import register
from tests.reconcile.example import Q1, Q2, YEAR, dataset, findings_of, measure, only, partnership, rule, said

REFERRALS = measure("referrals", title="Referrals", unit="referrals")
CHILDREN = measure("children", "distinct", title="Missing children", unit="children")
PLANS = measure("plans", "stock", title="Plans", unit="children")
MEAN = measure("mean", "mean", title="Contacts a month", unit="contacts a month")
RATE = measure("rate", "percentage", title="Rate")


def whole(one: Measure, **about):
    return partnership([one], [dataset("eastmere", one.id)], [rule("year_from_quarters", measures=[one.id], **about)])


def told(one: Measure, year: object, *quarters: object) -> list:
    observed = [] if year is None else [said("dataset-eastmere", "eastmere", one.id, YEAR, year)]
    return observed + [
        said("dataset-eastmere", "eastmere", one.id, quarter, value)
        for quarter, value in zip(YEAR.quarters, quarters, strict=False)
        if value is not None
    ]


CASES = [
    # measure, year as sent, quarters, outcome, words
    (
        REFERRALS,
        2190,
        (554, 513, 562, 561),
        "passed",
        "Referrals in Eastmere: 554 + 513 + 562 + 561 = 2,190, as the year to 31 March 2024 was sent.",
    ),
    (
        REFERRALS,
        2290,
        (554, 513, 562, 561),
        "failed",
        "554 + 513 + 562 + 561 = 2,190, and the year to 31 March 2024 was sent as 2,290: 100 apart.",
    ),
    (REFERRALS, 2190, (554, 513, 562, None), "not_evaluated", "Q4 not received."),
    (REFERRALS, 2190, (554, 513, 562, "c"), "not_evaluated", "Suppressed or not available: Q4 (c)."),
    (
        REFERRALS,
        7,
        ("<5", "<5", "<5", "<5"),
        "passed",
        "<5 + <5 + <5 + <5 is between 4 and 16, and the year to 31 March 2024 was sent as 7.",
    ),
    (
        REFERRALS,
        40,
        ("<5", 10, 10, 10),
        "failed",
        "<5 + 10 + 10 + 10 is between 31 and 34, but the year to 31 March 2024 was sent as 40.",
    ),
    (REFERRALS, "<5", (1, 1, 1, 0), "passed", "1 + 1 + 1 + 0 = 3"),
    (REFERRALS, "c", (1, 1, 1, 0), "not_evaluated", "suppressed or not available (c)"),
    (REFERRALS, None, (1, 1, 1, 0), "not_evaluated", "Only its parts were sent"),
    (REFERRALS, None, (1, 1, 1, None), "not_evaluated", "Q4 not received."),
    (
        CHILDREN,
        290,
        (100, 101, 90, 120),
        "passed",
        "at least 120 (the most in one part) and at most 411 (all added up)",
    ),
    (CHILDREN, 410, (100, 101, 90, 120), "passed", "was sent as 410"),
    (CHILDREN, 411, (100, 101, 90, 120), "failed", "411 for the year to 31 March 2024 is all parts added up"),
    (CHILDREN, 12, (3, 4, 2, 3), "passed", "was sent as 12"),  # of so few each may well be another child
    (CHILDREN, 412, (100, 101, 90, 120), "failed", "but the year to 31 March 2024 was sent as 412"),
    (CHILDREN, 119, (100, 101, 90, 120), "failed", "120 in Q4 alone cannot be part of 119"),
    (CHILDREN, 119, (None, None, None, 120), "failed", "120 in Q4 alone cannot be part of 119"),
    (CHILDREN, 290, (100, 101, 90, None), "not_evaluated", "Q4 not received."),
    (CHILDREN, 290, ("<5", 101, 90, 120), "passed", "at least 120"),
    (CHILDREN, 290, ("c", 101, 90, 120), "not_evaluated", "Q1 (c)"),
    (PLANS, 158, (1, 2, 3, 158), "passed", "the value at the end of Q4 is 158, as the year to 31 March 2024 was sent."),
    (
        PLANS,
        176,
        (1, 2, 3, 158),
        "failed",
        "the value at the end of Q4 is 158, and the year to 31 March 2024 was sent as 176: 18 apart.",
    ),
    (PLANS, 158, (1, 2, 3, None), "not_evaluated", "Q4 not received."),
    (PLANS, 158, (None, None, None, 158), "passed", "158"),
    (PLANS, 158, (1, 2, 3, "c"), "not_evaluated", "Q4 shows c."),
    (MEAN, 1125, (1099, 1087, 1141, 1173), "passed", "(1,099 + 1,087 + 1,141 + 1,173) / 4 = 1,125, as"),
    (MEAN, 1100, (1099, 1087, 1141, 1173), "failed", "was sent as 1,100: 25 apart."),
    (MEAN, 1125, (1099, 1087, 1141, "<5"), "not_evaluated", "A quarter is suppressed."),
    (RATE, 24, (24, 24, 24, 24), "not_evaluated", "A percentage does not follow from its quarters."),
]


@pytest.mark.parametrize(("one", "year", "quarters", "outcome", "words"), CASES)
def test_the_year_as_sent_is_compared_with_its_quarters(one, year, quarters, outcome, words) -> None:
    found = only(findings_of(whole(one), told(one, year, *quarters)))
    assert found.outcome == outcome
    assert words in f"{found.title} {found.reason}"
    assert found.id == f"a-rule:eastmere.{one.id}.2023-24"


def test_no_difference_is_told_that_would_give_a_suppressed_quarter_away() -> None:
    found = only(findings_of(whole(REFERRALS), told(REFERRALS, 33, "<5", 10, 10, 10)))
    assert found.difference == ""
    assert "3 " not in found.arithmetic.replace("33 ", "").replace("31 ", "")


def test_a_tolerance_is_kept_to() -> None:
    assert (
        only(findings_of(whole(REFERRALS, tolerance=100), told(REFERRALS, 2290, 554, 513, 562, 561))).outcome
        == "passed"
    )


def test_that_only_quarters_are_sent_stands_against_no_figure() -> None:
    found = only(findings_of(whole(REFERRALS), told(REFERRALS, None, 1, 1, 1, 0)))
    assert (found.severity, found.figures) == ("information", ())


def test_quarters_that_came_as_months_are_added_up_first() -> None:
    observed = told(REFERRALS, 12) + [
        said("dataset-eastmere", "eastmere", "referrals", month, 1) for month in YEAR.months
    ]
    assert only(findings_of(whole(REFERRALS), observed)).title.startswith(
        "Referrals in Eastmere: 3 + 3 + 3 + 3 = 12, as"
    )


def test_distinct_children_of_months_bound_the_year() -> None:
    observed = told(CHILDREN, 30) + [
        said("dataset-eastmere", "eastmere", "children", month, 5) for month in YEAR.months
    ]
    found = only(findings_of(whole(CHILDREN), observed))
    assert "at least 5 (the most in one part) and at most 60" in found.title


def test_a_year_to_date_is_compared_in_its_quarter_where_earlier_figures_are_known() -> None:
    p = whole(REFERRALS)
    first = register.build(p, Q1, told(REFERRALS, None, 554))
    second = [said("dataset-eastmere", "eastmere", "referrals", Q2, 513)]
    since_april = said("dataset-eastmere", "eastmere", "referrals", "2023-24-Q2-ytd", 1100)
    found = only(findings_of(p, [*second, since_april], Q2, earlier={"2023-24-Q1": first}))
    assert (
        found.title
        == "Referrals in Eastmere: 554 + 513 = 1,067, and April to September 2023 was sent as 1,100: 33 apart."
    )
    assert findings_of(p, [*second, since_april], Q2) == []
    assert findings_of(p, second, Q2, earlier={"2023-24-Q1": first}) == []


@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4), st.permutations(range(4)))
def test_the_order_of_quarters_makes_no_difference_to_the_outcome(values: list[int], order: list[int]) -> None:
    year = sum(values)
    for one in (REFERRALS, CHILDREN):
        outcomes = {
            only(findings_of(whole(one), told(one, Decimal(year), *chosen))).outcome
            for chosen in (values, [values[index] for index in order])
        }
        assert outcomes == {"passed"} or (one is CHILDREN and outcomes == {"failed"})
