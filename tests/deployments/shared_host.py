"""A shared host as it is shipped: PostgreSQL, Prefect's server, workers and pages, on a bucket over https.

Each process is started with the command and the environment that ``compose.yaml`` gives it, and has the secrets that it
gives it, from files; only addresses and folders differ. Nobody has more rights in the bucket than their policy gives.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tasks.store import S3Store
from tasks.store.s3 import client_for
from tests.asking import WITHIN, Asks, until
from tests.conftest import ROOT
from tests.machine import descendants, free_ports, kill_family
from tests.store_contract.conftest import Server, allowed_by
from tests.trap import Trap

from .postgres import Postgres, postgres
from .proxy import PAGES, PREFECT
from .shipped import command, environment, secrets_of

HERE = "127.0.0.1"


@dataclass
class Host(Asks):
    """The processes of a shared host, and how its Prefect is asked."""

    folder: Path
    store: S3Store
    settings: dict[str, str]
    secrets: dict[str, str]
    trap: Trap
    database: Postgres
    port: int
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def api(self) -> str:  # type: ignore[override]
        return f"http://{HERE}:{self.port}/api"

    @property
    def signs_in(self) -> str:  # type: ignore[override]
        return self.secrets["PREFECT_API_AUTH_STRING"]

    def start(self, service: str, *options: str, called: str = "", **changes: str) -> subprocess.Popen[bytes]:
        """Start a service as compose would, with options in the place of its command's own."""
        called = called or service
        folder = self.folder / called
        folder.mkdir()
        for name, secret in secrets_of(service).items():
            (folder / name).write_text(f"{self.secrets[secret]}\n")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "ASSURE_", "AWS_"))}
        words = [sys.executable, "-m", "deployments.with_secrets", sys.executable, *command(service, *options)[1:]]
        here = environment(service, self.settings, str(folder)) | {
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_DATABASE_HOST": HERE,
            "PREFECT_SERVER_DATABASE_PORT": str(self.database.port),
            "PREFECT_SERVER_DATABASE_NAME": self.database.database,
            "CREDENTIALS_DIRECTORY": str(folder),
            "PYTHONPATH": self.trap.before(str(ROOT)),
        }
        with (folder / "log").open("wb") as log:
            self.children[called] = subprocess.Popen(
                words, env=clean | here | changes, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        return self.children[called]

    def start_two_workers(self) -> None:
        for called in ("one", "two"):
            self.start("worker", "--name", called, called=called)

    def log(self, called: str) -> str:
        return (self.folder / called / "log").read_text()

    def has_a_run(self) -> list[str]:
        """The workers that have a run."""
        return [called for called in ("one", "two") if called in self.children and self._works(called)]

    def _works(self, called: str) -> bool:
        return bool(descendants(self.children[called].pid))

    def kill(self, called: str) -> None:
        """As when its machine goes away: it and all that it started, at once."""
        process = self.children.pop(called)
        kill_family(process.pid)
        process.wait()


@contextmanager
def shared_host(folder: Path, server: Server, **changes: str) -> Iterator[Host]:
    """A host that is set up and has no worker and no pages yet; ``changes`` are settings of its set-up."""
    client_for.cache_clear()
    bucket = f"safeguarding-{secrets.token_hex(4)}"
    client_for(server.https).create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    pipeline, pages = (allowed_by(server.https, policy, bucket) for policy in ("pipeline", "pages"))
    signs_in = f"assure:{secrets.token_hex(12)}"
    with ExitStack() as stack:
        stack.callback(client_for.cache_clear)
        database, (port,) = stack.enter_context(postgres()), free_ports(1)
        host = Host(
            folder,
            S3Store(bucket, "store", server.https),
            settings={
                "ASSURE_PARTNERSHIP": "hsscp",
                "ASSURE_STORE": f"s3://{bucket}/store",
                "ASSURE_INBOX": f"s3://{bucket}/inbox",
                "ASSURE_PAGES": f"https://{PAGES}",
                "ASSURE_S3_ENDPOINT": pipeline.endpoint,
                "ASSURE_S3_ACCESS_KEY": pipeline.access_key,
                "ASSURE_S3_CA_BUNDLE": pipeline.ca_bundle,
                "PAGES_S3_ACCESS_KEY": pages.access_key,
                "PREFECT_UI_URL": f"https://{PREFECT}",
            },
            secrets={
                "PREFECT_SERVER_DATABASE_PASSWORD": database.password,
                "PREFECT_SERVER_API_AUTH_STRING": signs_in,
                "PREFECT_API_AUTH_STRING": signs_in,
                "ASSURE_S3_SECRET_KEY": pipeline.secret_key,
                "PAGES_PASSWORD": f"pages:{secrets.token_hex(12)}",
                "PAGES_S3_SECRET_KEY": pages.secret_key,
            },
            trap=Trap(folder / "trap"),
            database=database,
            port=port,
        )
        stack.callback(lambda: [host.kill(called) for called in list(host.children)])
        serving = host.start("server", "--host", HERE, "--port", str(port))

        def answers() -> bool:
            assert serving.poll() is None, host.log("server")
            with suppress(OSError):
                return bool(host.ask("/health"))
            return False

        until(answers, lambda: host.log("server"))
        assert host.start("set-up", **changes).wait(WITHIN) == 0, host.log("set-up")
        del host.children["set-up"]
        yield host


def put_in_the_inbox(server: Server, host: Host, returns: Path, *parts: str) -> None:
    """Put folders of returns where partners' files lie in the bucket, by its owner."""
    owner, bucket = client_for(server.https), host.store.bucket.name
    for part in parts:
        for path in (returns / part).iterdir():
            key = f"inbox/{returns.name}/{part}/{path.name}"
            owner.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
