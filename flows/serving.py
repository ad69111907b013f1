"""Everything on one machine: Prefect's server, its worker and the pages for people, started, watched and stopped.

Belongs here: the life of these processes: in which order they start, that only one of each runs, that a run which is
going may end before they stop, and that none is left behind. Does not belong here: their settings (``flows.served``),
what Prefect is told (``flows.setting_up``) and what is printed at the end (``flows.command_serve``).
"""

from __future__ import annotations

import base64
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from config.errors import Failure, Refused
from flows.process_log import ProcessLog
from flows.served import POOL, WORKER, Place, environment, password
from flows.server_process import HOST

STARTS_WITHIN = 180
"""Seconds. A first start makes the database: 10 to 17 seconds on a quiet machine."""
RUN_ENDS_WITHIN = 60
"""Seconds that a run which is going has to end by itself once the server is to stop."""
CHILD_STOPS_WITHIN = 20
STARTED_AGAIN, AN_HOUR = 3, 3600
"""How often in an hour a process that ended by itself is started again, before everything is stopped."""

Tell = Callable[[str], None]


class Served:
    """The processes of one server. ``stop`` is set by whoever wants it to end: once in peace, twice at once."""

    def __init__(self, place: Place, tell: Tell, *, schedules: bool = True) -> None:
        self.place, self._tell, self._schedules = place, tell, schedules
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, list[str]] = {}
        self._logs: dict[str, ProcessLog] = {}
        self._environment: dict[str, str] = {}
        self._signs_in = ""
        self._asked = 0
        self._wake = threading.Event()

    def start(self) -> None:
        """Start everything, in order; each part only when the one before it answers.

        Raises:
            Failure: a part does not start. What was started is stopped again by ``stop``.
        """
        self._signs_in = password(self.place)
        self._environment = environment(self.place, self._signs_in)
        self._environment["ASSURE_SCHEDULES"] = "true" if self._schedules else "false"
        self.place.log.mkdir(exist_ok=True)
        self._tell("Prefect's server starts; the first time it makes its database, which takes a quarter of a minute")
        self._run("server", "flows.server_process", str(self.place.port))
        self._until_it_answers("server", lambda: self._ask("GET", "/health"))
        self._tell("Flows, schedules and automations are set up")
        self._set_up()
        self._tell("The pages and the worker start")
        store = self._environment["ASSURE_STORE"]
        self._run("pages", "flows.pages", "--port", str(self.place.pages_port), "--store", store)
        name = socket.gethostname()
        self._run("worker", *WORKER, "--name", name)
        self._until_it_answers("pages", lambda: socket.create_connection((HOST, self.place.pages_port), 1).close())

    def wait(self) -> None:
        """Watch until asked to stop; start again what ended by itself.

        Raises:
            Failure: a part ended again and again.
        """
        ended: dict[str, list[float]] = {name: [] for name in self._children}
        while not self._wake.wait(1):
            for name, child in list(self._children.items()):
                if child.poll() is None:
                    continue
                ended[name].append(time.monotonic())
                if too_often(ended[name]):
                    raise self._ended(name)
                self._tell(f"Started again, as it had ended by itself: the {name}")
                self._run(name, *self._commands[name])

    def ask_to_stop(self, *_: object) -> None:
        """Ask for an end in peace; asked again, for an end at once. Fit for a signal."""
        self._asked += 1
        self._wake.set()

    def stop(self) -> None:
        """Stop everything: the worker first, once the run that is going has ended or its time is up."""
        if "worker" in self._children:
            self._let_runs_end()
        for name in ("worker", "pages", "server"):
            if child := self._children.pop(name, None):
                self._tell(f"Stopping the {name}")
                child.terminate()
                try:
                    child.wait(CHILD_STOPS_WITHIN)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()

    def _run(self, name: str, *words: str) -> None:
        self._commands[name] = list(words)
        child = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "flows.child", *words],
            env=self._environment,
            cwd=self.place.home,  # where no other project's settings of Prefect lie
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for this process, which stops the others in order
        )
        assert child.stdout  # noqa: S101 - a pipe
        self._log(name).take(child.stdout)
        self._children[name] = child

    def _log(self, name: str) -> ProcessLog:
        return self._logs.setdefault(name, ProcessLog(self.place.log / f"{name}.log"))

    def _until_it_answers(self, name: str, asks: Callable[[], object]) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline and not self._asked:
            if self._children[name].poll() is not None:
                break
            with suppress(OSError):
                asks()
                return
            self._wake.wait(0.2)
        if self._asked:
            raise Refused("Stopped before it had started.", to_do="Start it again when you want it.")
        raise self._ended(name)

    def _set_up(self) -> None:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "flows.setting_up"],
            env=self._environment,
            cwd=self.place.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            start_new_session=True,
            check=False,
        )
        log = self._log("setting-up")
        for printed in (done.stdout, done.stderr):
            log.keep(printed)
        for line in done.stdout.decode().splitlines():
            if " was cut off" in line or line.startswith("There is no block"):
                self._tell(line)
        if done.returncode:
            raise Failure(
                "Prefect's server runs, and did not take the flows and schedules.",
                where=str(log.path),
                why="Nothing would run at a quarter's end.",
                to_do="Look at the end of that file. Start again; if it stays so, send the file to whoever looks after "
                "the system.",
            )

    def _let_runs_end(self) -> None:
        with suppress(OSError):
            self._ask("PATCH", f"/work_pools/{POOL}", {"is_paused": True})
            deadline, told = time.monotonic() + RUN_ENDS_WITHIN, ""
            while (going := ", ".join(self._going())) and time.monotonic() < deadline and self._asked < 2:
                if going != told:
                    self._tell(f"Waiting for {going} to end; press Ctrl-C again to stop at once")
                    told = going
                time.sleep(1)
            if going:
                self._tell(f"Stopped while it was going: {going}. The next start takes it up again")

    def _going(self) -> list[str]:
        asked = {
            "flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}},
            "work_pools": {"name": {"any_": [POOL]}},
        }
        return [run["name"] for run in self._ask("POST", "/flow_runs/filter", asked)]

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the address is ours
            self.place.api + path,
            None if body is None else json.dumps(body).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"Basic {base64.b64encode(self._signs_in.encode()).decode()}",
            },
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            told = answer.read()
        return json.loads(told) if told else None

    def _ended(self, name: str) -> Failure:
        log = self._log(name)
        lines = log.lines()
        return Failure(
            f"{'No answer came from' if self._children[name].poll() is None else 'This ended by itself:'} the {name}"
            f"{f': {lines[-1].strip()[:200]}' if lines else '.'}",
            where=str(log.path),
            why="Without it nothing runs, and nobody can look at what ran.",
            to_do="Look at the end of that file, mend what it says and start again.",
        )


