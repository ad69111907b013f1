"""What several rooms' tests share: one demonstration year, run once, as a person would run it."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes is said by benchmarks, side by side; on a crowded machine the clock says nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ran:
    """A command that was run, what it printed, and the folder that it worked in."""

    folder: Path
    code: int
    out: str
    err: str

    @property
    def current(self) -> Path:
        return self.folder / "store" / "current"


def run_assure(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, in a process of its own."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "ASSURE_"))}
    return subprocess.run(
        [sys.executable, "-m", "flows", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**settings, "PYTHONPATH": str(ROOT), **environment},
    )


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Ran:
    """The whole demonstration year, in a folder with a space in its name. Run once; read by all, changed by nobody."""
    own = tmp_path_factory.getbasetemp()
    place = (own if worker_id == "master" else own.parent) / "demonstration"
    place.mkdir(exist_ok=True)
    folder, said = place / "a year", place / "said.json"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            done = run_assure("demo", "--out", str(folder), cwd=place)
            said.write_text(json.dumps([done.returncode, done.stdout, done.stderr]), encoding="utf-8")
    return Ran(folder, *json.loads(said.read_text(encoding="utf-8")))
