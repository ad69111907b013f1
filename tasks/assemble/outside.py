"""Which numbers does a document print that are linked to no figure?

Belongs here: finding them in lines that were read, with a word on either side by which they are known again. Does not
belong here: which of them somebody typed (``tasks.review.numbers``), and what is a number at all: dates, ages, names,
references and durations are none (``tasks.wording.language``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from tasks.assemble.lines import LINK, Line
from tasks.wording.language import NUMBER_WORDS, numbers

_THIN = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_MAY_HOLD = re.compile(rf"\d|\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
_SPACED = re.compile(r"(?<![\d,.])\d{1,3}(?:[\u00a0\u2007\u2009\u202f]\d{3})+(?![\d,])")
_BESIDE = re.compile(rf"(?P<before>\d[\d.,]*){LINK}|{LINK}(?P<after>[.,]?\d[\d.,]*|[\s\u00a0]?%)")
_WORD = re.compile(rf"\w[\w'’]*|{LINK}")
_NEAR = 60
"""Characters on either side in which the next word is looked for."""


@dataclass(frozen=True)
class Outside:
    """One number outside of figures."""

    text: str
    value: Decimal | None
    """Of digits that stand directly beside a figure there is none: they change that."""
    percent: bool
    line: Line
    start: int
    end: int
    beside: str = ""
    """The figure that it touches: "1" typed before "58" makes "158" of it."""

    @property
    def words(self) -> tuple[str, str]:
        """The word before it and the word after it; empty at an end of the line."""
        text = self.line.text
        before = _WORD.findall(text, max(0, self.start - _NEAR), self.start)
        after = _WORD.search(text, self.end, self.end + _NEAR)
        return (before[-1] if before else ""), (after[0] if after else "")

    @cached_property
    def key(self) -> str:
        """By which it is known again: ``of|20|found``."""
        before, after = self.words
        return f"{before}|{self.text}|{after}".replace(LINK, "#")


def numbers_outside(lines: Iterable[Line]) -> Iterator[Outside]:
    """Every number that is linked to no figure, in the order of the lines."""
    for line in lines:
        if not _MAY_HOLD.search(line.text):
            continue
        besides = _BESIDE.finditer(line.text) if line.figures else ()
        touching = [(found, line.text.count(LINK, 0, found.start())) for found in besides]
        for found, index in touching:
            name = "before" if found["before"] else "after"
            start, end = found.span(name)
            yield Outside(found[name], None, False, line, start, end, line.figures[index].id)
        text = line.text
        if not text.isascii():
            text = _SPACED.sub(lambda found: found[0].translate(_COMMAS), text).translate(_THIN)
        for number in numbers(text):
            if not any(one.start() < number.end and number.start < one.end() for one, _ in touching):
                as_typed = line.text[number.start : number.end].strip()
                yield Outside(as_typed, number.value, number.percent, line, number.start, number.end)


_COMMAS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", ","))
"""Spaces between thousands, as commas: as many characters as before, so that places stay."""
