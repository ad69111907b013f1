"""Comments are read back with what they stand on, whose they are, and whether they are done."""

from __future__ import annotations

from docx.oxml.ns import nsmap
from lxml import etree

from tasks.review.check import check_draft
from tests.gather.files import part, rezipped
from tests.review.drafts_edited import MAIN, PLANS, REFERRALS, W, controls, draft, paragraph_of, register

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"


def commented(*comments: tuple[str, str, str], done: str = "0") -> bytes:
    """The snapshot with comments over the plans' whole line: author, words, and the paragraph that it answers."""
    root, kept = etree.fromstring(part(draft(), MAIN)), etree.fromstring(part(draft(), "word/comments.xml"))
    extended = etree.Element(f"{{{W15}}}commentsEx", nsmap={"w15": W15})
    paragraph = paragraph_of(controls(root, PLANS)[0])
    for number, (author, words, answers) in enumerate(comments, 90):
        if not answers:
            first = next(child for child in paragraph if child.tag != f"{W}pPr")
            first.addprevious(etree.Element(f"{W}commentRangeStart", {f"{W}id": str(number)}))
            etree.SubElement(paragraph, f"{W}commentRangeEnd", {f"{W}id": str(number)})
        about = {f"{W}id": str(number), f"{W}author": author, f"{W}date": "2024-08-02T10:00:00Z"}
        comment = etree.SubElement(kept, f"{W}comment", about)
        for piece in words.split("\n"):
            made = etree.SubElement(comment, f"{W}p", {f"{{{W14}}}paraId": f"000000{number}"})
            etree.SubElement(etree.SubElement(made, f"{W}r"), f"{W}t").text = piece
        entry = {f"{{{W15}}}paraId": f"000000{number}", f"{{{W15}}}done": done}
        if answers:
            entry[f"{{{W15}}}paraIdParent"] = answers
        etree.SubElement(extended, f"{{{W15}}}commentEx", entry)
    return rezipped(
        draft(),
        {
            MAIN: etree.tostring(root),
            "word/comments.xml": etree.tostring(kept),
            "word/commentsExtended.xml": etree.tostring(extended),
        },
    )


def test_our_own_comments_are_told_apart_and_ask_nobody() -> None:
    comments = check_draft(draft(), "draft.docx", register()).comments
    assert comments and all(one.ours and not one.is_open and one.figures for one in comments)


def test_a_comment_has_its_words_its_text_and_its_figures() -> None:
    checked = check_draft(commented(("Alex Moor", "Cases or children?\nPlease check.", "")), "c.docx", register())
    (one,) = [comment for comment in checked.comments if not comment.ours]
    assert (one.author, one.date, one.text) == (
        "Alex Moor",
        "2024-08-02T10:00:00Z",
        "Cases or children?\nPlease check.",
    )
    assert one.on == "158 children subject to a Child Protection Plan, at 31 March 2024"
    assert (one.figures, one.is_open, checked.needs_a_person) == ((PLANS,), True, True)
    assert one.where.endswith("Protected and looked after")


def test_an_answer_belongs_to_its_question_and_stands_where_that_stands() -> None:
    data = commented(("Alex Moor", "Cases?", ""), ("Sam", "Children.", "00000090"), ("Sam", "Another.", ""))
    first, answer, other = [c for c in check_draft(data, "c.docx", register()).comments if not c.ours]
    assert first.thread == answer.thread != other.thread
    assert (answer.on, answer.figures, answer.where) == (first.on, (PLANS,), first.where)


def test_what_is_marked_as_done_asks_nobody() -> None:
    data = commented(("Alex Moor", "Cases?", ""), ("Sam", "Children.", "00000090"), done="1")
    checked = check_draft(data, "c.docx", register())
    assert [one.resolved for one in checked.comments if not one.ours] == [True, True]
    assert (checked.needs_a_person, checked.state) == (False, "edited")


def test_a_comment_over_several_paragraphs_has_the_figures_of_all() -> None:
    root = etree.fromstring(part(draft(), MAIN))
    begin, end = (paragraph_of(controls(root, figure)[0]) for figure in (REFERRALS, PLANS))
    begin.insert(1, etree.Element(f"{W}commentRangeStart", {f"{W}id": "90"}))
    etree.SubElement(end, f"{W}commentRangeEnd", {f"{W}id": "90"})
    kept = etree.fromstring(part(draft(), "word/comments.xml"))
    comment = etree.SubElement(kept, f"{W}comment", {f"{W}id": "90", f"{W}author": "Alex"})
    etree.SubElement(etree.SubElement(etree.SubElement(comment, f"{W}p"), f"{W}r"), f"{W}t").text = "All of these?"
    data = rezipped(draft(), {MAIN: etree.tostring(root), "word/comments.xml": etree.tostring(kept)})
    (one,) = [c for c in check_draft(data, "c.docx", register()).comments if not c.ours]
    assert {REFERRALS, PLANS} <= {*one.figures} and len(one.figures) > 2
    assert nsmap["w"] not in one.on
