"""Where text comes from: what came, plain text, Word documents; each passage with its place and its headings."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from config.errors import Refused
from tasks.wording.documents import from_docx
from tasks.wording.passages import from_narrative, from_text, part_of
from tests.wording.example import came, found, partnership, wrote

REPORT = """
Annual report

ABOUT US

We are a partnership.

PRIORITY 1: Early help

What we have done:

- Held a day
- Wrote a plan

Impact and evidence

It is 3 times as good.
"""


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("What we set out to do:", "sought"),
        ("What we have done:", "done"),
        ("What has been done?", "done"),
        ("Impact and evidence", "impact"),
        ("What we still want to achieve", "still"),
        ("Areas of strength:", "strengths"),
        ("Areas for further development", "development"),
        ("Evaluation and impact", "evaluation"),
        ("The impact of neglect on children", ""),
        ("About us", ""),
    ],
)
def test_a_heading_names_a_part_or_none(heading: str, part: str) -> None:
    assert part_of(heading) == part


def test_plain_text_has_headings_points_and_places() -> None:
    passages = from_text(REPORT, "report.txt")
    assert [(p.kind, p.part, p.text) for p in passages[2:]] == [
        ("paragraph", "", "We are a partnership."),
        ("heading", "", "PRIORITY 1: Early help"),
        ("heading", "", "What we have done:"),
        ("point", "done", "Held a day"),
        ("point", "done", "Wrote a plan"),
        ("heading", "", "Impact and evidence"),
        ("paragraph", "impact", "It is 3 times as good."),
    ]
    assert passages[5].where == "report.txt, line 12"
    assert passages[5].topic.endswith("PRIORITY 1: Early help")


def test_contents_and_page_numbers_are_no_text() -> None:
    kinds = {p.text: p.kind for p in from_text("Contents\n\nAbout us 4-8\n\nWho we are.....5\n\n7\n\nWe met 12 times.")}
    assert kinds["About us 4-8"] == kinds["Who we are.....5"] == kinds["7"] == "contents"
    assert kinds["We met 12 times."] == "paragraph"


def test_narrative_has_its_place_and_the_period_of_its_file() -> None:
    narrative = [wrote("done", "Held a day.", "Wrote a plan.", sha="sha-2023-24-Q1")]
    first, second = from_narrative(partnership(), narrative, [came("return-training", "2023-24-Q1")])
    assert (first.where, second.where) == (
        "return-training.xlsx, sheet Narrative, B2, point 1",
        "return-training.xlsx, sheet Narrative, B2, point 2",
    )
    assert (first.source, first.topic, first.part, first.period) == ("return-training", "1", "done", "2023-24-Q1")


def test_what_is_sent_again_in_the_same_words_is_read_once() -> None:
    assert (
        len(from_narrative(partnership(), [wrote("sought", "Better plans."), wrote("sought", "Better  plans.")])) == 1
    )


def test_a_quarters_numbers_are_not_held_against_the_years_register() -> None:
    narrative = [wrote("done", "We read 950 files.", sha="sha-2023-24-Q1")]
    passages = from_narrative(partnership(), narrative, [came("return-training", "2023-24-Q1")])
    assert found("unregistered_number", passages) == []
    assert found("unregistered_number", from_narrative(partnership(), narrative)) != []


def word(*paragraphs: tuple[str, str], link: tuple[str, str] | None = None) -> bytes:
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if link:
        paragraph = document.add_paragraph("Read the report ")
        anchor = OxmlElement("w:hyperlink")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        anchor.set(qn("r:id"), document.part.relate_to(link[1], kind, is_external=True))
        run = paragraph.add_run(link[0])._r
        anchor.append(run)
        paragraph._p.append(anchor)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def test_a_word_document_has_headings_by_style_and_links_as_links() -> None:
    data = word(
        ("Heading 1", "About us"),
        ("Normal", "We are a partnership."),
        ("Heading 2", "Impact"),
        ("List Bullet", "Staff are sure of what to do."),
        link=("here", "https://example.org"),
    )
    passages = from_docx(data, "report.docx")
    assert [(p.kind, p.level, p.part, p.where) for p in passages[:4]] == [
        ("heading", 1, "", "report.docx, paragraph 1"),
        ("paragraph", 0, "", "report.docx, paragraph 2"),
        ("heading", 2, "", "report.docx, paragraph 3"),
        ("point", 0, "impact", "report.docx, paragraph 4"),
    ]
    assert passages[4].text == "Read the report [here](https://example.org)"
    assert "does not say where" in found("presentation", passages)[0]


def test_deleted_text_is_not_read_and_inserted_text_is() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Agreed")
    for tag, kind, text in (("w:ins", "w:t", " by all"), ("w:del", "w:delText", " by none")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(kind)
        words.text = text
        words.set(qn("xml:space"), "preserve")
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    saved = io.BytesIO()
    document.save(saved)
    assert [p.text for p in from_docx(saved.getvalue())] == ["Agreed by all"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"plain words"], ids=["nothing", "a broken file", "text"])
def test_what_is_no_document_is_refused_in_plain_words(data: bytes) -> None:
    with pytest.raises(Refused, match="no Word document that can be opened") as refused:
        from_docx(data, "report.docx")
    assert refused.value.to_do and refused.value.where == "report.docx"
