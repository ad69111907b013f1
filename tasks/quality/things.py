"""What was found, the most serious first: returns that are not there, file problems, failed checks, disagreements.

Belongs here: making one list of things to do out of four kinds, each thing once, in the order in which to deal with
them. Does not belong here: what is told of each (``tasks.quality.told``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from config.model import SEVERITIES
from tasks.quality.told import Check, Comparison, Expected, FileProblem, Thing
from tasks.words import listed, lower_first

KINDS = ("return", "file", "check", "comparison")
"""What is not there comes first: nothing is known of it. Then what is wrong in a file, then what files say together."""


def things(
    returns: Sequence[Expected],
    problems: Sequence[FileProblem],
    checks: Iterable[Check],
    comparisons: Sequence[Comparison],
) -> tuple[Thing, ...]:
    """Everything that was found, numbered."""
    found = [
        *_returns(returns, problems, comparisons),
        *(_file(one) for one in problems if one.usable),
        *_checks(checks),
        *(_comparison(one) for one in comparisons if one.outcome == "failed" and not one.source),
    ]
    found.sort(key=lambda one: ([*SEVERITIES].index(one.severity), KINDS.index(one.kind)))
    return tuple(replace(thing, number=number) for number, thing in enumerate(found, 1))


# Returns that did not come, or cannot be used


def _returns(
    returns: Sequence[Expected], problems: Sequence[FileProblem], comparisons: Sequence[Comparison]
) -> Iterator[Thing]:
    """One thing a source: by what a rule says of it where there is one, else by the tracker."""
    told = {one.source: one for one in comparisons if one.source and one.outcome == "failed"}
    lacking: dict[str, list[Expected]] = {}
    for one in returns:
        if one.state != "read":
            lacking.setdefault(one.source, []).append(one)
    for source in dict.fromkeys([*lacking, *told]):
        expected = lacking.get(source, [])
        unusable = [one for one in problems if one.source == source and not one.usable]
        places = tuple(f"{one.place}: {one.what}" for one in unusable)
        if finding := told.get(source):
            thing = replace(
                _comparison(finding), kind="return", places=places, since=_earlier(expected), comparison=None
            )
            # Of a return that came and cannot be used, its file knows better what helps than a rule about coming.
            yield replace(thing, to_do=unusable[0].to_do) if _came(expected) and unusable else thing
        else:
            yield _lacking(expected, unusable, places)


def _came(expected: Sequence[Expected]) -> bool:
    return all(one.state != "missing" for one in expected)


def _lacking(expected: Sequence[Expected], unusable: Sequence[FileProblem], places: tuple[str, ...]) -> Thing:
    first = expected[0]
    missing = [one.when for one in expected if one.state == "missing"]
    useless = [f"for {one.when} it {lower_first(one.state_words)}" for one in expected if one.state != "missing"]
    says = [f"nothing came for {listed(missing)}"] if missing else []
    ask = f"Ask {first.sender} for it; it was due on {listed([one.due_words for one in expected])}."
    return Thing(
        number=0,
        kind="return",
        severity=first.required,
        about=first.title,
        when=listed([one.when for one in expected]),
        says=f"{first.title}: {'; '.join(says + useless)}.",
        rows="",
        places=places,
        why="What the report says of it would have to be left out.",
        to_do=unusable[0].to_do if unusable and not missing else ask,
        owner=first.sender,
    )


def _earlier(expected: Sequence[Expected]) -> str:
    """For a quarter's page: what is still missing from the quarters before it."""
    missing = [one.when for one in expected if not one.now and one.state == "missing"]
    return f"Nothing came for {listed(missing)} either." if missing else ""


# Files, checks and comparisons


def _file(problem: FileProblem) -> Thing:
    return Thing(
        number=0,
        kind="file",
        severity=problem.severity,
        about=problem.title,
        when=problem.when,
        says=problem.what,
        rows="",
        places=(problem.place,),
        why=problem.why,
        to_do=problem.to_do,
        owner=problem.owner,
    )


def _checks(checks: Iterable[Check]) -> list[Thing]:
    """One thing for a failed check of a source, however many quarters it failed in; most figures behind it first."""
    failed: dict[tuple[str, str], list[Check]] = {}
    for one in checks:
        if one.outcome == "failed":
            failed.setdefault((one.source, one.check), []).append(one)
    return sorted(map(_check, failed.values()), key=lambda one: -one.touches)


def _check(failed: Sequence[Check]) -> Thing:
    last, several = failed[-1], len(failed) > 1
    return Thing(
        number=0,
        kind="check",
        severity=last.severity,
        about=last.title,
        when=listed([one.when for one in failed]),
        # The sentence says what should be true, and alone would be read as true.
        says=f"Failed check: {last.says}",
        rows="; ".join(f"{one.when}: {one.rows}" if several else one.rows for one in failed),
        places=tuple(f"{one.when}: {one.where}" if several else one.where for one in failed if one.where),
        why=last.why,
        to_do=last.to_do,
        owner=last.owner,
        since="" if several else last.since,
        touches=max(one.touches for one in failed),
    )


def _comparison(one: Comparison) -> Thing:
    return Thing(
        number=0,
        kind="comparison",
        severity=one.severity,
        about=one.asks,
        when=one.period,
        says=one.title,
        rows="",
        places=(),
        why=one.matters,
        to_do=one.to_do,
        owner=one.owner,
        touches=len(one.figures),
        comparison=one,
    )
