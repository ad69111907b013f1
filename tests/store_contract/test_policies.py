"""Who may do what in the bucket: each policy that we ship, enforced by a real server, tried on every room."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from botocore.exceptions import ClientError
from starlette.testclient import TestClient

from config.settings import Settings
from flows.pages import application
from tasks.store import ABSENT, S3Settings, S3Store, StoreError
from tasks.store.s3 import client_for
from tests.conftest import ROOT
from tests.flows.test_pages import ADDRESS, retyped, upload
from tests.front_page import small
from tests.review import drafts_edited as edits

from .conftest import Server, allowed_by
from .test_s3 import KEY

BUCKET = "safeguarding-assurance"
"""As in the policies: they are tried as they stand."""
ROOMS = (
    "annex", "decisions", "drafts", "findings", "forms", "gathered", "published", "quality", "received", "register",
    "restricted", "reviews", "runs", "signatures", "uploads",
)  # fmt: skip
READS = {
    "pipeline": {*ROOMS},
    "pages": {
        "annex",
        "drafts",
        "findings",
        "forms",
        "published",
        "quality",
        "register",
        "reviews",
        "runs",
        "signatures",
        "uploads",
    },
    "editors": {"drafts"},
    "quality": {"quality", "findings", "register"},
    "scrutineer": {"published", "signatures", "register", "findings", "decisions", "quality", "runs"},
}
WRITES: dict[str, set[str]] = {
    "pipeline": {*ROOMS},
    "pages": {"drafts", "reviews", "uploads"},
    "editors": {"uploads"},
    "quality": set(),
    "scrutineer": set(),
}
LISTS = {role: {*ROOMS} if role in ("pipeline", "pages") else rooms for role, rooms in READS.items()}
"""A store asks what is there before it writes; whoever may not list is told "forbidden" instead of "nothing"."""
ROLES = tuple(READS)


@pytest.fixture(scope="module")
def bucket(server: Server) -> Iterator[Any]:
    """The bucket with something in every room, as its owner sees it."""
    client_for.cache_clear()
    owner = client_for(server.https)
    with suppress(owner.exceptions.BucketAlreadyOwnedByYou, owner.exceptions.BucketAlreadyExists):
        owner.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    for room in ROOMS:
        owner.put_object(Bucket=BUCKET, Key=f"store/{room}/there.txt", Body=b"there")
    owner.put_object(Bucket=BUCKET, Key="inbox/2023-24/Q1/sent.csv", Body=b"sent")
    owner.put_object(Bucket=BUCKET, Key="elsewhere/there.txt", Body=b"there")
    yield owner


@pytest.fixture(scope="module")
def as_role(server: Server, bucket: Any) -> Callable[[str], S3Settings]:
    """Signs in as a role, to which its policy and nothing else is attached."""
    return lru_cache(lambda role: allowed_by(server.https, role))


def refused(does: Callable[[], object]) -> bool:
    """Whether the server says that this may not be done. Anything else that goes wrong is an error."""
    try:
        does()
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403, error
        return True
    return False


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_writes_and_lists_its_rooms_and_no_other(as_role, role: str) -> None:
    client = client_for(as_role(role))
    read, written, listed = set(), set(), set()
    for room in ROOMS:
        there, new = {"Bucket": BUCKET, "Key": f"store/{room}/there.txt"}, f"store/{room}/{role}.txt"
        if not refused(lambda at=there: client.get_object(**at)):
            read.add(room)
        assert refused(lambda at=there: client.head_object(**at)) == (room not in read)
        if not refused(lambda key=new: client.put_object(Bucket=BUCKET, Key=key, Body=b"new")):
            written.add(room)
        if not refused(lambda room=room: client.list_objects_v2(Bucket=BUCKET, Prefix=f"store/{room}/")):
            listed.add(room)
    assert (read, written, listed) == (READS[role], WRITES[role], LISTS[role])


@pytest.mark.parametrize("role", ROLES)
def test_no_role_deletes_unlocks_or_opens_anything(as_role, bucket: Any, role: str) -> None:
    client = client_for(as_role(role))
    for room in ROOMS:
        at = {"Bucket": BUCKET, "Key": f"store/{room}/there.txt"}
        version = bucket.head_object(**at)["VersionId"]
        assert refused(lambda at=at: client.delete_object(**at))
        assert refused(lambda at=at, version=version: client.delete_object(**at, VersionId=version))
        assert refused(
            lambda at=at, version=version: client.delete_object(**at, VersionId=version, BypassGovernanceRetention=True)
        )
        assert refused(lambda at=at: client.put_object_acl(**at, ACL="public-read"))
    everybody = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    ]}  # fmt: skip
    suspended = {"Status": "Suspended"}
    assert refused(lambda: client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(everybody)))
    assert refused(lambda: client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=suspended))
    assert refused(lambda: client.delete_bucket(Bucket=BUCKET))
    assert refused(lambda: client.create_bucket(Bucket=f"{BUCKET}-{role}"))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_nothing_outside_its_store(as_role, role: str) -> None:
    client = client_for(as_role(role))
    sent = {"Bucket": BUCKET, "Key": "inbox/2023-24/Q1/sent.csv"}
    assert refused(lambda: client.get_object(**sent)) == (role != "pipeline")
    assert refused(lambda: client.put_object(**sent, Body=b"another"))
    assert refused(lambda: client.get_object(Bucket=BUCKET, Key="elsewhere/there.txt"))
    assert refused(lambda: client.put_object(Bucket=BUCKET, Key="elsewhere/new.txt", Body=b"new"))
    assert refused(lambda: client.list_objects_v2(Bucket=BUCKET)) == (role not in ("pipeline", "pages"))


def test_an_editor_cannot_copy_what_may_not_be_read(as_role) -> None:
    client = client_for(as_role("editors"))
    there = f"{BUCKET}/store/restricted/there.txt"
    assert refused(lambda: client.copy_object(Bucket=BUCKET, Key="store/uploads/x.txt", CopySource=there))
    assert refused(lambda: client.get_object(Bucket=BUCKET, Key="store/uploads/there.txt"))


def test_the_pipeline_has_all_that_a_store_needs_and_locks_what_it_publishes(as_role) -> None:
    store = S3Store(BUCKET, "store", as_role("pipeline"))
    not_kept = {promise.name: promise.words for promise in store.probe() if promise.kept is not True}
    assert not_kept.keys() <= {"encrypted_at_rest"}, not_kept
    first = store.put(KEY, b"one", expected=ABSENT)
    second = store.put(KEY, b"two", expected=first.version)
    assert store.versions(KEY) == [first, second]
    published = store.put("published/2023-24/receipt.json", b"{}", expected=ABSENT, locked_until=date(2099, 1, 1))
    at = {"Bucket": BUCKET, "Key": "store/published/2023-24/receipt.json"}
    kept = store.bucket.client.head_object(**at, VersionId=published.version)
    assert kept["ObjectLockMode"] == "GOVERNANCE"


def test_the_pages_take_an_upload_with_no_more_rights_than_theirs(
    server: Server, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ASSURE_PAGES", "ASSURE_PASSWORD_FILE", "PREFECT_SERVER_API_AUTH_STRING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(small.PARTNERSHIPS))
    name = f"{BUCKET}-pages"
    bucket.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    small.fill(S3Store(name, "store", allowed_by(server.https, "pipeline", name)))
    store, data = S3Store(name, "store", allowed_by(server.https, "pages", name)), edits.edited(retyped)
    with TestClient(application(store, Settings.from_environment()), base_url=ADDRESS) as client:
        answer = upload(client, data)
        assert answer.status_code == 200 and "was changed to “999”" in answer.text
        assert "Edited (Training group)" in client.get("/").text
    assert store.get(small.DRAFT) == data


def test_the_bucket_answers_nobody_who_could_be_read_along_with(server: Server, bucket: Any) -> None:
    bucket.put_bucket_policy(Bucket=BUCKET, Policy=(ROOT / "deployments/policies/bucket.json").read_text())
    try:
        with pytest.raises(StoreError, match="refuses these credentials"):
            S3Store(BUCKET, "store", server.http).get("drafts/there.txt")
        assert bucket.get_object(Bucket=BUCKET, Key="store/drafts/there.txt")["Body"].read() == b"there"
    finally:
        bucket.delete_bucket_policy(Bucket=BUCKET)
