"""Wording: does what people wrote agree with the figures, with the returns, and with itself?

Belongs here: one small function for each kind of check, over the passages of a text, and making findings of what they
say. Does not belong here: figures against each other (``tasks.reconcile``). No check changes a word: each tells a
person what stands where, why it matters and what to do.

Which checks are on, how serious each is and the words that it looks for stand in ``config/wording.yaml``. What a check
cannot see it does not call good: without anything to read it is *not evaluated*, with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import get_args

from config.partnership import Partnership
from config.periods import Return
from config.wording import WordingCheck, WordingKind
from tasks.model import Figure, Finding, GatheredFile, Narrative, Outcome
from tasks.wording.acronyms import acronyms
from tasks.wording.anonymity import case_anonymity, held_back
from tasks.wording.cases import chronology, same_event
from tasks.wording.claims import (
    audit_without_sample,
    avoided_and_found,
    concern_among_strengths,
    contradicted_claim,
    meeting_cadence,
    own_scrutiny,
    unmeasured_evaluation,
    unsupported_impact,
)
from tasks.wording.counts import (
    approximate_exact,
    contradicted_number,
    count_of_list,
    number_styles,
    unregistered_number,
)
from tasks.wording.evidence import Hit, NothingToRead, Text
from tasks.wording.identifying import identification_risk, without_words_of_a_case
from tasks.wording.names import name_spelling, word_spelling
from tasks.wording.passages import Passage, from_narrative
from tasks.wording.presentation import placeholder, presentation
from tasks.wording.repeats import aim_as_impact, plan_as_done, repeated_action
from tasks.wording.structure import (
    dangling_reference,
    empty_section,
    missing_statement,
    order_of_list,
    uneven_parts,
    unplaced_citation,
)
from tasks.wording.times import flow_as_stock, stock_as_flow, undated_figures, undated_stock, year_styles

__all__ = ["KINDS", "about_topics", "check_narrative", "check_words", "held_back"]

_FUNCTIONS: tuple[Callable[[Text, WordingCheck], Iterator[Hit]], ...] = (
    unregistered_number,
    contradicted_number,
    stock_as_flow,
    flow_as_stock,
    approximate_exact,
    undated_stock,
    undated_figures,
    number_styles,
    year_styles,
    name_spelling,
    word_spelling,
    acronyms,
    repeated_action,
    aim_as_impact,
    dangling_reference,
    empty_section,
    uneven_parts,
    missing_statement,
    unplaced_citation,
    unsupported_impact,
    contradicted_claim,
    avoided_and_found,
    concern_among_strengths,
    plan_as_done,
    unmeasured_evaluation,
    audit_without_sample,
    meeting_cadence,
    own_scrutiny,
    chronology,
    same_event,
    count_of_list,
    order_of_list,
    presentation,
    placeholder,
    identification_risk,
    case_anonymity,
)
KINDS: Mapping[str, Callable[[Text, WordingCheck], Iterator[Hit]]] = {one.__name__: one for one in _FUNCTIONS}
"""Each kind of check is the function of its name."""
assert set(KINDS) == set(get_args(WordingKind))  # noqa: S101 - a kind without a function would never be asked


def check_narrative(
    partnership: Partnership,
    period: Return,
    narrative: Sequence[Narrative],
    figures: Sequence[Figure],
    files: Sequence[GatheredFile],
) -> list[Finding]:
    """Check what partners wrote for a period; of a year what they wrote for its quarters too."""
    return check_words(partnership, period, from_narrative(partnership, narrative, files), figures, files)


def check_words(
    partnership: Partnership,
    period: Return,
    passages: Sequence[Passage],
    figures: Sequence[Figure] = (),
    files: Sequence[GatheredFile] = (),
) -> list[Finding]:
    """Run every check of the partnership over a text; ``figures`` and ``files`` are those of the period."""
    text = Text(partnership, period, tuple(passages), tuple(figures), tuple(files))
    checks = [one for one in partnership.wording if one.on and (text.is_document or one.reads == "everything")]
    return [finding for check in checks for finding in _asked(text, check)]


def about_topics(findings: Sequence[Finding], topics: Collection[str]) -> list[Finding]:
    """Findings over what was written on some topics that need a person, for the sections that carry them."""
    return [
        one
        for one in findings
        if one.kind in KINDS
        and one.outcome == "failed"
        and one.state != "decided"
        and one.severity != "information"
        and any(one.subject.partition(".")[2].startswith(f"{topic}.") for topic in topics)
    ]


def _asked(text: Text, check: WordingCheck) -> list[Finding]:
    """Findings of one check: what it found, or that it found nothing, or why it could not look."""
    if not text.passages:
        return [_finding(text, check, "not_evaluated", check.says, reason="Nothing was written for the period.")]
    try:
        hits = [without_words_of_a_case(text, hit) for hit in KINDS[check.id](text, check)]
    except NothingToRead as reason:
        return [_finding(text, check, "not_evaluated", check.says, reason=str(reason))]
    if not hits:
        return [_finding(text, check, "passed", f"{check.says.rstrip('.')} ({len(text.passages)} passages read).")]
    return list({one.id: one for one in (_finding(text, check, "failed", hit.title, hit) for hit in hits)}.values())


def _finding(
    text: Text, check: WordingCheck, outcome: Outcome, title: str, hit: Hit | None = None, reason: str = ""
) -> Finding:
    """The id holds who wrote it and on what, and a hash in place of the words."""
    first = hit.passages[0] if hit and hit.passages else None
    about = [first.source or "document", first.topic if first.source else ""] if first else ["all"]
    digest = hashlib.sha256(hit.key.encode()).hexdigest()[:8] if hit else ""
    subject = ".".join(part for part in (*about, digest, str(text.period)) if part)
    return Finding(
        id=f"{check.id}:{subject}",
        rule=check.id,
        kind=check.id,
        subject=subject,
        period=str(text.period),
        outcome=outcome,
        severity=check.severity,
        title=title,
        arithmetic=hit.arithmetic if hit else "",
        matters=check.matters,
        to_do=check.to_do,
        owner=_owner(text.partnership, check, first),
        values=hit.values if hit else (),
        figures=hit.figures if hit else (),
        reason=reason,
    )


def _owner(partnership: Partnership, check: WordingCheck, first: Passage | None) -> str:
    """Who answers: as the check says, else who wrote the words, else who puts the report together."""
    source = partnership.sources.get(first.source) if first else None
    return check.owner or (source.owner if source else partnership.business_unit.id)
