"""What may a suite of checks say? Its shape, and the vocabulary of expectations that it is written in.

Belongs here: suites and checks as frozen values, and the expectations allowed in them with their arguments. The
vocabulary is smaller than Great Expectations' own: one that answers wrongly on text, on dates or on missing values, or
that this pipeline has no use for, is not in it.
Does not belong here: reading suites (``expectations.load``) and running them (``tasks.validate``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr

from config.model import Frozen, Id, Severity, Words

Column = str
Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
Argument = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True)
class Expectation:
    """One kind of check. ``columns`` are those of its arguments that name a column, or several."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    columns: tuple[str, ...] = ("column",)
    reveals: bool = False
    """Does its result, or what has to be written in the suite for it, tell values of the column?"""
    range: bool = False
    """Does it say nothing unless a lowest or a highest value is given?"""


VOCABULARY: dict[str, Expectation] = {
    "expect_table_row_count_to_be_between": Expectation(may=("min_value", "max_value"), columns=(), range=True),
    "expect_column_values_to_not_be_null": Expectation(("column",), ("mostly",)),
    "expect_column_values_to_be_unique": Expectation(("column",), ("mostly",)),
    "expect_column_values_to_be_in_set": Expectation(("column", "value_set"), ("mostly",), reveals=True),
    "expect_column_values_to_not_be_in_set": Expectation(("column", "value_set"), ("mostly",), reveals=True),
    "expect_column_values_to_be_between": Expectation(
        ("column",), ("min_value", "max_value", "strict_min", "strict_max", "mostly"), range=True
    ),
    "expect_column_values_to_match_regex": Expectation(("column", "regex"), ("mostly",)),
    "expect_column_values_to_not_match_regex": Expectation(("column", "regex"), ("mostly",)),
    "expect_column_value_lengths_to_be_between": Expectation(
        ("column",), ("min_value", "max_value", "mostly"), range=True
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": Expectation(
        ("column_A", "column_B", "ignore_row_if"), ("or_equal", "mostly"), columns=("column_A", "column_B")
    ),
    "expect_column_pair_values_to_be_near": Expectation(
        ("column_A", "column_B", "share", "ignore_row_if"), ("mostly",), columns=("column_A", "column_B")
    ),
    "expect_compound_columns_to_be_unique": Expectation(
        ("column_list",), ("ignore_row_if", "mostly"), columns=("column_list",)
    ),
    "expect_column_distinct_values_to_contain_set": Expectation(("column", "value_set"), reveals=True),
    "expect_column_sum_to_be_between": Expectation(("column",), ("min_value", "max_value"), reveals=True, range=True),
    "expect_table_row_count_to_be_in_proportion": Expectation(("to", "smallest", "largest"), columns=()),
}

ROW_COUNT = "expect_table_row_count_to_be_between"
"""The one expectation that says something of a table without rows."""
COMPLETENESS = "expect_column_values_to_not_be_null"
"""The one expectation that says something of a column without values."""

PARAMETERS: dict[str, str] = {
    "$first_day": "the first day of the period",
    "$last_day": "the last day of the period, to its last second",
    "$year": "the reporting year of the period",
    "$periods": "every month, quarter and year to date from 1 April to the end of the period, and the year itself",
    "$figures": "the figures that the source carries for this period, as eastmere.referrals",
    "$rows_before": "how many rows the source's table had a quarter (for what comes yearly: a year) before",
    "$topics": "the topics that the source writes on",
    "$known_codes": "every code that its layout knows",
}
"""What an argument may leave to be filled in for the source and the period at hand."""

PATTERNS: dict[str, str] = {
    # e-mail address, postcode, NHS number, unique pupil number
    "$personal_details": r"(?i:[^@\s]+@[^@\s]+\.[a-z]{2,})|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
    r"|\b\d{3}[ -]?\d{3}[ -]?\d{4}\b|\b[A-HJ-NP-RT-Z]\d{11}[\dA-Z]\b",
    # "TBC", "as above", what a form shows before it is filled in
    "$placeholder": r"(?i)^\W*(?:tbc|tba|to be (?:confirmed|added)|click or tap .*|xx+|lorem ipsum.*"
    r"|as last (?:quarter|year|time)|(?:as|see) (?:above|before|below|last (?:quarter|year|time)))\W*$",
}
"""Regular expressions that suites share, by the name by which an argument calls them."""

