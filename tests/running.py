"""``assure serve`` as a process of its own, started and stopped with a test, and how its Prefect is asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.asking import Asks
from tests.conftest import ROOT

STARTS_WITHIN = 180


class Running(Asks):
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

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def signs_in(self) -> str:
        return (self.home / "password").read_text().strip()

    def run(self, name: str, request: dict[str, str], until: set[str]) -> dict:
        """Ask for a run as the form does, and wait for one of these kinds of state."""
        run = self.submit(name, request)
        self.comes_to(run, *until)
        return dict(self.ask(f"/flow_runs/{run}"))

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
