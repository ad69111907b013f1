"""What is told of one quarter or year as a whole, and views over it.

Belongs here: one frozen value, which JSON keeps as it is, and what follows from it alone (an order, a group, a count).
Does not belong here: the entries (``tasks.quality.told``), where they come from, and how they look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.model import SEVERITIES
from tasks.quality.told import (
    Check,
    Comparison,
    Counted,
    Expected,
    FileProblem,
    Group,
    Noted,
    Owner,
    Passed,
    Sender,
    SentFile,
    Task,
    Thing,
    Trend,
    Unmade,
)
from tasks.words import listed, lower_first, upper_first

TOP = 5
"""So many things a reader with ten minutes is shown first."""


@dataclass(frozen=True)
class Results:
    """Everything that the page, the annex, the table and the JSON say of one quarter or year."""

    partnership: str
    contact: str
    period: str
    period_words: str
    period_title: str
    headline: str
    not_run: tuple[str, ...]
    """Quarters of the period that no run has seen."""
    quarterly: tuple[Expected, ...]
    yearly: tuple[Expected, ...]
    unexpected: tuple[SentFile, ...]
    checks: tuple[Check, ...]
    problems: tuple[FileProblem, ...]
    comparisons: tuple[Comparison, ...]
    things: tuple[Thing, ...]
    """All that was found, the most serious first."""
    trends: tuple[Trend, ...]
    overall: tuple[Counted, ...]
    """All sources of a quarter together, quarter by quarter."""

    # What must be done

    def of(self, *kinds: str) -> tuple[Thing, ...]:
        """Things of some kinds."""
        return tuple(thing for thing in self.things if thing.kind in kinds)

    def grouped(self, *kinds: str) -> tuple[Group, ...]:
        """Things of some kinds under their severity, the most serious first."""
        groups = (
            Group(words, tuple(thing for thing in self.of(*kinds) if thing.severity == severity), severity)
            for severity, words in SEVERITIES.items()
        )
        return tuple(group for group in groups if group.entries)

    def serious(self, *kinds: str) -> tuple[Group, ...]:
        """The same without those for information."""
        return tuple(group for group in self.grouped(*kinds) if group.severity != "information")

    def noted(self, *kinds: str) -> tuple[Noted, ...]:
        """Things for information, those about the same together."""
        found: dict[tuple[str, str], list[str]] = {}
        for one in self.of(*kinds):
            if one.severity == "information":
                found.setdefault((one.about, one.when if one.kind != "comparison" else ""), []).append(one.says)
        return tuple(Noted(", ".join(filter(None, key)), tuple(says)) for key, says in found.items())

    @property
    def to_do(self) -> tuple[Thing, ...]:
        """Things about which somebody must do something."""
        return tuple(thing for thing in self.things if thing.severity != "information" and not thing.settled)

    @property
    def top(self) -> tuple[Thing, ...]:
        return self.to_do[:TOP]

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Who should do what, each thing to do once: those with the most that must be fixed first."""
        found: dict[str, dict[str, list[Thing]]] = {}
        for thing in self.to_do:
            found.setdefault(thing.owner, {}).setdefault(thing.to_do, []).append(thing)
        owners = (
            Owner(name, tuple(Task(to_do, tuple(things)) for to_do, things in tasks.items()))
            for name, tasks in found.items()
        )
        return tuple(sorted(owners, key=lambda one: [-sum(t.severity == s for t in one.things) for s in SEVERITIES]))

    # What came

    @property
    def returns(self) -> tuple[Expected, ...]:
        """Those of the period that is told of."""
        return tuple(one for one in (*self.quarterly, *self.yearly) if one.now)

    @property
    def quarters(self) -> tuple[str, ...]:
        """Quarters in the tracker, in short."""
        return tuple(dict.fromkeys(one.when for one in self.quarterly))

    @property
    def grid(self) -> tuple[tuple[Expected, ...], ...]:
        """One row a quarterly source, one entry a quarter."""
        rows: dict[str, list[Expected]] = {}
        for one in self.quarterly:
            rows.setdefault(one.source, []).append(one)
        return tuple(tuple(row) for row in rows.values())

    @property
    def senders(self) -> tuple[Sender, ...]:
        """One entry a source, quarters that came alike in one line: ``Q1, Q3: came and was read``."""
        found: dict[str, dict[str, list[str]]] = {}
        named = {one.source: one for one in (*self.quarterly, *self.yearly)}
        for one in (*self.quarterly, *self.yearly):
            words = "; ".join((lower_first(one.state_words), *one.notes))
            found.setdefault(one.source, {}).setdefault(words, []).append(one.when)
        return tuple(
            Sender(
                named[source].title,
                named[source].sender,
                tuple(f"{upper_first(listed(whens))}: {words}" for words, whens in lines.items()),
            )
            for source, lines in found.items()
        )

    @property
    def came(self) -> int:
        return sum(one.state == "read" for one in self.returns)

    # What was checked

    @property
    def counted(self) -> Counted:
        """All checks of the period together."""
        return _counted(one.outcome for one in self.checks)

    @property
    def compared(self) -> Counted:
        """All comparisons of the period together."""
        return _counted(one.outcome for one in self.comparisons if not one.source)

    @property
    def unmade_checks(self) -> tuple[Unmade, ...]:
        """One entry for sources of which the same could not be checked for the same reason."""
        says: dict[tuple[str, str, str], list[str]] = {}
        for one in self._unmade_checks:
            says.setdefault((one.title, one.when, one.reason), []).append(one.says)
        alike: dict[tuple[str, tuple[str, ...]], dict[str, list[str]]] = {}
        for (title, when, reason), sentences in says.items():
            alike.setdefault((reason, tuple(sentences)), {}).setdefault(title, []).append(when)
        return tuple(Unmade(_sources(whens), reason, sentences) for (reason, sentences), whens in alike.items())

    @property
    def unmade_comparisons(self) -> tuple[Unmade, ...]:
        groups: dict[str, list[str]] = {}
        for one in self._unmade_comparisons:
            groups.setdefault(one.reason, []).append(one.title)
        return tuple(Unmade("", reason, tuple(titles)) for reason, titles in groups.items())

    @property
    def unmade_in_short(self) -> tuple[Unmade, ...]:
        """Checks and comparisons with one entry a reason, in which every check stands as often as it was not made.

        Comparisons of one rule whose reasons differ are one entry too: they differ in what they name.
        """
        checks: dict[str, list[Check]] = {}
        for one in self._unmade_checks:
            checks.setdefault(one.reason, []).append(one)
        reasons = Counter(one.reason for one in self._unmade_comparisons)
        compared: dict[str, list[Comparison]] = {}
        for each in self._unmade_comparisons:
            compared.setdefault(each.rule if reasons[each.reason] == 1 else each.reason, []).append(each)
        return (
            *(Unmade(_sources(_whens(alike)), why, tuple(one.says for one in alike)) for why, alike in checks.items()),
            *(Unmade("", _reason(alike), tuple(one.title for one in alike)) for alike in compared.values()),
        )

    @property
    def _unmade_checks(self) -> tuple[Check, ...]:
        return tuple(one for one in self.checks if one.outcome == "not_evaluated")

    @property
    def _unmade_comparisons(self) -> tuple[Comparison, ...]:
        return tuple(one for one in self.comparisons if one.outcome == "not_evaluated")

    @property
    def changed(self) -> tuple[Trend, ...]:
        """Sources in which something changed, or failed again."""
        return tuple(one for one in self.trends if one.changes)

    @property
    def passed_checks(self) -> tuple[Passed, ...]:
        """What each source passed, in the order of the sources."""
        found: dict[str, list[Check]] = {}
        for one in self.checks:
            found.setdefault(one.title, []).append(one)
        return tuple(
            Passed(
                title,
                _counted(one.outcome for one in checks),
                tuple(dict.fromkeys(one.says for one in checks if one.outcome == "passed")),
            )
            for title, checks in found.items()
        )

    @property
    def passed_comparisons(self) -> tuple[Passed, ...]:
        """What agreed, by what the rule asks."""
        found: dict[str, list[Comparison]] = {}
        for one in self.comparisons:
            if not one.source:
                found.setdefault(one.asks, []).append(one)
        return tuple(
            Passed(
                asks,
                _counted(one.outcome for one in compared),
                tuple(one.title for one in compared if one.outcome == "passed"),
            )
            for asks, compared in found.items()
        )

    @property
    def sentences_passed(self) -> tuple[tuple[str, int], ...]:
        """Every sentence that some source passed, and how many sources passed it whenever it was asked."""
        sources: dict[str, dict[str, bool]] = {}
        for one in self.checks:
            asked = sources.setdefault(one.says, {})
            asked[one.source] = asked.get(one.source, True) and one.outcome == "passed"
        told = ((says, sum(asked.values())) for says, asked in sources.items())
        return tuple((says, count) for says, count in told if count)


def _whens(checks: Iterable[Check]) -> dict[str, list[str]]:
    """For each source the periods of its checks, in short and once."""
    found: dict[str, dict[str, None]] = {}
    for one in checks:
        found.setdefault(one.title, {})[one.when] = None
    return {title: list(whens) for title, whens in found.items()}


def _sources(whens: Mapping[str, Sequence[str]]) -> str:
    """Sources with their periods; those of the same periods together."""
    alike: dict[str, list[str]] = {}
    for title, periods in whens.items():
        alike.setdefault(listed(periods), []).append(title)
    return ". ".join(f"{'; '.join(titles)}, {periods}" for periods, titles in alike.items())


def _reason(alike: Sequence[Comparison]) -> str:
    """Why comparisons could not be made; where the reasons differ, that of the first."""
    first = alike[0].reason
    return first if all(one.reason == first for one in alike) else f"Of the first: {first}"


def _counted(all_outcomes: Iterable[str]) -> Counted:
    outcomes = Counter(all_outcomes)
    return Counted("", outcomes["passed"], outcomes["failed"], outcomes["not_evaluated"])
