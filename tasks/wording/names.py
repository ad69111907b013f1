"""Is a name or a word written alike everywhere?

Belongs here: spellings against the configuration and within the text. Does not belong here: acronyms
(``tasks.wording.acronyms``), styles of years (``tasks.wording.times``) and of numbers (``tasks.wording.counts``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from config.wording import WordingCheck
from tasks.wording.evidence import Hit, Text, beside
from tasks.wording.language import any_of, listed, quoted
from tasks.wording.passages import Passage

_LONG_NAME = 7
_LONG_ACRONYM = 4

Uses = dict[str, list[Passage]]


def name_spelling(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Names written otherwise than configured, headings otherwise than in the list of contents."""
    told: dict[str, str] = {}
    for name in _names(text):
        variants = {
            written: places
            for written, places in _variants(text, name).items()
            if not any(written.replace(slip, right) == name for slip, right in told.items())
        }
        told |= dict.fromkeys(variants, name)
        if variants:
            yield _spelt(text, name, variants)
    yield from _nearly_names(text)
    yield from _headings(text)


def _names(text: Text) -> list[str]:
    profile = text.partnership.profile
    areas = [word for area in profile.areas for word in (area.name, area.short_name)]
    names = {profile.name, *areas, *(group.name for group in profile.groups)}
    return sorted((name for name in names if len(name) > 3), key=lambda name: (len(name), name))


def _spelt(text: Text, name: str, variants: Uses) -> Hit:
    told = listed(
        [f"“{one}” ({len(places)} times)" if len(places) > 1 else f"“{one}”" for one, places in variants.items()]
    )
    return Hit(
        name,
        f"“{name}” is also written {told}.",
        tuple(places[0] for places in variants.values()),
        values=beside(text, *((places[0], one) for one, places in variants.items())),
    )


def _variants(text: Text, name: str) -> Uses:
    """Other spellings of a name: other hyphens, or other capitals than those of headings and running text."""
    pattern = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", name)))
    found: Uses = {}
    for passage in text.passages:
        for one in re.finditer(rf"(?<![\w-]){pattern}(?![\w-])", passage.text, re.IGNORECASE):
            same_words = " ".join(one[0].split())
            if (
                same_words != name
                and not same_words.isupper()
                and not same_words.islower()
                and not _as_text(same_words, name)
            ):
                found.setdefault(same_words, []).append(passage)
    return found


def _as_text(written: str, name: str) -> bool:
    """The name with small letters, as a word of the sentence rather than as a name: that is no misspelling."""
    return written.casefold() == name.casefold() and all(
        mine == theirs or (mine.islower() and theirs[0].isupper())
        for mine, theirs in zip(re.split(r"[\s-]", written), re.split(r"[\s-]", name), strict=True)
    )


def _nearly_names(text: Text) -> Iterator[Hit]:
    """Words that are a slip away from a configured name or acronym, and are neither."""
    profile = text.partnership.profile
    known = {word for name in _names(text) for word in re.findall(r"[\w'’]+", name)} | set(profile.acronyms)
    targets = {word for word in known if word[0].isupper() and len(word) >= _LONG_NAME}
    acronyms = {
        word for word in {*profile.acronyms, profile.short_name} if word.isupper() and len(word) >= _LONG_ACRONYM
    }
    found: dict[str, Uses] = {}
    uses = _capitalised(text)
    for word, places in uses.items():
        wanted = acronyms if word.isupper() and len(word) < 10 else targets
        bare = word.removesuffix("s") if wanted is acronyms or word.removesuffix("s") in known else word
        if bare in known or f"{bare}s" in known or bare.casefold() in {one.casefold() for one in known}:
            continue
        near = [one for one in sorted(wanted) if is_slip(bare, one)]
        if near and (wanted is targets or len(places) < len(uses.get(near[0], []))):
            found.setdefault(near[0], {})[word] = places
    for name, variants in found.items():
        yield _spelt(text, name, variants)


def _capitalised(text: Text) -> Uses:
    uses: Uses = {}
    for passage in text.passages:
        spread = passage.kind == "heading" and passage.text.isupper()
        # The first word of a sentence has its capital from there.
        inside = re.sub(r"(?:^|[.!?:]\s+)[A-Z][a-z]+", " ", passage.text)
        for word in re.findall(r"(?<![\w@])[A-Z][\w&]*[A-Za-z](?!\w)", "" if spread else inside):
            uses.setdefault(word, []).append(passage)
    return uses


@lru_cache(maxsize=10_000)
def is_slip(one: str, other: str) -> bool:
    """Is one letter too many, too few, wrong or out of place? In acronyms: too many or too few."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) == 1:
        return any(longer[:index] + longer[index + 1 :] == shorter for index in range(1, len(longer)))
    if len(longer) > len(shorter) or one.isupper():
        return False
    wrong = [index for index, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs]
    swapped = len(wrong) == 2 and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
    return len(wrong) == 1 or swapped


def _headings(text: Text) -> Iterator[Hit]:
    """Headings that the list of contents has in other words."""
    headings = {plain(heading.text): heading for heading in text.headings}
    for entry in text.passages:
        if entry.kind != "contents":
            continue
        words = re.sub(r"[\s.…]*\d{1,3}\s*(?:[-–]\s*\d+)?$", "", entry.text)
        if plain(words) in headings:
            continue
        close = [one for one in headings if SequenceMatcher(None, plain(words), one).ratio() >= 0.9]
        if close:
            heading = headings[close[0]]
            yield Hit(
                plain(words),
                f"The contents say “{quoted(words)}”, the heading says “{quoted(heading.text)}”.",
                (heading, entry),
                values=beside(text, (entry, words), (heading, quoted(heading.text))),
            )


def plain(words: str) -> str:
    """Words without signs and capitals."""
    return " ".join(re.sub(r"[^\w ]", " ", words).casefold().split())


def word_spelling(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Words with and without a hyphen; American spellings."""
    prefixes = any_of(check.words["prefixes"])
    found: dict[str, Uses] = {}
    for passage in text.body:
        for one in re.finditer(rf"(?<![\w-])({prefixes.pattern})([\s-]?)([a-z]{{4,}})", passage.text, re.IGNORECASE):
            written = one[0].casefold()
            found.setdefault(re.sub(r"[\s-]", "", written), {}).setdefault(written, []).append(passage)
    for key, uses in found.items():
        if len(uses) > 1 and not _only_two_words(uses):
            counts = listed([f"“{one}” ({len(places)})" for one, places in sorted(uses.items())])
            yield Hit(
                key,
                f"One word is written in {len(uses)} ways: {counts}.",
                tuple(places[0] for places in uses.values()),
                values=beside(text, *((places[0], one) for one, places in uses.items())),
            )
    american = any_of(check.words["american"], whole_words=True)
    for passage in text.body:
        for one in american.finditer(
            re.sub(r"\w+ programs?\b(?= (?:file|code))|\[[^\]]*\]\([^)]*\)", " ", passage.text)
        ):
            yield Hit(
                f"{one[0]}|{passage.text}",
                f"“{one[0]}” is the American spelling.",
                (passage,),
                values=beside(text, (passage, one[0])),
            )


def _only_two_words(uses: Uses) -> bool:
    """Spellings of which none has a hyphen may be two words and one: "no one" and others."""
    return not any("-" in one for one in uses)
