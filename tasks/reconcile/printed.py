"""Do the report's words and its way of printing fit its figures?

Belongs here: the words that a section declares around its figures, the date and source of each, decimals and order.
Does not belong here: what people wrote (narrative), and how a value and its time are put into words
(``tasks.measures``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import combinations

import numpy as np

from config.model import Measure, Section
from config.partnership import label_refs
from config.periods import ReportingYear
from config.rules import DatedAndSourced, PrintedAlike, SectionWording
from tasks.measures import dated_by_itself, is_percent, is_snapshot
from tasks.model import Figure, Finding, ValueBeside
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.tables import Places, Row, Table, column, table, verdict
from tasks.reconcile.telling import make_finding
from tasks.words import listed, lower_first, many

SPAN = r"(?:the (?:whole )?(?:year|quarter|period)|20\d\d|\{period_words\})"
THROUGHOUT = re.compile(rf"\bthroughout\b|\ball year\b|\b(?:during|over) {SPAN}", re.IGNORECASE)
"""Says that something went on for the whole time."""
OVER_TIME = re.compile(rf"{THROUGHOUT.pattern}|\b(?:in|for) {SPAN}|\{{period_words\}}", re.IGNORECASE)
"""Says over what time something was counted."""
ON_A_DAY = re.compile(
    r"\bstood\b|\blast day\b|\bas at\b|\bat (?:the end|\d{1,2} [A-Z])|\bdates? of (?:its|their) own\b|\bdated\b",
    re.IGNORECASE,
)
ROUGHLY = re.compile(r"\bapproximately\b|\broughly\b|\bcirca\b|\bin the region of\b", re.IGNORECASE)
NAMED = 5
"""So many figures are named in a sentence; the rest are counted."""

Printed = tuple[Figure, Measure]


def section_wording(rule: SectionWording, evidence: Evidence) -> Table:
    """Hold what sections say around their figures against what they count: a passage a row, judged by its words."""
    judge = {"period": _period, "exactness": _exactness, "label": _labels}[rule.about]
    sections = [*_sections(evidence)]
    wrong = column(judge(evidence, _words(section), printed) for section, printed in sections)
    known = [any(figure.value is not None for figure, _ in printed) for _, printed in sections]
    return table(
        section=column(section for section, _ in sections),
        wrong=wrong,
        outcome=verdict(np.array(known, dtype=bool), wrong == column([None])),
    )


def _words(section: Section) -> str:
    return " ".join([section.intro, *(f"{group.heading}. {group.note}" for group in section.groups)])


def say_section_wording(rule: SectionWording, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    say = partial(_told, rule, evidence, row)
    if row.outcome == "not_evaluated":
        title = f"Whether the words of {row.section.title} fit its figures was not checked."
        return say(title, [], reason="None of them has a value.")
    if row.outcome == "passed":
        return say(f"{row.section.title}: the words fit the figures.", [])
    return say(*row.wrong)


def _sections(evidence: Evidence) -> Iterator[tuple[Section, list[Printed]]]:
    """Sections of the period with the figures that they print, those inside labels too."""
    for section in evidence.partnership.sections:
        if not (section.quarterly or isinstance(evidence.period, ReportingYear)):
            continue
        found: dict[str, Printed] = {}
        for ref in section.figures:
            area, _, name = ref.partition(".")
            for one in (name, *label_refs(evidence.measure(name).label)):
                if figure := evidence.figures.get((area, one)):
                    found[figure.id] = (figure, evidence.measure(one))
        if found:
            yield section, list(found.values())


def _told(
    rule: SectionWording | DatedAndSourced,
    evidence: Evidence,
    row: Row,
    title: str,
    about: Sequence[Printed],
    reason: str = "",
) -> Finding:
    sides = [
        ValueBeside(f"{evidence.area(figure.area).name}: {measure.title}", figure.display, figure.wording)
        for figure, measure in about
    ]
    return make_finding(
        evidence,
        rule,
        f"{row.section.id}.{evidence.period}",
        row.outcome,
        title,
        arithmetic=many(len(about), "figure") if about else "",
        values=sides,
        figures=() if rule.severity == "information" else [figure.id for figure, _ in about],
        reason=reason,
    )


Wrong = tuple[str, Sequence[Printed]]


def _period(evidence: Evidence, words: str, printed: Sequence[Printed]) -> Wrong | None:
    """A stock told as going on throughout; or events of which nobody says over what time."""
    throughout = None if ON_A_DAY.search(words) else THROUGHOUT.search(words)
    on_days = [one for one in printed if is_snapshot(one[1], evidence.partnership.measures)]
    if throughout and on_days:
        return f"“{throughout[0]}” stands over {_these(on_days)}, true for one day alone.", on_days
    events = [one for one in printed if one[1].statistic in ("flow", "distinct", "mean")]
    if events and not OVER_TIME.search(words):
        return f"Nothing says over what time these were counted: {_these(events)}.", events
    return None


def _exactness(evidence: Evidence, words: str, printed: Sequence[Printed]) -> Wrong | None:
    found = ROUGHLY.search(words)
    exact = [one for one in printed if one[0].value is not None and not _is_rounded(one[0].value)]
    return (f"“{found[0]}” stands over {_these(exact)}, all exact.", exact) if found and exact else None


def _is_rounded(value: Decimal) -> bool:
    return value != 0 and value % 100 == 0


def _labels(evidence: Evidence, words: str, printed: Sequence[Printed]) -> Wrong | None:
    """A stock whose own label says that it went on, or events whose label says that they stood on a day."""
    wrong = [
        (figure, measure)
        for figure, measure in printed
        if (THROUGHOUT if is_snapshot(measure, evidence.partnership.measures) else ON_A_DAY).search(figure.label)
    ]
    return (f"The words behind {_these(wrong)} say another time than is counted.", wrong) if wrong else None


def _these(figures: Sequence[Printed]) -> str:
    """``5 figures (children in need, children looked after, ...)``; a handful is named."""
    titles = list(dict.fromkeys(lower_first(measure.title) for _, measure in figures))
    shown = titles if len(titles) <= NAMED else [*titles[:NAMED], f"{len(titles) - NAMED} more"]
    return f"{many(len(figures), 'figure')} ({listed(shown)})"


# Date and source


def dated_and_sourced(rule: DatedAndSourced, evidence: Evidence) -> Table:
    """Count, section by section, figures that do not say when they are for, or of which no source is named."""
    has = _has_date if rule.about == "date" else _has_source
    sections = [*_sections(evidence)]
    of: Places = np.repeat(np.arange(len(sections)), [len(printed) for _, printed in sections])
    figures = column(one for _, printed in sections for one in printed)
    received = np.array([figure.value is not None for figure, _ in figures], dtype=bool)
    silent = received & ~np.array([has(evidence, one) for one in figures], dtype=bool)
    came, lacking = (np.bincount(of, mask, len(sections)).astype(int) for mask in (received, silent))
    return table(
        section=column(section for section, _ in sections),
        silent=column(list(figures[silent & (of == place)]) for place in range(len(sections))),
        came=came,
        good=came - lacking,
        outcome=verdict(came > 0, lacking == 0),
    )[came > 0]


def say_dated_and_sourced(rule: DatedAndSourced, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    what = "say when they are for" if rule.about == "date" else "name their source"
    if row.outcome == "passed":
        return _told(rule, evidence, row, f"{row.section.title}: all {row.came} figures {what}.", [])
    few = f"{row.good} of {row.came} figures {what}"
    return _told(rule, evidence, row, f"{row.section.title}: {few}; not so {_these(row.silent)}.", row.silent)


def _has_date(evidence: Evidence, printed: Printed) -> bool:
    """A day, or the period's own last day; "date not given" is no date."""
    measure = printed[1]
    return measure.as_at is not None or not dated_by_itself(measure) or bool(re.search(r"\d", measure.as_at_words))


