"""What does a Word document say, line by line, with its linked figures told apart from what stands around them?

Belongs here: one walk through a part, which reads tracked changes both ways and keeps who made them. Does not belong
here: what ought to stand there (``tasks.review``), and making links (``tasks.assemble.figures``).

A text box stands in a file twice, for old programs once more (``mc:Fallback``), and is read once. What Word writes
anew by itself (page numbers, contents) is left out; so are instructions of fields. A control can stand in a line, round
paragraphs, round a cell or round a row.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tasks.assemble.values import TAG
from tasks.review.revisions import ADDED, REMOVED, Change, W, changes, said
from tasks.wording.language import around, quoted

LINK = "\ufffc"
"""Stands in the text of a line for a linked figure."""
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PROPERTIES = frozenset(
    f"{W}{name}" for name in ("pPr", "rPr", "tblPr", "tblGrid", "tcPr", "sectPr", "sdtPr", "sdtEndPr")
)
_SIGNS = {f"{W}tab": "\t", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
NEAR = 200
"""Characters on either side of a place that are near it."""
_MOST_RANGES = 2_000
"""Comments of which is read what they stand on."""
_SAID_BY_PEOPLE = re.compile(r"^\s*(?:HYPERLINK|FORMTEXT|QUOTE)\b", re.IGNORECASE)
"""Fields whose result somebody wrote; that of any other field Word writes anew."""
_STORIES = {
    f"{W}hdr": "the header",
    f"{W}ftr": "the footer",
    f"{W}footnotes": "the footnotes",
    f"{W}endnotes": "the endnotes",
}


@dataclass
class Line:
    """One paragraph with its tracked changes accepted."""

    where: str
    """The headings above it, the outermost first: ``About the area > At the front door``."""
    text: str = ""
    """With ``LINK`` in place of each linked figure."""
    figures: list[Linked] = field(default_factory=list)
    """Those in the text, in order."""
    inserted: list[tuple[int, int, Change]] = field(default_factory=list)
    """From where to where in the text somebody put something in under tracking."""

    @property
    def shown(self) -> str:
        """The text with its figures as they say now."""
        return self._shown(0, len(self.text))

    def _shown(self, start: int, end: int) -> str:
        first = self.text.count(LINK, 0, start)
        pieces = self.text[start:end].split(LINK)
        linked = [figure.says for figure in self.figures[first : first + len(pieces) - 1]]
        return "".join(part for pair in zip(pieces, [*linked, ""], strict=True) for part in pair)

    def around(self, start: int, end: int) -> str:
        """The words as they show round what stands from ``start`` to ``end`` of the text."""
        before = self._shown(max(0, start - NEAR), start)
        what, behind = self._shown(start, end), self._shown(end, end + NEAR)
        return around(before + what + behind, len(before), len(before) + len(what))

    def around_figure(self, figure: Linked) -> str:
        """The words as they show round a figure; of one that is gone, how its line begins."""
        index = next((index for index, one in enumerate(self.figures) if one is figure), None)
        if index is None:
            return quoted(self.shown)
        start = sum(len(piece) + 1 for piece in self.text.split(LINK)[: index + 1]) - 1
        return self.around(start, start + 1)

    def put_in(self, start: int, end: int) -> Change | None:
        """Who put in what stands from ``start`` to ``end``, where that was tracked."""
        return next((by for begin, stop, by in self.inserted if begin < end and start < stop), None)


@dataclass
class Linked:
    """One control of a figure."""

    id: str
    says: str
    """With tracked changes accepted; empty where it is deleted."""
    before: str
    """With tracked changes rejected; empty where it was put in under tracking."""
    changes: list[Change]
    """Tracked changes in it and round it."""
    line: Line


@dataclass
class Range:
    """What a comment stands on."""

    text: str = ""
    figures: list[str] = field(default_factory=list)
    where: str = ""


class Reader:
    """Reads the parts of one document, in the order in which they are given; ``levels`` are of headings by style id."""

    def __init__(self, levels: Mapping[str, int]) -> None:
        self.levels = levels
        self.lines: list[Line] = []
        self.figures: list[Linked] = []
        self.ranges: dict[str, Range] = {}
        self.tracked: Counter[str] = Counter()
        """How many tracked insertions and deletions there are, by author."""
        self.digest = ""
        """The same for the same words of the body outside of figures, however they look."""
        self._open: dict[str, Range] = {}
        self._above: list[tuple[int, str]] = []
        self._start = ""
        self._fields: list[_Field] = []

    def read(self, root: Any) -> None:
        """Read one part: the body, a header, a footer, or notes."""
        self._above, self._start, self._open, self._fields = [], _STORIES.get(root.tag, ""), {}, []
        begin = len(self.lines)
        self._walk(root, _Place(None, None, None, inside=False))
        if root.tag == f"{W}document":
            words = "\n".join(" ".join(line.text.split()) for line in self.lines[begin:])
            self.digest = hashlib.sha256(words.encode()).hexdigest()

    @property
    def _where(self) -> str:
        return " > ".join(text for _, text in self._above) or self._start

    def _walk(self, element: Any, place: _Place) -> None:
        in_run = element.tag == f"{W}r"
        for child in element:
            tag = child.tag
            if tag == f"{W}t":
                self._say(child.text or "", place)
            elif tag == f"{W}r":
                self._walk(child, place)
            elif tag in _PROPERTIES or tag == _FALLBACK:
                continue
            elif tag == f"{W}p":
                self._paragraph(child, place)
            elif tag == f"{W}sdt" and not place.inside and (name := _figure_of(child)):
                self._figure(child, name, place)
            elif tag in ADDED:
                self._walk(child, place.but(inserted=self._by("inserted", child)))
            elif tag in REMOVED:
                self._walk(child, place.but(deleted=self._by("deleted", child)))
            elif tag == f"{W}tr":
                self._row(child, place)
            elif in_run and tag in _SIGNS:
                self._say(_SIGNS[tag], place)
            elif tag == f"{W}fldChar" or tag == f"{W}instrText":
                self._field(child)
            elif tag == f"{W}fldSimple":
                if _SAID_BY_PEOPLE.match(child.get(f"{W}instr", "")):
                    self._walk(child, place)
            elif tag == f"{W}commentRangeStart":
                number = child.get(f"{W}id", "")
                if len(self.ranges) < _MOST_RANGES:
                    self._open[number] = self.ranges[number] = Range(where=self._where)
            elif tag == f"{W}commentRangeEnd":
                self._open.pop(child.get(f"{W}id", ""), None)
            elif len(child):
                self._walk(child, place)

    def _say(self, text: str, place: _Place) -> None:
        if place.deleted is not None:
            return
        text = text.replace(LINK, "")
        for one in self._open.values():
            one.text += text
        if place.line is None or place.inside or any(one.is_words_own for one in self._fields):
            return
        start = len(place.line.text)
        place.line.text += text
        if place.inserted is not None:
            place.line.inserted.append((start, start + len(text), place.inserted))

    def _paragraph(self, paragraph: Any, place: _Place) -> None:
        line = Line(self._where)
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        if not place.inside and not name.lower().startswith("toc"):
            self.lines.append(line)
        if any(one.text for one in self._open.values()):
            self._say(" ", _Place(None, None, None, inside=True))
        self._walk(paragraph, place.but(line=line))
        level = self.levels.get(name, 0)
        if level and not place.inside and line.text.strip():
            self._above = [one for one in self._above if one[0] < level] + [(level, " ".join(line.shown.split()))]
            line.where = self._where

    def _row(self, row: Any, place: _Place) -> None:
        gone, new = (row.find(f"{W}trPr/{W}{name}") for name in ("del", "ins"))
        if gone is not None:
            place = place.but(deleted=self._by("deleted", gone))
        if new is not None:
            place = place.but(inserted=self._by("inserted", new))
        self._walk(row, place)

    def _figure(self, control: Any, name: str, place: _Place) -> None:
        content = control.find(f"{W}sdtContent")
        if content is None:
            return
        now, before = said(content).strip(), said(content, accepted=False).strip()
        # What is tracked round a control says the same of all that is in it.
        around = [one for one in (place.inserted, place.deleted) if one is not None]
        told = [Change(one.kind, now if one.kind == "inserted" else before, one.author, one.date) for one in around]
        line = place.line or Line(self._where)
        figure = Linked(
            name,
            "" if place.deleted is not None else now,
            "" if place.inserted is not None else before,
            [*changes(content), *told],
            line,
        )
        self.figures.append(figure)
        if figure.says and place.line is not None:
            line.text += LINK
            line.figures.append(figure)
        for one in self._open.values():
            one.figures.append(name)
        self._walk(content, place.but(inside=True))

    def _by(self, kind: Literal["inserted", "deleted"], mark: Any) -> Change:
        author = mark.get(f"{W}author", "")
        self.tracked[author] += 1
        return Change(kind, "", author, mark.get(f"{W}date", ""))

    def _field(self, element: Any) -> None:
        if element.tag == f"{W}instrText":
            if self._fields:
                self._fields[-1].code += element.text or ""
            return
        kind = element.get(f"{W}fldCharType", "")
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()


@dataclass
class _Field:
    """A field that is being read."""

    code: str = ""
    in_result: bool = False

    @property
    def is_words_own(self) -> bool:
        """Does what is read now belong to what Word writes by itself?"""
        return not self.in_result or not _SAID_BY_PEOPLE.match(self.code)


@dataclass(frozen=True)
class _Place:
    """Where the walk is: in which line, in whose tracked change, and whether in a control."""

    line: Line | None
    inserted: Change | None
    deleted: Change | None
    inside: bool

    def but(self, **changed: Any) -> _Place:
        return _Place(**{**self.__dict__, **changed})


def _figure_of(control: Any) -> str:
    tag = control.find(f"{W}sdtPr/{W}tag")
    name = "" if tag is None else tag.get(f"{W}val", "")
    return name.removeprefix(TAG) if name.startswith(TAG) else ""


def heading_levels(styles: Any) -> dict[str, int]:
    """Levels of heading styles by style id."""
    found = {}
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        words = "" if name is None else name.get(f"{W}val", "").casefold()
        if level := re.fullmatch(r"heading (\d)", words):
            found[style.get(f"{W}styleId", "")] = int(level[1])
    return found
