"""Forms that were made here, filled in by different programs, say when they come back what was written in them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path

import openpyxl
import pytest

from config.layouts import ListSheet, NarrativeSheet, Workbook
from config.load import load_partnership
from config.periods import Quarter, ReportingYear
from expectations.load import load_suites
from tasks.assemble.context import section_context
from tasks.assemble.draft import draft_section
from tasks.assemble.report import report_context
from tasks.gather import read
from tasks.gather.values import parse
from tasks.gather.workbook import lines_of
from tasks.model import Figure, Reading
from tasks.register import build
from tasks.returns import issue
from tasks.store import open_store
from tasks.validate import check_source
from tests.assemble.test_draft import texts
from tests.programs import needs_office
from tests.returns import filling

PERIOD = Quarter(2024, 1)
PARTNERSHIP = load_partnership("hsscp")
VALUES = ("<5", "c", "24.9%", "1,701", "0", "z", "12")
TEXTS = (
    'First point, of 3 & more\n• a point with a bullet\n“Curly” and "straight" quotes, and an apostrophe’s mark',
    "We heard <5 of them; 24.9% came\nSecond line\n\nFourth line after an empty one",
    "One line only",
)


@pytest.fixture(scope="module")
def blanks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every form of a quarter by its source; nothing is kept of the quarter before."""
    store = open_store(tmp_path_factory.mktemp("store"))
    return {form.source: store.get(form.key) for form in issue(PARTNERSHIP, PERIOD, store)}


WORD = ["return-neglect-champions", "return-engagement", "return-engine-room"]
EXCEL = ["return-training", "return-communications", "return-exploitation", "return-quality-assurance"]


def in_word(form: bytes) -> tuple[bytes, dict[str, str]]:
    """A Word form with every field filled in, and the answers by their tags."""
    values, texts = cycle(VALUES), cycle(TEXTS)
    answers = {
        tag: next(values) if tag.startswith("figure:") else next(texts)
        for tag in filling.tags(form)
        if not tag.startswith("status:")
    }
    return filling.in_word(form, answers), answers


def in_excel(form: bytes) -> tuple[bytes, dict[tuple[str, str], str]]:
    """An Excel form with every open cell filled in, as text, and the answers by sheet and cell."""
    values, texts = cycle(VALUES), cycle(TEXTS)
    answers = {}
    for sheet, at in filling.open_cells(form):
        figure = sheet != "Narrative" and at.startswith("B")
        status = sheet == "Narrative" and at.startswith("C")
        if not status:
            answers[sheet, at] = next(values) if figure else next(texts)
    return filling.in_excel(form, answers), answers


def came_back(source: str, data: bytes, name: str) -> Reading:
    return read(PARTNERSHIP.sources[source], data, name, PERIOD)


def check_word(reading: Reading, answers: Mapping[str, str]) -> None:
    assert (reading.state, reading.stated_period, reading.problems) == ("read", str(PERIOD), ())
    figures = {f"figure:{o.measure}": (o.value, o.symbol) for o in reading.observations}
    texts = {f"text:{n.topic}:{n.part}": list(n.items) for n in reading.narrative}
    wanted = {tag: parse(text) for tag, text in answers.items() if tag.startswith("figure:")}
    assert figures == {tag: (printed.number, printed.symbol) for tag, printed in wanted.items()}
    assert texts == {tag: lines_of(text) for tag, text in answers.items() if tag.startswith("text:")}


def check_excel(source: str, reading: Reading, answers: Mapping[tuple[str, str], str]) -> None:
    assert (reading.state, reading.stated_period, reading.problems) == ("read", str(PERIOD), ())
    figures = {(o.place.sheet, o.place.cell): (o.value, o.symbol) for o in reading.observations}
    notes = {(o.place.sheet, o.place.cell.replace("B", "D")): o.note for o in reading.observations}
    texts = {(n.place.sheet, n.place.cell): list(n.items) for n in reading.narrative}
    printed = {at: parse(text) for at, text in answers.items() if at in figures}
    assert figures == {at: (value.number, value.symbol) for at, value in printed.items()}
    assert notes == {at: answers[at] for at in notes}
    assert texts == {at: lines_of(answers[at]) for at in answers if at[0] == "Narrative"}
    layout = PARTNERSHIP.sources[source].layout
    assert isinstance(layout, Workbook)
    lists = [sheet for sheet in layout.sheets if isinstance(sheet, ListSheet)]
    narratives = [sheet for sheet in layout.sheets if isinstance(sheet, NarrativeSheet)]
    assert len(figures) == sum(len(sheet.rows) for sheet in lists)
    assert len(texts) == sum(len(sheet.parts) * len(sheet.topics) for sheet in narratives)


@pytest.mark.parametrize("source", WORD)
def test_a_form_filled_in_word_says_what_was_written(blanks: dict[str, bytes], source: str) -> None:
    filled, answers = in_word(blanks[source])
    assert answers
    check_word(came_back(source, filled, "form.docx"), answers)


