"""What does the combined report say round its sections: how far it is, what guidance asks, what acronyms mean?

Belongs here: the values of the cover and the annexes. Does not belong here: merging documents
(``tasks.assemble.combine``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.model import Requirement
from config.partnership import Partnership
from config.periods import Return
from tasks.assemble.context import period_title
from tasks.assemble.queries import ILLUSTRATIVE, NOT_READ, QUERIED
from tasks.assemble.values import CoverageRow, GlossaryRow, ReportContext, SectionContext, clean, link
from tasks.words import many

SECTION_ID = "annual-report"
MET, PARTLY, NOT_MET = "Met: ", "Met in part: ", "Not met: "
STATES = {"none": "nothing received yet", "illustrative": "illustrative only"}


def report_context(
    partnership: Partnership, period: Return, sections: Sequence[SectionContext], run_id: str
) -> ReportContext:
    """Put together what stands round the sections of the combined report; a document of its own is none of them."""
    sections = [section for section in sections if section.in_report]
    guidance = partnership.guidance
    paragraphs = {requirement.paragraph for requirement in guidance.requirements}
    same = f", {paragraphs.pop()}," if len(paragraphs) == 1 else ""
    titles = [source.title for source in partnership.sources.values()]  # the annexes name every source
    said = "\n".join([*(words for section in sections for words in section.words), *titles])
    coverage = tuple(_coverage(requirement, sections, not same) for requirement in guidance.requirements)
    unchecked = sum(requirement.confidence != "verified" for requirement in guidance.requirements)
    return ReportContext(
        partnership=clean(partnership.profile.name),
        section_id=SECTION_ID,
        title=f"Annual report {period_title(period)}",
        run_id=run_id,
        period=str(period),
        period_words=period.words,
        running_title=f"Annual report {period_title(period)}",
        as_at=period.last_day,
        look=partnership.profile.look,
        state=_state(sections, coverage),
        guidance=clean(
            f"What {guidance.title} ({guidance.edition}){same} asks of the yearly report, and where it is met."
        ),
        coverage=coverage,
        coverage_note="A section that has nothing in it yet, or only illustrative content, does not meet a "
        "requirement. It is met in part where only some of the sections that answer it have content that is real."
        + (
            f" The wording of {unchecked} of these {len(guidance.requirements)} requirements has yet to be compared "
            "with the guidance itself."
            if unchecked
            else ""
        ),
        glossary=tuple(
            GlossaryRow(clean(acronym), clean(meaning))
            for acronym, meaning in sorted(partnership.profile.acronyms.items(), key=lambda entry: entry[0].casefold())
            if re.search(rf"(?<!\w){re.escape(acronym)}(?!\w)", said)
        ),
        contact=clean(partnership.profile.contact),
        missing=tuple(dict.fromkeys(clause for section in sections for clause in section.missing)),
        open_findings=tuple(dict.fromkeys(id_ for section in sections for id_ in section.open_findings)),
        sections=tuple(sections),
    )


def _state(sections: Sequence[SectionContext], coverage: Sequence[CoverageRow]) -> tuple[str, ...]:
    """How far the draft is: what a reader should know before the first page."""
    unmet, partly = (sum(row.verdict == verdict for row in coverage) for verdict in (NOT_MET, PARTLY))
    figures = {figure.id: figure for section in sections for figure in section.figures}.values()
    queried = sum(figure.flag.startswith(QUERIED) for figure in figures)
    not_received = sum(figure.text == "not received" for figure in figures)
    not_read = sum(figure.text == NOT_READ for figure in figures)
    made_up = sum(ILLUSTRATIVE in figure.flag for figure in figures)
    empty = [section.title for section in sections if section.content == "none"]
    missing = list(dict.fromkeys(clause for section in sections for clause in section.missing))
    sentences = [f"{many(len(sections), 'section')}, {many(len(figures), 'figure')}."]
    if queried:
        sentences.append(
            f"{many(queried, 'figure')} {'is' if queried == 1 else 'are'} queried: see the comment on each."
        )
    if not_received:
        sentences.append(f"{many(not_received, 'figure')} {'was' if not_received == 1 else 'were'} not received.")
    if not_read:
        sentences.append(f"{many(not_read, 'figure')} came and could not be read.")
    if made_up:
        sentences.append(
            f"{many(made_up, 'figure')} {'is' if made_up == 1 else 'are'} illustrative and must be replaced."
        )
    if empty:
        sentences.append(f"Nothing has been received yet for: {'; '.join(empty)}.")
    if unmet or partly:
        told = [f"{count} are {what}" for count, what in ((unmet, "not met"), (partly, "met in part")) if count]
        sentences.append(f"Of {len(coverage)} statutory requirements {' and '.join(told)}: see the annex.")
    sentences += [f"{clause}." for clause in missing]
    sentences.append("Sections end with a list of what is missing or not agreed, unless nothing is.")
    return tuple(sentences)


def _coverage(requirement: Requirement, sections: Sequence[SectionContext], name_paragraph: bool) -> CoverageRow:
    """Whether a requirement is met: by all sections that carry it, by some, or by none.

    A statement that nobody has confirmed for the period is like a section in which nothing stands yet.
    """
    carrying = [section for section in sections if requirement.id in section.requirements]
    real = [section for section in carrying if section.content == "real"]
    meeting = [section for section in real if requirement.id not in section.unanswered]
    verdict = NOT_MET if not real else MET if len(meeting) == len(carrying) else PARTLY
    where = "; ".join(
        link(section.section_id, section.title) + ("" if section in meeting else f" ({_why_not(section)})")
        for section in (*meeting, *(one for one in carrying if one not in meeting))
    )
    asks = f"{requirement.asks} ({requirement.paragraph})" if name_paragraph else requirement.asks
    return CoverageRow(requirement.id, clean(asks), verdict, where or "no section of this report carries it")


def _why_not(section: SectionContext) -> str:
    """Why a section does not meet a requirement yet."""
    if section.unconfirmed:
        return "not confirmed yet"
    if section.content == "real":
        return "without the figures that it asks for"
    return "held back until it is anonymous" if section.held_back else STATES[section.content]
