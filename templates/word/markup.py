"""Pieces of Word's markup, with tags in them: runs, paragraphs, statements, tables.

Belongs here: what any template is put together from. Does not belong here: what it looks like
(``templates.word.styles``) and what stands in it (``templates.word.build``).
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
NAMESPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items()) + ' mc:Ignorable="w14 w15"'

Column = tuple[int, str, list[str]]
"""A column of a table: its width in twentieths of a point, its heading, its paragraphs."""


def run(text: str, style: str = "") -> str:
    r"""One run of text, in a character style if one is named; ``\t`` is a tab."""
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    texts = (f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else "" for piece in text.split("\t"))
    return f"<w:r>{properties}{'<w:tab/>'.join(texts)}</w:r>"


def paragraph(style: str, *runs: str) -> str:
    """One paragraph; a run that is plain text may be given as such."""
    content = "".join(piece if piece.startswith("<w:") else run(piece) for piece in runs)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>'


def tag(statement: str) -> str:
    """A statement of the template in a paragraph of its own, which goes when the template is filled in."""
    return f"<w:p><w:r><w:t>{{%p {statement} %}}</w:t></w:r></w:p>"


def when(condition: str, *blocks: str) -> str:
    """Blocks that stand there on a condition."""
    return tag(f"if {condition}") + "".join(blocks) + tag("endif")


def each(loop: str, *blocks: str) -> str:
    """Blocks that stand there once for everything that a loop goes through."""
    return tag(f"for {loop}") + "".join(blocks) + tag("endfor")


def field(code: str) -> str:
    """A field that Word keeps up to date by itself in a footer."""
    start, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    instruction = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    return f"{start}{instruction}{middle}{run('1')}{end}"


def table(caption: str, description: str, loop: str, columns: list[Column]) -> str:
    """A data table with one row a turn of ``loop``; a column of numbers has its heading on the right."""
    headings = (
        _cell(width, paragraph("TableHeadingNumber" if "TableNumber" in content[0] else "TableHeading", heading))
        for width, heading, content in columns
    )
    cells = (_cell(width, "".join(content)) for width, _, content in columns)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width, _, _ in columns)
    whole = sum(width for width, _, _ in columns)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="FiguresTable"/>'
        f'<w:tblW w:w="{whole}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(caption)}"/><w:tblDescription w:val="{escape(description)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
        f"{_row(headings, '<w:tblHeader/>')}"
        f"{_row([_cell(whole, _row_tag(f'for {loop}'))])}{_row(cells)}{_row([_cell(whole, _row_tag('endfor'))])}"
        "</w:tbl>"
    )


def _row(cells: Iterable[str], more: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(width: int, content: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def _row_tag(statement: str) -> str:
    return f"<w:p><w:r><w:t>{{%tr {statement} %}}</w:t></w:r></w:p>"
