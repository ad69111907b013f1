"""Every file is kept byte for byte before it is read, and it is clear whose it is and which version counts."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from config.layouts import Source
from config.load import load_partnership
from config.partnership import Partnership
from tasks.gather import receive, recognise
from tasks.model import GatheredFile
from tasks.store import ObjectStore, StoreError, open_store
from tests.gather.files import FORM, LIST, LONG, Q1, Q2, YEAR

PARTNERSHIPS = Path(__file__).parents[1] / "partnerships"


def named(of: Source, name: str, *patterns: str, every: str = "quarter") -> Source:
    return of.model_copy(update={"id": name, "title": f"Return {name}", "files": patterns, "every": every})


@pytest.fixture
def partnership() -> Partnership:
    """A partnership with three quarterly sources and a yearly one."""
    sources = [
        named(LIST, "training", "training*.xlsx"),
        named(LONG, "data", "*dataset*.csv"),
        named(LONG, "open-data", "open*.csv"),
        named(FORM, "report", "report*.docx", every="year"),
    ]
    known = load_partnership("eastmere", PARTNERSHIPS)
    return Partnership(known.profile, known.guidance, {}, {s.id: s for s in sources}, (), (), "")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in box"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return open_store(str(tmp_path / "store"))


def put(inbox: Path, **files: bytes) -> None:
    for name, data in files.items():
        (inbox / name.replace("__", ".")).write_bytes(data)


def told(files: list[GatheredFile]) -> list[tuple[str, str, str]]:
    return [(file.source, file.name, file.state) for file in files]


def test_every_file_is_kept_byte_for_byte_under_its_source_and_fingerprint(
    partnership: Partnership, inbox: Path, store: ObjectStore
) -> None:
    data = b"\x00\xff not a workbook at all\r\n"
    put(inbox, **{"Training return.XLSX": data, "holiday.jpeg": b"x", "no ending": b"y"})
    files = receive(partnership, Q1, inbox, store)
    fingerprint = hashlib.sha256(data).hexdigest()
    assert [file.key for file in files] == [
        f"received/2023-24/Q1/training/{fingerprint}.xlsx",
        f"received/2023-24/Q1/unexpected/{hashlib.sha256(b'x').hexdigest()}.jpeg",
        f"received/2023-24/Q1/unexpected/{hashlib.sha256(b'y').hexdigest()}.bin",
    ]
    assert [store.get(file.key) for file in files] == [data, b"x", b"y"]
    assert (files[0].sha256, files[0].size, files[0].period) == (fingerprint, len(data), "2023-24-Q1")
    assert store.describe(files[0].key).about["name"] == "Training return.XLSX"


def test_gathering_twice_changes_nothing(partnership: Partnership, inbox: Path, store: ObjectStore) -> None:
    put(inbox, training__xlsx=b"one", dataset__csv=b"two")
    first = receive(partnership, Q1, inbox, store)
    assert receive(partnership, Q1, str(inbox), store) == first
    assert [len(store.versions(file.key)) for file in first] == [1, 1]


def test_names_are_recognised_without_regard_to_case_in_the_order_of_the_sources(
    partnership: Partnership, inbox: Path
) -> None:
    put(inbox, **{"zebra.txt": b"", "North DATASET q1.csv": b"", "TRAINING.xlsx": b"", "training.docx": b""})
    assert recognise(partnership, Q1, inbox) == [
        ("TRAINING.xlsx", "training"), ("North DATASET q1.csv", "data"), ("training.docx", ""), ("zebra.txt", ""),
    ]  # fmt: skip


def test_a_year_has_sources_of_its_own(partnership: Partnership, inbox: Path, store: ObjectStore) -> None:
    put(inbox, report__docx=b"r", training__xlsx=b"t")
    assert told(receive(partnership, YEAR, inbox, store)) == [
        ("report", "report.docx", "read"),
        ("", "training.xlsx", "unexpected"),
    ]
    assert [s.key.split("/")[2] for s in store.list("received/")] == ["annual", "annual"]
    assert told(receive(partnership, Q2, inbox, store))[1] == ("", "report.docx", "unexpected")


def test_what_systems_leave_beside_files_is_not_looked_at(
    partnership: Partnership, inbox: Path, store: ObjectStore
) -> None:
    put(inbox, **{"~$training.xlsx": b"x", ".training.xlsx": b"x", ".~lock.training.xlsx#": b"x", "Thumbs.db": b"x"})
    (inbox / "training old.xlsx").mkdir()
    assert receive(partnership, Q1, inbox, store) == []


def test_of_two_versions_the_last_by_name_counts_and_both_are_kept(
    partnership: Partnership, inbox: Path, store: ObjectStore
) -> None:
    put(inbox, training_v2__xlsx=b"two", training_v10__xlsx=b"ten")
    files = receive(partnership, Q1, inbox, store)
    assert told(files) == [("training", "training_v2.xlsx", "superseded"), ("training", "training_v10.xlsx", "read")]
    assert [store.get(file.key) for file in files] == [b"two", b"ten"]
    (problem,) = files[0].problems
    assert (problem.where, "'training_v10.xlsx'" in problem.what, files[1].problems) == ("training_v2.xlsx", True, ())


def test_a_file_that_may_be_from_two_sources_is_kept_and_not_guessed(
    partnership: Partnership, inbox: Path, store: ObjectStore
) -> None:
    put(inbox, **{"open dataset.csv": b"x"})
    (file,) = receive(partnership, Q1, inbox, store)
    assert (file.source, file.state, store.get(file.key)) == ("", "unexpected", b"x")
    assert "'Return data' and 'Return open-data'" in file.problems[0].what


def test_an_empty_file_is_kept_and_said_to_be_empty(partnership: Partnership, inbox: Path, store: ObjectStore) -> None:
    put(inbox, training__xlsx=b"")
    (file,) = receive(partnership, Q1, inbox, store)
    assert (file.state, file.size, store.get(file.key)) == ("empty", 0, b"")
    assert "no bytes" in file.problems[0].what


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that is there and cannot be read")
def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    partnership: Partnership, inbox: Path, store: ObjectStore
) -> None:
    (inbox / "training.xlsx").symlink_to("/proc/self/mem")
    put(inbox, dataset__csv=b"x")
    files = receive(partnership, Q1, inbox, store)
    assert told(files) == [("training", "training.xlsx", "empty"), ("data", "dataset.csv", "read")]
    assert "could not be copied" in files[0].problems[0].what


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets names be any bytes")
def test_a_name_in_no_encoding_is_kept_too(partnership: Partnership, inbox: Path, store: ObjectStore) -> None:
    import os

    (inbox / os.fsdecode(b"training \xe9.xlsx")).write_bytes(b"x")
    (file,) = receive(partnership, Q1, inbox, store)
    assert (file.source, file.state, store.get(file.key)) == ("training", "read", b"x")
    assert file.name.encode() == "training \ufffd.xlsx".encode()


def test_an_inbox_that_is_not_there_is_told_in_a_sentence(
    partnership: Partnership, tmp_path: Path, store: ObjectStore
) -> None:
    with pytest.raises(StoreError, match="The inbox is not there") as told_so:
        receive(partnership, Q1, tmp_path / "nowhere", store)
    assert "nowhere" in told_so.value.where


def test_receiving_needs_no_heavy_library() -> None:
    code = (
        "import sys, tasks.gather; "
        "print(sorted({'pandas', 'openpyxl', 'lxml', 'docx', 'boto3', 'great_expectations'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]"
