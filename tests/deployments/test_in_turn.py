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
import logging, sys, time, uuid
from prefect import flow
from prefect.context import FlowRunContext
from flows.in_turn import in_turn

@flow
def run():
    if sys.argv[2]:
        FlowRunContext.get().flow_run.deployment_id = uuid.uuid4()
    logging.getLogger("assure").addHandler(logging.StreamHandler(sys.stdout))
    logging.getLogger("assure").setLevel("INFO")
    print("begins", flush=True)
    with in_turn(sys.argv[1]):
        print(time.time(), flush=True)
        sys.stdin.readline()
        print(time.time(), flush=True)

run()
"""


@contextmanager
def run(settings: dict[str, str], store: str, *, by_hand: bool = False) -> Iterator[subprocess.Popen[str]]:
    """A run that has begun, and ends when it is told to."""
    words = [sys.executable, "-c", RUN, store, "" if by_hand else "of a deployment"]
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
    _, settings = server
    ours, anothers = "s3://a-bucket/store", "/srv/results of/another"
    with run(settings, ours) as first:
        assert said(first)
        with (
            run(settings, ours) as second,
            run(settings, anothers) as other,
            run(settings, ours, by_hand=True) as typed,
        ):
            assert said(other) and said(typed)
            assert "Waiting for its turn" in said(second)
            end = ended(first)
            assert float(said(second)) >= end, "two runs were on one store at once"


AWAY = """
import uuid
from prefect import flow
from prefect.context import FlowRunContext
from prefect.settings import PREFECT_API_URL, temporary_settings
from flows.in_turn import in_turn

@flow
def run():
    FlowRunContext.get().flow_run.deployment_id = uuid.uuid4()
    away = {PREFECT_API_URL: "http://127.0.0.1:9/api"}
    turn = in_turn("s3://a-bucket/away")
    turn.__enter__()
    with temporary_settings(away):
        turn.__exit__(None, None, None)
        with in_turn("s3://a-bucket/away"):
            print("did its work")

run()
"""


def test_a_server_that_is_away_as_a_turn_ends_or_begins_costs_no_run(server: tuple[str, dict[str, str]]) -> None:  # noqa: F811
    _, settings = server
    done = subprocess.run(
        [sys.executable, "-c", AWAY], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "did its work\n"
