"""Does a percentage follow from its counts, and can it come about at all?

Belongs here: a percentage against the counts beside it, at the decimals that are printed. Does not belong here: a
percentage against official statistics (``tasks.reconcile.official``).
"""

from __future__ import annotations

import math
from decimal import Decimal
from functools import partial

import numpy as np

from config.rules import PercentageReachable, PercentageRecomputes
from tasks.measures import round_half_up
from tasks.model import Finding, Observation, ValueBeside
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.tables import (
    Column,
    Row,
    Table,
    ceiling,
    choose,
    column,
    divisor,
    rounded,
    table,
    values_of,
    verdict,
    within,
)
from tasks.reconcile.telling import apart, in_area, make_finding, signed, tolerance_of
from tasks.register import is_official


def percentage_recomputes(rule: PercentageRecomputes, evidence: Evidence) -> Table:
    """Work percentages out anew from their counts and compare them with those that were sent."""
    counts = (rule.numerator, rule.denominator)
    asked = evidence.asked(rule, rule.percentage)
    areas = asked.areas[evidence.kept_in(asked.areas, *counts)]
    part, whole = (evidence.value_in(areas, name) for name in counts)
    sent = column(_as_sent(evidence, area, rule.percentage) for area in evidence.area_ids[areas])
    value, was_sent = values_of(sent)
    decimals = evidence.decimals[areas, evidence.column[rule.percentage]]
    own, anew = rounded(value, decimals), rounded(part * 100 / divisor(whole), decimals)
    ours = ~evidence.led_by_official[areas][:, evidence.columns(*counts)].any(axis=1)
    known = was_sent & ours & evidence.known_in(areas, *counts) & (whole != 0)
    return table(
        area=evidence.area_ids[areas],
        sent=sent,
        part=part,
        whole=whole,
        own=own,
        anew=anew,
        gap=own - anew,
        outcome=verdict(known, within(rule, own, anew)),
    )


