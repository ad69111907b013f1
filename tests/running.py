"""``assure serve`` as a process of its own, started and stopped with a test, and how its Prefect is asked."""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

STARTS_WITHIN = 180


class Running:
    """A server that was started, and how its Prefect is asked."""

    def __init__(self, home: Path, port: int, process: subprocess.Popen[str]) -> None:
        self.home, self.port, self.process = home, port, process
        self.said: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said.append(line)

    def ready(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while not any(line.startswith("Ready.") for line in self.said):
            assert self.process.poll() is None and time.monotonic() < deadline, "".join(self.said)
            time.sleep(0.1)

    def ask(self, path: str, body: object = None, *, signs_in: bool = True) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api{path}")
        if signs_in:
            request = self.signed(request.full_url)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def signed(self, address: str) -> urllib.request.Request:
        word = base64.b64encode((self.home / "password").read_text().strip().encode()).decode()
        return urllib.request.Request(address, headers={"Authorization": f"Basic {word}"})

    def run(self, name: str, request: dict[str, str], until: set[str]) -> dict:
        """Ask for a run as the form does, and wait for one of these kinds of state."""
        deployment = next(one for one in self.ask("/deployments/filter", {}) if one["name"] == name)
        asked = {"parameters": {"request": request}}
        run = self.ask(f"/deployments/{deployment['id']}/create_flow_run", asked)
        deadline = time.monotonic() + 240
        while run["state_type"] not in until:
            assert time.monotonic() < deadline, run["state"]
            time.sleep(0.5)
            run = self.ask(f"/flow_runs/{run['id']}")
        return run

    def scheduled(self) -> list[tuple[str, str]]:
        """Flows and moments of the runs that come by themselves, once a day or more seldom."""
        asked = {
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
            "deployments": {"name": {"any_": ["open-quarter", "morning-round"]}},
        }
        return sorted((run["flow_id"], run["expected_start_time"]) for run in self.ask("/flow_runs/filter", asked))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)


def two_free_ports() -> int:
    """A port that is free with the next one: below those that the system gives to connections, which would take it in
    the minute in which a server starts.
    """
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 - no secret
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@contextmanager
def served(home: Path, port: int, *words: str, **settings: str) -> Iterator[Running]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "ASSURE_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows", "serve", "--home", str(home), "--port", str(port), *words],
        cwd=home.parent,
        env={**kept, "PYTHONPATH": str(ROOT), "ASSURE_PARTNERSHIP": "hsscp", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = Running(home, port, process)
    try:
        running.ready()
        yield running
    finally:
        if process.poll() is None:
            running.stop()
