"""Which runs go one after the other? Those on one store: of one partnership, however many workers there are.

Belongs here: waiting for the run before. Does not belong here: what becomes of two runs that go at once all the same
(``tasks.claims``), and how many runs a worker takes (``flows.served``).

A limit of the deployment would hold up every partnership's run for any other's. So the run waits itself, as soon as it
has begun, for the one place that its store has on the server. It keeps nothing from being done twice: that is what
claims are for. It keeps people from being told of it who asked for four quarters at once. So a run that the server
cannot give a place, or take it back from, goes on all the same.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from httpx import HTTPError
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate
from prefect.concurrency.asyncio import ConcurrencySlotAcquisitionError
from prefect.concurrency.sync import concurrency
from prefect.exceptions import ObjectAlreadyExists

from flows.every_run import is_of_a_deployment

logger = logging.getLogger("assure")
GIVEN_BACK_AFTER = 60
"""Seconds after which the place of a run that was killed is another's. Prefect takes no fewer."""


@contextmanager
def in_turn(store: str) -> Iterator[None]:
    """Wait until no other run is on a store, and be the one. A run by hand on the command line waits for nobody."""
    place = ExitStack()
    if is_of_a_deployment():
        with _server_may_be_away():
            place.enter_context(_place_on(store))
    try:
        yield
    finally:
        with _server_may_be_away():
            place.close()


@contextmanager
def _place_on(store: str) -> Iterator[None]:
    name = f"store {hashlib.sha256(store.encode()).hexdigest()[:12]}"  # an address may hold what no name of a limit may
    with get_client(sync_client=True) as client:
        with suppress(ObjectAlreadyExists):
            client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=name, limit=1))
        if client.read_global_concurrency_limit_by_name(name).active_slots:
            logger.info("Waiting for its turn: another run works on the same store, and goes first")
    with concurrency(name, lease_duration=GIVEN_BACK_AFTER):
        yield


@contextmanager
def _server_may_be_away() -> Iterator[None]:
    try:
        yield
    except (HTTPError, ConcurrencySlotAcquisitionError) as error:
        logger.warning("The server did not answer (%s): this run goes on without its turn", type(error).__name__)
