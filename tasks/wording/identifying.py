"""Can a reader tell from the story of a case who the child is?

Belongs here: kinds of detail that identify when they are put together, and keeping the words of such a case out of
every finding. Does not belong here: identifiers such as NHS numbers (``tasks.gather.personal``).

What is found is told by its kind and its place, never by the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from config.periods import MONTHS
from config.wording import WordingCheck
from tasks.model import ValueBeside
from tasks.wording.anonymity import tells
from tasks.wording.evidence import Hit, NothingToRead, Text
from tasks.wording.language import listed
from tasks.wording.passages import Passage

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "an exact date",
            rf"\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})\b,? \d{{4}}",
        ),
        (
            "months of events",
            rf"^(?:{_MONTH})\b(?: \d{{4}})?\s*:|\b(?:born|died|death|discharged) (?:in |on )?(?:{_MONTH})\b",
        ),
        (
            "an age",
            r"\b(?:aged|at age) \w+"
            r"|\b(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) (?:year|month|week|day)s?"
            r"[- ]old|\b(?:year|month|week)-old|\b\d\d(?:\+\d)? weeks\b",
        ),
        (
            "single relatives",
            r"\b(?:mother|father|sibling|brother|sister|grandparent|step-?father|child \d|partner of)s?\b",
        ),
        (
            "health or injuries",
            r"\b(?:hospital|scan|diagnos|fracture|bruis|teeth|haematoma|disability|medication|premature)",
        ),
        (
            "words that were said",
            r"[\"“][^\"”]{8,}[\"”]|(?:she|he|they) (?:said|says) |\b(?:me|my|i'm)\b.{0,60}\b(?:he|she|dad|mum)\b|\*{3}",
        ),
        (
            "offences or court orders",
            r"\b(?:arrest|burglar|offence|assault|grievous|care order|court|convicted|custody)",
        ),
        ("a place of the family's life", r"\b(?:nursery|moved? to|family move|lives? in|attends? \w+ school)\b"),
    )
)


def identification_risk(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Kinds of detail that together can tell who a child is, in topics about one case."""
    if not text.cases:
        raise NothingToRead("No topic is about a case.")
    for case, passages in text.cases.items():
        signs = _signs(passages)
        if len(signs) >= check.at_least:
            yield Hit(
                case,
                f"Details of one case together may tell who the child is ({text.title_of(case)}): "
                f"{listed(list(signs))}.",
                tuple(dict.fromkeys(p for found in signs.values() for p in found)),
                values=tuple(
                    ValueBeside(kind, f"in {len(found)} place{'s' if len(found) > 1 else ''}", found[0].where)
                    for kind, found in signs.items()
                ),
                quotes=False,
            )


def _signs(passages: Sequence[Passage]) -> Mapping[str, list[Passage]]:
    """Kinds of detail that stand in some passages, each with those in which it stands."""
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        for kind, pattern in _SIGNS:
            if pattern.search(passage.text):
                found.setdefault(kind, []).append(passage)
    return found


def without_words_of_a_case(text: Text, hit: Hit) -> Hit:
    """A finding without the words of a case that tell something of a child; its places stay."""
    told = {p: case for case, passages in text.cases.items() for p in passages}
    personal = {
        p.where
        for p in hit.passages
        if p in told and ((len(_signs(text.cases[told[p]])) > 2 and _signs([p])) or tells(text, p))
    }
    if not personal or not hit.quotes:
        return hit
    return replace(
        hit,
        title=re.sub(r"“[^”]*”", "“…”", hit.title),
        arithmetic="",
        values=tuple(replace(one, value="not shown") if one.place in personal else one for one in hit.values),
    )
