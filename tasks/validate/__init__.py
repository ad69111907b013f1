"""What came is good enough to work with, or it is said why not: passed, failed or not evaluated.

``check`` runs one suite over one reading, ``check_source`` all that a source has: its own suite over the rows that were
sent, and the shared suite over the figures that were read from them.

Belongs here: making verdicts. Does not belong here: what is checked (``expectations``), comparing sources with each
other (``tasks.reconcile``), and the page that people read (``tasks.quality``).

A check whose column is missing, whose rows are none, that has nothing to compare with, or which breaks is *not
evaluated*: it never passes. What is told is the place, never the value that stands there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from config.layouts import Source
from config.model import Area, Measure
from config.partnership import measures_of
from config.periods import Return
from expectations.suite import Check, Suite
from tasks.model import FileState, Outcome, Reading, Verdict
from tasks.validate.answers import MOST_PLACES, Answer, run
from tasks.validate.asked import Asked, applies, blocked, fill
from tasks.validate.beside import Before
from tasks.validate.kept import before, kept_of
from tasks.validate.table import table_of

__all__ = ["Before", "before", "check", "check_source", "kept_of", "read_and_check", "suites_of"]

SHARED = "figures"
"""The suite over observations that runs for every source that carries figures."""

WHY_NOT: dict[FileState, str] = {
    "unreadable": "The file could not be read.",
    "empty": "Nothing came, or what came was empty.",
    "wrong_period": "What came is for another period.",
    "wrong_layout": "What came is not laid out as agreed, so nothing was read from it.",
    "personal_data": "What came holds personal data, so nothing of it was used.",
    "superseded": "A later version of the file came.",
    "unexpected": "The file is not one that was expected.",
}


def read_and_check(source: Source, data: bytes, name: str, *asked: Any) -> list[Verdict]:
    """What ``check_source`` says of a file, which is read for it: its rows do not leave the process that reads them.

    ``asked`` are the arguments of ``check_source`` after the reading.
    """
    from tasks.gather import read

    _, period, _, areas, _ = asked
    return check_source(source, read(source, data, name, period, areas=areas), *asked)


def check_source(
    source: Source,
    reading: Reading,
    suites: Mapping[str, Suite],
    period: Return,
    measures: Mapping[str, Measure],
    areas: Sequence[Area],
    earlier: Before | None,
) -> list[Verdict]:
    """What every check says that a source has: of the rows that it sent, then of the figures read from them."""
    asked = [Asked(source, suite, period, measures, areas, earlier) for suite in suites_of(source, suites).values()]
    return [verdict for one in asked for verdict in _verdicts(one, reading)]


def suites_of(source: Source, suites: Mapping[str, Suite]) -> dict[str, Suite]:
    """Its own suite, over its rows; and the shared one, over the figures read from them, where it carries any."""
    names = [source.suite, SHARED] if measures_of(source) else [source.suite]
    return {name: suites[name] for name in names}


def check(
    source: Source,
    reading: Reading,
    suite: Suite,
    period: Return,
    measures: Mapping[str, Measure] | None = None,
    areas: Sequence[Area] = (),
    earlier: Before | None = None,
) -> list[Verdict]:
    """What every check of the suite says of this reading, in the order of the suite.

    Checks about rows that the source does not have by its configuration (percentages, where it carries none) are left
    out. ``measures`` and ``areas`` are the partnership's; ``earlier`` is what is kept of the
    period before.
    """
    return _verdicts(Asked(source, suite, period, measures, areas, earlier), reading)


def _verdicts(asked: Asked, reading: Reading) -> list[Verdict]:
    filled = {one.id: fill(one, asked) for one in asked.suite.checks}
    checks = [one for one in asked.suite.checks if applies(one, filled[one.id], asked)]
    table, reason = None, ""
    if reading.state != "read" and (reading.state != "empty" or reading.rows is None):
        reason = WHY_NOT[reading.state]
    elif checks:
        table, reason = table_of(
            asked.source, reading, asked.suite, asked.period, asked.measures, asked.observed_before
        )
    answers = {one.id: Answer(reason=reason) for one in checks}
    if table is not None:
        reasons = {one.id: blocked(one, filled[one.id], table, asked) for one in checks}
        answers = {id_: Answer(reason=why) for id_, why in reasons.items() if why}
        answers |= run(table, [one for one in checks if not reasons[one.id]], filled)
    return [_verdict(asked, one, answers[one.id]) for one in checks]


def _verdict(asked: Asked, one: Check, answer: Answer) -> Verdict:
    outcome: Outcome = "not_evaluated" if answer.reason else "passed" if answer.passed else "failed"
    places = answer.places or tuple(f"nothing for {_named(name, asked)}" for name in answer.absent[:MOST_PLACES])
    return Verdict(
        source=asked.source.id, period=str(asked.period), check=one.id, says=one.says, why=one.why, to_do=one.to_do,
        severity=one.severity, outcome=outcome, rows_checked=answer.checked, rows_failed=answer.failed,
        places=places, reason=answer.reason,
    )  # fmt: skip


def _named(name: str, asked: Asked) -> str:
    """What is absent, as people name it: a measure by its title, a figure with its area."""
    titles = {id_: measure.title for id_, measure in (asked.measures or {}).items()}
    area, _, measure = name.partition(".")
    if measure in titles:
        areas = {area.id: area.name for area in asked.areas}
        return f"'{titles[measure]}' ({areas.get(area, area)})"
    return f"'{titles.get(name, name)}'"
