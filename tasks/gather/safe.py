"""Is it safe to open this file, and is it what its name says?

Belongs here: everything that is refused before a parser sees a file: what it really is (told by its content, never by
its name), size, passwords, macros, archives made to fill a machine's memory, XML with declarations of its own, sheets
with cells absurdly far out. Does not belong here: reading (``tasks.gather.sheets``, ``form``, ``text``).

Nothing is ever written to disk under a name that came with a file, and no link in a file is followed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from lxml import etree

from tasks.gather.collect import Collector, NotTaken

MEBIBYTE = 1024 * 1024
MOST_BYTES = {"workbook": 25 * MEBIBYTE, "form": 25 * MEBIBYTE, "text": 50 * MEBIBYTE}
MOST_PARTS = 600
MOST_UNPACKED = 100 * MEBIBYTE
MOST_RATIO = 200
"""How many times larger than packed the content may be, once it is larger than a mebibyte."""
LAST_ROW, LAST_COLUMN, MOST_CELLS, MOST_MERGED = 20_000, 500, 500_000, 2_000

Wanted = Literal["workbook", "form", "text"]
Kind = str
"""What a file is, by its content: a name in ``WORDS``."""
WORDS: dict[str, str] = {
    "xlsx": "an Excel workbook",
    "ods": "an OpenDocument spreadsheet",
    "docx": "a Word document",
    "macros": "an Office document with macros",
    "archive": "a zip archive",
    "password": "an Office document with a password",
    "old_office": "an Office document of the kind used before 2007",
    "html": "a web page",
    "pdf": "a PDF",
    "rtf": "rich text",
    "binary": "neither text nor a document that we know",
    "utf16": "text of the kind that Excel calls Unicode Text",
    "text": "plain text",
    "template": "an Office template",
}
TO_DO: dict[str, str] = {
    "macros": "Save it without macros (as .xlsx or .docx) and send it again.",
    "password": "Take the password off (File, Info, Protect) and send it again by a secure way.",
    "old_office": "Open it, save it as .xlsx or .docx, and send it again.",
    "utf16": "Save it as 'CSV UTF-8' and send it again.",
    "html": "The system that made it saves a web page under another name. Open it in Excel, save it as .xlsx or CSV, "
    "and send it again.",
}
FITS = {"workbook": {"xlsx", "ods"}, "form": {"docx"}, "text": {"text"}}

Parts = Mapping[str, bytes]
"""The parts of an Office document by name."""

_MAIN = {
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.template.main+xml": "template",
    b"wordprocessingml.template.main+xml": "template",
}
_MACROS = re.compile(r"vbaproject|/macrosheets/|/activex/|^basic/|^scripts/", re.IGNORECASE)
_DAMAGE = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, OSError, zlib.error)
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def document(collect: Collector, data: bytes, wanted: Literal["workbook", "form"]) -> tuple[Kind, Parts]:
    """Open an Office document and give its kind and its parts.

    Raises:
        NotTaken: it is not what was wanted, or not safe to read.
    """
    check_size(collect, data, wanted)
    kind = kind_of(data)
    if kind != "archive":
        raise _wrong_kind(collect, kind, wanted)
    parts = _unpacked(collect, data)
    kind = _kind_of_parts(parts)
    if kind not in FITS[wanted]:
        raise _wrong_kind(collect, kind, wanted)
    for name, part in parts.items():
        _check_xml(collect, name, part)
    return kind, parts


def parts_of(data: bytes) -> Parts:
    """All parts of an archive; none where it is damaged, too large or made to do harm."""
    if len(data) > MOST_BYTES["form"]:
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if _suspicious(entries, len(data)):
                return {}
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except _DAMAGE:
        return {}


def declares(part: bytes) -> bool:
    """Does a part declare entities of its own?"""
    return bool(_DECLARATION.search(part))


def check_text(collect: Collector, data: bytes) -> None:
    """Refuse what is not plain text.

    Raises:
        NotTaken: it is something else, or too large.
    """
    check_size(collect, data, "text")
    kind = kind_of(data)
    if kind != "text":
        raise _wrong_kind(collect, _kind_of_archive(data) if kind == "archive" else kind, "text")


def check_size(collect: Collector, data: bytes, wanted: Wanted) -> None:
    """Refuse what is empty or far larger than a return can be."""
    if not data:
        raise collect.not_taken(
            "empty",
            "The file is empty: it has no bytes at all.",
            "Everything in it is missing from the register.",
            "Save it again and send it again; it may have been sent before it was saved.",
        )
    if len(data) > MOST_BYTES[wanted]:
        raise collect.not_taken(
            "unreadable",
            f"The file is larger than {MOST_BYTES[wanted] // MEBIBYTE} MB.",
            "A return has a few hundred rows. A larger file holds something else, or is made to stop the system.",
            "Send the return without pictures and other sheets.",
        )


def kind_of(data: bytes) -> Kind:
    """What is it, by its content? An Office document is an ``archive`` until it is unpacked."""
    start = data[:4096]
    signs: list[tuple[bool, Kind]] = [
        (start.startswith((b"PK\x03\x04", b"PK\x05\x06")), "archive"),
        (
            start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            "password" if "EncryptedPackage".encode("utf-16-le") in data else "old_office",
        ),
        (start.startswith(b"%PDF"), "pdf"),
        (start.startswith(b"{\\rtf"), "rtf"),
        (bool(re.search(rb"<(?:!doctype\s+html|html|table|meta)\b|^mime-version:", start, re.IGNORECASE)), "html"),
        (start.startswith((b"\xff\xfe", b"\xfe\xff")), "utf16"),
        (b"\0" in data, "binary"),
    ]
    return next((kind for holds, kind in signs if holds), "text")


def _wrong_kind(collect: Collector, kind: Kind, wanted: Wanted) -> NotTaken:
    needed = {"workbook": "an Excel workbook (.xlsx)", "form": "a Word document (.docx)", "text": "a CSV text file"}[
        wanted
    ]
    why = "Nothing can be read from it, so its figures are missing from the register and the draft."
    if kind == "macros":
        why = "Macros can do harm on the machines of everybody who opens the file, so it is not read."
    return collect.not_taken(
        "unreadable",
        f"The file is {WORDS[kind]}, and should be {needed}.",
        why,
        TO_DO.get(kind, f"Send it again as {needed}."),
    )


def _damaged(collect: Collector) -> NotTaken:
    return collect.not_taken(
        "unreadable",
        "The file is damaged or cut short.",
        "Nothing can be read from it.",
        "Open it, save it under a new name and send that. If it does not open, send an earlier copy.",
    )


def _hostile(collect: Collector, what: str) -> NotTaken:
    return collect.not_taken(
        "unreadable",
        f"The file was not opened: {what}.",
        "Ordinary Office files are never like this; files made to do harm are.",
        "Open it in Office, save it under a new name and send that. If you did not make it, tell your IT service.",
    )


def _unpacked(collect: Collector, data: bytes) -> Parts:
    """All parts of an archive, once it is certain that they fit in memory and hide nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if reason := _suspicious(entries, len(data)):
                raise _hostile(collect, reason)
            # A lying header cannot unpack more than it declares: zipfile stops at the declared size and checks the CRC.
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except _DAMAGE:
        raise _damaged(collect) from None


