"""On which day did each file come? By the list that the business unit keeps beside the files, where it keeps one.

Belongs here: reading ``received.csv``, a list with the columns ``file`` and ``received`` that lies in an inbox among
the files that it is about. Does not belong here: the inbox's own time of a file (``tasks.store.inbox``), and whether a
day is late (``tasks.tracker``).

A file that the list does not name, or names wrongly, loses nothing: the inbox's own time counts for it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tasks.gather.labels import plain
from tasks.gather.stated import find_day
from tasks.model import Problem

NAME = "received.csv"
_WHY = "Whether these files came in time is told by the inbox's own days, which change when a file is copied."


@dataclass(frozen=True)
class DayList:
    """The days that a list gives, by the names of files without regard to case, and what is wrong with the list."""

    days: dict[str, date]
    problems: tuple[Problem, ...] = ()

    def day_of(self, name: str) -> date | None:
        """The day on which a file came, where the list says so."""
        return self.days.get(name.casefold())


NO_LIST = DayList({})


def is_list(name: str) -> bool:
    """Is a file of an inbox the list of days, and so no return?"""
    return name.casefold() == NAME


def read(data: bytes, name: str, files: Iterable[str]) -> DayList:
    """The days in a list. ``files`` are the names of all other files of the inbox."""
    rows = _rows(data)
    if not rows:
        return DayList({}, (_no_list(name),))
    known = {file.casefold() for file in files}
    taken: dict[str, date] = {}
    strangers, unreadable, differing = [], [], set()
    for line, file, written in rows:
        day = find_day(written)
        if file not in known:
            strangers.append(line)
        elif day is None:
            unreadable.append(line)
        elif taken.setdefault(file, day) != day:
            differing.add(file)
    lines = [line for line, file, _ in rows if file in differing]
    days = {file: day for file, day in taken.items() if file not in differing}
    return DayList(days, tuple(_problems(name, strangers, unreadable, lines)))


def _rows(data: bytes) -> list[tuple[int, str, str]]:
    """Line, name of the file and what stands as its day; nothing where it is not such a list."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    heading = text.partition("\n")[0]
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in heading else ",", strict=True))
    except csv.Error:
        return []
    titles = [plain(title) for title in records[0]] if records else []
    if "file" not in titles or "received" not in titles:
        return []
    at, day = titles.index("file"), titles.index("received")
    return [
        (line, record[at].strip().casefold(), record[day].strip())
        for line, record in enumerate(records[1:], 2)
        if len(record) > max(at, day) and any(record)
    ]


def _no_list(name: str) -> Problem:
    return Problem(
        "The list of days on which files came cannot be read: it has no columns 'file' and 'received'.",
        name,
        _WHY,
        "Give it these two headings, one line a file, saved as CSV.",
        "look_at",
    )


def _problems(
    name: str, strangers: Sequence[int], unreadable: Sequence[int], differing: Sequence[int]
) -> Iterator[Problem]:
    for lines, what, to_do in (
        (strangers, "names a file that is not in the inbox", "Write the file's name just as it is in the inbox."),
        (unreadable, "has no day that can be read", "Write the day like 2023-07-14 or 14/07/2023."),
        (differing, "gives a day for a file to which another line gives another", "Keep one line for each file."),
    ):
        if lines:
            which = "A line of it" if len(lines) == 1 else f"Each of {len(lines)} lines of it"
            where = f"{name}, line{'' if len(lines) == 1 else 's'} {', '.join(map(str, lines))}"
            yield Problem(f"{which} {what}.", where, _WHY, to_do, "look_at")
