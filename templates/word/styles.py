"""What the drafts look like: every style by the name under which staff find it in Word, and the lists' bullets.

Belongs here: fonts, sizes, colours, spaces. Does not belong here: the order of things in a section
(``templates.word.build``). No text of a report is smaller than 12 points; every colour reads at 4.5 to 1 or better.
"""

from __future__ import annotations

from templates.word import ACCENT, ALERT, DARK
from templates.word.markup import DECLARATION, NAMESPACES

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 11906, 16838, 1134
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN

# DARK, ACCENT and ALERT give way to a partnership's own colours when a draft is made; these stay.
TEXT, MUTED, RULE, TINT = "1C2430", "4A5563", "C9D3DC", "F2F6F8"
ALERT_TINT, ON_DARK, WHITE = "FCF3EF", "FFE1D6", "FFFFFF"

BUILT_IN = {"Title", "Subtitle", "Quote", "Strong", "Hyperlink", "List Bullet", "Body Text", "TOC Heading"}
"""Styles that Word knows by these names, besides those in small letters."""
IDS = {"annotation text": "CommentText", "annotation reference": "CommentReference", "toc 1": "TOC1", "toc 2": "TOC2"}
"""Ids of styles that are not their names without spaces."""

KEEP = "<w:keepNext/><w:keepLines/>"
WHOLE = "<w:keepLines/>"
PLAIN_PARAGRAPH, PLAIN_CHARACTER = "Normal", "DefaultParagraphFont"


# Pieces of a style, in the order in which Word wants them: keep, list, borders, shade, tabs, spacing, indent


def colour(name: str) -> str:
    """The colour of letters."""
    return f'<w:color w:val="{name}"/>'


def letters(points: float, name: str = "", *, bold: bool = False) -> str:
    """Size, colour and weight of letters."""
    size = f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'
    return ("<w:b/><w:bCs/>" if bold else "") + (colour(name) if name else "") + size


def strong(name: str) -> str:
    """Bold letters of a colour, in the size of the text round them."""
    return f"<w:b/><w:bCs/>{colour(name)}"


def bullet(number: int) -> str:
    """A point of a real list."""
    return f'<w:numPr><w:numId w:val="{number}"/></w:numPr>'


def borders(**sides: tuple[str, int, int]) -> str:
    """Borders: colour, width in eighths of a point, and space in points, by side."""
    found = (
        f'<w:{side} w:val="single" w:sz="{width}" w:space="{space}" w:color="{name}"/>'
        for side, (name, width, space) in sides.items()
    )
    return f"<w:pBdr>{''.join(found)}</w:pBdr>"


def shade(name: str) -> str:
    """The colour behind a paragraph or a cell."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{name}"/>'


def tab(position: int, kind: str = "left", leader: str = "none") -> str:
    """One tab stop."""
    return f'<w:tabs><w:tab w:val="{kind}" w:leader="{leader}" w:pos="{position}"/></w:tabs>'


def spacing(before: int, after: int, line: int = 276) -> str:
    """Space above and below in twentieths of a point, and the line in 240ths."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def indent(left: int = 0, right: int = 0, hanging: int = 0) -> str:
    """Indents in twentieths of a point."""
    return f'<w:ind w:left="{left}" w:right="{right}" w:hanging="{hanging}"/>'


def box(rule: str, fill: str) -> str:
    """A tinted box with a coloured rule on its left."""
    edge = (fill, 4, 4)
    return borders(top=edge, left=(rule, 36, 8), bottom=edge, right=(fill, 4, 5)) + shade(fill)


def band(space: int) -> str:
    """A dark band across the page; paragraphs of it that follow each other make one."""
    edge = (DARK, 48, space)
    sides = borders(top=edge, left=(DARK, 12, 7), bottom=edge, right=(DARK, 12, 4), between=(DARK, 8, 2))
    return sides + shade(DARK)


def figure_line(keep: str, after: int) -> str:
    """A figure and its words in one paragraph: hanging indent, coloured rule on the left, fine rules between lines."""
    fine = (RULE, 4, 3)
    sides = borders(top=(TINT, 4, 2), left=(ACCENT, 36, 6), bottom=fine, right=(TINT, 4, 5), between=fine)
    return keep + sides + shade(TINT) + tab(2268) + spacing(0, after, 252) + indent(2268, 113, 2098)


