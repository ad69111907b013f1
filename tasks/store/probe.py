"""Probing: what does a store really keep of its promises?

Belongs here: trying a store past every look beforehand, so that the store itself must refuse, and what to say of it.
Does not belong here: how a put looks first, and so would never be refused (``tasks.store.versioned``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tasks.store.contract import ABSENT, Promise, Stored, StoreError
from tasks.store.s3 import status_behind
from tasks.store.versioned import Versioned, sha256

if TYPE_CHECKING:
    from tasks.store.s3_store import S3Store

KEY, ABOUT = "probe/probe.txt", {"title": "Ünïcode – kept"}


class Probe:
    """Tries what every store promises. ``stale`` is a version that a commit names in vain.

    A store that keeps its promises ends with two small versions of one object, however often it is tried.
    """

    def __init__(self, store: Versioned, *, stale: str) -> None:
        self._store, self._stale = store, stale

    def run(self) -> list[Promise]:
        """Each promise, kept or broken.

        Raises:
            StoreError: nothing can be put at all.
        """
        if self._store._newest(KEY) is None:
            self._store.put(KEY, b"first", about=ABOUT, expected=ABSENT)
        return [_tried(name, keeps) for name, keeps in self.checks().items()]

    def checks(self) -> dict[str, Callable[[], bool]]:
        """By the name of each promise, whether the store keeps it; in the order in which they are tried."""
        return {
            "create_only": lambda: self._refuses_on_top_of(None),
            "compare_and_swap": self._swaps_only_the_newest,
            "versions": self._keeps_the_first,
            "about": lambda: self._store.describe(KEY).about == ABOUT,
        }

    def _refuses_on_top_of(self, before: tuple[Stored, str] | None) -> bool:
        newest = self._store._newest(KEY)
        wanted = Stored(KEY, "", sha256(b"third"), 5, ABOUT)
        return self._store._commit(wanted, b"third", before) is None and self._store._newest(KEY) == newest

    def _swaps_only_the_newest(self) -> bool:
        try:
            second = self._store.put(KEY, b"second", about=ABOUT)
        except StoreError:
            return False
        return self._refuses_on_top_of((second, self._stale))

    def _keeps_the_first(self) -> bool:
        kept = self._store.versions(KEY)
        return bool(kept) and self._store.get(KEY, kept[0].version) == b"first"


class S3Probe(Probe):
    """Tries what a server must promise besides."""

    def __init__(self, store: S3Store) -> None:
        super().__init__(store, stale=f'"{"0" * 32}"')
        self._store: S3Store = store

    def checks(self) -> dict[str, Callable[[], bool]]:
        # Links count in whole seconds: one of a second may be over at once, so whether links work is asked of another.
        brief, ends = self._store.link(KEY, minutes=1 / 60), time.monotonic() + 1.1
        bucket, link = self._store.bucket, self._store.link(KEY, minutes=1)
        return super().checks() | {
            "checksum": self._refuses_a_wrong_checksum,
            "private": lambda: bucket.opens(link.partition("?")[0]) in (401, 403, 404),
            "links_expire": lambda: (
                bucket.opens(link) == 200 and self._cannot_be_altered(link) and self._ends(brief, ends)
            ),
            "encrypted_on_the_way": lambda: bucket.settings.is_private_on_the_way,
            "encrypted_at_rest": lambda: bool(self._store._head(KEY).get("ServerSideEncryption")),
            "object_lock": bucket.has_object_lock,
        }

    def _refuses_a_wrong_checksum(self) -> bool:
        wrong = Stored("probe/wrong.txt", "", "0" * 64, 1, ABOUT)
        try:
            self._store._send(wrong, b"x")
        except StoreError as error:
            return status_behind(error) == 400
        return False

    def _cannot_be_altered(self, link: str) -> bool:
        return self._store.bucket.opens(link[:-1] + ("0" if link[-1] != "0" else "1")) >= 400

    def _ends(self, link: str, ends: float) -> bool:
        for later in (0, 1, 3):  # its clock may be behind ours
            time.sleep(max(0.0, ends + later - time.monotonic()))
            if self._store.bucket.opens(link) >= 400:
                return True
        return False


def unreachable(error: StoreError) -> Promise:
    """What is said of a store to which nothing can be put."""
    return Promise("reachable", False, f"Nothing can be written to this store. {error}")


def _tried(name: str, keeps: Callable[[], bool]) -> Promise:
    try:
        kept = keeps()
    except StoreError as error:
        return Promise(name, None, f"Could not be tried. {error.what}")
    return Promise(name, kept or (None if name in _NICE_TO_HAVE else False), _KEPT_AND_BROKEN[name][0 if kept else 1])


_NICE_TO_HAVE = ("encrypted_at_rest", "object_lock")
"""What a store may go without: it was never promised, and people should know."""

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
    "encrypted_at_rest": (
        "The bucket says that it encrypts what lies on its disks.",
        "This bucket does not say that it encrypts what lies on its disks. Turn its encryption on, with the council's "
        "own key where there is one, unless the disks themselves are encrypted.",
    ),
    "object_lock": (
        "What is published can be locked against deletion.",
        "This bucket has no object lock: whoever may delete versions there could delete what was published. Object "
        "lock is turned on as a bucket is made; where it cannot be, let nobody have the right to delete.",
    ),
}
