"""Which reporting year, quarter and month? Financial years run from 1 April to 31 March.

Belongs here: naming periods, reading the ways in which people write them, and their first and last days.
Does not belong here: schedules and time zones (``flows``) and what may be added up over periods (``tasks.measures``).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month, written ``2023-04``."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def quarter(self) -> Quarter:
        start = self.year if self.number >= 4 else self.year - 1
        return Quarter(start, (self.number - 4) % 12 // 3 + 1)

    @property
    def words(self) -> str:
        return f"{calendar.month_name[self.number]} {self.year}"


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a financial year, written ``2023-24-Q4``; Q1 is April to June."""

    start_year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2023-24-Q4``, ``Q4 2023/24``, ``2023-2024 quarter 4`` and the like.

        Raises:
            ValueError: no quarter can be read, or the two years do not follow each other.
        """
        found = re.search(r"(?:Q|quarter)\s*([1-4])\b", text, re.IGNORECASE)
        if not found:
            raise ValueError(f"'{text}' names no quarter. Write it like 2023-24-Q4.")
        rest = text[: found.start()] + " " + text[found.end() :]
        return cls(ReportingYear.parse(rest).start_year, int(found[1]))

    @classmethod
    def ended_by(cls, day: date) -> Quarter:
        """The latest quarter whose last day is ``day`` or before it: on 31 March that is the one ending today."""
        current = Month(day.year, day.month).quarter
        return current if day == current.last_day else current.before

    @property
    def year(self) -> ReportingYear:
        return ReportingYear(self.start_year)

    @property
    def before(self) -> Quarter:
        """The quarter before, over the end of a year too."""
        return Quarter(self.start_year, self.number - 1) if self.number > 1 else Quarter(self.start_year - 1, 4)

    @property
    def months(self) -> tuple[Month, ...]:
        first = 3 * self.number + 1
        return tuple(Month(self.start_year + (n > 12), n - 12 if n > 12 else n) for n in range(first, first + 3))

    @property
    def first_day(self) -> date:
        return self.months[0].first_day

    @property
    def last_day(self) -> date:
        return self.months[-1].last_day

    @property
    def words(self) -> str:
        first, _, last = self.months
        return f"{calendar.month_name[first.number]} to {last.words}"


@dataclass(frozen=True, order=True)
class ReportingYear:
    """One financial year, written ``2023-24``."""

    start_year: int

    def __str__(self) -> str:
        return f"{self.start_year}-{(self.start_year + 1) % 100:02d}"

    @classmethod
    def parse(cls, text: str) -> ReportingYear:
        """Read ``2023-24``, ``2023/24``, ``2023 – 2024``, ``2023/2024``, ``23-24`` or ``202324``.

        Raises:
            ValueError: no year can be read, or the two years do not follow each other.
        """
        found = re.search(r"(?<!\d)(\d{4}|\d{2}(?!\d))\s*[-/\u2010-\u2015 ]?\s*(\d{4}|\d{2})(?!\d)", text.strip())
        if not found or re.search(r"\d", text.strip().replace(found[0], "", 1)):
            raise ValueError(f"'{text.strip()}' names no reporting year. Write it like 2023-24.")
        start, end = int(found[1]) % 100, int(found[2]) % 100
        if (start + 1) % 100 != end:
            raise ValueError(f"'{text.strip()}' is not a financial year: its second year must follow its first.")
        return cls(int(found[1]) if len(found[1]) == 4 else 2000 + start)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        return tuple(Quarter(self.start_year, n) for n in (1, 2, 3, 4))

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(month for quarter in self.quarters for month in quarter.months)

    @property
    def before(self) -> ReportingYear:
        """The year just before."""
        return ReportingYear(self.start_year - 1)

    @property
    def year(self) -> ReportingYear:
        """Itself, so that a quarter and a year can be asked alike."""
        return self

    @property
    def first_day(self) -> date:
        return date(self.start_year, 4, 1)

    @property
    def last_day(self) -> date:
        return date(self.start_year + 1, 3, 31)

    @property
    def words(self) -> str:
        return f"April {self.start_year} to March {self.start_year + 1}"


Return = Quarter | ReportingYear
"""What a return is for, and what a run is of."""
Period = Month | Quarter | ReportingYear


def day_words(day: date) -> str:
    """Write a date as British readers do: ``31 March 2024``."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def parse_period(text: str) -> Period:
    """Read the name of a month, quarter or reporting year in any of the ways in which returns write them.

    Months may be ``2023-04``, ``Apr-23``, ``April 2023`` or ``Apr 23``. The year to date is not a period: readers
    that know it (``tasks.gather``) handle the words "year to date" themselves.

    Raises:
        ValueError: nothing can be read from the text.
    """
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        follows = (int(found[1]) + 1) % 100 == int(found[2])
        if not follows and 1 <= int(found[2]) <= 12:
            return Month(int(found[1]), int(found[2]))
    found = re.fullmatch(r"([A-Za-z]{3,9})\.?[\s'\-/]*(\d{4}|\d{2})", text)
    if found and (number := MONTHS.get(found[1].lower())):
        return Month(int(found[2]) if len(found[2]) == 4 else 2000 + int(found[2]), number)
    if re.search(r"(?:Q|quarter)\s*[1-4]\b", text, re.IGNORECASE):
        return Quarter.parse(text)
    return ReportingYear.parse(text)
