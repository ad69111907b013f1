"""Addresses: which store or inbox is meant?

Belongs here: how a folder and a bucket are written as one line of settings. Does not belong here: whether there is such
a folder or bucket, which only shows when it is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tasks.store.contract import InvalidKey, ObjectStore
from tasks.store.folder import FolderStore
from tasks.store.inbox import FolderInbox, Inbox, S3Inbox
from tasks.store.s3 import S3Settings
from tasks.store.s3_store import S3Store


def open_store(address: str | Path) -> ObjectStore:
    """Open ``s3://bucket/prefix``, ``file:///a/folder`` or a plain path. Nothing is written by opening.

    Raises:
        InvalidKey: the address is of no kind known here.
    """
    place = _place(address, "store", "there is nowhere to keep what is sent and what is made of it")
    if isinstance(place, Path):
        return FolderStore(place)
    return S3Store(place.bucket, place.prefix, S3Settings.from_environment())


def open_inbox(address: str | Path) -> Inbox:
    """Open an inbox, with an address like that of a store. Whether it is there shows when it is looked into.

    Raises:
        InvalidKey: the address is of no kind known here.
    """
    place = _place(address, "inbox", "nothing can be gathered")
    if isinstance(place, Path):
        return FolderInbox(place)
    return S3Inbox(place.bucket, place.prefix, S3Settings.from_environment())


class _InBucket(NamedTuple):
    bucket: str
    prefix: str


def _place(address: str | Path, what: str, without: str) -> Path | _InBucket:
    if isinstance(address, Path):
        return address.expanduser()
    parts = urlsplit(address)
    if parts.scheme == "s3":
        bucket, _, prefix = address.partition("://")[2].partition("/")
        return _InBucket(bucket, prefix.strip("/"))
    if parts.scheme == "file":
        if parts.netloc in ("", "localhost") and parts.path:
            return Path(url2pathname(parts.path))
    elif address.strip() and (len(parts.scheme) < 2 or "://" not in address):
        return Path(address).expanduser()
    raise InvalidKey(
        f"No {what} has an address like this.",
        where=f"an address that begins with {parts.scheme}:" if parts.scheme else "an empty address",
        why=f"Without it {without}.",
        to_do="Give a folder (results, file:///srv/results) or a bucket (s3://bucket/prefix).",
    )
