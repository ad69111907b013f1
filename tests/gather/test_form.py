"""Word forms are read by the tags of their controls: what stands as written counts, prompts and deletions do not."""

import shutil
import subprocess

import pytest

from tasks.gather import read
from tests.gather.files import (
    FORM,
    GOOD_FORM,
    YEAR,
    cell,
    control,
    form,
    observed,
    read_q1,
    taken,
    whats,
    word_table,
)  # fmt: skip

INSERTED = '<w:ins w:id="1" w:author="A"><w:r><w:t>{}</w:t></w:r></w:ins>'
DELETED = '<w:del w:id="2" w:author="A"><w:r><w:delText>{}</w:delText></w:r></w:del>'


def around(tag: str, content: str) -> str:
    """A control round anything: table rows, cells, tracked changes."""
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def grid(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def paragraph(content: str) -> str:
    return f"<w:p>{content}</w:p>"


def test_a_form_is_read() -> None:
    reading = read_q1(FORM, GOOD_FORM, "some return.docx")
    assert (reading.state, reading.stated_period, whats(reading)) == ("read", "2023-24-Q1", "")
    assert taken(reading) == [("events", "2023-24-Q1", "3"), ("people", "2023-24-Q1", "1204")]
    assert observed(reading, "events", "2023-24-Q1").place.words == "some return.docx, control figure:events"
    assert observed(reading, "people", "2023-24-Q1").place.cell == "table 1 of figures, row 2"
    assert [(n.topic, n.part, n.items, n.place.cell) for n in reading.narrative] == [
        ("2.1", "done", ("We met", "We asked"), "control text:2.1:done"),
        ("2.1", "impact", ("They said so",), "control text:2.1:impact"),
        ("deep-dive", "done", ("We looked",), "control text:deep-dive:done"),
    ]


def test_the_table_for_the_suites_has_figures_and_narrative() -> None:
    rows = read_q1(FORM, GOOD_FORM).rows
    assert list(rows) == ["measure", "topic", "part", "value", "_place"]
    assert rows.iloc[0].tolist() == ["events", "", "", "3", "control figure:events"]
    assert rows.iloc[2].tolist() == ["", "2.1", "done", "We met\nWe asked", "control text:2.1:done"]


WRITTEN = [
    # how the number 3 stands in the form
    ("round words in a paragraph", control("figure:events", "3", level="run")),
    ("round a paragraph", control("figure:events", "3")),
    ("in a table's cell", word_table(["Events", control("figure:events", "3")])),
    ("round a cell", grid(row(cell("Events"), around("figure:events", cell("3"))))),
    ("round a row", grid(around("figure:events", row(cell("3"))))),
    ("in a control within a control", around("text:deep-dive:done", control("figure:events", "3"))),
    ("in several runs", paragraph(around("figure:events", "<w:r><w:t>1,</w:t></w:r><w:r><w:t>701</w:t></w:r>"))),
    ("as a tracked insertion", paragraph(around("figure:events", INSERTED.format("3")))),
    ("as a tracked replacement", paragraph(around("figure:events", DELETED.format("4") + INSERTED.format("3")))),
    ("moved there", paragraph(around("figure:events",
        '<w:moveFrom w:id="3"><w:r><w:t>9</w:t></w:r></w:moveFrom>'
        '<w:moveTo w:id="4"><w:r><w:t>3</w:t></w:r></w:moveTo>'))),
    ("in a text box, which Word keeps twice", paragraph(
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps">{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback>'
        "</mc:AlternateContent></w:r>".format(control("figure:events", "3")))),
    ("in a table of figures", word_table(["Figure", "This quarter"], ["Events held*", "3"])),
    ("in a control in a table of figures",
     word_table(["Figure", "Now"], ["Events held", control("figure:events", "3")])),
    ("in a row of a table of figures within a control",
     grid(row(cell("Figure"), cell("Now")), around("x", row(cell("Events held"), cell("3"))))),
    ("twice, the same", control("figure:events", "3") + control("figure:events", "3")),
]  # fmt: skip


@pytest.mark.parametrize("piece", [w[1] for w in WRITTEN], ids=[w[0] for w in WRITTEN])
def test_a_figure_is_read_however_it_stands_in_the_form(piece: str) -> None:
    reading = read_q1(FORM, form(piece))
    assert [(m, v.replace("1701", "3")) for m, _, v in taken(reading)] == [("events", "3")], whats(reading)


UNANSWERED = [
    ("a prompt", control("figure:events", "Click or tap here to enter text.", prompt=True)),
    ("nothing", control("figure:events", "")),
    ("spaces", control("figure:events", "\u00a0 ")),
    ("only a deletion", paragraph(around("figure:events", DELETED.format("4")))),
]


@pytest.mark.parametrize("piece", [u[1] for u in UNANSWERED], ids=[u[0] for u in UNANSWERED])
def test_what_is_not_answered_is_no_figure(piece: str) -> None:
    reading = read_q1(FORM, form(piece, control("text:2.1:done", "We met")))
    assert taken(reading) == []
    assert "look_at: One place is empty. [some return.xlsx, control figure:events]" in whats(reading)


def test_a_control_in_deleted_text_is_gone() -> None:
    gone = f'<w:p><w:del w:id="7" w:author="A">{around("figure:events", "<w:r><w:t>3</w:t></w:r>")}</w:del></w:p>'
    reading = read_q1(FORM, form(gone, control("text:2.1:done", "We met")))
    assert taken(reading) == []
    assert "look_at: Figures that are expected are not there: 'Events held', 'People who came'." in whats(reading)


def test_lines_bullets_and_unseen_marks_become_items() -> None:
    lines = paragraph(around("text:2.1:done", "<w:r><w:t>\uf0b7 We met</w:t><w:br/><w:t>- We\u200b asked</w:t></w:r>"))
    (written,) = read_q1(FORM, form(lines)).narrative
    assert written.items == ("We met", "We asked")


def test_an_answer_in_a_text_box_is_taken_once() -> None:
    """Word keeps a text box twice: once for itself, once for programs of before 2010."""
    answer = control("text:2.1:done", "We met")
    kept = f'<mc:Choice Requires="wps">{answer}</mc:Choice><mc:Fallback>{answer}</mc:Fallback>'
    reading = read_q1(FORM, form(paragraph(f"<w:r><mc:AlternateContent>{kept}</mc:AlternateContent></w:r>")))
    assert [n.items for n in reading.narrative] == [("We met",)]


FAULTS = [
    # what is wrong, pieces, what is said
    ("a topic not answered", [control("text:2.1:done", "x", prompt=True)],
     "look_at: One place is not answered. [some return.xlsx, control text:2.1:done]"),
    ("an unknown figure", [control("figure:event", "3")], "information: The field 'figure:event' is not known."),
    ("a mistyped figure", [control("figure:event", "3")], "If it is 'events', give the field that tag."),
    ("an unknown topic", [control("text:9.9:done", "x")], "information: The field 'text:9.9:done' is not known."),
    ("a topic without a field", [], "information: The form has no field for 'deep-dive'."),
    ("two values for a figure", [control("figure:events", "3"), control("figure:events", "4")],
     "must_fix: One place does not hold a value but different values in fields"),
    ("two rows for a figure", [word_table(["Figure", "Now"], ["Events held", "3"], ["Events held", "4"])],
     "one of several values for the same figure"),
    ("an unknown row", [word_table(["Figure", "Now"], ["Event held", "3"])],
     "information: The row 'Event held' is not known. [some return.xlsx, table 1 of figures, row 2] What it "
     "holds was not taken. If it is 'Events held'"),
    ("what is no value", [control("figure:events", "marked-7731")],
     "must_fix: One place does not hold a value but a number with something else"),
]  # fmt: skip


@pytest.mark.parametrize(("pieces", "says"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_said_and_the_rest_is_read(pieces: list[str], says: str) -> None:
    reading = read_q1(FORM, form(*pieces, control("text:2.1:impact", "They said so"), control("figure:people", "5")))
    assert says in whats(reading)
    assert ("people", "2023-24-Q1", "5") in taken(reading)
    assert "events" not in {o.measure for o in reading.observations}
    assert (len(reading.narrative), "7731" in whats(reading)) == (1, False)


PERIODS = [
    ("Q2 2023-24", "wrong_period", "says that it is for 2023-24-Q2"),
    ("", "read", "does not say which period it is for"),
    ("this one", "read", "does not say which period it is for"),
]


@pytest.mark.parametrize(("period", "state", "says"), PERIODS, ids=["another quarter", "not answered", "words"])
def test_the_stated_period_is_checked(period: str, state: str, says: str) -> None:
    reading = read_q1(FORM, form(control("figure:events", "3"), period=period))
    assert (reading.state, bool(reading.observations), says in whats(reading)) == (state, state == "read", True)


def test_a_yearly_form_is_for_the_year() -> None:
    reading = read(FORM, form(control("figure:events", "3"), period="2023-24"), "some.docx", YEAR)
    assert taken(reading) == [("events", "2023-24", "3")]


NOT_TAKEN = [
    ("a document without fields", form("<w:p><w:r><w:t>We met three times</w:t></w:r></w:p>"), "wrong_layout",
     "none of the form's fields"),
    ("nothing filled in", form(control("figure:events", "", prompt=True), control("text:2.1:done", "", prompt=True)),
     "empty", "nothing filled in"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "state", "says"), [n[1:] for n in NOT_TAKEN], ids=[n[0] for n in NOT_TAKEN])
def test_a_form_of_which_nothing_can_be_taken(data: bytes, state: str, says: str) -> None:
    reading = read_q1(FORM, data)
    assert (reading.state, reading.observations, reading.narrative) == (state, (), ())
    assert says in whats(reading)


@pytest.fixture(scope="module")
def saved_by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    version = subprocess.run(
        [soffice, "--version"], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()[1]
    if int(version.split(".")[0]) < 24:
        pytest.skip(f"LibreOffice {version} loses content controls")
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / "form.docx").write_bytes(GOOD_FORM)
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(folder / "form.docx")],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return (folder / "out" / "form.docx").read_bytes()


def test_a_form_saved_by_libreoffice_is_read(saved_by_libreoffice: bytes) -> None:
    reading = read_q1(FORM, saved_by_libreoffice)
    assert taken(reading) == taken(read_q1(FORM, GOOD_FORM))
    assert {(n.topic, n.part): n.items[0] for n in reading.narrative} == {
        ("2.1", "done"): "We met", ("2.1", "impact"): "They said so", ("deep-dive", "done"): "We looked",
    }  # fmt: skip


def test_what_libreoffice_put_outside_a_field_is_missed(saved_by_libreoffice: bytes) -> None:
    """It keeps the first paragraph of an answer in its field; "We asked" then stands below it."""
    says = whats(read_q1(FORM, saved_by_libreoffice))
    assert "must_fix: Below answers stands text that is in no field. [some return.xlsx, control text:2.1:done] " in says
