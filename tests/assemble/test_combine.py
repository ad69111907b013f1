"""The combined report: sections in order, contents that are right when opened, figures and comments numbered once."""

from __future__ import annotations

import io
import zipfile
from collections import Counter

import pytest
from lxml import etree

from config.errors import Refused
from config.partnership import Partnership
from tasks.assemble import combine, draft_section, read_figures, read_register
from tasks.assemble.combine import NO_PAGE_NUMBERS
from templates.word import template
from tests.assemble.invented import RUN, YEAR
from tests.assemble.test_draft import W, part, texts, with_text


@pytest.fixture(scope="module")
def report(partnership: Partnership, contexts) -> bytes:
    return combine(partnership, YEAR, contexts, RUN)


def headings(docx: bytes) -> list[tuple[str, str]]:
    found = []
    for paragraph in part(docx).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val").startswith("Heading"):
            found.append((style.get(f"{W}val"), "".join(paragraph.itertext(f"{W}t"))))
    return found


def test_sections_stand_in_order_under_their_parts(report: bytes) -> None:
    assert [title for level, title in headings(report) if level == "Heading1"] == [
        "Foreword",
        "About Eastmere",
        "About the partnership",
        "Key successes and achievements",
        "Independent scrutiny",
        "Next steps",
        "Annexes",
    ]
    assert [title for level, title in headings(report) if level == "Heading2"] == [
        "Executive summary",
        "Eastmere safeguarding snapshot",
        "Financial arrangements",
        "Priority: neglect",
        "Learning from case reviews",
        "Training and development",
        "Independent scrutiny",
        "Working together",
        "Statutory guidance: where each requirement is met",
        "Where the figures come from",
        "Glossary",
        "Contact",
    ]


def test_no_page_before_a_new_part_holds_one_sentence_alone(report: bytes) -> None:
    body = list(part(report).find(f"{W}body"))
    ends = [number for number, block in enumerate(body) if "Heading1" in _styles(block)][1:]  # first come the contents
    kept = 0
    for end in ends:
        last, *before = reversed(body[end - 3 : end])
        assert last.find(f"{W}pPr/{W}keepNext") is None, "a section is not held to the next"
        for block in before:
            if block.tag != f"{W}p":
                break
            assert block.find(f"{W}pPr/{W}keepNext") is not None or "Heading" in "".join(_styles(block))
            kept += 1
    assert kept > 5


def _styles(block: etree._Element) -> list[str]:
    return [style.get(f"{W}val") for style in block.findall(f"{W}pPr/{W}pStyle")]


def test_every_section_says_the_same_as_its_own_draft(report: bytes, contexts) -> None:
    whole = Counter((figure.id, figure.text) for figure in read_figures(report))
    alone = Counter((figure.id, figure.text) for context in contexts for figure in read_figures(draft_section(context)))
    assert whole == alone


def test_controls_and_comments_are_numbered_once(report: bytes, contexts) -> None:
    controls = [figure.control for figure in read_figures(report)]
    assert len(controls) == len(set(controls))
    root, comments = part(report), part(report, "word/comments.xml")
    numbers = [comment.get(f"{W}id") for comment in comments.iter(f"{W}comment")]
    assert numbers == [reference.get(f"{W}id") for reference in root.iter(f"{W}commentReference")]
    assert (
        len(numbers)
        == len(set(numbers))
        == sum(bool(figure.comment) for context in contexts for figure in context.figures)
    )


def test_a_comment_stands_on_the_figure_that_it_is_about(report: bytes, contexts) -> None:
    about = {
        f"fig:{figure.id}": "\n".join(figure.comment)
        for context in contexts
        for figure in context.figures
        if figure.comment
    }
    said = {
        comment.get(f"{W}id"): "\n".join("".join(p.itertext(f"{W}t")) for p in comment.iter(f"{W}p"))
        for comment in part(report, "word/comments.xml").iter(f"{W}comment")
    }
    for start in part(report).iter(f"{W}commentRangeStart"):
        tag = start.getnext().find(f"{W}sdtPr/{W}tag").get(f"{W}val")
        assert said[start.get(f"{W}id")] == about[tag]


def test_there_is_one_register_of_all_figures(report: bytes, contexts) -> None:
    names = zipfile.ZipFile(io.BytesIO(report)).namelist()
    assert [name for name in names if name.startswith("customXml/item") and name.endswith("m1.xml")] == [
        "customXml/item1.xml"
    ]
    assert set(read_register(report)[1]) == {id_ for context in contexts for id_ in context.figure_ids}


