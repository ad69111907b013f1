"""Does a file hold personal data, which no return of counts may?

Belongs here: what identifies a person (identifiers with their check digits, dates of birth, postcodes, addresses,
telephone numbers, columns of names), and looking for it. Does not belong here: getting at a file's texts
(``tasks.gather.contents``), and where such a file is kept (``tasks.gather.inbox``).

What is found is told by its kind and its place; what stands there leaves this module in no form. Files are opened with
the limits of ``tasks.gather.safe``; what cannot be opened by them is not searched, and no reader opens it either.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from config.layouts import OfficialStatistics, Rows, Source
from tasks.gather.collect import lines
from tasks.gather.contents import Cell, cells_of
from tasks.gather.labels import plain
from tasks.model import Problem

Kind = Literal["upn", "nhs_number", "date_of_birth", "postcode", "email", "telephone", "name"]

WORDS: dict[Kind, str] = {
    "upn": "a unique pupil number (UPN)",
    "nhs_number": "an NHS number",
    "date_of_birth": "a date of birth",
    "postcode": "a full postcode",
    "email": "an e-mail address",
    "telephone": "a telephone number",
    "name": "a name in a column of names",
}
NAMED = 3
"""Places that a problem names, and counts the others: where one is, its sender finds the rest."""
PSEUDONYMS: frozenset[Kind] = frozenset({"nhs_number", "telephone"})
"""What a pseudonym made of digits can look like by chance; not looked for in columns that hold pseudonyms."""


@dataclass(frozen=True, order=True)
class Hit:
    """Something personal: where, and of which kind. Never what."""

    where: str
    """``sheet Data, C7``; ``line 12``; ``paragraph 3``."""
    kind: Kind


# What identifies a person


def is_nhs_number(digits: str) -> bool:
    """Ten digits with a right check digit, in a range that is in use.

    In use are 400 to 499 and 600 to 799 (England, Wales, Isle of Man), 320 to 399 (Northern Ireland), 900 to 999
    (examples and tests, which in a return mean the same mistake) and Scotland's, which begin with a day and a month.
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    if len(set(digits)) == 1 or (11 - total % 11) % 11 != int(digits[9]):
        return False
    first = int(digits[:3])
    scottish = 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12
    return 320 <= first <= 499 or 600 <= first <= 799 or first >= 900 or scottish


_UPN_VALUES = "ABCDEFGHJKLMNPQRTUVWXYZ"


def is_upn(text: str) -> bool:
    """Thirteen characters of which the first is the right check letter. Any local authority: lists of them grow old."""
    values = [int(sign) if sign.isdecimal() else _UPN_VALUES.index(sign) for sign in text[1:]]
    return _UPN_VALUES[sum(value * weight for weight, value in enumerate(values, 2)) % 23] == text[0]


_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU|"
    "GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|"
    "PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|"
    "YO|ZE|B|E|G|L|M|N|S|W"
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}[-/]\d{1,2}[-/]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?(?:{_MONTHS})[a-z]*[ ,-]{{1,2}}\d{{2,4}})(?!\d)"
)
_BIRTH = r"(?<!\w)(?:d\.? ?o\.? ?b\b\.?|date[ -]of[ -]birth|birth[ -]?dates?|birthday|born)"


def _is_telephone(text: str) -> bool:
    """Eleven digits in a range of the national plan; words and numbers may follow after a space."""
    digits = re.sub(r"^(?:\+|00)44[ -]?(?:\(0\))?", "0", text)
    grown = ""
    for group in re.findall(r"\d+", digits):
        grown += group
        if len(grown) >= 11:
            break
    return bool(re.fullmatch(r"0(?:1[1-9]|2[0-9]|3[0-9]|7[0-9]|8[0-9])\d{8}", grown))


def _is_postcode(text: str) -> bool:
    return not re.search(r"\d(?:st|nd|rd|th)$", text)  # "B1 2nd"; a postcode would have capitals


def _always(_: str) -> bool:
    return True


