"""The two flows of the year: each quarter's return, and the annual report.

Belongs here: the order of the stages, the form that people fill in, and what the run tells them afterwards.
Does not belong here: the stages (``tasks.run``) and their policy (``tasks.steps``).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Failed
from pydantic import BaseModel, Field

from config.errors import AssuranceError
from config.periods import Quarter, ReportingYear
from config.settings import Settings
from flows import telling
from tasks import steps
from tasks.kept import period_of
from tasks.run import Order, Reference

logger = logging.getLogger("assure")


class QuarterRequest(BaseModel):
    """What to run for a quarter."""

    quarter: str = Field(
        default="",
        title="Which quarter?",
        description="Leave empty for the quarter that has just ended, or write 2023-24-Q4. Q1 is April to June.",
        pattern=r"^(\d{4}-\d{2}-Q[1-4])?$",
    )
    partnership: str = Field(
        default="", title="Which partnership?", description="Leave empty for the one of this server"
    )
    inbox: str = Field(default="", title="Where are the files?", description="Leave empty for the usual inbox")
    store: str = Field(default="", title="Where to keep results?", description="Leave empty for the usual store")


class YearRequest(BaseModel):
    """What to run for a year."""

    year: str = Field(title="Which reporting year?", description="Written like 2023-24.", pattern=r"^\d{4}-\d{2}$")
    partnership: str = Field(
        default="", title="Which partnership?", description="Leave empty for the one of this server"
    )
    inbox: str = Field(default="", title="Where are the files?", description="Leave empty for the usual inbox")
    store: str = Field(default="", title="Where to keep results?", description="Leave empty for the usual store")


@dataclass(frozen=True)
class Outcome:
    """What a run left behind: references and counts, safe to keep and to show."""

    order: Order
    manifest: Reference
    open_findings: int
    failed_checks: int
    missing: int


@flow(name="Quarterly return", flow_run_name="Quarterly return {request.quarter}", persist_result=False)
def quarterly_return(request: QuarterRequest = QuarterRequest()) -> Outcome | State:  # noqa: B008 - the form's defaults
    """Gather a quarter's returns, check them, reconcile their figures and draft the report sections.

    Args:
        request: What to run.
    """
    return _run(request.quarter or str(quarter_just_ended(flow_run.scheduled_start_time)), request)


@flow(name="Annual report", flow_run_name="Annual report {request.year}", persist_result=False)
def annual_report(request: YearRequest) -> Outcome | State:
    """Put the year's figures together from its quarters, reconcile them and draft the annual report.

    Args:
        request: What to run.
    """
    return _run(request.year, request)


def quarter_just_ended(scheduled: datetime) -> Quarter:
    """The quarter that a run scheduled for this moment is about, by British time.

    Never from now: a run may start late, or a second before its time; 00:00 on 1 July in London is still 30 June UTC.
    """
    return Quarter.ended_by(british_day(scheduled))


def british_day(moment: datetime) -> date:
    """The day in London: the day of a run is the one for which it was scheduled, whenever it really starts."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def _run(period: str, request: QuarterRequest | YearRequest) -> Outcome | State:
    try:
        order = order_for(period, request.partnership, request.inbox, request.store)
        return _stages(replace(order, day=british_day(flow_run.scheduled_start_time).isoformat()))
    except AssuranceError as error:
        # A sentence in the run's state instead of a traceback: the state is what the page and notifications show.
        logger.error("%s", error.what)
        return Failed(message=" ".join(part for part in (error.what, error.to_do) if part), data=error)


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
    gathered = steps.gather(order)
    verdicts = steps.validate(order, gathered)
    register = steps.reconcile(order, gathered, verdicts)
    drafts = steps.assemble(order, gathered, verdicts, register)
    manifest = steps.publish(order, gathered, verdicts, register, drafts)
    told = telling.of(order, gathered, verdicts, register, drafts)
    slug = order.period.lower()
    create_markdown_artifact(told.came, key=f"returns-{slug}", description=told.came_in_short)
    create_markdown_artifact(told.quality, key=f"data-quality-{slug}", description=told.quality_in_short)
    create_markdown_artifact(told.disagrees, key=f"disagreements-{slug}", description=told.disagrees_in_short)
    create_markdown_artifact(told.drafts, key=f"drafts-{slug}", description=told.drafts_in_short)
    logger.info("%s: %s", order.period, told.headline)
    return Outcome(order, manifest, told.open_findings, told.failed_checks, told.missing)


def demonstration_orders(partnership: str, sample: str, store: str) -> list[tuple[str, Order]]:
    """The five runs of a demonstration year, in order: four quarters and the annual report."""
    year = ReportingYear.parse(sample.rstrip("/").rsplit("/", 1)[-1])
    periods = [*(str(quarter) for quarter in year.quarters), str(year)]
    return [
        (period, Order(partnership, period, f"{sample}/{folder}", store))
        for period, folder in zip(periods, ["Q1", "Q2", "Q3", "Q4", "annual"], strict=True)
    ]
