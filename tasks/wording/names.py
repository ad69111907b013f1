"""Is a name, a word or an acronym written alike everywhere, and does a reader know what it stands for?

Belongs here: spellings against the configuration and within the text, acronyms. Does not belong here: styles of years
(``tasks.wording.times``) and of numbers (``tasks.wording.counts``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from config.wording import WordingCheck
from tasks.wording.evidence import Hit, Text, beside
from tasks.wording.language import any_of, content, listed, quoted
from tasks.wording.passages import Passage

_CLOSE = 0.86
_LONG_NAME = 7
_LONG_ACRONYM = 4

Uses = dict[str, list[Passage]]


def name_spelling(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Names written otherwise than configured, headings otherwise than in the list of contents."""
    for name in _names(text):
        variants = _variants(text, name)
        if variants:
            yield _spelt(text, name, variants)
    yield from _nearly_names(text)
    yield from _headings(text)


def _names(text: Text) -> list[str]:
    profile = text.partnership.profile
    areas = [word for area in profile.areas for word in (area.name, area.short_name)]
    names = {profile.name, *areas, *(group.name for group in profile.groups)}
    return sorted(name for name in names if len(name) > 3)


def _spelt(text: Text, name: str, variants: Uses) -> Hit:
    told = listed([f"“{one}” ({len(places)} times)" if len(places) > 1 else f"“{one}”" for one, places in variants.items()])
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
            if same_words != name and not same_words.isupper() and not _as_text(same_words, name):
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
    acronyms = {word for word in {*profile.acronyms, profile.short_name} if word.isupper() and len(word) >= _LONG_ACRONYM}
    found: dict[str, Uses] = {}
    uses = _capitalised(text)
    for word, places in uses.items():
        wanted = acronyms if word.isupper() and len(word) < 10 else targets
        bare = word.removesuffix("s") if wanted is acronyms or word.removesuffix("s") in known else word
        if bare in known or bare.casefold() in {one.casefold() for one in known}:
            continue
        near = [one for one in sorted(wanted) if _slip(bare, one)]
        if near and (wanted is targets or len(places) < len(uses.get(near[0], []))):
            found.setdefault(near[0], {})[word] = places
    for name, variants in found.items():
        yield _spelt(text, name, variants)


def _capitalised(text: Text) -> Uses:
    uses: Uses = {}
    for passage in text.passages:
        spread = passage.kind == "heading" and passage.text.isupper()
        for word in re.findall(r"(?<![\w@])[A-Z][\w&]*[A-Za-z](?!\w)", "" if spread else passage.text):
            uses.setdefault(word, []).append(passage)
    return uses


@lru_cache(maxsize=10_000)
def _slip(one: str, other: str) -> bool:
    """Is one letter too many, too few, wrong or out of place?"""
    if one == other or abs(len(one) - len(other)) > 1 or one[:1] != other[:1]:
        return False
    if one.isupper():
        shorter, longer = sorted((one, other), key=len)
        return len(shorter) < len(longer) and any(
            longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer))
        )
    alike = SequenceMatcher(None, one.casefold(), other.casefold()).ratio()
    return alike >= _CLOSE and one.casefold() != other.casefold() and one.rstrip("s") != other.rstrip("s")


def _headings(text: Text) -> Iterator[Hit]:
    """Headings that the list of contents has in other words."""
    headings = {_bare(heading.text): heading for heading in text.headings}
    for entry in text.passages:
        if entry.kind != "contents":
            continue
        words = re.sub(r"[\s.…]*\d+\s*(?:[-–]\s*\d+)?$", "", entry.text)
        if _bare(words) in headings:
            continue
        close = [one for one in headings if SequenceMatcher(None, _bare(words), one).ratio() >= 0.9]
        if close:
            heading = headings[close[0]]
            yield Hit(
                _bare(words),
                f"The contents say “{quoted(words)}”, the heading says “{quoted(heading.text)}”.",
                (heading, entry),
                values=beside(text, (entry, words), (heading, quoted(heading.text))),
            )


def _bare(words: str) -> str:
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
        for one in american.finditer(re.sub(r"\w+ programs?\b(?= (?:file|code))|\[[^\]]*\]\([^)]*\)", " ", passage.text)):
            yield Hit(
                f"{one[0]}|{passage.text}",
                f"“{one[0]}” is the American spelling.",
                (passage,),
                values=beside(text, (passage, one[0])),
            )


def _only_two_words(uses: Uses) -> bool:
    """Spellings of which none has a hyphen may be two words and one: "no one" and others."""
    return not any("-" in one for one in uses)


# Acronyms

_ACRONYM = re.compile(r"(?<![\w@#/&-])(?:[A-Z]&[A-Z]{1,3}|[A-Z]{2,6}|[A-Z]{2,5}s|[A-Z][a-z][A-Z])(?![\w&]|-\d)")
_LONGEST_NAME = 90


