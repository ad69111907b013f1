"""Which words do people read for severities, states, outcomes and periods?

Belongs here: the one wording of each, and small grammar. Does not belong here: what is said with them.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.model import Severity
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from tasks.model import Outcome
from tasks.tracker import TrackedState

Return = Quarter | ReportingYear

SEVERITIES: dict[Severity, str] = {
    "must_fix": "Must be fixed",
    "look_at": "Should be looked at",
    "information": "For information",
}
"""How serious something is, in words, the most serious first."""
STATES: dict[TrackedState, str] = {
    "read": "Came and was read",
    "missing": "Nothing came",
    "unreadable": "Came, cannot be read",
    "empty": "Came empty",
    "wrong_period": "Came for another period",
    "wrong_layout": "Came in a layout that is not known",
    "personal_data": "Came with personal data, and was not used",
    "superseded": "Came, and a later version was taken",
    "unexpected": "Came, and is expected from nobody",
    "day_list": "The list of days on which files came",
}
OUTCOMES: dict[Outcome, str] = {"passed": "passed", "failed": "found something", "not_evaluated": "could not be made"}


def name_of(period: Return, year: ReportingYear) -> str:
    """``Q2``, with its year where that is another than the page's; ``the year``."""
    if isinstance(period, ReportingYear):
        return "the year"
    return f"Q{period.number}" if period.year == year else f"Q{period.number} {period.year}"


def title_of(period: Return) -> str:
    """``Quarter 2 of 2023-24``, or ``The year 2023-24``."""
    return f"Quarter {period.number} of {period.year}" if isinstance(period, Quarter) else f"The year {period}"


def business_unit(partnership: Partnership) -> str:
    """Who looks after what is nobody's."""
    units = (one.name for one in partnership.profile.groups if one.kind == "business_unit")
    return next(units, partnership.profile.name)


def many(count: int, one: str, several: str = "") -> str:
    """A number with its noun: ``1 check``, ``2 checks``."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def joined(names: Sequence[str]) -> str:
    """Names as in a sentence: ``Q1, Q2 and Q3``."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def lower_first(text: str) -> str:
    """A sentence's words, to be used inside another."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Words from inside a sentence, to begin one."""
    return text[:1].upper() + text[1:]
