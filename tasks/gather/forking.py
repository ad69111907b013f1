"""The process that forks the children which read what was sent, and tells how each of them ended.

Belongs here: that process's own loop, and the limits of its children. Does not belong here: who asks them and what is
made of their answers (``tasks.gather.apart``).

Everything that readers need is imported once, before the first child. With each child come two ends: one for questions
and answers, of which a child takes one after the other until nobody asks any more, and one for how it ended.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import socket
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

READERS = (
    "tasks.gather.workbook",
    "tasks.gather.delimited",
    "tasks.gather.form",
    "tasks.gather.official",
    "tasks.gather.personal",
    "pandas",
)

READY = b"ready"
"""What a child says first."""
OUT_OF_MEMORY = 77
"""The exit code of a child that was refused memory."""


@dataclass(frozen=True)
class Limits:
    """What a child may use for one question."""

    memory: int = 1024 * 1024 * 1024
    """Bytes beyond those that it has."""
    processor_seconds: int = 60
    seconds: int = 120
    """By the clock: for a child that waits instead of working."""


@dataclass(frozen=True)
class Answer:
    """What a child has to say that did not end."""

    how: Literal["done", "broke_off"]
    value: Any = None
    """What the function gave; where it broke off, the error's kind and line, without its words."""


Work = Callable[..., Any]


def serve(control: int, *more: str) -> None:
    """Fork a child for each pair of ends that arrives, until whoever started this process is gone.

    ``more`` are modules besides the readers that children will be asked for.
    """
    gc.disable()  # while imports come in, of which next to nothing is garbage
    for name in (*READERS, *more):
        import_module(name)
    gc.freeze()  # so that no search for garbage in a child copies the memory that it shares
    gc.enable()
    children: dict[int, int] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _tell_ends(children))
    asked = socket.socket(fileno=control)
    while True:
        message, ends, _, _ = socket.recv_fds(asked, 1, 2)
        if not message:
            break
        question, end = ends
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # no child may end before it is noted
        child = os.fork()
        if child == 0:
            _be_a_child(asked, question, [end, *children.values()])
        children[child] = end
        os.close(question)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for child in children:
        os.kill(child, signal.SIGKILL)


def _tell_ends(children: dict[int, int]) -> None:
    """Tell how each child ended that has: the signal that ended it, or nought, and its exit code."""
    for child in list(children):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            end = children.pop(child)
            by, code = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, os.waitstatus_to_exitcode(status)
            with suppress(OSError):  # nobody waits for it any more
                os.write(end, bytes((by, max(code, 0))))
            os.close(end)


def _be_a_child(asked: socket.socket, question: int, others: list[int]) -> None:
    """Answer questions until there are no more; whatever happens, without going on as the process that forked."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no copy of what was in memory stays on a disk
        asked.close()
        for other in others:
            os.close(other)
        with Connection(question) as connection, suppress(EOFError):
            connection.send_bytes(READY)
            while True:
                work, arguments, limits = pickle.loads(connection.recv_bytes())  # noqa: S301 - from who started us
                _keep_to(limits)
                connection.send_bytes(pickle.dumps(_answer(work, arguments), pickle.HIGHEST_PROTOCOL))
                signal.alarm(0)
        os._exit(0)
    finally:
        os._exit(1)


def _keep_to(limits: Limits) -> None:
    """Have the kernel hold this process to its limits. None of them asks the code that runs in it."""
    signal.alarm(limits.seconds)
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + 1 + limits.processor_seconds)
    _limit(resource.RLIMIT_AS, _memory_now() + limits.memory)


def _limit(what: int, most: int) -> None:
    """Set the limit that can be moved on for the next question, as far as the system's own allows."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _memory_now() -> int:
    """Bytes of address space; a gibibyte where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 1024 * 1024 * 1024


def _answer(work: Work, arguments: tuple[Any, ...]) -> Answer:
    try:
        return Answer("done", work(*arguments))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # whatever is left of what it read goes with it
    except Exception as error:  # noqa: BLE001 - whatever it is, it is one file's
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Answer("broke_off", f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}")
