"""The store: what was put under a key stays there byte for byte, and nobody's work is overwritten unseen.

Belongs here: the promises of a store (``ObjectStore``) and its two homes, a folder and anything that speaks S3. There
is no delete. Does not belong here: which keys a run writes (``tasks.run``), and what is in them.

Both homes keep every version of a key. A put is create-only (``expected=ABSENT``), compare-and-swap (``expected`` is a
version) or neither (``ANYTHING``); putting the bytes that are already newest changes nothing, so that a run repeated
leaves the store as it was. boto3 is known to this file alone, and imported when an S3 store is opened.
"""

from __future__ import annotations

import base64
import builtins
import hashlib
import ipaddress
import json
import mimetypes
import os
import re
import shutil
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname

from config.errors import Failure


class Expected(Enum):
    """What must stand under a key for a put to be done, when it is not one certain version."""

    ABSENT = "nothing"
    ANYTHING = "anything"


ABSENT = Expected.ABSENT
ANYTHING = Expected.ANYTHING


@dataclass(frozen=True)
class Stored:
    """One version of one key. ``about`` is what its writer said of it: short texts, never a person's particulars."""

    key: str
    version: str
    sha256: str
    size: int
    about: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Promise:
    """One thing that a store was tried for. ``kept`` is None where it could not be tried or does not apply."""

    name: str
    kept: bool | None
    words: str


class StoreError(Failure):
    """The store could not do what was asked of it. What it held before is untouched."""


class InvalidKey(StoreError):
    """The key or address is not one that every store can keep."""


class Missing(StoreError):
    """There is nothing under this key, or not in this version."""


class Conflict(StoreError):
    """Somebody else was first: the key does not hold what the writer believed it to hold."""


class Damaged(StoreError):
    """What lies in the store is not what was put there."""


class ObjectStore(Protocol):
    """What every store promises. Versions are texts that mean something to their own store only."""

    def put(
        self, key: str, data: bytes, *, about: Mapping[str, str] | None = None, expected: str | Expected = ANYTHING
    ) -> Stored:
        """Keep bytes as the newest version, whole or not at all; the newest bytes again make no new version.

        Raises:
            Conflict: the key does not hold what was expected.
        """
        ...

    def get(self, key: str, version: str | None = None) -> bytes:
        """Bytes of the newest or of one version, compared with the SHA-256 they were put with.

        Raises:
            Missing: there is nothing there.
            Damaged: the bytes are not those that were put.
        """
        ...

    def describe(self, key: str, version: str | None = None) -> Stored:
        """What is known of the newest or of one version. Raises ``Missing``."""
        ...

    def versions(self, key: str) -> builtins.list[Stored]:
        """Every version, oldest first; an empty list where there is none."""
        ...

    def list(self, prefix: str = "") -> Iterator[Stored]:
        """The newest version of every key that begins with these characters, in the order of their keys."""
        ...

    def link(self, key: str, *, minutes: float, filename: str = "") -> str:
        """An address under which a person opens the newest version, for so long where the store can limit it."""
        ...

    def probe(self) -> builtins.list[Promise]:
        """Try what this store really keeps of its promises."""
        ...


def open_store(address: str | Path) -> ObjectStore:
    """Open ``s3://bucket/prefix``, ``file:///a/folder`` or a plain path. Nothing is written by opening.

    Raises:
        InvalidKey: the address is of no kind known here.
    """
    address = str(address)
    parts = urlsplit(address)
    if parts.scheme == "s3":
        return S3Store(parts.netloc, parts.path.strip("/"), S3Settings.from_environment())
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return FolderStore(url2pathname(parts.path))
    if address.strip() and (len(parts.scheme) < 2 or "://" not in address) and parts.scheme != "file":
        return FolderStore(Path(address).expanduser())
    raise InvalidKey(
        "This address of a store cannot be used.",
        where=f"an address that begins with {parts.scheme}:" if parts.scheme else "an empty address",
        why="Without a store there is nowhere to keep what is sent and what is made of it.",
        to_do="Give a folder (results, file:///srv/results) or a bucket (s3://bucket/prefix).",
    )


