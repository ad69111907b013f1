"""What does an edited document say, part by part, and where in it do its figures stand?

Belongs here: the parts that hold text, the controls that hold figures, headings, and writing parts back. Does not
belong here: what may be in a document (``tasks.review.opening``), and tracked changes (``tasks.review.revisions``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from tasks.assemble.figures import REGISTER
from tasks.assemble.values import TAG
from tasks.review.opening import MAIN
from tasks.review.revisions import W, said

_STORY = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_REGISTER = re.compile(r"customXml/item\d+\.xml")
_SHOWN_TWICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NUMBERED = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")


@dataclass(frozen=True)
class FigureControl:
    """One control that holds a figure, with the elements that it is made of."""

    figure: str
    control: Any
    content: Any
    where: str
    """The heading that it stands under; for headers and footers, what they are."""
    again: bool
    """Is it the copy of a text box that other programs than Word show?"""


def stories(parts: Mapping[str, bytes]) -> dict[str, Any]:
    """The parts that hold text, parsed, the body first."""
    names = sorted((name for name in parts if _STORY.fullmatch(name)), key=lambda name: (name != MAIN, name))
    return {name: parsed(parts[name]) for name in names}


def parsed(part: bytes) -> Any:
    """The root of a part that was found to be safe."""
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def written(root: Any) -> bytes:
    """A part as bytes: the same from the same root."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def register_in(parts: Mapping[str, bytes]) -> tuple[str, Any] | None:
    """The name and root of the part in which a draft keeps which figures it prints; nothing where it was lost."""
    for name in sorted(filter(_REGISTER.fullmatch, parts)):
        root = parsed(parts[name])
        if root.tag == f"{{{REGISTER}}}figures":
            return name, root
    return None


def headings(parts: Mapping[str, bytes]) -> frozenset[str]:
    """Ids of the styles that are headings."""
    if "word/styles.xml" not in parts:
        return frozenset()
    return frozenset(
        style.get(f"{W}styleId", "")
        for style in parsed(parts["word/styles.xml"]).iter(f"{W}style")
        if (name := style.find(f"{W}name")) is not None
        and re.fullmatch(r"heading \d", name.get(f"{W}val", ""), re.IGNORECASE)
    )


def figure_controls(story: str, root: Any, of_headings: frozenset[str]) -> Iterator[FigureControl]:
    """Every control of a part that holds a figure, in order."""
    place = story.removeprefix("word/").removesuffix(".xml").rstrip("0123456789")
    where = "" if story == MAIN else f"the {place}"
    for element in root.iter(f"{W}p", f"{W}sdt"):
        if element.tag == f"{W}p":
            style = element.find(f"{W}pPr/{W}pStyle")
            if style is not None and style.get(f"{W}val") in of_headings:
                where = said(element).strip() or where
            continue
        tag, content = element.find(f"{W}sdtPr/{W}tag"), element.find(f"{W}sdtContent")
        name = tag.get(f"{W}val", "") if tag is not None else ""
        if name.startswith(TAG) and content is not None:
            again = next(element.iterancestors(_SHOWN_TWICE), None) is not None
            yield FigureControl(name.removeprefix(TAG), element, content, where, again)


def next_number(roots: Mapping[str, Any]) -> int:
    """A number that no tracked change of a document has."""
    names = [f"{W}{name}" for name in _NUMBERED]
    numbers = [mark.get(f"{W}id", "0") for root in roots.values() for mark in root.iter(*names)]
    return max((int(number) for number in numbers if number.isdecimal()), default=0) + 1
