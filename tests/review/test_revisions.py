"""Tracked changes as Word writes them: read both ways, and settled."""

from __future__ import annotations

from docx.oxml.ns import nsmap
from lxml import etree

from tasks.review.revisions import Change, W, changes, said, settle

BY = 'w:id="9" w:author="Sam" w:date="2024-08-01T09:30:00Z"'


def body(inner: str):
    return etree.fromstring(f'<w:body xmlns:w="{nsmap["w"]}">{inner}</w:body>')


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


RETYPED = (
    f"<w:p>{run('there were ')}<w:del {BY}><w:r><w:delText>158</w:delText></w:r></w:del>"
    f"<w:ins {BY}>{run('160')}</w:ins>{run(' plans')}</w:p>"
)


def test_a_number_that_was_retyped_is_read_both_ways_with_its_author():
    paragraph = body(RETYPED)
    assert said(paragraph) == "there were 160 plans"
    assert said(paragraph, accepted=False) == "there were 158 plans"
    assert changes(paragraph) == [
        Change("deleted", "158", "Sam", "2024-08-01T09:30:00Z"),
        Change("inserted", "160", "Sam", "2024-08-01T09:30:00Z"),
    ]


def test_settling_leaves_the_accepted_text_and_no_mark():
    root = body(
        RETYPED
        + f"<w:p><w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr>{run('One ')}</w:p><w:p>{run('sentence.')}</w:p>"
        + f'<w:p><w:pPr><w:pStyle w:val="A"/><w:pPrChange {BY}><w:pPr/></w:pPrChange></w:pPr>{run("Styled")}</w:p>'
        + f"<w:tbl><w:tr><w:trPr><w:del {BY}/></w:trPr><w:tc><w:p>{run('gone')}</w:p></w:tc></w:tr>"
        + f"<w:tr><w:trPr><w:ins {BY}/></w:trPr><w:tc><w:p>{run('kept')}</w:p></w:tc></w:tr></w:tbl>"
    )
    settle(root)
    assert [said(paragraph) for paragraph in root.iter(f"{W}p")] == [
        "there were 160 plans",
        "One sentence.",
        "Styled",
        "kept",
    ]
    assert not any("Change" in str(element.tag) or element.get(f"{W}author") for element in root.iter())


def test_moved_text_counts_where_it_was_moved_to():
    moved = body(
        f'<w:p><w:moveFromRangeStart {BY} w:name="m"/><w:moveFrom {BY}>{run("here")}</w:moveFrom>'
        f'<w:moveFromRangeEnd w:id="9"/></w:p><w:p><w:moveTo {BY}>{run("there")}</w:moveTo></w:p>'
    )
    assert said(moved) == "there"
    settle(moved)
    assert said(moved) == "there"
    assert [element.tag for element in moved.iter()].count(f"{W}r") == 1
