"""Which numbers must not be shown, so that nobody can be recognised? The whole policy, on one screen.

The policy (``disclosure`` in a partnership's ``partnership.yaml``, which links to where it can be read):

1. A number of people from 1 to below the threshold is hidden. The threshold is the measure's own, else the
   partnership's. 0 is shown where the policy says that it is. Schools, sessions and money are no people.
2. What a source suppressed stays hidden, and so does what somebody decided to withhold.
3. A hidden number must not follow from what is shown: not as a borough's share of the partnership's total, not as a
   quarter of a year, not as a part of a whole, not from a percentage. Where it would, the smallest other number from
   which it follows is hidden too, until it does not. It must not follow either by knowing that a hidden number is at
   least 1, or below 5 where its source shows it as "<5": two hidden numbers that add up to 2 hide nothing.
4. What is already public (official statistics, earlier reports) cannot be hidden again. A number that follows from it
   is still not printed, and is told as one that cannot be protected.
5. Every hidden number has the same symbol, whichever of these reasons it has: a reader must not see which is the small
   one. Numbers are rounded, if at all, after they were hidden.

Belongs here: which cells of a table are hidden. Does not belong here: which cells there are and what adds up to what
(``tasks.relations``), and what a register looks like without them (``tasks.shown``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

Cell = tuple[str, str, str]
"""Area, measure and period."""
Relation = Mapping[Cell, int]
"""Cells with the factors with which they add up to nought: a total +1, its parts -1."""
SYMBOL = "c"
"""Confidential, in the symbols of official statistics."""
SUPPRESSED_BY_SOURCE = 2
"""What a number that its source hides is taken to be where what is shown around it contradicts itself."""


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
    most: Mapping[Cell, int] = MappingProxyType({}),
) -> Protection:
    """Hide small cells and those that their sources hide (without a value), and with them what would give them away.

    Readers know of every hidden number that it is not below ``least``, and not above its ``most`` where there is one.
    """
    hidden = {cell for cell in values if cell in small or values[cell] is None}
    known = set(public)
    while found := recovered(values, hidden - known, relations, least, most):
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
    values: Mapping[Cell, Decimal | None],
    hidden: Collection[Cell],
    relations: Sequence[Relation],
    least: int = 1,
    most: Mapping[Cell, int] = MappingProxyType({}),
) -> set[Cell]:
    """Hidden cells for which what is shown leaves one whole number only."""
    found: set[Cell] = set()
    for group in _linked(hidden, relations):
        near = [relation for relation in relations if set(group) & relation.keys()]
        start = _possible(values, group, near, least, most)
        room = [
            (min(0, least - start[cell]), max(0, most[cell] - start[cell]) if cell in most else None) for cell in group
        ]
        rows = [[relation.get(cell, 0) for cell in group] for relation in near]
        found |= {cell for index, cell in enumerate(group) if not _moves(index, rows, room)}
    return found


def _moves(index: int, rows: Sequence[Sequence[int]], room: Sequence[tuple[int, int | None]]) -> bool:
    """Could this number be one more or one less, and the other hidden ones make up for it?"""
    from scipy.optimize import linprog

    for step in (1, -1):
        low, high = room[index]
        if step >= low and (high is None or step <= high):
            bounds = [(step, step) if other == index else limits for other, limits in enumerate(room)]
            if linprog([0] * len(room), A_eq=rows, b_eq=[0] * len(rows), bounds=bounds, integrality=1).success:
                return True
    return False


def _possible(
    values: Mapping[Cell, Decimal | None],
    group: Sequence[Cell],
    relations: Sequence[Relation],
    least: int,
    most: Mapping[Cell, int],
) -> dict[Cell, int]:
    """Whole numbers for the hidden cells of a group: ours where we know them, else any that what is shown allows."""
    from scipy.optimize import linprog

    unknown = [cell for cell in group if values[cell] is None]
    start = {cell: int(values[cell] or 0) for cell in group} | dict.fromkeys(unknown, SUPPRESSED_BY_SOURCE)
    if unknown:
        of_them = [relation for relation in relations if set(unknown) & relation.keys()]
        rows = [[relation.get(cell, 0) for cell in unknown] for relation in of_them]
        shown = [-sum(f * int(values[cell] or 0) for cell, f in relation.items()) for relation in of_them]
        limits = [(least, most.get(cell)) for cell in unknown]
        found = linprog([0] * len(unknown), A_eq=rows, b_eq=shown, bounds=limits, integrality=1)
        start |= {cell: round(value) for cell, value in zip(unknown, found.x, strict=True)} if found.success else {}
    return start


def _linked(hidden: Collection[Cell], relations: Sequence[Relation]) -> list[list[Cell]]:
    """Hidden cells in groups that share relations; one that no relation knows of cannot be worked out."""
    groups: list[set[Cell]] = []
    for relation in relations:
        together = set(hidden) & relation.keys()
        apart = [group for group in groups if not group & together]
        if together:
            groups = [*apart, together.union(*(group for group in groups if group & together))]
    return [sorted(group) for group in groups]
