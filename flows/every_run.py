"""What every run does, whatever its flow: it has a name and knows its day, and it ends in a sentence.

Belongs here: that. Does not belong here: what a run does (``flows.periodic``, ``flows.rounds``, ``flows.settling``,
``flows.signing_off``, ``flows.uploads``), and what it tells people on its way (``flows.telling``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.runtime import flow_run
from prefect.states import Failed

from config.errors import AssuranceError
from flows import next_steps

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger("assure")


def told(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | State:
    """Do a run's work; where it cannot be done, end in a sentence.

    Not a decorator: Prefect makes a flow's form from the names that its function's own module has.
    """
    try:
        return work(*args, **kwargs)
    except AssuranceError as error:
        return _failed(error)


def british_day(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def day_of_run() -> date:
    """The day for which this run was scheduled, whenever it really starts and however long it waits."""
    return british_day(flow_run.scheduled_start_time)


def named(what: str) -> Callable[[], str]:
    """How a run is called in lists: by what it is and its period, also where that is worked out."""

    def name() -> str:
        try:
            period = flow_run.parameters["request"].meant(day_of_run())
        except AssuranceError:
            return what
        return f"{what} {period}" if period else what

    return name


def is_of_a_deployment() -> bool:
    """Was this run asked for in a form or by a schedule, and not by hand on the command line?

    Read from what the run knows of itself: ``prefect.runtime.deployment`` asks the server each time.
    """
    run = FlowRunContext.get()
    return bool(run and run.flow_run and run.flow_run.deployment_id)


def _failed(error: AssuranceError) -> State:
    """A run that ends in a sentence instead of a traceback: its state is what its page and notifications show."""
    logger.error("%s", error.what)
    for name in ("prefect.flow_runs", "prefect.engine"):
        logging.getLogger(name).addFilter(_was_told)
    create_markdown_artifact(next_steps.after(error), key=next_steps.KEY, description=error.what)
    return Failed(message=next_steps.in_short(error), data=error)


def _was_told(record: logging.LogRecord) -> bool:
    """Keep out of the log the traceback that Prefect adds to an error which was told in a sentence."""
    return not (record.exc_info and isinstance(record.exc_info[1], AssuranceError))
