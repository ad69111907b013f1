"""Boroughs beside neighbours, region and nation, as rows that can be drawn."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

from config.model import Area
from tasks import register
from tasks.reconcile import comparisons, comparisons_csv
from tests.reconcile.example import AREAS, BOROUGHS, YEAR, dataset, measure, official, partnership, said

EVERYWHERE = (*BOROUGHS, "likeham", "wold", "england")
RATE = measure(
    "rate", "percentage", areas=EVERYWHERE, decimals_by_area={"northbrook": 0}, decimals=1, caveat="Rounded."
)
VALUES = {"eastmere": "24.9", "northbrook": "30.3", "likeham": "26.1", "wold": "22.2", "england": "22.4"}


def bars(*releases, values=VALUES):
    sources = [dataset(area, "rate") for area in BOROUGHS]
    sources += [official(f"dfe-{released[:4]}", released, "rate") for released in releases]
    made = partnership([RATE], sources)
    likeham = Area(id="likeham", name="Likeham", short_name="Likeham", kind="neighbour")
    p = replace(made, profile=made.profile.model_copy(update={"areas": (*AREAS, likeham)}))
    told = [said("dataset-northbrook", "northbrook", "rate", YEAR, 24)]
    for number, released in enumerate(releases):
        told += [
            said(
                f"dfe-{released[:4]}", area, "rate", YEAR, Decimal(value) - number, release=f"release of {released[:4]}"
            )
            for area, value in values.items()
        ]
    return comparisons(p, YEAR, register.build(p, YEAR, told), told)


def test_each_area_has_a_bar_and_a_borough_s_own_figure_one_beside_it() -> None:
    found = bars("2025-10")
    assert [(one.area, one.area_kind, one.basis, one.shown) for one in found] == [
        ("eastmere", "borough", "official", "24.9%"),
        ("northbrook", "borough", "as printed", "24%"),
        ("northbrook", "borough", "official", "30.3%"),
        ("wold", "region", "official", "22.2%"),
        ("england", "nation", "official", "22.4%"),
        ("likeham", "neighbour", "official", "26.1%"),
    ]
    assert {one.release for one in found if one.basis == "official"} == {"release of 2025"}
    assert {one.caveat for one in found if one.basis == "as printed"} == {"Rounded."}
    assert {one.when for one in found} == {"in the year to 31 March 2024"}


def test_all_bars_of_a_chart_are_of_the_newest_release() -> None:
    found = bars("2025-10", "2024-10")
    assert {one.release for one in found if one.basis == "official"} == {"release of 2025"}
    assert len(found) == 6


def test_what_one_area_alone_has_is_no_comparison() -> None:
    assert bars("2025-10", values={"northbrook": "30.3"}) == []
    assert bars("2025-10", values={"northbrook": "30.3", "england": "22.4"}) != []


def test_the_file_has_a_row_a_bar_with_the_value_as_a_number() -> None:
    found = bars("2025-10")
    rows = list(csv.DictReader(io.StringIO(comparisons_csv(found))))
    assert [Decimal(row["value"]) for row in rows] == [one.value for one in found]
    assert rows[2]["shown"] == "30.3%" and rows[2]["basis"] == "official"
