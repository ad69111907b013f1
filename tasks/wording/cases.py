"""Is the story of a case told once, in order, and without telling who the child is?

Belongs here: chronologies, two accounts of one event, what identifies a child when it is put together. Does not belong
here: identifiers such as NHS numbers (``tasks.gather.personal``).

Findings about what identifies a child tell kinds and places, never the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from config.periods import MONTHS
from config.wording import WordingCheck
from tasks.model import ValueBeside
from tasks.wording.evidence import Hit, NothingToRead, Text, beside
from tasks.wording.language import content, listed
from tasks.wording.passages import Passage

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ENTRY = re.compile(rf"^(?P<month>{_MONTH})\.?(?: (?P<year>(?:19|20)\d\d))?\s*[:–-]", re.IGNORECASE)
_YEAR = re.compile(r"^(?:19|20)\d\d$")


def chronology(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Entries that begin with a month: back in time, or the same month again after others."""
    runs = _chronologies(text)
    if not runs:
        raise NothingToRead("There is no chronology (entries that begin with a month).")
    for heading, entries in runs.items():
        topic = text.title_of(entries[0][0].topic)
        months = [month for _, month, _ in entries]
        back = [index for index in range(1, len(entries)) if months[index] < months[index - 1]]
        if back:
            told = [_when(entries[index - 1]) + " before " + _when(entries[index]) for index in back]
            yield Hit(
                f"{heading}|order",
                f"The chronology of {topic} goes back in time: {listed(told)}.",
                tuple(entries[index][0] for index in back),
                values=tuple(ValueBeside(topic, _when(entries[index]), entries[index][0].where) for index in back),
                quotes=False,
            )
        twice = sorted({month for month in months if months.count(month) > 1 and not _together(months, month)})
        for month in twice:
            same = [entry for entry in entries if entry[1] == month]
            yield Hit(
                f"{heading}|{month}",
                f"{_when(same[0])} stands {len(same)} times in the chronology of {topic}, with other months between.",
                tuple(entry[0] for entry in same),
                values=tuple(ValueBeside(topic, _when(entry), entry[0].where) for entry in same),
                quotes=False,
            )


Entry = tuple[Passage, int, str]
"""An entry of a chronology, the month it is for counted from the year 0, and its month in words."""


def _chronologies(text: Text) -> Mapping[str, list[Entry]]:
    """Entries under each heading, in their order; without a year in entry or heading a month is one of no year."""
    found: dict[str, list[Entry]] = {}
    for passage in text.body:
        entry = _ENTRY.match(passage.text)
        if not entry:
            continue
        above = passage.headings[-1] if passage.headings else ""
        year = int(entry["year"] or (above if _YEAR.match(above) else 0))
        month = MONTHS[entry["month"].casefold()]
        found.setdefault(f"{passage.topic}|{above}", []).append(
            (passage, year * 12 + month, entry["month"].capitalize())
        )
    return {heading: entries for heading, entries in found.items() if len(entries) > 2}


def _when(entry: Entry) -> str:
    year = (entry[1] - 1) // 12
    return f"{entry[2]} {year}" if year else entry[2]


def _together(months: Sequence[int], month: int) -> bool:
    first = months.index(month)
    return all(one == month for one in months[first : first + months.count(month)])


# Two accounts of one event

_FACETS: tuple[tuple[str, str], ...] = (
    ("weeks of gestation", r"(?:born|prematur\w+|gestation)[^.]{0,40}?(\d\d(?:\+\d)?) weeks"),
    ("weeks of gestation", r"(\d\d(?:\+\d)?) weeks(?:'|’)?[^.]{0,20}?gestation"),
    ("age at death", r"(\w+)[- ](?:month|year|week|day)s?[- ]old [^.]{0,40}?\bdied\b"),
    ("age at death", r"\bdied\b[^.]{0,40}?\b(?:aged|at the age of) (\w+)"),
)


def same_event(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Ages and weeks of one event that differ, and findings told of two methods, within one case."""
    cases = _cases(text)
    for case, passages in cases.items():
        told: dict[str, dict[str, Passage]] = {}
        for passage in passages:
            for facet, pattern in _FACETS:
                for found in re.finditer(pattern, passage.text, re.IGNORECASE):
                    told.setdefault(facet, {}).setdefault(found[1].casefold(), passage)
        for facet, values in told.items():
            if len(values) > 1:
                yield Hit(
                    f"{case}|{facet}",
                    f"The {facet} {_verb(facet)} given in {len(values)} ways ({text.title_of(case)}).",
                    tuple(values.values()),
                    values=beside(text, *((p, facet) for p in values.values())),
                    quotes=False,
                )
        yield from _methods(text, check, case, passages)


def _verb(facet: str) -> str:
    return "are" if facet.startswith("weeks") else "is"


def _cases(text: Text) -> Mapping[str, list[Passage]]:
    """Passages by case: what shares its innermost heading that is no part."""
    return {topic: list(passages) for topic, passages in text.topics.items() if len(passages) > 1}


def _methods(text: Text, check: WordingCheck, case: str, passages: Sequence[Passage]) -> Iterator[Hit]:
    """A finding that few passages name, said of one method here and of another there."""
    methods = {passage: _named(passage.text, check.words["methods"]) for passage in passages}
    with_one = [passage for passage in passages if methods[passage]]
    for index, first in enumerate(with_one):
        for other in with_one[index + 1 :]:
            shared = content(first.text) & content(other.text)
            rare = [stem for stem in shared if sum(stem in content(p.text) for p in text.body) <= 4]
            if rare and not methods[first] & methods[other]:
                yield Hit(
                    f"{case}|{sorted(methods[first])}|{sorted(methods[other])}",
                    f"One medical finding is said to come from two different examinations ({text.title_of(case)}).",
                    (first, other),
                    values=beside(text, (first, "one examination"), (other, "another examination")),
                    quotes=False,
                )
                return


def _named(words: str, methods: Sequence[str]) -> frozenset[str]:
    return frozenset(method for method in methods if re.search(rf"(?<!\w){re.escape(method)}(?!\w)", words))


# What identifies a child

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
    personal = {p.where for p in hit.passages if p in told and len(_signs(text.cases[told[p]])) > 2 and _signs([p])}
    if not personal or not hit.quotes:
        return hit
    return replace(
        hit,
        title=re.sub(r"“[^”]*”", "“…”", hit.title),
        arithmetic="",
        values=tuple(replace(one, value="not shown") if one.place in personal else one for one in hit.values),
    )