# Styles


def style(name: str, paragraph: str = "", text: str = "", *, based: str = PLAIN_PARAGRAPH, after: str = "") -> str:
    """A style of paragraphs: the properties of the paragraph, and of its letters."""
    return _style("paragraph", name, based, after, paragraph, text)


def characters(name: str, text: str) -> str:
    """A style of letters within a paragraph."""
    return _style("character", name, PLAIN_CHARACTER, "", "", text)


def _style(kind: str, name: str, based: str, after: str, paragraph: str, text: str, more: str = "") -> str:
    style_id = IDS.get(name, "".join(word[0].upper() + word[1:] for word in name.replace("-", " ").split()))
    ours = "" if name[0].islower() or name in BUILT_IN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="{kind}"{ours} w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>'
        + (f'<w:next w:val="{after}"/>' if after else "")
        + '<w:uiPriority w:val="1"/><w:qFormat/>'
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{text}</w:rPr>" if text else "")
        + f"{more}</w:style>"
    )


DEFAULTS = (
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    f'{letters(12)}<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    f"<w:pPrDefault><w:pPr>{spacing(0, 140)}</w:pPr></w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
)

SECTION_HEADINGS = [
    (spacing(0, 120), letters(24, DARK, bold=True)),
    (spacing(320, 120), letters(16, ACCENT, bold=True)),
    (spacing(240, 80), letters(13, DARK, bold=True)),
    (spacing(160, 40), letters(12, DARK, bold=True)),
]
"""Headings of a section's own draft: the section, its groups or topics, their parts."""

REPORT_HEADINGS = [
    ("<w:pageBreakBefore/>" + borders(bottom=(ACCENT, 12, 6)) + spacing(0, 120), letters(28, DARK, bold=True)),
    (spacing(440, 140), letters(22, DARK, bold=True)),
    (spacing(320, 120), letters(16, ACCENT, bold=True)),
    (spacing(240, 80), letters(13, DARK, bold=True)),
    (spacing(160, 40), letters(12, DARK, bold=True)),
]
"""In the report, sections stand one level lower, under headings of its parts."""


