"""What can be worked out from what? The numbers of a period as cells, and the sums that a reader can do with them.

Belongs here: cells of figures and observations; totals of boroughs, quarters of a year, parts of a whole, and shares
that are as good as their numerator. Does not belong here: which cells are hidden (``tasks.disclosure``).

A percentage with its denominator gives its numerator away, and a monthly mean its flow. So each of them is the cell of
that number, whether or not the number itself is kept: they are shown together or hidden together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.model import Measure
from config.partnership import Partnership
from config.periods import Quarter, Return, parse_period
from config.rules import PartsAndWhole, PartWithinWhole
from tasks.disclosure import Cell, Relation, is_small
from tasks.measures import Amount, is_suppressed, round_half_up, share, span
from tasks.model import Figure, Observation
from tasks.over_time import parts_of, same_value_periods
from tasks.register import is_official

Values = dict[Cell, Decimal | None]
COUNTED = ("flow", "distinct", "stock")
"""Statistics whose values of boroughs add up to that of the partnership, where it keeps one."""
SUMMED = ("flow", "finance")
REST = "|without|"
"""Stands between a whole and its part in the name of what is left of it, which is printed nowhere."""


@dataclass(frozen=True)
class Cells:
    """Everything that has to be thought of together when a period is shown."""

    values: Values
    small: frozenset[Cell]
    relations: tuple[Relation, ...]


def base(measure: Measure) -> str:
    """The measure whose number somebody has who has this one: the numerator of a share, the flow of a mean."""
    if measure.numerator and measure.denominator:
        return measure.numerator
    return measure.mean_of or measure.id


def cell_of(partnership: Partnership, one: Figure | Observation) -> Cell:
    """The cell of a figure or observation; a year to date that is a whole quarter or year is that."""
    period = one.period
    if period.endswith("-Q1-ytd"):
        period = period.removesuffix("-ytd")
    elif period.endswith("-Q4-ytd"):
        period = period.removesuffix("-Q4-ytd")
    return one.area, base(partnership.measures[one.measure]), period


def values_of(partnership: Partnership, figures: Iterable[Figure], observations: Iterable[Observation]) -> Values:
    """The value of every cell; ``None`` where a symbol hides it.

    The figure's is taken before those of its sources, except that of two the smaller counts: where nobody knows yet
    which is right, either may be.
    """
    given = {(one.area, one.measure, one.period): one for one in figures if one.status != "not_received"}
    own = [one for one in observations if not is_official(partnership.sources[one.source])]
    found: Values = {}
    shares: list[Figure | Observation] = []
    everything: list[Figure | Observation] = [*given.values(), *own]
    for one in everything:
        if one.value is None and not is_suppressed(one.symbol):
            continue
        if base(partnership.measures[one.measure]) != one.measure:
            shares.append(one)
            continue
        cell = cell_of(partnership, one)
        before = found.setdefault(cell, one.value)
        if before and one.value and one.value < before:
            found[cell] = one.value
    for one in shares:
        found.setdefault(cell_of(partnership, one), _behind(partnership.measures[one.measure], one, given))
    return found


def limits_of(
    partnership: Partnership, figures: Iterable[Figure], observations: Iterable[Observation]
) -> dict[Cell, int]:
    """What readers know of numbers that their sources hide: one shown as ``<5`` is at most 4."""
    everything: list[Figure | Observation] = [*figures, *observations]
    found: dict[Cell, int] = {}
    for one in everything:
        if one.value is None and (between := span(Amount(None, one.symbol))):
            cell = cell_of(partnership, one)
            found[cell] = min(int(between[1]), found.get(cell, int(between[1])))
    return found


def _behind(
    measure: Measure, one: Figure | Observation, given: Mapping[tuple[str, str, str], Figure]
) -> Decimal | None:
    """The number behind a share or mean, as far as it can be told from outside."""
    if one.value is None:
        return None
    if measure.mean_of:
        return one.value
    whole = given.get((one.area, measure.denominator or "", one.period))
    of_one = share(measure, Amount(Decimal(1)), Amount(whole.value)).value if whole else None
    return round_half_up(one.value / of_one, 0) if of_one else one.value


def cells(partnership: Partnership, values: Values, withheld: Collection[Cell] = ()) -> Cells:
    """Which cells are small, and the sums that link them with others. ``withheld`` are hidden by decision."""
    rests = list(_rests(partnership, values))
    values = values | {rest: _less(values[whole], values[part]) for rest, whole, part in rests}
    small = {cell for cell, value in values.items() if value is not None and _small(partnership, cell, value)}
    found = [
        *_areas(partnership, values),
        *_times(partnership, values),
        *_parts(partnership, values),
        *({whole: 1, part: -1, rest: -1} for rest, whole, part in rests if rest in small),
    ]
    # What is left of a whole is printed nowhere: it matters only where it is a small number of people.
    kept = {cell: value for cell, value in values.items() if REST not in cell[1] or cell in small}
    return Cells(kept, frozenset(small | {cell for cell in withheld if cell in kept}), tuple(found))


def _small(partnership: Partnership, cell: Cell, value: Decimal) -> bool:
    measure, policy = partnership.measures[cell[1].partition(REST)[0]], partnership.profile.disclosure
    in_area = partnership.areas[cell[0]].kind in ("borough", "partnership")
    return (
        measure.counts_persons
        and in_area
        and is_small(value, partnership.smallest_shown(measure), policy.nought_is_shown)
    )


def _less(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    return None if whole is None or part is None else whole - part


# Sums


def _areas(partnership: Partnership, values: Values) -> Iterator[Relation]:
    whole = next((area.id for area in partnership.profile.areas if area.kind == "partnership"), "")
    for area, name, period in values:
        measure = partnership.measures.get(name)
        if area == whole and measure and measure.statistic in COUNTED:
            boroughs = [(one.id, name, period) for one in partnership.boroughs if one.id in measure.areas]
            if len(boroughs) == len(partnership.boroughs) and all(cell in values for cell in boroughs):
                yield {(area, name, period): 1} | dict.fromkeys(boroughs, -1)


def _times(partnership: Partnership, values: Values) -> Iterator[Relation]:
    for area, name, text in values:
        measure = partnership.measures.get(name)
        if measure is None:
            continue
        if measure.statistic in SUMMED:
            parts = [(area, name, part) for part in _summands(text)]
            if parts and all(cell in values for cell in parts):
                yield {(area, name, text): 1} | dict.fromkeys(parts, -1)
        elif not text.endswith("-ytd"):
            for other in _same(measure, text, partnership):
                if (area, name, other) in values:
                    yield {(area, name, text): 1, (area, name, other): -1}


def _summands(text: str) -> list[str]:
    """Periods that add up to one: months, quarters, or those since 1 April."""
    if text.endswith("-ytd"):
        last = Quarter.parse(text)
        return [str(one) for one in last.year.quarters[: last.number]]
    return [str(part) for part in parts_of(parse_period(text))]


def _same(measure: Measure, text: str, partnership: Partnership) -> list[str]:
    """Other periods whose value is the same: the end of the year is that of its last quarter."""
    period = parse_period(text)
    if not isinstance(period, Return):
        return []
    return sorted(same_value_periods(measure, period, partnership.measures) - {text})


def _parts(partnership: Partnership, values: Values) -> Iterator[Relation]:
    for rule in partnership.rules:
        if isinstance(rule, PartsAndWhole):
            overlap = {rule.overlap: 1} if rule.overlap else {}
            factors = {rule.whole: 1} | dict.fromkeys(rule.parts, -1) | overlap
            for area, period in _places(rule.whole, values, rule.areas):
                if all((area, name, period) in values for name in factors):
                    yield {(area, name, period): factor for name, factor in factors.items()}


def _rests(partnership: Partnership, values: Values) -> Iterator[tuple[Cell, Cell, Cell]]:
    """What is left of a whole without a part of it, both of them people: so many children who are not looked after."""
    for rule in partnership.rules:
        if isinstance(rule, PartWithinWhole):
            both = (partnership.measures[rule.part], partnership.measures[rule.whole])
            if all(one.counts_persons and one.statistic in COUNTED for one in both):
                for area, period in _places(rule.whole, values, rule.areas):
                    if (area, rule.part, period) in values:
                        rest = (area, f"{rule.whole}{REST}{rule.part}", period)
                        yield rest, (area, rule.whole, period), (area, rule.part, period)


def _places(measure: str, values: Values, areas: Sequence[str]) -> list[tuple[str, str]]:
    return [(area, period) for area, name, period in values if name == measure and (not areas or area in areas)]