def _has_source(evidence: Evidence, printed: Printed) -> bool:
    """Does its sender say where the figure is from, here or where the same file gives it again?"""
    known, figure = evidence.ledger.observations, printed[0]
    behind = [known[one] for one in figure.observations if one in known]
    elsewhere = [known[one] for one in figure.beside if one in known]
    senders = {one.source for one in behind}
    return any(one.note or one.release or one.how for one in (*behind, *elsewhere) if one.source in senders)


# Printed alike


def printed_alike(rule: PrintedAlike, evidence: Evidence) -> Table:
    """Compare decimals of all percentages, or the order of measures in sections that boroughs have alike."""
    return (_decimals if rule.about == "decimals" else _order)(evidence)


def _decimals(evidence: Evidence) -> Table:
    """Percentages by their decimals: all of them make one finding."""
    printed = {figure.id: (figure, measure) for _, found in _sections(evidence) for figure, measure in found}
    kept = [one for one in printed.values() if one[0].value is not None and is_percent(one[1].unit, one[1].statistic)]
    displays = column(figure.display for figure, _ in kept)
    decimals = np.array([measure.decimals_for(figure.area) for figure, measure in kept], dtype=int)
    numbers = np.unique(decimals)
    told = {number: displays[decimals == number].tolist() for number in numbers.tolist()}
    made = table(told=column([told]), outcome=verdict(np.array([len(kept) > 0]), np.array([len(numbers) == 1])))
    return made if len(kept) else made[:0]


