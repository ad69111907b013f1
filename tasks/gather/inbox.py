"""Receive: whose files are these, and are they safely kept before anybody reads them?

Belongs here: listing an inbox, recognising files by their names, fingerprints, and the create-only copy of every file
byte for byte as sent, in the restricted part of the store for what holds personal data. Does not belong here: reading
a file for what it says (``tasks.gather.reader``), telling what is personal (``tasks.gather.personal``).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path, PurePosixPath

from config.layouts import Source
from config.partnership import Partnership
from config.periods import Quarter, Return
from tasks.gather import arrivals
from tasks.model import GatheredFile, Problem
from tasks.store import ABSENT, Inbox, ObjectStore, Unreadable, open_inbox


@dataclass(frozen=True)
class _Sent:
    """A file in an inbox, and the source it is from; none where its name fits no source, or more than one."""

    at: str
    """Its name in the inbox, which on some systems may be any bytes."""
    sources: tuple[Source, ...]

    @property
    def name(self) -> str:
        """Its name as it can be written and shown."""
        return f"a file with personal data in its name{_ending(self.at)}" if self.names_somebody else self._written

    @cached_property
    def names_somebody(self) -> bool:
        """Does the name itself hold personal data?"""
        from tasks.gather import personal

        return personal.holds(self._written)

    @property
    def _written(self) -> str:
        return os.fsencode(self.at).decode("utf-8", "replace")

    @property
    def source(self) -> str:
        return self.sources[0].id if len(self.sources) == 1 else ""


def recognise(partnership: Partnership, period: Return, inbox: Path | str) -> list[tuple[str, str]]:
    """Names of the files in an inbox, each with the id of its source, or ``""``. Stores and reads nothing."""
    return [(sent.name, sent.source) for sent in _sent(_due(partnership, period), open_inbox(inbox))]


def receive(partnership: Partnership, period: Return, inbox: Path | str, store: ObjectStore) -> list[GatheredFile]:
    """Store every file of an inbox as it was sent, before anything is read from it.

    ``inbox`` is a folder or ``s3://bucket/prefix``. Files come back in the order of the configuration's sources, those
    of no source last. Of several files of one source the one that sorts last by name is taken, numbers in names
    counting as numbers; the others are kept and marked ``superseded``. A file with personal data is kept under
    ``restricted/`` instead of ``received/``, and marked ``personal_data``, whichever of them it is.

    Raises:
        StoreError: there is no such inbox, or it cannot be reached.
    """
    opened = open_inbox(inbox)
    sent = _sent(_due(partnership, period), opened)
    taken = {one.source: one for one in sent}
    door = _Door(opened, period, store, partnership.profile.allowed_contacts)
    lists = [door.day_list(name, [one.at for one in sent]) for name in opened.names() if arrivals.is_list(name)]
    return [door.receive(one, taken[one.source]) for one in sent] + lists


def _due(partnership: Partnership, period: Return) -> tuple[Source, ...]:
    return partnership.due("quarter" if isinstance(period, Quarter) else "year")


def _sent(sources: Sequence[Source], inbox: Inbox) -> list[_Sent]:
    """Files in the order of their sources, each source's by name; those of no source last."""
    places = {source.id: place for place, source in enumerate(sources)}
    names = (name for name in inbox.names() if not arrivals.is_list(name))
    found = [_Sent(name, tuple(_sources_of(name, sources))) for name in names]
    return sorted(found, key=lambda sent: (places.get(sent.source, len(places)), _sorting(sent.at)))


def _sources_of(name: str, sources: Sequence[Source]) -> Iterator[Source]:
    for source in sources:
        if any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in source.files):
            yield source


def _sorting(name: str) -> tuple[list[tuple[int, str]], str]:
    """As people's file browsers sort: without case, ``v10`` after ``v2``, ``return v2.xlsx`` after ``return.xlsx``."""
    parts = re.findall(r"[0-9]+|[^0-9]+", PurePosixPath(name).stem.casefold())
    return [(int(part), "") if part.isascii() and part.isdecimal() else (-1, part) for part in parts], name


