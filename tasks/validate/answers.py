"""Run checks over a table: what does Great Expectations answer, and where is something wrong?

Belongs here: Great Expectations (at home only here), and reading what it answers.
Does not belong here: the table (``tasks.validate.table``) and which checks are made (``tasks.validate.asked``).

Everything that it answers without an error and wrongly is kept from it: an engine for each table and none shared,
checks found again by the id that travels with them, no check dropped unseen, no value in any answer.
"""

from __future__ import annotations

import logging
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from expectations.suite import COMPLETENESS, VOCABULARY, Check, Expectation, columns_compared, columns_named
from tasks.validate.table import rows_about

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger("assure")

MOST_PLACES = 20
"""How many places of a failed check are told; ``rows_failed`` has their whole number."""

# Places cost more than whether all is well, so they are asked for only of checks that failed. They are numbers of
# rows: any other column by which rows might be found again is read row by row. And no values: what results hold ends
# on a page that people pass on.
WHETHER = {"result_format": "BOOLEAN_ONLY"}
PLACES = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True)
class Answer:
    """What came of one check; with a ``reason`` it was not evaluated."""

    reason: str = ""
    passed: bool = False
    checked: int = 0
    failed: int = 0
    places: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    """What should be there and is not, as configured: ids of measures, codes, topics."""


def run(table: pd.DataFrame, checks: Sequence[Check], filled: Mapping[str, Mapping[str, Any]]) -> dict[str, Answer]:
    """Run checks on a table; each answer by the id of its check."""
    if not checks:
        return {}
    answers = {one.id: Answer(reason=_broke_off("no result")) for one in checks}
    try:
        table = _narrowed(table, checks, filled)
        validator = _validator(table[_used(table, checks)])
        answers |= _asked(validator, table, checks, filled, WHETHER)
        wrong = [one for one in checks if _has_places(one, answers[one.id])]
        answers |= _asked(validator, table, wrong, filled, PLACES)
    except Exception as error:  # whatever breaks in it, no check may pass for that
        logger.warning("Great Expectations broke off: %s", type(error).__name__)
        return {one.id: Answer(reason=_broke_off(type(error).__name__)) for one in checks}
    return answers


def _validator(table: pd.DataFrame) -> Any:
    """One with an engine of its own, which holds this table and no other: tables that share one can be mixed up.

    A data source of a context would write down the context's whole configuration for each table.
    """
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.validator.validator import Validator

    return Validator(PandasExecutionEngine(batch_data_dict={"sent": table}), data_context=_context())