_PATTERNS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        "upn",
        re.compile(r"(?<!\w)[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z](?!\w)", re.IGNORECASE),
        lambda text: is_upn(text.upper()),
    ),
    (
        "nhs_number",
        re.compile(r"(?:(?<![\w£+])(?<![0-9][.,])|(?<=NHS))[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![\w]|[.,][0-9])"),
        lambda text: is_nhs_number(re.sub("[ -]", "", text)),
    ),
    (
        "date_of_birth",
        re.compile(
            rf"{_BIRTH}(?:[ \t]|\b(?:on|the|is|was)\b|[:;=(,-]){{0,12}}{_DATE}"
            rf"|(?<!\d){_DATE}[ \t]?[(,;-]?[ \t]?{_BIRTH}",
            re.IGNORECASE,
        ),
        _always,
    ),
    (
        "postcode",
        re.compile(
            rf"(?<![A-Z0-9])(?:{_AREAS})[0-9][A-Z0-9]? {{0,2}}[0-9][ABD-HJLNP-UW-Z]{{2}}(?![A-Z0-9])", re.IGNORECASE
        ),
        _is_postcode,
    ),
    ("email", re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"), _always),
    (
        "telephone",
        re.compile(
            r"(?<![\w£])(?<![0-9][.,/-])(?:(?:\+|00)44[ -]?(?:\(0\)[ -]?)?\(?|\(?0)[12378][0-9]{1,9}\)?"
            r"(?:[ -]?[0-9]{2,8}){0,4}(?!\w)"
        ),
        _is_telephone,
    ),
)

_WHOSE = r"(?:(?:the )?(?:child|pupil|young person|student|learner|parent|mother|father|carer|patient)(?: ?s)? )?"
_HEADINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("date_of_birth", re.compile(rf"{_WHOSE}(?:d ?o ?b|date of birth|birth ?date|born)")),
    (
        "name",
        re.compile(
            rf"{_WHOSE}(?:surname|forenames?|first names?|last name|family name|given names?|full name)"
            rf"|{_WHOSE[:-1]}names?|names? of (?:the )?(?:child|pupil|young person|student|learner|parent|carer)"
        ),
    ),
    ("telephone", re.compile(rf"{_WHOSE}(?:tele)?phone(?: number| no)?|{_WHOSE}mobile(?: number| no| phone)?")),
)
_NOTHING = re.compile(r"n ?/? ?a|none|nil|not applicable|not known|unknown|totals?|all|[cxz]|low", re.IGNORECASE)


def _heading(text: str) -> Kind | None:
    """Of which kind is a column under this heading?"""
    if not text or len(text) > 60:
        return None
    key = " ".join(re.sub(r"[^a-z ]+", " ", plain(re.sub(r"['\u2019]|\(s\)", "", text))).split())
    return next((kind for kind, pattern in _HEADINGS if pattern.fullmatch(key)), None)


def _is_value(kind: Kind, text: str) -> bool:
    """Does a cell below a heading of this kind hold what the heading says?"""
    if kind == "date_of_birth":
        serial = re.fullmatch(r"(\d{4,5})(?:\.\d+)?", text)  # days since 1900, as Excel keeps them: from 1930 on
        return bool(re.match(rf"{_DATE}", text, re.IGNORECASE)) or bool(serial and 10958 <= int(serial[1]) <= 60000)
    if kind == "telephone":
        digits = re.sub(r"[ ()+-]", "", text)
        return bool(re.fullmatch(r"(?:0|44)?[12378]\d{9}", digits))
    return bool(re.search(r"[^\W\d_]", text)) and not _NOTHING.fullmatch(text)


# Looking for it


def problems(source: Source | None, data: bytes, name: str, allowed: Iterable[str] = ()) -> tuple[Problem, ...]:
    """One blocking problem for each kind of personal data in a file; none where there is none.

    ``source`` is ``None`` for a file that nobody was expected to send. Official statistics are published and not
    searched; in columns that a layout calls ``personal`` a pseudonym may be a number.
    """
    if source and isinstance(source.layout, OfficialStatistics):
        return ()
    layout = source.layout if source else None
    pseudonyms = {
        plain(word)
        for column in (layout.personal if isinstance(layout, Rows) else ())
        for word in (layout.columns[column] if isinstance(layout, Rows) else ())
    }
    found: dict[Kind, list[str]] = {}
    for hit in hits(data, allowed, pseudonyms):
        found.setdefault(hit.kind, []).append(hit.where)
    return tuple(
        Problem(
            f"The file holds personal data: {WORDS[kind]}{_times(places)}.",
            f"{name}, {_named(places)}",
            "A return holds counts, and nothing about one person. Nothing was taken from the file; it is kept where "
            "only those who look after the store may see it.",
            "Take it out, also from hidden sheets, comments and tracked changes, and send the file again. Tell your "
            "data protection officer that it was sent.",
        )
        for kind, places in found.items()
    )


