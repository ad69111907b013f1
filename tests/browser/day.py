"""Where people spend their day: one machine with ``assure serve``, or a shared host; a year is behind either.

Belongs here: how each set-up is started, reached by a browser and disturbed. What people do is the same on both, and
stands in the tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.automations import NOT_HEARD_OF
from tasks.store import FolderStore, ObjectStore
from tests.asking import ENDS, until
from tests.browser import prefect
from tests.conftest import ROOT
from tests.deployments.proxy import PAGES, PREFECT, SESSION, proxied
from tests.deployments.shared_host import Host, put_in_the_inbox, shared_host
from tests.machine import free_ports, two_free_ports
from tests.quality.browser import SCREEN, browser, reaching, trusting
from tests.running import served
from tests.screenshots import keep
from tests.store_contract.conftest import Server

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
PATIENCE = 30_000
"""Milliseconds that a page may take where many tests run at once."""


@dataclass(frozen=True)
class Day:
    """A server with a year behind it, and a browser in which somebody signed in."""

    prefect: str
    front: str
    store: ObjectStore
    context: Any
    interrupt: Callable[[Any], None]
    """What happens to the run whose page is open, in the middle of it; comes back when it goes on."""
    no_inbox: str
    """What is said of a quarter of which nothing came, as a pattern. A bucket has no folders that could be missing."""
    pictures: str = ""
    """What the names of its pictures begin with. The guides' are those of one machine."""

    def page(self) -> Any:
        return self.context.new_page()

    def keep(self, page: Any, name: str) -> None:
        keep(page, f"{self.pictures}{name}", whole=False)


@contextmanager
def on_one_machine(year: FolderStore, folder: Path) -> Iterator[Day]:
    """Everything as ``assure serve`` starts it. Nothing happens to its runs."""
    shutil.copytree(year.root, folder / "store")
    shutil.copytree(SAMPLE, folder / "inbox/2023-24")
    places = {"ASSURE_INBOX": str(folder / "inbox"), "ASSURE_STORE": str(folder / "store")}
    with served(folder / "home", two_free_ports(), "--no-schedules", **places) as running, browser() as started:
        user, _, password = running.signs_in.partition(":")
        context = _context(started, http_credentials={"username": user, "password": password})
        address = f"http://127.0.0.1:{running.port}"
        prefect.sign_in(context, address, running.signs_in)
        yield Day(
            address, f"http://127.0.0.1:{running.port + 1}/", FolderStore(folder / "store"), context, _nothing,
            r"The inbox is not there. Where: .+/2019-20/Q1. Make this folder and put what came into it",
        )  # fmt: skip


@contextmanager
def on_a_shared_host(year: FolderStore, folder: Path, server: Server) -> Iterator[Day]:
    """PostgreSQL, a bucket over https and two workers behind the proxy. One worker is killed with the run it has."""
    (home := folder / "proxy").mkdir()
    (pages,) = free_ports(1)
    with shared_host(folder, server, ASSURE_SCHEDULES="false") as host:
        for stored in year.list():
            for one in year.versions(stored.key):
                host.store.put(stored.key, year.get(stored.key, one.version), about=one.about)
        put_in_the_inbox(server, host, SAMPLE, *(path.name for path in SAMPLE.iterdir()))
        host.start_two_workers()
        host.start("pages", "--host", "127.0.0.1", "--port", str(pages))
        password = host.secrets["PAGES_PASSWORD"]
        with proxied(home, pages=pages, password=password, prefect=host.port) as proxy:
            certificates = proxy.certificate, Path(server.https.ca_bundle)
            reached = reaching(f"127.0.0.1:{proxy.https}", PAGES, PREFECT)
            with browser(trusting(*certificates), reached) as started:
                context = _context(started)
                name, _, value = SESSION.partition("=")
                for host_name in (PAGES, PREFECT):
                    context.add_cookies([{"name": name, "value": value, "url": f"https://{host_name}"}])
                prefect.sign_in(context, f"https://{PREFECT}", host.signs_in)
                yield Day(
                    f"https://{PREFECT}", f"https://{PAGES}/", host.store, context,
                    lambda page: _lose_its_worker(host, page),
                    r"This is not an inbox for 2019-20-Q1: it is empty. Where: .+. Put what came into it first",
                    "shared-",
                )  # fmt: skip
        assert host.trap.caught == [], "somebody outside was called"


def _context(started: Any, **more: Any) -> Any:
    context = started.new_context(viewport={"width": SCREEN, "height": 700}, **more)
    context.set_default_timeout(PATIENCE)
    return context


def _nothing(_: Any) -> None:
    """Happens."""


def _lose_its_worker(host: Host, page: Any) -> None:
    """Kill the worker that has the run, with the run, once returns were gathered; then do as the run's page says."""
    run = page.url.rpartition("/")[2].partition("?")[0]

    def gathered() -> bool:
        assert host.state(run)["type"] not in ENDS, host.state(run)
        return any(name.startswith("Gather") for name in host.tasks_done(run))

    until(gathered, lambda: str(host.state(run)))
    (taken,) = host.has_a_run()
    host.kill(taken)
    prefect.comes_to(page, "Crashed")
    assert NOT_HEARD_OF in prefect.message_of(page)
    prefect.retry(page)
