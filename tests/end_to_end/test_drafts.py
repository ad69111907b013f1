"""Every draft of the demonstration year opens without an error in the two programs that can be had here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tasks.assemble.accessible import problems_of
from tests.conftest import Ran
from tests.programs import needs_office, needs_poppler, needs_validator, open_xml_errors, to_pdf


def drafts(ran: Ran) -> list[Path]:
    return sorted((ran.current / "drafts").rglob("*.docx"))


@needs_validator
def test_the_open_xml_validator_finds_no_error(demonstration: Ran) -> None:
    found = open_xml_errors(drafts(demonstration))
    assert len(found) > 40
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_nothing_keeps_anybody_from_reading_a_draft(demonstration: Ran) -> None:
    found = {path.name: problems_of(path.read_bytes(), path.name) for path in drafts(demonstration)}
    assert len(found) > 28
    assert {name: problems for name, problems in found.items() if problems} == {}


@needs_office
def test_libreoffice_opens_every_draft_and_prints_it(demonstration: Ran, tmp_path: Path) -> None:
    (tmp_path / "docx").mkdir()
    copies = [
        Path(shutil.copy(path, tmp_path / "docx" / f"{path.parent.name}-{path.name}")) for path in drafts(demonstration)
    ]
    assert to_pdf(copies, tmp_path) == {path.stem for path in copies}


@needs_office
@needs_poppler
def test_the_printed_report_shows_figures_and_queries(demonstration: Ran, tmp_path: Path) -> None:
    to_pdf([demonstration.current / "drafts/2023-24/annual/annual-report.docx"], tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "annual-report.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("2,190", "referrals to children", "Queried", "No return received", "Illustrative", "DRAFT"):
        assert words.lower() in text.lower(), words


@needs_office
@needs_poppler
def test_the_page_for_children_is_one_page(demonstration: Ran, tmp_path: Path) -> None:
    to_pdf([demonstration.current / "drafts/2023-24/annual/child-friendly-summary.docx"], tmp_path)
    told = subprocess.run(
        ["pdfinfo", str(tmp_path / "child-friendly-summary.pdf")], capture_output=True, text=True, check=True
    ).stdout
    assert ["Pages:", "1"] in [line.split() for line in told.splitlines()]
