"""A store in a bucket, for more than one machine.

Belongs here: how versions, and what is known of them, lie in a bucket. Does not belong here: how a put is decided
(``tasks.store.versioned``), and boto3 (``tasks.store.s3``).
"""

from __future__ import annotations

import base64
import builtins
import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

from tasks.store.contract import (
    FOLDER,
    Conflict,
    InvalidKey,
    Missing,
    Promise,
    Stored,
    StoreError,
    check_key,
    check_prefix,
    damaged,
    is_key,
    written_about,
)
from tasks.store.probe import S3Probe, unreachable
from tasks.store.s3 import Bucket, S3Settings
from tasks.store.versioned import Versioned, verified


class S3Store(Versioned):
    """A store in a bucket that keeps versions, on AWS or anything that speaks S3 and keeps ``probe``'s promises."""

    def __init__(self, bucket: str, prefix: str = "", settings: S3Settings | None = None) -> None:
        if prefix and not re.fullmatch(rf"{FOLDER}(?:/{FOLDER})*", prefix):
            raise InvalidKey("This prefix cannot be used.", where=ascii(prefix), to_do="Use ids with / between them.")
        kept = "Nothing was half written: what was there before is still there."
        self.bucket = Bucket(bucket, prefix, settings or S3Settings(), what="store", why=kept)

    def get(self, key: str, version: str | None = None) -> bytes:
        check_key(key)
        answer, data = self.bucket.fetch(key, version)
        return verified(self._stored(key, answer), data)

    def describe(self, key: str, version: str | None = None) -> Stored:
        check_key(key)
        return self._stored(key, self._head(key, version))

    def versions(self, key: str) -> builtins.list[Stored]:
        check_key(key)
        return [self.describe(key, version) for version in self.bucket.versions(key)]

    def list(self, prefix: str = "") -> Iterator[Stored]:
        for key in self.bucket.keys(check_prefix(prefix)):
            if is_key(key):  # not the empty objects that consoles make to show folders
                yield self.describe(key)

    def link(self, key: str, *, minutes: float, filename: str = "") -> str:
        stored, name = self.describe(key), filename or key.rpartition("/")[2]
        plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
        opens_as = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        with self.bucket.errors(key):
            return str(
                self.bucket.client.generate_presigned_url(
                    "get_object",
                    Params={**self.bucket.at(key, stored.version), "ResponseContentDisposition": opens_as},
                    ExpiresIn=min(max(1, round(minutes * 60)), 604_800),
                )
            )

    def probe(self) -> builtins.list[Promise]:
        try:
            return S3Probe(self).run()
        except StoreError as error:
            return [unreachable(error)]

    def _newest(self, key: str) -> tuple[Stored, str] | None:
        try:
            answer = self._head(key)
        except Missing:
            return None
        return self._stored(key, answer), answer["ETag"]

    def _commit(
        self, wanted: Stored, data: bytes, before: tuple[Stored, str] | None, locked_until: date | None = None
    ) -> Stored | None:
        condition: dict[str, Any] = {"IfMatch": before[1]} if before else {"IfNoneMatch": "*"}
        if locked_until and self.bucket.has_object_lock():
            # Governance: a mistake can still be mended by whoever was given the right to, and by nobody else.
            condition |= {
                "ObjectLockMode": "GOVERNANCE",
                "ObjectLockRetainUntilDate": datetime.combine(locked_until, time(), UTC),
            }
        try:
            answer = self._send(wanted, data, **condition)
        except (Conflict, Missing):
            # Perhaps our own success, whose answer was lost and which boto3 sent again: a look at the newest will tell.
            return None
        return replace(wanted, version=answer.get("VersionId", "null"))

    def _again(self, stored: Stored, data: bytes) -> None:
        """S3 keeps its bytes well by itself."""

    def _head(self, key: str, version: str | None = None) -> dict[str, Any]:
        with self.bucket.errors(key, version):
            answer: dict[str, Any] = self.bucket.client.head_object(**self.bucket.at(key, version))
            return answer

    def _send(self, wanted: Stored, data: bytes, **condition: Any) -> dict[str, Any]:
        kind = wanted.about.get("content-type") or mimetypes.guess_type(wanted.key)[0] or "application/octet-stream"
        with self.bucket.errors(wanted.key):
            answer: dict[str, Any] = self.bucket.client.put_object(
                **self.bucket.at(wanted.key),
                Body=data,
                ContentType=kind,
                Metadata={"sha256": wanted.sha256, "about": written_about(wanted.about)},
                ChecksumSHA256=base64.b64encode(bytes.fromhex(wanted.sha256)).decode(),
                **condition,
            )
            return answer

    def _stored(self, key: str, answer: Mapping[str, Any]) -> Stored:
        kept, version = answer.get("Metadata", {}), answer.get("VersionId", "null")
        try:
            return Stored(key, version, kept["sha256"], answer["ContentLength"], json.loads(kept["about"]))
        except (KeyError, ValueError):
            raise damaged(f"{self.bucket.where(key)}, version {version}", "nothing is known of it") from None
