"""What text is there to check? Numbered passages, each with its place and the headings above it.

Belongs here: making passages of narrative that came, and of plain text; what part of a topic a heading names. Does not
belong here: Word documents (``tasks.wording.documents``), and what is wrong with a passage (the checks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from config.partnership import Partnership
from tasks.model import GatheredFile, Narrative

Kind = Literal["heading", "paragraph", "point", "contents"]


@dataclass(frozen=True)
class Passage:
    """One heading, paragraph or point of a text."""

    number: int
    where: str
    """``Engine Room return.docx, control text:deep-dive:done, point 2``; ``report.docx, paragraph 41``."""
    text: str
    kind: Kind = "paragraph"
    headings: tuple[str, ...] = ()
    """Those above it, the outermost first; of a heading those above itself."""
    level: int = 0
    """Of a heading: 1 is the outermost."""
    part: str = ""
    """What part of its topic it is: ``sought``, ``done``, ``impact``, ``still`` and others."""
    topic: str = ""
    """What it is about: a topic's name, or the headings above it that name no part."""
    source: str = ""
    """Who sent it; empty for a document."""
    period: str = ""
    """The period for which it was sent; empty for a document, which is for the period that it is checked for."""
    bold: bool = False
    """It begins with words that are set off in bold."""

    @property
    def is_text(self) -> bool:
        return self.kind in ("paragraph", "point")


_PARTS: tuple[tuple[str, str], ...] = (
    ("still", r"\bstill\b"),
    ("evaluation", r"\bevaluation\b|\bfeedback\b|\bwhat people said\b"),
    (
        "done",
        r"\b(?:has|have) done\b|\bbeen done\b|\bwhat was done\b|\bwe did\b|\bactions? taken\b",
    ),
    ("sought", r"\bsought\b|\bset out to\b|\bour aims?\b|\bwanted to\b"),
    ("impact", r"^impact\b|\bimpact and evidence\b|\bseen as a result\b|\boutcomes?$|\bdifference (?:this|it) made\b"),
    ("strengths", r"\bstrengths?\b|\bworking well\b|\bareas of assurance\b"),
    ("development", r"\bareas (?:for|of) (?:\w+ )?(?:development|improvement)\b|\bneeds? to (?:develop|improve)\b"),
    ("practice", r"^practice learning\b|\blearning for practice\b"),
    ("systems", r"^systems? learning\b|\blearning for systems\b"),
    ("context", r"^context$|^background$"),
    ("findings", r"\bfindings$"),
)
"""Parts of a topic, by the words of headings; the first that fits."""
_LISTED = re.compile(r"^\s*(?:[-*•◊➔▪–]|\d+[.)])\s+")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*(?:19|20)?\d\d)?")
_CONTENTS = re.compile(
    r"^(?P<text>\D.{2,}?)(?P<dots>[.…\t ]*\.{2,}\s*|\t\s*| )\s*(?P<pages>\d{1,3}(?:\s*[-–]\s*\d{1,3})?)$"
)
_LONGEST_HEADING = 110
_MOST_WORDS = 14


def part_of(heading: str) -> str:
    """The part of a topic that a heading names; nothing where it names none."""
    return next((part for part, words in _PARTS if re.search(words, heading.strip(" :-"), re.IGNORECASE)), "")


# Narrative that came


def from_narrative(
    partnership: Partnership, narrative: Sequence[Narrative], files: Iterable[GatheredFile] = ()
) -> list[Passage]:
    """A passage for every paragraph or point that came, in the order in which the report has topics.

    What a source sent again in the same words is one passage, at the place where it stood first.
    """
    sent_for = {(file.source, file.sha256): file.period for file in files}
    order: dict[str, tuple[int, str]] = {}
    for section in partnership.sections:
        for topic in section.topics:
            order.setdefault(topic.topic, (len(order), section.title))
    said: set[tuple[str, str, str, str]] = set()
    found: list[Passage] = []
    for one in sorted(narrative, key=lambda one: order.get(one.topic, (len(order), ""))[0]):
        for index, text in enumerate(one.items, 1):
            key = (one.source, one.topic, one.part, " ".join(text.split()))
            if not key[3] or key in said:
                continue
            said.add(key)
            found.append(
                Passage(
                    number=len(found) + 1,
                    where=f"{one.place.words}, point {index}" if len(one.items) > 1 else one.place.words,
                    text=text.strip(),
                    kind="paragraph" if one.part in ("text", "context") else "point",
                    headings=tuple(part for part in (order.get(one.topic, (0, ""))[1],) if part),
                    part="evaluation" if one.part == "quotes" else one.part,
                    topic=one.topic,
                    source=one.source,
                    period=sent_for.get((one.source, one.place.sha256), ""),
                )
            )
    return found


# Plain text


