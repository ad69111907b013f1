"""A shared host as it is shipped: PostgreSQL, Prefect's server, two workers, a bucket over https; one worker is killed.

Each process is started with the command and the environment that ``compose.yaml`` gives it, and its secrets from files;
only addresses differ. The pipeline has no more rights in the bucket than its policy gives.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flows.automations import NOT_HEARD_OF
from tasks.store import S3Settings, S3Store, open_store
from tasks.store.s3 import client_for
from tests.conftest import ROOT, run_assure
from tests.deployments.postgres import Postgres, postgres
from tests.deployments.shipped import command, environment
from tests.store_contract.conftest import Server, allowed_by, server  # noqa: F401 - the same real server
from tests.trap import Trap

from .test_serve import descendants

pytestmark = pytest.mark.slow
SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
BUCKET = "safeguarding-assurance"
WITHIN = 240
"""Seconds for any one thing on a crowded machine."""
SOON = 25
"""Seconds after which the automation says that a run is dead, in this test, and while nothing runs but what is dead."""


@dataclass
class Host:
    """The processes of a shared host, and how its Prefect is asked."""

    folder: Path
    settings: dict[str, str]
    secrets: dict[str, str]
    trap: Trap
    database: Postgres
    given: dict[str, str]
    """What differs from the compose file: addresses."""
    api: str = ""
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, service: str, *more: str, called: str = "", **changes: str) -> subprocess.Popen[bytes]:
        """Start a service as compose would; ``more`` words come after those of its command."""
        called = called or service
        folder = self.folder / called
        folder.mkdir()
        for name in self.secrets:
            (folder / name).write_text(f"{self.secrets[name]}\n")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "ASSURE_", "AWS_"))}
        words = [sys.executable, "-m", "deployments.with_secrets", sys.executable, *command(service)[1:], *more]
        told = {**clean, **environment(service, self.settings), **self.given, **changes}
        told |= {
            "CREDENTIALS_DIRECTORY": str(folder),
            "PYTHONPATH": self.trap.before(str(ROOT)),
            "PREFECT_HOME": str(folder / "prefect"),
        }
        with (folder / "log").open("wb") as log:
            self.children[called] = subprocess.Popen(
                words, env=told, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        return self.children[called]

    def log(self, called: str) -> str:
        return (self.folder / called / "log").read_text()

    def ask(self, path: str, body: object = None, method: str = "") -> Any:
        request = urllib.request.Request(f"{self.api}{path}", method=method or ("POST" if body is not None else "GET"))
        word = base64.b64encode(self.secrets["PREFECT_API_AUTH_STRING"].encode()).decode()
        request.add_header("Authorization", f"Basic {word}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def submit(self, quarter: int) -> str:
        (found,) = (one for one in self.ask("/deployments/filter", {}) if one["name"] == "quarterly-return")
        titles = ("April to June", "July to September", "October to December", "January to March")
        asked = {"quarter": f"Quarter {quarter} ({titles[quarter - 1]})", "year": "2023-24"}
        run = self.ask(f"/deployments/{found['id']}/create_flow_run", {"parameters": {"request": asked}})
        return str(run["id"])

    def state(self, run: str) -> dict[str, Any]:
        return dict(self.ask(f"/flow_runs/{run}")["state"])

    def comes_to(self, run: str, *kinds: str) -> dict[str, Any]:
        until(lambda: self.state(run)["type"] in kinds, lambda: str(self.state(run)))
        return self.state(run)

    def kill(self, called: str) -> None:
        """As when its machine goes away: it and all that it started, at once."""
        process = self.children.pop(called)
        family = [process.pid, *descendants(process.pid)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def until(holds: Callable[[], object], told: Callable[[], str]) -> None:
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline, told()
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def bucket(server: Server) -> Iterator[S3Settings]:  # noqa: F811
    """The council's bucket with two quarters' returns in its inbox; what the pipeline may do in it."""
    client_for.cache_clear()
    owner = client_for(server.https)
    owner.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    for quarter in (1, 2):
        for path in (SAMPLE / f"Q{quarter}").iterdir():
            owner.put_object(Bucket=BUCKET, Key=f"inbox/2023-24/Q{quarter}/{path.name}", Body=path.read_bytes())
    yield allowed_by(server.https, "pipeline")
    client_for.cache_clear()


@pytest.fixture(scope="module")
def host(bucket: S3Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with ExitStack() as stack:
        database, port = stack.enter_context(postgres()), free_port()
        signs_in = f"assure:{secrets.token_hex(12)}"
        host = Host(
            tmp_path_factory.mktemp("host"),
            settings={
                "ASSURE_PARTNERSHIP": "hsscp",
                "ASSURE_STORE": f"s3://{BUCKET}/store",
                "ASSURE_INBOX": f"s3://{BUCKET}/inbox",
                "ASSURE_PAGES": "https://reports.example",
                "ASSURE_S3_ENDPOINT": bucket.endpoint,
                "ASSURE_S3_ACCESS_KEY": bucket.access_key,
                "ASSURE_S3_CA_BUNDLE": bucket.ca_bundle,
                "PREFECT_UI_URL": "https://runs.example",
            },
            secrets={
                "PREFECT_SERVER_DATABASE_PASSWORD": database.password,
                "PREFECT_SERVER_API_AUTH_STRING": signs_in,
                "PREFECT_API_AUTH_STRING": signs_in,
                "ASSURE_S3_SECRET_KEY": bucket.secret_key,
            },
            database=database,
            trap=Trap(tmp_path_factory.mktemp("watched") / "trap"),
            given={
                "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
                "PREFECT_SERVER_DATABASE_HOST": "127.0.0.1",
                "PREFECT_SERVER_DATABASE_PORT": str(database.port),
                "PREFECT_SERVER_DATABASE_NAME": database.database,
            },
            api=f"http://127.0.0.1:{port}/api",
        )
        stack.callback(lambda: [host.kill(called) for called in list(host.children)])
        serving = host.start("server", "--host", "127.0.0.1", "--port", str(port))

        def answers() -> bool:
            assert serving.poll() is None, host.log("server")
            with suppress(OSError):
                return bool(host.ask("/health"))
            return False

        until(answers, lambda: host.log("server"))
        assert host.start("set-up").wait(WITHIN) == 0, host.log("set-up")
        del host.children["set-up"]
        yield host


def test_a_quarter_whose_worker_dies_is_told_of_and_ends_as_if_it_had_not(
    host: Host, bucket: S3Settings, tmp_path: Path
) -> None:
    for called in ("one", "two"):
        host.start("worker", "--name", called, called=called)
    (cut_off,) = host.ask("/automations/filter", {"automations": {"name": {"any_": ["Runs that were cut off"]}}})
    trigger = {**cut_off["trigger"], "within": SOON}
    sent = {key: cut_off[key] for key in ("name", "description", "enabled", "actions")} | {"trigger": trigger}
    host.ask(f"/automations/{cut_off['id']}", sent, "PUT")

    run = host.submit(1)
    store = S3Store(BUCKET, "store", bucket)
    until(lambda: any(True for _ in store.list("received/")), lambda: f"{host.state(run)} {host.log('one')}")
    (taken,) = (called for called in ("one", "two") if descendants(host.children[called].pid))
    host.kill(taken)
    assert host.state(run)["type"] == "RUNNING" and not store.versions("drafts/2023-24/Q1/drafts.json")

    with ThreadPoolExecutor(1) as beside:
        expected = beside.submit(in_a_folder, tmp_path)
        assert host.comes_to(run, "CRASHED")["message"] == NOT_HEARD_OF
        host.ask(f"/automations/{cut_off['id']}", sent | {"enabled": False}, "PUT")
        host.ask(
            f"/flow_runs/{run}/set_state", {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": True}
        )
        assert host.comes_to(run, "COMPLETED", "FAILED", "CRASHED")["type"] == "COMPLETED", host.state(run)
        second = host.submit(2)
        assert host.comes_to(second, "COMPLETED", "FAILED", "CRASHED")["type"] == "COMPLETED", host.state(second)
        assert {stored.key: stored.sha256 for stored in store.list()} == expected.result()


def in_a_folder(tmp_path: Path) -> dict[str, str]:
    """What the same quarters leave in a store in a folder."""
    for quarter in (1, 2):
        done = run_assure(
            "quarter", f"2023-24-Q{quarter}", "--partnership", "hsscp", "--inbox", str(SAMPLE / f"Q{quarter}"),
            "--store", str(tmp_path / "store"), ASSURE_HOME=str(tmp_path / "home"),
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
    return {stored.key: stored.sha256 for stored in open_store(tmp_path / "store").list()}


def test_none_of_it_called_anybody_outside(host: Host) -> None:
    """Neither the server and what it does by itself, nor setting up, nor workers and runs."""
    assert host.trap.caught == []


def test_neither_database_nor_logs_nor_words_of_a_command_hold_a_secret(host: Host) -> None:
    """The database has every parameter, log, artifact and automation; words can be seen by everybody on a machine."""
    held = host.database.dumped()
    assert "Quarterly return" in held and "reports.example/store/drafts/" in held, "nothing was looked at"
    assert not [name for name, value in host.secrets.items() if value in held]
    assert "X-Amz-Signature" not in held, "a link that opens a document for whoever has it"
    for called in ("server", "set-up", "one", "two"):
        for name, value in host.secrets.items():
            assert value not in host.log(called), f"{called} printed {name}"
    for process in host.children.values():
        for pid in (process.pid, *descendants(process.pid)):
            words = Path(f"/proc/{pid}/cmdline").read_text()
            assert not any(value in words for value in host.secrets.values())


def test_nobody_starts_anything_without_the_password(host: Host) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{host.api}/deployments/count", data=b"{}", timeout=30)
