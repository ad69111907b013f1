"""The steps as Prefect knows them. Policy only: names, retries, what is kept.

Belongs here: one thin task a stage. Does not belong here: work, which is in ``tasks.run`` and the modules it calls.

Tasks pass references (a key and a SHA-256) and plain-text orders, never frames: Prefect keeps and shows what tasks pass
each other, and these are figures about children. Results are not persisted for the same reason.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import task

from config.errors import AssuranceError, Failure
from tasks.order import Order
from tasks.run import Reference, Stages
from tasks.store import Damaged, InvalidKey, Missing, StoreError

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger("assure")


def without_values(work: Callable[P, R]) -> Callable[P, R]:
    """Let nothing of an unforeseen error through but its kind and its line.

    Its words may hold what stood in a cell, and Prefect keeps the words of an error. Errors of our own hold no values.
    """

    @wraps(work)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(*args, **kwargs)
        except AssuranceError:
            raise
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            raise Failure(
                f"The step '{work.__name__}' broke off with {type(error).__name__}.",
                where=f"{Path(last.filename).name}, line {last.lineno}",
                why="Nothing of this run counts: it has no manifest.",
                to_do="Run it again; if it breaks off there again, send this line to whoever looks after the system.",
            ) from None

    return told


def is_store_trouble(_task: Any, _run: Any, state: Any) -> bool:
    """Should a task be tried again? Only where a store may have been away for a moment."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, StoreError) and not isinstance(error, InvalidKey | Missing | Damaged)


AGAIN: Any = {"retries": 2, "retry_delay_seconds": 5, "retry_condition_fn": is_store_trouble, "persist_result": False}
"""Every step may be done twice: what it puts is the same, and putting the same changes nothing."""


@task(task_run_name="Gather {order.period}", **AGAIN)
@without_values
def gather(order: Order) -> Reference:
    """Receive and read."""
    logger.info("%s: gathering what was sent", order.period)
    return Stages(order).gather()


@task(task_run_name="Check data quality {order.period}", **AGAIN)
@without_values
def validate(order: Order, gathered: Reference) -> Reference:
    """Run the suites."""
    logger.info("%s: checking data quality", order.period)
    return Stages(order).validate(gathered)


@task(task_run_name="Reconcile {order.period}", **AGAIN)
@without_values
def reconcile(order: Order, gathered: Reference, verdicts: Reference) -> Reference:
    """Compare the figures and keep the register."""
    logger.info("%s: reconciling figures across sources", order.period)
    return Stages(order).reconcile(gathered, verdicts)


@task(task_run_name="Draft sections {order.period}", **AGAIN)
@without_values
def assemble(order: Order, gathered: Reference, verdicts: Reference, register: Reference) -> Reference:
    """Draft the sections."""
    return Stages(order).assemble(
        gathered, verdicts, register, tell=lambda what: logger.info("%s: drafting %s", order.period, what)
    )


@task(task_run_name="Publish {order.period}", **AGAIN)
@without_values
def publish(
    order: Order, gathered: Reference, verdicts: Reference, register: Reference, drafts: Reference
) -> Reference:
    """Write the quality page and the manifest."""
    logger.info("%s: writing the quality page and the manifest", order.period)
    return Stages(order).publish(gathered, verdicts, register, drafts)
