"""The deployments can be deployed with the installed versions, and a quarter end is really scheduled.

Prefect 3.8 lets newer FastAPI and SQLAlchemy be installed than it works with: with the one its server does not start,
with the other no scheduled run is ever made and nothing says so. So this asks a real server for a real scheduled run.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import ROOT


def ask(api: str, path: str, body: dict) -> list[dict]:
    request = urllib.request.Request(f"{api}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    settings = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    settings |= {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONPATH": str(ROOT),
        "PREFECT_SERVER_UI_ENABLED": "false",
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--factory",
        "prefect.server.api.server:create_app",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--log-level",
        "critical",
    ]
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(command, env=settings, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{api}/health", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, (home / "server.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.2)
        yield api, settings
    finally:
        process.terminate()
        process.wait(20)


def test_a_quarter_end_is_scheduled(server: tuple[str, dict[str, str]]) -> None:
    api, settings = server
    ask(api, "/work_pools/", {"name": "assurance", "type": "process"})
    deployed = subprocess.run(
        [
            sys.executable,
            "-m",
            "prefect",
            "--no-prompt",
            "deploy",
            "--all",
            "--prefect-file",
            "deployments/prefect.yaml",
        ],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    deadline = time.monotonic() + 90
    deployed_now = {d["name"]: d for d in ask(api, "/deployments/filter", {})}
    names = {d["id"]: name for name, d in deployed_now.items()}
    runs: dict[str, list[dict]] = {}
    while not runs.keys() >= {"quarterly-return", "check-drafts"} and time.monotonic() < deadline:
        runs = {}
        for name in names.values():
            about = {
                "deployments": {"name": {"any_": [name]}},
                "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
            }
            if found := ask(api, "/flow_runs/filter", about):
                runs[name] = found
        time.sleep(0.5)
    assert runs.keys() == {"quarterly-return", "check-drafts"}, "not all that is scheduled was"
    for run in runs["check-drafts"]:
        at = datetime.fromisoformat(run["expected_start_time"].replace("Z", "+00:00")).astimezone(
            ZoneInfo("Europe/London")
        )
        assert at.weekday() < 5 and 8 <= at.hour <= 18 and at.minute % 15 == 0
    for run in runs["quarterly-return"]:
        at = datetime.fromisoformat(run["expected_start_time"].replace("Z", "+00:00")).astimezone(
            ZoneInfo("Europe/London")
        )
        assert (at.month, at.day) in [(3, 31), (6, 30), (9, 30), (12, 31)]
        assert at.hour == 6
    assert deployed_now.keys() == {"quarterly-return", "annual-report", "settle-finding", "check-drafts"}
    form = deployed_now["settle-finding"]["parameter_openapi_schema"]["definitions"]["Settlement"]["properties"]
    assert "Have it corrected at source" in form["decision"]["enum"], "no drop-down in words"
    assert "Quality Assurance Subgroup" in form["role"]["enum"], "no drop-down of groups"
    assert all(field.get("title") and field.get("description") for field in form.values())