@lru_cache(maxsize=1)
def _context() -> Any:
    """What Great Expectations is told of its surroundings: it draws no progress bars and leaves nothing behind."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    for name in ("", ".data_context.types.base"):  # the second has a level of its own
        logging.getLogger(f"great_expectations{name}").setLevel(logging.WARNING)
    settings = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars={"globally": False},  # type: ignore[arg-type]
    )
    return gx.get_context(mode="ephemeral", project_config=settings)


def _asked(
    validator: Any,
    table: pd.DataFrame,
    checks: Sequence[Check],
    filled: Mapping[str, Mapping[str, Any]],
    told: Mapping[str, Any],
) -> dict[str, Answer]:
    """Ask some checks of the table. Results come in another order, so each is found by the id that travels with it."""
    if not checks:
        return {}
    asked = [_expectation(one, filled[one.id], table).configuration for one in checks]
    answered = validator.graph_validate(asked, runtime_configuration={"result_format": dict(told)})
    results = {result.expectation_config.meta["id"]: result for result in answered}
    return {one.id: _answer(one, filled[one.id], table, results[one.id]) for one in checks if one.id in results}


def _narrowed(table: pd.DataFrame, checks: Sequence[Check], filled: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """The table with a column more for each check that is about some rows only, in which the others are missing.

    A missing value is neither right nor wrong, so it comes to the same as leaving the rows out. That is what conditions
    are for, but each of them costs a copy of the whole table, and more than the check itself.
    """
    for one in checks:
        if column := _narrowed_by(one):
            about = rows_about(table, one).index
            if len(about) < len(table):
                table[f"{one.id}: {column}"] = table[str(filled[one.id][column])].where(table.index.isin(about))
    return table


def _used(table: pd.DataFrame, checks: Sequence[Check]) -> list[str]:
    """The columns that are looked at: each check copies the whole table that it is given, and more than once."""
    names = {name for one in checks for name in columns_named(one)}
    return [name for name in table if name in names or ": " in str(name)]


def _narrowed_by(one: Check) -> str:
    """The argument whose column is narrowed to the rows that a check is about; none where missing values count."""
    expectation = VOCABULARY.get(one.expectation, Expectation(columns=()))
    about_all = not one.where and not one.at_least
    if about_all or one.expectation == COMPLETENESS or "column_list" in one.arguments or not expectation.columns:
        return ""
    return expectation.columns[0]


def _expectation(one: Check, arguments: Mapping[str, Any], table: pd.DataFrame) -> Any:
    """The check as an expectation, over its narrowed column where it has one."""
    from great_expectations import expectations
    from great_expectations.expectations.row_conditions import Column

    from expectations import custom

    column, where = _narrowed_by(one), {}
    if column and (narrowed := f"{one.id}: {column}") in table:
        arguments = {**arguments, column: narrowed}
    elif not column and len(rows_about(table, one)) < len(table):
        conditions: list[Any] = [Column(name).is_in(list(values)) for name, values in sorted(one.where.items())]
        conditions += [Column(name) >= least for name, least in sorted(one.at_least.items())]
        where = {"row_condition": reduce(operator.and_, conditions)}
    name = "".join(word.capitalize() for word in one.expectation.split("_"))
    kind = getattr(custom, name, None) or getattr(expectations, name)
    return kind(**arguments, **where, meta={"id": one.id})


def _answer(one: Check, arguments: Mapping[str, Any], table: pd.DataFrame, result: Any) -> Answer:
    if broken := _exception(result.exception_info):
        return Answer(reason=_broke_off(broken))
    about = rows_about(table, one)
    if "value_set" in arguments and one.expectation.startswith("expect_column_distinct"):
        expected = set(arguments["value_set"])
        absent = tuple(sorted(expected - set(about[arguments["column"]])))
        return Answer("", bool(result.success), len(expected), len(absent), absent=absent)
    checked = _filled_in(about, one)
    if not checked and columns_compared(one):
        return Answer(reason="Nothing is filled in that could be checked.")
    rows = nsmallest(MOST_PLACES, set(result.result.get("unexpected_index_list") or ()))
    places = tuple(_place(table.iloc[row]) for row in rows)
    return Answer("", bool(result.success), checked, result.result.get("unexpected_count") or 0, places)


def _has_places(one: Check, answer: Answer) -> bool:
    """Is there something to point at? Where some rows may be wrong, there may be also in a check that passed."""
    return not answer.reason and not answer.absent and (not answer.passed or "mostly" in one.arguments)


def _filled_in(about: pd.DataFrame, one: Check) -> int:
    """How many rows have a value that the check looks at: it passes over what it is told to ignore."""
    names = columns_compared(one)
    if not names or one.expectation == COMPLETENESS or one.arguments.get("ignore_row_if") in ("neither", "never"):
        return len(about)
    there = about[list(names)].notna()
    every = one.arguments.get("ignore_row_if") in ("any_value_is_missing", "either_value_is_missing")
    return int((there.all(axis="columns") if every else there.any(axis="columns")).sum())


def _broke_off(why: str) -> str:
    return f"The check broke off ({why}), so it says nothing of these rows."


def _exception(info: Any) -> str:
    """The name of what was raised, without its message, which may tell values; info comes flat or by metric."""
    for one in (info, *info.values()) if isinstance(info, Mapping) else ():
        if isinstance(one, Mapping) and one.get("raised_exception"):
            raised = re.findall(r"(?m)^(?:\w+\.)*(\w*(?:Error|Exception))\b", one.get("exception_traceback") or "")
            return raised[-1] if raised else "an error"
    return ""


def _place(row: Any) -> str:
    if "place" in row.index:
        return str(row["place"])
    if "_place" in row.index:
        return str(row["_place"])
    if "_cell" in row.index:
        return f"sheet {row['_sheet']}, {row['_cell']}"
    return f"line {row['_line']}" if "_line" in row.index else f"row {row.name + 1}"
