"""Is the story of a case told once, and in order?

Belongs here: chronologies, two accounts of one event, ages that do not fit the months. Does not belong here: what tells
who the child is (``tasks.wording.identifying``). Findings tell months and places, never the words of a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from config.periods import MONTHS
from config.wording import WordingCheck
from tasks.model import ValueBeside
from tasks.wording.evidence import Hit, NothingToRead, Text, beside
from tasks.wording.language import NUMBER_WORDS, content, listed
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

_AGE = r"(?P<count>\w+)[- ](?P<unit>month|year|week|day)s?"
_FACETS: tuple[tuple[str, str], ...] = (
    ("weeks of gestation", r"(?:born|prematur\w+|gestation)[^.]{0,40}?(?P<count>\d\d(?:\+\d)?) (?P<unit>week)s"),
    ("weeks of gestation", r"(?P<count>\d\d(?:\+\d)?) (?P<unit>week)s(?:'|’)?[^.]{0,20}?gestation"),
    ("age at death", rf"{_AGE}[- ]olds? [^.]{{0,40}}?\bdied\b"),
    ("age at death", rf"\bdied\b[^.]{{0,40}}?\b(?:aged|at the age of|at) {_AGE}(?: old)?\b"),
    ("age at admission", rf"\bage(?:d|:)? (?:of )?{_AGE}[^.]{{0,40}}?\badmitted\b"),
    ("age at admission", rf"{_AGE}[- ]olds? [^.]{{0,40}}?\badmitted\b"),
)
_EVENTS = {"age at death": r"\b(?:died|death)\b", "age at admission": r"\badmitted\b"}
"""How an entry of a chronology tells the event at which an age is given."""
_OF_A_BABY = 12
"""Months up to which an age is checked: more are told in years."""


def same_event(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Ages and weeks of one event that differ, or do not fit the months, and findings told of two examinations."""
    for case, passages in text.topics.items():
        for facet, values in _told(passages).items():
            if len(values) > 1:
                verb = "are" if facet.startswith("weeks") else "is"
                yield Hit(
                    f"{case}|{facet}",
                    f"The {facet} {verb} given in {len(values)} ways ({text.title_of(case)}).",
                    tuple(values.values()),
                    values=beside(text, *((p, facet) for p in values.values())),
                    quotes=False,
                )
        for facet, age, months, where in ages_and_months(passages):
            if abs(age - months) > 1:
                yield Hit(
                    f"{case}|{facet}|months",
                    f"The {facet} does not fit the months of birth and of the event ({text.title_of(case)}).",
                    where,
                    values=beside(text, *((p, facet) for p in where)),
                    quotes=False,
                )
        yield from _methods(text, check, case, passages)


def _told(passages: Sequence[Passage]) -> Mapping[str, dict[str, Passage]]:
    """What is said of each facet, each value with where it stands first."""
    told: dict[str, dict[str, Passage]] = {}
    for passage in passages:
        for facet, pattern in _FACETS:
            for found in re.finditer(pattern, passage.text, re.IGNORECASE):
                count = found["count"].casefold()
                value = f"{NUMBER_WORDS.get(count, count)} {found['unit'].casefold()}"
                told.setdefault(facet, {}).setdefault(value, passage)
    return told


def ages_and_months(passages: Sequence[Passage]) -> Iterator[tuple[str, int, int, tuple[Passage, ...]]]:
    """Ages of a baby at an event, each beside the months from birth to the event by the chronology.

    Years are left out of it: they are what is wrong when a chronology is out of order.
    """
    born = _month_of(passages, r"\bborn\b")
    for facet, values in _told(passages).items():
        event = _month_of(passages, _EVENTS.get(facet, r"(?!)"))
        for value, passage in values.items():
            count, _, unit = value.partition(" ")
            if born and event and unit == "month" and count.isdecimal() and int(count) < _OF_A_BABY:
                yield facet, int(count), (event[0] - born[0]) % 12, (passage, born[1], event[1])


def _month_of(passages: Sequence[Passage], pattern: str) -> tuple[int, Passage] | None:
    """The month of the first entry that tells an event."""
    for passage in passages:
        entry = _ENTRY.match(passage.text)
        if entry and re.search(pattern, passage.text, re.IGNORECASE):
            return MONTHS[entry["month"].casefold()], passage
    return None


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
