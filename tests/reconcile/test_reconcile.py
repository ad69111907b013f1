"""All rules together: every kind has a function, findings come in an order, and order of input makes none."""

import random
from typing import get_args

from config.rules import Rule
from tasks import register
from tasks.reconcile import KINDS, ranked, reconcile
from tests.reconcile.example import (
    BOROUGHS,
    Q1,
    YEAR,
    came,
    dataset,
    findings_of,
    measure,
    official,
    partnership,
    rule,
    said,
    section,
)


def test_every_kind_of_rule_has_a_function() -> None:
    kinds = {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Rule)[0])}
    assert set(KINDS) == kinds


READING = {"area": "eastmere", "reading": "all of them", "percentage": "rate", "parts": ["again"]}


def everything():
    measures = [
        measure("referrals", areas=(*BOROUGHS, "partnership", "england"), unit="referrals"),
        measure("again", unit="referrals"),
        measure("rate", "percentage", numerator="again", denominator="referrals", decimals=1),
        measure(
            "average",
            "reference",
            unit="percent",
            must_say=("which year",),
            scope={"pupils": "all"},
            areas=(*BOROUGHS, "england"),
        ),
        measure("people", "stock", as_at_words="mid-2022", unit="people"),
        measure("one_sided", "stock", areas=("eastmere",), counts_persons=True),
    ]
    names = [one.id for one in measures]
    sources = [dataset(area, *names) for area in BOROUGHS]
    sources += [dataset(area, "referrals", name=f"return-{area}") for area in BOROUGHS]
    sources.append(official("dfe", "2025-10", "referrals", "again"))
    pair = {"percentage": "rate", "denominator": "referrals"}
    rules = [
        rule("same_figure", "same", measures=["referrals"], severity="must_fix"),
        rule("year_from_quarters", "years", measures=["referrals", "again"]),
        rule("parts_and_whole", "sums", whole="referrals", parts=["again", "again"]),
        rule("part_within_whole", "within", part="again", whole="referrals"),
        rule("percentage_recomputes", "recomputes", numerator="again", **pair),
        rule("percentage_reachable", "reachable", **pair),
        rule("shared_reference", "shared", measures=["average"], compare="value"),
        rule("against_official", "official", measures=["referrals"], severity="information"),
        rule("roll_forward", "rolls", stock="people", started="again", ended="again"),
        rule("movement", "moved", measures=["referrals"], since="last_year", percent=10),
        rule("comparable_areas", "alike", per="people"),
        rule("in_every_area", "both"),
        rule("fair_comparison", "fair", per="people"),
        rule("comparator_fits", "fits", measures=["rate"], comparator="average"),
        *(rule("section_wording", f"words-{one}", about=one) for one in ("period", "exactness", "label")),
        *(rule("dated_and_sourced", f"told-{one}", about=one) for one in ("date", "source")),
        *(rule("printed_alike", f"printed-{one}", about=one) for one in ("decimals", "order")),
        rule("implied_denominator", "implied", readings=[READING], beside="people", least=1, most=90),
        rule("plausible_ratio", "ratio", above="again", below="referrals"),
        rule("expected_count", "expected", measures=["referrals"], every="month"),
        rule("small_numbers", "small", smallest=6),
        rule("official_pattern", "pattern", measures=["referrals", "again"], apart_percent=30),
        rule("cadence", "cadence", sources=[one.id for one in sources]),
    ]
    observed = []
    for area, factor in zip(BOROUGHS, (1, 2), strict=True):
        for number, quarter in enumerate(YEAR.quarters):
            observed.append(said(f"dataset-{area}", area, "referrals", quarter, 100 * factor + number))
            observed.append(said(f"return-{area}", area, "referrals", quarter, 100 * factor))
            observed.append(said(f"dataset-{area}", area, "again", quarter, "<5" if number else 9))
        observed.append(said(f"dataset-{area}", area, "average", YEAR, 24 + factor))
        observed.append(said("dfe", area, "referrals", YEAR, 400 * factor))
        observed.append(said(f"dataset-{area}", area, "people", YEAR, 20000 * factor))
    observed.append(said("dataset-eastmere", "eastmere", "one_sided", YEAR, 4))
    sections = [
        section(f"about-{area}", *(f"{area}.{name}" for name in ("referrals", "again", "rate", "people", *more)))
        for area, more in zip(BOROUGHS, (["one_sided"], []), strict=True)
    ]
    return partnership(measures, sources, rules, sections), observed, [came(f"dataset-{area}", Q1) for area in BOROUGHS]


def test_what_needs_a_person_most_comes_first() -> None:
    p, observed, files = everything()
    found = findings_of(p, observed, files=files)
    outcomes, severities = ("failed", "not_evaluated", "passed"), ("must_fix", "look_at", "information")
    places = [(outcomes.index(one.outcome), severities.index(one.severity), -one.weight, one.id) for one in found]
    assert places == sorted(places)
    assert ranked(reversed(found)) == found
    assert {one.kind for one in found} == set(KINDS)
    assert len({one.id for one in found}) == len(found)


def test_the_order_of_what_came_makes_no_difference() -> None:
    p, observed, files = everything()
    found = findings_of(p, observed, files=files)
    for seed in range(5):
        shuffled = random.Random(seed).sample(observed, len(observed))
        assert findings_of(p, shuffled, files=list(reversed(files))) == found


def test_every_finding_touches_figures_that_there_are() -> None:
    p, observed, files = everything()
    figures = register.build(p, YEAR, observed, files)
    known = {one.id for one in figures}
    for found in reconcile(p, YEAR, figures, observed, files):
        assert set(found.figures) <= known, found.id
        assert found.reason if found.outcome == "not_evaluated" else not found.reason, found.id


def test_nothing_received_is_nothing_called_good() -> None:
    p, _, _ = everything()
    for period in (YEAR, Q1):
        assert {one.outcome for one in findings_of(p, [], period)} == {"failed", "not_evaluated"}
        assert {one.kind for one in findings_of(p, [], period) if one.outcome == "failed"} == {"cadence"}


def test_no_rules_no_findings() -> None:
    assert findings_of(partnership([measure("referrals")], [dataset("eastmere", "referrals")]), []) == []
