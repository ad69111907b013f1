"""The form on which a person settles a finding without a command line.

Belongs here: the form, in words and drop-downs, and the sentence that a run ends with. Does not belong here: what may
be decided and how it is kept (``tasks.deciding``).

Prefect keeps what is typed into its forms and shows it to everybody who can open its pages: so the form asks for the
name of a finding and never shows its values, and every refusal is a sentence without one. Who is logged in, Prefect
does not know; the role is a statement of whoever sends the form.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import Field

from config.settings import Settings
from flows.every_run import day_of_run, told
from flows.forms import Form, StoreAddress, offered
from tasks.deciding import Asked, decide
from tasks.decisions import says
from tasks.kept import owner_of
from tasks.model import Choice
from tasks.order import partnership_of
from tasks.steps import without_values
from tasks.store import open_store

logger = logging.getLogger("assure")

Words = Literal[
    "Accept value A",
    "Accept value B",
    "Accept value C",
    "Have it corrected at source",
    "Explain it in a note",
    "Withhold the figure",
]
"""What the form offers; letters are those under which a finding lists its values."""
CHOICES: dict[Words, tuple[Choice, str]] = {
    "Accept value A": ("accept", "a"),
    "Accept value B": ("accept", "b"),
    "Accept value C": ("accept", "c"),
    "Have it corrected at source": ("correct_at_source", ""),
    "Explain it in a note": ("explain", ""),
    "Withhold the figure": ("withhold", ""),
}


GROUPS = {group.name: group.id for one in offered() for group in one.profile.groups}
"""Groups by their names."""
if TYPE_CHECKING:
    GroupName = str
else:
    GroupName = Literal[tuple(GROUPS)]


class Settlement(Form):
    """What a person fills in."""

    finding: str = Field(
        title="Which finding?",
        description="Its name, as it stands on the quality page after “To settle it”: rule:area.measure.2023-24",
        pattern=r"^[a-z0-9-]+:[\w.-]+\.\d{4}-\d{2}(-Q[1-4])?$",
    )
    decision: Words = Field(
        title="What is decided?", description="The letters are those beside the values on the quality page."
    )
    role: GroupName = Field(title="Who decides?", description="The group in whose name it is decided.")
    reason: str = Field(
        title="Why?",
        description="A sentence for whoever asks next year. Write no number of children that is not printed anyway.",
        min_length=10,
    )
    note: str = Field(
        default="", title="Words of the note", description="For an explanation: what is printed with the figure."
    )
    until: str = Field(
        default="",
        title="Until when?",
        description="The last day on which it holds, like 2027-03-31. Leave empty if it has none.",
        pattern=r"^(\d{4}-\d{2}-\d{2})?$",
    )
    store: StoreAddress = ""


@flow(name="Settle a finding", flow_run_name="Settle {request.finding}", persist_result=False)
def settle_finding(request: Settlement) -> State:
    """Settle a finding: accept a value, have it corrected at source, explain it or withhold the figure.

    Args:
        request: The decision. It takes effect when the period is run again.
    """
    return told(_settle, request, day_of_run().isoformat())


@without_values
def _settle(request: Settlement, day: str) -> State:
    store = open_store(request.store or Settings.from_environment().store)
    partnership = partnership_of(owner_of(store) or Settings.from_environment().partnership)
    choice, letter = CHOICES[request.decision]
    asked = Asked(
        finding=re.sub(r"-q(?=[1-4]$)", "-Q", request.finding.strip()),
        choice=choice,
        role=GROUPS[request.role],
        reason=request.reason,
        on=day,
        letter=letter,
        text=request.note,
        until=request.until,
    )
    kept = decide(store, partnership, asked)
    said = f"Decision {kept.number}. {says(partnership, kept)} Run {kept.period} again: figures and drafts follow then."
    logger.info("%s", said)
    return Completed(message=said)
