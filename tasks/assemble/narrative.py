"""What did sources write on a section's topics, told as one text for the whole period?

Belongs here: putting narrative together part by part, and saying what belongs to which quarter. Does not belong here:
reading it (``tasks.gather``), and changing any of its words: only what Word cannot hold is taken out.

A year reads as one: what was done in four quarters stands in one list, in order of time, and what was said twice stands
once. What was still to achieve is taken from the last return that spoke of it; what earlier ones named is kept apart,
because a later return does not say which of it was done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from config.model import Section, Topic
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear, Return, parse_period
from tasks.assemble.missing import Gap, sources_on
from tasks.assemble.values import PartText, Point, PointGroup, TopicText, clean
from tasks.model import Finding, GatheredFile, Narrative
from tasks.wording import held_back

Kind = Literal["list", "prose", "quotes"]

PARTS: dict[str, tuple[str, Kind]] = {
    "text": ("", "prose"),
    "context": ("Context", "prose"),
    "strategic": ("In strategy", "list"),
    "operational": ("In daily work", "list"),
    "method": ("How it was looked at", "list"),
    "themes": ("What came up again and again", "list"),
    "sought": ("What we set out to do", "list"),
    "systems": ("Learning for systems", "list"),
    "practice": ("Learning for practice", "list"),
    "strengths": ("Strengths", "list"),
    "development": ("What needs to develop", "list"),
    "change": ("What changed in the funding", "prose"),
    "value": ("Whether the money was well spent", "prose"),
    "heard": ("What you told us", "list"),
    "done": ("What we did", "list"),
    "response": ("How the partnership responds", "list"),
    "impact": ("Impact and evidence", "list"),
    "still": ("Still to achieve", "list"),
    "next": ("What we will do next", "list"),
    "quotes": ("What people said", "quotes"),
}
"""Parts in the order in which a topic prints them, each with its heading and its form."""

ALWAYS = {"priority": ("sought", "done", "impact", "still")}
"""Parts that a shape of section shows even when returns on the topic leave them empty: that must be seen."""

OPEN_PART = "still"
"""The part that a later return makes out of date."""

_LEANS_ON_ITS_QUARTER = re.compile(
    r"\b(?:(?:this|last|next) quarter|the same week|so far|from now on|at present|currently|again|too early|"
    r"(?:not|no \w+|cannot|none)(?: \w+){0,3} yet|not yet|is now|are now)\b",
    re.IGNORECASE,
)
"""Words that are true of the quarter in which they were written, and mislead in a text about the year."""


def topic_texts(
    partnership: Partnership,
    section: Section,
    period: Return,
    narrative: Sequence[Narrative],
    files: Sequence[GatheredFile],
    gaps: Sequence[Gap],
    findings: Sequence[Finding] = (),
) -> list[TopicText]:
    """Every topic of the section, with what was written on it and which returns on it did not come.

    What a source wrote on a case is left out while a finding holds it back (``tasks.wording.anonymity``).
    """
    sent_for = {(file.source, file.sha256): file.period for file in reversed(files)}
    found = []
    for topic in section.topics:
        pieces = _pieces(partnership, topic, narrative, sent_for)
        held = {one.source: why for one in pieces if (why := held_back(findings, one.source, topic.topic))}
        pieces = [one for one in pieces if one.source not in held]
        now, before = _open_and_earlier(pieces, sent_for)
        found.append(
            TopicText(
                heading=_heading(partnership, topic),
                parts=_parts(section, period, now, sent_for),
                no_returns=tuple(
                    f"{gap.says}."
                    for gap in gaps
                    if gap.source.id in sources_on(partnership, section, topic.topic, narrative)
                ),
                held_back=tuple(_held_back(partnership, source, why) for source, why in held.items()),
                earlier=_earlier(before, now, sent_for),
            )
        )
    return found


def _held_back(partnership: Partnership, source: str, why: Finding) -> str:
    owner = partnership.groups[why.owner].name if why.owner in partnership.groups else why.owner
    return f"{why.title} It stands in: {partnership.sources[source].title}. Asked of: {owner}."


def _heading(partnership: Partnership, topic: Topic) -> str:
    titles = {p.number: f"Priority {p.number}: {p.title}" for p in partnership.profile.priorities}
    return clean(topic.heading or titles.get(topic.topic, ""))


SentFor = dict[tuple[str, str], str]
"""The period for which a file was sent, by its source and hash."""


def _pieces(
    partnership: Partnership, topic: Topic, narrative: Sequence[Narrative], sent_for: SentFor
) -> list[Narrative]:
    """What was written on a topic: the year's own text first, then quarter by quarter."""
    order = list(partnership.sources)
    return sorted(
        (piece for piece in narrative if piece.topic == topic.topic and (not topic.parts or piece.part in topic.parts)),
        key=lambda piece: (_sent(piece, sent_for), order.index(piece.source)),
    )


