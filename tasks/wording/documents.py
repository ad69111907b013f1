"""Read the words of a Word document, as passages: headings by their styles, points by their lists, links as links.

Belongs here: getting at a document's paragraphs in their order, within the limits of ``tasks.gather.safe``. Does not
belong here: a return's fields (``tasks.gather.form``) and what is wrong with the words (the checks).

Tracked insertions count as written, deletions do not; text in content controls and tables is read where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from config.errors import Refused
from tasks.gather import safe
from tasks.wording.passages import Kind, Outline, Passage

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED = {f"{_W}del", f"{_W}moveFrom", _FALLBACK}
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}


def from_docx(data: bytes, name: str = "") -> list[Passage]:
    """Passages of a Word document.

    Raises:
        Refused: it is no Word document, or cannot be opened within the limits.
    """
    body, styles, links = _opened(data, name)
    levels, points = _styles(styles)
    outline = Outline(name, "paragraph")
    for number, paragraph in enumerate(body.iter(f"{_W}p"), 1):
        if any(one.tag in _DELETED for one in paragraph.iterancestors()):
            continue
        text = " ".join(_text(paragraph, links).split(" ")).strip()
        if not text:
            continue
        style = _value(paragraph, "pPr/pStyle")
        level = levels.get(style, 0)
        kind: Kind = "heading" if level else "contents" if re.match(r"(?i)toc", style) else "paragraph"
        if kind == "paragraph" and (style in points or paragraph.find(f"{_W}pPr/{_W}numPr") is not None):
            kind = "point"
        outline.add(number, text, kind, level, _begins_bold(paragraph))
    return outline.passages


def _opened(data: bytes, name: str) -> tuple[Any, Any, dict[str, str]]:
    from lxml import etree

    parts = safe.parts_of(data) if safe.kind_of(data) == "archive" else {}
    wanted = ("word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels")
    if wanted[0] not in parts or any(safe.declares(parts.get(one, b"")) for one in wanted):
        raise _not_word(name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        document, styles, relations = (etree.fromstring(parts.get(one) or b"<none/>", parser) for one in wanted)
    except etree.XMLSyntaxError:
        raise _not_word(name) from None
    return document, styles, {one.get("Id", ""): one.get("Target", "") for one in relations}


def _not_word(name: str) -> Refused:
    return Refused(
        "This is no Word document that can be opened.",
        where=name or "the document",
        why="Nothing of it was checked.",
        to_do="Save it from Word as .docx, without a password, and try again.",
    )


def _value(element: Any, path: str) -> str:
    found = element.find("/".join(f"{_W}{one}" for one in path.split("/")))
    return "" if found is None else str(found.get(f"{_W}val", ""))


def _styles(styles: Any) -> tuple[dict[str, int], set[str]]:
    """Levels of heading styles by id, and ids of list styles."""
    levels, points = {}, set()
    for style in styles.iter(f"{_W}style"):
        id_, name = style.get(f"{_W}styleId", ""), _value(style, "name").casefold()
        if found := re.fullmatch(r"heading (\d)", name):
            levels[id_] = int(found[1])
        elif name == "title":
            levels[id_] = 1
        elif (outline := _value(style, "pPr/outlineLvl")).isdecimal() and int(outline) < 9:
            levels[id_] = int(outline) + 1
        elif name.startswith("list") or style.find(f"{_W}pPr/{_W}numPr") is not None:
            points.add(id_)
    return levels, points


def _text(paragraph: Any, links: dict[str, str]) -> str:
    return "".join(_pieces(paragraph, links))


def _pieces(element: Any, links: dict[str, str]) -> Iterator[str]:
    """Text in its order; of a link its words and, as in ``[words](address)``, where it leads."""
    for child in element:
        if child.tag in _DELETED or child.tag == f"{_W}p":
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == f"{_W}hyperlink" and child.get(f"{_R}id"):
            yield f"[{''.join(_pieces(child, links))}]({links.get(child.get(f'{_R}id'), '')})"
        else:
            yield from _pieces(child, links)


def _begins_bold(paragraph: Any) -> bool:
    run = next(paragraph.iter(f"{_W}r"), None)
    return run is not None and run.find(f"{_W}rPr/{_W}b") is not None
