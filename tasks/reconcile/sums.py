"""Do parts add up to their whole, and is no part larger than it?

Belongs here: counts of one area and period against each other. Does not belong here: quarters against their year, which
are parts in time (``tasks.reconcile.years``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from config.model import Area
from config.rules import PartsAndWhole, PartWithinWhole
from tasks.measures import Amount, round_half_up, span
from tasks.model import Figure, Finding
from tasks.reconcile.evidence import Evidence, apart, in_area, make_finding, signed, tolerance_of, within
from tasks.words import listed, lower_first


def parts_and_whole(rule: PartsAndWhole, evidence: Evidence) -> Iterator[Finding]:
    """Add up parts, take off what is counted in two of them, and compare with the whole."""
    names = [rule.whole, *rule.parts, *([rule.overlap] if rule.overlap else [])]
    for area in evidence.areas(rule, *names):
        yield _parts_and_whole(rule, evidence, area, names)


def _parts_and_whole(rule: PartsAndWhole, evidence: Evidence, area: Area, names: list[str]) -> Finding:
    measure = evidence.measure(rule.whole)
    about = f"{measure.title}{in_area(area)}"
    say = partial(
        make_finding,
        evidence,
        rule,
        evidence.figure_id(area.id, rule.whole),
        tolerance=tolerance_of(rule, measure),
        values=[evidence.side((area.id, name)) for name in names],
        figures=[evidence.figure_id(area.id, name) for name in names],
    )
    if reason := evidence.lacking(area.id, names):
        return say("not_evaluated", f"The parts of {lower_first(about)} could not be added up.", reason=reason)
    whole, *parts = [evidence.value((area.id, name)) or Decimal(0) for name in (rule.whole, *rule.parts)]
    overlap = (evidence.value((area.id, rule.overlap)) or Decimal(0)) if rule.overlap else Decimal(0)
    total = sum(parts, Decimal(0)) - overlap
    terms = " + ".join(evidence.shown(area.id, name) for name in rule.parts)
    taken_off = f" - {evidence.shown(area.id, rule.overlap)}" if rule.overlap else ""
    arithmetic = f"{terms}{taken_off} = {evidence.as_measured(area.id, rule.whole, total)}"
    shown = evidence.shown(area.id, rule.whole)
    if total == whole:
        return say("passed", f"{about}: {arithmetic}, as the total of {shown} says.", arithmetic=arithmetic)
    gap = whole - total
    difference = signed(measure, gap)
    if within(rule, total, whole):
        title = f"{about}: {arithmetic}, and the total is {shown}: {apart(measure, gap)}, within the tolerance."
        return say("passed", title, arithmetic=arithmetic, difference=difference)
    title = f"{about}: {arithmetic}, but the total is {shown}: {apart(measure, gap)}."
    if rule.overlap and gap == overlap:
        twice = f"{evidence.shown(area.id, rule.overlap)} {evidence.measure(rule.overlap).unit}"
        title = f"The total of {shown} counts {twice} twice: {arithmetic} ({about})."
    return say("failed", title, arithmetic=arithmetic, difference=difference)


def part_within_whole(rule: PartWithinWhole, evidence: Evidence) -> Iterator[Finding]:
    """See that a part is not larger than its whole; ``<5`` of 12 is not, whatever it hides."""
    for area in evidence.areas(rule, rule.part, *rule.also, rule.whole):
        yield _part_within_whole(rule, evidence, area)


def _part_within_whole(rule: PartWithinWhole, evidence: Evidence, area: Area) -> Finding:
    parts, names = (rule.part, *rule.also), (rule.part, *rule.also, rule.whole)
    measure = evidence.measure(rule.part)
    about = f"{listed([evidence.measure(name).title for name in parts])}"
    about += f" and {lower_first(evidence.measure(rule.whole).title)}{in_area(area)}"
    part, whole = (evidence.shown(area.id, name) for name in (rule.part, rule.whole))
    say = partial(
        make_finding,
        evidence,
        rule,
        evidence.figure_id(area.id, rule.part),
        tolerance=tolerance_of(rule, measure),
        values=[evidence.side((area.id, name)) for name in names],
        figures=[evidence.figure_id(area.id, name) for name in names],
    )
    of_part = _together([_span(evidence.figures.get((area.id, name))) for name in parts])
    of_whole = _span(evidence.figures.get((area.id, rule.whole)))
    if of_part is not None and rule.also:
        terms = " + ".join(evidence.shown(area.id, name) for name in parts)
        part = f"{terms} = {of_part[0]:,f}" if of_part[0] == of_part[1] else f"{terms}, at least {of_part[0]:,f},"
    if of_part is None or of_whole is None:
        return say("not_evaluated", f"{about} could not be compared.", reason=evidence.lacking(area.id, names))
    (low, high), (least, most) = of_part, of_whole
    known = low == high and least == most
    if high <= least or (known and within(rule, high, least)):
        share = f" ({round_half_up(high * 100 / least, 1)}%)" if known and least else ""
        return say("passed", f"{about}: {part} of {whole}{share}.", arithmetic=f"{part} of {whole}")
    if low > most:
        over = f"{low - most:,f} too many" if known else "too many"
        title = f"{about}: {part} cannot be part of {whole}, {over}."
        return say("failed", title, arithmetic=f"{part} is more than {whole}", difference=over)
    return say("not_evaluated", f"{about} could not be compared.", reason=evidence.lacking(area.id, names))


def _together(spans: Sequence[tuple[Decimal, Decimal] | None]) -> tuple[Decimal, Decimal] | None:
    """The smallest and largest that parts can be together; nothing where one of them cannot be bounded."""
    known = [one for one in spans if one is not None]
    if len(known) < len(spans):
        return None
    return sum((low for low, _ in known), Decimal(0)), sum((high for _, high in known), Decimal(0))


def _span(figure: Figure | None) -> tuple[Decimal, Decimal] | None:
    return span(Amount(figure.value, figure.symbol)) if figure else None
