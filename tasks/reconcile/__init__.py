"""Reconcile: do figures, sources and official statistics tell the same story?

Belongs here: one small function per kind of rule, each from evidence to findings. Does not belong here: how a source is
read, which source leads (``tasks.register``), and what people decide about a finding.

A rule is asked about every figure that it names and that the period has. What it cannot see it does not call good:
inputs that are missing or suppressed make a finding *not evaluated*, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from config.model import SEVERITIES
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from tasks.model import Figure, Finding, GatheredFile, Observation
from tasks.reconcile.agreement import same_figure, shared_reference
from tasks.reconcile.cadence import cadence, expected_count
from tasks.reconcile.checks import failed_checks
from tasks.reconcile.comparable import comparable_areas, fair_comparison, in_every_area
from tasks.reconcile.comparators import Comparison, comparator_fits, compared, comparisons_csv
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.official import against_official
from tasks.reconcile.pattern import official_pattern
from tasks.reconcile.percentages import percentage_reachable, percentage_recomputes
from tasks.reconcile.printed import dated_and_sourced, printed_alike, section_wording
from tasks.reconcile.ratios import implied_denominator, plausible_ratio
from tasks.reconcile.rolling import movement, roll_forward
from tasks.reconcile.small_numbers import small_numbers
from tasks.reconcile.sums import part_within_whole, parts_and_whole
from tasks.reconcile.years import year_from_quarters

KINDS: Mapping[str, Callable[[Any, Evidence], Iterator[Finding]]] = {
    "same_figure": same_figure,
    "year_from_quarters": year_from_quarters,
    "parts_and_whole": parts_and_whole,
    "part_within_whole": part_within_whole,
    "percentage_recomputes": percentage_recomputes,
    "percentage_reachable": percentage_reachable,
    "shared_reference": shared_reference,
    "against_official": against_official,
    "roll_forward": roll_forward,
    "movement": movement,
    "comparable_areas": comparable_areas,
    "in_every_area": in_every_area,
    "fair_comparison": fair_comparison,
    "comparator_fits": comparator_fits,
    "section_wording": section_wording,
    "dated_and_sourced": dated_and_sourced,
    "printed_alike": printed_alike,
    "implied_denominator": implied_denominator,
    "plausible_ratio": plausible_ratio,
    "expected_count": expected_count,
    "small_numbers": small_numbers,
    "official_pattern": official_pattern,
    "cadence": cadence,
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
    return ranked(finding for rule in partnership.rules for finding in KINDS[rule.kind](rule, evidence))


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
