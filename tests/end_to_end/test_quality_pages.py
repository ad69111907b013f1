"""The quality pages of the demonstration year, as the quality assurance group meets them."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.programs import needs_browser, needs_validator, open_xml_errors
from tests.quality.browser import (
    PAPER,
    PHONE,
    SCREEN,
    browser,
    findings_of_axe,
    folded_on_paper,
    not_reached_by_keyboard,
    opened,
    requests_of,
    too_wide,
)

FOLDERS = ["Q1", "Q2", "Q3", "Q4", "annual"]


def place(ran: Ran, folder: str) -> Path:
    return ran.current / "quality/2023-24" / folder


def data(ran: Ran, folder: str) -> dict:
    return json.loads((place(ran, folder) / "data-quality.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def started():
    with browser() as one:
        yield one


@needs_browser
@pytest.mark.parametrize("width", [PHONE, SCREEN])
@pytest.mark.parametrize("folder", [pytest.param("Q4", marks=pytest.mark.slow), "annual"])
def test_axe_finds_nothing_and_nothing_is_too_wide(demonstration: Ran, started, folder: str, width: int) -> None:
    for unfolded in (False, True):
        with opened(started, place(demonstration, folder) / "index.html", width, unfolded=unfolded) as page:
            assert findings_of_axe(page) == []
            assert too_wide(page) == []


@needs_browser
def test_the_year_opens_without_a_network_by_keyboard_and_on_paper(demonstration: Ran, started) -> None:
    path = place(demonstration, "annual") / "index.html"
    assert requests_of(started, path) == []
    assert folded_on_paper(started, path) == []
    with opened(started, path, PHONE) as page:
        assert not_reached_by_keyboard(page) == []
    with opened(started, path, PAPER) as page:
        page.emulate_media(media="print")
        assert too_wide(page) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_page_document_table_and_data_say_the_same(demonstration: Ran, folder: str) -> None:
    import docx

    told = data(demonstration, folder)
    page = (place(demonstration, folder) / "index.html").read_text(encoding="utf-8")
    document = docx.Document(str(place(demonstration, folder) / "data-quality.docx"))
    assert told["headline"] in page
    assert told["headline"] in [paragraph.text for paragraph in document.paragraphs]
    text = (place(demonstration, folder) / "data-quality.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(row["kind"] == "check" for row in rows) == len(told["checks"])
    assert page.count("<article") == len(told["things"])


def test_the_checks_of_the_year_are_those_that_its_five_runs_kept(demonstration: Ran) -> None:
    kept = Counter(
        (one["source"], one["period"], one["check"], one["outcome"])
        for folder in FOLDERS
        for one in json.loads((place(demonstration, folder) / "results.json").read_text(encoding="utf-8"))["verdicts"]
    )
    told = Counter(
        (one["source"], one["period"], one["check"], one["outcome"]) for one in data(demonstration, "annual")["checks"]
    )
    assert told == kept
    assert len(told) > 400


def test_the_year_names_the_return_that_is_missing_once_and_first(demonstration: Ran) -> None:
    things = data(demonstration, "annual")["things"]
    assert things[0]["says"].startswith("No return from Neglect Champions Group for Q2, Q3, Q4")
    missing = [thing for thing in things if "No return from Neglect Champions" in thing["says"]]
    assert [thing["kind"] for thing in missing] == ["return"]


def test_a_quarter_shows_the_quarters_so_far(demonstration: Ran) -> None:
    assert [one["when"] for one in data(demonstration, "Q3")["overall"]] == ["Q1", "Q2", "Q3"]
    assert {one["when"] for one in data(demonstration, "Q3")["quarterly"]} == {"Q1", "Q2", "Q3"}


def test_a_manifest_names_all_four_forms(demonstration: Ran) -> None:
    for manifest in (demonstration.current / "runs").glob("*/manifest.json"):
        keys = {Path(one["key"]).name for one in json.loads(manifest.read_text(encoding="utf-8"))["outputs"]}
        assert {"index.html", "data-quality.docx", "data-quality.csv", "data-quality.json"} <= keys


@needs_validator
def test_the_open_xml_validator_finds_no_error_in_the_documents(demonstration: Ran) -> None:
    found = open_xml_errors([place(demonstration, folder) / "data-quality.docx" for folder in FOLDERS])
    assert {name: errors for name, errors in found.items() if errors} == {}
