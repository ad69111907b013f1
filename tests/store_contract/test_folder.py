"""What a folder promises beside the contract: files that people can open, and that no edit of theirs is lost."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from click.testing import CliRunner

from flows.command_line import assure
from tasks.store import ABSENT, Damaged, FolderStore, InvalidKey, Missing, StoreError, open_store

KEY = "drafts/2023-24/Q1/vision.docx"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(root: Path) -> FolderStore:
    root.mkdir()
    return FolderStore(root)


def test_opening_and_asking_write_nothing(root: Path) -> None:
    store = FolderStore(root)
    assert store.versions(KEY) == [] and list(store.list()) == []
    assert not root.exists()


def test_every_version_is_a_plain_file_with_what_is_known_of_it_beside(store: FolderStore, root: Path) -> None:
    for data in (b"one", b"two"):
        store.put(KEY, data, about={"writer": "tests"})
    names = sorted(path.name for path in (root / "history" / KEY).iterdir())
    assert [name[:7] + name[-5:] for name in names] == ["000001-.docx", "000001..json", "000002-.docx", "000002..json"]
    assert (root / "current" / KEY).read_bytes() == b"two"
    assert list((root / "staging").iterdir()) == []


def test_a_run_repeated_leaves_every_file_as_it_was(store: FolderStore, root: Path) -> None:
    def state() -> dict[Path, tuple[int, bytes]]:
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in root.rglob("*") if path.is_file()}

    for number in range(5):
        store.put(f"a/{number}.txt", b"%d" % number)
    before = state()
    for number in range(5):
        FolderStore(root).put(f"a/{number}.txt", b"%d" % number, about={"other": "words"}, expected=ABSENT)
    assert state() == before and len(before) == 15


@pytest.mark.parametrize("again", ["put", "get", "link"])
@pytest.mark.parametrize("found", ["nothing", "the version before", "half of a copy"])
def test_a_kill_before_the_copy_is_made_is_put_right(store: FolderStore, root: Path, found: str, again: str) -> None:
    copy = root / "current" / KEY
    store.put(KEY, b"one")
    store.put(KEY, b"two")
    copy.unlink()
    if found == "the version before":
        copy.write_bytes(b"one")
    if found == "half of a copy":  # a temporary file, where a kill leaves one; the copy itself is replaced as a whole
        (root / "staging" / "left").write_bytes(b"tw")
    {"put": lambda: store.put(KEY, b"two"), "get": lambda: store.get(KEY), "link": lambda: _linked(store)}[again]()
    assert copy.read_bytes() == b"two" and len(store.versions(KEY)) == 2


_KILLED_AT_EVERY_STEP = """
import os, signal, sys
from tasks.store import FolderStore

KEY, points = "drafts/a.docx", 0
while True:
    points += 1
    root = f"{sys.argv[1]}/{points}"
    first = FolderStore(root).put(KEY, b"old")
    child = os.fork()
    if child == 0:
        left = points
        def killed(call):
            def step(*a, **k):
                global left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*a, **k)
            return step
        for name in ("open", "fsync", "link", "rename", "replace", "unlink", "utime"):
            setattr(os, name, killed(getattr(os, name)))
        FolderStore(root).put(KEY, b"newer", expected=first.version)
        os._exit(0)
    ended = os.waitpid(child, 0)[1]
    store = FolderStore(root)
    kept = [store.get(KEY, stored.version) for stored in store.versions(KEY)]
    assert kept in ([b"old"], [b"old", b"newer"]), kept
    assert store.get(KEY) == kept[-1] == open(f"{root}/current/{KEY}", "rb").read()
    assert store.put(KEY, b"newer").version == "000002" and len(store.versions(KEY)) == 2
    assert open(f"{root}/current/{KEY}", "rb").read() == b"newer"
    print(len(kept))
    if ended == 0:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked on this system")
def test_a_kill_at_any_step_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    program = [sys.executable, "-c", _KILLED_AT_EVERY_STEP, str(tmp_path)]
    done = subprocess.run(program, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True)
    seen = done.stdout.split()
    assert len(seen) > 8 and seen == sorted(seen) and set(seen) == {"1", "2"} and seen[-2] == "2"


def test_bytes_without_a_record_are_no_version(store: FolderStore, root: Path) -> None:
    """As after a kill between writing the bytes and the hard link."""
    folder = root / "history" / KEY
    folder.mkdir(parents=True)
    (folder / f"000001-{'0' * 32}.docx").write_bytes(b"never committed")
    assert store.versions(KEY) == [] and list(store.list()) == []
    with pytest.raises(Missing):
        store.get(KEY)
    assert store.put(KEY, b"one", expected=ABSENT).version == "000001" and store.get(KEY) == b"one"


def test_what_a_person_edited_in_the_copy_is_set_beside_when_a_new_version_comes(
    store: FolderStore, root: Path
) -> None:
    copy = root / "current" / KEY
    store.put(KEY, b"one")
    copy.write_bytes(b"edited by a person")
    assert store.get(KEY) == b"one"
    store.put(KEY, b"one")
    assert copy.read_bytes() == b"edited by a person"
    store.put(KEY, b"two")
    beside = [path for path in copy.parent.iterdir() if path != copy]
    assert copy.read_bytes() == b"two" and [path.read_bytes() for path in beside] == [b"edited by a person"]
    assert beside[0].name.startswith("vision-edited-") and beside[0].suffix == ".docx"


