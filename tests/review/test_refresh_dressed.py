"""The formatting of a figure that is brought up to date, on each kind of line that a draft has."""

from __future__ import annotations

import pytest
from lxml import etree

from tasks.assemble.figures import LINES
from tasks.review.refresh import _dressed

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("text", "style"), [("30.3%", None), ("not available", "FigureWords")])
def test_a_figure_on_every_kind_of_line_keeps_a_style_that_fits(line: str, text: str, style: str | None) -> None:
    number = "HeadlineValue" if line == "Headline Line" else "FigureValue"
    paragraph = etree.fromstring(
        f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val="{line.replace(" ", "")}"/></w:pPr>'
        f'<w:sdt><w:sdtContent><w:r><w:rPr><w:rStyle w:val="{number}"/></w:rPr></w:r></w:sdtContent></w:sdt></w:p>'
    )
    control = paragraph.find(f"{{{W}}}sdt")
    dressed = _dressed(control.find(f".//{{{W}}}rPr"), text, control)
    assert dressed.find(f"{{{W}}}rStyle").get(f"{{{W}}}val") == (style or number)
