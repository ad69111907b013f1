"""Read official statistics: CSV files in the form of the DfE's explore education statistics.

Belongs here: that form (time period and identifier, geographic level, codes of places), and taking the columns that a
source declares, which differ by name and order between releases. Does not belong here: comparing them with what a
partnership counts (``tasks.reconcile``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from config.layouts import Indicator, OfficialStatistics
from config.model import Area
from config.periods import ReportingYear
from tasks.gather import text
from tasks.gather.collect import Collector, lines
from tasks.gather.labels import plain, quoted
from tasks.model import Reading

if TYPE_CHECKING:
    import pandas as pd

CODES = {"local authority": "new_la_code", "regional": "region_code", "national": "country_code"}
"""Which column has the ONS code of a row's place, by its geographic level."""
LEVELS = {"region": "regional", "nation": "national", "borough": "local authority", "neighbour": "local authority"}
"""At which geographic level a kind of area stands."""
NEEDED = ("time_period", "time_identifier", "geographic_level", *CODES.values())


def year_of(time_period: str, time_identifier: str) -> ReportingYear | None:
    """The reporting year that a row is for, or nothing.

    A four-digit "Reporting year" is the financial year that ends on 31 March of it: 2024 is 2023-24.
    """
    kind = plain(time_identifier)
    if kind == "reporting year" and re.fullmatch(r"[0-9]{4}", time_period):
        return ReportingYear(int(time_period) - 1)
    if kind in ("financial year", "reporting year") and re.fullmatch(r"[0-9]{6}", time_period):
        try:
            return ReportingYear.parse(time_period)
        except ValueError:
            return None
    return None


def read(collect: Collector, layout: OfficialStatistics, data: bytes, areas: Sequence[Area]) -> Reading:
    """Take the declared indicators of the given areas, of every year in the file.

    Raises:
        NotTaken: the file cannot be read, or lacks a column.
    """
    found = text.table(collect, data, ",")
    declared = {name for i in layout.indicators for name in (i.column, *i.where)}
    text.columns(collect, found, {name: (name,) for name in sorted({*NEEDED, *declared})})
    frame = found.frame({heading: at for at, heading in enumerate(found.headings)})
    ours = _ours(collect, frame, areas)
    for indicator in layout.indicators:
        _take(collect, layout, indicator, ours)
    _check_areas(collect, areas, set(frame["geographic_level"].map(plain)))
    return collect.reading(frame)


def _ours(collect: Collector, frame: pd.DataFrame, areas: Sequence[Area]) -> pd.DataFrame:
    """The rows of the areas, with the area and the year of each; rows of other kinds of years become a problem."""
    import pandas as pd

    names = {area.ons_code: area.id for area in areas if area.ons_code}
    level = frame["geographic_level"].map({value: plain(value) for value in frame["geographic_level"].unique()})
    area = pd.Series("", index=frame.index, dtype="str")
    for kind, column in CODES.items():
        area = area.mask(level == kind, frame[column].str.strip())
    ours = frame.assign(_area=area.map(names)).dropna(subset="_area")
    times = ours[["time_period", "time_identifier"]].drop_duplicates()
    years = {(a, b): year_of(a.strip(), b) for a, b in times.itertuples(index=False)}
    ours = ours.assign(
        _year=[
            str(year) if (year := years[pair]) else ""
            for pair in zip(ours["time_period"], ours["time_identifier"], strict=True)
        ]
    )
    yearless = ours.loc[ours["_year"] == "", "_line"].tolist()
    if yearless:
        collect.problem(
            "Some rows are for periods that are no financial years.",
            collect.where(cell=lines(yearless)),
            "They cannot be laid beside a reporting year, so they were left out.",
            "Use the release whose time identifier is 'Reporting year' or 'Financial year'.",
            "look_at",
        )
    return ours[ours["_year"] != ""]


def _take(collect: Collector, layout: OfficialStatistics, indicator: Indicator, ours: pd.DataFrame) -> None:
    rows = ours
    for column, value in indicator.where.items():
        rows = rows[rows[column].map(plain) == plain(value)]
    twice = rows.duplicated(["_area", "_year"], keep=False)
    if twice.any():
        collect.problem(
            f"Several rows of one place and year fit the figure '{indicator.measure}'.",
            collect.where(cell=lines(rows.loc[twice, "_line"])),
            "Nobody can tell which of them is meant, so none was taken.",
            "Say in the source's configuration, under 'where', which category is meant.",
        )
    for row in rows[~twice].to_dict("records"):
        collect.value(
            indicator.measure,
            row["_year"],
            row[indicator.column],
            f"line {row['_line']}, column {indicator.column}",
            area=row["_area"],
            release=layout.release,
        )


def _check_areas(collect: Collector, areas: Sequence[Area], levels: set[str]) -> None:
    """Say of which areas there is nothing; a table that has authorities alone is not asked for the nation."""
    taken = {(observation.area, observation.period) for observation in collect.observations}
    year = str(collect.period.year)
    asked = [area for area in areas if area.ons_code and LEVELS.get(area.kind) in levels]
    missing = [area.name for area in asked if (area.id, year) not in taken]
    if missing and taken:
        collect.problem(
            f"The release has nothing for {quoted(missing)} in {year}.",
            collect.name,
            "Figures of these places cannot be checked against it.",
            "Take the release that covers the year; check the codes of the areas.",
            "look_at",
        )
