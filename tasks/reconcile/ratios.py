"""Do two numbers fit each other in size: so many of one to each of another, or the whole that a percentage implies?

Belongs here: sizes that are likely, and divisions that are not allowed. Does not belong here: sums that must be exact
(``tasks.reconcile.sums``) and percentages against their own counts (``tasks.reconcile.percentages``).
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import numpy as np

from config.periods import Quarter
from config.rules import ImpliedDenominator, PlausibleRatio
from tasks.measures import refusal_of_ratio, round_half_up
from tasks.model import Finding
from tasks.reconcile.evidence import At, Evidence
from tasks.reconcile.tables import NOUGHT, Column, Places, Row, Table, choose, column, divisor, rows, table, verdict
from tasks.reconcile.telling import in_area, make_finding
from tasks.words import listed, lower_first


def plausible_ratio(rule: PlausibleRatio, evidence: Evidence) -> Table:
    """Divide one figure by another and see whether the result is likely; say so where they may not be divided."""
    refusal = _refusal(rule, evidence)
    areas = evidence.areas(rule, *_names(rule))
    if refusal and isinstance(evidence.period, Quarter):
        areas = areas[:0]  # what may not be divided is told once a year
    top = _left(evidence, areas, rule.above, rule.above_less)
    bottom = _left(evidence, areas, rule.below, rule.below_less) * _months(rule, evidence)
    ratio = top * (100 if rule.percent else 1) / divisor(bottom)
    known, likely = evidence.known_in(areas, *_names(rule)), ratio >= rule.least
    if rule.most is not None:
        likely &= ratio <= rule.most
    return table(
        area=evidence.area_ids[areas],
        top=top,
        bottom=bottom,
        because=choose([~known, bottom <= 0], ["lacking", "nought"], refusal),
        outcome=verdict(known & (bottom > 0), likely & (not refusal)),
    )


def _names(rule: PlausibleRatio) -> list[str]:
    return [name for name in (rule.above, rule.below, rule.above_less, rule.below_less) if name]


def _refusal(rule: PlausibleRatio, evidence: Evidence) -> str:
    return rule.unrelated or refusal_of_ratio(evidence.measure(rule.above), evidence.measure(rule.below))


def _left(evidence: Evidence, areas: Places, name: str, less: str | None) -> Column:
    return evidence.value_in(areas, name) - (evidence.value_in(areas, less) if less else NOUGHT)


def _months(rule: PlausibleRatio, evidence: Evidence) -> int:
    """Of a monthly mean, what is divided by is the flow that it is the mean of."""
    if evidence.measure(rule.below).statistic != "mean" or evidence.measure(rule.above).statistic == "mean":
        return 1
    return 3 if isinstance(evidence.period, Quarter) else 12


def say_plausible_ratio(rule: PlausibleRatio, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    subject = evidence.figure_id(row.area, rule.above)
    say = partial(
        make_finding,
        evidence,
        rule,
        subject,
        row.outcome,
        values=[evidence.side((row.area, name)) for name in _names(rule)],
        figures=() if rule.severity == "information" else (subject,),
    )
    above, below = _named(evidence, rule.above, rule.above_less), _named(evidence, rule.below, rule.below_less)
    about = f"{above} and {lower_first(below)}{in_area(evidence.area(row.area))}"
    if row.outcome == "not_evaluated":
        reason = "One of them is nought." if row.because == "nought" else evidence.lacking(row.area, _names(rule))
        return say(f"{about} could not be held against each other.", reason=reason)
    told = f"{_shown(row.top)} / {_shown(row.bottom)} = {_result(rule, row.top, row.bottom)}"
    if row.because:
        right = _instead(rule, evidence, row)
        title = f"{about} must not be set against each other ({told}). {row.because}{right}"
        return say(title, arithmetic=".".join([told, right]).rstrip("."))
    end = "" if row.outcome == "passed" else f", which is not likely; {_likely(rule)} would be"
    return say(f"{about}: {told}{end}.", arithmetic=told, tolerance=_likely(rule))


def _named(evidence: Evidence, name: str, less: str | None) -> str:
    title = evidence.measure(name).title
    return title if less is None else f"{title} less {lower_first(evidence.measure(less).title)}"


def _result(rule: PlausibleRatio, top: Decimal, bottom: Decimal) -> str:
    return f"{round_half_up(top * 100 / bottom, 1)}%" if rule.percent else f"{round_half_up(top / bottom, 2):,f}"


def _shown(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _likely(rule: PlausibleRatio) -> str:
    unit = "%" if rule.percent else ""
    if rule.most is None:
        return f"{rule.least.normalize():f}{unit} or more"
    return f"{rule.least.normalize():f}{unit} to {rule.most.normalize():f}{unit}"


def _instead(rule: PlausibleRatio, evidence: Evidence, row: Row) -> str:
    right = evidence.value((row.area, rule.instead)) if rule.instead else None
    if not rule.instead or not right:
        return ""
    title = lower_first(evidence.measure(rule.instead).title)
    return f" Of {title} it is {_shown(row.top)} / {_shown(right)} = {_result(rule, row.top, right)}."


# The whole that a percentage implies


def implied_denominator(rule: ImpliedDenominator, evidence: Evidence) -> Table:
    """Work out the whole that a percentage and a count imply, and see which reading of the count is credible where.

    All areas make one finding, and its row holds the table of readings.
    """
    readings = _readings(rule, evidence)
    areas = list(dict.fromkeys(readings.area))
    fits = {area: frozenset(readings.reading[readings.credible & (readings.area == area)]) for area in areas}
    none, alike = [area for area in areas if not fits[area]], len(set(fits.values())) == 1
    made = table(
        readings=column([readings]),
        fits=column([fits]),
        none=column([none]),
        outcome=verdict(readings.known.all(keepdims=True), np.array([alike and not none])),
    )
    return made if _is_there(rule, evidence) else made[:0]


def _is_there(rule: ImpliedDenominator, evidence: Evidence) -> bool:
    """Is there any of the percentages, where we ask for them?"""
    first = rule.readings[0].percentage
    asked = [one for one in rule.readings if evidence.is_asked(one.area, first)] or rule.readings
    return any((one.area, one.percentage) in evidence.figures for one in asked)


def _readings(rule: ImpliedDenominator, evidence: Evidence) -> Table:
    """What each way of reading an area's count comes to; the parts of all readings lie in one column."""
    areas = np.array([evidence.row[one.area] for one in rule.readings])
    lengths = [len(one.parts) for one in rule.readings]
    starts = np.cumsum([0, *lengths[:-1]])
    parts = At(areas.repeat(lengths), evidence.columns(*(name for one in rule.readings for name in one.parts)))
    shares = At(areas, evidence.columns(*(one.percentage for one in rule.readings)))
    count, percentage = np.add.reduceat(evidence.values[parts], starts), evidence.values[shares]
    known = np.logical_and.reduceat(evidence.known[parts], starts) & evidence.known[shares]
    half = Decimal(10) ** -evidence.decimals[shares] / 2
    implied = np.where(percentage == 0, NOUGHT, count * 100 / divisor(percentage))
    share = percentage
    if rule.beside:
        beside = evidence.value_in(areas, rule.beside)
        known &= evidence.known_in(areas, rule.beside)
        share = np.where(beside == 0, percentage, implied * 100 / divisor(beside))
    return table(
        area=evidence.area_ids[areas],
        reading=column(one.reading for one in rule.readings),
        parts=column(evidence.values[parts][start:][:length] for start, length in zip(starts, lengths, strict=True)),
        percentage=percentage,
        implied=implied,
        low=count * 100 / (percentage + half),
        high=np.where(percentage > half, count * 100 / divisor(percentage - half), implied),
        share=share,
        credible=np.asarray((share >= rule.least) & (share <= rule.most), dtype=bool),
        known=known,
    )


