"""What a process prints, kept in a file that does not grow for ever: a server runs for months, and nobody tidies up.

Belongs here: taking what is printed and turning files over. Does not belong here: whose file it is (``flows.serving``).
"""

from __future__ import annotations

import logging
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

LARGEST, OLDER = 5 * 1024 * 1024, 3
"""Bytes of a file, and how many full ones are kept beside it as ``worker.log.1`` (the latest) and on."""
_AT_ONCE = 64 * 1024
"""Bytes after which a line counts as ended."""


class ProcessLog:
    """One file, into which any number of processes may print one after the other."""

    def __init__(self, path: Path, *, largest: int = LARGEST, older: int = OLDER) -> None:
        self.path = path
        self._handler = RotatingFileHandler(path, maxBytes=largest, backupCount=older, encoding="utf-8", delay=True)
        self._taking = threading.Thread()

    def take(self, printed: IO[bytes]) -> None:
        """Keep what comes until it ends. Returns at once."""

        def keep() -> None:
            with printed:
                while line := printed.readline(_AT_ONCE):
                    self.keep(line)

        self._taking = threading.Thread(target=keep, daemon=True)
        self._taking.start()

    def keep(self, printed: bytes) -> None:
        text = printed.decode("utf-8", "replace").removesuffix("\n")
        self._handler.handle(logging.makeLogRecord({"msg": text}))

    def lines(self) -> list[str]:
        """What is in the newest file, once a process that has ended is written to its end."""
        if self._taking.is_alive():
            self._taking.join(5)  # a child of the process may still hold its output
        text = self.path.read_text(encoding="utf-8", errors="replace") if self.path.exists() else ""
        return [line for line in text.splitlines() if line.strip()]
