"""Which returns are expected, and what became of each: came, late, twice, blank, for another period, or not at all.

Belongs here: one row for each source and period, with its due day and the day on which it came. Does not belong here:
the clock (a row says "not yet"/"overdue" only when it is told which day it is), and what is wrong inside a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from config.layouts import Source
from config.partnership import Partnership
from config.periods import Quarter, Return, day_words
from tasks.due import due_on
from tasks.model import GatheredFile
from tasks.words import STATES, TrackedState, lower_first, many


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
    to_fix: int = 0
    """Problems of the file that counts which must be fixed."""

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


def became(one: Tracked, today: date | None = None) -> str:
    """What became of a return, in a few words; how long it is overdue only when told which day it is."""
    if one.state == "missing":
        if today is None or today > one.due:
            overdue = f", {many(one.overdue_days(today), 'day')} overdue" if today else ""
            return f"nothing came{overdue}"
        return "due today" if today == one.due else f"due {day_words(one.due)}"
    said = lower_first(STATES[one.state])
    if one.state == "read":
        said = "came in time" if one.came_on and not one.late_days else "came"
    late = f", {many(one.late_days, 'day')} late" if one.late_days else ""
    to_fix = f", {many(one.to_fix, 'problem')} to fix" if one.state == "read" and one.to_fix else ""
    return f"{said}{late}{f' ({len(one.files)} files)' if one.twice else ''}{to_fix}"


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
    to_fix = sum(problem.severity == "must_fix" for problem in counts.problems)
    return Tracked(source.id, str(period), due, counts.state, day, tuple(file.name for file in files), to_fix)
