"""Small numbers are hidden, and nothing that is shown gives them back: not even to somebody who tries."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.disclosure import Cell, Protection, Relation, is_small, protect

YEAR, QUARTERS = "2023-24", tuple(f"2023-24-Q{number}" for number in (1, 2, 3, 4))
FOSTERING = {("hartlepool", YEAR): 2, ("stockton", YEAR): 7, ("partnership", YEAR): 9}


def cells(table: dict[tuple[str, str], int | None], measure: str = "children") -> dict[Cell, Decimal | None]:
    return {
        (area, measure, period): None if value is None else Decimal(value) for (area, period), value in table.items()
    }


def total(whole: str, *parts: str, period: str = YEAR, measure: str = "children") -> dict[Cell, int]:
    return {(whole, measure, period): 1} | {(part, measure, period): -1 for part in parts}


def hidden(protection: Protection) -> set[tuple[str, str]]:
    return {(area, period) for area, _, period in protection.hidden}


@pytest.mark.parametrize(
    ("value", "nought_is_shown", "small"),
    [(0, True, False), (0, False, True), (1, True, True), (4, True, True), (5, True, False)],
)
def test_what_is_small(value: int, nought_is_shown: bool, small: bool) -> None:
    assert is_small(Decimal(value), 5, nought_is_shown) is small


def test_two_arrangements_beside_seven_take_the_seven_with_them_where_nine_is_public() -> None:
    values = cells(FOSTERING)
    sums = [total("partnership", "hartlepool", "stockton")]
    small = [("hartlepool", "children", YEAR)]
    assert hidden(protect(values, small, sums)) == {("hartlepool", YEAR), ("stockton", YEAR)}
    public = protect(values, small, sums, public=[("partnership", "children", YEAR)])
    assert hidden(public) == {("hartlepool", YEAR), ("stockton", YEAR)}
    assert public.exposed == frozenset()


def test_two_arrangements_alone_hide_nothing_else() -> None:
    values = cells({("hartlepool", YEAR): 2, ("stockton", YEAR): 7})
    assert hidden(protect(values, [("hartlepool", "children", YEAR)], [])) == {("hartlepool", YEAR)}


def test_what_follows_from_what_is_public_is_hidden_and_told() -> None:
    public = [("stockton", "children", YEAR), ("partnership", "children", YEAR)]
    found = protect(
        cells(FOSTERING), [("hartlepool", "children", YEAR)], [total("partnership", "hartlepool", "stockton")], public
    )
    assert hidden(found) == {("hartlepool", YEAR)}
    assert found.exposed == {("hartlepool", "children", YEAR)}


def test_hidden_numbers_that_can_only_be_ones_take_another_with_them() -> None:
    values = cells({("a", YEAR): 1, ("b", YEAR): 1, ("c", YEAR): 30, ("whole", YEAR): 32})
    found = protect(values, [("a", "children", YEAR), ("b", "children", YEAR)], [total("whole", "a", "b", "c")])
    assert hidden(found) >= {("a", YEAR), ("b", YEAR)} and len(found.hidden) == 3


def test_a_number_that_its_source_hides_does_not_follow_from_the_year() -> None:
    table: dict[tuple[str, str], int | None] = {("a", quarter): 10 + n for n, quarter in enumerate(QUARTERS)}
    table |= {("a", QUARTERS[1]): None, ("a", YEAR): 40}
    of_the_year: Relation = {("a", "children", YEAR): 1} | {("a", "children", quarter): -1 for quarter in QUARTERS}
    found = protect(cells(table), [], [of_the_year])
    assert hidden(found) == {("a", QUARTERS[1]), ("a", QUARTERS[0])}
    assert found.secret == {("a", "children", QUARTERS[0])}


@pytest.mark.parametrize(("year", "hides_the_year"), [(4, True), (7, False), (16, True)])
def test_four_quarters_below_five_are_told_by_a_year_of_four_or_sixteen(year: int, hides_the_year: bool) -> None:
    table: dict[tuple[str, str], int | None] = {("a", quarter): None for quarter in QUARTERS}
    of_the_year: Relation = {("a", "children", YEAR): 1} | {("a", "children", quarter): -1 for quarter in QUARTERS}
    most = {("a", "children", quarter): 4 for quarter in QUARTERS}
    found = protect(cells(table | {("a", YEAR): year}), [], [of_the_year], most=most)
    assert (("a", YEAR) in hidden(found)) is hides_the_year


# Attack


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[Cell, Decimal | None], dict[Cell, int], list[Relation], set[Cell]]:
    """Boroughs by quarters by parts, with all their totals; some cells hidden by their source, some public before."""
    areas = [f"borough{number}" for number in range(draw(st.integers(1, 2)))]
    parts = [f"part{number}" for number in range(draw(st.integers(1, 2)))]
    counts = st.one_of(st.integers(0, 6), st.integers(0, 40))
    truth: dict[Cell, int] = {}
    for area in areas:
        for part in parts:
            for quarter in QUARTERS[:2]:
                truth[area, part, quarter] = draw(counts)
    sums: list[Relation] = []

    def add(whole: Cell, summands: list[Cell]) -> None:
        truth[whole] = sum(truth[one] for one in summands)
        sums.append({whole: 1} | dict.fromkeys(summands, -1))

    for area in areas:
        for quarter in QUARTERS[:2]:
            add((area, "all", quarter), [(area, part, quarter) for part in parts])
        for part in (*parts, "all"):
            # The year of all parts is a sum twice over, as it is in print.
            add((area, part, YEAR), [(area, part, quarter) for quarter in QUARTERS[:2]])
    for part in (*parts, "all"):
        for period in (*QUARTERS[:2], YEAR):
            add(("partnership", part, period), [(area, part, period) for area in areas])
    every = sorted(truth)
    small = [cell for cell in every if 1 <= truth[cell] < 5]
    by_source = set(draw(st.lists(st.sampled_from(small), max_size=3))) if small else set()
    public = set(draw(st.lists(st.sampled_from(every), max_size=3))) - set(small)
    values = {cell: None if cell in by_source else Decimal(truth[cell]) for cell in every}
    return values, truth, sums, public


def by_elimination(truth: dict[Cell, int], unknown: set[Cell], sums: list[Relation]) -> dict[Cell, Fraction]:
    """Solve for what is hidden, as anybody can with a pencil: Gauss's method, every equation at once."""
    order = sorted(unknown)
    rows = []
    for one in sums:
        known = -sum(factor * truth[cell] for cell, factor in one.items() if cell not in unknown)
        rows.append([Fraction(one.get(cell, 0)) for cell in order] + [Fraction(known)])
    pivot = 0
    for column in range(len(order)):
        found = next((index for index in range(pivot, len(rows)) if rows[index][column]), None)
        if found is None:
            continue
        rows[pivot], rows[found] = rows[found], rows[pivot]
        rows[pivot] = [value / rows[pivot][column] for value in rows[pivot]]
        for index, row in enumerate(rows):
            if index != pivot and row[column]:
                rows[index] = [a - row[column] * b for a, b in zip(row, rows[pivot], strict=True)]
        pivot += 1
    alone = [row for row in rows if sum(value != 0 for value in row[:-1]) == 1]
    return {order[next(i for i, value in enumerate(row[:-1]) if value)]: row[-1] for row in alone}


