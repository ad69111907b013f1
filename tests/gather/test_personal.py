"""Whatever tells of one person is found, wherever it stands; what only looks like it is left alone."""

import io
import os
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from config.load import load_partnership
from config.partnership import Partnership
from tasks.gather import personal, receive
from tasks.store import ObjectStore, open_store
from tests.gather.files import FORM, LIST, LONG, Q1, ROWS, W, form, part, rezipped, source, text, word_table, workbook

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
PARTNERSHIPS = Path(__file__).parents[1] / "partnerships"

# All of them made up: numbers from the ranges that are kept for examples, an authority whose UPNs lists leave out.
UPN_REST = "838432112345"


def upn(rest: str) -> str:
    """A UPN with its check letter."""
    return next(letter + rest for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if personal.is_upn(letter + rest))


def nhs(nine: str) -> str:
    """An NHS number with its check digit; empty where there is none."""
    return next((nine + digit for digit in "0123456789" if personal.is_nhs_number(nine + digit)), "")


PLANTED = {
    "nhs_number": "943 476 5919",
    "upn": upn(UPN_REST),
    "date_of_birth": "(DOB: 03/05/2015)",
    "postcode": "ZE1 9ZZ",
    "email": "somebody@example.org",
    "telephone": "01632 960 123",
}
KINDS = pytest.mark.parametrize(("kind", "value"), PLANTED.items(), ids=list(PLANTED))


def told(data: bytes) -> list[tuple[str, str]]:
    return [(hit.kind, hit.where) for hit in personal.hits(data)]


def in_word(**parts: str) -> bytes:
    """A document with parts of its own: comments, headers, text boxes."""
    more = {f"word/{name}.xml": f'<w:{name[:3]} xmlns:w="{W}">{xml}</w:{name[:3]}>' for name, xml in parts.items()}
    return rezipped(form(), {name: xml.encode() for name, xml in more.items()})


def paragraph(words: str, tag: str = "t") -> str:
    half = len(words) // 2  # Word splits words over runs as it likes
    return f"<w:p><w:r><w:{tag}>{words[:half]}</w:{tag}></w:r><w:r><w:{tag}>{words[half:]}</w:{tag}></w:r></w:p>"


@KINDS
def test_it_is_found_in_a_cell_and_its_place_is_told(kind: str, value: str) -> None:
    data = workbook({"Data": [["Measure", "Value"], ["Contacts", 3], ["Note", f"See {value}, please"]]})
    assert told(data) == [(kind, "sheet Data, B3")]


@KINDS
def test_it_is_found_in_a_stray_hidden_sheet_and_in_a_comment(kind: str, value: str) -> None:
    book = openpyxl.Workbook()
    stray = book.create_sheet("Working")
    stray.sheet_state = "veryHidden"
    stray["AB40"] = value
    book.active["C7"].comment = Comment(f"ask about {value}", "unit")
    out = io.BytesIO()
    book.save(out)
    places = [where for found, where in told(out.getvalue()) if found == kind]
    assert "sheet Working, AB40" in places
    assert any(where.startswith("a comment") for where in places)


@KINDS
def test_it_is_found_in_every_part_of_a_document(kind: str, value: str) -> None:
    box = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph(value)}</w:txbxContent></w:pict></w:r></w:p>"
    deleted = f"<w:p><w:del>{paragraph(value, 'delText')[5:-6]}</w:del></w:p>"
    bodies = {
        "paragraph 2": form(paragraph(value)),
        "paragraph 3": form(box),
        "table 1": form(word_table(["Figure", "Value"], ["People", value])),
        "paragraph": form(deleted),
        "a comment": in_word(comments=paragraph(value)),
        "the header": in_word(header1=paragraph(value)),
        "the footer": in_word(footer2=paragraph(value)),
        "a footnote": in_word(footnotes=paragraph(value)),
    }
    for place, data in bodies.items():
        found = told(data)
        assert {one for one, _ in found} == {kind}, place
        assert any(where.startswith(place) for _, where in found), (place, found)


@KINDS
def test_it_is_found_in_text_files_whatever_their_columns(kind: str, value: str) -> None:
    assert told(text("Code;Period;Value;Source", "FD01;2023-04;3;", f"FD02;2023-04;4;as {value} said")) == [
        (kind, "line 3")
    ]
    assert told(f"Words, that no comma\nparts: {value}".encode("utf-16")) == [(kind, "line 2")]


@KINDS
def test_it_is_found_in_properties_but_who_wrote_it_is_an_office_matter(kind: str, value: str) -> None:
    for name, kinds in (("subject", {kind}), ("last_modified_by", set()), ("author", set())):
        document = docx.Document()
        setattr(document.core_properties, name, value)
        out = io.BytesIO()
        document.save(out)
        assert {found for found, _ in told(out.getvalue())} == kinds


