"""How are sentences, words and numbers told in English text? The few things that all checks of words share.

Belongs here: sentences, words by their stems, numbers in digits and in words, how alike two texts are. Does not belong
here: what is wrong with any of it (its siblings).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from tasks.words import listed as words_listed

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        re.findall(
            r"\w+",
            "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
            "eighteen nineteen twenty",
        ),
        2,
    )
}
"""``one`` is left out: it is a pronoun as often as a number."""

_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been being but by can could did do does done for from had has have he her his how i if "
        "in into is it its may might more most no not of off on or our out over she should so some such than that the "
        "their them then there these they this those through to under up was we well were what when where which while "
        "who will with within would you your each other between across all new",
    )
)
"""Words that carry no meaning by themselves."""
_ABBREVIATIONS = re.compile(r"\b(?:e\.g|i\.e|etc|no|nos|vs|v|dr|mr|mrs|ms|st|approx|s|p|pp|para)\.$", re.IGNORECASE)
_SUFFIXES = (
    "ations",
    "ation",
    "ements",
    "ement",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ed",
    "es",
    "s",
    "y",
    "e",
)
_FEWEST = 4
"""Letters that a stem keeps at least."""


def sentences(text: str) -> list[str]:
    """Sentences of a paragraph; a full stop inside a number or an abbreviation ends none."""
    found, begin = [], 0
    for end in re.finditer(r"[.!?][\"'”’)]*(?=\s+[\"'“‘(]?[A-Z0-9])", text):
        piece = text[begin : end.end()].strip()
        if _ABBREVIATIONS.search(piece):
            continue
        found.append(piece)
        begin = end.end()
    rest = text[begin:].strip()
    return [*found, rest] if rest else found


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending, roughly: ``referrals`` and ``referred`` share ``referr``."""
    word = word.casefold().replace("’", "'").removesuffix("'s").strip("'")
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _FEWEST:
            return word[: -len(suffix)]
    return word


def words(text: str) -> list[str]:
    """Words as they stand, compounds taken apart at their hyphens."""
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text)


def content(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning."""
    return frozenset(stem(word) for word in words(text) if word.casefold() not in _LITTLE and len(word) > 1)


def share_of(part: Collection[str], whole: Collection[str]) -> float:
    """Which share of ``part`` is in ``whole``; nothing of nothing."""
    return sum(one in whole for one in part) / len(part) if part else 0.0


def alike(one: Collection[str], other: Collection[str]) -> float:
    """How alike two sets of stems are, from 0 to 1."""
    together = len(set(one) | set(other))
    return len(set(one) & set(other)) / together if together else 0.0


@lru_cache(maxsize=512)
def any_of(patterns: tuple[str, ...], whole_words: bool = False) -> re.Pattern[str]:
    """One pattern for many, without regard to capitals; ``whole_words`` for plain words."""
    joined = "|".join(patterns) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)" if whole_words else joined, re.IGNORECASE)


# Numbers


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text."""

    text: str
    """``2,190``, ``24.9%``, ``six``."""
    value: Decimal
    start: int
    end: int
    percent: bool = False
    in_words: bool = False


_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_N = r"(?:\d+|" + "|".join(NUMBER_WORDS) + r"|one|a few|several)"
_NO_FIGURES = re.compile(
    r"(?<!\w)(?:"
    # dates, days, years, financial years, times
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS})\b(?:,? \d{{4}})?"
    rf"|(?:{_MONTHS})\b \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}[:.]\d{2} ?(?:am|pm)?(?![\d%])(?<=[apm0-9])(?=\s?(?:am|pm|hours|o'clock))"
    r"|(?:19|20)\d\d\s?[-–/]\s?(?:\d{4}|\d{2})|\d\d\s?[-/]\s?\d\d(?=\W|$)|(?:19|20)\d\d(?:s)?"
    # ordinals, ages, durations and how often
    r"|\d+(?:st|nd|rd|th)"
    rf"|(?:aged?|under|over)[- ](?:of )?\d{{1,2}}(?:'?s)?(?: (?:to|and|or) \d{{1,2}})?"
    rf"|{_N}(?:\+\d)?[- ](?:years?|months?|weeks?|days?|hours?|minutes?|yearly|times|twice)(?:[- ]?olds?)?"
    rf"|post[- ]\d\d|every {_N} \w+"
    # numbers that are names: priority 1.1, step 3, page 12, chapter 2, version 2, child 1, key stage 4, section 47
    r"|(?:priorit(?:y|ies)|steps?|pages?|sections?|chapters?|paragraphs?|paras?|lines?|versions?|appendix|annex|figures?|"
    r"tables?|notes?|child|sibling|stage|phase|part|level|tiers?|items?|room|no)"
    r"\.? ?\d+(?:\.\d+)*(?:(?:,? (?:and|to|or) |-|, )\d+(?:\.\d+)*)*"
    # the same of words that stand before counts as well ("in the year 950 referrals"): two digits at most
    r"|(?:children|years?|groups?|acts?|s|p|pp|v|q|quarters?)\.? ?\d{1,2}(?!\d)(?:(?:,? (?:and|to|or) |-|, )\d{1,2})*"
    # quoted rates of something else: per 10,000; 1 in 5
    r"|per [\d,]+|0[- ]\d{2}\b|24/7"
    # telephone numbers
    r"|(?:tel|telephone|phone|fax)\.?:? ?[\d ()+-]+|0\d{3,}(?: \d{3,})*"
    r")(?!\w)",
    re.IGNORECASE,
)
_DIGITS = re.compile(
    r"(?<![\w.,/+-])(?:£ ?)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?: ?(%|per cent\b|percent\b))?(?![\w+]|[.,/-]\d)"
)
_WORDS = re.compile(rf"(?<![\w-])({'|'.join(NUMBER_WORDS)})(?![\w-])", re.IGNORECASE)


