"""A document that is not ours: its numbers are held against the register by their words, with few false alarms.

The text is that of the published report which the demonstration year is made from, so every number that is told to be
other than the register's would be a false alarm; the same text with wrong numbers in it shows what is found.
"""

from __future__ import annotations

import io
from functools import cache

import pytest
from docx import Document

from tasks.review.check import check_draft
from tasks.review.checked import CheckedDraft
from tasks.wording.passages import from_text
from tests import pure_year
from tests.conftest import ROOT

REPORT = ROOT.parent / "shared/reference/hsscp-annual-report-2023-24.txt"
WRONG = {
    "2190 referrals": "2910 referrals",
    "497 Early Help assessments": "479 Early Help assessments",
    "158 children subject": "185 children subject",
    "204 cases discussed in MARAC": "240 cases discussed in MARAC",
    "66 multi-agency training sessions": "99 multi-agency training sessions",
}
needs_the_report = pytest.mark.skipif(not REPORT.exists(), reason="the text of the published report is not here")


def as_document(text: str) -> bytes:
    document = Document()
    for passage in from_text(text):
        if passage.kind == "heading":
            document.add_heading(passage.text, min(passage.level, 9))
        else:
            document.add_paragraph(passage.text, "List Bullet" if passage.kind == "point" else None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def checked(wrong: bool) -> CheckedDraft:
    told = pure_year.year()
    text = REPORT.read_text(encoding="utf-8")
    if wrong:
        for right, other in WRONG.items():
            assert right in text
            text = text.replace(right, other)
    figures = {one.id: one for one in told.figures.values()}
    return check_draft(as_document(text), "report.docx", figures, told.partnership, pure_year.YEAR)


@needs_the_report
def test_the_published_report_agrees_with_the_register_that_is_made_from_it() -> None:
    found = checked(wrong=False)
    assert (found.state, found.run, found.figures) == ("not_ours", "", ())
    assert [one.around for one in found.numbers if one.state != "agrees"] == []
    assert len(found.numbers) > 60 and not found.needs_a_person
    assert "of 1 other number" not in found.notes[0] and "nothing can be said" in found.notes[0]


@needs_the_report
def test_wrong_numbers_beside_the_words_of_a_figure_are_told_with_the_registers() -> None:
    found = checked(wrong=True)
    other = {one.text: one.register for one in found.numbers if one.state == "disagrees"}
    assert other == {"2910": "2,190", "479": "497", "185": "158", "240": "204", "99": "66"}
    assert all("assure explain" in one.to_do for one in found.numbers if one.state == "disagrees")


def test_without_a_register_nothing_is_compared_and_that_is_said() -> None:
    found = check_draft(as_document("There were 12 visits."), "letter.docx", {})
    assert (found.state, found.numbers) == ("not_ours", ()) and "nothing is known" in found.notes[0]
