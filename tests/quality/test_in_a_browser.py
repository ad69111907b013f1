"""Everybody can read the page: on a phone, on paper, with a keyboard, with a screen reader, without a network."""

import re
import subprocess
from pathlib import Path

import pytest

from config.colours import contrast
from tasks.quality import quality_page
from tests.programs import needs_browser, needs_poppler
from tests.quality.browser import (
    PAPER,
    PHONE,
    SCREEN,
    browser,
    findings_of_axe,
    folded_on_paper,
    hidden_on_paper,
    not_reached_by_keyboard,
    opened,
    requests_of,
    shown_on_paper,
    texts_of_charts,
    too_wide,
)
from tests.quality.invented import PAGES, PARTNERSHIP

pytestmark = [needs_browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def started():
    with browser() as one:
        yield one


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name, make in PAGES.items():
        (folder / f"{name}.html").write_text(quality_page(make(), PARTNERSHIP.profile.look), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in PAGES}


@pytest.mark.parametrize("width", [PHONE, SCREEN])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_folded_or_not(started, pages: dict[str, Path], name: str, width: int) -> None:
    for unfolded in (False, True):
        with opened(started, pages[name], width, unfolded=unfolded) as page:
            assert findings_of_axe(page) == []


def test_axe_finds_a_planted_fault(started, pages: dict[str, Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    html = pages["everything"].read_text(encoding="utf-8")
    bad.write_text(html.replace('<html lang="en-GB">', "<html>").replace("--soft: #484f54", "--soft: #c0c0c0"))
    with opened(started, bad) as page:
        found = {one.partition(":")[0] for one in findings_of_axe(page)}
    assert found == {"html-has-lang", "color-contrast"}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_asks_for_nothing_but_itself(started, pages: dict[str, Path], name: str) -> None:
    assert requests_of(started, pages[name]) == []


@pytest.mark.parametrize("width", [320, PHONE, SCREEN])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(started, pages: dict[str, Path], name: str, width: int) -> None:
    with opened(started, pages[name], width, unfolded=True) as page:
        assert too_wide(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_keyboard_reaches_everything_in_order_and_shows_where_it_is(started, pages, name: str) -> None:
    with opened(started, pages[name], PHONE, unfolded=True) as page:
        assert not_reached_by_keyboard(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_text_of_charts_can_be_read(started, pages: dict[str, Path], name: str) -> None:
    for width in (PHONE, SCREEN):
        with opened(started, pages[name], width) as page:
            texts = texts_of_charts(page)
            assert len(texts) == page.locator("svg text").count() > 0, "none is cut off"
            assert [one for one in texts if contrast(one[1], "FFFFFF") < 4.5 or one[2] < 12] == []


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_nothing_is_folded_that_failed_or_was_not_made_and_nothing_is_cut(
    started, pages: dict[str, Path], name: str
) -> None:
    assert folded_on_paper(started, pages[name]) == []
    with opened(started, pages[name], PAPER) as page:
        page.emulate_media(media="print")
        assert too_wide(page) == []


@needs_poppler
@pytest.mark.parametrize("name", PAGES)
def test_on_paper_stand_the_counts_alone_of_what_passed_and_where_the_rest_is(
    started, pages: dict[str, Path], tmp_path: Path, name: str
) -> None:
    told, text = PAGES[name](), printed(started, pages[name], tmp_path)
    assert f"Checks that passed: {told.counted.passed}. Comparisons that agree: {told.compared.passed}." in text
    assert "stands by its words on this page on a screen" in text
    for one in told.passed_checks:
        assert f"{one.title}: {one.counted.words}" in text
    unmade = (*told.unmade_checks, *told.unmade_comparisons)
    for one in unmade:
        assert one.reason in text
        assert all(says in text for says in one.says), "what was not made is told in full"
    named_elsewhere = {says for one in unmade for says in one.says} | {one.says for one in told.checks}
    passed = [says for one in told.passed_comparisons for says in one.says]
    assert [says for says in passed if says in text and says not in named_elsewhere] == []


@needs_poppler
def test_no_heading_of_a_table_stands_alone_at_the_end_of_a_page(started, pages, tmp_path: Path) -> None:
    """Wherever on its page a table begins: the page is printed with its beginning a line lower each time."""
    html = pages["year"].read_text(encoding="utf-8")
    for lines in range(0, 60, 3):
        moved = tmp_path / f"{lines}.html"
        moved.write_text(html.replace("</header>", f'<div style="height:{lines * 5}mm"></div></header>'))
        for sheet in printed(started, moved, tmp_path, whole=False).split("\f"):
            last = sheet.strip().splitlines()[-1:] or [""]
            assert not HEADING.search(last[0]), f"moved by {lines * 5} mm, a page ends with “{last[0]}”"


HEADING = re.compile(
    r"^ *(What, and from whom|Returns of (each|the)|Source +(Why|Value|Q\d)|Why +Which|The values side|The checks of|"
    r"(Checks|Comparisons) that could)"
)


def printed(started, path: Path, folder: Path, *, whole: bool = True) -> str:
    """The words of a printed page; as ``whole`` in one line, else as they lie on their sheets."""
    pdf = folder / "page.pdf"
    shown_on_paper(started, path, pdf)
    layout = [] if whole else ["-layout"]
    text = subprocess.run(["pdftotext", *layout, str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(text.split()) if whole else text


@needs_poppler
def test_what_is_folded_on_the_screen_stands_in_the_printed_page(started, pages: dict[str, Path], tmp_path) -> None:
    text = printed(started, pages["crowded"], tmp_path)
    for thing in PAGES["crowded"]().things:
        assert f"{thing.number}. " in text
    assert "12,345 of 100,000 rows" in text


FAULTS = [
    # what is spoiled, by what, the question that must find it
    ("too wide", "</header>", '<div style="width: 3000px">x</div></header>', too_wide),
    ("no mark", "outline: 3px solid", "outline: 0 none", not_reached_by_keyboard),
]


@pytest.mark.parametrize(("what", "old", "new", "question"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_each_question_finds_a_planted_fault(started, pages, tmp_path: Path, what, old, new, question) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(pages["good"].read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with opened(started, bad, PHONE) as page:
        assert question(page)


def test_what_stays_folded_on_paper_would_be_found(started, pages: dict[str, Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(pages["good"].read_text(encoding="utf-8").replace("details:not(.counts)::details", "no-such"))
    assert hidden_on_paper(started, bad)


def test_what_a_page_asks_for_would_be_found(started, pages: dict[str, Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(pages["good"].read_text(encoding="utf-8").replace("</header>", '<img src="a.png" alt=""></header>'))
    assert requests_of(started, bad)
