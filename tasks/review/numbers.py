"""Which numbers did somebody type into a draft, and which figures may they be?

Belongs here: telling typed numbers from those that the draft was made with, and what each could be linked to; in a
document that is not ours, which of its numbers the register has otherwise. Does not belong here: what is a number
(``tasks.wording.language``) and which figure a sentence is about (``tasks.wording.evidence``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from config.partnership import Partnership
from config.periods import Return
from tasks.assemble.lines import LINK, NEAR
from tasks.assemble.outside import Outside
from tasks.measures import is_percent
from tasks.model import Figure
from tasks.review.checked import CheckedNumber
from tasks.wording.counts import contradicts
from tasks.wording.documents import from_docx
from tasks.wording.evidence import Text
from tasks.wording.language import around, content, share_of

_DISTINCT = 100
"""From here on two numbers are hardly the same by chance, whatever the words say."""
_MOST = 3
"""Figures that are offered for one number."""


def typed(outside: Sequence[Outside], printed: Counter[str]) -> list[Outside]:
    """Numbers that the draft was not made with; ``printed`` are those it was, by ``Outside.key``.

    A number counts as the same while the word before it or the word behind it is.
    """
    left, new = Counter(printed), []
    for one in outside:
        if left[one.key] > 0:
            left[one.key] -= 1
        else:
            new.append(one)
    for half in (0, 2):
        others: dict[tuple[str, str], list[str]] = {}
        for key in left.elements():
            others.setdefault(_half(key, half), []).append(key)
        kept, new = new, []
        for one in kept:
            if same := others.get(_half(one.key, half)):
                left[same.pop()] -= 1
            else:
                new.append(one)
    return new


def _half(key: str, side: int) -> tuple[str, str]:
    """The number with the word on one side of it; nothing is known by the end of a line alone."""
    before, number, after = key.split("|", 2)
    word = after if side else before
    return number, word or key


def told(number: Outside, figures: Mapping[str, Figure]) -> CheckedNumber:
    """What is said of a number that somebody typed."""
    line = number.line
    could_be = (number.beside,) if number.beside else _could_be(number, figures)
    return CheckedNumber(
        text=number.text,
        state="beside" if number.beside else "typed",
        where=line.where,
        around=line.around(number.start, number.end),
        change=line.put_in(number.start, number.end),
        figures=could_be,
        register=figures[could_be[0]].display if could_be and could_be[0] in figures else "",
    )


def _could_be(number: Outside, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """Figures of the same value, those first whose words stand near; a small number needs such words."""
    same = [
        one
        for one in figures.values()
        if one.value is not None
        and one.value == number.value
        and is_percent(one.unit, one.statistic) == number.percent
        and one.status != "withheld"
    ]
    near = number.line.text[max(0, number.start - NEAR) : number.end + NEAR]
    said = content(f"{number.line.where} {near.replace(LINK, ' ')}")
    scores = {one.id: _score(one, said) for one in same}
    best = max(scores.values(), default=0.0)
    if not best and (number.value is None or number.value < _DISTINCT):
        return ()
    return tuple(id_ for id_, score in scores.items() if score == best)[:_MOST]


def _score(figure: Figure, said: frozenset[str]) -> float:
    """How many of a figure's words stand near; its area decides between two of one measure."""
    area = content(figure.area.replace("_", " "))
    return 2 * share_of(content(figure.label), said) + 0.5 * share_of(area, said)


def against_register(
    data: bytes, name: str, partnership: Partnership, period: Return, figures: Iterable[Figure]
) -> tuple[tuple[CheckedNumber, ...], int]:
    """Numbers of a document that is not ours whose words name a figure: as the register has it, or otherwise.

    Also how many other numbers it has, of which nothing can be said.
    """
    text = Text(partnership, period, tuple(from_docx(data, name)), tuple(figures))
    found = []
    for read in text.numbers:
        same = [one for one in read.figures if read.is_figure(one)]
        if not same and not contradicts(text, read):
            continue
        figure = (same or list(read.figures))[0]
        start, end = read.number.start, read.number.end
        found.append(
            CheckedNumber(
                text=read.number.text,
                state="agrees" if same else "disagrees",
                where=" > ".join(read.passage.headings),
                around=around(read.sentence, start, end),
                figures=tuple(one.id for one in (same[:1] or read.figures[:_MOST])),
                register=figure.display,
            )
        )
    return tuple(found), len(text.numbers) - len(found)
