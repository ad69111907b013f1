"""Did everything come that is expected each period?

Belongs here: which returns came, which came and could not be used, and which did not come. Does not belong here: what
is wrong inside a file (its problems, from ``tasks.gather``, and its suite). A finding is as severe as the rule says, or
milder where the source says that it matters less when nothing comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from config.layouts import Source
from config.model import SEVERITIES
from config.periods import Quarter, ReportingYear
from config.rules import Cadence, ExpectedCount
from tasks.measures import NOT_RECEIVED
from tasks.model import Finding, GatheredFile, ValueBeside
from tasks.reconcile.evidence import Evidence, make_finding
from tasks.words import UNUSABLE, listed


def cadence(rule: Cadence, evidence: Evidence) -> Iterator[Finding]:
    """Count what came of each source: of a quarterly one, in a year, one for each quarter."""
    for name in rule.sources:
        source = evidence.partnership.sources[name]
        if source.every == "quarter" or isinstance(evidence.period, ReportingYear):
            yield _came(rule, evidence, source)


def _came(rule: Cadence, evidence: Evidence, source: Source) -> Finding:
    period = evidence.period
    due: Sequence[Quarter | ReportingYear] = (
        period.quarters if source.every == "quarter" and isinstance(period, ReportingYear) else (period,)
    )
    states = {str(one): _state(evidence.files.get(source.id, ()), str(one)) for one in due}
    names = {str(one): _name(one, among=len(due)) for one in due}
    absent = [names[text] for text, (state, _) in states.items() if state == NOT_RECEIVED]
    useless = {text: state for text, (state, _) in states.items() if state in UNUSABLE.values()}
    unusable = [f"the return for {names[text]} {state}" for text, state in useless.items()]
    came = len(due) - len(absent) - len(unusable)
    sender = _sender(evidence, source)
    counted = f"{came} of {len(due)} came" if not unusable else f"{came} of {len(due)} can be used"
    title = _what_lacks(sender, absent, unusable) + (f" ({counted})." if len(due) > 1 else ".")
    if came == len(due):
        which = f"all {came} returns" if came > 1 else f"its return for {names[str(due[0])]}"
        title = f"{sender} sent {which}."
    return make_finding(
        evidence,
        rule,
        f"{source.id}.{period}",
        "passed" if came == len(due) else "failed",
        title,
        arithmetic=counted,
        difference="" if came == len(due) else f"{len(due) - came} missing",
        values=[ValueBeside(names[text], state, place) for text, (state, place) in states.items()],
        figures=() if came == len(due) else _without_value(evidence, source),
        severity=max(rule.severity, source.required, key=lambda one: [*SEVERITIES].index(one)),
    )


PER = {"month": 12, "quarter": 4, "term": 3}
"""How many of each a year has; terms begin in no fixed quarter, so that only a year has its three."""


def expected_count(rule: ExpectedCount, evidence: Evidence) -> Iterator[Finding]:
    """Hold what was counted against what was promised: one a month, a quarter or a term."""
    if rule.every == "term" and isinstance(evidence.period, Quarter):
        return
    quarters = 1 if isinstance(evidence.period, Quarter) else 4
    places = len(evidence.partnership.boroughs) if rule.in_each_borough else 1
    due = PER[rule.every] * quarters // 4 * places
    for name in rule.measures:
        for area in evidence.asked(rule, name):
            yield _counted(rule, evidence, (area.id, name), due, places)


def _counted(rule: ExpectedCount, evidence: Evidence, key: tuple[str, str], due: int, places: int) -> Finding:
    measure, subject = evidence.measure(key[1]), evidence.figure_id(*key)
    one_each = f"one a {rule.every}{f' in each of {places} boroughs' if places > 1 else ''}"
    say = partial(make_finding, evidence, rule, subject, values=[evidence.side(key)])
    value = evidence.value(key)
    if value is None:
        reason = evidence.lacking(key[0], [key[1]])
        return say("not_evaluated", f"Whether there were {due} {measure.unit} is not known.", reason=reason)
    counted = f"{value:,f} of {due} ({one_each})"
    if value == due:
        return say("passed", f"{measure.title}: {counted}.", arithmetic=counted)
    gap = value - due
    return say(
        "failed",
        f"{measure.title}: {counted}, {abs(gap):,f} too {'many' if gap > 0 else 'few'}.",
        arithmetic=counted,
        difference=f"{gap:+,f}",
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
