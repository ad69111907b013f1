"""Runs of a quarter that are killed: forked from one process that has everything imported, so that many cost little.

``python -m tests.end_to_end.killing FOLDER SEED TIMES`` makes ``FOLDER/undisturbed``, a run to its end; and
``FOLDER/killed`` and ``FOLDER/timed``, runs that are killed one after the other at moments drawn from the seed, and
last one to its end. In the first they are killed just before one of the next changes of a file of the store, so that
kills come to every part of a run; in the second after a time. After every kill the store is looked through, and a line
of JSON is printed.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tasks import warm
from tasks.gather import apart
from tasks.order import Order
from tasks.store import FolderStore
from tests.end_to_end.short_runs import DAY, SAMPLE, run

FILES = (
    "stockton_dataset_2023-24_Q1.csv",
    "communications-return-2023-24-Q1.xlsx",
    "engagement-return-2023-24-Q1.docx",
)
CHANGES = {"os.rename", "os.link", "os.mkdir", "os.remove"}


def each_change(folder: Path, do: Callable[[int], None]) -> None:
    """Call something, with its number, before each change of a file in a folder by this process from now on."""
    root, number = str(folder), 0

    def hook(event: str, arguments: tuple) -> None:
        nonlocal number
        writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa")
        if (writes or event in CHANGES) and str(arguments[0]).startswith(root):
            number += 1
            do(number)

    sys.addaudithook(hook)


def forked(work: Callable[[], None], kill_after: float | None = None) -> int:
    """Do something in a child; the signal that ended it, or 0 where it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - the child must not go on as its parent
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the run broke off by itself"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def look_through(root: Path) -> tuple[int, int]:
    """How many versions a store has, each whole, and how many manifests; every plain copy is one of the versions."""
    versions: dict[str, set[str]] = {}
    store = FolderStore(root)
    for stored in store.list():
        for one in store.versions(stored.key):
            data = store.get(stored.key, one.version)  # raises where it is not what was put
            versions.setdefault(stored.key, set()).add(hashlib.sha256(data).hexdigest())
    for path in (root / "current").rglob("*"):
        if path.is_file():
            key = path.relative_to(root / "current").as_posix()
            assert hashlib.sha256(path.read_bytes()).hexdigest() in versions[key], f"{key} is half written"
    return sum(map(len, versions.values())), sum(key.endswith("manifest.json") for key in versions)


def few(folder: Path) -> str:
    """An inbox with one file of each kind, so that a run is short."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    for name in FILES:
        shutil.copy(SAMPLE / "Q1" / name, inbox)
    return str(inbox)


def main(folder: Path, seed: int, times: int) -> None:
    """Do all of it."""
    inbox = few(folder)

    def into(name: str) -> Order:
        return Order("hsscp", "2023-24-Q1", inbox, str(folder / name), DAY)

    run(into("undisturbed"))  # here, so that children find everything read and imported
    apart.stop()
    warm.up()
    counting, counter = os.pipe()

    def count() -> None:
        each_change(folder / "counted", lambda _: os.write(counter, b"."))
        run(into("counted"))

    began = time.monotonic()
    forked(count)
    lasts, changes = time.monotonic() - began, len(os.read(counting, 1 << 20))

    drawn = random.Random(seed)
    for number in range(times):
        if number % 6:
            name = "killed"
            # What is there already is not written again: each run comes a few changes further than the one before it.
            point = drawn.randint(1, 5 * changes // (2 * times))

            def up_to(point: int = point) -> None:
                here = os.getpid()
                each_change(folder / "killed", lambda now: os.kill(here, signal.SIGKILL) if now == point else None)
                run(into("killed"))

            by, told = forked(up_to), {"before_change": point}
        else:
            name, at = "timed", round(drawn.uniform(0, lasts), 3)
            by, told = forked(lambda: run(into("timed")), at), {"after_seconds": at}
        versions, manifests = look_through(folder / name)
        print(json.dumps(told | {"signal": by, "versions": versions, "manifests": manifests}), flush=True)
    for name in ("killed", "timed"):
        forked(lambda name=name: run(into(name)))  # type: ignore[misc]
        look_through(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
