"""How does a number in a Word document know which figure it is?

Belongs here: linking figures (marks become content controls, with flags and comments), the register kept inside the
file, and reading both back. Does not belong here: what is said about a figure (``tasks.assemble.queries``).

A control is inline and plain text, is tagged ``fig:<figure id>``, cannot be retyped, and is not bound to the register
in the file: binding would swallow tracked changes and formatting.
"""

from __future__ import annotations

import copy
import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap, qn
from lxml import etree

from config.errors import Refused
from tasks.assemble.lines import Reader, heading_levels
from tasks.assemble.outside import numbers_outside
from tasks.assemble.values import MARK_END, MARK_START, TAG, Chart, PrintedFigure

AUTHOR = "Annual report assurance"
INITIALS = "ARA"
REGISTER = "urn:annual-report-assurance:figures"
_W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_MARK = re.compile(f"{MARK_START}([^{MARK_END}]*){MARK_END}")
_W = f"{{{nsmap['w']}}}"

LINES = {
    **dict.fromkeys(("Figure Line", "Figure Line Noted", "Figure Line Last"), "Figure Value"),
    "Headline Line": "Headline Value",
}
"""Paragraph styles of a figure and its words, whose flag stands at the end of the line; and the style of the number."""
NUMBERS = tuple(dict.fromkeys(LINES.values()))
"""Character styles made for numbers: words in their place are set in ``Figure Words``."""


@dataclass(frozen=True)
class FigureInDraft:
    """One figure as it stands in a Word document."""

    id: str
    text: str
    where: str
    """The heading that it stands under."""
    control: int


# Linking


class Linker:
    """Turns the marks of one document into linked figures. ``printed`` is by ``<section>/<area>.<measure>``."""

    def __init__(self, document: Any, printed: Mapping[str, PrintedFigure], as_at: date) -> None:
        self.document = document
        self.printed = printed
        self.comment_date = f"{as_at.isoformat()}T00:00:00Z"
        self.styles = {style.name: style.style_id for style in document.styles}
        self.names = {style_id: name for name, style_id in self.styles.items()}
        self.occurrences: dict[str, int] = {}
        self.controls: set[int] = set()
        self.commented: set[str] = set()
        self.counts: dict[str, int] = {}

    def link(self) -> dict[str, int]:
        """Link every figure of the document; gives how often each stands in it, by its id."""
        for story in stories(self.document):
            in_body = story is self.document.element
            marked = [text.getparent() for text in story.iter(f"{_W}t") if MARK_START in (text.text or "")]
            for run in dict.fromkeys(marked):
                self._link_run(run, in_body)
        return self.counts

    def _link_run(self, run: Any, in_body: bool) -> None:
        properties = run.find(f"{_W}rPr")
        paragraph = next(run.iterancestors(f"{_W}p"))
        pieces: list[Any] = []
        linked: list[tuple[str, Any]] = []

        def plain(child: Any) -> None:
            if not pieces or pieces[-1].tag != f"{_W}r":
                pieces.append(_run(properties))
            pieces[-1].append(child)

        for child in list(run):
            if child is properties:
                continue
            if child.tag != f"{_W}t":
                plain(child)
                continue
            for index, text in enumerate(_MARK.split(child.text or "")):
                if index % 2:
                    pieces.append(self._control(text, properties))
                    linked.append((text, pieces[-1]))
                elif text:
                    plain(_text(text))
        for piece in pieces:
            run.addprevious(piece)
        run.getparent().remove(run)
        if in_body:
            for key, control in linked:
                self._annotate(key, control, paragraph)

    def _control(self, key: str, properties: Any) -> Any:
        figure = self.printed.get(key)
        if figure is None:
            raise Refused(
                f"The draft prints the figure '{key}', which none of its sections has.",
                why="A draft with a blank in place of a figure would look finished.",
                to_do="Take the tag out of the template.",
            )
        self.counts[figure.id] = self.counts.get(figure.id, 0) + 1
        if figure.is_words and self._style_of(properties) in NUMBERS:
            properties = etree.Element(f"{_W}rPr")
            _child(properties, "rStyle", self._style("Figure Words"))
        control = etree.Element(f"{_W}sdt")
        about = etree.SubElement(control, f"{_W}sdtPr")
        if properties is not None:
            about.append(copy.deepcopy(properties))
        _child(about, "alias", figure.title[:64])
        _child(about, "tag", TAG + figure.id)
        _child(about, "id", str(self._number(figure.id)))
        _child(about, "lock", "contentLocked")
        etree.SubElement(about, f"{{{_W15}}}appearance", {f"{{{_W15}}}val": "hidden"}, nsmap={"w15": _W15})
        etree.SubElement(about, f"{_W}text")
        content = etree.SubElement(control, f"{_W}sdtContent")
        content.append(_run(properties))
        content[0].append(_text(figure.text))
        return control

    def _number(self, figure_id: str) -> int:
        """A number for a control that no other has, the same from run to run."""
        while True:
            self.occurrences[figure_id] = self.occurrences.get(figure_id, 0) + 1
            digest = hashlib.sha256(f"{figure_id} {self.occurrences[figure_id]}".encode()).digest()
            number = int.from_bytes(digest[:4], "big") >> 1 or 1
            if number not in self.controls:
                self.controls.add(number)
                return number

    def _annotate(self, key: str, control: Any, paragraph: Any) -> None:
        """Comment on and flag a figure where a section prints it first."""
        figure = self.printed[key]
        if key in self.commented:
            return
        self.commented.add(key)
        after = control
        if figure.comment:
            comment = self.document.comments.add_comment("\n".join(figure.comment), AUTHOR, INITIALS)
            comment._comment_elm.set(f"{_W}date", self.comment_date)
            number = str(comment.comment_id)
            control.addprevious(etree.Element(f"{_W}commentRangeStart", {f"{_W}id": number}))
            end = etree.Element(f"{_W}commentRangeEnd", {f"{_W}id": number})
            reference = etree.Element(f"{_W}r")
            _child(etree.SubElement(reference, f"{_W}rPr"), "rStyle", self._style("annotation reference"))
            etree.SubElement(reference, f"{_W}commentReference", {f"{_W}id": number})
            control.addnext(end)
            end.addnext(reference)
            after = reference
        if figure.flag:
            self._set_flag(figure.flag, after, paragraph)

    def _set_flag(self, words: str, after: Any, paragraph: Any) -> None:
        style = self._style_of(paragraph.find(f"{_W}pPr"))
        on_dark = style == "Headline Line"
        properties = etree.Element(f"{_W}rPr")
        _child(properties, "rStyle", self._style("Query Flag On Dark" if on_dark else "Query Flag"))
        flag = _run(properties)
        row = next(paragraph.iterancestors(f"{_W}tr"), None)
        flag.append(_text(f" {words}" if style in LINES or row is not None else f" [{words}]"))
        line = paragraph if row is None else row.find(f"{_W}tc").findall(f"{_W}p")[-1]
        if row is not None or style in LINES:
            if not "".join(line.itertext(f"{_W}t")).endswith(f" {words}"):  # said once a line, of all its figures
                line.append(flag)
        else:
            after.addnext(flag)

    def _style(self, name: str) -> str:
        if name not in self.styles:
            raise Refused(
                f"The Word template has no style '{name}'.",
                why="Queried figures are flagged in it, so that nobody takes them for agreed.",
                to_do="Copy the style from the template that comes with the project.",
            )
        return str(self.styles[name])

    def _style_of(self, properties: Any) -> str:
        style = None if properties is None else next(iter(properties), None)
        return self.names.get(style.get(f"{_W}val"), "") if style is not None and style.tag.endswith("Style") else ""