@KINDS
def test_no_message_says_what_it_is(kind: str, value: str) -> None:
    sheets = {f"About {value}"[:31].replace(":", "").replace("/", "-"): [["Note", value]]}
    for data in (workbook(sheets), form(paragraph(value)), text("A,B", f"1,{value}")):
        said = repr(personal.problems(LIST, data, "some return.xlsx"))
        assert personal.WORDS[kind] in said
        assert value not in said
        assert value.replace(" ", "") not in said


@pytest.mark.parametrize(
    ("heading", "value", "kind"),
    [
        ("Child's name", "Any Body", "name"),
        ("SURNAME", "Body", "name"),
        ("Forename(s)", "Any", "name"),
        ("Name of child:", "A. B.", "name"),
        ("D.O.B.", "03/05/2015", "date_of_birth"),
        ("Date of Birth", 42127, "date_of_birth"),
        ("Mobile number", 7700900123, "telephone"),
    ],
)
def test_a_column_is_known_by_its_heading(heading: str, value: object, kind: str) -> None:
    assert told(workbook({"Stray": [["Row", heading], [1, None], [2, value]]})) == [(kind, "sheet Stray, B3")]
    assert told(text(f"Row,{heading}", f"2,{value}")) == [(kind, "line 2")]
    table = form(word_table(["Row", heading], ["2", str(value)]))
    assert (kind, "table 1, row 2, column 2") in told(table)


@pytest.mark.parametrize(
    "words",
    [
        "Reference 9434765918",  # fails the check digit
        "0000000000 and 1111111111",  # pass it, and are nobody's
        "5000000000 8000000002",  # ranges that are not in use
        "A838432112345" if upn(UPN_REST)[0] != "A" else "B838432112345",  # another check letter
        "the 0-19 service, ages 0 to 19, born or unborn",
        "Q1 2023-24 (April to June 2023)",
        "2023-24-Q4 B1 2nd TS 24 TS24 E06000001 E12000001",
        "1,204 of 20,116; 24.9%; 01-04-2023 10:30; 2023-04-01T00:00:00",
        "children born since 1 April 2023; babies born 1,204",
        "between 1 April 2023 and 31 March 2024 the DOB was recorded for all",
        "£1,943,476,591.90 9434765919.25",
        "@TSbulletin, tweets@, 020 7946",
        "Training, Ofsted, Scrutineer's name, Name, Course name",
    ],
)
def test_what_only_looks_like_it_is_left_alone(words: str) -> None:
    assert told(workbook({"Data": [["Figure", "Value"], ["Note", words]]})) == []
    assert told(text("Figure|Value", f"Note|{words}")) == []
    assert told(form(paragraph(words.replace("&", "and")))) == []


def test_empty_columns_of_names_and_symbols_in_them_are_no_names() -> None:
    assert told(workbook({"Data": [["Surname", "DOB"], [None, None], ["n/a", "x"], ["z", 3]]})) == []


@given(
    st.sampled_from(["320", "400", "499", "600", "799", "943"]),
    st.integers(0, 900_000),
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from(["{}", "NHS no {}.", "({})", "NHS{}", "a {}, b", "a,{}", "No.{}"]),
    st.booleans(),
)
@settings(max_examples=25)
def test_any_nhs_number_anywhere_in_a_sheet_is_found(
    first: str, rest: int, row: int, column: int, words: str, as_number: bool
) -> None:
    tries = (nhs(f"{first}{n:06}") for n in range(rest, rest + 50))
    number = next(filter(None, tries), "")
    assert number
    book = openpyxl.Workbook()
    plain_number = as_number and not number.startswith("0")  # a number has no nought before it
    book.active.cell(row, column, int(number) if plain_number else words.format(number))
    out = io.BytesIO()
    book.save(out)
    ref = book.active.cell(row, column).coordinate
    assert ("nhs_number", f"sheet Sheet, {ref}") in told(out.getvalue())


