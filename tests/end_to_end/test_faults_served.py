"""The served machine loses its server, its worker or a run: the run ends all the same, or people are told."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import run_assure
from tests.end_to_end.killing import look_through
from tests.end_to_end.short_runs import hashes, inbox_of, order, run
from tests.end_to_end.test_serve import QUARTER
from tests.machine import descendants, two_free_ports
from tests.running import Running, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux lists them"),
]
HEARD_WITHIN = 10
"""Seconds in place of the automation's 90, so that the test does not wait for them. Prefect takes no fewer."""
BEATS = "prefect.flow-run.heartbeat"


def processes(one: Running, words: str) -> list[int]:
    """The processes of a served machine whose command has these words."""
    found = []
    for pid in descendants(one.process.pid):
        try:
            if words in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "):
                found.append(pid)
        except OSError:
            continue
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def wait(until: Callable[[], Any], seconds: float = 240) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if answer := until():
                return answer
        except OSError:
            pass  # the server is away
        time.sleep(0.1)
    raise AssertionError("it did not come about")


def begun(one: Running) -> str:
    """A run of the first quarter that was asked for and is in the middle of its work."""
    asked = one.submit("quarterly-return", QUARTER)
    wait(lambda: one.state(asked)["type"] == "RUNNING")
    return asked


def heard(one: Running, asked: str, event: str) -> list[dict]:
    """Events of one name about a run."""
    about = {"event": {"name": [event]}, "any_resource": {"id": [f"prefect.flow-run.{asked}"]}}
    told: list[dict] = one.ask("/events/filter", {"filter": about})["events"]
    return told


def kill_worker_and(one: Running, *more: int) -> None:
    """Kill the worker with its run, so that nobody is left to say so; another worker is started."""
    again = "Started again, as it had ended by itself: the worker"
    before = sum(again in line for line in one.said)
    kill([*processes(one, "prefect worker start"), *processes(one, "flows.engine"), *more])
    wait(lambda: sum(again in line for line in one.said) > before)


def retry(one: Running, asked: str) -> None:
    """What people are told to do. The worker, or the one that was started again, takes it."""
    one.retry(asked)
    ended = wait(lambda: (told := one.state(asked))["type"] in ("COMPLETED", "FAILED", "CRASHED") and told)
    assert ended["type"] == "COMPLETED", ended


def test_a_server_and_a_run_that_are_killed(tmp_path: Path) -> None:
    inbox = inbox_of(tmp_path)
    (tmp_path / "inbox/2023-24").mkdir(parents=True)
    inbox.rename(tmp_path / "inbox/2023-24/Q1")
    store = tmp_path / "store"
    with served(tmp_path / "home", two_free_ports(), ASSURE_INBOX="inbox", ASSURE_STORE="store") as one:
        # The server: the run goes on without it, and its end is known when it is back.
        asked = begun(one)
        kill(processes(one, "flows.server_process"))
        wait(lambda: any("Started again, as it had ended by itself: the server" in line for line in one.said))
        ended = wait(lambda: (told := one.state(asked))["type"] in ("COMPLETED", "FAILED", "CRASHED") and told)
        assert ended["type"] == "COMPLETED", ended
        undisturbed = hashes(store / "current")

        # The run alone: its worker says so at once, and Retry takes it to its end.
        asked = begun(one)
        kill(wait(lambda: processes(one, "flows.engine")))
        ended = wait(lambda: (told := one.state(asked))["type"] != "RUNNING" and told)
        assert ended["type"] == "CRASHED", ended

        # Prefect's worker says so a second time when it is done with what is left of the run, some seconds later.
        wait(lambda: heard(one, asked, "prefect.worker.executed-flow-run"))
        retry(one, asked)
        assert hashes(store / "current") == undisturbed
    run(order(tmp_path / "alone", tmp_path / "inbox/2023-24/Q1"))
    alone = hashes(tmp_path / "alone/store/current")
    pages = "index.html"  # the front page may say where it is served
    assert {key: undisturbed[key] for key in undisturbed if key != pages} == {
        key: alone[key] for key in alone if key != pages
    }


def test_a_worker_that_is_killed_with_its_run_is_told_by_the_server(tmp_path: Path) -> None:
    """Nobody is left to say so; the server does, whatever moment it was: when nothing is heard of the run."""
    inbox = inbox_of(tmp_path)
    (tmp_path / "inbox/2023-24").mkdir(parents=True)
    inbox.rename(tmp_path / "inbox/2023-24/Q1")
    with served(tmp_path / "home", two_free_ports(), ASSURE_INBOX="inbox", ASSURE_STORE="store") as one:

        def is_told(asked: str) -> None:
            ended = wait(lambda: (told := one.state(asked))["type"] != "RUNNING" and told)
            assert ended["type"] == "CRASHED", ended
            assert "Nothing was heard of this run" in ended["message"] and "choose Retry" in ended["message"]

        # A run of the command line goes on beside them: it gives signs of life as others do, and is not taken for dead.
        quarter, store = str(tmp_path / "inbox/2023-24/Q1"), str(tmp_path / "beside")
        words = ("quarter", "2023-24-Q1", "--partnership", "hsscp", "--inbox", quarter, "--store", store)
        assert run_assure(*words, ASSURE_HOME=str(tmp_path / "home")).returncode == 1
        [by_hand] = [run for run in one.ask("/flow_runs/filter", {}) if run["name"].startswith("Quarterly return")]
        wait(lambda: heard(one, by_hand["id"], BEATS))
        one.hear_within(HEARD_WITHIN)

        # In the middle of its work.
        asked = begun(one)
        readers = wait(lambda: processes(one, "tasks.gather.forking"))
        for pid in readers:
            os.kill(pid, signal.SIGSTOP)  # so that the run does not end before it was heard of
        wait(lambda: heard(one, asked, BEATS))
        kill_worker_and(one, *readers)
        is_told(asked)
        look_through(tmp_path / "store")
        one.hear_within(90)  # a run that goes on is heard of every half minute
        retry(one, asked)
        one.hear_within(HEARD_WITHIN)

        # Before it gave its first sign of life: to its server that is a run that began and says nothing.
        told = {"parameters": {"request": QUARTER}, "state": {"type": "SCHEDULED"}}
        deployment = one.ask(f"/flow_runs/{asked}")["deployment_id"]
        asked = str(one.ask(f"/deployments/{deployment}/create_flow_run", told)["id"])
        one.ask(f"/flow_runs/{asked}/set_state", {"state": {"type": "RUNNING"}, "force": True})
        is_told(asked)
        assert not heard(one, asked, BEATS)

        # While its server took in nothing, and was killed with it.
        one.hear_within(HEARD_WITHIN, enabled=False)
        asked = begun(one)
        kill_worker_and(one)
        one.hear_within(HEARD_WITHIN)
        time.sleep(2 * HEARD_WITHIN)
        assert one.state(asked)["type"] == "RUNNING", "nothing had to be said of it again"
        kill(processes(one, "flows.server_process"))
        is_told(asked)
        one.hear_within(90)
        retry(one, asked)
