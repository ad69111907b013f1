"""Did everything come that is expected each period?

Belongs here: which returns came, which came and could not be used, and which did not come. Does not belong here: what
is wrong inside a file (its problems, from ``tasks.gather``, and its suite). A finding is as severe as the rule says, or
milder where the source says that it matters less when nothing comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from config.layouts import Source
from config.model import SEVERITIES
from config.periods import Quarter, ReportingYear
from config.rules import Cadence, ExpectedCount
from tasks.measures import NOT_RECEIVED
from tasks.model import Finding, GatheredFile, ValueBeside
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.tables import Row, Table, column, table, verdict
from tasks.reconcile.telling import make_finding
from tasks.words import UNUSABLE, listed


def cadence(rule: Cadence, evidence: Evidence) -> Table:
    """Count what came of each source: of a quarterly one, in a year, one for each quarter."""
    period = evidence.period
    parts = period.quarters if isinstance(period, ReportingYear) else ()
    periods: Sequence[Quarter | ReportingYear] = (*parts, period)
    sources = [evidence.partnership.sources[name] for name in rule.sources]
    due = np.array([[_is_due(one, when) for when in periods] for one in sources], dtype=bool)
    states = np.array([[_state(evidence.files.get(one.id, ()), str(when)) for when in periods] for one in sources])
    absent = ((states[:, :, 0] == NOT_RECEIVED) & due).sum(axis=1)
    unusable = (np.isin(states[:, :, 0], [*UNUSABLE.values()]) & due).sum(axis=1)
    missing, asked = absent + unusable, due.any(axis=1)
    made = table(
        source=column(sources),
        due=due.sum(axis=1),
        missing=missing,
        returns=column(
            [(when, *state) for when, state, is_due in zip(periods, said, dues, strict=True) if is_due]
            for said, dues in zip(states.tolist(), due, strict=True)
        ),
        outcome=verdict(asked, missing == 0),
    )
    return made[asked]


def _is_due(source: Source, period: Quarter | ReportingYear) -> bool:
    return (source.every == "quarter") == isinstance(period, Quarter)


def say_cadence(rule: Cadence, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    names = [_name(when, among=row.due) for when, _, _ in row.returns]
    states = dict(zip(names, (state for _, state, _ in row.returns), strict=True))
    absent = [name for name, state in states.items() if state == NOT_RECEIVED]
    unusable = [f"the return for {name} {state}" for name, state in states.items() if state in UNUSABLE.values()]
    came, sender = row.due - row.missing, _sender(evidence, row.source)
    counted = f"{came} of {row.due} {'can be used' if unusable else 'came'}"
    title = _what_lacks(sender, absent, unusable) + (f" ({counted})." if row.due > 1 else ".")
    if row.outcome == "passed":
        title = f"{sender} sent {f'all {came} returns' if came > 1 else f'its return for {names[0]}'}."
    return make_finding(
        evidence,
        rule,
        f"{row.source.id}.{evidence.period}",
        row.outcome,
        title,
        arithmetic=counted,
        difference=f"{row.missing} missing" if row.missing else "",
        values=[ValueBeside(name, state, place) for name, (_, state, place) in zip(names, row.returns, strict=True)],
        figures=_without_value(evidence, row.source) if row.missing else (),
        severity=max(rule.severity, row.source.required, key=lambda one: [*SEVERITIES].index(one)),
    )


PER = {"month": 12, "quarter": 4, "term": 3}
"""How many of each a year has; terms begin in no fixed quarter, so that only a year has its three."""


def expected_count(rule: ExpectedCount, evidence: Evidence) -> Table:
    """Hold what was counted against what was promised: one a month, a quarter or a term."""
    asked = evidence.asked(rule, *rule.measures)
    due, _ = _promised(rule, evidence)
    gap = evidence.values[asked] - due
    made = table(
        area=evidence.area_ids[asked.areas],
        measure=evidence.measure_ids[asked.measures],
        gap=gap,
        outcome=verdict(evidence.known[asked], gap == 0),
    )
    return made[:0] if rule.every == "term" and isinstance(evidence.period, Quarter) else made


def _promised(rule: ExpectedCount, evidence: Evidence) -> tuple[int, int]:
    """How many are due, and in how many places."""
    quarters = 1 if isinstance(evidence.period, Quarter) else 4
    places = len(evidence.partnership.boroughs) if rule.in_each_borough else 1
    return PER[rule.every] * quarters // 4 * places, places


def say_expected_count(rule: ExpectedCount, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    due, places = _promised(rule, evidence)
    measure, subject = evidence.measure(row.measure), evidence.figure_id(row.area, row.measure)
    one_each = f"one a {rule.every}{f' in each of {places} boroughs' if places > 1 else ''}"
    key = (row.area, row.measure)
    say = partial(make_finding, evidence, rule, subject, row.outcome, values=[evidence.side(key)])
    if row.outcome == "not_evaluated":
        reason = evidence.lacking(row.area, [row.measure])
        return say(f"Whether there were {due} {measure.unit} is not known.", reason=reason)
    counted = f"{evidence.value(key):,f} of {due} ({one_each})"
    if row.outcome == "passed":
        return say(f"{measure.title}: {counted}.", arithmetic=counted)
    return say(
        f"{measure.title}: {counted}, {abs(row.gap):,f} too {'many' if row.gap > 0 else 'few'}.",
        arithmetic=counted,
        difference=f"{row.gap:+,f}",
        figures=() if rule.severity == "information" else (subject,),
    )


def _state(files: Sequence[GatheredFile], period: str) -> tuple[str, str]:
    """Whether a usable file came for a period, and its name; else what was wrong with the last that came."""
    came = [file for file in files if file.period == period]
    read = [file.name for file in came if file.state == "read"]
    if read:
        return "came", read[-1]
    useless = [(UNUSABLE[file.state], file.name) for file in came if file.state in UNUSABLE]
    return useless[-1] if useless else (NOT_RECEIVED, "")


def _name(period: Quarter | ReportingYear, among: int) -> str:
    if isinstance(period, Quarter):
        return f"Q{period.number}" if among > 1 else f"Q{period.number} {period.year}"
    return str(period)


def _sender(evidence: Evidence, source: Source) -> str:
    """Name the sender, with the title of the return where the same sender owes several."""
    name = evidence.partnership.groups[source.sender].name
    several = sum(other.sender == source.sender for other in evidence.partnership.sources.values()) > 1
    return f"{name} ({source.title})" if several else name


def _what_lacks(sender: str, absent: Sequence[str], unusable: Sequence[str]) -> str:
    if not unusable:
        return f"No return from {sender} for {', '.join(absent)}"
    told = f"From {sender}, {listed(unusable)}"
    return f"{told}; none came for {', '.join(absent)}" if absent else told


def _without_value(evidence: Evidence, source: Source) -> list[str]:
    """Figures that this source is asked for and that were not received."""
    return [
        figure.id
        for key, figure in evidence.figures.items()
        if figure.status == "not_received" and source in evidence.ledger.carriers.get(key, ())
    ]
