"""Every text that a file carries, whatever its layout: hidden and stray sheets, comments, headers, properties.

Belongs here: getting at the texts of documents, workbooks and text files, each with its place. Does not belong here:
what is looked for in them (``tasks.gather.personal``), and reading agreed sheets and controls
(``tasks.gather.reader``).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import etree

from tasks.gather import safe
from tasks.gather.collect import FileProblems, NotTaken


@dataclass(frozen=True)
class Cell:
    """A piece of text. ``table``, ``row`` and ``column`` place it under its heading; running text has no table."""

    where: str
    text: str
    table: str = ""
    row: int = 0
    column: int = 0


def cells_of(data: bytes, is_secret: Callable[[str], bool]) -> Iterator[Cell]:
    """Every text of a file, in the order in which it stands; none of one that cannot be opened within the limits.

    A sheet whose name is secret is named by its number in places.
    """
    kind = safe.kind_of(data)
    if kind == "archive":
        parts = safe.parts_of(data)
        if "xl/workbook.xml" in parts:
            yield from _workbook(parts, is_secret)
        elif "xl/workbook.bin" in parts:
            yield from _not_xml(data, [part for name, part in parts.items() if name.endswith(".bin")])
        elif "content.xml" in parts:
            yield from _opendocument(parts)
        for name, part in parts.items():
            yield from _part(name, part)
    elif kind == "xls" and len(data) <= safe.MOST_BYTES["workbook"]:
        yield from _not_xml(data, [data])
    elif kind in ("text", "utf16", "html", "rtf") and len(data) <= safe.MOST_BYTES["text"]:
        yield from _text(_decoded(data, kind))


def _decoded(data: bytes, kind: str) -> str:
    for encoding in ("utf-16",) if kind == "utf16" else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _text(text: str) -> Iterator[Cell]:
    """A text file as a table, by the delimiter that its heading has most of."""
    heading = text.partition("\n")[0]
    delimiter = max(",;\t|", key=Counter(heading).__getitem__)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    row, begins = 0, 1
    try:
        for record in reader:
            if any(field.strip() for field in record):
                row += 1
                for column, field in enumerate(record, 1):
                    yield Cell(f"line {begins}", field, "text", row, column)
            begins = reader.line_num + 1
    except csv.Error:
        for number, line in enumerate(text.splitlines(), 1):
            yield Cell(f"line {number}", line)


def _not_xml(data: bytes, binary: Sequence[bytes]) -> Iterator[Cell]:
    """The cells of a workbook that is not made of XML, and the texts that lie about in its bytes beside them.

    None of a workbook that no reader opens either.
    """
    from tasks.gather.sheets import grids

    seen = set()
    with suppress(NotTaken):
        for number, grid in enumerate(grids(FileProblems(data, ""), data), 1):
            for row, column in sorted(grid.cells):
                text = grid.text(row, column)
                seen.add(text.strip())
                yield Cell(f"sheet {number}, {grid.ref(row, column)}", text, f"sheet {number}", row, column)
    for part in binary:
        for text in _texts_in(part):
            if not {text.strip(), text[1:].strip()} & seen:  # the sign before a text may belong to its length
                yield Cell("a comment, text box, header or property", text)


_PIECES = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0){6,}|[\x20-\x7e\xa0-\xff]{6,}")


def _texts_in(part: bytes) -> Iterator[str]:
    """Everything in some bytes that looks like text, in either of the two ways in which Excel keeps it."""
    for found in _PIECES.finditer(part):
        piece = found[0]
        yield piece.decode("utf-16-le" if piece[1] == 0 else "latin-1", "replace")


def _root(part: bytes) -> Any:
    """The root of a part of a document; ``None`` for what is no XML, or declares entities."""
    if not part.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or safe.declares(part):
        return None
    try:
        return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        safe.raise_for_memory(error)
        return None


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _workbook(parts: safe.Parts, is_secret: Callable[[str], bool]) -> Iterator[Cell]:
    """Every worksheet's cells, named or not, shown or hidden: their values and their formulas."""
    shared = _root(parts.get("xl/sharedStrings.xml", b""))
    texts = [] if shared is None else ["".join(si.itertext()) for si in shared.iter("{*}si")]
    names, used = _sheet_names(parts), {""}
    for part_name, part in parts.items():
        if not re.fullmatch(r"xl/(?:work|chart|dialog)sheets/[^/]+\.xml", part_name):
            continue
        title = names.get(part_name, "")
        stem = part_name.rpartition("/")[2].removesuffix(".xml")
        sheet = f"sheet {title}" if title and not is_secret(title) else stem
        yield Cell(f"the name of {stem}", title)
        for element in _elements(part):
            if _local(element) == "headerFooter":
                yield Cell(f"{sheet}, its header or footer", " ".join(element.itertext()))
                continue
            ref, shared_at = element.get("r", ""), element.findtext("{*}v") if element.get("t") == "s" else ""
            used.add(shared_at or "")
            if text := _excel_text(element, texts):
                yield Cell(f"{sheet}, {ref}", text, part_name, *_position(ref))
            if formula := element.findtext("{*}f"):
                yield Cell(f"{sheet}, {ref}", formula)
    for number, text in enumerate(texts):
        if str(number) not in used:
            yield Cell("the list of texts, where one lies that no sheet shows any more", text)


