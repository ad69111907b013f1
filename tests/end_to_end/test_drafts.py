"""Every draft of the demonstration year opens without an error in the two programs that can be had here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran


def drafts(ran: Ran) -> list[Path]:
    return sorted((ran.current / "drafts").rglob("*.docx"))


def validator() -> Path | None:
    """The module of the Open XML SDK validator: beside the command that OOXML_VALIDATE names, or one on the path."""
    command = os.environ.get("OOXML_VALIDATE") or shutil.which("ooxml-validate")
    module = Path(command).resolve().parent.parent / "index.js" if command else None
    return module if module and module.exists() else None


@pytest.mark.skipif(validator() is None, reason="the Open XML SDK validator is not installed: see .ci/run")
def test_the_open_xml_validator_finds_no_error(demonstration: Ran) -> None:
    files = [str(path) for path in drafts(demonstration)]
    done = subprocess.run(
        ["node", str(ROOT / "tests/validate_docx.mjs"), str(validator()), *files],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(told) == len(files) > 40
    assert {Path(one["file"]).name: one["errors"] for one in told if one["errors"]} == {}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: see .ci/run")
def test_libreoffice_opens_every_draft_and_prints_it(demonstration: Ran, tmp_path: Path) -> None:
    named = []
    for path in drafts(demonstration):  # one folder, one call: starting LibreOffice costs a second
        copy = tmp_path / "docx" / f"{path.parent.name}-{path.name}"
        copy.parent.mkdir(exist_ok=True)
        named.append(shutil.copy(path, copy))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path / "pdf"),
            *map(str, named),
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
    made = {path.stem for path in (tmp_path / "pdf").glob("*.pdf") if path.stat().st_size > 5000}
    assert made == {Path(name).stem for name in named}


@pytest.mark.skipif(
    shutil.which("pdftotext") is None or shutil.which("soffice") is None, reason="no LibreOffice or poppler"
)
def test_the_printed_report_shows_figures_and_queries(demonstration: Ran, tmp_path: Path) -> None:
    report = demonstration.current / "drafts/2023-24/annual/annual-report.docx"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(report),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "annual-report.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("2,190", "referrals to children", "Queried", "No return received", "Illustrative", "DRAFT"):
        assert words.lower() in text.lower(), words
