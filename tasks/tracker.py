"""Which returns are expected, and what became of each: came, late, twice, blank, for another period, or not at all.

Belongs here: one row for each source and period, with its due day and the day on which it came. Does not belong here:
the clock (a row says "not yet"/"overdue" only when it is told which day it is), and what is wrong inside a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from config.layouts import Source
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear, day_words
from tasks.due import due_on
from tasks.model import FileState, GatheredFile

TrackedState = Literal["missing", FileState]

Return = Quarter | ReportingYear


@dataclass(frozen=True)
class Tracked:
    """What became of one return that is expected."""

    source: str
    period: str
    due: date
    state: TrackedState
    """Of the file that counts; ``missing`` where nothing came."""
    came_on: date | None = None
    """Where several files came, the day of the one that counts."""
    files: tuple[str, ...] = ()
    """Names of all files that came for it."""

    @property
    def late_days(self) -> int:
        """Calendar days after the due day on which it came; 0 where it was in time or nobody can say."""
        return max(0, (self.came_on - self.due).days) if self.came_on else 0

    @property
    def twice(self) -> bool:
        return len(self.files) > 1

    def overdue_days(self, today: date) -> int:
        """Calendar days since it was due and nothing came; 0 where it came or is not due yet."""
        return max(0, (today - self.due).days) if self.state == "missing" else 0


BECAME: dict[TrackedState, str] = {
    "read": "came",
    "unreadable": "came, cannot be opened",
    "empty": "came blank",
    "wrong_period": "came for another period",
    "wrong_layout": "came in another layout",
    "personal_data": "came with personal data",
    "superseded": "came, not used",
}
"""What became of a return that came, in words."""


def became(one: Tracked, today: date | None = None) -> str:
    """What became of a return, in a few words; how long it is overdue only when told which day it is."""
    if one.state == "missing":
        if today is None or today > one.due:
            overdue = f", {days(one.overdue_days(today))} overdue" if today else ""
            return f"nothing came{overdue}"
        return "due today" if today == one.due else f"due {day_words(one.due)}"
    said = BECAME[one.state]
    if one.state == "read" and one.came_on and not one.late_days:
        said = "came in time"
    late = f", {days(one.late_days)} late" if one.late_days else ""
    return f"{said}{late}{f' ({len(one.files)} files)' if one.twice else ''}"


def days(count: int) -> str:
    """``1 day``, ``3 days``."""
    return f"{count} day{'' if count == 1 else 's'}"


def track(partnership: Partnership, periods: Sequence[Return], files: Iterable[GatheredFile]) -> list[Tracked]:
    """Every return expected for these periods, by the order of the configuration's sources, then by period.

    ``files`` are those that came for any of the periods. The file that counts is the one that was read, else the last.
    """
    came: dict[tuple[str, str], list[GatheredFile]] = {}
    for file in files:
        came.setdefault((file.source, file.period), []).append(file)
    return [
        _tracked(source, period, came.get((source.id, str(period)), []))
        for source in partnership.sources.values()
        for period in periods
        if source.every == ("quarter" if isinstance(period, Quarter) else "year")
    ]


def _tracked(source: Source, period: Return, files: Sequence[GatheredFile]) -> Tracked:
    due = due_on(source, period)
    if not files:
        return Tracked(source.id, str(period), due, "missing")
    counts = next((file for file in files if file.state == "read"), files[-1])
    day = date.fromisoformat(counts.came_on) if counts.came_on else None
    return Tracked(source.id, str(period), due, counts.state, day, tuple(file.name for file in files))
