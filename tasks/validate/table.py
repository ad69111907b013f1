"""What table does a suite look at? The rows that were sent, or the observations read from them.

Belongs here: turning a reading into one frame, and reading the text of its columns as the suite asks.
Does not belong here: running a suite over it (``tasks.validate.answers``), and what stands beside observations
(``tasks.validate.beside``).

Whatever has to be done to each text is done once for each different text: a table of every authority in England has
the same few thousand over and over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from config.layouts import LongCsv, Source
from config.model import Measure
from config.periods import Return
from expectations.suite import NUMBERS, OBSERVATION_COLUMNS, Check, Suite
from tasks.gather.days import days_of
from tasks.gather.labels import plain
from tasks.gather.stated import find_period, is_year_to_date, says_year_to_date, year_to_date
from tasks.gather.values import NotAValue, parse
from tasks.model import Observation, Reading
from tasks.validate.beside import columns_beside

if TYPE_CHECKING:
    import pandas as pd


def table_of(
    source: Source,
    reading: Reading,
    suite: Suite,
    period: Return,
    measures: Mapping[str, Measure] | None,
    before: Sequence[Observation],
) -> tuple[pd.DataFrame | None, str]:
    """The table, or why there is none; its index numbers its rows.

    ``before`` is what the same source gave for the period before.
    """
    if suite.frame == "observations":
        table: pd.DataFrame | None = _observed(reading, period, measures or {}, before)
    else:
        table = _sent(reading)
    if table is None:
        return None, "The reader handed on no table of what was sent."
    if table.columns.duplicated().any():
        return None, "Two columns have the same heading, so it cannot be told which one is meant."
    if isinstance(source.layout, LongCsv) and "code" in table:
        spelled = {plain(code): code for code in source.layout.codes}
        table["code"] = each(table["code"], lambda code: spelled.get(plain(code), code))
    for new, name in suite.read_from.items():
        if name in table:
            table[new] = _read_column(table[name], new, suite, source, period)
    _describe(table, source, measures)
    return table, ""


def rows_about(table: pd.DataFrame, one: Check) -> pd.DataFrame:
    """The rows that a check is about."""
    for name, values in one.where.items():
        table = table[table[name].isin(values)]
    for name, least in one.at_least.items():
        table = table[table[name] >= least]
    return table


def each(column: pd.Series, read: Callable[[str], object]) -> pd.Series:
    """Read each different text of a column once; what is missing stays missing."""
    return column.map({text: read(text) for text in column.dropna().unique()})


def _observed(
    reading: Reading, period: Return, measures: Mapping[str, Measure], before: Sequence[Observation]
) -> pd.DataFrame:
    import pandas as pd

    seen = reading.observations
    rows = [(o.source, o.area, o.measure, o.period, o.value, o.symbol or None, _place(o, measures)) for o in seen]
    table = pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS))
    statistics = {id_: measure.statistic for id_, measure in measures.items()}
    for name, values in columns_beside(seen, period, statistics, before).items():
        table[name] = values
    for name in NUMBERS:
        if name in table:
            table[name] = table[name].astype("float64")
    return table


def _place(one: Observation, measures: Mapping[str, Measure]) -> str:
    """Where a figure stands; one that was counted from rows stands nowhere, and is called by its name."""
    if one.how:
        return f"the figure '{measures[one.measure].title if one.measure in measures else one.measure}'"
    return replace(one.place, file="").words


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
            text = table.iloc[:, position].astype("str").str.strip()
            table.isetitem(position, text.where(text != ""))
    return table


def _read_column(text: pd.Series, new: str, suite: Suite, source: Source, period: Return) -> pd.Series:
    """Read a column's text as the suite asks; what cannot be read is missing."""
    if new in suite.dates:
        return days_of(text)
    if new in suite.numbers:
        return each(text, _number).astype("float64")
    if new in suite.holds:
        return each(text, _holds).astype("str")
    return each(text, lambda value: _period(value, source, period)).astype("str")


def _describe(table: pd.DataFrame, source: Source, measures: Mapping[str, Measure] | None) -> None:
    """Add whether each row is a figure or narrative, and its measure's statistic where that is known."""
    narrative: Iterable[bool] = table["topic"].notna() if "topic" in table else [False] * len(table)
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
