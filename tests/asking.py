"""How a Prefect that a test started is asked: with its password, as its pages and workers ask it."""

from __future__ import annotations

import base64
import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

WITHIN = 240
"""Seconds for any one thing on a crowded machine."""
ENDS = ("COMPLETED", "FAILED", "CRASHED")


def until(holds: Callable[[], object], told: Callable[[], str], within: float = WITHIN) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, told()
        time.sleep(0.2)


class Asks:
    """What has an address ``api`` and ``signs_in``, as user:password."""

    api: str
    signs_in: str

    def ask(self, path: str, body: object = None, method: str = "", *, signs_in: bool = True) -> Any:
        request = self.signed(self.api + path) if signs_in else urllib.request.Request(self.api + path)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        request.method = method or ("POST" if body is not None else "GET")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def signed(self, address: str) -> urllib.request.Request:
        word = base64.b64encode(self.signs_in.encode()).decode()
        return urllib.request.Request(address, headers={"Authorization": f"Basic {word}"})

    def submit(self, deployment: str, request: dict[str, str]) -> str:
        """Ask for a run as the form does; its id."""
        (found,) = (one for one in self.ask("/deployments/filter", {}) if one["name"] == deployment)
        asked = {"parameters": {"request": request}}
        return str(self.ask(f"/deployments/{found['id']}/create_flow_run", asked)["id"])

    def state(self, run: str) -> dict[str, Any]:
        return dict(self.ask(f"/flow_runs/{run}")["state"])

    def comes_to(self, run: str, *kinds: str) -> dict[str, Any]:
        until(lambda: self.state(run)["type"] in kinds, lambda: str(self.state(run)))
        return self.state(run)

    def tasks_done(self, run: str) -> list[str]:
        """The names of a run's tasks that have ended well."""
        done = {"flow_runs": {"id": {"any_": [run]}}, "task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
        return [str(task["name"]) for task in self.ask("/task_runs/filter", done)]

    def retry(self, run: str) -> None:
        """As the page's Retry does."""
        again = {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": True}
        self.ask(f"/flow_runs/{run}/set_state", again)

    def hear_within(self, seconds: int, *, enabled: bool = True) -> None:
        """Let the server wait so long for a sign of life of a run, in place of 90 seconds. Prefect takes no fewer
        than 10.
        """
        (found,) = self.ask("/automations/filter", {"automations": {"name": {"any_": ["Runs that were cut off"]}}})
        trigger = {key: value for key, value in found["trigger"].items() if key != "id"} | {"within": seconds}
        kept = {key: found[key] for key in ("name", "description", "actions")}
        self.ask(f"/automations/{found['id']}", kept | {"trigger": trigger, "enabled": enabled}, "PUT")
