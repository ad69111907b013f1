"""Every kind of draft passes Microsoft's own schema checks, and opens in another program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.assemble import combine, draft_section, quality_document
from tests.assemble.invented import RUN, YEAR, context_of
from tests.programs import needs_office, needs_validator, open_xml_errors, to_pdf
from tests.quality.invented import PAGES


@pytest.fixture(scope="module")
def drafts(partnership, contexts, given, tmp_path_factory) -> list[Path]:
    """One draft for every template, one in which nothing was received, and the combined report with page numbers."""
    folder = tmp_path_factory.mktemp("drafts")
    made = {context.template: draft_section(context) for context in contexts}
    made["nothing-received"] = draft_section(
        context_of(partnership, "eastmere-snapshot", given.but(figures={}, narrative=(), findings=(), files=()))
    )
    made["report"] = combine(partnership, YEAR, contexts, RUN, quality=PAGES["year"]())
    made |= {
        f"quality-{name}": quality_document(make(), partnership.profile.look, YEAR.last_day, RUN)
        for name, make in PAGES.items()
    }
    made["report-with-pages"] = combine(
        partnership, YEAR, contexts, RUN, pages={f"_Toc{n:04}": n for n in range(1, 40)}
    )
    for name, data in made.items():
        (folder / f"{name}.docx").write_bytes(data)
    return sorted(folder.iterdir())


@needs_validator
def test_every_kind_of_draft_passes_the_open_xml_validator(drafts: list[Path]) -> None:
    assert {name: errors for name, errors in open_xml_errors(drafts).items() if errors} == {}


@needs_validator
def test_the_validator_finds_a_planted_fault(drafts: list[Path], tmp_path: Path) -> None:
    from tests.assemble.test_draft import with_text

    bad = tmp_path / "bad.docx"
    bad.write_bytes(with_text(drafts[-1].read_bytes(), 'w:lock w:val="contentLocked"', 'w:lock w:val="half"'))
    assert "half" in str(open_xml_errors([bad])[str(bad)])


@needs_office
def test_every_kind_of_draft_opens_in_libreoffice(drafts: list[Path], tmp_path: Path) -> None:
    assert to_pdf(drafts, tmp_path) == {path.stem for path in drafts}
