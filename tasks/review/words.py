"""Which words does a paragraph say, and in which runs do they stand?

Belongs here: taking a paragraph apart into words and figures, giving each a run of its own, and joining runs again.
Does not belong here: comparing (``tasks.review.redline``).

Word splits runs wherever somebody once typed, so words are found in the text of the paragraph and not in its runs. Text
boxes stand in a paragraph and are not its words.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from tasks.assemble.values import TAG
from tasks.review.revisions import W

_WORD = re.compile(r"£?\d(?:[\d,.]*\d)?%?|\w+|\s|[^\w\s]")
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_BACK = {"\t": "tab", "\n": "br"}
_NO_WORDS = (
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
    f"{W}pict",
    f"{W}drawing",
    f"{W}pPr",
)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SPLIT = "split"
"""Stands at runs while they are apart, with the number of the run that they were."""


@dataclass(frozen=True)
class _Piece:
    """Some of the text of one element of one run."""

    run: Any
    element: Any
    start: int
    text: str


@dataclass(frozen=True)
class Word:
    """A word, a space, a sign, or a figure."""

    key: str
    """What it is known by: its text, or for a figure its tag."""
    text: str
    pieces: tuple[_Piece, ...]
    """Where it stands; a word can run over several runs."""


def words_of(paragraph: Any) -> list[Word]:
    """Every word and figure of a paragraph without tracked changes, in order."""
    found: list[Word] = []
    together: list[_Piece] = []
    for name, pieces in _parts(paragraph):
        if name:
            found += _split(together)
            together = []
            text = "".join(piece.text for piece in pieces)
            found += [Word(name, text, tuple(pieces))] if text else []
        else:
            together += pieces
    return found + _split(together)


def _parts(element: Any) -> Iterator[tuple[str, list[_Piece]]]:
    """Runs one by one, and figures as wholes with their tag."""
    for child in element:
        if child.tag == f"{W}r":
            yield "", list(_pieces(child))
        elif child.tag not in _NO_WORDS:
            tag = child.find(f"{W}sdtPr/{W}tag") if child.tag == f"{W}sdt" else None
            name = tag.get(f"{W}val", "") if tag is not None else ""
            if name.startswith(TAG):
                yield name, [piece for run in child.iter(f"{W}r") for piece in _pieces(run)]
            else:
                yield from _parts(child)


def _pieces(run: Any) -> Iterator[_Piece]:
    for child in run:
        if child.tag == f"{W}t" and child.text:
            yield _Piece(run, child, 0, child.text)
        elif child.tag in _SIGNS:
            yield _Piece(run, child, 0, _SIGNS[child.tag])


def _split(together: Sequence[_Piece]) -> list[Word]:
    text = "".join(piece.text for piece in together)
    found, at, begins = [], 0, 0
    for match in _WORD.finditer(text):
        pieces = []
        while at < len(together) and begins < match.end():
            piece = together[at]
            first, last = max(match.start(), begins) - begins, min(match.end(), begins + len(piece.text)) - begins
            if last > first:
                pieces.append(_Piece(piece.run, piece.element, first, piece.text[first:last]))
            if begins + len(piece.text) > match.end():
                break
            begins += len(piece.text)
            at += 1
        found.append(Word(match.group(), match.group(), tuple(pieces)))
    return found


def isolate(paragraph: Any, words: Sequence[Word]) -> list[list[Any]]:
    """Give every word runs that hold nothing else; the runs of each word, in order. ``merge`` joins them again."""
    wanted: dict[Any, list[_Piece]] = {}
    for word in words:
        for piece in word.pieces:
            wanted.setdefault(piece.run, []).append(piece)
    apart: dict[tuple[Any, int], Any] = {}
    for number, (run, pieces) in enumerate(wanted.items()):
        for child in [child for child in run if child.tag != f"{W}rPr"]:
            own = [piece for piece in pieces if piece.element is child]
            for piece in own or [_Piece(run, child, 0, "")]:
                alone = etree.Element(run.tag, dict(run.attrib) | {_SPLIT: str(number)})
                if (properties := run.find(f"{W}rPr")) is not None:
                    alone.append(copy.deepcopy(properties))
                if child.tag == f"{W}t" and own:
                    etree.SubElement(alone, child.tag, {_SPACE: "preserve"}).text = piece.text
                else:
                    alone.append(copy.deepcopy(child))
                run.addprevious(alone)
                apart[child, piece.start] = alone
        run.getparent().remove(run)
    return [list(dict.fromkeys(apart[piece.element, piece.start] for piece in word.pieces)) for word in words]


def merge(paragraph: Any) -> None:
    """Join runs that were one and still stand side by side."""
    for run in list(paragraph.iter(f"{W}r")):
        before = run.getprevious()
        number = run.get(_SPLIT)
        if number is None or before is None or before.get(_SPLIT) != number or before.tag != run.tag:
            continue
        for child in [child for child in run if child.tag != f"{W}rPr"]:
            last = before[-1] if len(before) else None
            if last is not None and last.tag == child.tag == f"{W}t":
                last.text += child.text
            else:
                before.append(child)
        run.getparent().remove(run)
    for run in paragraph.iter(f"{W}r"):
        run.attrib.pop(_SPLIT, None)


def as_runs(words: Sequence[Word]) -> list[Any]:
    """Words as runs of deleted text, in the formatting that they had."""
    found: list[Any] = []
    look = None
    for piece in (piece for word in words for piece in word.pieces):
        properties = piece.run.find(f"{W}rPr")
        own = b"" if properties is None else etree.tostring(properties)
        if look != own or not found:
            found.append(etree.Element(f"{W}r"))
            if properties is not None:
                found[-1].append(copy.deepcopy(properties))
            look = own
        _say(found[-1], piece.text)
    return found


def _say(run: Any, text: str) -> None:
    for part in re.split(r"([\t\n])", text):
        if part in _BACK:
            etree.SubElement(run, f"{W}{_BACK[part]}")
        elif part:
            last = run[-1] if len(run) else None
            if last is not None and last.tag == f"{W}delText":
                last.text += part
            else:
                etree.SubElement(run, f"{W}delText", {_SPACE: "preserve"}).text = part
