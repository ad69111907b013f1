"""Which checks of words are made: what each asks, how serious it is, who answers, and the words it looks for.

Belongs here: what a check of words needs to be told, and what a partnership may change of it. Does not belong here: how
words are read (``tasks.wording``). What holds for every partnership stands in ``config/wording.yaml``; a partnership's
own ``wording.yaml`` need not be there, and holds only what differs.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.model import Frozen, Id, Severity, Words

WordingKind = Literal[
    "unregistered_number",
    "contradicted_number",
    "stock_as_flow",
    "flow_as_stock",
    "approximate_exact",
    "undated_stock",
    "undated_figures",
    "number_styles",
    "year_styles",
    "name_spelling",
    "word_spelling",
    "acronyms",
    "repeated_action",
    "aim_as_impact",
    "dangling_reference",
    "empty_section",
    "uneven_parts",
    "missing_statement",
    "unplaced_citation",
    "unsupported_impact",
    "contradicted_claim",
    "avoided_and_found",
    "concern_among_strengths",
    "plan_as_done",
    "unmeasured_evaluation",
    "audit_without_sample",
    "meeting_cadence",
    "own_scrutiny",
    "chronology",
    "same_event",
    "count_of_list",
    "order_of_list",
    "presentation",
    "placeholder",
    "identification_risk",
    "case_anonymity",
]
"""Kinds of check over words; a finding carries its kind."""


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"'{text}' is no pattern that can be looked for: {error}") from None
    return text


Lists = dict[Id, tuple[Annotated[Words, AfterValidator(_pattern)], ...]]


class WordingCheck(Frozen):
    """One check over words, as it holds for a partnership."""

    id: WordingKind
    says: Words
    """The check in one plain sentence."""
    matters: Words
    to_do: Words
    severity: Severity = "information"
    owner: Id | None = None
    """The group that answers; none given means whoever wrote the words."""
    on: bool = True
    reads: Literal["everything", "documents"] = "everything"
    """``documents`` for what only a whole document can hold, and no return."""
    at_least: int = Field(default=1, ge=1)
    """How many signs of it make a finding."""
    words: Lists = {}
    """Lists of words and patterns (regular expressions, without regard to capitals) that the check looks for."""

    def changed(self, change: WordingChange) -> WordingCheck:
        """The check as a partnership wants it; words that it names are added to those that there are."""
        told = change.model_dump(exclude_unset=True, exclude={"id", "words"})
        words = {name: (*listed, *change.words.get(name, ())) for name, listed in self.words.items()}
        return self.model_copy(update={**told, "words": words})


class WordingChange(Frozen):
    """What a partnership changes of one check; what it leaves out stays as it is."""

    id: WordingKind
    severity: Severity = "information"
    owner: Id | None = None
    on: bool = True
    at_least: int = Field(default=1, ge=1)
    words: Lists = {}
