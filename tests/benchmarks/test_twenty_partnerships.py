"""Twenty partnerships' quarters, asked for at once: do all end well, and does a second worker halve the time?

Not part of `make test`: run it with `make bench` (a quarter of an hour). A shared host as it is shipped, but that a
worker takes one run at a time, so that workers are compared and not how many runs one of them takes; and for every
partnership a configuration and a store of its own.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tasks.store import S3Store
from tests.asking import ENDS
from tests.conftest import ROOT
from tests.deployments.shared_host import Host, shared_host
from tests.store_contract.conftest import Server, server  # noqa: F401 - the same real server

HSSCP = ROOT / "config/partnerships/hsscp"
TWENTY = 20
ENDS_WITHIN = 3600


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
def workers(host: Host, many: int, partnerships: Path) -> Iterator[None]:
    called = [f"{many}-{number}" for number in range(1, many + 1)]
    for name in called:
        host.start("worker", "--limit", "1", "--name", name, called=name, ASSURE_PARTNERSHIPS=str(partnerships))
    try:
        yield
    finally:
        for name in called:
            host.kill(name)


def seconds_of(host: Host, many: int, names: list[str], partnerships: Path) -> float:
    """How long so many workers take for all, asked for at once; each ends well."""
    stores = {name: S3Store(host.store.bucket.name, f"{many}/{name}", host.store.bucket.settings) for name in names}
    with workers(host, many, partnerships):
        began = time.monotonic()
        runs = [
            host.submit(
                "quarterly-return",
                {
                    "quarter": "Quarter 1 (April to June)",
                    "year": "2023-24",
                    "partnership": name,
                    "inbox": str(HSSCP / "sample/2023-24/Q1"),
                    "store": f"s3://{host.store.bucket.name}/{many}/{name}",
                },
            )
            for name in names
        ]

        def told() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = host.ask("/flow_runs/filter", {"flow_runs": {"id": {"any_": runs}}})
            return found

        while not all(run["state_type"] in ENDS for run in told()):
            assert time.monotonic() < began + ENDS_WITHIN, told()
            time.sleep(1)
        took = time.monotonic() - began
    ended = told()
    assert [run["state_type"] for run in ended] == ["COMPLETED"] * len(names), [run["state"] for run in ended]
    for store in stores.values():
        assert len([one for one in store.list("runs/") if one.key.endswith("manifest.json")]) == 1
    in_runs = sum(run["total_run_time"] for run in ended)
    between = (many * took - in_runs) / len(names)
    print(f"\n{many} workers, {os.cpu_count()} processors: {len(names)} runs in {took:.0f} s.", end=" ")
    print(f"A run itself {in_runs / len(names):.1f} s, its worker {between:.1f} s before and after it.")
    return took


@pytest.mark.benchmark
def test_twenty_partnerships_at_once(server: Server, tmp_path: Path) -> None:  # noqa: F811
    names = copies(tmp_path / "partnerships", TWENTY)
    (tmp_path / "host").mkdir()
    with shared_host(tmp_path / "host", server, ASSURE_SCHEDULES="false") as host:
        # One user for twenty stores: a policy of ours is for one.
        host.settings["ASSURE_S3_ACCESS_KEY"] = server.https.access_key
        host.secrets["ASSURE_S3_SECRET_KEY"] = server.https.secret_key
        two, one = (seconds_of(host, many, names, tmp_path / "partnerships") for many in (2, 1))
    print(f"ratio: {one / two:.2f} times as fast with two workers (load of the machine {os.getloadavg()[1]:.1f})")
