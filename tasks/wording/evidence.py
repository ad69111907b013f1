"""What may a check of words look at, and what does it give?

Belongs here: the passages of one text with the register, the returns and the configuration beside them; which figure a
number in a sentence is about. Does not belong here: any check, and making findings (``tasks.wording``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from config.model import Area, Measure
from config.partnership import Partnership
from config.periods import ReportingYear, Return
from tasks.measures import is_percent
from tasks.model import Figure, GatheredFile, ValueBeside
from tasks.tracker import Tracked, track
from tasks.wording.language import Number, after, any_of, content, numbers, sentences, share_of, words
from tasks.wording.passages import Passage

SURE = 0.75
"""Share of what tells a measure's words from other measures' that has to stand beside a number for it to be meant."""

_LIKELY = 0.4
_FEW = 4
"""Measures at most that share a word which still tells them from the others; fewer where there are few measures."""


class NothingToRead(Exception):
    """A check had nothing that it could look at: why, in one sentence."""


@dataclass(frozen=True)
class Hit:
    """What one check says of one thing. Quotes no more than is needed to find it."""

    key: str
    """What makes it the same from run to run: a text, of which the finding's id keeps a hash."""
    title: str
    passages: tuple[Passage, ...]
    """Where it stands; the first names the sender."""
    arithmetic: str = ""
    values: tuple[ValueBeside, ...] = ()
    figures: tuple[str, ...] = ()
    quotes: bool = True
    """Words of the text stand in title or values."""


@dataclass(frozen=True)
class Read:
    """A number in a sentence, with the figures of the measure that the words around it name."""

    number: Number
    sentence: str
    passage: Passage
    figures: tuple[Figure, ...] = ()
    """Of the area that the sentence or its headings name, or of all areas where they name none."""

    @property
    def measure(self) -> str:
        return self.figures[0].measure if self.figures else ""

    def is_figure(self, figure: Figure) -> bool:
        """Does the number stand for what the register holds?"""
        same_kind = self.number.percent == is_percent(figure.unit, figure.statistic)
        return same_kind and figure.value is not None and figure.value == self.number.value


