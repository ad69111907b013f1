"""Run a module as a child that ends with its starter, even where the starter is killed.

``python -m flows.child MODULE WORD...`` is ``python -m MODULE WORD...``. It stops, as if asked to, when its standard
input ends: that is held by its starter, and closed by the system when the starter is gone.

Belongs here: how a child lives and ends. Does not belong here: what it does and when it is started (``flows.serving``).
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

STOPS_WITHIN = 20
"""Seconds that a child has to stop by itself once its starter is gone."""


def end_with_starter() -> None:
    """Stop this process, as if it was asked to, when its standard input ends. Returns at once."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOPS_WITHIN)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def main() -> None:
    """Be the module that the first word names."""
    # A shell without a terminal starts what it puts in the background with SIGINT ignored, and so are its children:
    # Prefect's worker turns the first SIGTERM into a SIGINT, which would then be lost.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end_with_starter()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
