"""A blank form in Excel: a sheet that explains, sheets of figures, sheets of narrative.

Belongs here: how the workbook looks, what its cells accept, which of them are open. Does not belong here: what is asked
(``tasks.returns.asked``). Headings and labels are the first of those that the layout knows, so that what is sent out is
what is read back.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from config.layouts import ListSheet, NarrativeSheet
from tasks.returns.asked import CHOICES, HOW_TO_WRITE, Blank, FigureAsked, Figures, Texts, TopicAsked
from templates.word.build import pack
from templates.word.styles import MUTED, RULE, TINT

READ_ME = "Read me"
_WRAP = Alignment(wrap_text=True, vertical="top", horizontal="left")
_INDENTED = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
_MIDDLE = Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1)
_THIN = Side(style="thin", color=RULE)
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_ROOM = 170
"""Points of height of a row in which an answer is written."""
_LINE, _LETTERS = 15.5, 0.95
"""Points of height of a line, and letters for each unit of a column's width, in the type used here."""
_SYMBOLS = [symbol for symbol, _ in HOW_TO_WRITE if symbol.isalpha()]
_LONGEST_PROMPT, _LONGEST_TITLE = 255, 32
"""As much as Excel shows beside a cell."""


def make(blank: Blank) -> bytes:
    """The form as a .xlsx; the same bytes from the same form."""
    book = Workbook()
    book.remove(book.active)
    form = _Form(blank, book)
    form.read_me()
    for block in blank.blocks:
        if isinstance(block, Figures) and block.sheet:
            form.figures(block, block.sheet)
        elif isinstance(block, Texts) and block.sheet:
            form.texts(block, block.sheet)
    about = book.properties
    about.title, about.creator, about.language = f"{blank.title}, {blank.period}", blank.partnership, "en-GB"
    about.created = datetime.combine(blank.last_day, time())
    return _fixed(book, blank)


def _fixed(book: Workbook, blank: Blank) -> bytes:
    """Without the moment of making, which openpyxl writes into every workbook."""
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as saved:
        parts: dict[str, str | bytes] = {name: saved.read(name) for name in saved.namelist()}
    core = parts["docProps/core.xml"]
    assert isinstance(core, bytes)  # noqa: S101 - as read two lines above
    moment = f"{blank.last_day}T00:00:00Z".encode()
    parts["docProps/core.xml"] = re.sub(
        rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)", rb"\g<1>" + moment + rb"\g<2>", core
    )
    return pack(parts)


