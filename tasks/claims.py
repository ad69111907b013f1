"""Whose is a period, where two runs of it go at once? That of the run which claimed it last; no other writes any more.

Belongs here: claiming a period, and the store as a run sees it that has claimed one. Does not belong here: what a run
writes (``tasks.run``), and stores themselves (``tasks.store``).

A claim is one small object of the period, and says all that decides what the run will come to: so runs that would
write the same bytes share it, and a run that is repeated leaves the store as it was. Nothing has to be given back: a
run that was killed holds up no other. Before each write the claim is looked at, and the write is done only on top of
the version that lay there at that time; so a run that has lost its claim cannot put anything over what the other one
has written, however slow it is.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from config.errors import Refused
from tasks import plain
from tasks.store import ABSENT, ANYTHING, Conflict, Missing, ObjectStore, Promise, Stored, StoreError
from tasks.store.contract import Expected

MOST_TRIES = 50
"""How often a write is tried over again because somebody else wrote the same key in between."""


@dataclass(frozen=True)
class Claim:
    """One run's claim of its period: the SHA-256 of what it says, under the period's own key."""

    key: str
    sha256: str


def put_claim(store: ObjectStore, key: str, says: Mapping[str, object]) -> Claim:
    """Claim a period. ``says`` is all that decides what the run comes to, in plain values."""
    return Claim(key, store.put(key, plain.to_json(says).encode()).sha256)


class Claimed(ObjectStore):
    """A store as the run sees it that has claimed a period there: as the store itself, until the claim is lost."""

    def __init__(self, store: ObjectStore, claim: Claim) -> None:
        self._store, self._claim = store, claim

    def put(
        self,
        key: str,
        data: bytes,
        *,
        about: Mapping[str, str] | None = None,
        expected: str | Expected = ANYTHING,
        locked_until: date | None = None,
    ) -> Stored:
        """As the contract says.

        Raises:
            Refused: another run has claimed the period since.
        """
        for _ in range(MOST_TRIES):
            newest = self._version(key)
            self.refuse_if_lost()
            try:
                wanted = newest if expected is ANYTHING else expected
                return self._store.put(key, data, about=about, expected=wanted, locked_until=locked_until)
            except Conflict:
                if expected is not ANYTHING:
                    raise
        raise StoreError(
            "Others write this all the time.",
            where=key,
            why="What this run has to write there cannot be kept.",
            to_do="See that only one run of a period is started at a time, then run again.",
        )

    def refuse_if_lost(self) -> None:
        """Stop where another run has claimed the period.

        Raises:
            Refused: it has.
        """
        if self._store.describe(self._claim.key).sha256 != self._claim.sha256:
            raise Refused(
                "Another run of this period began while this one was going. That one counts; this one has stopped.",
                where=self._claim.key,
                why="Two runs of one period at once would mix their figures.",
                to_do="Wait until the other run has ended. Run again only if it did not take in what you meant.",
            )

    def _version(self, key: str) -> str | Expected:
        try:
            return self._store.describe(key).version
        except Missing:
            return ABSENT

    # As they are

    def get(self, key: str, version: str | None = None) -> bytes:
        return self._store.get(key, version)

    def describe(self, key: str, version: str | None = None) -> Stored:
        return self._store.describe(key, version)

    def versions(self, key: str) -> builtins.list[Stored]:
        return self._store.versions(key)

    def list(self, prefix: str = "") -> Iterator[Stored]:
        return self._store.list(prefix)

    def link(self, key: str, *, minutes: float, filename: str = "") -> str:
        return self._store.link(key, minutes=minutes, filename=filename)

    def probe(self) -> builtins.list[Promise]:
        return self._store.probe()
