"""Read official statistics: CSV files in the form of the DfE's explore education statistics.

Belongs here: that form (time period and identifier, geographic level, codes of places), and taking the columns that a
source declares, which differ by name and order between releases. Does not belong here: comparing them with what a
partnership counts (``tasks.reconcile``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from config.layouts import Indicator, OfficialStatistics
from config.model import Area
from config.periods import ReportingYear
from tasks.gather import text
from tasks.gather.collect import Collector, lines
from tasks.gather.labels import nearest, plain, quoted
from tasks.gather.values import NotAValue, parse
from tasks.model import Reading

if TYPE_CHECKING:
    import pandas as pd

CODES = {"local authority": "new_la_code", "regional": "region_code", "national": "country_code"}
"""Which column has the ONS code of a row's place, by its geographic level."""
NEEDED = ("time_period", "time_identifier", "geographic_level", *CODES.values())
OLD_CODE = "old_la_code"
"""The DfE's three-digit code, which an authority keeps when its ONS code changes. Not every table has it."""
YEARS = ("reporting year", "financial year")
"""Time identifiers of years that may end on 31 March."""
OTHER_YEARS = {"academic year": "academic years", "calendar year": "calendar years"}
"""Those of other twelve months."""


def year_of(time_period: str, time_identifier: str) -> ReportingYear | None:
    """The reporting year that a row is for, or nothing.

    A four-digit "Reporting year" is the financial year that ends on 31 March of it: 2024 is 2023-24.
    """
    kind = plain(time_identifier)
    if kind == "reporting year" and re.fullmatch(r"[0-9]{4}", time_period):
        return ReportingYear(int(time_period) - 1)
    if kind in YEARS and re.fullmatch(r"[0-9]{6}", time_period):
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
    declared = {name for i in layout.indicators for name in (i.column, *i.where)}
    wanted = {name: (name,) for name in sorted({*NEEDED, *declared})}
    found = text.table(collect, data, ",", wanted)
    names = {place: name for name, place in text.columns(collect, found, wanted).items()}
    frame = found.frame({names.get(place, heading): place for place, heading in enumerate(found.headings)})
    frame = _described(frame, layout)
    ours = _ours(collect, frame, areas)
    for indicator in layout.indicators:
        _take(collect, layout, indicator, frame, ours)
    _check_areas(collect, [area for area in areas if area.id in layout.areas or not layout.areas])
    return collect.reading(frame)


def _each(column: pd.Series, read_one: Callable[[str], object]) -> pd.Series:
    """Read each different text of a column once: a table has the same few thousand over and over."""
    return column.map({text: read_one(text) for text in column.unique()})


def _described(frame: pd.DataFrame, layout: OfficialStatistics) -> pd.DataFrame:
    """Stand beside each line what it is about, in columns with the same names for every table."""
    level = _each(frame["geographic_level"], plain)
    code = frame["time_period"].where(level.isna())
    for kind, column in CODES.items():
        code = code.mask(level == kind, frame[column].str.strip())
    times = frame[["time_period", "time_identifier"]].drop_duplicates()
    years = {pair: year_of(pair[0].strip(), pair[1]) for pair in times.itertuples(index=False, name=None)}
    pairs = zip(frame["time_period"], frame["time_identifier"], strict=True)
    categories = sorted({name for indicator in layout.indicators for name in indicator.where})
    category = frame["time_period"].where(level.isna(), "all")
    for name in categories:
        category = category + " | " + _each(frame[name], plain)
    return frame.assign(
        _code=code.replace("", None),
        _year=[str(year) if (year := years[pair]) else None for pair in pairs],
        _category=category,
        **_figures(frame, sorted({indicator.column for indicator in layout.indicators})),
    )


def _figures(frame: pd.DataFrame, columns: Sequence[str]) -> dict[str, pd.Series]:
    """What the figures of each line hold, and the smallest of them.

    The worst counts: one that is empty (missing), that is neither a number nor a symbol, a symbol, a number.
    """
    import pandas as pd

    ranks = pd.DataFrame({name: _each(frame[name], _rank) for name in columns})
    held = ranks.max(axis="columns").map(dict(enumerate(("number", "symbol", "neither", None))))
    numbers = pd.DataFrame({name: _each(frame[name], _number) for name in columns}).astype("float64")
    lowest = numbers.min(axis="columns")
    return {"_held": held, "_lowest": lowest.map(lambda number: f"{number:f}", na_action="ignore")}


