"""Do two numbers fit each other in size: so many of one to each of another, or the whole that a percentage implies?

Belongs here: sizes that are likely, and divisions that are not allowed. Does not belong here: sums that must be exact
(``tasks.reconcile.sums``) and percentages against their own counts (``tasks.reconcile.percentages``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from config.model import Area, Measure
from config.periods import Quarter
from config.rules import ImpliedDenominator, PartsRead, PlausibleRatio
from tasks.measures import refusal_of_ratio, round_half_up
from tasks.model import Finding
from tasks.reconcile.evidence import Evidence, in_area, make_finding
from tasks.words import listed, lower_first


def plausible_ratio(rule: PlausibleRatio, evidence: Evidence) -> Iterator[Finding]:
    """Divide one figure by another and see whether the result is likely; say so where they may not be divided."""
    names = [name for name in (rule.above, rule.below, rule.above_less, rule.below_less) if name]
    allowed = not (rule.unrelated or refusal_of_ratio(evidence.measure(rule.above), evidence.measure(rule.below)))
    if not allowed and isinstance(evidence.period, Quarter):
        return  # what may not be divided is told once a year
    for area in evidence.areas(rule, *names):
        yield _ratio(rule, evidence, area, names)


def _ratio(rule: PlausibleRatio, evidence: Evidence, area: Area, names: list[str]) -> Finding:
    above, below = evidence.measure(rule.above), evidence.measure(rule.below)
    say = partial(
        make_finding,
        evidence,
        rule,
        evidence.figure_id(area.id, rule.above),
        values=[evidence.side((area.id, name)) for name in names],
        figures=() if rule.severity == "information" else (evidence.figure_id(area.id, rule.above),),
    )
    about = f"{_named(evidence, above, rule.above_less)} and {lower_first(_named(evidence, below, rule.below_less))}"
    about += in_area(area)
    if reason := evidence.lacking(area.id, names):
        return say("not_evaluated", f"{about} could not be held against each other.", reason=reason)
    top, bottom = _left(evidence, area, rule.above, rule.above_less), _whole(rule, evidence, area, below)
    if bottom <= 0:
        return say("not_evaluated", f"{about} could not be held against each other.", reason="One of them is nought.")
    told = _told(rule, evidence, area, top, bottom)
    if refusal := rule.unrelated or refusal_of_ratio(above, below):
        right = _instead(rule, evidence, area, top)
        title = f"{about} must not be set against each other ({told}). {refusal}{right}"
        return say("failed", title, arithmetic=".".join([told, right]).rstrip("."))
    ratio = top * (100 if rule.percent else 1) / bottom
    if ratio < rule.least or (rule.most is not None and ratio > rule.most):
        title = f"{about}: {told}, which is not likely; {_likely(rule)} would be."
        return say("failed", title, arithmetic=told, tolerance=_likely(rule))
    return say("passed", f"{about}: {told}.", arithmetic=told, tolerance=_likely(rule))


def _named(evidence: Evidence, measure: Measure, less: str | None) -> str:
    return measure.title if less is None else f"{measure.title} less {lower_first(evidence.measure(less).title)}"


def _left(evidence: Evidence, area: Area, name: str, less: str | None) -> Decimal:
    value = evidence.value((area.id, name)) or Decimal(0)
    return value - (evidence.value((area.id, less)) or Decimal(0) if less else Decimal(0))


def _whole(rule: PlausibleRatio, evidence: Evidence, area: Area, below: Measure) -> Decimal:
    """What is divided by: of a monthly mean, the flow that it is the mean of."""
    value = _left(evidence, area, rule.below, rule.below_less)
    if below.statistic != "mean" or evidence.measure(rule.above).statistic == "mean":
        return value
    return value * (3 if isinstance(evidence.period, Quarter) else 12)


def _told(rule: PlausibleRatio, evidence: Evidence, area: Area, top: Decimal, bottom: Decimal) -> str:
    return f"{_shown(top)} / {_shown(bottom)} = {_result(rule, top, bottom)}"


def _result(rule: PlausibleRatio, top: Decimal, bottom: Decimal) -> str:
    return f"{round_half_up(top * 100 / bottom, 1)}%" if rule.percent else f"{round_half_up(top / bottom, 2):,f}"


def _shown(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _likely(rule: PlausibleRatio) -> str:
    unit = "%" if rule.percent else ""
    if rule.most is None:
        return f"{rule.least.normalize():f}{unit} or more"
    return f"{rule.least.normalize():f}{unit} to {rule.most.normalize():f}{unit}"


def _instead(rule: PlausibleRatio, evidence: Evidence, area: Area, top: Decimal) -> str:
    right = evidence.value((area.id, rule.instead)) if rule.instead else None
    if not rule.instead or not right:
        return ""
    title = lower_first(evidence.measure(rule.instead).title)
    return f" Of {title} it is {_shown(top)} / {_shown(right)} = {_result(rule, top, right)}."


# The whole that a percentage implies


@dataclass(frozen=True)
class _Reading:
    """What one way of reading an area's count comes to."""

    read: PartsRead
    area: Area
    implied: Decimal
    low: Decimal
    high: Decimal
    share: Decimal
    """Of the figure beside which it is judged, or the percentage itself."""
    sum_told: str

    def told(self, beside: str) -> str:
        share = f" ({round_half_up(self.share, 0)}% of {beside})" if beside else ""
        return f"{self.sum_told} = {round_half_up(self.implied, 0):,f}{share}"


