"""What happens by itself: a quarter is opened on its last day, and every morning somebody looks what the day brings.

Belongs here: the two flows, and the order of what they do. Does not belong here: which day is which
(``tasks.year_plan``), words of messages (``tasks.messages``), the runs that are started (``flows.periodic``).

Both may be late, be repeated or be missed: each works from the day for which it was scheduled, in London, and what is
started is started once for each quarter.
"""

from __future__ import annotations

import logging
from collections.abc import Container, Mapping
from datetime import date

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.deployments import run_deployment
from prefect.states import Completed

from config.partnership import Partnership
from config.periods import Quarter, day_words
from config.settings import Settings
from flows import notify
from flows.every_run import day_of_run, named, told
from flows.forms import QuarterRequest
from flows.periodic import order_for
from flows.telling import link
from tasks import messages, year_plan
from tasks.due import due_on
from tasks.front_page import put_pages
from tasks.gather import recognise
from tasks.kept import refuse_foreign_store
from tasks.order import partnership_of
from tasks.publish import published_on
from tasks.returns import issue, planned
from tasks.steps import without_values
from tasks.store import ObjectStore, StoreError, open_inbox, open_store
from tasks.words import many

logger = logging.getLogger("assure")
WHOLE_JOB = "Quarterly return/quarterly-return"


@flow(name="Open a quarter", flow_run_name=named("Open a quarter"), persist_result=False)
def open_quarter(request: QuarterRequest = QuarterRequest()) -> State:  # noqa: B008 - the form's defaults
    """Make a quarter's blank return forms and the folder of its inbox; show what is expected, from whom and by when.

    Args:
        request: Which quarter to open. Leave everything as it is for the one that has just ended.
    """
    return told(_open, request, day_of_run())


def _morning_of() -> str:
    return f"Morning round {day_words(day_of_run())}"


@flow(name="Morning round", flow_run_name=_morning_of, persist_result=False)
def morning_round() -> State:
    """Look what the day brings: run a quarter whose returns are all due, remind of returns and of deadlines."""
    return told(_morning, day_of_run())


@without_values
def _open(request: QuarterRequest, day: date) -> State:
    quarter = request.meant(day)
    order = order_for(str(quarter), request.partnership, request.inbox, request.store)
    partnership, store = partnership_of(order.partnership), open_store(order.store)
    refuse_foreign_store(partnership, store, order.store)
    forms = issue(partnership, quarter, store)
    put_pages(store, partnership)
    open_inbox(order.inbox).make_ready()
    said = f"{quarter} is open: {many(len(forms), 'blank form')} made, under forms/{order.folder} of the store."
    create_markdown_artifact(
        _expected(partnership, quarter, order.inbox, {form.source: form.key for form in forms}),
        key=f"opened-{str(quarter).lower()}",
        description=said,
    )
    return Completed(message=said)


def _expected(partnership: Partnership, quarter: Quarter, inbox: str, forms: Mapping[str, str]) -> str:
    """What is expected for a quarter, by the day on which it is due; where a blank form was made, where it is."""
    text = [
        f"# {quarter}: {quarter.words}",
        f"Send each form to its group. What comes back goes into the inbox, which is there now: `{inbox}`",
    ]
    by_day: dict[date, list[str]] = {}
    for source in partnership.due("quarter"):
        group = partnership.groups[source.sender]
        form = f": {link('blank form', forms[source.id])}" if source.id in forms else ""
        by_day.setdefault(due_on(source, quarter), []).append(
            f"- **{source.title}** from {group.name} ({group.contact_role}){form}"
        )
    for day in sorted(by_day):
        text += [f"## Due by {day_words(day)}", "\n".join(by_day[day])]
    if runs_on := year_plan.runs_on(partnership, quarter):
        text.append(f"On {day_words(runs_on)} the quarter is run by itself, with what has come by then.")
    return "\n\n".join(text)


@without_values
def _morning(day: date) -> State:
    settings = Settings.from_environment()
    partnership, store = partnership_of(settings.partnership), open_store(settings.store)
    started = year_plan.to_run(partnership, day, lambda quarter: is_open(partnership, store, quarter))
    for quarter in started:
        run_deployment(
            WHOLE_JOB,
            parameters={"request": QuarterRequest.of(quarter).model_dump()},
            timeout=0,
            as_subflow=False,
            # The same run is found again on the days that follow, and none is started twice.
            idempotency_key=f"{partnership.profile.id}-{quarter}-{year_plan.runs_on(partnership, quarter)}",
        )
    sent = messages_of_day(partnership, day, store)
    notify.send(sent)
    said = [f"{quarter} is run" for quarter in started] + [message.subject for message in sent]
    return Completed(message=f"{day_words(day)}: {'; '.join(said) or 'nothing falls on this day'}.")


def messages_of_day(partnership: Partnership, day: date, store: ObjectStore) -> list[messages.Message]:
    """What people are told on a day whatever runs: returns that are due soon and have not come, deadlines."""
    missing = year_plan.coming_due(partnership, day, lambda quarter: _came(partnership, quarter))
    return [
        *messages.of_returns(partnership, missing),
        *messages.of_deadlines(
            partnership, year_plan.deadlines_on(partnership, day, lambda year: published_on(store, str(year)))
        ),
    ]


def is_open(partnership: Partnership, store: ObjectStore, quarter: Quarter) -> bool:
    """Whether the forms of a quarter were made in this store."""
    return any(store.versions(form.key) for form in planned(partnership, quarter))


def _came(partnership: Partnership, quarter: Quarter) -> Container[str]:
    """Sources that have a file in the quarter's inbox; none where that is not there yet."""
    try:
        return {source for _, source in recognise(partnership, quarter, order_for(str(quarter)).inbox)}
    except StoreError:
        return set()