@pytest.mark.parametrize("source", EXCEL)
def test_a_form_filled_in_excel_says_what_was_written(blanks: dict[str, bytes], source: str) -> None:
    filled, answers = in_excel(blanks[source])
    check_excel(source, came_back(source, filled, "form.xlsx"), answers)


@pytest.mark.parametrize("source", [*WORD, *EXCEL])
def test_a_form_sent_back_blank_is_known_as_blank(blanks: dict[str, bytes], source: str) -> None:
    assert came_back(source, blanks[source], "form").state == "empty"


def test_what_people_write_below_a_field_in_its_cell_is_read_too(blanks: dict[str, bytes]) -> None:
    filled, answers = in_word(blanks["return-engagement"])
    parts = filling.unpacked(filled)
    tag = b'w:val="text:2.1:done"'
    before, _, after = parts["word/document.xml"].partition(tag)
    cell, end, rest = after.partition(b"</w:tc>")
    more = b"<w:p><w:r><w:t>Below the field</w:t></w:r></w:p>"
    parts["word/document.xml"] = before + tag + cell + more + end + rest
    reading = came_back("return-engagement", filling.packed(parts), "form.docx")
    check_word(reading, {**answers, "text:2.1:done": f"{answers['text:2.1:done']}\nBelow the field"})


# Nothing to report


def test_nothing_to_report_in_word_is_an_answer(blanks: dict[str, bytes]) -> None:
    filled = filling.in_word(
        blanks["return-engine-room"],
        {"figure:engine_room_meetings": "2", "figure:audit_events": "0", "status:deep-dive": "Nothing to report",
         "status:follow-up-audit": "We report on it here", "text:follow-up-audit:done": "We met"},
    )  # fmt: skip
    reading = came_back("return-engine-room", filled, "form.docx")
    assert (reading.state, reading.problems) == ("read", ())
    assert [(n.topic, n.items) for n in reading.narrative] == [
        ("deep-dive", ("Nothing to report.",)),
        ("follow-up-audit", ("We met",)),
    ]


@pytest.mark.parametrize(
    ("status", "written", "items", "problems"),
    [
        pytest.param("Nothing to report", None, [("Nothing to report.",)], 0, id="chosen and nothing written"),
        pytest.param("nothing to report.", None, [("Nothing to report.",)], 0, id="typed in another way"),
        pytest.param("Nothing to report", "We met", [("We met",)], 0, id="chosen, and something written all the same"),
        pytest.param("We report on it here", None, [], 1, id="something promised and not written"),
        pytest.param(None, None, [], 1, id="not chosen and not written"),
    ],
)
def test_nothing_to_report_in_excel_is_an_answer(
    blanks: dict[str, bytes], status: str | None, written: str | None, items: list[tuple[str, ...]], problems: int
) -> None:
    figures = {("Figures", f"B{row}"): 1 for row in range(7, 13)}
    form = filling.in_excel(
        blanks["return-communications"], {**figures, ("Narrative", "C7"): status, ("Narrative", "D7"): written}
    )
    reading = came_back("return-communications", form, "form.xlsx")
    assert [n.items for n in reading.narrative] == items
    assert len(reading.problems) == problems


# LibreOffice


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, blanks: dict[str, bytes]) -> Path:
    """A folder with a LibreOffice profile that has been used before."""
    folder = tmp_path_factory.mktemp("libreoffice")
    filling.saved_by_libreoffice(folder, {"first.docx": blanks["return-engine-room"]}, "docx")
    return folder


@needs_office
def test_word_forms_saved_by_libreoffice_lose_nothing(blanks: dict[str, bytes], desk: Path) -> None:
    filled = {source: in_word(blanks[source]) for source in WORD}
    files = {f"{source}.docx": data for source, (data, _) in filled.items()}
    for name, data in filling.saved_by_libreoffice(desk, files, "docx").items():
        source = name.removesuffix(".docx")
        check_word(came_back(source, data, name), filled[source][1])


@needs_office
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_excel_forms_saved_by_libreoffice_lose_nothing(blanks: dict[str, bytes], desk: Path, ending: str) -> None:
    filled = {source: in_excel(blanks[source]) for source in EXCEL}
    files = {f"{source}.xlsx": data for source, (data, _) in filled.items()}
    for name, data in filling.saved_by_libreoffice(desk, files, ending).items():
        source = name.removesuffix(".xlsx")
        check_excel(source, came_back(source, data, f"{source}.{ending}"), filled[source][1])


TYPED = [
    # what is typed into a cell for a whole number, and whether it is taken
    (0, True), (12, True), (1701, True), ("<5", True), ("c", True), (" C ", True), ("z", True), ("x", True),
    (-1, False), (2.5, False), ("about 40", False), ("<", False), ("<few", False), ("none", False), ("-", False),
]  # fmt: skip


