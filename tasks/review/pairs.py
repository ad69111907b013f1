"""Which paragraph, table or row of one document is which of another?

Belongs here: pairing what is the same or alike, in order. Does not belong here: what is different between the two of a
pair (``tasks.review.redline``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from tasks.review.revisions import W
from tasks.review.words import words_of

ALIKE = 0.5
"""Two paragraphs are versions of one when so much of their words is the same; else one is deleted and one new."""


def paired(old: Sequence[Any], new: Sequence[Any], *, last_together: bool) -> list[tuple[Any, Any]]:
    """Old and new blocks or rows side by side, in order; what has no other side stands beside nothing."""
    if last_together:  # a cell ends in a paragraph, which cannot be taken out of it
        return [*paired(old[:-1], new[:-1], last_together=False), (old[-1], new[-1])]
    theirs, ours = [_key(one) for one in old], [_key(one) for one in new]
    pairs: list[tuple[Any, Any]] = []
    for kind, i, j, k, m in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs += zip(old[i:j], new[k:m], strict=True)
        else:
            pairs += _likely(list(zip(theirs[i:j], old[i:j], strict=True)), list(zip(ours[k:m], new[k:m], strict=True)))
    return pairs


def _key(block: Any) -> tuple[str, ...]:
    """What a block is and says, its figures by their ids."""
    cells = len(block.findall(f"{W}tc"))
    said_in_it = (one.key for paragraph in block.iter(f"{W}p") for one in words_of(paragraph))
    return (block.tag, str(cells), *said_in_it)


_Keyed = tuple[tuple[str, ...], Any]


def _likely(old: Sequence[_Keyed], new: Sequence[_Keyed]) -> Iterator[tuple[Any, Any]]:
    """Pair what is alike, in order, the first that is enough alike; what is left stands by itself."""
    at = 0
    for theirs in old:
        found = next((n for n in range(at, len(new)) if _alike(theirs, new[n])), None)
        if found is None:
            yield theirs[1], None
            continue
        yield from ((None, ours) for _, ours in new[at:found])
        yield theirs[1], new[found][1]
        at = found + 1
    yield from ((None, ours) for _, ours in new[at:])


def _alike(one: _Keyed, other: _Keyed) -> bool:
    """Are two blocks versions of one? Rows are where their first cells say the same."""
    if one[0][:2] != other[0][:2]:
        return False
    if one[0][0] == f"{W}tr" and (label := _label(one[1])) and label == _label(other[1]):
        return True
    match = SequenceMatcher(None, one[0][2:], other[0][2:], autojunk=False)
    return match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE


def _label(row: Any) -> list[str]:
    first = row.find(f"{W}tc")
    return [] if first is None else [one.key for paragraph in first.iter(f"{W}p") for one in words_of(paragraph)]
