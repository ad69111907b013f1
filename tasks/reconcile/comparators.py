"""Beside what are the boroughs read: do comparators fit, and what is each borough's next to region, nation, neighbours?

Belongs here: a comparator that is printed beside a figure (is it about the same, is it of the same year), and the table
of boroughs beside official statistics, ready to be drawn. Does not belong here: whether a borough's own figure is the
official one (``tasks.reconcile.official``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from config.model import Area, Measure
from config.periods import ReportingYear
from config.rules import ComparatorFits
from tasks import plain
from tasks.measures import display, round_half_up, wording
from tasks.model import Finding, Observation, ValueBeside
from tasks.reconcile.evidence import Evidence, make_finding, signed
from tasks.words import lower_first

OUTSIDE = ("region", "nation", "neighbour")


def comparator_fits(rule: ComparatorFits, evidence: Evidence) -> Iterator[Finding]:
    """See whether the comparator beside a figure answers the same questions, and whether it is of this year."""
    if not isinstance(evidence.period, ReportingYear):
        return
    for name in rule.measures:
        for area in evidence.asked(rule, name):
            if area.id in evidence.measure(rule.comparator).areas:
                measure, beside = evidence.measure(name), evidence.measure(rule.comparator)
                yield _fits(rule, evidence, area, measure, beside)
                yield from _of_this_year(rule, evidence, area, measure, beside)


def _fits(rule: ComparatorFits, evidence: Evidence, area: Area, measure: Measure, beside: Measure) -> Finding:
    sides = _sides(evidence, area, measure, beside)
    say = partial(make_finding, evidence, rule, evidence.figure_id(area.id, measure.id), values=sides)
    about = f"{measure.title} in {area.name}"
    if reason := evidence.lacking(area.id, [measure.id, beside.id]):
        return say("not_evaluated", f"{about} could not be held against its comparator.", reason=reason)
    own, quoted = (evidence.value((area.id, one.id)) or Decimal(0) for one in (measure, beside))
    arithmetic = f"{own:,f} - {quoted:,f} = {signed(measure, own - quoted)}"
    stands = f"{about} ({sides[0].value}) stands beside"
    if not (other := _other_scope(area, measure, beside)):
        return say("passed", f"{stands} {sides[1].value}, which is about the same.", arithmetic=arithmetic)
    title = f"{stands} a comparator ({sides[1].value}) of something else: {other}."
    figures = () if rule.severity == "information" else (evidence.figure_id(area.id, measure.id),)
    return say("failed", title, arithmetic=arithmetic, figures=figures)


def _of_this_year(
    rule: ComparatorFits, evidence: Evidence, area: Area, measure: Measure, beside: Measure
) -> Iterator[Finding]:
    """Hold what is quoted against the official value of this year and that of the year before, where there are any."""
    quoted, own = evidence.value((area.id, beside.id)), evidence.value((area.id, measure.id)) or Decimal(0)
    official = _now_and_before(evidence, area, beside)
    if quoted is None or official is None:
        return
    now, then = official
    subject = evidence.figure_id(area.id, beside.id)
    shown = partial(evidence.as_measured, area.id, beside.id)
    sides = [*_sides(evidence, area, measure, beside), ValueBeside(f"{beside.title}, official", shown(now))]
    say = partial(make_finding, evidence, rule, subject, values=sides)
    about = f"{beside.title}, as quoted beside {area.name} ({shown(quoted)})"
    if quoted == now:
        yield say("passed", f"{about}, is that of this year.", arithmetic=f"{shown(quoted)} = {shown(now)}")
        return
    gaps = [f"{own:,f} - {one:,f} = {signed(measure, own - one)}" for one in (quoted, now)]
    older = "is that of the year before" if quoted == then else "is not the official one"
    title = f"{about}, {older}; this year it is {shown(now)}: the gap is {signed(measure, own - now)} and not "
    figures = () if rule.severity == "information" else (subject,)
    yield say("failed", f"{title}{signed(measure, own - quoted)}.", arithmetic="; ".join(gaps), figures=figures)


def _sides(evidence: Evidence, area: Area, measure: Measure, beside: Measure) -> list[ValueBeside]:
    return [evidence.side((area.id, one.id), f"{area.name}: {lower_first(one.title)}") for one in (measure, beside)]


def _other_scope(area: Area, measure: Measure, beside: Measure) -> str:
    own, other = (one.scope | one.says.get(area.id, {}) for one in (measure, beside))
    differs = [question for question in own if question in other and own[question] != other[question]]
    return "; ".join(f"{question}: {own[question]} here, {other[question]} there" for question in differs)


def _now_and_before(evidence: Evidence, area: Area, beside: Measure) -> tuple[Decimal, Decimal | None] | None:
    """The official value of this year, and that of the year before, at the decimals printed for an area."""
    for outside in evidence.partnership.profile.areas:
        if outside.kind in OUTSIDE and outside.id in beside.areas:
            now, then = (
                _of_newest(of.get((outside.id, beside.id), ())) for of in (evidence.official, evidence.official_before)
            )
            if now is not None and now.value is not None:
                decimals = beside.decimals_for(area.id)
                older = None if then is None or then.value is None else round_half_up(then.value, decimals)
                return round_half_up(now.value, decimals), older
    return None


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


def compared(evidence: Evidence) -> list[Comparison]:
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
        when=str(evidence.period) if release and measure.as_at_words else _when(evidence, measure),
        area=area.id,
        area_name=area.name,
        area_kind=area.kind,
        basis=basis,
        value=value,
        shown=display(value, "", measure.unit, decimals, measure.statistic),
        release=release,
        caveat="" if release else measure.caveat,
    )


def _when(evidence: Evidence, measure: Measure) -> str:
    return wording(measure, evidence.period, evidence.partnership.measures)


def comparisons_csv(rows: Iterable[Comparison]) -> str:
    """Write the bars as a CSV that spreadsheets open safely, a row a bar."""
    kept = [{name: str(getattr(one, name)) for name in COLUMNS} for one in rows]
    return plain.to_csv(kept, COLUMNS, numbers=("value",))
