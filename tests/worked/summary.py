"""All worked checks with what the modules of this package make of them.

Every module here that has ``results()`` answers some checks. A check that none answers is out of reach.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests import worked
from tests.worked.figures import TABLE, Result

UNANSWERED: Result = ("out of reach", "No rule looks at it.")
RANKS = ("out of reach", "not found", "found")


def outcomes() -> list[tuple[dict[str, str], Result]]:
    """Each row of the table with its result: of two answers to one check the better counts."""
    best: dict[str, Result] = {}
    for module in sorted(one.name for one in pkgutil.iter_modules(worked.__path__)):
        if module.startswith("test_") or module in ("__main__", "summary"):
            continue
        answers = getattr(importlib.import_module(f"tests.worked.{module}"), "results", dict)()
        for check, answer in answers.items():
            best[check] = max(best.get(check, UNANSWERED), answer, key=lambda one: RANKS.index(one[0]))
    return [(row, best.get(check, UNANSWERED)) for check, row in TABLE.items()]
