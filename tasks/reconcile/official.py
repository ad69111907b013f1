"""Does a figure agree with official statistics, and if not: is it wrong, or were they revised?

Belongs here: comparing a borough's figure of the year with each release of official statistics that has it. Does not
belong here: sources of the partnership's own (``tasks.reconcile.agreement``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from config.model import Area, Measure
from config.periods import ReportingYear
from config.rules import AgainstOfficial
from tasks.measures import display, is_percent, round_half_up
from tasks.model import Figure, Finding, Observation, Outcome, ValueBeside
from tasks.reconcile.effect import size_of
from tasks.reconcile.evidence import (
    Evidence,
    apart,
    in_area,
    make_finding,
    no_value,
    released,
    signed,
    tolerance_of,
    within,
)
from tasks.register import is_official
from tasks.words import listed, lower_first


def against_official(rule: AgainstOfficial, evidence: Evidence) -> Iterator[Finding]:
    """Compare each figure of a year with official statistics; quarters have none."""
    if not isinstance(evidence.period, ReportingYear):
        return
    for name in rule.measures:
        for area in evidence.areas(rule, name):
            asked = [is_official(one) for one in evidence.ledger.carriers.get((area.id, name), ())]
            if any(asked) and not all(asked):
                yield _against_official(rule, evidence, evidence.measure(name), area)


def _against_official(rule: AgainstOfficial, evidence: Evidence, measure: Measure, area: Area) -> Finding:
    key = (area.id, measure.id)
    figure, releases = evidence.figures[key], evidence.official.get(key, ())
    said = [one for one in releases if one.value is not None]
    if figure.value is None or not said:
        title = f"{measure.title}{in_area(area)} could not be compared with official statistics."
        reason = _why_not(figure, releases)
        return _finding(rule, evidence, figure, releases, "not_evaluated", title, reason=reason)
    return _compared(rule, evidence, figure, said)


def _why_not(figure: Figure, releases: Sequence[Observation]) -> str:
    if figure.value is None:
        return f"The figure {'is' if figure.symbol else 'was'} {no_value(figure)}."
    if not releases:
        return "No official statistics for it were received."
    return f"Official statistics show {listed([one.symbol for one in releases])}."


def _compared(rule: AgainstOfficial, evidence: Evidence, figure: Figure, said: Sequence[Observation]) -> Finding:
    measure, area = evidence.measure(figure.measure), evidence.area(figure.area)
    printed, latest = figure.value or Decimal(0), said[-1]
    exact = [one for one in said if _same(measure, area, printed, one)]
    difference = printed - _value(latest)
    told = f"{area.name} prints {figure.display} {_what(measure)}"
    release = f"official statistics ({latest.release})"
    if latest in exact:
        return _finding(rule, evidence, figure, said, "passed", f"{told}, as {release} do.{_before(evidence, said)}")
    if exact:
        return _revised(rule, evidence, figure, exact[-1], said)
    allowed = within(rule, printed, _value(latest))
    end = f"{_gap(evidence, figure, latest)}{', within the tolerance' if allowed else ''}."
    return _finding(
        rule,
        evidence,
        figure,
        said,
        "passed" if allowed else "failed",
        f"{told}; {release} say {official_shown(measure, area, _value(latest))}: {end}{_before(evidence, said)}",
        difference=signed(measure, difference),
        arithmetic=f"{printed:,f} - {_value(latest):,f} = {difference:,f}",
    )


def _what(measure: Measure) -> str:
    """What stands behind a number in a sentence: of ``Re-referrals, share of referrals`` after 24%, the first part."""
    title = lower_first(measure.title)
    return title.partition(",")[0] if is_percent(measure.unit, measure.statistic) else title


def _revised(
    rule: AgainstOfficial, evidence: Evidence, figure: Figure, agrees: Observation, said: Sequence[Observation]
) -> Finding:
    """A figure that was right when it was taken is no error: that a later release revised it is for information."""
    measure, area, latest = evidence.measure(figure.measure), evidence.area(figure.area), said[-1]
    moved = _value(latest) - _value(agrees)
    old, new = (release_words(evidence, one, said) for one in (agrees, latest))
    return _finding(
        rule,
        evidence,
        figure,
        said,
        "failed",
        f"{measure.title}{in_area(area)}: {figure.display} agrees with {old}; "
        f"{new} has revised it to {official_shown(measure, area, _value(latest))} ({signed(measure, moved)}).",
        difference=signed(measure, -moved),
        arithmetic=f"{_value(latest):,f} - {_value(agrees):,f} = {moved:,f}",
        revision=True,
    )


def _finding(
    rule: AgainstOfficial,
    evidence: Evidence,
    figure: Figure,
    releases: Sequence[Observation],
    outcome: Outcome,
    title: str,
    *,
    reason: str = "",
    difference: str = "",
    arithmetic: str = "",
    revision: bool = False,
) -> Finding:
    measure, area = evidence.measure(figure.measure), evidence.area(figure.area)
    sides = [
        ValueBeside(
            one.release or evidence.partnership.sources[one.source].title,
            one.symbol if one.value is None else official_shown(measure, area, one.value),
            one.place.words,
        )
        for one in releases
    ]
    return make_finding(
        evidence,
        rule,
        figure.id,
        outcome,
        title,
        values=[evidence.side((figure.area, figure.measure), f"{area.name}, as printed"), *sides],
        figures=(figure.id,),
        reason=reason,
        difference=difference,
        arithmetic=arithmetic,
        tolerance=tolerance_of(rule, measure),
        severity="information" if revision else None,
        other=releases[-1].value if releases else None,
    )


def _value(one: Observation) -> Decimal:
    return one.value if one.value is not None else Decimal(0)


def _same(measure: Measure, area: Area, printed: Decimal, official: Observation) -> bool:
    """Are the two the same at the decimals printed?"""
    return round_half_up(_value(official), measure.decimals_for(area.id)) == printed


def official_shown(measure: Measure, area: Area, value: Decimal) -> str:
    """Show an official value with the decimals that it was published with, if they are more than ours."""
    decimals = max(measure.decimals_for(area.id), -int(value.as_tuple().exponent))
    return display(value, "", measure.unit, decimals, measure.statistic)


def release_words(evidence: Evidence, one: Observation, among: Sequence[Observation]) -> str:
    """``the 2024 release``, or the publication's whole name where its year tells nothing."""
    years = [released(evidence.partnership, other)[0][:4] for other in among]
    year = released(evidence.partnership, one)[0][:4]
    stated = re.search(r"\b((?:19|20)\d\d) release\b", one.release)
    if stated and all(f"{stated[1]} release" not in other.release for other in among if other is not one):
        return f"the {stated[1]} release"
    return f"the {year} release" if years.count(year) == 1 and year else one.release


