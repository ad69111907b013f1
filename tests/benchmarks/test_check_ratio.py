"""How long does checking an edited report of 40 pages take beside plainly reading the same document?

Not part of `make test`: run it with `make bench`. Both sides run in turns and the best of each is taken, so that the
ratio is of the work and not of what else the machine did.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from lxml import etree

from tasks.assemble import combine
from tasks.model import Narrative
from tasks.review.check import check_draft
from tests.assemble.invented import RUN, YEAR, context_of, given_for_the_year, make_partnership, place
from tests.gather.files import part, rezipped
from tests.review.drafts_edited import MAIN, PLANS, REFERRALS, delete, new_paragraph, retype

TURNS = 7
PAGES = 40
LINES_ON_A_PAGE = 45
WORDS = "Partners met in the month, an audit of {n} records found it in {m}, and {k} people came to the training."


def report() -> bytes:
    """The combined report with so much written on two topics that it has 40 pages, edited in some thirty places."""
    partnership, given = make_partnership(), given_for_the_year()
    points = [
        WORDS.format(n=number % 90 + 10, m=number % 9 + 2, k=number * 7)
        for number in range(PAGES * LINES_ON_A_PAGE // 2)
    ]
    half = len(points) // 2
    written = [
        Narrative("return-neglect", topic, "done", tuple(words), place("return-neglect", "2023-24-Q1"))
        for topic, words in (("1.1", points[:half]), ("1.2", points[half:]))
    ]
    given = given.but(narrative=(*given.narrative, *written))
    data = combine(partnership, YEAR, [context_of(partnership, one, given) for one in partnership.sections], RUN)
    root = etree.fromstring(part(data, MAIN))
    edits = [retype(PLANS, "160", under_tracking=True), delete(REFERRALS)]
    edits += [new_paragraph(f"It rose by {number:,}.", under_tracking=number % 2 == 0) for number in range(7000, 7030)]
    for edit in edits:
        edit(root)
    return rezipped(data, {MAIN: etree.tostring(root)})


def plainly(data: bytes) -> int:
    """What anybody would do at least: every paragraph and table cell with python-docx, and each part parsed by lxml."""
    document = Document(io.BytesIO(data))
    letters = sum(len(paragraph.text) for paragraph in document.paragraphs)
    letters += sum(len(cell.text) for table in document.tables for row in table.rows for cell in row.cells)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                etree.fromstring(archive.read(name))
    return letters


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.benchmark
def test_checking_a_report_of_40_pages_beside_reading_it_plainly() -> None:
    data = report()
    figures = {one.id: one for one in given_for_the_year().figures.values()}
    checked = check_draft(data, "report.docx", figures)
    assert {"changed", "deleted"} <= {one.state for one in checked.figures} and len(checked.numbers) == 30
    turns = [
        (seconds_of(lambda: plainly(data)), seconds_of(lambda: check_draft(data, "report.docx", figures)))
        for _ in range(TURNS)
    ]
    plain, ours = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
    print(f"\n{len(data) / 1024:.0f} KB: read plainly {plain:.3f} s, checked {ours:.3f} s (aim: under 0.5 s)")
    print(f"ratio: {ours / plain:.2f} (aim: at most 4)")
    assert ours / plain <= 4
