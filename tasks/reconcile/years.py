"""Does the year, as it was sent, agree with its quarters?

Belongs here: one source's year (or year to date) against its own quarters or months, by what the statistic allows: a
flow is their sum, a count of distinct children lies between their largest and their sum, a stock is the last. Does not
belong here: making a year that was not sent (``tasks.measures``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from config.model import Area, Measure, Severity
from config.periods import Quarter, ReportingYear
from config.rules import YearFromQuarters
from tasks.measures import Amount, IllegalOperation, average, dated_by_itself, period_words, round_half_up, span
from tasks.model import Finding, Outcome, ValueBeside
from tasks.over_time import Given, amount_for, texts_of, texts_within
from tasks.reconcile.evidence import Evidence, apart, in_area, make_finding, signed, tolerance_of, within
from tasks.words import listed

MANY = 20
"""With so many beyond the fullest part, some of them were counted in another part before."""


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


@dataclass(frozen=True)
class _Said:
    outcome: Outcome
    title: str
    reason: str = ""
    arithmetic: str = ""
    difference: str = ""
    severity: Severity | None = None


def year_from_quarters(rule: YearFromQuarters, evidence: Evidence) -> Iterator[Finding]:
    """Compare the year with its quarters; in a quarter, the year to date with the quarters so far, where all came."""
    for name in rule.measures:
        for area in evidence.asked(rule, name):
            case = _case(evidence, evidence.measure(name), area)
            said = _judge(rule, case)
            if isinstance(evidence.period, ReportingYear) or said.outcome != "not_evaluated":
                yield _finding(rule, evidence, case, said)


def _case(evidence: Evidence, measure: Measure, area: Area) -> _Case:
    period, key = evidence.period, (area.id, measure.id)
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


def _judge(rule: YearFromQuarters, case: _Case) -> _Said:
    statistic = case.measure.statistic
    title = f"{case.about} for {case.words} could not be compared with its quarters."
    if statistic in ("percentage", "rate", "reference") or dated_by_itself(case.measure):
        return _Said("not_evaluated", title, f"A {_kind(case.measure)} does not follow from its quarters.")
    if case.sent is None:
        return _never_sent(case, title)
    if span(case.sent) is None:
        return _Said("not_evaluated", title, f"It is suppressed or not available ({case.sent.symbol}).")
    match statistic:
        case "stock":
            return _last(rule, case, title)
        case "mean":
            return _mean(rule, case, title)
        case "distinct":
            return _distinct(case, title)
        case _:
            return _sum(rule, case, title)


def _never_sent(case: _Case, title: str) -> _Said:
    """Nothing to compare with: that quarters are all that is ever sent is no fault, and stands against no figure."""
    needed = replace(case, parts=case.parts[-1:]) if case.measure.statistic == "stock" else case
    if reason := _unseen(needed):
        return _Said("not_evaluated", title, f"It was not sent as a value of its own. {reason}")
    return _Said(
        "not_evaluated", title, "Only its parts were sent, and the year is made from them.", severity="information"
    )


def _kind(measure: Measure) -> str:
    return "figure with a date of its own" if dated_by_itself(measure) else measure.statistic


def _unseen(case: _Case) -> str:
    """Why parts cannot be combined, where they cannot."""
    if case.missing:
        return f"{listed(case.missing)} not received."
    if case.hidden:
        return f"Suppressed or not available: {listed(case.hidden)}."
    return ""


def _sum(rule: YearFromQuarters, case: _Case, title: str) -> _Said:
    if reason := _unseen(case):
        return _Said("not_evaluated", title, reason)
    terms = _terms(case)
    low, high = _bounds(case)
    if low != high or case.sent is None or case.sent.value is None:
        total = f"= {low:,f}" if low == high else f"is between {low:,f} and {high:,f}"
        return _between(case, low, high, f"{terms} {total}")
    return _exact(rule, case, low, f"{terms} = {low:,f}")


def _terms(case: _Case) -> str:
    return " + ".join(case.shown(amount) for _, amount in case.parts)


def _bounds(case: _Case) -> tuple[Decimal, Decimal]:
    spans = [found for _, amount in case.parts if (found := span(amount))]
    return sum((low for low, _ in spans), Decimal(0)), sum((high for _, high in spans), Decimal(0))


def _exact(rule: YearFromQuarters, case: _Case, expected: Decimal, arithmetic: str) -> _Said:
    sent = case.sent.value if case.sent and case.sent.value is not None else Decimal(0)
    gap = sent - expected
    agree = within(rule, sent, expected)
    verb = "as" if gap == 0 else "and"
    end = "." if gap == 0 else f": {apart(case.measure, gap)}{', within the tolerance' if agree else ''}."
    return _Said(
        "passed" if agree else "failed",
        f"{case.about}: {arithmetic}, {verb} {case.words} was sent{f' as {sent:,f}' if gap else ''}{end}",
        arithmetic=arithmetic,
        difference="" if gap == 0 else signed(case.measure, gap),
    )


def _between(case: _Case, low: Decimal, high: Decimal, arithmetic: str) -> _Said:
    """Compare with bounds; no difference is told, for it could give a suppressed value away."""
    least, most = (span(case.sent) if case.sent else None) or (low, high)
    shown = case.shown(case.sent or Amount())
    if least > high or most < low:
        title = f"{case.about}: {arithmetic}, but {case.words} was sent as {shown}."
        return _Said("failed", title, arithmetic=arithmetic)
    title = f"{case.about}: {arithmetic}, and {case.words} was sent as {shown}."
    return _Said("passed", title, arithmetic=arithmetic)


def _distinct(case: _Case, title: str) -> _Said:
    """At least as many as in the fullest part, and fewer than in all parts together where they are many."""
    known = [(name, amount, found) for name, amount in case.parts if (found := span(amount))]
    sent = span(case.sent) if case.sent else None
    if not known or sent is None:
        return _Said("not_evaluated", title, _unseen(case) or "No quarter was received.")
    name, fullest, (low, _) = max(known, key=lambda one: one[2][0])
    if low > sent[1]:
        part, whole = case.shown(fullest), case.shown(case.sent or Amount())
        title = f"{case.about}: {part} in {name} alone cannot be part of {whole} for {case.words}."
        return _Said("failed", title, arithmetic=f"{part} is more than {whole}")
    if reason := _unseen(case):
        return _Said("not_evaluated", title, reason)
    least, high = _bounds(case)
    if least == high == sent[0] == sent[1] and high - low >= MANY:
        title = f"{case.about}: {case.shown(case.sent or Amount())} for {case.words} is all parts added up"
        told = "nobody would have been counted in two of them, which is not likely"
        return _Said("failed", f"{title}; {told}.", arithmetic=f"{_terms(case)} = {high:,f}")
    return _between(case, low, high, f"at least {low:,f} (the most in one part) and at most {high:,f} (all added up)")


def _last(rule: YearFromQuarters, case: _Case, title: str) -> _Said:
    name, last = case.parts[-1]
    if span(last) is None:
        return _Said("not_evaluated", title, f"{name} {'not received' if not last.there else f'shows {last.symbol}'}.")
    if last.value is None or case.sent is None or case.sent.value is None:
        low, high = span(last) or (Decimal(0), Decimal(0))
        return _between(case, low, high, f"the value at the end of {name} is {case.shown(last)}")
    return _exact(rule, case, last.value, f"the value at the end of {name} is {case.shown(last)}")


def _mean(rule: YearFromQuarters, case: _Case, title: str) -> _Said:
    if case.missing or any(amount.value is None for _, amount in case.parts):
        return _Said("not_evaluated", title, _unseen(case) or "A quarter is suppressed.")
    decimals = case.measure.decimals_for(case.area.id)
    anew = average(case.measure, [(amount, 3) for _, amount in case.parts]).value or Decimal(0)
    sent = case.sent.value if case.sent else None
    if sent is None:
        return _Said("not_evaluated", title, "It is suppressed.")
    terms = " + ".join(case.shown(amount) for _, amount in case.parts)
    shown = round_half_up(anew, decimals)
    rounded = replace(case, sent=Amount(round_half_up(sent, decimals)))
    return _exact(rule, rounded, shown, f"({terms}) / {len(case.parts)} = {shown:,f}")


def _finding(rule: YearFromQuarters, evidence: Evidence, case: _Case, said: _Said) -> Finding:
    subject = evidence.figure_id(case.area.id, case.measure.id)
    sides = [ValueBeside(name, case.shown(amount), evidence.places(amount.behind)) for name, amount in case.parts]
    sent = case.sent or Amount()
    return make_finding(
        evidence,
        rule,
        subject,
        said.outcome,
        said.title,
        reason=said.reason,
        arithmetic=said.arithmetic,
        difference=said.difference,
        tolerance=tolerance_of(rule, case.measure),
        values=[ValueBeside(f"{case.words}, as sent", case.shown(sent), evidence.places(sent.behind)), *sides],
        figures=() if said.severity == "information" else (subject,),
        severity=said.severity,
    )
