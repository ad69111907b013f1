"""Which figure stands, and who said so? What people decided about findings, and what follows from it.

Belongs here: whether a decision still holds, and what it does to findings and figures; what still holds up publication.
Does not belong here: making a decision (``tasks.deciding``) and finding anything out (``tasks.reconcile``).

A decision is about a finding while the values that it was made on stand. When they change, or its last day is over,
the finding opens again and says so. The last decision on a finding counts; those before it are kept. A decision on one
period holds for another only where both must have the same value: what has a date of its own (a school census, a quoted
average) in every period of the year, a stock at the end of the year and of its last quarter. That the numbers of two
quarters happen to be alike settles nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from config.model import Severity
from config.partnership import Partnership
from config.periods import day_words, parse_period
from tasks.measures import dated_by_itself, period_words
from tasks.model import Choice, Decision, Figure, Finding, FindingState, Observation, Settlement, Standing, ValueBeside
from tasks.over_time import same_value_periods
from tasks.words import listed

ALTERNATIVES = ("same_figure", "against_official", "shared_reference")
"""Kinds of rule that lay several values of one figure side by side, so that one of them can be accepted for it."""
CHOICES: dict[Choice, str] = {
    "accept": "Accept a value",
    "correct_at_source": "Have it corrected at source",
    "explain": "Explain it in a note",
    "withhold": "Withhold the figure",
}
STATES: dict[FindingState, str] = {
    "open": "open",
    "waiting": "waiting for the source to correct it",
    "decided": "decided",
    "reopened": "open again",
}


@dataclass(frozen=True)
class Judged:
    """Findings with what was decided about them, and the decisions that stand, by the ids of their findings."""

    findings: tuple[Finding, ...]
    standing: Mapping[str, Decision]


def thing(finding: str, period: str) -> str:
    """What a finding is about, whenever it is about it: its id without the period."""
    return finding.removesuffix(f".{period}")


def fingerprint(values: Iterable[ValueBeside]) -> str:
    """SHA-256 over values side by side, without the places where they stand: a file may get another name."""
    text = json.dumps([[one.label, one.value] for one in values], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def judge(partnership: Partnership, findings: Iterable[Finding], decisions: Iterable[Decision], day: str) -> Judged:
    """Say of each finding that is not passed how far it has come; ``day`` is the day of the run, if one was told."""
    by_thing: dict[str, list[Decision]] = defaultdict(list)
    for one in sorted(decisions, key=lambda decision: decision.number):
        by_thing[thing(one.finding, one.period)].append(one)
    judged, standing = [], {}
    for finding in findings:
        said = [
            one
            for one in by_thing[thing(finding.id, finding.period)]
            if one.finding == finding.id or _same_value(partnership, finding, one.period)
        ]
        if finding.outcome == "passed" or not said:
            judged.append(finding)
            continue
        last, held = said[-1], _standing(finding, said[-1], day)
        if held == "stands":
            standing[finding.id] = last
        earlier = [_settlement(partnership, one, "replaced") for one in said[:-1]]
        final = _settlement(partnership, last, held, _why(finding, last, held))
        judged.append(replace(finding, state=_state(last, held), history=(*earlier, final)))
    return Judged(tuple(judged), standing)


def _same_value(partnership: Partnership, finding: Finding, period: str) -> bool:
    """Must the figures that a finding is about have the same value in another period?"""
    names = {one.split(".")[1] for one in finding.figures} & partnership.measures.keys()
    return bool(names) and all(_same_of_measure(partnership, name, finding.period, period) for name in names)


def _same_of_measure(partnership: Partnership, name: str, one: str, other: str) -> bool:
    measure, pair = partnership.measures[name], (one, other)
    if dated_by_itself(measure):
        return True
    return any(
        there in same_value_periods(measure, parse_period(here), partnership.measures)
        for here, there in (pair, pair[::-1])
    )


def _standing(finding: Finding, decision: Decision, day: str) -> Standing:
    if fingerprint(finding.values) != decision.fingerprint:
        return "overtaken"
    return "expired" if decision.until and day > decision.until else "stands"


def _state(decision: Decision, standing: Standing) -> FindingState:
    if standing != "stands":
        return "reopened"
    return "waiting" if decision.choice == "correct_at_source" else "decided"


# In words


def says(partnership: Partnership, decision: Decision) -> str:
    """A decision in one sentence, without values."""
    group = partnership.groups.get(decision.role)
    what = CHOICES[decision.choice]
    if decision.letter:
        label = decision.values[ord(decision.letter) - ord("a")].label
        what = f"Accept value {decision.letter.upper()} ({label})"
    until = f", until {_day(decision.until)}" if decision.until else ""
    return (
        f"{what}: decided on {_day(decision.made_on)} by {group.name if group else decision.role}, "
        f"about {period_words(decision.period)}{until}."
    )


def _day(text: str) -> str:
    return day_words(date.fromisoformat(text))


def _settlement(partnership: Partnership, decision: Decision, standing: Standing, why: str = "") -> Settlement:
    if standing == "replaced":
        why = "Another decision came after it."
    return Settlement(decision.number, decision.choice, says(partnership, decision), decision.reason, standing, why)


def _why(finding: Finding, decision: Decision, standing: Standing) -> str:
    if standing == "expired":
        return f"It held until {_day(decision.until)}."
    return f"The values have changed since: {changes(decision.values, finding.values)}." if standing != "stands" else ""


def changes(before: Sequence[ValueBeside], now: Sequence[ValueBeside]) -> str:
    """What is different between two rows of values side by side."""
    old, new = ({one.label: one.value for one in some} for some in (before, now))
    both = [label for label in old if label in new]
    told = [f"{label} was {old[label]} and is {new[label]}" for label in both if old[label] != new[label]]
    told += [f"{label} was {old[label]} and is not there" for label in old if label not in new]
    told += [f"{label} was not there and is {new[label]}" for label in new if label not in old]
    return "; ".join(told) or "they stand in another order"


# What follows


def blocking(findings: Iterable[Finding], severities: Collection[Severity]) -> list[Finding]:
    """Findings that hold up publication: grave enough, and not settled. What could not be evaluated is not settled."""
    return [
        one for one in findings if one.outcome != "passed" and one.severity in severities and one.state != "decided"
    ]


def effects(
    partnership: Partnership,
    figures: Iterable[Figure],
    judged: Judged,
    observations: Mapping[str, Observation],
) -> list[Figure]:
    """Figures as decisions make them: another value, a note, or withheld; each says by whose decision."""
    about: dict[str, list[tuple[Finding, Decision]]] = defaultdict(list)
    for finding in judged.findings:
        if finding.id in judged.standing and finding.state == "decided":
            for figure_id in finding.figures:
                about[figure_id].append((finding, judged.standing[finding.id]))
    changed = []
    for figure in figures:
        # The latest decision has the last word on a figure that several are about.
        for finding, decision in sorted(about[figure.id], key=lambda pair: pair[1].number):
            figure = _effect(partnership, figure, finding, decision, observations)
        changed.append(figure)
    return changed


def _effect(
    partnership: Partnership,
    figure: Figure,
    finding: Finding,
    decision: Decision,
    observations: Mapping[str, Observation],
) -> Figure:
    words = says(partnership, decision)
    figure = replace(figure, decided=(*figure.decided, words))
    mainly = finding.subject == figure.id or finding.subject not in finding.figures
    if figure.status == "not_received" or (decision.choice in ("withhold", "explain") and not mainly):
        return figure  # a part is not withheld with its whole, nor is a note printed twice
    match decision.choice:
        case "withhold":
            return replace(
                figure, value=None, symbol="", display="withheld", status="withheld", derivation=f"withheld. {words}"
            )
        case "explain":
            return replace(figure, note=" ".join(filter(None, (figure.note, decision.text))), status="agreed")
        case _:
            changed = finding.kind in ALTERNATIVES and decision.accepted != figure.display
            return _accepted(figure, decision, observations, words) if changed else replace(figure, status="agreed")


def _accepted(figure: Figure, decision: Decision, observations: Mapping[str, Observation], words: str) -> Figure:
    """The figure with the value that was accepted; the one that stood there before is kept beside it."""
    taken = decision.values[ord(decision.letter) - ord("a")]
    there = [
        one
        for one in observations.values()
        if one.measure == figure.measure and re.match(rf"{re.escape(one.place.words)}( and \d+ more)?$", taken.place)
    ]
    # Where the value is added up from several cells the finding names the first of them: the source has them all.
    sources = {one.source for one in there}
    beside = [observations[one] for one in figure.beside if one in observations]
    behind = tuple(one.id for one in beside if one.source in sources) or tuple(one.id for one in there)
    value = as_number(decision.accepted)
    return replace(
        figure,
        value=value,
        symbol="" if value is not None else decision.accepted,
        display=decision.accepted,
        status="agreed",
        derivation=f"decided, in place of {figure.display}. {words.rstrip('.')}",
        observations=behind or figure.observations,
        beside=tuple(dict.fromkeys((*(one for one in figure.beside if one not in behind), *figure.observations)))
        if behind
        else figure.beside,
    )


def as_number(text: str) -> Decimal | None:
    """The number that stands in print as ``2,395``, ``30.3%`` or ``£14,000``; nothing where it is none."""
    found = re.fullmatch(r"(-?)£?((?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?)%?", text.strip())
    return Decimal(found[1] + found[2].replace(",", "")) if found else None


def in_words(findings: Sequence[Finding]) -> str:
    """How far findings have come, counted: ``3 open, 1 decided``."""
    counts = {state: sum(one.state == state for one in findings) for state in STATES}
    return listed([f"{count} {STATES[state]}" for state, count in counts.items() if count])