def too_often(ended: Sequence[float]) -> bool:
    """Did a process end so often within an hour that to start it again would help nobody? Its ends, in seconds."""
    return sum(ended[-1] - one < AN_HOUR for one in ended) > STARTED_AGAIN


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Hold the home folder for one server, and see that its ports are free.

    Raises:
        Refused: another server runs on this folder, or a port is taken.
        Failure: the folder cannot be written to.
    """
    import fcntl

    try:
        place.home.mkdir(parents=True, exist_ok=True)
        lock = (place.home / "serve.lock").open("a+")
    except OSError as error:
        raise _not_writable(place, error.strerror) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise _runs_already(place, lock.read().strip()) from None
        for port in (place.port, place.pages_port):
            _is_free(port)
        lock.truncate(0)
        lock.write(f"{place.prefect} (process {os.getpid()})")
        lock.flush()
        yield


def refuse_taken(place: Place) -> None:
    """See whether the home folder could be held and its ports are free, and leave nothing behind.

    Raises what ``alone`` raises.
    """
    there = next(one for one in (place.home, *place.home.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise _not_writable(place, os.strerror(errno.EACCES if there.is_dir() else errno.ENOTDIR))
    if address := runs_on(place.home):
        raise _runs_already(place, address)
    for port in (place.port, place.pages_port):
        _is_free(port)


def _not_writable(place: Place, reason: str | None) -> Failure:
    return Failure(
        f"The home folder cannot be written to: {reason}.",
        where=str(place.home),
        why="The server keeps its database, password and schedules there.",
        to_do="Name another folder with --home, or let this user write there.",
    )


def _runs_already(place: Place, which: str) -> Refused:
    return Refused(
        "A server runs on this folder already.",
        where=f"{place.home}, {which}",
        why="Two servers on one database would run everything twice.",
        to_do="Use the one that runs, stop it first, or name another folder with --home.",
    )


def runs_on(home: Path) -> str:
    """The address of the Prefect that is served on a home folder now; empty where none is."""
    import fcntl

    try:
        lock = (home / "serve.lock").open("r+")
    except OSError:
        return ""
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return lock.read().partition(" ")[0]
    return ""


def _is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Refused(
                f"Port {port} is taken by another program."
                if port > 1023
                else f"Port {port} cannot be used: {error.strerror}.",
                where=f"{HOST}:{port}",
                to_do=f"Stop that program, or name another port: --port {port + 100}.",
            ) from None


def on_signals(served: Served) -> None:
    """Let Ctrl-C and a request to terminate stop the server in order."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, served.ask_to_stop)
