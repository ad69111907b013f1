"""The quality page says what matters, opens anywhere, and tells where things are but never what stands there."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from config.colours import contrast
from config.model import Look
from tasks.model import Problem
from tasks.quality import Results, Seen, quality_page
from tasks.quality.chart import bar
from tasks.quality.page import colours
from tasks.quality.told import Counted
from tests.quality.invented import EVIL, FILES, PAGES, PARTNERSHIP, Q3, file, finding, good, told, verdict


def page(results: Results | None = None) -> str:
    return quality_page(results or told(), PARTNERSHIP.profile.look)


def words(html: str) -> str:
    """What a reader sees, without tags."""
    body = html[html.index("<body>") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


class Reader(HTMLParser):
    """Reads a page and keeps what is wrong with its tags."""

    VOID = {"meta", "br", "img", "link", "hr", "input"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if len({name for name, _ in attrs}) < len(attrs):
            self.wrong.append(f"<{tag}> has an attribute twice")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else, line {self.getpos()[0]}")

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


HTML = [pytest.param(page(make()), id=name) for name, make in PAGES.items()]


@pytest.mark.parametrize("html", HTML)
def test_the_page_is_well_formed(html: str) -> None:
    read = Reader(html)
    assert read.wrong == []
    assert html.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("html", HTML)
def test_the_page_can_be_read_by_everybody(html: str) -> None:
    read = Reader(html)
    headings = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings.count(1) == 1 == headings[0]
    assert all(level - before <= 1 for before, level in zip(headings, headings[1:], strict=False)), (
        "no level is skipped"
    )
    assert len(read.all("table")) == len(read.all("caption"))
    assert all(attributes.get("scope") in ("col", "row") for attributes in read.all("th"))
    ids = {attributes.get("id") for _, attributes in read.tags}
    assert {str(link["href"])[1:] for link in read.all("a")} <= ids, "every link goes somewhere on the page"
    badges = re.findall(r'<span class="badge \w+">([^<]*)</span>', html)
    assert badges, "there is at least the key"
    assert all(badge.strip() for badge in badges), "status is in words, not in colour alone"
    assert all(one.get("aria-hidden") == "true" or one.get("role") == "img" for one in read.all("svg"))


@pytest.mark.parametrize("html", HTML)
def test_the_page_asks_nothing_of_a_network_and_runs_nothing(html: str) -> None:
    assert not re.search(r"https?:|//|<script|<link|<img|<iframe|<[^>]*\bsrc=|url\(|@import|<[^>]*\son\w+=", html)


def test_every_colour_of_text_stands_out_from_what_is_behind_it() -> None:
    html = page()
    pairs = re.findall(r"\{ color: #(\w{6}); background: #(\w{6});", html)
    named = dict(re.findall(r"--(\w+): #(\w{6});", html))
    on = [
        (named[text], behind)
        for text in ("ink", "soft", "dark", "accent", "alert")
        for behind in ("ffffff", named["panel"])
    ]
    assert len(pairs) == 3
    assert [pair for pair in [*pairs, *on] if contrast(*pair) < 4.5] == []


LOOKS = [
    # a partnership's colour, whether it is taken
    ("12305B", True),
    ("00696B", True),
    ("757575", False),  # 4.6 to 1 on white, as a configuration must have it, and 4.1 on a panel
]


@pytest.mark.parametrize(("colour", "taken"), LOOKS, ids=[colour for colour, _ in LOOKS])
def test_a_colour_of_the_partnership_is_taken_where_it_can_be_read(colour: str, taken: bool) -> None:
    found = colours(Look(dark=colour, accent=colour, alert=colour))
    assert [one == colour for one in found.values()] == [taken] * 3
    assert all(contrast(one, "F3F2F1") >= 4.5 for one in found.values())


SAID = [
    # what a reader must find on the page
    ("Eastmere and Northbrook Safeguarding Children Partnership", "whose page it is"),
    ("October to December 2023", "for when"),
    (told().headline, "what matters most, in a sentence"),
    ("Training group", "who owes a return"),
    ("Nothing came was due 22 January 2024", "that it did not come, and since when it is missed"),
    ("Came for another period", "what came and cannot be used"),
    ("Came 3 days late; 2 files came", "what came late, and twice"),
    ("eastmere-q3-first.csv (came, and another version was taken)", "which of two versions was taken"),
    ("eastmere-q3.csv (came and was read), on 25 January 2024", "on which day it came"),
    ("minutes &amp; notes.docx", "what nobody expected"),
    ("Nothing was gathered for Q1, so nothing is known of it.", "which quarter nobody has run"),
    ("2 rows have a period that cannot be read.", "what a reader said of a file"),
    ("Where: eastmere-q3.csv, lines 7, 9", "in which file, once"),
    ("Failed check: Every line has a value.", "the sentence of a check, and that it does not hold"),
    ("Wrong: 23 of 1,204 rows", "rows wrong of rows checked"),
    ("Where: eastmere-q3.csv, lines 2-4, 9, and 19 more", "where, in few words"),
    ("Wrong: 2 of 9 missing", "how many are missing of those expected"),
    ("It failed in Q2 too.", "that it failed again"),
    ("Mended: Each code stands once for each period.", "what was mended"),
    ("Failed before, could not be made now:", "of what nobody knows whether it was mended"),
    ("Write 0 where there was none.", "what to do"),
    ("What came is for another period.", "why a check could not be made"),
    ("1,043 - 990 = 53", "the sum behind a disagreement"),
    ("Borough dataset 1,043 eastmere.csv, line 4", "values side by side"),
    ("Who: Business unit.", "who should do it"),
    ("Only one source has it.", "why figures could not be compared"),
    ("Eastmere borough dataset: 1 passed, 2 found something", "what passed"),
    ("Agree: 1. Do not: 1. Could not be compared: 1.", "counts of comparisons, returns apart"),
]


@pytest.mark.parametrize(("text", "why"), SAID, ids=[why for _, why in SAID])
def test_the_page_says(text: str, why: str) -> None:
    assert text in words(page())


def test_the_chart_says_in_words_what_it_shows() -> None:
    html = page()
    assert "Q2: 1 passed, 3 found something, 1 could not be made. Q3: 1 passed" in html
    assert re.search(r'<svg class="chart"[^>]*role="img" aria-labelledby="chart-title chart-words"', html)


def test_a_long_list_is_folded_after_its_first_ten() -> None:
    html = page(PAGES["crowded"]())
    assert "more: must be fixed</summary>" in html
    assert html.count("<article") == len(PAGES["crowded"]().things)


def test_a_page_on_which_nothing_is_to_be_done_says_so() -> None:
    assert "Nothing was found that somebody must put right." in words(page(good()))
    assert "Nobody needs to do anything." in words(page(good()))


def test_nothing_that_was_sent_becomes_part_of_the_page() -> None:
    problem = Problem(f"The heading has no column '{EVIL}'.", EVIL, EVIL, EVIL)
    failed = verdict("dataset-eastmere", 0, "failed", rows_checked=1, rows_failed=1, places=(f"sheet {EVIL}, B2",))
    seen = Seen(Q3, (file("dataset-eastmere", f"{EVIL}.csv", "read", problem), *FILES[3:]), (failed,))
    html = page(told(seen, findings=(finding(EVIL, arithmetic=EVIL, difference=EVIL),)))
    assert EVIL not in html
    assert "&lt;img src=x" in html
    assert Reader(html).wrong == []


BARS = [
    # passed, failed, not evaluated, the longest bar, lengths of the parts out of 300
    (10, 0, 0, 10, [300]),
    (5, 5, 0, 10, [150, 150]),
    (5, 0, 0, 10, [150]),
    (998, 1, 1, 1000, [282, 9, 9]),  # 1 of 1,000 can be seen
    (0, 0, 0, 10, []),
]


@pytest.mark.parametrize(("passed", "failed", "unmade", "longest", "lengths"), BARS, ids=[str(b[:3]) for b in BARS])
def test_every_part_of_a_bar_can_be_seen(passed, failed, unmade, longest, lengths) -> None:
    parts = bar(Counted("Q1", passed, failed, unmade), 300, longest)
    assert [part.length for part in parts] == lengths
    assert [part.start for part in parts] == [sum(lengths[:n]) for n in range(len(lengths))]


def test_the_same_findings_make_the_same_bytes() -> None:
    code = (
        "from tests.quality.test_page import page; import hashlib; print(hashlib.sha256(page().encode()).hexdigest())"
    )
    ran = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent.parent.parent,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(ran) == 1
