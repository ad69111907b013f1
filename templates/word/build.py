"""Make the Word templates from nothing, the same bytes every time: ``python -m templates.word.build``.

Belongs here: the order of blocks in each shape of section, header, footer and page. Does not belong here: what is
filled in (``tasks.assemble``), and anybody's name or colours: those come from the configuration when a draft is made.

A template is a Word document with tags. Staff may restyle a copy in Word. ``{{ fig('eastmere.referrals') }}`` puts a
figure of the section anywhere in a text. Flags such as "Queried – see comment" are set when figures are linked, not
here: so no template can leave one out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from templates.word import FOLDER, NAMES
from templates.word.markup import DECLARATION, NAMESPACES, Column, each, field, paragraph, run, table, when
from templates.word.quality import quality
from templates.word.styles import MARGIN, PAGE_HEIGHT, PAGE_WIDTH, TEXT_WIDTH, numbering, styles

# Blocks that sections are made of

OPENING = (
    paragraph("Heading1", "{{ title }}")
    + when("alone", paragraph("Subtitle", "{{ period_words }}"))
    + when("illustrative", paragraph("Callout", run("Illustrative. ", "Strong"), run("{{ illustrative }}")))
    + when("intro", paragraph("BodyText", "{{ intro }}"))
    + when("statement", paragraph("BodyText", "{{ statement }}"))
    + when("unconfirmed", paragraph("Callout", "{{ unconfirmed }}"))
    + when("dates", paragraph("BodyText", "{{ dates }}"))
    + when("nothing_yet", paragraph("Callout", "Nothing has been received for this section yet."))
)

HEADLINE = each(
    "line in headline",
    paragraph("HeadlineLine", run("{{ fig(line.figure) }}", "HeadlineValue"), run("\t{{ line.words }}")),
)

_FIGURE = [run("{{ fig(line.figure) }}", "FigureValue"), run("\t{{ line.words }}")]

FIGURE_LISTS = HEADLINE + each(
    "group in groups",
    paragraph("Heading2", "{{ group.heading }}"),
    each(
        "line in group.lines",
        when("not loop.last", paragraph("FigureLine", *_FIGURE)),
        when("loop.last and group.note", paragraph("FigureLineNoted", *_FIGURE)),
        when("loop.last and not group.note", paragraph("FigureLineLast", *_FIGURE)),
    ),
    when("group.note", paragraph("SourceNote", "{{ group.note }}")),
)

# Labels stand behind a figure elsewhere; at the start of a row they begin with a capital.
_ITEM = "{{ line.words[0] | upper }}{{ line.words[1:] }}"


def _amounts(*columns: Column, described: str) -> str:
    last = "loop.last and group.note"
    item = when(last, paragraph("TableTextLast", _ITEM)) + when(f"not ({last})", paragraph("TableText", _ITEM))
    width = TEXT_WIDTH - sum(width for width, _, _ in columns)
    return table("Amounts", described, "line in group.lines", [(width, "Item", [item]), *columns])


FIGURE_TABLES = HEADLINE + each(
    "group in groups",
    paragraph("Heading2", "{{ group.heading }}"),
    when(
        "group.before",
        _amounts(
            (1900, "{{ period }}", [paragraph("TableNumber", "{{ fig(line.figure) }}")]),
            (1900, "Year before", [paragraph("TableNumber", "{{ fig(line.before) }}")]),
            described="One row for each item: the item, its amount in this year, and its amount in the year before.",
        ),
    ),
    when(
        "not group.before",
        _amounts(
            (3062, "Amount", [paragraph("TableNumber", "{{ fig(line.figure) }}")]),
            described="One row for each item, with the item in the first column and its amount in the second.",
        ),
    ),
    when("group.note", paragraph("SourceNote", "{{ group.note }}")),
)

# Bars and lines are put in when figures are linked. The line under each says when it is for, so none is without one.
CHARTS = when("charts", paragraph("Heading2", "{{ 'Charts' if charts | length > 1 else 'Chart' }}")) + each(
    "chart in charts",
    paragraph("Caption", "{{ chart.title }}"),
    paragraph("Chart", "{{ chart.place }}"),
    paragraph("SourceNote", "{{ chart.note }}"),
)

BEHIND_CHARTS = each(
    "chart in charts",
    when(
        "chart.behind",
        paragraph(
            "SourceNote", "Figures behind the chart “{{ chart.title }}”: ", run("{{ chart.behind }}", "FigureId")
        ),
    ),
)

SYMBOLS = each("note in symbol_notes", paragraph("SourceNote", "{{ note }}"))

_POINTS = each(
    "group in part.groups",
    when("group.lead_in", paragraph("LeadIn", "{{ group.lead_in }}")),
    each(
        "point in group.points",
        when(
            "part.kind == 'list' and point.run_in",
            paragraph("ListBullet", run("{{ point.run_in }}", "Strong"), "{{ point.words }}"),
        ),
        when("part.kind == 'list' and not point.run_in", paragraph("ListBullet", "{{ point.words }}")),
        when("part.kind == 'quotes'", paragraph("Quote", "{{ point.words }}")),
        when(
            "part.kind == 'prose' and point.run_in",
            paragraph("BodyText", run("{{ point.run_in }}", "Strong"), "{{ point.words }}"),
        ),
        when("part.kind == 'prose' and not point.run_in", paragraph("BodyText", "{{ point.words }}")),
    ),
)

TOPICS = each("sentence in no_returns", paragraph("Callout", "{{ sentence }}")) + each(
    "topic in topics",
    when("topic.heading", paragraph("Heading2", "{{ topic.heading }}")),
    each("sentence in topic.no_returns", paragraph("Callout", "{{ sentence }}")),
    each("sentence in topic.held_back", paragraph("Callout", "{{ sentence }}")),
    when(
        "not topic.parts and not topic.held_back and (topic.heading or not nothing_yet)",
        paragraph("SourceNote", "Nothing has been received on this subject yet."),
    ),
    each(
        "part in topic.parts",
        when("part.heading and topic.heading", paragraph("Heading3", "{{ part.heading }}")),
        when("part.heading and not topic.heading", paragraph("Heading2", "{{ part.heading }}")),
        when("not part.groups", paragraph("SourceNote", "Nothing was reported under this heading.")),
        _POINTS,
    ),
)

EARLIER_NOTE = (
    "Named as still to achieve in earlier quarters, and not in the last. Kept so that nothing is lost: say above what "
    "came of it, or take it out."
)


def earlier(loop: str) -> str:
    """What earlier quarters had still to achieve; ``loop`` goes through it by topic and quarter."""
    return each(
        loop,
        when("topic", paragraph("LeadIn", "{{ topic }}. {{ group.lead_in }}")),
        when("not topic", paragraph("LeadIn", "{{ group.lead_in }}")),
        each("point in group.points", paragraph("ListBullet", "{{ point.words }}")),
    )


EARLIER = when(
    "alone and earlier",
    paragraph("Heading2", "Earlier in the year"),
    paragraph("SourceNote", EARLIER_NOTE),
    earlier("topic, group in earlier"),
)


def sources_table(fig: str, *, whole: bool) -> str:
    """Where figures come from; ``fig`` is how the figure of a row is printed, ``whole`` tells how it came about too."""
    place = "{{ source.place }}. {{ source.how }}" if whole else "{{ source.place }}"
    return table(
        "Where these figures come from",
        "One row for each figure: what it is, what is printed, and the file, sheet and cells it was taken from.",
        "source in sources",
        [
            (
                3900 if whole else 4700,
                "Figure, and its id",
                [
                    paragraph("TableText", "{{ source.title }}"),
                    paragraph("TableText", run("{{ source.id }}", "FigureId")),
                ],
            ),
            (1250, "Printed", [paragraph("TableText", run(fig, "Strong"))]),
            (4488 if whole else 3688, "Where it comes from", [paragraph("TableText", place)]),
        ],
    )


EXPLAIN = paragraph("SourceNote", "To see every cell and every check behind a figure: assure explain <figure id>")

CLOSING = (
    # The combined report says on its cover that sections without this list have nothing open.
    when("alone or open_points", paragraph("Heading2", "What is missing or not agreed"))
    + when(
        "alone and not open_points",
        paragraph(
            "CalloutSettled",
            "Nothing that was due for this section is missing"
            "{% if figures %}, and its figures disagree with no other source{% endif %}.",
        ),
    )
    + each("point in open_points", paragraph("CalloutBullet", "{{ point }}"))
    # In the combined report the sources of all sections stand in an annex.
    + when(
        "alone and sources",
        paragraph("Heading2", "Where these figures come from"),
        paragraph("LeadIn", "Each figure in this section is linked to the register of figures of run {{ run_id }}:"),
        sources_table("{{ fig(source.figure) }}", whole=True),
        BEHIND_CHARTS,
        EXPLAIN,
    )
)

# Shapes

FIGURES_FIRST = OPENING + FIGURE_LISTS + SYMBOLS + CHARTS + TOPICS + EARLIER + CLOSING
TEXT_FIRST = OPENING + TOPICS + FIGURE_LISTS + SYMBOLS + CHARTS + EARLIER + CLOSING


def _last_with_next(text: str) -> str:
    """Text of a cell, kept with what follows the table where the row is the last."""
    return when("loop.last", paragraph("TableTextLast", text)) + when("not loop.last", paragraph("TableText", text))


REPORT = (
    paragraph("CoverLine", "{{ partnership }}")
    + paragraph("Title", "{{ title }}")
    + paragraph("CoverLine", "{{ period_words }}")
    + paragraph("CoverNote", "DRAFT for review, not for publication. Made by run {{ run_id }}.")
    + paragraph("LeadIn", "State of this draft:")
    + each("sentence in state", paragraph("CalloutBullet", "{{ sentence }}"))
    + paragraph("TOCHeading", "Contents")
    + paragraph("BodyText", "{{ contents }}")
    + paragraph("BodyText", "{{ sections }}")
    + paragraph("Heading1", "Annexes")
    + when(
        "coverage",
        paragraph("Heading2", "Statutory guidance: where each requirement is met"),
        paragraph("BodyText", "{{ guidance }}"),
        table(
            "Statutory guidance: where each requirement is met",
            "One row for each requirement: its number, what it asks, and the sections of this report that meet it.",
            "row in coverage",
            [
                (1500, "Number", [paragraph("TableText", "{{ row.id }}")]),
                (4338, "What the report must have", [paragraph("TableText", "{{ row.asks }}")]),
                (
                    3800,
                    "Where it is met",
                    [paragraph("TableText", run("{{ row.verdict }}", "Strong"), "{{ row.where }}")],
                ),
            ],
        ),
        paragraph("SourceNote", "{{ coverage_note }}"),
    )
    + when(
        "earlier",
        paragraph("Heading2", "Still to achieve, as named earlier in the year"),
        paragraph("SourceNote", EARLIER_NOTE),
        each("title, groups in earlier", paragraph("Heading3", "{{ title }}"), earlier("topic, group in groups")),
    )
    + when(
        "annex",
        paragraph("Heading2", "Where the figures come from"),
        paragraph(
            "LeadIn",
            "Each figure in this report stands in the register of figures of run {{ run_id }}. How each came "
            "about is told in the draft of its section and in the data annex.",
        ),
        EXPLAIN,
        each(
            "(name, title, sources) in annex",
            paragraph("Heading3", "{{ title }}"),
            sources_table("{{ fig(name, source.figure) }}", whole=False),
        ),
        BEHIND_CHARTS,
    )
    + when(
        "glossary",
        paragraph("Heading2", "Glossary"),
        table(
            "Glossary",
            "One row for each acronym, with its meaning in the second column.",
            "row in glossary",
            [
                (2000, "Acronym", [_last_with_next("{{ row.acronym }}")]),
                (7638, "Meaning", [_last_with_next("{{ row.meaning }}")]),
            ],
        ),
    )
    + when("quality", quality(2, whole=False))
    + paragraph("Heading2", "Contact")
    + paragraph("BodyText", "{{ contact }}")
)

CHILD_FRIENDLY = (
    paragraph("Heading1", "{{ title }}")
    + when("alone", paragraph("Subtitle", "{{ period_words }}"))
    + when("illustrative", paragraph("SourceNote", run("Illustrative. ", "Strong"), run("{{ illustrative }}")))
    + when("intro", paragraph("BodyText", "{{ intro }}"))
    + when("nothing_yet", paragraph("Callout", "Nothing has been received for this page yet."))
    + each(
        "line in headline",
        when("not loop.last", paragraph("FigureLine", *_FIGURE)),
        when("loop.last", paragraph("FigureLineLast", *_FIGURE)),
    )
    + SYMBOLS
    + each(
        "topic in topics",
        each("sentence in topic.no_returns", paragraph("Callout", "{{ sentence }}")),
        each(
            "part in topic.parts",
            paragraph("Heading2", "{{ part.heading }}"),
            each("group in part.groups", each("point in group.points", paragraph("ListBullet", "{{ point.words }}"))),
        ),
    )
    + when(
        "help",
        paragraph("Heading2", "Where to get help"),
        each("line in help", paragraph("ListBullet", run("{{ line.who }}: ", "Strong"), "{{ line.how }}")),
    )
    # All on one page: what is open in detail is told by the report, the quality page and the comments.
    + when(
        "open_points",
        paragraph("SourceNote", "Before this is printed: {{ open_points|length }} open, see the data quality page."),
    )
)

BODIES = {
    "snapshot": FIGURES_FIRST,
    "priority": TEXT_FIRST,
    "learning": TEXT_FIRST,
    "activity": FIGURES_FIRST,
    "prose": TEXT_FIRST,
    "finance": OPENING + FIGURE_TABLES + SYMBOLS + CHARTS + TOPICS + EARLIER + CLOSING,
    "child-friendly": CHILD_FRIENDLY,
    "report": REPORT,
    "quality": quality(1, whole=True),
}

HEADER = paragraph("Header", "{{ partnership }}")
HEADER_RUN = {"quality": "Data quality – run {{ run_id }}"}
"""What stands in the header of a document that is no draft."""
FOOTER = paragraph("Footer", "{{ running_title }}", run("\tPage "), field("PAGE"), run(" of "), field("NUMPAGES"))

# The package

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATED = ("styles", "numbering", "settings", "header", "footer")

PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
    f'<w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/><w:pgMar w:top="1814" w:right="{MARGIN}" w:bottom="1361" '
    f'w:left="{MARGIN}" w:header="680" w:footer="567" w:gutter="0"/><w:cols w:space="708"/></w:sectPr>'
)
SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat><w:themeFontLang w:val="en-GB"/>'
)


def _relationships(targets: list[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def _content_types() -> str:
    overrides = {
        "/word/document.xml": f"{WORD}.document.main+xml",
        **{f"/word/{part}.xml": f"{WORD}.{part}+xml" for part in RELATED},
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
        + "</Types>"
    )


def _core_properties(name: str) -> str:
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>Template of the shape {name}</dc:title><dc:creator>Annual report assurance</dc:creator>"
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    )


def parts(name: str) -> dict[str, str]:
    """Every part of one template, by its name in the package."""
    header_run = paragraph("HeaderRun", HEADER_RUN.get(name, "DRAFT for review – run {{ run_id }}"))
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            [
                (f"{OFFICE}/relationships/officeDocument", "word/document.xml"),
                (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                (f"{OFFICE}/relationships/extended-properties", "docProps/app.xml"),
            ]
        ),
        "docProps/app.xml": (
            f'{DECLARATION}<Properties xmlns="{OFFICE}/extended-properties">'
            "<Application>Annual report assurance</Application></Properties>"
        ),
        "docProps/core.xml": _core_properties(name),
        "word/_rels/document.xml.rels": _relationships(
            [(f"{OFFICE}/relationships/{part}", f"{part}.xml") for part in RELATED]
        ),
        "word/document.xml": (
            f"{DECLARATION}<w:document {NAMESPACES}><w:body>{BODIES[name]}{PAGE}</w:body></w:document>"
        ),
        "word/footer.xml": f"{DECLARATION}<w:ftr {NAMESPACES}>{FOOTER}</w:ftr>",
        "word/header.xml": f"{DECLARATION}<w:hdr {NAMESPACES}>{HEADER}{header_run}</w:hdr>",
        "word/numbering.xml": numbering(),
        "word/settings.xml": f"{DECLARATION}<w:settings {NAMESPACES}>{SETTINGS}</w:settings>",
        "word/styles.xml": styles(name),
    }


def pack(content: Mapping[str, str | bytes]) -> bytes:
    """Parts as one file: always the same bytes, as nothing is compressed (which differs between machines)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for part, text in content.items():
            entry = zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o600 << 16, 3
            package.writestr(entry, text.encode() if isinstance(text, str) else text)
    return out.getvalue()


def build(name: str) -> bytes:
    """One template as a .docx."""
    return pack(parts(name))


def main(folder: Path = FOLDER) -> None:
    """Write every template into the folder."""
    for name in NAMES:
        (folder / f"{name}.docx").write_bytes(build(name))


if __name__ == "__main__":
    main()
