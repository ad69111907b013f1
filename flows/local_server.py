"""A Prefect server for the time of one command, started beside it.

Belongs here: starting, waiting for and stopping that server, and the settings that keep it quick and quiet.
Does not belong here: its process (``flows.server_process``) and a server that people share (``flows.serving``).

Prefect would start one of its own, but late (at the first flow), and would import the whole server into this process
too. Ours is started at once, so that it comes up on one core while this process imports its libraries on the other.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.errors import Failure

QUIET = {
    "PREFECT_LOGGING_LEVEL": "WARNING",
    # What goes wrong is told once, by the command: Prefect's console would add a traceback for each task and flow.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "assure",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}
TOGETHER = {
    # Task runs are written together, not one by one: on SQLite each of those writes can refuse a flow run that begins
    # at the same moment, which its client then repeats after two seconds.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
LIGHT = {
    **TOGETHER,
    # Nobody looks on while a command runs; what is still to be written is written as its server ends.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "30",
    "PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED": "false",
    # Nothing is scheduled, late or automated on a server that ends with its command.
    **{
        f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false"
        for service in (
            "SCHEDULER",
            "LATE_RUNS",
            "FOREMAN",
            "TRIGGERS",
            "PAUSE_EXPIRATIONS",
            "REPOSSESSOR",
            "CANCELLATION_CLEANUP",
            "CLEANUP_RECONCILER",
            "EVENT_PERSISTER",
        )
    },
    # Nobody fills in a block there: the server that people share registers their kinds itself when it starts. Nor is it
    # noted that they are registered, for that server would believe it.
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
}
STARTS_WITHIN = 120
"""Seconds. A first start makes the database: ten seconds on a quiet machine."""


@contextmanager
def prefect_server(home: Path) -> Iterator[_Server]:
    """Give a Prefect server to this process.

    The one that ``PREFECT_API_URL`` names; else the one that is served on the folder above ``home``; else a temporary
    one, whose database lies under ``home``, so that a later server can show the runs. Must be entered before Prefect is
    imported. Call ``ready()`` before the first flow.
    """
    os.environ.update({key: value for key, value in QUIET.items() if key not in os.environ})
    _use_the_one_that_is_served(home)
    if os.environ.get("PREFECT_API_URL"):
        yield _Server(None, os.environ["PREFECT_API_URL"])
        return
    home.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ["PREFECT_HOME"] = str(home.resolve())
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    os.environ["PREFECT_LOGGING_TO_API_BATCH_INTERVAL"] = "10"  # seconds: what is left is delivered in the end
    os.environ["PREFECT_CLIENT_CSRF_SUPPORT_ENABLED"] = "false"  # no browser: each run would ask in vain for a token
    command = [sys.executable, "-m", "flows.server_process", str(port)]
    environment = {**os.environ, **LIGHT, "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL", "PREFECT_UI_ENABLED": "false"}
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
    try:
        yield _Server(process, os.environ["PREFECT_API_URL"])
    finally:
        _deliver()
        del os.environ["PREFECT_API_URL"]
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _use_the_one_that_is_served(home: Path) -> None:
    """Its runs are then seen by everybody, and no second server writes to its database."""
    from flows.served import Place, password
    from flows.serving import runs_on

    if os.environ.get("PREFECT_API_URL") or not (address := runs_on(home.parent)):
        return
    os.environ["PREFECT_API_URL"] = f"{address}/api"
    os.environ.setdefault("PREFECT_API_AUTH_STRING", password(Place(home.parent, 0)))


def _deliver() -> None:
    """Send the logs and events that Prefect still holds, while there is a server to take them.

    Left to Prefect they are sent as the process ends, to a server that is gone: it tries for a minute.
    """
    if "prefect" in sys.modules:
        from prefect.events.worker import EventsWorker
        from prefect.logging.handlers import APILogWorker

        for worker in (APILogWorker, EventsWorker):
            worker.drain_all(timeout=30)


class _Server:
    def __init__(self, process: subprocess.Popen[bytes] | None, api: str) -> None:
        self._process, self._api = process, api

    @property
    def is_own(self) -> bool:
        """Was it started for this command, and nobody else's?"""
        return self._process is not None

    def ready(self) -> None:
        """Wait until the server answers.

        Raises:
            Failure: it ended, or does not answer in time.
        """
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self._api}/health", timeout=5):  # noqa: S310 - the address is ours
                    return
            except OSError:
                if self._process is None or self._process.poll() is not None:
                    break
                time.sleep(0.05)
        raise Failure(
            "The Prefect server does not answer.",
            where=self._api,
            to_do="Look at server.log in the home folder, or set PREFECT_API_URL to a server that runs.",
        )
