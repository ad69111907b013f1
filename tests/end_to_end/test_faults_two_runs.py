"""Runs that go at the same time: one counts, the other says so, and what is kept is what the one would keep alone."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.errors import Refused
from tasks.claims import Claim, Claimed, put_claim
from tasks.order import Order
from tasks.run import Stages
from tasks.store import ABSENT, Conflict, FolderStore
from tests.conftest import ROOT
from tests.end_to_end.short_runs import DAY, inbox_of, order, run

pytestmark = pytest.mark.slow


class Interrupted(FolderStore):
    """A folder store, in which something else happens just before the n-th put is done."""

    def __init__(self, path: str, at: int, do: Callable[[], None]) -> None:
        super().__init__(path)
        self.puts, self._at, self._do = 0, at, do

    def _commit(self, *arguments, **more):  # noqa: ANN002, ANN003, ANN202 - as the store's own
        self.puts += 1
        if self.puts == self._at:
            self._do()
        return super()._commit(*arguments, **more)


def kept(folder: Path) -> dict[str, str]:
    return {stored.key: stored.sha256 for stored in FolderStore(folder / "store").list()}


def of_the_run(found: dict[str, str]) -> dict[str, str]:
    """What a run makes: all but what was sent, of which both runs keep what they were sent."""
    return {key: sha256 for key, sha256 in found.items() if not key.startswith("received/")}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], int]:
    """The second run by itself; and how many puts the first one does by itself."""
    folder = tmp_path_factory.mktemp("alone")
    run(order(folder, inbox_of(folder, "Q1", less=True)))
    counted = Interrupted(str(folder / "counted"), 0, lambda: None)
    run(order(folder, inbox_of(folder, "Q1")), counted)
    return folder, kept(folder), counted.puts


@pytest.mark.parametrize("part", range(5))
def test_of_two_runs_at_once_the_later_counts_and_the_other_says_so(
    tmp_path: Path, alone: tuple[Path, dict[str, str], int], part: int
) -> None:
    """The whole of the second run falls between two moments of the first: just before one of its writes is done."""
    folder, by_itself, puts = alone
    receives = 5  # the claim of the first run is not its own yet: the second is then the one that came first
    at = random.Random(f"two runs {part}").randint(
        receives + part * (puts - receives) // 5, (part + 1) * (puts - receives) // 5 + receives - 1
    )
    second = order(tmp_path, inbox_of(folder, "Q1", less=True))
    first = order(tmp_path, inbox_of(folder, "Q1"))
    store = Interrupted(first.store, at, lambda: run(second))
    with pytest.raises(Refused, match="Another run of this period began while this one was going") as told:
        run(first, store)
    assert "run again" in told.value.to_do.lower() and told.value.where == "gathered/2023-24/Q1/claim.json"
    assert of_the_run(kept(tmp_path)) == of_the_run(by_itself)


def test_a_run_that_reads_what_another_has_put_in_its_place_says_that_the_other_counts(tmp_path: Path) -> None:
    first, second = (
        order(tmp_path, inbox_of(tmp_path / name, "Q1", less=less)) for name, less in (("a", False), ("b", True))
    )
    stages = Stages(first)
    gathered = stages.gather()
    run(second)
    with pytest.raises(Refused, match="Another run of this period began while this one was going"):
        stages.validate(gathered)


def test_two_runs_of_the_same_share_one_claim_and_both_end(tmp_path: Path) -> None:
    one = order(tmp_path, inbox_of(tmp_path, "Q1", less=True))
    run(one, Interrupted(one.store, 12, lambda: run(one)))
    versions = [len(FolderStore(one.store).versions(key)) for key in kept(tmp_path)]
    assert set(versions) == {1}, "the same was written twice"


@pytest.mark.skipif(sys.platform != "linux", reason="starts processes at the same moment")
def test_processes_that_start_at_once_leave_what_one_of_them_makes_alone(
    tmp_path: Path, alone: tuple[Path, dict[str, str], int]
) -> None:
    folder, _, _ = alone
    inboxes = [inbox_of(folder, "Q1"), inbox_of(folder, "Q1", less=True)]
    code = (
        "import sys; from config.errors import Refused; "
        "from tests.end_to_end.short_runs import DAY, Order, run; from tasks import warm; warm.up();"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "try:\n run(Order('hsscp', '2023-24-Q1', sys.argv[1], sys.argv[2], DAY))\n"
        "except Refused as error:\n print(error.what); sys.exit(2)"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(inbox), str(tmp_path / "store")],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for inbox in inboxes
    ]
    for one in both:
        assert one.stdout and one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate(timeout=300)[0] for one in both]
    codes = [one.returncode for one in both]
    assert sorted(codes) in ([0, 0], [0, 2]), said
    for code_of, words in zip(codes, said, strict=True):
        assert code_of == 0 or words.startswith("Another run of this period began")
    store = FolderStore(tmp_path / "store")
    claim = json.loads(store.get("gathered/2023-24/Q1/claim.json"))
    [last] = [n for n, inbox in enumerate(inboxes) if _gathers(tmp_path / f"look-{n}", inbox) == claim["gathered"]]
    assert codes[last] == 0, "the run that claimed the period last did not end"
    run(order(tmp_path / "again", inboxes[last]))
    assert of_the_run(kept(tmp_path / "again")).items() <= of_the_run(kept(tmp_path)).items()


def _gathers(folder: Path, inbox: Path) -> str:
    return Stages(order(folder, inbox)).gather().sha256


@pytest.mark.parametrize("late", [False, True], ids=["before its register", "before its manifest"])
def test_a_run_during_which_an_earlier_period_is_corrected_is_refused_and_run_again_is_as_in_order(
    tmp_path: Path, late: bool
) -> None:
    before = order(tmp_path, inbox_of(tmp_path, "Q2"), "Q2")
    corrected, later = (order(tmp_path, inbox_of(tmp_path, q, less=True), q) for q in ("Q2", "Q3"))
    counted = Interrupted(str(tmp_path / "counted"), 0, lambda: None)
    run(later, counted)
    run(before)
    with pytest.raises(Refused, match="An earlier period was run again while this run was going") as told:
        run(later, Interrupted(later.store, counted.puts - 3 if late else 8, lambda: run(corrected)))
    assert "gathered/2023-24/Q2/gathered.json" in told.value.where
    assert not list((tmp_path / "store/current/runs").glob("2023-24-Q3*"))
    run(later)

    in_order = tmp_path / "in order"
    for one in (before, corrected, later):
        run(Order(one.partnership, one.period, one.inbox, str(in_order / "store"), DAY))
    assert kept(tmp_path) == kept(in_order)


def test_a_write_never_goes_over_what_came_after_the_claim_was_lost(tmp_path: Path) -> None:
    """However slow it is: the other run claims and writes after this one has looked at the claim."""

    def other() -> None:
        put_claim(FolderStore(tmp_path), "gathered/claim.json", {"by": "the other"})
        FolderStore(tmp_path).put("register/figures.csv", b"of the other")

    claim = put_claim(FolderStore(tmp_path), "gathered/claim.json", {"by": "this one"})
    slow = Claimed(Interrupted(str(tmp_path), 1, other), claim)
    with pytest.raises(Refused):
        slow.put("register/figures.csv", b"of this one")
    assert FolderStore(tmp_path).get("register/figures.csv") == b"of the other"


def test_what_a_writer_expects_is_expected_under_a_claim_too(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    claimed = Claimed(store, put_claim(store, "gathered/claim.json", {}))
    claimed.put("drafts/vision.docx", b"one", expected=ABSENT)
    with pytest.raises(Conflict):
        claimed.put("drafts/vision.docx", b"two", expected=ABSENT)
    with pytest.raises(Refused):
        Claimed(store, Claim("gathered/claim.json", "0" * 64)).put("drafts/vision.docx", b"three")
