"""Nothing hostile is opened as a draft; each is refused with a sentence that its editor can act on."""

from __future__ import annotations

import time

import pytest

from config.errors import Refused
from tasks.review.opening import MAIN, notes_on, parts_of_draft
from tests.end_to_end.test_readme import compare
from tests.gather.files import part, wide
from tests.review import hostile
from tests.review.drafts import drafts
from tests.review.hostile import HOSTILE, Hostile, draft, field_of, with_link, with_picture

NAME = "eastmere-snapshot.docx"


@pytest.mark.parametrize("case", HOSTILE, ids=[case.what for case in HOSTILE])
def test_a_hostile_document_is_refused_with_a_sentence(case: Hostile) -> None:
    data = case.made()
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        parts_of_draft(data, NAME)
    assert time.process_time() - began < 2
    told = refused.value
    assert told.what == case.says
    assert told.where.startswith(NAME)
    assert all((told.why, told.to_do))
    assert told.exit_code == 2


GOOD = {
    **{f"our own draft, {name}": (lambda name=name: drafts()[name]) for name in drafts()},
    "links to the web": lambda: with_link("hyperlink", "https://www.gov.uk/"),
    "links to an e-mail address": lambda: with_link("hyperlink", "mailto:business.unit@eastmere.example"),
    "links to a telephone": lambda: with_link("hyperlink", "tel:+441632960001"),
    "links to a place in the document": lambda: with_link("hyperlink", "#_Toc0001"),
    "a link as a field": lambda: field_of(' HYPERLINK "https://www.gov.uk/" \\o "the government"'),
    "a link as a field to a place in the document": lambda: field_of(' HYPERLINK \\l "_Toc0001" '),
    "contents, page numbers and sums": lambda: field_of(' TOC \\o "1-2" \\h \\z \\u '),
    "a sum with a field in it": lambda: hostile.with_words(
        f"{hostile._mark('begin')}<w:r><w:instrText>=</w:instrText></w:r>{hostile._mark('begin')}"
        f"<w:r><w:instrText>PAGE</w:instrText></w:r>{hostile._mark('end')}{hostile._mark('end')}"
    ),
    "a photograph": lambda: with_picture(hostile.png(6000, 4000), "png"),
    "a drawing": lambda: with_picture(
        b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0" fill="url(#a)"/></svg>', "svg"
    ),
    "the workbook of a chart": lambda: hostile.embedded(wide(), "Microsoft_Excel_Sheet.xlsx"),
    "words that are the names of fields": lambda: hostile.with_words("<w:r><w:t>DDE LINK altChunk</w:t></w:r>"),
}


@pytest.mark.parametrize("what", GOOD)
def test_a_good_draft_is_opened_with_every_part_as_it_is(what: str) -> None:
    data = GOOD[what]()
    parts = parts_of_draft(data, NAME)
    assert parts[MAIN] == part(data, MAIN)
    assert all(part(data, name) == content for name, content in parts.items())
    assert notes_on(parts) == ()


def test_a_template_on_a_file_share_is_said_and_does_not_stop_anybody() -> None:
    data = with_link("attachedTemplate", "file:///\\\\share\\x.dotx", rels="word/_rels/settings.xml.rels")
    (note,) = notes_on(parts_of_draft(data, NAME))
    assert "detach it" in note


def test_a_document_whose_main_part_has_another_name_gets_the_usual_one() -> None:
    parts = parts_of_draft(hostile.renamed(), NAME)
    assert set(parts) == set(parts_of_draft(draft(), NAME))
    assert parts[MAIN] == part(draft(), MAIN)
    assert b"document2" not in parts["[Content_Types].xml"] + parts["_rels/.rels"]


def test_the_place_is_that_of_the_fault() -> None:
    """So that an editor finds one link among many, without anything of the text being repeated."""
    one = hostile.with_words('<w:hyperlink r:id="rIdX"/>', with_link("hyperlink", "file:///C:/x"))
    with pytest.raises(Refused, match=r"under the heading 'Where these figures come from'"):
        parts_of_draft(one, NAME)


def test_nothing_is_written_under_the_name_that_came_with_it(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    parts_of_draft(draft(), "../../etc/passwd.docx")
    with pytest.raises(Refused):
        parts_of_draft(hostile.two_documents(), "../x.docx")
    assert list(tmp_path.iterdir()) == []


def test_the_table_in_the_readme_is_made_of_these() -> None:
    head = ["<details>", f"<summary>{len(HOSTILE)} kinds of edited draft that are not opened</summary>", "",
            "| what comes back | what its editor is told first |", "|---|---|"]  # fmt: skip
    lines = [f"| {case.what} | {case.says} |" for case in HOSTILE]
    compare("bad-drafts", "\n".join([*head, *lines, "", "</details>"]) + "\n")


def test_no_two_cases_are_called_the_same() -> None:
    assert len({case.what for case in HOSTILE}) == len(HOSTILE)