class _Form:
    """One workbook while it is being made."""

    def __init__(self, blank: Blank, book: Workbook) -> None:
        self.blank, self.book = blank, book
        self.title_font = Font(name="Arial", size=18, bold=True, color=blank.look.dark)
        self.heading_font = Font(name="Arial", size=12, bold=True, color="FFFFFF")
        self.heading_fill = PatternFill("solid", fgColor=blank.look.dark)
        self.fixed_fill = PatternFill("solid", fgColor=TINT)
        edge = Side(style="medium", color=blank.look.accent)
        self.open_box = Border(left=edge, right=edge, top=edge, bottom=edge)
        self.plain, self.bold = Font(name="Arial", size=12), Font(name="Arial", size=12, bold=True)
        self.muted = Font(name="Arial", size=12, color=MUTED)

    def read_me(self) -> None:
        """What it is, by when it is wanted and by whom, and how to write what is not a number."""
        blank = self.blank
        sheet = self._sheet(READ_ME, blank.title, (26, 100))
        symbols = [f"{symbol}: {when}" for symbol, when in HOW_TO_WRITE]
        rows: list[tuple[str, Sequence[str]]] = [
            ("From", [blank.sender]),
            ("Period", [blank.period]),
            ("Please send by", [f"{blank.due}, to {blank.contact}."]),
            ("What to fill in", [f"The white cells with a coloured border, on the other sheets. {blank.about_before}"]),
            ("Figures", [f"One number in each cell, for this {blank.this_period} alone. In the place of a number:",
                         *symbols]),
            ("Words", ["One point a line: press Alt and Enter for a new line. Name the evidence for any difference "
                       "that you claim."]),
            ("Please do not", ["Name children, families or members of staff; describe any child’s case; add, rename "
                               "or move columns."]),
        ]  # fmt: skip
        row = 4
        for label, lines in rows:
            for number, line in enumerate(lines):
                self._cell(sheet, row, 1, "" if number else label, self.bold)
                self._cell(sheet, row, 2, line, self.bold if label == "Please send by" else self.plain)
                _fit(sheet, row)
                row += 1
        self._finish(sheet)

    def figures(self, block: Figures, layout: ListSheet) -> None:
        """A row a figure: its name, an open cell, last time's, where it comes from, and what it counts."""
        note = layout.note[:1]
        headings = (layout.label[0], layout.value[0], f"Last {self.blank.this_period}", *note, "Counted in",
                    "What it counts")  # fmt: skip
        sheet = self._sheet(layout.sheet[0], block.title, (40, 15, 15, *(26 for _ in note), 16, 50))
        if layout.stated_period:
            self._cell(sheet, 3, 1, layout.stated_period[0], self.bold)
            self._cell(sheet, 3, 2, self.blank.period.partition(" (")[0], self.bold)
        self._cell(sheet, 4, 1, self.blank.about_before, self.muted, wrap=False)
        self._headings(sheet, 6, headings)
        for row, asked in enumerate(block.asked, 7):
            beside = (asked.before, *("" for _ in note), asked.unit, asked.definition)
            for column, text in enumerate((asked.label, "", *beside), 1):
                self._cell(sheet, row, column, text, self.bold if column == 1 else self.plain, box=True)
            self._open(sheet.cell(row, 2), right=True)
            sheet.cell(row, 3).alignment = Alignment(horizontal="right", vertical="top", wrap_text=True, indent=1)
            if note:
                self._open(sheet.cell(row, 4))
            sheet.add_data_validation(_number_check(asked, row))
            _fit(sheet, row)
        self._finish(sheet, top=7, left=2)

    def texts(self, block: Texts, layout: NarrativeSheet) -> None:
        """A row a topic and a column a part, under its question; below each row what was written last time."""
        names = [words[0] for words in layout.parts.values()]
        status = layout.status[:1]
        first = 3 + len(status)
        wide = 60 if len(names) < 3 else 38  # so that the whole sheet fits a page
        sheet = self._sheet(layout.sheet[0], "In your words", (15, 26, *(22 for _ in status), *(wide for _ in names)))
        self._cell(sheet, 3, 1, self.blank.about_before, self.muted, wrap=False)
        for column, words in enumerate(layout.questions[part] for part in layout.parts):
            self._cell(sheet, 5, first + column, words, self.plain).alignment = _INDENTED
        _fit(sheet, 5)
        self._headings(sheet, 6, (layout.topic[0], "Title", *status, *names))
        row = 7
        for topic in block.topics:
            self._topic(sheet, row, topic, first)
            if status:
                self._open(sheet.cell(row, 3))
                sheet.add_data_validation(_choice(f"C{row}"))
            row += 2
        self._finish(sheet, top=7, left=first)

    def _topic(self, sheet: Any, row: int, topic: TopicAsked, first: int) -> None:
        sheet.row_dimensions[row].height = _ROOM
        for column in range(1, first + len(topic.questions)):
            for line in (row, row + 1):
                self._cell(sheet, line, column, "", self.muted, box=True)
        self._cell(sheet, row, 1, topic.label, self.bold, box=True)
        self._cell(sheet, row, 2, topic.title, self.plain, box=True)
        self._cell(sheet, row + 1, 2, f"Last {self.blank.this_period} you wrote", self.muted, box=True)
        for column, asked in enumerate(topic.questions, first):
            self._open(sheet.cell(row, column))
            self._cell(sheet, row + 1, column, "\n".join(asked.before), self.muted, box=True)
            sheet.add_data_validation(_question(asked.words, f"{get_column_letter(column)}{row}", topic.label))
        _fit(sheet, row + 1)

    def _sheet(self, name: str, title: str, widths: Sequence[int]) -> Any:
        sheet = self.book.create_sheet(name)
        self._cell(sheet, 1, 1, title, self.title_font, wrap=False)
        self._cell(sheet, 2, 1, f"{self.blank.partnership}. {self.blank.period}", self.muted, wrap=False)
        for column, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        return sheet

    def _headings(self, sheet: Any, row: int, headings: Iterable[str]) -> None:
        for column, text in enumerate(headings, 1):
            cell = self._cell(sheet, row, column, text, self.heading_font, box=True)
            cell.fill, cell.alignment = self.heading_fill, _MIDDLE
        _fit(sheet, row)
        sheet.print_title_rows = f"{row}:{row}"

    def _cell(
        self, sheet: Any, row: int, column: int, text: str, font: Font, *, box: bool = False, wrap: bool = True
    ) -> Any:
        cell = sheet.cell(row, column, text or None)
        cell.data_type = "s" if text else cell.data_type  # a text that begins with = is no formula
        cell.font = font
        if box:
            cell.border, cell.fill, cell.alignment = _BOX, self.fixed_fill, _INDENTED
        elif wrap:
            cell.alignment = _WRAP
        return cell

    def _open(self, cell: Any, *, right: bool = False) -> None:
        """Let people write in it, and let it look so."""
        cell.protection = Protection(locked=False)
        cell.border, cell.fill, cell.font = self.open_box, PatternFill(), self.plain
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if right else "left", indent=1)

    def _finish(self, sheet: Any, top: int = 0, left: int = 0) -> None:
        """Freeze headings, fit the print, and keep from being overwritten what is not to be filled in.

        There is no password: whoever must change something else can take the protection off.
        """
        if top:
            sheet.freeze_panes = f"{get_column_letter(left)}{top}"
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top, margins.bottom, margins.footer = 0.6, 0.8, 0.4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = self.blank.title, "Page &P of &N"
        protection = sheet.protection
        protection.sheet = True
        protection.formatColumns = protection.formatRows = protection.formatCells = False  # these stay allowed


