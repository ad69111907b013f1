"""The contract: what does every store promise, and under which keys?

Belongs here: the protocol, the values and errors that callers see, the rules for keys, and JSON in a store. Does not
belong here: how any store keeps its promises.
"""

from __future__ import annotations

import builtins
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Protocol

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
        self,
        key: str,
        data: bytes,
        *,
        about: Mapping[str, str] | None = None,
        expected: str | Expected = ANYTHING,
        locked_until: date | None = None,
    ) -> Stored:
        """Keep bytes as the newest version, whole or not at all; the newest bytes again make no new version.

        ``locked_until``: nobody is to delete this version before that day. A bucket with object lock sees to it; any
        other store only keeps it like everything else.

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


def put_json(store: ObjectStore, key: str, value: object, **keywords: Any) -> Stored:
    """Put a plain value as JSON: the same value, the same bytes. Keywords are those of ``put``."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False)
    return store.put(key, f"{text}\n".encode(), **keywords)


def get_json(store: ObjectStore, key: str, version: str | None = None) -> Any:
    """The plain value that ``put_json`` put."""
    return json.loads(store.get(key, version))


# Keys

FOLDER = r"[A-Za-z0-9][A-Za-z0-9_-]*"
"""One folder of a key: it has no dot."""
_KEY = re.compile(rf"(?:{FOLDER}/)*{FOLDER}(?:\.[A-Za-z0-9_-]+)+")
_PREFIX = re.compile(rf"(?:{FOLDER}/)*(?:{FOLDER}(?:\.[A-Za-z0-9_-]*)*)?")
_NOT_ON_WINDOWS = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:[./]|$)", re.IGNORECASE)
_LONGEST_KEY, _LONGEST_PART, _LONGEST_ABOUT = 300, 120, 1900


def is_key(text: str) -> bool:
    """Whether a store can have put this, and not a person or a console beside it."""
    return bool(_KEY.fullmatch(text))


def check_key(key: str) -> str:
    """Refuse a key that not every store can keep.

    Folders have no dot and the last part has one, so no key can ever be the folder of another.

    Raises:
        InvalidKey: it is not of that form.
    """
    parts = key.split("/")
    fits = len(key) <= _LONGEST_KEY and max(map(len, parts)) <= _LONGEST_PART
    if not fits or not is_key(key) or _NOT_ON_WINDOWS.search(key):
        raise InvalidKey(
            "This key cannot be used in a store.",
            where=ascii(key[:_LONGEST_KEY]),
            why="Folders, buckets and Windows shares must all be able to keep it, each key apart from every other.",
            to_do="Use ids of letters, digits, - and _ with / between them and an ending on the last, as in "
            "drafts/2023-24/Q1/vision.docx.",
        )
    return key


def check_prefix(prefix: str) -> str:
    """Refuse what no key can begin with."""
    if not _PREFIX.fullmatch(prefix):
        raise InvalidKey("No key can begin with this.", where=ascii(prefix), to_do="Give the beginning of a key.")
    return prefix


def written_about(about: Mapping[str, str] | None) -> str:
    """What is said about an object as one line of ASCII, which is all that S3 keeps beside it."""
    text = json.dumps(dict(about or {}), sort_keys=True).replace("\x7f", "\\u007f")
    if len(text) > _LONGEST_ABOUT:
        raise StoreError(
            "Too much is said about this object.",
            where=f"{len(text)} characters, of {_LONGEST_ABOUT} that every store can keep",
            to_do="Keep ids here, and longer texts in an object of their own.",
        )
    return text


# Errors in people's words


def missing(key: str, version: str | None) -> Missing:
    """Nothing under a key."""
    return Missing(
        "There is nothing in the store under this key.",
        where=key + (f", version {version}" if version else ""),
        why="What comes later in a run is made from it.",
        to_do="Run the earlier steps for this period first, and look whether this is the right store.",
    )


def damaged(where: str, what: str) -> Damaged:
    """``what`` says how it shows."""
    return Damaged(
        f"What lies in the store is not what was put there: {what}.",
        where=where,
        why="A figure must not be printed from bytes that somebody, or a failing disk, has changed.",
        to_do="Bring this object back from a backup, or put the original file again.",
    )


def conflict(key: str, expected: str | Expected, found: Stored | None) -> Conflict:
    """Something else than the writer expected."""
    believed = expected.value if isinstance(expected, Expected) else f"version {expected}"
    return Conflict(
        "Somebody else has written this in the meantime; nothing was overwritten.",
        where=f"{key}: expected {believed}, found {f'version {found.version}' if found else 'nothing'}",
        why="Two people writing over each other would lose the work of one.",
        to_do="Read the newest version, see what changed, and try again.",
    )
