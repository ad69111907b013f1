"""Checks that look back take the quarter before from the store, over the end of a year too, and from nowhere else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tasks import plain
from tasks.model import Verdict
from tasks.order import Order
from tasks.run import Stages
from tests.conftest import ROOT

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
DATASET = "stockton_dataset_2023-24_Q2.csv"


def results(folder: Path, period: str, inbox: Path) -> dict[tuple[str, str], Verdict]:
    stages = Stages(Order("hsscp", period, str(inbox), str(folder / "store")))
    verdicts = json.loads(stages.store.get(stages.validate(stages.gather()).key))["verdicts"]
    return {(v.source, v.check): v for v in plain.from_plain(list[Verdict], verdicts)}


@pytest.fixture(scope="module")
def first_quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    results(folder, "2023-24-Q1", SAMPLE / "Q1")
    return folder


def test_a_first_quarter_has_nothing_to_look_back_to_and_says_so(tmp_path: Path) -> None:
    told = results(tmp_path, "2023-24-Q1", SAMPLE / "Q1")
    why = "Nothing is kept of the quarter before, January to March 2023, so there is nothing to compare with."
    assert told["training-bookings", "bookings-as-many-as-before"].reason == why
    assert told["dataset-stockton", "little-moved"].reason == why
    assert told["dataset-stockton", "to-date-not-falling"].reason == "The year to date begins with this quarter."
    assert told["dataset-stockton", "quarter-adds-up"].outcome == "passed"  # the first quarter is the year to date


def test_the_second_is_compared_with_it(first_quarter: Path) -> None:
    told = results(first_quarter, "2023-24-Q2", SAMPLE / "Q2")
    looked_back = ("little-moved", "to-date-not-falling", "quarter-adds-up", "children-counted-once", "levels-steady")
    for check in looked_back:
        assert told["dataset-stockton", check].outcome == "passed", check
    assert told["training-bookings", "bookings-as-many-as-before"].outcome == "passed"
    assert [key for key, v in told.items() if v.outcome == "failed" and v.severity != "information"] == []


def test_a_year_to_date_that_fell_and_does_not_add_up_is_found_in_its_line(first_quarter: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "Q2"
    shutil.copytree(SAMPLE / "Q2", inbox)
    text = (inbox / DATASET).read_bytes().decode("cp1252")
    assert text.count(";2023/24 YTD;1,999;") == 1
    (inbox / DATASET).write_bytes(text.replace(";2023/24 YTD;1,999;", ";2023/24 YTD;999;").encode("cp1252"))
    told = results(first_quarter, "2023-24-Q2", inbox)
    for check in ("to-date-not-falling", "quarter-adds-up"):
        verdict = told["dataset-stockton", check]
        assert (verdict.outcome, verdict.rows_failed, verdict.places) == ("failed", 1, ("line 5",))


def test_an_export_that_was_cut_off_is_found_by_its_rows(first_quarter: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "Q2"
    shutil.copytree(SAMPLE / "Q2", inbox)
    [export] = [path for path in inbox.iterdir() if "booking" in path.name]
    export.write_bytes(b"\n".join(export.read_bytes().splitlines()[:100]))
    told = results(first_quarter, "2023-24-Q2", inbox)
    assert told["training-bookings", "bookings-as-many-as-before"].outcome == "failed"


def test_the_first_quarter_of_a_year_is_compared_with_the_last_of_the_year_before(tmp_path: Path) -> None:
    first = Stages(Order("hsscp", "2023-24-Q1", str(SAMPLE / "Q1"), str(tmp_path / "store")))
    gathered = json.loads(first.store.get(first.gather().key))
    for one in gathered["observations"]:  # the same figures, as they would have come a quarter earlier
        one["period"] = {"2023-24-Q1": "2022-23-Q4"}.get(one["period"], one["period"])
    last = Stages(Order("hsscp", "2022-23-Q4", str(SAMPLE / "Q1"), str(tmp_path / "store")))
    last._put("gathered/{folder}/gathered.json", gathered)
    told = results(tmp_path, "2023-24-Q1", SAMPLE / "Q1")
    assert told["return-training", "little-moved"].outcome == "passed"
    assert told["training-bookings", "bookings-as-many-as-before"].outcome == "not_evaluated"  # no rows are kept
