"""From every printed figure back to file, sheet and cell, and what stands in that cell.

The cells are read here with other means than the product's readers, so that both must agree.
"""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache, lru_cache
from pathlib import Path

import docx
import openpyxl
import pytest

from tasks.assemble import read_figures
from tests.conftest import Ran, run_assure


@cache  # a figure stands in its section and in the whole report
def explained(ran: Ran, figure_id: str, hidden: bool = False) -> dict:
    from tasks.explain import explain_from_store
    from tasks.store import open_store

    return explain_from_store(open_store(str(ran.folder / "store")), figure_id, hidden=hidden).as_dict


def drafts(ran: Ran) -> list[Path]:
    return sorted((ran.current / "drafts").rglob("*.docx"))


@lru_cache(maxsize=200)
def received(current: Path, sha256: str) -> tuple[str, bytes]:
    path = next(current.glob(f"received/**/{sha256}.*"))
    return path.suffix, path.read_bytes()


@lru_cache(maxsize=200)
def workbook(current: Path, sha256: str):
    return openpyxl.load_workbook(io.BytesIO(received(current, sha256)[1]))


@lru_cache(maxsize=200)
def lines(current: Path, sha256: str) -> list[str]:
    data = received(current, sha256)[1]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    return text.splitlines()


def cell_text(current: Path, place: dict) -> str:
    """What stands in one place of a received file."""
    suffix, data = received(current, place["sha256"])
    if suffix == ".xlsx":
        cell = workbook(current, place["sha256"])[place["sheet"]][place["cell"]]
        value = cell.value * 100 if isinstance(cell.value, float) and "%" in cell.number_format else cell.value
        return str(value)
    if suffix == ".csv":
        found = re.search(r"line (\d+)", place["cell"])
        return (
            lines(current, place["sha256"])[int(found[1]) - 1] if found else "\n".join(lines(current, place["sha256"]))
        )
    return "".join(
        t.text or ""
        for t in docx.Document(io.BytesIO(data)).element.iter(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
        )
    )


def digits(text: str) -> str:
    return re.sub(r"[,\s£%]", "", text)


def test_every_figure_of_every_draft_leads_to_its_cells(demonstration: Ran) -> None:
    walked = 0
    for draft in drafts(demonstration):
        for figure in read_figures(draft.read_bytes()):
            told = explained(demonstration, figure.id)
            assert told["figure"]["display"] == figure.text, (draft.name, figure)
            if told["figure"]["status"] == "not_received":
                continue
            assert told["made_from"], (draft.name, figure)
            hidden = told["figure"]["status"] == "withheld"
            for seen in explained(demonstration, figure.id, hidden=True)["made_from"] if hidden else told["made_from"]:
                text = digits(cell_text(demonstration.current, seen))
                if seen["how"]:  # counted from rows: the test below counts them again
                    continue
                wanted = digits(seen["value"])
                assert wanted in text or float(wanted) == pytest.approx(float(text)), (seen, text[:80])
            walked += 1
    assert walked > 300


def test_a_counted_figure_names_the_lines_that_were_counted(demonstration: Ran) -> None:
    told = explained(demonstration, "partnership.training_attendances.2023-24")
    counted = 0
    for seen in told["made_from"]:
        kept = lines(demonstration.current, seen["sha256"])
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", seen["cell"]):
            for number in range(int(first), int(last or first) + 1):
                assert "Attended" in next(csv.reader([kept[number - 1]]))
                counted += 1
    assert counted == 1701


def test_the_command_tells_it_on_one_screen(demonstration: Ran) -> None:
    done = run_assure("explain", "stockton.rereferral_rate.2023-24", "--store", str(demonstration.folder / "store"))
    assert done.returncode == 0, done.stderr
    for word in ("24%", "30.3", ".csv", "line", "must"):
        assert word in done.stdout
    assert len(done.stdout.splitlines()) <= 60


def test_the_command_tells_it_as_json(demonstration: Ran) -> None:
    done = run_assure(
        "explain", "hartlepool.referrals.2023-24", "--store", str(demonstration.folder / "store"), "--json"
    )
    assert json.loads(done.stdout)["figure"]["value"] == "2190"


def test_an_unknown_figure_is_refused_with_a_suggestion(demonstration: Ran) -> None:
    done = run_assure("explain", "hartlepool.referals.2023-24", "--store", str(demonstration.folder / "store"))
    assert done.returncode == 2
    assert "hartlepool.referrals.2023-24" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("figure_id", ["rubbish", "hartlepool.referrals"])
def test_an_id_without_its_period_is_refused_in_words(demonstration: Ran, figure_id: str) -> None:
    done = run_assure("explain", figure_id, "--store", str(demonstration.folder / "store"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
