"""Sizes that are likely, divisions that are not allowed, and the whole that a percentage implies."""

import pytest

from tests.reconcile.example import Q4, YEAR, dataset, findings_of, measure, only, partnership, rule, said

EPISODES = measure("episodes", title="Episodes")
CHILDREN = measure("children", "distinct", title="Children")
OPEN = measure("open_cases", "stock", title="Open cases")
EVER = measure("ever_open", "distinct", title="Cases open at any time")
MONTHLY = measure("monthly", "mean", title="Contacts a month", unit="contacts per month")
PEOPLE = measure("people", "stock", title="Residents", as_at_words="mid-2022")
SHARE = measure("share", "percentage", decimals=1, title="Share")
ALL = (EPISODES, CHILDREN, OPEN, EVER, MONTHLY, PEOPLE, SHARE)


def of(kind, **about):
    sources = [dataset(area, *(one.id for one in ALL)) for area in ("eastmere", "northbrook")]
    return partnership(ALL, sources, [rule(kind, **about)])


def told(area="eastmere", **values):
    return [said(f"dataset-{area}", area, name, YEAR, value) for name, value in values.items()]


@pytest.mark.parametrize(
    ("about", "values", "outcome", "says"),
    [
        ({"least": 1, "most": 15}, {"episodes": 865, "children": 290}, "passed", "865 / 290 = 2.98."),
        ({"least": 1}, {"episodes": 200, "children": 290}, "failed", "0.69, which is not likely; 1 or more would be"),
        ({"least": 1, "most": 2}, {"episodes": 865, "children": 290}, "failed", "1 to 2 would be"),
        ({"percent": True, "most": 100}, {"episodes": 29, "children": 290}, "passed", "29 / 290 = 10.0%"),
        ({}, {"episodes": 865}, "not_evaluated", "Children: not received."),
        ({}, {"episodes": "<5", "children": 4}, "not_evaluated", "Episodes: suppressed (<5)."),
        ({}, {"episodes": 5, "children": 0}, "not_evaluated", "One of them is nought."),
        (
            {"unrelated": "Other months."},
            {"episodes": 6, "children": 3},
            "failed",
            "must not be set against each other",
        ),
    ],
    ids=["likely", "too few", "too many", "a percentage", "missing", "hidden", "nought", "unrelated"],
)
def test_a_ratio_is_likely_or_not(about, values, outcome, says) -> None:
    p = of("plausible_ratio", above="episodes", below="children", areas=["eastmere"], **about)
    found = only(findings_of(p, told(**values)))
    assert found.outcome == outcome
    assert says in f"{found.title} {found.reason}"


def test_what_is_left_without_a_part_must_be_likely_too() -> None:
    about = {"above": "episodes", "above_less": "ever_open", "below": "children", "below_less": "open_cases"}
    p = of("plausible_ratio", areas=["eastmere"], least=1, **about)
    found = only(findings_of(p, told(episodes=865, ever_open=332, children=290, open_cases=54)))
    assert found.arithmetic == "533 / 236 = 2.26"


def test_a_year_s_count_is_not_divided_by_one_day_s() -> None:
    about = {"above": "children", "below": "open_cases", "instead": "ever_open", "percent": True}
    p = of("plausible_ratio", areas=["eastmere"], **about)
    found = only(findings_of(p, told(children=54, open_cases=334, ever_open=446)))
    assert found.outcome == "failed"
    assert found.title.endswith("Of cases open at any time it is 54 / 446 = 12.1%.")
    assert "54 / 334 = 16.2%" in found.arithmetic
    assert findings_of(p, told(children=54, open_cases=334), Q4) == []


def test_a_population_with_a_date_of_its_own_may_be_divided_by() -> None:
    p = of("plausible_ratio", above="episodes", below="people", areas=["eastmere"])
    assert only(findings_of(p, told(episodes=10, people=1000))).outcome == "passed"


def test_a_monthly_mean_is_divided_by_as_the_flow_of_its_months() -> None:
    p = of("plausible_ratio", above="episodes", below="monthly", percent=True, areas=["eastmere"])
    assert only(findings_of(p, told(episodes=2190, monthly=669))).arithmetic == "2,190 / 8,028 = 27.3%"


# The whole that a percentage implies


def reading(area, words, *parts):
    return {"area": area, "reading": words, "percentage": "share", "parts": list(parts)}


def implied(*readings, **about):
    given = {"readings": list(readings), "beside": "people", "least": 60, "most": 85, **about}
    return of("implied_denominator", **given)


def two(counts):
    """The same share in both boroughs; what it is of depends on what is counted."""
    return [
        one
        for area, count in zip(("eastmere", "northbrook"), counts, strict=True)
        for one in told(area, share="20.0", people=1000, episodes=count, children=40)
    ]


BOTH = [
    reading(area, words, *parts)
    for area in ("eastmere", "northbrook")
    for words, parts in (("with plans", ["episodes"]), ("without", ["episodes", "children"]))
]


@pytest.mark.parametrize(
    ("counts", "outcome", "says"),
    [
        ((150, 155), "passed", "The whole that is implied is likely"),
        ((150, 115), "failed", "they fit in Eastmere only if with plans and in Northbrook only if without"),
        ((150, 40), "failed", "What Northbrook counts fits no reading of it"),
    ],
    ids=["the same reading", "different readings", "no reading"],
)
def test_boroughs_count_the_same_if_the_same_reading_is_credible(counts, outcome, says) -> None:
    found = only(findings_of(implied(*BOTH), two(counts)))
    assert found.outcome == outcome
    assert says in found.title
    assert f"{counts[0]} / 20.0% = {5 * counts[0]}" in found.arithmetic


def test_without_a_whole_beside_it_the_percentage_itself_must_be_likely() -> None:
    p = implied(reading("eastmere", "residents", "people"), beside=None, least=18, most=25)
    passed = only(findings_of(p, told(share="22.0", people=44087)))
    assert passed.outcome == "passed"
    assert "44,087 / 22.0% = 200,395 (Eastmere: 199,941 to 200,852)" in passed.title
    assert only(findings_of(p, told(share="32.0", people=44087))).outcome == "failed"
    assert only(findings_of(p, told(people=44087))).reason == "Share: not received."