def _rank(written: str) -> int:
    try:
        printed = parse(written)
    except NotAValue:
        return 2
    return 3 if printed.is_blank else 1 if printed.symbol else 0


def _number(written: str) -> Decimal | None:
    try:
        return parse(written).number
    except NotAValue:
        return None


def _ours(collect: Collector, frame: pd.DataFrame, areas: Sequence[Area]) -> pd.DataFrame:
    """The lines of the areas, with the area of each; lines of other kinds of years become a problem.

    An area is found by its ONS code; in years in which it had another one, by its three-digit code.
    """
    area = frame["_code"].map({area.ons_code: area.id for area in areas if area.ons_code}).astype("str")
    if OLD_CODE in frame:
        old_code = frame[OLD_CODE].str.strip().where(_each(frame["geographic_level"], plain) == "local authority")
        area = area.fillna(
            old_code.map({area.old_la_code: area.id for area in areas if area.old_la_code}).astype("str")
        )
    ours = frame.assign(_area=area).dropna(subset="_area")
    yearless = ours[ours["_year"].isna()]
    if len(yearless):
        kinds = sorted({plain(kind) for kind in yearless["time_identifier"].unique()} & OTHER_YEARS.keys())
        said = f"{' and '.join(OTHER_YEARS[kind] for kind in kinds)}, which are" if kinds else "periods that are"
        collect.problem(
            f"Some rows are for {said} no financial years.",
            collect.where(cell=lines(yearless["_line"])),
            "They cannot be laid beside a reporting year, so they were left out.",
            "Use the release whose time identifier is 'Reporting year' or 'Financial year'.",
            "look_at",
        )
    return ours[ours["_year"].notna()]


def _take(
    collect: Collector, layout: OfficialStatistics, indicator: Indicator, frame: pd.DataFrame, ours: pd.DataFrame
) -> None:
    rows = ours
    for column, value in indicator.where.items():
        rows = rows[_each(rows[column], plain) == plain(value)]
        _check_category(collect, indicator, column, value, frame)
    twice = rows.duplicated(["_area", "_year"], keep=False)
    if twice.any():
        collect.problem(
            f"Several rows of one place and year fit the figure '{indicator.measure}'.",
            collect.where(cell=lines(rows.loc[twice, "_line"])),
            "Nobody can tell which of them is meant, so none was taken.",
            "Say in the source's configuration, under 'where', which category is meant.",
        )
    rows = rows[~twice]
    for area, year, value, line in zip(
        rows["_area"], rows["_year"], rows[indicator.column], rows["_line"], strict=True
    ):
        cell = f"line {line}, column {indicator.column}"
        collect.value(indicator.measure, year, value, cell, area=area, release=layout.release)


def _check_category(collect: Collector, indicator: Indicator, column: str, value: str, frame: pd.DataFrame) -> None:
    """Categories are renamed from release to release, as columns are; then nothing would be found, without a word."""
    categories = sorted(frame[column].unique())
    if plain(value) in {plain(category) for category in categories}:
        return
    close = nearest(value, categories)
    collect.problem(
        f"No row has the category '{value}', by which the figure '{indicator.measure}' is found.",
        collect.where(cell=f"column {column}"),
        "The figure is missing from what the partnership's own is compared with.",
        "Put the category's new name into the source's layout."
        + (f" '{value}' may be the category now called '{close}'." if close else ""),
    )


def _check_areas(collect: Collector, areas: Sequence[Area]) -> None:
    taken = {(observation.area, observation.period) for observation in collect.observations}
    year = str(collect.period.year)
    missing = [area.name for area in areas if area.ons_code and (area.id, year) not in taken]
    if missing and taken:
        collect.problem(
            f"The release has nothing for {quoted(missing)} in {year}.",
            collect.name,
            "Figures of these places cannot be checked against it.",
            "Take the release that covers the year; check the codes of the areas.",
            "look_at",
        )
