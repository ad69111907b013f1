"""Workbooks of the kinds that no library of ours writes, made record by record: .xls (BIFF8) and .xlsb (BIFF12).

A value is a number, a text, ``None``, a ``date`` (kept as its serial with a format of days), or an ``Error``. A number
may come with a format, as ``Shown(0.249, "0.0%")``.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Shown:
    number: float
    format: str


@dataclass(frozen=True)
class Error:
    code: int = 42
    """``#N/A``."""


Rows = Sequence[Sequence[object]]
FORMATS = ["General", "0.0%", "dd/mm/yyyy", '0.0"%"']


def serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def plain_value(value: object) -> tuple[object, int]:
    """A value as it is kept, and the number of its format."""
    if isinstance(value, Shown):
        return value.number, FORMATS.index(value.format)
    if isinstance(value, date):
        return serial(value), 2
    return value, 0


# .xls


def record(number: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def unicode(text: str, wide_count: bool = True) -> bytes:
    return struct.pack("<H" if wide_count else "<B", len(text)) + b"\x01" + text.encode("utf-16-le")


def xls(
    sheets: Mapping[str, Rows],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    more: bytes = b"",
    kinds: Mapping[str, int] | None = None,
    stray: tuple[int, int] | None = None,
) -> bytes:
    """A workbook of before 2007. Merged ranges and hidden rows and columns are those of every sheet, counted from 0.

    ``more`` are records put among the global ones; ``kinds`` are the types of sheets that are none of values.
    """
    bodies = [_xls_sheet(rows, merged, hidden_rows, hidden_columns, stray) for rows in sheets.values()]
    start = _xls_globals(sheets, hidden, more, kinds or {}, [0] * len(bodies))
    places, at = [], len(start)
    for body in bodies:
        places.append(at)
        at += len(body)
    stream = _xls_globals(sheets, hidden, more, kinds or {}, places) + b"".join(bodies)
    return compound({"Workbook": stream})


def _xls_globals(
    sheets: Mapping[str, Rows], hidden: Sequence[str], more: bytes, kinds: Mapping[str, int], places: Sequence[int]
) -> bytes:
    font = struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + unicode("Arial", False)
    formats = b"".join(record(0x41E, struct.pack("<H", 164 + n) + unicode(text)) for n, text in enumerate(FORMATS) if n)
    styles = b"".join(
        record(
            0xE0,
            struct.pack("<HHHBBBBIIH", 0, 164 + n if n else 0, 0xFFF5 if style else 1, 0x20, 0, 0, 0, 0, 0, 0x20C0),
        )
        for style, n in [(True, 0)] * 15 + [(False, n) for n in range(len(FORMATS))]
    )
    bound = b"".join(
        record(0x85, struct.pack("<IBB", place, int(name in hidden), kinds.get(name, 0)) + unicode(name, False))
        for name, place in zip(sheets, places, strict=True)
    )
    return b"".join(
        [
            record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)),
            more,
            record(0x42, struct.pack("<H", 1200)),
            record(0x22, struct.pack("<H", 0)),
            record(0x31, font) * 4,
            formats,
            styles,
            record(0x293, struct.pack("<HBB", 0x8000, 0, 0xFF)),
            bound,
            record(0x0A),
        ]
    )


def _xls_sheet(
    rows: Rows,
    merged: Sequence[tuple[int, int, int, int]],
    hidden_rows: Sequence[int],
    hidden_columns: Sequence[int],
    stray: tuple[int, int] | None,
) -> bytes:
    width = max((len(row) for row in rows), default=0)
    pieces = [
        record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6)),
        *(record(0x7D, struct.pack("<HHHHHH", column, column, 2048, 15, 1, 0)) for column in hidden_columns),
        record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)),
        *(
            record(
                0x208, struct.pack("<HHHHHHI", row, 0, width, 255, 0, 0, 0x100 | (0x20 if row in hidden_rows else 0))
            )
            for row in range(len(rows))
        ),
        *(
            _xls_cell(row, column, value)
            for row, values in enumerate(rows)
            for column, value in enumerate(values)
            if value is not None
        ),
    ]
    if stray:
        pieces.append(_xls_cell(*stray, 1))
    if merged:
        ranges = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merged)
        pieces.append(record(0xE5, struct.pack("<H", len(merged)) + ranges))
    window = record(0x23E, struct.pack("<HHHHHHHI", 0x6B6, 0, 0, 0x40, 0, 0, 0, 0))
    return b"".join([*pieces, window, record(0x0A)])


