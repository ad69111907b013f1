"""An inbox is filled by people with programs of their own: any name, and nothing known of the bytes."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tasks.store import Inbox, InvalidKey, S3Settings, StoreError, Unreadable, open_inbox
from tasks.store.s3 import client_for

from .conftest import BUCKET, Server, closed_port

SENT = {
    "Training return Q1 (final) é.xlsx": bytes(range(256)),
    "apple.csv": b"a,b\r\n1,2\r\n",
    "100% & more+more #2.csv": "–".encode(),
    "Zebra.CSV": b"",
    "no ending": b"x" * 3_000_000,
    "$folder.txt": b"not a folder",
}
LEFT_OUT = [
    ".hidden",
    ".~lock.apple.csv#",      # LibreOffice has it open
    "~$Training return.xlsx",  # Excel has it open
    "Thumbs.db",              # Windows shows pictures
    "Desktop.ini",
    "older/apple.csv",        # a folder below
    "../in box 2/pear.csv",   # a folder beside, whose name begins in the same way
]  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """An inbox, and how people put files there and take them out."""

    address: str | Path
    put: Callable[[str, bytes], object]
    take_out: Callable[[str], object]

    def opened(self) -> Inbox:
        return open_inbox(self.address)


@pytest.fixture(params=["folder", "file://", "s3", "s3 over https"])
def filled(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Filled:
    if "s3" in request.param:
        server: Server = request.getfixturevalue("server")
        return _on_s3(server.http if request.param == "s3" else server.https, monkeypatch)
    folder = tmp_path / "in box"
    folder.mkdir()

    def put(name: str, data: bytes) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)

    return Filled(folder if request.param == "folder" else folder.as_uri(), put, lambda name: (folder / name).unlink())


def _on_s3(settings: S3Settings, monkeypatch: pytest.MonkeyPatch) -> Filled:
    for name in ("endpoint", "access_key", "secret_key", "ca_bundle"):
        monkeypatch.setenv(f"ASSURE_S3_{name.upper()}", getattr(settings, name))
    client, above = client_for(settings), f"test-{uuid.uuid4().hex}/2023-24"

    def at(name: str) -> dict[str, str]:
        return {"Bucket": BUCKET, "Key": f"{above}/{name[3:]}" if name.startswith("../") else f"{above}/in box/{name}"}

    return Filled(
        f"s3://{BUCKET}/{above}/in box",
        lambda name, data: client.put_object(**at(name), Body=data),
        lambda name: client.delete_object(**at(name)),
    )


def test_files_are_named_in_order_and_read_as_they_were_sent(filled: Filled) -> None:
    for name, data in [*SENT.items(), *((name, b"x") for name in LEFT_OUT)]:
        filled.put(name, data)
    inbox = filled.opened()
    assert inbox.names() == sorted(SENT)
    assert {name: inbox.read(name) for name in inbox.names()} == SENT


def test_a_file_sent_again_is_read_as_it_is_now(filled: Filled) -> None:
    inbox = filled.opened()
    for data in (b"first", b"second"):
        filled.put("apple.csv", data)
        assert inbox.names() == ["apple.csv"] and inbox.read("apple.csv") == data


def test_the_day_on_which_a_file_was_put_there_is_told(filled: Filled) -> None:
    """A file that is put there now came today, or at midnight a moment ago, in Britain."""
    filled.put("apple.csv", b"x")
    inbox, today = filled.opened(), datetime.now(ZoneInfo("Europe/London")).date()
    assert inbox.came_on("apple.csv") in (today, today - timedelta(days=1))
    filled.take_out("apple.csv")
    with pytest.raises(Unreadable, match="(?s)apple.csv.*Why it matters.*What to do"):
        inbox.came_on("apple.csv")


def test_a_file_that_was_taken_out_meanwhile_does_not_stop_the_others(filled: Filled) -> None:
    for name in ("apple.csv", "pear.csv"):
        filled.put(name, b"x")
    inbox = filled.opened()
    names = inbox.names()
    filled.take_out("apple.csv")
    with pytest.raises(Unreadable, match="(?s)apple.csv.*Why it matters.*What to do"):
        inbox.read(names[0])
    assert inbox.read(names[1]) == b"x" and inbox.names() == ["pear.csv"]


# Folders


@pytest.mark.parametrize("name", [
    "../outside.csv",          # out of the inbox
    "folder/inside.csv",       # not looked into
    "..",                      # the folder above
    ".hidden",                 # not offered
    "",                        # the inbox itself
])  # fmt: skip
def test_nothing_but_files_of_the_inbox_is_read(tmp_path: Path, name: str) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "folder").mkdir(parents=True)
    for path in (tmp_path / "outside.csv", inbox / "folder" / "inside.csv", inbox / ".hidden"):
        path.write_bytes(b"x")
    with pytest.raises(Unreadable, match="not one of the inbox"):
        open_inbox(inbox).read(name)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that is there and cannot be read")
def test_a_file_that_is_there_and_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "locked.csv").symlink_to("/proc/self/mem")
    assert open_inbox(tmp_path).names() == ["locked.csv"]
    with pytest.raises(Unreadable, match="(?s)locked.csv.*What to do"):
        open_inbox(tmp_path).read("locked.csv")


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights on Windows")
def test_an_inbox_that_cannot_be_looked_into_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(StoreError, match="(?s)cannot be looked into.*loop.*What to do"):
        open_inbox(tmp_path / "loop").names()


@pytest.mark.parametrize("name", ["nowhere", "a file"])
def test_a_folder_that_is_not_there_is_said_so_in_words(tmp_path: Path, name: str) -> None:
    (tmp_path / "a file").write_bytes(b"x")
    with pytest.raises(StoreError, match=f"(?s)The inbox is not there.*{name}.*Why it matters.*What to do"):
        open_inbox(tmp_path / name).names()


@pytest.mark.parametrize("address", [
    "",                           # nothing
    "file://inbox",               # a computer called inbox
    "https://example.org/inbox",  # neither a folder nor a bucket
    "s3://",                      # no bucket
    "s3:bucket/inbox",            # neither
    "s3://user:password@bucket",  # credentials do not belong into an address
])  # fmt: skip
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(InvalidKey, match="What to do") as caught:
        open_inbox(address)
    assert "password" not in str(caught.value)


# S3


@pytest.fixture
def on_s3(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Filled]:
    """With a client of its own, for tests that change how it asks."""
    client_for.cache_clear()
    yield _on_s3(server.http, monkeypatch)
    client_for.cache_clear()


def test_what_consoles_make_in_the_place_of_folders_is_left_out(on_s3: Filled) -> None:
    for name in ("", "folder/", "other_$folder$"):
        on_s3.put(name, b"")
    on_s3.put("apple.csv", b"x")
    assert on_s3.opened().names() == ["apple.csv"]


def test_more_than_one_page_of_files_is_named(on_s3: Filled, server: Server) -> None:
    names = [f"file {n}.csv" for n in range(7)]
    for name in [*names, "folder 1/x.csv", "folder 2/x.csv", ".hidden"]:
        on_s3.put(name, b"x")
    client_for(server.http).meta.events.register(
        "before-parameter-build.s3.ListObjectsV2", lambda params, **_: params.update(MaxKeys=2)
    )
    assert on_s3.opened().names() == names


def test_a_prefix_with_nothing_below_is_an_empty_inbox(on_s3: Filled) -> None:
    assert on_s3.opened().names() == []


def test_the_whole_of_a_bucket_can_be_an_inbox(on_s3: Filled, server: Server) -> None:
    client_for(server.http).create_bucket(Bucket="assure-inbox")
    client_for(server.http).put_object(Bucket="assure-inbox", Key="Apple pie.csv", Body=b"x")
    for address in ("s3://assure-inbox", "s3://assure-inbox/"):
        inbox = open_inbox(address)
        assert inbox.names() == ["Apple pie.csv"] and inbox.read("Apple pie.csv") == b"x"


def test_what_the_server_refuses_is_said_in_words(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for settings, bucket, words in (
        (server.http, "no-such-bucket", "There is no such bucket"),
        (replace(server.http, secret_key="wrong"), BUCKET, "The inbox refuses these credentials"),
        (replace(server.http, endpoint=f"http://127.0.0.1:{closed_port()}"), BUCKET, "The inbox cannot be reached"),
    ):
        for name in ("endpoint", "access_key", "secret_key"):
            monkeypatch.setenv(f"ASSURE_S3_{name.upper()}", getattr(settings, name))
        inbox = open_inbox(f"s3://{bucket}/in box")
        for ask in (inbox.names, lambda inbox=inbox: inbox.read("apple.csv")):
            with pytest.raises(StoreError, match=f"(?s){words}.*s3://{bucket}/in box.*gathered.*What to do") as caught:
                ask()
            assert not isinstance(caught.value, Unreadable) and settings.secret_key not in str(caught.value)
