"""Every return that is expected has one row: what became of it, when it came, and how late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.load import load_partnership
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from tasks.model import FileState, GatheredFile, Problem
from tasks.tracker import Tracked, became, track

KNOWN = load_partnership("eastmere", Path(__file__).parent / "partnerships")
Q1, Q2, YEAR = Quarter(2023, 1), Quarter(2023, 2), ReportingYear(2023)
DUE = date(2023, 7, 20)


TO_FIX = Problem("A sheet is not there.", "return.xlsx", "Its figures are missing.", "Send it again whole.")


def only(*sources: str, every: str = "quarter") -> Partnership:
    kept = {name: KNOWN.sources[name].model_copy(update={"every": every}) for name in sources}
    return Partnership(KNOWN.profile, KNOWN.guidance, KNOWN.measures, kept, (), (), "")


def file(state: FileState = "read", came_on: str = "", name: str = "return.xlsx", period: str = "2023-24-Q1",
         source: str = "return-training") -> GatheredFile:  # fmt: skip
    return GatheredFile(source, name, "received/x.xlsx", "0" * 64, 1, period, state, came_on=came_on)


def one(*files: GatheredFile) -> Tracked:
    (tracked,) = track(only("return-training"), [Q1], files)
    return tracked


@pytest.mark.parametrize(
    ("files", "state", "late", "words"),
    [
        pytest.param([], "missing", 0, "nothing came", id="nothing came"),
        pytest.param([file(came_on="2023-07-14")], "read", 0, "came in time", id="before its day"),
        pytest.param([file(came_on="2023-07-20")], "read", 0, "came in time", id="on its day"),
        pytest.param([file(came_on="2023-07-21")], "read", 1, "came, 1 day late", id="a day after"),
        pytest.param([file(came_on="2023-08-03")], "read", 14, "came, 14 days late", id="two weeks after"),
        pytest.param([file()], "read", 0, "came", id="nobody knows when: not said to be in time"),
        pytest.param([file("empty", "2023-07-24")], "empty", 4, "came blank, 4 days late", id="blank and late"),
        pytest.param([file("wrong_period")], "wrong_period", 0, "came for another period", id="for another quarter"),
        pytest.param([file("unreadable")], "unreadable", 0, "came, cannot be opened", id="cannot be opened"),
        pytest.param([file("wrong_layout")], "wrong_layout", 0, "came in another layout", id="in another layout"),
        pytest.param([file("personal_data")], "personal_data", 0, "came with personal data", id="with personal data"),
        pytest.param(
            [file("superseded", "2023-07-14", "a.xlsx"), file("read", "2023-07-21", "b.xlsx")],
            "read", 1, "came, 1 day late (2 files)", id="twice: the one that counts was late",
        ),
        pytest.param(
            [file("read", "2023-07-14", "a.xlsx"), file("wrong_period", "2023-07-21", "b.xlsx")],
            "read", 0, "came in time (2 files)", id="twice: the one that could be read counts",
        ),
        pytest.param(
            [file("superseded", "2023-07-14", "a.xlsx"), file("empty", "2023-07-21", "b.xlsx")],
            "empty", 1, "came blank, 1 day late (2 files)", id="twice and none can be used: the last counts",
        ),
        pytest.param(
            [replace(file(came_on="2023-07-14"), problems=(TO_FIX, TO_FIX, replace(TO_FIX, severity="look_at")))],
            "read", 0, "came in time, 2 problems to fix", id="came, and not all of it can be used",
        ),
        pytest.param([file(period="2023-24-Q2")], "missing", 0, "nothing came", id="only another quarter's"),
        pytest.param([file(source="dataset-eastmere")], "missing", 0, "nothing came", id="only another source's"),
        pytest.param([file("unexpected", source="")], "missing", 0, "nothing came", id="only a file of nobody"),
    ],
)  # fmt: skip
def test_what_became_of_a_return(files: list[GatheredFile], state: str, late: int, words: str) -> None:
    tracked = one(*files)
    assert (tracked.source, tracked.period, tracked.due) == ("return-training", "2023-24-Q1", DUE)
    assert (tracked.state, tracked.late_days, became(tracked)) == (state, late, words)


@pytest.mark.parametrize(
    ("today", "overdue", "words"),
    [
        pytest.param(date(2023, 7, 19), 0, "due 20 July 2023", id="the day before"),
        pytest.param(date(2023, 7, 20), 0, "due today", id="the day itself"),
        pytest.param(date(2023, 7, 21), 1, "nothing came, 1 day overdue", id="the day after"),
        pytest.param(date(2023, 8, 20), 31, "nothing came, 31 days overdue", id="a month after"),
    ],
)
def test_how_long_a_return_is_overdue(today: date, overdue: int, words: str) -> None:
    tracked = one()
    assert (tracked.overdue_days(today), became(tracked, today)) == (overdue, words)


def test_what_came_is_never_overdue() -> None:
    assert one(file("empty", "2023-08-01")).overdue_days(date(2024, 1, 1)) == 0


def test_there_is_a_row_for_every_source_and_period_in_the_order_of_the_configuration() -> None:
    rows = track(only("return-training", "dataset-eastmere"), [Q1, Q2, YEAR], [])
    assert [(row.source, row.period) for row in rows] == [
        ("return-training", "2023-24-Q1"),
        ("return-training", "2023-24-Q2"),
        ("dataset-eastmere", "2023-24-Q1"),
        ("dataset-eastmere", "2023-24-Q2"),
    ]


def test_what_is_expected_once_a_year_is_not_expected_in_a_quarter() -> None:
    rows = track(only("return-training", every="year"), [Q1, YEAR], [])
    assert [(row.period, row.due) for row in rows] == [("2023-24", date(2024, 4, 22))]