def _order(evidence: Evidence) -> Table:
    """Sections of two boroughs that print the same measures print them in the same order."""
    about = [(section, _borough_of(evidence, section)) for section in evidence.partnership.sections]
    pairs = [
        (one, other)
        for (one, first), (other, second) in combinations(about, 2)
        if one.template == other.template and first and second and first != second
    ]
    orders = column(_shared_order(evidence, *pair) for pair in pairs)
    shared = np.array([len({*first}) for first, _ in orders], dtype=int)
    moved = np.array([sum(map(str.__ne__, *both)) for both in orders], dtype=int)
    longest = np.array([max(len(one.figures), len(other.figures)) for one, other in pairs], dtype=int)
    known = np.array(
        [any(evidence.has(_key(ref)) for one in pair for ref in one.figures) for pair in pairs], dtype=bool
    )
    return table(
        sections=column(pairs),
        shared=shared,
        moved=moved,
        outcome=verdict(known, moved == 0),
    )[2 * shared >= longest]


def _shared_order(evidence: Evidence, one: Section, other: Section) -> tuple[list[str], list[str]]:
    """The measures that two sections share, each in its own order."""
    first, second = ([_canonical(evidence, ref) for ref in section.figures] for section in (one, other))
    shared = set(first) & set(second)
    return [name for name in first if name in shared], [name for name in second if name in shared]


def say_printed_alike(rule: PrintedAlike, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    if rule.about == "decimals":
        told = "; ".join(f"{many(number, 'decimal')}: {', '.join(shown)}" for number, shown in row.told.items())
        title = f"Percentages are printed with {listed([str(number) for number in row.told])} decimals."
        return make_finding(evidence, rule, f"percentages.{evidence.period}", row.outcome, title, arithmetic=told)
    one, other = row.sections
    about = f"{one.title} and {other.title}"
    say = partial(make_finding, evidence, rule, f"{one.id}-{other.id}.{evidence.period}", row.outcome)
    if row.outcome == "not_evaluated":
        title = f"Whether {about} have one order was not checked."
        return say(title, reason="None of their figures has a value.")
    order = "in different orders" if row.moved else "in the same order"
    arithmetic = f"{row.moved} of {row.shared} stand in another place"
    return say(f"{about} print {row.shared} measures {order}.", arithmetic=arithmetic)


def _key(ref: str) -> tuple[str, str]:
    area, _, measure = ref.partition(".")
    return area, measure


def _borough_of(evidence: Evidence, section: Section) -> str:
    """The one borough that a section is about; empty where it is about several or none."""
    boroughs = {area.id for area in evidence.partnership.boroughs}
    found = {ref.partition(".")[0] for ref in section.figures} & boroughs
    return found.pop() if len(found) == 1 else ""


def _canonical(evidence: Evidence, ref: str) -> str:
    """A measure, or the look-alike whose name comes first, so that two of them stand for the same place."""
    name = ref.partition(".")[2]
    return min([name, *(one.measure for one in evidence.measure(name).not_comparable_with)])
