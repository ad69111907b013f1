"""Blank forms are made for whoever is asked, the same each time, and can be filled in by everybody."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree

from config.errors import Refused
from config.layouts import Form, ListSheet, Workbook
from config.load import load_partnership
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from tasks import plain
from tasks.assemble.accessible import problems_of
from tasks.gather import personal
from tasks.model import Figure, Gathered, Narrative, Observation, Place, Register
from tasks.returns import copy_out, issue, planned
from tasks.store import ObjectStore, open_store
from tests.programs import needs_validator, open_xml_errors
from tests.returns.filling import W, unpacked

PERIOD = Quarter(2024, 1)
KNOWN = load_partnership("hsscp")
EASTMERE = load_partnership("eastmere", Path(__file__).parents[1] / "partnerships")
PLACE = Place("return.docx", "0" * 64)


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return open_store(tmp_path / "store")


def observation(measure: str, value: str = "", symbol: str = "", source: str = "return-engagement") -> Observation:
    number = Decimal(value) if value else None
    return Observation(source, "partnership", measure, "2023-24-Q4", number, symbol, PLACE)


def figure(measure: str, display: str, symbol: str = "", status: str = "validated") -> Figure:
    return Figure(
        id=f"partnership.{measure}.2023-24-Q4", area="partnership", measure=measure, period="2023-24-Q4", value=None,
        symbol=symbol, display=display, unit="events", statistic="flow", wording="", label="", derivation="",
        status=status,  # type: ignore[arg-type]
    )  # fmt: skip


def keep(store: ObjectStore, gathered: Gathered, *figures: Figure) -> None:
    """What a run of the quarter before would have kept."""
    store.put("gathered/2023-24/Q4/gathered.json", plain.to_json(gathered).encode())
    register = Register(tuple(figures), (), (), ())
    store.put("register/2023-24/Q4/register.json", plain.to_json(register).encode())


def made(store: ObjectStore, source: str, partnership: Partnership = KNOWN) -> bytes:
    yearly = partnership.sources[source].every == "year"
    forms = issue(partnership, PERIOD.year if yearly else PERIOD, store)
    (form,) = [form for form in forms if form.source == source]
    return store.get(form.key)


def rows(form: bytes) -> list[list[str]]:
    """Every row of every table of a Word form, as its cells' words."""
    body = etree.fromstring(unpacked(form)["word/document.xml"])
    return [
        [" ".join("".join(p.itertext()) for p in cell.iter(f"{W}p")) for cell in row.iter(f"{W}tc")]
        for row in body.iter(f"{W}tr")
    ]


def words(form: bytes) -> str:
    stories = (etree.fromstring(unpacked(form)[f"word/{story}.xml"]) for story in ("header", "document"))
    return "\n".join("".join(p.itertext()) for story in stories for p in story.iter(f"{W}p"))


# Which forms there are


def test_every_source_that_gets_a_form_has_one_named_as_it_is_recognised() -> None:
    forms = planned(KNOWN, PERIOD)
    for period, every in ((PERIOD, "quarter"), (PERIOD.year, "year")):
        issued = [source.id for source in KNOWN.due(every) if source.issued]
        assert [form.source for form in planned(KNOWN, period)] == issued
    assert (forms[0].name, forms[0].key, str(forms[0].due)) == (
        "return-neglect-champions-2024-25-Q1.docx",
        "forms/2024-25/Q1/return-neglect-champions.docx",
        "2024-07-22",  # twenty days after the quarter is a Saturday
    )


def test_names_of_forms_are_taken_for_their_sources(tmp_path: Path, store: ObjectStore) -> None:
    from tasks.gather import recognise

    forms = issue(KNOWN, PERIOD, store)
    copy_out(forms, store, tmp_path / "out")
    assert dict(recognise(KNOWN, PERIOD, tmp_path / "out")) == {form.name: form.source for form in forms}


def test_no_form_is_issued_for_a_period_in_which_none_is_due() -> None:
    assert planned(EASTMERE, ReportingYear(2024)) == []


def test_forms_made_again_are_the_same_bytes(store: ObjectStore, tmp_path: Path) -> None:
    first = [store.describe(form.key).version for form in issue(KNOWN, PERIOD, store)]
    assert [store.describe(form.key).version for form in issue(KNOWN, PERIOD, store)] == first
    other = open_store(tmp_path / "other")
    assert [store.get(f.key) == other.get(f.key) for f in issue(KNOWN, PERIOD, other)] == [True] * len(first)


