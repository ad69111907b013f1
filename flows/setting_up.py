"""What is a shared server told as it starts? Its work pool, what was cut off, automations, deployments, schedules.

``python -m flows.setting_up``. Everything may be told again: nothing is made twice. With ``--shared`` runs that are
going are left alone: other hosts' workers may have them, and the automations see to those that were cut off.

Belongs here: that order, and what becomes of runs that were cut off. Does not belong here: what the server does by
itself (``flows.automations``) and deployments (``deployments/prefect.yaml``).
"""

from __future__ import annotations

import json
import os
import runpy
import shlex
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.filters import FlowRunFilter, WorkPoolFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed, Scheduled
from ruamel.yaml import YAML

from flows.automations import NEVER_BEGAN, NOT_HEARD_OF, put_automations
from flows.served import POOL

DEPLOYMENTS = Path(__file__).parent.parent / "deployments" / "prefect.yaml"
SHARED = "--shared"
SAFE_TO_REPEAT = "safe to repeat"
"""Tag of deployments whose runs change nothing when they are run again on the same input."""
TRIES = 3
"""How often a run is begun, where the machine stops it each time."""
AGAIN = "The machine stopped while this run was going. It begins again by itself."
JUST_NOW = timedelta(minutes=5)
CUT_OFF = "The machine stopped while this run was going. Look whether it did what it was for; if not, start it again."


def take_up(client: SyncPrefectClient) -> list[str]:
    """See to the runs that were going when the machine stopped; say what was done, a sentence for each.

    Only where no worker of the pool is up: a run that goes on elsewhere would be taken for one that was cut off.
    """
    told = []
    for run in _cut_off(client):
        name = f"{client.read_flow(run.flow_id).name} ({run.name})"
        began = run.state_type != StateType.PENDING
        if (
            run.state_type != StateType.CANCELLING
            and (not began or SAFE_TO_REPEAT in run.tags)
            and run.run_count < TRIES
        ):
            state: State[Any] = Scheduled(
                name="AwaitingRetry" if began else "Scheduled", message=AGAIN, scheduled_time=run.expected_start_time
            )
            told.append(f"{name} was cut off and begins again.")
        else:
            state = Crashed(message=CUT_OFF)
            told.append(f"{name} was cut off. Look whether it did what it was for.")
        client.set_flow_run_state(run.id, state, force=True)
    return told


def _cut_off(client: SyncPrefectClient) -> list[FlowRun]:
    """Runs that were going; and those of which the server has said, as it started just now, that they have crashed."""
    ours = WorkPoolFilter.model_validate({"name": {"any_": [POOL]}})

    def in_state(*types: str) -> list[FlowRun]:
        asked = FlowRunFilter.model_validate({"state": {"type": {"any_": types}}})
        return client.read_flow_runs(flow_run_filter=asked, work_pool_filter=ours)

    since = datetime.now(UTC) - JUST_NOW
    crashed = [
        run
        for run in in_state("CRASHED")
        if run.state and run.state.message in (NOT_HEARD_OF, NEVER_BEGAN) and run.state.timestamp > since
    ]
    return [*in_state("RUNNING", "PENDING", "CANCELLING"), *crashed]


def _pool(client: SyncPrefectClient) -> None:
    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    client.update_work_pool(POOL, WorkPoolUpdate(is_paused=False))


def _drop_old_schedules(client: SyncPrefectClient) -> None:
    """Take away schedules that an earlier version put and this one has not: deploying leaves them where they are.

    One that this program put has a slug; those that people made by hand on Prefect's pages have none, and stay.
    """
    said = YAML(typ="safe").load(DEPLOYMENTS)["deployments"]
    wanted = {(one["name"], schedule["slug"]) for one in said for schedule in one.get("schedules", ())}
    ours = WorkPoolFilter.model_validate({"name": {"any_": [POOL]}})
    for deployment in client.read_deployments(work_pool_filter=ours):
        for schedule in deployment.schedules:
            if schedule.slug and (deployment.name, schedule.slug) not in wanted:
                client.delete_deployment_schedule(deployment.id, schedule.id)
                print(f"An old schedule was taken away: {deployment.name}, {schedule.slug}.", flush=True)  # noqa: T201


def _deployments(*, by_itself: bool) -> str:
    """The file of deployments as it is told here: schedules may be switched off, and some runs begin otherwise.

    In our own pool a quarter or a year begins with our command and this Python, so workers have it under the same path.
    In any other it begins as Prefect begins any, and later (``flows.engine``).
    """
    said = YAML(typ="safe").load(DEPLOYMENTS)
    for one in said["deployments"]:
        for schedule in one.get("schedules", ()):
            schedule["active"] = schedule["active"] and by_itself
        pool = one["work_pool"]
        if one["entrypoint"].startswith("flows.periodic.") and pool["name"] == POOL:
            command = shlex.join([sys.executable, "-m", "flows.engine"])
            pool.setdefault("job_variables", {})["command"] = command
    return json.dumps(said)  # which is YAML in which nobody takes a "yes" for a truth


def main() -> None:
    """Tell it all to the server of ``PREFECT_API_URL``; deploying comes last, and ends this process."""
    with get_client(sync_client=True) as client:
        _pool(client)
        if SHARED not in sys.argv:
            for sentence in take_up(client):
                print(sentence, flush=True)  # noqa: T201 - the starter shows it
        put_automations(client)
        _drop_old_schedules(client)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / DEPLOYMENTS.name
        file.write_text(_deployments(by_itself=os.environ.get("ASSURE_SCHEDULES") != "false"), encoding="utf-8")
        sys.argv = ["prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
        runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
