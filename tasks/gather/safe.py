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
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Literal

from lxml import etree

from tasks.gather.collect import FileProblems, NotTaken

MEBIBYTE = 1024 * 1024
MOST_BYTES = {"workbook": 25 * MEBIBYTE, "form": 25 * MEBIBYTE, "draft": 25 * MEBIBYTE, "text": 50 * MEBIBYTE}
MOST_PARTS = 600
MOST_UNPACKED = 100 * MEBIBYTE
MOST_RATIO = 200
"""How many times larger than packed the content may be, once it is larger than a mebibyte."""
LAST_ROW, LAST_COLUMN, MOST_CELLS, MOST_MERGED = 20_000, 500, 500_000, 2_000

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Wanted = Literal["workbook", "form", "draft", "text"]
"""Three kinds of return, or a draft that comes back from an editor."""
Kind = str
"""What a file is, by its content: a name in ``WORDS``."""
WORDS: dict[str, str] = {
    "xlsx": "an Excel workbook",
    "xlsm": "an Excel workbook",
    "xlsb": "a binary Excel workbook",
    "xls": "an Excel workbook of the kind used before 2007",
    "ods": "an OpenDocument spreadsheet",
    "docx": "a Word document",
    "docm": "a Word document",
    "macros": "an Office document with macros or controls of the kind that runs when it is opened",
    "archive": "a zip archive",
    "password": "an Office document with a password",
    "doc": "a Word document of the kind used before 2007",
    "old_office": "an Office document of the kind used before 2007, cut short or of another program",
    "html": "a web page",
    "pdf": "a PDF",
    "rtf": "rich text",
    "binary": "neither text nor a document that we know",
    "utf16": "text of the kind that Excel calls Unicode Text",
    "text": "plain text",
    "template": "an Office template",
}
TO_DO: dict[str, str] = {
    "macros": "Save it as .xlsx or .docx, which leaves them out, and send that.",
    "password": "Take the password off (File, Info, Protect) and send it again by a secure way.",
    "doc": "Open it, save it as .docx, and send it again.",
    "old_office": "Open it, save it as .xlsx or .docx, and send it again.",
    "html": "The system that made it saves a web page under another name. Open it in Excel, save it as .xlsx or CSV, "
    "and send it again.",
}
FITS = {
    "workbook": {"xlsx", "xlsm", "xls", "xlsb", "ods"},
    "form": {"docx", "docm"},
    "draft": {"docx"},
    "text": {"text", "utf16"},
}
_LOST = "Nothing can be read from it, so its figures are missing from the register and the draft."
_LOST_DRAFT = "Nothing was taken from it. The draft that the system has stays as it was."

Parts = Mapping[str, bytes]
"""The parts of an Office document by name."""

_MAIN = {
    b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    b"ms-excel.sheet.macroenabled.main+xml": "xlsm",
    b"ms-excel.sheet.binary.macroenabled.main": "xlsb",
    b"openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"ms-word.document.macroenabled.main+xml": "docm",
    b"template.main+xml": "template",
    b"template.macroenabled": "template",
}
"""Kinds by the content type of the main part."""
_RUNS_ITSELF = re.compile(r"/macrosheets/|/activex/", re.IGNORECASE)
_MACROS = re.compile(r"vbaproject|^basic/|^scripts/", re.IGNORECASE)
_LINKED = re.compile(r"^xl/(?:externallinks/|connections\.)", re.IGNORECASE)
_LINK_OUT = re.compile(rb"<Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>")
_DAMAGE = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, OSError, zlib.error)
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BEYOND_LIMITS = 114
"""libxml2's XML_ERR_RESOURCE_LIMIT: 256 elements within each other, or ten million bytes of text in one."""
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)


def document(collect: FileProblems, data: bytes, wanted: Literal["workbook", "form", "draft"]) -> tuple[Kind, Parts]:
    """Open an Office document and give its kind and its parts; of one from before 2007, which has none, its kind.

    Raises:
        NotTaken: it is not what was wanted, or not safe to read.
    """
    check_size(collect, data, wanted)
    kind = kind_of(data)
    if kind in FITS[wanted]:
        return kind, {}
    if kind != "archive":
        raise wrong_kind(collect, kind, wanted)
    parts = _unpacked(collect, data)
    kind = _kind_of_parts(parts)
    if kind not in FITS[wanted]:
        raise wrong_kind(collect, kind, wanted)
    for name, part in parts.items():
        _check_xml(collect, name, part)
    if has_macros(parts):
        if wanted == "draft":
            raise wrong_kind(collect, "docm", wanted)
        tell_macros(collect)
    if any(_LINKED.search(name) or _leads_out(name, part) for name, part in parts.items()):
        tell_links(collect)
    return kind, parts


def has_macros(parts: Parts) -> bool:
    """Is there a part that holds macros, whatever the document says that it is?"""
    return any(_MACROS.search(name) for name in parts)


