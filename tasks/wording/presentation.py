"""Do links, signs and spaces look as they should, and is nothing left to fill in?

Belongs here: links that say "here", slips of the keyboard, placeholders, emphasis in one place only. Does not belong
here: spellings (``tasks.wording.names``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from config.wording import WordingCheck
from tasks.wording.evidence import Hit, Text, beside
from tasks.wording.language import any_of, around, listed
from tasks.wording.passages import Passage

Found = list[tuple[Passage, str]]

_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_HERE = re.compile(r"(?i)^(?:here|click here|this|link|this link|more|read more)$")


def presentation(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """One finding for each kind of slip in each source, with the places."""
    for title, find in _SLIPS:
        by_source: dict[str, Found] = {}
        for passage in text.passages:
            if passage.kind != "contents" or find is _plural:
                for words in find(passage.text):
                    by_source.setdefault(passage.source, []).append((passage, words))
        for source, found in by_source.items():
            counted = f"{len(found)} times" if len(found) > 1 else "once"
            told = listed([f"“{words}”" for words in dict.fromkeys(words for _, words in found)], most=3)
            yield Hit(
                f"{title}|{source}",
                f"{title}, {counted}: {told}.",
                tuple(passage for passage, _ in found),
                values=beside(text, *found[:5]),
            )
    yield from _emphasis(text)


def _vague_links(words: str) -> Iterator[str]:
    for link in _LINK.finditer(words):
        if _HERE.match(link[1].strip()):
            yield around(words, link.start(), link.end(), 40)
    if not _LINK.search(words) and re.search(r"(?i)\bclick here\b|\breport here\b(?=[.\s]*$)", words):
        yield words[-40:]


def _dead_links(words: str) -> Iterator[str]:
    for link in _LINK.finditer(words):
        if link[2].strip() in ("", "#"):
            yield link[1]


def _no_space(words: str) -> Iterator[str]:
    bare = re.sub(r"\S*(?:https?:|www\.|@)\S*|\([^)]*\)", " ", words)
    for slip in re.finditer(r"[a-z]{2}([.,;])[A-Z]?[a-z]{2}(?!\w*[./])", bare):
        if slip[1] != "." or slip[0][3].isupper():
            yield around(bare, slip.start(), slip.end(), 24)


def _space_before(words: str) -> Iterator[str]:
    for slip in re.finditer(r"\w[\w)]* [.,;:](?=\s|$)", words):
        yield slip[0]


def _two_spaces(words: str) -> Iterator[str]:
    for slip in re.finditer(r"\w+[.,;:]? {2,}\w+", words):
        yield slip[0]


def _open_quote(words: str) -> Iterator[str]:
    """More quotation marks opened than closed; an apostrophe inside or at the end of a word opens none."""
    singles = re.findall(r"(?:^|[\s(])['‘](?=\w)", words), re.findall(r"(?<=[\w.,!?])['’](?=[\s.,;:)!?]|$)", words)
    unclosed = words.count("“") != words.count("”") or words.count('"') % 2 == 1 or len(singles[0]) > len(singles[1])
    if unclosed:
        opened = re.search(r"(?:^|[\s(])[\"“'‘](?=\w)", words) or re.search(r"[\"“”]", words)
        if opened:
            yield around(words, opened.start(), opened.end() + 10, 40)


def _plural(words: str) -> Iterator[str]:
    """An acronym with an apostrophe where nothing follows that it could own."""
    for slip in re.finditer(r"(?<!\w)[A-Z]{2,}['’]s(?=\s*(?:$|[.,;:)]|\.{2}))", words):
        yield slip[0]


_SLIPS: tuple[tuple[str, Callable[[str], Iterator[str]]], ...] = (
    ("A link does not say where it leads", _vague_links),
    ("A link leads nowhere", _dead_links),
    ("A space is missing", _no_space),
    ("A space stands before a full stop or comma", _space_before),
    ("There are two spaces", _two_spaces),
    ("A quotation mark is not closed", _open_quote),
    ("A plural has an apostrophe", _plural),
)


def _emphasis(text: Text) -> Iterator[Hit]:
    """Figures set in bold in one list and not in another."""
    lists: dict[str, list[Passage]] = {}
    for read in text.numbers if text.is_document else ():
        if re.match(r"\W*\d", read.passage.text):
            lists.setdefault(read.passage.topic, []).append(read.passage)
    bold = [topic for topic, passages in lists.items() if len(passages) > 4 and all(p.bold for p in passages)]
    plain = [topic for topic, passages in lists.items() if len(passages) > 4 and not any(p.bold for p in passages)]
    if bold and plain:
        pieces = [(lists[bold[0]][0], "bold"), (lists[plain[0]][0], "not bold")]
        yield Hit(
            "emphasis",
            f"Figures are bold under “{text.title_of(bold[0])}” and not under “{text.title_of(plain[0])}”.",
            tuple(passage for passage, _ in pieces),
            values=beside(text, *pieces),
        )


def placeholder(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """What was to be filled in later."""
    placeholders = any_of(check.words["placeholders"])
    for passage in text.passages:
        for found in placeholders.finditer(passage.text):
            yield Hit(
                f"{passage.topic}|{passage.part}|{passage.text}",
                f"A placeholder is left: “{found[0]}”.",
                (passage,),
                values=beside(text, (passage, around(passage.text, found.start(), found.end()))),
            )