def test_a_link_leads_to_what_was_stored(store: FolderStore, root: Path) -> None:
    store.put(KEY, b"one")
    assert _linked(store) == b"one" and store.link(KEY, minutes=5).endswith(f"current/{KEY}")
    (root / "current" / KEY).write_bytes(b"edited by a person")
    assert _linked(store) == b"one"


@pytest.mark.parametrize("change", [
    lambda path: path.write_bytes(b"sne"),      # as long as before
    lambda path: path.write_bytes(b""),         # emptied
    lambda path: path.unlink(),                 # gone
], ids=["changed", "emptied", "gone"])  # fmt: skip
def test_a_damaged_file_is_refused_and_mended_by_putting_it_again(store: FolderStore, root: Path, change) -> None:
    stored = store.put(KEY, b"one")
    change(next((root / "history" / KEY).glob("000001-*")))
    for version in (None, stored.version):
        with pytest.raises(Damaged, match=f"(?s){KEY}, version 000001.*What to do"):
            store.get(KEY, version)
    assert store.put(KEY, b"one") == stored and store.get(KEY) == b"one"


@pytest.mark.parametrize("record", [b"", b"{}", b"[]", b"\xff\xfe", b'{"key": 1}'])
def test_a_damaged_record_is_refused(store: FolderStore, root: Path, record: bytes) -> None:
    store.put(KEY, b"one")
    (root / "history" / KEY / "000001.json").write_bytes(record)
    for ask in (lambda: store.get(KEY), lambda: store.versions(KEY), lambda: store.put(KEY, b"two")):
        with pytest.raises(Damaged):
            ask()


def test_a_record_of_another_key_is_refused(store: FolderStore, root: Path) -> None:
    """As where a disk takes a.txt and A.txt for the same."""
    store.put("a/a.txt", b"one")
    (root / "history" / "a" / "a.txt").rename(root / "history" / "a" / "A.txt")
    with pytest.raises(Damaged, match="another key"):
        store.get("a/A.txt")


def test_what_killed_processes_left_is_cleared_after_a_day(store: FolderStore, root: Path) -> None:
    store.put(KEY, b"one")
    old, young = root / "staging" / "old", root / "staging" / "young"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)
    FolderStore(root)
    assert young.exists() and not old.exists()


def test_a_probe_leaves_nothing_behind(store: FolderStore, root: Path) -> None:
    store.probe()
    assert list(root.iterdir()) == []


def test_a_store_that_is_not_there_is_said_not_to_be_and_is_not_made(root: Path) -> None:
    done = CliRunner().invoke(assure, ["store", "check", "--store", str(root)])
    assert done.exit_code == 1
    assert done.output.startswith(f"NOT KEPT   There is no such store: the folder {root} is not there.")
    assert "Correct its address" in done.output
    assert not root.exists()


def test_a_disk_without_hard_links_is_refused_in_words(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(StoreError, match="(?s)no hard links.*What to do"):
        store.put(KEY, b"one")
    assert store.versions(KEY) == [] and [(p.name, p.kept) for p in store.probe()] == [("reachable", False)]


def test_a_disk_that_would_make_a_version_twice_is_found_out(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", lambda old, new: Path(new).write_bytes(Path(old).read_bytes()))
    promises = {promise.name: promise for promise in store.probe()}
    assert promises["create_only"].kept is False and promises["compare_and_swap"].kept is False
    assert "overwrite each other" in promises["create_only"].words


def test_a_folder_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = FolderStore(tmp_path / "file" / "store")
    with pytest.raises(StoreError, match="(?s)could not be used.*What to do"):
        store.put(KEY, b"one")
    assert [promise.kept for promise in store.probe()] == [False]


def test_where_no_copy_can_be_made_the_store_still_answers(store: FolderStore, root: Path) -> None:
    """As for a reviewer who may only read the folder."""
    store.put(KEY, b"one")
    shutil.rmtree(root / "current")
    shutil.rmtree(root / "staging")
    for name in ("current", "staging"):
        (root / name).write_bytes(b"in the way")
    assert FolderStore(root).get(KEY) == b"one" == _linked(store)


@pytest.mark.parametrize("form", ["{}", "file://{}", "file://localhost{}"])
def test_addresses_of_folders(form: str, tmp_path: Path) -> None:
    store = open_store(form.format((tmp_path / "with a space").as_posix().replace(" ", "%20" if ":" in form else " ")))
    assert isinstance(store, FolderStore) and store.root == tmp_path / "with a space"


@pytest.mark.parametrize("address", [
    "",                           # nothing
    "file://results",             # a computer called results
    "https://example.org/store",  # not a store
    "s3://",                      # no bucket
    "s3://user:password@bucket",  # credentials do not belong into an address
    "s3://Bucket_1/x",            # no name that a bucket can have
    "s3://bucket/../x",
])  # fmt: skip
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(InvalidKey, match="What to do") as caught:
        open_store(address)
    assert "password" not in str(caught.value)


def test_three_hundred_puts_take_no_more_than_moments(store: FolderStore) -> None:
    start = time.process_time()
    for number in range(300):
        store.put(f"received/2023-24/Q1/{number % 20}/{number}.csv", b"%d" % number + b"x" * 20_000)
    assert time.process_time() - start < 5


def _linked(store: FolderStore) -> bytes:
    return Path(url2pathname(urlsplit(store.link(KEY, minutes=5)).path)).read_bytes()
