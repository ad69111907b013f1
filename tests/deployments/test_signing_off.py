"""Sign-off by a run that is suspended for each answer: real server, real worker, real store."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.load import load_partnership
from tasks import plain
from tasks.model import Draft
from tasks.signing import signatures_of
from tasks.signing.signatures import progress_in
from tasks.store import ObjectStore, open_store
from tests.conftest import ROOT
from tests.reconcile.example import YEAR

from .test_prefect_yaml import ask as ask_once
from .test_prefect_yaml import server  # noqa: F401 - the same real server

pytestmark = pytest.mark.slow

SECTION = "eastmere-snapshot"
KEY = f"drafts/{YEAR}/annual/{SECTION}.docx"
SIGNING = "signing: {quality: training, partners: [eastmere-council, northbrook-council]}\n"
WITHIN = 120


def ask(api: str, path: str, body: dict) -> list[dict]:
    """Ask as Prefect's own client does: once more where its SQLite was busy."""
    for _ in range(8):
        try:
            return ask_once(api, path, body)
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            time.sleep(1)
    return ask_once(api, path, body)


@pytest.fixture
def partnerships(tmp_path: Path) -> Path:
    folder = tmp_path / "partnerships"
    shutil.copytree(ROOT / "tests/partnerships", folder)
    with (folder / "eastmere/partnership.yaml").open("a") as file:
        file.write(SIGNING)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    kept = open_store(str(tmp_path / "store"))
    kept.put("partnership.json", b'{"id": "eastmere"}')
    first = kept.put(KEY, b"the draft that is signed")
    draft = Draft(SECTION, "Snapshot", KEY, first.sha256, (), 0, ())
    kept.put(f"drafts/{YEAR}/annual/drafts.json", plain.to_json({"drafts": [draft]}).encode())
    return kept


@pytest.fixture
def worker(server, partnerships: Path, tmp_path: Path) -> Iterator[str]:  # noqa: F811
    api, settings = server
    environment = settings | {
        "ASSURE_PARTNERSHIPS": str(partnerships),
        "ASSURE_PARTNERSHIP": "eastmere",
        "ASSURE_STORE": str(tmp_path / "store"),
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    deploy = [*prefect, "deploy", "--name", "sign-off", "--prefect-file", "deployments/prefect.yaml"]
    make = [*prefect, "work-pool", "create", "assurance", "--type", "process", "--overwrite"]
    for command in (make, deploy):
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)
    log = (tmp_path / "worker.log").open("wb")
    process = subprocess.Popen(
        [*prefect, "worker", "start", "--pool", "assurance"], cwd=ROOT, env=environment, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield api
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def started(api: str) -> str:
    deployment = next(one for one in ask(api, "/deployments/filter", {}) if one["name"] == "sign-off")
    request = {
        "parameters": {"request": {"draft": "Eastmere snapshot", "year": str(YEAR)}},
        "idempotency_key": uuid.uuid4().hex,
    }
    return str(ask(api, f"/deployments/{deployment['id']}/create_flow_run", request)["id"])


def comes_to(api: str, run: str, *states: str) -> dict:
    """Wait until a run is in one of the states."""
    deadline, seen = time.monotonic() + WITHIN, {}
    while time.monotonic() < deadline:
        (seen,) = ask(api, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
        if seen["state"]["name"] in states:
            return dict(seen["state"])
        time.sleep(0.3)
    raise AssertionError(f"{seen.get('state')}")


def answered(api: str, run: str, role: str, name: str, answer: str = "Sign it", words: str = "") -> None:
    filled = {"role": role, "name": name, "answer": answer, "words": words}
    deadline = time.monotonic() + WITHIN
    while True:
        told = ask(api, f"/flow_runs/{run}/resume", {"run_input": filled})
        # Prefect says Suspended a moment before it keeps the form; nobody opens it in that moment.
        if told["details"].get("reason") != "Run input schema not found." or time.monotonic() > deadline:
            break
        time.sleep(0.3)
    assert told["status"] == "ACCEPT", told


def test_a_draft_is_signed_by_everybody_in_turn_and_a_retry_goes_on(
    worker: str, store: ObjectStore, partnerships: Path
) -> None:
    eastmere = load_partnership("eastmere", partnerships)
    owner = eastmere.groups[eastmere.section(SECTION).owner].name
    run = started(worker)
    comes_to(worker, run, "Suspended")
    with pytest.raises((AssertionError, urllib.error.HTTPError)):
        answered(worker, run, "Nobody's group", "Ann Example")
    answered(worker, run, "Business unit", "Ann Example")
    comes_to(worker, run, "Suspended")
    answered(worker, run, owner, "Ben Example")
    comes_to(worker, run, "Suspended")

    # The same person again: refused in a sentence; tried again, the run asks anew and goes on from there.
    answered(worker, run, "Training group", "ben example")
    failed = comes_to(worker, run, "Failed")
    assert failed["message"].startswith("The same person has signed this draft before.")
    retry = {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": True}
    ask(worker, f"/flow_runs/{run}/set_state", retry)
    comes_to(worker, run, "Suspended")
    answered(worker, run, "Training group", "Cay Example")
    comes_to(worker, run, "Suspended")
    answered(worker, run, "Northbrook Council", "Dee Example")
    comes_to(worker, run, "Suspended")
    answered(worker, run, "Eastmere Council", "Eve Example")
    done = comes_to(worker, run, "Completed")

    found = progress_in(store, eastmere, YEAR, SECTION)
    assert found.state == "agreed"
    assert done["message"] == f"{KEY} is agreed: SHA-256 {found.sha256}."
    kept = signatures_of(store, YEAR, SECTION)
    assert [one.name for one in kept] == [f"{name} Example" for name in ("Ann", "Ben", "Cay", "Dee", "Eve")]
    assert {(one.run, one.sha256) for one in kept} == {(run, found.sha256)}
    assert all(one.at for one in kept)


def test_an_answer_to_a_draft_that_has_changed_signs_nothing(
    worker: str, store: ObjectStore, partnerships: Path
) -> None:
    run = started(worker)
    comes_to(worker, run, "Suspended")
    newest = store.put(KEY, b"an edited draft")
    answered(worker, run, "Business unit", "Ann Example")
    comes_to(worker, run, "Suspended")
    assert signatures_of(store, YEAR, SECTION) == ()
    answered(worker, run, "Business unit", "Ann Example")
    comes_to(worker, run, "Suspended")
    assert [one.sha256 for one in signatures_of(store, YEAR, SECTION)] == [newest.sha256]

    owner_sends_back = load_partnership("eastmere", partnerships)
    owner = owner_sends_back.groups[owner_sends_back.section(SECTION).owner].name
    answered(worker, run, owner, "Ben Example", "Send it back", "The second chart is last year's.")
    done = comes_to(worker, run, "Completed")
    assert done["message"].endswith("sent the draft back. The second chart is last year's.")