def say_implied_denominator(rule: ImpliedDenominator, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    keys = dict.fromkeys((read.area, name) for read in rule.readings for name in (read.percentage, *read.parts))
    say = partial(
        make_finding,
        evidence,
        rule,
        f"{rule.beside or rule.readings[0].percentage}.{evidence.period}",
        row.outcome,
        values=[evidence.side(key, f"{evidence.area(key[0]).name}: {evidence.measure(key[1]).title}") for key in keys],
    )
    if row.outcome == "not_evaluated":
        wanted: dict[str, list[str]] = {}
        for one in rule.readings:
            wanted.setdefault(one.area, []).extend([one.percentage, *one.parts])
        beside = [rule.beside] if rule.beside else []
        reasons = [evidence.lacking(area, [*names, *beside]) for area, names in wanted.items()]
        return say("What the percentages are of could not be worked out.", reason=" ".join(filter(None, reasons)))
    arithmetic = "; ".join(f"{_read(evidence, one)}: {_sum(rule, evidence, one)}" for one in rows(row.readings))
    say = partial(say, arithmetic=arithmetic)
    if row.none:
        names = [evidence.area(area).name for area in row.none]
        return say(f"What {listed(names)} counts fits no reading of it: {arithmetic}.")
    if row.outcome == "failed":
        told = [
            f"in {evidence.area(area).name} only if {listed(_in_order(rule, fits))}" for area, fits in row.fits.items()
        ]
        return say(f"The counts are not of the same thing: they fit {listed(told)}.")
    spans = [
        f"{evidence.area(one.area).name}: {round_half_up(one.low, 0):,f} to {round_half_up(one.high, 0):,f}"
        for one in rows(row.readings)
    ]
    return say(f"The whole that is implied is likely: {arithmetic} ({'; '.join(spans)}).")


def _read(evidence: Evidence, reading: Row) -> str:
    return f"{evidence.area(reading.area).name}, {reading.reading}"


def _sum(rule: ImpliedDenominator, evidence: Evidence, reading: Row) -> str:
    """``(12 + 30) / 4.2% = 1,000 (95% of pupils)``."""
    plus = " + ".join(_shown(part) for part in reading.parts)
    above = f"({plus})" if len(reading.parts) > 1 else plus
    beside = lower_first(evidence.measure(rule.beside).title) if rule.beside else ""
    share = f" ({round_half_up(reading.share, 0)}% of {beside})" if beside else ""
    return f"{above} / {reading.percentage:f}% = {round_half_up(reading.implied, 0):,f}{share}"


def _in_order(rule: ImpliedDenominator, readings: frozenset[str]) -> list[str]:
    return [one for one in dict.fromkeys(read.reading for read in rule.readings) if one in readings]
