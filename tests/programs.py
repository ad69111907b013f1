"""Programs that open what we make as people's do: the Open XML SDK's validator, LibreOffice, and a browser.

Tests that need one are skipped with the reason where it is not installed. `.ci/run` installs both, and says so with
``REQUIRE_PROGRAMS``: then nothing is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OFFICE = shutil.which("soffice")
CHROMIUM = shutil.which("chromium")


def _validator() -> Path | None:
    """The module beside the command that OOXML_VALIDATE names, or that is on the path as ``ooxml-validate``."""
    command = os.environ.get("OOXML_VALIDATE") or shutil.which("ooxml-validate")
    module = Path(command).resolve().parent.parent / "index.js" if command else None
    return module if module and module.exists() else None


VALIDATOR = _validator()
REQUIRED = bool(os.environ.get("REQUIRE_PROGRAMS"))


def _needs(program: object, name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not program and not REQUIRED, reason=f"{name} is not installed: see .ci/run")


needs_validator = _needs(VALIDATOR, "the Open XML validator")
needs_office = _needs(OFFICE, "LibreOffice")
needs_browser = _needs(CHROMIUM, "chromium")
needs_poppler = _needs(shutil.which("pdftotext"), "poppler")


def open_xml_errors(files: Sequence[Path]) -> dict[str, list[dict]]:
    """What the validator finds in each file, by the file's path; all files in one process."""
    done = subprocess.run(
        ["node", str(HERE / "validate_docx.mjs"), str(VALIDATOR), *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [one["file"] for one in told] == [str(path) for path in files]
    return {one["file"]: one["errors"] for one in told}


def to_pdf(files: Sequence[Path], folder: Path) -> set[str]:
    """Print files to PDF with LibreOffice, in a profile of their own; the stems of the PDFs that were made."""
    run_office(folder, "pdf", *files, folder)
    return {path.stem for path in folder.glob("*.pdf") if path.stat().st_size > 5000}


def run_office(profile: Path, kind: str, *files_and_folder: Path) -> None:
    """Convert files with LibreOffice into the folder named last, with a profile of its own under ``profile``."""
    *files, folder = files_and_folder
    subprocess.run(
        [
            str(OFFICE),
            f"-env:UserInstallation={(profile / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
