"""What does a rule of the gate say, and where does it come from?

Belongs here: what is the same for every rule. Does not belong here: a rule itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tasks.assemble.accessible.reading import Reading

Found = tuple[str, str, str]
"""What is wrong, where it stands, and what to do about it."""


@dataclass(frozen=True)
class Problem:
    """One thing that keeps somebody from reading a document, in words for whoever can put it right."""

    rule: str
    what: str
    where: str
    why: str
    to_do: str


@dataclass(frozen=True)
class Rule:
    """One rule: its id, whom it serves, the standard it stands in, and the function that looks for breaches."""

    id: str
    why: str
    source: str
    """Success criterion of WCAG 2.2, which the Public Sector Bodies Accessibility Regulations 2018 ask for, or the
    Department for Education's guide for analysts."""
    look: Callable[[Reading], Iterator[Found]]


def rule(id_: str, why: str, source: str) -> Callable[[Callable[[Reading], Iterator[Found]]], Rule]:
    """Make a rule of the function that looks for its breaches."""
    return lambda look: Rule(id_, why, source, look)
