"""What is kept of the quarter before (of what comes yearly: the year before), for checks that look back?

Belongs here: finding it in the store. Does not belong here: what is compared with it (``tasks.validate.beside``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from config.periods import Return
from expectations.suite import Suite, counts_rows
from tasks import plain
from tasks.model import Observation, Verdict
from tasks.store import ObjectStore, Stored
from tasks.validate.beside import Before

FIGURES, CHECKS = "gathered/{folder}/gathered.json", "quality/{folder}/results.json"


def kept_of(store: ObjectStore, folder: str) -> list[Stored]:
    """The newest versions of what is looked back to, of a period's folder; of a folder without any figures, nothing."""
    versions = [store.versions(key.format(folder=folder)) for key in (FIGURES, CHECKS)]
    return [each[-1] for each in versions if each] if versions[0] else []


def before(store: ObjectStore, period: Return, folder: str, suites: Mapping[str, Suite]) -> Before | None:
    """Figures and row counts of the period before ``period``, which lie in ``folder``; ``None`` where none are kept.

    How many rows a source's table had is known from the checks that counted them.
    """
    kept = [json.loads(store.get(one.key)) for one in kept_of(store, folder)]
    if not kept:
        return None
    observations = plain.from_plain(tuple[Observation, ...], kept[0]["observations"])
    verdicts = plain.from_plain(tuple[Verdict, ...], kept[1]["verdicts"]) if len(kept) > 1 else ()
    counts = {check.id for suite in suites.values() for check in suite.checks if counts_rows(check)}
    rows = {v.source: v.rows_checked for v in verdicts if v.check in counts and v.outcome != "not_evaluated"}
    return Before(period.before, observations, rows)
