"""A run keeps a draft that not everybody can read, and says so; the report has page numbers where they are wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.errors import Failure
from flows import telling
from tasks.assemble import draft_section, office
from tasks.assemble.combine import NO_PAGE_NUMBERS, combine
from tasks.model import Draft
from tasks.order import Order
from tasks.run import Reference, Stages
from tests.assemble.invented import RUN, YEAR
from tests.assemble.test_combine import texts
from tests.programs import needs_office, needs_poppler

ADDRESS = "See https://example.org/annex."


def stages(folder: Path, **more: bool) -> Stages:
    return Stages(Order("hsscp", "2023-24", str(folder / "inbox"), str(folder / "store"), **more))


def test_a_draft_that_not_everybody_can_read_is_kept_and_the_run_says_so(contexts, tmp_path: Path) -> None:
    stage = stages(tmp_path)
    good, other = contexts[:2]
    bad = other.__class__(**{name: getattr(other, name) for name in other.__dataclass_fields__} | {"intro": ADDRESS})
    with ThreadPoolExecutor(1) as beside:
        put = [stage._put_draft(context, draft_section(context), beside) for context in (good, bad)]
    kept = [looked_through() for looked_through in put]
    assert kept[0].hard_to_read == ()
    assert re.search(r"web address is written out.*Where: .*Insert, Link", kept[1].hard_to_read[0])
    assert "example.org" not in str(kept[1].hard_to_read)
    assert stage.store.get(kept[1].key)
    told = telling.drafted(stage.order, stage._put("drafts/{folder}/drafts.json", {"drafts": kept}))
    assert "A web address is written out." in told.text and "1 of which not everybody can read" in told.in_short


def test_no_draft_goes_on_that_could_not_be_looked_through(contexts, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as beside:
        put = stages(tmp_path)._put_draft(contexts[0], b"no document", beside)
    with pytest.raises(Failure, match="could not be looked through") as failure:
        put()
    assert failure.value.where == f"{contexts[0].section_id}.docx"


def test_drafts_of_runs_before_this_was_looked_for_can_still_be_read(tmp_path: Path) -> None:
    stage = stages(tmp_path)
    older = {
        "section": "a",
        "title": "A",
        "key": "a.docx",
        "sha256": "0",
        "figures": [],
        "open_findings": 0,
        "missing": [],
    }
    reference = stage._put("drafts/{folder}/drafts.json", {"drafts": [older]})
    assert isinstance(reference, Reference)
    assert json.loads(stage.store.get(reference.key))["drafts"] == [older]
    assert stage.drafts(reference) == (Draft("a", "A", "a.docx", "0", (), 0, ()),)


@pytest.fixture
def make(partnership, contexts):
    def made(pages: Mapping[str, int]) -> bytes:
        return combine(partnership, YEAR, contexts, RUN, pages=pages)

    return made


@needs_office
@needs_poppler
def test_the_contents_have_page_numbers_where_they_are_wanted_and_the_same_bytes_again(make, tmp_path: Path) -> None:
    wanted = stages(tmp_path, page_numbers=True)
    report = wanted._numbered(make, print)
    assert NO_PAGE_NUMBERS not in texts(report)
    assert wanted._numbered(make, print) == report
    assert stages(tmp_path)._numbered(make, print) == make({})


def test_a_report_is_made_without_page_numbers_where_libreoffice_is_not_there_or_fails(
    make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, said = stages(tmp_path, page_numbers=True), []
    monkeypatch.setattr(office, "_program", lambda: None)
    assert wanted._numbered(make, said.append) == make({})
    assert said == []
    monkeypatch.setattr(office, "has_poppler", lambda: True)
    monkeypatch.setattr(office, "_program", lambda: "/bin/false")
    assert wanted._numbered(make, said.append) == make({})
    assert len(said) == 1
    assert "without page numbers" in said[0]
