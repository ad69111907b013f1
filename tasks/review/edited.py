"""What does a document say now, and what did it say when it was made? Both, read once from its parts.

Belongs here: the parts that have text, what a draft keeps of itself, and which program saved it last. Does not belong
here: what is to be thought of it (``tasks.review.check``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from config.errors import Refused
from tasks.assemble.figures import REGISTER
from tasks.assemble.lines import Reader, heading_levels
from tasks.review.opening import MAIN

_STORY = re.compile(r"word/(?:header|footer)\d*\.xml|word/(?:footnotes|endnotes)\.xml")
_ITEM = re.compile(r"customXml/item\d+\.xml")
_MOST_PLACES = 5_000
"""Of figures in one document: a report of 40 pages has some 250."""
_PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"


@dataclass(frozen=True)
class Made:
    """A figure as the draft was made to print it."""

    text: str
    times: int
    where: tuple[str, ...]
    """The headings above each of its places."""


@dataclass(frozen=True)
class Edited:
    """One document, read."""

    read: Reader
    run: str = ""
    """The run that made it; empty where the document does not say."""
    section: str = ""
    """The section that it drafts."""
    made: Mapping[str, Made] = field(default_factory=dict)
    """Figures that it was made to print, by id."""
    numbers: Counter[str] = field(default_factory=Counter)
    """Numbers that it was made to print outside of figures, each with a word on either side."""
    words: str = ""
    """Digest of the words that it was made with."""
    program: str = ""
    """The program that saved it last, where that is not Word."""


def read_document(parts: Mapping[str, bytes]) -> Edited:
    """Read a document from its parts (``tasks.review.opening.parts_of_draft``).

    Raises:
        Refused: the list of figures inside a draft of ours is damaged.
    """
    reader = Reader(heading_levels(parsed(parts["word/styles.xml"])) if "word/styles.xml" in parts else {})
    for name in (MAIN, *sorted(filter(_STORY.fullmatch, parts))):
        reader.read(parsed(parts[name]))
    if len(reader.figures) > _MOST_PLACES:
        raise Refused(
            f"The document has more than {_MOST_PLACES:,} linked figures.",
            why="No report has so many; a file that was made to keep a machine busy has.",
            to_do="Copy what you wrote into the draft as it was made, in Word.",
        )
    for name in sorted(filter(_ITEM.fullmatch, parts)):
        if REGISTER.encode() in parts[name]:
            return _ours(reader, parsed(parts[name]), _program(parts))
    return Edited(reader, program=_program(parts))


def _ours(reader: Reader, root: Any, program: str) -> Edited:
    figures = {
        _text(figure, "id"): Made(
            _text(figure, "text"),
            _times(_text(figure, "times")),
            tuple(one.text or "" for one in figure.findall(f"{{{REGISTER}}}where")),
        )
        for figure in root.iter(f"{{{REGISTER}}}figure")
    }
    if sum(one.times for one in figures.values()) > _MOST_PLACES:
        raise _damaged()
    kept = (one.text or "" for one in root.iter(f"{{{REGISTER}}}number"))
    numbers = Counter(key for key in kept if key.count("|") == 2)
    run, section, words = (_text(root, name) for name in ("run", "section", "words"))
    return Edited(reader, run, section, figures, numbers, words, program)


def _times(text: str) -> int:
    """How often a figure was printed; a list that was changed by hand may say anything."""
    if not text.isdecimal() or not 0 < int(text[:9]) <= _MOST_PLACES:
        raise _damaged()
    return int(text[:9])


def _damaged() -> Refused:
    return Refused(
        "The list of figures that this draft keeps inside its file is damaged.",
        why="It cannot be said which figures were deleted or copied.",
        to_do="Copy what you wrote into the draft as it was made, in Word.",
    )


def _text(element: Any, name: str) -> str:
    return str(element.findtext(f"{{{REGISTER}}}{name}") or "")


def _program(parts: Mapping[str, bytes]) -> str:
    if "docProps/app.xml" not in parts:
        return ""
    name = str(parsed(parts["docProps/app.xml"]).findtext(f"{_PROPERTIES}Application") or "")
    return "" if not name or "Microsoft" in name else re.split(r"[$/]", name)[0].strip()


def parsed(part: bytes) -> Any:
    """The root of a part that was found to be safe."""
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
