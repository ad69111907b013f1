"""Is what came good enough to work with? Runs a source's suite of checks and says passed, failed or not evaluated.

Belongs here: turning a reading into the table that a suite looks at, running the suite with Great Expectations (at
home only here), and telling where something is wrong.
Does not belong here: what is checked (``expectations``), comparing sources with each other (``tasks.reconcile``), and
the page that people read (``tasks.quality``).

A check whose column is missing, whose rows are none, or which breaks is *not evaluated*: it never passes. What is told
is the place, never the value that stands there.
"""

from __future__ import annotations

import logging
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING, Any

from config.layouts import LongCsv, NarrativeSheet, Source, Workbook
from config.model import Measure
from config.partnership import measures_of, topics_of
from expectations.suite import (
    COMPLETENESS,
    OBSERVATION_COLUMNS,
    PATTERNS,
    ROW_COUNT,
    Argument,
    Check,
    Suite,
    columns_named,
)
from tasks.gather.days import days_of
from tasks.gather.labels import plain
from tasks.gather.stated import (
    Return,
    ends_the_year,
    find_period,
    is_year_to_date,
    says_year_to_date,
    year_to_date,
)
from tasks.gather.values import NotAValue, parse
from tasks.model import FileState, Outcome, Reading, Verdict

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger("assure")

MOST_PLACES = 20
"""How many places of a failed check are told; ``rows_failed`` has their whole number."""
ROW = "_row"
"""The column by which a failing row is found again: its number in the table."""

WHY_NOT: dict[FileState, str] = {
    "unreadable": "The file could not be read.",
    "empty": "Nothing came, or what came was empty.",
    "wrong_period": "What came is for another period.",
    "wrong_layout": "What came is not laid out as agreed, so nothing was read from it.",
    "personal_data": "What came holds personal data, so nothing of it was used.",
    "superseded": "A later version of the file came.",
    "unexpected": "The file is not one that was expected.",
}

# Counts and row numbers, and no values: what results hold ends on a page that people pass on.
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "unexpected_index_column_names": [ROW],
    "return_unexpected_index_query": False,
}


def check(
    source: Source,
    reading: Reading,
    suite: Suite,
    period: Return,
    measures: Mapping[str, Measure] | None = None,
) -> list[Verdict]:
    """What every check of the suite says of this reading, in the order of the suite.

    Checks about rows that the source does not have by its configuration (percentages, where it carries none) are left
    out. ``measures`` is the partnership's list, for checks that depend on a measure's statistic.
    """
    filled = {one.id: _filled(one, source, period) for one in suite.checks}
    checks = [one for one in suite.checks if _applies(one, filled[one.id], source, measures)]
    table, reason = _table(source, reading, suite, period, measures)
    answers = {one.id: _Answer(reason=reason) for one in checks}
    if table is not None:
        blocked = {one.id: _blocked(one, suite, table) for one in checks}
        answers = {id_: _Answer(reason=why) for id_, why in blocked.items() if why}
        answers |= _run(table, [one for one in checks if not blocked[one.id]], filled)
    names = {id_: measure.title for id_, measure in (measures or {}).items()}
    return [_verdict(source, period, one, answers[one.id], names) for one in checks]


@dataclass(frozen=True)
class _Answer:
    """What came of one check; with a ``reason`` it was not evaluated."""

    reason: str = ""
    passed: bool = False
    checked: int = 0
    failed: int = 0
    places: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    """What should be there and is not, as configured: ids of measures, codes, topics."""


def _verdict(source: Source, period: Return, one: Check, answer: _Answer, names: Mapping[str, str]) -> Verdict:
    outcome: Outcome = "not_evaluated" if answer.reason else "passed" if answer.passed else "failed"
    places = answer.places or tuple(f"nothing for '{names.get(name, name)}'" for name in answer.absent[:MOST_PLACES])
    return Verdict(
        source=source.id, period=str(period), check=one.id, says=one.says, why=one.why, to_do=one.to_do,
        severity=one.severity, outcome=outcome, rows_checked=answer.checked, rows_failed=answer.failed,
        places=places, reason=answer.reason,
    )  # fmt: skip


# What a check is about


def _applies(one: Check, filled: Mapping[str, Any], source: Source, measures: Mapping[str, Measure] | None) -> bool:
    """Can the source, as it is configured, have rows that the check is about, or anything that has to be there?"""
    if filled.get("value_set") == []:
        return False
    kinds = {"figure"} if measures_of(source) else set()
    if topics_of(source) != set():
        kinds.add("narrative")
    if not kinds.intersection(one.where.get("kind", ("figure", "narrative"))):
        return False
    if "statistic" not in one.where or measures is None:
        return True
    return any(measures[name].statistic in one.where["statistic"] for name in measures_of(source) if name in measures)


def _blocked(one: Check, suite: Suite, table: pd.DataFrame) -> str:
    """Why a check cannot be made on this table, or nothing."""
    if table.empty and one.expectation != ROW_COUNT:
        return "There is no row to check."
    for name in columns_named(one):
        if name in table:
            continue
        if name == "statistic":
            return "It is not known which figures are percentages and which are counts."
        return f"The column '{suite.read_from.get(name, name)}' is not there."
    return ""


