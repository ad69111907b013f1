"""Beside what are the boroughs read: do comparators fit, and what is each borough's next to region, nation, neighbours?

Belongs here: a comparator that is printed beside a figure (is it about the same, is it of the same year), and the table
of boroughs beside official statistics, ready to be drawn. Does not belong here: whether a borough's own figure is the
official one (``tasks.reconcile.official``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from config.model import Area, Measure
from config.periods import ReportingYear
from config.rules import ComparatorFits
from tasks import plain
from tasks.measures import display, round_half_up, wording
from tasks.model import Finding, Observation, ValueBeside
from tasks.reconcile.evidence import Evidence, lower_first, make_finding, signed

OUTSIDE = ("region", "nation", "neighbour")


def comparator_fits(rule: ComparatorFits, evidence: Evidence) -> Iterator[Finding]:
    """See whether the comparator beside a figure answers the same questions, and is the newest of its kind."""
    if not isinstance(evidence.period, ReportingYear):
        return
    for name in rule.measures:
        for area in evidence.asked(rule, name):
            if area.id in evidence.measure(rule.comparator).areas:
                yield _fits(rule, evidence, area, evidence.measure(name))


def _fits(rule: ComparatorFits, evidence: Evidence, area: Area, measure: Measure) -> Finding:
    beside = evidence.measure(rule.comparator)
    keys = ((area.id, measure.id), (area.id, beside.id))
    subject = evidence.figure_id(area.id, measure.id)
    sides = [evidence.side(key, f"{area.name}: {lower_first(evidence.measure(key[1]).title)}") for key in keys]
    about = f"{measure.title} in {area.name}"
    if reason := evidence.lacking(area.id, [measure.id, beside.id]):
        title = f"{about} could not be held against its comparator."
        return make_finding(evidence, rule, subject, "not_evaluated", title, values=sides, reason=reason)
    own, quoted = (evidence.value(key) or Decimal(0) for key in keys)
    arithmetic = f"{own:,f} - {quoted:,f} = {signed(measure, own - quoted)}"
    faults = [_other_scope(area, measure, beside)]
    for newest in _newest(evidence, area, beside, quoted):
        faults.append(f"{sides[1].value} is the value of the year before, and that of this year is {newest:f}%")
        arithmetic += f"; {own:,f} - {newest:,f} = {signed(measure, own - newest)}"
        sides.append(ValueBeside(f"{beside.title}, newest release", f"{newest:f}%"))
    if not any(faults):
        title = f"{about} ({sides[0].value}) stands beside {sides[1].value}, which is about the same."
        return make_finding(evidence, rule, subject, "passed", title, arithmetic=arithmetic, values=sides)
    told = "; ".join(filter(None, faults))
    title = f"{about} ({sides[0].value}) stands beside a comparator ({sides[1].value}) that does not fit: {told}."
    figures = () if rule.severity == "information" else (subject,)
    return make_finding(evidence, rule, subject, "failed", title, arithmetic=arithmetic, values=sides, figures=figures)


def _other_scope(area: Area, measure: Measure, beside: Measure) -> str:
    own, other = (one.scope | one.says.get(area.id, {}) for one in (measure, beside))
    differs = [question for question in own if question in other and own[question] != other[question]]
    return "; ".join(f"{question}: {own[question]} here, {other[question]} there" for question in differs)


def _newest(evidence: Evidence, area: Area, beside: Measure, quoted: Decimal) -> Iterator[Decimal]:
    """The official value of this year, where what is quoted is that of the year before."""
    decimals = beside.decimals_for(area.id)
    for outside in evidence.partnership.profile.areas:
        if outside.kind not in OUTSIDE or outside.id not in beside.areas:
            continue
        now, before = (
            [round_half_up(one.value, decimals) for one in said if one.value is not None]
            for said in (
                evidence.official.get((outside.id, beside.id), ()),
                evidence.official_before.get((outside.id, beside.id), ()),
            )
        )
        if now and before and quoted == before[-1] and quoted != now[-1]:
            yield now[-1]


# Boroughs beside the rest, ready to be drawn


@dataclass(frozen=True)
class Comparison:
    """One bar of a chart: what one area has of one measure, from one place."""

    measure: str
    title: str
    unit: str
    when: str
    area: str
    area_name: str
    area_kind: str
    basis: str
    """``as printed`` for the partnership's own figure, ``official`` for a release."""
    value: Decimal
    shown: str
    release: str
    caveat: str


COLUMNS = (
    "measure",
    "title",
    "unit",
    "when",
    "area",
    "area_name",
    "area_kind",
    "basis",
    "value",
    "shown",
    "release",
    "caveat",
)


def comparisons(evidence: Evidence) -> list[Comparison]:
    """Lay each borough beside neighbours, region and nation for every measure that official statistics have.

    All official values are of the newest release that has the measure, so that areas of one chart come from one place.
    """
    found: list[Comparison] = []
    for measure in evidence.partnership.measures.values():
        said = {
            area.id: newest
            for area in evidence.partnership.profile.areas
            if (newest := _of_newest(evidence.official.get((area.id, measure.id), ()))) is not None
        }
        releases = {one.source for one in said.values()}
        if len(said) > 1 and len(releases) == 1:
            found += _bars(evidence, measure, said)
    return found


def _of_newest(said: Iterable[Observation]) -> Observation | None:
    return next((one for one in reversed(list(said)) if one.value is not None), None)


def _bars(evidence: Evidence, measure: Measure, said: dict[str, Observation]) -> Iterator[Comparison]:
    for area in evidence.partnership.profile.areas:
        own = evidence.figures.get((area.id, measure.id))
        if area.kind == "borough" and own and own.value is not None and evidence.is_asked(area.id, measure.id):
            yield _bar(evidence, measure, area, "as printed", own.value)
        official = said.get(area.id)
        if official is not None and official.value is not None:
            yield _bar(evidence, measure, area, "official", official.value, official.release)


def _bar(evidence: Evidence, measure: Measure, area: Area, basis: str, value: Decimal, release: str = "") -> Comparison:
    decimals = max(measure.decimals_for(area.id), -int(value.as_tuple().exponent) if release else 0)
    return Comparison(
        measure=measure.id,
        title=measure.title,
        unit=measure.unit,
        when=wording(measure, evidence.period, evidence.partnership.measures),
        area=area.id,
        area_name=area.name,
        area_kind=area.kind,
        basis=basis,
        value=value,
        shown=display(value, "", measure.unit, decimals, measure.statistic),
        release=release,
        caveat=measure.caveat,
    )


def comparisons_csv(rows: Iterable[Comparison]) -> str:
    """Write the bars as a CSV that spreadsheets open safely, a row a bar."""
    kept = [{name: str(getattr(one, name)) for name in COLUMNS} for one in rows]
    return plain.to_csv(kept, COLUMNS, numbers=("value",))
