"""The demonstration year: its files are what the tables make, and the tables add up to the published figures."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.sample.make_sample import SAMPLE, sample_files
from tests.sample.plain_tables import (
    MONTHS,
    QUARTERS,
    communications,
    document,
    hartlepool_cells,
    hartlepool_months,
    hartlepool_quarter,
    number,
    rows_of,
    stockton_to_date,
    table,
    training,
)

ROOT = Path(__file__).parents[2]
PUBLISHED = list(csv.DictReader((ROOT / "tests/facts/published_figures.csv").open(encoding="utf-8")))
MADE = sample_files()


# ------------------------------------------------------------------------------------------------------- the same files


def contents(data: bytes) -> object:
    """What a file holds: an Office file part by part (how tightly it is packed can differ by machine), else itself."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return [(info.filename, info.date_time, parts.read(info)) for info in parts.infolist()]


def test_the_committed_files_are_those_that_the_script_makes() -> None:
    committed = {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*") if path.is_file()}
    assert committed == set(MADE), "Run: python -m tests.sample.make_sample"


@pytest.mark.parametrize("path", MADE)
def test_a_committed_file_is_what_the_script_makes(path: str) -> None:
    assert contents((SAMPLE / path).read_bytes()) == contents(MADE[path]), "Run: python -m tests.sample.make_sample"


def test_a_second_making_gives_the_same_bytes() -> None:
    assert sample_files() == MADE


def test_the_whole_sample_is_small() -> None:
    assert sum(map(len, MADE.values())) < 1_200_000


# ------------------------------------------------------------------------------------------ the year's published figure


def hartlepool_year(measure: str) -> Decimal | None:
    if context := rows_of("hartlepool_context.csv", measure=measure):
        return number(context[0]["value"].replace(",", ""))
    if measure == "contacts_per_month":
        return sum(hartlepool_months("contacts", MONTHS), Decimal(0)) / 12
    rows = rows_of("hartlepool_months.csv", measure=measure)
    return hartlepool_cells(rows[0], "Q4")[-1] if rows else None


def stockton_year(measure: str) -> Decimal | None:
    values = {number(row["value"]) for row in rows_of("stockton_context.csv", measure=measure)}
    for row in rows_of("stockton_quarters.csv", measure=measure):
        if row["kind"] == "flow":
            values.add(sum((Decimal(row[q.lower()]) for q in QUARTERS), Decimal(0)))
        elif row["kind"] == "mean":  # every quarter has three months
            values.add(sum((Decimal(row[q.lower()]) for q in QUARTERS), Decimal(0)) / 4)
        elif row["kind"].endswith("stock"):
            values.add(Decimal(row["q4"]))
        if row["ytd_q4"]:
            values.add(number(row["ytd_q4"]))
    assert len(values) <= 1, f"{measure} has several values: {values}"
    return next(iter(values), None)


def partnership_year(measure: str) -> Decimal | None:
    quarters = [{**training(quarter), **communications(quarter)} for quarter in QUARTERS]
    if measure not in quarters[0]:
        return None
    stock = any(row["kind"] == "stock" for row in rows_of("communications.csv", measure=measure))
    return Decimal(quarters[-1][measure] if stock else sum(quarter[measure] for quarter in quarters))


YEAR: dict[str, Callable[[str], Decimal | None]] = {
    "hartlepool": hartlepool_year,
    "stockton": stockton_year,
    "partnership": partnership_year,
}


@pytest.mark.parametrize("row", PUBLISHED, ids=[f"{row['report_id']} {row['figure']}" for row in PUBLISHED])
def test_the_tables_add_up_to_the_published_figure(row: dict[str, str]) -> None:
    area, measure = row["figure"].split(".")
    assert YEAR[area](measure) == Decimal(row["value"])


def test_re_referrals_make_their_published_share() -> None:
    assert sum(hartlepool_months("rereferrals", MONTHS)) == 546
    assert (Decimal(100) * 546 / 2190).quantize(Decimal("0.1"), ROUND_HALF_UP) == Decimal("24.9")


# ------------------------------------------------------------------------------------------------- splits that can be s


@pytest.mark.parametrize("row", table("hartlepool_months.csv"), ids=lambda row: row["measure"])
def test_hartlepool_s_months_can_be_so(row: dict[str, str]) -> None:
    cells = [hartlepool_cells(row, quarter) for quarter in QUARTERS]
    months, to_date = [value for quarter in cells for value in quarter[:3]], [quarter[3] for quarter in cells]
    assert min(months) >= 0
    if row["kind"] in ("flow", "distinct"):
        assert to_date == sorted(to_date)
    if row["kind"] == "distinct":
        own = [Decimal(hartlepool_quarter(row["measure"], quarter)) for quarter in QUARTERS]
        assert own[0] == to_date[0]
        assert max(own) <= to_date[-1] <= sum(own)
        for quarter, count in zip(cells, own, strict=True):
            assert max(quarter[:3]) <= count <= sum(quarter[:3])
        for before, after, count in zip(to_date, to_date[1:], own[1:], strict=False):
            assert max(before, count) <= after <= before + count


@pytest.mark.parametrize("row", table("stockton_quarters.csv"), ids=lambda row: row["measure"])
def test_stockton_s_quarters_can_be_so(row: dict[str, str]) -> None:
    quarters = [Decimal(row[q.lower()].rstrip("%")) for q in QUARTERS if row[q.lower()].rstrip("%").isdecimal()]
    assert all(value >= 0 for value in quarters)
    to_date = [text for quarter in QUARTERS if (text := stockton_to_date(row, quarter))]
    if row["kind"] in ("flow", "distinct"):
        assert [int(text) for text in to_date] == sorted(int(text) for text in to_date)
        assert int(to_date[0]) == quarters[0]
    if row["kind"] == "distinct":
        assert max(quarters) <= int(to_date[-1]) <= sum(quarters)
    if row["kind"] == "stock":
        assert to_date == []


PARTS_WITHIN_WHOLES = [
    # part, whole
    ("rereferrals", "referrals"),
    ("referrals", "contacts"),
    ("early_help_escalated", "early_help_assessments"),
    ("cp_plans_open", "cin_open"),
    ("cla_open", "cin_open"),
    ("missing_children", "missing_episodes"),
    ("missing_children_cla", "missing_episodes_cla"),
    ("missing_episodes_cla", "missing_episodes"),
    ("missing_children_cla", "missing_children"),
    ("marac_cases", "marac_children"),
]


@pytest.mark.parametrize(("part", "whole"), PARTS_WITHIN_WHOLES)
def test_no_part_is_larger_than_its_whole_in_any_period(part: str, whole: str) -> None:
    both = [rows_of("hartlepool_months.csv", measure=name)[0] for name in (part, whole)]
    for quarter in QUARTERS:
        for small, large in zip(*(hartlepool_cells(row, quarter) for row in both), strict=True):
            assert small <= large
    if all(rows := [rows_of("stockton_quarters.csv", measure=name) for name in (part, whole)]):
        for quarter in QUARTERS:
            assert Decimal(rows[0][0][quarter.lower()]) <= Decimal(rows[1][0][quarter.lower()])


def test_a_suppressed_quarter_cannot_be_worked_out_from_the_rest() -> None:
    """The year to date stays hidden until the year is over, and at least two quarters are hidden."""
    (row,) = rows_of("stockton_quarters.csv", kind="suppressed flow")
    assert [row[q.lower()] for q in QUARTERS].count("<5") >= 2
    assert [row[f"ytd_{q.lower()}"] for q in QUARTERS[:3]] == ["<5"] * 3


def test_a_sender_that_stopped_reporting_sends_nothing_more() -> None:
    assert [path for path in MADE if "Neglect Champions" in path] == ["Q1/Neglect Champions return Q1 2023-24.docx"]


# ----------------------------------------------------------------------------------------------- returns agree with fil


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_bookings_hold_what_the_training_return_says(quarter: str) -> None:
    data = MADE[f"{quarter}/training-bookings-2023-24-{quarter}.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    attended = [row for row in rows if row["Attendance"] == "Attended"]
    counted = training(quarter)
    assert len(attended) == counted["training_attendances"]
    assert len({row["Event ID"] for row in attended}) == counted["training_sessions"]
    assert sum(row["Attendance"] == "Did not attend" for row in rows) == counted["training_did_not_attend"]
    for code, measure in {"NAI-CONF": "conference", "LFR-BRF": "briefings", "NEG-ALE": "active_learning"}.items():
        assert sum(row["Course code"] == code for row in attended) == counted[f"{measure}_attendances"]
    assert len({(row["Event ID"], row["Learner"]) for row in rows}) == len(rows), "somebody is booked twice on an event"


def test_stockton_s_file_is_no_utf_8() -> None:
    for quarter in QUARTERS:
        with pytest.raises(UnicodeDecodeError):
            MADE[f"{quarter}/stockton_dataset_2023-24_{quarter}.csv"].decode("utf-8")


OFFICIAL = ROOT.parent / "shared" / "official-statistics"


EXTRACTS = [told for told in document("official_files.yaml") if not told.get("compiled")]


@pytest.mark.parametrize("told", EXTRACTS, ids=lambda told: told["file"])
def test_every_line_of_an_extract_stands_in_the_release(told: dict[str, str]) -> None:
    if not OFFICIAL.is_dir():
        pytest.skip("The whole releases are not on this machine.")
    release = set((OFFICIAL / told["file"]).read_bytes().splitlines(keepends=True))
    assert set(MADE[f"annual/{told['file']}"].splitlines(keepends=True)) <= release


# ------------------------------------------------------------------------------------------------------------- nobody's

PERSONAL = {
    "a pupil number": r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-Z]\b",
    "an NHS number": r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)",
    "an e-mail address": r"[\w.+-]+@[\w-]+\.\w+",
    "a telephone number": r"(?<!\d)(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)",
    "a postcode": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
}


def words(data: bytes) -> str:
    """Everything that somebody can read in a file."""
    if not data.startswith(b"PK"):
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("cp1252")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        read = r"word/document\.xml|xl/sharedStrings\.xml|xl/worksheets/.*\.xml|docProps/core\.xml"
        found = [parts.read(name).decode() for name in parts.namelist() if re.fullmatch(read, name)]
    return re.sub(r"<[^>]+>", " ", " ".join(found))


@pytest.mark.parametrize("path", MADE)
def test_no_file_holds_anything_personal(path: str) -> None:
    text = words(MADE[path])
    assert len(text) > 100
    assert [what for what, pattern in PERSONAL.items() if re.search(pattern, text)] == []


def test_the_search_for_anything_personal_finds_it() -> None:
    planted = "A123456789012 943 476 5919 jo@example.org 01429 123456 TS25 4AF"
    assert [what for what, pattern in PERSONAL.items() if re.search(pattern, planted)] == list(PERSONAL)
