"""Bars and points of a draft's charts are checked like every other figure."""

from __future__ import annotations

import pytest
from lxml import etree

from tasks.review.check import check_draft
from tasks.review.checked import CheckedDraft
from tests.gather.files import part, rezipped
from tests.review.drafts_edited import MAIN, PLANS, draft, not_ok, register

BARS = "word/charts/chart1.xml"
POINT = b'<c:pt idx="1"><c:v>158</c:v></c:pt>'


def with_bars(was: bytes, now: bytes) -> CheckedDraft:
    bars = part(draft(), BARS)
    assert was in bars
    return check_draft(rezipped(draft(), {BARS: bars.replace(was, now)}), "edited.docx", register())


def test_a_bar_that_was_changed_is_told_with_its_chart() -> None:
    (one,) = not_ok(with_bars(POINT, POINT.replace(b"158", b"160"))).values()
    assert (one.id, one.state, one.printed, one.says) == (PLANS, "changed", "158", "160")
    assert "chart “Children in need and children on a plan”" in one.where


def test_a_bar_of_which_the_register_has_another_number_by_now_is_out_of_date() -> None:
    checked = check_draft(draft(), "old.docx", register(cp_plans_open="161"))
    (bar,) = [one for one in checked.figures if one.id == PLANS and "chart" in one.where]
    assert (bar.state, bar.register) == ("out_of_date", "161")


def test_a_bar_that_somebody_added_is_a_typed_number() -> None:
    (one,) = with_bars(POINT, POINT + b'<c:pt idx="2"><c:v>4711</c:v></c:pt>').numbers
    assert (one.text.replace(",", ""), one.state) == ("4711", "typed") and "chart" in one.where


def test_a_chart_that_is_gone_takes_its_points_along() -> None:
    root = etree.fromstring(part(draft(), MAIN))
    drawing = next(one for one in root.iter() if str(one.tag).endswith("}drawing"))
    drawing.getparent().remove(drawing)
    found = not_ok(check_draft(rezipped(draft(), {MAIN: etree.tostring(root)}), "edited.docx", register()))
    assert PLANS in found and {one.state for one in found.values()} == {"deleted"}


@pytest.mark.parametrize(
    "now",
    [
        b'<c:pt idx="x"><c:v>158</c:v></c:pt>',
        b"<c:pt><c:v>158</c:v></c:pt>",
        b'<c:pt idx="1"/>',
        b'<c:pt idx="1"><c:v>1e999999</c:v></c:pt>',
        b'<c:pt idx="1"><c:v>NaN</c:v></c:pt>',
    ],
)
def test_a_bar_that_cannot_be_read_is_changed_and_stops_nothing(now: bytes) -> None:
    (one,) = not_ok(with_bars(POINT, now)).values()
    assert (one.id, one.state, one.says) == (PLANS, "changed", "")
