"""Which fields does a document have, and does one of them fetch or start something?

Belongs here: the instructions of fields, put together from the runs over which Word spreads them (ISO 29500-1, 17.16).
Does not belong here: what is said to a person about them (``tasks.review.opening``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tasks.review.revisions import ADDED, REMOVED, W

ACTS = frozenset(
    ("DATABASE", "DDE", "DDEAUTO", "LINK", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "RD")
    + ("MACROBUTTON", "CONTROL", "EMBED", "PRINT")
)
"""Fields that take in another file or a database, or start a program, a macro, a control or a printer's commands."""
_MADE_UP = "\0"
"""Stands in an instruction for a field within it, whose result would become part of the instruction."""
_PIECES = tuple(f"{W}{name}" for name in ("fldChar", "fldSimple", "instrText", "delInstrText", "t", "delText"))
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"


@dataclass
class _Open:
    """A field whose end is not reached yet."""

    choice: Any
    """The choice between two ways of showing the same, in which the field begins."""
    pieces: list[str] = field(default_factory=list)
    in_instruction: bool = True


@dataclass(frozen=True)
class Field:
    """One field: the element with which it begins, and its instruction."""

    begins: Any
    instruction: str

    @property
    def kind(self) -> str:
        """``PAGE``, ``TOC`` …; empty where it cannot be told, because another field makes it up."""
        words = self.instruction.replace('"', " ").replace("\\", " \\").split()
        kind = words[0].upper() if words else "="
        return "=" if kind.startswith("=") else "" if _MADE_UP in kind else kind

    @property
    def link(self) -> str:
        """Where a HYPERLINK field leads; empty for a place in the document, and for every other field."""
        found = re.match(r'\s*HYPERLINK\s+(?:"([^"]*)"|([^\s\\]\S*))', self.instruction, re.IGNORECASE)
        return (found[1] or found[2] or "").strip() if found else ""


def fields(root: Any) -> Iterator[Field]:
    """Every field of a part, with its tracked changes accepted and with them rejected, since either may be kept."""
    for simple in root.iter(f"{W}fldSimple"):
        yield Field(simple, simple.get(f"{W}instr", ""))
    for left_out in (REMOVED, ADDED):
        yield from _spread(root, left_out)


def _spread(root: Any, left_out: frozenset[str]) -> Iterator[Field]:
    open_fields: list[tuple[Any, _Open]] = []
    for element in root.iter(*_PIECES):
        kind = element.get(f"{W}fldCharType") if element.tag == f"{W}fldChar" else None
        if not open_fields and kind != "begin":
            continue
        ancestors = list(element.iterancestors())
        if any(ancestor.tag in left_out for ancestor in ancestors):
            continue
        choice = next((ancestor for ancestor in ancestors if ancestor.tag == _CHOICE), None)
        outer = open_fields[-1][1] if open_fields else None
        if outer is not None and outer.in_instruction and (outer.choice is not choice or kind == "begin"):
            outer.pieces.append(_MADE_UP)
        if kind == "begin":
            open_fields.append((element, _Open(choice)))
        elif outer is None:
            continue
        elif kind == "separate":
            outer.in_instruction = False
        elif kind == "end":
            begins, done = open_fields.pop()
            yield Field(begins, "".join(done.pieces))
        elif outer.in_instruction:
            outer.pieces.append(_MADE_UP if element.tag == f"{W}fldSimple" else element.text or "")
    for begins, done in open_fields:
        yield Field(begins, "".join(done.pieces))
