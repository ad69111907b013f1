"""A shared host as it is shipped: PostgreSQL, Prefect, two workers, a bucket over https; one worker is killed."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flows.automations import NOT_HEARD_OF
from tasks.store import open_store
from tests.asking import ENDS, until
from tests.conftest import ROOT, run_assure
from tests.deployments.shared_host import Host, put_in_the_inbox, shared_host
from tests.machine import descendants
from tests.store_contract.conftest import Server, server  # noqa: F401 - the same real server

pytestmark = pytest.mark.slow
SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
QUARTERS = (
    {"quarter": "Quarter 1 (April to June)", "year": "2023-24"},
    {"quarter": "Quarter 2 (July to September)", "year": "2023-24"},
)
SOON = 25
"""Seconds after which the automation says that a run is dead, in this test, and while nothing runs but what is dead."""


@pytest.fixture(scope="module")
def host(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:  # noqa: F811
    with shared_host(tmp_path_factory.mktemp("host"), server) as host:
        put_in_the_inbox(server, host, SAMPLE, "Q1", "Q2")
        yield host


def test_a_quarter_whose_worker_dies_is_told_of_and_ends_as_if_it_had_not(host: Host, tmp_path: Path) -> None:
    host.start_two_workers()
    host.hear_within(SOON)
    run, store = host.submit("quarterly-return", QUARTERS[0]), host.store
    until(lambda: any(True for _ in store.list("received/")), lambda: f"{host.state(run)} {host.log('one')}")
    (taken,) = host.has_a_run()
    host.kill(taken)
    assert host.state(run)["type"] == "RUNNING" and not store.versions("drafts/2023-24/Q1/drafts.json")

    with ThreadPoolExecutor(1) as beside:
        expected = beside.submit(in_a_folder, tmp_path)
        assert host.comes_to(run, "CRASHED")["message"] == NOT_HEARD_OF
        host.hear_within(SOON, enabled=False)
        host.retry(run)
        assert host.comes_to(run, *ENDS)["type"] == "COMPLETED", host.state(run)
        second = host.submit("quarterly-return", QUARTERS[1])
        assert host.comes_to(second, *ENDS)["type"] == "COMPLETED", host.state(second)
        assert {stored.key: stored.sha256 for stored in store.list()} == expected.result()


def in_a_folder(tmp_path: Path) -> dict[str, str]:
    """What the same quarters leave in a store in a folder."""
    for quarter in (1, 2):
        done = run_assure(
            "quarter", f"2023-24-Q{quarter}", "--partnership", "hsscp", "--inbox", str(SAMPLE / f"Q{quarter}"),
            "--store", str(tmp_path / "store"), ASSURE_HOME=str(tmp_path / "home"),
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
    return {stored.key: stored.sha256 for stored in open_store(tmp_path / "store").list()}


def test_none_of_it_called_anybody_outside(host: Host) -> None:
    """Neither the server and what it does by itself, nor setting up, nor workers and runs."""
    assert host.trap.caught == []


def test_neither_database_nor_logs_nor_words_of_a_command_hold_a_secret(host: Host) -> None:
    """The database has every parameter, log, artifact and automation; words can be seen by everybody on a machine."""
    held = host.database.dumped()
    assert "Quarterly return" in held and "reports.example/store/drafts/" in held, "nothing was looked at"
    assert not [name for name, value in host.secrets.items() if value in held]
    assert "X-Amz-Signature" not in held, "a link that opens a document for whoever has it"
    for called in ("server", "set-up", "one", "two"):
        for name, value in host.secrets.items():
            assert value not in host.log(called), f"{called} printed {name}"
    for process in host.children.values():
        for pid in (process.pid, *descendants(process.pid)):
            words = Path(f"/proc/{pid}/cmdline").read_text()
            assert not any(value in words for value in host.secrets.values())


def test_nobody_starts_anything_without_the_password(host: Host) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{host.api}/deployments/count", data=b"{}", timeout=30)
