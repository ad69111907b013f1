"""How does a reader of the combined report get from its list of requirements to the section that answers one?

Belongs here: links from one place of a document to another. Does not belong here: the contents, which are a field of
Word's own (``tasks.assemble.combine``).

The words of a link are the heading that it leads to, so that a screen reader says where it goes.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from docx.oxml.ns import nsmap, qn
from lxml import etree

from tasks.assemble.values import LINK_END, LINK_MIDDLE, LINK_START

_W = f"{{{nsmap['w']}}}"
_LINK = re.compile(f"{LINK_START}([^{LINK_MIDDLE}]*){LINK_MIDDLE}([^{LINK_END}]*){LINK_END}")


def link_sections(document: Any, begins: Mapping[str, Any]) -> None:
    """Make every mark of a link a link to the bookmark in the paragraph with which that section begins."""
    style = next((style.style_id for style in document.styles if style.name == "Hyperlink"), "")
    for text in [text for text in document.element.body.iter(f"{_W}t") if LINK_START in (text.text or "")]:
        run = text.getparent()
        properties = run.find(f"{_W}rPr")
        pieces = _LINK.split(text.text)
        for plain, section, title in zip(pieces[::3], [*pieces[1::3], ""], [*pieces[2::3], ""], strict=True):
            if plain:
                run.addprevious(_run(plain, properties))
            if title:
                anchor = _bookmark(begins.get(section))
                linked = _run(title, properties, style if anchor else "")
                if anchor:
                    link = etree.Element(f"{_W}hyperlink", {f"{_W}anchor": anchor, f"{_W}history": "1"})
                    link.append(linked)
                    linked = link
                run.addprevious(linked)
        run.getparent().remove(run)


def _bookmark(paragraph: Any) -> str:
    """The bookmark that the contents have put into a heading; a staff template may begin with something else."""
    mark = None if paragraph is None else paragraph.find(f"{_W}bookmarkStart")
    return "" if mark is None else str(mark.get(f"{_W}name", ""))


def _run(words: str, properties: Any, style: str = "") -> Any:
    run = etree.Element(f"{_W}r")
    if properties is not None:
        run.append(copy.deepcopy(properties))
    elif style:
        about = etree.SubElement(run, f"{_W}rPr")
        etree.SubElement(about, f"{_W}rStyle", {f"{_W}val": style})
    element = etree.SubElement(run, f"{_W}t", {qn("xml:space"): "preserve"})
    element.text = words
    return run
