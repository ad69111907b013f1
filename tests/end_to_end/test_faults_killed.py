"""A run that is killed at any moment loses nothing and leaves no halves: run again, it ends as undisturbed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.end_to_end.short_runs import hashes

TIMES = 30
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forks runs, to kill them")]


@pytest.mark.parametrize("seed", [20231])
def test_thirty_kills_at_any_moment_change_nothing_of_how_a_run_ends(tmp_path: Path, seed: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.killing", str(tmp_path), str(seed), str(TIMES)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    at_a_change = [one for one in told if "before_change" in one]
    assert sum(one["signal"] == 9 for one in told) >= TIMES * 2 // 3, "too few runs were really killed"
    grew = [one["versions"] for one in at_a_change]
    assert grew == sorted(grew), "something that was kept is gone"
    assert len(set(grew)) > 10, "the kills came to few parts of a run only"
    quiet = hashes(tmp_path / "undisturbed/current")
    assert any(key.startswith("runs/") for key in quiet)
    for name in ("killed", "timed"):
        assert hashes(tmp_path / name / "current") == quiet
        kept, undisturbed = (sorted((tmp_path / one / "history").rglob("0*")) for one in (name, "undisturbed"))
        assert [path.name for path in kept] == [path.name for path in undisturbed], "there are more versions than one"