def numbers(text: str) -> list[Number]:
    """Numbers that count something, in their order: no dates, ages, durations, ordinals, names or laws."""
    barred = [found.span() for found in _NO_FIGURES.finditer(text)]
    begins = [begin for begin, _ in barred]
    found = [
        Number(one[0].strip(), Decimal(one[1].replace(",", "") + (one[2] or "")), one.start(), one.end(), bool(one[3]))
        for one in _DIGITS.finditer(text)
    ]
    found += [
        Number(one[0], Decimal(NUMBER_WORDS[one[0].casefold()]), one.start(), one.end(), in_words=True)
        for one in _WORDS.finditer(text)
        if not _is_name(text, one)
    ]
    # Barred spans stand in order and apart: only the last that begins before a number's end can touch it.
    last = ((one, bisect_left(begins, one.end) - 1) for one in found)
    kept = (one for one, index in last if index < 0 or barred[index][1] <= one.start)
    return sorted(kept, key=lambda one: one.start)


def _is_name(text: str, found: re.Match[str]) -> bool:
    """``the Six Steps``: a number with a capital inside a sentence, before another capital."""
    return found[0][0].isupper() and bool(re.match(r" [A-Z]", text[found.end() :])) and found.start() > 0


def after(text: str, number: Number) -> str:
    """What stands behind a number, up to the next one or to the end of its clause."""
    rest = re.sub(r"^\*+", "", text[number.end :])
    stop = re.search(r"[.;:](?:\s|$)|,\s", rest)
    following = _DIGITS.search(rest)
    ends = [one.start() for one in (stop, following) if one]
    return rest[: min(ends)] if ends else rest


# Quoting


def quoted(text: str, most: int = 90) -> str:
    """Words as they are quoted in a finding: no more than needed to find them."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def around(text: str, start: int, end: int, most: int = 70) -> str:
    """A piece of a text with a few words before and after it."""
    begin, stop = max(0, start - most // 2), min(len(text), end + most // 2)
    piece = text[begin:stop]
    if begin:
        piece = "… " + piece.partition(" ")[2]
    if stop < len(text):
        piece = piece.rpartition(" ")[0] + " …"
    return " ".join(piece.split())


def listed(names: Iterable[str], most: int = 8) -> str:
    """``a, b and c``; the first few of many, and how many more."""
    told = list(names)
    if len(told) > most:
        return f"{', '.join(told[:most])} and {len(told) - most} more"
    return words_listed(told)


def pairs(items: list[str]) -> Iterator[tuple[str, str]]:
    """Each item with the one after it."""
    return zip(items, items[1:], strict=False)
