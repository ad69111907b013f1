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

import numpy as np

from config.model import Area, Measure
from config.rules import ComparatorFits
from tasks import plain
from tasks.measures import display, wording
from tasks.model import Finding, Observation, ValueBeside
from tasks.reconcile.evidence import At, Evidence
from tasks.reconcile.tables import Row, Table, column, last, rounded, stacked, table, verdict
from tasks.reconcile.telling import make_finding, signed
from tasks.words import lower_first

OUTSIDE = ("region", "nation", "neighbour")


def comparator_fits(rule: ComparatorFits, evidence: Evidence) -> Table:
    """See whether the comparator beside a figure answers the same questions, and whether it is of this year."""
    asked = evidence.asked(rule, *rule.measures)
    kept = evidence.kept_in(asked.areas, rule.comparator)
    figures, column_of = At(*(one[kept] for one in asked)), evidence.column[rule.comparator]
    beside = At(figures.areas, np.full_like(figures.areas, column_of))
    own, quoted, known = evidence.values[figures], evidence.values[beside], evidence.known[beside]
    areas, measures = evidence.area_ids[figures.areas], evidence.measure_ids[figures.measures]
    other = column(_other_scope(evidence, rule, *key) for key in zip(areas, measures, strict=True))
    (now, is_now), (then, was_then) = _now_and_before(evidence, column_of)
    now, then = (rounded(one, evidence.decimals[beside]) for one in (now, then))
    columns = {"area": areas, "measure": measures, "own": own, "quoted": quoted, "now": now, "other": other}
    fits = verdict(known & evidence.known[figures], other == "")
    of_this_year = verdict(known & is_now, quoted == now)
    return stacked(
        [
            table(about="scope", older=False, outcome=fits, **columns),
            table(about="year", older=was_then & (quoted == then), outcome=of_this_year, **columns)[known & is_now],
        ]
    )


def say_comparator_fits(rule: ComparatorFits, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    return (_fits if row.about == "scope" else _of_this_year)(rule, evidence, row)


def _fits(rule: ComparatorFits, evidence: Evidence, row: Row) -> Finding:
    measure, beside = evidence.measure(row.measure), evidence.measure(rule.comparator)
    sides, subject = _sides(evidence, row, beside), evidence.figure_id(row.area, row.measure)
    say = partial(make_finding, evidence, rule, subject, row.outcome, values=sides)
    about = f"{measure.title} in {evidence.area(row.area).name}"
    if row.outcome == "not_evaluated":
        reason = evidence.lacking(row.area, [measure.id, beside.id])
        return say(f"{about} could not be held against its comparator.", reason=reason)
    say = partial(say, arithmetic=f"{row.own:,f} - {row.quoted:,f} = {signed(measure, row.own - row.quoted)}")
    stands = f"{about} ({sides[0].value}) stands beside"
    if row.outcome == "passed":
        return say(f"{stands} {sides[1].value}, which is about the same.")
    figures = () if rule.severity == "information" else (subject,)
    return say(f"{stands} a comparator ({sides[1].value}) of something else: {row.other}.", figures=figures)


def _of_this_year(rule: ComparatorFits, evidence: Evidence, row: Row) -> Finding:
    """Hold what is quoted against the official value of this year and that of the year before, where there are any."""
    measure, beside = evidence.measure(row.measure), evidence.measure(rule.comparator)
    subject = evidence.figure_id(row.area, beside.id)
    quoted, now = (evidence.as_measured(row.area, beside.id, one) for one in (row.quoted, row.now))
    sides = [*_sides(evidence, row, beside), ValueBeside(f"{beside.title}, official", now)]
    say = partial(make_finding, evidence, rule, subject, row.outcome, values=sides)
    about = f"{beside.title}, as quoted beside {evidence.area(row.area).name} ({quoted})"
    if row.outcome == "passed":
        return say(f"{about}, is that of this year.", arithmetic=f"{quoted} = {now}")
    own, then, today = row.own, *(signed(measure, row.own - one) for one in (row.quoted, row.now))
    gaps = [f"{own:,f} - {one:,f} = {gap}" for one, gap in ((row.quoted, then), (row.now, today))]
    older = "is that of the year before" if row.older else "is not the official one"
    title = f"{about}, {older}; this year it is {now}: the gap is {today} and not {then}."
    return say(title, arithmetic="; ".join(gaps), figures=() if rule.severity == "information" else (subject,))


def _sides(evidence: Evidence, row: Row, beside: Measure) -> list[ValueBeside]:
    name, measures = evidence.area(row.area).name, (evidence.measure(row.measure), beside)
    return [evidence.side((row.area, one.id), f"{name}: {lower_first(one.title)}") for one in measures]


def _other_scope(evidence: Evidence, rule: ComparatorFits, area: str, measure: str) -> str:
    """To which questions the two give different answers."""
    both = (evidence.measure(measure), evidence.measure(rule.comparator))
    own, other = (one.scope | one.says.get(area, {}) for one in both)
    differs = [question for question in own if question in other and own[question] != other[question]]
    return "; ".join(f"{question}: {own[question]} here, {other[question]} there" for question in differs)


def _now_and_before(evidence: Evidence, measure: int) -> tuple[tuple[Decimal, bool], tuple[Decimal, bool]]:
    """The official value of this year, and that of the year before, of the first place outside that has one."""
    places = evidence.partnership.profile.areas
    outside = np.array([one.kind in OUTSIDE for one in places]) & evidence.kept[:, measure]
    there = outside & evidence.said.known[:, :, measure].any(axis=0)
    area = int(np.argmax(there))
    both = []
    for said in (evidence.said, evidence.said_before):
        newest = last(said.known[:, area, measure])
        both.append((said.values[newest, area, measure], bool(said.known[newest, area, measure] & there.any())))
    return both[0], both[1]


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