def styles(name: str) -> str:
    """The styles part of a template. These names are what staff find in Word."""
    levels = REPORT_HEADINGS if name == "report" else SECTION_HEADINGS
    headings = (
        style(f"heading {n}", f'{KEEP}{paragraph}<w:outlineLvl w:val="{n - 1}"/>', text, after="BodyText")
        for n, (paragraph, text) in enumerate(levels, 1)
    )
    cover = KEEP + band(12) + spacing(0, 0) + indent(170, 113)
    headline = KEEP + band(2) + tab(2608) + spacing(0, 0, 264) + indent(2608, 113, 2438)
    contents = tab(TEXT_WIDTH, "right", "dot")
    contents_heading = KEEP + "<w:pageBreakBefore/>" + spacing(0, 120)
    look_of_table = (
        "<w:tblPr>"
        + borders(top=(DARK, 8, 0), bottom=(DARK, 8, 0), insideH=(RULE, 4, 0)).replace("w:pBdr", "w:tblBorders")
        + f'</w:tblPr><w:tblStylePr w:type="firstRow"><w:tcPr>{shade(DARK)}</w:tcPr></w:tblStylePr>'
    )
    found = [
        *headings,
        # Text
        style("Body Text", text=colour(TEXT)),
        style("Subtitle", KEEP + spacing(0, 200), letters(13, MUTED), after="BodyText"),
        style("Lead-in", KEEP + spacing(120, 80), colour(MUTED), after="ListBullet"),
        style("List Bullet", bullet(1) + spacing(0, 80) + indent(397, 0, 397), colour(TEXT)),
        style(
            "Quote",
            WHOLE + borders(left=(ACCENT, 24, 10)) + spacing(120, 160) + indent(397, 397),
            f"<w:i/><w:iCs/>{colour(TEXT)}",
        ),
        style("Source Note", spacing(80, 160), colour(MUTED)),
        characters("Strong", "<w:b/><w:bCs/>"),
        characters("Hyperlink", colour(DARK)),
        # Figures
        style("Headline Line", headline, colour(WHITE)),
        style("Figure Line", figure_line(KEEP, 0), after="FigureLine"),
        style("Figure Line Noted", figure_line(KEEP, 80), after="SourceNote"),
        style("Figure Line Last", figure_line(WHOLE, 200), after="BodyText"),
        characters("Figure Value", letters(16, ACCENT, bold=True)),
        characters("Headline Value", letters(26, WHITE, bold=True)),
        characters("Figure Words", letters(12, bold=True)),
        characters("Figure Id", colour(MUTED)),
        # Charts
        style("caption", KEEP + spacing(200, 60), letters(12, DARK, bold=True), after="Chart"),
        style("Chart", "<w:keepNext/>" + spacing(0, 40, 240), after="SourceNote"),
        # What is open
        style("Callout", KEEP + box(ALERT, ALERT_TINT) + spacing(60, 160) + indent(227, 113)),
        style("Callout Settled", WHOLE + box(ACCENT, TINT) + spacing(60, 160) + indent(227, 113)),
        style("Callout Bullet", WHOLE + bullet(2) + box(ALERT, ALERT_TINT) + spacing(0, 80) + indent(567, 113, 340)),
        characters("Query Flag", strong(ALERT)),
        characters("Query Flag On Dark", strong(ON_DARK)),
        style("annotation text", spacing(0, 80, 240)),
        characters("annotation reference", letters(8)),
        # Under the heading of a finding: where it stands, why it matters and what to do
        style("Finding Text", KEEP + spacing(0, 40, 252), colour(TEXT)),
        style("Finding Text Last", WHOLE + spacing(0, 160, 252), colour(TEXT), after="BodyText"),
        # Tables
        style("Table Heading", "<w:keepNext/>" + spacing(60, 60, 252), letters(12, WHITE, bold=True)),
        style("Table Heading Number", '<w:jc w:val="right"/>', based="TableHeading"),
        style("Table Text", spacing(40, 40, 252), colour(TEXT)),
        style("Table Text Last", "<w:keepNext/>", based="TableText"),
        style("Table Number", '<w:jc w:val="right"/>', based="TableText"),
        _style("table", "Figures Table", "TableNormal", "", "", "", look_of_table),
        # Cover, contents, header and footer
        style("Title", cover, letters(40, WHITE, bold=True)),
        style("Cover Line", cover, letters(18, WHITE)),
        style("Cover Note", spacing(480, 240), strong(ALERT)),
        style("TOC Heading", contents_heading, letters(28, DARK, bold=True), after="BodyText"),
        style("toc 1", "<w:keepNext/>" + contents + spacing(70, 10, 240) + indent(0, 567), strong(DARK)),
        style("toc 2", contents + spacing(0, 10, 240) + indent(340, 567), colour(TEXT)),
        style("header", spacing(0, 0, 240), letters(10, MUTED)),
        style("Header Run", borders(bottom=(ACCENT, 8, 5)) + spacing(0, 0, 240), based="Header"),
        style("footer", tab(TEXT_WIDTH, "right") + spacing(0, 0, 240), letters(10, MUTED)),
    ]
    return f"{DECLARATION}<w:styles {NAMESPACES}>{DEFAULTS}{''.join(found)}</w:styles>"


def numbering() -> str:
    """Real bullets, for lists in text and in callouts."""
    lists = {"ListBullet": indent(397, 0, 397), "CalloutBullet": indent(567, 113, 340)}
    font = '<w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:hint="default"/></w:rPr>'
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="{style_id}"/><w:lvlText w:val="•"/>'
        f'<w:lvlJc w:val="left"/><w:pPr>{place}</w:pPr>{font}</w:lvl></w:abstractNum>'
        for n, (style_id, place) in enumerate(lists.items())
    )
    used = "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(len(lists)))
    return f"{DECLARATION}<w:numbering {NAMESPACES}>{kinds}{used}</w:numbering>"
