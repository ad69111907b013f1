"""What does a blank form ask, of whom, and by when?

Belongs here: putting together, from the configuration and the answers of the period before, everything that a form
says. Does not belong here: how it looks (``word_form``, ``excel_form``).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from config.layouts import Form, ListSheet, NarrativeSheet, Source, Workbook
from config.model import Look
from config.partnership import Partnership, topic_label, topic_title
from config.periods import Quarter, Return, day_words
from tasks.due import due_on
from tasks.gather.collect import NOTHING_TO_REPORT
from tasks.gather.stated import ends_the_year
from tasks.returns.earlier import Earlier

HOW_TO_WRITE = (
    ("0", "there was nothing to count"),
    ("<5", "the number is too small to be shown (write the limit that your agency uses)"),
    ("c", "the number may not be shown for another reason"),
    ("z", "the figure does not apply to you"),
    ("x", "the figure is not available, or not yet"),
)
"""What to write in the place of a number, and when."""

ANYTHING_TO_REPORT = "Anything to report?"
CHOICES = ("We report on it here", NOTHING_TO_REPORT)
"""What a sender chooses for a topic, so that an empty answer is not taken for a forgotten one."""


@dataclass(frozen=True)
class FigureAsked:
    """One figure: what it is called on the form, what it counts, and what was answered before."""

    measure: str
    label: str
    definition: str
    unit: str
    whole: bool
    """Only whole numbers make sense: it is counted."""
    before: str


@dataclass(frozen=True)
class QuestionAsked:
    """One question of a topic. ``name`` is the heading of its column in a workbook."""

    part: str
    name: str
    words: str
    before: tuple[str, ...]


@dataclass(frozen=True)
class TopicAsked:
    """A topic: the words by which its row is known in a workbook, its title, its questions."""

    topic: str
    label: str
    title: str
    questions: tuple[QuestionAsked, ...]


@dataclass(frozen=True)
class Figures:
    """Figures that stand together; ``sheet`` says where in a workbook."""

    title: str
    asked: tuple[FigureAsked, ...]
    sheet: ListSheet | None = None


@dataclass(frozen=True)
class Texts:
    """Topics that stand together; ``sheet`` says where in a workbook."""

    topics: tuple[TopicAsked, ...]
    sheet: NarrativeSheet | None = None


@dataclass(frozen=True)
class Blank:
    """Everything that one form says."""

    title: str
    partnership: str
    sender: str
    period: str
    """``Q1 2024-25 (April to June 2024)``, as the reader of the form finds it again."""
    this_period: str
    """``quarter`` or ``year``."""
    before: str
    before_kept: bool
    due: str
    contact: str
    last_day: date
    look: Look
    blocks: tuple[Figures | Texts, ...]

    @property
    def about_before(self) -> str:
        """What stands in the columns of last time, in a sentence."""
        if self.before_kept:
            return f"What you answered last {self.this_period}, for {self.before}, stands beside each question."
        return f"Last {self.this_period}'s answers cannot be shown: no returns for {self.before} are kept here."


def ask(partnership: Partnership, source: Source, period: Return, earlier: Earlier) -> Blank:
    """What the form of one source asks for one period. Its layout must be one of which blank forms are made."""
    due = due_on(source, period)
    layout = source.layout
    blocks: tuple[Figures | Texts, ...] = ()
    if isinstance(layout, Form):
        blocks = _of_form(partnership, source, layout, earlier)
    elif isinstance(layout, Workbook):
        blocks = tuple(_of_workbook(partnership, source, layout, period, earlier))
    return Blank(
        title=source.title,
        partnership=partnership.profile.name,
        sender=partnership.groups[source.sender].name,
        period=period_words(period),
        this_period="quarter" if isinstance(period, Quarter) else "year",
        before=period_words(period.before),
        before_kept=earlier.kept,
        due=f"{calendar.day_name[due.weekday()]} {day_words(due)}",
        contact=partnership.profile.contact,
        last_day=period.last_day,
        look=partnership.profile.look,
        blocks=blocks,
    )


def period_words(period: Return) -> str:
    """A period as a form states it: ``Q1 2024-25 (April to June 2024)``."""
    return f"{f'Q{period.number} ' if isinstance(period, Quarter) else ''}{period.year} ({period.words})"


def _of_form(partnership: Partnership, source: Source, layout: Form, earlier: Earlier) -> tuple[Figures | Texts, ...]:
    figures = tuple(
        _figure(partnership, source, layout.area, measure, words[0], earlier)
        for measure, words in layout.every_figure.items()
    )
    names = dict.fromkeys(layout.parts, "")
    topics = tuple(_topics(partnership, source, layout, names, earlier))
    return ((Figures("Figures", figures),) if figures else ()) + ((Texts(topics),) if topics else ())


def _of_workbook(
    partnership: Partnership, source: Source, layout: Workbook, period: Return, earlier: Earlier
) -> list[Figures | Texts]:
    blocks: list[Figures | Texts] = []
    for sheet in layout.sheets:
        if isinstance(sheet, ListSheet) and (ends_the_year(period) or not sheet.yearly):
            area = sheet.area or layout.area
            asked = tuple(
                _figure(partnership, source, area, measure, words[0], earlier) for measure, words in sheet.rows.items()
            )
            title = f"Figures: {partnership.areas[area].name}" if sheet.area else "Figures"
            blocks.append(Figures(title, asked, sheet))
        elif isinstance(sheet, NarrativeSheet):
            names = {part: words[0] for part, words in sheet.parts.items()}
            blocks.append(Texts(tuple(_topics(partnership, source, sheet, names, earlier)), sheet))
    return blocks


def _figure(
    partnership: Partnership, source: Source, area: str, name: str, label: str, earlier: Earlier
) -> FigureAsked:
    measure = partnership.measures[name]
    return FigureAsked(
        name,
        label,
        measure.definition,
        measure.unit,
        measure.statistic in ("flow", "distinct", "stock") and not measure.decimals_for(area),
        earlier.figure(source.id, area, name),
    )


def _topics(
    partnership: Partnership, source: Source, layout: Form | NarrativeSheet, names: dict[str, str], earlier: Earlier
) -> Iterator[TopicAsked]:
    """Every topic of a form or a sheet; ``names`` are the headings of its parts."""
    for topic in layout.topics:
        yield TopicAsked(
            topic,
            topic_label(partnership, topic),
            layout.titles.get(topic) or topic_title(partnership, topic),
            tuple(
                QuestionAsked(part, name, layout.questions[part], earlier.text(source.id, topic, part))
                for part, name in names.items()
            ),
        )
