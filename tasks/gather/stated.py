"""For which period does a file, a heading or a row say that it is?

Belongs here: the ways in which returns write periods beyond ``config.periods``: a bare month under a year, the year to
date, "April to June 2023". Does not belong here: where in a file they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from config.periods import MONTHS, Month, Period, Quarter, ReportingYear, Return, parse_period
from tasks.gather.labels import plain

_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/\u2010-\u2015]\s*(\d{4}|\d{2})(?!\d)")
_SPAN = re.compile(r"([a-z]{3,9})\.?(?: \d{4})? ?(?:to|-) ?([a-z]{3,9})\.? (\d{4})")


def find_year(text: str) -> ReportingYear | None:
    """The reporting year that is named somewhere in a text ("Dataset 2023-24, quarter 1")."""
    for found in _YEARS.finditer(text):
        if (int(found[1]) + 1) % 100 == int(found[2]) % 100:
            return ReportingYear(int(found[1]))
    return None


def find_period(text: str) -> Period | None:
    """The period that a text is, or nothing.

    Reads "April to June 2023" too, also in brackets behind it, and the first or last day of a month as that month.
    """
    outside, _, inside = text.strip().removesuffix(")").partition("(")
    if outside and inside:  # "Q1 2023-24 (April to June 2023)"
        period, again = find_period(outside), find_period(inside)
        return period if again in (None, period) else None
    try:
        return parse_period(text)
    except ValueError:
        pass
    if found := _SPAN.fullmatch(plain(text)):
        first, last = MONTHS.get(found[1]), MONTHS.get(found[2])
        if first and last:
            quarter = Month(int(found[3]), last).quarter
            if (quarter.months[0].number, quarter.months[-1].number) == (first, last):
                return quarter
            if (first, last) == (4, 3):
                return quarter.year
    return month_of_day(text)


_SERIALS = range(36526, 73051)
"""Days as Excel counts them: 2000 to 2099."""
_BRITISH = re.compile(r"([0-3]?\d)([/.-])([01]?\d)\2((?:20)?\d\d)(?: 00:00(?::00)?)?")
_IN_WORDS = re.compile(r"([0-3]?\d)([ -])([A-Za-z]{3,9})\2((?:20)?\d\d)")
_ISO = re.compile(r"20\d\d-[01]\d-[0-3]\d(?:[ T]00:00(?::00)?)?")


def find_day(text: str) -> date | None:
    """The day that a text is: ``2023-04-01``, ``01/04/23``, ``1 April 2023``, ``1-Apr-23``, or a number of Excel's.

    The month is never first.
    """
    text = text.strip()
    if text.isascii() and text.isdecimal() and int(text) in _SERIALS:
        return date(1899, 12, 30) + timedelta(days=int(text))
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text[:10])
        if found := _BRITISH.fullmatch(text):
            return date(2000 + int(found[4]) % 100, int(found[3]), int(found[1]))
        if found := _IN_WORDS.fullmatch(text):
            return date(2000 + int(found[4]) % 100, MONTHS.get(found[3].lower(), 0), int(found[1]))
    except ValueError:
        pass
    return None


def month_of_day(text: str) -> Month | None:
    """The month that a heading means by its first or last day. Another day means one day, and no month."""
    day = find_day(text)
    if day is None:
        return None
    month = Month(day.year, day.month)
    return month if day in (month.first_day, month.last_day) else None


def find_stated(text: str, period: Return) -> Period | None:
    """The period that a file says it is for, where "quarter ending" may have a date."""
    day = find_day(text)
    return period if day == period.last_day else find_period(text)


def month_in(text: str, year: ReportingYear | int | None) -> Month | None:
    """A bare month ("Apr") in a reporting year, or in a calendar year given as a number."""
    number = MONTHS.get(plain(text))
    if number is None or year is None:
        return None
    if isinstance(year, int):
        return Month(year, number)
    return Month(year.start_year + (number < 4), number)


def is_bare_month(text: str) -> bool:
    """Is it the name of a month without its year?"""
    return plain(text) in MONTHS


def is_year_to_date(text: str, words: Iterable[str], period: Return) -> bool:
    """Does it say "from 1 April to the end of the period", and of this period's year or quarter if it names one?"""
    if not says_year_to_date(text, words):
        return False
    quarter = re.search(r"\b(?:q|quarter) ?([1-4])\b", plain(text))
    if quarter and isinstance(period, Quarter) and int(quarter[1]) != period.number:
        return False
    year = find_year(text)
    return year is None or year == period.year


def says_year_to_date(text: str, words: Iterable[str]) -> bool:
    """Does it hold one of the words for the year to date, of whichever year?"""
    return any(re.search(rf"(?<!\w){re.escape(plain(word))}(?!\w)", plain(text)) for word in words)


def year_to_date(period: Return) -> str:
    """How an observation's period is written for the year to date; at the end of the year it is the year."""
    return str(period.year) if ends_the_year(period) else f"{period}-ytd"


def ends_the_year(period: Return) -> bool:
    """Does the period end on 31 March?"""
    return isinstance(period, ReportingYear) or period.number == 4


def belongs(found: Period, period: Return) -> bool:
    """Is a value for ``found`` part of a return for ``period``?"""
    if isinstance(found, Month):
        return found in period.months
    if isinstance(period, ReportingYear):
        return found == period or (isinstance(found, Quarter) and found in period.quarters)
    return found == period or (found == period.year and period.number == 4)
