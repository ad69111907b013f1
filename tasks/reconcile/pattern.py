"""Do the boroughs' figures come from the same kind of data? What agreement with official statistics tells of that.

Belongs here: how often each borough agrees with any release, over many measures. Does not belong here: single figures
(``tasks.reconcile.official``).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from config.model import Area
from config.periods import ReportingYear
from config.rules import OfficialPattern
from tasks.measures import round_half_up
from tasks.model import Finding, ValueBeside
from tasks.reconcile.evidence import Evidence, make_finding
from tasks.words import listed


def official_pattern(rule: OfficialPattern, evidence: Evidence) -> Iterator[Finding]:
    """Count in each borough how many figures are exactly what some release says, and compare the boroughs."""
    if not isinstance(evidence.period, ReportingYear):
        return
    counted: dict[str, tuple[int, int]] = {}
    for area in evidence.partnership.boroughs:
        compared = [agrees for name in rule.measures if (agrees := _agrees(evidence, area, name)) is not None]
        if compared:
            counted[area.name] = (sum(compared), len(compared))
    subject = f"official-pattern.{evidence.period}"
    if len(counted) < 2:
        reason = "Fewer than two boroughs have figures that official statistics have too."
        yield make_finding(
            evidence, rule, subject, "not_evaluated", "Where figures come from was not compared.", reason=reason
        )
        return
    shares = {name: Decimal(same) * 100 / of for name, (same, of) in counted.items()}
    told = listed([f"{same} of {of} in {name}" for name, (same, of) in counted.items()])
    apart = max(shares.values()) - min(shares.values())
    sides = [ValueBeside(name, f"{same} of {of}") for name, (same, of) in counted.items()]
    title = f"Figures that are exactly those of a release of official statistics: {told}."
    if apart > rule.apart_percent:
        least = min(shares, key=lambda name: (shares[name], name))
        title += f" It looks as if {least} took its figures before they were validated, or elsewhere."
    yield make_finding(
        evidence,
        rule,
        subject,
        "failed" if apart > rule.apart_percent else "passed",
        title,
        arithmetic="; ".join(f"{name} {round_half_up(share, 0)}%" for name, share in shares.items()),
        values=sides,
    )


def _agrees(evidence: Evidence, area: Area, name: str) -> bool | None:
    """Is a figure that of some release, at the decimals printed? ``None`` where they cannot be compared."""
    value = evidence.value((area.id, name))
    said = [one.value for one in evidence.official.get((area.id, name), ()) if one.value is not None]
    if value is None or not said or not evidence.is_asked(area.id, name):
        return None
    decimals = evidence.measure(name).decimals_for(area.id)
    return any(round_half_up(one, decimals) == value for one in said)
