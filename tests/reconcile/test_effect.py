"""What a finding would change in print: whether a comparison turns, whether the figure is printed, and by how much."""

from decimal import Decimal

import pytest

from tasks.reconcile.effect import size_of, turn, weight
from tests.reconcile.example import (
    BOROUGHS,
    YEAR,
    dataset,
    findings_of,
    measure,
    official,
    partnership,
    rule,
    said,
    section,
)

NAMES = {"eastmere": "Eastmere", "northbrook": "Northbrook"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((24.9, 24), (24.9, 30.3), "look alike; on official ones they do not, and Northbrook is higher."),
        ((24.9, 30.3), (24.9, 25), "Eastmere and Northbrook differ; on official ones they look alike."),
        ((20, 30), (30, 20), "On official numbers Eastmere is higher, not lower, than Northbrook."),
        ((739, 483), (739, 543), ""),
        ((24.9, 24), (24.9, 24.5), ""),
        ((0, 0), (0, 0), ""),
    ],
    ids=["they come apart", "they come together", "the order turns", "it stays", "still alike", "nothing"],
)
def test_a_comparison_turns_or_stays(before, after, told) -> None:
    values = [dict(zip(BOROUGHS, (Decimal(str(one)) for one in of), strict=True)) for of in (before, after)]
    assert turn("northbrook", *values, NAMES).endswith(told)
    assert bool(turn("northbrook", *values, NAMES)) is bool(told)


def test_a_comparison_outweighs_print_and_print_outweighs_size() -> None:
    largest = weight(turns=False, printed=False, size=Decimal(100))
    printed = weight(turns=False, printed=True, size=Decimal(0))
    assert largest < printed < weight(turns=True, printed=False, size=Decimal(0))
    assert size_of(Decimal(24), Decimal(30)) == 20
    assert size_of(Decimal(0), Decimal(0)) == 0


def test_counts_are_compared_by_head_of_the_population() -> None:
    """By numbers Northbrook has more either way; by rates the official number brings the two together."""
    cases, people = measure("cases"), measure("people", "stock", as_at_words="mid-2022")
    sources = [dataset(area, "cases", "people") for area in BOROUGHS] + [official("dfe", "2025-10", "cases")]
    rules = [
        rule("against_official", "official", measures=["cases"]),
        rule("fair_comparison", "fair", per="people", severity="information"),
    ]
    p = partnership([cases, people], sources, rules, [section("about", "northbrook.cases")])
    told = [said("dfe", "northbrook", "cases", YEAR, 400)]
    for area, number, heads in (("eastmere", 200, 20000), ("northbrook", 300, 40000)):
        told += [
            said(f"dataset-{area}", area, "cases", YEAR, number),
            said(f"dataset-{area}", area, "people", YEAR, heads),
        ]
    found = next(one for one in findings_of(p, told) if one.rule == "official" and one.outcome == "failed")
    assert found.effect == "On the numbers printed Eastmere and Northbrook differ; on official ones they look alike."
    assert found.weight == 2000 + 1000 + 250


def test_of_two_findings_as_severe_what_is_printed_is_read_first() -> None:
    one, other = measure("aaa"), measure("bbb")
    sources = [dataset(area, "aaa", "bbb") for area in BOROUGHS] + [official("dfe", "2025-10", "aaa", "bbb")]
    rules = [rule("against_official", "official", measures=["aaa", "bbb"], areas=["eastmere"])]
    p = partnership([one, other], sources, rules, [section("about", "eastmere.bbb")])
    told = [
        said(source, "eastmere", name, YEAR, value)
        for name in ("aaa", "bbb")
        for source, value in (("dfe", 10), ("dataset-eastmere", 20))
    ]
    assert [found.subject for found in findings_of(p, told)] == ["eastmere.bbb.2023-24", "eastmere.aaa.2023-24"]