def holds(text: str) -> bool:
    """Does a short text, as the name of a file, hold personal data?"""
    return bool(_search([Cell("", text.replace("_", " "))], frozenset(), frozenset()))


def hits(data: bytes, allowed: Iterable[str] = (), pseudonyms: Collection[str] = ()) -> list[Hit]:
    """Everything personal in a file, each kind once a place, in the order in which it stands.

    ``allowed`` are contact details that the partnership publishes; ``pseudonyms`` are headings of columns of them.
    """
    return _search(list(cells_of(data, holds)), {_bare(text) for text in allowed}, pseudonyms)


def _search(cells: Sequence[Cell], allowed: Collection[str], pseudonyms: Collection[str]) -> list[Hit]:
    """One pass of each pattern over all texts at once: a search cell by cell takes many times as long."""
    starts, at = [], 0
    for cell in cells:
        starts.append(at)
        at += len(cell.text) + 1
    whole = "\0".join(_normal(cell.text) for cell in cells)
    spared = {
        (cell.table, cell.column) for cell in cells if cell.table and cell.row == 1 and plain(cell.text) in pseudonyms
    }
    found: dict[tuple[int, Kind], None] = {}
    for kind, pattern, holds_for in _PATTERNS:
        for match in pattern.finditer(whole):
            index = bisect_right(starts, match.start()) - 1
            cell = cells[index]
            if kind in PSEUDONYMS and (cell.table, cell.column) in spared:
                continue
            if holds_for(match[0]) and _bare(match[0]) not in allowed:
                found[index, kind] = None
    for index, kind in _under_headings(cells, spared):
        found[index, kind] = None
    return list(dict.fromkeys(Hit(cells[index].where, kind) for index, kind in sorted(found)))


def _normal(text: str) -> str:
    """The same length, with one kind of space and one kind of hyphen."""
    return text.translate(_SAME)


_SAME = {0: " ", 0xA0: " ", 0x2007: " ", 0x2009: " ", 0x202F: " "} | dict.fromkeys(range(0x2010, 0x2016), "-")


def _bare(text: str) -> str:
    """Contact details as they are compared: without spaces, brackets and case, numbers with their first nought."""
    bare = re.sub(r"[ ()-]", "", text).casefold()
    return re.sub(r"^(?:\+|00)44(?:0)?", "0", bare)


def _under_headings(cells: Sequence[Cell], spared: Collection[tuple[str, int]]) -> Iterator[tuple[int, Kind]]:
    """Values below a heading, and dates beside one."""
    above: dict[tuple[str, int], Kind] = {}
    beside: tuple[str, int, int] = ("", 0, 0)
    for index, cell in enumerate(cells):
        if not cell.table:
            continue
        text, column = _normal(cell.text).strip(), (cell.table, cell.column)
        if not text or column in spared:
            continue
        kind = _heading(text)
        if kind:
            above[column] = kind
            beside = (cell.table, cell.row, cell.column + 1) if kind == "date_of_birth" else beside
        elif column in above and _is_value(above[column], text):
            yield index, above[column]
        elif beside == (cell.table, cell.row, cell.column) and _is_value("date_of_birth", text):
            yield index, "date_of_birth"


def _times(places: Sequence[str]) -> str:
    return "" if len(places) == 1 else f", in {len(places)} places"


def _named(places: Sequence[str]) -> str:
    numbers = [place.removeprefix("line ") for place in places]
    if all(number.isdecimal() for number in numbers):
        return lines(int(number) for number in numbers)
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    return "; ".join(places[:NAMED]) + more
