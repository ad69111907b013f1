"""Which figures rest on something that failed a check of its source?

Belongs here: a failed check as a finding about the figures whose cells it names, so that they are queried in print.
Does not belong here: the checks (``expectations``, ``tasks.validate``) and comparisons between figures (its siblings).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from config.layouts import Rows
from config.partnership import Partnership
from tasks.model import Figure, Finding, Observation, Place, Verdict

KIND = "source_check"


def failed_checks(
    partnership: Partnership,
    figures: Sequence[Figure],
    observations: Sequence[Observation],
    verdicts: Iterable[Verdict],
) -> list[Finding]:
    """A finding for every failed check that matters, with the figures made from the cells that it names.

    Counted figures rest on all rows of their source, so a failed check of single records touches all of them.
    """
    figures_of: dict[str, set[str]] = defaultdict(set)
    for figure in figures:
        for id_ in figure.observations:
            figures_of[id_].add(figure.id)
    at: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in observations:
        counted = isinstance(partnership.sources[one.source].layout, Rows)
        at[one.source, "" if counted else _words(one.place)] |= figures_of[one.id]
    found = []
    for verdict in verdicts:
        if verdict.outcome != "failed" or verdict.severity == "information":
            continue
        source = partnership.sources[verdict.source]
        places = [""] if isinstance(source.layout, Rows) else verdict.places
        touched = sorted({id_ for place in places for id_ in at[verdict.source, place]})
        found.append(
            Finding(
                id=f"{verdict.check}:{verdict.source}.{verdict.period}",
                rule=verdict.check,
                kind=KIND,
                subject=f"{verdict.source}.{verdict.period}",
                period=verdict.period,
                outcome="failed",
                severity=verdict.severity,
                title=f"{source.title}, {verdict.period}: a check failed. It says: {verdict.says}",
                arithmetic=f"{verdict.rows_failed} of {verdict.rows_checked}" if verdict.rows_checked else "",
                matters=verdict.why,
                to_do=verdict.to_do,
                owner=source.owner,
                figures=tuple(touched),
            )
        )
    return found


def _words(place: Place) -> str:
    """The place as verdicts name it."""
    return f"sheet {place.sheet}, {place.cell}" if place.sheet else place.cell
