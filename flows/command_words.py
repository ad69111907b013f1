"""What the commands have in common: help of their options, exit codes, the partnership asked for, lines, the one clock.

Belongs here: what more than one ``flows/command_*.py`` says or asks. Does not belong here: any command.
"""

from __future__ import annotations

import textwrap
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.errors import Refused

NEEDS_A_PERSON = 1
"""Exit code of what is done, with findings that need a person."""
PARTNERSHIP_HELP = "Which partnership; else ASSURE_PARTNERSHIP."
KEPT_HELP = "Folder or s3://bucket/prefix for everything kept; else ASSURE_STORE."
LOOK_IN_HELP = "Folder or s3://bucket/prefix to look in; else ASSURE_STORE."
OUTCOME_HELP = "Print the outcome as JSON."
JSON_HELP = "Print the same as JSON."
HIDDEN_HELP = "Also show numbers hidden to protect people; for those who may read the restricted part of the store."


def today() -> date:
    """The day in London, where what is typed now is decided and due."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def partnership_asked_for(name: str) -> str:
    """The partnership asked for, or this machine's, or the only one there is."""
    from config.load import partnership_ids
    from config.settings import Settings

    known = partnership_ids()
    name = name or Settings.from_environment().partnership or (known[0] if len(known) == 1 else "")
    if not name:
        raise Refused("No partnership was named.", to_do=f"Add --partnership with one of: {', '.join(known)}.")
    return name


def wrapped(text: str, indent: int, hang: int = 0) -> list[str]:
    """Lines of a text as wide as a screen; those after the first begin at ``hang``, where it is given."""
    first = " " * indent
    rest = " " * (hang or indent)
    return textwrap.wrap(
        text, 110, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def read_document(path: Path) -> bytes:
    """The bytes of a file that was named.

    Raises:
        Refused: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            f"The file cannot be read: {(error.strerror or 'no reason is given').lower()}.",
            where=str(path),
            to_do="Name a Word document (.docx).",
        ) from None


def write_new(path: Path, data: bytes) -> None:
    """Write a new file. One that is there is somebody's work.

    Raises:
        Refused: another is there, or it cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        if path.read_bytes() != data:
            raise Refused(
                "There is a file of this name already.",
                where=str(path),
                why="Somebody may have worked in it.",
                to_do="Name another one with --out, or move it away.",
            ) from None
    except OSError as error:
        raise Refused(
            f"The file cannot be written: {(error.strerror or 'no reason is given').lower()}.",
            where=str(path),
            to_do="Name another one with --out.",
        ) from None
