"""S3: how is it spoken to, and what do its refusals mean to people?

Belongs here: settings, the client, the objects of one bucket as boto3 gives and lists them. Does not belong here: what
a store or an inbox makes of them. boto3 and botocore are known to this file alone, and imported when a bucket is
opened.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from tasks.store.contract import ANYTHING, InvalidKey, StoreError, conflict, damaged, missing


@dataclass(frozen=True)
class S3Settings:
    """How an S3 store is reached: ``ASSURE_S3_ENDPOINT``, ``ASSURE_S3_REGION`` and so on, one for each field.

    Without an endpoint it is AWS; without an access key boto3 looks for credentials where it always does.
    """

    endpoint: str = ""
    region: str = "eu-west-2"
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    ca_bundle: str = ""
    """File of certificates, where the store's own is not signed by a public authority."""
    checksums: str = "when_supported"
    """``when_required`` for older stores that refuse or keep the framing of checksums at the end of an upload."""

    @classmethod
    def from_environment(cls) -> S3Settings:
        return cls(**{f.name: os.environ.get(f"ASSURE_S3_{f.name.upper()}", str(f.default)) for f in fields(cls)})

    def __post_init__(self) -> None:
        if self.checksums not in ("when_supported", "when_required"):
            raise StoreError("ASSURE_S3_CHECKSUMS is not known.", to_do="Say when_supported or when_required.")
        if self.endpoint and (urlsplit(self.endpoint).scheme not in ("http", "https") or not self._host):
            raise StoreError("ASSURE_S3_ENDPOINT is no address.", to_do="Write it as https://s3.example.org:9000.")

    @property
    def _host(self) -> str:
        return urlsplit(self.endpoint).hostname or ""

    @property
    def is_loopback(self) -> bool:
        """Whether the store runs on this machine, where no proxy must come between."""
        with suppress(ValueError):
            return ipaddress.ip_address(self._host).is_loopback
        return self._host == "localhost"

    @property
    def is_private_on_the_way(self) -> bool:
        """Whether nobody on the network can read along."""
        return self.is_loopback or not self.endpoint.startswith("http:")


