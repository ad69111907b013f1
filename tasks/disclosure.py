"""Which numbers must not be shown, so that nobody can be recognised? The whole policy, on one screen.

The policy (``disclosure`` in a partnership's ``partnership.yaml``, which links to where it can be read):

1. A number of people from 1 to below the threshold is hidden. The threshold is the measure's own, else the
   partnership's. 0 is shown where the policy says that it is. Schools, sessions and money are no people.
2. What a source suppressed stays hidden, and so does what somebody decided to withhold.
3. A hidden number must not follow from what is shown: not as a borough's share of the partnership's total, not as a
   quarter of a year, not as a part of a whole, not from a percentage. Where it would, the smallest other number from
   which it follows is hidden too, until it does not. It must not follow either by knowing that a hidden number is at
   least 1: two hidden numbers that add up to 2 hide nothing.
4. What is already public (official statistics, earlier reports) cannot be hidden again. A number that follows from it
   is still not printed, and is told as one that cannot be protected.
5. Every hidden number has the same symbol, whichever of these reasons it has: a reader must not see which is the small
   one. Numbers are rounded, if at all, after they were hidden.

Belongs here: which cells of a table are hidden. Does not belong here: which cells there are and what adds up to what
(``tasks.relations``), and what a register looks like without them (``tasks.shown``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Cell = tuple[str, str, str]
"""Area, measure and period."""
Relation = Mapping[Cell, int]
"""Cells with the factors with which they add up to nought: a total +1, its parts -1."""
SYMBOL = "c"
"""Confidential, in the symbols of official statistics."""
SUPPRESSED_BY_SOURCE = Decimal(2)
"""What a number that its source hides is taken to be when we look for what could give it away."""


@dataclass(frozen=True)
class Protection:
    """Which cells are hidden, and which of them follow from what is public all the same."""

    hidden: frozenset[Cell]
    exposed: frozenset[Cell]
    secret: frozenset[Cell]
    """Hidden cells whose number we know: the others were hidden by their sources before they came."""


def is_small(value: Decimal, threshold: int, nought_is_shown: bool) -> bool:
    """Is a number of people too small to show?"""
    return value < threshold and (value != 0 or not nought_is_shown)


def protect(
    values: Mapping[Cell, Decimal | None],
    small: Collection[Cell],
    relations: Sequence[Relation],
    public: Collection[Cell] = (),
    least: int = 1,
) -> Protection:
    """Hide small cells and those that their sources hide (without a value), and with them what would give them away.

    ``least`` is what readers know of every hidden number: 1 where noughts are shown.
    """
    hidden = {cell for cell in values if cell in small or values[cell] is None}
    known = set(public)
    while found := recovered(values, hidden - known, relations, least):
        group = {cell for group in _linked(hidden - known, relations) if found & set(group) for cell in group}
        shown = _shown_with(found, relations, hidden | known) or _shown_with(group, relations, hidden | known)
        if shown:
            hidden.add(min(shown, key=lambda cell: (values[cell] == 0, values[cell] or 0, cell)))
        else:
            known |= found
    secret = {cell for cell in hidden if values[cell] is not None}
    return Protection(frozenset(hidden), frozenset(hidden & known), frozenset(secret))


def _shown_with(cells: Collection[Cell], relations: Sequence[Relation], without: Collection[Cell]) -> set[Cell]:
    """Cells that stand in a relation with any of these and could still be hidden."""
    return {cell for one in relations if set(cells) & one.keys() for cell in one} - set(without)


def recovered(
    values: Mapping[Cell, Decimal | None], hidden: Collection[Cell], relations: Sequence[Relation], least: int = 1
) -> set[Cell]:
    """Hidden cells for which what is shown leaves one whole number only."""
    return {cell for group in _linked(hidden, relations) for cell in _determined(values, group, relations, least)}


def _determined(
    values: Mapping[Cell, Decimal | None], group: Sequence[Cell], relations: Sequence[Relation], least: int
) -> Iterator[Cell]:
    """Ask of each cell whether another number in its place could be made up for by the others that are hidden."""
    from scipy.optimize import linprog

    rows = [[relation.get(cell, 0) for cell in group] for relation in relations if set(group) & relation.keys()]
    room = [(min(0.0, float(least - (values[cell] or SUPPRESSED_BY_SOURCE))), None) for cell in group]
    for index, cell in enumerate(group):
        for sign in (-1.0, 1.0):
            aim = [sign if other == index else 0.0 for other in range(len(group))]
            far = [(low, 1.0) if other == index else (low, high) for other, (low, high) in enumerate(room)]
            best = linprog(aim, A_eq=rows, b_eq=[0.0] * len(rows), bounds=far)
            if best.success and best.fun <= -1 + 1e-6:
                break
        else:
            yield cell


def _linked(hidden: Collection[Cell], relations: Sequence[Relation]) -> list[list[Cell]]:
    """Hidden cells in groups that share relations; one that no relation knows of cannot be worked out."""
    groups: list[set[Cell]] = []
    for relation in relations:
        together = set(hidden) & relation.keys()
        apart = [group for group in groups if not group & together]
        if together:
            groups = [*apart, together.union(*(group for group in groups if group & together))]
    return [sorted(group) for group in groups]
