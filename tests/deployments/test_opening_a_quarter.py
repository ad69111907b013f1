"""A quarter is opened by the flow that Prefect runs: its forms are made, and there is a place for what comes back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.store import open_inbox, open_store
from tests.conftest import ROOT

from .test_prefect_yaml import ask, server  # noqa: F401 - the same real server

pytestmark = pytest.mark.slow

SEND = """
import json, sys
from flows.forms import QuarterRequest
from flows.rounds import open_quarter
for inbox in sys.argv[2:]:
    request = QuarterRequest(quarter="Quarter 1 (April to June)", year="2024-25", store=sys.argv[1], inbox=inbox)
    state = open_quarter(request, return_state=True)
    print(json.dumps([state.type.value, state.message]))
"""


def test_what_comes_back_has_a_place_to_be_put(server, tmp_path: Path) -> None:  # noqa: F811
    api, settings = server
    usual, taken = tmp_path / "inbox/2024-25/Q1", tmp_path / "file/2024-25/Q1"
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", SEND, str(tmp_path / "store"), "", "", str(taken)],
        env=settings | {"ASSURE_PARTNERSHIP": "hsscp", "ASSURE_INBOX": str(tmp_path / "inbox")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    opened, again, failed = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert opened == again and opened[0] == "COMPLETED"
    assert open_inbox(usual).names() == [], "there is nowhere to put what comes back"
    (page,) = ask(api, "/artifacts/latest/filter", {"artifacts": {"key": {"any_": ["opened-2024-25-q1"]}}})
    assert f"`{usual}`" in page["data"], "people are not told where"

    assert failed[0] == "FAILED"
    assert failed[1].startswith("The folder for what comes in cannot be made: Not a directory.")
    assert f"Where: {taken}. Make this folder" in failed[1]
    forms = [stored.key for stored in open_store(tmp_path / "store").list("forms/2024-25/Q1/")]
    assert forms and all(not open_store(tmp_path / "store").versions(key)[1:] for key in forms)
