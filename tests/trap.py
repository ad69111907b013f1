"""A trap for calls to the outside: every Python process that it is set for notes to whom it tried to connect.

It asks Python's own audit events, so nothing that a library does with sockets goes round it. Addresses of this machine
are no calls to the outside.
"""

from __future__ import annotations

import os
from pathlib import Path

_HOOK = """
import sys

def _note(event, words):
    if event == "socket.connect":
        to = words[1]
        host = to[0] if isinstance(to, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = words[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host and host not in ("localhost", "::1", "0.0.0.0", "::") and not str(host).startswith("127."):
        with open({notes!r}, "a") as file:
            file.write(f"{{host}} by {{' '.join(' '.join(sys.orig_argv).split())[:200]}}\\n")

sys.addaudithook(_note)
"""


class Trap:
    """Set in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self._notes = folder, folder / "notes.txt"
        (folder / "sitecustomize.py").write_text(_HOOK.format(notes=str(self._notes)))

    def before(self, path: str) -> str:
        """The PYTHONPATH of a process that is to be watched."""
        return os.pathsep.join([str(self.folder), path])

    @property
    def caught(self) -> list[str]:
        return self._notes.read_text().splitlines() if self._notes.exists() else []
