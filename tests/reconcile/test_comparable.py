"""What boroughs say of the same measure, what one of them lacks, and counts beside rates."""

import pytest

from tests.reconcile.example import (
    BOROUGHS,
    Q4,
    YEAR,
    dataset,
    findings_of,
    measure,
    official,
    only,
    partnership,
    rule,
    said,
    section,
)

PEOPLE = measure("people", "stock", title="Children", unit="children", as_at_words="mid-2022")
TWO = ("the first day", "the last day")


def told(**values):
    """Values as ``referrals=(1, 2)``: one for each borough, ``None`` where it gives none."""
    return [
        said(f"dataset-{area}", area, name, YEAR, value)
        for name, both in values.items()
        for area, value in zip(BOROUGHS, both, strict=True)
        if value is not None
    ]


def of(kind, *measures, sections=(), **about):
    names = [one.id for one in measures]
    sources = [
        dataset(area, *[n for n, m in zip(names, measures, strict=True) if area in m.areas]) for area in BOROUGHS
    ]
    return partnership(measures, sources, [rule(kind, **about)], sections)


@pytest.mark.parametrize(
    ("about", "outcome", "says"),
    [
        ({"must_say": ("on which day",)}, "failed", "nobody says on which day"),
        (
            {"must_say": ("on which day",), "says": {"eastmere": {"on which day": "the first"}}},
            "failed",
            "Northbrook does not say on which day, and Eastmere does",
        ),
        (
            {"says": dict(zip(BOROUGHS, ({"on which day": one} for one in TWO), strict=True))},
            "failed",
            "on which day: the first day in Eastmere and the last day in Northbrook",
        ),
        (
            {"says": {area: {"on which day": "the first"} for area in BOROUGHS}, "must_say": ("on which day",)},
            "passed",
            "can be compared",
        ),
        ({"must_say": ("on which day",), "scope": {"on which day": "the first"}}, "passed", "can be compared"),
        (
            {"decimals": 1, "decimals_by_area": {"northbrook": 0}},
            "failed",
            "it is printed with 1 decimal in Eastmere and 0 decimals in Northbrook",
        ),
    ],
    ids=["nobody says", "one does not say", "they say otherwise", "both say the same", "its scope says", "decimals"],
)
def test_boroughs_are_compared_in_what_they_say(about, outcome, says) -> None:
    p = of("comparable_areas", measure("cases", **about))
    found = only(findings_of(p, told(cases=(20, 30))))
    assert found.outcome == outcome
    assert says in found.title
    assert [side.value for side in found.values] == ["20.0", "30"] if "decimals" in about else ["20", "30"]


def test_what_needs_no_words_is_not_asked() -> None:
    assert findings_of(of("comparable_areas", measure("cases")), told(cases=(20, 30))) == []


def test_look_alikes_are_laid_side_by_side_with_their_rates() -> None:
    why = {"because": "One counts families, the other children."}
    one = measure("families", areas=("eastmere",), not_comparable_with=[{"measure": "helped", **why}])
    other = measure("helped", areas=("northbrook",), not_comparable_with=[{"measure": "families", **why}])
    p = of("comparable_areas", one, other, PEOPLE, per="people")
    found = only(findings_of(p, told(families=(497, None), helped=(None, 4565), people=(20116, 44087))))
    assert found.outcome == "failed"
    assert found.title == (
        "Families in Eastmere (497) and helped in Northbrook (4,565) look alike and are not the same. "
        "One counts families, the other children."
    )
    assert found.arithmetic == "247.1 and 1,035.5 per 10,000"


def test_only_a_year_compares_boroughs() -> None:
    p = of("comparable_areas", measure("cases", must_say=("on which day",)))
    assert findings_of(p, told(cases=(20, 30)), Q4) == []


# What one lacks

PAGE = section("about-eastmere", "eastmere.cases")


@pytest.mark.parametrize(
    ("about", "sections", "expected"),
    [
        ({"areas": ("eastmere",)}, [PAGE], 1),
        ({"areas": ("eastmere",)}, [], 0),
        ({}, [PAGE], 0),
    ],
    ids=["printed for one", "not printed", "both have it"],
)
def test_what_one_borough_lacks(about, sections, expected) -> None:
    found = findings_of(of("in_every_area", measure("cases", **about), sections=sections), told(cases=(38, None)))
    assert [one.title for one in found] == ["Cases: 38 in Eastmere; Northbrook has no such figure."] * expected


def test_a_look_alike_of_the_same_kind_stands_in_and_a_part_goes_with_its_whole() -> None:
    alike = [{"measure": "helped", "because": "Other families."}]
    cases = measure("cases", areas=("eastmere",), not_comparable_with=alike)
    helped = measure("helped", areas=("northbrook",))
    assert (
        findings_of(of("in_every_area", cases, helped, sections=[PAGE]), told(cases=(38, None), helped=(None, 4))) == []
    )
    p = of("in_every_area", measure("cases", areas=("eastmere",)), measure("all", areas=("eastmere",)), sections=[PAGE])
    parts = rule("parts_and_whole", "sums", whole="all", parts=["cases", "cases"])
    with_parts = partnership(p.measures.values(), p.sources.values(), [*p.rules, parts], p.sections)
    assert [one.kind for one in findings_of(with_parts, told(cases=(38, None), all=(76, None)))] == ["parts_and_whole"]


# Counts and rates


def test_counts_that_mislead_are_counted() -> None:
    names = ("first", "second", "third")
    p = of("fair_comparison", PEOPLE, *(measure(name) for name in names), per="people")
    found = only(findings_of(p, told(people=(20000, 40000), first=(30, 40), second=(30, 90), third=(50, 20))))
    assert found.outcome == "failed"
    assert found.arithmetic == "by counts Northbrook is higher in 2 of 3; per 10,000 Eastmere is higher in 2 of 3"
    assert found.values[0].value == "Eastmere 15.0 and Northbrook 10.0"


def test_rates_in_the_order_of_counts_mislead_nobody() -> None:
    p = of("fair_comparison", PEOPLE, measure("first"), per="people")
    assert only(findings_of(p, told(people=(20000, 40000), first=(30, 90)))).outcome == "passed"
    found = only(findings_of(p, told(first=(30, 90))))
    assert (found.outcome, found.reason) == (
        "not_evaluated",
        "Children in Eastmere: not received; Children in Northbrook: not received.",
    )


# Where figures come from


@pytest.mark.parametrize(
    ("printed", "outcome"),
    [((10, 20, 30), "passed"), ((10, 20, 31), "passed"), ((11, 21, 31), "failed")],
    ids=["both agree", "one differs", "all differ"],
)
def test_a_borough_that_hardly_ever_agrees_took_its_figures_elsewhere(printed, outcome) -> None:
    names = ("first", "second", "third")
    base = of("official_pattern", *(measure(name) for name in names), measures=list(names), apart_percent=40)
    dfe = official("dfe", "2025-10", *names)
    p = partnership(base.measures.values(), [*base.sources.values(), dfe], base.rules)
    values = dict(zip(names, zip((10, 20, 30), printed, strict=True), strict=True))
    released = [
        said("dfe", area, name, YEAR, value)
        for name, value in zip(names, (10, 20, 30), strict=True)
        for area in BOROUGHS
    ]
    found = only(findings_of(p, told(**values) + released))
    assert found.outcome == outcome
    assert only(findings_of(p, told(**values))).outcome == "not_evaluated"
