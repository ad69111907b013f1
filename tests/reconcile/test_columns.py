"""Rules compute on whole columns: exactly, once a rule, and with no step that is taken once an area or measure."""

import sys
from collections import Counter
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.partnership import Partnership
from tasks import reconcile as rules
from tasks import register
from tasks.measures import Amount, change, round_half_up
from tasks.model import Observation
from tasks.reconcile import KINDS, reconcile
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.tables import ceiling, column, rounded, within
from tests.reconcile.example import BOROUGHS, YEAR, dataset, findings_of, measure, partnership, rule, said
from tests.reconcile.test_reconcile import everything

ONE_BY_ONE = {"section_wording", "printed_alike", "dated_and_sourced", "cadence"}
"""Words of sections, the order in which they print, and which returns came are read one by one."""
LOOKED_UP = {"_quotes", "_case", "_opening", "_amount", "_as_sent", "_other_scope", "_answer", "round_half_up"}
"""What one source gave for a figure stands in the ledger, what is said of a measure in the configuration."""
NUMBERS = st.decimals(min_value=-10_000, max_value=10_000, places=4)
HOME = str(Path(rules.__file__).parent)


def grown(times: int) -> tuple[Partnership, list[Observation]]:
    """The example with so many copies of each borough, each with sources and figures of its own."""
    p, observed, _ = everything()
    names = {one: [f"{one}-{number}" for number in range(times)] for one in BOROUGHS}
    areas = [
        area.model_copy(update={"id": name, "name": name.capitalize()})
        for area in p.profile.areas
        for name in names.get(area.id, [area.id])
    ]
    measures = {
        one.id: one.model_copy(update={"areas": tuple(name for area in one.areas for name in names.get(area, [area]))})
        for one in p.measures.values()
    }
    sources = {
        f"{one.id}{name}": one.model_copy(
            update={"id": f"{one.id}{name}", "layout": one.layout.model_copy(update={"area": name} if name else {})}
        )
        for one in p.sources.values()
        for name in names.get(getattr(one.layout, "area", ""), [""])
    }
    copied = [
        _copy(one, name, number, f"{one.source}{name}" in sources)
        for one in observed
        for number, name in enumerate(names.get(one.area, [one.area]))
    ]
    kept = tuple(one for one in p.rules if one.kind not in ONE_BY_ONE | {"implied_denominator"})
    profile = p.profile.model_copy(update={"areas": tuple(areas)})
    return replace(p, profile=profile, measures=measures, sources=sources, rules=kept, sections=()), copied


def _copy(one: Observation, area: str, number: int, has_sources: bool) -> Observation:
    """What is said of a copy; official statistics say something else of each, and of the second what it says itself."""
    if has_sources or one.value is None:
        return replace(one, area=area, source=f"{one.source}{area}" if has_sources else one.source)
    return replace(one, area=area, value=one.value + 6 * number)


def evidence(times: int) -> Evidence:
    p, observed = grown(times)
    figures = register.build(p, YEAR, observed)
    return Evidence.of(p, YEAR, figures, observed, (), {str(YEAR.before): figures})


def steps(about: Evidence, kind: str) -> tuple[int, int]:
    """How many functions of rules are called to evaluate a kind, and how many rows that makes."""
    calls: list[str] = []
    inside: list[object] = []

    def look(frame, event: str, _: object) -> None:
        name = frame.f_code.co_name
        if event == "return" and inside and inside[-1] is frame:
            inside.pop()
        elif event == "call" and not inside and name in LOOKED_UP:
            inside.append(frame)
        elif event == "call" and not inside and frame.f_code.co_filename.startswith(HOME) and not name.startswith("<"):
            calls.append(name)

    made = 0
    for one in (one for one in about.partnership.rules if one.kind == kind):
        KINDS[kind].evaluate(one, about)  # what is laid out once a run is laid out
        sys.setprofile(look)
        try:
            made += len(KINDS[kind].evaluate(one, about))
        finally:
            sys.setprofile(None)
    return len(calls), made


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - ONE_BY_ONE - {"implied_denominator"}))
def test_more_areas_take_no_more_steps(kind: str) -> None:
    (few, _), (many, made) = steps(evidence(1), kind), steps(evidence(6), kind)
    assert few == many > 0
    assert made > 0 or kind in ("in_every_area", "comparable_areas", "comparator_fits", "small_numbers")


