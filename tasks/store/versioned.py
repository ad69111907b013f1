"""Versioned: how does every store put, so that nobody's work is overwritten unseen?

Belongs here: the loop of looking, committing and looking again, and the SHA-256 by which bytes are known. Does not
belong here: how one version is made in a folder or a bucket.
"""

from __future__ import annotations

import hashlib
import json
import time
from abc import abstractmethod
from collections.abc import Mapping
from datetime import date

from tasks.store.contract import (
    ABSENT,
    ANYTHING,
    Expected,
    ObjectStore,
    Stored,
    StoreError,
    check_key,
    conflict,
    damaged,
    written_about,
)

PATIENCE = 15
"""How often a store may refuse to replace what nobody else has changed."""


def sha256(data: bytes) -> str:
    """The fingerprint of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def verified(stored: Stored, data: bytes) -> bytes:
    """The bytes, if they are those that were put. Raises ``Damaged``."""
    if sha256(data) != stored.sha256:
        raise damaged(f"{stored.key}, version {stored.version}", "its SHA-256 is another one")
    return data


class Versioned(ObjectStore):
    """How both stores put: look at the newest, refuse or commit on top of it, and look again if another was faster."""

    def put(
        self,
        key: str,
        data: bytes,
        *,
        about: Mapping[str, str] | None = None,
        expected: str | Expected = ANYTHING,
        locked_until: date | None = None,
    ) -> Stored:
        check_key(key)
        said, digest = written_about(about), sha256(data)
        before, unchanged = self._newest(key), 0
        while True:
            found = before[0] if before else None
            if found and found.sha256 == digest:
                self._again(found, data)
                return found
            if expected is not ANYTHING and (found.version if found else ABSENT) != expected:
                raise conflict(key, expected, found)
            stored = self._commit(Stored(key, "", digest, len(data), json.loads(said)), data, before, locked_until)
            if stored:
                return stored
            now = self._newest(key)
            unchanged = unchanged + 1 if now == before else 0
            if unchanged > PATIENCE:
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
    def _commit(
        self, wanted: Stored, data: bytes, before: tuple[Stored, str] | None, locked_until: date | None = None
    ) -> Stored | None:
        """Make the next version after ``before``, or answer None because another came first."""

    @abstractmethod
    def _again(self, stored: Stored, data: bytes) -> None:
        """See to it that bytes put a second time are well kept."""
