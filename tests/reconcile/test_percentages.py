"""Percentages against their counts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.measures import round_half_up
from tests.reconcile.example import (
    BOROUGHS,
    Q1,
    YEAR,
    dataset,
    findings_of,
    measure,
    official,
    only,
    partnership,
    rule,
    said,
)

COUNTS = [measure("again", unit="referrals"), measure("referrals", unit="referrals")]
RATE = measure(
    "rate",
    "percentage",
    title="Re-referrals",
    numerator="again",
    denominator="referrals",
    decimals=1,
    decimals_by_area={"northbrook": 0},
)


def recomputed(rate: object, again: object, referrals: object, area: str = "eastmere", sources=(), **about):
    p = partnership(
        [*COUNTS, RATE],
        sources or [dataset(area, "rate", "again", "referrals")],
        [rule("percentage_recomputes", percentage="rate", numerator="again", denominator="referrals", **about)],
    )
    told = (("rate", rate), ("again", again), ("referrals", referrals))
    observed = [said(f"dataset-{area}", area, name, YEAR, value) for name, value in told if value is not None]
    return only(findings_of(p, observed))


@pytest.mark.parametrize(
    ("rate", "again", "area", "about", "outcome", "title"),
    [
        ("24.9", 546, "eastmere", {}, "passed", "Re-referrals in Eastmere was sent as 24.9%; 546 of 2,190 is 24.9%."),
        ("24.9", 545, "eastmere", {}, "passed", "Re-referrals in Eastmere was sent as 24.9%; 545 of 2,190 is 24.9%."),
        ("24.932", 546, "eastmere", {}, "passed", "Re-referrals in Eastmere was sent as 24.9%; 546 of 2,190 is 24.9%."),
        ("25", 546, "northbrook", {}, "passed", "Re-referrals in Northbrook was sent as 25%; 546 of 2,190 is 25%."),
        (
            "24.9",
            500,
            "eastmere",
            {},
            "failed",
            "Re-referrals in Eastmere was sent as 24.9%; 500 of 2,190 is 22.8%: 2.1 percentage points apart.",
        ),
        (
            "24.9",
            500,
            "eastmere",
            {"tolerance": 3},
            "passed",
            "Re-referrals in Eastmere was sent as 24.9%; 500 of 2,190 is 22.8%: 2.1 percentage points apart, "
            "within the tolerance.",
        ),
    ],
)
def test_a_percentage_that_was_sent_follows_from_its_counts(rate, again, area, about, outcome, title) -> None:
    found = recomputed(rate, again, 2190, area, **about)
    assert (found.outcome, found.title) == (outcome, title)
    assert len(found.figures) == 3


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((None, 546, 2190), "was not sent for this period"),
        (("24.9", None, 2190), "Again: not received."),
        (("24.9", "<5", 2190), "Again: suppressed (<5)."),
        (("c", 546, 2190), "was not sent for this period"),
        (("24.9", 0, 0), "nothing to take a percentage of"),
    ],
)
def test_a_percentage_without_its_counts_is_not_called_good(told, words) -> None:
    found = recomputed(*told)
    assert found.outcome == "not_evaluated"
    assert words in found.reason


def test_a_percentage_is_not_held_against_official_counts() -> None:
    p = partnership(
        [*COUNTS, RATE],
        [dataset("eastmere", "rate", "referrals"), official("dfe", "2025-10", "again")],
        [rule("percentage_recomputes", percentage="rate", numerator="again", denominator="referrals")],
    )
    observed = [
        said("dataset-eastmere", "eastmere", "rate", YEAR, 24),
        said("dataset-eastmere", "eastmere", "referrals", YEAR, 4032),
        said("dfe", "eastmere", "again", YEAR, 1221),
    ]
    found = only(findings_of(p, observed))
    assert (found.outcome, found.reason) == ("not_evaluated", "Again: only official statistics give it.")


# Reachable

GOOD = measure("good", "percentage", title="Schools judged good", decimals=1, decimals_by_area={"northbrook": 0})
SCHOOLS = measure("schools", "stock", unit="schools")


def reachable(percentage: object, schools: object, area: str = "eastmere"):
    p = partnership(
        [GOOD, SCHOOLS],
        [dataset(area, "good", "schools")],
        [rule("percentage_reachable", percentage="good", denominator="schools")],
    )
    told = (("good", percentage), ("schools", schools))
    return only(
        findings_of(
            p, [said(f"dataset-{area}", area, name, Q1, value) for name, value in told if value is not None], Q1
        )
    )


def test_a_percentage_that_no_number_of_schools_makes_is_told_with_those_that_come_near() -> None:
    found = reachable("92.1", 40)
    assert found.outcome == "failed"
    assert found.title == (
        "92.1% cannot be reached with 40 schools: 36 of 40 is 90.0%, 37 of 40 is 92.5%; 35 of 38 would be 92.1% "
        "(Schools judged good in Eastmere)."
    )
    assert found.figures == ("eastmere.good.2023-24-Q1", "eastmere.schools.2023-24-Q1")


@pytest.mark.parametrize(
    ("percentage", "schools", "area", "outcome", "words"),
    [
        ("92.5", 40, "eastmere", "passed", "92.5% is 37 of 40 schools."),
        ("90", 90, "northbrook", "passed", "90% is 81 of 90 schools."),
        ("24", 4032, "northbrook", "passed", "24% is anything from 948 to 987 of 4,032 schools."),
        ("0", 40, "eastmere", "passed", "0.0% is 0 of 40 schools."),
        ("100", 40, "eastmere", "passed", "100.0% is 40 of 40 schools."),
        ("101", 40, "eastmere", "failed", "101.0% cannot be reached with 40 schools: 40 of 40 is 100.0%"),
        ("92.1", 0, "eastmere", "not_evaluated", "0 schools is no number"),
        ("92.1", None, "eastmere", "not_evaluated", "Schools: not received."),
        ("c", 40, "eastmere", "not_evaluated", "suppressed (c)"),
    ],
)
def test_a_percentage_is_some_whole_number_of_its_denominator(percentage, schools, area, outcome, words) -> None:
    found = reachable(percentage, schools, area)
    assert found.outcome == outcome
    assert words in f"{found.title} {found.reason}"


@given(st.integers(1, 300), st.data())
def test_every_share_that_exists_is_reachable(schools: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, schools))
    percentage = round_half_up(Decimal(count) * 100 / schools, 1)
    assert reachable(percentage, schools).outcome == "passed"


TWICE = measure("both_phases", "stock", unit="schools")


def left_open(percentage, schools, twice=None, **about):
    names = ("good", "schools", "both_phases")
    asks = rule("percentage_reachable", percentage="good", denominator="schools", **about)
    p = partnership([GOOD, SCHOOLS, TWICE], [dataset("northbrook", *names)], [asks])
    values = dict(zip(names, (percentage, schools, twice), strict=True))
    told = [said("dataset-northbrook", "northbrook", name, Q1, v) for name, v in values.items() if v is not None]
    return only(findings_of(p, told, Q1))


@pytest.mark.parametrize(
    ("found", "outcome", "words"),
    [
        (
            left_open("90", 90, 6, overlap="both_phases"),
            "failed",
            "76 of 84 is 90.48% too, and nobody says of how many",
        ),
        (left_open("90", 90, 0, overlap="both_phases"), "passed", "81 of 90 schools."),
        (left_open("90", 40, 38, overlap="both_phases"), "passed", "36 of 40 schools."),
        (left_open("24", 4032, most_counts=20), "failed", "40 counts look alike at 0 decimals, which is too coarse"),
        (left_open("24", 4032, most_counts=40), "passed", "anything from 948 to 987"),
    ],
    ids=["two denominators", "nothing counted twice", "one denominator alone", "too coarse", "just fine enough"],
)
def test_what_a_percentage_leaves_open_is_told_and_is_no_error(found, outcome, words) -> None:
    assert found.outcome == outcome
    assert words in found.title
    if outcome == "failed":
        assert (found.severity, found.figures) == ("information", ())


def test_each_area_is_asked_about_for_itself() -> None:
    p = partnership(
        [GOOD, SCHOOLS],
        [dataset(area, "good", "schools") for area in BOROUGHS],
        [rule("percentage_reachable", percentage="good", denominator="schools", areas=["northbrook"])],
    )
    assert only(findings_of(p, [], Q1)).subject == "northbrook.good.2023-24-Q1"
