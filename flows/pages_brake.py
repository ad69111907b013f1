"""How long does an address wait that gave wrong passwords? Longer each time, so that nobody gets far by guessing.

Belongs here: counting and waiting. Does not belong here: the password, and what somebody who has to wait is answered
(``flows.pages_guard``). It is kept in memory: a server that starts again has forgotten it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

FREE = 5
"""Wrong passwords in a row that cost nothing: people mistype."""
LONGEST = 300
"""Seconds of the longest wait: 288 guesses a day, and no more than a coffee for whoever has the same address."""
FORGETS_AFTER = 3600
MOST_ADDRESSES = 10_000
"""The one that was heard of longest ago makes room, so that memory does not grow."""


@dataclass
class _Guesses:
    count: int = 0
    until: float = 0.0


class Brake:
    """What is known of addresses. ``clock`` gives seconds that only go forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, _Guesses] = {}

    def waits(self, address: str) -> float:
        """Seconds for which no password is taken from an address; 0 where one is."""
        known = self._known.get(address)
        return max(0.0, known.until - self._clock()) if known else 0.0

    def wrong(self, address: str) -> int:
        """Note a wrong password; which one in a row it is."""
        now, known = self._clock(), self._known.pop(address, _Guesses())
        if now > known.until + FORGETS_AFTER:
            known = _Guesses()
        known.count += 1
        known.until = now + (min(2.0 ** min(known.count - FREE - 1, 30), LONGEST) if known.count > FREE else 0)
        if len(self._known) >= MOST_ADDRESSES:
            del self._known[next(iter(self._known))]
        self._known[address] = known
        return known.count

    def right(self, address: str) -> None:
        """Forget what was wrong: somebody remembered."""
        self._known.pop(address, None)
