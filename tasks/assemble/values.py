"""What stands in a section of the report, as frozen plain text: all that a template is given.

Belongs here: the values, and the marks that stand for figures until they are linked. Does not belong here: gathering
them (``tasks.assemble.context``) and anything that knows Word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from config.model import ChartKind, Look

Content = Literal["real", "illustrative", "none"]
"""Has a section anything to say yet, and is it real?"""

MARK_START, MARK_END = "\ue000", "\ue001"
"""Private-use characters round the name of a figure. ``clean`` takes them out of everything that people sent."""

TAG = "fig:"
"""Begins the tag of the control that holds a figure; the figure's id follows."""
LINK_START, LINK_MIDDLE, LINK_END = "\ue003", "\ue004", "\ue005"
"""Private-use characters round a section's id and its title, until the title is linked to the section's heading."""

CONTENTS, SECTIONS = "\ue002contents", "\ue002sections"
"""What stands in the report's template until the contents and the sections are put in."""

CHART = "\ue003"
"""Stands before the name of a chart in a text until the chart is drawn."""

_NUMBER = re.compile(r"(-?)(£?)(\d[\d,]*)(?:\.(\d+))?(%?)")

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Text as sent, without control characters and private-use characters, which Word or our marks would trip over."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def mark(section: str, ref: str) -> str:
    """What stands in a text for a figure of a section until the figure is linked."""
    return f"{MARK_START}{section}/{ref}{MARK_END}"


def is_words(text: str) -> bool:
    """Does a figure that prints this print words in place of a number?"""
    return re.search(r"[A-Za-z]{4}", text) is not None


def link(section: str, title: str) -> str:
    """What stands in a text for a link to a section of the same document."""
    return f"{LINK_START}{section}{LINK_MIDDLE}{title}{LINK_END}"


@dataclass(frozen=True)
class PrintedFigure:
    """One figure as a section prints it, with what an editor must know about it."""

    ref: str
    """``<area>.<measure>``."""
    id: str
    """``<area>.<measure>.<period>``."""
    text: str
    title: str
    flag: str = ""
    """What stands behind it in the text: ``Queried – see comment``, ``Illustrative``."""
    comment: tuple[str, ...] = ()
    """Paragraphs of the comment on it, if an editor must do something."""

    @property
    def is_words(self) -> bool:
        """Does it print words in place of a number?"""
        return is_words(self.text)


@dataclass(frozen=True)
class Line:
    """A figure and the words behind it, which may hold marks of other figures."""

    figure: str
    words: str
    before: str = ""
    """The figure of a year before, which stands beside it in a table."""


@dataclass(frozen=True)
class LineGroup:
    """Figures under one heading."""

    heading: str
    lines: tuple[Line, ...]
    note: str = ""

    @property
    def before(self) -> bool:
        """Does the year before stand beside its figures?"""
        return any(line.before for line in self.lines)


@dataclass(frozen=True)
class Point:
    """One point or paragraph as it was written; ``run_in`` is ours, and names its quarter where that matters."""

    words: str
    run_in: str = ""


@dataclass(frozen=True)
class PointGroup:
    """Points that stand together."""

    lead_in: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class PartText:
    """One part of a topic ("What we did"), its points in order of time."""

    heading: str
    kind: Literal["list", "prose", "quotes"]
    groups: tuple[PointGroup, ...]


@dataclass(frozen=True)
class TopicText:
    """All that a section carries on one topic, and the returns on it that did not come."""

    heading: str
    parts: tuple[PartText, ...]
    no_returns: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    """Write-ups that came and are not drafted until they are anonymous, a sentence each."""
    earlier: tuple[PointGroup, ...] = ()
    """What earlier quarters had still to achieve and the last did not name: a person says what became of it."""


@dataclass(frozen=True)
class HelpLine:
    """Where a child can get help."""

    who: str
    how: str


@dataclass(frozen=True)
class SourceRow:
    """Where one figure comes from, for people."""

    figure: str
    id: str
    title: str
    place: str
    how: str


@dataclass(frozen=True)
class Plotted:
    """One figure in a chart: a bar, or a point of a line."""

    id: str
    label: str
    """What stands at the axis: an area, a measure, a quarter."""
    text: str
    """As printed; words or a symbol where there is no number to draw."""
    beside: bool = False
    """Is it a comparator: a region, a nation, a neighbour?"""

    @property
    def number(self) -> Decimal | None:
        """The number that is drawn: the one that is printed, so that nothing is rounded twice."""
        return printed_number(self.text)


@dataclass(frozen=True)
class Series:
    """The bars or the line of one name."""

    name: str
    points: tuple[Plotted, ...]


@dataclass(frozen=True)
class Chart:
    """One chart of a section. All series have the same labels in the same order."""

    name: str
    """``<section>/<id of the chart>``."""
    title: str
    kind: ChartKind
    series: tuple[Series, ...]
    note: str
    """What stands under it: when it is for, and what is not drawn and why."""
    behind: str
    """Ids of its figures of quarters, which stand in no line of the section."""

    @property
    def place(self) -> str:
        """What stands in a text for the chart until it is drawn."""
        return CHART + self.name


