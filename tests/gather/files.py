"""Files as people send them, good and bad, made in code; and the small sources that they are from."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import docx
import openpyxl
from lxml import etree

from config.layouts import Source
from config.periods import Quarter, ReportingYear
from tasks.gather import read
from tasks.model import Observation, Reading

Q1, Q2, Q4, YEAR = Quarter(2023, 1), Quarter(2023, 2), Quarter(2023, 4), ReportingYear(2023)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def source(layout: Mapping[str, Any], **more: Any) -> Source:
    """A source of one layout, with everything else as it comes."""
    return Source.model_validate({
        "id": "some-return", "title": "Some return", "sender": "council", "owner": "council", "every": "quarter",
        "due_days": 20, "files": ["some*"], "suite": "some", "layout": layout, **more,
    })  # fmt: skip


MONTHS = source({
    "layout": "workbook", "area": "north",
    "sheets": [{
        "shape": "months", "sheet": ["Data", "Dataset"], "label": ["Measure"], "year_to_date": ["Year to date", "YTD"],
        "note": ["Where from"], "rows": {"contacts": ["Contacts"], "rate": ["Re-referral rate", "Re-referrals %"]},
    }],
})  # fmt: skip

LIST = source({
    "layout": "workbook", "area": "north",
    "sheets": [
        {"shape": "list", "sheet": ["Figures"], "label": ["Figure"], "value": ["This quarter"], "note": ["Source"],
         "stated_period": ["Period"], "rows": {"events": ["Events held"], "people": ["People who came"]}},
        {"shape": "narrative", "sheet": ["Narrative"], "topic": ["Topic"],
         "parts": {"done": ["Done"], "impact": ["Impact"]}},
    ],
})  # fmt: skip

LONG = source({
    "layout": "long_csv", "area": "south", "delimiter": ";", "code": ["Code"], "period": ["Period"], "value": ["Value"],
    "note": ["Source"], "year_to_date": ["YTD"], "codes": {"FD01": "contacts", "FD02": "referrals"},
})  # fmt: skip

ROWS = source({
    "layout": "rows", "area": "partnership", "date": "date", "personal": ["learner"],
    "columns": {"event": ["Event"], "date": ["Event date", "Month"], "status": ["Status"], "learner": ["Learner"],
                "hours": ["Hours"]},
    "counts": [
        {"measure": "attended", "how": "rows", "where": {"status": ["Attended", "Came"]}},
        {"measure": "sessions", "how": "distinct", "column": "event"},
        {"measure": "learners", "how": "distinct", "column": "learner", "where": {"status": ["Attended"]}},
        {"measure": "hours", "how": "sum", "column": "hours", "where": {"status": ["Attended"]}},
    ],
})  # fmt: skip

FORM = source({
    "layout": "form", "area": "partnership", "figures": {"events": ["Events held"], "people": ["People who came"]},
    "figures_table": ["Figure"], "topics": ["2.1", "deep-dive"], "parts": ["done", "impact"],
})  # fmt: skip

WIDE: Sequence[Sequence[object]] = [
    ["Borough dataset"],
    ["Measure", "2023-24", None, None, "Year to date"],
    [None, "Apr", "May", "Jun", None],
    ["Contacts", 10, 20, 30, 60],
    ["Re-referral rate", "24.9%", "<5", "c", "25%"],
]
WIDE_MERGED = ("A2:A3", "B2:D2", "E2:E3")


def workbook(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    merged: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
) -> bytes:
    """An Excel workbook; merged ranges and number formats are those of its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(line, column, value)
    for area in merged:
        book.worksheets[0].merge_cells(area)
    for ref, number_format in (formats or {}).items():
        book.worksheets[0][ref].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def wide(rows: Sequence[Sequence[object]] = WIDE, merged: Sequence[str] = WIDE_MERGED, **formats: str) -> bytes:
    return workbook({"Data": rows}, merged, formats)


def lists(value: object = 3, period: object = "Q1 2023-24", heading: str = "This quarter") -> bytes:
    return workbook({
        "Figures": [
            ["Return"], ["Period", period], [], ["Figure", heading, "Source"],
            ["Events held", value, "our own list"], ["People who came", "1,204", None],
        ],
        "Narrative": [
            ["Topic", "Done", "Impact"],
            [2.1, "• We met\n• We asked", "They said so"], ["Deep dive", "We looked", None],
        ],
    })  # fmt: skip


def text(*lines: str, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    return (end.join(lines) + end).encode(encoding)


def control(tag: str, *paragraphs: str, prompt: bool = False, level: str = "block") -> str:
    """A content control round paragraphs (``block``) or words (``run``), as WordprocessingML."""
    shown = "<w:showingPlcHdr/>" if prompt else ""
    if level == "run":
        content = f"<w:r><w:t>{''.join(paragraphs)}</w:t></w:r>"
    else:
        content = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    sdt = f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/>{shown}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'
    return f"<w:p>{sdt}</w:p>" if level == "run" else sdt


def cell(content: str) -> str:
    return f"<w:tc>{content if content.startswith('<') else f'<w:p><w:r><w:t>{content}</w:t></w:r></w:p>'}</w:tc>"


def word_table(*rows: Sequence[str]) -> str:
    lines = "".join(f"<w:tr>{''.join(cell(content) for content in row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{lines}</w:tbl>"


def form(*pieces: str, period: str = "Q1 2023-24 (April to June 2023)") -> bytes:
    """A Word form made of pieces of WordprocessingML, below its period."""
    document = docx.Document()
    body = document.element.body
    whole = "".join((control("period", period, level="run"), *pieces))
    namespaces = f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    for position, element in enumerate(etree.fromstring(f"<w:body {namespaces}>{whole}</w:body>")):
        body.insert(position, element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


GOOD_FORM = form(
    control("figure:events", "3", level="run"),
    word_table(["Figure", "This quarter"], ["People who came", "1,204"]),
    control("text:2.1:done", "We met", "We asked"),
    control("text:2.1:impact", "They said so"),
    control("text:deep-dive:done", "We looked"),
)


def rezipped(data: bytes, more: Mapping[str, bytes] | None = None, without: Sequence[str] = ()) -> bytes:
    """The same archive with some parts put in, replaced or left out."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= more or {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if name not in without:
                archive.writestr(name, part)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def taken(reading: Reading) -> list[tuple[str, str, str]]:
    """What was taken, to look at: measure, period, and number or symbol."""
    return [(o.measure, o.period, o.symbol or str(o.value)) for o in reading.observations]


def observed(reading: Reading, measure: str, period: str) -> Observation:
    (found,) = [o for o in reading.observations if (o.measure, o.period) == (measure, period)]
    return found


def whats(reading: Reading) -> str:
    return "\n".join(f"{p.severity}: {p.what} [{p.where}] {p.why} {p.to_do}" for p in reading.problems)


def read_q1(from_source: Source, data: bytes, name: str = "some return.xlsx") -> Reading:
    return read(from_source, data, name, Q1)


DAYS = (date(2023, 4, 1), date(2023, 5, 1), date(2023, 6, 1))
