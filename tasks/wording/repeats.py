"""Is the same thing told twice as if it were two?

Belongs here: actions listed under several priorities, aims told again as achievements, plans among what was done. Does
not belong here: claims that something else contradicts (``tasks.wording.claims``).
"""

from __future__ import annotations

from collections.abc import Iterator

from config.wording import WordingCheck
from tasks.wording.evidence import Hit, Text, beside
from tasks.wording.language import alike, any_of, content, listed, quoted, share_of
from tasks.wording.passages import Passage

_SAME = 0.8
_RESTATES = 0.75
_FEWEST = 4
"""Words of meaning that a point must have for a likeness to tell anything."""


def repeated_action(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Points under what was done that stand, nearly alike, under another topic as well."""
    done = [passage for passage in text.needed("done") if passage.topic]
    told: set[int] = set()
    for index, first in enumerate(done):
        again = [
            other
            for other in done[index + 1 :]
            if other.topic != first.topic and other.number not in told and _same(first, other)
        ]
        if again and first.number not in told:
            told |= {other.number for other in again}
            topics = listed(list(dict.fromkeys(text.title_of(p.topic) for p in (first, *again))))
            yield Hit(
                first.text,
                f"One action is listed under {topics}: “{quoted(first.text, 70)}”.",
                (first, *again),
                values=beside(text, *((p, quoted(p.text)) for p in (first, *again))),
            )


def _same(one: Passage, other: Passage) -> bool:
    """Nearly the same words, or all words of the shorter, which must be long enough to be an action of its own."""
    first, second = content(one.text), content(other.text)
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < _FEWEST - 1:
        return False
    return alike(first, second) >= _SAME or (share_of(shorter, longer) == 1.0 and one.text[:12] == other.text[:12])


def aim_as_impact(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Statements of impact whose words all stand in an aim of the same topic."""
    impact = text.needed("impact")
    for passage in impact:
        said = content(passage.text)
        aims = [p for p in text.topics[passage.topic] if p.part == "sought"]
        same = [aim for aim in aims if len(said) >= _FEWEST and share_of(said, content(aim.text)) >= _RESTATES]
        if same:
            yield Hit(
                f"{passage.topic}|{passage.text}",
                f"What was achieved says the aim again ({text.title_of(passage.topic)}): “{quoted(passage.text, 70)}”.",
                (passage, same[0]),
                values=beside(text, (same[0], quoted(same[0].text)), (passage, quoted(passage.text))),
            )


def plan_as_done(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Points under what was done that are still to come."""
    plans = any_of(check.words["plans"])
    for passage in text.needed("done"):
        found = plans.search(passage.text)
        if found:
            yield Hit(
                f"{passage.topic}|{passage.text}",
                f"A plan stands under what was done ({text.title_of(passage.topic)}): “{quoted(passage.text, 70)}”.",
                (passage,),
                values=beside(text, (passage, quoted(passage.text))),
            )
