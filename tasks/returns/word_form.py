"""A blank form in Word: one table of figures, one table a topic, and a field in every cell that is to be filled in.

Belongs here: the order of things on the form, and its content controls. Does not belong here: what is asked
(``tasks.returns.asked``), styles and packaging (``templates.word``, shared with the drafts).

Every answer has a table cell of its own, and the field in it is the only one there: whatever a program does to the
field, the answer is still what stands in the cell, and that is what is read back (``tasks.gather.form``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from config.model import Look
from tasks.gather.form import PROMPTS
from tasks.returns.asked import ANYTHING_TO_REPORT, CHOICES, HOW_TO_WRITE, Blank, Figures, Texts, TopicAsked
from templates.word import ACCENT, ALERT, DARK
from templates.word.build import pack, parts
from templates.word.markup import DECLARATION, NAMESPACES, field, paragraph, run
from templates.word.styles import MARGIN, MUTED, PAGE_HEIGHT, PAGE_WIDTH, TINT, characters, colour, shade

_WIDTH = PAGE_HEIGHT - 2 * MARGIN
"""The page lies on its side, so that last time's answers have room beside this time's."""
_FIGURE_COLUMNS = (4600, 2100, 2100, _WIDTH - 8800)
_QUESTION_COLUMNS = (3300, 6900, _WIDTH - 10200)
_ROOM = 1500
"""How high a cell for an answer is before anything is written in it."""
_NUMBER_PROMPT, _TEXT_PROMPT, _CHOICE_PROMPT = PROMPTS

_PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
    f'<w:pgSz w:w="{PAGE_HEIGHT}" w:h="{PAGE_WIDTH}" w:orient="landscape"/><w:pgMar w:top="1361" w:right="{MARGIN}" '
    f'w:bottom="1134" w:left="{MARGIN}" w:header="567" w:footer="510" w:gutter="0"/><w:cols w:space="708"/></w:sectPr>'
)


def make(blank: Blank) -> bytes:
    """The form as a .docx; the same bytes from the same form."""
    content = parts("prose")
    content["word/document.xml"] = (
        f"{DECLARATION}<w:document {NAMESPACES}><w:body>{_Body(blank).xml()}{_PAGE}</w:body></w:document>"
    )
    content["word/header.xml"] = _story("hdr", paragraph("HeaderRun", blank.partnership))
    footer = paragraph("Footer", f"{blank.title}, {blank.period}", run("    Page "), field("PAGE"), run(" of "),
                       field("NUMPAGES"))  # fmt: skip
    content["word/footer.xml"] = _story("ftr", footer)
    placeholder = characters("Placeholder Text", colour(MUTED))
    content["word/styles.xml"] = content["word/styles.xml"].replace("</w:styles>", f"{placeholder}</w:styles>")
    content["docProps/core.xml"] = _properties(content["docProps/core.xml"], blank)
    return pack({name: _recoloured(part, blank.look) for name, part in content.items()})


def _story(kind: str, content: str) -> str:
    return f"{DECLARATION}<w:{kind} {NAMESPACES}>{content}</w:{kind}>"


def _properties(xml: str, blank: Blank) -> str:
    """Title and author of the form; its dates are the last day of its period, never today's."""
    start, _, rest = xml.partition("<dc:title>")
    end = rest.partition("<dc:language>")[2]
    day = f"{blank.last_day}T00:00:00Z"
    dates = "".join(
        f'<dcterms:{what} xsi:type="dcterms:W3CDTF">{day}</dcterms:{what}>' for what in ("created", "modified")
    )
    about = f"<dc:title>{escape(f'{blank.title}, {blank.period}')}</dc:title><dc:creator>{escape(blank.partnership)}"
    return f"{start}{about}</dc:creator>{dates}<dc:language>{end}"


def _recoloured(xml: str, look: Look) -> str:
    for theirs, ours in ((DARK, look.dark), (ACCENT, look.accent), (ALERT, look.alert)):
        xml = xml.replace(f'"{theirs}"', f'"{ours}"')
    return xml


