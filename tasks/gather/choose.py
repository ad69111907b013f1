"""Which of several files of one source counts? The newest version that can be used.

Belongs here: reading what was taken and, where that cannot be used, the version before it. Does not belong here: whose
file it is (``tasks.gather.inbox``) and how it is read (``tasks.gather.reader``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from tasks.model import GatheredFile, Problem, Reading


def read_taken(
    files: Iterable[GatheredFile], read_one: Callable[[GatheredFile], Reading]
) -> list[tuple[GatheredFile, Reading]]:
    """Each file with what was read from it; nothing is read from files that are not taken.

    Where a source sent several files and the one that was taken is for another period, or cannot be read, the newest of
    the others that can be used is taken in its place.
    """
    files = list(files)
    told = {id(file): (file, Reading(state=file.state)) for file in files}
    for file in files:
        if file.state == "read":
            reading = read_one(file)
            told[id(file)] = (_with(file, reading), reading)
        if told[id(file)][0].state in ("read", "superseded", "unexpected", "personal_data"):
            continue
        for other in reversed([one for one in files if one.source == file.source and one.state == "superseded"]):
            instead = read_one(other)
            if instead.state == "read":
                problem = _instead(other.name, file.name)
                told[id(other)] = (_with(replace(other, problems=(problem,)), instead), instead)
                break
    return list(told.values())


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