OBSERVATION_COLUMNS = ("source", "area", "measure", "period", "value", "symbol", "place")
"""The columns of the frame ``observations``."""
BESIDE_COLUMNS: dict[str, str] = {
    "figure": "the area and the measure, as eastmere.referrals",
    "span": "is it for a month, a quarter, the year to date, or a year?",
    "remainder": "what the value has after the point",
    "now": "what the figure comes to in this quarter (of what comes yearly: this year), once a figure",
    "before": "what it came to in the quarter (the year) before",
    "to_date_before": "beside a year to date: the year to date a quarter before",
    "added_up": "beside a year to date: what it comes to when this quarter is added to the year to date before",
    "closing": "beside a year to date: the figure at the end of this quarter",
}
"""Columns that stand beside observations: what else came of the same figure, now and a quarter before."""
FROM_BEFORE = ("before", "to_date_before", "added_up")
"""Those of them for which the period before is needed."""
NUMBERS = ("value", "remainder", "now", "before", "to_date_before", "added_up", "closing")
"""Columns of the frame ``observations`` that hold numbers."""


class Faulty(Frozen):
    """Rows on which a check must fail: added to the suite's good example, or standing in its place.

    Each row says only in what it differs from the first row of the good example.
    """

    add: tuple[dict[Column, StrictStr], ...] | None = None
    only: tuple[dict[Column, StrictStr], ...] | None = None


class Check(Frozen):
    """One thing that has to hold of a source, in the words in which its sender is told."""

    id: Id
    says: Words
    """The check in one plain sentence, as it should be."""
    why: Words
    to_do: Words
    severity: Severity
    expectation: str
    arguments: dict[str, Argument]
    where: dict[Column, tuple[StrictStr, ...]] = {}
    """The rows it is about: those that have one of these values in each of these columns."""
    at_least: dict[Column, StrictInt | StrictFloat] = {}
    """And that have at least so much in each of these: of small numbers a share says nothing."""
    faulty: Faulty


class Suite(Frozen):
    """What a good source of one kind looks like.

    ``holds``, ``numbers``, ``dates`` and ``periods`` are further columns, each read from the text of one that was sent:
    whether it holds a ``number``, a ``symbol`` or ``neither``; the number, the day, the period, or nothing where the
    text cannot be read as one.
    """

    id: str = ""
    """The name of the file without its ending; it is not written in the file."""
    title: Words
    frame: Literal["rows", "observations"]
    columns: tuple[Column, ...] = Field(min_length=1)
    personal: tuple[Column, ...] = ()
    holds: dict[Column, Column] = {}
    numbers: dict[Column, Column] = {}
    dates: dict[Column, Column] = {}
    periods: dict[Column, Column] = {}
    checks: tuple[Check, ...] = Field(min_length=1)
    example: tuple[dict[Column, StrictStr], ...] = Field(min_length=1)
    """Rows as a good source has them, in which no check finds anything."""
    example_before: tuple[dict[Column, StrictStr], ...] = ()
    """For observations: what came a quarter before the example, by area, measure, period and value."""

    @property
    def added(self) -> tuple[Column, ...]:
        """Columns that its frame has besides those that it names."""
        return ("kind", "statistic", *(BESIDE_COLUMNS if self.frame == "observations" else ()))

    @property
    def read_from(self) -> dict[Column, Column]:
        """The columns read from the text of others, each with the column it is read from."""
        return {**self.holds, **self.numbers, **self.dates, **self.periods}


def columns_compared(check: Check) -> tuple[Column, ...]:
    """Every column whose values a check looks at."""
    named: list[Column] = []
    for name in VOCABULARY.get(check.expectation, Expectation(columns=())).columns:
        value = check.arguments.get(name, ())
        named += [str(item) for item in value] if isinstance(value, tuple) else [str(value)]
    return tuple(named)


def columns_named(check: Check) -> tuple[Column, ...]:
    """Those, and the columns by which the rows are chosen that it is about."""
    return (*columns_compared(check), *check.where, *check.at_least)


def counts_rows(check: Check) -> bool:
    """Does a check count all rows of its source's table, so that its verdict tells how many there were?"""
    return check.expectation == ROW_COUNT and not check.where and not check.at_least