def acronyms(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Acronyms never introduced, used before, introduced twice, or with another meaning than before."""
    uses, introduced = _uses(text, {word.upper() for word in check.words["known"]}), _introduced(text)
    glossary = set() if text.is_document else set(text.partnership.profile.acronyms)
    meant = _glossary(text)
    never = [one for one in uses if one not in introduced and one not in glossary and one not in meant]
    if never:
        yield _acronym(text, "never", f"Never introduced: {listed(sorted(never), most=40)}.", {one: uses[one] for one in never})
    late = [one for one in uses if one in introduced and uses[one][0].number < introduced[one][0][0].number]
    if late and text.is_document:
        yield _acronym(
            text, "late", f"Used before they are introduced: {listed(sorted(late), most=40)}.", {one: uses[one] for one in late}
        )
    for one, places in introduced.items():
        yield from _meanings(text, one, places)


def _acronym(text: Text, key: str, title: str, uses: Mapping[str, list[Passage]]) -> Hit:
    firsts = {one: places[0] for one, places in uses.items()}
    return Hit(
        f"acronyms {key}",
        title,
        tuple(firsts.values()),
        values=beside(text, *((passage, one) for one, passage in list(firsts.items())[:8])),
    )


def _uses(text: Text, known: set[str]) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    own = text.partnership.profile.short_name
    for passage in text.passages:
        if passage.kind == "contents" or _shouts(passage.text):
            continue
        for one in _ACRONYM.findall(passage.text):
            bare = one.removesuffix("s") if one[:-1].isupper() and len(one) > 3 else one
            bare = one if one in text.partnership.profile.acronyms else bare
            if bare.upper() not in known and bare != own and not re.fullmatch(r"[IVX]+", bare):
                found.setdefault(bare, []).append(passage)
    return found


def _shouts(words: str) -> bool:
    """A line in capitals, in which no acronym can be told from a word."""
    letters = [sign for sign in words if sign.isalpha()]
    return len(letters) > 8 and sum(sign.isupper() for sign in letters) / len(letters) > 0.6


def _introduced(text: Text) -> dict[str, list[tuple[Passage, str]]]:
    """Where acronyms are introduced, with the words that they stand for: ``Words (ACR)`` or ``ACR (words)``."""
    found: dict[str, list[tuple[Passage, str]]] = {}
    for passage in text.passages:
        if passage.kind == "contents":
            continue
        for one in re.finditer(r"\(([A-Z][\w&]{1,6}?)(?:['’]?s)?\)", passage.text):
            words = _expansion(passage.text[max(0, one.start() - _LONGEST_NAME) : one.start()], one[1])
            if words:
                found.setdefault(one[1], []).append((passage, words))
        for one in re.finditer(r"(?<!\w)([A-Z][A-Z&]{1,6})s? \(([A-Za-z][\w ,'’-]{6,80})\)", passage.text):
            if _initials_fit(one[1], one[2]):
                found.setdefault(one[1], []).append((passage, one[2]))
    return found


def _expansion(before: str, acronym: str) -> str:
    """The words just before the bracket whose first letters make the acronym; nothing where they do not."""
    tokens = re.findall(r"[\w'’]+", before)
    letters = acronym.replace("&", "").casefold()
    for length in range(len(letters), min(len(letters) + 6, len(tokens)) + 1):
        piece = tokens[-length:]
        if piece[0][0].casefold() == letters[0] and _initials_fit(acronym, " ".join(piece)):
            return " ".join(piece)
    return ""


def _initials_fit(acronym: str, words: str) -> bool:
    """Do the first letters of the words hold the acronym's letters, in their order?"""
    initials = "".join(token[0] for token in re.findall(r"\w[\w'’]*", words)).casefold()
    at = -1
    for letter in acronym.replace("&", "").casefold():
        at = initials.find(letter, at + 1)
        if at < 0:
            return False
    return True


def _glossary(text: Text) -> set[str]:
    """Acronyms that a list of them explains, in a document that has one."""
    under = [p for p in text.passages if any(re.search(r"(?i)glossary|acronyms|abbreviations", h) for h in p.headings)]
    return {one for passage in under for one in _ACRONYM.findall(passage.text)}


def _meanings(text: Text, acronym: str, places: list[tuple[Passage, str]]) -> Iterator[Hit]:
    """More than one introduction, or another meaning than the glossary's."""
    configured = text.partnership.profile.acronyms.get(acronym, "")
    wanted = [*([configured] if configured and " " in configured else []), *(words for _, words in places)]
    several = Counter(_bare(words) for words in wanted)
    other = [words for words in several if content(words) != content(_bare(wanted[0]))]
    if other:
        title = f"{acronym} stands for “{wanted[0]}” and for {listed([f'“{words}”' for words in other])}."
    elif len(places) > 1 and text.is_document:
        title = f"{acronym} is introduced {len(places)} times."
    else:
        return
    yield Hit(
        f"acronym {acronym}",
        title,
        tuple(passage for passage, _ in places),
        values=beside(text, *places),
    )
