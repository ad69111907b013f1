"""Who has sent their return, who was late, and whom must somebody chase?

Belongs here: the tracker read from a store and put into words: a grid, and a list of whom to ask. Does not belong here:
what is expected and what became of it (``tasks.tracker``), and the clock: the caller says which day it is.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from config.partnership import Partnership
from config.periods import Quarter, Return, day_words
from tasks import plain
from tasks.kept import folder_of
from tasks.model import Gathered
from tasks.store import ObjectStore
from tasks.tracker import Tracked, became, track

NOT_GATHERED = "not gathered yet"
_TITLE, _CELL = 44, 22
"""Letters of a line in the column of titles, and in the others."""


@dataclass(frozen=True)
class Status:
    """What became of every return of some periods, as at a day."""

    partnership: Partnership
    periods: tuple[Return, ...]
    rows: tuple[Tracked, ...]
    gathered: frozenset[str]
    """Periods that were run: of another nobody can say that nothing came."""
    today: date

    def words(self, one: Tracked) -> str:
        """What became of one return; past its day, a period that was not run is said to be so."""
        if one.period not in self.gathered and one.due < self.today:
            return NOT_GATHERED
        return became(one, self.today)

    @property
    def to_chase(self) -> tuple[Tracked, ...]:
        """Returns that are overdue, and those that came and cannot be used."""
        return tuple(
            one
            for one in self.rows
            if one.period in self.gathered and (one.overdue_days(self.today) or one.state not in ("read", "missing"))
        )


def periods_of(period: Return) -> tuple[Return, ...]:
    """A quarter alone; a year with its quarters, which come first."""
    return (period,) if isinstance(period, Quarter) else (*period.quarters, period)


def status_of(partnership: Partnership, period: Return, store: ObjectStore, today: date) -> Status:
    """What the store knows of the returns of a quarter, or of a whole year."""
    periods = periods_of(period)
    kept = {
        str(one): plain.from_plain(Gathered, json.loads(store.get(key)))
        for one in periods
        if store.versions(key := f"gathered/{folder_of(one)}/gathered.json")
    }
    files = [file for gathered in kept.values() for file in gathered.files]
    return Status(partnership, periods, tuple(track(partnership, periods, files)), frozenset(kept), today)


def as_text(status: Status) -> str:
    """A grid with a line for each return and a column for each period, and below it whom to chase."""
    known = status.partnership.sources
    by_source: dict[str, dict[str, Tracked]] = {}
    for one in status.rows:
        by_source.setdefault(one.source, {})[one.period] = one
    table = [["", *(str(period) for period in status.periods)]]
    for source, came in by_source.items():
        cells = (came.get(str(period)) for period in status.periods)
        table.append([known[source].title, *(status.words(cell) if cell else "" for cell in cells)])
    lines = [f"{status.partnership.profile.name}: returns as at {day_words(status.today)}", "", *_drawn(table)]
    unknown = [str(period) for period in status.periods if str(period) not in status.gathered]
    if unknown:
        lines += ["", f"Not gathered yet, so what came for it is not known: {', '.join(unknown)}."]
        lines += ["What was sent is gathered by 'assure quarter', or for the year by 'assure report'."]
    if chase := _chase(status):
        lines += ["", *chase]
    return "\n".join(lines)


def _chase(status: Status) -> list[str]:
    if not status.to_chase:
        whole = all(str(period) in status.gathered for period in status.periods)
        return ["Nobody has to be chased."] if whole else []
    lines = ["To chase:"]
    for one in status.to_chase:
        source = status.partnership.sources[one.source]
        group = status.partnership.groups[source.sender]
        lines.append(f"  - {group.name} ({group.contact_role})")
        lines.append(f"    {source.title}, {one.period}: {status.words(one)}; it was due on {day_words(one.due)}")
    return lines


def _drawn(table: Sequence[Sequence[str]]) -> list[str]:
    """A table as lines of text; long cells go on in the line below."""
    columns = len(table[0])
    widths = [min(_CELL if column else _TITLE, max(len(row[column]) for row in table)) for column in range(columns)]
    drawn = []
    for number, row in enumerate(table):
        wrapped = [textwrap.wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        drawn += [
            "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
            for line in zip_longest(*wrapped, fillvalue="")
        ]
        if not number:
            drawn.append("  ".join("-" * width for width in widths))
    return drawn


def as_plain(status: Status) -> dict[str, Any]:
    """The same for programs."""
    return {
        "partnership": status.partnership.profile.id,
        "as_at": status.today.isoformat(),
        "not_gathered": [str(period) for period in status.periods if str(period) not in status.gathered],
        "returns": [_row(status, one) for one in status.rows],
    }


def _row(status: Status, one: Tracked) -> dict[str, Any]:
    source = status.partnership.sources[one.source]
    group = status.partnership.groups[source.sender]
    return {
        "source": one.source,
        "title": source.title,
        "sender": group.name,
        "contact": group.contact_role,
        "period": one.period,
        "due": one.due.isoformat(),
        "state": one.state if one.period in status.gathered else "not_gathered",
        "words": status.words(one),
        "came_on": one.came_on.isoformat() if one.came_on else "",
        "late_days": one.late_days,
        "overdue_days": one.overdue_days(status.today) if one.period in status.gathered else 0,
        "files": list(one.files),
        "chase": one in status.to_chase,
    }
