"""Which of several files of one source counts? The newest version that can be used.

Belongs here: reading what was taken and, where that cannot be used, the version before it. Does not belong here: whose
file it is (``tasks.gather.inbox``) and how it is read (``tasks.gather.reader``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tasks.model import GatheredFile, Problem, Reading
from tasks.words import listed, many


def read_taken(
    files: Iterable[GatheredFile], read_one: Callable[[GatheredFile], Reading]
) -> list[tuple[GatheredFile, Reading]]:
    """Each file with what was read from it; nothing is read from files that are not taken.

    Where a source sent several files and the one that was taken is for another period, or cannot be read, the newest of
    the others that can be used is taken in its place. One that was taken and gives less than the version before it is
    told so: somebody may have lost a sheet of it.
    """
    files = list(files)
    told = {id(file): (file, Reading(state=file.state)) for file in files}
    for file in files:
        if file.state == "read":
            reading = read_one(file)
            told[id(file)] = (_with(file, reading), reading)
            before = _versions_before(files, file)
            if reading.state == "read" and before and (lost := _lost(read_one(before[0]), reading)):
                told[id(file)] = (_with(replace(file, problems=(_less(file, before[0], *lost),)), reading), reading)
        if told[id(file)][0].state in ("read", "superseded", "unexpected", "personal_data"):
            continue
        for other in _versions_before(files, file):
            instead = read_one(other)
            if instead.state == "read":
                problem = _instead(other.name, file.name)
                told[id(other)] = (_with(replace(other, problems=(problem,)), instead), instead)
                break
    return list(told.values())


def _versions_before(files: Sequence[GatheredFile], file: GatheredFile) -> list[GatheredFile]:
    """The other files of the same source, the newest first."""
    return [one for one in reversed(files) if one.source == file.source and one.state == "superseded"]


def _lost(before: Reading, now: Reading) -> tuple[int, int] | None:
    """How many values and written parts of the version before are not in this one; nothing where all are."""
    values = {(one.area, one.measure, one.period) for one in before.observations}
    values -= {(one.area, one.measure, one.period) for one in now.observations}
    written = {(one.topic, one.part) for one in before.narrative} - {(one.topic, one.part) for one in now.narrative}
    return (len(values), len(written)) if values or written else None


def _less(file: GatheredFile, before: GatheredFile, values: int, written: int) -> Problem:
    lacks = listed(
        [*([many(values, "value")] if values else []), *([many(written, "written part")] if written else [])]
    )
    return Problem(
        f"This version lacks {lacks} that the version before it, '{before.name}', has.",
        file.name,
        "What it lacks counts as not received, although it was sent once.",
        "Ask its sender whether that is meant. If not, have it sent again whole, or take this one out of the inbox.",
    )


def _with(file: GatheredFile, reading: Reading) -> GatheredFile:
    problems = file.problems + reading.problems
    return replace(file, state=reading.state, problems=problems, layout=reading.layout, unread=reading.unread)


def _instead(name: str, unusable: str) -> Problem:
    return Problem(
        f"This file was taken in place of '{unusable}', which cannot be used.",
        name,
        "Two files came from the same source, and only one version of a return can count.",
        "Take the other out of the inbox if it was sent by mistake, or send it again for this period.",
        "look_at",
    )
