"""The quality page's Word twin says the same, is built as accessibly as a draft, and is the report's last annex."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from docx import Document

from config.model import Look
from tasks.assemble import combine, quality_document
from tasks.quality import Results
from templates.word.quality import TITLE
from tests.assemble.invented import RUN, YEAR
from tests.assemble.test_draft import W, part
from tests.assemble.test_templates import paragraphs
from tests.quality.invented import EVIL, PAGES, PARTNERSHIP

DAY = date(2023, 12, 31)


def document(results: Results, look: Look = PARTNERSHIP.profile.look) -> bytes:
    return quality_document(results, look, DAY, RUN)


MADE = {name: (make(), document(make())) for name, make in PAGES.items()}
FORMS = [pytest.param(results, docx, id=name) for name, (results, docx) in MADE.items()]


def text(docx: bytes) -> str:
    return "\n".join(words for _, words in paragraphs(docx))


@pytest.mark.parametrize(("results", "docx"), FORMS)
def test_it_says_what_the_page_says(results: Results, docx: bytes) -> None:
    said = text(docx)
    assert results.headline in said
    for thing in results.things:
        assert thing.says in said
        if thing.severity == "information":  # told in a line; the page has the rest
            continue
        assert f"{thing.number}. {thing.says}" in said
        assert thing.to_do in said
        assert f"Who: {thing.owner}." in said
        assert all(place in said for place in thing.places)
    for one in results.senders:
        assert all(line in said for line in one.lines)
    for one in (*results.unmade_checks, *results.unmade_comparisons):
        assert one.reason in said
    assert f"Checks that passed: {results.counted.passed}." in said


@pytest.mark.parametrize(("results", "docx"), FORMS)
def test_headings_go_down_one_level_at_a_time_and_tables_have_headings(results: Results, docx: bytes) -> None:
    levels = [int(style[-1]) for style, _ in paragraphs(docx) if re.fullmatch(r"Heading\d", style)]
    assert levels[0] == 1 == levels.count(1)
    assert all(below - above <= 1 for above, below in zip(levels, levels[1:], strict=False))
    for table in part(docx).iter(f"{W}tbl"):
        assert table.find(f"{W}tblPr/{W}tblLook").get(f"{W}firstRow") == "1"
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
        assert table.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val").endswith(".")
        rows = table.findall(f"{W}tr")
        assert len(rows) > 1, "a table without rows cannot be opened everywhere"
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(cell.findall(f"{W}p") for cell in table.iter(f"{W}tc"))


@pytest.mark.parametrize(("results", "docx"), FORMS)
def test_no_paragraph_is_empty_and_no_two_tables_touch(results: Results, docx: bytes) -> None:
    assert [style for style, words in paragraphs(docx) if not words.strip()] == []
    body = list(part(docx).find(f"{W}body"))
    touching = [one for one, after in zip(body, body[1:], strict=False) if one.tag == after.tag == f"{W}tbl"]
    assert touching == [], "Word would make one table of them"


def test_it_is_british_has_a_title_and_is_no_draft() -> None:
    properties = Document(io.BytesIO(MADE["everything"][1])).core_properties
    assert (properties.title, properties.language) == ("Data quality: Quarter 3 of 2023-24", "en-GB")
    assert properties.created.date() == DAY
    assert b"DRAFT" not in b"".join(part(MADE["everything"][1], f"word/{name}.xml").text or b"" for name in ("header",))


def test_it_has_the_colours_of_the_partnership() -> None:
    docx = document(MADE["everything"][0], Look(dark="4A148C", accent="7B1FA2", alert="B71C1C"))
    colours = {one.get(f"{W}val") for one in part(docx, "word/styles.xml").iter(f"{W}color")}
    assert {"4A148C", "7B1FA2", "B71C1C"} <= colours


def test_the_same_results_make_the_same_bytes() -> None:
    assert document(PAGES["everything"]()) == MADE["everything"][1]


def test_what_was_sent_is_text_and_nothing_else() -> None:
    results, docx = MADE["crowded"]
    assert EVIL in text(docx), "shown as it is written, as Word takes it for text"
    assert len(results.things) > 100


@pytest.fixture(scope="module")
def report(partnership: Any, contexts: Any) -> bytes:
    return combine(partnership, YEAR, contexts, RUN, quality=MADE["year"][0])


def test_in_the_report_it_is_the_last_annex_and_in_the_contents(report: bytes) -> None:
    headings = [words for style, words in paragraphs(report) if style == "Heading2"]
    assert headings[-2:] == [TITLE, "Contact"]
    assert TITLE in [words for style, words in paragraphs(report) if style == "TOC2"]
    assert MADE["year"][0].headline in text(report)


def test_the_annex_says_in_short_what_the_document_says(report: bytes) -> None:
    alone = {words for _, words in paragraphs(MADE["year"][1])}
    whole = [words for _, words in paragraphs(report)]
    start = max(n for n, words in enumerate(whole) if words == TITLE)
    annex = whole[start:]
    counted = [words for words in annex[: annex.index("How to read this annex")] if words not in alone]
    assert all("on the data quality page" in words or "in the document 'Data quality'" in words for words in counted)
    things = [f"{one.number}. {one.says}" for one in MADE["year"][0].things if one.severity != "information"]
    assert things and set(things) <= set(annex)


def test_a_report_without_it_has_no_such_annex(partnership: Any, contexts: Any) -> None:
    assert TITLE not in text(combine(partnership, YEAR, contexts, RUN))
