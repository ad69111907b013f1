"""The two flows of the year: each quarter's return, and the annual report.

Belongs here: the order of the stages, and that a run ends in a sentence. Does not belong here: the stages
(``tasks.run``) and their policy (``tasks.steps``), the forms (``flows.forms``) and what people are told
(``flows.telling``, ``flows.next_steps``).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State

from config.periods import Quarter, ReportingYear
from config.settings import Settings
from flows import next_steps, notify, telling
from flows.every_run import day_of_run, is_of_a_deployment, named, told
from flows.forms import QuarterRequest, YearRequest
from flows.in_turn import in_turn
from tasks import steps, warm
from tasks.kept import period_of
from tasks.order import Order
from tasks.run import Reference

logger = logging.getLogger("assure")


@dataclass(frozen=True)
class Outcome:
    """What a run left behind: references and counts, safe to keep and to show."""

    order: Order
    manifest: Reference
    open_findings: int
    failed_checks: int
    missing: int


UNKEPT: Any = {"persist_result": False, "result_storage": Path(os.devnull)}
"""Prefect keeps no result. Told where it would lie, it need not ask the server, which it does twice a run."""


@flow(name="Quarterly return", flow_run_name=named("Quarterly return"), **UNKEPT)
def quarterly_return(request: QuarterRequest = QuarterRequest()) -> Outcome | State:  # noqa: B008 - the form's defaults
    """Gather a quarter's returns, check them, reconcile their figures and draft the report sections.

    Args:
        request: What to run. Leave everything as it is for the quarter that has just ended.
    """
    return told(_to_the_end, request, day_of_run())


@flow(name="Annual report", flow_run_name=named("Annual report"), **UNKEPT)
def annual_report(request: YearRequest = YearRequest()) -> Outcome | State:  # noqa: B008 - the form's defaults
    """Put the year's figures together from its quarters, reconcile them and draft the annual report.

    Args:
        request: What to run. Leave everything as it is for the year that has just ended.
    """
    return told(_to_the_end, request, day_of_run())


@steps.without_values
def _to_the_end(request: QuarterRequest | YearRequest, day: date) -> Outcome:
    order = order_for(str(request.meant(day)), request.partnership, request.inbox, request.store)
    warm.up()  # before its turn, for which others may wait
    with in_turn(order.store):
        return _stages(replace(order, day=day.isoformat()))


def order_for(period: str, partnership: str = "", inbox: str = "", store: str = "") -> Order:
    """Fill in what this machine's settings say where a request leaves a field empty."""
    settings = Settings.from_environment()
    when = period_of(period)
    folder = f"Q{when.number}" if isinstance(when, Quarter) else "annual"
    return Order(
        partnership=partnership or settings.partnership,
        period=str(when),
        inbox=inbox or f"{settings.inbox.rstrip('/')}/{when.year}/{folder}",
        store=store or settings.store,
        page_numbers=settings.page_numbers,
    )


def _stages(order: Order) -> Outcome:
    with _shown_meanwhile(order.period.lower()) as show:
        gathered = steps.gather(order)
        show("returns", came := telling.came(order, gathered))
        verdicts = steps.validate(order, gathered)
        show("data-quality", checked := telling.checked(order, verdicts))
        register = steps.reconcile(order, gathered, verdicts)
        show("disagreements", disagrees := telling.disagrees(order, register))
        drafts = steps.assemble(order, gathered, verdicts, register)
        show("drafts", drafted := telling.drafted(order, drafts))
        manifest = steps.publish(order, gathered, verdicts, register, drafts)
    told = telling.Told(came, checked, disagrees, drafted)
    create_markdown_artifact(next_steps.of(order, told), key=next_steps.KEY, description=told.headline)
    logger.info("%s: %s", order.period, told.headline)
    if is_of_a_deployment():  # not where somebody runs it by hand on the command line, and sees for themselves
        notify.send(next_steps.messages(order, told))
    return Outcome(
        order, manifest, len(telling.open_findings(order, register)), len(told.quality.needs), len(told.came.needs)
    )


@contextmanager
def _shown_meanwhile(period: str) -> Iterator[Callable[[str, telling.Said], None]]:
    """Show pages as soon as they are known, while the work goes on; all are there in the end."""
    with ThreadPoolExecutor(1) as beside:
        shown = []

        def show(what: str, said: telling.Said) -> None:
            put = partial(create_markdown_artifact, said.text, key=f"{what}-{period}", description=said.in_short)
            # In a copy of the run's context: the page belongs to the run.
            shown.append(beside.submit(copy_context().run, put))

        yield show
        for one in shown:
            one.result()


def demonstration_orders(partnership: str, sample: str, store: str) -> list[tuple[str, Order]]:
    """The five runs of a demonstration year, in order: four quarters and the annual report."""
    year = ReportingYear.parse(sample.rstrip("/").rsplit("/", 1)[-1])
    periods = [*(str(quarter) for quarter in year.quarters), str(year)]
    return [
        (period, Order(partnership, period, f"{sample}/{folder}", store))
        for period, folder in zip(periods, ["Q1", "Q2", "Q3", "Q4", "annual"], strict=True)
    ]
