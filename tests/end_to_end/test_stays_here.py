"""A whole run asks nobody but the machine it is on: no telemetry, no updates, no schema or font from anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.trap import Trap

SENT = ROOT / "config/partnerships/hsscp/sample/2023-24/Q1"
ALONE = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
"""A network of its own, in which there is this machine and nothing else."""


def can_be_alone() -> bool:
    try:
        return subprocess.run([*ALONE, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


def run(words: list[str], trap: Trap, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    settings = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "ASSURE_"))}
    settings |= {"PYTHONPATH": trap.before(str(ROOT)), "ASSURE_HOME": str(tmp_path / "home")}
    return subprocess.run(words, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=600)


@pytest.mark.slow
def test_nothing_outside_this_machine_is_called_during_a_run(tmp_path: Path) -> None:
    trap = Trap(tmp_path / "trap")
    words = [sys.executable, "-m", "flows", "quarter", "2023-24-Q1", "--partnership", "hsscp", "--inbox", str(SENT)]
    words += ["--store", str(tmp_path / "store")]
    done = run([*ALONE, *words] if can_be_alone() else words, trap, tmp_path)
    assert done.returncode == 1, done.stderr
    assert trap.caught == []


def test_a_call_to_the_outside_is_caught_also_from_a_child(tmp_path: Path) -> None:
    trap = Trap(tmp_path / "trap")
    calls = "import socket; s = socket.socket(); s.setblocking(False); s.connect_ex(('192.0.2.1', 443)); s.close()"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {calls!r}])"
    run([sys.executable, "-c", child], trap, tmp_path)
    resolves = "import socket, contextlib\nwith contextlib.suppress(OSError): socket.getaddrinfo('nobody.invalid', 443)"
    run([sys.executable, "-c", resolves], trap, tmp_path)
    assert [line.partition(" ")[0] for line in trap.caught] == ["192.0.2.1", "nobody.invalid"]
