"""What is imported before a run's work begins. It takes seconds, and can be had while something else takes time.

Belongs here: which modules, and in which process. Does not belong here: that process (``tasks.gather.apart``).
"""

from __future__ import annotations

APART = ("tasks.validate", "expectations.custom", "tasks.assemble.accessible")
"""What the process that reads is asked for besides reading."""


def begin() -> None:
    """Start the process that reads, which then reads its own libraries; nothing is waited for."""
    from tasks.gather import apart

    apart.warm_up(*APART)


def up() -> None:
    """Import what the stages need in this process, while the one that reads does so too."""
    begin()
    from tasks import assemble, front_page, gather, quality, reconcile, register, wording  # noqa: F401
    from tasks.order import suites

    suites()
