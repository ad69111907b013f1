"""Does a figure agree with official statistics, and if not: is it wrong, or were they revised?

Belongs here: comparing a borough's figure of the year with each release of official statistics that has it. Does not
belong here: sources of the partnership's own (``tasks.reconcile.agreement``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from config.model import Area, Measure
from config.rules import AgainstOfficial
from tasks.measures import display, is_percent, round_half_up
from tasks.model import Figure, Finding, Observation, Outcome, ValueBeside
from tasks.reconcile.effect import size_of
from tasks.reconcile.evidence import Evidence, no_value, released
from tasks.reconcile.tables import Row, Table, choose, column, last, table, verdict, within
from tasks.reconcile.telling import apart, in_area, make_finding, signed, tolerance_of
from tasks.words import listed, lower_first


def against_official(rule: AgainstOfficial, evidence: Evidence) -> Table:
    """Compare figures of a year with each release that has them: what agrees with an older one was revised."""
    asked = evidence.asked(rule, *rule.measures, of=evidence.also_official)
    printed, said = evidence.values[asked], evidence.said.at(asked)
    exact = evidence.exact[:, asked.areas, asked.measures]
    latest, agrees, here = last(said.known), last(exact), np.arange(len(printed))
    official, right_then = said.values[latest, here], said.values[agrees, here]
    comparable = evidence.known[asked] & said.known.any(axis=0)
    same, revised = agrees == latest, exact.any(axis=0)
    near = within(rule, printed, official)
    return table(
        area=evidence.area_ids[asked.areas],
        measure=evidence.measure_ids[asked.measures],
        printed=printed,
        official=official,
        gap=printed - official,
        revised_by=official - right_then,
        agrees=column(evidence.releases)[agrees],
        because=choose([~comparable, same, revised, near], ["lacking", "same", "revised", "near"], "far"),
        outcome=verdict(comparable, same | (near & ~revised)),
    )


def say_against_official(rule: AgainstOfficial, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    measure, area = evidence.measure(row.measure), evidence.area(row.area)
    figure, releases = evidence.figures[row.area, row.measure], evidence.official.get((row.area, row.measure), ())
    say = partial(_finding, rule, evidence, figure, row.outcome)
    if row.because == "lacking":
        title = f"{measure.title}{in_area(area)} could not be compared with official statistics."
        return say(releases, title, reason=_why_not(figure, releases))
    said = [one for one in releases if one.value is not None]
    if row.because == "revised":
        return _revised(say, evidence, row, said)
    told, release = f"{area.name} prints {figure.display} {_what(measure)}", f"official statistics ({said[-1].release})"
    if row.because == "same":
        return say(said, f"{told}, as {release} do.{_before(evidence, said)}")
    end = f"{_gap(evidence, row, said[-1])}{', within the tolerance' if row.because == 'near' else ''}."
    return say(
        said,
        f"{told}; {release} say {official_shown(measure, area, row.official)}: {end}{_before(evidence, said)}",
        difference=signed(measure, row.gap),
        arithmetic=f"{row.printed:,f} - {row.official:,f} = {row.gap:,f}",
    )


def _why_not(figure: Figure, releases: Sequence[Observation]) -> str:
    if figure.value is None:
        return f"The figure {'is' if figure.symbol else 'was'} {no_value(figure)}."
    if not releases:
        return "No official statistics for it were received."
    return f"Official statistics show {listed([one.symbol for one in releases])}."


def _what(measure: Measure) -> str:
    """What stands behind a number in a sentence: of ``Re-referrals, share of referrals`` after 24%, the first part."""
    title = lower_first(measure.title)
    return title.partition(",")[0] if is_percent(measure.unit, measure.statistic) else title


def _revised(say: partial[Finding], evidence: Evidence, row: Row, said: Sequence[Observation]) -> Finding:
    """A figure that was right when it was taken is no error: that a later release revised it is for information."""
    measure, area = evidence.measure(row.measure), evidence.area(row.area)
    display = evidence.shown(row.area, row.measure)
    then = next(one for one in said if one.source == row.agrees)
    old, new = (release_words(evidence, one, said) for one in (then, said[-1]))
    return say(
        said,
        f"{measure.title}{in_area(area)}: {display} agrees with {old}; "
        f"{new} has revised it to {official_shown(measure, area, row.official)} ({signed(measure, row.revised_by)}).",
        difference=signed(measure, -row.revised_by),
        arithmetic=f"{row.official:,f} - {then.value:,f} = {row.revised_by:,f}",
        severity="information",
    )


def _finding(
    rule: AgainstOfficial,
    evidence: Evidence,
    figure: Figure,
    outcome: Outcome,
    releases: Sequence[Observation],
    title: str,
    **more: Any,
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
        tolerance=tolerance_of(rule, measure),
        other=releases[-1].value if releases else None,
        **more,
    )


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
    told = [
        f"{release_words(evidence, one, said)} said {official_shown(measure, area, one.value or Decimal(0))}"
        for one in others
    ]
    return f" {listed(told)[0].upper()}{listed(told)[1:]}."


def _gap(evidence: Evidence, row: Row, latest: Observation) -> str:
    """How far a figure is from the official one, in words that tell its size."""
    measure = evidence.measure(row.measure)
    if is_percent(measure.unit, measure.statistic):
        return apart(measure, row.gap) + _about(evidence, row, latest)
    words = apart(measure, row.gap).removesuffix(" apart")
    share = f" ({round_half_up(abs(row.gap) * 100 / abs(row.official), 1)}%)" if row.official else ""
    return f"{words} {'more' if row.gap > 0 else 'fewer'}{share}"


def _about(evidence: Evidence, row: Row, latest: Observation) -> str:
    """How many a difference of percentage points is about: ``, about 253 referrals``."""
    measure = evidence.measure(row.measure)
    if measure.denominator is None:
        return ""
    ours, theirs = evidence.value((row.area, measure.denominator)), _said(evidence, row, measure.denominator, latest)
    whole = ours if ours is not None else theirs
    if whole is None:
        return ""
    part = _said(evidence, row, measure.numerator, latest) if measure.numerator else None
    if theirs is None or size_of(whole, theirs) > 1:
        part = None  # of another whole: the difference of the parts would be that of the wholes
    count = abs((part if part is not None else row.official * whole / 100) - row.printed * whole / 100)
    return f", about {display(count, '')} {evidence.measure(measure.denominator).unit}"


def _said(evidence: Evidence, row: Row, measure: str, latest: Observation) -> Decimal | None:
    """What the same release says of another measure of the same area."""
    found = evidence.official.get((row.area, measure), ())
    return next((one.value for one in found if one.source == latest.source), None)
