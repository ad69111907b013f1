"""Read what was sent apart from the run: no file can take more than a child process down.

Belongs here: starting the process that reads (``tasks.gather.forking``), asking it, and what a sender is told of a
file whose reading died or did not end. Does not belong here: reading (``tasks.gather.reader``), and what is personal
(``tasks.gather.personal``).

Safe from any thread. The process that reads knows neither the run's ``__main__`` nor its settings, in which keys of a
store may stand; it ends when the run ends, however that ends.
"""

from __future__ import annotations

import atexit
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Literal, TypeVar, cast

from config.errors import Failure
from config.layouts import Source
from config.model import Area
from config.periods import Return
from tasks.gather.forking import OUT_OF_MEMORY, Answer, Limits
from tasks.model import Problem, Reading

R = TypeVar("R")
T = TypeVar("T")
logger = logging.getLogger("assure")

LIMITS = Limits()
MOST_TRIES = 3
GRACE = 60
"""Seconds beyond its own limit for which a child is waited for: the kernel ends it before."""
_SETTINGS = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "TZ")
"""What the process that reads is told of its surroundings."""
_FOR_FORKING = {"PYTHONSAFEPATH": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""No threads before a fork; and no allocator that asks for a gibibyte at once, which the limit would refuse."""

Reason = Literal["memory", "time", "ended", "broke_off", "nobody_knows"]
_WHAT: dict[Reason, str] = {
    "memory": "The file was not read to its end: it would need more memory than any return does.",
    "time": "The file was not read to its end: it took far longer than any return does.",
    "ended": "The file was not read to its end: the program that reads it was brought down by it.",
    "nobody_knows": "The file was not read to its end, and nobody knows why.",
    "broke_off": "The file was not read to its end: the program that reads it broke off.",
}


class Died(Exception):  # noqa: N818 - it says what became of the child; the program is not at fault
    """A child that gave no answer."""

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(reason)


def read(source: Source, data: bytes, name: str, period: Return, *, areas: Sequence[Area] = ()) -> Reading:
    """Read a file as ``tasks.gather.reader.read`` does. A file that brings its reader down is ``unreadable``."""
    from tasks.gather.reader import read as read_here

    try:
        return run(_read_with_areas, read_here, source, data, name, period, areas)
    except Died as died:
        return Reading(problems=(problem_of(died, name),), state="unreadable")


def _read_with_areas(
    read_here: Callable[..., Reading], source: Source, data: bytes, name: str, period: Return, areas: Sequence[Area]
) -> Reading:
    return read_here(source, data, name, period, areas=areas)


def problem_of(died: Died, name: str) -> Problem:
    """What the sender of a file is told whose reading died."""
    return Problem(
        _WHAT[died.reason],
        name,
        "A damaged file can do this, and so can one that is made to stop the system. Nothing was taken from it.",
        "Open it, copy the table alone into a new file, save that and send it. If it does it again, tell whoever looks "
        "after the system.",
    )


def each(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Do the same for several files, as many at once as there are processors; the answers in the files' order."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(work, items))


def warm_up(*more: str) -> None:
    """Start the process that reads, so that it is ready when it is first asked.

    ``more`` are modules besides the readers that it will be asked for, and had better import once for all children.
    """
    _server(more)


def run(work: Callable[..., R], *arguments: Any, limits: Limits | None = None) -> R:
    """Run a function of a module, with what can be pickled, in a child process.

    Children are used again. One that dies of a file after it has read others may have died of them: that file is read
    once more by a new child, so that what becomes of a file never depends on others.

    Raises:
        Died: it was over a limit, was brought down, or raised.
        Failure: no child can be had, whatever the file.
    """
    limits = limits or LIMITS
    question = pickle.dumps((work, arguments, limits), pickle.HIGHEST_PROTOCOL)
    for _ in range(MOST_TRIES):
        child = _child()
        answer, reason = child.ask(question, limits.seconds)
        if answer is not None:
            _idle.append(child)
            return cast(R, _value(answer))
        if reason == "nobody_knows":
            stop()  # the process that reads went itself: killed from outside
        elif reason == "time" or child.is_new:
            raise Died(reason)
    raise Failure(
        "The program that reads what was sent does not run.",
        where="this machine",
        why="Files are read apart from the run, so that none of them can take it down; without that none is read.",
        to_do="Run it again. If it stays so, set the system up again, and see that it may start processes.",
    )


def _value(told: bytes) -> Any:
    answer: Answer = pickle.loads(told)  # noqa: S301 - from a child of our own
    if answer.how == "done":
        return answer.value
    if answer.how == "broke_off":
        logger.warning("Reading a file broke off: %s", answer.value)
    raise Died(answer.how)


class _Child:
    """A child that reads, seen from the run."""

    def __init__(self, server: _Server) -> None:
        ours, theirs = socket.socketpair()
        self.end, its_end = os.pipe()
        self.connection = Connection(ours.detach())
        self.is_new = True
        with theirs:
            server.hand_over(theirs.fileno(), its_end)
        os.close(its_end)

    def ask(self, question: bytes, seconds: int) -> tuple[bytes | None, Reason]:
        """Its answer; or none, and why there is none."""
        try:
            if self.is_new:
                self.connection.recv_bytes()  # that it is ready: libraries may still be being read
            self.connection.send_bytes(question)
            if self.connection.poll(seconds + GRACE):
                answer = self.connection.recv_bytes()
                self.is_new = False
                return answer, "ended"
            reason: Reason = "time"
        except (OSError, EOFError):
            reason = self._how_it_ended()
        self.close()
        return None, reason

    def _how_it_ended(self) -> Reason:
        how = os.read(self.end, 2)
        if len(how) < 2:
            return "nobody_knows"
        if how[0] in (signal.SIGXCPU, signal.SIGALRM):
            return "time"
        # Where a machine's memory runs out before the limit, its kernel kills.
        return "memory" if how[0] == signal.SIGKILL or how[1] == OUT_OF_MEMORY else "ended"

    def close(self) -> None:
        self.connection.close()
        os.close(self.end)


class _Server:
    """The process that reads, seen from the run."""

    def __init__(self, more: Sequence[str]) -> None:
        self.control, theirs = socket.socketpair()
        path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)  # noqa: PTH100 - "" is where we are
        settings = {name: os.environ[name] for name in _SETTINGS if name in os.environ}
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - this Python
                [sys.executable, "-c", f"from tasks.gather.forking import serve; serve{(theirs.fileno(), *more)}"],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl+C is for the run, which ends this process by going
                env={**settings, "PYTHONPATH": path, **_FOR_FORKING},
            )

    def hand_over(self, *ends: int) -> None:
        """Hand a new child's ends over. Where the process is gone nobody keeps them, which shows when they are used."""
        with suppress(OSError):
            socket.send_fds(self.control, [b"?"], list(ends))

    def close(self) -> None:
        self.control.close()
        self.process.wait()


_lock = threading.Lock()
_started: list[_Server] = []
_idle: list[_Child] = []


def _server(more: Sequence[str] = ()) -> _Server:
    with _lock:
        if not _started:
            _started.append(_Server(more))
            atexit.register(stop)
        return _started[0]


def _child() -> _Child:
    """One that has nothing to do, or a new one."""
    try:
        return _idle.pop()
    except IndexError:
        return _Child(_server())


def stop() -> None:
    """Stop the process that reads and its children; it starts again when it is asked again."""
    with _lock:
        while _idle:
            _idle.pop().close()
        while _started:
            _started.pop().close()
