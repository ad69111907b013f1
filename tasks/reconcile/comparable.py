"""May the boroughs' figures be read side by side: are they the same measure, said alike, and fairly compared?

Belongs here: what areas say of the same measure, measures that only look alike, what one area lacks, counts beside
rates. Does not belong here: whether two sources give one figure alike (``tasks.reconcile.agreement``).

All of this is asked of a year, which is what the report compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial

import numpy as np

from config.model import Area, Measure
from config.rules import ComparableAreas, FairComparison, InEveryArea, PartsAndWhole
from tasks.measures import is_percent, per_heads, round_half_up
from tasks.model import Finding, ValueBeside
from tasks.reconcile.evidence import Evidence, is_count
from tasks.reconcile.tables import (
    NO_ROWS,
    Column,
    Mask,
    Places,
    Row,
    Table,
    choose,
    column,
    divisor,
    stacked,
    table,
    verdict,
)
from tasks.reconcile.telling import make_finding
from tasks.words import listed, lower_first, many

HEADS = 10_000


def comparable_areas(rule: ComparableAreas, evidence: Evidence) -> Table:
    """Compare what boroughs say of a measure that they share, and find look-alikes that stand side by side."""
    return stacked([_shared(evidence), _look_alikes(evidence)]) if len(evidence.boroughs) > 1 else NO_ROWS


def _given(evidence: Evidence) -> Mask:
    """Which boroughs have a value of which measures from a source of their own: a row a borough, a column a measure."""
    return (evidence.kept & evidence.asked_of_us & evidence.known)[evidence.boroughs]


def _shared(evidence: Evidence) -> Table:
    """Measures that several boroughs have, if there is something to say of them or if they are printed differently."""
    given, decimals = _given(evidence), evidence.decimals[evidence.boroughs]
    other_decimals = _differ(given, decimals)
    told = np.array([bool(one.must_say or one.says) for one in evidence.partnership.measures.values()], dtype=bool)
    asked = (given.sum(axis=0) > 1) & (told | other_decimals)
    faults = (other_decimals | _answered_differently(evidence, given))[asked]
    measures = evidence.measure_ids[asked]
    return table(measure=measures, other="", area="", other_area="", outcome=choose([faults], ["failed"], "passed"))


def _differ(given: Mask, cells: Column) -> Mask:
    """In which columns not all cells are the same, among those that are given."""
    first = cells[np.argmax(given, axis=0), np.arange(given.shape[1])]
    return np.asarray(given & (cells != first), dtype=bool).any(axis=0)


def _answered_differently(evidence: Evidence, given: Mask) -> Mask:
    """Measures of which some borough leaves a question open, or answers it otherwise than the first."""
    measures = evidence.partnership.measures.values()
    asked = [(place, one, question) for place, one in enumerate(measures) for question in _questions(one)]
    of = np.array([place for place, _, _ in asked], dtype=np.intp)
    said = column(
        _answer(one, area.id, question) for area in evidence.partnership.boroughs for _, one, question in asked
    )
    said = said.reshape(len(evidence.boroughs), len(asked))
    faults = _differ(given[:, of], said) | (given[:, of] & (said == "")).any(axis=0)
    return np.isin(np.arange(len(measures)), of[faults])


def _questions(measure: Measure) -> list[str]:
    asked = [*measure.must_say, *(question for said in measure.says.values() for question in said)]
    return list(dict.fromkeys(asked))


def _answer(measure: Measure, area: str, question: str) -> str:
    return measure.says.get(area, {}).get(question, measure.scope.get(question, ""))


def _look_alikes(evidence: Evidence) -> Table:
    """Two look-alikes, each with the one borough that has it; nothing where both boroughs have both."""
    given, parts = _given(evidence), _parts(evidence)
    declared = [
        (one, other.measure) for one in evidence.partnership.measures.values() for other in one.not_comparable_with
    ]
    pairs = [(one.id, other) for one, other in declared if one.id < other and not {one.id, other} <= parts]
    one, other = (evidence.columns(*(pair[side] for pair in pairs)) for side in (0, 1))
    single, who = given.sum(axis=0) == 1, evidence.boroughs[np.argmax(given, axis=0)]
    beside = single[one] & single[other] & (who[one] != who[other])
    ids = evidence.measure_ids, evidence.area_ids
    (measure, area), (other_measure, other_area) = (
        (ids[0][of[beside]], ids[1][who[of[beside]]]) for of in (one, other)
    )
    return table(measure=measure, other=other_measure, area=area, other_area=other_area, outcome="failed")


def say_comparable_areas(rule: ComparableAreas, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    return (_say_look_alikes if row.other else _say_shared)(rule, evidence, row)


def _say_shared(rule: ComparableAreas, evidence: Evidence, row: Row) -> Finding:
    measure = evidence.measure(row.measure)
    areas = _with_value(evidence, measure)
    sides = [evidence.side((area.id, measure.id), area.name) for area in areas]
    shown = listed([f"{side.value} in {side.label}" for side in sides])
    about = f"{measure.title} ({shown})"
    say = partial(make_finding, evidence, rule, f"{measure.id}.{evidence.period}", row.outcome, values=sides)
    if row.outcome == "passed":
        return say(f"{about} can be compared.")
    faults = [told for question in _questions(measure) if (told := _told(measure, areas, question))]
    if told := _decimals(measure, areas):
        faults.append(told)
    title = f"{about} cannot safely be compared: {'; '.join(faults)}."
    return say(title, arithmetic=_rates(rule, evidence, areas, measure))


def _with_value(evidence: Evidence, measure: Measure) -> list[Area]:
    """Boroughs that have a value of a measure from a source of their own."""
    given = _given(evidence)[:, evidence.column[measure.id]]
    return [one for one, is_given in zip(evidence.partnership.boroughs, given, strict=True) if is_given]


def _told(measure: Measure, areas: Sequence[Area], question: str) -> str:
    """What is wrong with the answers of areas to one question, if anything is."""
    said = {area.name: _answer(measure, area.id, question) for area in areas}
    silent = [name for name, answer in said.items() if not answer]
    if len(silent) == len(said):
        return f"nobody says {question}"
    if silent:
        others = [name for name in said if name not in silent]
        return f"{listed(silent)} does not say {question}, and {listed(others)} does"
    if len(set(said.values())) > 1:
        return f"{question}: {listed([f'{answer} in {name}' for name, answer in said.items()])}"
    return ""


def _decimals(measure: Measure, areas: Sequence[Area]) -> str:
    places = {area.name: measure.decimals_for(area.id) for area in areas}
    if len(set(places.values())) < 2:
        return ""
    told = [f"{many(number, 'decimal')} in {name}" for name, number in places.items()]
    return f"it is printed with {listed(told)}"


def _rates(rule: ComparableAreas, evidence: Evidence, areas: Iterable[Area], *measures: Measure) -> str:
    """Counts per head of the population that the rule names: ``1,088.7 and 914.6 per 10,000``."""
    if rule.per is None or not all(is_count(one) for one in measures):
        return ""
    of_area = list(measures) * (1 if len(measures) > 1 else 2)
    rates = [_rate(evidence, (area.id, one.id), rule.per) for area, one in zip(areas, of_area, strict=False)]
    if len(rates) < 2 or any(rate is None for rate in rates):
        return ""
    return f"{' and '.join(f'{rate:,f}' for rate in rates)} per {HEADS:,}"


def _rate(evidence: Evidence, key: tuple[str, str], per: str) -> Decimal | None:
    value, people = evidence.value(key), evidence.value((key[0], per))
    return None if value is None or not people else round_half_up(per_heads(value, people, HEADS), 1)


def _say_look_alikes(rule: ComparableAreas, evidence: Evidence, row: Row) -> Finding:
    measure, other = evidence.measure(row.measure), evidence.measure(row.other)
    areas = [evidence.area(row.area), evidence.area(row.other_area)]
    pair = list(zip(areas, (measure, other), strict=True))
    sides = [evidence.side((where.id, one.id), f"{where.name}: {lower_first(one.title)}") for where, one in pair]
    because = next(one.because for one in measure.not_comparable_with if one.measure == other.id)
    title = (
        f"{measure.title} in {areas[0].name} ({sides[0].value}) and {lower_first(other.title)} in {areas[1].name} "
        f"({sides[1].value}) look alike and are not the same. {because}"
    )
    subject, arithmetic = f"{measure.id}-{other.id}.{evidence.period}", _rates(rule, evidence, areas, measure, other)
    return make_finding(evidence, rule, subject, row.outcome, title, arithmetic=arithmetic, values=sides)


# What one area lacks


def in_every_area(rule: InEveryArea, evidence: Evidence) -> Table:
    """Find what the report prints for some boroughs and not for the rest, other than parts and look-alikes."""
    given, kept = _given(evidence), evidence.kept[evidence.boroughs]
    printed = (given & evidence.is_printed[evidence.boroughs]).any(axis=0)
    alone = ~np.isin(evidence.measure_ids.astype(str), [*_parts(evidence)]) & ~_stands_in(evidence, kept)
    measures = evidence.measure_ids[printed & alone & ~kept.all(axis=0)]
    return table(measure=measures, outcome="failed")


def _parts(evidence: Evidence) -> set[str]:
    """Parts of a whole, which are told with their whole."""
    found: set[str] = set()
    for rule in evidence.partnership.rules:
        if isinstance(rule, PartsAndWhole):
            found |= {*rule.parts, *([rule.overlap] if rule.overlap else [])}
    return found


def _stands_in(evidence: Evidence, kept: Mask) -> Mask:
    """For which measures another of the same kind, which only looks alike, is kept for all areas that lack them."""
    measures = evidence.partnership.measures
    declared = [(one, measures[other.measure]) for one in measures.values() for other in one.not_comparable_with]
    alike = [(one.id, other.id) for one, other in declared if _is_share(one) == _is_share(other)]
    one, other = (evidence.columns(*(pair[side] for pair in alike)) for side in (0, 1))
    return np.isin(np.arange(len(measures)), one[(kept[:, one] | kept[:, other]).all(axis=0)])


def _is_share(measure: Measure) -> bool:
    return is_percent(measure.unit, measure.statistic)


def say_in_every_area(rule: InEveryArea, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    measure = evidence.measure(row.measure)
    lacking = [one for one in evidence.partnership.boroughs if one.id not in measure.areas]
    sides = [evidence.side((area.id, measure.id), area.name) for area in _with_value(evidence, measure)]
    has = listed([f"{side.value} in {side.label}" for side in sides])
    sides += [ValueBeside(area.name, "nobody is asked for it") for area in lacking]
    verb = "have" if len(lacking) > 1 else "has"
    title = f"{measure.title}: {has}; {listed([area.name for area in lacking])} {verb} no such figure."
    return make_finding(evidence, rule, f"{measure.id}.{evidence.period}", row.outcome, title, values=sides)


# Counts and rates


def fair_comparison(rule: FairComparison, evidence: Evidence) -> Table:
    """Count for how many measures the boroughs stand in another order per head than by numbers.

    All boroughs make one finding. Of two that are as high the one whose name comes last leads.
    """
    if len(evidence.boroughs) < 2:
        return NO_ROWS
    boroughs = evidence.boroughs[np.argsort(evidence.area_ids[evidence.boroughs])]
    counts = [is_count(one) and not one.illustrative for one in evidence.partnership.measures.values()]
    shared = _given(evidence).all(axis=0) & np.array(counts, dtype=bool)
    shared[evidence.column[rule.per]] = False
    values, people = evidence.values[boroughs][:, shared], evidence.value_in(boroughs, rule.per)
    by_count, by_rate = (_highest(one) for one in (values, values / divisor(people)[:, None]))
    return table(
        shared=column([evidence.measure_ids[shared]]),
        by_count=column([evidence.area_ids[boroughs[by_count]]]),
        by_rate=column([evidence.area_ids[boroughs[by_rate]]]),
        outcome=verdict(
            evidence.known_in(boroughs, rule.per).all(keepdims=True), (by_count == by_rate).all(keepdims=True)
        ),
    )


def _highest(values: Column) -> Places:
    """In each column the last row of those that are highest."""
    return len(values) - 1 - np.argmax(values[::-1], axis=0)


def say_fair_comparison(rule: FairComparison, evidence: Evidence, row: Row) -> Finding:
    """Put the row into words."""
    say = partial(make_finding, evidence, rule, f"{rule.per}.{evidence.period}", row.outcome)
    if row.outcome == "not_evaluated":
        reason = evidence.lacking_in(evidence.partnership.boroughs, rule.per)
        return say("Whether counts mislead was not checked.", reason=reason)
    names = {area.id: area.name for area in evidence.partnership.boroughs}
    by_numbers, rated = (_most(list(winners), names) for winners in (row.by_count, row.by_rate))
    told = f"{len(row.shared)} measures are printed as counts for boroughs of different size"
    say = partial(say, arithmetic=f"by counts {by_numbers}; per {HEADS:,} {rated}")
    if row.outcome == "passed":
        return say(f"{told}; rates keep their order.")
    per = lower_first(evidence.measure(rule.per).title)
    title = f"{told}. By counts {by_numbers}; per {HEADS:,} {per} {rated}."
    return say(title, values=[_row(evidence, rule, evidence.measure(name)) for name in row.shared])


def _most(winners: Sequence[str], names: dict[str, str]) -> str:
    if not winners:
        return "nothing can be compared"
    most = max(sorted(set(winners)), key=winners.count)
    return f"{names[most]} is higher in {winners.count(most)} of {len(winners)}"


def _row(evidence: Evidence, rule: FairComparison, measure: Measure) -> ValueBeside:
    """A measure's rates in each borough, as one of the values that the finding lays side by side."""
    rates = [
        f"{area.name} {_rate(evidence, (area.id, measure.id), rule.per):,f}" for area in evidence.partnership.boroughs
    ]
    return ValueBeside(f"{measure.title}, per {HEADS:,}", listed(rates))
