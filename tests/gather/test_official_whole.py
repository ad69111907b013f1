"""The DfE's own tables, whole: all of England is read in one go and checked, and nothing is found but what is so."""

import csv
import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from config.layouts import Source
from config.model import Area, Measure
from config.periods import ReportingYear
from expectations.load import load_suites
from tasks.gather import read
from tasks.gather.values import parse
from tasks.model import Reading, Verdict
from tasks.validate import check_source
from tests.gather.files import source

FILES = Path(__file__).parents[3] / "shared" / "official-statistics"
YEAR = ReportingYear(2023)
CODES = {"Local authority": "new_la_code", "Regional": "region_code", "National": "country_code"}
KINDS = {"Local authority": "borough", "Regional": "region", "National": "nation"}
PLACES = ("time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
          "region_name", "old_la_code", "new_la_code", "la_name")  # fmt: skip

TABLES = {
    # file: columns of categories; the others are figures
    "b1_children_in_need_2013_to_2025.csv": ("category",),
    "c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv": ("category",),
    "cla_number_and_rate_per_10k_children_release_2024.csv": ("population_count",),
    "cla_number_and_rate_per_10k_children_release_2025.csv": ("population_type",),
}
each_table = pytest.mark.parametrize("name", TABLES, ids=[name[:30] + name[-8:-4] for name in TABLES])


@cache
def lines_of(name: str) -> list[dict[str, str]]:
    if not (FILES / name).exists():
        pytest.skip(f"the DfE's file {name} is not beside this project")
    return list(csv.DictReader(io.StringIO((FILES / name).read_text(encoding="utf-8-sig"))))


def figures_of(name: str) -> list[str]:
    return [column for column in lines_of(name)[0] if column not in (*PLACES, *TABLES[name])]


def areas_of(name: str) -> list[Area]:
    """Every place of the table under the code that it has last, as a partnership would configure it."""
    found: dict[str, Area] = {}
    for line in sorted(lines_of(name), key=lambda line: line["time_period"]):
        level = line["geographic_level"]
        code, old = line[CODES[level]], line["old_la_code"] if level == "Local authority" else ""
        id_ = f"{KINDS[level]}-{(old or code).lower()}"
        place = line["la_name"] or line["region_name"] or line["country_name"]
        found[id_] = Area(id=id_, name=place, short_name=place, kind=KINDS[level], ons_code=code, old_la_code=old)  # type: ignore[arg-type]
    return list(found.values())


def indicators_of(name: str) -> list[dict[str, Any]]:
    category = TABLES[name][0]
    values = sorted({line[category] for line in lines_of(name)})
    return [
        {"measure": f"figure_{n}_{column}".lower()[:40], "column": column, "where": {category: value}}
        for n, value in enumerate(values)
        for column in figures_of(name)
    ]


def measure(one: dict[str, Any]) -> Measure:
    column = one["column"]
    statistic = "percentage" if column.endswith("percent") else "rate" if "rate" in column else "flow"
    statistic = "stock" if column in ("At31_episodes", "population_estimate") else statistic
    words = {"title": column, "label": column, "unit": "things", "definition": column, "polarity": "neither"}
    return Measure.model_validate(
        {"id": one["measure"], "statistic": statistic, "counts_persons": False, "areas": ["all"], **words}
    )


@cache
def read_whole(name: str) -> tuple[Source, list[Area], Reading]:
    layout = {"layout": "official_statistics", "release": "A release", "released": "2024-10", "licence": "OGL v3.0"}
    of = source(layout | {"indicators": indicators_of(name)}, every="year", suite="official-statistics")
    areas = areas_of(name)
    return of, areas, read(of, (FILES / name).read_bytes(), name, YEAR, areas=areas)


@cache
def checked(name: str) -> list[Verdict]:
    of, areas, reading = read_whole(name)
    measures = {one["measure"]: measure(one) for one in indicators_of(name)}
    return check_source(of, reading, load_suites(), YEAR, measures, areas, None)


@each_table
def test_every_figure_of_every_place_is_read_and_nothing_is_lost(name: str) -> None:
    _, areas, reading = read_whole(name)
    lines, columns = lines_of(name), figures_of(name)
    assert len(areas) >= 160
    assert len(reading.observations) == len(lines) * len(columns)
    shown = sum((o.value for o in reading.observations if o.value is not None), start=0)
    there = [parse(line[column]).number for line in lines for column in columns]
    assert shown == sum((number for number in there if number is not None), start=0)


@each_table
def test_nothing_is_called_wrong_that_is_right(name: str) -> None:
    _, areas, reading = read_whole(name)
    gone = [
        area.name for area in areas if (area.id, str(YEAR)) not in {(o.area, o.period) for o in reading.observations}
    ]
    assert len(gone) <= 8  # counties that were divided before that year, and what they were divided into after it
    assert [p.what for p in reading.problems if "has nothing for" not in p.what] == []
    verdicts = {v.check: v for v in checked(name)}
    assert {v.check for v in verdicts.values() if v.outcome == "failed"} == {"figures-shown", "little-moved"}
    assert {v.severity for v in verdicts.values() if v.outcome == "failed"} == {"information"}
    assert [(v.check, v.reason) for v in verdicts.values() if v.outcome == "not_evaluated"] == []


@each_table
def test_it_is_said_what_is_hidden(name: str) -> None:
    hidden = [n for n, line in enumerate(lines_of(name), 2) if any(parse(line[c]).symbol for c in figures_of(name))]
    [verdict] = [v for v in checked(name) if v.check == "figures-shown"]
    assert (verdict.rows_failed, verdict.rows_checked) == (len(hidden), len(lines_of(name)))
    assert verdict.places == tuple(f"line {n}" for n in hidden[:20])


FAULTS = [
    # a fault put into the whole table, the check that finds it
    ("an authority's code that lost a nought", "E06000001", "E6000001", "authorities-coded"),
    ("a year that a spreadsheet program rewrote", "2024,Reporting year", "31/03/2024,Reporting year", "times-readable"),
    ("calendar years", "2024,Reporting year", "2024,Calendar year", "years-end-in-march"),
    ("a figure that is words", ",c,", ",not shown,", "figures-are-figures"),
    ("an empty figure", ",c,", ",,", "figures-there"),
    ("a figure that is -99", ",c,", ",-99,", "none-below-nought"),
]


@pytest.mark.parametrize(("right", "wrong", "check"), [f[1:4] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_in_the_whole_table_is_found_in_every_line_that_has_it(right: str, wrong: str, check: str) -> None:
    name = next(iter(TABLES))
    of, areas, _ = read_whole(name)
    lines = (FILES / name).read_text(encoding="utf-8-sig").splitlines()
    faulty = [line.replace(right, wrong) for line in lines]
    changed = sum(one != other for one, other in zip(lines, faulty, strict=True))
    reading = read(of, "\n".join(faulty).encode(), name, YEAR, areas=areas)
    measures = {one["measure"]: measure(one) for one in indicators_of(name)}
    verdicts = check_source(of, reading, load_suites(), YEAR, measures, areas, None)
    [verdict] = [v for v in verdicts if v.check == check]
    assert (verdict.outcome, verdict.rows_failed) == ("failed", changed)
    assert changed > 1
