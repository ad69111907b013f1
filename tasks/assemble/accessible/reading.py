"""What does a Word document hold, block by block, as a program that reads it aloud meets it?

Belongs here: paragraphs, tables and drawings in their order, with the heading they stand under. Does not belong here:
what is wrong with them, and how their letters look (``tasks.assemble.accessible.formatting``).

Tracked deletions are left out; of two ways of showing the same, the first is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from tasks.assemble.accessible.formatting import Styles
from tasks.review.revisions import REMOVED, W

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BOX = f"{W}txbxContent"
_LEFT_OUT = REMOVED | {FALLBACK}
_LOOKED_THROUGH = (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag")
_STORIES = re.compile(r"word/(document|header|footer|footnotes|endnotes)\d*\.xml$")
_NAMED = 80
"""Characters of a heading or a caption that are shown."""


@dataclass(frozen=True)
class Table:
    """One table: its rows as lists of cells, and the heading under which it stands."""

    element: Any
    heading: str
    nested: bool

    @cached_property
    def rows(self) -> list[tuple[Any, list[Any]]]:
        """Every row with its cells."""
        return [(row, list(children(row, f"{W}tc"))) for row in children(self.element, f"{W}tr")]

    @cached_property
    def style(self) -> str:
        """The id of the table's style; empty where it names none."""
        return self.said("tblStyle")

    def said(self, name: str, attribute: str = "val") -> str:
        """One of the table's own properties; empty where it has none of that name."""
        found = self.element.find(f"{W}tblPr/{W}{name}")
        return found.get(f"{W}{attribute}", "") if found is not None else ""

    @property
    def where(self) -> str:
        """Which table this is, for a person who looks for it."""
        name = self.said("tblCaption")
        return f"the table '{name[:_NAMED]}'" if name else f"a table {under(self.heading)}"

    def parts_of(self, row: int, column: int) -> list[str]:
        """Which parts of a table style apply to a cell, those that win first (ISO 29500-1, 17.7.6)."""
        last_row, last_column = len(self.rows) - 1, len(self.rows[row][1]) - 1
        shown = [
            ("firstRow", row == 0),
            ("lastRow", row == last_row),
            ("firstColumn", column == 0),
            ("lastColumn", column == last_column),
        ]
        found = [name.replace("Column", "Col") for name, here in shown if here and self.shows(name)]
        if not self.shows("noHBand"):
            found.append("band1Horz" if (row - self.shows("firstRow")) % 2 == 0 else "band2Horz")
        return [*found, "wholeTable"]

    def shows(self, part: str) -> bool:
        """Does the table mark one of its parts, such as ``firstRow``?"""
        look = self.element.find(f"{W}tblPr/{W}tblLook")
        if look is None:
            return part == "noHBand"
        bits = {"firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100, "noHBand": 0x200}
        own = look.get(f"{W}{part}")
        return own in ("1", "true", "on") if own is not None else bool(int(look.get(f"{W}val", "0"), 16) & bits[part])


@dataclass(frozen=True)
class Cell:
    """The cell in which a paragraph stands."""

    element: Any
    table: Table
    row: int
    column: int

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts of a table style that apply to it."""
        return tuple(self.table.parts_of(self.row, self.column))


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, with what is round it."""

    element: Any
    story: str
    """``document``, ``header``, ``footer``, ``footnotes`` or ``endnotes``."""
    style_id: str | None
    style: str
    """The name of its style, in small letters."""
    level: int
    """1 to 9 for a heading, else 0."""
    heading: str
    number: int
    cell: Cell | None
    box: Any
    """The text box in which it stands, if any."""

    @cached_property
    def runs(self) -> list[Any]:
        """Its runs, without those of text boxes in it."""
        return list(_within(self.element, f"{W}r", stop=BOX))

    @cached_property
    def text(self) -> str:
        """Its text, without field instructions."""
        return "".join(map(text_of, self.runs))

    @cached_property
    def drawings(self) -> list[Any]:
        """Pictures, charts and shapes that are anchored in it."""
        return list(_within(self.element, f"{W}drawing", f"{W}pict", stop=BOX))

    @property
    def where(self) -> str:
        """Where it stands, for a person who looks for it; without its words, which may hold figures."""
        if self.story != "document":
            article = "an" if self.story == "endnotes" else "a"
            return f"in {article} {self.story.removesuffix('s')}"
        if self.level:
            return (
                f"the heading '{self.text[:_NAMED]}'" if self.text.strip() else f"after {self.heading or 'the start'}"
            )
        if self.cell:
            return f"{self.cell.table.where}, row {self.cell.row + 1}, column {self.cell.column + 1}"
        return f"{'in a text box, ' if self.box is not None else ''}{under(self.heading)}, paragraph {self.number}"


def under(heading: str) -> str:
    """Say under which heading something stands."""
    return f"under the heading '{heading[:_NAMED]}'" if heading else "before the first heading"


@dataclass
class Reading:
    """A Word document while it is looked at."""

    parts: Mapping[str, bytes]
    styles: Styles = field(init=False)
    paragraphs: list[Paragraph] = field(default_factory=list, init=False)
    tables: list[Table] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.styles = Styles(self.part("word/styles.xml"))
        for name in sorted(self.parts, key=lambda name: (name != "word/document.xml", name)):
            found = _STORIES.match(name)
            root = self.part(name) if found else None
            if found and root is not None:
                self._heading, self._number = "", 0
                self._walk(root, found[1], None, None)

    def part(self, name: str) -> Any:
        """One part of the package, read; nothing where it has none of that name."""
        return etree.fromstring(self.parts[name]) if name in self.parts else None

    @property
    def body(self) -> Iterator[Paragraph]:
        """Paragraphs of the text itself, in their order; those of tables too, and not those of headers and footers."""
        return (paragraph for paragraph in self.paragraphs if paragraph.story == "document")

    def _walk(self, element: Any, story: str, cell: Cell | None, box: Any) -> None:
        for child in element:
            if child.tag == f"{W}p":
                self._take(child, story, cell, box)
            elif child.tag == f"{W}tbl":
                table = Table(child, self._heading, nested=cell is not None)
                self.tables.append(table)
                for number, (_, cells) in enumerate(table.rows):
                    for column, one in enumerate(cells):
                        self._walk(one, story, Cell(one, table, number, column), box)
            elif child.tag not in _LEFT_OUT and isinstance(child.tag, str) and not child.tag.endswith("Pr"):
                self._walk(child, story, cell, box)

    def _take(self, element: Any, story: str, cell: Cell | None, box: Any) -> None:
        style, level = self.styles.name(element), self.styles.level(element)
        self._number += 1
        one = Paragraph(
            element, story, self.styles.style_of(element), style, level, self._heading, self._number, cell, box
        )
        if level and one.text.strip():
            self._heading, self._number = one.text.strip(), 0
        self.paragraphs.append(one)
        for inner in _within(element, BOX):
            self._walk(inner, story, cell, inner)


def children(element: Any, tag: str) -> Iterator[Any]:
    """Children of a kind, also where a control or a tracked insertion stands between."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _LOOKED_THROUGH:
            yield from children(child, tag)


def text_of(run: Any) -> str:
    """The text of one run as it is read aloud."""
    spaces = (f"{W}tab", f"{W}br", f"{W}cr")
    return "".join(" " if child.tag in spaces else child.text or "" for child in run if child.tag in (f"{W}t", *spaces))


def _within(element: Any, *tags: str, stop: str = "") -> Iterator[Any]:
    for child in element:
        if child.tag in _LEFT_OUT or child.tag == stop:
            continue
        if child.tag in tags:
            yield child
        if child.tag not in tags or child.tag == f"{W}r":
            yield from _within(child, *tags, stop=stop)
