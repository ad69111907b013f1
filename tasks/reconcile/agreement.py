"""Is the same figure the same wherever it is given: by two sources, or quoted beside two areas?

Belongs here: comparing what partners' own sources say with each other. Does not belong here: official statistics, which
have releases and revisions (``tasks.reconcile.official``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from config.model import Area, Measure
from config.periods import MONTHS, Month
from config.rules import SameFigure, SharedReference
from tasks.measures import Amount, display, is_suppressed, round_half_up
from tasks.model import Finding, Observation, ValueBeside
from tasks.reconcile.evidence import Evidence, apart, in_area, make_finding, tolerance_of, within
from tasks.register import is_official
from tasks.words import listed, lower_first


@dataclass(frozen=True)
class Quote:
    """One value of a figure as one source gives it in one place."""

    area: Area
    label: str
    value: Decimal | None
    symbol: str
    shown: str
    place: str
    note: str = ""


def same_figure(rule: SameFigure, evidence: Evidence) -> Iterator[Finding]:
    """Compare what all sources, and all places of one source, say of the same figure."""
    for name in rule.measures:
        for area in evidence.asked(rule, name):
            quotes = _quotes(evidence, area, evidence.measure(name))
            if len(quotes) > 1 or len(evidence.ledger.due((area.id, name))) > 1:
                yield _same_figure(rule, evidence, evidence.measure(name), area, quotes)


def _same_figure(
    rule: SameFigure, evidence: Evidence, measure: Measure, area: Area, quotes: Sequence[Quote]
) -> Finding:
    subject = evidence.figure_id(area.id, measure.id)
    say = partial(make_finding, evidence, rule, subject, tolerance=tolerance_of(rule, measure), figures=(subject,))
    about = f"{measure.title}{in_area(area)}"
    silent = _silent(evidence, area, measure)
    if reason := _not_comparable(quotes):
        hidden = any(is_suppressed(quote.symbol) for quote in quotes)
        return say(
            "not_evaluated",
            f"{about} could not be compared between sources.",
            reason=" ".join([reason, *silent]),
            values=_sides(quotes, hide=hidden),
            severity="information" if _by_nature(evidence, area, measure) else None,
        )
    values = [quote.value for quote in quotes if quote.value is not None]
    gap = max(values) - min(values)
    told = listed([f"{quote.label} says {quote.shown}" for quote in quotes])
    agree = within(rule, max(values), min(values))
    end = "." if gap == 0 else f": {apart(measure, gap)}{', within the tolerance' if agree else ''}."
    return say(
        "passed" if agree else "failed",
        " ".join([f"{about}: {told}{end}", *silent]),
        arithmetic=f"{_plain(max(values))} - {_plain(min(values))} = {_plain(gap)}",
        difference="" if gap == 0 else apart(measure, gap),
        values=_sides(quotes),
    )


def _silent(evidence: Evidence, area: Area, measure: Measure) -> list[str]:
    """Say of each source that is asked for a figure and gave none that can be compared, why."""
    accounts = {one.source.id: one for one in evidence.ledger.accounts.get((area.id, measure.id), ())}
    told = []
    for source in evidence.ledger.due((area.id, measure.id)):
        account = accounts.get(source.id)
        if is_official(source) or (account and account.amount.there and not account.amount.to_date):
            continue
        if account is None:
            told.append(f"{source.title}: not received.")
        elif account.amount.to_date:
            told.append(f"{source.title}: counts since 1 April only.")
        else:
            told.append(
                f"{source.title}: {(account.refusal or account.amount.derivation).partition('. ')[0].rstrip('.')}."
            )
    return told


def _by_nature(evidence: Evidence, area: Area, measure: Measure) -> bool:
    """Do all sources without a value give parts that cannot be put together, like children of quarters?

    Then nobody has left anything out, and nobody can put it right.
    """
    accounts = {one.source.id: one for one in evidence.ledger.accounts.get((area.id, measure.id), ())}
    due = [source.id for source in evidence.ledger.due((area.id, measure.id)) if not is_official(source)]
    without = [name for name in due if name not in accounts or not accounts[name].amount.there]
    return bool(without) and all(name in accounts and accounts[name].refusal for name in without)


def _not_comparable(quotes: Sequence[Quote]) -> str:
    """Say why quotes cannot be compared with each other, if they cannot."""
    if not quotes:
        return "No source gives it."
    without = [f"{quote.label} shows {quote.symbol}" for quote in quotes if quote.value is None]
    if without:
        return f"{listed(without)}, so there is nothing to compare with."
    return f"Only {quotes[0].label} gives it." if len(quotes) == 1 else ""


def _quotes(evidence: Evidence, area: Area, measure: Measure) -> list[Quote]:
    """What partners' sources say of a figure: each one's own value, and second values in the same file."""
    quotes = []
    for account in evidence.ledger.accounts.get((area.id, measure.id), ()):
        amount = account.amount
        if is_official(account.source) or not amount.there or amount.to_date:
            continue
        behind = [evidence.ledger.observations[one] for one in amount.behind]
        again = [one for one in account.others if _same_cell_elsewhere(one, behind)]
        note = behind[0].note if behind and behind[0].measure == measure.id else ""
        title = account.source.title
        label = f"{title} ({behind[0].place.cell})" if again else title
        place = evidence.places(amount.behind)
        quotes.append(_quote(area, measure, label, amount, place, note))
        for one in again:
            second = Amount(one.value, one.symbol)
            quotes.append(_quote(area, measure, f"{title} ({one.place.cell})", second, one.place.words, one.note))
    return quotes


def _same_cell_elsewhere(one: Observation, behind: Sequence[Observation]) -> bool:
    """Is an observation a second value of the same file for the same measure and period?"""
    return any(
        (one.place.sha256, one.measure, one.period) == (led.place.sha256, led.measure, led.period) for led in behind
    )


def _quote(area: Area, measure: Measure, label: str, amount: Amount, place: str, note: str) -> Quote:
    decimals = measure.decimals_for(area.id)
    rounded = None if amount.value is None else round_half_up(amount.value, decimals)
    shown = display(amount.value, amount.symbol, measure.unit, decimals, measure.statistic)
    return Quote(area, label, rounded, amount.symbol, shown, place, note)


def _sides(quotes: Iterable[Quote], *, hide: bool = False) -> list[ValueBeside]:
    """Lay quotes side by side; beside a suppressed value no other is shown, for it would give the hidden one away."""
    return [
        ValueBeside(quote.label, "not shown" if hide and quote.value is not None else quote.shown, quote.place)
        for quote in quotes
    ]


def _plain(value: Decimal) -> str:
    return f"{value:,f}"


# The same outside figure beside several areas


def shared_reference(rule: SharedReference, evidence: Evidence) -> Iterator[Finding]:
    """Compare how a figure from outside is quoted: its value between areas, or the date of its source."""
    for name in rule.measures:
        measure = evidence.measure(name)
        areas = list(evidence.asked(rule, name))
        quotes = [quote for area in areas for quote in _quotes(evidence, area, measure)]
        figures = [evidence.figure_id(area.id, name) for area in areas]
        if areas:
            yield (_values if rule.compare == "value" else _dates)(rule, evidence, measure, quotes, figures)


def _values(
    rule: SharedReference, evidence: Evidence, measure: Measure, quotes: Sequence[Quote], figures: Sequence[str]
) -> Finding:
    subject = f"{measure.id}.{evidence.period}"
    sides = [ValueBeside(f"beside {quote.area.name}: {quote.label}", quote.shown, quote.place) for quote in quotes]
    say = partial(make_finding, evidence, rule, subject, values=sides, figures=figures)
    if reason := _not_comparable(quotes):
        return say("not_evaluated", f"{measure.title} could not be compared between areas.", reason=reason)
    decimals = min(measure.decimals_for(quote.area.id) for quote in quotes)
    values = [round_half_up(quote.value, decimals) for quote in quotes if quote.value is not None]
    gap = max(values) - min(values)
    agree = within(rule, max(values), min(values))
    quoted = _beside([(quote.area.name, quote.shown) for quote in quotes])
    return say(
        "passed" if agree else "failed",
        f"{measure.title} is quoted as {quoted}.",
        arithmetic=f"{_plain(max(values))} - {_plain(min(values))} = {_plain(gap)}",
        difference="" if gap == 0 else apart(measure, gap),
        tolerance=tolerance_of(rule, measure),
    )


def _dates(
    rule: SharedReference, evidence: Evidence, measure: Measure, quotes: Sequence[Quote], figures: Sequence[str]
) -> Finding:
    subject = f"{measure.id}.{evidence.period}"
    dated = [(quote, date) for quote in quotes if (date := source_date(quote.note))]
    sides = [
        ValueBeside(f"beside {quote.area.name}: {quote.label}", quote.note or "no source named", quote.place)
        for quote in quotes
    ]
    say = partial(make_finding, evidence, rule, subject, values=sides, figures=figures)
    if len(dated) < 2:
        return say(
            "not_evaluated",
            f"The dates of the sources of {lower_first(measure.title)} could not be compared.",
            reason=f"{len(dated)} of {len(quotes)} quotes say when their source is from; two are needed.",
        )
    agree = all(_same_date(one, other) for _, one in dated for _, other in dated)
    told = _beside([(quote.area.name, _date_words(date)) for quote, date in dated])
    return say("passed" if agree else "failed", f"The source of {lower_first(measure.title)} is dated {told}.")


def _beside(told: Sequence[tuple[str, str]]) -> str:
    """``24.6% beside Eastmere and 23.8% beside Northbrook``; areas of which the same is told stand together."""
    of_area: dict[str, list[str]] = defaultdict(list)
    for area, text in told:
        if text not in of_area[area]:
            of_area[area].append(text)
    areas: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for area, texts in of_area.items():
        areas[tuple(texts)].append(area)
    phrases = [f"{listed(texts)} beside {listed(names)}" for texts, names in areas.items()]
    return "; ".join(phrases) if any(len(texts) > 1 for texts in areas) else listed(phrases)


SourceDate = tuple[int, int | None]
"""Year, and month where one is given."""


def source_date(note: str) -> SourceDate | None:
    """Read from a note when its source is from: ``End Child Poverty, June 2023`` is (2023, 6)."""
    for name, year in re.findall(r"([A-Za-z]+)\.?\s+((?:19|20)\d\d)\b", note):
        if month := MONTHS.get(name.lower()):
            return int(year), month
    if found := re.search(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])\b", note):
        return int(found[1]), int(found[2])
    found = re.search(r"\b((?:19|20)\d\d)\b", note)
    return (int(found[1]), None) if found else None


def _same_date(one: SourceDate, other: SourceDate) -> bool:
    return one[0] == other[0] and (one[1] == other[1] or None in (one[1], other[1]))


def _date_words(date: SourceDate) -> str:
    year, month = date
    return Month(year, month).words if month else str(year)
