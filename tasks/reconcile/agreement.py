"""Is the same figure the same wherever it is given: by two sources, or quoted beside two areas?

Belongs here: comparing what partners' own sources say with each other. Does not belong here: official statistics, which
have releases and revisions (``tasks.reconcile.official``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from config.model import Area, Measure
from config.periods import MONTHS, Month
from config.rules import SameFigure, SharedReference
from tasks.measures import Amount, display, is_suppressed, round_half_up
from tasks.model import Finding, Observation, ValueBeside
from tasks.reconcile.evidence import At, Evidence
from tasks.reconcile.tables import NOUGHT, Column, Mask, Row, Table, column, table, verdict, within
from tasks.reconcile.telling import apart, in_area, make_finding, tolerance_of
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


def same_figure(rule: SameFigure, evidence: Evidence) -> Table:
    """Compare what all sources, and all places of one source, say of the same figure."""
    asked = evidence.asked(rule, *rule.measures)
    areas, measures, quotes = _quoted(evidence, asked)
    several = np.array([len(row) > 1 for row in quotes], dtype=bool)
    highest, lowest, known = _ends([one.value for one in row] for row in quotes)
    return table(
        area=areas,
        measure=measures,
        quotes=quotes,
        highest=highest,
        lowest=lowest,
        gap=highest - lowest,
        outcome=verdict(known & several, within(rule, highest, lowest)),
    )[several | evidence.asked_twice[asked]]


def _quoted(evidence: Evidence, asked: At) -> tuple[Column, Column, Column]:
    """Areas and measures, and what is quoted of each figure."""
    areas, measures = evidence.area_ids[asked.areas], evidence.measure_ids[asked.measures]
    return areas, measures, column(_quotes(evidence, *key) for key in zip(areas, measures, strict=True))


def _ends(rows: Iterable[Sequence[object]]) -> tuple[Column, Column, Mask]:
    """The highest and the lowest number of each row, and in which rows no number lacks; the rows lie in one column."""
    cells = [row or [None] for row in rows]
    starts = np.cumsum([0, *map(len, cells)], dtype=np.intp)[:-1]
    numbers = column(cell for row in cells for cell in row)
    known = np.asarray(numbers != column([None]), dtype=bool)
    values = np.where(known, numbers, NOUGHT)
    return (*(of.reduceat(values, starts) for of in (np.maximum, np.minimum)), np.logical_and.reduceat(known, starts))


def say_same_figure(rule: SameFigure, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    measure, area = evidence.measure(row.measure), evidence.area(row.area)
    subject = evidence.figure_id(row.area, row.measure)
    say = partial(
        make_finding, evidence, rule, subject, row.outcome, tolerance=tolerance_of(rule, measure), figures=(subject,)
    )
    about, silent = f"{measure.title}{in_area(area)}", _silent(evidence, area, measure)
    if row.outcome == "not_evaluated":
        hidden = any(is_suppressed(quote.symbol) for quote in row.quotes)
        return say(
            f"{about} could not be compared between sources.",
            reason=" ".join([_not_comparable(row.quotes), *silent]),
            values=_sides(row.quotes, hide=hidden),
            severity="information" if _by_nature(evidence, area, measure) else None,
        )
    told = listed([f"{quote.label} says {quote.shown}" for quote in row.quotes])
    end = f": {apart(measure, row.gap)}{', within the tolerance' if row.outcome == 'passed' else ''}" if row.gap else ""
    return say(" ".join([f"{about}: {told}{end}.", *silent]), values=_sides(row.quotes), **_difference(measure, row))


def _difference(measure: Measure, row: Row) -> dict[str, Any]:
    return {
        "arithmetic": f"{row.highest:,f} - {row.lowest:,f} = {row.gap:,f}",
        "difference": apart(measure, row.gap) if row.gap else "",
    }


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


def _quotes(evidence: Evidence, area_id: str, name: str) -> list[Quote]:
    """What partners' sources say of a figure: each one's own value, and second values in the same file."""
    area, measure, quotes = evidence.area(area_id), evidence.measure(name), []
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


# The same outside figure beside several areas


def shared_reference(rule: SharedReference, evidence: Evidence) -> Table:
    """Compare how figures from outside are quoted: their values between areas, or the dates of their sources."""
    areas, measures, quoted = _quoted(evidence, evidence.asked(rule, *rule.measures))
    names = column(dict.fromkeys(measures))
    quotes = column([quote for row in quoted[measures == name] for quote in row] for name in names)
    made = (_values if rule.compare == "value" else _dates)(rule, evidence, names, quotes)
    return table(measure=names, areas=column(areas[measures == name] for name in names), quotes=quotes, **made)


def _values(rule: SharedReference, evidence: Evidence, names: Column, quotes: Column) -> dict[str, Column]:
    """Values at the decimals that all areas print."""
    several = np.array([len(row) > 1 for row in quotes], dtype=bool)
    highest, lowest, known = _ends(_alike(evidence.measure(name), row) for name, row in zip(names, quotes, strict=True))
    outcome = verdict(known & several, within(rule, highest, lowest))
    return {"highest": highest, "lowest": lowest, "gap": highest - lowest, "outcome": outcome}


def _alike(measure: Measure, quotes: Sequence[Quote]) -> list[Decimal | None]:
    """What is quoted, rounded to the fewest decimals that any area prints."""
    decimals = min((measure.decimals_for(quote.area.id) for quote in quotes), default=0)
    return [None if quote.value is None else round_half_up(quote.value, decimals) for quote in quotes]


def _dates(_rule: SharedReference, _evidence: Evidence, _names: Column, quotes: Column) -> dict[str, Column]:
    """Dates of the quotes that have one: of one year, and of one month as far as months are told."""
    dates = [[date for quote in row if (date := source_date(quote.note))] for row in quotes]
    latest, earliest, _ = _ends([year for year, _ in row] for row in dates)
    last, first, _ = _ends([month for _, month in row if month] for row in dates)
    several = np.array([len(row) > 1 for row in dates], dtype=bool)
    return {"outcome": verdict(several, np.asarray((latest == earliest) & (last == first), dtype=bool))}


def say_shared_reference(rule: SharedReference, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    measure = evidence.measure(row.measure)
    figures = [evidence.figure_id(area, row.measure) for area in row.areas]
    say = partial(make_finding, evidence, rule, f"{row.measure}.{evidence.period}", row.outcome, figures=figures)
    return (_say_values if rule.compare == "value" else _say_dates)(rule, measure, row, say)


def _say_values(rule: SharedReference, measure: Measure, row: Row, say: partial[Finding]) -> Finding:
    sides = [ValueBeside(f"beside {quote.area.name}: {quote.label}", quote.shown, quote.place) for quote in row.quotes]
    if row.outcome == "not_evaluated":
        title = f"{measure.title} could not be compared between areas."
        return say(title, values=sides, reason=_not_comparable(row.quotes))
    quoted = _beside([(quote.area.name, quote.shown) for quote in row.quotes])
    title = f"{measure.title} is quoted as {quoted}."
    return say(title, values=sides, tolerance=tolerance_of(rule, measure), **_difference(measure, row))


def _say_dates(_rule: SharedReference, measure: Measure, row: Row, say: partial[Finding]) -> Finding:
    title = lower_first(measure.title)
    dated = [(quote.area.name, _date_words(date)) for quote in row.quotes if (date := source_date(quote.note))]
    sides = [
        ValueBeside(f"beside {quote.area.name}: {quote.label}", quote.note or "no source named", quote.place)
        for quote in row.quotes
    ]
    if row.outcome == "not_evaluated":
        reason = f"{len(dated)} of {len(row.quotes)} quotes say when their source is from; two are needed."
        return say(f"The dates of the sources of {title} could not be compared.", values=sides, reason=reason)
    return say(f"The source of {title} is dated {_beside(dated)}.", values=sides)


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


def _date_words(date: SourceDate) -> str:
    year, month = date
    return Month(year, month).words if month else str(year)
