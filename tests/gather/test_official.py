"""Official statistics are read from the DfE's own files, whose columns change from release to release."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from config.layouts import Source
from config.model import Area
from config.periods import ReportingYear
from tasks.gather import read
from tasks.gather.official import year_of
from tasks.model import Reading
from tests.gather.files import YEAR, source, text, whats

FILES = Path(__file__).parents[3] / "shared" / "official-statistics"
AREAS = [
    Area(id="hartlepool", name="Hartlepool", short_name="Hartlepool", kind="borough", ons_code="E06000001"),
    Area(id="stockton", name="Stockton-on-Tees", short_name="Stockton", kind="borough", ons_code="E06000004"),
    Area(id="north-east", name="North East", short_name="North East", kind="region", ons_code="E12000001"),
    Area(id="england", name="England", short_name="England", kind="nation", ons_code="E92000001"),
    Area(id="partnership", name="The partnership", short_name="Both", kind="partnership"),
]


def official(*indicators: dict[str, Any]) -> Source:
    return source({
        "layout": "official_statistics", "release": "A release", "released": "2024-10", "licence": "OGL v3.0",
        "indicators": list(indicators),
    }, every="year")  # fmt: skip


def read_year(of: Source, data: bytes) -> Reading:
    return read(of, data, "release.csv", YEAR, areas=AREAS)


def values(reading: Reading, measure: str) -> dict[str, Decimal | str | None]:
    return {o.area: o.symbol or o.value for o in reading.observations if (o.measure, o.period) == (measure, "2023-24")}


# The DfE's own files

REAL = [
    # file, column, where, what it has for the year to 31 March 2024: Hartlepool and Stockton-on-Tees
    ("c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv", "referral_count", {}, 2190, 4031),
    ("c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv", "rereferral_percent", {}, "24.9", "30.3"),
    ("b1_children_in_need_2013_to_2025.csv", "At31_episodes", {}, 1487, 2395),
    ("cla_number_and_rate_per_10k_children_release_2024.csv", "number",
     {"population_count": "Children looked after at 31 March each year"}, 334, None),
    ("cla_number_and_rate_per_10k_children_release_2025.csv", "children_count",
     {"population_type": "Children looked after on 31 March each year"}, 336, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "column", "where", "hartlepool", "stockton"), REAL, ids=[f"{r[0][:22]} {r[1]}" for r in REAL]
)
def test_the_boroughs_figures_of_2024(
    file: str, column: str, where: dict[str, str], hartlepool: object, stockton: object
) -> None:
    if not (FILES / file).exists():
        pytest.skip(f"the DfE's file {file} is not beside this project")
    reading = read_year(official({"measure": "figure", "column": column, "where": where}), (FILES / file).read_bytes())
    found = values(reading, "figure")
    assert found["hartlepool"] == Decimal(str(hartlepool))
    assert stockton is None or found["stockton"] == Decimal(str(stockton))
    assert set(found) == {"hartlepool", "stockton", "north-east", "england"}
    assert len({o.period for o in reading.observations}) >= 5
    assert (reading.state, {o.release for o in reading.observations}) == ("read", {"A release"})


# Files of the same form

HEAD = "time_period,time_identifier,geographic_level,country_code,region_code,new_la_code,kind,count"
ROWS = (
    "2024,Reporting year,National,E92000001,,,all,1000",
    "2024,Reporting year,Regional,E92000001,E12000001,,all,100",
    "2024,Reporting year,Regional,E92000001,E12000002,,all,77",  # another region
    "2024,Reporting year,Local authority,E92000001,E12000001,E06000001,all,10",
    "2024,Reporting year,Local authority,E92000001,E12000001,E06000004,all,c",
    "2024,Reporting year,Local authority,E92000001,E12000001,E06000002,all,55",  # another borough
    "2023,Reporting year,Local authority,E92000001,E12000001,E06000001,all,9",
    "202223,Financial year,Local authority,E92000001,E12000001,E06000004,all,8",
)
COUNT = official({"measure": "figure", "column": "count", "where": {"kind": "All"}})


def test_rows_of_the_areas_are_taken_by_their_level_and_code() -> None:
    reading = read_year(COUNT, text(HEAD, *ROWS))
    assert values(reading, "figure") == {"england": 1000, "north-east": 100, "hartlepool": 10, "stockton": "c"}
    place = next(o.place for o in reading.observations if o.area == "hartlepool")
    assert (place.cell, whats(reading)) == ("line 5, column count", "")


def test_a_byte_order_mark_is_no_part_of_a_heading() -> None:
    reading = read_year(COUNT, text(HEAD, *ROWS, encoding="utf-8-sig"))
    assert (len(reading.observations), list(reading.rows)[0]) == (6, "time_period")


def test_headings_mean_the_same_in_other_capitals() -> None:
    shouted = read_year(COUNT, text(HEAD.upper(), *ROWS))
    assert values(shouted, "figure") == values(read_year(COUNT, text(HEAD, *ROWS)), "figure")


def test_every_year_in_the_file_is_taken() -> None:
    reading = read_year(COUNT, text(HEAD, *ROWS))
    assert {(o.area, o.value) for o in reading.observations if o.period == "2022-23"} == {
        ("hartlepool", 9),
        ("stockton", 8),
    }


OLD = HEAD.replace("new_la_code", "new_la_code,old_la_code")


def test_an_authority_is_found_by_its_old_code_in_years_in_which_it_had_another_new_one() -> None:
    areas = [
        Area(id="county", name="County", short_name="County", kind="borough", ons_code="E06000065", old_la_code="815")
    ]
    line = "{},Reporting year,{},E92000001,E12000003,{},815,all,{}".format
    data = text(
        OLD,
        line(2024, "Local authority", "E06000065", 10),
        line(2023, "Local authority", "E10000023", 9),  # before it became a unitary authority
        line(2023, "Regional", "", 100),  # a code that stands in a line of another level is no authority's
    )
    reading = read(COUNT, data, "release.csv", YEAR, areas=areas)
    assert [(o.period, o.value) for o in reading.observations] == [("2023-24", 10), ("2022-23", 9)]


def test_of_two_areas_the_one_with_the_new_code_has_the_line() -> None:
    kinds = {"kind": "borough", "short_name": "One"}
    areas = [
        Area(id="whole", name="Whole", ons_code="E10000021", old_la_code="928", **kinds),
        Area(id="part", name="Part", ons_code="E06000061", old_la_code="928", **kinds),
    ]
    data = text(OLD, "2024,Reporting year,Local authority,E92000001,E12000004,E10000021,928,all,7")
    assert [o.area for o in read(COUNT, data, "release.csv", YEAR, areas=areas).observations] == ["whole"]


def test_a_category_that_was_renamed_is_said_with_the_name_it_may_have_now() -> None:
    at = official(
        {"measure": "started", "column": "count", "where": {"kind": "Children starting each year"}},
        {"measure": "looked_after", "column": "count", "where": {"kind": "Children looked after at 31 March"}},
    )
    rows = [row.replace(",all,", ",Children looked after on 31 March,") for row in ROWS[:5]]
    rows += [row.replace(",all,", ",Children starting each year,") for row in ROWS[:5]]
    reading = read_year(at, text(HEAD, *rows))
    [problem] = reading.problems
    assert "No row has the category 'Children looked after at 31 March'" in problem.what
    assert "may be the category now called 'Children looked after on 31 March'" in problem.to_do
    assert {o.measure for o in reading.observations} == {"started"}


SYMBOLS = ["c", "k", "low", "u", "x", "z", ":", "~"]


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_symbol_of_the_form_stays_a_symbol(symbol: str) -> None:
    reading = read_year(COUNT, text(HEAD, ROWS[0], ROWS[3].replace(",10", f",{symbol}")))
    assert values(reading, "figure")["hartlepool"] == symbol
    assert reading.rows["_held"].tolist() == ["number", "symbol"]


YEARS = [
    ("2024", "Reporting year", ReportingYear(2023)),
    ("202324", "Financial year", ReportingYear(2023)),
    ("202324", "Reporting year", ReportingYear(2023)),
    ("202325", "Financial year", None),
    ("2024", "Calendar year", None),
    ("2024", "Financial year", None),  # which of the two years it names?
    ("202324", "Academic year", None),
    ("", "Reporting year", None),
]


@pytest.mark.parametrize(("period", "identifier", "year"), YEARS, ids=[f"{y[1]} {y[0]}" for y in YEARS])
def test_which_year_a_row_is_for(period: str, identifier: str, year: ReportingYear | None) -> None:
    assert year_of(period, identifier) == year


FAULTS = [
    ("rows of a calendar year", [*ROWS, ROWS[3].replace("Reporting", "Calendar")],
     "look_at: Some rows are for calendar years, which are no financial years. [release.csv, line 10]", 6),
    ("two rows that fit", [*ROWS, ROWS[3]],
     "must_fix: Several rows of one place and year fit the figure 'figure'. [release.csv, lines 5, 10]", 5),
    ("an area that is not there", [row for row in ROWS if "E06000004" not in row],
     "look_at: The release has nothing for 'Stockton-on-Tees' in 2023-24.", 4),
    ("a blank", [ROWS[3][:-2] + ",", *ROWS[:3]], "look_at: One place is empty. [release.csv, line 2, column count]", 2),
    ("what is no value", [ROWS[3][:-2] + "many", *ROWS[:3]], "must_fix", 2),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "says", "left"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_said_and_the_rest_is_read(rows: list[str], says: str, left: int) -> None:
    reading = read_year(COUNT, text(HEAD, *rows))
    assert says in whats(reading)
    assert (reading.state, len(reading.observations)) == ("read", left)


NOT_TAKEN = [
    (
        "a column that is gone",
        text(HEAD.replace(",count", ",number"), *ROWS),
        "wrong_layout",
        "The heading has no column 'count'",
    ),
    (
        "a category column that is gone",
        text(HEAD.replace(",kind,", ",type,"), *ROWS),
        "wrong_layout",
        "no column 'kind'",
    ),
    ("no row of the areas", text(HEAD, ROWS[2]), "wrong_layout", "Nothing in the file"),
    ("no rows", text(HEAD), "empty", "no rows below its heading"),
]


@pytest.mark.parametrize(("data", "state", "says"), [n[1:] for n in NOT_TAKEN], ids=[n[0] for n in NOT_TAKEN])
def test_a_release_of_which_nothing_can_be_taken(data: bytes, state: str, says: str) -> None:
    reading = read_year(COUNT, data)
    assert (reading.state, says in whats(reading)) == (state, True)


def test_the_table_for_the_suites_has_every_line_of_the_file_and_what_it_is_about() -> None:
    rows = read_year(
        COUNT, text(HEAD, *ROWS, "202324,Academic year,Local authority,E92000001,E12000001,,all,many")
    ).rows
    assert list(rows) == [*HEAD.split(","), "_line", "_code", "_year", "_category", "_held", "_lowest"]
    assert rows["_line"].tolist() == list(range(2, 11))
    told = rows[["_code", "_year", "_category", "_held", "_lowest"]].astype(object).where(lambda cell: cell.notna(), "")
    assert told.loc[[0, 1, 4, 8]].to_numpy().tolist() == [
        ["E92000001", "2023-24", "all | all", "number", "1000.000000"],
        ["E12000001", "2023-24", "all | all", "number", "100.000000"],
        ["E06000004", "2023-24", "all | all", "symbol", ""],
        ["", "", "all | all", "neither", ""],
    ]