def implied_denominator(rule: ImpliedDenominator, evidence: Evidence) -> Iterator[Finding]:
    """Work out the whole that a percentage and a count imply, and see which reading of the count is credible where."""
    areas = [area for area in evidence.partnership.profile.areas if any(r.area == area.id for r in rule.readings)]
    asked = [area for area in areas if evidence.is_asked(area.id, rule.readings[0].percentage)] or areas
    names = {r.area: [r.percentage, *r.parts, *([rule.beside] if rule.beside else [])] for r in rule.readings}
    subject = f"{rule.beside or rule.readings[0].percentage}.{evidence.period}"
    if not any((area.id, names[area.id][0]) in evidence.figures for area in asked):
        return
    keys = dict.fromkeys((read.area, name) for read in rule.readings for name in (read.percentage, *read.parts))
    sides = [evidence.side(key, f"{evidence.area(key[0]).name}: {evidence.measure(key[1]).title}") for key in keys]
    say = partial(make_finding, evidence, rule, subject, values=sides)
    lacking = [told for area, wanted in names.items() if (told := evidence.lacking(area, wanted))]
    if lacking:
        yield say("not_evaluated", "What the percentages are of could not be worked out.", reason=" ".join(lacking))
        return
    yield _judged(rule, evidence, [_read(rule, evidence, one) for one in rule.readings], say)


def _read(rule: ImpliedDenominator, evidence: Evidence, read: PartsRead) -> _Reading:
    percentage = evidence.value((read.area, read.percentage)) or Decimal(0)
    half = Decimal(1).scaleb(-evidence.measure(read.percentage).decimals_for(read.area)) / 2
    parts = [evidence.value((read.area, name)) or Decimal(0) for name in read.parts]
    count = sum(parts, Decimal(0))
    beside = evidence.value((read.area, rule.beside)) if rule.beside else None
    implied = count * 100 / percentage if percentage else Decimal(0)
    plus = " + ".join(_shown(part) for part in parts)
    return _Reading(
        read,
        evidence.area(read.area),
        implied,
        count * 100 / (percentage + half),
        count * 100 / (percentage - half) if percentage > half else implied,
        implied * 100 / beside if beside else percentage,
        f"{f'({plus})' if len(parts) > 1 else plus} / {percentage:f}%",
    )


def _judged(rule: ImpliedDenominator, evidence: Evidence, readings: list[_Reading], say: partial[Finding]) -> Finding:
    beside = lower_first(evidence.measure(rule.beside).title) if rule.beside else ""
    credible: dict[str, list[str]] = defaultdict(list)
    for one in readings:
        if rule.least <= one.share <= rule.most:
            credible[one.area.name].append(one.read.reading)
    arithmetic = "; ".join(f"{one.area.name}, {one.read.reading}: {one.told(beside)}" for one in readings)
    names = list(dict.fromkeys(one.area.name for one in readings))
    none = [name for name in names if not credible[name]]
    if none:
        title = f"What {listed(none)} counts fits no reading of it: {arithmetic}."
        return say("failed", title, arithmetic=arithmetic)
    if any(set(credible[name]) != set(credible[names[0]]) for name in names):
        told = listed([f"in {name} only if {listed(credible[name])}" for name in names])
        return say("failed", f"The counts are not of the same thing: they fit {told}.", arithmetic=arithmetic)
    span = "; ".join(
        f"{one.area.name}: {round_half_up(one.low, 0):,f} to {round_half_up(one.high, 0):,f}" for one in readings
    )
    return say("passed", f"The whole that is implied is likely: {arithmetic} ({span}).", arithmetic=arithmetic)
