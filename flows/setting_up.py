"""What is a shared server told as it starts? Its work pool, what was cut off, its automations, its deployments.

``python -m flows.setting_up``. Everything may be told again: nothing is made twice.

Belongs here: that order, and the automations. Does not belong here: deployments (``deployments/prefect.yaml``).
"""

from __future__ import annotations

import os
import re
import runpy
import sys
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.filters import FlowRunFilter, WorkPoolFilter
from prefect.client.schemas.objects import State, StateType
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed, Scheduled

from config.settings import Settings
from flows import notify
from flows.served import POOL
from tasks.run import partnership_of

DEPLOYMENTS = Path(__file__).parent.parent / "deployments" / "prefect.yaml"
SAFE_TO_REPEAT = "safe to repeat"
"""Tag of deployments whose runs change nothing when they are run again on the same input."""
TRIES = 3
"""How often a run is begun, where the machine stops it each time."""
AGAIN = "The machine stopped while this run was going. It begins again by itself."
CUT_OFF = "The machine stopped while this run was going. Look whether it did what it was for; if not, start it again."
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


def automations(tells: Mapping[str, UUID]) -> list[AutomationCore]:
    """What the server does by itself: say that runs of which nothing is heard have crashed, tell groups of failed runs.

    ``tells`` has the notification block of each group to tell.
    """
    runs: dict[str, str | list[str]] = {"prefect.resource.id": "prefect.flow-run.*"}
    ends = {f"prefect.flow-run.{end}" for end in ("Completed", "Failed", "Cancelled", "Crashed", "Paused", "Suspended")}
    return [
        AutomationCore(
            name="Runs that were cut off",
            description="A run of which nothing was heard for 90 seconds is marked as crashed.",
            trigger=EventTrigger(
                match=runs,
                for_each={"prefect.resource.id"},
                after={"prefect.flow-run.heartbeat"},
                expect={"prefect.flow-run.heartbeat", *ends},
                posture=Posture.Proactive,
                threshold=1,
                within=timedelta(seconds=90),
            ),
            actions=[ChangeFlowRunState(force=False, state=StateType.CRASHED, name="Crashed", message=NOT_HEARD_OF)],
        ),
        AutomationCore(
            name="Runs that did not begin",
            description="A run that was handed to a worker and does not begin within 10 minutes is marked as crashed.",
            trigger=EventTrigger(
                match=runs,
                for_each={"prefect.resource.id"},
                after={"prefect.flow-run.Pending"},
                expect={"prefect.flow-run.Running", *ends},
                posture=Posture.Proactive,
                threshold=1,
                within=timedelta(minutes=10),
            ),
            actions=[ChangeFlowRunState(force=False, state=StateType.CRASHED, name="Crashed", message=NEVER_BEGAN)],
        ),
        *(
            AutomationCore(
                name=f"{TELLS}{group}",
                description="A run that failed, crashed or is late is told, with what its page says to do.",
                trigger=EventTrigger(
                    match=runs,
                    for_each={"prefect.resource.id"},
                    expect={f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "TimedOut", "Late")},
                    posture=Posture.Reactive,
                    threshold=1,
                    within=timedelta(0),
                ),
                actions=[SendNotification(block_document_id=block, subject=SUBJECT, body=BODY)],
            )
            for group, block in tells.items()
        ),
    ]


def tells(client: SyncPrefectClient) -> dict[str, UUID]:
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
            print(
                f"There is no block {block}, which {notify.setting_of(group)} names: make it under Blocks.", flush=True
            )  # noqa: T201
    return found


def take_up(client: SyncPrefectClient) -> list[str]:
    """See to the runs that were going when the machine stopped; say what was done, a sentence for each.

    Only where no worker of the pool is up: a run that goes on elsewhere would be taken for one that was cut off.
    """
    told = []
    for run in client.read_flow_runs(
        flow_run_filter=FlowRunFilter.model_validate(
            {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}}
        ),
        work_pool_filter=WorkPoolFilter.model_validate({"name": {"any_": [POOL]}}),
    ):
        name = f"{client.read_flow(run.flow_id).name} ({run.name})"
        began = run.state_type != StateType.PENDING
        if (
            run.state_type != StateType.CANCELLING
            and (not began or SAFE_TO_REPEAT in run.tags)
            and run.run_count < TRIES
        ):
            state: State[Any] = Scheduled(name="AwaitingRetry" if began else "Scheduled", message=AGAIN)
            told.append(f"{name} was cut off and begins again.")
        else:
            state = Crashed(message=CUT_OFF)
            told.append(f"{name} was cut off. Look whether it did what it was for.")
        client.set_flow_run_state(run.id, state, force=True)
    return told


def _pool(client: SyncPrefectClient) -> None:
    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    client.update_work_pool(POOL, WorkPoolUpdate(is_paused=False))


def _automate(client: SyncPrefectClient, wanted: list[AutomationCore]) -> None:
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


def _deployments(*, by_itself: bool) -> str:
    """The file of deployments, with its schedules as they are or switched off."""
    text = DEPLOYMENTS.read_text(encoding="utf-8")
    return text if by_itself else re.sub(r"^( +active:) true$", r"\1 false", text, flags=re.MULTILINE)


def main() -> None:
    """Tell it all to the server of ``PREFECT_API_URL``; deploying comes last, and ends this process."""
    with get_client(sync_client=True) as client:
        _pool(client)
        for sentence in take_up(client):
            print(sentence, flush=True)  # noqa: T201 - the starter shows it
        notify.MessageAddress.register_type_and_schema()
        _automate(client, automations(tells(client)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / DEPLOYMENTS.name
        file.write_text(_deployments(by_itself=os.environ.get("ASSURE_SCHEDULES") != "false"), encoding="utf-8")
        sys.argv = ["prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
        runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
