"""Is any number of people so small that somebody could be recognised, by itself or by subtraction?

Belongs here: finding such numbers among the figures, before anything is printed. Does not belong here: hiding them, and
what else must then be hidden. Findings name the figure and never the number.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from config.model import Area, Measure
from config.rules import PartWithinWhole, SmallNumbers
from tasks.model import Finding
from tasks.reconcile.evidence import Evidence, in_area, make_finding
from tasks.words import listed, lower_first


def small_numbers(rule: SmallNumbers, evidence: Evidence) -> Iterator[Finding]:
    """Look at every figure that counts people, and at what is left when a part is taken from its whole."""
    for (area_id, name), figure in evidence.figures.items():
        measure = evidence.measure(name)
        area = evidence.area(area_id)
        counts_people = measure.counts_persons and measure.statistic in ("flow", "distinct", "stock")
        smallest = _smallest(rule, evidence, measure)
        if counts_people and area.kind == "borough" and figure.value is not None and _is_small(figure.value, smallest):
            yield _small(rule, evidence, area, measure, smallest)
    for part in evidence.partnership.rules:
        if isinstance(part, PartWithinWhole) and _both_count_people(evidence, part):
            yield from _rests(rule, evidence, part)


def _smallest(rule: SmallNumbers, evidence: Evidence, measure: Measure) -> int:
    return rule.smallest or evidence.partnership.smallest_shown(measure)


def _is_small(value: Decimal, smallest: int) -> bool:
    """Nought is nobody, and less than nought a mistake that another rule finds."""
    return 0 < value < smallest


def _small(rule: SmallNumbers, evidence: Evidence, area: Area, measure: Measure, smallest: int) -> Finding:
    others = [
        one.name
        for one in evidence.partnership.boroughs
        if one.id != area.id and one.id in measure.areas and evidence.has((one.id, measure.id))
    ]
    title = f"{measure.title}{in_area(area)} is fewer than {smallest}, so that somebody could be recognised."
    if others:
        title += (
            f" Hidden by itself it could be worked out from a total of the partnership and {listed(others)}'s number: "
            "hide another number too, or give no total."
        )
    return make_finding(
        evidence,
        rule,
        evidence.figure_id(area.id, measure.id),
        "failed",
        title,
        arithmetic=f"1 to {smallest - 1}",
        figures=() if rule.severity == "information" else (evidence.figure_id(area.id, measure.id),),
    )


def _both_count_people(evidence: Evidence, rule: PartWithinWhole) -> bool:
    return not rule.also and all(evidence.measure(one).counts_persons for one in (rule.part, rule.whole))


def _rests(rule: SmallNumbers, evidence: Evidence, about: PartWithinWhole) -> Iterator[Finding]:
    """What is left of a whole without a part is a number of people too."""
    for area in evidence.areas(about, about.part, about.whole):
        part, whole = (evidence.value((area.id, name)) for name in (about.part, about.whole))
        counted = evidence.measure(about.whole)
        smallest = _smallest(rule, evidence, counted)
        less = f"{counted.title}{in_area(area)} without {lower_first(evidence.measure(about.part).title)}"
        subject = f"{area.id}.{about.whole}-{about.part}.{evidence.period}"
        if part is None or whole is None:
            reason = evidence.lacking(area.id, (about.part, about.whole))
            yield make_finding(
                evidence, rule, subject, "not_evaluated", f"{less} could not be looked at.", reason=reason
            )
        elif _is_small(whole - part, smallest):
            told = f"{less} leaves fewer than {smallest} people, so that somebody could be recognised."
            yield make_finding(evidence, rule, subject, "failed", told, arithmetic=f"1 to {smallest - 1}")
        else:
            told = f"{less} leaves {whole - part:,f}."
            arithmetic = f"{whole:,f} - {part:,f} = {whole - part:,f}"
            yield make_finding(evidence, rule, subject, "passed", told, arithmetic=arithmetic)
