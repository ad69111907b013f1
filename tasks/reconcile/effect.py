"""What would a finding change in print, and so which one should be read first?

Belongs here: whether a figure is printed, how far it moves, and whether the move changes how boroughs compare. Does not
belong here: whether there is a finding at all (the rules), and severity, which the configuration gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import numpy as np

from tasks.reconcile.evidence import Evidence
from tasks.reconcile.tables import Column, Mask, column
from tasks.words import listed

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
    ids = list(before)
    place = ids.index(area)
    was, now = (column(values.values()) for values in (before, after))
    alike, still = (_alike(values[place], values) for values in (was, now))
    turned = ~alike & np.where(now[place] > now, was[place] < was, was < was[place])
    changed = np.flatnonzero(((alike != still) | turned) & (np.arange(len(ids)) != place))
    if not len(changed):
        return ""
    other = ids[changed[0]]
    higher, lower = (area, other) if after[area] > after[other] else (other, area)
    if alike[changed[0]] != still[changed[0]]:
        return _told(listed([names[one] for one in before if one in (area, other)]), alike[changed[0]], names[higher])
    return f"On official numbers {names[higher]} is higher, not lower, than {names[lower]}."


def _told(who: str, alike: bool, higher: str) -> str:
    if alike:
        return f"On the numbers printed {who} look alike; on official ones they do not, and {higher} is higher."
    return f"On the numbers printed {who} differ; on official ones they look alike."


def _alike(one: Decimal, others: Column) -> Mask:
    return abs(one - others) * 100 <= ALIKE * np.maximum(abs(one), abs(others))


def effect_of(evidence: Evidence, key: tuple[str, str], other: Decimal) -> tuple[str, int]:
    """What it would change to print the official value of a figure: a sentence, and the weight of a finding on it.

    The other boroughs' figures are taken from official statistics too where these speak of them. Counts are compared
    per head of the population that a ``fair_comparison`` names.
    """
    area, measure = key
    printed = evidence.value(key)
    if printed is None:
        return "", 0
    place = evidence.column[measure]
    rows = evidence.boroughs[evidence.values[evidence.boroughs, place] != 0]
    before, heads = evidence.values[rows, place], evidence.heads(measure, rows)
    official, is_known = evidence.newest
    after = np.where(is_known[rows, place], official[rows, place], before)
    after = np.where(rows == evidence.row[area], other, after)
    told = ""
    if evidence.row[area] in rows and len(rows) > 1 and heads.all():
        ids = evidence.area_ids[rows]
        was, now = (dict(zip(ids, values / heads, strict=True)) for values in (before, after))
        told = turn(area, was, now, {one.id: one.short_name for one in evidence.partnership.boroughs})
    is_printed = f"{area}.{measure}" in evidence.printed
    return told, weight(turns=bool(told), printed=is_printed, size=size_of(printed, other))


def weight_in_print(evidence: Evidence, figures: Iterable[str]) -> int:
    """The weight of a finding that gives no other value: is any of its figures printed?"""
    printed = any(one.rpartition(".")[0] in evidence.printed for one in figures)
    return weight(turns=False, printed=printed, size=Decimal(0))
