"""Run flows one after the other in this process, on one Prefect server, with progress for whoever waits.

Belongs here: the order in which server, imports and flows come up. Does not belong here: what was typed and what is
printed at the end (``flows.command_line``), and the server itself (``flows.local_server``).
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import Refused
from config.periods import Quarter

if TYPE_CHECKING:
    from flows.periodic import Outcome
    from tasks.order import Order


def run_flows(orders: Callable[[], list[tuple[str, Order]]], home: Path) -> list[Outcome]:
    """Run flows one after the other in this process, on one Prefect server."""
    from flows.local_server import prefect_server

    with prefect_server(home) as server, _progress():
        logging.getLogger("assure").info("Starting: a Prefect server of its own comes up while libraries are read")
        from tasks import warm

        if not server.is_own:  # its own comes up now, and on two cores the three would slow each other
            warm.begin()
        gc.disable()
        # All imports here, while the server comes up; then they are kept out of every later search for garbage.
        from prefect.context import SyncClientContext
        from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        from flows.forms import QuarterRequest, YearRequest
        from flows.periodic import annual_report, quarterly_return
        from flows.served import HEARTBEATS
        from tasks.kept import period_of

        warm.up()
        planned = orders()
        for _, order in planned:
            _look_into(order.inbox)
        gc.freeze()
        gc.enable()

        outcomes: list[Outcome] = []
        server.ready()
        # Without heartbeats, as each flow would wait a second for its heartbeat's thread to end; but a server that
        # people share takes a run of which it hears nothing for one that was killed.
        heartbeats = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None if server.is_own else HEARTBEATS}
        # One client for all runs: for each that it makes, Prefect reads every certificate that this machine trusts.
        with temporary_settings(heartbeats), SyncClientContext.get_or_create():
            for name, order in planned:
                period = period_of(name)
                where = {"partnership": order.partnership, "inbox": order.inbox, "store": order.store}
                if isinstance(period, Quarter):
                    state: Any = quarterly_return(QuarterRequest.of(period, **where), return_state=True)
                else:
                    state = annual_report(YearRequest.of(period, **where), return_state=True)
                outcomes.append(state.result(raise_on_failure=True))  # a refusal is raised here as it was meant
    return outcomes


@contextmanager
def _progress() -> Iterator[None]:
    """Show what the flows tell, as plain lines on standard error."""
    logger = logging.getLogger("assure")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("  %(message)s"))
    handler.addFilter(lambda record: record.levelno < logging.ERROR)  # the command tells errors itself, once
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _look_into(inbox: str) -> None:
    """An inbox that is not there was mistyped: refused at once, while within a flow it would be tried again."""
    from tasks.store import StoreError, open_inbox

    try:
        open_inbox(inbox).names()
    except StoreError as error:
        raise Refused(error.what, where=error.where, why=error.why, to_do=error.to_do) from None
