"""Words around figures, their dates and sources, decimals and order; and numbers too small to print."""

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

REFERRALS = measure("referrals", title="Referrals")
OPEN = measure("open_cases", "stock", title="Open cases")


def of(kind, *measures, sections, rules=(), **about):
    sources = [dataset(area, *(one.id for one in measures)) for area in BOROUGHS]
    return partnership(measures, sources, [rule(kind, **about), *rules], sections)


def told(*areas, notes="", **values):
    return [
        said(f"dataset-{area}", area, name, YEAR, value, note=notes)
        for area in areas or ("eastmere",)
        for name, value in values.items()
    ]


def page(intro, *names, name="about", area="eastmere"):
    return section(name, *(f"{area}.{one}" for one in names), intro=intro)


@pytest.mark.parametrize(
    ("about", "intro", "values", "outcome", "says"),
    [
        (
            "period",
            "Throughout {period_words} there were",
            {"open_cases": 7},
            "failed",
            "“Throughout” stands over 1 figure",
        ),
        ("period", "In {period_words}", {"open_cases": 7}, "passed", "the words fit"),
        ("period", "Throughout the year; cases as they stood on the last day", {"open_cases": 7}, "passed", "fit"),
        ("period", "", {"referrals": 7}, "failed", "over what time these were counted: 1 figure (referrals)"),
        ("period", "In {period_words}", {"referrals": 7}, "passed", "the words fit"),
        (
            "exactness",
            "There were approximately",
            {"referrals": 2190},
            "failed",
            "“approximately” stands over 1 figure",
        ),
        ("exactness", "There were approximately", {"referrals": 2200}, "passed", "the words fit"),
        ("exactness", "There were", {"referrals": 2190}, "passed", "the words fit"),
        ("exactness", "There were approximately", {}, "not_evaluated", "None of them has a value."),
    ],
    ids=lambda one: str(one)[:40],
)
def test_the_words_of_a_section_fit_its_figures(about, intro, values, outcome, says) -> None:
    p = of("section_wording", REFERRALS, OPEN, sections=[page(intro, *(values or {"referrals": 0}))], about=about)
    found = only(findings_of(p, told(**values)))
    assert found.outcome == outcome
    assert says in f"{found.title} {found.reason}"


def test_a_label_does_not_say_another_time_than_is_counted() -> None:
    wrong = measure("open_cases", "stock", label="cases open throughout the year")
    for one, outcome in ((wrong, "failed"), (OPEN, "passed")):
        p = of("section_wording", one, sections=[page("", "open_cases")], about="label")
        assert only(findings_of(p, told(open_cases=7))).outcome == outcome


def test_figures_without_a_date_are_told_by_section() -> None:
    dated = measure("schools", "stock", as_at_words="at 18 January 2024")
    undated = measure("homes", "stock", as_at_words="date not given", title="Homes")
    p = of(
        "dated_and_sourced", dated, undated, OPEN, sections=[page("", "schools", "homes", "open_cases")], about="date"
    )
    found = only(findings_of(p, told(schools=1, homes=2, open_cases=3)))
    assert found.title == "About: 2 of 3 figures say when they are for; not so 1 figure (homes)."
    assert only(findings_of(p, told(schools=1, open_cases=3))).outcome == "passed"
    assert findings_of(p, []) == []


@pytest.mark.parametrize(("note", "outcome"), [("The census", "passed"), ("", "failed")], ids=["named", "not named"])
def test_figures_without_a_source_are_told_by_section(note, outcome) -> None:
    p = of("dated_and_sourced", REFERRALS, sections=[page("", "referrals")], about="source")
    assert only(findings_of(p, told(referrals=5, notes=note))).outcome == outcome


def test_percentages_are_printed_with_one_number_of_decimals() -> None:
    for decimals, outcome in (({"northbrook": 0}, "failed"), ({}, "passed")):
        rate = measure("rate", "percentage", decimals=1, decimals_by_area=decimals)
        pages = [page("", "rate", name=f"about-{area}", area=area) for area in BOROUGHS]
        p = of("printed_alike", rate, sections=pages, about="decimals")
        assert only(findings_of(p, told(*BOROUGHS, rate="24.9"))).outcome == outcome


@pytest.mark.parametrize(
    ("second", "outcome"),
    [(("one", "two", "three"), "passed"), (("two", "one", "three"), "failed")],
    ids=["the same order", "another order"],
)
def test_boroughs_print_measures_in_one_order(second, outcome) -> None:
    orders = (("one", "two", "three"), second)
    pages = [page("", *names, name=f"about-{area}", area=area) for area, names in zip(BOROUGHS, orders, strict=True)]
    p = of("printed_alike", *(measure(name) for name in orders[0]), sections=pages, about="order")
    assert only(findings_of(p, told(*BOROUGHS, one=1, two=2, three=3))).outcome == outcome
    assert only(findings_of(p, [])).outcome == "not_evaluated"


# Numbers too small to print

PEOPLE = [measure(name, "distinct", counts_persons=True, title=name.capitalize()) for name in ("missing", "cared")]


