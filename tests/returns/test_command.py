"""`assure returns`, as people call it: forms that can be sent, and a grid that can be shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Ran, run_assure

HSSCP = ("--partnership", "hsscp")


def hashes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_forms_are_copied_out_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    words = ("returns", "2024-25-Q1", *HSSCP, "--store", "store", "--out", "out")
    done = run_assure(*words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("7 forms for 2024-25-Q1, in out.")
    assert "return-engine-room-2024-25-Q1.docx\n    to Engine Room, due back by 22 July 2024" in done.stdout
    before = hashes(tmp_path)
    assert len([path for path in before if path.startswith("out/")]) == 7
    assert run_assure(*words, cwd=tmp_path).stdout == done.stdout
    assert hashes(tmp_path) == before


def test_a_dry_run_writes_nothing_and_json_names_the_files(tmp_path: Path) -> None:
    done = run_assure(
        "returns", "2024-25-Q1", *HSSCP, "--store", "s", "--out", "o", "--dry-run", "--json", cwd=tmp_path
    )
    told = json.loads(done.stdout)
    assert (told["period"], told["written"], len(told["forms"])) == ("2024-25-Q1", False, 7)
    assert told["forms"][1]["file"] == "o/return-engagement-2024-25-Q1.docx"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "No period was named", id="no period"),
        pytest.param(("soon",), "names no reporting year", id="no such period"),
        pytest.param(("2024",), "names no reporting year", id="no such year"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run_assure("returns", *words, *HSSCP, "--store", "store", cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and "What to do" in done.stderr
    assert "Traceback" not in done.stderr and list(tmp_path.iterdir()) == []


def test_another_partnerships_store_is_refused(tmp_path: Path) -> None:
    owner = tmp_path / "store"
    from tasks.store import open_store

    open_store(owner).put("partnership.json", b'{"id": "eastmere"}')
    for more in ((), ("--status",)):
        done = run_assure("returns", "2024-25-Q1", *HSSCP, "--store", str(owner), *more, cwd=tmp_path)
        assert (done.returncode, "belongs to the partnership 'eastmere'" in done.stderr) == (2, True)


def test_the_status_is_of_the_quarter_that_has_just_ended_where_none_is_named(tmp_path: Path) -> None:
    """As on Prefect's forms: on a quarter's last day it has ended."""
    for day, quarter in (("2024-05-14", "2023-24-Q4"), ("2024-06-30", "2024-25-Q1"), ("2024-07-01", "2024-25-Q1")):
        done = run_assure("returns", "--status", *HSSCP, "--store", str(tmp_path), "--as-at", day, "--json")
        assert json.loads(done.stdout)["not_gathered"] == [quarter]


def test_the_status_of_the_demonstration_year(demonstration: Ran) -> None:
    store = str(demonstration.folder / "store")
    done = run_assure("returns", "--status", "2023-24", *HSSCP, "--store", store, "--as-at", "2024-06-30", "--json")
    told = json.loads(done.stdout)
    late = {(row["source"], row["period"]): row["late_days"] for row in told["returns"] if row["late_days"]}
    assert late == {
        ("return-exploitation", "2023-24-Q2"): 5,
        ("dataset-stockton", "2023-24-Q3"): 3,
        ("return-communications", "2023-24-Q4"): 8,
    }
    assert [(row["source"], row["period"]) for row in told["returns"] if row["chase"]] == [
        ("return-neglect-champions", f"2023-24-Q{quarter}") for quarter in (2, 3, 4)
    ]
    assert {row["state"] for row in told["returns"]} == {"read", "missing"}
    assert done.returncode == 1  # somebody has to be chased


def test_forms_of_the_next_year_show_what_the_demonstration_year_answered(demonstration: Ran, tmp_path: Path) -> None:
    import openpyxl

    store, out = str(demonstration.folder / "store"), str(tmp_path / "out")
    assert run_assure("returns", "2024-25-Q1", *HSSCP, "--store", store, "--out", out).returncode == 0
    sheet = openpyxl.load_workbook(f"{out}/return-training-2024-25-Q1.xlsx")["Figures"]
    assert [sheet[f"C{row}"].value for row in range(6, 14)] == [
        "Last quarter",
        "17",
        "430",
        "32",
        "2,172",
        "0",
        "47",
        "0",
    ]
