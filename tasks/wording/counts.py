"""Do the numbers in sentences agree with the register, and with what they count?

Belongs here: numbers that nobody can trace, numbers that contradict, exact numbers called approximate, styles of
numbers, lists with another number of points than announced. Does not belong here: figures against each other
(``tasks.reconcile``), and when a figure is for (``tasks.wording.times``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import takewhile

from config.wording import WordingCheck
from tasks.measures import is_percent
from tasks.model import Figure, ValueBeside
from tasks.wording.evidence import Hit, NothingToRead, Read, Text, beside
from tasks.wording.language import after, any_of, around, content, listed, numbers, quoted, sentences, stem, words
from tasks.wording.passages import Passage

_SMALL = 10
_ENDS_NOUN = frozenset(
    re.findall(r"\w+", "of from in with who that at on for to by and or were was is are have has had which")
)
_OTHER_TIME = re.compile(
    r"\b(?:last|previous|next) (?:year|quarter)|\bthe year before|\bcompared|\bfrom \d[\d,.]* to \d"
    r"|\b(?:up|down) from",
    re.IGNORECASE,
)
_NEAR = Decimal("0.1")


def unregistered_number(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Numbers of what the register counts, or large ones, that are no figure of it."""
    if not text.figures:
        raise NothingToRead("There is no register of figures for the period.")
    counted = {stem(word) for word in check.words["counted"]} | _units(text)
    known = _configured_counts(text)
    for read in text.numbers:
        if any_of(check.words["not_figures"]).search(read.sentence) or _is_registered(text, read):
            continue
        if _is_small(read) and (read.number.value in known or not _head(read) & counted):
            continue
        if contradicts(text, read):
            continue  # said by the check of contradictions, with both numbers
        nearest = _nearest(text, read)
        told = around(read.sentence, read.number.start, read.number.end)
        hint = f" The nearest figure is {_named(text, nearest)}: {nearest.display}." if nearest else ""
        yield Hit(
            f"{read.passage.topic}|{read.sentence}|{read.number.text}",
            f"“{told}”: this number is not in the register of figures.{hint}",
            (read.passage,),
            values=(
                *beside(text, (read.passage, read.number.text)),
                *([ValueBeside(_named(text, nearest), nearest.display)] if nearest else ()),
            ),
        )


