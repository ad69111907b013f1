"""How are periods named on the quality page, and who looks after what is nobody's?

Belongs here: short names that the page, the annex and the table share. Does not belong here: words that other stages
use too (``tasks.words``).
"""

from __future__ import annotations

from config.periods import Quarter, ReportingYear, Return


def name_of(period: Return, year: ReportingYear) -> str:
    """``Q2``, with its year where that is another than the page's; ``the year``."""
    if isinstance(period, ReportingYear):
        return "the year"
    return f"Q{period.number}" if period.year == year else f"Q{period.number} {period.year}"


def title_of(period: Return) -> str:
    """``Quarter 2 of 2023-24``, or ``The year 2023-24``."""
    return f"Quarter {period.number} of {period.year}" if isinstance(period, Quarter) else f"The year {period}"