def _elements(part: bytes) -> Iterator[Any]:
    if safe.declares(part):
        return
    try:
        for _, element in etree.iterparse(
            io.BytesIO(part), tag=("{*}c", "{*}headerFooter"), resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
            element.clear()
    except etree.XMLSyntaxError as error:
        safe.raise_for_memory(error)


def _sheet_names(parts: safe.Parts) -> dict[str, str]:
    book, relations = _root(parts["xl/workbook.xml"]), _root(parts.get("xl/_rels/workbook.xml.rels", b""))
    if book is None or relations is None:
        return {}
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found = {}
    for sheet in book.iter("{*}sheet"):
        target = next((targets.get(value, "") for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        found[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = sheet.get("name", "")
    return found


def _excel_text(cell: Any, texts: Sequence[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext("{*}v") or ""
    if kind == "s":
        return texts[int(value)] if value.isdecimal() and int(value) < len(texts) else ""
    if kind == "inlineStr":
        return "".join(cell.itertext())
    if kind == "n" and re.fullmatch(r"\d+(?:\.\d+)?[eE]\+?\d{1,2}|\d+\.0+", value):
        return str(int(float(value)))  # a long number, as some programs write it
    return value


def _position(ref: str) -> tuple[int, int]:
    letters = ref.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(ref[len(letters) :] or 0), column


_REPEATED = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}number-columns-repeated"


def _opendocument(parts: safe.Parts) -> Iterator[Cell]:
    root = _root(parts["content.xml"])
    for number, table in enumerate(() if root is None else root.iter("{*}table"), 1):
        for row, line in enumerate(table.iter("{*}table-row"), 1):
            column = 1
            for cell in line.iterchildren("{*}table-cell", "{*}covered-table-cell"):
                text = "".join(cell.itertext())
                if text:
                    yield Cell(f"sheet {number}, row {row}, column {column}", text, f"sheet {number}", row, column)
                repeated = cell.get(_REPEATED, "1")
                column += int(repeated) if repeated.isdecimal() and len(repeated) < 6 else 1


_OFFICE_MATTERS = {"creator", "lastModifiedBy"}
"""Who made a file is an office matter, and no return's content."""
_STORIES = {"document": "", "comments": "a comment, ", "footnotes": "a footnote, ", "endnotes": "an endnote, "}


def _part(name: str, part: bytes) -> Iterator[Cell]:
    """The texts of any part: paragraphs and tables of Word, comments and drawings, properties, links."""
    if name.startswith(
        ("xl/worksheets/sheet", "xl/sharedStrings", "xl/styles", "xl/theme", "word/styles", "word/theme")
    ):
        return
    root = _root(part)
    if root is None:
        return
    if name.endswith(".rels"):
        for relation in root:
            if relation.get("TargetMode") == "External":
                yield Cell(f"a link in {name.rpartition('/')[2].removesuffix('.rels')}", _link(relation))
    elif name.startswith("word/"):
        yield from _word(name, root)
    else:
        yield from _any(name, root)


def _link(relation: Any) -> str:
    return str(relation.get("Target", "")).replace("mailto:", " ").replace("tel:", " ")


def _word(name: str, root: Any) -> Iterator[Cell]:
    """Paragraphs with what was deleted, and text boxes by themselves; then tables for what stands under headings."""
    stem = name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
    story = _STORIES.get(stem, f"the {stem}, ")
    number = 0
    texts: dict[Any, list[str]] = {paragraph: [] for paragraph in root.iter("{*}p")}
    for element in root.iter(
        "{*}t", "{*}delText", "{*}instrText", "{*}delInstrText", "{*}tab", "{*}br", "{*}noBreakHyphen"
    ):
        paragraph = next(element.iterancestors("{*}p"), None)
        if paragraph is not None and paragraph in texts:
            sign = {"tab": " ", "br": " ", "noBreakHyphen": "-"}.get(_local(element))
            texts[paragraph].append(sign or element.text or "")
    for number, pieces in enumerate(texts.values(), 1):
        yield Cell(f"{story}paragraph {number}", "".join(pieces))
    for number, table in enumerate(root.iter("{*}tbl"), 1):
        for row, line in enumerate(table.iter("{*}tr"), 1):
            for column, cell in enumerate(line.iter("{*}tc"), 1):
                text = " ".join("".join(texts.get(paragraph, ())) for paragraph in cell.iter("{*}p"))
                where = f"{story}table {number}, row {row}, column {column}"
                yield Cell(where, text, f"{name} {number}", row, column)


def _any(name: str, root: Any) -> Iterator[Cell]:
    """Comments of sheets by their cells; of other parts each paragraph, or each text."""
    what = name.rpartition("/")[2].removesuffix(".xml")
    for comment in root.iter("{*}comment", "{*}threadedComment"):
        yield Cell(f"a comment on {comment.get('ref', 'a cell')}", "".join(comment.itertext()))
    for paragraph in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
        yield Cell(f"a text box ({what})", "".join(paragraph.itertext()))
    for element in root.iter():
        if element.text and len(element) == 0 and _local(element) not in _OFFICE_MATTERS:
            yield Cell(f"the part {what}", element.text)