def _fit(sheet: Any, row: int) -> None:
    """Make a row as high as the longest of its texts needs, with some air: not every program does it on opening."""
    lines = 1
    for cell in sheet[row]:
        room = sheet.column_dimensions[cell.column_letter].width * _LETTERS
        lines = max(lines, sum(max(1, math.ceil(len(line) / room)) for line in str(cell.value or "").split("\n")))
    sheet.row_dimensions[row].height = lines * _LINE + 8


def _number_check(asked: FigureAsked, row: int) -> DataValidation:
    """Allow a number that is not below nought, ``<`` and a number, or one of the agreed letters."""
    at = f"B{row}"
    number = f"{at}>=0" + (f",INT({at})={at}" if asked.whole else "")
    letters = ",".join(f'LOWER(TRIM({at}))="{symbol}"' for symbol in _SYMBOLS)
    fewer = f'AND(LEFT({at},1)="<",ISNUMBER(VALUE(MID({at},2,9))))'
    check = DataValidation(
        type="custom", formula1=f"IF(ISNUMBER({at}),AND({number}),OR({letters},{fewer}))", allow_blank=True
    )
    kind = "a whole number" if asked.whole else "a number"
    spoken = f"{', '.join(symbol for symbol, _ in HOW_TO_WRITE[:-1])} or {HOW_TO_WRITE[-1][0]}"
    return _told(
        check,
        at,
        (asked.label, f"{asked.definition} Write {kind}, or {spoken} (see the sheet '{READ_ME}')."),
        ("This is not a number", f"Write {kind} alone, or one of {spoken}."),
    )


def _choice(at: str) -> DataValidation:
    check = DataValidation(type="list", formula1=f'"{",".join(CHOICES)}"', allow_blank=True)
    return _told(
        check,
        at,
        ("Anything to report?", f"Choose '{CHOICES[1]}' where you have nothing to write on this topic."),
        ("Please choose", "Choose one of the two answers from the list."),
    )


def _question(words: str, at: str, topic: str) -> DataValidation:
    """No check: anything may be written. It shows the question beside the cell, far below the heading as it is."""
    return _told(
        DataValidation(type="textLength", operator="greaterThanOrEqual", formula1="0"), at, (topic, words), ("", "")
    )


def _told(check: DataValidation, at: str, prompt: tuple[str, str], error: tuple[str, str]) -> DataValidation:
    check.add(at)
    check.promptTitle, check.prompt = prompt[0][:_LONGEST_TITLE], _short(prompt[1])
    check.showInputMessage = True
    if error[0]:
        check.errorTitle, check.error = error[0], _short(error[1])
        check.showErrorMessage, check.errorStyle = True, "stop"
    return check


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_PROMPT else f"{text[: _LONGEST_PROMPT - 1]}…"
