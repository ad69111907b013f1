"""Do the boroughs' figures come from the same kind of data? What agreement with official statistics tells of that.

Belongs here: how often each borough agrees with any release, over many measures. Does not belong here: single figures
(``tasks.reconcile.official``).
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import numpy as np

from config.rules import OfficialPattern
from tasks.measures import round_half_up
from tasks.model import Finding, ValueBeside
from tasks.reconcile.evidence import At, Evidence
from tasks.reconcile.tables import NOUGHT, Row, Table, column, rows, table, verdict
from tasks.reconcile.telling import make_finding
from tasks.words import listed


def official_pattern(rule: OfficialPattern, evidence: Evidence) -> Table:
    """Count in each borough how many figures are exactly what some release says, and compare the boroughs.

    All boroughs make one finding, and its row holds their counts.
    """
    figures = At(*np.ix_(evidence.boroughs, evidence.columns(*rule.measures)))
    compared = evidence.known[figures] & evidence.asked_of_us[figures] & evidence.said.at(figures).known.any(axis=0)
    exact = evidence.exact[:, figures.areas, figures.measures].any(axis=0)
    of, same = (mask.sum(axis=1).astype(object) for mask in (compared, compared & exact))
    there = of > 0
    names = column(one.name for one in evidence.partnership.boroughs)[there]
    counted = table(name=names, same=same[there], of=of[there], share=same[there] * Decimal(100) / of[there])
    apart = counted.share.max() - counted.share.min() if len(counted) else NOUGHT
    known, alike = np.array([len(counted) > 1]), np.array([apart <= rule.apart_percent])
    return table(counted=column([counted]), outcome=verdict(known, alike))


def say_official_pattern(rule: OfficialPattern, evidence: Evidence, row: Row) -> Finding:
    """Put the row into words."""
    say = partial(make_finding, evidence, rule, f"official-pattern.{evidence.period}", row.outcome)
    if row.outcome == "not_evaluated":
        reason = "Fewer than two boroughs have figures that official statistics have too."
        return say("Where figures come from was not compared.", reason=reason)
    counted = [*rows(row.counted)]
    told = listed([f"{one.same} of {one.of} in {one.name}" for one in counted])
    title = f"Figures that are exactly those of a release of official statistics: {told}."
    if row.outcome == "failed":
        least = min(counted, key=lambda one: (one.share, one.name)).name
        title += f" It looks as if {least} took its figures before they were validated, or elsewhere."
    return say(
        title,
        arithmetic="; ".join(f"{one.name} {round_half_up(one.share, 0)}%" for one in counted),
        values=[ValueBeside(one.name, f"{one.same} of {one.of}") for one in counted],
    )
