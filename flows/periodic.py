"""The two flows of the year: each quarter's return, and the annual report.

Belongs here: the order of the stages, and that a run ends in a sentence. Does not belong here: the stages
(``tasks.run``) and their policy (``tasks.steps``), the forms (``flows.forms``) and what people are told
(``flows.telling``, ``flows.next_steps``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import deployment, flow_run
from prefect.states import Failed

from config.errors import AssuranceError
from config.periods import Quarter, ReportingYear
from config.settings import Settings
from flows import next_steps, notify, telling
from flows.forms import QuarterRequest, YearRequest
from flows.in_turn import in_turn
from tasks import steps
from tasks.kept import period_of
from tasks.run import Order, Reference

logger = logging.getLogger("assure")


@dataclass(frozen=True)
class Outcome:
    """What a run left behind: references and counts, safe to keep and to show."""

    order: Order
    manifest: Reference
    open_findings: int
    failed_checks: int
    missing: int


def run_named(what: str) -> Callable[[], str]:
    """How a run is called in lists: by what it is and its period, also where that is worked out."""

    def name() -> str:
        request = flow_run.parameters["request"]
        try:
            period = request.meant(british_day(flow_run.scheduled_start_time))
        except AssuranceError:
            return what
        return f"{what} {period}" if period else what

    return name


@flow(name="Quarterly return", flow_run_name=run_named("Quarterly return"), persist_result=False)
def quarterly_return(request: QuarterRequest = QuarterRequest()) -> Outcome | State:  # noqa: B008 - the form's defaults
    """Gather a quarter's returns, check them, reconcile their figures and draft the report sections.

    Args:
        request: What to run. Leave everything as it is for the quarter that has just ended.
    """
    return _run(request)


@flow(name="Annual report", flow_run_name=run_named("Annual report"), persist_result=False)
def annual_report(request: YearRequest = YearRequest()) -> Outcome | State:  # noqa: B008 - the form's defaults
    """Put the year's figures together from its quarters, reconcile them and draft the annual report.

    Args:
        request: What to run. Leave everything as it is for the year that has just ended.
    """
    return _run(request)


def british_day(moment: datetime) -> date:
    """The day in London: the day of a run is the one for which it was scheduled, whenever it really starts."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def _run(request: QuarterRequest | YearRequest) -> Outcome | State:
    day = british_day(flow_run.scheduled_start_time)
    try:
        return _to_the_end(request, day)
    except AssuranceError as error:
        return told_failed(error)


def told_failed(error: AssuranceError) -> State:
    """A run that ends in a sentence instead of a traceback: its state is what its page and notifications show."""
    logger.error("%s", error.what)
    for name in ("prefect.flow_runs", "prefect.engine"):
        logging.getLogger(name).addFilter(_was_told)
    create_markdown_artifact(next_steps.after(error), key=next_steps.KEY, description=error.what)
    return Failed(message=next_steps.in_short(error), data=error)


def _was_told(record: logging.LogRecord) -> bool:
    """Keep out of the log the traceback that Prefect adds to an error which was told in a sentence."""
    return not (record.exc_info and isinstance(record.exc_info[1], AssuranceError))


@steps.without_values
def _to_the_end(request: QuarterRequest | YearRequest, day: date) -> Outcome:
    order = order_for(str(request.meant(day)), request.partnership, request.inbox, request.store)
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
    create_markdown_artifact(next_steps.of(order, told), key=next_steps.KEY, description=told.headline)
    logger.info("%s: %s", order.period, told.headline)
    if deployment.id:  # not where somebody runs it by hand on the command line, and sees for themselves
        notify.send(next_steps.messages(order, told))
    return Outcome(order, manifest, told.open_findings, told.failed_checks, len(told.missing))


def demonstration_orders(partnership: str, sample: str, store: str) -> list[tuple[str, Order]]:
    """The five runs of a demonstration year, in order: four quarters and the annual report."""
    year = ReportingYear.parse(sample.rstrip("/").rsplit("/", 1)[-1])
    periods = [*(str(quarter) for quarter in year.quarters), str(year)]
    return [
        (period, Order(partnership, period, f"{sample}/{folder}", store))
        for period, folder in zip(periods, ["Q1", "Q2", "Q3", "Q4", "annual"], strict=True)
    ]