def _sent(piece: Narrative, sent_for: SentFor) -> str:
    return sent_for.get((piece.source, piece.place.sha256), "")


def _open_and_earlier(pieces: Sequence[Narrative], sent_for: SentFor) -> tuple[list[Narrative], list[Narrative]]:
    """Pieces that count, and what each source had still to achieve before it last said so."""
    last = {piece.source: _sent(piece, sent_for) for piece in pieces if piece.part == OPEN_PART and piece.items}
    before = [piece for piece in pieces if piece.part == OPEN_PART and _sent(piece, sent_for) < last[piece.source]]
    return [piece for piece in pieces if piece not in before], before


def _parts(section: Section, period: Return, pieces: Sequence[Narrative], sent_for: SentFor) -> tuple[PartText, ...]:
    always = ALWAYS.get(section.template, ()) if pieces else ()
    by_part: dict[str, list[Narrative]] = {part: [] for part in always}
    for piece in pieces:
        by_part.setdefault(piece.part, []).append(piece)
    known = list(PARTS)
    found = []
    for part in sorted(by_part, key=lambda part: known.index(part) if part in PARTS else len(known)):
        heading, kind = PARTS.get(part, (part.replace("-", " ").replace("_", " ").capitalize(), "list"))
        group = _group(period, part, by_part[part], sent_for, kind)
        if group.points or part in always:
            found.append(PartText(heading, kind, (group,) if group.points else ()))
    return tuple(found)


def _group(period: Return, part: str, pieces: Sequence[Narrative], sent_for: SentFor, kind: Kind) -> PointGroup:
    """All points of a part in one list. A quarter is named where its words would mislead without it."""
    points: dict[str, Point] = {}
    for piece in pieces:
        quarter = _quarter(period, _sent(piece, sent_for))
        for text in _texts(piece, kind):
            leans = quarter is not None and quarter.number < 4 and _LEANS_ON_ITS_QUARTER.search(text)
            points.setdefault(_said(text), Point(text, f"Quarter {quarter.number}: " if quarter and leans else ""))
    return PointGroup(_last_reported(period, pieces, sent_for) if part == OPEN_PART else "", tuple(points.values()))


def _last_reported(period: Return, pieces: Sequence[Narrative], sent_for: SentFor) -> str:
    """Where the list of what is still to achieve is older than the year's end: from when it is."""
    quarters = [quarter for piece in pieces if (quarter := _quarter(period, _sent(piece, sent_for)))]
    if len(quarters) < len(pieces) or not quarters or quarters[-1].number == 4:
        return ""
    return f"As last reported, for quarter {quarters[-1].number} ({quarters[-1].words}):"


def _earlier(before: Sequence[Narrative], now: Sequence[Narrative], sent_for: SentFor) -> tuple[PointGroup, ...]:
    """What was still to achieve in earlier quarters and is not named any more, a group a quarter."""
    said = {_said(text) for piece in now if piece.part == OPEN_PART for text in _texts(piece, "list")}
    by_quarter: dict[str, list[Point]] = {}
    for piece in before:
        quarter = parse_period(_sent(piece, sent_for))
        lead_in = f"Quarter {quarter.number} ({quarter.words}):" if isinstance(quarter, Quarter) else f"{quarter}:"
        for text in _texts(piece, "list"):
            if _said(text) not in said:
                said.add(_said(text))
                by_quarter.setdefault(lead_in, []).append(Point(text))
    return tuple(PointGroup(lead_in, tuple(points)) for lead_in, points in by_quarter.items())


def _said(text: str) -> str:
    """A point as it is compared with others: capitals, spaces and the sign at its end make no difference."""
    return " ".join(text.casefold().split()).rstrip(".;,")


def _texts(piece: Narrative, kind: Kind) -> Iterable[str]:
    return (text for item in piece.items for text in _paragraphs(clean(item), kind))


def _paragraphs(text: str, kind: Kind) -> list[str]:
    """Paragraphs of one item: prose keeps its own, a point of a list is one."""
    pieces = text.split("\n") if kind == "prose" else [" ".join(text.split())]
    stripped = [piece.strip() for piece in pieces if piece.strip()]
    return ["“" + piece.strip('“”" ') + "”" for piece in stripped] if kind == "quotes" else stripped


def _quarter(period: Return, sent_for: str) -> Quarter | None:
    """The quarter for whose return something was written, in a text about the year."""
    quarter = parse_period(sent_for) if sent_for and isinstance(period, ReportingYear) else None
    return quarter if isinstance(quarter, Quarter) else None
