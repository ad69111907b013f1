"""How findings are put into words: making one, and the few phrases that all rules share.

Belongs here: what every finding has, how far two values are apart. Does not belong here: what a rule computes, and what
its sentence says (its own module).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from config.model import Area, Measure, Severity
from config.rules import Rule
from tasks.measures import display, is_percent
from tasks.model import Finding, Outcome, ValueBeside
from tasks.reconcile.effect import effect_of, weight_in_print
from tasks.reconcile.evidence import Evidence
from tasks.register import Key


def make_finding(
    evidence: Evidence,
    rule: Rule,
    subject: str,
    outcome: Outcome,
    title: str,
    *,
    arithmetic: str = "",
    difference: str = "",
    tolerance: str = "",
    values: Iterable[ValueBeside] = (),
    figures: Iterable[str] = (),
    reason: str = "",
    severity: Severity | None = None,
    other: Decimal | None = None,
) -> Finding:
    """Make a finding of a rule; its id is the same from run to run while it is about the same thing.

    ``other`` is what official statistics give for the figure that is the subject.
    """
    effect, weight, figures = "", 0, tuple(dict.fromkeys(figures))
    if outcome == "failed":
        effect, weight = (
            ("", weight_in_print(evidence, figures)) if other is None else effect_of(evidence, _key_of(subject), other)
        )
    return Finding(
        id=f"{rule.id}:{subject}",
        rule=rule.id,
        kind=rule.kind,
        subject=subject,
        period=str(evidence.period),
        outcome=outcome,
        severity=severity or rule.severity,
        title=title,
        arithmetic=arithmetic,
        matters=rule.matters,
        to_do=rule.to_do,
        owner=rule.owner,
        difference=difference,
        tolerance=tolerance,
        values=tuple(values),
        figures=figures,
        reason=reason,
        effect=effect,
        weight=weight,
    )


def _key_of(subject: str) -> Key:
    area, measure, _ = subject.split(".")
    return area, measure


# Shared phrases


def in_area(area: Area) -> str:
    """`` in Eastmere``; nothing for the partnership as a whole, of which everything is."""
    return "" if area.kind == "partnership" else f" in {area.name}"


def apart(measure: Measure, difference: Decimal) -> str:
    """How far two values are from each other: ``12 apart``, ``6.3 percentage points apart``."""
    return f"{_gap(measure, difference)} apart"


def _gap(measure: Measure, difference: Decimal) -> str:
    size = abs(difference)
    digits = f"{size.normalize():,f}"
    if is_percent(measure.unit, measure.statistic):
        return f"{digits} percentage point{'' if size == 1 else 's'}"
    return display(size, "", measure.unit, max(0, -int(size.normalize().as_tuple().exponent)), measure.statistic)


def signed(measure: Measure, difference: Decimal) -> str:
    """A difference with its sign: ``+2``, ``-264``, ``-6.3 percentage points``."""
    return f"{'+' if difference > 0 else '-' if difference < 0 else ''}{_gap(measure, difference)}"


def tolerance_of(rule: Rule, measure: Measure) -> str:
    """Say how much two values may differ before it is a finding."""
    told = []
    if rule.tolerance:
        told.append(_gap(measure, rule.tolerance))
    if rule.tolerance_percent:
        told.append(f"{rule.tolerance_percent.normalize():f}%")
    return " or ".join(told) or "none"