@pytest.mark.parametrize(
    ("by", "least"), [({}, 5), ({"smallest": 6}, 6)], ids=["the partnership's policy", "somebody else's rule"]
)
@pytest.mark.parametrize(
    ("values", "found"),
    [((2, 40), True), ((0, 40), False), ((4, 40), True), ((6, 40), False), (("<5", 40), False)],
    ids=["two", "nobody", "four", "just enough", "hidden already"],
)
def test_a_small_number_of_people_is_found_and_not_told(values, found, by, least) -> None:
    p = of("small_numbers", PEOPLE[0], sections=[], **by)
    told_of = [said(f"dataset-{area}", area, "missing", YEAR, one) for area, one in zip(BOROUGHS, values, strict=True)]
    failed = [one for one in findings_of(p, told_of) if one.outcome == "failed"]
    assert bool(failed) is found
    for one in failed:
        assert f"fewer than {least}" in one.title and "Northbrook" in one.title
        assert str(values[0]) not in (one.title + one.arithmetic).replace(f"1 to {least - 1}", "") and one.values == ()


def test_the_least_number_that_policy_shows_is_no_finding() -> None:
    policy, of_others = (of("small_numbers", PEOPLE[0], sections=[], **by) for by in ({}, {"smallest": 6}))
    assert [len(findings_of(one, told(missing=5))) for one in (policy, of_others)] == [0, 1]


def test_a_small_number_of_places_is_no_matter() -> None:
    p = of("small_numbers", measure("schools", "stock"), sections=[], smallest=6)
    assert findings_of(p, told(schools=2)) == []


@pytest.mark.parametrize(
    ("part", "whole", "outcome"),
    [(54, 290, "passed"), (36, 40, "failed"), (40, 40, "passed"), ("c", 40, "not_evaluated")],
    ids=["many are left", "four are left", "nobody is left", "a part is hidden"],
)
def test_what_is_left_of_a_whole_is_a_number_of_people_too(part, whole, outcome) -> None:
    within = rule("part_within_whole", "within", part="cared", whole="missing", areas=["eastmere"])
    p = of("small_numbers", *PEOPLE, sections=[], smallest=6, rules=[within])
    found = [one for one in findings_of(p, told(cared=part, missing=whole)) if "missing-cared" in one.subject]
    assert only(found).outcome == outcome


# As many as were promised


@pytest.mark.parametrize(
    ("every", "each", "count", "period", "outcome", "says"),
    [
        ("month", False, 12, YEAR, "passed", "12 of 12 (one a month)"),
        ("month", False, 11, YEAR, "failed", "1 too few"),
        ("quarter", False, 5, YEAR, "failed", "1 too many"),
        ("term", True, 6, YEAR, "passed", "6 of 6 (one a term in each of 2 boroughs)"),
        ("month", False, 3, Q4, "passed", "3 of 3"),
    ],
)
def test_as_many_as_were_promised(every, each, count, period, outcome, says) -> None:
    about = {"every": every, "in_each_borough": each, "measures": ["referrals"], "areas": ["eastmere"]}
    p = of("expected_count", REFERRALS, sections=[], **about)
    found = only(findings_of(p, [said("dataset-eastmere", "eastmere", "referrals", period, count)], period))
    assert found.outcome == outcome
    assert says in found.title
    assert only(findings_of(p, [], period)).outcome == "not_evaluated"


def test_terms_are_counted_in_a_year_alone() -> None:
    p = of("expected_count", REFERRALS, sections=[], every="term", measures=["referrals"])
    assert findings_of(p, [], Q4) == []


# Comparators


def comparing(**about):
    own = measure("meals", "percentage", decimals=1, title="Meals", scope={"schools": "primary schools"})
    average = {"title": "National average", "decimals": 1, "unit": "percent", **about}
    beside = measure("average", "reference", areas=(*BOROUGHS, "england"), **average)
    sources = [dataset(area, "meals", "average") for area in BOROUGHS] + [official("dfe", "2024-06", "average")]
    fits = rule("comparator_fits", measures=["meals"], comparator="average", areas=["eastmere"])
    return partnership([own, beside], sources, [fits])


def published(now, before):
    given = {YEAR: now, YEAR.before: before}
    return [said("dfe", "england", "average", period, value) for period, value in given.items() if value]


def test_a_comparator_is_about_the_same() -> None:
    quoted = told(meals="27.1", average="23.8")
    found = only(findings_of(comparing(scope={"schools": "all schools"}), quoted))
    assert (found.outcome, found.arithmetic) == ("failed", "27.1 - 23.8 = +3.3 percentage points")
    assert found.title.endswith("of something else: schools: primary schools here, all schools there.")
    assert only(findings_of(comparing(scope={"schools": "primary schools"}), quoted)).outcome == "passed"
    assert only(findings_of(comparing(), told(meals="27.1"))).outcome == "not_evaluated"


@pytest.mark.parametrize(
    ("quoted", "outcome", "says"),
    [
        ("24.6", "passed", "is that of this year"),
        (
            "23.8",
            "failed",
            "is that of the year before; this year it is 24.6%: the gap is +2.5 percentage points and not",
        ),
        ("25.1", "failed", "is not the official one; this year it is 24.6%"),
    ],
    ids=["of this year", "a year old", "of no year"],
)
def test_a_comparator_is_of_this_year(quoted, outcome, says) -> None:
    found = findings_of(comparing(), told(meals="27.1", average=quoted) + published("24.6", "23.8"))
    about = only([one for one in found if ".average." in one.subject])
    assert about.outcome == outcome
    assert says in about.title
