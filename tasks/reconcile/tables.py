"""Whole columns of exact numbers: what rules compute on, and the tables of comparisons that they make.

Belongs here: columns, tables of them, rounding and judging whole columns. Does not belong here: what stands in them
(``tasks.reconcile.evidence``), any rule, any word.

A column holds ``Decimal`` in an array of objects: sums and differences of columns are those of its numbers, with no
noise of binary fractions. Where a number is missing there is nought, and a mask beside the column says so.
"""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from config.rules import Rule
from tasks.measures import round_half_up

Column = Any
"""An array of ``Decimal``, or of whatever stands in the rows of a table."""
Mask = Any
"""An array of ``bool``: in which rows something holds."""
Places = Any
"""An array of numbers of rows: which areas, which measures."""
Table = Any
"""A record array: its columns are its attributes."""
Row = Any
"""A row of a table, of which the cells are attributes."""
NOUGHT = Decimal(0)


def column(cells: Iterable[object]) -> Column:
    """Put anything side by side, without looking into it."""
    return np.fromiter(cells, dtype=object)


def values_of(cells: Iterable[Any]) -> tuple[Column, Mask]:
    """The values of amounts, figures or observations, nought where there is none; and where there is one."""
    values = [None if one is None else one.value for one in cells]
    known = np.array([value is not None for value in values], dtype=bool)
    return column(NOUGHT if value is None else value for value in values), known


def padded(rows: Iterable[Sequence[object]], fill: object) -> Column:
    """Rows of different lengths in one grid, filled up on the right."""
    rows = list(rows)
    width = max([1, *map(len, rows)])
    return column(cell for row in rows for cell in (*row, *[fill] * (width - len(row)))).reshape(len(rows), width)


def table(**columns: object) -> Table:
    """Columns side by side; what is one value stands in every row."""
    arrays = [one if isinstance(one, np.ndarray) else column([one]) for one in columns.values()]
    return np.rec.fromarrays(
        np.broadcast_arrays(*arrays), dtype=[(name, one.dtype) for name, one in zip(columns, arrays, strict=True)]
    )


NO_ROWS = table(outcome="")[:0]
"""Of a rule that has nothing to ask."""
rounded = np.frompyfunc(round_half_up, 2, 1)
"""Round a whole column half up, each number to its own decimals."""
ceiling = np.frompyfunc(math.ceil, 1, 1)
"""The next whole numbers that are not smaller."""


@lru_cache
def _row(names: tuple[str, ...]) -> type[Any]:
    return namedtuple("Row", names)


def rows(of: Table) -> Iterator[Row]:
    """The rows of a table, to be put into words."""
    return map(_row(of.dtype.names)._make, of.tolist())


def stacked(tables: Iterable[Table]) -> Table:
    """Tables of the same columns, one below the other."""
    return np.concatenate([*tables]).view(np.recarray)


def last(layers: Mask) -> Places:
    """In each place the last layer that holds; the lowest where none does."""
    return np.where(layers.any(axis=0), len(layers) - 1 - np.argmax(layers[::-1], axis=0), 0)


def divisor(values: Column) -> Column:
    """A column to divide by: one stands for nought, in rows that are then not evaluated."""
    return np.where(values == 0, Decimal(1), values)


def within(rule: Rule, one: Column, other: Column) -> Mask:
    """Is the difference of two columns within what the rule allows?"""
    larger = np.maximum(abs(one), abs(other))
    allowed = np.maximum(rule.tolerance, rule.tolerance_percent * larger / 100)
    return np.asarray(abs(one - other) <= allowed, dtype=bool)


def verdict(known: Mask, good: Mask) -> Column:
    """The outcome of each row: what is not known is never good."""
    return choose([~known, good], ["not_evaluated", "passed"], "failed")


def choose(masks: list[Mask], texts: list[str], other: str = "") -> Column:
    """In each row the text of the first mask that holds."""
    return np.select(masks, [column([text]) for text in texts], column([other]))