def contradicted_number(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Numbers beside the words of a measure for which the register has another number."""
    if not text.figures:
        raise NothingToRead("There is no register of figures for the period.")
    for read in text.numbers:
        if not contradicts(text, read):
            continue
        figure = read.figures[0]
        yield Hit(
            f"{figure.area}.{figure.measure}|{read.number.text}",
            f"A sentence says {read.number.text} where the register has {figure.display} ({_named(text, figure)}).",
            (read.passage,),
            arithmetic=f"“{around(read.sentence, read.number.start, read.number.end)}”",
            values=(
                *beside(text, (read.passage, read.number.text)),
                *(ValueBeside(f"{_named(text, one)}, register", one.display) for one in read.figures),
            ),
            figures=tuple(one.id for one in read.figures),
        )


def _is_registered(text: Text, read: Read) -> bool:
    if read.figures and not _is_small(read):
        return any(map(read.is_figure, read.figures)) or any(map(read.is_figure, text.figures))
    return any(map(read.is_figure, text.figures))


def contradicts(text: Text, read: Read) -> bool:
    """Is the measure surely meant, for this period, and is the number none of its figures?"""
    figures = [one for one in read.figures if one.value is not None]
    if not figures or len({one.measure for one in figures}) > 1 or any(map(read.is_figure, figures)):
        return False
    same_kind = all(read.number.percent == is_percent(one.unit, one.statistic) for one in figures)
    return same_kind and not _OTHER_TIME.search(read.sentence) and len(_head(read)) > 0 and not _is_small(read)


def _is_small(read: Read) -> bool:
    return not read.number.percent and (read.number.in_words or read.number.value < _SMALL)


def _head(read: Read) -> frozenset[str]:
    """What a number counts: the words after it, up to the first that only joins."""
    following = words(after(read.sentence, read.number))[:4]
    return content(" ".join(takewhile(lambda word: word.casefold() not in _ENDS_NOUN, following)))


def _units(text: Text) -> set[str]:
    """What the register counts, by the units of its measures."""
    units = {stem(word) for measure in text.partnership.measures.values() for word in words(measure.unit)}
    return units - {stem("percent"), stem("pounds"), stem("people"), stem("per")}


def _configured_counts(text: Text) -> set[Decimal]:
    """How many boroughs, groups of each kind and priorities there are: facts of the configuration."""
    kinds = [group.kind for group in text.partnership.profile.groups]
    counts = {kinds.count(kind) for kind in set(kinds)} | {len(text.partnership.boroughs)}
    return {Decimal(count) for count in counts}


def _nearest(text: Text, read: Read) -> Figure | None:
    """The figure whose measure the words name, else the one whose value is closest, if any is close."""
    if read.figures:
        return read.figures[0]
    value = read.number.value
    alike = [
        figure
        for figure in text.figures
        if figure.value is not None
        and value >= _SMALL
        and is_percent(figure.unit, figure.statistic) == read.number.percent
        and abs(figure.value - value) <= value * _NEAR
    ]
    said = content(read.sentence)
    alike = [figure for figure in alike if content(figure.label) & said]
    return min(alike, key=lambda figure: (abs((figure.value or value) - value), figure.id), default=None)


def _named(text: Text, figure: Figure) -> str:
    area = text.partnership.areas[figure.area]
    place = "" if area.kind == "partnership" else f", {area.name}"
    return f"{text.partnership.measures[figure.measure].title}{place}"


def approximate_exact(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Exact numbers behind "approximately", in a sentence or under a heading that says it of all."""
    word = any_of(check.words["approximate"], whole_words=True)
    for heading in text.headings:
        if not re.search(rf"(?:{word.pattern})\W*$", heading.text, re.IGNORECASE):
            continue
        path = (*heading.headings, heading.text)
        under = [p for p in text.body if p.headings[: len(path)] == path]
        exact = [read for read in text.numbers if read.passage in under and _is_exact(read)]
        if exact:
            yield Hit(
                f"{heading.text}|{' > '.join(heading.headings)}",
                f"“{quoted(heading.text)}” stands over {len(exact)} exact numbers.",
                (heading,),
                values=beside(text, *((read.passage, read.number.text) for read in exact[:3])),
            )
    for read in text.numbers:
        before = read.sentence[: read.number.start].rstrip(" *£")
        found = re.search(rf"(?:{word.pattern})$", before, re.IGNORECASE)
        if found and _is_exact(read):
            told = f"{found[0]} {read.number.text}"
            yield Hit(
                f"{read.passage.topic}|{read.sentence}",
                f"“{told}”: the number is an exact one.",
                (read.passage,),
                values=beside(text, (read.passage, told)),
            )


def _is_exact(read: Read) -> bool:
    """Not a number that somebody rounded: more than a digit other than nought, or a decimal."""
    digits = f"{read.number.value:f}".rstrip("0" if read.number.value == int(read.number.value) else "").replace(
        ".", ""
    )
    return not read.number.in_words and len(digits) >= 3


def number_styles(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Thousands with and without a comma; percentages with different numbers of decimals."""
    reads = text.numbers
    with_comma = [read for read in reads if re.match(r"£?\d{1,3},\d{3}", read.number.text)]
    without = [read for read in reads if re.match(r"£?\d{4,}", read.number.text)]
    if with_comma and without:
        yield _mixed(text, "thousands", "Thousands are written with and without a comma", with_comma, without)
    by_decimals: dict[int, list[Read]] = {}
    for read in reads:
        if read.number.percent:
            decimals = len(read.number.text.rstrip("% percnt").partition(".")[2])
            by_decimals.setdefault(decimals, []).append(read)
    if len(by_decimals) > 1:
        title = f"Percentages are written with {listed([str(n) for n in sorted(by_decimals)])} decimals"
        yield _mixed(text, "decimals", title, *by_decimals.values())


def _mixed(text: Text, key: str, title: str, *kinds: list[Read]) -> Hit:
    firsts = [kind[0] for kind in kinds]
    counts = listed([f"{len(kind)} like {kind[0].number.text}" for kind in kinds])
    return Hit(
        key,
        f"{title}: {counts}.",
        tuple(read.passage for read in firsts),
        values=beside(text, *((read.passage, read.number.text) for read in firsts)),
    )


def count_of_list(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """A number announced by a line that ends in a colon, and the points under it."""
    for lead, points in _lists(text):
        announced = _announced(lead.text)
        if announced and points and announced[0] != len(points):
            yield Hit(
                f"{lead.topic}|{lead.text}",
                f"“{quoted(announced[1])}” is followed by {len(points)} points.",
                (lead,),
                arithmetic=f"{announced[0]} announced, {len(points)} listed",
                values=beside(text, (lead, quoted(announced[1])), (points[0], f"{len(points)} points")),
            )


def _announced(lead: str) -> tuple[int, str] | None:
    """The last number of a line that ends in a colon, with what it counts; of "five core themes:" 5."""
    lead = sentences(lead)[-1]
    found = [one for one in numbers(lead) if not one.percent and one.value == int(one.value) and one.value <= 20]
    rest = lead[found[-1].end :] if found else ""
    if not found or not lead.rstrip().endswith(":") or not re.match(r" [a-z]", rest):
        return None
    return int(found[-1].value), lead[found[-1].start :].rstrip(" :")


def _lists(text: Text) -> Iterator[tuple[Passage, list[Passage]]]:
    """Lines that end in a colon, each with the points that follow it."""
    passages = text.passages
    for index, lead in enumerate(passages):
        if lead.kind != "contents" and lead.text.rstrip().endswith(":"):
            yield lead, list(takewhile(lambda one: one.kind == "point", passages[index + 1 :]))
