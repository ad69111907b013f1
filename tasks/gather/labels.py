"""Do two headings or labels mean the same? Compares them as people do.

Belongs here: what is ignored when words are compared, and the nearest known word to an unknown one.
Does not belong here: which words a source uses (``config.layouts``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_TRAILING = re.compile(r"(?:\s|\[[^\[\]]{1,12}\]|[*†‡§⁰¹²³⁴-⁹:;.,!?–—-])+$")
"""What may follow a label without being part of it: footnote marks (``*``, ``¹``, ``[note 1]``) and punctuation."""
_ALIKE = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00ad": "", "\u200b": "", "\ufeff": ""}
    | {chr(code): "-" for code in (*range(0x2010, 0x2016), 0x2212)}
)
_TOTALS = re.compile(r"(?:(?:grand|overall|column|sub)[ -]?)?totals?|sums?|overall|all")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b\ue000-\uf8ff]")


def plain(text: str) -> str:
    """A label as it is compared: without case, repeated spaces, footnote marks and punctuation at its end."""
    text = unicodedata.normalize("NFKC", _TRAILING.sub("", text).translate(_ALIKE))
    return " ".join(text.casefold().split())


def clean(text: str) -> str:
    """Text from a return without what no one typed: control characters, private-use characters, invisible marks."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")).strip()


def meanings(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn ``{id: synonyms}`` round: every synonym, as it is compared, with its id."""
    return {plain(synonym): name for name, synonyms in words.items() for synonym in synonyms}


def is_one_of(text: str, words: Iterable[str]) -> bool:
    """Does a cell hold one of these words?"""
    return bool(text) and plain(text) in {plain(word) for word in words}


def is_total(text: str) -> bool:
    """Is it what people write before a row that adds up those above it?"""
    return bool(_TOTALS.fullmatch(plain(text)))


def nearest(text: str, known: Iterable[str]) -> str:
    """The known word that is most like ``text``, or nothing when none is."""
    words = {plain(word): word for word in known}
    found = get_close_matches(plain(text), list(words), n=1)
    return words[found[0]] if found else ""


def quoted(words: Iterable[str], most: int = 12) -> str:
    """Name some words in a sentence: ``'Referrals', 'Contacts' and 3 more``."""
    names = [f"'{word if len(word) <= 60 else word[:57] + '...'}'" for word in words]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
