"""May the boroughs' figures be read side by side: are they the same measure, said alike, and fairly compared?

Belongs here: what areas say of the same measure, measures that only look alike, what one area lacks, counts beside
rates. Does not belong here: whether two sources give one figure alike (``tasks.reconcile.agreement``).

All of this is asked of a year, which is what the report compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from config.model import Area, Measure, NotComparable
from config.periods import ReportingYear
from config.rules import ComparableAreas, FairComparison, InEveryArea, PartsAndWhole
from tasks.measures import is_percent, per_heads, round_half_up
from tasks.model import Finding, ValueBeside
from tasks.reconcile.evidence import Evidence, is_count, make_finding
from tasks.words import listed, lower_first, many

HEADS = 10_000


def comparable_areas(rule: ComparableAreas, evidence: Evidence) -> Iterator[Finding]:
    """Compare what boroughs say of a measure that they share, and lay look-alikes side by side with why they differ."""
    if not isinstance(evidence.period, ReportingYear):
        return
    parts = _parts(evidence)
    for measure in evidence.partnership.measures.values():
        areas = _with_value(evidence, measure)
        if len(areas) > 1 and _is_asked(measure, areas):
            yield _shared(rule, evidence, measure, areas)
        for other in measure.not_comparable_with:
            told_with_whole = {measure.id, other.measure} <= parts
            if measure.id < other.measure and not told_with_whole and (pair := _pair(evidence, measure, other.measure)):
                yield _look_alikes(rule, evidence, other, pair)


def _with_value(evidence: Evidence, measure: Measure) -> list[Area]:
    """Boroughs that have a value of a measure from a source of their own."""
    own = [one for one in evidence.partnership.boroughs if one.id in measure.areas]
    return [one for one in own if evidence.is_asked(one.id, measure.id) and evidence.has((one.id, measure.id))]


def _is_asked(measure: Measure, areas: Sequence[Area]) -> bool:
    decimals = {measure.decimals_for(area.id) for area in areas}
    return bool(measure.must_say or measure.says or len(decimals) > 1)


def _shared(rule: ComparableAreas, evidence: Evidence, measure: Measure, areas: Sequence[Area]) -> Finding:
    faults = [told for question in _questions(measure) if (told := _answers(measure, areas, question))]
    if told := _decimals(measure, areas):
        faults.append(told)
    subject = f"{measure.id}.{evidence.period}"
    sides = [evidence.side((area.id, measure.id), area.name) for area in areas]
    shown = listed([f"{side.value} in {side.label}" for side in sides])
    about = f"{measure.title} ({shown})"
    if not faults:
        return make_finding(evidence, rule, subject, "passed", f"{about} can be compared.", values=sides)
    title = f"{about} cannot safely be compared: {'; '.join(faults)}."
    return make_finding(
        evidence, rule, subject, "failed", title, arithmetic=_rates(rule, evidence, areas, measure), values=sides
    )


def _questions(measure: Measure) -> list[str]:
    asked = [*measure.must_say, *(question for said in measure.says.values() for question in said)]
    return list(dict.fromkeys(asked))


def _answers(measure: Measure, areas: Sequence[Area], question: str) -> str:
    """What is wrong with the answers of areas to one question, if anything is."""
    said = {area.name: measure.says.get(area.id, {}).get(question, measure.scope.get(question, "")) for area in areas}
    silent = [name for name, answer in said.items() if not answer]
    answers = {answer for answer in said.values() if answer}
    if len(silent) == len(said):
        return f"nobody says {question}"
    if silent:
        others = [name for name in said if name not in silent]
        return f"{listed(silent)} does not say {question}, and {listed(others)} does"
    if len(answers) > 1:
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


Sides = tuple[tuple[Area, Measure], tuple[Area, Measure]]


def _pair(evidence: Evidence, measure: Measure, other: str) -> Sides | None:
    """Two look-alikes, each with the one borough that has it; nothing where both boroughs have both."""
    found = []
    for one in (measure, evidence.measure(other)):
        areas = _with_value(evidence, one)
        if len(areas) != 1:
            return None
        found.append((areas[0], one))
    return None if found[0][0] == found[1][0] else (found[0], found[1])


def _look_alikes(rule: ComparableAreas, evidence: Evidence, why: NotComparable, pair: Sides) -> Finding:
    (area, measure), (other_area, other) = pair
    sides = [evidence.side((where.id, one.id), f"{where.name}: {lower_first(one.title)}") for where, one in pair]
    title = (
        f"{measure.title} in {area.name} ({sides[0].value}) and {lower_first(other.title)} in {other_area.name} "
        f"({sides[1].value}) look alike and are not the same. {why.because}"
    )
    return make_finding(
        evidence,
        rule,
        f"{measure.id}-{other.id}.{evidence.period}",
        "failed",
        title,
        arithmetic=_rates(rule, evidence, [area, other_area], measure, other),
        values=sides,
    )


# What one area lacks


def in_every_area(rule: InEveryArea, evidence: Evidence) -> Iterator[Finding]:
    """Find what the report prints for some boroughs and not for the rest, other than parts and look-alikes."""
    if not isinstance(evidence.period, ReportingYear):
        return
    parts = _parts(evidence)
    for measure in evidence.partnership.measures.values():
        given = _with_value(evidence, measure)
        lacking = [one for one in evidence.partnership.boroughs if one.id not in measure.areas]
        printed = any(f"{one.id}.{measure.id}" in evidence.printed for one in given)
        if given and lacking and printed and measure.id not in parts and not _stands_in(evidence, measure, lacking):
            yield _one_sided(rule, evidence, measure, given, lacking)


def _parts(evidence: Evidence) -> set[str]:
    """Parts of a whole, which are told with their whole."""
    found: set[str] = set()
    for rule in evidence.partnership.rules:
        if isinstance(rule, PartsAndWhole):
            found |= {*rule.parts, *([rule.overlap] if rule.overlap else [])}
    return found


def _stands_in(evidence: Evidence, measure: Measure, lacking: Sequence[Area]) -> bool:
    """Has another measure of the same kind, which only looks alike, been declared for the areas that lack this one?"""
    others = [evidence.measure(one.measure) for one in measure.not_comparable_with]
    alike = [one for one in others if _is_share(one) == _is_share(measure)]
    return any({area.id for area in lacking} <= set(one.areas) for one in alike)


def _is_share(measure: Measure) -> bool:
    return is_percent(measure.unit, measure.statistic)


def _one_sided(
    rule: InEveryArea, evidence: Evidence, measure: Measure, given: Sequence[Area], lacking: Sequence[Area]
) -> Finding:
    sides = [evidence.side((area.id, measure.id), area.name) for area in given]
    sides += [ValueBeside(area.name, "nobody is asked for it") for area in lacking]
    has = listed([f"{side.value} in {side.label}" for side in sides[: len(given)]])
    verb = "have" if len(lacking) > 1 else "has"
    title = f"{measure.title}: {has}; {listed([area.name for area in lacking])} {verb} no such figure."
    return make_finding(evidence, rule, f"{measure.id}.{evidence.period}", "failed", title, values=sides)


# Counts and rates


def fair_comparison(rule: FairComparison, evidence: Evidence) -> Iterator[Finding]:
    """Count for how many measures the boroughs stand in another order per head than by numbers."""
    if not isinstance(evidence.period, ReportingYear) or len(evidence.partnership.boroughs) < 2:
        return
    areas = evidence.partnership.boroughs
    subject = f"{rule.per}.{evidence.period}"
    if reason := evidence.lacking_in(areas, rule.per):
        yield make_finding(
            evidence, rule, subject, "not_evaluated", "Whether counts mislead was not checked.", reason=reason
        )
        return
    shared = [one for one in _counts(evidence) if len(_with_value(evidence, one)) == len(areas) and one.id != rule.per]
    yield _turned(rule, evidence, shared, subject)


def _counts(evidence: Evidence) -> list[Measure]:
    """Counts about children: what is printed, with the flows behind monthly means left to these."""
    return [one for one in evidence.partnership.measures.values() if is_count(one) and not one.illustrative]


def _turned(rule: FairComparison, evidence: Evidence, shared: Sequence[Measure], subject: str) -> Finding:
    by_count: dict[str, str] = {}
    by_rate: dict[str, str] = {}
    names = {area.id: area.name for area in evidence.partnership.boroughs}
    for measure in shared:
        values = {area: evidence.value((area, measure.id)) or Decimal(0) for area in names}
        rates = {area: value / (evidence.value((area, rule.per)) or 1) for area, value in values.items()}
        by_count[measure.id], by_rate[measure.id] = (max(of, key=lambda a: (of[a], a)) for of in (values, rates))
    turned = [one for one in shared if by_count[one.id] != by_rate[one.id]]
    by_numbers, rated = (_most(list(by.values()), names) for by in (by_count, by_rate))
    told = f"{len(shared)} measures are printed as counts for boroughs of different size"
    arithmetic = f"by counts {by_numbers}; per {HEADS:,} {rated}"
    if not turned:
        return make_finding(
            evidence, rule, subject, "passed", f"{told}; rates keep their order.", arithmetic=arithmetic
        )
    return make_finding(
        evidence,
        rule,
        subject,
        "failed",
        f"{told}. By counts {by_numbers}; per {HEADS:,} {lower_first(evidence.measure(rule.per).title)} {rated}.",
        arithmetic=arithmetic,
        values=[_row(evidence, rule, one) for one in shared],
    )


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
