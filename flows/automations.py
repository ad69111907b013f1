"""What does a shared server do by itself? Say that runs have crashed of which nothing is heard, and tell groups.

Belongs here: the automations, and the words of their messages. Does not belong here: when they are put
(``flows.setting_up``), and messages that runs send themselves (``tasks.messages``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from config.settings import Settings
from flows import notify
from flows.server_runs import STILL_GOING, STILL_PENDING
from tasks.order import partnership_of

NOT_HEARD_OF = (
    "Nothing was heard of this run for 90 seconds: it was stopped from outside, perhaps because memory ran out. "
    "Open the menu with the three dots and choose Retry."
)
NEVER_BEGAN = (
    "This run was handed over and did not begin for 10 minutes. Open the menu with the three dots and choose Retry."
)

TELLS = "Tell "
SUBJECT = "{{ flow.name }}: {{ flow_run.state.name }}"
BODY = "{{ flow_run.name }}. {{ flow_run.state.message or '' }}\nThe run: {{ flow_run | ui_url }}"
LATE = "{{ flow_run.name }} should have begun and has not. Is the server's worker up? The run: {{ flow_run | ui_url }}"


def automations(tells: Mapping[str, UUID]) -> list[AutomationCore]:
    """What the server does by itself: say that runs of which nothing is heard have crashed, tell groups of failed runs.

    ``tells`` has the notification block of each group to tell.
    """
    runs: dict[str, str | list[str]] = {"prefect.resource.id": "prefect.flow-run.*"}
    ends = {f"prefect.flow-run.{end}" for end in ("Completed", "Failed", "Cancelled", "Crashed", "Paused", "Suspended")}
    begins = {"prefect.flow-run.Pending", STILL_PENDING}
    goes_on = {"prefect.flow-run.Running", "prefect.flow-run.heartbeat", STILL_GOING}

    def crashed_unless(heard: set[str], after: set[str], within: timedelta, message: str) -> dict[str, Any]:
        """A run of which nothing is heard is marked as crashed.

        What the time begins with is waited for too, so that each begins it anew: a run may be tried again before the
        time of its last try is over.
        """
        return {
            "trigger": EventTrigger(
                match=runs,
                for_each={"prefect.resource.id"},
                after=after,
                expect={*after, *heard, *ends},
                posture=Posture.Proactive,
                threshold=1,
                within=within,
            ),
            "actions": [ChangeFlowRunState(force=False, state=StateType.CRASHED, name="Crashed", message=message)],
        }

    return [
        AutomationCore(
            name="Runs that were cut off",
            description="A run of which nothing was heard for 90 seconds is marked as crashed.",
            **crashed_unless(set(), goes_on, timedelta(seconds=90), NOT_HEARD_OF),
        ),
        AutomationCore(
            name="Runs that did not begin",
            description="A run that was handed to a worker and does not begin within 10 minutes is marked as crashed.",
            **crashed_unless({"prefect.flow-run.Running"}, begins, timedelta(minutes=10), NEVER_BEGAN),
        ),
        *(
            AutomationCore(
                name=f"{TELLS}{group} of runs that failed",
                description="A run that failed or crashed is told, with what its page says to do.",
                trigger=EventTrigger(
                    match=runs,
                    for_each={"prefect.resource.id"},
                    expect={f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "TimedOut")},
                    posture=Posture.Reactive,
                    threshold=1,
                    within=timedelta(0),
                ),
                actions=[SendNotification(block_document_id=block, subject=SUBJECT, body=BODY)],
            )
            for group, block in tells.items()
        ),
        *(
            AutomationCore(
                name=f"{TELLS}{group} of runs that are late",
                description="A run that has not begun 15 minutes after it was found to be late is told.",
                trigger=EventTrigger(
                    match=runs,
                    for_each={"prefect.resource.id"},
                    after={"prefect.flow-run.Late"},
                    expect={"prefect.flow-run.Pending", "prefect.flow-run.Running", *ends},
                    posture=Posture.Proactive,
                    threshold=1,
                    within=timedelta(minutes=15),
                ),
                actions=[SendNotification(block_document_id=block, subject=SUBJECT, body=LATE)],
            )
            for group, block in tells.items()
        ),
    ]


def _tells(client: SyncPrefectClient) -> dict[str, UUID]:
    """The blocks of the groups that are told of failed and late runs, where this machine names one that is there."""
    name = Settings.from_environment().partnership
    notices = partnership_of(name).profile.notices if name else ()
    found = {}
    for group in dict.fromkeys(notice.to for notice in notices if "runs" in notice.of):
        if not (block := notify.block_of(group)):
            continue
        kind, _, called = block.partition("/")
        try:
            found[group] = client.read_block_document_by_name(called, kind, include_secrets=False).id
        except ObjectNotFound:
            name = notify.setting_of(group)
            print(f"There is no block {block}, which {name} names: make it under Blocks.", flush=True)
    return found


def put_automations(client: SyncPrefectClient) -> None:
    """Make the automations, or make them as they are here; what somebody has switched off stays off."""
    notify.MessageAddress.register_type_and_schema()
    wanted = automations(_tells(client))
    names = {one.name for one in wanted}
    for old in client.read_automations():
        if old.name.startswith(TELLS) and old.name not in names:
            client.delete_automation(old.id)
    for one in wanted:
        known = client.read_automations_by_name(one.name)
        if not known:
            client.create_automation(one)
        for old in known[:1]:
            client.update_automation(old.id, one.model_copy(update={"enabled": old.enabled}))
