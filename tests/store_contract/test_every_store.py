"""What every store promises, in the same words for each."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tasks.store import (
    ABSENT,
    ANYTHING,
    Conflict,
    Expected,
    InvalidKey,
    Missing,
    ObjectStore,
    S3Store,
    Stored,
    StoreError,
    get_json,
    put_json,
)

KEY = "drafts/2023-24/Q1/vision.docx"


def test_what_is_put_comes_back(store: ObjectStore) -> None:
    stored = store.put(KEY, b"one", about={"writer": "tests"})
    assert (stored.key, stored.size, stored.sha256) == (KEY, 3, hashlib.sha256(b"one").hexdigest())
    assert store.get(KEY) == b"one"
    assert store.describe(KEY) == stored == Stored(KEY, stored.version, stored.sha256, 3, {"writer": "tests"})


def test_it_is_there_for_whoever_opens_the_store_next(new_store: Callable[[], ObjectStore]) -> None:
    stored = new_store().put(KEY, b"one")
    assert new_store().get(KEY) == b"one"
    assert new_store().versions(KEY) == [stored]


def test_every_version_stays_in_its_order(store: ObjectStore) -> None:
    kept = [store.put(KEY, f"text {n}".encode(), about={"n": str(n)}) for n in range(12)]
    assert store.versions(KEY) == kept
    assert [store.get(KEY, stored.version) for stored in kept] == [f"text {n}".encode() for n in range(12)]
    assert store.describe(KEY, kept[3].version) == kept[3]
    assert store.get(KEY) == b"text 11"


def test_bytes_of_an_older_version_may_come_again(store: ObjectStore) -> None:
    for data in (b"one", b"two", b"one"):
        store.put(KEY, data)
    assert [store.get(KEY, stored.version) for stored in store.versions(KEY)] == [b"one", b"two", b"one"]


@pytest.mark.parametrize("expected", [ANYTHING, ABSENT, "an older version"])
def test_newest_bytes_again_make_no_new_version(store: ObjectStore, expected: str | Expected) -> None:
    first = store.put(KEY, b"one", about={"writer": "tests"})
    newest = store.put(KEY, b"two")
    expected = first.version if isinstance(expected, str) else expected
    again = store.put(KEY, b"two", about={"writer": "another"}, expected=expected)
    assert again == newest
    assert store.versions(KEY) == [first, newest]


def test_create_only_refuses_a_second_create(store: ObjectStore) -> None:
    store.put(KEY, b"one", expected=ABSENT)
    with pytest.raises(Conflict, match=KEY):
        store.put(KEY, b"two", expected=ABSENT)
    assert [stored.size for stored in store.versions(KEY)] == [3] and store.get(KEY) == b"one"


def test_compare_and_swap_takes_the_newest_version_only(store: ObjectStore) -> None:
    first = store.put(KEY, b"one")
    second = store.put(KEY, b"two", expected=first.version)
    with pytest.raises(Conflict, match=f"(?s)expected version {first.version}, found version {second.version}"):
        store.put(KEY, b"three", expected=first.version)
    assert store.get(KEY) == b"two"


def test_compare_and_swap_of_nothing_is_refused(store: ObjectStore) -> None:
    version = store.put("other/other.txt", b"one").version
    with pytest.raises(Conflict, match="found nothing"):
        store.put(KEY, b"one", expected=version)
    assert store.versions(KEY) == []


def test_of_many_who_create_at_once_one_wins(store: ObjectStore) -> None:
    for key in [f"race/{n}.txt" for n in range(1 if isinstance(store, S3Store) else 30)]:
        many = 3 if _is_https(store) else 16
        results = _at_once(many, partial(_create, store, key))
        winners = [result for result in results if isinstance(result, Stored)]
        assert len(winners) == 1 and sum(isinstance(result, Conflict) for result in results) == many - 1
        assert store.versions(key) == winners
        assert store.get(key) == f"writer {winners[0].about['n']}".encode()


def test_of_many_who_change_the_same_version_one_wins(store: ObjectStore) -> None:
    first = store.put(KEY, b"one")
    many = 3 if isinstance(store, S3Store) else 16
    results = _at_once(many, lambda n: store.put(KEY, f"writer {n}".encode(), expected=first.version))
    winners = [result for result in results if isinstance(result, Stored)]
    assert len(winners) == 1 and sum(isinstance(result, Conflict) for result in results) == many - 1
    assert store.versions(KEY) == [first, *winners]


def test_all_who_put_anyhow_are_kept(store: ObjectStore) -> None:
    many = 2 if isinstance(store, S3Store) else 16
    results = _at_once(many, lambda n: [store.put(KEY, f"writer {n}, {i}".encode()) for i in range(3)])
    assert not [result for result in results if isinstance(result, Exception)]
    kept = store.versions(KEY)
    assert len(kept) == 3 * many == len({stored.version for stored in kept})
    assert store.get(KEY) == store.get(KEY, kept[-1].version)


def test_many_with_the_same_bytes_make_one_version(store: ObjectStore) -> None:
    many = 3 if isinstance(store, S3Store) else 16
    results = _at_once(many, lambda _: store.put(KEY, b"the same", expected=ABSENT))
    assert results == [store.describe(KEY)] * many and len(store.versions(KEY)) == 1


@pytest.mark.parametrize("key", [
    "a.b",
    "received/2023-24/Q1/return-training/" + "0f" * 32 + ".xlsx",
    "runs/2023-24-Q4-8d1f0c2b3a/manifest.json",
    "drafts/2023-24/annual/CamelCase_and-dashes.v2.tar.gz",
    "findings/2023-24/1.1.json",
    "a/" * 100 + "deep.txt",
    "2023/" + "long" * 28 + ".json",
])  # fmt: skip
def test_keys_that_every_store_can_keep(store: ObjectStore, key: str) -> None:
    stored = store.put(key, key.encode())
    assert store.get(key) == key.encode() and list(store.list(key)) == [stored] == store.versions(key)


@pytest.mark.parametrize("key", [
    "",                       # nothing
    "/etc/passwd.txt",        # from the root
    "../outside.txt",         # out of the store
    "a/../../outside.txt",    # the same, hidden
    "a/./b.txt",              # another name for a/b.txt
    "a//b.txt",               # another name for a/b.txt
    "a\\b.txt",               # a folder on Windows, a name elsewhere
    "C:/b.txt",               # a disk
    "a/b.txt/",               # a folder
    "a/b",                    # could be the folder of a/b/c.txt
    "a.b/c.txt",              # its folder could be a key
    ".hidden",                # not an id
    "a/con.txt",              # a device on Windows
    "a/nul/b.txt",            # the same as a folder
    "a/ b.txt",               # spaces are lost in some places
    "a/b.txt.",               # Windows drops the last dot
    "a/b.txt\n",              # a line break at the end
    "a/b\x00.txt",            # the end of a name for C
    "a/Café.txt",             # written in two ways in Unicode
    "a/%2e%2e/b.txt",         # .. for whoever decodes it
    "a/" + "b" * 130 + ".txt",
    "a/" * 160 + "b.txt",
])  # fmt: skip
def test_keys_that_some_store_cannot_keep_are_refused(store: ObjectStore, key: str) -> None:
    for ask in (lambda: store.put(key, b"x"), lambda: store.get(key), lambda: store.versions(key)):
        with pytest.raises(InvalidKey, match="What to do"):
            ask()
    assert list(store.list()) == []


def test_a_version_is_no_way_out_of_the_store(store: ObjectStore) -> None:
    store.put(KEY, b"one")
    for version in ("../../../../other/other.txt/000001", "000009", "999999999"):
        with pytest.raises(Missing):
            store.get(KEY, version)


@pytest.mark.parametrize("data", [
    b"",
    "Ünïcode – “quoted”, 日本語, 👩‍👧".encode(),
    bytes(range(256)),
    b"\r\n\x1a\x00 lines\n",
    random.Random(1).randbytes(3_000_000),
], ids=["nothing", "unicode", "every byte", "line ends", "three megabytes"])  # fmt: skip
def test_bytes_are_kept_as_they_are(store: ObjectStore, data: bytes) -> None:
    store.put(KEY, data)
    assert store.get(KEY) == data and store.describe(KEY).size == len(data)


@pytest.mark.parametrize("about", [
    {},
    {"title": "Q2 – Ünïcode “quoted” 日本語 👩‍👧"},
    {"Run-Id": "A", "run_id": "b", "x.y": "keys keep their case and marks"},
    {"name": "👩" * 127},  # the longest name that a file can have
    {"spaces": "  two  in a row, and at the end  ", "empty": ""},
    {"lines": "one\ntwo\ttab \x7f delete \x01 control", "lone": "\udc80"},
])  # fmt: skip
def test_what_is_said_about_an_object_comes_back_as_it_was_said(store: ObjectStore, about: dict[str, str]) -> None:
    assert store.put(KEY, b"one", about=about).about == about == store.describe(KEY).about


def test_more_than_every_store_can_keep_about_an_object_is_refused(store: ObjectStore) -> None:
    with pytest.raises(StoreError, match="Too much is said"):
        store.put(KEY, b"one", about={"long": "é" * 400})
    assert store.versions(KEY) == []


def test_nothing_is_said_to_be_missing(store: ObjectStore) -> None:
    for ask in (store.get, store.describe, lambda key: store.link(key, minutes=5)):
        with pytest.raises(Missing, match=f"(?s){KEY}.*What to do"):
            ask(KEY)
    assert store.versions(KEY) == [] and list(store.list("drafts/")) == []


def test_a_list_has_the_newest_of_every_key_in_order(store: ObjectStore) -> None:
    keys = ["b/Q1.json", "b/Q10/x.json", "b/Q1/x.json", "a.txt", "b/Q1-y.json", "c/z.json", "b/Q1.json.bak"]
    newest = {}
    for key in keys:
        store.put(key, b"old")
        newest[key] = store.put(key, key.encode())
    assert list(store.list()) == [newest[key] for key in sorted(keys)]
    assert [stored.key for stored in store.list("b/Q1/")] == ["b/Q1/x.json"]
    assert [stored.key for stored in store.list("b/Q1")] == sorted(k for k in keys if k.startswith("b/Q1"))
    assert list(store.list("nowhere/")) == []
    with pytest.raises(InvalidKey):
        list(store.list("../"))


def test_json_of_the_same_value_is_the_same_bytes(store: ObjectStore) -> None:
    first = put_json(store, "a/a.json", {"b": ["£5", None, 1.5], "a": {"y": 1, "x": 2}}, expected=ABSENT)
    again = put_json(store, "a/a.json", {"a": {"x": 2, "y": 1}, "b": ["£5", None, 1.5]})
    assert again == first
    assert store.get("a/a.json").decode() == (
        '{\n "a": {\n  "x": 2,\n  "y": 1\n },\n "b": [\n  "£5",\n  null,\n  1.5\n ]\n}\n'
    )
    assert get_json(store, "a/a.json") == {"a": {"x": 2, "y": 1}, "b": ["£5", None, 1.5]}


def test_an_honest_store_keeps_every_promise_and_trying_again_changes_nothing(store: ObjectStore) -> None:
    promises = {promise.name: promise.kept for promise in store.probe()}
    before = {stored.key: store.versions(stored.key) for stored in store.list()}
    assert [len(versions) for versions in before.values()] == ([2] if isinstance(store, S3Store) else [])
    if not _is_https(store):
        assert {promise.name: promise.kept for promise in store.probe()} == promises
    assert {stored.key: store.versions(stored.key) for stored in store.list()} == before
    held = {"create_only": True, "compare_and_swap": True, "versions": True, "about": True}
    if isinstance(store, S3Store):
        more = {"checksum": True, "private": True, "links_expire": True, "encrypted_on_the_way": True}
        more |= {"encrypted_at_rest": None, "object_lock": None}  # the bucket of these tests has neither
    else:
        more = {"private": None, "links_expire": None}
    assert promises == {**held, **more}


_WRITER = """
import sys
from tasks.store import *
store = FolderStore(sys.argv[1]) if sys.argv[2] == "folder" else S3Store(*sys.argv[2:4], S3Settings.from_environment())
number = 0
while True:
    number += 1
    store.put("drafts/a.docx", (b"%d." % number) * 400_000)
    print(number, flush=True)
