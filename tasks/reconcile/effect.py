"""What would a finding change in print, and so which one should be read first?

Belongs here: whether a figure is printed, how far it moves, and whether the move changes how boroughs compare. Does not
belong here: whether there is a finding at all (the rules), and severity, which the configuration gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from tasks.words import listed

if TYPE_CHECKING:
    from tasks.reconcile.evidence import Evidence

ALIKE = Decimal(5)
"""Two boroughs look alike where their values are apart by at most so many percent of the larger."""
CHANGES_A_COMPARISON, IS_PRINTED, MOST = 2000, 1000, 999
Values = Mapping[str, Decimal]
"""Value of one measure by area."""


def weight(*, turns: bool, printed: bool, size: Decimal) -> int:
    """Weigh a finding: a comparison that turns outweighs any size, and so does being printed at all."""
    return CHANGES_A_COMPARISON * turns + IS_PRINTED * printed + min(MOST, int(size * 10))


def size_of(printed: Decimal, other: Decimal) -> Decimal:
    """How far two values are from each other, in percent of the larger."""
    larger = max(abs(printed), abs(other))
    return abs(printed - other) * 100 / larger if larger else Decimal(0)


def turn(area: str, before: Values, after: Values, names: Mapping[str, str]) -> str:
    """Say how the comparison of an area with the others changes, or nothing where it does not.

    ``before`` are values as printed, ``after`` the same with those of official statistics. The first other area whose
    comparison turns is told.
    """
    for other in before:
        if other == area:
            continue
        alike, still = (_alike(values[area], values[other]) for values in (before, after))
        higher, lower = (area, other) if after[area] > after[other] else (other, area)
        if alike != still:
            return _told(listed([names[one] for one in before if one in (area, other)]), alike, names[higher])
        if not alike and before[higher] < before[lower]:
            return f"On official numbers {names[higher]} is higher, not lower, than {names[lower]}."
    return ""


def _told(who: str, alike: bool, higher: str) -> str:
    if alike:
        return f"On the numbers printed {who} look alike; on official ones they do not, and {higher} is higher."
    return f"On the numbers printed {who} differ; on official ones they look alike."


def _alike(one: Decimal, other: Decimal) -> bool:
    return size_of(one, other) <= ALIKE


def effect_of(evidence: Evidence, key: tuple[str, str], other: Decimal) -> tuple[str, int]:
    """What it would change to print the official value of a figure: a sentence, and the weight of a finding on it.

    The other boroughs' figures are taken from official statistics too where these speak of them. Counts are compared
    per head of the population that a ``fair_comparison`` names.
    """
    area, measure = key
    printed = evidence.value(key)
    if printed is None:
        return "", 0
    before = {one.id: value for one in evidence.partnership.boroughs if (value := evidence.value((one.id, measure)))}
    after = {one: _official_or_printed(evidence, one, measure, value) for one, value in before.items()} | {area: other}
    names = {one.id: one.short_name for one in evidence.partnership.boroughs}
    heads = evidence.heads(measure, list(before))
    told = ""
    if area in before and len(before) > 1 and all(heads.values()):
        told = turn(area, _each(before, heads), _each(after, heads), names)
    is_printed = f"{area}.{measure}" in evidence.printed
    return told, weight(turns=bool(told), printed=is_printed, size=size_of(printed, other))


def weight_in_print(evidence: Evidence, figures: Iterable[str]) -> int:
    """The weight of a finding that gives no other value: is any of its figures printed?"""
    printed = any(one.rpartition(".")[0] in evidence.printed for one in figures)
    return weight(turns=False, printed=printed, size=Decimal(0))


def _official_or_printed(evidence: Evidence, area: str, measure: str, printed: Decimal) -> Decimal:
    said = [one.value for one in evidence.official.get((area, measure), ()) if one.value is not None]
    return said[-1] if said else printed


def _each(values: Values, heads: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {area: value / heads[area] for area, value in values.items()}