def say_percentage_recomputes(rule: PercentageRecomputes, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    measure = evidence.measure(rule.percentage)
    counts = (rule.numerator, rule.denominator)
    figures = [evidence.figure_id(row.area, name) for name in (rule.percentage, *counts)]
    about = f"{measure.title}{in_area(evidence.area(row.area))}"
    sides = [evidence.side((row.area, name)) for name in counts]
    if row.sent is not None:
        shown = evidence.as_measured(row.area, measure.id, row.sent.value, row.sent.symbol)
        sides.insert(0, ValueBeside(f"{measure.title}, as sent", shown, row.sent.place.words))
    tolerance = tolerance_of(rule, measure)
    say = partial(
        make_finding, evidence, rule, figures[0], row.outcome, tolerance=tolerance, values=sides, figures=figures
    )
    if row.outcome == "not_evaluated":
        return say(f"{about} could not be worked out anew.", reason=_why_not(rule, evidence, row))
    end = f": {apart(measure, row.gap)}{', within the tolerance' if row.outcome == 'passed' else ''}" if row.gap else ""
    return say(
        f"{about} was sent as {row.own:f}%; {row.part:,f} of {row.whole:,f} is {row.anew:f}%{end}.",
        arithmetic=f"{row.part:,f} / {row.whole:,f} = {row.anew:f}%",
        difference=signed(measure, row.gap) if row.gap else "",
    )


def _as_sent(evidence: Evidence, area: str, percentage: str) -> Observation | None:
    """The percentage as its leading source sent it, whether or not the figure was worked out anew."""
    account = evidence.ledger.leading((area, percentage))
    if account is None:
        return None
    behind = [evidence.ledger.observations[one] for one in account.amount.behind]
    return next((one for one in (*behind, *account.others) if one.measure == percentage), None)


def _why_not(rule: PercentageRecomputes, evidence: Evidence, row: Row) -> str:
    """Say what lacks; a percentage is not made from two sources, so that counts must not be official statistics'."""
    counts = (rule.numerator, rule.denominator)
    reasons = []
    if row.sent is None or row.sent.value is None:
        reasons.append("The percentage itself was not sent for this period.")
    for name in counts:
        lead = evidence.ledger.leading((row.area, name))
        if lead and is_official(lead.source):
            reasons.append(f"{evidence.measure(name).title}: only official statistics give it.")
    reasons.append(evidence.lacking(row.area, counts))
    if evidence.value((row.area, rule.denominator)) == 0:
        reasons.append("There is nothing to take a percentage of.")
    return " ".join(filter(None, reasons))


def percentage_reachable(rule: PercentageReachable, evidence: Evidence) -> Table:
    """See whether some whole number out of the denominator gives each percentage, as it is printed.

    One that can be reached may still leave open of which denominator it is, or which of many counts.
    """
    areas = evidence.areas(rule, rule.percentage, rule.denominator)
    value, counted = (evidence.value_in(areas, name) for name in (rule.percentage, rule.denominator))
    decimals = evidence.decimals[areas, evidence.column[rule.percentage]]
    whole = ceiling(counted)
    low, high = _counts(value, decimals, whole)
    twice = ceiling(evidence.value_in(areas, rule.overlap) // 1) if rule.overlap else 0
    least, most = _counts(value, decimals, whole - twice)
    of_fewer = (least <= most) & (twice != 0)
    coarse = (high - low >= rule.most_counts) if rule.most_counts else of_fewer
    known = evidence.known_in(areas, rule.percentage, rule.denominator) & (whole > 0) & (whole == counted)
    return table(
        area=evidence.area_ids[areas],
        value=value,
        decimals=decimals,
        whole=whole,
        low=low,
        high=high,
        once=whole - twice,
        least=least,
        because=choose([low > high, of_fewer, coarse], ["unreachable", "of fewer", "coarse"]),
        outcome=verdict(known, (low <= high) & ~of_fewer & ~coarse),
    )


def say_percentage_reachable(rule: PercentageReachable, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    names = (rule.percentage, rule.denominator, *([rule.overlap] if rule.overlap else []))
    measure, unit = evidence.measure(rule.percentage), evidence.measure(rule.denominator).unit
    figures = [evidence.figure_id(row.area, name) for name in names]
    sides = [evidence.side((row.area, name)) for name in names]
    say = partial(make_finding, evidence, rule, figures[0], row.outcome, values=sides, figures=figures)
    about = f"{measure.title}{in_area(evidence.area(row.area))}"
    if row.outcome == "not_evaluated":
        whole = evidence.value((row.area, rule.denominator))
        reason = evidence.lacking(row.area, names) or f"{whole} {unit} is no number to take a percentage of."
        return say(f"Whether {about} can be reached was not checked.", reason=reason)
    shown = f"{row.value:f}%"
    if row.because == "unreachable":
        near = [_fraction(count, row.whole, row.decimals) for count in _neighbours(row.value, row.whole)]
        title = f"{shown} cannot be reached with {row.whole:,} {unit}: {', '.join(near)}"
        if other := _nearest_denominator(row.value, row.decimals, row.whole):
            title += f"; {other[0]:,} of {other[1]:,} would be {shown}"
        return say(f"{title} ({about}).", arithmetic="; ".join(near))
    ends = dict.fromkeys([row.low, row.high])
    told = f"anything from {row.low:,} to {row.high:,}" if len(ends) > 1 else f"{row.low:,}"
    say = partial(say, arithmetic="; ".join(_fraction(count, row.whole, row.decimals) for count in ends))
    title = f"{about}: {shown} is {told} of {row.whole:,} {unit}"
    if row.because == "of fewer":
        fewer = _fraction(row.least, row.once, row.decimals + 2)
        title += f"; {fewer} too, and nobody says of how many {unit} it is"
    elif row.because == "coarse":
        alike = f"{row.high - row.low + 1:,} counts look alike at {row.decimals} decimals"
        title += f"; {alike}, which is too coarse to compare with"
    if row.because:
        say = partial(say, severity="information", figures=())
    return say(f"{title}.")


def _counts(percentage: Column, decimals: Column, whole: Column) -> tuple[Column, Column]:
    """The smallest and largest count that rounds to a percentage; the first is larger where there is none."""
    half = Decimal(10) ** -decimals / 2
    low = ceiling((percentage - half) * whole / 100)
    high = ceiling((percentage + half) * whole / 100) - 1
    return np.maximum(low, 0), np.minimum(high, whole)


def _neighbours(percentage: Decimal, whole: int) -> list[int]:
    below = math.floor(percentage * whole / 100)
    return [count for count in (below, below + 1) if 0 <= count <= whole] or [whole]


def _fraction(count: int, whole: int, decimals: int) -> str:
    return f"{count:,} of {whole:,} is {round_half_up(Decimal(count) * 100 / whole, decimals):f}%"


def _nearest_denominator(percentage: Decimal, decimals: int, whole: int) -> tuple[int, int] | None:
    """The count and the denominator closest to ours that would give the percentage; the smaller of two as close."""
    if not 0 <= percentage <= 100:
        return None
    for distance in range(1, whole):
        others = column([whole - distance, whole + distance])
        low, high = _counts(percentage, decimals, others)
        for place in np.flatnonzero(low <= high):
            return low[place], others[place]
    return None