@dataclass
class Outline:
    """Passages as they are read, each put under the headings that stand above it at that moment."""

    name: str
    unit: str
    """What places count: ``line`` or ``paragraph``."""
    passages: list[Passage] = field(default_factory=list)
    above: list[tuple[int, str]] = field(default_factory=list)

    def add(self, at: int, text: str, kind: Kind, level: int = 0, bold: bool = False) -> None:
        """Put the next passage at the end."""
        if kind == "heading":
            self.above = [(its, words) for its, words in self.above if its < level]
        headings = tuple(words for _, words in self.above)
        part = next((found for words in reversed(headings) if (found := part_of(words))), "")
        topic = " > ".join(words for words in headings if _is_topic(words))
        where = f"{self.name}, {self.unit} {at}".removeprefix(", ")
        number = len(self.passages) + 1
        self.passages.append(
            Passage(number, where, text, kind, headings, level, part, topic, source="", period="", bold=bold)
        )
        if kind == "heading":
            self.above.append((level, text))


def _is_topic(heading: str) -> bool:
    """Not a part of a topic, nor a year of a chronology, nor a line that only leads in to a list."""
    return not (part_of(heading) or _YEARS.fullmatch(heading) or heading.endswith(":"))


def from_text(text: str, name: str = "") -> list[Passage]:
    """Passages of plain text: a line each, headings by their look and by the list of contents."""
    lines = text.splitlines()
    parts = {_plain(one["text"]): 2 if one["dots"].strip(" ") else 1 for one in map(_contents, lines) if one}
    outline = Outline(name, "line")
    for number, line in enumerate(lines, 1):
        whole = line.strip()
        bare = re.sub(r"\*\*|__", "", _LISTED.sub("", whole)).strip()
        if not bare:
            continue
        bold = bool(re.match(r"\W*\*\*[\d(]", whole))
        before, after = _beside(lines, number - 2), _beside(lines, number)
        if _contents(line) or re.fullmatch(r"\d{1,3}", bare):
            outline.add(number, bare, "contents")
        elif (level := _level(whole, bare, parts, alone=not before and not after)) and not _goes_on(bare, outline):
            outline.add(number, bare, "heading", level)
        else:
            outline.add(number, bare, "point" if _LISTED.match(line) else "paragraph", bold=bold)
    return outline.passages


def _goes_on(bare: str, outline: Outline) -> bool:
    """A line that leads in to more of the figures that stand before it, and heads nothing."""
    last = outline.passages[-1] if outline.passages else None
    return bare.endswith(":") and not part_of(bare) and last is not None and last.is_text and last.text[0].isdigit()


def _beside(lines: Sequence[str], index: int) -> str:
    return lines[index].strip() if 0 <= index < len(lines) else ""


def _contents(line: str) -> re.Match[str] | None:
    """A line of a list of contents: words, then a page."""
    found = _CONTENTS.match(line.strip())
    if not found or not re.match(r"[A-Z*]", found["text"]):
        return None
    leaders = found["dots"].count(".") >= 3 or "\t" in found["dots"]
    pages = re.search(r"[-–]", found["pages"]) and not _YEARS.search(found["text"][-5:] + found["pages"])
    return found if leaders or pages else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w ]", " ", text).casefold().split())


def _level(whole: str, bare: str, parts: dict[str, int], alone: bool) -> int:
    """How deep a line is as a heading; 0 where it is none. ``parts`` are levels by the list of contents."""
    if _YEARS.fullmatch(bare):
        return 6
    if alone and not _LISTED.match(whole) and (listed := get_close_matches(_plain(bare), parts, n=1, cutoff=0.9)):
        return parts[listed[0]]
    letters = [sign for sign in bare if sign.isalpha()]
    short = len(bare) <= _LONGEST_HEADING and len(bare.split()) <= _MOST_WORDS + 6
    if not alone or not letters or not short or _LISTED.match(whole) or bare[0].isdigit():
        return 0
    return _level_by_look(bare, letters)


def _level_by_look(bare: str, letters: Sequence[str]) -> int:
    capitals = sum(sign.isupper() for sign in letters) / len(letters)
    if bare.endswith(":") or part_of(bare):
        return 5
    if (capitals > 0.8 and len(letters) > 3) or re.match(r"[A-Z]{3,} [A-Z]{4,} [-–:] ", bare):
        return 2
    if re.match(r"[A-Z]{4,}\b.*(?: [-–]|:) ", bare):
        return 3
    wordy = len(bare.split()) > _MOST_WORDS or bare[-1] in ".;,…?!" or not bare[0].isupper()
    return 0 if wordy or _reads_on(bare) else 4


def _reads_on(bare: str) -> bool:
    """A line that is a sentence, or the saying of somebody, rather than a heading: most of its words are small."""
    tokens = [token for token in bare.split() if token[0].isalpha()]
    small = sum(token[0].islower() for token in tokens)
    return len(tokens) > 5 and small / len(tokens) > 0.6
