"""Does a percentage follow from its counts, and can it come about at all?

Belongs here: a percentage against the counts beside it, at the decimals that are printed. Does not belong here: a
percentage against official statistics (``tasks.reconcile.official``).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial

from config.model import Area
from config.rules import PercentageReachable, PercentageRecomputes
from tasks.measures import round_half_up
from tasks.model import Finding, Observation, ValueBeside
from tasks.reconcile.evidence import Evidence, apart, in_area, make_finding, signed, tolerance_of, within
from tasks.register import is_official


def percentage_recomputes(rule: PercentageRecomputes, evidence: Evidence) -> Iterator[Finding]:
    """Work a percentage out anew from its counts and compare it with the percentage that was sent."""
    for area in evidence.asked(rule, rule.percentage):
        if {area.id} <= set(evidence.measure(rule.numerator).areas) & set(evidence.measure(rule.denominator).areas):
            yield _recomputes(rule, evidence, area)


def _recomputes(rule: PercentageRecomputes, evidence: Evidence, area: Area) -> Finding:
    measure = evidence.measure(rule.percentage)
    counts = (rule.numerator, rule.denominator)
    figures = [evidence.figure_id(area.id, name) for name in (rule.percentage, *counts)]
    about = f"{measure.title}{in_area(area)}"
    sent = _as_sent(evidence, area, rule.percentage)
    sides = [evidence.side((area.id, name)) for name in counts]
    if sent is not None:
        shown = evidence.as_measured(area.id, measure.id, sent.value, sent.symbol)
        sides.insert(0, ValueBeside(f"{measure.title}, as sent", shown, sent.place.words))
    say = partial(
        make_finding, evidence, rule, figures[0], tolerance=tolerance_of(rule, measure), values=sides, figures=figures
    )
    part, whole = (evidence.value((area.id, name)) for name in counts)
    reasons = [_unusable(sent), _only_official(evidence, area, counts), evidence.lacking(area.id, counts)]
    if whole == 0:
        reasons.append("There is nothing to take a percentage of.")
    if sent is None or sent.value is None or part is None or not whole or any(reasons):
        told = " ".join(filter(None, reasons))
        return say("not_evaluated", f"{about} could not be worked out anew.", reason=told)
    decimals = measure.decimals_for(area.id)
    own, anew = round_half_up(sent.value, decimals), round_half_up(part * 100 / whole, decimals)
    gap = own - anew
    agree = within(rule, own, anew)
    end = "" if gap == 0 else f": {apart(measure, gap)}{', within the tolerance' if agree else ''}"
    return say(
        "passed" if agree else "failed",
        f"{about} was sent as {own:f}%; {part:,f} of {whole:,f} is {anew:f}%{end}.",
        arithmetic=f"{part:,f} / {whole:,f} = {anew:f}%",
        difference="" if gap == 0 else signed(measure, gap),
    )


def _as_sent(evidence: Evidence, area: Area, percentage: str) -> Observation | None:
    """The percentage as its leading source sent it, whether or not the figure was worked out anew."""
    account = evidence.ledger.leading((area.id, percentage))
    if account is None:
        return None
    behind = [evidence.ledger.observations[one] for one in account.amount.behind]
    return next((one for one in (*behind, *account.others) if one.measure == percentage), None)


def _unusable(sent: Observation | None) -> str:
    return "The percentage itself was not sent for this period." if sent is None or sent.value is None else ""


def _only_official(evidence: Evidence, area: Area, counts: tuple[str, str]) -> str:
    """Say which counts only official statistics give: a percentage is not made from two sources."""
    leads = [(evidence.measure(name).title, evidence.ledger.leading((area.id, name))) for name in counts]
    return " ".join(
        f"{title}: only official statistics give it." for title, lead in leads if lead and is_official(lead.source)
    )


def percentage_reachable(rule: PercentageReachable, evidence: Evidence) -> Iterator[Finding]:
    """See whether some whole number out of the denominator gives the percentage, as it is printed."""
    for area in evidence.areas(rule, rule.percentage, rule.denominator):
        yield _reachable(rule, evidence, area)


def _reachable(rule: PercentageReachable, evidence: Evidence, area: Area) -> Finding:
    names = (rule.percentage, rule.denominator, *([rule.overlap] if rule.overlap else []))
    measure, unit = evidence.measure(rule.percentage), evidence.measure(rule.denominator).unit
    decimals = measure.decimals_for(area.id)
    figures = [evidence.figure_id(area.id, name) for name in names]
    sides = [evidence.side((area.id, name)) for name in names]
    say = partial(make_finding, evidence, rule, figures[0], values=sides, figures=figures)
    about = f"{measure.title}{in_area(area)}"
    value, whole = (evidence.value((area.id, name)) for name in (rule.percentage, rule.denominator))
    if value is None or whole is None or whole <= 0 or whole != whole.to_integral_value():
        reason = evidence.lacking(area.id, names) or f"{whole} {unit} is no number to take a percentage of."
        return say("not_evaluated", f"Whether {about} can be reached was not checked.", reason=reason)
    shown, number = f"{value:f}%", int(whole)
    low, high = _counts(value, decimals, number)
    if low <= high:
        told = f"{low:,}" if low == high else f"anything from {low:,} to {high:,}"
        arithmetic = _fraction(low, number, decimals)
        if high > low:
            arithmetic += f"; {_fraction(high, number, decimals)}"
        title = f"{about}: {shown} is {told} of {number:,} {unit}"
        if open_ends := _open_ends(rule, evidence, area, (low, high, number)):
            return say("failed", f"{title}; {open_ends}.", arithmetic=arithmetic, severity="information", figures=())
        return say("passed", f"{title}.", arithmetic=arithmetic)
    near = [_fraction(count, number, decimals) for count in _neighbours(value, number)]
    title = f"{shown} cannot be reached with {number:,} {unit}: {', '.join(near)}"
    if other := _nearest_denominator(value, decimals, number):
        title += f"; {other[0]:,} of {other[1]:,} would be {shown}"
    return say("failed", f"{title} ({about}).", arithmetic="; ".join(near))


def _open_ends(rule: PercentageReachable, evidence: Evidence, area: Area, counts: tuple[int, int, int]) -> str:
    """What a percentage that can be reached leaves open: which of many counts it is, or of which denominator."""
    low, high, number = counts
    value = evidence.value((area.id, rule.percentage)) or Decimal(0)
    decimals = evidence.measure(rule.percentage).decimals_for(area.id)
    twice = evidence.value((area.id, rule.overlap)) if rule.overlap else None
    if twice:
        once = number - int(twice)
        least, most = _counts(value, decimals, once)
        if least <= most:
            unit = evidence.measure(rule.denominator).unit
            return f"{_fraction(least, once, decimals + 2)} too, and nobody says of how many {unit} it is"
    if rule.most_counts is not None and high - low + 1 > rule.most_counts:
        return f"{high - low + 1:,} counts look alike at {decimals} decimals, which is too coarse to compare with"
    return ""


def _counts(percentage: Decimal, decimals: int, whole: int) -> tuple[int, int]:
    """The smallest and largest count that rounds to the percentage; the first is larger where there is none."""
    half = Decimal(1).scaleb(-decimals) / 2
    low = int(((percentage - half) * whole / 100).to_integral_value(ROUND_CEILING))
    high = int(((percentage + half) * whole / 100).to_integral_value(ROUND_CEILING)) - 1
    return max(low, 0), min(high, whole)


def _neighbours(percentage: Decimal, whole: int) -> list[int]:
    below = int((percentage * whole / 100).to_integral_value(ROUND_FLOOR))
    return [count for count in (below, below + 1) if 0 <= count <= whole] or [whole]


def _fraction(count: int, whole: int, decimals: int) -> str:
    return f"{count:,} of {whole:,} is {round_half_up(Decimal(count) * 100 / whole, decimals):f}%"


def _nearest_denominator(percentage: Decimal, decimals: int, whole: int) -> tuple[int, int] | None:
    """The count and the denominator closest to ours that would give the percentage; the smaller of two as close."""
    if not 0 <= percentage <= 100:
        return None
    for distance in range(1, whole):
        for other in (whole - distance, whole + distance):
            low, high = _counts(percentage, decimals, other)
            if low <= high:
                return low, other
    return None
