"""Make the combined annual report: cover, contents, every section, annexes, as one Word document.

Belongs here: putting documents together. Does not belong here: what stands in them.

Sections are put together while their figures are still marks, and linked once afterwards. So controls and comments are
numbered once, and there is one register in the file. Joining finished documents would attach comments to other figures.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import islice, takewhile
from typing import Any

from docx import Document
from docx.oxml.ns import nsmap
from lxml import etree

from config.errors import Refused
from config.partnership import Partnership
from config.periods import Return
from tasks.assemble.chart_parts import draw_charts
from tasks.assemble.draft import template_named
from tasks.assemble.figures import Linker, add_register
from tasks.assemble.finish import add_watermark, recolour, set_properties, to_bytes
from tasks.assemble.links import link_sections
from tasks.assemble.render import fill_in, fill_in_body, section_values
from tasks.assemble.report import report_context
from tasks.assemble.values import CONTENTS, SECTIONS, ReportContext, SectionContext, mark
from tasks.quality import Results

_W = f"{{{nsmap['w']}}}"
_R = f"{{{nsmap['r']}}}"
AT_THE_END = 3
"""Paragraphs at the end of a section that stay together."""
NO_PAGE_NUMBERS = "To add page numbers in Word, click in the list below and press F9."


def combine(
    partnership: Partnership,
    period: Return,
    contexts: Sequence[SectionContext],
    run_id: str,
    templates: Mapping[str, bytes] | None = None,
    pages: Mapping[str, int] | None = None,
    quality: Results | None = None,
) -> bytes:
    """The whole report as a .docx.

    ``templates`` are by name and stand in for those that come with the project; ``report`` is the one of the whole.
    ``pages`` are the pages of headings by their bookmarks (``_Toc0001`` ...); without them the contents say how to get
    page numbers. ``quality`` is what the last annex says of the data; without it there is none.

    Raises:
        Refused: a template asks for what its section does not have, or cannot be put into a whole.
    """
    report = report_context(partnership, period, contexts, run_id)
    contexts = report.sections
    given = templates or {}
    whole = given.get("report") or template_named("report")
    document = Document(io.BytesIO(fill_in(whole, "report", _values(report, quality))))
    headings = _put_sections(document, contexts, given)
    _put_contents(document, pages or {})
    link_sections(document, headings)
    printed = {f"{context.section_id}/{figure.ref}": figure for context in contexts for figure in context.figures}
    counts = Linker(document, printed, report.as_at).link()
    charts = draw_charts(document, [chart for context in contexts for chart in context.charts], report.look)
    add_register(document, list(printed.values()), counts, run_id, report.section_id, charts)
    recolour(document, report.look)
    add_watermark(document)
    set_properties(document, report.title, report.partnership, report.as_at)
    return to_bytes(document)


def _values(report: ReportContext, quality: Results | None) -> dict[str, Any]:
    fields = {name: getattr(report, name) for name in report.__dataclass_fields__}
    annex = [(section.section_id, section.title, section.sources) for section in report.sections if section.sources]
    charts = [chart for section in report.sections for chart in section.charts]
    earlier = [(section.title, section.earlier) for section in report.sections if section.earlier]
    put_in = {"contents": CONTENTS, "sections": SECTIONS, "fig": mark}
    return fields | {"annex": annex, "charts": charts, "earlier": earlier, "quality": quality} | put_in


# Sections


def _put_sections(document: Any, contexts: Sequence[SectionContext], given: Mapping[str, bytes]) -> dict[str, Any]:
    """Put every section where the template has its place, one level of headings lower, under headings of the parts.

    A section with headline figures begins a page, so that they stand at its top; others follow the one before.

    Gives the paragraph with which each section begins, by the section's id.
    """
    begins: dict[str, Any] = {}
    place = _marked(document, SECTIONS)
    ids = {style.name.casefold(): style.style_id for style in document.styles}
    part = ""
    for context in contexts:
        template = given.get(context.template) or template_named(context.template)
        body, names = fill_in_body(template, context.template, section_values(context, alone=False))
        if context.part != part:
            part = context.part
            place.addprevious(_paragraph(ids["heading 1"], part))
            needs_page = False
        else:
            needs_page = bool(context.headline)
        blocks = [element for element in body if element.tag != f"{_W}sectPr"]
        for element in blocks:
            _take_over(element, context, names, ids)
            place.addprevious(element)
            begins.setdefault(context.section_id, element)
            if needs_page and element.tag == f"{_W}p":
                _on_new_page(element)
                needs_page = False
        _keep_end_together(place)
    place.getparent().remove(place)
    return begins


def _take_over(element: Any, context: SectionContext, names: Mapping[str, str], ids: Mapping[str, str]) -> None:
    """Make one block of a section fit for the report: its styles are the report's, its headings one level lower."""
    for style in element.iter(f"{_W}pStyle", f"{_W}rStyle", f"{_W}tblStyle"):
        name = names.get(style.get(f"{_W}val"), "").casefold()
        if name.startswith("heading "):
            name = f"heading {int(name.removeprefix('heading ')) + 1}"
        if name not in ids:
            raise _misfit(
                context,
                f"uses the style '{name}', which the template of the report does not have",
                "Copy the style into the template 'report', or use one that both have.",
            )
        style.set(f"{_W}val", ids[name])
    if any(attribute.startswith(_R) for child in element.iter() for attribute in child.attrib):
        raise _misfit(
            context,
            "has a picture or a link to another document in its text",
            "Put pictures into the template of the report, and write web addresses out.",
        )