class _Body:
    """The body of one form while it is being made; it counts the controls, which need numbers of their own."""

    def __init__(self, blank: Blank) -> None:
        self.blank, self.controls = blank, 0

    def xml(self) -> str:
        blank = self.blank
        blocks = [
            paragraph("Heading1", blank.title),
            self._line("From: ", run(blank.sender)),
            self._line("Period: ", self._control("period", "Period of this return", run(blank.period), fixed=True)),
            paragraph(
                "CalloutSettled", run(f"Please send this form by {blank.due}", "Strong"), run(f" to {blank.contact}.")
            ),
            paragraph("Heading2", "How to fill in this form"),
            paragraph("ListBullet", f"Write in the empty cells of the tables. {blank.about_before}"),
            paragraph("ListBullet", "Write short points, one a line, and give evidence for any difference you claim."),
            paragraph(
                "ListBullet",
                "Do not name children, families or members of staff, and do not describe any child’s case.",
            ),
            paragraph("ListBullet", *self._how_to_write()),
        ]
        for block in blank.blocks:
            if isinstance(block, Figures):
                blocks += self._figures(block)
            else:
                blocks += self._texts(block)
        blocks.append(paragraph("SourceNote", f"Thank you. Please send this form by {blank.due} to {blank.contact}."))
        return "".join(blocks)

    def _how_to_write(self) -> list[str]:
        runs = ["In the place of a number write "]
        for number, (symbol, when) in enumerate(HOW_TO_WRITE):
            joint = "" if not number else " or " if number == len(HOW_TO_WRITE) - 1 else ", "
            runs += [run(joint) if joint else "", run(symbol, "Strong"), run(f" where {when}")]
        return [piece for piece in [*runs, "."] if piece]

    def _line(self, label: str, content: str) -> str:
        return paragraph("BodyText", run(label, "Strong"), content)

    def _figures(self, block: Figures) -> Iterable[str]:
        this, last = f"This {self.blank.this_period}", f"Last {self.blank.this_period}"
        yield paragraph("Heading2", f"{block.title} of the {self.blank.this_period}")
        rows = [_row(_FIGURE_COLUMNS, [_head(text) for text in ("Figure", this, last, "What it counts")], head=True)]
        for asked in block.asked:
            answer = self._control(f"figure:{asked.measure}", asked.label, _prompt(_NUMBER_PROMPT))
            rows.append(
                _row(
                    _FIGURE_COLUMNS,
                    [
                        paragraph("TableText", run(asked.label, "Strong")),
                        paragraph("TableText", answer),
                        paragraph("TableText", asked.before),
                        paragraph("TableText", f"{asked.definition} Counted in {asked.unit}."),
                    ],
                    open_cell=1,
                )
            )
        about = "One row for each figure: its name, a cell for this time's number, last time's, and what it counts."
        yield _table("Figures", about, _FIGURE_COLUMNS, rows)

    def _texts(self, block: Texts) -> Iterable[str]:
        for topic in block.topics:
            yield paragraph("Heading2", topic.title)
            choice = self._control(f"status:{topic.topic}", f"{ANYTHING_TO_REPORT} {topic.title}",
                                   _prompt(_CHOICE_PROMPT), choices=CHOICES)  # fmt: skip
            yield paragraph("LeadIn", run(f"{ANYTHING_TO_REPORT} ", "Strong"), choice)
            yield self._questions(topic)

    def _questions(self, topic: TopicAsked) -> str:
        heads = ("Question", "Your answer", f"Last {self.blank.this_period}’s answer")
        rows = [_row(_QUESTION_COLUMNS, [_head(text) for text in heads], head=True)]
        for asked in topic.questions:
            tag = f"text:{topic.topic}:{asked.part}"
            answer = self._control(tag, asked.words, _prompt(_TEXT_PROMPT))
            rows.append(
                _row(
                    _QUESTION_COLUMNS,
                    [
                        paragraph("TableText", run(asked.words, "Strong")),
                        paragraph("TableText", answer),
                        "".join(paragraph("TableText", item) for item in asked.before),
                    ],
                    open_cell=1,
                    height=_ROOM,
                )
            )
        about = "One row for each question: the question, a cell for your answer, and the answer of last time."
        return _table(topic.title, about, _QUESTION_COLUMNS, rows)

    def _control(self, tag: str, title: str, content: str, *, fixed: bool = False, choices: Sequence[str] = ()) -> str:
        """A field within a line. It cannot be deleted; a ``fixed`` one cannot be changed either."""
        self.controls += 1
        title = title if len(title) <= 64 else f"{title[:63]}…"
        kind = '<w:text w:multiLine="1"/>'
        if choices:
            items = (f"<w:listItem w:displayText={quoteattr(one)} w:value={quoteattr(one)}/>" for one in choices)
            kind = f"<w:dropDownList>{''.join(items)}</w:dropDownList>"
        return (
            f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(title)}/><w:tag w:val={quoteattr(tag)}/>"
            f'<w:id w:val="{1000 + self.controls}"/>'
            f'<w:lock w:val="{"sdtContentLocked" if fixed else "sdtLocked"}"/>'
            f"{'' if fixed else '<w:showingPlcHdr/>'}{kind}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
        )


def _prompt(text: str) -> str:
    return run(text, "PlaceholderText")


def _head(text: str) -> str:
    return paragraph("TableHeading", text)


def _row(
    widths: Sequence[int], cells: Sequence[str], *, head: bool = False, open_cell: int = -1, height: int = 0
) -> str:
    """A row of a table; cells that are not to be filled in are tinted."""
    about = f"<w:cantSplit/>{'<w:tblHeader/>' if head else ''}"
    about += f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    row = []
    for number, (width, content) in enumerate(zip(widths, cells, strict=True)):
        fill = "" if head or number == open_cell else shade(TINT)
        row.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{content}</w:tc>')
    return f"<w:tr><w:trPr>{about}</w:trPr>{''.join(row)}</w:tr>"


def _table(caption: str, description: str, widths: Sequence[int], rows: Sequence[str]) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{MUTED}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FiguresTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val={quoteattr(caption)}/><w:tblDescription w:val={quoteattr(description)}/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )
