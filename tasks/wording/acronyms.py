"""Does a reader know what an acronym stands for?

Belongs here: acronyms that are never introduced, too late, more than once, or with two meanings. Does not belong here:
how names are spelt (``tasks.wording.names``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from config.wording import WordingCheck
from tasks.wording.evidence import Hit, Text, beside
from tasks.wording.language import content, listed
from tasks.wording.names import is_slip, plain
from tasks.wording.passages import Passage

_ACRONYM = re.compile(r"(?<![\w@#/&-])(?:[A-Z]&[A-Z]{1,3}|[A-Z]{2,6}|[A-Z]{2,5}s|[A-Z][a-z][A-Z])(?![\w&]|-\d)")
_LONGEST_NAME = 90


def acronyms(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Acronyms never introduced, used before, introduced twice, or with another meaning than before."""
    uses, introduced = _uses(text, {word.upper() for word in check.words["known"]}), _introduced(text)
    glossary = set() if text.is_document else set(text.partnership.profile.acronyms)
    meant = _glossary(text)
    never = [one for one in uses if one not in introduced and one not in glossary and one not in meant]
    if never:
        yield _acronym(
            text, "never", f"Never introduced: {listed(sorted(never), most=40)}.", {one: uses[one] for one in never}
        )
    late = [one for one in uses if one in introduced and uses[one][0].number < introduced[one][0][0].number]
    if late and text.is_document:
        yield _acronym(
            text,
            "late",
            f"Used before they are introduced: {listed(sorted(late), most=40)}.",
            {one: uses[one] for one in late},
        )
    twice = [one for one, places in introduced.items() if len(places) > 1]
    if twice and text.is_document:
        places = {one: [passage for passage, _ in introduced[one]] for one in twice}
        yield _acronym(text, "twice", f"Introduced more than once: {listed(sorted(twice), most=40)}.", places)
    for one, where in introduced.items():
        yield from _meanings(text, one, where)


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
    spoken = {word for passage in text.body for word in re.findall(r"(?<!\w)[a-z]{2,6}(?!\w)", passage.text)}
    for passage in text.passages:
        if passage.kind == "contents" or _shouts(passage.text):
            continue
        for one in _ACRONYM.findall(passage.text):
            bare = one.removesuffix("s") if one[:-1].isupper() and len(one) > 3 else one
            bare = one if one in text.partnership.profile.acronyms else bare
            is_word = bare.casefold() in spoken and bare not in text.partnership.profile.acronyms
            is_own = bare == own or is_slip(bare, own)
            if bare.upper() not in known and not (is_word or is_own or re.fullmatch(r"[IVX]+", bare)):
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
    """Another meaning than the glossary's, or than at the first introduction."""
    configured = text.partnership.profile.acronyms.get(acronym, "")
    wanted = [*([configured] if configured and " " in configured else []), *(words for _, words in places)]
    several = Counter(plain(words) for words in wanted)
    other = [words for words in several if content(words) != content(plain(wanted[0]))]
    if other:
        yield Hit(
            f"acronym {acronym}",
            f"{acronym} stands for “{wanted[0]}” and for {listed([f'“{words}”' for words in other])}.",
            tuple(passage for passage, _ in places),
            values=beside(text, *places),
        )