class _Door:
    """Through which every file of one inbox comes into the store, with the day on which it came."""

    def __init__(self, inbox: Inbox, period: Return, store: ObjectStore, allowed: Sequence[str]) -> None:
        self.inbox, self.period, self.store, self.allowed = inbox, period, store, allowed
        self.days = arrivals.NO_LIST

    def day_list(self, name: str, files: Sequence[str]) -> GatheredFile:
        """Keep the list of days and go by it from now on; one that holds personal data is not gone by."""
        file = self._kept(_Sent(name, ()), "day_list")
        if file.state == "read":
            self.days = self._days_in(self.store.get(file.key), name, files)
            return replace(file, state="day_list", came_on="", problems=self.days.problems)
        return file

    @staticmethod
    def _days_in(data: bytes, name: str, files: Sequence[str]) -> arrivals.DayList:
        from tasks.gather import apart

        try:
            return apart.run(arrivals.read, data, name, files)
        except apart.Died as died:
            return arrivals.DayList({}, (apart.problem_of(died, name),))

    def receive(self, sent: _Sent, taken: _Sent) -> GatheredFile:
        """Keep one file, and tell what it is before anything is read from it. ``taken`` is the one that counts."""
        file = self._kept(sent, sent.source or "unexpected")
        if file.state != "read":
            return file
        if not sent.source:
            return replace(file, state="unexpected", problems=(_unexpected(sent),))
        if sent != taken:
            return replace(file, state="superseded", problems=(_superseded(sent.name, taken.name),))
        if not file.size:
            return replace(file, state="empty", problems=(_empty(sent.name),))
        return file

    def _kept(self, sent: _Sent, folder: str) -> GatheredFile:
        """Copy a file into the store byte for byte: apart from the others where it holds personal data."""
        from tasks.gather import apart, personal

        try:
            data, put_there = self.inbox.read(sent.at), self.inbox.came_on(sent.at)
        except Unreadable:
            return GatheredFile(
                sent.source, sent.name, "", "", 0, str(self.period), "empty", (_unreachable(sent.name),)
            )
        sha256 = hashlib.sha256(data).hexdigest()
        source = sent.sources[0] if len(sent.sources) == 1 else None
        about_persons: tuple[Problem, ...] = ()
        unsearched: tuple[Problem, ...] = ()
        try:
            about_persons = apart.run(personal.problems, source, data, sent.name, self.allowed)
        except apart.Died as died:
            unsearched = (apart.problem_of(died, sent.name),)
        if sent.names_somebody:
            about_persons += (_names_somebody(sent.name),)
        room = "restricted" if about_persons or unsearched else "received"  # nobody knows what is in the second
        key = f"{room}/{_folder(self.period)}/{folder}/{sha256}{_ending(sent.name)}"
        listed = self.days.day_of(sent.at)
        about = {"name": sent.name[:200], "came_on": (listed or put_there).isoformat()}
        stored = self.store.put(key, data, about=about, expected=ABSENT)
        # What the list says counts, corrections included. The inbox's own day is that of the first run, whose words
        # stay with the object: a file that is copied again tomorrow did not come tomorrow.
        day = listed.isoformat() if listed else stored.about.get("came_on", "")
        file = GatheredFile(sent.source, sent.name, key, sha256, len(data), str(self.period), came_on=day)
        if about_persons:
            return replace(file, state="personal_data", problems=about_persons)
        return replace(file, state="unreadable", problems=unsearched) if unsearched else file


def _folder(period: Return) -> str:
    return f"{period.year}/Q{period.number}" if isinstance(period, Quarter) else f"{period.year}/annual"


def _ending(name: str) -> str:
    ending = PurePosixPath(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ".bin"


def _unexpected(sent: _Sent) -> Problem:
    if sent.sources:
        names = " and ".join(f"'{source.title}'" for source in sent.sources)
        return Problem(
            f"The file could be from more than one source: {names}.",
            sent.name,
            "Nobody can tell whose figures it has, so it was kept and not read.",
            "Make the patterns under 'files' in sources.yaml fit one source each.",
        )
    return Problem(
        "Nobody is expected to send a file of this name.",
        sent.name,
        "It was kept and not read: nobody can tell whose it is.",
        "Name it as agreed and send it again, or add its name to its source in sources.yaml.",
        "look_at",
    )


def _names_somebody(name: str) -> Problem:
    return Problem(
        "The file's name holds personal data.",
        name,
        "Names of files are shown to everybody who works on the report, so this one is not, and the file was not used.",
        "Name it as agreed, send it again, and take this one out of the inbox.",
    )


def _superseded(name: str, taken: str) -> Problem:
    return Problem(
        f"Another file of the same source was taken: '{taken}'.",
        name,
        "Only one version of a return can count. The one whose name sorts last was taken; both were kept.",
        "If this one is the right one, take the other out of the inbox and run again.",
        "look_at",
    )


def _empty(name: str) -> Problem:
    return Problem(
        "The file is empty: it has no bytes at all.",
        name,
        "Everything in it is missing from the register and the draft.",
        "Save it again and send it again; it may have been sent before it was saved.",
    )


def _unreachable(name: str) -> Problem:
    return Problem(
        "The file could not be copied from the inbox.",
        name,
        "It was neither kept nor read.",
        "Close it where it is open, check that the system may read it, and run again.",
    )
