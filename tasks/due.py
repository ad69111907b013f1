"""When is a source due? Some days after its period ends, and never on a day on which nobody in England works.

Belongs here: the one place that knows the day. Does not belong here: the clock, so that the same inputs make the same
outputs on every day: nothing here says whether a return is late.
"""

from __future__ import annotations

from datetime import date, timedelta

from config.layouts import Source
from config.periods import Quarter, ReportingYear


def due_on(source: Source, period: Quarter | ReportingYear) -> date:
    """The last day on which a source for a period is in time.

    ``due_days`` after the period's last day; from a weekend or a bank holiday of England on to the next working day.
    """
    import holidays

    day = period.last_day + timedelta(days=source.due_days)
    closed = holidays.country_holidays("GB", subdiv="ENG")
    while day.weekday() >= 5 or day in closed:
        day += timedelta(days=1)
    return day
