"""Reconcile: do figures, sources and official statistics tell the same story?

Belongs here: two small functions per kind of rule. The first computes, on whole columns of the evidence, one table with
a row for each finding; the second puts a row into words. Does not belong here: how a source is read, which source leads
(``tasks.register``), and what people decide about a finding.

A rule is asked about every figure that it names and that the period has. What it cannot see it does not call good:
inputs that are missing or suppressed make a finding *not evaluated*, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from config.model import SEVERITIES
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from config.rules import Rule
from tasks.model import Figure, Finding, GatheredFile, Observation
from tasks.reconcile.agreement import same_figure, say_same_figure, say_shared_reference, shared_reference
from tasks.reconcile.cadence import cadence, expected_count, say_cadence, say_expected_count
from tasks.reconcile.checks import failed_checks
from tasks.reconcile.comparable import (
    comparable_areas,
    fair_comparison,
    in_every_area,
    say_comparable_areas,
    say_fair_comparison,
    say_in_every_area,
)
from tasks.reconcile.comparators import Comparison, comparator_fits, compared, comparisons_csv, say_comparator_fits
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.official import against_official, say_against_official
from tasks.reconcile.pattern import official_pattern, say_official_pattern
from tasks.reconcile.percentages import (
    percentage_reachable,
    percentage_recomputes,
    say_percentage_reachable,
    say_percentage_recomputes,
)
from tasks.reconcile.printed import (
    dated_and_sourced,
    printed_alike,
    say_dated_and_sourced,
    say_printed_alike,
    say_section_wording,
    section_wording,
)
from tasks.reconcile.ratios import implied_denominator, plausible_ratio, say_implied_denominator, say_plausible_ratio
from tasks.reconcile.rolling import movement, roll_forward, say_movement, say_roll_forward
from tasks.reconcile.small_numbers import say_small_numbers, small_numbers
from tasks.reconcile.sums import part_within_whole, parts_and_whole, say_part_within_whole, say_parts_and_whole
from tasks.reconcile.tables import Row, Table, rows
from tasks.reconcile.years import say_year_from_quarters, year_from_quarters


class Kind(NamedTuple):
    """How rules of a kind are evaluated, as one table of comparisons, and how each of its rows is put into words."""

    evaluate: Callable[[Any, Evidence], Table]
    say: Callable[[Any, Evidence, Row], Finding]
    yearly: bool = False
    """Asked of a year only."""


KINDS: Mapping[str, Kind] = {
    "same_figure": Kind(same_figure, say_same_figure),
    "year_from_quarters": Kind(year_from_quarters, say_year_from_quarters),
    "parts_and_whole": Kind(parts_and_whole, say_parts_and_whole),
    "part_within_whole": Kind(part_within_whole, say_part_within_whole),
    "percentage_recomputes": Kind(percentage_recomputes, say_percentage_recomputes),
    "percentage_reachable": Kind(percentage_reachable, say_percentage_reachable),
    "shared_reference": Kind(shared_reference, say_shared_reference),
    "against_official": Kind(against_official, say_against_official, yearly=True),
    "roll_forward": Kind(roll_forward, say_roll_forward),
    "movement": Kind(movement, say_movement),
    "comparable_areas": Kind(comparable_areas, say_comparable_areas, yearly=True),
    "in_every_area": Kind(in_every_area, say_in_every_area, yearly=True),
    "fair_comparison": Kind(fair_comparison, say_fair_comparison, yearly=True),
    "comparator_fits": Kind(comparator_fits, say_comparator_fits, yearly=True),
    "section_wording": Kind(section_wording, say_section_wording),
    "dated_and_sourced": Kind(dated_and_sourced, say_dated_and_sourced, yearly=True),
    "printed_alike": Kind(printed_alike, say_printed_alike, yearly=True),
    "implied_denominator": Kind(implied_denominator, say_implied_denominator),
    "plausible_ratio": Kind(plausible_ratio, say_plausible_ratio),
    "expected_count": Kind(expected_count, say_expected_count),
    "small_numbers": Kind(small_numbers, say_small_numbers),
    "official_pattern": Kind(official_pattern, say_official_pattern, yearly=True),
    "cadence": Kind(cadence, say_cadence),
}
OUTCOMES = ("failed", "not_evaluated", "passed")


__all__ = ["Comparison", "comparisons", "comparisons_csv", "failed_checks", "ranked", "reconcile"]


def reconcile(
    partnership: Partnership,
    period: Quarter | ReportingYear,
    figures: Sequence[Figure],
    observations: Sequence[Observation],
    files: Sequence[GatheredFile] = (),
    earlier: Mapping[str, Sequence[Figure]] | None = None,
) -> list[Finding]:
    """Evaluate every rule of the partnership for a period; what needs a person most comes first.

    ``figures`` are those that ``tasks.register.build`` made of the same observations. ``files`` are all that came in
    the period, for a year those of its quarters too. ``earlier`` holds figures of periods before this one, by period.
    """
    evidence = Evidence.of(partnership, period, figures, observations, files, earlier or {})
    return ranked(finding for rule in partnership.rules for finding in _findings(rule, evidence))


def _findings(rule: Rule, evidence: Evidence) -> Iterator[Finding]:
    kind = KINDS[rule.kind]
    if kind.yearly and not isinstance(evidence.period, ReportingYear):
        return
    for row in rows(kind.evaluate(rule, evidence)):
        yield kind.say(rule, evidence, row)


def comparisons(
    partnership: Partnership,
    period: ReportingYear,
    figures: Sequence[Figure],
    observations: Sequence[Observation],
) -> list[Comparison]:
    """Each borough beside neighbours, region and nation, a bar of a chart each, from one dated release a measure."""
    return compared(Evidence.of(partnership, period, figures, observations, (), {}))


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings: failed ones first, the most severe first, of these what would change most in print."""
    return sorted(
        findings,
        key=lambda one: (OUTCOMES.index(one.outcome), [*SEVERITIES].index(one.severity), -one.weight, one.id),
    )
