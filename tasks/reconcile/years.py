"""Does the year, as it was sent, agree with its quarters?

Belongs here: one source's year (or year to date) against its own quarters or months, by what the statistic allows: a
flow is their sum, a count of distinct children lies between their largest and their sum, a stock is the last. Does not
belong here: making a year that was not sent (``tasks.measures``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import numpy as np

from config.model import Area, Measure
from config.periods import Quarter, ReportingYear
from config.rules import YearFromQuarters
from tasks.measures import Amount, IllegalOperation, dated_by_itself, period_words, round_half_up, span
from tasks.model import Finding, ValueBeside
from tasks.over_time import Given, amount_for, texts_of, texts_within
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.tables import (
    NOUGHT,
    Column,
    Mask,
    Row,
    Table,
    choose,
    column,
    divisor,
    padded,
    rounded,
    table,
    values_of,
    verdict,
    within,
)
from tasks.reconcile.telling import apart, in_area, make_finding, signed, tolerance_of
from tasks.words import listed

MANY = 20
"""With so many beyond the fullest part, some of them were counted in another part before."""
NOTHING = Decimal("-Infinity")
"""Less than any count: the fullest of parts of which none is known."""
_STATISTICS: Sequence[Callable[[Measure], bool]] = (
    lambda measure: measure.statistic == "stock",
    lambda measure: measure.statistic == "mean",
    lambda measure: measure.statistic == "distinct",
    lambda measure: measure.statistic in ("percentage", "rate", "reference") or dated_by_itself(measure),
)
"""How a year follows from its parts; the last of them do not."""


@dataclass(frozen=True)
class _Case:
    """A period as sent, and its quarters (or months, where quarters cannot be had)."""

    measure: Measure
    area: Area
    words: str
    """The period as sent: ``the year to 31 March 2024``, ``April to September 2023``."""
    sent: Amount | None
    parts: tuple[tuple[str, Amount], ...]

    @property
    def about(self) -> str:
        return f"{self.measure.title}{in_area(self.area)}"

    def shown(self, amount: Amount) -> str:
        if amount.value is None:
            return amount.symbol or "not received"
        return f"{round_half_up(amount.value, self.measure.decimals_for(self.area.id)):,f}"

    @property
    def missing(self) -> list[str]:
        return [name for name, amount in self.parts if not amount.there]

    @property
    def hidden(self) -> list[str]:
        """Parts that stand for a symbol whose value cannot even be bounded."""
        return [f"{name} ({one.symbol})" for name, one in self.parts if one.there and span(one) is None]


class _Spans(NamedTuple):
    """What amounts can be, a row each, with their parts side by side."""

    low: Column
    high: Column
    bounded: Mask
    """Where it lies between two numbers; these are nought where nobody can say."""
    shown: Mask
    """Where the number itself is known."""
    there: Mask
    """Where there is a part at all: years have fewer quarters than months."""

    def total(self) -> tuple[Column, Column]:
        return self.low.sum(axis=1), self.high.sum(axis=1)


def _spans(rows: Iterable[Sequence[Amount]]) -> _Spans:
    amounts = padded(rows, None)
    there = amounts != column([None])
    spans = [span(one) if one else None for one in amounts.flat]
    low, high = (column(one[end] if one else NOUGHT for one in spans).reshape(there.shape) for end in (0, 1))
    bounded = np.array([one is not None for one in spans], dtype=bool).reshape(there.shape)
    _, shown = values_of(amounts.flat)
    return _Spans(low, high, bounded, shown.reshape(there.shape), there)


def year_from_quarters(rule: YearFromQuarters, evidence: Evidence) -> Table:
    """Compare years with their quarters; in a quarter, the year to date with the quarters so far, where all came.

    What is expected lies between two numbers, which are one where nothing is hidden: of a flow the sum of its parts; of
    a stock the last; of a mean the mean; of distinct children from the fullest part to all parts added up.
    """
    asked = evidence.asked(rule, *rule.measures)
    areas, measures = evidence.area_ids[asked.areas], evidence.measure_ids[asked.measures]
    cases = column(_case(evidence, *key) for key in zip(areas, measures, strict=True))
    sent, parts = (
        _spans([one.sent or Amount()] for one in cases),
        _spans([part for _, part in one.parts] for one in cases),
    )
    sent = _Spans(*(one[:, 0] for one in sent))
    stock, mean, distinct, apart = (np.array([test(one.measure) for one in cases], dtype=bool) for test in _STATISTICS)

    final = np.arange(len(cases)), parts.there.sum(axis=1) - 1
    unseen = (parts.there & ~parts.bounded).any(axis=1)
    least, most = parts.total()
    fullest = np.where(parts.bounded, parts.low, NOTHING).max(axis=1, initial=NOTHING)
    anew = rounded(least * 3 / (3 * divisor(parts.there.sum(axis=1))), evidence.decimals[asked])
    low = np.select([stock, mean, distinct], [parts.low[final], anew, fullest], least)
    high = np.select([stock, mean], [parts.high[final], anew], most)
    told = np.where(mean, rounded(sent.low, evidence.decimals[asked]), sent.low)

    over = distinct & (fullest > sent.high)
    hidden = mean & ((parts.there & ~parts.shown).any(axis=1) | ~sent.shown)
    lacking = np.where(stock, ~parts.bounded[final], hidden | (unseen & ~mean))
    added = distinct & (least == most) & (sent.low == most) & (sent.high == most) & (most - fullest >= MANY)
    exact = sent.shown & np.where(stock, parts.shown[final], (low == high) & ~distinct)
    fits = np.where(exact, within(rule, told, np.where(exact, low, told)), (sent.low <= high) & (sent.high >= low))
    unsent = np.array([one.sent is None for one in cases], dtype=bool)
    known = ~(apart | unsent | ~sent.bounded | (lacking & ~over))
    made = table(
        case=cases,
        low=low,
        high=high,
        sent=told,
        gap=told - low,
        because=choose(
            [apart, unsent, ~sent.bounded, over, lacking, added, exact],
            ["apart", "unsent", "hidden", "over", "lacking", "added", "exact"],
            "between",
        ),
        outcome=verdict(known, fits & ~over & ~added),
    )
    return made if isinstance(evidence.period, ReportingYear) else made[known]


def _case(evidence: Evidence, area_id: str, name: str) -> _Case:
    area, measure, period, key = evidence.area(area_id), evidence.measure(name), evidence.period, (area_id, name)
    lead = evidence.ledger.leading(key)
    given = evidence.ledger.given(lead.source.id, area.id) if lead else {}
    if isinstance(period, ReportingYear):
        texts, quarters = texts_of(period), period.quarters
    else:
        texts, quarters = (f"{period}-ytd",), period.year.quarters[: period.number]
    sent = next((given[measure.id, text] for text in texts if (measure.id, text) in given), None)
    words = period_words(texts[-1] if isinstance(period, Quarter) else str(period))
    own = _without(given, measure, period.year, texts)
    parts = tuple((f"Q{one.number}", _part(evidence, measure, area, one, own)) for one in quarters)
    if measure.statistic == "distinct" and not all(amount.there for _, amount in parts):
        months = [month for one in quarters for month in one.months]
        if all((measure.id, str(month)) in given for month in months):
            parts = tuple((month.words, given[measure.id, str(month)]) for month in months)
    return _Case(measure, area, words, sent, parts)


def _without(given: Given, measure: Measure, year: ReportingYear, sent: tuple[str, ...]) -> Given:
    """What was given for the parts of a year, without the period itself: nothing is compared with itself."""
    names = [name for name in (measure.id, measure.mean_of) if name]
    texts = [text for text in texts_within(year) if text not in sent]
    return {(name, text): given[name, text] for name in names for text in texts if (name, text) in given}


def _part(evidence: Evidence, measure: Measure, area: Area, quarter: Quarter, given: Given) -> Amount:
    """A quarter's amount: from the same source, else as the register had it in that quarter.

    The register's are taken for what is added up: a stock or a count of children may be there from the year to date.
    """
    try:
        amount = amount_for(measure, quarter, given, evidence.partnership.measures)
    except IllegalOperation:
        amount = Amount()
    if amount.there and not amount.to_date:
        return amount
    before = evidence.earlier.get(str(quarter), {}).get((area.id, measure.id))
    summed = measure.statistic in ("flow", "finance", "mean")
    return Amount(before.value, before.symbol) if before and summed else Amount()


def say_year_from_quarters(rule: YearFromQuarters, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    case = row.case
    subject = evidence.figure_id(case.area.id, case.measure.id)
    sides = [ValueBeside(name, case.shown(amount), evidence.places(amount.behind)) for name, amount in case.parts]
    sent = case.sent or Amount()
    say = partial(
        make_finding,
        evidence,
        rule,
        subject,
        row.outcome,
        tolerance=tolerance_of(rule, case.measure),
        values=[ValueBeside(f"{case.words}, as sent", case.shown(sent), evidence.places(sent.behind)), *sides],
    )
    if row.outcome == "not_evaluated":
        reason, nobodys = _why_not(case, row.because)
        title = f"{case.about} for {case.words} could not be compared with its quarters."
        if nobodys:
            return say(title, reason=reason, severity="information")
        return say(title, reason=reason, figures=(subject,))
    title, arithmetic = _told(row)
    difference = signed(case.measure, row.gap) if row.because == "exact" and row.gap else ""
    return say(f"{case.about}: {title}", arithmetic=arithmetic, difference=difference, figures=(subject,))


def _why_not(case: _Case, because: str) -> tuple[str, bool]:
    """Why a year was not compared, and whether that is no fault: parts may be all that is ever sent."""
    if because == "apart":
        kind = "figure with a date of its own" if dated_by_itself(case.measure) else case.measure.statistic
        return f"A {kind} does not follow from its quarters.", False
    if because == "hidden":
        return f"It is suppressed or not available ({case.sent.symbol if case.sent else ''}).", False
    if because == "unsent":
        needed = replace(case, parts=case.parts[-1:]) if case.measure.statistic == "stock" else case
        if reason := _unseen(needed):
            return f"It was not sent as a value of its own. {reason}", False
        return "Only its parts were sent, and the year is made from them.", True
    if case.measure.statistic == "stock":
        name, last = case.parts[-1]
        return f"{name} {f'shows {last.symbol}' if last.there else 'not received'}.", False
    if case.measure.statistic == "mean" and all(amount.value is not None for _, amount in case.parts):
        return "It is suppressed.", False
    return _unseen(case) or "A quarter is suppressed.", False


def _unseen(case: _Case) -> str:
    """Why parts cannot be combined, where they cannot."""
    if case.missing:
        return f"{listed(case.missing)} not received."
    if case.hidden:
        return f"Suppressed or not available: {listed(case.hidden)}."
    return ""


def _told(row: Row) -> tuple[str, str]:
    """What was compared, and the sum; where a value is hidden no difference is told, for it could give it away."""
    case, shown = row.case, row.case.shown(row.case.sent)
    if row.because == "over":
        name, fullest = max(case.parts, key=lambda one: (span(one[1]) or (NOTHING, NOTHING))[0])
        part = case.shown(fullest)
        return f"{part} in {name} alone cannot be part of {shown} for {case.words}.", f"{part} is more than {shown}"
    if row.because == "added":
        told = "nobody would have been counted in two of them, which is not likely"
        return f"{shown} for {case.words} is all parts added up; {told}.", f"{_terms(case)} = {row.high:,f}"
    arithmetic = _expected(row)
    if row.because == "between":
        return (
            f"{arithmetic}, {'and' if row.outcome == 'passed' else 'but'} {case.words} was sent as {shown}.",
            arithmetic,
        )
    if not row.gap:
        return f"{arithmetic}, as {case.words} was sent.", arithmetic
    gap = f"{apart(case.measure, row.gap)}{', within the tolerance' if row.outcome == 'passed' else ''}"
    return f"{arithmetic}, and {case.words} was sent as {row.sent:,f}: {gap}.", arithmetic


def _expected(row: Row) -> str:
    """What the parts make, by the measure's statistic."""
    case = row.case
    match case.measure.statistic:
        case "stock":
            name, last = case.parts[-1]
            return f"the value at the end of {name} is {case.shown(last)}"
        case "mean":
            return f"({_terms(case)}) / {len(case.parts)} = {row.low:,f}"
        case "distinct":
            return f"at least {row.low:,f} (the most in one part) and at most {row.high:,f} (all added up)"
    total = f"= {row.low:,f}" if row.low == row.high else f"is between {row.low:,f} and {row.high:,f}"
    return f"{_terms(case)} {total}"


def _terms(case: _Case) -> str:
    return " + ".join(case.shown(amount) for _, amount in case.parts)
