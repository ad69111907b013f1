"""Is it said rightly when a figure is for?

Belongs here: stocks told as flows and the reverse, numbers of a day without their day, figures without a period, styles
of years. Does not belong here: the time of a figure itself (``tasks.measures``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from config.wording import WordingCheck
from tasks.wording.evidence import Hit, NothingToRead, Read, Text, beside
from tasks.wording.language import any_of, around, listed, quoted
from tasks.wording.passages import Passage

_A_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d\d[-/]\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|"
    r"november|december|quarter|year|month|term|to date)\b",
    re.IGNORECASE,
)
_A_DAY = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december)\b"
    r"|\b(?:as )?at (?:the )?(?:end|start|\d)|\bcensus\b|\bmid-year\b|\blast day of"
    r"|\bend of (?:the )?(?:year|quarter|march)",
    re.IGNORECASE,
)
_FEWEST_FIGURES = 3


def stock_as_flow(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """What stood on one day, under or behind words for a whole period."""
    yield from _told_as(text, any_of(check.words["flow"], whole_words=True), _of_one_day, "what stood on one day")


def flow_as_stock(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """What happened over a period, under or behind words for one day."""
    yield from _told_as(
        text, any_of(check.words["stock"], whole_words=True), _of_a_period, "what happened over the period"
    )


def _of_one_day(text: Text, read: Read) -> bool:
    """Does the number stand for what was counted on one day, or dated by itself?"""
    measures = [text.partnership.measures[figure.measure] for figure in read.figures]
    return bool(measures) and all(m.statistic in ("stock", "reference") or m.as_at or m.as_at_words for m in measures)


def _of_a_period(text: Text, read: Read) -> bool:
    return bool(read.figures) and all(figure.statistic in ("flow", "distinct") for figure in read.figures)


def _told_as(text: Text, word: re.Pattern[str], is_such: Callable[[Text, Read], bool], what: str) -> Iterator[Hit]:
    if not text.figures:
        raise NothingToRead("There is no register of figures for the period.")
    under: dict[str, list[Read]] = {}
    for read in text.numbers:
        if not is_such(text, read):
            continue
        if found := word.search(read.sentence):
            title = f"“{found[0]}” is said of {what}: {_measure(text, read)}."
            told = around(read.sentence, read.number.start, read.number.end)
            yield Hit(
                f"{read.measure}|{read.sentence}", title, (read.passage,), values=beside(text, (read.passage, told))
            )
        elif heading := next((one for one in read.passage.headings[-2:] if word.search(one)), ""):
            under.setdefault(f"{read.passage.topic}|{heading}", []).append(read)
    for key, reads in under.items():
        heading = key.partition("|")[2]
        titles = list(dict.fromkeys(_measure(text, read) for read in reads))
        yield Hit(
            key,
            f"“{quoted(heading)}” stands over {what}: {listed(titles)}.",
            (reads[0].passage,),
            values=beside(text, *((read.passage, quoted(read.sentence)) for read in reads[:4])),
        )


def _measure(text: Text, read: Read) -> str:
    title = text.partnership.measures[read.measure].title
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def undated_stock(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Numbers of one day with no day in the sentence, nor in the headings above it; one finding a topic."""
    if not text.figures:
        raise NothingToRead("There is no register of figures for the period.")
    found: dict[str, list[Read]] = {}
    for read in text.numbers:
        said = " ".join((read.sentence, *read.passage.headings[-2:], text.said_above(read.passage.topic)))
        stock = bool(read.figures) and all(figure.statistic == "stock" for figure in read.figures)
        if stock and any(map(read.is_figure, read.figures)) and not _A_DAY.search(said):
            found.setdefault(read.passage.topic, []).append(read)
    for topic, reads in found.items():
        titles = list(dict.fromkeys(_measure(text, read) for read in reads))
        yield Hit(
            topic,
            f"No day is given for what stood on one day: {listed(titles)}.",
            (reads[0].passage,),
            values=beside(text, *((read.passage, quoted(read.sentence)) for read in reads[:3])),
        )


def undated_figures(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Sections of a document with several figures and no time in any of their sentences or headings."""
    figures: dict[str, list[Read]] = {}
    for read in text.numbers:
        figures.setdefault(read.passage.topic, []).append(read)
    for topic, reads in figures.items():
        of_it = text.topics[topic]
        said = " ".join(
            [topic, text.said_above(topic), *(p.text for p in of_it), *(words for p in of_it for words in p.headings)]
        )
        said = re.sub(r"(?i)monthly|\bquarterly|per month", "", said)
        if len(reads) >= _FEWEST_FIGURES and not _A_TIME.search(said):
            yield Hit(
                topic,
                f"{len(reads)} figures are given without saying for which period ({text.title_of(topic)}).",
                (reads[0].passage,),
                values=beside(text, *((read.passage, quoted(read.sentence)) for read in reads[:3])),
            )


_STYLES: tuple[tuple[str, str], ...] = (
    ("like 01/04/2023 – 31/03/2024", r"\d\d/\d\d/\d{4} ?[-–] ?\d\d/\d\d/\d{4}"),
    ("like 2023 – 2024", r"(?<![\d/])20(\d\d) [-–] 20(\d\d)(?!\d)"),
    ("like 2023-2024", r"(?<![\d/])20(\d\d)[-–]20(\d\d)(?!\d)"),
    ("like 2023/2024", r"(?<![\d/])20(\d\d)/20(\d\d)(?!\d)"),
    ("like 2023/24", r"(?<![\d/])20(\d\d)/(\d\d)(?![\d/])"),
    ("like 2023-24", r"(?<![\d/-])20(\d\d)[-–](\d\d)(?![\d-])"),
    ("like 23-24", r"(?<![\d/–-])(?<!– )(\d\d)[-–](\d\d)(?![\d-])"),
)


def year_styles(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Every way in which financial years are written, where there are several."""
    found: dict[str, list[tuple[Passage, str]]] = {}
    for passage in text.passages:
        rest = "" if passage.kind == "contents" else passage.text
        for style, pattern in _STYLES:
            for year in re.finditer(pattern, rest):
                if not year.groups() or (int(year[1]) + 1) % 100 == int(year[2]):
                    found.setdefault(style, []).append((passage, year[0]))
            rest = re.sub(pattern, " ", rest)
    if len(found) > 1:
        counts = sorted(((len(uses), style) for style, uses in found.items()), reverse=True)
        yield Hit(
            "years",
            f"Years are written in {len(found)} styles: {listed([f'{count} {style}' for count, style in counts])}.",
            tuple(uses[0][0] for uses in found.values()),
            values=beside(text, *(uses[0] for uses in found.values())),
        )