def test_a_form_that_somebody_has_begun_to_fill_in_is_not_overwritten(store: ObjectStore, tmp_path: Path) -> None:
    forms, out = issue(EASTMERE, PERIOD, store), tmp_path / "out"
    copy_out(forms, store, out)
    copy_out(forms, store, out)  # nothing has changed: nothing is in the way
    (out / forms[0].name).write_bytes(b"begun")
    with pytest.raises(Refused, match=f"(?s){forms[0].name}.*What to do"):
        copy_out(forms, store, out)
    assert (out / forms[0].name).read_bytes() == b"begun"


@pytest.mark.parametrize("form", planned(KNOWN, PERIOD), ids=lambda form: form.source)
def test_a_blank_form_holds_no_personal_data(form: object, store: ObjectStore) -> None:
    source = form.source  # type: ignore[attr-defined]
    data = made(store, source)
    assert personal.problems(KNOWN.sources[source], data, "form", KNOWN.profile.allowed_contacts) == ()


# What stands on them


@pytest.mark.parametrize("source", [s for s in KNOWN.sources.values() if s.issued], ids=lambda source: source.id)
def test_a_form_says_who_it_is_for_by_when_and_what_each_figure_counts(source: object, store: ObjectStore) -> None:
    layout = source.layout  # type: ignore[attr-defined]
    data = made(store, source.id)  # type: ignore[attr-defined]
    if isinstance(layout, Form):
        text, measures = words(data), list(layout.figures)
    else:
        book = openpyxl.load_workbook(io.BytesIO(data))
        text = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
        assert isinstance(layout, Workbook)
        measures = [measure for sheet in layout.sheets if isinstance(sheet, ListSheet) for measure in sheet.rows]
    wanted = [
        KNOWN.profile.name, KNOWN.profile.contact, KNOWN.groups[source.sender].name,  # type: ignore[attr-defined]
        *(("Q1 2024-25", "Monday 22 July 2024") if source.every == "quarter" else ("2024-25", "2025")),  # type: ignore[attr-defined]
        "Do not name" if isinstance(layout, Form) else "Name children",
        *(KNOWN.measures[measure].definition for measure in measures),
        *(KNOWN.measures[measure].unit for measure in measures),
    ]  # fmt: skip
    assert [phrase for phrase in wanted if phrase not in text] == []


def test_last_quarters_answers_stand_beside_over_the_end_of_a_year(store: ObjectStore) -> None:
    done = Narrative("return-engagement", "2.1", "done", ("We met & <asked>", "Twice"), PLACE)
    keep(store, Gathered((), (observation("engagement_events", "1701"),), (done,)))
    form = made(store, "return-engagement")
    assert [row[2] for row in rows(form)] == [
        "Last quarter", "1,701", "No answer came",
        "Last quarter’s answer", "No answer came", "We met & <asked> Twice", "No answer came", "No answer came",
    ]  # fmt: skip
    assert "for Q4 2023-24 (January to March 2024), stands beside" in words(form)


def test_where_nothing_is_kept_it_is_not_said_that_nothing_came(store: ObjectStore) -> None:
    form = made(store, "return-engagement")
    assert {row[2] for row in rows(form)} == {"Last quarter", "Last quarter’s answer", "Not known"}
    assert "no returns for Q4 2023-24 (January to March 2024) are kept here" in words(form)


@pytest.mark.parametrize(
    ("sent", "registered", "shown"),
    [
        pytest.param(observation("engagement_events", "3"), None, "3", id="sent as a number, and nothing against it"),
        pytest.param(observation("engagement_events", symbol="<5"), None, "<5", id="sent as a symbol"),
        pytest.param(
            observation("engagement_events", "3"), figure("engagement_events", "<5", "<5"), "<5",
            id="sent as a number, suppressed in the register",
        ),
        pytest.param(
            observation("engagement_events", "3"), figure("engagement_events", "withheld", status="withheld"),
            "withheld", id="withheld in the register",
        ),
        pytest.param(
            observation("engagement_events", "3"), figure("engagement_events", "4"), "3",
            id="another source leads: each is shown its own answer",
        ),
        pytest.param(
            observation("engagement_events", "3", source="return-training"), None, "No answer came",
            id="another source's answer is not its own",
        ),
    ],
)  # fmt: skip
def test_what_was_suppressed_stays_suppressed(
    sent: Observation, registered: Figure | None, shown: str, store: ObjectStore
) -> None:
    keep(store, Gathered((), (sent,), ()), *([registered] if registered else []))
    assert rows(made(store, "return-engagement"))[1][2] == shown


def test_a_form_in_excel_shows_the_answers_of_last_quarter(store: ObjectStore) -> None:
    sent = observation("training_sessions", "17", source="return-training")
    said = Narrative("return-training", "1", "done", ("First", "=Second"), PLACE)
    keep(store, Gathered((), (sent,), (said,)))
    book = openpyxl.load_workbook(io.BytesIO(made(store, "return-training", EASTMERE)))
    assert [cell.value for cell in book["Figures"][7]][:3] == ["Sessions delivered", None, "17"]
    assert [cell.value for cell in book["Narrative"][8]][3:] == ["First\n=Second", "No answer came"]