def _on_new_page(paragraph: Any) -> None:
    """Begin a page with a paragraph; in its properties, the break has its place behind these."""
    properties = _properties(paragraph)
    before = [child for child in properties if child.tag in (f"{_W}pStyle", f"{_W}keepNext", f"{_W}keepLines")]
    properties.insert(len(before), etree.Element(f"{_W}pageBreakBefore"))


def _keep_end_together(after: Any) -> None:
    """Keep the last paragraphs before a place on one page: a new part may begin another, and leave one there alone."""
    last = list(islice(takewhile(lambda one: one.tag == f"{_W}p", after.itersiblings(preceding=True)), AT_THE_END))
    for paragraph in last[1:]:
        properties = _properties(paragraph)
        if properties.find(f"{_W}keepNext") is None:
            properties.insert(len(properties.findall(f"{_W}pStyle")), etree.Element(f"{_W}keepNext"))


def _misfit(context: SectionContext, what: str, to_do: str) -> Refused:
    return Refused(
        f"The Word template '{context.template}' {what}.",
        where=f"section '{context.section_id}'",
        why="The section can be drafted by itself, but not be put into the combined report.",
        to_do=to_do,
    )


# Contents


def _put_contents(document: Any, pages: Mapping[str, int]) -> None:
    """Write the contents out, as the result of a contents field: right when first opened, and Word can renew it."""
    place = _marked(document, CONTENTS)
    ids = {style.name.casefold(): style.style_id for style in document.styles}
    levels = {ids["heading 1"]: 1, ids["heading 2"]: 2}
    entries: list[tuple[int, str, str]] = []
    for paragraph in document.element.body.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if style is not None and style.get(f"{_W}val") in levels:
            bookmark = f"_Toc{len(entries) + 1:04}"
            _bookmark(paragraph, bookmark, len(entries) + 1)
            entries.append((levels[style.get(f"{_W}val")], "".join(paragraph.itertext(f"{_W}t")), bookmark))
    if not all(bookmark in pages for _, _, bookmark in entries):
        place.addprevious(_paragraph(ids["source note"], NO_PAGE_NUMBERS))
    for number, (level, title, bookmark) in enumerate(entries):
        entry = _paragraph(ids[f"toc {level}"])
        if number == 0:
            _field_start(entry, r' TOC \o "1-2" \h \z \u ')
        link = etree.SubElement(entry, f"{_W}hyperlink", {f"{_W}anchor": bookmark, f"{_W}history": "1"})
        _run(link, title)
        if bookmark in pages:
            etree.SubElement(etree.SubElement(link, f"{_W}r"), f"{_W}tab")
            _field_start(link, rf" PAGEREF {bookmark} \h ")
            _run(link, str(pages[bookmark]))
            _field_mark(link, "end")
        if number == len(entries) - 1:
            _field_mark(entry, "end")
        place.addprevious(entry)
    place.getparent().remove(place)


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    start = etree.Element(f"{_W}bookmarkStart", {f"{_W}id": str(number), f"{_W}name": name})
    _properties(paragraph).addnext(start)
    etree.SubElement(paragraph, f"{_W}bookmarkEnd", {f"{_W}id": str(number)})


def _field_start(parent: Any, code: str) -> None:
    _field_mark(parent, "begin")
    instruction = etree.SubElement(etree.SubElement(parent, f"{_W}r"), f"{_W}instrText")
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    instruction.text = code
    _field_mark(parent, "separate")


def _field_mark(parent: Any, kind: str) -> None:
    etree.SubElement(etree.SubElement(parent, f"{_W}r"), f"{_W}fldChar", {f"{_W}fldCharType": kind})


# Paragraphs


def _marked(document: Any, words: str) -> Any:
    """The paragraph of the template in which something is to be put."""
    for paragraph in document.element.body.iter(f"{_W}p"):
        if "".join(paragraph.itertext(f"{_W}t")) == words:
            return paragraph
    raise Refused(
        f"The Word template of the report has no paragraph with the tag {{{{ {words[1:]} }}}} alone in it.",
        why="It shows where they are to be put.",
        to_do="Take the template that comes with the project and restyle that.",
    )


def _paragraph(style: str, text: str = "") -> Any:
    paragraph = etree.Element(f"{_W}p")
    etree.SubElement(_properties(paragraph), f"{_W}pStyle", {f"{_W}val": style})
    if text:
        _run(paragraph, text)
    return paragraph


def _properties(paragraph: Any) -> Any:
    found = paragraph.find(f"{_W}pPr")
    if found is None:
        found = etree.Element(f"{_W}pPr")
        paragraph.insert(0, found)
    return found


def _run(parent: Any, text: str) -> None:
    element = etree.SubElement(etree.SubElement(parent, f"{_W}r"), f"{_W}t")
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    element.text = text