def _xls_cell(row: int, column: int, value: object) -> bytes:
    kept, style = plain_value(value)
    head = struct.pack("<HHH", row, column, 15 + style)
    if isinstance(kept, Error):
        return record(0x205, head + bytes((kept.code, 1)))
    if isinstance(kept, str):
        return record(0x204, head + unicode(kept))
    return record(0x203, head + struct.pack("<d", kept))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file with these streams, each padded so that none of them is a short one."""
    padded = {name: data.ljust(max(4096, -len(data) % 512 + len(data)), b"\0") for name, data in streams.items()}
    sectors, chains, table = b"", {}, []
    for name, data in padded.items():
        first, count = len(table), len(data) // 512
        chains[name] = first
        table += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors += data
    directory_at = len(table)
    entries = [_entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)]
    for number, (name, data) in enumerate(padded.items(), 1):
        entries.append(
            _entry(name, 2, 0xFFFFFFFF, chains[name], len(data), number + 1 if number < len(padded) else None)
        )
    while len(entries) % 4:
        entries.append(_entry("", 0, 0xFFFFFFFF, 0, 0))
    directory = b"".join(entries)
    count = len(directory) // 512
    table += [*range(directory_at + 1, directory_at + count), 0xFFFFFFFE]
    fat_at = len(table)
    fats = 1
    while (len(table) + fats) * 4 > fats * 512:
        fats += 1
    table += [0xFFFFFFFD] * fats
    table += [0xFFFFFFFF] * (fats * 128 - len(table))
    fat = struct.pack(f"<{len(table)}I", *table)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fats, directory_at, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *range(fat_at, fat_at + fats), *[0xFFFFFFFF] * (109 - fats))
    return header + sectors + directory + fat


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int | None = None) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF if right is None else right, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


# .xlsb


def brt(number: int, body: bytes = b"") -> bytes:
    head = bytes((number,)) if number < 0x80 else bytes((number & 0x7F | 0x80, number >> 7))
    size = len(body)
    length = b""
    while True:
        length += bytes((size & 0x7F | (0x80 if size > 0x7F else 0),))
        size >>= 7
        if not size:
            return head + length + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(
    sheets: Mapping[str, Rows],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    stray: tuple[int, int] | None = None,
) -> bytes:
    """A binary workbook; the same arguments as ``xls``."""
    parts = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.bin")]),
        "xl/workbook.bin": _xlsb_book(sheets, hidden),
        "xl/_rels/workbook.bin.rels": _relations(
            [*(("worksheet", f"worksheets/sheet{n}.bin") for n in range(1, len(sheets) + 1)), ("styles", "styles.bin")]
        ),
        "xl/styles.bin": _xlsb_styles(),
    }
    for number, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{number}.bin"] = b"".join(
            _xlsb_sheet(rows, merged, hidden_rows, hidden_columns, stray)
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _types(count: int) -> bytes:
    kinds = [("/xl/workbook.bin", "sheet.binary.macroEnabled.main"), ("/xl/styles.bin", "styles")]
    kinds += [(f"/xl/worksheets/sheet{n}.bin", "worksheet") for n in range(1, count + 1)]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="{name}" ContentType="application/vnd.ms-excel.{kind}"/>' for name, kind in kinds
        )
        + "</Types>"
    ).encode()


def _relations(targets: Sequence[tuple[str, str]]) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{kind}{name}" Target="{target}"/>'
            for n, (name, target) in enumerate(targets, 1)
        )
        + "</Relationships>"
    ).encode()


def _xlsb_book(sheets: Mapping[str, Rows], hidden: Sequence[str]) -> bytes:
    bundles = b"".join(
        brt(156, struct.pack("<II", int(name in hidden), n) + wide(f"rId{n}") + wide(name))
        for n, name in enumerate(sheets, 1)
    )
    return brt(131) + brt(153, struct.pack("<III", 0, 0, 0)) + brt(143) + bundles + brt(144) + brt(132)


def _xlsb_styles() -> bytes:
    formats = b"".join(brt(44, struct.pack("<H", 164 + n) + wide(text)) for n, text in enumerate(FORMATS) if n)
    font = (
        struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 2, 0, 0)
        + bytes((7, 0, 0, 0, 0, 0, 0, 255))
        + b"\x02"
        + wide("Calibri")
    )
    fill = (
        struct.pack("<I", 0)
        + (bytes((0, 0, 0, 0, 0, 0, 0, 0))) * 2
        + struct.pack("<I", 0)
        + bytes(40)
        + struct.pack("<I", 0)
    )
    border = b"\0" + (b"\0\0" + bytes(8)) * 5
    xf = [
        brt(47, struct.pack("<HHHHHBBBBH", 0, 164 + n if n else 0, 0, 0, 0, 0, 0, 0, 0x10, 1 if n else 0))
        for n in range(len(FORMATS))
    ]
    base = brt(47, struct.pack("<HHHHHBBBBH", 0xFFFF, 0, 0, 0, 0, 0, 0, 0, 0x10, 0))
    return b"".join(
        [
            brt(278), brt(615, struct.pack("<I", len(FORMATS) - 1)), formats, brt(616),
            brt(611, struct.pack("<I", 1)), brt(43, font), brt(612),
            brt(603, struct.pack("<I", 1)), brt(45, fill), brt(604),
            brt(613, struct.pack("<I", 1)), brt(46, border), brt(614),
            brt(626, struct.pack("<I", 1)), base, brt(627),
            brt(617, struct.pack("<I", len(xf))), *xf, brt(618), brt(279),
        ]
    )  # fmt: skip


def _xlsb_sheet(
    rows: Rows,
    merged: Sequence[tuple[int, int, int, int]],
    hidden_rows: Sequence[int],
    hidden_columns: Sequence[int],
    stray: tuple[int, int] | None,
) -> Iterator[bytes]:
    width = max((len(row) for row in rows), default=1)
    yield brt(129)
    yield brt(148, struct.pack("<IIII", 0, max(0, len(rows) - 1), 0, max(0, width - 1)))
    if hidden_columns:
        yield brt(390)
        for column in hidden_columns:
            yield brt(60, struct.pack("<IIIIH", column, column, 2048, 0, 1))
        yield brt(391)
    yield brt(145)
    lines: dict[int, dict[int, object]] = {n: dict(enumerate(row)) for n, row in enumerate(rows)}
    if stray:
        lines.setdefault(stray[0], {})[stray[1]] = 1
    for number, values in lines.items():
        flags = 0x10 if number in hidden_rows else 0
        yield brt(0, struct.pack("<IIHBBBI", number, 0, 300, 0, flags, 0, 0))
        for column, value in values.items():
            if value is not None:
                yield _xlsb_cell(column, value)
    yield brt(146)
    if merged:
        yield brt(177, struct.pack("<I", len(merged)))
        for top, left, bottom, right in merged:
            yield brt(176, struct.pack("<IIII", top, bottom, left, right))
        yield brt(178)
    yield brt(130)


def _xlsb_cell(column: int, value: object) -> bytes:
    kept, style = plain_value(value)
    head = struct.pack("<II", column, style)
    if isinstance(kept, Error):
        return brt(3, head + bytes((kept.code,)))
    if isinstance(kept, str):
        return brt(6, head + wide(kept))
    return brt(5, head + struct.pack("<d", kept))