def test_a_rule_is_evaluated_once_whatever_it_asks_about(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Counter[str] = Counter()
    for name, kind in list(KINDS.items()):

        def evaluate(one, about, kind=kind):
            seen[one.id] += 1
            return kind.evaluate(one, about)

        monkeypatch.setitem(KINDS, name, kind._replace(evaluate=evaluate))
    p, observed = grown(3)
    reconcile(p, YEAR, register.build(p, YEAR, observed), observed)
    assert seen == Counter(one.id for one in p.rules)


@pytest.mark.parametrize(
    "kind", ["same_figure", "against_official", "movement", "part_within_whole", "year_from_quarters"]
)
def test_all_areas_at_once_are_each_of_them_alone(kind: str) -> None:
    p, observed = grown(3)
    kept = [one for one in p.rules if one.kind == kind]
    boroughs = [one.id for one in p.boroughs]
    alone = [one.model_copy(update={"areas": (area,)}) for one in kept for area in boroughs]
    together = findings_of(
        replace(p, rules=tuple(one.model_copy(update={"areas": tuple(boroughs)}) for one in kept)), observed
    )
    assert together == findings_of(replace(p, rules=tuple(alone)), observed)
    assert len(together) >= len(boroughs)


# Columns are exact


@given(st.lists(NUMBERS, min_size=1), st.integers(0, 3))
def test_a_column_is_rounded_as_its_numbers_are(numbers: list[Decimal], decimals: int) -> None:
    assert list(rounded(column(numbers), decimals)) == [round_half_up(one, decimals) for one in numbers]
    assert list(ceiling(column(numbers))) == [int(one.to_integral_value(ROUND_CEILING)) for one in numbers]


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1), st.decimals(0, 50, places=1), st.decimals(0, 9, places=1))
def test_columns_are_held_against_each_other_as_their_numbers_are(
    pairs: list[tuple[Decimal, Decimal]], tolerance: Decimal, percent: Decimal
) -> None:
    about = rule("roll_forward", stock="a", started="b", ended="c", tolerance=tolerance, tolerance_percent=percent)
    left, right = (column(side) for side in zip(*pairs, strict=True))
    assert list(left - right) == [one - other for one, other in pairs]
    assert list(within(about, left, right)) == [
        abs(one - other) <= max(tolerance, percent * max(abs(one), abs(other)) / 100) for one, other in pairs
    ]


COUNTS = st.integers(0, 400)


@given(st.tuples(COUNTS, COUNTS), st.tuples(COUNTS, COUNTS), st.tuples(COUNTS, COUNTS))
def test_a_sum_and_a_movement_are_those_of_the_numbers(
    first: tuple[int, int], second: tuple[int, int], whole: tuple[int, int]
) -> None:
    names = ("first", "second", "whole")
    asked = [
        rule("parts_and_whole", "sum", whole="whole", parts=["first", "second"]),
        rule("movement", "moved", measures=["whole"], since="last_year", percent=10),
    ]
    sources = [dataset(area, *names, every="year") for area in BOROUGHS]
    p = partnership([measure(name) for name in names], sources, asked)
    observed = [
        said(f"dataset-{area}", area, name, YEAR, values[place])
        for place, area in enumerate(BOROUGHS)
        for name, values in zip(names, (first, second, whole), strict=True)
    ]
    figures = register.build(p, YEAR, observed)
    before = [replace(one, value=Decimal(first[0])) for one in figures]
    about = Evidence.of(p, YEAR, figures, observed, (), {str(YEAR.before): before})
    made = KINDS["parts_and_whole"].evaluate(asked[0], about)
    assert list(made.gap) == [
        Decimal(all_) - one - other for one, other, all_ in zip(first, second, whole, strict=True)
    ]
    assert [outcome == "passed" for outcome in made.outcome] == [not gap for gap in made.gap]
    moved = KINDS["movement"].evaluate(asked[1], about)
    shares = [change(p.measures["whole"], Amount(Decimal(first[0])), Amount(Decimal(now))).value for now in whole]
    expected = ["not_evaluated" if one is None else "passed" if abs(one) <= 10 else "failed" for one in shares]
    assert list(moved.outcome) == expected


def test_what_an_earlier_period_had_and_this_one_has_not_is_no_matter() -> None:
    names = ("kept", "dropped")
    asked = rule("movement", "moved", measures=["kept"], since="last_year", percent=10)
    source = dataset("eastmere", *names, every="year")
    observed = [said(source.id, "eastmere", name, YEAR, 10) for name in names]
    was = register.build(partnership([measure(name) for name in names], [source]), YEAR, observed)
    earlier = {str(YEAR.before): [*was, replace(was[0], area="merged-away")]}
    found = findings_of(partnership([measure("kept")], [source], [asked]), observed, earlier=earlier)
    assert [one.outcome for one in found if "eastmere" in one.subject] == ["passed"]


@pytest.mark.parametrize("boroughs", [(), ("eastmere",)])
def test_where_there_are_no_two_boroughs_nothing_is_compared_between_them(boroughs: tuple[str, ...]) -> None:
    p, observed, files = everything()
    areas = tuple(one for one in p.profile.areas if one.kind != "borough" or one.id in boroughs)
    kept = {one.id for one in areas}
    measures = {
        one.id: one.model_copy(update={"areas": tuple(area for area in one.areas if area in kept)})
        for one in p.measures.values()
    }
    asked = tuple(one for one in p.rules if one.kind != "implied_denominator")
    alone = replace(p, profile=p.profile.model_copy(update={"areas": areas}), measures=measures, rules=asked)
    found = findings_of(alone, [one for one in observed if one.area in kept], files=files)
    assert {"comparable_areas", "fair_comparison", "in_every_area"}.isdisjoint(one.kind for one in found)
    assert "official_pattern" in {one.kind for one in found if one.outcome == "not_evaluated"}
