"""The data annex and the tables of the register: open figures alone, in forms that others can read."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from config.errors import Failure
from config.partnership import Partnership
from tasks import annex, books, register, register_tables
from tasks.diff import as_text, moved
from tasks.model import Verdict
from tasks.screener import passes, screen
from tests.reconcile.example import AREAS, BOROUGHS, Q1, Q2, YEAR, dataset, measure, only, partnership, said

CODES = {
    "eastmere": ("E06999901", "901"),
    "northbrook": ("E06999902", "902"),
    "wold": ("E12999901", ""),
    "england": ("E92000001", ""),
}


def with_codes(p: Partnership) -> Partnership:
    areas = [
        one.model_copy(update=dict(zip(("ons_code", "old_la_code"), CODES.get(one.id, ("", "")), strict=True)))
        for one in AREAS
    ]
    return replace(p, profile=p.profile.model_copy(update={"areas": tuple(areas)}))


def small() -> Partnership:
    children = measure("missing_children", "distinct", unit="children", areas=(*BOROUGHS, "partnership"))
    return with_codes(
        partnership(
            [
                measure("referrals", unit="referrals"),
                measure("rate", "percentage", decimals=1, areas=("eastmere",)),
                children.model_copy(update={"counts_persons": True}),
            ],
            [dataset(area, "referrals", "rate", "missing_children") for area in BOROUGHS],
        )
    )


def observed(period=YEAR):
    return [
        said("dataset-eastmere", "eastmere", "referrals", period, 2190, line=4),
        said("dataset-eastmere", "eastmere", "rate", period, "24.9", line=5),
        said("dataset-eastmere", "eastmere", "missing_children", period, 3, line=6),
        said("dataset-northbrook", "northbrook", "missing_children", period, "<5", line=6),
    ]


def open_book(period=YEAR):
    p = small()
    return p, books.make(p, period, observed(period), (), ()).shown


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


# The annex


@pytest.mark.parametrize(
    ("period", "stem", "identifier"),
    [(YEAR, "figures_2023_24", "Financial year"), (Q1, "figures_2023_24_q1", "Financial year Q1")],
    ids=["a year", "a quarter"],
)
def test_the_annex_passes_the_departments_screening(period, stem: str, identifier: str) -> None:
    p, opened = open_book(period)
    made = annex.files(p, period, opened.figures)
    assert sorted(made) == [f"{stem}.csv", f"{stem}.meta.csv"]
    told = screen(f"{stem}.csv", made[f"{stem}.csv"], f"{stem}.meta.csv", made[f"{stem}.meta.csv"])
    assert passes(told) and [one.check for one in told if one.result == "WARNING"] == []
    assert {row["time_identifier"] for row in rows(made[f"{stem}.csv"])} == {identifier}


def test_symbols_say_why_there_is_no_number() -> None:
    p, opened = open_book()
    mine, theirs = rows(annex.files(p, YEAR, opened.figures)["figures_2023_24.csv"])
    assert (mine["la_name"], mine["old_la_code"], mine["region_name"]) == ("Eastmere", "901", "The Wold")
    assert (mine["referrals"], mine["rate"], mine["missing_children"]) == ("2190", "24.9", "c")
    assert (theirs["referrals"], theirs["rate"], theirs["missing_children"]) == ("x", "z", "c")


def test_a_period_without_figures_has_no_annex() -> None:
    p = small()
    assert annex.files(p, YEAR, register.build(p, YEAR, [])) == {}


def test_an_annex_that_would_not_pass_is_not_made() -> None:
    p, opened = open_book()
    areas = [one.model_copy(update={"old_la_code": "x"}) if one.id == "eastmere" else one for one in p.profile.areas]
    wrong = replace(p, profile=p.profile.model_copy(update={"areas": tuple(areas)}))
    with pytest.raises(Failure, match="old_la_code 'x' is no code"):
        annex.files(wrong, YEAR, opened.figures)


# The register as tables


def test_both_tables_hold_the_same_rows() -> None:
    p, opened = open_book()
    checked = Verdict("dataset-eastmere", "2023-24", "whole", "Whole.", "", "", "must_fix", "passed")
    made = register_tables.files(p, opened, [checked])
    table = pq.read_table(io.BytesIO(made["figures.parquet"]))
    assert tuple(table.column_names) == register_tables.COLUMNS
    texts, kept = rows(made["figures.csv"]), table.to_pylist()
    assert [row["id"] for row in texts] == [row["id"] for row in kept]
    first = kept[0]
    assert (first["value"], texts[0]["value"]) == (Decimal(2190), "2190")
    assert first["made_from"] == "2190 (2023-24): dataset-eastmere.csv, line 4"
    assert first["checks"] == "Eastmere dataset: 1 passed, 0 failed, 0 not evaluated"
    hidden = next(row for row in kept if row["id"] == "eastmere.missing_children.2023-24")
    assert (hidden["value"], hidden["display"], hidden["made_from"]) == (
        None,
        "c",
        "c (2023-24): dataset-eastmere.csv, line 6",
    )


def test_the_same_book_makes_the_same_bytes() -> None:
    p, opened = open_book()
    assert register_tables.files(p, opened, ()) == register_tables.files(p, opened, ())


def test_the_table_of_figures_is_text_that_a_spreadsheet_does_not_run() -> None:
    p = partnership([measure("referrals", label="=cmd()")], [dataset("eastmere", "referrals")])
    opened = books.make(p, Q1, [said("dataset-eastmere", "eastmere", "referrals", Q1, 2190)], (), ()).shown
    heading, row = register_tables.files(p, opened, ())["figures.csv"].decode().splitlines()
    assert heading.split(",")[:6] == ["id", "area", "measure", "period", "value", "symbol"]
    assert row.startswith('eastmere.referrals.2023-24-Q1,eastmere,referrals,2023-24-Q1,2190,,"2,190"')
    assert "'=cmd()" in row


# What moved


def test_what_moved_is_told_with_its_cells_and_what_did_not_is_not() -> None:
    p, before = open_book(Q1)
    later = [*observed(Q1)[1:], said("dataset-eastmere", "eastmere", "referrals", Q1, 2200, line=4, file="second.csv")]
    now = books.make(p, Q1, later, (), ()).shown
    one = only(moved(p, before, now))
    assert (one.figure, one.before, one.now) == ("eastmere.referrals", "2,190", "2,200")
    assert one.why == (
        "2200 for April to June 2023, Eastmere dataset: second.csv, line 4",
        "before: 2190 for April to June 2023, Eastmere dataset: dataset-eastmere.csv, line 4",
    )
    assert "2,190 is now 2,200" in as_text([one], "a", "b")
    assert moved(p, before, before) == []
    assert as_text([], "a", "b") == "Nothing moved between a and b."


def test_what_came_and_what_went_is_told() -> None:
    p, before = open_book(Q1)
    now = books.make(p, Q2, observed(Q2)[1:], (), ()).shown
    told = {one.figure: (one.before, one.now) for one in moved(p, before, now)}
    assert told["eastmere.referrals"] == ("2,190", "not received")
    assert {ref: one for ref, one in told.items() if "rate" in ref} == {}
