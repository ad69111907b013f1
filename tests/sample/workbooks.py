"""The Excel workbooks of the sample: returns of four subgroups, Hartlepool's dataset, partners' contributions.

Belongs here: how such workbooks look, merged headings and numbers typed as text included. Does not belong here: the
numbers (``tables/``).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from tests.sample.plain_tables import (
    communications,
    document,
    hartlepool_cells,
    hartlepool_quarter,
    rows_of,
    table,
    training,
)
from tests.sample.same_bytes import fixed
from tests.sample.word_forms import PARTNERSHIP, QUARTER_WORDS, SENT

TITLE, SMALL = Font(name="Arial", size=14, bold=True, color="12305B"), Font(name="Arial", size=9, color="505050")
PLAIN, BOLD = Font(name="Arial", size=10), Font(name="Arial", size=10, bold=True)
HEAD, GROUP = PatternFill("solid", fgColor="DCE3EC"), PatternFill("solid", fgColor="F1F3F6")
THIN = Side(style="thin", color="A9B4C2")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WRAP = Alignment(wrap_text=True, vertical="top")
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)

TRAINING_LABELS = {
    "training_sessions": "Multi-agency training sessions delivered",
    "training_attendances": "People who attended multi-agency training",
    "training_did_not_attend": "Booked and did not attend",
    "elearning_completions": "E-learning sessions completed",
    "conference_attendances": "Attended the conference",
    "briefings_attendances": "Attended briefings on learning from reviews",
    "active_learning_attendances": "Attended active learning on neglect",
}
COMMUNICATIONS_LABELS = {
    "website_visitors": "Visitors to the website",
    "website_page_views": "Page views on the website",
    "bulletins": "Monthly bulletins sent",
    "bulletin_recipients": "Addresses on the bulletin list at the end of the quarter",
    "newsletters": "Newsletters sent",
    "safeguarding_forums": "Safeguarding forums held",
}
EXPLOITATION_LABELS = {
    "cse_risk": "Children at risk of child sexual exploitation",
    "cce_risk": "Children at risk of child criminal exploitation",
    "missing_episodes": "Missing episodes",
    "missing_children": "Children with a missing episode",
    "missing_episodes_cla": "Missing episodes of looked after children",
    "missing_children_cla": "Looked after children with a missing episode",
}
AIMS = {"sought": "Sought", "done": "Done", "impact": "Impact", "still": "Still to do"}
SUMMARY = {"text": "Summary of the quarter"}
TOPICS = {
    "3.1": ("Priority 3.1", "Strengthening assurance"),
    "training": ("Training", "Training and development"),
    "communication": ("Communication", "Communication with partners"),
    "case-review-1": ("Case review 1", "Learning from the review on exploitation"),
    "data-use": ("Data use", "What figures taught, and sharing of information"),
    "finance": ("Finance", "Contributions and spending"),
}

# ------------------------------------------------------------------------------------------------- returns of subgroups


def training_return(quarter: str) -> bytes:
    book = _return("Training and Development Subgroup", quarter)
    figures = [
        (TRAINING_LABELS[name], value, "Booking system" if "elearning" not in name else "E-learning system")
        for name, value in training(quarter).items()
    ]
    _figures(book, "Figures", "Training and Development Subgroup", quarter, figures)
    _narrative(book, "return-training", quarter, {**SUMMARY, "quotes": "What people said"})
    return _data(book, quarter)


def communications_return(quarter: str) -> bytes:
    book = _return("Communications Subgroup", quarter)
    figures = [(COMMUNICATIONS_LABELS[name], value, "") for name, value in communications(quarter).items()]
    _figures(book, "Figures", "Communications Subgroup", quarter, figures)
    _narrative(book, "return-communications", quarter, SUMMARY)
    return _data(book, quarter)


def exploitation_return(quarter: str) -> bytes:
    book = _return("Exploitation Subgroup", quarter)
    labels = EXPLOITATION_LABELS.items()
    hartlepool = [(label, _number(hartlepool_quarter(name, quarter)), "Council") for name, label in labels]
    _figures(book, "Hartlepool", "Exploitation Subgroup: Hartlepool", quarter, hartlepool)
    sent = {row["measure"]: row[quarter.lower()] for row in table("stockton_quarters.csv")}
    stockton = [(label, _number(sent[name]), "Council") for name, label in labels if name in sent]
    _figures(book, "Stockton", "Exploitation Subgroup: Stockton-on-Tees", quarter, stockton)
    _narrative(book, "return-exploitation", quarter, AIMS)
    return _data(book, quarter)


def quality_assurance_return(quarter: str) -> bytes:
    book = _return("Quality Assurance Subgroup", quarter)
    figures = [
        (row["label"], _number(row[quarter.lower()]), "Audit plan")
        for row in rows_of("returns.csv", source="return-quality-assurance")
    ]
    _figures(book, "Figures", "Quality Assurance Subgroup", quarter, figures)
    _narrative(book, "return-quality-assurance", quarter, AIMS)
    return _data(book, quarter)


def _return(group: str, quarter: str) -> Workbook:
    """A workbook with its sheet of instructions."""
    book = _book(f"{group}: quarterly return", quarter)
    sheet = _sheet(book, "Read me", f"{group}: quarterly return", (22, 90))
    for row, (what, how) in enumerate(
        (
            ("Period", QUARTER_WORDS[quarter]),
            ("When", "Please send this workbook to the business unit within 20 days of the end of the quarter."),
            (
                "Figures",
                "One number a row, for this quarter alone. Write 0 where there was nothing to count, <5 where a "
                "small number must not be shown.",
            ),
            ("Narrative", "One point a line (Alt and Enter). Give evidence for any difference that you claim."),
            (
                "Please do not",
                "name children, families or staff, describe any child's case, or add and rename columns.",
            ),
        ),
        start=4,
    ):
        _write(sheet, row, (what, how), (BOLD, PLAIN))
    return book


def _figures(book: Workbook, name: str, title: str, quarter: str, rows: Iterable[tuple[str, object, str]]) -> None:
    sheet = _sheet(book, name, title, (58, 16, 30))
    _write(sheet, 3, ("Reporting period", QUARTER_WORDS[quarter].split(" (")[0]), (BOLD, PLAIN))
    _write(sheet, 5, ("Figure", "This quarter", "Where the figure comes from"), BOLD, fill=HEAD)
    for row, (label, value, origin) in enumerate(rows, start=6):
        _write(sheet, row, (label, _shown(value), origin), PLAIN, box=True)
        sheet.cell(row, 2).alignment = Alignment(horizontal="right", vertical="top")
    sheet.freeze_panes = "A6"


def _narrative(book: Workbook, source: str, folder: str, parts: dict[str, str]) -> None:
    """A row a topic and a column a part; lines within a cell are points."""
    topics = document("narrative.yaml")[source][folder]
    sheet = _sheet(book, "Narrative", "Narrative", (14, 26, *[46] * len(parts)))
    _write(sheet, 3, ("Topic", "Title", *parts.values()), BOLD, fill=HEAD)
    for row, (topic, texts) in enumerate(topics.items(), start=4):
        _write(sheet, row, (*TOPICS[topic], *("\n".join(texts[part]) for part in parts)), PLAIN, box=True)
    sheet.freeze_panes = "C4"


# ------------------------------------------------------------------------------------------------- Hartlepool's dataset

AS_TEXT = ("Front door", "Domestic abuse")
"""Groups of rows whose numbers come as text, as exports of the case system give them."""
MONTH_HEADINGS = {
    "Q1": ("Apr", "May", "Jun"),
    "Q2": ("Jul-23", "Aug-23", "Sep-23"),
    "Q3": (date(2023, 10, 1), date(2023, 11, 1), date(2023, 12, 1)),
    "Q4": ("Jan-24", "Feb-24", "Mar-24"),
}
"""Each quarter somebody else prepared the sheet: bare months, text, real dates shown as months."""
NOTES = (
    "Notes",
    "1. Stocks are as on the last day of the month. The year to date of a stock is its latest month.",
    "2. A child with missing episodes counts once in a month and once in the year to date, so months do not add up.",
    "3. Sample data. The year's totals are published figures; how they fall on months is made up.",
)


def hartlepool_dataset(quarter: str) -> bytes:
    book = _book("Hartlepool: safeguarding dataset", quarter)
    sheet = _sheet(book, "Dataset", "Hartlepool Borough Council: safeguarding dataset", (62, 12, 12, 12, 16))
    sheet["A2"].value = f"For the safeguarding children partnership, {QUARTER_WORDS[quarter]}"
    _wide_heading(sheet, quarter)
    row, group = 6, ""
    for line in table("hartlepool_months.csv"):
        if line["group"] != group:
            row, group = row + 1, line["group"]
            _write(sheet, row, (group, *[None] * 4), BOLD, fill=GROUP)
        row += 1
        _write(sheet, row, (line["label"], *_wide_cells(line, quarter)), PLAIN, box=True)
        for column in range(2, 6):
            sheet.cell(row, column).alignment = Alignment(horizontal="right")
            if line["kind"] == "percentage" and not isinstance(sheet.cell(row, column).value, str):
                sheet.cell(row, column).number_format = "0.0%"
    for note in NOTES:
        row += 1
        sheet.cell(row + 1, 1, note).font = SMALL
    sheet.freeze_panes = "B7"
    if quarter == "Q4":
        _context(book)
    return _data(book, quarter)


def _wide_heading(sheet: Any, quarter: str) -> None:
    """Two rows: the year merged over its months, the other headings merged over both rows."""
    for column, heading in ((1, "Measure"), (2, "2023-24"), (5, "Year to date")):
        sheet.cell(5, column, heading)
    for column, heading in enumerate(MONTH_HEADINGS[quarter], start=2):
        cell = sheet.cell(6, column, heading)
        if isinstance(heading, date):
            cell.number_format = "mmm-yy"
    for row in (5, 6):
        for column in range(1, 6):
            cell = sheet.cell(row, column)
            cell.font, cell.fill, cell.border, cell.alignment = BOLD, HEAD, BOX, MIDDLE
    for area in ("A5:A6", "B5:D5", "E5:E6"):
        sheet.merge_cells(area)


def _wide_cells(line: dict[str, str], quarter: str) -> list[object]:
    values = hartlepool_cells(line, quarter)
    if line["kind"] == "percentage":  # typed in two quarters, worked out by Excel in the others
        typed = quarter in ("Q1", "Q4")
        return [f"{value}%" if typed else float(value / 100) for value in values]
    return [f"{value:,}" if value >= 1000 or line["group"] in AS_TEXT else int(value) for value in values]


def _context(book: Workbook) -> None:
    sheet = _sheet(book, "Context", "Context for the annual report", (66, 12, 18, 44))
    _write(sheet, 4, ("Measure", "Value", "As at", "Source"), BOLD, fill=HEAD)
    for row, line in enumerate(table("hartlepool_context.csv"), start=5):
        _write(sheet, row, (line["label"], line["value"], line["as_at"], line["source"]), PLAIN, box=True)


# --------------------------------------------------------------------------------------------------------- contribution


def contributions() -> bytes:
    title = "Contributions of the safeguarding partners (ILLUSTRATIVE: made-up amounts)"
    book = _book(title, "annual")
    sheet = _sheet(book, "Contributions", title, (58, 16, 46))
    _write(sheet, 3, ("Reporting year", "2023-24"), (BOLD, PLAIN))
    _write(sheet, 5, ("Item", "Amount (£)", "Note"), BOLD, fill=HEAD)
    for row, line in enumerate(table("contributions.csv"), start=6):
        amount = int(line["amount"])
        shown = f"£{amount:,}" if row % 2 else amount  # some typed, some numbers shown as money
        _write(sheet, row, (line["label"], shown, f"{line['note']}. Illustrative"), PLAIN, box=True)
        sheet.cell(row, 2).number_format = "£#,##0"
        sheet.cell(row, 2).alignment = Alignment(horizontal="right")
    parts = {"text": "Summary of the year", "change": "What changed in the funding", "value": "Value for money"}
    _narrative(book, "contributions", "annual", parts)
    return _data(book, "annual")


# ---------------------------------------------------------------------------------------------------------------- cells


def _book(title: str, folder: str) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = title, "HSSCP sample"
    book.properties.created = SENT[folder]
    return book


def _sheet(book: Workbook, name: str, title: str, widths: Sequence[int]) -> Any:
    sheet = book.create_sheet(name)
    sheet["A1"].value, sheet["A1"].font = title, TITLE
    sheet["A2"].value, sheet["A2"].font = PARTNERSHIP, SMALL
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return sheet


def _write(sheet: Any, row: int, values: Sequence[object], fonts: Any, *, fill: Any = None, box: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column, value)
        cell.font = fonts[column - 1] if isinstance(fonts, tuple) else fonts
        cell.alignment = WRAP
        if fill:
            cell.fill = fill
        if fill or box:
            cell.border = BOX


def _number(text: str) -> int | str:
    """A number where the table has one; else what stands there instead."""
    return int(text) if text.isdecimal() else text


def _shown(value: object) -> object:
    return f"{value:,}" if isinstance(value, int | Decimal) and value >= 1000 else value


def _data(book: Workbook, folder: str) -> bytes:
    out = io.BytesIO()
    book.save(out)
    made: datetime = SENT[folder]
    return fixed(out.getvalue(), made)
