"""Do parts add up to their whole, and is no part larger than it?

Belongs here: counts of one area and period against each other. Does not belong here: quarters against their year, which
are parts in time (``tasks.reconcile.years``).
"""

from __future__ import annotations

from functools import partial

from config.rules import PartsAndWhole, PartWithinWhole
from tasks.measures import round_half_up
from tasks.model import Finding
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.tables import NOUGHT, Row, Table, choose, table, verdict, within
from tasks.reconcile.telling import apart, in_area, make_finding, signed, tolerance_of
from tasks.words import listed, lower_first


def parts_and_whole(rule: PartsAndWhole, evidence: Evidence) -> Table:
    """Add up parts, take off what is counted in two of them, and compare with the whole."""
    areas = evidence.areas(rule, *_added(rule))
    whole = evidence.value_in(areas, rule.whole)
    overlap = evidence.value_in(areas, rule.overlap) if rule.overlap else NOUGHT
    total = sum((evidence.value_in(areas, name) for name in rule.parts), NOUGHT) - overlap
    return table(
        area=evidence.area_ids[areas],
        total=total,
        gap=whole - total,
        twice=(whole - total == overlap) & bool(rule.overlap),
        outcome=verdict(evidence.known_in(areas, *_added(rule)), within(rule, total, whole)),
    )


def _added(rule: PartsAndWhole) -> list[str]:
    return [rule.whole, *rule.parts, *([rule.overlap] if rule.overlap else [])]


def say_parts_and_whole(rule: PartsAndWhole, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    measure, names = evidence.measure(rule.whole), _added(rule)
    about = f"{measure.title}{in_area(evidence.area(row.area))}"
    say = partial(
        make_finding,
        evidence,
        rule,
        evidence.figure_id(row.area, rule.whole),
        row.outcome,
        tolerance=tolerance_of(rule, measure),
        values=[evidence.side((row.area, name)) for name in names],
        figures=[evidence.figure_id(row.area, name) for name in names],
    )
    if row.outcome == "not_evaluated":
        title = f"The parts of {lower_first(about)} could not be added up."
        return say(title, reason=evidence.lacking(row.area, names))
    shown = evidence.shown(row.area, rule.whole)
    terms = " + ".join(evidence.shown(row.area, name) for name in rule.parts)
    taken_off = f" - {evidence.shown(row.area, rule.overlap)}" if rule.overlap else ""
    arithmetic = f"{terms}{taken_off} = {evidence.as_measured(row.area, rule.whole, row.total)}"
    if not row.gap:
        return say(f"{about}: {arithmetic}, as the total of {shown} says.", arithmetic=arithmetic)
    say = partial(say, arithmetic=arithmetic, difference=signed(measure, row.gap))
    if row.outcome == "passed":
        return say(f"{about}: {arithmetic}, and the total is {shown}: {apart(measure, row.gap)}, within the tolerance.")
    if row.twice and rule.overlap:
        twice = f"{evidence.shown(row.area, rule.overlap)} {evidence.measure(rule.overlap).unit}"
        return say(f"The total of {shown} counts {twice} twice: {arithmetic} ({about}).")
    return say(f"{about}: {arithmetic}, but the total is {shown}: {apart(measure, row.gap)}.")


def part_within_whole(rule: PartWithinWhole, evidence: Evidence) -> Table:
    """See that a part is not larger than its whole; ``<5`` of 12 is not, whatever it hides."""
    parts = (rule.part, *rule.also)
    areas = evidence.areas(rule, *parts, rule.whole)
    smallest, largest, bounds = (grid[areas] for grid in evidence.spans)
    columns, of = evidence.columns(*parts), evidence.column[rule.whole]
    low, high = smallest[:, columns].sum(axis=1), largest[:, columns].sum(axis=1)
    least, most = smallest[:, of], largest[:, of]
    known = (low == high) & (least == most)
    fits = (high <= least) | (known & within(rule, high, least))
    bounded = bounds[:, columns].all(axis=1) & bounds[:, of]
    return table(
        area=evidence.area_ids[areas],
        low=low,
        high=high,
        whole=least,
        over=low - most,
        known=known,
        outcome=choose([bounded & fits, bounded & (low > most)], ["passed", "failed"], "not_evaluated"),
    )


def say_part_within_whole(rule: PartWithinWhole, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    parts, names = (rule.part, *rule.also), (rule.part, *rule.also, rule.whole)
    about = f"{listed([evidence.measure(name).title for name in parts])}"
    about += f" and {lower_first(evidence.measure(rule.whole).title)}{in_area(evidence.area(row.area))}"
    part, whole = (evidence.shown(row.area, name) for name in (rule.part, rule.whole))
    say = partial(
        make_finding,
        evidence,
        rule,
        evidence.figure_id(row.area, rule.part),
        row.outcome,
        tolerance=tolerance_of(rule, evidence.measure(rule.part)),
        values=[evidence.side((row.area, name)) for name in names],
        figures=[evidence.figure_id(row.area, name) for name in names],
    )
    if row.outcome == "not_evaluated":
        return say(f"{about} could not be compared.", reason=evidence.lacking(row.area, names))
    if rule.also:
        terms = " + ".join(evidence.shown(row.area, name) for name in parts)
        part = f"{terms} = {row.low:,f}" if row.low == row.high else f"{terms}, at least {row.low:,f},"
    if row.outcome == "passed":
        share = f" ({round_half_up(row.high * 100 / row.whole, 1)}%)" if row.known and row.whole else ""
        return say(f"{about}: {part} of {whole}{share}.", arithmetic=f"{part} of {whole}")
    over = f"{row.over:,f} too many" if row.known else "too many"
    title = f"{about}: {part} cannot be part of {whole}, {over}."
    return say(title, arithmetic=f"{part} is more than {whole}", difference=over)
