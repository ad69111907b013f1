"""Errors that people are shown: what, where, why it matters and what to do, without a traceback.

Belongs here: the base of every error that a person can act on. Does not belong here: findings about what partners sent;
those are rows that a run reports, and no run stops for them.
"""

from __future__ import annotations


class AssuranceError(Exception):
    """Something a person can put right. The command line prints it without a traceback and exits with ``exit_code``.

    Exit codes are those of the command line: 2 for refused input, 3 for failure.
    """

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", why: str = "", to_do: str = "") -> None:
        self.what, self.where, self.why, self.to_do = what, where, why, to_do
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [self.what]
        for heading, text in (("Where", self.where), ("Why it matters", self.why), ("What to do", self.to_do)):
            if text:
                lines.append(f"  {heading}: {text}")
        return "\n".join(lines)


class Refused(AssuranceError):
    """Input that cannot be accepted; nothing was written."""

    exit_code = 2


class Failure(AssuranceError):
    """Something outside went wrong: a store that is away, a disk that is full."""