def _before(evidence: Evidence, said: Sequence[Observation]) -> str:
    """What earlier releases said, where it was something else."""
    latest = said[-1]
    others = [one for one in said[:-1] if one.value != latest.value]
    if not others:
        return ""
    measure, area = evidence.measure(latest.measure), evidence.area(latest.area)
    told = [f"{release_words(evidence, one, said)} said {official_shown(measure, area, _value(one))}" for one in others]
    return f" {listed(told)[0].upper()}{listed(told)[1:]}."


def _gap(evidence: Evidence, figure: Figure, latest: Observation) -> str:
    """How far a figure is from the official one, in words that tell its size."""
    measure, printed, said = evidence.measure(figure.measure), figure.value or Decimal(0), _value(latest)
    difference = printed - said
    if is_percent(measure.unit, measure.statistic):
        return apart(measure, difference) + _about(evidence, figure, latest)
    words = apart(measure, difference).removesuffix(" apart")
    share = f" ({round_half_up(abs(difference) * 100 / abs(said), 1)}%)" if said else ""
    return f"{words} {'more' if difference > 0 else 'fewer'}{share}"


def _about(evidence: Evidence, figure: Figure, latest: Observation) -> str:
    """How many a difference of percentage points is about: ``, about 253 referrals``."""
    measure, printed = evidence.measure(figure.measure), figure.value or Decimal(0)
    if measure.denominator is None:
        return ""
    ours = evidence.value((figure.area, measure.denominator))
    whole = ours if ours is not None else _official_value(evidence, figure, measure.denominator, latest)
    if whole is None:
        return ""
    part = _official_value(evidence, figure, measure.numerator, latest) if measure.numerator else None
    theirs = _official_value(evidence, figure, measure.denominator, latest)
    if theirs is None or size_of(whole, theirs) > 1:
        part = None  # of another whole: the difference of the parts would be that of the wholes
    count = abs((part if part is not None else _value(latest) * whole / 100) - printed * whole / 100)
    return f", about {display(count, '')} {evidence.measure(measure.denominator).unit}"


def _official_value(evidence: Evidence, figure: Figure, measure: str, latest: Observation) -> Decimal | None:
    """What the same release says of another measure of the same area."""
    found = evidence.official.get((figure.area, measure), ())
    return next((one.value for one in found if one.source == latest.source), None)
