"""Make a PDF that can be read aloud (PDF/UA) of a Word document, and say on which pages its headings stand.

Belongs here: what LibreOffice is given, and what becomes of its answer. Does not belong here: starting it
(``tasks.assemble.office``), and what is taken out of a draft before it is published (``tasks.review.clean``).

A PDF is never the same bytes twice. So none is made within a run or compared with another; who publishes one keeps it
with its own hash.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from config.errors import Failure
from tasks.assemble import office
from tasks.review.opening import parts_of_draft
from tasks.review.revisions import W, settle

_STORIES = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
_SOME_PAGES = {f"_Toc{number:04}": 10 for number in range(1, 1000)}
_COMMENTS = tuple(f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))
_OPTIONS: dict[str, bool | int] = {
    "PDFUACompliance": True,
    "UseTaggedPDF": True,
    "SelectPdfVersion": 17,  # PDF/UA-1 is defined over PDF 1.7
    "ExportNotes": False,
    "ExportBookmarks": True,
    "ExportBookmarksToPDFDestination": True,
    "UseReferenceXObject": False,
}


def pdf_of(data: bytes, name: str) -> bytes:
    """A Word document as a PDF/UA: its text with tracked changes accepted, and without comments.

    A draft stays marked as a draft. Nothing in the document can make LibreOffice fetch anything.

    Raises:
        Refused: the document is not safe to open, or LibreOffice is not installed.
        Failure: LibreOffice did not make a PDF, took too long, or made one that cannot be read aloud.
    """
    made = office.to_pdf(_for_print(parts_of_draft(data, name)), _OPTIONS)
    lacking = [words for words, mark in _MARKS.items() if mark not in made]
    if lacking:
        raise Failure(
            f"The PDF that LibreOffice made has no {' and no '.join(lacking)}.",
            where=name,
            why="A screen reader could not read it.",
            to_do="Install LibreOffice 7.4 or later, or save the document as PDF in Word with 'Document structure "
            "tags for accessibility' ticked.",
        )
    return made


_MARKS = {
    "tags": b"/MarkInfo<</Marked true>>",
    "mark as PDF/UA": b"<pdfuaid:part>1</pdfuaid:part>",
    "language": b"/Lang(",
}
"""What a PDF that can be read aloud has (ISO 14289-1, 5 and 7.1), as LibreOffice writes it."""


def can_number_pages() -> bool:
    """Are the programs there that say on which page a heading stands?"""
    return office.is_installed() and office.has_poppler()


def with_page_numbers(make: Callable[[Mapping[str, int]], bytes], name: str) -> bytes:
    """The document that ``make`` makes of its bookmarks' pages: once to be laid out, then with the pages found.

    Where a program for it is not installed, it is made without them. The same bytes on the same machine.

    Raises:
        Failure: LibreOffice did not lay it out, or took too long.
    """
    if not can_number_pages():
        return make({})
    # With some number behind every line, so that the contents are as long as they will be.
    return make(pages_of_bookmarks(make(_SOME_PAGES), name))


def pages_of_bookmarks(data: bytes, name: str) -> dict[str, int]:
    """On which page each bookmark of a document stands, as LibreOffice lays it out; by the bookmarks' names.

    The layout needs fonts as wide as Arial (Liberation Sans). Nothing where a program for it is not installed.

    Raises:
        Refused: the document is not safe to open.
        Failure: LibreOffice did not lay it out, or took too long.
    """
    if not can_number_pages():
        return {}
    made = office.to_pdf(_for_print(parts_of_draft(data, name)), _OPTIONS)
    found = re.findall(r'^\s*(\d+)\s+\[.*?\]\s+"(.*)"\s*$', office.destinations(made), re.MULTILINE)
    return {_bookmark(destination): int(page) for page, destination in found}


def _bookmark(destination: str) -> str:
    """LibreOffice writes what is no letter or digit as its code: ``_Toc0001`` becomes ``5FToc0001``."""
    return f"_{destination.removeprefix('5F')}" if destination.startswith("5F") else destination


def _for_print(parts: Mapping[str, bytes]) -> bytes:
    """The document without controls, tracked changes and comments: LibreOffice lays all text out the same way then."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, _plain(part) if _STORIES.match(name) else part)
    return out.getvalue()


def _plain(part: bytes) -> bytes:
    root: Any = etree.fromstring(part)
    settle(root)
    for mark in list(root.iter(*_COMMENTS)):
        mark.getparent().remove(mark)
    for control in list(root.iter(f"{W}sdt")):
        for content in control.findall(f"{W}sdtContent"):
            for child in list(content):
                control.addprevious(child)
        control.getparent().remove(control)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