@needs_office
def test_the_check_of_a_figure_takes_numbers_and_the_agreed_symbols(blanks: dict[str, bytes], desk: Path) -> None:
    form = openpyxl.load_workbook(io.BytesIO(blanks["return-quality-assurance"]))["Figures"]
    (check,) = [one for one in form.data_validations.dataValidation if one.type == "custom"]
    book = openpyxl.Workbook()
    for row, (typed, _) in enumerate(TYPED, 1):
        book.active.cell(row, 1, f"={check.formula1.replace('B7', f'B{row}')}")
        book.active.cell(row, 2, typed)
    out = io.BytesIO()
    book.save(out)
    (worked_out,) = filling.saved_by_libreoffice(desk, {"check.xlsx": out.getvalue()}, "csv").values()
    assert [line.partition(",")[0] == "TRUE" for line in worked_out.decode().splitlines()] == [
        taken for _, taken in TYPED
    ]


@needs_office
def test_blank_forms_saved_by_libreoffice_are_still_blank(blanks: dict[str, bytes], desk: Path) -> None:
    for ending, sources in (("docx", WORD), ("xlsx", EXCEL)):
        files = {f"{source}.{ending}": blanks[source] for source in sources}
        for name, data in filling.saved_by_libreoffice(desk, files, ending).items():
            assert came_back(name.removesuffix(f".{ending}"), data, name).state == "empty", name


@needs_office
@pytest.mark.parametrize("source", WORD)
def test_what_is_typed_in_libreoffice_is_read_back(blanks: dict[str, bytes], desk: Path, source: str) -> None:
    answers = in_word(blanks[source])[1]
    check_word(came_back(source, filling.typed_in_libreoffice(desk, blanks[source], answers), "form.docx"), answers)


# Figures that nobody misses, and guidance asks for

YEAR = ReportingYear(2024)
NOTIFIED, REVIEWS = "serious_incident_notifications", "rapid_reviews"
HEADING = "Serious incidents and rapid reviews"


def on_case_reviews(tmp_path: Path, figures: Mapping[str, str]) -> tuple[Reading, str, str]:
    """The yearly form on reviews, sent back with figures: how it was read, whether guidance is met, and the draft."""
    store = open_store(tmp_path)
    blank = next(
        store.get(form.key) for form in issue(PARTNERSHIP, YEAR, store) if form.source == "report-case-reviews"
    )
    assert {f"figure:{NOTIFIED}", f"figure:{REVIEWS}"} <= set(filling.tags(blank)), "a blank form has a row for each"
    answers = {
        tag: f"It taught us to ask sooner, as {tag} says." for tag in filling.tags(blank) if tag.startswith("text:")
    }
    answers |= {f"figure:{name}": value for name, value in figures.items()}
    reading = read(
        PARTNERSHIP.sources["report-case-reviews"], filling.in_word(blank, answers), "report-case-reviews.docx", YEAR
    )
    observed = {one.id: one for one in reading.observations}
    made: list[Figure] = build(PARTNERSHIP, YEAR, reading.observations)
    by_ref = {f"{one.area}.{one.measure}": one for one in made}
    context = section_context(
        PARTNERSHIP, PARTNERSHIP.section("case-reviews"), YEAR, by_ref, reading.narrative, (), (), observed, "run"
    )
    rows = report_context(PARTNERSHIP, YEAR, [context], "run").coverage
    verdict = next(row.verdict + row.where for row in rows if row.id == "wt23-07")
    return reading, verdict, " ".join(texts(draft_section(context)).split())


def test_sending_how_many_incidents_were_notified_meets_what_guidance_asks(tmp_path: Path) -> None:
    reading, verdict, draft = on_case_reviews(tmp_path, {NOTIFIED: "3", REVIEWS: "3"})
    assert (reading.state, reading.problems) == ("read", ())
    assert {one.measure: one.value for one in reading.observations} == {NOTIFIED: 3, REVIEWS: 3}
    assert verdict.startswith("Met: ") and "without the figures" not in verdict
    assert HEADING in draft
    assert re.search("3 ?serious child safeguarding incidents notified", draft)
    assert re.search("3 ?rapid reviews made", draft)
    source, areas = PARTNERSHIP.sources["report-case-reviews"], PARTNERSHIP.profile.areas
    checks = check_source(source, reading, load_suites(), YEAR, PARTNERSHIP.measures, areas, None)
    assert checks
    assert [one.says for one in checks if one.outcome == "failed"] == [], "numbers are no short or repeated answers"


def test_where_they_are_not_sent_the_draft_is_silent_and_the_annex_says_so(tmp_path: Path) -> None:
    for figures in ({}, {NOTIFIED: "3"}):
        reading, verdict, draft = on_case_reviews(tmp_path, figures)
        assert reading.problems == (), "nobody misses them"
        assert verdict.startswith("Met in part: ") and "without the figures that it asks for" in verdict
        assert (HEADING in draft) is bool(figures)
        assert "not received" not in draft.lower().replace("nothing was received", "")
        assert "rapid reviews made" not in draft
