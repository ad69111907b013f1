"""A finding is settled on the form, by the flow that Prefect runs; what cannot be decided ends in a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tasks import plain
from tasks.kept import WHOLE, register_key
from tasks.model import Finding, Register, ValueBeside
from tasks.store import open_store
from tests.conftest import ROOT
from tests.reconcile.example import YEAR

from .test_prefect_yaml import server  # noqa: F401 - the same real server

pytestmark = pytest.mark.slow

FINDING = "sessions-agree:partnership.training_sessions.2023-24"
SEND = """
import json, sys
from flows.settling import Settlement, settle_finding
for filled in json.loads(sys.argv[1]):
    state = settle_finding(Settlement(**filled), return_state=True)
    print(json.dumps([state.type.value, state.message]))
"""


@pytest.fixture
def store(tmp_path: Path):
    finding = Finding(
        FINDING, "sessions-agree", "same_figure", FINDING.partition(":")[2], "2023-24", "failed", "must_fix",
        "They differ.", "", "", "", "training",
        figures=(FINDING.partition(":")[2],),
        values=(ValueBeside("Return", "58213704961"), ValueBeside("Bookings", "58213704962")),
    )  # fmt: skip
    kept = open_store(tmp_path / "store")
    kept.put("partnership.json", json.dumps({"id": "eastmere"}).encode())
    kept.put(register_key(WHOLE, YEAR), plain.to_json(Register((), (), (finding,), ())).encode())
    return kept


def test_the_form_settles_a_finding_or_says_why_not(server, store, tmp_path: Path) -> None:  # noqa: F811
    api, settings = server
    good = {
        "finding": FINDING,
        "decision": "Accept value B",
        "role": "Training group",
        "reason": "The bookings were counted again.",
        "store": str(tmp_path / "store"),
    }
    filled = [good, good | {"role": "Eastmere Council"}, good | {"finding": FINDING.replace("agree", "agre")}]
    done = subprocess.run(
        [sys.executable, "-c", SEND, json.dumps(filled)],
        env=settings | {"ASSURE_PARTNERSHIPS": str(ROOT / "tests/partnerships")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    settled, role, unknown = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert settled[0] == "COMPLETED" and "Accept value B (Bookings)" in settled[1]
    assert role[0] == "FAILED" and "Eastmere Council may not settle" in role[1]
    assert unknown[0] == "FAILED" and f"Did you mean {FINDING}?" in unknown[1]

    (kept,) = list(store.list("decisions/"))
    decision = json.loads(store.get(kept.key))
    assert (decision["accepted"], decision["letter"], decision["role"]) == ("58213704962", "b", "training")
    home = Path(settings["PREFECT_HOME"])  # where shorter numbers stand by chance, in times and ids
    holding = [path for path in home.rglob("*") if path.is_file() and b"58213704962" in path.read_bytes()]
    assert holding == [], "Prefect was given a value"
