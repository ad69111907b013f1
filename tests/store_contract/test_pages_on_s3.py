"""The pages over a bucket: what is downloaded comes from the bucket itself, by a link that ends; pages come from us."""

from __future__ import annotations

import urllib.error
import urllib.request
import uuid
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tasks.store import FolderStore, S3Store
from tests.flows.served import served
from tests.front_page import small
from tests.review import drafts_edited as edits

from .conftest import BUCKET, Server


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def sent_on(address: str) -> str:
    """Where an address sends a browser."""
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.build_opener(_Stay).open(address, timeout=30)
    assert told.value.code == 302
    return told.value.headers["Location"]


def read(address: str) -> tuple[bytes, str]:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read(), answer.headers.get("Content-Disposition", "")


def test_drafts_come_from_the_bucket_at_an_address_that_does_not_end(
    server: Server, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(small.PARTNERSHIPS))
    prefix = f"pages-{uuid.uuid4().hex}"
    store = S3Store(BUCKET, prefix, server.http)
    small.fill(store)
    settings = {f"ASSURE_S3_{n.upper()}": getattr(server.http, n) for n in ("endpoint", "access_key", "secret_key")}
    with served(f"s3://{BUCKET}/{prefix}", ASSURE_PARTNERSHIPS=str(small.PARTNERSHIPS), **settings) as address:
        link = sent_on(f"{address}store/{small.DRAFT}")
        assert link.startswith(server.http.endpoint)
        assert 0 < int(parse_qs(urlsplit(link).query)["X-Amz-Expires"][0]) <= 300
        data, opens_as = read(link)
        assert data == store.get(small.DRAFT)
        assert f'filename="{edits.SNAPSHOT}-2023-24-annual.docx"' in opens_as

        store.put(small.DRAFT, b"newer")
        assert read(f"{address}store/{small.DRAFT}")[0] == b"newer"

        page, opens_as = read(f"{address}store/quality/2023-24/annual/index.html")
        assert page == store.get("quality/2023-24/annual/index.html") and not opens_as
        with pytest.raises(urllib.error.HTTPError, match="404"):
            read(f"{address}store/restricted/register/a.json")
        front = read(address)[0]

    folder = small.fill(FolderStore(tmp_path / "store"))
    folder.put(small.DRAFT, b"newer")
    with served(str(tmp_path / "store"), ASSURE_PARTNERSHIPS=str(small.PARTNERSHIPS)) as address:
        assert read(address)[0] == front