def tell_macros(collect: FileProblems) -> None:
    """Say that a file has macros, which are never run."""
    collect.problem(
        "The file has macros.",
        collect.name,
        "Its values were read and no macro was run. Macros can do harm on the machine of everybody who opens the file.",
        "Save it as .xlsx or .docx, which leaves them out, unless they are needed.",
        "look_at",
    )


def tell_links(collect: FileProblems) -> None:
    """Say that a file takes something from elsewhere, which is never fetched."""
    collect.problem(
        "The file has links to other files or to a database.",
        collect.name,
        "No link was followed: values that come by one are as they were when the file was last saved.",
        "Check that they are up to date; before sending, break the links (Data, Edit Links) so that the values stay.",
        "information",
    )


def _leads_out(name: str, part: bytes) -> bool:
    """Does a part take something from outside when it is opened? A hyperlink waits until somebody follows it."""
    if name == "content.xml":
        return b"<table:table-source" in part
    return name.endswith(".rels") and any(b"/hyperlink" not in link[0] for link in _LINK_OUT.finditer(part))


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


def check_text(collect: FileProblems, data: bytes) -> None:
    """Refuse what is not plain text.

    Raises:
        NotTaken: it is something else, or too large.
    """
    check_size(collect, data, "text")
    kind = kind_of(data)
    if kind not in FITS["text"]:
        raise wrong_kind(collect, _kind_of_archive(data) if kind == "archive" else kind, "text")


_SIZE = dict.fromkeys(MOST_BYTES, "A return has a few hundred rows.") | {
    "draft": "A report with photographs of the size in which they are printed is far smaller."
}
_SMALLER = dict.fromkeys(MOST_BYTES, "Send the return without pictures and other sheets.") | {
    "draft": "Make its pictures smaller (Picture Format, Compress Pictures, All pictures) and send it again."
}


def check_size(collect: FileProblems, data: bytes, wanted: Wanted) -> None:
    """Refuse what is empty or far larger than a return can be."""
    if not data:
        raise collect.not_taken(
            "empty",
            "The file is empty: it has no bytes at all.",
            _LOST_DRAFT if wanted == "draft" else "Everything in it is missing from the register.",
            "Save it again and send it again; it may have been sent before it was saved.",
        )
    if len(data) > MOST_BYTES[wanted]:
        raise collect.not_taken(
            "unreadable",
            f"The file is larger than {MOST_BYTES[wanted] // MEBIBYTE} MB.",
            f"{_SIZE[wanted]} A larger file holds something else, or is made to stop the system.",
            _SMALLER[wanted],
        )


def kind_of(data: bytes) -> Kind:
    """What is it, by its content? An Office document is an ``archive`` until it is unpacked."""
    start = data[:4096]
    signs: list[tuple[bool, Kind]] = [
        (start.startswith((b"PK\x03\x04", b"PK\x05\x06")), "archive"),
        (start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _kind_of_old(data)),
        (start.startswith(b"%PDF"), "pdf"),
        (start.startswith(b"{\\rtf"), "rtf"),
        (bool(re.search(rb"<(?:!doctype\s+html|html|table|meta)\b|^mime-version:", start, re.IGNORECASE)), "html"),
        (start.startswith((b"\xff\xfe", b"\xfe\xff")), "utf16"),
        (b"\0" in data, "binary"),
    ]
    return next((kind for holds, kind in signs if holds), "text")


def _kind_of_old(data: bytes) -> Kind:
    """By the names of what it holds, which stand in it as they are."""
    names = {"EncryptedPackage": "password", "Workbook\0": "xls", "Book\0": "xls", "WordDocument": "doc"}
    found = (kind for name, kind in names.items() if name.encode("utf-16-le") in data)
    return next(found, "old_office")


_NEEDED: dict[Wanted, str] = {
    "workbook": "an Excel workbook (.xlsx)",
    "form": "a Word document (.docx)",
    "draft": "a Word document (.docx)",
    "text": "a CSV text file",
}


def wrong_kind(collect: FileProblems, kind: Kind, wanted: Wanted) -> NotTaken:
    """Refuse what is not what was wanted."""
    what = f"The file is {WORDS[kind]}, and should be {_NEEDED[wanted]}."
    why = _LOST_DRAFT if wanted == "draft" else _LOST
    to_do = TO_DO.get(kind, f"Send it again as {_NEEDED[wanted]}.")
    if kind == "password":
        what = "The file has a password."
    elif kind == "macros":
        what = "The file has Excel 4 macros or ActiveX controls, which can run as soon as it is opened."
        why = "They can do harm on the machines of everybody who opens the file, so it is not read."
    elif kind == "docm" and wanted == "draft":
        what = "The file has macros, or is of the kind that may have them (.docm)."
        why = "Macros can do harm on the machines of everybody who opens the file, and a report needs none."
        to_do = "Save it as 'Word Document (.docx)', which leaves them out, and send that."
    elif kind in ("html", "template") and wanted == "draft":
        to_do = "Open it in Word, save it as 'Word Document (.docx)', and send that."
    return collect.not_taken("unreadable", what, why, to_do)


