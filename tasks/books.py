"""From what was gathered to the two books of a period: the whole one, and the one that everybody may see.

Belongs here: the order in which figures are made, compared, decided upon and hidden, and what earlier periods' books
have to do with it. Does not belong here: any of these steps, and where books are kept (``tasks.run``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from config.partnership import Partnership
from config.periods import Quarter, Return, parse_period
from tasks import decisions as decided
from tasks import register
from tasks.disclosure import Cell, Protection, protect
from tasks.model import Decision, Figure, Finding, GatheredFile, Narrative, Observation, Register, Verdict
from tasks.reconcile import failed_checks, ranked, reconcile
from tasks.register import Ledger, is_official
from tasks.relations import Values, cell_of, cells, limits_of, values_of
from tasks.shown import mark_hidden, shown
from tasks.wording import check_narrative


@dataclass(frozen=True)
class Books:
    """The register of a period, whole and as everybody may see it."""

    whole: Register
    shown: Register


@dataclass(frozen=True)
class Settled:
    """What people decided: all decisions of the year, and the day for which it is asked whether they still hold."""

    decisions: tuple[Decision, ...] = ()
    day: str = ""


def make(
    partnership: Partnership,
    period: Return,
    observations: Sequence[Observation],
    files: Sequence[GatheredFile],
    verdicts: Iterable[Verdict],
    settled: Settled = Settled(),
    earlier: Sequence[Books] = (),
    narrative: Sequence[Narrative] = (),
    figures_before: Mapping[str, Sequence[Figure]] = MappingProxyType({}),
    publications: Sequence[Register] = (),
) -> Books:
    """Make both books.

    ``earlier`` are those of the year's quarters before, in their order; ``figures_before`` holds figures of earlier
    periods by period, against which movement is seen; ``publications`` are what published reports show.
    """
    observations = carried(partnership, observations, earlier, settled.decisions)
    figures = register.build(partnership, period, observations, files)
    printed = _behind(figures, observations)
    values = values_of(partnership, figures, printed)
    findings = [
        *reconcile(partnership, period, figures, observations, files, figures_before),
        *failed_checks(partnership, figures, observations, verdicts),
        *check_narrative(partnership, period, narrative, figures, files),
    ]
    judged = decided.judge(partnership, ranked(findings), settled.decisions, settled.day)
    known = {one.id: one for one in observations}
    figures = decided.effects(partnership, figures, judged, known)
    withheld = {cell_of(partnership, one) for one in figures if one.status == "withheld"}
    limits = limits_of(partnership, figures, printed)
    protection = _protection(partnership, values, withheld, limits, printed, earlier, publications)
    findings = ranked([*judged.findings, *_exposed(partnership, str(period), protection)])
    figures = mark_hidden(partnership, register.settle(figures, findings), protection)
    whole = Register(tuple(figures), tuple(printed), tuple(findings), tuple(files))
    return Books(whole, shown(partnership, whole, protection))


def _behind(figures: Iterable[Figure], observations: Iterable[Observation]) -> list[Observation]:
    """Observations that figures were made from or compared with: what else was gathered is in no book."""
    used = {id_ for figure in figures for id_ in (*figure.observations, *figure.beside)}
    return [one for one in observations if one.id in used]


# What is hidden


def _protection(
    partnership: Partnership,
    values: Values,
    withheld: set[Cell],
    limits: dict[Cell, int],
    observations: Iterable[Observation],
    earlier: Sequence[Books],
    publications: Sequence[Register],
) -> Protection:
    """Hide what must be, given what earlier books and publications show or hide, and what official statistics do."""
    out = {
        cell_of(partnership, one)
        for one in observations
        if is_official(partnership.sources[one.source]) and one.value is not None
    }
    for books in earlier:
        before = values_of(partnership, books.whole.figures, books.whole.observations)
        limits = limits_of(partnership, books.shown.figures, books.shown.observations) | limits
        seen = values_of(partnership, books.shown.figures, books.shown.observations)
        values = before | values
        out |= {cell for cell, value in seen.items() if value is not None}
        withheld |= {cell for cell in before if seen.get(cell) is None}
    for book in publications:
        limits = limits_of(partnership, book.figures, book.observations) | limits
        seen = values_of(partnership, book.figures, book.observations)
        values = seen | values
        out |= {cell for cell, value in seen.items() if value is not None}
    table = cells(partnership, values, withheld)
    least = 1 if partnership.profile.disclosure.nought_is_shown else 0
    return protect(table.values, table.small, table.relations, out & table.values.keys(), least, limits)


def _exposed(partnership: Partnership, period: str, protection: Protection) -> Iterable[Finding]:
    """A finding for every hidden figure of the period that follows from what is public all the same."""
    for area, name, when in sorted(protection.exposed):
        if when == period and name in partnership.measures:
            what = f"{partnership.measures[name].title} in {partnership.areas[area].name}"
            yield Finding(
                id=f"disclosure:{area}.{name}.{period}",
                rule="disclosure",
                kind="disclosure",
                subject=f"{area}.{name}.{period}",
                period=period,
                outcome="failed",
                severity="must_fix",
                title=f"{what} is hidden, and follows from numbers that are public already.",
                arithmetic="",
                matters="A small number of people that can be worked out may let somebody be recognised.",
                to_do="Ask whoever looks after information governance whether the earlier publication must be changed.",
                owner=partnership.business_unit.id,
                figures=(f"{area}.{name}.{period}",),
            )


# What earlier decisions change


def carried(
    partnership: Partnership,
    observations: Sequence[Observation],
    earlier: Sequence[Books],
    decisions: Iterable[Decision],
) -> Sequence[Observation]:
    """What was gathered, with the values that decisions on earlier quarters put in place of those first sent.

    A year is added up from its quarters: where a quarter's figure was settled for another source's value, the year
    takes that value too. It stands with the leading source, in the cell that it comes from.
    """
    by_number = {one.number: one for one in decisions}
    for books in earlier:
        for finding in books.whole.findings:
            last = by_number.get(finding.history[-1].decision) if finding.history else None
            if last and finding.kind == "same_figure" and finding.state == "decided" and last.choice == "accept":
                for figure in books.whole.figures:
                    if figure.id in finding.figures:
                        observations = _instead(partnership, observations, figure)
    return observations


def _instead(partnership: Partnership, observations: Sequence[Observation], figure: Figure) -> Sequence[Observation]:
    period = parse_period(figure.period)
    accepted = [one for one in observations if one.id in figure.observations]
    if not isinstance(period, Quarter) or not accepted:
        return observations
    lead = Ledger(partnership, period, observations).leading((figure.area, figure.measure))
    if lead is None or accepted[0].source == lead.source.id:
        return observations
    texts = {str(period), *map(str, period.months), *([f"{period}-ytd"] if period.number == 1 else [])}
    replaced = {
        one.id
        for one in observations
        if (one.source, one.area, one.measure) == (lead.source.id, figure.area, figure.measure) and one.period in texts
    }
    note = figure.decided[-1] if figure.decided else ""
    return [
        *(one for one in observations if one.id not in replaced),
        *(replace(one, source=lead.source.id, note=note) for one in accepted),
    ]
