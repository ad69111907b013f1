"""Twenty partnerships' quarters, asked for at once: do all end well, and does a second worker halve the time?

Not part of `make test`: run it with `make bench` (some minutes). One server with its SQLite database, workers that run
one at a time, and for every partnership a configuration, an inbox and a store of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT

HSSCP = ROOT / "config/partnerships/hsscp"
TWENTY = 20
FOR_ONE_WORKER = 6
"""So many tell what a run takes with one worker."""
ENDS_WITHIN = 1800


def copies(folder: Path, many: int) -> list[str]:
    """The sample's partnership under other ids."""
    names = [f"partnership-{number:02}" for number in range(1, many + 1)]
    for name in names:
        shutil.copytree(HSSCP, folder / name, ignore=shutil.ignore_patterns("sample"))
        profile = folder / name / "partnership.yaml"
        text = profile.read_text(encoding="utf-8")
        assert text.count("id: hsscp\n") == 1
        profile.write_text(text.replace("id: hsscp\n", f"id: {name}\n"), encoding="utf-8")
    return names


@contextmanager
def workers(many: int, log: Path) -> Iterator[None]:
    words = ["-m", "flows.child", "prefect", "worker", "start", "--pool", "bench", "--type", "process", "--limit", "1"]
    with log.open("ab") as file:
        started = [
            subprocess.Popen(
                [sys.executable, *words, "--name", f"worker {number}"],
                env={**os.environ, "PYTHONPATH": str(ROOT), "PREFECT_WORKER_QUERY_SECONDS": "1"},
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
            for number in range(many)
        ]
    try:
        yield
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(60)


@pytest.mark.benchmark
def test_twenty_partnerships_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    names = copies(tmp_path / "partnerships", TWENTY)
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(tmp_path / "partnerships"))
    from flows.local_server import prefect_server

    with prefect_server(tmp_path / "prefect") as server:
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.actions import WorkPoolCreate
        from prefect.deployments import run_deployment
        from prefect.deployments.runner import EntrypointType

        from flows.periodic import quarterly_return

        server.ready()

        with get_client(sync_client=True) as client:
            client.create_work_pool(WorkPoolCreate(name="bench", type="process"))
            quarterly_return.to_deployment(
                "twenty", work_pool_name="bench", entrypoint_type=EntrypointType.MODULE_PATH
            ).apply()

            def seconds_of(many: int, of: list[str], folder: Path) -> float:
                with workers(many, tmp_path / "workers.log"):
                    began = time.monotonic()
                    runs = [
                        run_deployment(
                            "Quarterly return/twenty",
                            parameters={
                                "request": {
                                    "quarter": "Quarter 1 (April to June)",
                                    "year": "2023-24",
                                    "partnership": name,
                                    "inbox": str(HSSCP / "sample/2023-24/Q1"),
                                    "store": str(folder / name),
                                }
                            },
                            timeout=0,
                        )
                        for name in of
                    ]
                    while True:
                        told = [client.read_flow_run(one.id).state for one in runs]
                        if all(state and state.is_final() for state in told):
                            break
                        assert time.monotonic() < began + ENDS_WITHIN, told
                        time.sleep(0.5)
                    took = time.monotonic() - began
                assert [state.type.value for state in told if state] == ["COMPLETED"] * len(of), told
                for name in of:
                    assert len(list((folder / name / "current/runs").glob("*/manifest.json"))) == 1
                return took

            one = seconds_of(1, names[:FOR_ONE_WORKER], tmp_path / "one") / FOR_ONE_WORKER
            two = seconds_of(2, names, tmp_path / "two") / TWENTY
    print(f"\none worker {one:.2f} s a run; two workers {two:.2f} s a run, {TWENTY} runs in {two * TWENTY:.0f} s")
    print(f"ratio: {one / two:.2f} times as fast with two workers ({os.cpu_count()} processors)")