def printed_number(text: str) -> Decimal | None:
    """The number that a printed figure is: 2190 of ``2,190``, 24.9 of ``24.9%``; ``None`` of words and symbols."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    minus, _, whole, decimals, _ = found.groups()
    return Decimal(f"{minus}{whole.replace(',', '')}{f'.{decimals}' if decimals else ''}")


def printed_like(number: Decimal, text: str) -> str:
    """A number as a figure beside it is printed: with its decimals, or more where the number has more."""
    found = _NUMBER.fullmatch(text.strip())
    _, pounds, _, decimals, percent = found.groups() if found else ("", "", "", "", "")
    places = max(len(decimals or ""), -int(number.normalize().as_tuple().exponent))
    return f"{'-' if number < 0 else ''}{pounds}{abs(number):,.{places}f}{percent}"


@dataclass(frozen=True)
class SectionContext:
    """Everything that a draft of one section says, before it is a Word document."""

    partnership: str
    section_id: str
    title: str
    part: str
    template: str
    owner: str
    run_id: str
    period: str
    period_words: str
    running_title: str
    as_at: date
    """The last day of the period: it dates the document and its comments, so that the same run gives the same bytes."""
    look: Look
    intro: str
    statement: str
    """A sentence that holds from year to year."""
    unconfirmed: str
    """That nobody has confirmed the statement for this period, in a sentence; empty if somebody has."""
    dates: str
    """How to read figures that give no date of their own."""
    illustrative: str
    """What in the section is illustrative, in a sentence; empty if nothing is."""
    in_report: bool
    """Whether it is a part of the combined report."""
    content: Content
    headline: tuple[Line, ...]
    groups: tuple[LineGroup, ...]
    symbol_notes: tuple[str, ...]
    """What symbols mean, and what people decided to explain."""
    topics: tuple[TopicText, ...]
    no_returns: tuple[str, ...]
    """Returns that did not come, where that is the same for all topics; else they stand with each topic."""
    missing: tuple[str, ...]
    """What did not come, a clause each."""
    open_points: tuple[str, ...]
    """All that is missing, disagrees or could not be checked, a sentence or two each."""
    open_findings: tuple[str, ...]
    """Ids of findings that a person must look at."""
    sources: tuple[SourceRow, ...]
    figures: tuple[PrintedFigure, ...]
    requirements: tuple[str, ...]
    unanswered: tuple[str, ...] = ()
    """Those of the requirements that ask for figures which did not come."""
    charts: tuple[Chart, ...] = ()
    help: tuple[HelpLine, ...] = ()
    """For a page that children read."""

    @property
    def figure_ids(self) -> tuple[str, ...]:
        """Ids of all figures that the section prints."""
        return tuple(figure.id for figure in self.figures)

    @property
    def printed(self) -> dict[str, str]:
        """What stands in print for each figure, by its id; charts show figures of other quarters besides."""
        drawn = {one.id: one.text for chart in self.charts for series in chart.series for one in series.points}
        return drawn | {figure.id: figure.text for figure in self.figures}

    @property
    def nothing_yet(self) -> bool:
        return self.content == "none" and not self.statement and not self.held_back

    @property
    def held_back(self) -> bool:
        """Is something not drafted because it may tell who somebody is?"""
        return any(topic.held_back for topic in self.topics)

    @property
    def earlier(self) -> tuple[tuple[str, PointGroup], ...]:
        """What earlier quarters had still to achieve, each with the heading of its topic where there are several."""
        several = len(self.topics) > 1
        return tuple((topic.heading if several else "", group) for topic in self.topics for group in topic.earlier)

    @property
    def words(self) -> Iterator[str]:
        """What the section says, without its sources: for finding acronyms."""
        yield from (self.title, self.part, self.intro, self.statement, *self.open_points)
        yield from (line.words for line in self.headline)
        for group in self.groups:
            yield from (group.heading, group.note, *(line.words for line in group.lines))
        for topic in self.topics:
            yield topic.heading
            groups = (*(group for part in topic.parts for group in part.groups), *topic.earlier)
            yield from (point.words for group in groups for point in group.points)
        for chart in self.charts:
            yield from (chart.title, chart.note)


@dataclass(frozen=True)
class CoverageRow:
    """One requirement of the statutory guidance, and whether and where the report meets it."""

    id: str
    asks: str
    verdict: str
    where: str


@dataclass(frozen=True)
class GlossaryRow:
    """An acronym and its meaning."""

    acronym: str
    meaning: str


@dataclass(frozen=True)
class ReportContext:
    """Everything that the combined report says round its sections, and the sections themselves."""

    partnership: str
    section_id: str
    title: str
    run_id: str
    period: str
    period_words: str
    running_title: str
    as_at: date
    look: Look
    state: tuple[str, ...]
    """How far the draft is, in sentences."""
    guidance: str
    coverage: tuple[CoverageRow, ...]
    coverage_note: str
    glossary: tuple[GlossaryRow, ...]
    contact: str
    missing: tuple[str, ...]
    open_findings: tuple[str, ...]
    sections: tuple[SectionContext, ...]

    @property
    def figure_ids(self) -> tuple[str, ...]:
        """Ids of all figures of all sections, each once."""
        return tuple(dict.fromkeys(id_ for section in self.sections for id_ in section.figure_ids))

    @property
    def printed(self) -> dict[str, str]:
        """What stands in print for each figure of all sections, by its id."""
        return {id_: text for section in self.sections for id_, text in section.printed.items()}