def _suspicious(entries: list[zipfile.ZipInfo], size: int) -> str:
    unpacked = sum(entry.file_size for entry in entries)
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    signs = [
        (len(entries) > MOST_PARTS, f"it has more than {MOST_PARTS} parts"),
        (unpacked > MOST_UNPACKED, f"it would unpack to more than {MOST_UNPACKED // MEBIBYTE} MB"),
        (unpacked > MEBIBYTE and unpacked > MOST_RATIO * size, "it would unpack to many hundred times its size"),
        (len({entry.filename.casefold() for entry in entries}) < len(entries), "two of its parts have the same name"),
        (any(_bad_name(entry.filename) for entry in entries), "parts of it have names that lead out of it"),
        (
            any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries),
            "it is packed in a way that Office does not use",
        ),
        (any(entry.flag_bits & 1 for entry in entries), "parts of it have a password"),
        (
            any(
                one.header_offset + one.compress_size > two.header_offset
                for one, two in zip(ordered, ordered[1:], strict=False)
            ),
            "its parts overlap",
        ),
    ]
    return next((reason for holds, reason in signs if holds), "")


def _bad_name(name: str) -> bool:
    return "\\" in name or ":" in name or name.startswith("/") or ".." in PurePosixPath(name).parts


def _kind_of_archive(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError):
        return "archive"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if "word/document.xml" in names else "archive"


def _kind_of_parts(parts: Parts) -> Kind:
    types = parts.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or any(_MACROS.search(name) for name in parts):
        return "macros"
    for sign, kind in _MAIN.items():
        if sign in types:
            return kind
    if parts.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "password" if b"encryption-data" in parts.get("META-INF/manifest.xml", b"") else "ods"
    return "archive"


