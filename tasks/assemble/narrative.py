"""What did sources write on a section's topics, part by part and quarter by quarter?

Belongs here: grouping and naming narrative. Does not belong here: reading it (``tasks.gather``), and changing any of
its words: only what Word cannot hold is taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from config.model import Section, Topic
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear, parse_period
from tasks.assemble.missing import Gap, sources_on
from tasks.assemble.values import PartText, PointGroup, TopicText, clean
from tasks.model import GatheredFile, Narrative

Kind = Literal["list", "prose", "quotes"]

PARTS: dict[str, tuple[str, Kind]] = {
    "text": ("", "prose"),
    "context": ("Context", "prose"),
    "method": ("How it was looked at", "list"),
    "sought": ("What we set out to do", "list"),
    "systems": ("Learning for systems", "list"),
    "practice": ("Learning for practice", "list"),
    "strengths": ("Strengths", "list"),
    "development": ("What needs to develop", "list"),
    "done": ("What we did", "list"),
    "response": ("How the partnership responds", "list"),
    "impact": ("Impact and evidence", "list"),
    "still": ("Still to achieve", "list"),
    "quotes": ("What people said", "quotes"),
}
"""Parts in the order in which a topic prints them, each with its heading and its form."""

ALWAYS = {"priority": ("sought", "done", "impact", "still")}
"""Parts that a shape of section shows even when returns on the topic leave them empty: that must be seen."""


def topic_texts(
    partnership: Partnership,
    section: Section,
    period: Quarter | ReportingYear,
    narrative: Sequence[Narrative],
    files: Sequence[GatheredFile],
    gaps: Sequence[Gap],
) -> list[TopicText]:
    """Every topic of the section, with what was written on it and which returns on it did not come."""
    sent_for = {(file.source, file.sha256): file.period for file in reversed(files)}
    return [
        TopicText(
            heading=_heading(partnership, topic),
            parts=_parts(partnership, section, period, topic, narrative, sent_for),
            no_returns=tuple(
                f"{gap.says}."
                for gap in gaps
                if gap.source.id in sources_on(partnership, section, topic.topic, narrative)
            ),
        )
        for topic in section.topics
    ]


def _heading(partnership: Partnership, topic: Topic) -> str:
    titles = {p.number: f"Priority {p.number}: {p.title}" for p in partnership.profile.priorities}
    return clean(topic.heading or titles.get(topic.topic, ""))


def _parts(
    partnership: Partnership,
    section: Section,
    period: Quarter | ReportingYear,
    topic: Topic,
    narrative: Sequence[Narrative],
    sent_for: dict[tuple[str, str], str],
) -> tuple[PartText, ...]:
    order = list(partnership.sources)
    pieces = sorted(
        (piece for piece in narrative if piece.topic == topic.topic and (not topic.parts or piece.part in topic.parts)),
        key=lambda piece: (sent_for.get((piece.source, piece.place.sha256), ""), order.index(piece.source)),
    )
    always = ALWAYS.get(section.template, ()) if pieces else ()
    by_part: dict[str, list[Narrative]] = {part: [] for part in always}
    for piece in pieces:
        by_part.setdefault(piece.part, []).append(piece)
    known = list(PARTS)
    found = []
    for part in sorted(by_part, key=lambda part: known.index(part) if part in PARTS else len(known)):
        heading, kind = PARTS.get(part, (part.replace("-", " ").replace("_", " ").capitalize(), "list"))
        groups = _groups(period, by_part[part], sent_for, kind)
        if groups or part in always:
            found.append(PartText(heading, kind, groups))
    return tuple(found)


def _groups(
    period: Quarter | ReportingYear, pieces: Sequence[Narrative], sent_for: dict[tuple[str, str], str], kind: Kind
) -> tuple[PointGroup, ...]:
    """What was written, a group a quarter; what an earlier return said in the same words is not said again."""
    said: set[str] = set()
    by_quarter: dict[str, list[str]] = {}
    for piece in pieces:
        lead_in = _lead_in(period, sent_for.get((piece.source, piece.place.sha256), ""))
        for item in piece.items:
            for text in _paragraphs(clean(item), kind):
                if " ".join(text.split()) not in said:
                    said.add(" ".join(text.split()))
                    by_quarter.setdefault(lead_in, []).append(text)
    return tuple(PointGroup(lead_in, tuple(points)) for lead_in, points in by_quarter.items())


def _paragraphs(text: str, kind: Kind) -> list[str]:
    """Paragraphs of one item: prose keeps its own, a point of a list is one."""
    pieces = text.split("\n") if kind == "prose" else [" ".join(text.split())]
    stripped = [piece.strip() for piece in pieces if piece.strip()]
    return ["“" + piece.strip('“”" ') + "”" for piece in stripped] if kind == "quotes" else stripped


def _lead_in(period: Quarter | ReportingYear, sent_for: str) -> str:
    """Name the quarter, where a draft for the year holds what a quarter's return said."""
    if not sent_for or isinstance(period, Quarter):
        return ""
    quarter = parse_period(sent_for)
    return f"Quarter {quarter.number} ({quarter.words}):" if isinstance(quarter, Quarter) else ""
