"""What does a check ask of this source and period, and can it be asked at all?

Belongs here: filling in what a suite leaves open, which checks a source can have by its configuration, and why one
cannot be made on a table. Does not belong here: making them (``tasks.validate.answers``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from config.layouts import Form, LongCsv, MonthsSheet, NarrativeSheet, OfficialStatistics, Source, Workbook
from config.model import Area, Measure
from config.partnership import measures_of, topics_of
from config.periods import Quarter, Return
from expectations.suite import FROM_BEFORE, PATTERNS, ROW_COUNT, Argument, Check, Suite, columns_named
from tasks.gather.stated import ends_the_year
from tasks.model import Observation
from tasks.validate.beside import Before
from tasks.validate.table import rows_about

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Asked:
    """For whom a suite is run: the source and period, and what the partnership knows of them."""

    source: Source
    suite: Suite
    period: Return
    measures: Mapping[str, Measure] | None = None
    areas: Sequence[Area] = ()
    before: Before | None = None

    @property
    def observed_before(self) -> tuple[Observation, ...]:
        """What this source gave for the period before."""
        return tuple(o for o in self.before.observations if o.source == self.source.id) if self.before else ()


def applies(one: Check, filled: Mapping[str, Any], asked: Asked) -> bool:
    """Can the source, as it is configured, have rows that the check is about, or anything that has to be there?"""
    source, measures = asked.source, asked.measures
    if filled.get("value_set") == []:
        return False
    kinds = {"figure"} if measures_of(source) else set()
    if topics_of(source) != set() and asked.suite.frame == "rows":
        kinds.add("narrative")
    if not kinds.intersection(one.where.get("kind", ("figure", "narrative"))):
        return False
    if "span" in one.where and not _spans(source).intersection(one.where["span"]):
        return False
    if "statistic" not in one.where or measures is None:
        return True
    return any(measures[name].statistic in one.where["statistic"] for name in measures_of(source) if name in measures)


def blocked(one: Check, filled: Mapping[str, Any], table: pd.DataFrame, asked: Asked) -> str:
    """Why a check cannot be made on this table, or nothing."""
    if table.empty and one.expectation != ROW_COUNT:
        return "There is no row to check."
    for name in columns_named(one):
        if name in table:
            continue
        if name == "statistic":
            return "It is not known which figures are percentages and which are counts."
        return f"The column '{asked.suite.read_from.get(name, name)}' is not there."
    if None in filled.values():
        return _nothing_before(asked)
    for name in columns_named(one) if asked.suite.frame == "observations" else ():
        if name in FROM_BEFORE and rows_about(table, one.model_copy(update={"at_least": {}}))[name].isna().all():
            return _nothing_before(asked, name)
    if not rows_about(table, one).empty or one.expectation == ROW_COUNT:
        return ""
    if one.at_least and not rows_about(table, one.model_copy(update={"at_least": {}})).empty:
        return "No number is large enough for a share of it to mean anything."
    return "No row of the kind that this is about came."


def _nothing_before(asked: Asked, column: str = "") -> str:
    earlier = asked.period.before
    noun = "quarter" if isinstance(asked.period, Quarter) else "year"
    if column == "to_date_before" and isinstance(asked.period, Quarter) and asked.period.number == 1:
        return "The year to date begins with this quarter."
    if asked.before is None:
        return f"Nothing is kept of the {noun} before, {earlier.words}, so there is nothing to compare with."
    if not asked.observed_before:
        return f"Nothing came from this source for the {noun} before, {earlier.words}."
    return f"Nothing that could be compared came for both this {noun} and the one before, {earlier.words}."


def _spans(source: Source) -> set[str]:
    """What the source's figures can be for."""
    layout = source.layout
    if isinstance(layout, LongCsv):
        return {"month", "quarter"} | ({"to_date"} if layout.year_to_date else set())
    if isinstance(layout, Workbook) and any(isinstance(sheet, MonthsSheet) for sheet in layout.sheets):
        return {"month", "quarter", "to_date"}
    return {"quarter"} if source.every == "quarter" else {"year"}


# What a suite leaves open


def fill(one: Check, asked: Asked) -> dict[str, Any]:
    """The arguments, with what the suite leaves open filled in; ``None`` where that is not known."""
    source, period = asked.source, asked.period
    layout = source.layout
    values: dict[str, Any] = {
        "$first_day": datetime.combine(period.first_day, datetime.min.time()).isoformat(),
        "$last_day": datetime.combine(period.last_day, datetime.max.time().replace(microsecond=0)).isoformat(),
        "$year": str(period.year),
        "$periods": _periods_until(period),
        "$figures": sorted({f"{area}.{measure}" for area, measure in _figures_due(asked)}),
        "$topics": sorted(topics_of(source) or ()),
        "$known_codes": sorted(layout.codes) if isinstance(layout, LongCsv) else [],
        "$rows_before": asked.before.rows.get(source.id) if asked.before else None,
        **PATTERNS,
    }

    def filled(value: Argument) -> Any:
        if isinstance(value, tuple):
            return [filled(item) for item in value]
        return values[value] if isinstance(value, str) and value.startswith("$") else value

    return {name: filled(value) for name, value in one.arguments.items()}


def _codes_due(layout: LongCsv, period: Return) -> set[str]:
    return set(layout.codes) - (set() if ends_the_year(period) else set(layout.yearly))


def _figures_due(asked: Asked) -> Iterator[tuple[str, str]]:
    """The figures that a source carries for this period, by area and measure: some come with the last quarter only."""
    layout = asked.source.layout
    if isinstance(layout, OfficialStatistics):
        areas = layout.areas or [area.id for area in asked.areas if area.ons_code]
        yield from ((area, one.measure) for area in areas for one in layout.indicators)
    elif isinstance(layout, LongCsv):
        yield from ((layout.area, layout.codes[code]) for code in _codes_due(layout, asked.period))
    elif isinstance(layout, Workbook):
        for sheet in layout.sheets:
            if isinstance(sheet, NarrativeSheet) or not _comes(sheet, asked.period):
                continue
            yield from ((sheet.area or layout.area, name) for name in sheet.rows)
    elif isinstance(layout, Form):
        yield from ((layout.area, name) for name in layout.figures)
    else:
        yield from ((layout.area, count.measure) for count in layout.counts)


def _comes(sheet: object, period: Return) -> bool:
    return ends_the_year(period) or not getattr(sheet, "yearly", False)


def _periods_until(period: Return) -> list[str]:
    """Periods for which a source may hold figures by then: from 1 April to the end of this one, and the year itself.

    Yearly figures (a school census, a mid-year estimate) stand in a return before the year has ended.
    """
    year = period.year
    months = [str(month) for month in year.months if month.last_day <= period.last_day]
    quarters = [str(quarter) for quarter in year.quarters if quarter.last_day <= period.last_day]
    to_date = [f"{quarter}-ytd" for quarter in quarters]
    return [*months, *quarters, *to_date, str(year)]