def test_contents_are_a_real_field_with_its_result_and_links_that_lead_somewhere(report: bytes) -> None:
    root = part(report)
    codes = [code.text.strip() for code in root.iter(f"{W}instrText")]
    assert codes == [r'TOC \o "1-2" \h \z \u']
    links = [link for link in root.iter(f"{W}hyperlink") if next(link.iterancestors(f"{W}tbl"), None) is None]
    bookmarks = {
        mark.get(f"{W}name"): "".join(mark.getparent().itertext(f"{W}t")) for mark in root.iter(f"{W}bookmarkStart")
    }
    assert ["".join(link.itertext(f"{W}t")) for link in links] == [
        title for level, title in headings(report) if level in ("Heading1", "Heading2")
    ]
    assert [bookmarks[link.get(f"{W}anchor")] for link in links] == ["".join(link.itertext(f"{W}t")) for link in links]
    assert NO_PAGE_NUMBERS in texts(report)


def test_page_numbers_stand_in_the_contents_where_they_are_given(partnership: Partnership, contexts) -> None:
    pages = {f"_Toc{number:04}": number + 2 for number in range(1, 20)}
    report = combine(partnership, YEAR, contexts, RUN, pages=pages)
    assert NO_PAGE_NUMBERS not in texts(report)
    assert "Executive summary4" in texts(report)
    kinds = [mark.get(f"{W}fldCharType") for mark in part(report).iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 20


def test_nothing_asks_word_to_update_fields_on_opening(report: bytes) -> None:
    package = zipfile.ZipFile(io.BytesIO(report))
    assert b"updateFields" not in package.read("word/settings.xml")
    assert b"w:dirty" not in package.read("word/document.xml")


def test_the_annexes_say_which_requirements_are_not_met(report: bytes) -> None:
    assert "Not met: no section of this report carries it" in texts(report)


def test_each_requirement_links_to_the_sections_that_meet_it_by_their_headings(report: bytes, contexts) -> None:
    root = part(report)
    headed = {mark.get(f"{W}name"): mark.getparent() for mark in root.iter(f"{W}bookmarkStart")}
    links = [link for table in root.iter(f"{W}tbl") for link in table.iter(f"{W}hyperlink")]
    titles = ["".join(link.itertext(f"{W}t")) for link in links]
    answering = {context.title for context in contexts if context.requirements}
    assert set(titles) == answering
    assert ["".join(headed[link.get(f"{W}anchor")].itertext(f"{W}t")) for link in links] == titles


def test_the_glossary_has_the_acronyms_that_stand_in_the_report_and_no_others(report: bytes) -> None:
    assert "Multi-agency risk assessment conference" in texts(report)
    assert "Adverse childhood experience" not in texts(report)


def test_the_sources_of_all_sections_stand_in_an_annex(report: bytes, contexts) -> None:
    annex = [figure.id for figure in read_figures(report) if figure.where in {c.title for c in contexts}]
    assert annex[-19:] == [row.id for context in contexts for row in context.sources]


def test_no_mark_is_left_in_the_text(report: bytes) -> None:
    assert not any("\ue000" <= sign <= "\uf8ff" for sign in texts(report))


# what somebody changed in a section's template, and why it does not fit the whole
@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('<w:pStyle w:val="Subtitle"/>', '<w:pStyle w:val="Subtitle"/>', None),  # nothing
        (
            '<w:r><w:t xml:space="preserve">{{ intro }}</w:t></w:r>',
            '<w:hyperlink r:id="rId1"><w:r><w:t>x</w:t></w:r></w:hyperlink>',
            "a link",
        ),
    ],
    ids=["nothing", "a link in the text"],
)
def test_a_section_that_does_not_fit_the_whole_is_refused(
    partnership, contexts, old: str, new: str, wrong: str | None
) -> None:
    changed = {"snapshot": with_text(template("snapshot"), old, new)}
    if wrong is None:
        combine(partnership, YEAR, contexts, RUN, templates=changed)
    else:
        with pytest.raises(Refused, match=wrong):
            combine(partnership, YEAR, contexts, RUN, templates=changed)


def test_a_style_that_the_report_does_not_have_is_refused(partnership, contexts) -> None:
    changed = with_text(
        template("snapshot"), 'w:name w:val="Headline Line"', 'w:name w:val="House Line"', "word/styles.xml"
    )
    with pytest.raises(Refused, match="house line"):
        combine(partnership, YEAR, contexts, RUN, templates={"snapshot": changed})


def test_a_report_template_without_a_place_for_the_contents_is_refused(partnership, contexts) -> None:
    changed = with_text(template("report"), "{{ contents }}", "Contents to come")
    with pytest.raises(Refused, match="contents"):
        combine(partnership, YEAR, contexts, RUN, templates={"report": changed})


def test_the_report_is_well_formed_in_every_part(report: bytes) -> None:
    package = zipfile.ZipFile(io.BytesIO(report))
    for name in package.namelist():
        if not name.endswith(".xlsx"):
            etree.fromstring(package.read(name))
