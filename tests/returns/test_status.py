"""Who has sent their return: a grid, and whom to chase, as at a day that the caller names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.load import load_partnership
from config.periods import Quarter, ReportingYear
from tasks import plain
from tasks.model import FileState, Gathered, GatheredFile
from tasks.returns.status import Status, as_plain, as_text, status_of
from tasks.store import ObjectStore, open_store

KNOWN = load_partnership("eastmere", Path(__file__).parents[1] / "partnerships")
Q1 = Quarter(2023, 1)


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return open_store(tmp_path / "store")


def keep(store: ObjectStore, quarter: int, **came: tuple[FileState, str]) -> None:
    files = tuple(
        GatheredFile(name.replace("_", "-"), f"{name}.csv", "k", "0" * 64, 1, f"2023-24-Q{quarter}", state, came_on=day)
        for name, (state, day) in came.items()
    )
    key = f"gathered/2023-24/Q{quarter}/gathered.json"
    store.put(key, plain.to_json(Gathered(files, (), ())).encode())


def first_quarter(store: ObjectStore, today: date) -> Status:
    keep(store, 1, dataset_eastmere=("read", "2023-07-24"), dataset_northbrook=("empty", "2023-07-19"))
    return status_of(KNOWN, Q1, store, today)


def test_a_quarter_is_shown_with_whom_to_chase(store: ObjectStore) -> None:
    assert (
        as_text(first_quarter(store, date(2023, 7, 31)))
        == """\
Eastmere and Northbrook Safeguarding Children Partnership: returns as at 31 July 2023

                              2023-24-Q1
----------------------------  ----------------------
Eastmere borough dataset      came, 4 days late
Northbrook borough dataset    came blank
Return of the training group  nothing came, 11 days
                              overdue

To chase:
  - Northbrook Council (Performance lead)
    Northbrook borough dataset, 2023-24-Q1: came blank; it was due on 20 July 2023
  - Training group (Chair of the training group)
    Return of the training group, 2023-24-Q1: nothing came, 11 days overdue; it was due on 20 July 2023"""
    )


def test_nobody_is_chased_before_the_day(store: ObjectStore) -> None:
    keep(store, 1, dataset_eastmere=("read", "2023-07-10"))
    status = status_of(KNOWN, Q1, store, date(2023, 7, 20))
    assert status.to_chase == ()
    assert as_text(status).endswith("Nobody has to be chased.")


def test_of_a_quarter_that_was_not_gathered_nobody_is_said_to_have_sent_nothing(store: ObjectStore) -> None:
    keep(store, 1, **{name.replace("-", "_"): ("read", "2023-07-10") for name in KNOWN.sources})
    status = status_of(KNOWN, ReportingYear(2023), store, date(2023, 11, 1))
    text = as_text(status)
    assert "not gathered yet" in text and "due 22 January 2024" in text and "nothing came" not in text
    assert "what came for it is not known: 2023-24-Q2, 2023-24-Q3, 2023-24-Q4, 2023-24." in text
    assert status.to_chase == ()
    assert "Nobody has to be chased" not in text, "nobody can say so"
    assert text.endswith("gathered by 'assure quarter', or for the year by 'assure report'.")


def test_programs_are_told_the_same(store: ObjectStore) -> None:
    told = as_plain(first_quarter(store, date(2023, 7, 31)))
    assert (told["as_at"], told["not_gathered"]) == ("2023-07-31", [])
    wanted = ("source", "contact", "state", "came_on", "late_days", "overdue_days", "chase")
    assert [tuple(row[name] for name in wanted) for row in told["returns"]] == [
        ("dataset-eastmere", "Performance lead", "read", "2023-07-24", 4, 0, False),
        ("dataset-northbrook", "Performance lead", "empty", "2023-07-19", 0, 0, True),
        ("return-training", "Chair of the training group", "missing", "", 0, 11, True),
    ]


def test_programs_are_told_what_nobody_can_know(store: ObjectStore) -> None:
    told = as_plain(status_of(KNOWN, Q1, store, date(2023, 7, 31)))
    assert {(row["state"], row["overdue_days"], row["chase"]) for row in told["returns"]} == {
        ("not_gathered", 0, False)
    }
