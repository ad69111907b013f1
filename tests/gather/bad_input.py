"""Every kind of bad input that is known, each as a really faulty file, with what the system answers.

The table "Bad input" in the README is made of these; ``test_bad_input`` sends each of them through an inbox.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import openpyxl

from config.layouts import Source
from tasks.gather.forking import Limits
from tasks.model import FileState
from tests.gather import old_files
from tests.gather.files import (
    DAYS,
    FORM,
    GOOD_FORM,
    LIST,
    LONG,
    MONTHS,
    ROWS,
    control,
    form,
    lists,
    part,
    rezipped,
    text,
    wide,
    word_table,
    workbook,
)
from tests.gather.test_safe import HTML, OLE, SHEET, changed, far_cell, in_utf16, with_declaration

NAME = "some return.xlsx"
Made = Callable[[], bytes]
"""Files are made when they are needed: some are large."""


@dataclass(frozen=True)
class Bad:
    """One kind of bad input: the file, and what becomes of it."""

    what: str
    source: Source
    made: Made
    state: FileState
    says: str
    """The sentence that its sender is told first; nothing where there is nothing to tell."""
    name: str = NAME
    beside: Mapping[str, Made] = field(default_factory=dict)
    """Other files that came with it."""
    before: Made | None = None
    """The file of the quarter before."""
    room: Literal["received", "restricted"] = "received"
    values: Sequence[str] = ()
    """What is taken all the same, where that is the point: numbers and symbols in their order."""
    limits: Limits | None = None


def row(label: str, *values: object) -> list[object]:
    return [label, *values]


def months(*rows: Sequence[object], heading: Sequence[object] = ("Measure", *DAYS, "YTD")) -> bytes:
    return wide([list(heading), *(list(row) for row in rows)], ())


GOOD_ROWS = (row("Contacts", 10, 20, 30, 60), row("Re-referral rate", "24.9%", "<5", "c", "25%"))
ALL = ("10", "20", "30", "60", "24.9", "<5", "c", "25")
HEAD = "Code;Period;Value;Source"
LINES = ("FD01;Q1 2023/24;5;x", "FD02;Apr-23;7;")
RECORDS = "Event,Event date,Status,Learner,Hours"


def old_rows(*extra: Sequence[object]) -> list[Sequence[object]]:
    shown = old_files.Shown
    return [
        ("Measure", *DAYS, "YTD"),
        ("Contacts", 10, 20, 30, 60),
        ("Re-referral rate", shown(0.249, "0.0%"), "<5", "c", shown(25, '0.0"%"')),
        *extra,
    ]


def spreadsheet(*, rows: str = "", style: str = "", hidden: str = "") -> bytes:
    """An OpenDocument spreadsheet: the good table, and more rows as XML."""
    names = {n: f"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0" for n in ("office", "table", "text", "style")}
    spaces = " ".join(f'xmlns:{n}="{address}"' for n, address in names.items())

    def cell(value: object) -> str:
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        if value == "24.9%":
            return '<table:table-cell office:value-type="percentage" office:value="0.249"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'.replace(
            "<5", "&lt;5"
        )

    good = [["Measure", "Apr-23", "May-23", "Jun-23", "YTD"], *GOOD_ROWS]
    table = "".join(f"<table:table-row{hidden}>{''.join(map(cell, cells))}</table:table-row>" for cells in good)
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{style}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="Data" table:style-name="ta1">{table}{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return out.getvalue()


UNSEEN = (
    '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/></style:style>'
)
FAR_ODS = (
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row><table:table-row>'
    '<table:table-cell table:number-columns-repeated="16383"/>'
    '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
)
MANY_ODS = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" '
    'office:value-type="float" office:value="1"/></table:table-row>'
)


def hidden_parts() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(months(*GOOD_ROWS)))
    book["Data"].row_dimensions[2].hidden = True
    book["Data"].column_dimensions["C"].hidden = True
    return saved(book)


def hidden_sheet() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(months(*GOOD_ROWS)))
    book.create_sheet("Read me")
    book["Data"].sheet_state = "hidden"
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_macros(data: bytes, kind: bytes, to: bytes) -> bytes:
    types = part(data, "[Content_Types].xml").replace(kind, to)
    return rezipped(data, {"[Content_Types].xml": types, "xl/vbaProject.bin": b"not run"})


EXCEL = b"openxmlformats-officedocument.spreadsheetml.sheet.main"
WORD = b"openxmlformats-officedocument.wordprocessingml.document.main"


def endless_texts() -> bytes:
    texts = "".join(f"<si><t>{number:x}</t></si>" for number in range(0, 200_000_000, 97))
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return rezipped(wide(), {"xl/sharedStrings.xml": f'<sst xmlns="{name}">{texts}</sst>'.encode()})


def endless_lines() -> bytes:
    line = "FD01;Q1 2023/24;5;a note of some length with 01632 and SW1A and more in it\r\n"
    return (HEAD + "\r\n" + line * 500_000).encode()


BAD: list[Bad] = [
    # What it is, and whether it is safe to open
    Bad("No bytes at all", MONTHS, bytes, "empty", "The file is empty: it has no bytes at all."),
    Bad("Larger than 25 MB", MONTHS, lambda: bytes(26 * 2**20), "unreadable", "The file is larger than 25 MB."),
    Bad(
        "A web page under a workbook's name",
        MONTHS,
        lambda: HTML,
        "unreadable",
        "The file is a web page, and should be an Excel workbook (.xlsx).",
    ),
    Bad(
        "A PDF",
        MONTHS,
        lambda: b"%PDF-1.7\n%",
        "unreadable",
        "The file is a PDF, and should be an Excel workbook (.xlsx).",
    ),
    Bad(
        "Rich text",
        FORM,
        lambda: b"{\\rtf1 x}",
        "unreadable",
        "The file is rich text, and should be a Word document (.docx).",
        name="some return.docx",
    ),
    Bad(
        "A Word document in place of a workbook",
        MONTHS,
        lambda: GOOD_FORM,
        "unreadable",
        "The file is a Word document, and should be an Excel workbook (.xlsx).",
    ),
    Bad(
        "A Word document of before 2007",
        FORM,
        lambda: old_files.compound({"WordDocument": b"x"}),
        "unreadable",
        "The file is a Word document of the kind used before 2007, and should be a Word document (.docx).",
        name="some return.doc",
    ),
    Bad(
        "A zip archive of files",
        MONTHS,
        lambda: rezipped(wide(), without=["[Content_Types].xml"]),
        "unreadable",
        "The file is a zip archive, and should be an Excel workbook (.xlsx).",
    ),
    Bad("Another ending than its content has", MONTHS, wide, "read", "", name="some return.xls", values=ALL),
    Bad(
        "A workbook with a password",
        MONTHS,
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "unreadable",
        "The file has a password.",
    ),
    Bad(
        "An .xls with a password",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows()}, more=old_files.record(0x2F, bytes(54))),
        "unreadable",
        "The file has a password.",
    ),
    Bad("A workbook cut short", MONTHS, lambda: wide()[:-200], "unreadable", "The file is damaged or cut short."),
    Bad(
        "An .xls cut short",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows()})[:3000],
        "unreadable",
        "The file is an Office document of the kind used before 2007, cut short or of another program, "
        "and should be an Excel workbook (.xlsx).",
    ),
    Bad(
        "An .xlsb with broken records",
        MONTHS,
        lambda: rezipped(old_files.xlsb({"Data": old_rows()}), {"xl/worksheets/sheet1.bin": b"\x91\x01\x00\x00\x19"}),
        "unreadable",
        "The workbook cannot be read, although it is an Excel workbook.",
    ),
    Bad(
        "A zip bomb",
        MONTHS,
        lambda: rezipped(wide(), {"xl/media/a.bin": bytes(90 * 2**20)}),
        "unreadable",
        "The file was not opened: it would unpack to many hundred times its size.",
    ),
    Bad(
        "A zip bomb of over 100 MB",
        MONTHS,
        lambda: rezipped(wide(), {"xl/media/a.bin": bytes(101 * 2**20)}),
        "unreadable",
        "The file was not opened: it would unpack to more than 100 MB.",
    ),
    Bad(
        "XML that declares entities",
        MONTHS,
        lambda: with_declaration(SHEET),
        "unreadable",
        "The file was not opened: a part of it declares entities (DOCTYPE).",
    ),
    Bad(
        "XML in an encoding that hides them",
        MONTHS,
        in_utf16,
        "unreadable",
        "The file was not opened: a part of it is written in an encoding that Office does not use.",
    ),
    Bad(
        "Parts whose names lead out of the archive",
        MONTHS,
        lambda: rezipped(wide(), {"../../etc/x": b"x"}),
        "unreadable",
        "The file was not opened: parts of it have names that lead out of it.",
    ),
    Bad(
        "Macros in a workbook (.xlsm)",
        MONTHS,
        lambda: with_macros(wide(), EXCEL, b"ms-excel.sheet.macroEnabled.main"),
        "read",
        "The file has macros.",
        values=ALL,
    ),
    Bad(
        "Macros in an .xls",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows()}, more=old_files.record(0xD3)),
        "read",
        "The file has macros.",
        values=ALL,
    ),
    Bad(
        "Macros in a form (.docm)",
        FORM,
        lambda: with_macros(GOOD_FORM, WORD, b"ms-word.document.macroEnabled.main"),
        "read",
        "The file has macros.",
        name="some return.docm",
        values=("3", "1204"),
    ),
    Bad(
        "A sheet of Excel 4 macros",
        MONTHS,
        lambda: rezipped(wide(), {"xl/macrosheets/sheet1.xml": b"<x/>"}),
        "unreadable",
        "The file has Excel 4 macros or ActiveX controls, which can run as soon as it is opened.",
    ),
    Bad(
        "A sheet of Excel 4 macros in an .xls",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows(), "Auto": []}, kinds={"Auto": 1}),
        "unreadable",
        "The file has Excel 4 macros or ActiveX controls, which can run as soon as it is opened.",
    ),
    Bad(
        "ActiveX controls",
        MONTHS,
        lambda: rezipped(wide(), {"xl/activeX/activeX1.bin": b"x"}),
        "unreadable",
        "The file has Excel 4 macros or ActiveX controls, which can run as soon as it is opened.",
    ),
    Bad(
        "Links to other workbooks",
        MONTHS,
        lambda: rezipped(wide(), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        "read",
        "The file has links to other files or to a database.",
        values=ALL,
    ),
    Bad(
        "Links to other workbooks in an .xls",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows()}, more=old_files.record(0x1AE, b"\1\0\5\0\0other")),
        "read",
        "The file has links to other files or to a database.",
        values=ALL,
    ),
    Bad(
        "One stray cell at the end of the sheet (.xlsx)",
        MONTHS,
        far_cell,
        "unreadable",
        "A sheet is far larger than a return can be: it has a filled cell very far out, or too many cells.",
    ),
    Bad(
        "One stray cell at the end of the sheet (.xls)",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows()}, stray=(65535, 255)),
        "unreadable",
        "A sheet is far larger than a return can be: it has a filled cell very far out, or too many cells.",
    ),
    Bad(
        "One stray cell at the end of the sheet (.xlsb)",
        MONTHS,
        lambda: old_files.xlsb({"Data": old_rows()}, stray=(1048575, 16383)),
        "unreadable",
        "A sheet is far larger than a return can be: it has a filled cell very far out, or too many cells.",
    ),
    Bad(
        "One stray cell at the end of the sheet (.ods)",
        MONTHS,
        lambda: spreadsheet(rows=FAR_ODS),
        "unreadable",
        "A sheet is far larger than a return can be: it has a filled cell very far out, or too many cells.",
    ),
    Bad(
        "One cell repeated seventeen thousand million times (.ods)",
        MONTHS,
        lambda: spreadsheet(rows=MANY_ODS),
        "unreadable",
        "A sheet is far larger than a return can be: it has a filled cell very far out, or too many cells.",
    ),
    Bad(
        "A file that needs more memory than there is",
        MONTHS,
        endless_texts,
        "unreadable",
        "The file was not read to its end: it would need more memory than any return does.",
        room="restricted",
        limits=Limits(memory=192 * 2**20),
    ),
    Bad(
        "A file that takes its reader too long",
        LONG,
        endless_lines,
        "unreadable",
        "The file was not read to its end: it took far longer than any return does.",
        name="some return.csv",
        room="restricted",
        limits=Limits(processor_seconds=1),
    ),
    # Text files
    Bad(
        "Text with a byte order mark",
        LONG,
        lambda: text(HEAD, *LINES, encoding="utf-8-sig"),
        "read",
        "",
        name="some.csv",
        values=("5", "7"),
    ),
    Bad(
        "Text in the encoding of older Windows systems",
        LONG,
        lambda: text(HEAD, "FD01;Q1 2023/24;5;café", LINES[1], encoding="cp1252"),
        "read",
        "",
        name="some.csv",
        values=("5", "7"),
    ),
    Bad(
        "Text in UTF-16 (Excel's Unicode Text)",
        LONG,
        lambda: text(HEAD, *LINES, encoding="utf-16"),
        "read",
        "The file is saved as what Excel calls Unicode Text.",
        name="some.txt",
        values=("5", "7"),
    ),
    Bad(
        "Another delimiter than the agreed one",
        LONG,
        lambda: text(*(line.replace(";", ",") for line in (HEAD, *LINES))),
        "read",
        "The file has commas between its fields and not semicolons.",
        name="some.csv",
        values=("5", "7"),
    ),
    Bad(
        "Text with NULs in it",
        LONG,
        lambda: b"Code;Period\0;Value\r\n",
        "unreadable",
        "The file is neither text nor a document that we know, and should be a CSV text file.",
        name="some.csv",
    ),
    Bad(
        "A quotation mark that is never closed",
        LONG,
        lambda: text(HEAD, 'FD01;Q1 2023/24;5;"x'),
        "unreadable",
        "A quotation mark is opened and not closed, or stands in the middle of a field.",
        name="some.csv",
    ),
    Bad(
        "Rows with too few fields",
        LONG,
        lambda: text(HEAD, *LINES, "FD02;Apr-23"),
        "read",
        "1 row has more or fewer fields than the heading.",
        name="some.csv",
        values=("5", "7"),
    ),
    Bad(
        "A title above the heading, notes and a total below",
        LONG,
        lambda: text("Borough figures", "", HEAD, *LINES, "TOTAL;Q1 2023/24;12;", "Source: the case system;;;"),
        "read",
        "Some lines hold words in their first field and nothing else.",
        name="some.csv",
        values=("5", "7"),
    ),
    Bad(
        "A formula in a text file",
        LONG,
        lambda: text(HEAD, '"FD01";Q1 2023/24;"=1+1";x', LINES[1]),
        "read",
        "One place does not hold a value but a number with something else, or one whose commas or "
        "points stand where they cannot.",
        name="some.csv",
        values=("7",),
    ),
    # Layouts
    Bad("Headings on several rows, merged", MONTHS, wide, "read", "", values=ALL),
    Bad(
        "No heading that is known",
        MONTHS,
        lambda: months(*GOOD_ROWS, heading=("Item", *DAYS, "YTD")),
        "wrong_layout",
        "The sheet has no heading 'Measure'.",
    ),
    Bad(
        "A sheet under another name",
        MONTHS,
        lambda: workbook({"Sheet1": [["x", 1]]}),
        "wrong_layout",
        "There is no sheet 'Data'.",
    ),
    Bad(
        "A column missing from a text file",
        LONG,
        lambda: text("Code;Perod;Value", "FD01;Q1 2023/24;5"),
        "wrong_layout",
        "The heading has no column 'Period'.",
        name="some.csv",
    ),
    Bad(
        "Two columns under one heading",
        LONG,
        lambda: text("Code;Period;Value;VALUE:", "FD01;Q1 2023/24;1;2"),
        "wrong_layout",
        "More than one column could be 'Value'.",
        name="some.csv",
    ),
    Bad(
        "A form without its fields",
        FORM,
        lambda: form("<w:p/>", period=""),
        "wrong_layout",
        "The document has none of the form's fields.",
        name="some return.docx",
    ),
    Bad(
        "A row under another label",
        MONTHS,
        lambda: months(row("Contakts", 1, 2, 3, 6), GOOD_ROWS[1]),
        "read",
        "The row 'Contakts' is not known.",
        values=ALL[4:],
    ),
    Bad(
        "A row that is gone",
        MONTHS,
        lambda: months(GOOD_ROWS[1]),
        "read",
        "Rows that are expected are not there: 'Contacts'.",
        values=ALL[4:],
    ),
    Bad(
        "A row that stands there twice",
        MONTHS,
        lambda: months(*GOOD_ROWS, GOOD_ROWS[0]),
        "read",
        "The row 'Contacts' stands there more than once.",
        values=ALL[4:],
    ),
    Bad(
        "A code that nobody knows",
        LONG,
        lambda: text(HEAD, *LINES, "FD03;Q1 2023/24;1;"),
        "read",
        "The code 'FD03' is not known.",
        name="some.csv",
        values=("5", "7"),
    ),
    Bad(
        "A code and period that stand there twice",
        LONG,
        lambda: text(HEAD, *LINES, LINES[0]),
        "read",
        "The same code and period stand there more than once.",
        name="some.csv",
        values=("7",),
    ),
    Bad(
        "A column that nobody knows",
        MONTHS,
        lambda: months(*([*line, 1] for line in GOOD_ROWS), heading=("Measure", *DAYS, "YTD", "Target")),
        "read",
        "The column 'Target' is not known.",
        values=ALL,
    ),
    Bad(
        "A month without its column",
        MONTHS,
        lambda: months(
            row("Contacts", 1, 2, 3), row("Re-referral rate", 4, 5, 6), heading=("Measure", *DAYS[:2], "YTD")
        ),
        "read",
        "There is no column for June 2023.",
        values=("1", "2", "3", "4", "5", "6"),
    ),
    Bad(
        "Something new since the quarter before",
        ROWS,
        lambda: text(RECORDS + ",Referals", "E1,18/04/2023,Attended,L-1,2,x"),
        "read",
        "New since 2022-23-Q4: 'Referals'.",
        name="some.csv",
        before=lambda: text(RECORDS + ",Referrals", "E1,18/01/2023,Attended,L-1,2,x"),
    ),
    Bad("A hidden sheet", MONTHS, hidden_sheet, "read", "The sheet is hidden.", values=ALL),
    Bad(
        "Hidden rows and columns (.xlsx)",
        MONTHS,
        hidden_parts,
        "read",
        "5 places that were taken are in hidden rows or columns.",
        values=ALL,
    ),
    Bad(
        "Hidden rows and columns (.xls)",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows()}, hidden_rows=[1], hidden_columns=[2]),
        "read",
        "5 places that were taken are in hidden rows or columns.",
        values=ALL,
    ),
    Bad(
        "Hidden rows and columns (.xlsb)",
        MONTHS,
        lambda: old_files.xlsb({"Data": old_rows()}, hidden_rows=[1], hidden_columns=[2]),
        "read",
        "5 places that were taken are in hidden rows or columns.",
        values=ALL,
    ),
    Bad(
        "Hidden rows and columns (.ods)",
        MONTHS,
        lambda: spreadsheet(hidden=' table:visibility="collapse"'),
        "read",
        "8 places that were taken are in hidden rows or columns.",
        values=ALL,
    ),
    Bad(
        "A hidden sheet (.ods)",
        MONTHS,
        lambda: spreadsheet(style=UNSEEN),
        "read",
        "The sheet is hidden.",
        values=ALL,
    ),
    Bad(
        "A formula whose result was not saved (.ods)",
        MONTHS,
        lambda: changed(
            spreadsheet(), "content.xml", b'office:value-type="float" office:value="60"', b'table:formula="of:=[.B2]"'
        ),
        "read",
        "One place does not hold a value but a formula whose result was not saved "
        "(open the file in Excel and save it).",
        values=(*ALL[:3], *ALL[4:]),
    ),
    Bad(
        "Totals and notes under a table",
        MONTHS,
        lambda: months(*GOOD_ROWS, row("Total", 10, 20, 30, 60), [], row("Note: taken on", "from the case system")),
        "read",
        "",
        values=ALL,
    ),
    # Values
    Bad(
        "Dates kept as numbers, in headings",
        MONTHS,
        lambda: months(*GOOD_ROWS, heading=("Measure", 45017, 45047, 45078, "YTD")),
        "read",
        "",
        values=ALL,
    ),
    Bad(
        "Dates kept as numbers, in records",
        ROWS,
        lambda: text(RECORDS, "E1,45034,Attended,L-1,2"),
        "read",
        "",
        name="some.csv",
        values=("1", "1", "1", "2"),
    ),
    Bad(
        "Dates in British order",
        ROWS,
        lambda: text(RECORDS, "E1,05/04/2023,Attended,L-1,2"),
        "read",
        "",
        name="some.csv",
        values=("1", "1", "1", "2"),
    ),
    Bad(
        "Dates in American order",
        ROWS,
        lambda: text(RECORDS, "E1,04/25/2023,Attended,L-1,2"),
        "wrong_layout",
        "Dates in the file have the month before the day.",
        name="some.csv",
    ),
    Bad(
        "Numbers kept as text: `1,701`, `24.9%`, `£14,000`",
        MONTHS,
        lambda: months(row("Contacts", "1,701", " 20 ", "£14,000", "1\u00a0701"), GOOD_ROWS[1]),
        "read",
        "",
        values=("1701", "20", "14000", "1701", *ALL[4:]),
    ),
    Bad(
        "Percentages kept as fractions (.xls)",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows()}),
        "read",
        "",
        name="some return.xls",
        values=ALL,
    ),
    Bad(
        "Percentages kept as fractions (.xlsb)",
        MONTHS,
        lambda: old_files.xlsb({"Data": old_rows()}),
        "read",
        "",
        name="some return.xlsb",
        values=ALL,
    ),
    Bad("Percentages kept as fractions (.ods)", MONTHS, spreadsheet, "read", "", name="some return.ods", values=ALL),
    Bad(
        "A comma where none can stand: `12,34`",
        MONTHS,
        lambda: months(row("Contacts", "12,34", 20, 30, 60), GOOD_ROWS[1]),
        "read",
        "One place does not hold a value but a number with something else, or one whose commas or "
        "points stand where they cannot.",
        values=ALL[1:],
    ),
    Bad(
        "A formula whose result was not saved",
        MONTHS,
        lambda: months(row("Contacts", 10, 20, 30, "=SUM(B2:D2)"), GOOD_ROWS[1]),
        "read",
        "One place does not hold a value but a formula whose result was not saved (open the file in "
        "Excel and save it).",
        values=(*ALL[:3], *ALL[4:]),
    ),
    Bad(
        "`#N/A` and other errors of a spreadsheet",
        MONTHS,
        lambda: months(row("Contacts", "#N/A", 20, 30, 60), GOOD_ROWS[1]),
        "read",
        "One place does not hold a value but an error of the spreadsheet, such as #N/A or #REF!.",
        values=ALL[1:],
    ),
    Bad(
        "`#N/A` in an .xls",
        MONTHS,
        lambda: old_files.xls({"Data": [old_rows()[0], ("Contacts", old_files.Error(), 20, 30, 60), old_rows()[2]]}),
        "read",
        "One place does not hold a value but an error of the spreadsheet, such as #N/A or #REF!.",
        values=ALL[1:],
    ),
    Bad(
        "Suppressed: `<5`, `*`, `c`, `x`, `:`, `low`",
        MONTHS,
        lambda: months(row("Contacts", "<5", "*", "c", "x"), row("Re-referral rate", ":", "low", "fewer than 5", "~")),
        "read",
        "",
        values=("<5", "*", "c", "x", ":", "low", "<5", "~"),
    ),
    Bad(
        "Not applicable: `z`, `n/a`",
        MONTHS,
        lambda: months(row("Contacts", "z", "n/a", "N/A", "not applicable"), GOOD_ROWS[1]),
        "read",
        "",
        values=("z", "z", "z", "z", *ALL[4:]),
    ),
    Bad(
        "Nought",
        MONTHS,
        lambda: months(row("Contacts", 0, "0", 0.0, 0), GOOD_ROWS[1]),
        "read",
        "",
        values=("0", "0", "0", "0", *ALL[4:]),
    ),
    Bad(
        "A blank cell",
        MONTHS,
        lambda: months(row("Contacts", None, 20, 30, 60), GOOD_ROWS[1]),
        "read",
        "One place is empty.",
        values=ALL[1:],
    ),
    Bad(
        "A lone dash",
        MONTHS,
        lambda: months(row("Contacts", "-", 20, 30, 60), GOOD_ROWS[1]),
        "read",
        "One place does not hold a value but a dash or other mark that does not say whether it means "
        "nought, not applicable or not known.",
        values=ALL[1:],
    ),
    Bad(
        "A date where a number is expected",
        MONTHS,
        lambda: months(row("Contacts", DAYS[0], 20, 30, 60), GOOD_ROWS[1]),
        "read",
        "One place does not hold a value but a date.",
        values=ALL[1:],
    ),
    Bad(
        "One value merged over months",
        MONTHS,
        lambda: wide([["Measure", *DAYS, "YTD"], ["Contacts", 60, None, None, 60], GOOD_ROWS[1]], ("B2:D2",)),
        "read",
        "3 places do not hold a value but one value merged over several cells, so that nobody can tell "
        "which of them it is for.",
        values=ALL[3:],
    ),
    # Periods
    Bad(
        "A return for another quarter",
        LIST,
        lambda: lists(period="Q4 2022-23"),
        "wrong_period",
        "The return says that it is for 2022-23-Q4, but it was sent for 2023-24-Q1.",
    ),
    Bad(
        "A return that does not say for which quarter it is",
        LIST,
        lambda: lists(period=None),
        "read",
        "The return does not say which period it is for, or not in a way that can be read.",
    ),
    Bad(
        "Months of another quarter only",
        MONTHS,
        lambda: months(*GOOD_ROWS, heading=("Measure", "Jan-23", "Feb-23", "Mar-23", "YTD")),
        "wrong_period",
        "None of the months in the sheet is in 2023-24-Q1 (April to June 2023).",
    ),
    Bad(
        "Months without their year",
        MONTHS,
        lambda: months(*GOOD_ROWS, heading=("Measure", "Apr", "May", "Jun", "YTD")),
        "wrong_layout",
        "The months in the heading have no year.",
    ),
    Bad(
        "Rows of another quarter",
        LONG,
        lambda: text(HEAD, *LINES, "FD01;Q4 2022/23;5;"),
        "read",
        "1 row has another period than 2023-24-Q1.",
        name="some.csv",
        values=("5", "7"),
    ),
    Bad(
        "Records dated outside the quarter",
        ROWS,
        lambda: text(RECORDS, "E1,05/04/2023,Attended,L-1,2", "E2,05/07/2023,Attended,L-1,2"),
        "read",
        "1 row has a date outside 2023-24-Q1 (April to June 2023).",
        name="some.csv",
        values=("1", "1", "1", "2"),
    ),
    # Returns
    Bad(
        "A blank return",
        LIST,
        lambda: workbook(
            {
                "Figures": [["Period", "Q1 2023-24"], ["Figure", "This quarter"], ["Events held"], ["People who came"]],
                "Narrative": [["Topic", "Done", "Impact"], [2.1]],
            }
        ),
        "empty",
        "The return was sent with nothing filled in.",
    ),
    Bad(
        "Questions of a form without an answer",
        FORM,
        lambda: form(
            control("figure:events", "Click here to enter a number", prompt=True, level="run"),
            word_table(["Figure", "This quarter"], ["People who came", "1,204"]),
            control("text:2.1:done", "We met"),
            control("text:deep-dive:done", "We looked"),
        ),
        "read",
        "One place is empty.",
        name="some return.docx",
        values=("1204",),
    ),
    Bad(
        "A second version",
        LIST,
        lists,
        "superseded",
        "Another file of the same source was taken: 'some return v2.xlsx'.",
        beside={"some return v2.xlsx": partial(lists, 4)},
    ),
    Bad(
        "A second version that cannot be used",
        LIST,
        lists,
        "read",
        "This file was taken in place of 'some return v2.xlsx', which cannot be used.",
        beside={"some return v2.xlsx": lambda: HTML},
    ),
    Bad(
        "A second version with less in it than the first",
        LIST,
        lambda: workbook(
            {
                "Figures": [
                    ["Return"],
                    ["Period", "Q1 2023-24"],
                    [],
                    ["Figure", "This quarter"],
                    ["Events held", 3],
                    ["People who came", 1204],
                ],
                "Narrative": [["Topic", "Done", "Impact"], [2.1, "We met", "They said so"]],
            }
        ),
        "read",
        "This version lacks 1 written part that the version before it, 'some return.xlsx', has.",
        name="some return v2.xlsx",
        beside={NAME: lists},
    ),  # fmt: skip
    Bad(
        "A file that nobody was expected to send",
        LIST,
        lists,
        "unexpected",
        "Nobody is expected to send a file of this name.",
        name="minutes.xlsx",
        beside={NAME: lists},
    ),
    # Personal data
    Bad(
        "An NHS number, also in a hidden sheet or a comment",
        LIST,
        lambda: workbook({"Figures": [["x", "943 476 5919"]]}),
        "personal_data",
        "The file holds personal data: an NHS number.",
        room="restricted",
    ),
    Bad(
        "An e-mail address in an .xls",
        MONTHS,
        lambda: old_files.xls({"Data": old_rows(("from", "somebody@example.org"))}),
        "personal_data",
        "The file holds personal data: an e-mail address.",
        room="restricted",
    ),
    Bad(
        "An e-mail address in an .xlsb",
        MONTHS,
        lambda: old_files.xlsb({"Data": old_rows(("from", "somebody@example.org"))}),
        "personal_data",
        "The file holds personal data: an e-mail address.",
        room="restricted",
    ),
    Bad(
        "A column of names",
        ROWS,
        lambda: text("Event,Event date,Status,Learner,Hours,Surname", "E1,05/04/2023,Attended,L-1,2,Nobody"),
        "personal_data",
        "The file holds personal data: a name in a column of names.",
        name="some.csv",
        room="restricted",
    ),
]