def stories(document: Any) -> Iterator[Any]:
    """The body, and every header and footer, as elements."""
    yield document.element
    for relationship in document.part.rels.values():
        if relationship.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER):
            yield relationship.target_part.element


def _run(properties: Any) -> Any:
    run = etree.Element(f"{_W}r")
    if properties is not None:
        run.append(copy.deepcopy(properties))
    return run


def _text(text: str) -> Any:
    element = etree.Element(f"{_W}t", {qn("xml:space"): "preserve"})
    element.text = text
    return element


def _child(parent: Any, name: str, value: str) -> None:
    etree.SubElement(parent, f"{_W}{name}", {f"{_W}val": value})


# The register inside the file


def add_register(
    document: Any,
    printed: Sequence[PrintedFigure],
    counts: Mapping[str, int],
    run_id: str,
    section: str,
    charts: Sequence[Chart] = (),
) -> None:
    """Keep in the file which figures it prints, how often and where each, for which section and from which run.

    Kept too is each number that it prints outside of figures (in what partners wrote, in sources) with a word on either
    side, so that a number that an editor types can be told from ours; and a digest of all words outside of figures.
    And the points of its charts, in their order.

    One element a figure and no attributes: LibreOffice deletes attributes of custom XML when it saves.
    """
    reader = Reader(heading_levels(document.styles.element))
    for story in stories(document):
        reader.read(story)
    root = etree.Element(f"{{{REGISTER}}}figures", nsmap={None: REGISTER})
    etree.SubElement(root, f"{{{REGISTER}}}run").text = run_id
    etree.SubElement(root, f"{{{REGISTER}}}section").text = section
    for figure in {figure.id: figure for figure in printed}.values():
        if figure.id in counts:
            element = etree.SubElement(root, f"{{{REGISTER}}}figure")
            for name, text in (("id", figure.id), ("text", figure.text), ("times", str(counts[figure.id]))):
                etree.SubElement(element, f"{{{REGISTER}}}{name}").text = text
            for linked in reader.figures:
                if linked.id == figure.id:
                    etree.SubElement(element, f"{{{REGISTER}}}where").text = linked.line.where
    etree.SubElement(root, f"{{{REGISTER}}}words").text = reader.digest
    for number in numbers_outside(reader.lines):
        etree.SubElement(root, f"{{{REGISTER}}}number").text = number.key
    for chart in charts:
        element = etree.SubElement(root, f"{{{REGISTER}}}chart")
        for name, text in (("name", chart.name), ("title", chart.title), ("kind", chart.kind)):
            etree.SubElement(element, f"{{{REGISTER}}}{name}").text = text
        for series in chart.series:
            for point in series.points:
                one = etree.SubElement(element, f"{{{REGISTER}}}point")
                said = (("series", series.name), ("label", point.label), ("id", point.id), ("text", point.text))
                for name, text in said:
                    etree.SubElement(one, f"{{{REGISTER}}}{name}").text = text
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    item_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{REGISTER} {hashlib.sha256(data).hexdigest()}")).upper()
    about = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
        '<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" '
        f'ds:itemID="{{{item_id}}}"><ds:schemaRefs><ds:schemaRef ds:uri="{REGISTER}"/></ds:schemaRefs>'
        "</ds:datastoreItem>"
    )
    package = document.part.package
    item = Part(PackURI("/customXml/item1.xml"), "application/xml", data, package)
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    item.relate_to(
        Part(PackURI("/customXml/itemProps1.xml"), kind, about.encode(), package), RELATIONSHIP_TYPE.CUSTOM_XML_PROPS
    )
    document.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


