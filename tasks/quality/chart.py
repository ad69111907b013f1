"""How long is each part of a bar? Charts as numbers that the page draws as SVG.

Belongs here: lengths, so that a part that is not nothing can always be seen. Does not belong here: colours and words.
"""

from __future__ import annotations

from dataclasses import dataclass

from tasks.model import Outcome
from tasks.quality.told import Counted
from tasks.words import OUTCOMES

SMALLEST = 0.03
"""Of the whole bar: 1 of 500 would else not be seen."""


@dataclass(frozen=True)
class Part:
    """One part of a bar, from where and how long."""

    outcome: Outcome
    start: float
    length: float


def bar(counted: Counted, length: float, longest: int) -> tuple[Part, ...]:
    """The parts of one bar; ``longest`` is the count that is as long as ``length``."""
    counts: dict[Outcome, int] = {outcome: getattr(counted, outcome) for outcome in OUTCOMES}
    if not counted.total:
        return ()
    whole = length * counted.total / longest
    lengths = {
        outcome: max(length * SMALLEST, whole * count / counted.total) for outcome, count in counts.items() if count
    }
    spare = sum(lengths.values()) - whole
    widest = max(lengths, key=lambda outcome: lengths[outcome])
    lengths[widest] = max(length * SMALLEST, lengths[widest] - spare)
    parts, start = [], 0.0
    for outcome, one in lengths.items():
        parts.append(Part(outcome, round(start, 1), round(one, 1)))
        start += one
    return tuple(parts)
