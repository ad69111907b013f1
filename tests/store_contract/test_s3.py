"""What S3 promises beside the contract, and the ways in which boto3 or a server would break it."""

from __future__ import annotations

import io
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session
from botocore.response import StreamingBody

from tasks.store import ABSENT, Conflict, Damaged, S3Settings, S3Store, StoreError, open_store
from tasks.store.s3 import client_for
from tests.conftest import ROOT

from .conftest import BUCKET, Server, closed_port

KEY = "drafts/2023-24/Q1/vision.docx"
LOCKED = "assure-locked"


def test_boto3_is_not_imported_before_a_bucket_is_opened(tmp_path: Path) -> None:
    code = "import sys; from tasks.store import *; open_store(sys.argv[1]).versions('a/b.txt'); " \
           "open_inbox(sys.argv[1]).names(); assert not {'boto3', 'botocore'} & set(sys.modules)"  # fmt: skip
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=Path(__file__).parents[2])


def test_nothing_of_this_users_machine_leaks_in(
    server: Server, s3: S3Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A developer has a profile, a council's laptop a proxy; neither may come between."""
    (tmp_path / "config").write_text("[default]\ns3 =\n  addressing_style = virtual\nregion = us-east-1\n")
    for name, value in {
        "AWS_PROFILE": "nobody", "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_ACCESS_KEY_ID": "another",
        "AWS_SECRET_ACCESS_KEY": "another", "AWS_SESSION_TOKEN": "another", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9",
        "ASSURE_S3_ENDPOINT": server.http.endpoint, "ASSURE_S3_ACCESS_KEY": server.http.access_key,
        "ASSURE_S3_SECRET_KEY": server.http.secret_key,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    client_for.cache_clear()
    store = open_store(f"s3://{BUCKET}/{s3.bucket.prefix}/")
    stored = store.put(KEY, b"one")
    assert s3.describe(KEY) == stored and store.get(KEY) == b"one"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENDPOINT", "ACCESS_KEY", "SECRET_KEY", "REGION", "SESSION_TOKEN", "CA_BUNDLE", "CHECKSUMS"):
        monkeypatch.delenv(f"ASSURE_S3_{name}", raising=False)
    assert S3Settings.from_environment() == S3Settings()
    monkeypatch.setenv("ASSURE_S3_SECRET_KEY", "never shown")
    monkeypatch.setenv("ASSURE_S3_REGION", "eu-west-1")
    settings = S3Settings.from_environment()
    assert settings == S3Settings(secret_key="never shown", region="eu-west-1")
    assert "never shown" not in repr(settings)
    for name, value in (("CHECKSUMS", "sometimes"), ("ENDPOINT", "s3.example.org")):
        monkeypatch.setenv(f"ASSURE_S3_{name}", value)
        with pytest.raises(StoreError, match=f"(?s)ASSURE_S3_{name}.*What to do"):
            S3Settings.from_environment()
        monkeypatch.delenv(f"ASSURE_S3_{name}")


@pytest.mark.parametrize(("endpoint", "private"), [
    ("", True),                             # AWS
    ("https://s3.example.org", True),
    ("http://127.0.0.1:8333", True),        # never leaves this machine
    ("http://localhost:8333", True),
    ("http://[::1]:8333", True),
    ("http://s3.example.org", False),
    ("http://10.0.0.5:9000", False),        # the council's own network has more than one reader
])  # fmt: skip
def test_only_this_machine_may_be_asked_without_encryption(endpoint: str, private: bool) -> None:
    assert S3Settings(endpoint).is_private_on_the_way is private


@pytest.mark.parametrize("way", ["http", "https"])
def test_older_checksums_can_be_asked_for(server: Server, s3: S3Store, way: str) -> None:
    store = S3Store(BUCKET, s3.bucket.prefix, replace(getattr(server, way), checksums="when_required"))
    store.put(KEY, b"one")
    assert store.get(KEY) == b"one" == s3.get(KEY)


def test_a_server_whose_certificate_is_not_known_is_not_trusted(server: Server, s3: S3Store, tmp_path: Path) -> None:
    empty = ssl.get_default_verify_paths().cafile
    if not empty:
        pytest.skip("this machine has no certificates of public authorities to try with")
    store = S3Store(BUCKET, s3.bucket.prefix, replace(server.https, ca_bundle=empty))
    with pytest.raises(StoreError, match="(?s)SSLError.*ASSURE_S3_CA_BUNDLE"):
        store.put(KEY, b"one")


# Transport


def test_a_success_whose_answer_was_lost_is_a_success(s3: S3Store) -> None:
    """boto3 sends again, and is told 412 by its own first attempt."""
    with _lost_answers(s3, 1) as sent:
        stored = s3.put(KEY, b"one", expected=ABSENT)
    assert sent == [200] and s3.versions(KEY) == [stored]
    with _lost_answers(s3, 2) as sent:
        second = s3.put(KEY, b"two", expected=stored.version)
    assert sent == [200, 412] and s3.versions(KEY) == [stored, second]


@pytest.mark.parametrize("many", [1, 3])
def test_an_answer_that_broke_off_is_asked_for_again(s3: S3Store, many: int) -> None:
    s3.put(KEY, b"one")
    broken: list[int] = []

    def break_off(parsed: dict[str, object], **_: object) -> None:
        if len(broken) < many:
            broken.append(1)
            parsed["Body"] = StreamingBody(io.BytesIO(b"on"), 3)

    s3.bucket.client.meta.events.register("after-call.s3.GetObject", break_off)
    if many < 3:
        assert s3.get(KEY) == b"one" and broken
    else:
        with pytest.raises(StoreError, match="IncompleteReadError"):
            s3.get(KEY)


def test_a_conflict_whose_answer_was_lost_is_a_conflict(s3: S3Store) -> None:
    first = s3.put(KEY, b"one")
    s3.put(KEY, b"two")
    with _lost_answers(s3, 1), pytest.raises(Conflict):
        s3.put(KEY, b"three", expected=first.version)
    assert s3.get(KEY) == b"two"


def test_a_writer_who_was_overtaken_between_look_and_put_conflicts(s3: S3Store, server: Server) -> None:
    first = s3.put(KEY, b"one")
    client_for.cache_clear()
    other = S3Store(BUCKET, s3.bucket.prefix, server.http)

    def overtake(**_: object) -> None:
        s3.bucket.client.meta.events.unregister("before-send.s3.PutObject", overtake)
        other.put(KEY, b"faster")

    s3.bucket.client.meta.events.register("before-send.s3.PutObject", overtake)
    with pytest.raises(Conflict):
        s3.put(KEY, b"two", expected=first.version)
    assert [s3.get(KEY, stored.version) for stored in s3.versions(KEY)] == [b"one", b"faster"]


def test_bytes_that_are_not_those_of_their_hash_are_refused(s3: S3Store) -> None:
    s3.put(KEY, b"one")
    name, about = f"{s3.bucket.prefix}/{KEY}", {"sha256": "0" * 64, "about": "{}"}
    s3.bucket.client.put_object(Bucket=BUCKET, Key=name, Body=b"sne", Metadata=about)
    with pytest.raises(Damaged, match=KEY):
        s3.get(KEY)
    s3.bucket.client.put_object(Bucket=BUCKET, Key=name, Body=b"from elsewhere")
    with pytest.raises(Damaged, match="(?s)nothing is known.*What to do"):
        s3.get(KEY)


def test_folders_that_a_console_made_are_not_listed(s3: S3Store) -> None:
    s3.put(KEY, b"one")
    s3.bucket.client.put_object(Bucket=BUCKET, Key=f"{s3.bucket.prefix}/drafts/", Body=b"")
    assert [stored.key for stored in s3.list()] == [KEY]


def test_a_deleted_key_is_absent_and_its_versions_stay(s3: S3Store) -> None:
    """We never delete, but a person with a console can."""
    first = s3.put(KEY, b"one")
    s3.bucket.client.delete_object(Bucket=BUCKET, Key=f"{s3.bucket.prefix}/{KEY}")
    assert s3.versions(KEY) == [first] and list(s3.list()) == []
    second = s3.put(KEY, b"two", expected=ABSENT)
    assert s3.versions(KEY) == [first, second] and s3.get(KEY, first.version) == b"one"


def test_more_than_one_page_is_read(s3: S3Store) -> None:
    page = {"MaxKeys": 3}
    s3.bucket.client.meta.events.register(
        "before-parameter-build.s3.ListObjectsV2", lambda params, **_: params.update(page)
    )
    s3.bucket.client.meta.events.register(
        "before-parameter-build.s3.ListObjectVersions", lambda params, **_: params.update(page)
    )
    kept = [s3.put(f"a/{n:02}.txt", b"x") for n in range(8)]
    many = [s3.put("b/many.txt", b"%d" % n) for n in range(8)]
    assert list(s3.list("a/")) == kept and s3.versions("b/many.txt") == many


# Refusals


def test_what_the_server_refuses_is_said_in_words(server: Server) -> None:
    for settings, bucket, words in (
        (replace(server.http, secret_key="wrong"), BUCKET, "refuses these credentials"),
        (replace(server.http, access_key="unknown"), BUCKET, "refuses these credentials"),
        (server.http, "no-such-bucket", "no such bucket"),
        (replace(server.http, endpoint=f"http://127.0.0.1:{closed_port()}"), BUCKET, "cannot be reached"),
    ):
        store = S3Store(bucket, "x", settings)
        with pytest.raises(StoreError, match=f"(?s){words}.*s3://{bucket}/x.*What to do") as caught:
            store.put(KEY, b"one")
        assert settings.secret_key not in str(caught.value)
        assert [(promise.name, promise.kept) for promise in store.probe()] == [("reachable", False)]


# Links


def test_a_link_opens_one_version_until_it_ends_and_cannot_be_altered(s3: S3Store) -> None:
    name = "Vision – “draft” 1.docx"
    s3.put(KEY, b"one")
    s3.put("other/other.txt", b"other")
    soon, link = s3.link(KEY, minutes=1 / 60, filename=name), s3.link(KEY, minutes=5, filename=name)
    made = time.monotonic()
    s3.put(KEY, b"two")
    status, body, opens_as = _open(link)
    assert (status, body) == (200, b"one") and quote(name, safe="") in opens_as and opens_as.startswith("attachment;")
    for altered in (
        link.replace(quote(KEY), "other/other.txt"),
        link.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"),
        link.partition("?")[0],
        link[:-1] + ("0" if link[-1] != "0" else "1"),
    ):
        assert altered != link and _open(altered)[0] in (401, 403)
    time.sleep(max(0.0, made + 1.2 - time.monotonic()))
    assert _open(soon)[0] == 403 and _open(link)[0] == 200


# Locks and encryption


def test_a_locked_version_cannot_be_deleted_before_its_day(server: Server) -> None:
    locked = S3Store(LOCKED, f"test-{uuid.uuid4().hex}", server.https)
    client, name = locked.bucket.client, f"{locked.bucket.prefix}/{KEY}"
    with suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
        client.create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True)
    until = date(2099, 1, 1)
    one = locked.put(KEY, b"one", expected=ABSENT, locked_until=until)
    free = locked.put("drafts/free.txt", b"free")

    kept = client.get_object_retention(Bucket=LOCKED, Key=name, VersionId=one.version)["Retention"]
    assert (kept["Mode"], kept["RetainUntilDate"].astimezone(UTC).date()) == ("GOVERNANCE", until)
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        client.delete_object(Bucket=LOCKED, Key=name, VersionId=one.version)
    client.delete_object(Bucket=LOCKED, Key=f"{locked.bucket.prefix}/drafts/free.txt", VersionId=free.version)
    assert locked.get(KEY, one.version) == b"one" and locked.versions("drafts/free.txt") == []
    assert locked.put(KEY, b"one", expected=ABSENT, locked_until=until) == one, "published again, it is as it was"


def test_a_bucket_without_object_lock_keeps_all_the_same(s3: S3Store) -> None:
    stored = s3.put(KEY, b"one", locked_until=date(2099, 1, 1))
    assert s3.versions(KEY) == [stored] and s3.get(KEY) == b"one"


def test_what_a_bucket_has_besides_is_told_in_words(server: Server, s3: S3Store) -> None:
    without = {promise.name: promise for promise in s3.probe()}
    assert without["object_lock"].kept is None and "no object lock" in without["object_lock"].words
    assert without["encrypted_at_rest"].kept is None and "encryption on" in without["encrypted_at_rest"].words

    store = S3Store("assure-encrypted", "x", server.http)
    client = store.bucket.client
    client.create_bucket(Bucket=store.bucket.name, ObjectLockEnabledForBucket=True)
    by_itself = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    client.put_bucket_encryption(Bucket=store.bucket.name, ServerSideEncryptionConfiguration=by_itself)
    assert {promise.name for promise in store.probe() if promise.kept is not True} == set()


def test_the_bucket_of_a_trial_keeps_versions_and_locks(server: Server, tmp_path: Path) -> None:
    told = {f"ASSURE_S3_{n.upper()}": getattr(server.http, n) for n in ("endpoint", "access_key", "secret_key")}

    def made(address: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "deployments.trial_bucket"],
            cwd=ROOT, env=told | {"ASSURE_STORE": address}, capture_output=True, text=True,
        )  # fmt: skip

    for _ in range(2):  # a second time it is there
        done = made("s3://assure-trial/store")
        assert done.returncode == 0, done.stderr
    not_kept = {one.name for one in S3Store("assure-trial", "store", server.http).probe() if one.kept is not True}
    assert not_kept == {"encrypted_at_rest"}
    assert made(str(tmp_path)).returncode == 2


