"""What does Prefect add to a quarter's run? The same with and without it, side by side, the server's start aside.

Not part of `make test`: run it with `make bench`. Measured twice. *Its work*: all sides run in one process that has
everything imported, in turns, the year's four quarters one after the other into a new store: without Prefect; as a
command runs them; and as a worker does, with a client of its own for each run and with signs of life. *From beginning
to end*: processes of their own, with all that they import: as a worker starts one for each run, and as a command beside
a server that is there already, which waits up to a second more for Prefect's thread of signs of life.

A worker's run ends when the server knows that it has. A machine that does other things too slows all sides of a turn
alike, so the ratio is taken turn by turn, and the one in the middle counts; beside it stands that of the best of each
side.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, permutations
from pathlib import Path
from typing import Any

import pytest

from config.periods import ReportingYear
from tests.benchmarks import without_prefect
from tests.conftest import ROOT

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
QUARTERS = [(quarter, str(SAMPLE / f"Q{quarter.number}")) for quarter in ReportingYear.parse(SAMPLE.name).quarters]
WITHOUT = "without Prefect"
TURNS = 12
AIM = 1.10

Sides = Mapping[str, Callable[[Path], float]]
"""How a side does its work into a new store; it gives the seconds that it took."""


@contextmanager
def a_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    from flows.local_server import prefect_server

    with prefect_server(home) as server:
        server.ready()
        yield


def measure(sides: Sides, folder: Path) -> None:
    """Do all sides in turns, and say what they took."""
    took: dict[str, list[float]] = {name: [] for name in sides}
    # In every order alike, so that what one side leaves the server to write meets all of them.
    for turn, order in zip(range(TURNS + 1), cycle(permutations(sides)), strict=False):
        for name in order:
            gc.collect()
            seconds = sides[name](folder / f"{turn}-{name.replace(' ', '-')}")
            if turn:  # the first of each also imports and reads templates
                took[name].append(seconds)
    print()
    for name, all_of_it in took.items():
        print(f"{name:<28} best {min(all_of_it):.2f} s, median {statistics.median(all_of_it):.2f} s")
    for name in list(sides)[1:]:
        pairs = [with_it / alone for with_it, alone in zip(took[name], took[WITHOUT], strict=True)]
        best = min(took[name]) / min(took[WITHOUT])
        print(
            f"ratio, {name}: {statistics.median(pairs):.3f} in the middle of {TURNS} pairs, {best:.3f} of the best "
            f"(aim: at most {AIM:.2f})"
        )


def ago(moment: datetime) -> float:
    return (datetime.now(UTC) - moment).total_seconds()


@pytest.mark.benchmark
def test_the_work_of_a_year_of_quarters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_server(tmp_path / "prefect", monkeypatch):
        from prefect.context import SyncClientContext
        from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        from flows.forms import QuarterRequest
        from flows.periodic import quarterly_return
        from flows.served import HEARTBEATS
        from tasks import warm

        warm.up()

        def alone(store: Path) -> float:
            begun = time.perf_counter()
            for quarter, inbox in QUARTERS:
                without_prefect.quarter(str(quarter), inbox, str(store))
            return time.perf_counter() - begun

        def flows(store: Path) -> tuple[float, float]:
            """The seconds until all have ended, and those in which Prefect waited for its thread of signs of life."""
            begun, waited = time.perf_counter(), 0.0
            for quarter, inbox in QUARTERS:
                asked = QuarterRequest.of(quarter, partnership="hsscp", inbox=inbox, store=str(store))
                state: Any = quarterly_return(asked, return_state=True)
                waited += ago(state.timestamp)
                state.result()
            return time.perf_counter() - begun, waited

        def by_command(store: Path) -> float:
            return flows(store)[0]

        def by_worker(store: Path) -> float:
            seconds, waited = flows(store)
            return seconds - waited

        # What a process enters once: a command's the client that its runs share, a worker's its signs of life.
        of_commands, of_workers = copy_context(), copy_context()
        inside = [
            (of_commands, temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})),
            (of_commands, SyncClientContext()),
            (of_workers, temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: HEARTBEATS})),
        ]
        for context, entered in inside:
            context.run(entered.__enter__)
        measure(
            {
                WITHOUT: alone,
                "by a command": partial(of_commands.run, by_command),
                "by a worker": partial(of_workers.run, by_worker),
            },
            tmp_path,
        )
        for context, entered in reversed(inside):
            context.run(entered.__exit__, None, None, None)


@pytest.mark.benchmark
def test_a_quarter_from_beginning_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_server(tmp_path / "prefect", monkeypatch):
        from prefect.client.orchestration import get_client

        from flows.forms import QuarterRequest
        from flows.periodic import quarterly_return
        from flows.served import HEARTBEATS

        (quarter, inbox), *_ = QUARTERS
        client = get_client(sync_client=True)
        deployment = client.create_deployment(
            client.create_flow(quarterly_return), "measured", entrypoint="flows.periodic.quarterly_return"
        )

        def process(*words: str, **environment: str) -> None:
            command = [sys.executable, "-m", *words]
            subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environment})

        def alone(store: Path) -> float:
            begun = time.perf_counter()
            process("tests.benchmarks.without_prefect", str(quarter), inbox, str(store))
            return time.perf_counter() - begun

        def by_command(store: Path) -> float:
            begun = time.perf_counter()
            ran = [sys.executable, "-m", "flows", "quarter", str(quarter), "--partnership", "hsscp"]
            subprocess.run([*ran, "--inbox", inbox, "--store", str(store)], check=False, cwd=ROOT, capture_output=True)
            assert list((store / "current/runs").rglob("manifest.json"))
            return time.perf_counter() - begun

        def by_worker(store: Path) -> float:
            asked = QuarterRequest.of(quarter, partnership="hsscp", inbox=inbox, store=str(store))
            run = client.create_flow_run_from_deployment(deployment, parameters={"request": asked.model_dump()})
            begun = datetime.now(UTC)
            process("flows.engine", PREFECT__FLOW_RUN_ID=str(run.id), PREFECT_FLOWS_HEARTBEAT_FREQUENCY=str(HEARTBEATS))
            ended = client.read_flow_run(run.id).state
            assert ended and ended.is_completed(), ended
            return (ended.timestamp - begun).total_seconds()

        measure({WITHOUT: alone, "by a command": by_command, "by a worker": by_worker}, tmp_path)