def put_json(store: ObjectStore, key: str, value: object, **keywords: Any) -> Stored:
    """Put a plain value as JSON: the same value, the same bytes. Keywords are those of ``put``."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False)
    return store.put(key, f"{text}\n".encode(), **keywords)


def get_json(store: ObjectStore, key: str, version: str | None = None) -> Any:
    """The plain value that ``put_json`` put."""
    return json.loads(store.get(key, version))


# Keys

_FOLDER = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_KEY = re.compile(rf"(?:{_FOLDER}/)*{_FOLDER}(?:\.[A-Za-z0-9_-]+)+")
_PREFIX = re.compile(rf"(?:{_FOLDER}/)*(?:{_FOLDER}(?:\.[A-Za-z0-9_-]*)*)?")
_NOT_ON_WINDOWS = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:[./]|$)", re.IGNORECASE)
_LONGEST_KEY, _LONGEST_PART, _LONGEST_ABOUT = 300, 120, 1900


def check_key(key: str) -> str:
    """Refuse a key that not every store can keep.

    Folders have no dot and the last part has one, so no key can ever be the folder of another.

    Raises:
        InvalidKey: it is not of that form.
    """
    parts = key.split("/")
    fits = len(key) <= _LONGEST_KEY and max(map(len, parts)) <= _LONGEST_PART
    if not fits or not _KEY.fullmatch(key) or _NOT_ON_WINDOWS.search(key):
        raise InvalidKey(
            "This key cannot be used in a store.",
            where=ascii(key[:_LONGEST_KEY]),
            why="Folders, buckets and Windows shares must all be able to keep it, each key apart from every other.",
            to_do="Use ids of letters, digits, - and _ with / between them and an ending on the last, as in "
            "drafts/2023-24/Q1/vision.docx.",
        )
    return key


def _check_prefix(prefix: str) -> str:
    if not _PREFIX.fullmatch(prefix):
        raise InvalidKey("No key can begin with this.", where=ascii(prefix), to_do="Give the beginning of a key.")
    return prefix


def _check_about(about: Mapping[str, str] | None) -> str:
    """``about`` as one line of ASCII, which is all that S3 keeps beside an object."""
    text = json.dumps(dict(about or {}), sort_keys=True).replace("\x7f", "\\u007f")
    if len(text) > _LONGEST_ABOUT:
        raise StoreError(
            "Too much is said about this object.",
            where=f"{len(text)} characters, of {_LONGEST_ABOUT} that every store can keep",
            to_do="Keep ids here, and longer texts in an object of their own.",
        )
    return text


def _missing(key: str, version: str | None) -> Missing:
    return Missing(
        "There is nothing in the store under this key.",
        where=key + (f", version {version}" if version else ""),
        why="What comes later in a run is made from it.",
        to_do="Run the earlier steps for this period first, and look whether this is the right store.",
    )


def _damaged(where: str, what: str) -> Damaged:
    return Damaged(
        f"What lies in the store is not what was put there: {what}.",
        where=where,
        why="A figure must not be printed from bytes that somebody, or a failing disk, has changed.",
        to_do="Bring this object back from a backup, or put the original file again.",
    )


def _conflict(key: str, expected: str | Expected, found: Stored | None) -> Conflict:
    believed = expected.value if isinstance(expected, Expected) else f"version {expected}"
    return Conflict(
        "Somebody else has written this in the meantime; nothing was overwritten.",
        where=f"{key}: expected {believed}, found {f'version {found.version}' if found else 'nothing'}",
        why="Two people writing over each other would lose the work of one.",
        to_do="Read the newest version, see what changed, and try again.",
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _verified(stored: Stored, data: bytes) -> bytes:
    if _sha256(data) != stored.sha256:
        raise _damaged(f"{stored.key}, version {stored.version}", "its SHA-256 is another one")
    return data


_PATIENCE = 15


class _Versioned(ABC):
    """How both stores put: look at the newest, refuse or commit on top of it, and look again if another was faster."""

    def put(
        self, key: str, data: bytes, *, about: Mapping[str, str] | None = None, expected: str | Expected = ANYTHING
    ) -> Stored:
        check_key(key)
        said, digest = _check_about(about), _sha256(data)
        before, unchanged = self._newest(key), 0
        while True:
            found = before[0] if before else None
            if found and found.sha256 == digest:
                self._again(found, data)
                return found
            if expected is not ANYTHING and (found.version if found else ABSENT) != expected:
                raise _conflict(key, expected, found)
            stored = self._commit(Stored(key, "", digest, len(data), json.loads(said)), data, before)
            if stored:
                return stored
            now = self._newest(key)
            unchanged = unchanged + 1 if now == before else 0
            if unchanged > _PATIENCE:
                raise StoreError(
                    "The store refuses to replace this although nobody else has changed it.",
                    where=key,
                    why="It does not keep to If-Match, without which two writers could overwrite each other.",
                    to_do="Run `assure store check`, and use a store that keeps every promise it names.",
                )
            time.sleep(0.02 * unchanged)
            before = now

    @abstractmethod
    def _newest(self, key: str) -> tuple[Stored, str] | None:
        """The newest version, and what a commit on top of it must name."""

    @abstractmethod
    def _commit(self, wanted: Stored, data: bytes, before: tuple[Stored, str] | None) -> Stored | None:
        """Make the next version after ``before``, or answer None because another came first."""

    @abstractmethod
    def _again(self, stored: Stored, data: bytes) -> None:
        """See to it that bytes put a second time are well kept."""


# A folder


class FolderStore(_Versioned):
    """A store in a folder: ``history`` holds every version, ``current`` a plain copy of the newest, to open in Word.

    A version is ``history/<key>/000001.json`` (what is known of it) and ``000001-<start of its SHA-256>.<ending>`` (its
    bytes), written and synced before. The commit is one hard link to the name ``000001.json``, which fails where that
    exists: create-only and compare-and-swap are the same call, and a kill leaves the old version or the new.
    """

    def __init__(self, path: str | Path) -> None:
        self.root = Path(path).absolute()
        self._history, self._current, self._staging = (self.root / n for n in ("history", "current", "staging"))
        with suppress(OSError):  # what a killed process left behind a day ago or longer
            for file in self._staging.iterdir():
                if file.is_file() and file.stat().st_mtime < time.time() - 86_400:
                    file.unlink()

    def get(self, key: str, version: str | None = None) -> bytes:
        with self._disk(key):
            stored = self.describe(key, version)
            data = self._read(stored)
            if version is None:
                self._show(key, edited_aside=False)
            return data

    def describe(self, key: str, version: str | None = None) -> Stored:
        check_key(key)
        with self._disk(key):
            numbers = self._numbers(key)
            if not numbers or (version is not None and version not in numbers):
                raise _missing(key, version)
            return self._known(key, version or numbers[-1])

    def versions(self, key: str) -> builtins.list[Stored]:
        check_key(key)
        with self._disk(key):
            return [self._known(key, number) for number in self._numbers(key)]

    def list(self, prefix: str = "") -> Iterator[Stored]:
        _check_prefix(prefix)
        start = self._history / prefix.rpartition("/")[0]
        with self._disk(prefix):
            folders = [Path(folder).relative_to(self._history).as_posix() for folder, _, _ in os.walk(start)]
            keys = sorted(key for key in folders if key.startswith(prefix) and _KEY.fullmatch(key))
        for key in keys:
            if self._numbers(key):
                yield self.describe(key)

    def link(self, key: str, *, minutes: float, filename: str = "") -> str:
        stored = self.describe(key)
        self._show(key, edited_aside=False)
        return (self._current / key if self._is_shown(stored) else self._body(stored)).as_uri()

    def probe(self) -> builtins.list[Promise]:
        try:
            _make_folder(self._staging)
            trial = FolderStore(self._staging / uuid.uuid4().hex)
            try:
                return [*self._try_out(trial), *_FOLDER_LIMITS]
            finally:
                shutil.rmtree(trial.root, ignore_errors=True)
        except (OSError, StoreError) as error:
            return [Promise("reachable", False, f"Nothing can be written to this folder. {error}")]

    @staticmethod
    def _try_out(trial: FolderStore) -> Iterator[Promise]:
        key, about = "probe/probe.txt", {"title": "Ünïcode – kept"}
        first = trial.put(key, b"first", about=about, expected=ABSENT)
        second = trial.put(key, b"second", expected=first.version)
        # Past every look beforehand: the disk itself must refuse to make version 2 again.
        refused = trial._commit(Stored(key, "", _sha256(b"third"), 5), b"third", (first, first.version)) is None
        refused = refused and trial.get(key) == b"second"
        yield _promise("create_only", refused)
        yield _promise("compare_and_swap", refused)
        yield _promise("versions", trial.versions(key) == [first, second] and trial.get(key, first.version) == b"first")
        yield _promise("about", trial.describe(key, first.version).about == about)

    # Committing

    def _newest(self, key: str) -> tuple[Stored, str] | None:
        with self._disk(key):
            numbers = self._numbers(key)
            return (self._known(key, numbers[-1]), numbers[-1]) if numbers else None

    def _commit(self, wanted: Stored, data: bytes, before: tuple[Stored, str] | None) -> Stored | None:
        number = f"{int(before[1]) + 1 if before else 1:06d}"
        stored = Stored(wanted.key, number, wanted.sha256, wanted.size, wanted.about)
        with self._disk(stored.key):
            folder = _make_folder(self._history / stored.key)
            self._write(data).replace(self._body(stored))
            record = self._write(json.dumps(asdict(stored), sort_keys=True, indent=1).encode())
            try:
                self._record(stored).hardlink_to(record)
            except FileExistsError:
                if self._known(stored.key, number).sha256 != stored.sha256:
                    self._body(stored).unlink(missing_ok=True)
                return None
            except OSError as error:
                raise StoreError(
                    f"This disk cannot keep versions safely: it has no hard links ({error.strerror}).",
                    where=str(self.root),
                    why="Without them two writers at once could overwrite each other.",
                    to_do="Use a folder on another disk (not exFAT, not every network share), or an S3 store.",
                ) from error
            finally:
                record.unlink(missing_ok=True)
            _sync_folder(folder)
        self._show(stored.key, edited_aside=True)
        return stored

    def _again(self, stored: Stored, data: bytes) -> None:
        with self._disk(stored.key):
            with suppress(Damaged):
                self._read(stored)
                self._show(stored.key, edited_aside=False)
                return
            self._write(data).replace(self._body(stored))
            self._show(stored.key, edited_aside=False)

    def _write(self, data: bytes, *, sync: bool = True) -> Path:
        path = _make_folder(self._staging) / uuid.uuid4().hex
        with path.open("xb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        return path

    # The copy for people

    def _show(self, key: str, *, edited_aside: bool) -> None:
        """Let ``current`` hold the newest version; what a person has edited there is never overwritten.

        The copy bears the time of its version's record, which tells whether it is up to date without reading it. It is
        a convenience: a folder that may only be read, or a document open in Word, must not make a put or get fail.
        """
        shown = self._current / key
        with suppress(OSError, Damaged):
            while (newest := self._newest(key)) and not self._is_shown(newest[0]):
                born = self._record(newest[0]).stat().st_mtime_ns
                there = _sha256(shown.read_bytes()) if shown.exists() else ""
                if there == newest[0].sha256:
                    os.utime(shown, ns=(born, born))
                    return
                if there and there not in {stored.sha256 for stored in self.versions(key)}:
                    if not edited_aside:
                        return
                    shown.replace(shown.with_name(f"{shown.stem}-edited-{there[:12]}{shown.suffix}"))
                copy = self._write(self._read(newest[0]), sync=False)
                os.utime(copy, ns=(born, born))
                shown.parent.mkdir(parents=True, exist_ok=True)
                copy.replace(shown)

    def _is_shown(self, stored: Stored) -> bool:
        try:
            copy, record = (self._current / stored.key).stat(), self._record(stored).stat()
        except OSError:
            return False
        return copy.st_mtime_ns == record.st_mtime_ns and copy.st_size == stored.size

    # Reading

    def _record(self, stored: Stored) -> Path:
        return self._history / stored.key / f"{stored.version}.json"

    def _body(self, stored: Stored) -> Path:
        name = f"{stored.version}-{stored.sha256[:32]}{Path(stored.key).suffix}"
        return self._history / stored.key / name

    def _numbers(self, key: str) -> builtins.list[str]:
        try:
            names = [path.name for path in (self._history / key).iterdir()]
        except FileNotFoundError:
            return []
        return sorted((name[:-5] for name in names if re.fullmatch(r"\d{6,9}\.json", name)), key=int)

    def _known(self, key: str, number: str) -> Stored:
        try:
            stored = Stored(**json.loads((self._history / key / f"{number}.json").read_bytes()))
        except (ValueError, TypeError):
            raise _damaged(f"{key}, version {number}", "its record cannot be read") from None
        if (stored.key, stored.version) != (key, number):
            raise _damaged(f"{key}, version {number}", "its record is that of another key or version")
        return stored

    def _read(self, stored: Stored) -> bytes:
        try:
            data = self._body(stored).read_bytes()
        except FileNotFoundError:
            raise _damaged(f"{stored.key}, version {stored.version}", "its file is gone") from None
        return _verified(stored, data)

    @contextmanager
    def _disk(self, key: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"The folder of the store could not be used: {error.strerror or type(error).__name__}.",
                where=f"{self.root}, at {key}",
                why="Nothing was half written: what was there before is still there.",
                to_do="See that the folder exists, may be written to and has room, then run again.",
            ) from error


def _make_folder(folder: Path) -> Path:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)
    return folder


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows keeps names without being asked to, and cannot open folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# S3


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


class S3Store(_Versioned):
    """A store in a bucket that keeps versions, on AWS or anything that speaks S3 and keeps ``probe``'s promises."""

    def __init__(self, bucket: str, prefix: str = "", settings: S3Settings | None = None) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
            raise InvalidKey("This is no name of a bucket.", to_do="Write s3://bucket/prefix, without credentials.")
        if prefix and not re.fullmatch(rf"{_FOLDER}(?:/{_FOLDER})*", prefix):
            raise InvalidKey("This prefix cannot be used.", where=ascii(prefix), to_do="Use ids with / between them.")
        self.bucket, self.prefix, self.settings = bucket, prefix, settings or S3Settings()
        with self._errors():
            self._client = _s3_client(self.settings)

    def _again(self, stored: Stored, data: bytes) -> None:
        """S3 keeps its bytes well by itself."""

    def get(self, key: str, version: str | None = None) -> bytes:
        from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

        check_key(key)
        broken_off = 0
        with self._errors(key, version):
            while True:
                answer = self._client.get_object(**self._at(key, version))
                try:
                    return _verified(self._stored(key, answer), answer["Body"].read())
                except (IncompleteReadError, ReadTimeoutError, ResponseStreamingError):
                    broken_off += 1  # boto3 repeats a request that failed, never an answer that broke off
                    if broken_off == 3:
                        raise

    def describe(self, key: str, version: str | None = None) -> Stored:
        check_key(key)
        with self._errors(key, version):
            return self._stored(key, self._client.head_object(**self._at(key, version)))

    def versions(self, key: str) -> builtins.list[Stored]:
        check_key(key)
        name = self._name(key)
        with self._errors(key):
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=name)
            ids = [v["VersionId"] for page in pages for v in page.get("Versions", ()) if v["Key"] == name]
        return [self.describe(key, id_) for id_ in reversed(ids)]

    def list(self, prefix: str = "") -> Iterator[Stored]:
        start = self._name(_check_prefix(prefix))
        with self._errors():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=start)
            names = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        for name in names:
            key = name.removeprefix(self._name(""))
            if _KEY.fullmatch(key):  # not the empty objects that consoles make to show folders
                yield self.describe(key)

    def link(self, key: str, *, minutes: float, filename: str = "") -> str:
        stored, name = self.describe(key), filename or key.rpartition("/")[2]
        plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
        opens_as = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        with self._errors(key):
            return str(
                self._client.generate_presigned_url(
                    "get_object",
                    Params={**self._at(key, stored.version), "ResponseContentDisposition": opens_as},
                    ExpiresIn=min(max(1, round(minutes * 60)), 604_800),
                )
            )

    def probe(self) -> builtins.list[Promise]:
        try:
            return _Probe(self).run()
        except StoreError as error:
            return [Promise("reachable", False, str(error))]

    # Requests

    def _newest(self, key: str) -> tuple[Stored, str] | None:
        try:
            with self._errors(key):
                answer = self._client.head_object(**self._at(key))
        except Missing:
            return None
        return self._stored(key, answer), answer["ETag"]

    def _commit(self, wanted: Stored, data: bytes, before: tuple[Stored, str] | None) -> Stored | None:
        condition = {"IfMatch": before[1]} if before else {"IfNoneMatch": "*"}
        try:
            with self._errors(wanted.key):
                answer = self._send(wanted, data, **condition)
        except (Conflict, Missing):
            # Perhaps our own success, whose answer was lost and which boto3 sent again: a look at the newest will tell.
            return None
        version = answer.get("VersionId", "null")
        return Stored(wanted.key, version, wanted.sha256, wanted.size, wanted.about)

    def _send(self, wanted: Stored, data: bytes, **more: str) -> dict[str, Any]:
        kind = wanted.about.get("content-type") or mimetypes.guess_type(wanted.key)[0] or "application/octet-stream"
        checksum = base64.b64encode(bytes.fromhex(wanted.sha256)).decode()
        request = {
            **self._at(wanted.key),
            "ContentType": kind,
            "Metadata": {"sha256": wanted.sha256, "about": _check_about(wanted.about)},
            "ChecksumSHA256": checksum,
        }
        answer: dict[str, Any] = self._client.put_object(Body=data, **(request | more))
        return answer

    def _at(self, key: str, version: str | None = None) -> dict[str, str]:
        at = {"Bucket": self.bucket, "Key": self._name(key)}
        return {**at, "VersionId": version} if version else at

    def _name(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    def _stored(self, key: str, answer: Mapping[str, Any]) -> Stored:
        kept, version = answer.get("Metadata", {}), answer.get("VersionId", "null")
        try:
            return Stored(key, version, kept["sha256"], answer["ContentLength"], json.loads(kept["about"]))
        except (KeyError, ValueError):
            raise _damaged(f"{self._where(key)}, version {version}", "nothing is known of it") from None

    def _where(self, key: str = "") -> str:
        return f"s3://{self.bucket}/{self._name(key)} at {self.settings.endpoint or 'AWS'}"

    @contextmanager
    def _errors(self, key: str = "", version: str | None = None) -> Iterator[None]:
        """Say in people's words what boto3 says in its own."""
        from botocore.exceptions import BotoCoreError, ClientError, FlexibleChecksumError

        try:
            yield
        except FlexibleChecksumError:
            raise _damaged(self._where(key), "its checksum is another one") from None
        except ClientError as error:
            raise self._refusal(error.response, key, version) from error
        except BotoCoreError as error:
            raise StoreError(
                f"The store cannot be reached ({type(error).__name__}).",
                where=self._where(key),
                why="Nothing was half written: what was there before is still there.",
                to_do="See that it runs, that ASSURE_S3_ENDPOINT, ASSURE_S3_ACCESS_KEY and ASSURE_S3_SECRET_KEY are "
                "set, and ASSURE_S3_CA_BUNDLE where its certificate is the council's own.",
            ) from error

    def _refusal(self, response: Mapping[str, Any], key: str, version: str | None) -> StoreError:
        code, status = response["Error"].get("Code", ""), response["ResponseMetadata"].get("HTTPStatusCode", 0)
        if code == "NoSuchBucket":
            words = "There is no such bucket.", "Make the bucket, with versioning on, or mend its name."
        elif status in (409, 412):
            return _conflict(key, ANYTHING, None)
        elif status == 404 or (version and status in (400, 405)):
            return _missing(key, version)
        elif status in (401, 403):
            words = f"The store refuses these credentials ({code}).", _CHECK_CREDENTIALS
        else:
            words = f"The store answered {status} {code}.", "Try again later; if it stays, ask who runs the store."
        return StoreError(words[0], where=self._where(key), why="Nothing was half written.", to_do=words[1])


class S3Inbox:
    """What others put directly below a prefix, with programs of their own: any name, and nothing known of the bytes.

    A store would neither list nor vouch for such objects. Nothing is ever written here.
    """

    def __init__(self, address: str, settings: S3Settings | None = None) -> None:
        parts = urlsplit(address)
        self._store = S3Store(parts.netloc, parts.path.strip("/"), settings or S3Settings.from_environment())

    def names(self) -> list[str]:
        """Names of the objects, without those in folders below and without the empty ones that stand for folders."""
        store, start = self._store, self._store._name("")
        with store._errors():
            pages = store._client.get_paginator("list_objects_v2").paginate(
                Bucket=store.bucket, Prefix=start, Delimiter="/"
            )
            names = [entry["Key"].removeprefix(start) for page in pages for entry in page.get("Contents", ())]
        return [name for name in names if name]

    def data(self, name: str) -> bytes:
        """An object's bytes as they are now."""
        with self._store._errors(name):
            body: bytes = self._store._client.get_object(**self._store._at(name))["Body"].read()
            return body


_CHECK_CREDENTIALS = (
    "Check ASSURE_S3_ACCESS_KEY and ASSURE_S3_SECRET_KEY, this machine's clock, and that they may read, write and list "
    "in this bucket."
)


@lru_cache(maxsize=8)
def _s3_client(settings: S3Settings) -> Any:
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


# What stores really keep

_KEPT_AND_BROKEN = {
    "create_only": (
        "A second create of the same key is refused.",
        "This store accepted a second create of the same key. Two people publishing at once could overwrite each "
        "other. Use a store that honours If-None-Match, or let one person publish at a time.",
    ),
    "compare_and_swap": (
        "A change to a version that is no longer the newest is refused, and to the newest accepted.",
        "This store does not compare versions before it replaces one. Two people changing the same document at once "
        "could overwrite each other. Use a store that honours If-Match, or let one person write at a time.",
    ),
    "versions": (
        "Older versions stay and can be read.",
        "This store does not keep older versions: what is replaced is lost. Turn versioning on for the bucket.",
    ),
    "about": (
        "What is said about an object comes back as it was said.",
        "This store changes or loses what is said about an object, and with it the SHA-256 that shows damage.",
    ),
    "checksum": (
        "Bytes that changed on their way are refused.",
        "This store accepted bytes with a wrong checksum: damage on the way is noticed only when they are read.",
    ),
    "private": (
        "Without credentials nothing can be read.",
        "This store gives its objects to anybody without credentials. Close it before anything is put there.",
    ),
    "links_expire": (
        "Links work, end when they should, and cannot be altered.",
        "Links of this store do not work, do not end, or can be altered. Do not send any.",
    ),
    "encrypted_on_the_way": (
        "Nobody on the network can read along.",
        "The address of this store begins with http: whoever is on the network can read along. Use https.",
    ),
}
_FOLDER_LIMITS = (
    Promise("private", None, "Whoever may open the folder may read everything in it."),
    Promise("links_expire", None, "A link into a folder works for whoever may open it, and does not end."),
)


def _promise(name: str, kept: bool) -> Promise:
    return Promise(name, kept, _KEPT_AND_BROKEN[name][0 if kept else 1])


class _Probe:
    """Tries an S3 store behind the back of ``S3Store.put``, which looks first and so would never be refused.

    A store that keeps its promises ends with two small objects under ``probe/``, however often it is tried.
    """

    key, about = "probe/probe.txt", {"title": "Ünïcode – kept"}

    def __init__(self, store: S3Store) -> None:
        from botocore.httpsession import URLLib3Session

        self.store, settings = store, store.settings
        self.http = URLLib3Session(verify=settings.ca_bundle or True, proxies={} if settings.is_loopback else None)

    def run(self) -> list[Promise]:
        if self.store._newest(self.key) is None:
            self.store.put(self.key, b"first", about=self.about, expected=ABSENT)
        link, ends = self.store.link(self.key, minutes=1 / 60), time.monotonic() + 1.1
        works = self._open(link) == 200
        checks: dict[str, Callable[[], bool]] = {
            "create_only": lambda: self._refuses("412", b"third", IfNoneMatch="*"),
            "compare_and_swap": self._swaps_only_the_newest,
            "versions": self._keeps_the_first,
            "about": lambda: self.store.describe(self.key).about == self.about,
            "checksum": lambda: self._refuses("400", b"x", ChecksumSHA256=base64.b64encode(bytes(32)).decode()),
            "private": lambda: self._open(link.partition("?")[0]) in (401, 403, 404),
            "links_expire": lambda: works and self._ends(link, ends),
            "encrypted_on_the_way": lambda: self.store.settings.is_private_on_the_way,
        }
        return [self._try(name, check) for name, check in checks.items()]

    def _try(self, name: str, check: Callable[[], bool]) -> Promise:
        try:
            return _promise(name, check())
        except StoreError as error:
            return Promise(name, None, f"Could not be tried. {error.what}")

    def _keeps_the_first(self) -> bool:
        kept = self.store.versions(self.key)
        return bool(kept) and self.store.get(self.key, kept[0].version) == b"first"

    def _swaps_only_the_newest(self) -> bool:
        with suppress(StoreError):
            self.store.put(self.key, b"second", about=self.about)
            return self._refuses("412", b"third", IfMatch='"00000000000000000000000000000000"')
        return False

    def _refuses(self, status: str, data: bytes, **condition: str) -> bool:
        from botocore.exceptions import ClientError

        wrong = "ChecksumSHA256" in condition
        wanted = Stored("probe/wrong.txt" if wrong else self.key, "", _sha256(data), len(data), self.about)
        try:
            with self.store._errors(wanted.key):
                self.store._send(wanted, data, **condition)
        except StoreError as error:
            answer = error.__cause__
            return isinstance(answer, ClientError) and (
                str(answer.response["ResponseMetadata"]["HTTPStatusCode"]) == status
            )
        return False

    def _open(self, address: str) -> int:
        from botocore.awsrequest import AWSRequest

        with self.store._errors(self.key):
            return int(self.http.send(AWSRequest("GET", address).prepare()).status_code)

    def _ends(self, link: str, ends: float) -> bool:
        altered = link[:-1] + ("0" if link[-1] != "0" else "1")
        if self._open(altered) < 400:
            return False
        for later in (0, 1, 3):  # its clock may be behind ours
            time.sleep(max(0.0, ends + later - time.monotonic()))
            if self._open(link) >= 400:
                return True
        return False