@given(st.from_regex(r"[0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True), st.sampled_from(["{}", "UPN: {}", "[{}]"]))
@settings(max_examples=25)
def test_any_upn_is_found_whatever_its_authority(rest: str, words: str) -> None:
    assert told(workbook({"S": [[], [None, words.format(upn(rest)).lower()]]})) == [("upn", "sheet S, B2")]


def test_pseudonyms_may_be_numbers_and_anything_else_in_their_column_may_not() -> None:
    rows = text("Event,Event date,Status,Learner,Hours", "E1,2023-04-01,Came,9434765919,2")
    assert personal.problems(ROWS, rows, "bookings.csv") == ()
    address = rows.replace(b"9434765919", b"somebody@example.org")
    assert [p.where for p in personal.problems(ROWS, address, "bookings.csv")] == ["bookings.csv, line 2"]
    elsewhere = rows.replace(b"E1", b"9434765919")
    assert len(personal.problems(ROWS, elsewhere, "bookings.csv")) == 1


def test_official_statistics_are_published_and_not_searched() -> None:
    official = source({
        "layout": "official_statistics", "release": "A release", "released": "2024-10", "licence": "OGL",
        "indicators": [{"measure": "contacts", "column": "n"}],
    })  # fmt: skip
    assert personal.problems(official, text("a,b", "9434765919,somebody@example.org"), "o.csv") == ()


def test_the_partnerships_own_contact_details_are_allowed_however_they_are_written() -> None:
    words = "Write to office@example.org, (01632) 960123, ZE1 9ZZ"
    data = workbook({"Data": [[words]]})
    assert {kind for kind, _ in told(data)} == {"email", "telephone", "postcode"}
    assert personal.problems(LIST, data, "x", ["Office@example.org", "+44 1632 960 123", "ze19zz"]) == ()
    assert len(personal.problems(LIST, data, "x", ["ZE1 9ZZ"])) == 2


def test_what_cannot_be_opened_safely_is_not_opened() -> None:
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "somebody@example.org">]><a>&b;</a>'
    assert told(rezipped(form(), {"word/header9.xml": entities})) == []
    assert told(b"PK\x03\x04 cut short") == []
    assert part(form(), "word/document.xml")


# Receiving


@pytest.fixture
def partnership() -> Partnership:
    sources = [LIST.model_copy(update={"id": "list", "files": ("list*",)}), FORM.model_copy(update={"files": ("f*",)})]
    known = load_partnership("eastmere", PARTNERSHIPS)
    profile = known.profile.model_copy(update={"allowed_contacts": ("ZE1 9ZZ",)})
    return Partnership(profile, known.guidance, {}, {s.id: s for s in sources}, (), (), "")


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return open_store(str(tmp_path / "store"))


def test_such_a_file_is_kept_as_sent_in_the_restricted_part_alone(
    partnership: Partnership, tmp_path: Path, store: ObjectStore
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    bad = workbook({"Figures": [["Note", "943 476 5919"]]})
    (inbox / "list b.xlsx").write_bytes(bad)
    (inbox / "minutes.txt").write_bytes(b"DOB 03/05/2015")
    (inbox / "form 943 476 5919.docx").write_bytes(form())
    (inbox / "list a.xlsx").write_bytes(workbook({"Figures": [["Note", "ZE1 9ZZ"]]}))
    files = {file.key.rsplit(".", 1)[-1] + file.state: file for file in receive(partnership, Q1, inbox, store)}
    assert sorted(files) == ["docxpersonal_data", "txtpersonal_data", "xlsxpersonal_data", "xlsxsuperseded"]
    kept = files["xlsxpersonal_data"]
    assert kept.key == f"restricted/2023-24/Q1/list/{kept.sha256}.xlsx"
    assert store.get(kept.key) == bad
    assert [p.severity for p in kept.problems] == ["must_fix"]
    assert files["txtpersonal_data"].key.startswith("restricted/2023-24/Q1/unexpected/")
    assert "943" not in files["docxpersonal_data"].name + repr(files["docxpersonal_data"].problems)
    assert files["xlsxsuperseded"].key.startswith("received/")


# False alarms


def test_a_whole_year_of_returns_raises_no_alarm() -> None:
    files = [path for path in sorted(SAMPLE.rglob("*")) if path.is_file()]
    assert len(files) > 40
    assert {path.name: told(path.read_bytes()) for path in files if told(path.read_bytes())} == {}


def test_of_a_published_report_only_its_own_contact_details_are_found() -> None:
    name = "reference/hsscp-annual-report-2023-24.txt"
    rooms = [os.environ.get("ASSURE_SHARED", ""), *(str(parent / "shared") for parent in ROOT.parents)]
    report = next((Path(room) / name for room in rooms if room and (Path(room) / name).exists()), None)
    if report is None:
        pytest.skip("the published report is not beside the project (ASSURE_SHARED may say where)")
    assert sorted(hit.kind for hit in personal.hits(report.read_bytes())) == ["email", "postcode", "telephone"]


def test_a_long_file_is_searched_too() -> None:
    lines = [f"FD01;2023-04;{number}" for number in range(20_000)]
    assert told(text("Code;Period;Value", *lines, "FD01;2023-04;943 476 5919")) == [("nhs_number", "line 20002")]
    assert personal.problems(LONG, text(*lines), "long.csv") == ()
