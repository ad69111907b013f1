"""A whole quarter with its inbox and its store on S3: the same bytes as in a folder."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from tasks.store import open_store
from tasks.store.s3 import client_for
from tests.conftest import ROOT, run_assure

from .conftest import BUCKET, Server

SENT = ROOT / "config/partnerships/hsscp/sample/2023-24/Q1"
WORDS = ("quarter", "2023-24-Q1", "--partnership", "hsscp", "--inbox")


def kept(address: str) -> dict[str, str]:
    return {stored.key: stored.sha256 for stored in open_store(address).list()}


@pytest.mark.slow
def test_the_same_bytes_as_in_a_folder(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("endpoint", "access_key", "secret_key"):
        monkeypatch.setenv(f"ASSURE_S3_{name.upper()}", getattr(server.http, name))
    settings = {f"ASSURE_S3_{n.upper()}": getattr(server.http, n) for n in ("endpoint", "access_key", "secret_key")}
    prefix, client = f"run-{uuid.uuid4().hex}", client_for(server.http)
    for path in SENT.iterdir():
        client.put_object(Bucket=BUCKET, Key=f"{prefix}/inbox/{path.name}", Body=path.read_bytes())

    inbox, store = f"s3://{BUCKET}/{prefix}/inbox", f"s3://{BUCKET}/{prefix}/store"
    on_s3 = run_assure(*WORDS, inbox, "--store", store, ASSURE_HOME=str(tmp_path / "home"), **settings)
    in_folder = run_assure(*WORDS, str(SENT), "--store", str(tmp_path / "store"), ASSURE_HOME=str(tmp_path / "home"))

    assert (on_s3.returncode, in_folder.returncode) == (1, 1), on_s3.stderr + in_folder.stderr
    assert f"{store}/quality/2023-24/Q1/index.html" in on_s3.stdout
    assert len(kept(store)) > 25
    assert kept(store) == kept(str(tmp_path / "store"))
