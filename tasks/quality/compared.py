"""What did rules say of figures side by side?

Belongs here: findings as they are told. Does not belong here: making them (``tasks.reconcile``). Failed checks of a
source are findings too, so that figures are queried in print; here they are told as checks, not a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from config.partnership import Partnership
from tasks.model import Finding
from tasks.quality.told import Comparison


def comparisons(partnership: Partnership, findings: Iterable[Finding]) -> Iterator[Comparison]:
    """Every finding of a rule, in the order in which they are ranked."""
    asks = partnership.asks
    for one in findings:
        if one.kind == "source_check":
            continue
        owner = partnership.groups.get(one.owner)
        yield Comparison(
            id=one.id,
            rule=one.rule,
            asks=asks.get(one.rule, one.rule),
            kind=one.kind,
            source=one.subject.partition(".")[0] if one.kind == "cadence" else "",
            period=one.period,
            severity=one.severity,
            outcome=one.outcome,
            title=one.title,
            arithmetic=one.arithmetic,
            difference=one.difference,
            tolerance="" if one.tolerance in ("0", "none") else one.tolerance,
            matters=one.matters,
            to_do=one.to_do,
            owner=owner.name if owner else one.owner,
            values=one.values,
            figures=one.figures,
            reason=one.reason,
            effect=one.effect,
            state=one.state,
            decisions=tuple(past.words for past in one.history),
        )
