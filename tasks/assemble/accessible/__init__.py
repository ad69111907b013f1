"""Accessible: what in a Word document keeps somebody from reading it?

``problems_of`` looks through any .docx and tells what a program can find; ``RULES`` are what it looks for, each with
the standard it stands in. Belongs here: the gate over drafts and over what editors send back. Does not belong here:
mending.

A program finds about half of what there is: whether an alternative text is true, or a heading says what stands under
it, takes a person. Word's own checker (Review, Check Accessibility) stays the last look.
"""

from __future__ import annotations

from collections.abc import Mapping

from tasks.assemble.accessible import letters, pictures, structure, tables
from tasks.assemble.accessible.reading import Reading
from tasks.assemble.accessible.rule import Problem, Rule
from tasks.review.opening import parts_of_draft
from tasks.words import many

__all__ = ["RULES", "Problem", "Rule", "problems_in", "problems_of"]

RULES: tuple[Rule, ...] = (*structure.RULES, *letters.RULES, *tables.RULES, *pictures.RULES)


def problems_of(data: bytes, name: str = "the document") -> tuple[Problem, ...]:
    """What keeps somebody from reading a .docx, in the order of the rules; nothing where no rule found anything.

    Raises:
        Refused: it is no Word document, it is damaged, or it is not safe to open.
    """
    return problems_in(parts_of_draft(data, name))


def problems_in(parts: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """The same of a document that was opened already: its parts by name, as ``tasks.review.opening`` gives them."""
    reading = Reading(parts)
    return tuple(problem for rule in RULES for problem in _told(rule, reading))


def _told(rule: Rule, reading: Reading) -> list[Problem]:
    """What one rule found; the same thing in many places is told once."""
    places: dict[tuple[str, str], dict[str, None]] = {}
    for what, where, to_do in rule.look(reading):
        places.setdefault((what, to_do), {})[where] = None
    return [
        Problem(rule.id, what, _first(list(where)), f"{rule.why} ({rule.source})", to_do)
        for (what, to_do), where in places.items()
    ]


def _first(places: list[str]) -> str:
    more = len(places) - 1
    return f"{places[0]}, and {many(more, 'other place')}" if more else places[0]