def unreadable_workbook(collect: FileProblems) -> NotTaken:
    """Refuse what is a workbook by all that can be seen, and cannot be read by the library that reads its kind."""
    return collect.not_taken(
        "unreadable",
        "The workbook cannot be read, although it is an Excel workbook.",
        "Its figures are missing from the register and the draft.",
        "Open it in Excel, save it under a new name as .xlsx, and send that.",
    )


def damaged(collect: FileProblems) -> NotTaken:
    """Refuse what is broken."""
    return collect.not_taken(
        "unreadable",
        "The file is damaged or cut short.",
        "Nothing can be read from it.",
        "Open it, save it under a new name and send that. If it does not open, send an earlier copy.",
    )


def hostile(collect: FileProblems, what: str) -> NotTaken:
    """Refuse what no Office program makes; ``what`` follows "it was not opened:"."""
    return collect.not_taken(
        "unreadable",
        f"The file was not opened: {what}.",
        "Ordinary Office files are never like this; files made to do harm are.",
        "Open it in Office, save it under a new name and send that. If you did not make it, tell your IT service.",
    )


def _unpacked(collect: FileProblems, data: bytes) -> Parts:
    """All parts of an archive, once it is certain that they fit in memory and hide nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if reason := _suspicious(entries, len(data)):
                raise hostile(collect, reason)
            # A lying header cannot unpack more than it declares: zipfile stops at the declared size and checks the CRC.
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except _DAMAGE:
        raise damaged(collect) from None


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
    types = parts.get("[Content_Types].xml", b"").lower()
    if b"macrosheet" in types or b"activex" in types or any(_RUNS_ITSELF.search(name) for name in parts):
        return "macros"
    for sign, kind in _MAIN.items():
        if sign in types:
            return kind
    if parts.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "password" if b"encryption-data" in parts.get("META-INF/manifest.xml", b"") else "ods"
    return "archive"


def _check_xml(collect: FileProblems, name: str, part: bytes) -> None:
    """Refuse XML that declares entities, or is written in an encoding that would hide it."""
    named = name.lower().endswith((".xml", ".rels", ".vml"))
    if not named and not part[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    encoding = _ENCODING.match(part[:256].lstrip(b"\xef\xbb\xbf \t\r\n"))
    other = b"\0" in part[:64] or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"))
    if other and not name.startswith("customXml/"):  # what other programs keep for themselves there is never parsed
        raise hostile(collect, "a part of it is written in an encoding that Office does not use")
    if _DECLARATION.search(part):
        raise hostile(collect, "a part of it declares entities (DOCTYPE)")


def word_document(collect: FileProblems, parts: Parts) -> tuple[str, Any]:
    """The name of a Word document's main part, which is not always the same, and its root.

    Raises:
        NotTaken: it has none, or is saved in the Strict form, in which everything has another name.
    """
    types = parse_xml(collect, parts["[Content_Types].xml"])
    main = next(
        (
            part.get("PartName", "").lstrip("/")
            for part in types
            if part.get("ContentType", "").endswith(("document.main+xml", "document.macroEnabled.main+xml"))
        ),
        "",
    )
    root = parse_xml(collect, parts.get(main, b""))
    if root.find(f"{W}body") is None:
        raise collect.not_taken(
            "unreadable",
            "The document is not in Word's ordinary form.",
            "Nothing can be read from it.",
            "Save it as 'Word Document (.docx)', not as 'Strict Open XML', and send it again.",
        )
    return main, root


def parse_xml(collect: FileProblems, part: bytes) -> Any:
    """The root of a part, with nothing expanded, fetched or validated.

    Raises:
        NotTaken: it is not well formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise_for_memory(error)
        if error.code == _BEYOND_LIMITS:
            raise hostile(collect, "a part of it is nested deeper, or has longer texts, than Office makes") from None
        raise damaged(collect) from None


def raise_for_memory(error: etree.XMLSyntaxError) -> None:
    """What lxml calls a fault of the document may be that it got no memory: then nothing is known of the document.

    Raises:
        MemoryError: it is that.
    """
    if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
        raise MemoryError


def too_large(collect: FileProblems, sheet: str, cell: str) -> NotTaken:
    """Refuse a sheet for its size; ``cell`` is where that showed."""
    return collect.not_taken(
        "unreadable",
        "A sheet is far larger than a return can be: it has a filled cell very far out, or too many cells.",
        "A stray cell at the end of a sheet makes programs ask for more memory than a machine has.",
        f"Look at {cell} (Ctrl+End goes to the last cell), delete the rows and columns after the table, save, and send "
        "it again.",
        collect.where(sheet, cell),
    )
