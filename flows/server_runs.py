"""Say again of every run that it is going, so that the server's automations wait for a sign of life from each.

An automation waits for what follows an event (``flows.automations``). An event is lost where the server is killed
before it has taken it in, and what an automation waits for where the server is away for minutes: nobody would then miss
a run that was killed in that time. So the server says by itself, soon after it starts and every quarter of an hour,
which runs its database takes to be going.

Belongs here: that, inside the server's process. Does not belong here: what becomes of a run of which nothing is heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

STILL_PENDING, STILL_GOING = "assure.flow-run.still-pending", "assure.flow-run.still-going"
FIRST = 20
"""Seconds after which it is said first: the server's automations are not up before."""
EVERY = 15 * 60
"""Seconds between; more than any automation waits, or each time would put off what it waits for."""


def say_again(app: Any) -> None:
    """Let an app of Prefect's server say it for as long as it runs, where it has automations."""
    from prefect.settings import get_current_settings

    if not get_current_settings().server.services.triggers.enabled:
        return
    whole_life = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncGenerator[Any, None]:
        async with whole_life(app) as state:
            saying = asyncio.create_task(_for_ever())
            yield state
            saying.cancel()

    app.router.lifespan_context = lifespan


async def _for_ever() -> None:
    from prefect.logging import get_logger

    await asyncio.sleep(FIRST)
    while True:
        try:
            await _say()
        except Exception as error:  # noqa: BLE001 - a database that is busy for once must not end it
            get_logger("server").warning("It was not said which runs are going: %s", type(error).__name__)
        await asyncio.sleep(EVERY)


async def _say() -> None:
    from prefect.server.database.dependencies import provide_database_interface
    from prefect.server.events.clients import PrefectServerEventsClient
    from prefect.server.events.schemas.events import Event
    from prefect.server.models.flow_runs import read_flow_runs
    from prefect.server.schemas.filters import FlowRunFilter
    from prefect.types._datetime import now

    going = FlowRunFilter.model_validate({"state": {"type": {"any_": ["RUNNING", "CANCELLING", "PENDING"]}}})
    read: Any = read_flow_runs  # which is given the database by a decorator that types do not see through
    async with provide_database_interface().session_context() as session:
        runs = await read(session=session, flow_run_filter=going)
        found = [(str(run.id), STILL_PENDING if run.state_type == "PENDING" else STILL_GOING) for run in runs]
    async with PrefectServerEventsClient() as events:
        for run, what in found:
            resource = {"prefect.resource.id": f"prefect.flow-run.{run}"}
            said = {"id": uuid4(), "occurred": now("UTC"), "event": what, "resource": resource}
            await events.emit(Event.model_validate(said))