def test_a_text_that_looks_like_a_formula_is_text(store: ObjectStore) -> None:
    said = Narrative("return-training", "1", "done", ("=1+1",), PLACE)
    keep(store, Gathered((), (), (said,)))
    cell = openpyxl.load_workbook(io.BytesIO(made(store, "return-training", EASTMERE)))["Narrative"]["D8"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# How they can be filled in


@pytest.fixture
def book(store: ObjectStore) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made(store, "return-training")))


def test_only_cells_to_be_filled_in_are_open_and_each_says_what_it_wants(book: openpyxl.Workbook) -> None:
    assert [sheet.protection.sheet for sheet in book] == [True] * 3
    opened = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert opened == {
        *(("Figures", f"{column}{row}") for column in "BD" for row in range(7, 14)),
        *(("Narrative", f"{column}7") for column in "CDE"),
    }
    checks = {
        (sheet.title, str(check.sqref)): check for sheet in book for check in sheet.data_validations.dataValidation
    }
    assert {at for at in opened if at[1][0] != "D" or at[0] == "Narrative"} == set(checks)
    assert [
        at for at, check in checks.items() if not (check.showInputMessage and check.promptTitle and check.prompt)
    ] == []


def test_checks_of_figures_stop_what_is_no_number_and_say_what_to_write(book: openpyxl.Workbook) -> None:
    for check in book["Figures"].data_validations.dataValidation:
        assert (check.type, check.errorStyle, check.showErrorMessage) == ("custom", "stop", True)
        assert "Write a whole number alone, or one of 0, <5, c, z or x." in check.error
        assert len(check.formula1) <= 255 and len(check.prompt) <= 255 and len(check.promptTitle) <= 32
        assert "{" not in check.formula1  # Excel refuses lists in the formula of a check


def test_there_is_a_list_to_choose_from_where_there_is_a_choice(book: openpyxl.Workbook) -> None:
    (choice,) = [c for c in book["Narrative"].data_validations.dataValidation if c.type == "list"]
    assert choice.formula1 == '"We report on it here,Nothing to report"'


def test_word_forms_can_be_read_by_everybody(store: ObjectStore) -> None:
    data = made(store, "return-neglect-champions")
    form = docx.Document(io.BytesIO(data))
    about = form.core_properties
    assert about.title == "Quarterly return of the Neglect Champions, Q1 2024-25 (April to June 2024)"
    assert (about.language, about.author) == ("en-GB", KNOWN.profile.name)
    assert str(about.created) == str(about.modified)
    styles, body = (unpacked(data)[f"word/{part}.xml"].decode() for part in ("styles", "document"))
    assert 'w:lang w:val="en-GB"' in styles
    levels = [int(p.style.name[-1]) for p in form.paragraphs if p.style.name.lower().startswith("heading")]
    assert levels[0] == 1 and max(b - a for a, b in zip(levels, levels[1:], strict=False)) <= 1
    assert body.count("<w:tblHeader/>") == body.count("<w:tbl>") == body.count("<w:tblDescription ") == 4
    assert "w:dropDownList" in body and re.findall(r"<w:p>(?:<w:pPr>.{0,60}</w:pPr>)?</w:p>", body) == []
    assert body.count("<w:alias ") == body.count("<w:sdt>") == len(set(re.findall(r'<w:id w:val="(\d+)"', body)))


@needs_validator
def test_word_forms_pass_the_open_xml_validator(store: ObjectStore, tmp_path: Path) -> None:
    paths = []
    for form in (form for form in issue(KNOWN, PERIOD, store) if form.name.endswith(".docx")):
        paths.append(tmp_path / form.name)
        paths[-1].write_bytes(store.get(form.key))
    assert {name: errors for name, errors in open_xml_errors(paths).items() if errors} == {}


def test_forms_have_the_colours_of_their_partnership(store: ObjectStore) -> None:
    look = KNOWN.profile.look.model_copy(update={"dark": "5B1230", "accent": "6B0000"})
    own = replace(KNOWN, profile=KNOWN.profile.model_copy(update={"look": look}))
    for source, part in (("return-engagement", "word/styles.xml"), ("return-training", "xl/styles.xml")):
        styles = unpacked(made(store, source, own))[part].decode()
        assert "5B1230" in styles and "12305B" not in styles


def test_everybody_can_read_the_word_forms(store: ObjectStore) -> None:
    word = [store.get(form.key) for form in issue(KNOWN, PERIOD, store) if form.name.endswith(".docx")]
    assert word
    assert [problems_of(data) for data in word] == [()] * len(word)
