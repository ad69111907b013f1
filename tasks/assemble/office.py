"""Run LibreOffice on one document so that nothing in it can reach a network, this machine's files, or another call.

Belongs here: starting it, its limits, its end. Does not belong here: what it is asked for (``tasks.assemble.pdf``).

LibreOffice fetches linked pictures while it converts. So it has a profile of its own that forbids it, and no network
where the system lets a process give its own up (``unshare``); no document gets here that was not opened safely before.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from config.errors import Failure, Refused

LIMIT = 180
"""Seconds: the longest report takes three, on a crowded machine twenty."""
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
"""What LibreOffice is told of its surroundings: no key of a store is among it."""
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Active content stays allowed: LibreOffice counts charts among it, and draws a puzzle piece in place of each. What
else would be active (embedded objects, scripts) does not get through the safe opening."""


def is_installed() -> bool:
    """Is there a LibreOffice on this machine?"""
    return _program() is not None


def has_network() -> bool:
    """Does LibreOffice keep its network here, because the system does not let a process give it up?

    Then only its profile, and the safe opening before it, keep it from fetching anything.
    """
    return not _without_network()


def has_poppler() -> bool:
    """Is poppler there, which says on which page of a PDF something stands?"""
    return shutil.which("pdfinfo") is not None


def destinations(pdf: bytes) -> str:
    """What poppler says of the places in a PDF that have a name: a line each, with the page and the name."""
    with tempfile.NamedTemporaryFile(prefix="assure-pdf-", suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = [str(shutil.which("pdfinfo")), "-dests", file.name]
        told = subprocess.run(command, capture_output=True, check=False, timeout=LIMIT)  # noqa: S603 - poppler, our file
    return told.stdout.decode(errors="replace")


def to_pdf(document: bytes, options: Mapping[str, bool | int]) -> bytes:
    """Convert a .docx that was opened safely; ``options`` are those of LibreOffice's PDF export.

    Raises:
        Refused: LibreOffice is not installed.
        Failure: it took longer than ``LIMIT`` seconds, or made no PDF.
    """
    program = _program()
    if program is None:
        raise Refused(
            "LibreOffice is not installed on this machine.",
            why="It makes the PDF.",
            to_do="Install LibreOffice (the package libreoffice-writer), or save the document as PDF in Word.",
        )
    with tempfile.TemporaryDirectory(prefix="assure-pdf-") as name:
        folder = Path(name)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        (folder / "document.docx").write_bytes(document)
        _run([*_without_network(), program, *_arguments(folder, options)], folder)
        made = folder / "document.pdf"
        data = made.read_bytes() if made.is_file() else b""
    if not data.startswith(b"%PDF-"):
        raise Failure(
            "LibreOffice made no PDF of the document.",
            why="Nothing was written.",
            to_do="Open the document in Word and save it as PDF there; if Word cannot open it either, it is damaged.",
        )
    return data


def _arguments(folder: Path, options: Mapping[str, bool | int]) -> list[str]:
    kinds = {
        name: {"type": "boolean" if isinstance(value, bool) else "long", "value": str(value).lower()}
        for name, value in options.items()
    }
    return [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nologo",
        "--convert-to",
        f"pdf:writer_pdf_Export:{json.dumps(kinds)}",
        "--outdir",
        str(folder),
        str(folder / "document.docx"),
    ]


def _run(command: list[str], folder: Path) -> None:
    """Run it in a group of its own, so that whatever it started ends with it."""
    surroundings = {name: os.environ[name] for name in _KEPT if name in os.environ}
    surroundings |= {"HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(  # noqa: S603 - LibreOffice, our file
        command,
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        raise Failure(
            f"LibreOffice did not finish the document within {LIMIT} seconds.",
            why="Nothing was written.",
            to_do="Try again when the machine is less busy; if it happens again, save the document as PDF in Word.",
        ) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@cache
def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


@cache
def _without_network() -> tuple[str, ...]:
    """What comes before a command so that it has no network; nothing where the system does not allow it."""
    unshare = shutil.which("unshare")
    command = (str(unshare), "--map-root-user", "--net")
    if unshare is None:
        return ()
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)  # noqa: S603 - nothing of a document
    return command if tried.returncode == 0 else ()
