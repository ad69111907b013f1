"""A redline: accepting every change gives the new document's text, rejecting every change the old one's."""

from __future__ import annotations

import copy
from typing import Any

from docx.oxml.ns import nsmap
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tasks.assemble.finish import packed
from tasks.review.redline import moved, redline
from tasks.review.refresh import refresh
from tasks.review.revisions import ADDED, REMOVED, W, changes, said, settle
from tests.programs import needs_validator, open_xml_errors
from tests.review.made import body, edited, paragraph_with, parts, printed, report, retype, run, section

REFERRALS = "eastmere.referrals.2023-24"


def accepted(root: Any) -> list[str]:
    root = copy.deepcopy(root)
    settle(root)
    return [said(one) for one in root.iter(f"{W}p")]


def rejected(root: Any) -> list[str]:
    """To reject every change is to accept its opposite."""
    root = copy.deepcopy(root)
    opposite = {f"{W}ins": f"{W}del", f"{W}del": f"{W}ins"}
    for mark in list(root.iter(*opposite)):
        mark.tag = opposite[mark.tag]
    for text in list(root.iter(f"{W}delText", f"{W}t")):
        text.tag = f"{W}t"
    return accepted(root)


def test_a_figure_that_moved_is_one_change_wherever_it_stands() -> None:
    new = edited(section(), lambda root: retype(root, REFERRALS, "2,200", tracked=False))
    made = redline(section(), new)
    assert [(one.kind, one.text) for one in changes(body(made))] == [("deleted", "2,190"), ("inserted", "2,200")]
    assert [(one.figure, one.was, one.now) for one in moved(section(), new)] == [(REFERRALS, "2,190", "2,200")]


def test_only_the_words_that_changed_are_marked() -> None:
    def edit(root: Any) -> None:
        text = next(one for one in root.iter(f"{W}t") if one.text and "completed" in one.text)
        text.text = text.text.replace("completed", "begun and ended")

    marked = changes(body(redline(section(), edited(section(), edit))))
    assert [(one.kind, one.text) for one in marked][:2] == [("deleted", "completed"), ("inserted", "begun and ended")]


def test_the_same_document_twice_has_no_change_and_the_same_text() -> None:
    made = redline(report(), report())
    assert changes(body(made)) == []
    assert accepted(body(made)) == accepted(body(report()))


def test_a_row_that_is_new_and_one_that_is_gone_are_marked_as_rows() -> None:
    def edit(root: Any) -> None:
        rows = next(table for table in root.iter(f"{W}tbl") if len(table.findall(f"{W}tr")) > 3).findall(f"{W}tr")
        added = copy.deepcopy(rows[1])
        texts = list(added.iter(f"{W}t"))
        texts[0].text = "Something else altogether, which was not there"
        rows[-1].addnext(added)
        rows[2].getparent().remove(rows[2])

    new = edited(section(), edit)
    made = body(redline(section(), new))
    assert len(list(made.iter(f"{W}trPr"))) >= 2
    assert len([one for one in made.iter(f"{W}ins") if one.getparent().tag == f"{W}trPr"]) == 1
    assert len([one for one in made.iter(f"{W}del") if one.getparent().tag == f"{W}trPr"]) == 1
    assert accepted(made) == accepted(body(new))
    assert rejected(made) == accepted(body(section()))


def test_the_refreshed_draft_and_its_redline_say_the_same_figures() -> None:
    new = refresh(report(), "r.docx", printed(report()) | {REFERRALS: "2,200"}).data
    made = redline(report(), new)
    assert accepted(body(made)) == accepted(body(new))
    assert rejected(made_body := body(made)) == accepted(body(report())), made_body.tag


# Any two documents

WORDS = ("plans ", "for ", "children ", "2,190", "24.9%", " rose", ", ", "ended", "\t")
RUNS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join), max_size=3)
FIGURES = st.tuples(st.sampled_from(["a.x.2023", "b.y.2023"]), st.sampled_from(["7", "1,204", "c"]))
PARAGRAPHS = st.lists(RUNS | FIGURES | st.tuples(RUNS, FIGURES), max_size=4)


def paragraph(pieces: Any) -> str:
    if isinstance(pieces, list):
        return "".join(
            f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'.replace(
                "\t", '</w:t><w:tab/><w:t xml:space="preserve">'
            )
            for text in pieces
        )
    if isinstance(pieces[0], list):
        return paragraph(pieces[0]) + paragraph(pieces[1])
    id_, text = pieces
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="fig:{id_}"/></w:sdtPr><w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent>'
        "</w:sdt>"
    )


TABLES = st.lists(st.lists(PARAGRAPHS.filter(bool), min_size=2, max_size=2), min_size=1, max_size=3)
BODIES = st.lists(st.tuples(st.just("p"), PARAGRAPHS) | st.tuples(st.just("tbl"), TABLES), max_size=5)


def block(kind: str, what: Any) -> str:
    if kind == "p":
        return "".join(f"<w:p>{paragraph(one)}</w:p>" for one in what)
    rows = "".join(
        "<w:tr>"
        + "".join(f"<w:tc>{''.join(f'<w:p>{paragraph(one)}</w:p>' for one in cell)}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in what
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl><w:p/>"


def document(blocks: Any) -> bytes:
    xml = "".join(block(*one) for one in blocks)
    root = f'<w:document xmlns:w="{nsmap["w"]}"><w:body>{xml}<w:p><w:r><w:t>End</w:t></w:r></w:p></w:body></w:document>'
    return packed(parts(section()) | {"word/document.xml": root.encode()})


@settings(max_examples=150, derandomize=True)
@given(BODIES, BODIES)
def test_accepting_gives_the_new_text_and_rejecting_the_old(old: Any, new: Any) -> None:
    before, after = document(old), document(new)
    made = body(redline(before, after))
    assert accepted(made) == accepted(body(after))
    assert rejected(made) == accepted(body(before))
    assert all(one.get(f"{W}id") for one in made.iter(*ADDED, *REMOVED))


@needs_validator
def test_the_open_xml_validator_finds_no_error(tmp_path) -> None:
    def edit(root: Any) -> None:
        found = list(root.iter(f"{W}tbl"))[1]
        found.getparent().remove(found)
        gone = paragraph_with(root, "referrals were re-referrals")
        gone.addprevious(etree.fromstring(f'<w:p xmlns:w="{nsmap["w"]}"><w:r><w:t>A new one.</w:t></w:r></w:p>'))
        gone.getparent().remove(gone)
        paragraph_with(root, "open Child in Need cases").append(run(" And more."))

    made = [tmp_path / "one.docx", tmp_path / "other.docx"]
    new = edited(report(), edit)
    made[0].write_bytes(redline(report(), new))
    made[1].write_bytes(redline(new, report()))
    assert open_xml_errors(made) == {str(path): [] for path in made}