class Bucket:
    """The objects below one prefix of a bucket, by their names below it. ``what`` is what people call it."""

    def __init__(self, name: str, prefix: str, settings: S3Settings, *, what: str, why: str) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
            raise InvalidKey("This is no name of a bucket.", to_do="Write s3://bucket/prefix, without credentials.")
        self.name, self.prefix, self.settings = name, prefix, settings
        self._what, self._why = what, why
        self._object_lock: bool | None = None
        with self.errors():
            self.client = client_for(settings)

    def at(self, key: str, version: str | None = None) -> dict[str, str]:
        """How boto3 is told of an object, or of one version of it."""
        at = {"Bucket": self.name, "Key": self.key(key)}
        return {**at, "VersionId": version} if version else at

    def key(self, key: str) -> str:
        """The object's key in the whole bucket."""
        return f"{self.prefix}/{key}" if self.prefix else key

    def where(self, key: str = "") -> str:
        """The object's address as people read it."""
        return f"s3://{self.name}/{self.key(key)} at {self.settings.endpoint or 'AWS'}"

    def keys(self, start: str = "", **more: str) -> list[str]:
        """Keys below the prefix that begin with ``start``, in their order."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.key(start), **more)
        with self.errors():
            found = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        return [key.removeprefix(self.key("")) for key in found]

    def versions(self, key: str) -> list[str]:
        """Ids of every version of an object, oldest first."""
        name = self.key(key)
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=name)
        with self.errors(key):
            newest_first = [v["VersionId"] for page in pages for v in page.get("Versions", ()) if v["Key"] == name]
        return newest_first[::-1]

    def fetch(self, key: str, version: str | None = None) -> tuple[Mapping[str, Any], bytes]:
        """What the server says of an object, and its bytes."""
        from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

        broken_off = 0
        with self.errors(key, version):
            while True:
                answer = self.client.get_object(**self.at(key, version))
                try:
                    return answer, answer["Body"].read()
                except (IncompleteReadError, ReadTimeoutError, ResponseStreamingError):
                    broken_off += 1  # boto3 repeats a request that failed, never an answer that broke off
                    if broken_off == 3:
                        raise

    def changed_at(self, key: str) -> datetime:
        """When the newest version of an object was put, by the server's clock."""
        with self.errors(key):
            moment: datetime = self.client.head_object(**self.at(key))["LastModified"]
        return moment

    def make(self) -> None:
        """Make the bucket, with versions and object lock, unless it is there already."""
        with self.errors(), suppress(self.client.exceptions.BucketAlreadyOwnedByYou):
            self.client.create_bucket(Bucket=self.name, ObjectLockEnabledForBucket=True)

    def has_object_lock(self) -> bool:
        """Whether this bucket can see to it that a version is not deleted before a day. Asked once.

        Raises:
            StoreError: it may not be asked.
        """
        if self._object_lock is None:
            try:
                with self.errors():
                    answer = self.client.get_object_lock_configuration(Bucket=self.name)
            except StoreError as error:
                if status_behind(error) not in (
                    400,
                    404,
                    405,
                    501,
                ):  # as servers say that there is none, or no such thing
                    raise
                self._object_lock = False
            else:
                enabled = answer.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled")
                self._object_lock = enabled == "Enabled"
        return self._object_lock

    def opens(self, address: str) -> int:
        """The HTTP status that an address gives to whoever has nothing else."""
        from botocore.awsrequest import AWSRequest
        from botocore.httpsession import URLLib3Session

        proxies: dict[str, str] | None = {} if self.settings.is_loopback else None
        session = URLLib3Session(verify=self.settings.ca_bundle or True, proxies=proxies)
        with self.errors():
            return int(session.send(AWSRequest("GET", address).prepare()).status_code)

    @contextmanager
    def errors(self, key: str = "", version: str | None = None) -> Iterator[None]:
        """Say in people's words what boto3 says in its own."""
        from botocore.exceptions import BotoCoreError, ClientError, FlexibleChecksumError

        try:
            yield
        except FlexibleChecksumError:
            raise damaged(self.where(key), "its checksum is another one") from None
        except ClientError as error:
            raise self._refusal(error.response, key, version) from error
        except BotoCoreError as error:
            raise StoreError(
                f"The {self._what} cannot be reached ({type(error).__name__}).",
                where=self.where(key),
                why=self._why,
                to_do="See that its server runs, that ASSURE_S3_ENDPOINT, ASSURE_S3_ACCESS_KEY and "
                "ASSURE_S3_SECRET_KEY are set, and ASSURE_S3_CA_BUNDLE where its certificate is the council's own.",
            ) from error

    def _refusal(self, response: Mapping[str, Any], key: str, version: str | None) -> StoreError:
        code, status = response["Error"].get("Code", ""), response["ResponseMetadata"].get("HTTPStatusCode", 0)
        what = self._what
        if code == "NoSuchBucket":
            words = "There is no such bucket.", "Make the bucket, for a store with versioning on, or mend its name."
        elif status in (409, 412):
            return conflict(key, ANYTHING, None)
        elif status == 404 or (version and status in (400, 405)):
            return missing(key, version)
        elif status in (401, 403):
            words = f"The {what} refuses these credentials ({code}).", _CHECK_CREDENTIALS
        else:
            words = f"The {what} answered {status} {code}.", "Try again later; if it stays, ask who runs its server."
        return StoreError(words[0], where=self.where(key), why=self._why, to_do=words[1])


_CHECK_CREDENTIALS = (
    "Check ASSURE_S3_ACCESS_KEY and ASSURE_S3_SECRET_KEY, this machine's clock, and that they may read, write and list "
    "in this bucket."
)


def status_behind(error: StoreError) -> int:
    """The HTTP status of the refusal that an error tells of; 0 where the server did not answer."""
    from botocore.exceptions import ClientError

    answer = error.__cause__
    return int(answer.response["ResponseMetadata"]["HTTPStatusCode"]) if isinstance(answer, ClientError) else 0


@lru_cache(maxsize=8)
def client_for(settings: S3Settings) -> Any:
    """One client a process, with nothing left to chance: boto3's defaults fail in many ways where it is not AWS."""
    import boto3
    import botocore.session
    from botocore.config import Config

    loaded = None
    if settings.access_key:  # then no profile and no file of this user may add anything
        nothing = {"profile": (None, None, None, None), "config_file": (None, None, os.devnull, None)}
        loaded = botocore.session.Session(session_vars=nothing)
    session = boto3.session.Session(
        aws_access_key_id=settings.access_key or None,
        aws_secret_access_key=settings.secret_key or None,
        aws_session_token=settings.session_token or None,
        region_name=settings.region,
        botocore_session=loaded,
    )
    config = Config(
        signature_version="s3v4",  # else links are signed in the old way, which newer stores refuse
        s3={"addressing_style": "path" if settings.endpoint else "auto"},
        proxies={} if settings.is_loopback else None,  # else HTTP_PROXY is used for 127.0.0.1 too
        retries={"mode": "standard", "total_max_attempts": 4},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=16,
        request_checksum_calculation=settings.checksums,
        response_checksum_validation=settings.checksums,
        ignore_configured_endpoint_urls=True,
    )
    endpoint, verify = settings.endpoint or None, settings.ca_bundle or None
    return session.client("s3", endpoint_url=endpoint, verify=verify, config=config)
