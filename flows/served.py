"""What differs between a server that people share and a command: addresses, password and settings of its processes.

Belongs here: where things lie under the home folder, the password, and the environment of every process.
Does not belong here: the processes themselves (``flows.serving``).
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from config.errors import Failure
from config.settings import Settings
from flows.local_server import TOGETHER
from flows.server_process import HOST

POOL = "assurance"
WORKER = ("prefect", "worker", "start", "--pool", POOL, "--type", "process", "--limit", "4")
"""A worker, on every machine. Of four runs at once one may wait for another (``flows.in_turn``) and none for memory."""
USER = "assure"
HEARTBEATS = 30
"""Seconds between two signs of life of a run. One of which nothing was heard for 90 is dead (``flows.automations``)."""
PREFECT = {
    # Nothing is told to anybody outside.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # The page calls the server from which it came, whatever name or port a proxy gives it.
    "PREFECT_UI_API_URL": "/api",
    # A run begins seconds after it was asked for.
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEATS),
    # What a run has been given of a limit outlives the server: left in its memory, a run that goes on while the server
    # starts again is told that it has lost its place, and breaks off.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "assure",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    # What is kept, is kept: runs and what they told people are never tidied away.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events",
    **TOGETHER,
}
"""Settings of a shared server, its worker and its runs, on every machine."""


@dataclass(frozen=True)
class Place:
    """Where a server is: its folder, and the ports on this machine of Prefect and of the pages for people."""

    home: Path
    port: int

    @property
    def pages_port(self) -> int:
        return self.port + 1

    @property
    def pages(self) -> str:
        """Where people reach the pages: through a proxy where ``ASSURE_PAGES`` says so, else on this machine."""
        return Settings.from_environment().pages or f"http://{HOST}:{self.pages_port}"

    @property
    def prefect(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.prefect}/api"

    @property
    def password_file(self) -> Path:
        return self.home / "password"

    @property
    def log(self) -> Path:
        return self.home / "log"


def password(place: Place) -> str:
    """What people sign in with, as ``user:password``: from the environment, else from a file made at the first start.

    Raises:
        Failure: the file may be read by others than the person who runs this, or is empty.
    """
    if given := os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        return given
    path = place.password_file
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{USER}:{secrets.token_urlsafe(18)}\n")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Failure(
            "Others on this machine may read the password.",
            where=str(path),
            why="Whoever has it can start runs and settle findings.",
            to_do=f"Run: chmod 600 '{path}'. Delete the file first if somebody may have read it: a new one is made.",
        )
    kept = path.read_text(encoding="utf-8").strip()
    if ":" not in kept:
        raise Failure(
            "The file of the password holds none.",
            where=str(path),
            to_do="Write user:password into it, or delete it: a new one is made.",
        )
    return kept


def environment(place: Place, signs_in: str) -> dict[str, str]:
    """The whole environment of the server, its worker, its runs and the pages: this process's, and what is set here.

    Runs work in folders of their own, so every path is whole. Settings of Prefect that are given already are kept, but
    for its address.
    """
    settings = Settings.from_environment()
    given = {
        key: value for key, value in os.environ.items() if key not in ("PREFECT_API_URL", "PREFECT_SERVER_API_PORT")
    }
    root = str(Path(__file__).parent.parent)
    path = [root, *filter(None, given.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        **PREFECT,
        "PREFECT_UI_URL": place.prefect,
        **given,
        "PYTHONPATH": os.pathsep.join(path),
        "PREFECT_HOME": str(place.home / "prefect"),
        "PREFECT_API_URL": place.api,
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(place.port),
        "PREFECT_SERVER_API_AUTH_STRING": signs_in,
        "PREFECT_API_AUTH_STRING": signs_in,
        "ASSURE_HOME": str(place.home),
        "ASSURE_STORE": whole(settings.store),
        "ASSURE_INBOX": whole(settings.inbox),
        "ASSURE_PARTNERSHIPS": whole(str(settings.partnerships)),
        "ASSURE_PAGES": place.pages,
    }


def whole(address: str) -> str:
    """An address as it is understood from every folder."""
    return address if "://" in address else str(Path(address).resolve())
