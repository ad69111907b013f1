"""The main job, whole: four quarters and the annual report of the demonstration year, with the real parts."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran, run_assure
from tests.end_to_end.short_runs import hashes

FACTS = list(csv.DictReader((ROOT / "tests/facts/published_figures.csv").open(encoding="utf-8")))

HIDDEN = {"H47": "two new private fostering arrangements: fewer than five children, which the published report printed"}
"""Published figures that are kept and not shown, with the reason."""


def register(ran: Ran, folder: str = "annual", part: str = "register") -> dict:
    return json.loads((ran.current / f"{part}/2023-24/{folder}/register.json").read_text(encoding="utf-8"))


def test_it_ends_well_and_names_what_to_open_first(demonstration: Ran) -> None:
    assert demonstration.code == 1, demonstration.err  # done, with findings that need a person
    for word in ("Front page", "Quality page", "Word drafts", "Register of figures", "Read these first"):
        assert word in demonstration.out
    assert "Traceback" not in demonstration.out + demonstration.err
    for line in demonstration.out.splitlines():
        if line.startswith("  ") and "/" in line:
            assert Path(line[25:].strip()).exists(), line


def test_progress_is_shown_and_nothing_else(demonstration: Ran) -> None:
    lines = demonstration.err.splitlines()
    assert any("2023-24-Q3: gathering" in line for line in lines)
    assert [line for line in lines if not line.startswith("  ")] == []


def test_prefect_keeps_every_step_of_every_run(demonstration: Ran) -> None:
    """Its server writes them down together, some of them only as it ends with the command."""
    with closing(sqlite3.connect(demonstration.folder / "prefect/prefect.db")) as database:
        kept = database.execute("select state_type, count(*) from task_run group by 1").fetchall()
        states = database.execute("select type, count(*) from task_run_state group by 1 order by 1").fetchall()
    assert kept == [("COMPLETED", 25)]
    assert states == [("COMPLETED", 25), ("PENDING", 25), ("RUNNING", 25)]


def test_a_later_server_still_registers_the_kinds_of_blocks(demonstration: Ran) -> None:
    """The server of the command leaves them out, and must not note that they are there."""
    home = demonstration.folder / "prefect"
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        assert database.execute("select count(*) from flow_run").fetchone() == (5,)
        assert database.execute("select count(*) from block_type").fetchone() == (0,)
    assert not (home / "memo_store.toml").exists()


@pytest.mark.parametrize("row", FACTS, ids=[row["report_id"] for row in FACTS])
def test_the_register_holds_the_published_figure(demonstration: Ran, row: dict[str, str]) -> None:
    whole, shown = (
        {f"{f['area']}.{f['measure']}": f for f in register(demonstration, part=part)["figures"]}
        for part in ("restricted/register", "register")
    )
    assert Decimal(whole[row["figure"]]["value"]) == Decimal(row["value"])
    if row["report_id"] in HIDDEN:
        assert (shown[row["figure"]]["value"], shown[row["figure"]]["display"]) == (None, "c")
    else:
        assert shown[row["figure"]]["value"] == whole[row["figure"]]["value"]


def test_nothing_is_hidden_but_what_is_named_here(demonstration: Ran) -> None:
    hidden = {f"{f['area']}.{f['measure']}" for f in register(demonstration)["figures"] if f["status"] == "withheld"}
    assert hidden == {row["figure"] for row in FACTS if row["report_id"] in HIDDEN}


@pytest.mark.parametrize("folder", ["Q2", "Q4", "annual"])
def test_a_hidden_number_is_in_no_file_that_everybody_may_open(demonstration: Ran, folder: str) -> None:
    book = register(demonstration, folder)
    (figure,) = [f for f in book["figures"] if f["id"].startswith("hartlepool.private_fostering_new")]
    assert (figure["display"], figure["value"]) == ("c", None)
    about = [o for o in book["observations"] if (o["area"], o["measure"]) == (figure["area"], figure["measure"])]
    assert about and {o["value"] for o in about} <= {None, "0"}, "noughts are shown, and nothing else"
    for part in ("register", "findings", "annex", "quality"):
        for path in (demonstration.current / part).rglob("*.*"):
            assert b"0 + 1 + 0 + 1" not in path.read_bytes(), path
    told = [one for finding in book["findings"] for one in finding["values"] if "Private fostering" in one["label"]]
    assert {one["value"] for one in told if "Stockton" not in one["label"]} <= {"hidden"}, "also of another unit"


def test_no_published_figure_is_left_out() -> None:
    assert len({row["report_id"] for row in FACTS}) == 105


FINDINGS = [
    # what the report gets wrong (or right), outcome, the rule's kind, the figure, numbers that its arithmetic must hold
    ("re-referrals in Stockton", "failed", "against_official", "stockton.rereferral_rate", ["24", "30.3"]),
    ("children in need in Stockton", "failed", "against_official", "stockton.cin_open", ["2,131", "2,395"]),
    (
        "looked after in Hartlepool, a release difference",
        "failed",
        "against_official",
        "hartlepool.cla_open",
        ["334", "336"],
    ),
    ("free school meals, national average", "failed", "shared_reference", "fsm_national", ["24.6", "23.8"]),
    ("date of the poverty figure", "failed", "shared_reference", "child_poverty", ["June 2023", "May 2021"]),
    ("92.1% of 40 schools", "failed", "percentage_reachable", "hartlepool.schools_good_or_better", ["92.1", "40"]),
    ("90 schools that are 84", "failed", "parts_and_whole", "stockton.schools_by_phase", ["68", "22", "6", "84", "90"]),
    ("missing returns", "failed", "cadence", "return-neglect-champions", ["1 of 4"]),
    (
        "EHC plans by phase",
        "passed",
        "parts_and_whole",
        "hartlepool.ehc_plans_school_census",
        ["224", "324", "52", "600"],
    ),
]


@pytest.mark.parametrize(("what", "outcome", "kind", "subject", "numbers"), FINDINGS, ids=[f[0] for f in FINDINGS])
def test_the_findings_hold_it_with_its_arithmetic(demonstration: Ran, what, outcome, kind, subject, numbers) -> None:
    path = demonstration.current / "findings/2023-24/annual/findings.json"
    findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
    about = [f for f in findings if f["kind"] == kind and subject in f["subject"] and f["outcome"] == outcome]
    assert about, f"no {outcome} finding of kind {kind} about {subject}"
    said = [f["title"] + " " + f["arithmetic"] for f in about]
    assert any(all(number in text for number in numbers) for text in said), said


def test_the_release_difference_names_both_releases(demonstration: Ran) -> None:
    findings = register(demonstration)["findings"]
    about = next(f for f in findings if f["kind"] == "against_official" and "hartlepool.cla_open" in f["subject"])
    assert "2024" in about["title"] and "2025" in about["title"] and "revis" in about["title"]


def test_no_finding_of_the_year_is_written_in_the_configuration() -> None:
    """The numbers of a finding come from received files, not from rules."""
    rules = (ROOT / "config/partnerships/hsscp/reconciliation.yaml").read_text(encoding="utf-8")
    for number in ("30.3", "2395", "2,395", "2131", "2,131", "336", "334", "24.6", "23.8", "92.1", "84"):
        assert number not in rules


def test_every_section_of_the_report_is_drafted_and_the_whole(demonstration: Ran) -> None:
    from config.load import load_partnership

    made = {path.stem for path in (demonstration.current / "drafts/2023-24/annual").glob("*.docx")}
    assert made >= {section.id for section in load_partnership("hsscp").sections}
    assert "annual-report" in made


@pytest.mark.slow
def test_a_second_run_leaves_the_store_as_it_was(demonstration: Ran, tmp_path: Path) -> None:
    folder = shutil.copytree(demonstration.folder, tmp_path / "a year")
    before = hashes(folder / "store")
    again = run_assure("demo", "--out", str(folder), cwd=tmp_path)
    assert again.returncode == 1, again.err
    assert hashes(folder / "store") == before


def test_every_output_of_a_manifest_is_there_with_its_hash(demonstration: Ran) -> None:
    manifests = sorted((demonstration.current / "runs").glob("*/manifest.json"))
    assert len(manifests) == 5
    for manifest in manifests:
        for item in (told := json.loads(manifest.read_text(encoding="utf-8")))["outputs"] + told["inputs"]:
            data = (demonstration.current / item["key"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == item["sha256"], item["key"]
