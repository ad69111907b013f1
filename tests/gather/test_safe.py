"""Nothing hostile or broken is opened; each is refused with a sentence that its sender can act on."""

import io
import time
import zipfile

import pytest

from config.layouts import Source
from tasks.gather import safe
from tests.gather.files import (
    FORM,
    GOOD_FORM,
    LONG,
    MONTHS,
    part,
    read_q1,
    rezipped,
    whats,
    wide,
)  # fmt: skip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET = "xl/worksheets/sheet1.xml"
HTML = b"<html><body><table><tr><td>Contacts</td></tr></table></body></html>"


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same archive with something in one part replaced."""
    assert old in part(data, name)
    return rezipped(data, {name: part(data, name).replace(old, new)})


def far_cell(ref: str = "XFD1048576") -> bytes:
    data = wide()
    row = "".join(c for c in ref if c.isdigit())
    stray = f'<row r="{row}"><c r="{ref}"><v>1</v></c></row></sheetData>'.encode()
    return rezipped(data, {SHEET: part(data, SHEET).replace(b"</sheetData>", stray)})


def with_declaration(
    name: str, declaration: bytes = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
) -> bytes:
    data = wide()
    xml = part(data, name)
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return rezipped(data, {name: xml[:start] + declaration + xml[start:]})


def in_utf16(name: str = SHEET) -> bytes:
    xml = part(wide(), name).decode().partition("?>")[2] or part(wide(), name).decode()
    return rezipped(wide(), {name: f'<?xml version="1.0" encoding="UTF-16"?>{xml}'.encode("utf-16")})


def lying_about_its_size() -> bytes:
    """The header of a part says that it is one byte long."""
    data = bytearray(rezipped(wide(), {"xl/media/one.bin": b"x" * 5000}))
    entry = data.rindex(b"xl/media/one.bin") - 46
    data[entry + 24 : entry + 28] = (1).to_bytes(4, "little")
    return bytes(data)


def overlapping() -> bytes:
    data = bytearray(rezipped(wide(), {"xl/media/one.bin": b"x" * 50}))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def with_a_part_twice() -> bytes:
    out = io.BytesIO(wide())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<x/>")
    return out.getvalue()


BAD = [
    # what it is, the file, its source, what is said
    ("no bytes at all", b"", MONTHS, "no bytes at all"),
    ("a web page named .xlsx", HTML, MONTHS, "is a web page, and should be an Excel workbook"),
    ("a web page named .docx", HTML, FORM, "is a web page, and should be a Word document"),
    ("a web page named .csv", HTML, LONG, "is a web page, and should be a CSV text file"),
    ("a PDF", b"%PDF-1.7\n%", MONTHS, "is a PDF"),
    ("rich text", b"{\\rtf1 x}", FORM, "is rich text"),
    ("text named .xlsx", b"Measure,Apr\r\n", MONTHS, "is plain text, and should be an Excel workbook"),
    ("a workbook named .csv", wide(), LONG, "is an Excel workbook, and should be a CSV text file"),
    ("a workbook named .docx", wide(), FORM, "is an Excel workbook, and should be a Word document"),
    ("a document named .xlsx", GOOD_FORM, MONTHS, "is a Word document, and should be an Excel workbook"),
    ("an old document", OLE, MONTHS, "used before 2007"),
    ("a workbook with a password", OLE + "EncryptedPackage".encode("utf-16-le"), MONTHS, "has a password"),
    ("an archive of files", rezipped(wide(), without=["[Content_Types].xml"]), MONTHS, "is a zip archive"),
    ("a workbook cut short", wide()[:-200], MONTHS, "damaged or cut short"),
    ("a workbook with a broken part", rezipped(wide(), {SHEET: b"<worksheet><sheetData>"}), MONTHS, "damaged"),
    ("a workbook without its sheet", rezipped(wide(), without=[SHEET]), MONTHS, "damaged"),
    ("a workbook with broken styles", rezipped(wide(), {"xl/styles.xml": b"<x"}), MONTHS, "cannot be read, although"),
    ("a cell without an address", changed(wide(), SHEET, b'r="B4"', b'r="B0"'), MONTHS, "damaged"),
    ("a sheet of Excel 4 macros", rezipped(wide(), {"xl/macrosheets/sheet1.xml": b"<x/>"}), MONTHS,
     "Excel 4 macros or ActiveX controls"),
    ("a control that runs when it is opened", rezipped(wide(), {"xl/activeX/activeX1.bin": b"x"}), MONTHS,
     "Excel 4 macros or ActiveX controls"),
    ("entities in a sheet", with_declaration(SHEET), MONTHS, "declares entities"),
    ("entities in the properties", with_declaration("docProps/core.xml"), MONTHS, "declares entities"),
    ("a DOCTYPE in small letters", with_declaration(SHEET, b"<!doctype x>"), MONTHS, "declares entities"),
    ("a part in an encoding that hides entities", in_utf16(), MONTHS, "an encoding that Office does not use"),
    ("a stray cell at the end of the sheet", far_cell(), MONTHS, "sheet Data, XFD1048576"),
    ("a stray cell far to the right", far_cell("ZZZ5"), MONTHS, "far larger than a return"),
    ("a part that unpacks to 101 MB", rezipped(wide(), {"xl/media/a.bin": bytes(101 * 2**20)}), MONTHS,
     "more than 100 MB"),
    ("a part that unpacks to a thousand times its size", rezipped(wide(), {"xl/media/a.bin": bytes(3 * 2**20)}),
     MONTHS, "many hundred times"),
    ("too many parts", rezipped(wide(), {f"xl/media/{n}.bin": b"" for n in range(601)}), MONTHS, "more than 600 parts"),
    ("a name that leads out", rezipped(wide(), {"../../etc/cron.d/x": b"x"}), MONTHS, "lead out of it"),
    ("a name from the root", rezipped(wide(), {"/etc/x": b"x"}), MONTHS, "lead out of it"),
    ("a part twice", with_a_part_twice(), MONTHS, "the same name"),
    ("parts that overlap", overlapping(), MONTHS, "overlap"),
    ("a header that lies about a size", lying_about_its_size(), MONTHS, "damaged"),
    ("a file far too large", b"a" * (26 * 2**20), MONTHS, "larger than 25 MB"),
    ("text with NULs", b"Code;Period\0;Value\r\n", LONG, "neither text nor a document"),
    ("a Strict workbook", changed(wide(), "xl/workbook.xml",
        b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"),
     MONTHS, "Strict"),
    ("a Strict document", changed(GOOD_FORM, "word/document.xml",
        b"schemas.openxmlformats.org/wordprocessingml/2006/main", b"purl.oclc.org/ooxml/wordprocessingml/main"),
     FORM, "Strict"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "source", "says"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_file_is_refused_with_a_sentence(data: bytes, source: Source, says: str) -> None:
    reading = read_q1(source, data)
    assert says in whats(reading)
    assert (reading.state, len(reading.problems), reading.observations) == ("unreadable" if data else "empty", 1, ())
    problem = reading.problems[0]
    assert problem.severity == "must_fix"
    assert all((problem.what, problem.why, problem.to_do, "some return.xlsx" in problem.where))


def test_a_stray_cell_is_refused_before_it_costs_time_or_memory() -> None:
    began = time.process_time()
    assert read_q1(MONTHS, far_cell()).state == "unreadable"
    assert time.process_time() - began < 2


def test_a_range_merged_without_end_costs_nothing() -> None:
    data = wide(merged=["A2:A3", "B2:D2", "E2:E3"])
    endless = part(data, SHEET).replace(
        b'<mergeCell ref="A2:A3"', b'<mergeCell ref="F1:XFD1048576"/><mergeCell ref="A2:A3"'
    )
    began = time.process_time()
    assert read_q1(MONTHS, rezipped(data, {SHEET: endless})).state == "read"
    assert time.process_time() - began < 2


def test_formatted_cells_far_out_are_no_reason_to_refuse() -> None:
    data = wide()
    empty = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    assert read_q1(MONTHS, rezipped(data, {SHEET: part(data, SHEET).replace(b"</sheetData>", empty)})).state == "read"


def test_the_size_that_a_sheet_states_is_not_believed() -> None:
    data = changed(wide(), SHEET, b'<dimension ref="A1:E5"', b'<dimension ref="A1:B2"')
    assert len(read_q1(MONTHS, data).observations) == 8


def test_what_other_programs_keep_in_a_document_does_not_matter() -> None:
    kept = '<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16")
    assert read_q1(FORM, rezipped(GOOD_FORM, {"customXml/item1.xml": kept})).state == "read"


def test_a_name_says_nothing_about_a_file() -> None:
    assert read_q1(MONTHS, wide(), "some return.docx").state == "read"


def test_a_document_whose_main_part_has_another_name_is_read() -> None:
    """As SharePoint names it."""
    types = part(GOOD_FORM, "[Content_Types].xml").replace(b"/word/document.xml", b"/word/document2.xml")
    moved = {"[Content_Types].xml": types, "word/document2.xml": part(GOOD_FORM, "word/document.xml")}
    assert read_q1(FORM, rezipped(GOOD_FORM, moved, without=["word/document.xml"])).state == "read"


def test_limits_are_those_of_a_return_and_not_of_a_machine() -> None:
    assert (safe.LAST_ROW, safe.LAST_COLUMN) == (20_000, 500)
    assert safe.MOST_BYTES["workbook"] <= safe.MOST_UNPACKED <= 2**27
