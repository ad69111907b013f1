"""How many pixels does a picture have, told by its header alone?

Belongs here: the headers of the kinds of picture that Word takes. Does not belong here: opening a picture, which is
where one of a few kilobytes can fill a machine's memory.

python-docx reads such headers too, but not those of a JPEG without a JFIF or Exif segment, or of WebP.
"""

from __future__ import annotations

import struct

_SIZES_OF_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a frame (ITU-T T.81, table B.1), which states its size; three of their range mean something else."""
_WIDTH, _HEIGHT = 256, 257
"""The tags of a TIFF (TIFF 6.0, section 8)."""


def pixels(data: bytes) -> int:
    """Width times height as the header states them; 0 for drawings, which have none, and for what is no picture."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack_from(">II", data, 16)
        elif data.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack_from("<HH", data, 6)
        elif data.startswith(b"BM"):
            width, height = map(abs, struct.unpack_from("<ii", data, 18))
        elif data.startswith(b"\xff\xd8"):
            width, height = _jpeg(data)
        elif data.startswith((b"II*\0", b"MM\0*")):
            width, height = _tiff(data)
        elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            width, height = _webp(data)
        else:
            return 0
    except struct.error:
        return 0
    return int(width * height)


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    largest = (0, 0)
    while at < len(data):
        (mark,) = struct.unpack_from(">H", data, at)
        if mark >> 8 != 0xFF or mark in (0xFFD9, 0xFFDA):
            break
        if mark & 0xFF in _SIZES_OF_JPEG:
            height, width = struct.unpack_from(">HH", data, at + 5)
            largest = max(largest, (width, height), key=lambda size: size[0] * size[1])
        alone = mark == 0xFF01 or 0xFFD0 <= mark <= 0xFFD7
        at += 1 if mark == 0xFFFF else 2 if alone else 2 + max(2, struct.unpack_from(">H", data, at + 2)[0])
    return largest


def _tiff(data: bytes) -> tuple[int, int]:
    order = "<" if data.startswith(b"II") else ">"
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    (entries,) = struct.unpack_from(f"{order}H", data, at)
    sizes = {_WIDTH: 0, _HEIGHT: 0}
    for entry in range(at + 2, at + 2 + 12 * entries, 12):
        tag, kind = struct.unpack_from(f"{order}HH", data, entry)
        if tag in sizes:
            (sizes[tag],) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, entry + 8)
    return sizes[_WIDTH], sizes[_HEIGHT]


def _webp(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF
