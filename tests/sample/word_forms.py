"""The Word forms of the sample: quarterly returns of three subgroups, and three texts that come once a year.

Belongs here: how such a form looks, and its content controls, tagged ``period``, ``figure:<measure>`` and
``text:<topic>:<part>``. Does not belong here: what is written in it (``tables/narrative.yaml``,
``tables/returns.csv``).
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from tests.sample.plain_tables import document as yaml_table
from tests.sample.plain_tables import rows_of, training
from tests.sample.same_bytes import fixed

NAVY, GREY = RGBColor(0x12, 0x30, 0x5B), RGBColor(0x50, 0x50, 0x50)
PARTNERSHIP = "Hartlepool and Stockton-on-Tees Safeguarding Children Partnership"
QUARTER_WORDS = {
    "Q1": "Q1 2023-24 (April to June 2023)",
    "Q2": "Q2 2023-24 (July to September 2023)",
    "Q3": "Q3 2023-24 (October to December 2023)",
    "Q4": "Q4 2023-24 (January to March 2024)",
}
SENT = {
    "Q1": datetime(2023, 7, 14),
    "Q2": datetime(2023, 10, 13),
    "Q3": datetime(2024, 1, 17),
    "Q4": datetime(2024, 4, 16),
    "annual": datetime(2024, 5, 24),
}
TOPICS = {
    "1.1": "Priority 1.1: Neglect. The child's lived experience",
    "1.2": "Priority 1.2: Neglect. Assessing and intervening",
    "1.3": "Priority 1.3: Neglect. Communication and engagement",
    "2.1": "Priority 2.1: Engagement with children and young people",
    "deep-dive": "The scrutineer's deep dive",
    "follow-up-audit": "The audit that followed the deep dive",
    "case-review-1": "Case review on exploitation",
    "case-review-2": "Case review on harm to very young children",
    "membership": "Who the partnership is",
    "governance": "How it is governed",
    "vision": "Vision, aims and objectives",
    "next-priorities": "Priorities for 2024-25",
    "working-together": "The 2023 edition of the statutory guidance",
    "executive-summary": "Executive summary",
    "scrutiny": "Independent scrutiny",
    "child-friendly": "The page for children",
    "scrutiny-themes": "Themes from scrutiny as a whole",
    "education": "Education in the arrangements",
    "secure-establishments": "Secure establishments: is what the report says still so?",
    "little-progress": "Where there was little or no progress",
    "national-reviews": "Learning from national reviews",
    "contribution-hartlepool-council": "What the council contributed",
    "contribution-stockton-council": "What the council contributed",
    "contribution-icb": "What the board contributed",
    "contribution-police": "What the force contributed",
}
PARTS = {
    "sought": "What we set out to achieve",
    "done": "What we have done",
    "impact": "What difference it made, and how we know",
    "still": "What is still to do",
    "context": "Background",
    "systems": "Learning for systems",
    "practice": "Learning for practice",
    "strengths": "Strengths",
    "development": "To be developed",
    "method": "How scrutiny was done",
    "response": "What the partnership answered",
    "heard": "What children told us",
    "next": "What comes next",
    "themes": "What came up again and again",
    "strategic": "In strategy",
    "operational": "In daily work",
    "text": "Text for the report",
}
GUIDANCE = {
    "quarter": (
        "Please write in the boxes and send the form to the business unit within 20 days of the end of the quarter. "
        "Short points are best, one a line. Give evidence for any difference that you claim. "
        "Do not name children, families or members of staff, and describe no child's case."
    ),
    "year": (
        "Please write in the boxes and send the form to the business unit by the day agreed. What you write is printed "
        "in the annual report. Do not name children, families or members of staff, and describe no child's case."
    ),
}


def neglect_champions(quarter: str) -> bytes:
    form = _Form("Neglect Champions", "Quarterly return", quarter)
    form.narrative("return-neglect-champions")
    attended = training(quarter)["active_learning_attendances"]
    (meetings,) = rows_of("returns.csv", source="return-neglect-champions")
    form.heading("Figures of the quarter")
    form.figures_table(
        [
            (meetings["label"], meetings[quarter.lower()]),
            ("Attendances at active learning on neglect", str(attended)),
        ]
    )
    return form.data()


def engagement(quarter: str) -> bytes:
    form = _Form("Engagement Subgroup", "Quarterly return", quarter)
    form.heading("Figures of the quarter")
    for row in rows_of("returns.csv", source="return-engagement"):
        form.figure_line(row["label"], row["measure"], row[quarter.lower()])
    form.narrative("return-engagement")
    return form.data()


def engine_room(quarter: str) -> bytes:
    form = _Form("Engine Room", "Quarterly return", quarter)
    meetings, audits = rows_of("returns.csv", source="return-engine-room")
    form.heading("Figures of the quarter")
    form.figure_line(meetings["label"], meetings["measure"], meetings[quarter.lower()])
    form.figures_table([(audits["label"], audits[quarter.lower()])])
    form.narrative("return-engine-room")
    return form.data()


def business_unit() -> bytes:
    return _yearly("Business Unit", "Text for the annual report", "report-business-unit")


def scrutineer() -> bytes:
    return _yearly("Independent Scrutineer", "Report for the year", "report-scrutineer")


def case_reviews() -> bytes:
    return _yearly("Engine Room", "Learning from reviews and audits", "report-case-reviews")


def children() -> bytes:
    return _yearly("Engagement Subgroup", "Text for children and young people", "report-children")


def statement(partner: str, name: str) -> bytes:
    return _yearly(name, "Statement for the year", f"statement-{partner}")


def _yearly(sender: str, kind: str, source: str) -> bytes:
    form = _Form(sender, kind, "annual")
    form.narrative(source)
    return form.data()


class _Form:
    """One form while it is being made."""

    def __init__(self, sender: str, kind: str, folder: str) -> None:
        self.folder, self.controls = folder, 0
        self.word = docx.Document()
        self._styles()
        self._page()
        title = f"{sender}: {kind.lower()}"
        self._properties(title)
        self.word.add_paragraph(PARTNERSHIP, style="Subtitle")
        self.word.add_paragraph(title, style="Title")
        period = self.word.add_paragraph()
        period.add_run("Period: ").bold = True
        self._inline(period, "period", "Period of this return", QUARTER_WORDS.get(folder, "2023-24"))
        self.word.add_paragraph(GUIDANCE["year" if folder == "annual" else "quarter"], style="Intense Quote")

    def heading(self, text: str, level: int = 1) -> None:
        self.word.add_heading(text, level)

    def narrative(self, source: str) -> None:
        """A heading a topic, and a box a part."""
        for topic, parts in yaml_table("narrative.yaml")[source][self.folder].items():
            self.heading(TOPICS[topic])
            for part, items in parts.items():
                self.heading(PARTS[part], 2)
                self._box(f"text:{topic}:{part}", PARTS[part], items, "Normal" if part == "text" else "List Bullet")

    def figure_line(self, label: str, measure: str, value: str) -> None:
        line = self.word.add_paragraph()
        line.add_run(f"{label}: ")
        self._inline(line, f"figure:{measure}", label, value)

    def figures_table(self, rows: list[tuple[str, str]]) -> None:
        table = self.word.add_table(rows=1, cols=2)
        table.style = "Table Grid"
        for cell, text in zip(table.rows[0].cells, ("Figure", "This quarter"), strict=True):
            cell.paragraphs[0].add_run(text).bold = True
            shading = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", "DCE3EC")):
                shading.set(qn(f"w:{name}"), value)
            cell._tc.get_or_add_tcPr().append(shading)
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for label, value in rows:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
        self.word.add_paragraph()

    def data(self) -> bytes:
        end = self.word.add_paragraph(style="Intense Quote")
        sent = SENT[self.folder]
        end.add_run(f"Completed on {sent.day} {sent:%B %Y}.")
        out = io.BytesIO()
        self.word.save(out)
        return fixed(out.getvalue(), sent)

    def _box(self, tag: str, title: str, items: list[str], style: str) -> None:
        box = self._control(tag, title)
        content = box.find(qn("w:sdtContent"))
        for item in items:
            paragraph = self.word.add_paragraph(item, style=style)
            content.append(paragraph._p)
        body = self.word.element.body
        body.insert(len(body) - 1, box)  # before the section's properties

    def _inline(self, paragraph: Any, tag: str, title: str, text: str) -> None:
        control = self._control(tag, title, plain=True)
        run = paragraph.add_run(text)
        run.font.color.rgb = NAVY
        control.find(qn("w:sdtContent")).append(run._r)
        paragraph._p.append(control)

    def _control(self, tag: str, title: str, *, plain: bool = False) -> Any:
        self.controls += 1
        control, properties = OxmlElement("w:sdt"), OxmlElement("w:sdtPr")
        for name, value in (("alias", title), ("tag", tag), ("id", str(1000 + self.controls)), ("lock", "sdtLocked")):
            child = OxmlElement(f"w:{name}")
            child.set(qn("w:val"), value)
            properties.append(child)
        if plain:
            properties.append(OxmlElement("w:text"))
        control.append(properties)
        control.append(OxmlElement("w:sdtContent"))
        return control

    def _styles(self) -> None:
        styles = self.word.styles
        language = styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
        language.set(qn("w:val"), "en-GB")
        sizes = {"Normal": 11, "Title": 22, "Subtitle": 12, "Heading 1": 14, "Heading 2": 11.5, "Intense Quote": 10.5}
        for name, size in sizes.items():
            style = styles[name]
            style.font.name, style.font.size = "Arial", Pt(size)
            fonts = style.element.rPr.rFonts
            for attribute in list(fonts.attrib):
                if "Theme" in attribute:
                    del fonts.attrib[attribute]
            for script in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{script}"), "Arial")
            if name not in ("Normal", "Intense Quote"):
                style.font.color.rgb = NAVY
        styles["Subtitle"].font.italic = False
        guidance = styles["Intense Quote"]
        guidance.font.bold, guidance.font.italic, guidance.font.color.rgb = False, False, GREY
        guidance.paragraph_format.left_indent = guidance.paragraph_format.right_indent = Cm(0)

    def _page(self) -> None:
        section = self.word.sections[0]
        section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.3)

    def _properties(self, title: str) -> None:
        properties = self.word.core_properties
        properties.title, properties.author, properties.language = title, "HSSCP sample", "en-GB"
        properties.comments = properties.last_modified_by = ""
        properties.created = properties.modified = SENT[self.folder]
