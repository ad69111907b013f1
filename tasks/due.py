"""When is a source due? Some days after its period ends, and never on a day on which nobody in England works.

Belongs here: the one place that knows the day. Does not belong here: the clock, so that the same inputs make the same
outputs on every day: nothing here says whether a return is late.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from functools import cache

from config.layouts import Source
from config.periods import Return


def due_on(source: Source, period: Return) -> date:
    """The last day on which a source for a period is in time.

    ``due_days`` after the period's last day; from a weekend or a bank holiday of England on to the next working day.
    """
    day, closed = period.last_day + timedelta(days=source.due_days), _bank_holidays()
    while day.weekday() >= 5 or day in closed:
        day += timedelta(days=1)
    return day


@cache
def _bank_holidays() -> Container[date]:
    """England's, which are worked out as years are asked for: made once, because making them is slow."""
    import holidays

    return holidays.country_holidays("GB", subdiv="ENG")
