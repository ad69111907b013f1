"""An inbox on S3 holds what others put there with programs of their own: any name, and nothing known of the bytes."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

import pytest

from config.layouts import Source
from config.load import load_partnership
from config.partnership import Partnership
from config.periods import Quarter
from tasks.gather import receive, recognise
from tasks.store import FolderStore
from tasks.store.s3 import client_for

from .conftest import BUCKET, Server

NAME, SENT = "Training return Q1 (final) \u00e9.xlsx", b"\x00\xff"


@pytest.fixture
def address(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """An inbox to which somebody has sent files with another program."""
    for name in ("endpoint", "access_key", "secret_key"):
        monkeypatch.setenv(f"ASSURE_S3_{name.upper()}", getattr(server.http, name))
    prefix = f"inbox-{uuid.uuid4().hex}/2023-24/Q1"
    client = client_for(server.http)
    for name, data in {
        NAME: SENT, "notes+more.txt": b"x", "": b"", "folder/inside.xlsx": b"y", ".hidden": b"z",
    }.items():  # fmt: skip
        client.put_object(Bucket=BUCKET, Key=f"{prefix}/{name}", Body=data)
    return f"s3://{BUCKET}/{prefix}"


@pytest.fixture
def partnership() -> Partnership:
    known = load_partnership("eastmere", Path(__file__).parents[1] / "partnerships")
    source: Source = known.sources["return-training"].model_copy(update={"files": ("training*.xlsx",)})
    return Partnership(known.profile, known.guidance, {}, {source.id: source}, (), (), "")


def test_files_that_others_put_there_are_recognised_and_kept(
    address: str, partnership: Partnership, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path / "store")
    assert recognise(partnership, Quarter(2023, 1), address) == [(NAME, "return-training"), ("notes+more.txt", "")]
    sent, other = receive(partnership, Quarter(2023, 1), address, store)
    assert sent.key == f"received/2023-24/Q1/return-training/{hashlib.sha256(SENT).hexdigest()}.xlsx"
    assert (store.get(sent.key), store.get(other.key), other.state) == (SENT, b"x", "unexpected")