"""


def test_a_kill_leaves_the_old_or_the_new_and_never_half(store: ObjectStore) -> None:
    bucket = store.bucket if isinstance(store, S3Store) else None
    where = ["", bucket.name, bucket.prefix] if bucket else [str(store.root), "folder"]
    settings = bucket.settings if bucket else None
    names = ("endpoint", "access_key", "secret_key", "ca_bundle")
    secrets = {f"ASSURE_S3_{name.upper()}": getattr(settings, name) for name in names} if settings else {}
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, *where],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2], env={**os.environ, **secrets},
    )  # fmt: skip
    assert writer.stdout
    acknowledged = [int(writer.stdout.readline())]
    time.sleep(0.05)
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout]
    writer.wait()
    kept: list[Stored] = []
    while (now := store.versions("drafts/a.docx")) != kept:  # a server may still be at work on what it was sent
        kept = now
        time.sleep(0.2)
    assert acknowledged[-1] <= len(kept) <= acknowledged[-1] + 1
    for number, stored in enumerate(kept, 1):
        assert store.get("drafts/a.docx", stored.version) == (b"%d." % number) * 400_000
    assert store.get("drafts/a.docx") == (b"%d." % len(kept)) * 400_000
    assert store.put("drafts/a.docx", b"after").version == store.describe("drafts/a.docx").version


def _create(store: ObjectStore, key: str, number: int) -> Stored:
    return store.put(key, f"writer {number}".encode(), about={"n": str(number)}, expected=ABSENT)


def _is_https(store: ObjectStore) -> bool:
    """Whether to spare seconds: SeaweedFS lets those who write the same key at once wait, a second at a time."""
    return isinstance(store, S3Store) and store.bucket.settings.endpoint.startswith("https:")


def _at_once(many: int, work: Callable[[int], object]) -> list[object]:
    """What each of many threads got or raised, all let go at the same moment."""
    start = threading.Barrier(many)

    def one(number: int) -> object:
        start.wait()
        try:
            return work(number)
        except StoreError as error:
            return error

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))
