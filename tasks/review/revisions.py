"""What does a document say with its tracked changes accepted, what did it say before, and who changed it?

Belongs here: the marks in which Word keeps tracked changes (ISO 29500-1, 17.13.5). Does not belong here: figures.

python-docx sees neither tracked changes nor content controls, so elements are read as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from docx.oxml.ns import nsmap

W = f"{{{nsmap['w']}}}"

ADDED = frozenset({f"{W}ins", f"{W}moveTo"})
REMOVED = frozenset({f"{W}del", f"{W}moveFrom"})
_TEXT = frozenset({f"{W}t", f"{W}delText"})
_AS_TEXT = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What other programs show in place of a text box: the same words once more."""
_FORMER_PROPERTIES = frozenset(
    f"{W}{name}Change" for name in ("rPr", "pPr", "tblPr", "tblPrEx", "trPr", "tcPr", "sectPr", "tblGrid", "numbering")
)
_MARKS = frozenset(
    f"{W}{name}{end}"
    for name in (
        "moveFromRange",
        "moveToRange",
        "customXmlInsRange",
        "customXmlDelRange",
        "customXmlMoveFromRange",
        "customXmlMoveToRange",
    )
    for end in ("Start", "End")
)


@dataclass(frozen=True)
class Change:
    """One tracked insertion or deletion, as its writer's program kept it."""

    kind: Literal["inserted", "deleted"]
    text: str
    author: str
    date: str
    """As written in the file: ``2024-08-01T09:30:00Z``; empty where the program left it out."""


def said(element: Any, *, accepted: bool = True) -> str:
    """The text of an element, with its tracked changes accepted, or rejected."""
    return "".join(_pieces(element, REMOVED if accepted else ADDED))


def _pieces(element: Any, left_out: frozenset[str]) -> Iterator[str]:
    for child in element:
        if child.tag in left_out or child.tag == _FALLBACK:
            continue
        if child.tag in _TEXT:
            yield child.text or ""
        elif child.tag in _AS_TEXT and child.getparent().tag == f"{W}r":
            yield _AS_TEXT[child.tag]
        else:
            yield from _pieces(child, left_out)


def changes(element: Any) -> list[Change]:
    """Every tracked insertion and deletion of text within an element, in order."""
    return [
        Change(
            "inserted" if mark.tag in ADDED else "deleted",
            "".join(text.text or "" for text in mark.iter(*_TEXT)),
            mark.get(f"{W}author", ""),
            mark.get(f"{W}date", ""),
        )
        for mark in element.iter(*ADDED, *REMOVED)
        if any(text.text for text in mark.iter(*_TEXT))
    ]


def settle(root: Any) -> None:
    """Accept every tracked change of a part, in place: what was deleted is gone, no mark of a change stays."""
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}del") is not None:
            table = row.getparent()
            table.remove(row)
            if table.tag == f"{W}tbl" and next(table.iter(f"{W}tr"), None) is None:
                table.getparent().remove(table)
    for cell in list(root.iter(f"{W}tc")):
        if cell.find(f"{W}tcPr/{W}cellDel") is not None and len(cell.getparent().findall(f"{W}tc")) > 1:
            cell.getparent().remove(cell)
    for paragraph in list(root.iter(f"{W}p")):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            _join_to_next(paragraph)
    for mark in list(root.iter(*ADDED, *REMOVED, *_MARKS, *_FORMER_PROPERTIES, f"{W}cellIns", f"{W}cellDel")):
        parent = mark.getparent()
        if mark.tag in ADDED:
            for child in list(mark):
                mark.addprevious(child)
        parent.remove(mark)


def _join_to_next(paragraph: Any) -> None:
    """The mark at the end of a paragraph was deleted: its text becomes the beginning of the next one's."""
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p":
        if not said(paragraph) and paragraph.getparent().tag != f"{W}tc":
            paragraph.getparent().remove(paragraph)
        return
    properties = following.find(f"{W}pPr")
    at = 0 if properties is None else 1
    for child in reversed([child for child in paragraph if child.tag != f"{W}pPr"]):
        following.insert(at, child)
    paragraph.getparent().remove(paragraph)
