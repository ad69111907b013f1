"""What falls on a day? Quarters that are to be run, returns that are about to be due, deadlines that are near.

Belongs here: the arithmetic of days, on what a partnership's configuration says. Does not belong here: the clock (the
caller says which day it is), which returns came and when a report was published (the caller says that too), and words
(``tasks.messages``).
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date, timedelta

from config.layouts import Source
from config.model import Deadline
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from tasks.due import due_on

LOOKS_BACK = 60
"""Days for which a quarter whose day was missed is still run: a machine may have been off over a holiday."""


@dataclass(frozen=True)
class DueReturn:
    """A return that has not come, with the day on which it is due."""

    source: Source
    period: Quarter
    due: date


@dataclass(frozen=True)
class DueDeadline:
    """A deadline of a year's report, with its day."""

    deadline: Deadline
    year: ReportingYear
    day: date


def runs_on(partnership: Partnership, quarter: Quarter) -> date | None:
    """The day on which a quarter is run by itself: the morning after its last return is due.

    On the due day itself what is sent in the course of that day would be told as missing. None where nothing is due.
    """
    due = [due_on(source, quarter) for source in partnership.due("quarter")]
    return max(due) + timedelta(days=1) if due else None


def to_run(partnership: Partnership, day: date, opened: Callable[[Quarter], bool]) -> list[Quarter]:
    """Quarters whose day has come, the oldest first: this is its day, or its day was missed and it was opened here.

    A quarter stays in the answer for ``LOOKS_BACK`` days; whoever starts runs sees to it that each is started once.
    """
    found, quarter = [], Quarter.ended_by(day)
    while (quarter.last_day - day).days > -731:
        its_day = runs_on(partnership, quarter)
        if its_day is None:
            return []
        late = (day - its_day).days
        if late == 0 or (0 < late <= LOOKS_BACK and opened(quarter)):
            found.append(quarter)
        quarter = quarter.before
    return found[::-1]


def coming_due(partnership: Partnership, day: date, came: Callable[[Quarter], Container[str]]) -> list[DueReturn]:
    """Returns of which people are to be reminded on this day: due soon (``remind_before_due``), and not come.

    ``came`` says of a quarter which sources have sent something.
    """
    days = {day + timedelta(days=before) for before in partnership.profile.remind_before_due}
    quarter = Quarter.ended_by(day)
    rows = [
        DueReturn(source, one, due_on(source, one))
        for one in (quarter.before, quarter)
        for source in partnership.due("quarter")
    ]
    soon = [row for row in rows if row.due in days]
    have = {quarter: came(quarter) for quarter in {row.period for row in soon}}
    return [row for row in soon if row.source.id not in have[row.period]]


def deadlines_on(
    partnership: Partnership, day: date, published: Callable[[ReportingYear], date | None]
) -> list[DueDeadline]:
    """Deadlines of which people are to be reminded on this day, the nearest first.

    ``published`` says of a year on which day its report was published.
    """
    found = []
    for deadline in partnership.deadlines:
        for year in (day.year - 1, day.year, day.year + 1):  # of the year before: a report may be published late
            by = deadline.in_year(year)
            report = _reported(by)
            if deadline.after_publication is not None and (on := published(report)) and on <= day:
                by = on + timedelta(days=deadline.after_publication)
            if (by - day).days in deadline.remind_before:
                found.append(DueDeadline(deadline, report, by))
    return sorted(found, key=lambda one: (one.day, one.deadline.id))


def _reported(by: date) -> ReportingYear:
    """The year whose report a deadline is about: the latest one that had ended."""
    ended = Quarter.ended_by(by).year
    return ended if ended.last_day <= by else ended.before