# Reading back


def read_figures(docx: bytes) -> list[FigureInDraft]:
    """Every linked figure of a Word document, in order, as it says now; tracked changes are taken as accepted."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        others = sorted(name for name in package.namelist() if re.fullmatch(r"word/(header|footer)\d*\.xml", name))
    headings = _heading_styles(docx)
    found: list[FigureInDraft] = []
    for name in ("word/document.xml", *others):
        found += _figures_in(_part(docx, name), headings)
    return found


def _figures_in(root: Any, headings: set[str]) -> Iterator[FigureInDraft]:
    heading = ""
    for element in root.iter(f"{_W}p", f"{_W}sdt"):
        if any(ancestor.tag.endswith("}Fallback") for ancestor in element.iterancestors()):
            continue
        if element.tag == f"{_W}p":
            style = element.find(f"{_W}pPr/{_W}pStyle")
            heading = _said(element) if style is not None and style.get(f"{_W}val") in headings else heading
            continue
        tag = element.find(f"{_W}sdtPr/{_W}tag")
        name = tag.get(f"{_W}val", "") if tag is not None else ""
        content = element.find(f"{_W}sdtContent")
        if name.startswith(TAG) and content is not None:
            number = element.find(f"{_W}sdtPr/{_W}id")
            control = int(number.get(f"{_W}val", "0")) if number is not None else 0
            yield FigureInDraft(name.removeprefix(TAG), _said(content), heading, control)


def read_register(docx: bytes) -> tuple[str, dict[str, tuple[str, int]]]:
    """The run that made a document, and what it printed then: text and number of times, by figure id.

    Raises:
        Refused: the document has no register of ours.
    """
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        names = [name for name in package.namelist() if re.fullmatch(r"customXml/item\d+\.xml", name)]
    for root in (_part(docx, name) for name in names):
        if root.tag == f"{{{REGISTER}}}figures":
            figures = {
                figure.findtext(f"{{{REGISTER}}}id"): (
                    figure.findtext(f"{{{REGISTER}}}text"),
                    int(figure.findtext(f"{{{REGISTER}}}times")),
                )
                for figure in root.iter(f"{{{REGISTER}}}figure")
            }
            return root.findtext(f"{{{REGISTER}}}run"), figures
    raise Refused(
        "The document does not say which run made it.",
        why="Its figures cannot be compared with what was printed when it was made.",
        to_do="Edit the draft that the run made, in Word; another program may have dropped the list of its figures.",
    )


def _part(docx: bytes, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return etree.fromstring(package.read(name), parser)


def _heading_styles(docx: bytes) -> set[str]:
    styles = _part(docx, "word/styles.xml").iter(f"{_W}style")
    return {
        style.get(f"{_W}styleId")
        for style in styles
        if re.fullmatch(r"heading \d", style.find(f"{_W}name").get(f"{_W}val", ""), re.IGNORECASE)
    }


def _said(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(f"{_W}t"))
