"""The quality page says what matters, opens anywhere, and tells where things are but never what stands there."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from config.load import load_partnership
from config.periods import Quarter, ReportingYear
from expectations.load import load_suites
from tasks.model import Finding, GatheredFile, Problem, Reading, ValueBeside, Verdict
from tasks.quality import quality_page, results
from tasks.validate import check

PARTNERSHIP = load_partnership("eastmere", Path(__file__).parent / "partnerships")
QUARTER = Quarter(2023, 3)
EVIL = "<img src=x onerror=alert(1)>"


def file(source: str, name: str, state: str = "read", *problems: Problem) -> GatheredFile:
    return GatheredFile(
        source, name, f"received/2023-24/Q3/{source}/{'a' * 64}", "a" * 64, 1204, "2023-24-Q3", state, problems
    )  # type: ignore[arg-type]


def verdict(source: str, number: int, outcome: str, severity: str = "must_fix", **more: object) -> Verdict:
    says = ["Every line has a value.", "No percentage is above 100.", "Each code stands once for each period."][number]
    return Verdict(
        source,
        "2023-24-Q3",
        f"check-{number}",
        says,
        "An empty value can mean none or not known.",
        "Write 0 where there was none.",
        severity,
        outcome,
        **more,  # type: ignore[arg-type]
    )


def finding(subject: str, outcome: str = "failed", kind: str = "same_figure", **more: object) -> Finding:
    told = {"arithmetic": "1,043 - 990 = 53", "difference": "53 referrals apart", "tolerance": "none"} | more
    return Finding(
        f"rule:{subject}",
        "rule",
        kind,
        subject,
        "2023-24-Q3",
        outcome,
        "look_at",
        f"Referrals of {subject} are 1,043 in the dataset and 990 in the return.",
        owner="business-unit",
        matters="Readers would see two numbers for the same thing.",
        to_do="Ask which of the two is right.",
        values=(ValueBeside("Borough dataset", "1,043", "eastmere.csv, line 4"), ValueBeside("Return", "990", "")),
        **told,  # type: ignore[arg-type]
    )


FILES = (
    file(
        "dataset-eastmere",
        "eastmere-q3.csv",
        "read",
        Problem(
            "2 rows have a period that cannot be read.",
            "eastmere-q3.csv, lines 7, 9",
            "They were left out.",
            "Write 2023-10.",
        ),
    ),
    file("dataset-eastmere", "eastmere-q3-first.csv", "superseded"),
    file("dataset-northbrook", "northbrook-q3.csv", "wrong_period"),
    file("unexpected", "minutes & notes.docx", "unexpected"),
)
VERDICTS = (
    verdict("return-training", 0, "not_evaluated", reason="Nothing came, or what came was empty."),
    verdict("return-training", 1, "not_evaluated", reason="Nothing came, or what came was empty."),
    verdict(
        "dataset-eastmere",
        0,
        "failed",
        "look_at",
        rows_checked=1204,
        rows_failed=23,
        places=tuple(f"line {n}" for n in [2, 3, 4, 9]),
    ),
    verdict(
        "dataset-eastmere",
        1,
        "failed",
        rows_checked=9,
        rows_failed=2,
        places=("nothing for 'Referrals'", "nothing for 'CIN'"),
    ),
    verdict("dataset-eastmere", 2, "passed", rows_checked=1204),
    verdict("dataset-northbrook", 2, "not_evaluated", reason="What came is for another period."),
)
FINDINGS = (
    finding("eastmere.referrals"),
    finding("northbrook.referrals", "passed"),
    finding("northbrook.cin_open", "not_evaluated", reason="Only one source has it."),
    finding("return-training", kind="cadence"),
)


def page(
    files: tuple[GatheredFile, ...] = FILES,
    verdicts: tuple[Verdict, ...] = VERDICTS,
    findings: tuple[Finding, ...] = FINDINGS,
) -> str:
    return quality_page(PARTNERSHIP, QUARTER, files, verdicts, findings)


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

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else, line {self.getpos()[0]}")

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


PAGES = [
    pytest.param(page(), id="a page with everything"),
    pytest.param(page((), (), ()), id="a page where nothing came"),
    pytest.param(page(findings=()), id="a page without comparisons"),
    pytest.param(quality_page(PARTNERSHIP, ReportingYear(2023), FILES, VERDICTS, FINDINGS), id="a year's page"),
]


@pytest.mark.parametrize("html", PAGES)
def test_the_page_is_well_formed(html: str) -> None:
    read = Reader(html)
    assert read.wrong == []
    assert html.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("html", PAGES)
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


@pytest.mark.parametrize("html", PAGES)
def test_the_page_asks_nothing_of_a_network_and_runs_nothing(html: str) -> None:
    assert not re.search(r"https?:|//|<script|<link|<img|<iframe|\bsrc=|url\(|@import|\son\w+=", html)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_text_stands_out_from_what_is_behind_it() -> None:
    html = page()
    pairs = re.findall(r"\{ color: (#\w{6}); background: (#\w{6});", html)
    named = dict(re.findall(r"--(\w+): (#\w{6});", html))
    pairs += [(named[text], behind) for text in ("ink", "soft", "link") for behind in ("#ffffff", named["panel"])]
    assert len(pairs) >= 10
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_the_headline_says_what_matters_most() -> None:
    told = results(PARTNERSHIP, QUARTER, FILES, VERDICTS, FINDINGS)
    assert told["headline"] == (
        "1 return is missing, 1 return came and cannot be used, 1 check must be fixed, 1 check should be looked at, "
        "1 check of what came could not be evaluated and 1 comparison of figures does not agree."
    )
    assert told["headline"] in words(page())


def test_the_headline_of_a_good_quarter_is_good() -> None:
    files = tuple(file(source.id, f"{source.id}.csv") for source in PARTNERSHIP.due("quarter"))
    told = results(PARTNERSHIP, QUARTER, files, (VERDICTS[4],), (FINDINGS[1],))
    assert told["headline"].startswith("Everything that was expected came")


def test_a_quarter_in_which_nothing_came_is_not_called_good() -> None:
    assert results(PARTNERSHIP, QUARTER, (), (), ())["headline"] == "3 returns are missing."


def test_a_year_tells_of_quarters_for_which_nothing_came() -> None:
    told = results(PARTNERSHIP, ReportingYear(2023), (), (), (finding("return-training.2023-24", kind="cadence"),))
    assert told["headline"] == "1 source did not send for every quarter."


SAID = [
    # what a reader must find on the page
    ("Eastmere and Northbrook Safeguarding Children Partnership", "whose page it is"),
    ("October to December 2023", "for when"),
    ("Training group, due 22 January 2024", "who owes a return, and since when"),
    ("Nothing came", "that it did not come"),
    ("Came for another period", "what came and cannot be used"),
    ("eastmere-q3-first.csv (came, and a later version was taken)", "which of two versions was taken"),
    ("minutes &amp; notes.docx: came, and is expected from nobody", "what nobody expected"),
    ("2 rows have a period that cannot be read. lines 7, 9", "what a reader said of a file, without its name again"),
    ("Every line has a value.", "the sentence of a check"),
    ("23 of 1,204", "rows wrong of rows checked"),
    ("Where: lines 2-4, 9, and 19 more", "where, in few words"),
    ("2 of 9 missing", "how many are missing of those expected"),
    ("Write 0 where there was none.", "what to do"),
    ("What came is for another period. Each code stands once", "why a check was not evaluated, and which"),
    ("1,043 - 990 = 53", "the sum behind a disagreement"),
    ("Borough dataset 1,043 eastmere.csv, line 4", "values side by side"),
    ("Who can answer: Business unit.", "who can answer"),
    ("Only one source has it.", "why figures could not be compared"),
    (
        "Comparisons of figures that agree: 1. That do not: 1. That could not be made: 1.",
        "counts of comparisons, returns apart",
    ),
]


@pytest.mark.parametrize(("text", "why"), SAID, ids=[why for _, why in SAID])
def test_the_page_says(text: str, why: str) -> None:
    assert text in words(page())


def test_the_most_serious_comes_first() -> None:
    html = words(page())
    assert html.index("No percentage is above 100.") < html.index("Every line has a value.")


def test_nothing_that_was_sent_becomes_part_of_the_page() -> None:
    problem = Problem(f"The heading has no column '{EVIL}'.", EVIL, EVIL, EVIL)
    html = page(
        (file("dataset-eastmere", f"{EVIL}.csv", "wrong_layout", problem),),
        (verdict("dataset-eastmere", 0, "failed", rows_checked=1, rows_failed=1, places=(f"sheet {EVIL}, B2",)),),
        (finding(EVIL, arithmetic=EVIL, difference=EVIL),),
    )
    assert EVIL not in html
    assert "&lt;img src=x" in html
    assert Reader(html).wrong == []


def test_no_value_of_a_personal_column_reaches_the_page() -> None:
    mark = "MARKED-LEARNER"
    source = PARTNERSHIP.sources["return-training"]
    rows = pd.DataFrame(
        {
            "event": ["E1", "E1", "E1"],
            "date": ["2023-10-04", "2022-01-01", "never"],
            "agency": ["Police", "", "Police"],
            "attendance": ["Attended", "Booked", mark],
            "learner": [mark, mark, f"{mark}@example.org"],
            "_line": [2, 3, 4],
        }
    )
    verdicts = check(source, Reading(rows=rows), load_suites()["training-bookings"], QUARTER, PARTNERSHIP.measures)
    assert sum(one.outcome == "failed" for one in verdicts) >= 5
    html = page(verdicts=tuple(verdicts))
    assert "Where: line" in html
    assert mark not in html
    assert mark not in json.dumps(results(PARTNERSHIP, QUARTER, FILES, verdicts, FINDINGS))


PLACES = [
    # places, all that failed, as told
    (("line 3", "line 4", "line 5", "line 9"), 4, "lines 3-5, 9"),
    (("line 3",), 1, "line 3"),
    (("sheet Figures, B9", "sheet Figures, B12", "sheet Words, C4"), 3, "sheet Figures: B9, B12; sheet Words: C4"),
    (("sheet Lists, old, B9",), 1, "sheet Lists, old: B9"),
    (("control text:1.1:done",), 1, "control text:1.1:done"),
    (tuple(f"line {n}" for n in range(2, 22)), 500, "lines 2-21, and 480 more"),
    ((), 3, ""),
]


@pytest.mark.parametrize(("places", "failed", "told"), PLACES, ids=[told or "nowhere" for *_, told in PLACES])
def test_places_are_told_in_few_words(places: tuple[str, ...], failed: int, told: str) -> None:
    one = verdict("dataset-eastmere", 0, "failed", rows_checked=900, rows_failed=failed, places=places)
    [group] = results(PARTNERSHIP, QUARTER, FILES, (one,), ())["failed"]
    assert group["entries"][0]["where"] == told


def test_the_same_findings_make_the_same_bytes() -> None:
    assert page() == page()
    code = "from tests.test_quality import page; import hashlib; print(hashlib.sha256(page().encode()).hexdigest())"
    ran = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(ran) == 1


def test_the_results_hold_what_json_can_hold() -> None:
    told = results(PARTNERSHIP, QUARTER, FILES, VERDICTS, FINDINGS)
    assert json.loads(json.dumps(told)) == told