def _check_xml(collect: Collector, name: str, part: bytes) -> None:
    """Refuse XML that declares entities, or is written in an encoding that would hide it."""
    named = name.lower().endswith((".xml", ".rels", ".vml"))
    if not named and not part[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    encoding = _ENCODING.match(part[:256].lstrip(b"\xef\xbb\xbf \t\r\n"))
    other = b"\0" in part[:64] or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"))
    if other and not name.startswith("customXml/"):  # what other programs keep for themselves there is never parsed
        raise _hostile(collect, "a part of it is written in an encoding that Office does not use")
    if _DECLARATION.search(part):
        raise _hostile(collect, "a part of it declares entities (DOCTYPE)")


def parse_xml(collect: Collector, part: bytes) -> Any:
    """The root of a part, with nothing expanded, fetched or validated.

    Raises:
        NotTaken: it is not well formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        raise _damaged(collect) from None


@dataclass(frozen=True)
class SheetPart:
    """One worksheet of an Excel workbook, as far as it can be told without reading its cells' values."""

    name: str
    hidden: bool
    last_row: int
    last_column: int
    merged: tuple[tuple[int, int, int, int], ...]
    """First row, first column, last row, last column."""
    unsaved: frozenset[tuple[int, int]]
    """Cells with a formula whose result was not saved."""


def sheet_parts(collect: Collector, parts: Parts) -> list[SheetPart]:
    """Look through every worksheet before it is read.

    Raises:
        NotTaken: a sheet is too large, or has a cell absurdly far out.
    """
    root = parse_xml(collect, _part(collect, parts, "xl/workbook.xml"))
    if "purl.oclc.org" in (etree.QName(root).namespace or ""):
        raise collect.not_taken(
            "unreadable",
            "The file is saved as 'Strict Open XML'.",
            "Few programs read it, and this one does not.",
            "Save it as 'Excel Workbook (.xlsx)' and send it again.",
        )
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in parse_xml(collect, _part(collect, parts, "xl/_rels/workbook.xml.rels"))
        if relation.get("Type", "").endswith("/worksheet")
    }
    found = []
    for sheet in root.iter("{*}sheet"):
        if target := targets.get(sheet.get(_RELATION)):
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            hidden = sheet.get("state", "visible") != "visible"
            found.append(_scan(collect, sheet.get("name", ""), hidden, _part(collect, parts, path)))
    return found


def _part(collect: Collector, parts: Parts, name: str) -> bytes:
    if name not in parts:
        raise _damaged(collect)
    return parts[name]


def _scan(collect: Collector, name: str, hidden: bool, part: bytes) -> SheetPart:
    last_row = last_column = count = 0
    merged, unsaved = [], set()
    for element in _elements(collect, part):
        count += 1
        if etree.QName(element).localname == "mergeCell":
            merged.append(_range(collect, element.get("ref", "")))
            continue
        row, column = _position(collect, element.get("r", ""))
        filled = {etree.QName(child).localname for child in element if isinstance(child.tag, str)}
        if filled:
            last_row, last_column = max(last_row, row), max(last_column, column)
        if "f" in filled and not element.findtext("{*}v"):
            unsaved.add((row, column))
        if count > MOST_CELLS or last_row > LAST_ROW or last_column > LAST_COLUMN:
            raise too_large(collect, name, element.get("r", ""))
    if len(merged) > MOST_MERGED:
        raise too_large(collect, name, "A1")
    return SheetPart(name, hidden, last_row, last_column, tuple(merged), frozenset(unsaved))


def _elements(collect: Collector, part: bytes) -> Iterator[Any]:
    try:
        for _, element in etree.iterparse(
            io.BytesIO(part), tag=("{*}c", "{*}mergeCell"), resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
            element.clear()
    except etree.XMLSyntaxError:
        raise _damaged(collect) from None


def too_large(collect: Collector, sheet: str, cell: str) -> NotTaken:
    """Refuse a sheet for its size; ``cell`` is where that showed."""
    return collect.not_taken(
        "unreadable",
        "A sheet is far larger than a return can be: it has a filled cell very far out, or too many cells.",
        "A stray cell at the end of a sheet makes programs ask for more memory than a machine has.",
        f"Look at cell {cell} (Ctrl+End goes to the last), delete the rows and columns after the table, save, and send "
        "it again.",
        collect.where(sheet, cell),
    )


_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def _position(collect: Collector, ref: str) -> tuple[int, int]:
    """Row and column of ``C7``: (7, 3)."""
    found = _CELL.fullmatch(ref)
    if not found:
        raise _damaged(collect)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _range(collect: Collector, ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    return (*_position(collect, first), *_position(collect, last or first))
