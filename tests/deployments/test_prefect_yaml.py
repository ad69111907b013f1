"""The deployments can be deployed with the installed versions, and a quarter end is really scheduled.

Prefect 3.8 lets newer FastAPI and SQLAlchemy be installed than it works with: with the one its server does not start,
with the other no scheduled run is ever made and nothing says so. So this asks a real server for a real scheduled run.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from flows.automations import NOT_HEARD_OF
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
    command = [sys.executable, "-m", "flows.server_process", str(port)]
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(command, env=settings, stdin=subprocess.PIPE, stdout=log, stderr=log)
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


def deploy(settings: dict[str, str], *words: str, **more: str) -> None:
    """Set up the server as `assure serve` does: work pool, automations, then every deployment."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.setting_up", *words],
        cwd=settings["PREFECT_HOME"],
        env=settings | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def in_london(moment: str) -> datetime:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(ZoneInfo("Europe/London"))


@pytest.fixture(scope="module")
def deployed(server: tuple[str, dict[str, str]]) -> dict[str, dict]:
    api, settings = server
    deploy(settings)
    return {one["name"]: one for one in ask(api, "/deployments/filter", {})}


def scheduled(api: str, name: str) -> list[datetime]:
    asked = {
        "deployments": {"name": {"any_": [name]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    return sorted(in_london(run["expected_start_time"]) for run in ask(api, "/flow_runs/filter", asked))


def test_what_happens_by_itself_is_really_scheduled_for_its_moments(
    server: tuple[str, dict[str, str]], deployed: dict[str, dict]
) -> None:
    api, _ = server
    wanted = {"open-quarter", "morning-round", "check-drafts"}
    assert {name for name, one in deployed.items() if one["schedules"]} == wanted
    deadline = time.monotonic() + 90
    while not all(runs := {name: scheduled(api, name) for name in wanted}.values()):
        assert time.monotonic() < deadline, f"not all that has a schedule was scheduled: {runs}"
        time.sleep(0.5)
    at = {name: scheduled(api, name) for name in wanted}
    assert all((one.month, one.day) in [(3, 31), (6, 30), (9, 30), (12, 31)] for one in at["open-quarter"])
    assert all((one.hour, one.minute) == (6, 0) for one in (*at["open-quarter"], *at["morning-round"]))
    assert [b.date() - a.date() for a, b in pairwise(at["morning-round"])] == [timedelta(days=1)] * (
        len(at["morning-round"]) - 1
    )
    assert all(one.weekday() < 5 and 8 <= one.hour <= 18 and one.minute % 15 == 0 for one in at["check-drafts"])


def test_every_form_asks_in_words(deployed: dict[str, dict]) -> None:
    assert deployed.keys() == {
        "quarterly-return",
        "annual-report",
        "settle-finding",
        "check-drafts",
        "open-quarter",
        "morning-round",
        "sign-off",
    }
    for name, one in deployed.items():
        for form in one["parameter_openapi_schema"].get("definitions", {}).values():
            for field, asked in form["properties"].items():
                assert asked.get("title") and asked.get("description"), (name, field)
            places = [asked["position"] for asked in form["properties"].values()]
            assert places == list(range(len(places))), f"{name} asks in an order that a database may change"
    quarter = deployed["quarterly-return"]["parameter_openapi_schema"]["definitions"]["QuarterRequest"]["properties"]
    assert quarter["quarter"]["enum"][0] == quarter["quarter"]["default"] == "The quarter that has just ended"
    form = deployed["settle-finding"]["parameter_openapi_schema"]["definitions"]["Settlement"]["properties"]
    assert "Have it corrected at source" in form["decision"]["enum"], "no drop-down in words"
    assert "Quality Assurance Subgroup" in form["role"]["enum"], "no drop-down of groups"
    form = deployed["sign-off"]["parameter_openapi_schema"]["definitions"]["SignOff"]["properties"]
    assert form["draft"]["enum"][0] == form["draft"]["default"] == "The whole annual report"
    assert "Key Priority: Neglect" in form["draft"]["enum"], "no drop-down of sections"
    assert "Quarter 4 (January to March)" in form["part"]["enum"] and "2026-27" in form["year"]["enum"]


def test_quarters_and_years_begin_with_our_command_and_the_python_that_set_up(deployed: dict[str, dict]) -> None:
    command = {name: one["job_variables"].get("command") for name, one in deployed.items()}
    begun = {name: shlex.split(said) for name, said in command.items() if said}
    assert begun == dict.fromkeys(("quarterly-return", "annual-report"), [sys.executable, "-m", "flows.engine"])
    assert deployed["annual-report"]["job_variables"]["env"] == {"ASSURE_PAGE_NUMBERS": "yes"}


@pytest.mark.slow
def test_setting_up_again_makes_nothing_twice_takes_up_what_was_cut_off_and_may_run_nothing_by_itself(
    server: tuple[str, dict[str, str]], deployed: dict[str, dict]
) -> None:
    api, settings = server
    cut_off, began = {}, {}
    going = {"state": {"type": "RUNNING"}, "force": True}
    said = {"state": {"type": "CRASHED", "name": "Crashed", "message": NOT_HEARD_OF}, "force": True}
    for name in ("quarterly-return", "annual-report", "settle-finding"):
        asked = {"enforce_parameter_schema": False, "state": {"type": "SCHEDULED"}}
        run = ask(api, f"/deployments/{deployed[name]['id']}/create_flow_run", asked)
        ask(api, f"/flow_runs/{run['id']}/set_state", said if name == "annual-report" else going)
        cut_off[name], began[name] = run["id"], run["expected_start_time"]
    before = {name: scheduled(api, name) for name in ("open-quarter", "morning-round")}

    deploy(settings, ASSURE_SCHEDULES="false")

    now = {one["name"]: one for one in ask(api, "/deployments/filter", {})}
    assert {name: one["id"] for name, one in now.items()} == {name: one["id"] for name, one in deployed.items()}
    schedules = [schedule for one in now.values() for schedule in one["schedules"]]
    assert len(schedules) == 3 and not any(schedule["active"] for schedule in schedules)
    names = [one["name"] for one in ask(api, "/automations/filter", {})]
    assert sorted(names) == ["Runs that did not begin", "Runs that were cut off"]
    runs = {
        name: ask(api, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})[0] for name, run in cut_off.items()
    }
    assert runs["quarterly-return"]["state_name"] == runs["annual-report"]["state_name"] == "AwaitingRetry"
    assert all(run["expected_start_time"] == began[name] for name, run in runs.items()), "a run is of its day"
    assert runs["settle-finding"]["state_type"] == "CRASHED"
    assert "Look whether it did what it was for" in runs["settle-finding"]["state"]["message"]
    deploy(settings)
    for name, times in before.items():
        again = scheduled(api, name)
        assert len(set(again)) == len(again), f"{name} is scheduled twice for one moment"
        assert set(again) <= set(times)


@pytest.mark.slow
def test_schedules_of_an_earlier_version_become_those_of_this_one(
    server: tuple[str, dict[str, str]], deployed: dict[str, dict]
) -> None:
    """Earlier the quarterly return ran on the quarter's last day, when nothing has come yet."""
    api, settings = server

    def schedules(name: str) -> list[dict]:
        found = ask(api, "/deployments/filter", {"deployments": {"name": {"any_": [name]}}})[0]["schedules"]
        return [dict(one) for one in found]

    def put(name: str, cron: str, **more: str) -> None:
        schedule = {"schedule": {"cron": cron, "timezone": "Europe/London"}, "active": True, **more}
        ask(api, f"/deployments/{deployed[name]['id']}/schedules", [schedule])

    wanted = schedules("open-quarter")
    put("quarterly-return", "0 6 L 3,6,9,12 *", slug="quarter-end")
    put("open-quarter", "0 7 1 * *", slug="month-begin")
    put("annual-report", "0 9 1 6 *")  # by hand, on Prefect's page
    deploy(settings)
    assert schedules("quarterly-return") == [], "it runs with nothing in"
    kept = ("slug", "schedule", "active")
    assert [[one[key] for key in kept] for one in schedules("open-quarter")] == [
        [one[key] for key in kept] for one in wanted
    ]
    assert [one["schedule"]["cron"] for one in schedules("annual-report")] == ["0 9 1 6 *"]
    asked = {"deployments": {"name": {"any_": ["quarterly-return"]}}}
    assert not any(run["auto_scheduled"] for run in ask(api, "/flow_runs/filter", asked)), "one is still to come"


@pytest.mark.slow
def test_setting_up_a_shared_host_again_leaves_runs_alone_that_another_host_may_have(
    server: tuple[str, dict[str, str]], deployed: dict[str, dict]
) -> None:
    api, settings = server
    path = f"/deployments/{deployed['quarterly-return']['id']}/create_flow_run"
    run = ask(api, path, {"enforce_parameter_schema": False, "state": {"type": "SCHEDULED"}})
    ask(api, f"/flow_runs/{run['id']}/set_state", {"state": {"type": "RUNNING"}, "force": True})
    deploy(settings, "--shared")
    (now,) = ask(api, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    assert now["state_type"] == "RUNNING"
    ask(api, f"/flow_runs/{run['id']}/set_state", {"state": {"type": "CANCELLED"}, "force": True})


@pytest.mark.slow
def test_many_may_ask_for_runs_at_once(server: tuple[str, dict[str, str]], deployed: dict[str, dict]) -> None:
    """Prefect alone refuses some of them on SQLite, with 503 and without trying again."""
    api, _ = server
    path = f"/deployments/{deployed['morning-round']['id']}/create_flow_run"
    with ThreadPoolExecutor(8) as people:
        made = list(people.map(lambda _: ask(api, path, {"state": {"type": "SCHEDULED"}}), range(40)))
    assert len({run["id"] for run in made}) == 40


@pytest.mark.slow
def test_a_limit_of_an_older_version_no_longer_holds_up_one_partnerships_run_for_anothers(
    server: tuple[str, dict[str, str]], deployed: dict[str, dict]
) -> None:
    api, settings = server

    def limits() -> dict[str, int | None]:
        found = {one["name"]: one["global_concurrency_limit"] for one in ask(api, "/deployments/filter", {})}
        return {name: found[name] and found[name]["limit"] for name in ("quarterly-return", "annual-report")}

    for name in limits():
        request = urllib.request.Request(f"{api}/deployments/{deployed[name]['id']}", method="PATCH")
        request.data = json.dumps({"concurrency_limit": 1}).encode()
        request.add_header("Content-Type", "application/json")
        urllib.request.urlopen(request, timeout=30).close()
    assert set(limits().values()) == {1}
    deploy(settings)
    assert set(limits().values()) == {None}
