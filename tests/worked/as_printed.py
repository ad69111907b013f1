"""The published report as a source of its own: what it prints, in which words, with which sources named.

Belongs here: facts of the report's pages that no return of the sample has. Does not belong here: any rule.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

from config.layouts import LongCsv, Source
from config.model import FigureGroup, Section
from config.partnership import Partnership, label_refs
from tasks.model import GatheredFile, Observation, Place, Reading
from tests import pure_year

with (pure_year.ROOT / "tests/facts/published_figures.csv").open(encoding="utf-8", newline="") as lines:
    ROWS = tuple(csv.DictReader(lines))
OPENS = "Throughout {period_words} there were approximately"
"""How both snapshots open."""
SNAPSHOTS = {"hartlepool-snapshot": ("H20", "H47"), "stockton-snapshot": ("S30", "S51")}
"""Each snapshot's first and last figure, in the order of its page."""
WITHOUT_PERIOD = ("training", "communication")
SOURCES = {"S31": "End Child Poverty, May 2021"}
"""Where a snapshot's figure names its source."""


def told() -> pure_year.Told:
    """What the rules say of the report itself."""
    ours = pure_year.partnership()
    areas = dict.fromkeys(row["figure"].partition(".")[0] for row in ROWS)
    readings = [(_file(area), Reading(observations=tuple(_observations(area)))) for area in areas]
    p = replace(
        ours, sources={f"printed-{area}": _source(ours, area) for area in areas}, sections=tuple(_sections(ours))
    )
    rules = tuple(one for one in p.rules if one.kind != "cadence")
    return pure_year.reconciled(replace(p, rules=rules), readings)


def _file(area: str) -> GatheredFile:
    return GatheredFile(f"printed-{area}", "annual report", "", f"printed-{area}", 1, str(pure_year.YEAR))


def _observations(area: str) -> list[Observation]:
    return [
        Observation(
            source=f"printed-{area}",
            area=area,
            measure=row["figure"].partition(".")[2],
            period=str(pure_year.YEAR),
            value=Decimal(row["value"]),
            symbol="",
            place=Place("annual report", f"printed-{area}", "", row["report_id"]),
            note=SOURCES.get(row["report_id"], ""),
        )
        for row in ROWS
        if row["figure"].startswith(f"{area}.")
    ]


def _source(p: Partnership, area: str) -> Source:
    codes = {row["report_id"]: row["figure"].partition(".")[2] for row in ROWS if row["figure"].startswith(f"{area}.")}
    layout = LongCsv(layout="long_csv", area=area, code=("Code",), period=("Period",), value=("Value",), codes=codes)
    return Source(
        id=f"printed-{area}",
        title=f"The report on {p.areas[area].name}",
        sender="business-unit",
        owner="business-unit",
        every="year",
        due_days=0,
        files=(f"printed-{area}",),
        suite="borough-long-csv",
        layout=layout,
    )


def _sections(p: Partnership) -> list[Section]:
    """The sections with the words and the order of the published pages."""
    return [
        _as_printed(p, section)
        if section.id in SNAPSHOTS
        else section.model_copy(update={"intro": ""})
        if section.id in WITHOUT_PERIOD
        else section
        for section in p.sections
    ]


def _as_printed(p: Partnership, section: Section) -> Section:
    ids = [row["report_id"] for row in ROWS]
    first, last = (ids.index(one) for one in SNAPSHOTS[section.id])
    refs = [row["figure"] for row in ROWS[first : last + 1]]
    inside = {
        f"{ref.partition('.')[0]}.{name}"
        for ref in refs
        for name in label_refs(p.measures[ref.partition(".")[2]].label)
    }
    figures = tuple(dict.fromkeys(ref for ref in refs if ref not in inside))
    groups = (FigureGroup(heading="Snapshot", figures=figures),)
    return section.model_copy(update={"intro": OPENS, "headline": (), "groups": groups})
