"""What did somebody send with a form? Fields and one file, read from ``multipart/form-data`` within a limit.

Belongs here: taking a body apart as browsers put it together (RFC 7578, and "multipart/form-data" in the HTML
standard). Does not belong here: what is in the file. Nothing is written to a disk, and no name of a file is a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request

from config.errors import Refused

LARGEST = 25 * 1024 * 1024
"""Bytes of a file; as of a return (``tasks.gather.safe``)."""
BESIDE = 64 * 1024
"""Bytes of all else in a form."""
READ_ON = 8
"""So many times the limit is read, and thrown away, so that whoever sends it is told and not cut off."""
_NAME = re.compile(rb'content-disposition: *form-data; *name="([^"]*)"(?:; *filename="([^"]*)")?', re.IGNORECASE)
_BOUNDARY = re.compile(r'multipart/form-data *;.*?boundary="?([^";]{1,70})"?', re.IGNORECASE)


@dataclass(frozen=True)
class Sent:
    """A form as it was sent."""

    fields: dict[str, str]
    name: str
    """The file's name on its sender's computer; empty where no file was chosen."""
    data: bytes


async def sent(request: Request) -> Sent:
    """Read a form.

    Raises:
        Refused: it is too large, or no form of ours.
    """
    body = await _body(request)
    found = _BOUNDARY.fullmatch(request.headers.get("content-type", "").strip())
    parts = taken_apart(body, found[1].encode("latin-1")) if found else None
    if parts is None:
        raise Refused("This is not what the form sends.", to_do="Open the form again, and send it from there.")
    return parts


async def _body(request: Request) -> bytes:
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST + BESIDE:
            body += chunk
        elif size > READ_ON * LARGEST:
            break
    if size > LARGEST + BESIDE:
        raise Refused(
            "The file is larger than 25 MB.",
            why="A draft has less than 1 MB, and with pictures a few.",
            to_do="Make its pictures smaller in Word (File, Compress pictures), save it and upload it again.",
        )
    return bytes(body)


def taken_apart(body: bytes, boundary: bytes) -> Sent | None:
    """The parts of a body; None where it is not put together as browsers do."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 2 or pieces[0] or not pieces[-1].startswith(b"--"):
        return None
    fields: dict[str, str] = {}
    name, data = "", b""
    for piece in pieces[1:-1]:
        head, between, content = piece.partition(b"\r\n\r\n")
        told = _NAME.search(head)
        if not between or not told:
            return None
        if told[2] is None:
            fields[told[1].decode("utf-8", "replace")] = content.decode("utf-8", "replace")
        elif not name:
            name, data = told[2].decode("utf-8", "replace"), content
    return Sent(fields, name, data)
