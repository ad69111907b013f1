"""Do the report's words and its way of printing fit its figures?

Belongs here: the words that a section declares around its figures, the date and source of each, decimals and order.
Does not belong here: what people wrote (narrative), and how a value and its time are put into words
(``tasks.measures``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from config.model import Measure, Section
from config.partnership import label_refs
from config.periods import ReportingYear
from config.rules import DatedAndSourced, PrintedAlike, SectionWording
from tasks.measures import dated_by_itself, is_percent, is_snapshot
from tasks.model import Figure, Finding, Outcome, ValueBeside
from tasks.reconcile.evidence import Evidence, make_finding
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


def section_wording(rule: SectionWording, evidence: Evidence) -> Iterator[Finding]:
    """Hold what a section says around its figures against what they count."""
    judge = {"period": _period, "exactness": _exactness, "label": _labels}[rule.about]
    for section, printed in _sections(evidence):
        words = " ".join([section.intro, *(f"{group.heading}. {group.note}" for group in section.groups)])
        if all(figure.value is None for figure, _ in printed):
            title = f"Whether the words of {section.title} fit its figures was not checked."
            yield _told(rule, evidence, section, "not_evaluated", title, [], reason="None of them has a value.")
        elif wrong := judge(evidence, words, printed):
            title, about = wrong
            yield _told(rule, evidence, section, "failed", title, about)
        else:
            yield _told(rule, evidence, section, "passed", f"{section.title}: the words fit the figures.", [])


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
    section: Section,
    outcome: Outcome,
    title: str,
    about: Sequence[Printed],
    reason: str = "",
) -> Finding:
    sides = [
        ValueBeside(f"{evidence.area(figure.area).name}: {measure.title}", figure.display, figure.wording)
        for figure, measure in about
    ]
    figures = () if rule.severity == "information" else [figure.id for figure, _ in about]
    arithmetic = many(len(about), "figure") if about else ""
    return make_finding(
        evidence,
        rule,
        f"{section.id}.{evidence.period}",
        outcome,
        title,
        arithmetic=arithmetic,
        values=sides,
        figures=figures,
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


def dated_and_sourced(rule: DatedAndSourced, evidence: Evidence) -> Iterator[Finding]:
    """Find, section by section, figures that do not say when they are for, or of which no source is named."""
    if not isinstance(evidence.period, ReportingYear):
        return
    for section, printed in _sections(evidence):
        received = [one for one in printed if one[0].value is not None]
        silent = [one for one in received if not (_has_date if rule.about == "date" else _has_source)(evidence, one)]
        if not received:
            continue
        what = "say when they are for" if rule.about == "date" else "name their source"
        if silent:
            few = f"{len(received) - len(silent)} of {len(received)} figures"
            title = f"{section.title}: {few} {what}; not so {_these(silent)}."
            yield _told(rule, evidence, section, "failed", title, silent)
        else:
            yield _told(rule, evidence, section, "passed", f"{section.title}: all {len(received)} figures {what}.", [])


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


def printed_alike(rule: PrintedAlike, evidence: Evidence) -> Iterator[Finding]:
    """Compare decimals of all percentages, or the order of measures in sections that boroughs have alike."""
    if isinstance(evidence.period, ReportingYear):
        yield from (_decimals if rule.about == "decimals" else _order)(rule, evidence)


def _decimals(rule: PrintedAlike, evidence: Evidence) -> Iterator[Finding]:
    places: dict[int, list[str]] = defaultdict(list)
    printed = {figure.id: (figure, measure) for _, found in _sections(evidence) for figure, measure in found}
    for figure, measure in printed.values():
        if figure.value is not None and is_percent(measure.unit, measure.statistic):
            places[measure.decimals_for(figure.area)].append(figure.display)
    if not places:
        return
    told = "; ".join(f"{many(number, 'decimal')}: {', '.join(places[number])}" for number in sorted(places))
    outcome: Outcome = "failed" if len(places) > 1 else "passed"
    title = f"Percentages are printed with {listed([str(number) for number in sorted(places)])} decimals."
    yield make_finding(evidence, rule, f"percentages.{evidence.period}", outcome, title, arithmetic=told)


def _order(rule: PrintedAlike, evidence: Evidence) -> Iterator[Finding]:
    """Sections of two boroughs that print the same measures print them in the same order."""
    borough_of = {section.id: _borough_of(evidence, section) for section in evidence.partnership.sections}
    for one, other in combinations(evidence.partnership.sections, 2):
        alike = one.template == other.template and borough_of[one.id] and borough_of[other.id]
        if not alike or borough_of[one.id] == borough_of[other.id]:
            continue
        first, second = ([_canonical(evidence, ref) for ref in section.figures] for section in (one, other))
        shared = set(first) & set(second)
        orders = [[name for name in names if name in shared] for names in (first, second)]
        if 2 * len(shared) < max(len(first), len(second)):
            continue
        yield _ordered(rule, evidence, (one, other), sum(a != b for a, b in zip(*orders, strict=False)), len(shared))


def _ordered(
    rule: PrintedAlike, evidence: Evidence, sections: tuple[Section, Section], moved: int, shared: int
) -> Finding:
    one, other = sections
    subject, about = f"{one.id}-{other.id}.{evidence.period}", f"{one.title} and {other.title}"
    if not any(evidence.has(_key(ref)) for ref in (*one.figures, *other.figures)):
        title = f"Whether {about} have one order was not checked."
        return make_finding(
            evidence, rule, subject, "not_evaluated", title, reason="None of their figures has a value."
        )
    order = "in different orders" if moved else "in the same order"
    return make_finding(
        evidence,
        rule,
        subject,
        "failed" if moved else "passed",
        f"{about} print {shared} measures {order}.",
        arithmetic=f"{moved} of {shared} stand in another place",
    )


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
