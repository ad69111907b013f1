"""Sign-off in Prefect: a run that waits for the answer of whoever is asked next, until a draft is agreed.

Belongs here: the form, and waiting for it. Does not belong here: who may sign and how it is kept (``tasks.signing``).

The run is suspended while it waits: no process waits with it, and a restarted host loses nothing. When an answer
comes the flow starts from its top, so it decides by what the store keeps and never by what it remembers. The key of a
question holds the run's count, or a retry could never be answered; and the draft's SHA-256, so that an answer to other
bytes than the newest answers nothing. Prefect does not know who is logged in: name and group are a statement.
"""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import ConfigDict, Field, create_model

from config.errors import Refused
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from config.settings import Settings
from flows.every_run import day_of_run, told
from flows.forms import LATEST, Form, StoreAddress, WholeWords, YearWords, meant_of, offered
from flows.telling import link
from tasks.assemble.report import SECTION_ID
from tasks.front_page import put_pages
from tasks.kept import owner_of
from tasks.order import partnership_of
from tasks.signing import STATES, Asked, Progress, sign, signatures_of
from tasks.signing.signatures import progress_in
from tasks.store import ObjectStore, open_store
from tasks.words import listed

logger = logging.getLogger("assure")
WAITS = 60 * 24 * 3600
"""Seconds that a run waits for an answer: two months. After that it is started again; nothing signed is lost."""
SIGNS, SENDS_BACK = "Sign it", "Send it back"


WHOLE = "The whole annual report"
if TYPE_CHECKING:
    DraftWords = str
else:
    DraftWords = Literal[(WHOLE, *dict.fromkeys(section.title for one in offered() for section in one.sections))]


class SignOff(Form):
    """Which draft is to be signed off."""

    # A run that waits since an earlier form asked in other words must not go on with what this one takes for granted.
    model_config = ConfigDict(extra="forbid")

    draft: DraftWords = Field(
        default=WHOLE, title="Which draft?", description="The whole report, or the draft of one of its sections."
    )
    part: WholeWords = Field(
        default="The year", title="Of which period?", description="Some sections are drafted for each quarter too."
    )
    year: YearWords = Field(
        default=LATEST,
        title="Of which financial year?",
        description="Financial years run from April to March. Leave as it is for the latest one that has ended.",
    )
    store: StoreAddress = ""

    def meant(self, day: date) -> Quarter | ReportingYear:
        """The period that is meant by a run of this day."""
        return meant_of(self.part, self.year, day)

    def section(self, partnership: Partnership) -> str:
        """The section of that title.

        Raises:
            Refused: the partnership has none.
        """
        for one in partnership.sections:
            if one.title == self.draft:
                return one.id
        if self.draft == WHOLE:
            return SECTION_ID
        raise Refused(
            f"{partnership.profile.name} has no section “{self.draft}”.",
            why="The form offers what was there as the server was set up.",
            to_do="Have the server set up again, then choose from the form.",
        )


def _named() -> str:
    request: SignOff = flow_run.parameters["request"]
    return f"Sign off {request.draft} {request.meant(day_of_run())}"


@flow(name="Sign off a draft", flow_run_name=_named, persist_result=True)
def sign_off(request: SignOff) -> State:
    """Ask everybody who signs a draft, one after the other, until it is agreed or sent back.

    Args:
        request: Which draft. The run then waits; whoever is asked answers with Resume, in its menu at the top right.
    """
    return told(_until_agreed, request, day_of_run())


def _until_agreed(request: SignOff, day: date) -> State:
    store = open_store(request.store or Settings.from_environment().store)
    partnership = partnership_of(owner_of(store) or Settings.from_environment().partnership)
    period, section, run = request.meant(day), request.section(partnership), str(flow_run.id)
    while True:
        progress = progress_in(store, partnership, period, section)
        own = [one for one in signatures_of(store, period, section) if one.run == run]
        if own and own[-1].answer == "sent_back" and own[-1].sha256 == progress.sha256:
            return Completed(message=f"{partnership.groups[own[-1].role].name} sent the draft back. {own[-1].words}")
        if not progress.waiting_for:
            return Completed(message=f"{progress.draft} is {STATES[progress.state]}: SHA-256 {progress.sha256}.")
        answer = _ask(partnership, progress, f"answer-{len(own)}-{flow_run.run_count}-{progress.sha256[:12]}")
        _keep(store, partnership, period, progress, answer, run)


def _ask(partnership: Partnership, progress: Progress, key: str) -> Any:
    """Suspend the run until somebody answers; the answer is there at once where one was given."""
    form = _form(partnership, progress)
    return suspend_flow_run(
        wait_for_input=form.with_initial_data(description=_description(partnership, progress)),
        key=key,
        timeout=WAITS,
    )


def _form(partnership: Partnership, progress: Progress) -> type[RunInput]:
    """What is asked: the groups to choose from are those that are asked now."""
    groups = tuple(partnership.groups[name].name for name in progress.waiting_for)
    fields: dict[str, Any] = {
        "role": (
            Literal[groups],
            Field(
                default=groups[0],
                title="Who answers?",
                description="The group in whose name you sign.",
                # Of one group alone pydantic makes a constant, which the form shows as free text.
                json_schema_extra={"enum": list(groups)},
            ),
        ),
        "answer": (Literal[SIGNS, SENDS_BACK], Field(title="What do you answer?")),
        "name": (
            str,
            Field(title="Your name", description="Kept with the signature. Nothing proves it.", min_length=2),
        ),
        "words": (
            str,
            Field(
                default="",
                title="If you send it back: what is to be changed?",
                description="A sentence. Write no figure that is not printed, and nothing about a child.",
            ),
        ),
    }
    made: type[RunInput] = create_model("Answer", __base__=RunInput, **fields)
    return made


def _description(partnership: Partnership, progress: Progress) -> str:
    groups = listed([partnership.groups[name].name for name in progress.waiting_for])
    name = progress.draft.rpartition("/")[2]
    lines = [
        f"**{link(name, progress.draft)}** is {STATES[progress.state]}. Asked now: {groups}.",
        progress.because,
        f"Read this version before you answer: your answer is kept with its SHA-256, which begins with "
        f"`{progress.sha256[:12]}`.",
    ]
    return "\n\n".join(line for line in lines if line)


def _keep(
    store: ObjectStore,
    partnership: Partnership,
    period: Quarter | ReportingYear,
    progress: Progress,
    answer: Any,
    run: str,
) -> None:
    by_name = {group.name: group.id for group in partnership.profile.groups}
    made = sign(
        store,
        partnership,
        period,
        Asked(
            section=progress.section,
            role=by_name[answer.role],
            name=answer.name,
            answer="signed" if answer.answer == SIGNS else "sent_back",
            at=datetime.now(UTC).astimezone(ZoneInfo("Europe/London")).isoformat(timespec="seconds"),
            run=run,
            words=answer.words,
            sha256=progress.sha256,
        ),
    )
    put_pages(store, partnership)
    logger.info("%s: %s by %s", made.draft, made.answer.replace("_", " "), made.role)
