"""Run checks over a table: what does Great Expectations answer, and where is something wrong?

Belongs here: Great Expectations (at home only here), and reading what it answers.
Does not belong here: the table (``tasks.validate.table``) and which checks are made (``tasks.validate.asked``).

Everything that it answers without an error and wrongly is kept from it: a context for each table and none shared,
checks found again by the id that travels with them, no check dropped unseen, no value in any answer.
"""

from __future__ import annotations

import logging
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from expectations.suite import COMPLETENESS, VOCABULARY, Check, Expectation
from tasks.validate.table import ROW, rows_about

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger("assure")

MOST_PLACES = 20
"""How many places of a failed check are told; ``rows_failed`` has their whole number."""

# No values: what results hold ends on a page that people pass on. Places cost more than counts, and are asked for only
# of the checks that failed.
COUNTS = {"result_format": "BASIC", "exclude_unexpected_values": True, "partial_unexpected_count": 0}
PLACES = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "unexpected_index_column_names": [ROW],
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
    """Run the checks on the table; each answer by the id of its check."""
    if not checks:
        return {}
    answers = {one.id: Answer(reason=_broke_off("no result")) for one in checks}
    try:
        table = _narrowed(table, checks, filled)
        batch = _batch(table)
        answers |= _asked(batch, table, checks, filled, COUNTS)
        wrong = [one for one in checks if answers[one.id].failed and not answers[one.id].absent]
        answers |= _asked(batch, table, wrong, filled, PLACES)
    except Exception as error:  # whatever breaks in it, no check may pass for that
        logger.warning("Great Expectations broke off: %s", type(error).__name__)
        return {one.id: Answer(reason=_broke_off(type(error).__name__)) for one in checks}
    return answers


def _batch(table: pd.DataFrame) -> Any:
    """The table in a context of its own: contexts and batches that threads share mix up their tables."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    for name in ("", ".data_context.types.base"):  # the second has a level of its own
        logging.getLogger(f"great_expectations{name}").setLevel(logging.WARNING)
    settings = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars={"globally": False},  # type: ignore[arg-type]
    )
    context = gx.get_context(mode="ephemeral", project_config=settings)
    asset = context.data_sources.add_pandas("sent").add_dataframe_asset("table")
    return asset.get_batch(asset.build_batch_request({"dataframe": table}))


def _asked(
    batch: Any,
    table: pd.DataFrame,
    checks: Sequence[Check],
    filled: Mapping[str, Mapping[str, Any]],
    told: Mapping[str, Any],
) -> dict[str, Answer]:
    """Ask some checks of the table. Results come in another order, so each is found by the id that travels with it."""
    if not checks:
        return {}
    import great_expectations as gx

    asked = [_expectation(one, filled[one.id], table) for one in checks]
    suite = gx.ExpectationSuite(name="checks", expectations=asked)
    if len(suite.expectations) != len(checks):
        raise RuntimeError("a check was dropped")
    results = {r.expectation_config.meta["id"]: r for r in batch.validate(suite, result_format=dict(told)).results}
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
    told = result.result
    if "element_count" in told:
        checked = told["element_count"] - (0 if one.expectation == COMPLETENESS else told.get("missing_count") or 0)
        if not checked:
            return Answer(reason="Nothing is filled in that could be checked.")
        rows = sorted(_rows(told.get("unexpected_index_list")))
        places = tuple(_place(table.iloc[row]) for row in rows[:MOST_PLACES])
        return Answer("", bool(result.success), checked, told["unexpected_count"], places)
    if "value_set" in arguments:
        expected = set(arguments["value_set"])
        absent = tuple(sorted(expected - set(rows_about(table, one)[arguments["column"]])))
        return Answer("", bool(result.success), len(expected), len(absent), absent=absent)
    return Answer("", bool(result.success), len(rows_about(table, one)), 0)


def _broke_off(why: str) -> str:
    return f"The check broke off ({why}), so it says nothing of these rows."


def _exception(info: Any) -> str:
    """The name of what was raised, without its message, which may tell values; info comes flat or by metric."""
    for one in (info, *info.values()) if isinstance(info, Mapping) else ():
        if isinstance(one, Mapping) and one.get("raised_exception"):
            raised = re.findall(r"(?m)^(?:\w+\.)*(\w*(?:Error|Exception))\b", one.get("exception_traceback") or "")
            return raised[-1] if raised else "an error"
    return ""


def _rows(index: Iterable[Mapping[str, Any]] | None) -> set[int]:
    """Numbers of the failing rows; they come one by one, or as one list."""
    found: set[int] = set()
    for entry in index or ():
        numbers = entry[ROW]
        found.update(int(number) for number in (numbers if isinstance(numbers, list | tuple) else [numbers]))
    return found


def _place(row: Any) -> str:
    if "place" in row.index:
        return str(row["place"])
    if "_place" in row.index:
        return str(row["_place"])
    if "_cell" in row.index:
        return f"sheet {row['_sheet']}, {row['_cell']}"
    return f"line {row['_line']}" if "_line" in row.index else f"row {row[ROW] + 1}"