def by_bounds(truth: dict[Cell, int], unknown: set[Cell], sums: list[Relation]) -> dict[Cell, int]:
    """Narrow down what each hidden number can be, knowing that none is below 1, until nothing changes."""
    low, high = dict.fromkeys(unknown, 1), dict.fromkeys(unknown, 10_000)
    for _ in range(30):
        for one in sums:
            for cell, factor in one.items():
                if cell not in unknown:
                    continue
                least = most = 0
                for other, its in one.items():
                    if other == cell:
                        continue
                    ends = (low[other], high[other]) if other in unknown else (truth[other], truth[other])
                    least += min(-its * factor * end for end in ends)
                    most += max(-its * factor * end for end in ends)
                low[cell], high[cell] = max(low[cell], least), min(high[cell], most)
    return {cell: low[cell] for cell in unknown if low[cell] == high[cell]}


@settings(max_examples=20)
@given(tables())
def test_no_subtraction_recovers_a_hidden_number(made) -> None:
    values, truth, sums, public = made
    small = {cell for cell, value in truth.items() if 1 <= value < 5}
    found = protect(values, small, sums, public)
    assert small <= found.hidden
    assert not found.hidden & public - small, "what is public is not hidden again"
    assert public or not found.exposed, "what nobody has published can always be protected"
    unknown = set(found.hidden)
    for attack in (by_elimination, by_bounds):
        recovered = {cell: value for cell, value in attack(truth, unknown, sums).items() if truth[cell] == value}
        assert recovered.keys() <= found.exposed, "recovered, and not told as exposed"
