"""The steps as Prefect knows them. Policy only: names, retries, what is kept.

Belongs here: one thin task a stage. Does not belong here: work, which is in ``tasks.run`` and the modules it calls.

Tasks pass references (a key and a SHA-256) and plain-text orders, never frames: Prefect keeps and shows what tasks pass
each other, and these are figures about children. Results are not persisted for the same reason.
"""

from __future__ import annotations

import logging

from prefect import task

from tasks.run import Order, Reference, Stages

logger = logging.getLogger("assure")


@task(task_run_name="Gather {order.period}", retries=2, retry_delay_seconds=5, persist_result=False)
def gather(order: Order) -> Reference:
    """Receive and read. Retried: an inbox or a store may be away for a moment, and gathering twice changes nothing."""
    logger.info("%s: gathering what was sent", order.period)
    return Stages(order).gather()


@task(task_run_name="Check data quality {order.period}", persist_result=False)
def validate(order: Order, gathered: Reference) -> Reference:
    """Run the suites."""
    logger.info("%s: checking data quality", order.period)
    return Stages(order).validate(gathered)


@task(task_run_name="Reconcile {order.period}", persist_result=False)
def reconcile(order: Order, gathered: Reference) -> Reference:
    """Compare the figures and keep the register."""
    logger.info("%s: reconciling figures across sources", order.period)
    return Stages(order).reconcile(gathered)


@task(task_run_name="Draft sections {order.period}", persist_result=False)
def assemble(order: Order, gathered: Reference, register: Reference) -> Reference:
    """Draft the sections."""
    return Stages(order).assemble(
        gathered, register, tell=lambda what: logger.info("%s: drafting %s", order.period, what)
    )


@task(task_run_name="Publish {order.period}", retries=2, retry_delay_seconds=5, persist_result=False)
def publish(order: Order, gathered: Reference, verdicts: Reference, register: Reference, drafts: Reference) -> Reference:
    """Write the quality page and the manifest."""
    logger.info("%s: writing the quality page and the manifest", order.period)
    return Stages(order).publish(gathered, verdicts, register, drafts)
