"""Columns of days as they are written: by exact forms, which are never guessed.

Belongs here: reading whole columns, with times of day too, by forms that pandas knows. Does not belong here: a single
day, of a heading or a list, in all the ways in which people write one (``tasks.gather.stated``), and which days count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from config.periods import Month
from tasks.gather.stated import find_day, find_period

if TYPE_CHECKING:
    import pandas as pd

ISO_DAYS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
BRITISH_DAYS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")
AMERICAN_DAYS = ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S")


def days_of(written: pd.Series) -> pd.Series:
    """The day of each text, missing where it is none: 01/10/2023 is the first of October, a month is its first day.

    A serial number, as Excel keeps days, is one too. A day in a year that nobody can mean (0203 for 2023) is none. Each
    different text is looked at once.
    """
    import pandas as pd

    text = pd.Series(written.dropna().unique(), dtype="str")
    days = in_forms(text, (*ISO_DAYS, *BRITISH_DAYS)).fillna(_serials(text)).fillna(_months(text))
    # In nanoseconds, for only these are compared in one go and not one by one.
    days = days.where(days.between("1900-01-01", "2199-12-31")).astype("datetime64[ns]")
    return written.map(dict(zip(text, days, strict=True))).astype("datetime64[ns]")


def in_forms(written: pd.Series, forms: Sequence[str]) -> pd.Series:
    """Days by exact forms only."""
    import pandas as pd

    days = pd.Series(pd.NaT, index=written.index, dtype="datetime64[us]")
    for form in forms:
        days = days.fillna(pd.to_datetime(written, format=form, errors="coerce").astype("datetime64[us]"))
    return days


def _serials(written: pd.Series) -> pd.Series:
    """Days kept as numbers, with or without a time behind the point."""
    import pandas as pd

    numbers = written.str.extract(r"^\s*(\d{5})(?:\.\d+)?\s*$", expand=False)
    known = {number: find_day(number) for number in numbers.dropna().unique()}
    return pd.to_datetime(numbers.map(known), errors="coerce").astype("datetime64[us]")


def _months(written: pd.Series) -> pd.Series:
    """The first day of months, where a file names months ("Apr 2023") instead of days."""
    import pandas as pd

    months = {
        name: month.first_day for name in written.dropna().unique() if isinstance(month := find_period(name), Month)
    }
    return pd.to_datetime(written.map(months), errors="coerce").astype("datetime64[us]")
