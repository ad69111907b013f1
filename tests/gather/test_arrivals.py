"""The day on which a file came: by the list beside it, else by the inbox, and once kept it stays."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.load import load_partnership
from config.partnership import Partnership
from tasks.gather import arrivals, receive, recognise
from tasks.model import GatheredFile
from tasks.store import open_store
from tests.gather.files import LIST, Q1

FILES = ["Training return Q1.xlsx", "dataset.csv"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        pytest.param("2023-07-14", date(2023, 7, 14), id="ISO"),
        pytest.param("14/07/2023", date(2023, 7, 14), id="British"),
        pytest.param("01/10/2023", date(2023, 10, 1), id="British where the month could be first"),
        pytest.param("14/7/23", date(2023, 7, 14), id="British and short"),
        pytest.param("14.07.2023", date(2023, 7, 14), id="with points"),
        pytest.param("14 July 2023", date(2023, 7, 14), id="in words"),
        pytest.param("14-Jul-23", date(2023, 7, 14), id="as Excel shows it"),
        pytest.param("07/14/2023", None, id="American: refused"),
        pytest.param("soon", None, id="no day"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_days_are_read_as_people_in_britain_write_them(written: str, day: date | None) -> None:
    told = arrivals.read(f"File,Received\n{FILES[0]},{written}\n".encode(), "received.csv", FILES)
    assert told.day_of(FILES[0]) == day
    assert [problem.where for problem in told.problems] == ([] if day else ["received.csv, line 2"])


@pytest.mark.parametrize("data", [
    "\ufefffile,received\r\ntraining RETURN q1.xlsx,2023-07-14\r\n".encode(),       # byte order mark, other capitals
    b"Received;File;Who\n14/07/2023;Training return Q1.xlsx;post\n",                 # semicolons, other columns
    b"FILE , RECEIVED:\n\n\"Training return Q1.xlsx\",2023-07-14\n,\n",             # blank lines, quotes
    b"file,received,\xe9\nTraining return Q1.xlsx,2023-07-14,x\n",                   # Windows characters
])  # fmt: skip
def test_lists_are_read_in_the_forms_in_which_they_come(data: bytes) -> None:
    told = arrivals.read(data, "received.csv", FILES)
    assert (told.day_of(FILES[0]), told.problems) == (date(2023, 7, 14), ())


@pytest.mark.parametrize(
    ("data", "words", "where"),
    [
        pytest.param(b"name,day\nx,2023-07-14\n", "no columns", "received.csv", id="other headings"),
        pytest.param(b"", "no columns", "received.csv", id="nothing in it"),
        pytest.param(b"\x00\xff\xfe", "no columns", "received.csv", id="no text"),
        pytest.param(b'file,received\n"x,y\n', "no columns", "received.csv", id="a quotation mark left open"),
        pytest.param(
            b"file,received\nother.csv,2023-07-14\n", "not in the inbox", "received.csv, line 2", id="a stranger"
        ),
        pytest.param(
            b"file,received\ndataset.csv,2023-07-14\ndataset.csv,2023-07-15\n",
            "another line gives another", "received.csv, lines 2, 3", id="two days for one file",
        ),
        pytest.param(
            b"file,received\ndataset.csv,x\nDATASET.csv,y\n", "no day", "received.csv, lines 2, 3", id="no days"
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_list_is_told_by_line_and_never_by_value(data: bytes, words: str, where: str) -> None:
    told = arrivals.read(data, "received.csv", FILES)
    (problem,) = told.problems
    assert words in problem.what and problem.where == where and problem.why and problem.to_do
    assert told.days == {} and "other" not in problem.what.replace("another", "")


def test_the_same_line_twice_is_no_mistake() -> None:
    told = arrivals.read(b"file,received\ndataset.csv,2023-07-14\ndataset.csv,14/07/2023\n", "received.csv", FILES)
    assert (told.day_of("dataset.csv"), told.problems) == (date(2023, 7, 14), ())


# In an inbox


@pytest.fixture
def partnership() -> Partnership:
    known = load_partnership("eastmere", Path(__file__).parents[1] / "partnerships")
    training = LIST.model_copy(update={"id": "training", "files": ("training*.xlsx",)})
    return Partnership(known.profile, known.guidance, {}, {"training": training}, (), (), "")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    put(tmp_path / "in", b"one", datetime(2023, 7, 13, 23, 30, tzinfo=UTC))
    return tmp_path / "in"


def put(inbox: Path, data: bytes, moment: datetime) -> None:
    (inbox / "training.xlsx").write_bytes(data)
    os.utime(inbox / "training.xlsx", (moment.timestamp(), moment.timestamp()))


def days(files: list[GatheredFile]) -> dict[str, str]:
    return {file.name: file.came_on for file in files}


def test_without_a_list_the_inbox_tells_the_day_in_britain(
    partnership: Partnership, inbox: Path, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "store")
    assert days(receive(partnership, Q1, inbox, store)) == {"training.xlsx": "2023-07-14"}  # 00:30 in summer


def test_a_file_copied_again_keeps_its_first_day(partnership: Partnership, inbox: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    first = receive(partnership, Q1, inbox, store)
    put(inbox, b"one", datetime(2023, 9, 1, 12, tzinfo=UTC))
    assert receive(partnership, Q1, inbox, store) == first
    put(inbox, b"two", datetime(2023, 9, 1, 12, tzinfo=UTC))
    assert days(receive(partnership, Q1, inbox, store)) == {"training.xlsx": "2023-09-01"}  # another file


def test_the_list_counts_before_the_inbox_and_is_kept_as_no_return(
    partnership: Partnership, inbox: Path, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "store")
    (inbox / "Received.CSV").write_text("file,received\nTRAINING.xlsx,05/07/2023\n")
    assert recognise(partnership, Q1, inbox) == [("training.xlsx", "training")]
    sent, listed = receive(partnership, Q1, inbox, store)
    assert (sent.came_on, listed.state, listed.problems, listed.source) == ("2023-07-05", "day_list", (), "")
    assert store.get(listed.key) == b"file,received\nTRAINING.xlsx,05/07/2023\n"
    assert listed.key.startswith("received/2023-24/Q1/day_list/")


def test_a_corrected_list_counts_and_a_list_taken_away_changes_nothing(
    partnership: Partnership, inbox: Path, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "store")
    at = inbox / "received.csv"
    for day in ("2023-07-05", "2023-07-06"):
        at.write_text(f"file,received\ntraining.xlsx,{day}\n")
        assert receive(partnership, Q1, inbox, store)[0].came_on == day
    at.unlink()
    assert receive(partnership, Q1, inbox, store)[0].came_on == "2023-07-05"  # as it was first kept


def test_a_list_with_personal_data_is_kept_apart_and_not_gone_by(
    partnership: Partnership, inbox: Path, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "store")
    (inbox / "received.csv").write_text("file,received,from\ntraining.xlsx,2023-07-05,somebody@example.org\n")
    sent, listed = receive(partnership, Q1, inbox, store)
    assert (sent.came_on, listed.state) == ("2023-07-14", "personal_data")
    assert listed.key.startswith("restricted/2023-24/Q1/day_list/")
