"""Every kind of draft passes Microsoft's own schema checks, and opens in another program.

The validator is ``ooxml-validate`` of the npm package ``@ooxml-tools/validate``: on the path, or named by the variable
``OOXML_VALIDATE``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tasks.assemble import combine, draft_section
from tests.assemble.invented import RUN, YEAR, context_of

VALIDATOR = os.environ.get("OOXML_VALIDATE") or shutil.which("ooxml-validate")
OFFICE = shutil.which("soffice")

needs_validator = pytest.mark.skipif(
    not VALIDATOR, reason="the Open XML validator is not installed (see OOXML_VALIDATE)"
)
needs_office = pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def drafts(partnership, contexts, given, tmp_path_factory) -> list[Path]:
    """One draft for every template, one in which nothing was received, and the combined report with page numbers."""
    folder = tmp_path_factory.mktemp("drafts")
    made = {context.template: draft_section(context) for context in contexts}
    made["nothing-received"] = draft_section(
        context_of(partnership, "eastmere-snapshot", given.but(figures={}, narrative=(), findings=(), files=()))
    )
    made["report"] = combine(partnership, YEAR, contexts, RUN)
    made["report-with-pages"] = combine(
        partnership, YEAR, contexts, RUN, pages={f"_Toc{n:04}": n for n in range(1, 40)}
    )
    for name, data in made.items():
        (folder / f"{name}.docx").write_bytes(data)
    return sorted(folder.iterdir())


def errors(path: Path) -> str:
    done = subprocess.run(
        [*str(VALIDATOR).split(), str(path)], capture_output=True, text=True, check=False, timeout=120
    )
    return "" if "Found 0 errors" in done.stdout else done.stdout + done.stderr


@needs_validator
def test_every_kind_of_draft_passes_the_open_xml_validator(drafts: list[Path]) -> None:
    assert {path.name: found for path in drafts if (found := errors(path))} == {}


@needs_validator
def test_the_validator_finds_a_planted_fault(drafts: list[Path], tmp_path: Path) -> None:
    from tests.assemble.test_draft import with_text

    bad = tmp_path / "bad.docx"
    bad.write_bytes(with_text(drafts[-1].read_bytes(), 'w:lock w:val="contentLocked"', 'w:lock w:val="half"'))
    assert "half" in errors(bad)


@needs_office
def test_every_kind_of_draft_opens_in_libreoffice(drafts: list[Path], tmp_path: Path) -> None:
    subprocess.run(
        [
            str(OFFICE),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            *map(str, drafts),
        ],
        capture_output=True,
        check=True,
        timeout=240,
    )
    assert {path.stem for path in tmp_path.glob("*.pdf")} == {path.stem for path in drafts}
