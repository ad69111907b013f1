"""The table of worked checks is whole, every check on figures is found, and nothing is found beside them."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.worked import figures
from tests.worked.figures import ON_THE_PRINTED_REPORT, ON_THE_SAMPLE, OUT_OF_REACH, TABLE, sample
from tests.worked.summary import outcomes

RESULTS = figures.results()
GOOD_HERE = {"A-12", "G-03"}
"""Noted in the table as worth knowing; on these numbers nothing is wrong."""


def test_the_table_has_every_check_of_the_scoreboard() -> None:
    assert Counter(row["expected"] for row in TABLE.values()) == {"FAIL": 19, "WARN": 62, "PASS": 30, "NOTE": 10}
    groups = Counter(row["group"] for row in TABLE.values())
    assert groups == {"A": 27, "B": 7, "C": 14, "D": 5, "E": 7, "F": 18, "G": 6, "H": 29, "J": 8}


@pytest.mark.parametrize("check", [check for check in RESULTS if check not in OUT_OF_REACH])
def test_a_check_on_figures_is_found_with_its_arithmetic(check: str) -> None:
    assert RESULTS[check][0] == "found", RESULTS[check][1]


@pytest.mark.parametrize("check", {**ON_THE_SAMPLE, **ON_THE_PRINTED_REPORT})
def test_a_check_is_worked_out_and_not_only_named(check: str) -> None:
    assert TABLE[check]["numbers"]


@pytest.mark.parametrize("check", ON_THE_SAMPLE)
def test_what_should_pass_passes_and_what_should_not_does_not(check: str) -> None:
    """A check that the table calls good has no finding that failed, and every other has one."""
    failed = "failed" in ON_THE_SAMPLE[check].values()
    assert failed is (TABLE[check]["expected"] != "PASS" and check not in GOOD_HERE)


def test_the_demonstration_year_has_no_finding_that_no_check_asks_for() -> None:
    known = {name for wanted in ON_THE_SAMPLE.values() for name in wanted}
    known |= {"subgroup-returns-came:return-neglect-champions"}  # the sample's own: a return that never came
    known |= {f"figures-have-a-source:{page}" for page in ("governance", "priority-engagement")}  # D-05
    known |= {"figures-have-a-source:child-friendly-summary"}  # two of these figures again, on the page for children
    known |= {f"figures-have-a-source:{area}-{page}" for area in figures.AREAS for page in ("demographics", "snapshot")}
    failed = {one.id.removesuffix(".2023-24") for one in sample().findings if one.outcome == "failed"}
    assert failed - known == set()


def test_every_check_has_an_outcome() -> None:
    found = outcomes()
    assert [row["id"] for row, _ in found] == list(TABLE)
    assert all(told for _, (_, told) in found)
