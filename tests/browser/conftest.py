"""The two set-ups in which everybody's day is gone through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tasks.store import FolderStore
from tests.browser.day import Day, on_a_shared_host, on_one_machine
from tests.conftest import Ran
from tests.store_contract.conftest import server  # noqa: F401 - the same real server


@pytest.fixture(scope="module", params=["on one machine", "on a shared host"])
def day(request: pytest.FixtureRequest, demonstration: Ran, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    year = FolderStore(demonstration.folder / "store")
    if request.param == "on one machine":
        with on_one_machine(year, tmp_path_factory.mktemp("a day")) as day:
            yield day
    else:
        with on_a_shared_host(year, tmp_path_factory.mktemp("day"), request.getfixturevalue("server")) as day:
            yield day
