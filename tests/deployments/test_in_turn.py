"""Runs on one store wait for each other, those on different stores do not: real server, processes as runs are."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import ROOT

from .test_prefect_yaml import server  # noqa: F401 - the same real server

pytestmark = pytest.mark.slow

RUN = """
import sys, time
from flows.in_turn import in_turn
print("begins", flush=True)
with in_turn(sys.argv[1]):
    print(time.time(), flush=True)
    sys.stdin.readline()
    print(time.time(), flush=True)
"""


@contextmanager
def run(settings: dict[str, str], store: str) -> Iterator[subprocess.Popen[str]]:
    """A run that has begun, and ends when it is told to."""
    words = [sys.executable, "-c", RUN, store]
    process = subprocess.Popen(words, cwd=ROOT, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert said(process) == "begins"
        yield process
    finally:
        process.kill()
        process.wait()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> float:
    assert process.stdin
    process.stdin.write("end\n")
    process.stdin.flush()
    return float(said(process))


def test_one_run_after_the_other_on_a_store_and_no_waiting_for_anothers(server: tuple[str, dict[str, str]]) -> None:  # noqa: F811
    _, by_hand = server
    deployed = by_hand | {"PREFECT__RUNTIME__DEPLOYMENT__ID": "of-a-deployment"}
    ours, anothers = "s3://a-bucket/store", "/srv/results of/another"
    with run(deployed, ours) as first:
        assert said(first)
        with run(deployed, ours) as second, run(deployed, anothers) as other, run(by_hand, ours) as typed:
            assert said(other) and said(typed)
            end = ended(first)
            assert float(said(second)) >= end, "two runs were on one store at once"


AWAY = """
import sys
from prefect.settings import PREFECT_API_URL, temporary_settings
from flows.in_turn import in_turn
away = {PREFECT_API_URL: "http://127.0.0.1:9/api"}
turn = in_turn("s3://a-bucket/away")
turn.__enter__()
with temporary_settings(away):
    turn.__exit__(None, None, None)
    with in_turn("s3://a-bucket/away"):
        print("did its work")
"""


def test_a_server_that_is_away_as_a_turn_ends_or_begins_costs_no_run(server: tuple[str, dict[str, str]]) -> None:  # noqa: F811
    _, settings = server
    deployed = settings | {"PREFECT__RUNTIME__DEPLOYMENT__ID": "of-a-deployment"}
    done = subprocess.run(
        [sys.executable, "-c", AWAY], cwd=ROOT, env=deployed, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "did its work\n"