@dataclass(frozen=True)
class Text:
    """One text to check: what partners wrote for a period, or a document."""

    partnership: Partnership
    period: Return
    passages: tuple[Passage, ...]
    figures: tuple[Figure, ...] = ()
    files: tuple[GatheredFile, ...] = ()

    @cached_property
    def is_document(self) -> bool:
        return bool(self.passages) and not any(passage.source for passage in self.passages)

    @cached_property
    def body(self) -> tuple[Passage, ...]:
        """Paragraphs and points."""
        return tuple(passage for passage in self.passages if passage.is_text)

    @cached_property
    def headings(self) -> tuple[Passage, ...]:
        return tuple(passage for passage in self.passages if passage.kind == "heading")

    @cached_property
    def sentences(self) -> tuple[tuple[Passage, str], ...]:
        return tuple((passage, one) for passage in self.body for one in sentences(passage.text))

    @cached_property
    def own(self) -> tuple[tuple[Passage, str], ...]:
        """Sentences that are about this period; a year's own register does not hold its quarters' numbers."""
        return tuple((p, one) for p, one in self.sentences if p.period in ("", str(self.period)))

    @cached_property
    def topics(self) -> Mapping[str, tuple[Passage, ...]]:
        """Paragraphs and points by what they are about."""
        found: dict[str, list[Passage]] = {}
        for passage in self.body:
            found.setdefault(passage.topic, []).append(passage)
        return {topic: tuple(of_it) for topic, of_it in found.items()}

    def said_above(self, topic: str) -> str:
        """What stands directly under the headings above a topic's own, as the sentence that opens a section."""
        above = [name for name in self.topics if name and topic.startswith(f"{name} > ")]
        return " ".join(passage.text for name in above for passage in self.topics[name])

    def needed(self, *parts: str) -> tuple[Passage, ...]:
        """Passages of some parts.

        Raises:
            NothingToRead: there are none.
        """
        found = tuple(one for one in self.body if one.part in parts and not one.text.endswith(":"))
        if not found:
            raise NothingToRead(f"Nothing was written on what the check reads ({' or '.join(parts)}).")
        return found

    @cached_property
    def returns(self) -> tuple[Tracked, ...]:
        """What became of the returns of the period; of a year those of its quarters."""
        whole = isinstance(self.period, ReportingYear)
        periods: list[Return] = [*self.period.year.quarters] if whole else []
        periods.append(self.period)
        return tuple(track(self.partnership, periods, self.files)) if self.files else ()

    @cached_property
    def cases(self) -> Mapping[str, tuple[Passage, ...]]:
        """Topics about a case: of a section that tells what was learned, or under a heading that names a review."""
        patterns = [one for check in self.partnership.wording for one in check.words.get("named_cases", ())]
        names = any_of(tuple(patterns))
        learning = {t.topic for s in self.partnership.sections for t in s.topics if s.template == "learning"}
        return {
            topic: passages
            for topic, passages in self.topics.items()
            if topic in learning or (self.is_document and any(map(names.search, passages[0].headings[-2:] or (topic,))))
        }

    def title_of(self, topic: str) -> str:
        """A topic as people name it."""
        titles = {one.number: f"priority {one.number}" for one in self.partnership.profile.priorities}
        headings = {t.topic: t.heading for s in self.partnership.sections for t in s.topics if t.heading}
        last = topic.rpartition(" > ")[2]
        return titles.get(topic) or headings.get(topic) or last.partition(": ")[0] or "the text"

    # Which figure is meant

    @cached_property
    def _stems(self) -> Mapping[str, tuple[frozenset[str], ...]]:
        """What names a measure: the stems of its label, and those of its title."""
        return {
            m.id: tuple(content(re.sub(r"\{[^}]*\}|\([^)]*\)", "", text)) for text in (m.label, m.title))
            for m in self.partnership.measures.values()
        }

    @cached_property
    def _commonness(self) -> Counter[str]:
        return Counter(stem for sets in self._stems.values() for stem in sets[0] | sets[1])

    def measures_named(self, text: str) -> list[Measure]:
        """Measures that a piece of text names, if any; several where it names them equally well."""
        said = content(text)
        scores = {
            name: max(self._score(stems, said) for stems in sets)
            for name, sets in self._stems.items()
            if sets[0] & said
        }
        best = max(scores.values(), default=0.0)
        named = [name for name, score in scores.items() if score == best and self._tells(name, said)]
        if best < SURE or not named:
            return []
        most = max(len(set().union(*self._stems[name]) & said) for name in named)
        return [
            self.partnership.measures[name] for name in named if len(set().union(*self._stems[name]) & said) == most
        ]

    def _tells(self, name: str, said: frozenset[str]) -> bool:
        """Is a word among them that few measures have, and is little said that is not the measure's?"""
        own = set().union(*self._stems[name])
        few = max(1, min(_FEW, len(self._stems) // 10))
        return any(self._commonness[stem] <= few for stem in own & said) and share_of(said, own) >= _LIKELY

    def _score(self, stems: frozenset[str], said: frozenset[str]) -> float:
        whole = sum(1 / self._commonness[stem] for stem in stems)
        return sum(1 / self._commonness[stem] for stem in stems & said) / whole if whole else 0.0

    def areas_named(self, passage: Passage, sentence: str = "") -> list[Area]:
        """Boroughs that a sentence, or else the headings above it, name."""
        for text in (sentence, *reversed(passage.headings)):
            said = f" {' '.join(words(text)).casefold()} "
            found = [
                area
                for area in self.partnership.boroughs
                if any(f" {' '.join(words(name)).casefold()} " in said for name in (area.name, area.short_name))
            ]
            if found:
                return found
        source = self.partnership.sources.get(passage.source)
        area = getattr(source.layout, "area", "") if source else ""
        return [one for one in self.partnership.profile.areas if one.id == area and one.kind == "borough"]

    @cached_property
    def numbers(self) -> tuple[Read, ...]:
        """Every number that counts something, with the figures that it may stand for."""
        return tuple(self._read())

    def _read(self) -> Iterator[Read]:
        for passage, sentence in self.own:
            for number in numbers(sentence):
                yield Read(number, sentence, passage, self._meant(passage, sentence, number))

    def _meant(self, passage: Passage, sentence: str, number: Number) -> tuple[Figure, ...]:
        """Of the areas that are named the figure of this value and of some of these words; else those of the words."""
        areas = {area.id for area in self.areas_named(passage, sentence)}
        there = [figure for figure in self.figures if not areas or figure.area in areas]
        following = after(sentence, number)
        said = content(following)
        same = {
            figure: max(self._score(stems, said) for stems in self._stems[figure.measure])
            for figure in there
            if Read(number, sentence, passage).is_figure(figure)
        }
        best = max(same.values(), default=0.0)
        if best >= _LIKELY:
            return tuple(figure for figure, score in same.items() if score == best)[:1]
        named = self.measures_named(following)
        # "332 missing episodes by 54 looked after children": what follows the next number belongs to it as well.
        if named != self.measures_named(re.sub(r"[\d,.%]+", " ", re.split(r"[.;]\s", sentence[number.end :])[0])):
            return ()
        return tuple(figure for figure in there if figure.measure in {measure.id for measure in named})


def beside(text: Text, *pieces: tuple[Passage, str]) -> tuple[ValueBeside, ...]:
    """Words side by side, each with what it is about and where it stands."""
    return tuple(ValueBeside(_label(text, passage), words, passage.where) for passage, words in pieces)


def _label(text: Text, passage: Passage) -> str:
    source = text.partnership.sources.get(passage.source)
    title = text.title_of(passage.topic)
    return f"{source.title}, {title}" if source else title
