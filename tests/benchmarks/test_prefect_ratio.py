"""What does Prefect add to a quarter's run? The same work with and without it, side by side, its start aside.

Not part of `make test`: run it with `make bench`. All sides run in one process that has everything imported, in turns,
each time into a new store: without Prefect; as the command line runs it; and as a worker does, with a client of its own
for each run and with signs of life, until the run is known to have ended. A machine that does other things too slows
all sides of a turn alike, so the ratio is taken turn by turn, and the one in the middle counts; beside it stands that
of the best of each side.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
TURNS = 12
AIM = 1.10


@pytest.mark.benchmark
def test_a_quarter_with_prefect_beside_the_same_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    from flows.local_server import prefect_server

    with prefect_server(tmp_path / "prefect") as server:
        from prefect.context import SyncClientContext
        from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        from config.periods import Quarter
        from flows import next_steps, telling
        from flows.forms import QuarterRequest
        from flows.periodic import quarterly_return
        from flows.served import HEARTBEATS
        from tasks.run import Order, Stages, warm_up

        warm_up()
        server.ready()
        period, inbox = Quarter.parse("2023-24-Q1"), str(SAMPLE / "Q1")

        def direct(store: str) -> None:
            order = Order("hsscp", str(period), inbox, store, "2024-07-05")
            gathered = Stages(order).gather()
            verdicts = Stages(order).validate(gathered)
            register = Stages(order).reconcile(gathered, verdicts)
            drafts = Stages(order).assemble(gathered, verdicts, register)
            Stages(order).publish(gathered, verdicts, register, drafts)
            said = telling.checked(order, verdicts), telling.disagrees(order, register)
            told = telling.Told(telling.came(order, gathered), *said, telling.drafted(order, drafts))
            next_steps.of(order, told)

        def flow(store: str) -> Any:
            asked = QuarterRequest.of(period, partnership="hsscp", inbox=inbox, store=store)
            state: Any = quarterly_return(asked, return_state=True)
            state.result()
            return state

        def by_command(store: str) -> None:
            with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
                flow(store)

        def by_worker(store: str) -> float:
            with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: HEARTBEATS}):
                ended: datetime = flow(store).timestamp
            # Prefect says that it has ended, and then waits for the thread of its signs of life.
            return (datetime.now(UTC) - ended).total_seconds()

        # The client that a command shares among its runs; those of a worker do not see it.
        of_commands, client = copy_context(), SyncClientContext()
        of_commands.run(client.__enter__)

        sides: dict[str, Callable[[str], float | None]] = {
            "without Prefect": direct,
            "by a command": partial(of_commands.run, by_command),
            "by a worker": by_worker,
        }
        walls: dict[str, list[float]] = {name: [] for name in sides}
        works: dict[str, list[float]] = {name: [] for name in sides}
        for turn in range(TURNS + 1):
            # Every second turn goes the other way round, so that what the machine does meanwhile meets all sides.
            for name, side in list(sides.items())[:: -1 if turn % 2 else 1]:
                gc.collect()
                wall, work = time.perf_counter(), time.process_time()
                after_its_end = side(str(tmp_path / f"{turn}-{name.replace(' ', '-')}")) or 0
                if turn:  # the first of each also imports and reads templates
                    walls[name].append(time.perf_counter() - wall - after_its_end)
                    works[name].append(time.process_time() - work)
        of_commands.run(client.__exit__, None, None, None)
    print()
    for name in sides:
        print(
            f"{name:<28} best {min(walls[name]):.2f} s, median {statistics.median(walls[name]):.2f} s; "
            f"of this process's processor {min(works[name]):.2f} s"
        )
    for name in list(sides)[1:]:
        pairs = [with_it / without for with_it, without in zip(walls[name], walls["without Prefect"], strict=True)]
        best = min(walls[name]) / min(walls["without Prefect"])
        work = statistics.median(works[name]) / statistics.median(works["without Prefect"])
        print(
            f"ratio, {name}: {statistics.median(pairs):.3f} in the middle of {TURNS} pairs, {best:.3f} of the best "
            f"(aim: at most {AIM:.2f}); of this process's processor {work:.3f}"
        )