def _filled(one: Check, source: Source, period: Return) -> dict[str, Any]:
    """The arguments, with what the suite leaves open filled in for this source and period."""
    values: dict[str, Any] = {
        "$first_day": datetime.combine(period.first_day, datetime.min.time()).isoformat(),
        "$last_day": datetime.combine(period.last_day, datetime.max.time().replace(microsecond=0)).isoformat(),
        "$periods": _periods_until(period),
        "$measures": sorted(_measures_due(source, period)),
        "$topics": sorted(topics_of(source) or ()),
        "$known_codes": sorted(source.layout.codes) if isinstance(source.layout, LongCsv) else [],
        "$codes": sorted(_codes_due(source.layout, period)) if isinstance(source.layout, LongCsv) else [],
        **PATTERNS,
    }

    def fill(value: Argument) -> Any:
        if isinstance(value, tuple):
            return [fill(item) for item in value]
        return values[value] if isinstance(value, str) and value.startswith("$") else value

    return {name: fill(value) for name, value in one.arguments.items()}


def _codes_due(layout: LongCsv, period: Return) -> set[str]:
    return set(layout.codes) - (set() if ends_the_year(period) else set(layout.yearly))


def _measures_due(source: Source, period: Return) -> set[str]:
    """The measures that a source carries for this period: some come with the last quarter only."""
    layout = source.layout
    if isinstance(layout, LongCsv):
        return {layout.codes[code] for code in _codes_due(layout, period)}
    if isinstance(layout, Workbook):
        due = [sheet for sheet in layout.sheets if not isinstance(sheet, NarrativeSheet)]
        due = [sheet for sheet in due if ends_the_year(period) or not getattr(sheet, "yearly", False)]
        return {name for sheet in due for name in sheet.rows}
    return measures_of(source)


def _periods_until(period: Return) -> list[str]:
    """Periods for which a source may hold figures by then: from 1 April to the end of this one, and the year itself.

    Yearly figures (a school census, a mid-year estimate) stand in a return before the year has ended.
    """
    year = period.year
    months = [str(month) for month in year.months if month.last_day <= period.last_day]
    quarters = [str(quarter) for quarter in year.quarters if quarter.last_day <= period.last_day]
    to_date = [f"{quarter}-ytd" for quarter in quarters]
    return [*months, *quarters, *to_date, str(year)]


# The table that a suite looks at


def _table(
    source: Source, reading: Reading, suite: Suite, period: Return, measures: Mapping[str, Measure] | None
) -> tuple[pd.DataFrame | None, str]:
    """The table, or why there is none."""
    if reading.state != "read" and (reading.state != "empty" or reading.rows is None):
        return None, WHY_NOT[reading.state]
    table = _observed(reading) if suite.frame == "observations" else _sent(reading)
    if table is None:
        return None, "The reader handed on no table of what was sent."
    if table.columns.duplicated().any():
        return None, "Two columns have the same heading, so it cannot be told which one is meant."
    if isinstance(source.layout, LongCsv) and "code" in table:
        spelled = {plain(code): code for code in source.layout.codes}
        table["code"] = table["code"].map(lambda code: spelled.get(plain(code), code), na_action="ignore")
    for new, name in suite.read_from.items():
        if name in table:
            table[new] = _read_column(table[name], new, suite, source, period)
    _describe(table, source, measures)
    table[ROW] = range(len(table))
    return table, ""


def _observed(reading: Reading) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (o.source, o.area, o.measure, o.period, o.value, o.symbol or None, replace(o.place, file="").words)
        for o in reading.observations
    ]
    table = pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS))
    table["value"] = table["value"].astype("float64")
    return table


def _sent(reading: Reading) -> pd.DataFrame | None:
    """The table as sent, where cells without anything in them are missing; with a workbook's narrative below it."""
    import pandas as pd

    if not isinstance(reading.rows, pd.DataFrame):
        return None
    table = reading.rows
    names = ["topic", "part", "value", "_sheet", "_cell"]
    if reading.narrative and not {"value", "_sheet", "_cell"} - {*table} and "topic" not in table:
        written = [(n.topic, n.part, "\n".join(n.items), n.place.sheet, n.place.cell) for n in reading.narrative]
        table = pd.concat([table, pd.DataFrame(written, columns=names, dtype="str")])
    table = table.reset_index(drop=True)
    for position, name in enumerate(table.columns):
        if not str(name).startswith("_"):
            filled = [None if pd.isna(v) or not str(v).strip() else str(v).strip() for v in table.iloc[:, position]]
            table.isetitem(position, pd.Series(filled, dtype="str"))
    return table