# Stores that do not keep their promises


def test_a_bucket_without_versions_is_found_out(server: Server) -> None:
    store = S3Store("assure-unversioned", "x", server.http)
    store.bucket.client.create_bucket(Bucket=store.bucket.name)
    promises = {promise.name: promise for promise in store.probe()}
    assert promises["versions"].kept is False and "versioning" in promises["versions"].words
    assert promises["create_only"].kept and promises["links_expire"].kept
    assert store.put(KEY, b"one") == store.describe(KEY) and store.get(KEY) == b"one"


def test_a_store_that_says_yes_to_everything_is_found_out() -> None:
    with _lying_server() as endpoint:
        store = S3Store(BUCKET, "x", S3Settings(endpoint, access_key="any", secret_key="any"))
        promises = {promise.name: promise for promise in store.probe()}
        assert {name for name, promise in promises.items() if promise.kept is not True} == {
            "create_only", "compare_and_swap", "versions", "checksum", "private", "links_expire",
            "encrypted_at_rest", "object_lock",
        }  # fmt: skip
        assert "Two people publishing at once could overwrite each other" in promises["create_only"].words


def test_a_store_that_always_refuses_to_replace_is_not_asked_for_ever(
    s3: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Ceph 16 does: 412 to every If-Match, also to the right one."""
    monkeypatch.setattr("tasks.store.versioned.PATIENCE", 3)
    s3.put(KEY, b"one")
    s3.bucket.client.meta.events.register(
        "before-parameter-build.s3.PutObject",
        lambda params, **_: params.update(IfMatch='"00000000000000000000000000000000"'),
    )
    with pytest.raises(StoreError, match="If-Match"):
        s3.put(KEY, b"two")
    assert s3.get(KEY) == b"one"


class _SaysYes(BaseHTTPRequestHandler):
    """Keeps what it is sent, ignores every condition, checksum, signature and version."""

    protocol_version = "HTTP/1.1"
    kept: dict[str, tuple[bytes, dict[str, str]]] = {}

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.kept[urlsplit(self.path).path] = body, {k: v for k, v in self.headers.items() if "meta" in k.lower()}
        self._answer(200, b"")

    def do_GET(self) -> None:
        body, about = self.kept.get(urlsplit(self.path).path, (b"", {}))
        self._answer(200 if body else 404, body if self.command == "GET" else b"", about, len(body))

    do_HEAD = do_GET  # noqa: N815

    def _answer(self, status: int, body: bytes, about: dict[str, str] | None = None, size: int = 0) -> None:
        self.send_response(status)
        for name, value in {"ETag": '"1"', "Content-Length": str(size or len(body)), **(about or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def _lying_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _SaysYes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def _lost_answers(store: S3Store, many: int) -> Iterator[list[int]]:
    """Sends the next uploads for real and loses their answers on the way back."""
    sent: list[int] = []

    def lose(request, **_: object) -> None:
        if len(sent) < many:
            sent.append(URLLib3Session(proxies={}).send(request).status_code)
            raise ConnectionClosedError(endpoint_url=request.url)

    store.bucket.client.meta.events.register("before-send.s3.PutObject", lose)
    yield sent
    store.bucket.client.meta.events.unregister("before-send.s3.PutObject", lose)


def _open(address: str) -> tuple[int, bytes, str]:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address) as answer:
            return answer.status, answer.read(), answer.headers["Content-Disposition"]
    except urllib.error.HTTPError as error:
        return error.code, b"", ""
