"""A PostgreSQL for the tests: Debian's programs, a cluster in a folder of its own, on this machine only.

Skipped with the reason where it is not installed; ``REQUIRE_PROGRAMS`` turns that into a failure.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.programs import REQUIRED


@dataclass(frozen=True)
class Postgres:
    port: int
    password: str
    programs: Path
    user: str = "prefect"
    database: str = "postgres"

    def dumped(self) -> str:
        """All that the database holds, as text."""
        words = [self.programs / "pg_dump", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, self.database]
        given = os.environ | {"PGPASSWORD": self.password}
        return subprocess.run(words, env=given, check=True, capture_output=True, text=True).stdout


def programs() -> Path | None:
    """The newest PostgreSQL of Debian, whose programs are on nobody's path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A new cluster, which refuses to run as root: then as the user whom its package made."""
    folder = programs()
    if not folder:
        if REQUIRED:
            pytest.fail("REQUIRE_PROGRAMS is set, and PostgreSQL is not installed: see .ci/run")
        pytest.skip("PostgreSQL is not installed: see .ci/run")
    user = pwd.getpwnam("postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home, password = Path(tempfile.mkdtemp(prefix="assure-postgres-")), secrets.token_hex(16)
    given = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    (home / "password").write_text(password)
    for path in (home, home / "password"):
        os.chown(path, user.pw_uid, user.pw_gid)
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    process = None
    try:
        subprocess.run(
            [folder / "initdb", "--pgdata", home / "data", "--username", Postgres.user, "--pwfile", home / "password",
             "--auth", "scram-sha-256", "--no-sync", "--encoding", "UTF8", "--locale", "C"],
            check=True, capture_output=True, cwd=home, **given,
        )  # fmt: skip
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                [folder / "postgres", "-D", home / "data", *(f"--{key}={value}" for key, value in settings.items())],
                stdout=log, stderr=log, cwd=home, start_new_session=True, **given,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while subprocess.run([folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode:
            assert process.poll() is None and time.monotonic() < deadline, (home / "log").read_text()
            time.sleep(0.1)
        yield Postgres(port, password, folder)
    finally:
        if process:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(home, ignore_errors=True)
