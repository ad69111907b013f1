"""Uploaded drafts are read back by the flow that Prefect runs, and Prefect is told nothing that they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tasks import plain
from tasks.drafts import WRITER
from tasks.kept import OPEN, register_key
from tasks.model import Register
from tasks.store import open_store
from tests.assemble.invented import YEAR
from tests.conftest import ROOT
from tests.review.drafts_edited import PLANS, SNAPSHOT, draft, edited, new_paragraph, register, retype

from .test_prefect_yaml import ask, server  # noqa: F401 - the same real server

pytestmark = pytest.mark.slow

CHECK = """
import json
from flows.forms import DraftsRequest
from flows.uploads import check_drafts
for _ in range(2):
    state = check_drafts(DraftsRequest(), return_state=True)
    print(json.dumps([state.type.value, state.message]))
"""


def test_uploads_are_told_by_counts_ids_and_headings_alone(server, tmp_path: Path) -> None:  # noqa: F811
    api, settings = server
    store = open_store(tmp_path / "store")
    store.put("partnership.json", json.dumps({"id": "eastmere"}).encode())
    store.put(register_key(OPEN, YEAR), plain.to_json(Register(tuple(register().values()), (), (), ())).encode())
    store.put(f"drafts/2023-24/annual/{SNAPSHOT}.docx", draft(), about={"writer": WRITER})
    words = "In all 58213704963 visits by Zaphira."
    data = edited(retype(PLANS, "58213704961"), new_paragraph(words))
    store.put(f"uploads/2023-24/annual/{SNAPSHOT}/a.docx", data)
    store.put("uploads/2023-24/annual/other/b.docx", b"no document")
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        env=settings
        | {"ASSURE_PARTNERSHIPS": str(ROOT / "tests/partnerships"), "ASSURE_STORE": str(tmp_path / "store")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert first == ["COMPLETED", "2 uploads read back; 2 of them need a person."]
    assert second == ["COMPLETED", "Nothing new was uploaded."]
    assert store.get(f"drafts/2023-24/annual/{SNAPSHOT}.docx") == data

    (page,) = [one for one in ask(api, "/artifacts/filter", {}) if one["key"] == "edited-drafts"]
    assert PLANS in page["data"] and "Protected and looked after" in page["data"]
    assert "Could not be opened safely" in page["data"]
    home = Path(settings["PREFECT_HOME"])
    secret = (b"58213704961", b"58213704963", b"Zaphira")
    told = [path for path in home.rglob("*") if path.is_file() and any(one in path.read_bytes() for one in secret)]
    assert told == [], "Prefect was told what a document says"