def _read_column(text: pd.Series, new: str, suite: Suite, source: Source, period: Return) -> pd.Series:
    """Read a column's text as the suite asks; what cannot be read is missing."""
    if new in suite.dates:
        return days_of(text)
    if new in suite.numbers:
        return text.map(_number, na_action="ignore").astype("float64")
    if new in suite.holds:
        return text.map(_holds, na_action="ignore").astype("str")
    return text.map(lambda value: _period(value, source, period), na_action="ignore").astype("str")


def _describe(table: pd.DataFrame, source: Source, measures: Mapping[str, Measure] | None) -> None:
    """Add whether each row is a figure or narrative, and its measure's statistic where that is known."""
    narrative = table["topic"].notna() if "topic" in table else [False] * len(table)
    table["kind"] = ["narrative" if yes else "figure" for yes in narrative]
    if measures is None:
        return
    if "measure" in table:
        table["statistic"] = table["measure"].map({id_: measure.statistic for id_, measure in measures.items()})
    elif isinstance(source.layout, LongCsv) and "code" in table:
        known = {code: measures[name].statistic for code, name in source.layout.codes.items() if name in measures}
        table["statistic"] = table["code"].map(known)


# Text read as what it means


def _number(text: str) -> float | None:
    try:
        number = parse(text).number
    except NotAValue:
        return None
    return None if number is None else float(number)


def _holds(text: str) -> str:
    try:
        printed = parse(text)
    except NotAValue:
        return "neither"
    return "symbol" if printed.symbol else "number"


def _period(text: str, source: Source, period: Return) -> str | None:
    if isinstance(source.layout, LongCsv) and says_year_to_date(text, source.layout.year_to_date):
        return year_to_date(period) if is_year_to_date(text, source.layout.year_to_date, period) else None
    found = find_period(text)
    return str(found) if found else None


# Great Expectations


def warm_up() -> None:
    """Import what checking needs, which takes seconds, at a moment when something else has to be waited for anyway."""
    import great_expectations  # noqa: F401
    from great_expectations import expectations  # noqa: F401


def _run(table: pd.DataFrame, checks: Sequence[Check], filled: Mapping[str, Mapping[str, Any]]) -> dict[str, _Answer]:
    """Run the checks, each found again by the id that travels with it: results come in another order."""
    if not checks:
        return {}
    import great_expectations as gx

    for name in ("", ".data_context.types.base"):  # the second has a level of its own
        logging.getLogger(f"great_expectations{name}").setLevel(logging.WARNING)
    try:
        # A context of its own for each table: contexts and batches that are shared between threads mix up their tables.
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        asset = context.data_sources.add_pandas("sent").add_dataframe_asset("table")
        batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": table})
        suite = gx.ExpectationSuite(name="checks", expectations=[_expectation(one, filled[one.id]) for one in checks])
        if len(suite.expectations) != len(checks):
            raise RuntimeError("a check was dropped")
        results = batch.validate(suite, result_format=RESULT_FORMAT).results
    except Exception as error:  # whatever breaks in it, no check may pass for that
        logger.warning("Great Expectations broke off: %s", type(error).__name__)
        return {one.id: _Answer(reason=_broke_off(type(error).__name__)) for one in checks}
    by_id = {result.expectation_config.meta["id"]: result for result in results}  # type: ignore[union-attr]
    answers = {one.id: _Answer(reason=_broke_off("no result")) for one in checks}
    return answers | {one.id: _answer(one, filled[one.id], table, by_id[one.id]) for one in checks if one.id in by_id}


def _expectation(one: Check, arguments: Mapping[str, Any]) -> Any:
    from great_expectations import expectations
    from great_expectations.expectations.row_conditions import Column

    conditions: list[Any] = [Column(name).is_in(list(values)) for name, values in sorted(one.where.items())]
    where = {"row_condition": reduce(operator.and_, conditions)} if conditions else {}
    kind = getattr(expectations, "".join(word.capitalize() for word in one.expectation.split("_")))
    return kind(**arguments, **where, meta={"id": one.id})


def _answer(one: Check, arguments: Mapping[str, Any], table: pd.DataFrame, result: Any) -> _Answer:
    if broken := _exception(result.exception_info):
        return _Answer(reason=_broke_off(broken))
    about = table
    for name, values in one.where.items():
        about = about[about[name].isin(values)]
    if about.empty and one.expectation != ROW_COUNT:
        return _Answer(reason="No row of the kind that this is about came.")
    told = result.result
    if "element_count" in told:
        checked = told["element_count"] - (0 if one.expectation == COMPLETENESS else told.get("missing_count") or 0)
        if not checked:
            return _Answer(reason="Nothing is filled in that could be checked.")
        rows = sorted(_rows(told.get("unexpected_index_list")))
        places = tuple(_place(table.iloc[row]) for row in rows[:MOST_PLACES])
        return _Answer("", bool(result.success), checked, told["unexpected_count"], places)
    if "value_set" in arguments:
        expected = set(arguments["value_set"])
        absent = tuple(sorted(expected - set(about[arguments["column"]])))
        return _Answer("", bool(result.success), len(expected), len(absent), absent=absent)
    return _Answer("", bool(result.success), len(about), 0)


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
