"""What is a measure's value for a period, from what one source gave for that period and for parts of it?

Belongs here: months to quarter to year, by the operations that ``tasks.measures`` allows. Does not belong here: those
operations themselves, and which source leads (``tasks.register``).

A flow is the sum of its parts; a count of distinct children has a value of its own for each period; a stock is that of
the last day; a mean is weighted by months; a share is worked out anew. What is not complete says which part is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from config.model import Measure
from config.periods import Period, Quarter, ReportingYear, day_words
from tasks.measures import (
    NOT_RECEIVED,
    Amount,
    IllegalOperation,
    Measures,
    add,
    average,
    combined_symbol,
    dated_by_itself,
    is_snapshot,
    is_suppressed,
    named,
    period_words,
    refusal_of_ratio,
    share,
    why_not_added,
    wording,
)
from tasks.words import listed

Given = Mapping[tuple[str, str], Amount]
"""What one source says of one area: (measure, period as text) to amount."""


def amount_for(
    measure: Measure, period: Period, given: Given, measures: Measures, *, as_sent_first: bool = False
) -> Amount:
    """Give the amount of a measure for a period, by the arithmetic that its statistic allows.

    ``as_sent_first`` takes a percentage as sent even if its numerator and denominator are there (official statistics).

    Raises:
        IllegalOperation: only parts were given, and they may not be combined.
    """
    if dated_by_itself(measure):
        return _latest(measure, period, given)
    match measure.statistic:
        case "flow" | "finance":
            return _summed(measure, period, given)
        case "distinct":
            return _distinct(measure, period, given)
        case "stock":
            return _closing(measure, period, given)
        case "mean":
            return _mean(measure, period, given, measures)
        case _:
            return _share_or_sent(measure, period, given, measures, as_sent_first)


def parts_of(period: Period) -> tuple[Period, ...]:
    """Quarters of a year, months of a quarter."""
    match period:
        case ReportingYear():
            return period.quarters
        case Quarter():
            return period.months
        case _:
            return ()


def texts_of(period: Period) -> tuple[str, ...]:
    """Texts that name exactly this period in observations: a year's is also the year to date of its last quarter."""
    match period:
        case ReportingYear():
            return str(period), f"{period}-Q4-ytd"
        case Quarter(number=1):
            return str(period), f"{period}-ytd"
        case _:
            return (str(period),)


def same_value_periods(measure: Measure, period: Period, measures: Measures) -> frozenset[str]:
    """Texts of all periods whose value must be this period's own: for a stock, also its last quarter and month."""
    texts = set(texts_of(period))
    parts = parts_of(period)
    if dated_by_itself(measure):
        texts |= {text for part in parts for text in same_value_periods(measure, part, measures)}
    elif is_snapshot(measure, measures) and parts:
        texts |= same_value_periods(measure, parts[-1], measures)
        texts |= {f"{period}-ytd"} if isinstance(period, Quarter) else set()
    return frozenset(texts)


def _own(measure: Measure, period: Period, given: Given) -> Amount | None:
    return next((given[measure.id, text] for text in texts_of(period) if (measure.id, text) in given), None)


def _to_date(measure: Measure, period: Period, given: Given) -> Amount | None:
    """The value from 1 April to the end of a quarter; at the end of the fourth it is that of the year."""
    if not isinstance(period, Quarter):
        return None
    texts = (f"{period}-ytd", str(period.year)) if period.number == 4 else (f"{period}-ytd",)
    return next((given[measure.id, text] for text in texts if (measure.id, text) in given), None)


@dataclass
class _Parts:
    """The parts of a period as they were found, and what is missing among them."""

    found: list[tuple[Amount, int]] = field(default_factory=list)
    """Amounts with the months that each stands for."""
    missing: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    """Ids of the observations that did come, where others did not."""

    @property
    def incomplete(self) -> Amount:
        """What is said when parts are missing; nothing to say when all of them are."""
        behind = tuple(key for amount, _ in self.found for key in amount.behind) + tuple(self.came)
        if not behind:
            return Amount(derivation=NOT_RECEIVED)
        names = listed(self.missing)
        verb = "is" if len(self.missing) == 1 else "are"
        return Amount(derivation=f"not complete: {names} {verb} missing", behind=behind, missing=tuple(self.missing))


def _gather_parts(period: Period, amount_of: Callable[[Period], Amount]) -> _Parts:
    parts = _Parts()
    for part in parts_of(period):
        amount = amount_of(part)
        if amount.there:
            parts.found.append((amount, len(parts_of(part)) or 1))
        else:
            parts.missing += amount.missing or (part.words,)
            parts.came += amount.behind
    return parts


def _number_of_parts(period: Period, behind: Sequence[str]) -> str:
    if isinstance(period, ReportingYear):
        return "12 months" if len(behind) == 12 else "4 quarters"
    return "3 months"


def _summed(measure: Measure, period: Period, given: Given) -> Amount:
    own = _own(measure, period, given)
    if own is not None or not parts_of(period):
        return own or Amount(derivation=NOT_RECEIVED)
    parts = _gather_parts(period, lambda part: _summed(measure, part, given))
    if parts.missing:
        return parts.incomplete
    total = add(measure, [amount for amount, _ in parts.found])
    return _derived(total, "sum", period)


def _derived(amount: Amount, noun: str, period: Period) -> Amount:
    words = f"{noun} of {_number_of_parts(period, amount.behind)}"
    if is_suppressed(amount.symbol):
        words += ", not given because a part of it is suppressed"
    elif amount.symbol:
        words += ", not given because a part of it is not available"
    return replace(amount, derivation=words)


def _distinct(measure: Measure, period: Period, given: Given) -> Amount:
    if (own := _own(measure, period, given)) is not None:
        return own
    if (so_far := _to_date(measure, period, given)) is not None:
        return replace(so_far, derivation="year to date, as received", to_date=True)
    if any((measure.id, text) in given for text in texts_within(period)):
        raise IllegalOperation(why_not_added(measure))
    return Amount(derivation=NOT_RECEIVED)


def texts_within(period: Period) -> Iterator[str]:
    """Texts of all parts of a period, and of the years to date that end with them."""
    for part in parts_of(period):
        yield from (*texts_of(part), f"{part}-ytd")
        yield from texts_within(part)


def _closing(measure: Measure, period: Period, given: Given) -> Amount:
    """The value of the last day: the period's own, or its last quarter's or month's."""
    own = _own(measure, period, given) or _to_date(measure, period, given)
    parts = parts_of(period)
    if own is not None or not parts:
        return own or Amount(derivation=NOT_RECEIVED)
    last = _closing(measure, parts[-1], given)
    if last.there:
        words = f"value at {day_words(period.last_day)}, as received for {period_words(last.sent_for)}"
        return replace(last, derivation=words)
    if any((measure.id, text) in given for text in texts_within(period)):
        words = f"the value at {day_words(period.last_day)}"
        return Amount(derivation=f"not complete: {words} is missing", missing=(words,))
    return Amount(derivation=NOT_RECEIVED)


def _latest(measure: Measure, period: Period, given: Given) -> Amount:
    """The last that was sent, for a measure that has a date of its own."""
    own = _own(measure, period, given) or _to_date(measure, period, given)
    if own is not None:
        return own
    for part in reversed(parts_of(period)):
        if (found := _latest(measure, part, given)).there:
            return replace(found, derivation=f"as received for {period_words(found.sent_for)}")
    return Amount(derivation=NOT_RECEIVED)


def _mean(measure: Measure, period: Period, given: Given, measures: Measures) -> Amount:
    """Its own value, else its flow over the months, else the mean of its parts."""
    if (own := _own(measure, period, given)) is not None:
        return own
    of = named(measures, measure.mean_of)
    flow = _summed(of, period, given) if of else Amount()
    months = len(parts_of(period)) * (3 if isinstance(period, ReportingYear) else 1)
    if of and months and flow.there:
        words = f"{of.title} over {months} months"
        symbol = combined_symbol([flow.symbol])
        return replace(flow, value=flow.value and flow.value / months, symbol=symbol, derivation=words, sent_for="")
    parts = _gather_parts(period, lambda part: _mean(measure, part, given, measures))
    if parts_of(period) and not parts.missing:
        return _derived(average(measure, parts.found), "mean", period)
    return parts.incomplete


def _share_or_sent(measure: Measure, period: Period, given: Given, measures: Measures, as_sent_first: bool) -> Amount:
    own = _own(measure, period, given)
    if own is not None and as_sent_first:
        return own
    above, below = named(measures, measure.numerator), named(measures, measure.denominator)
    refusal = refusal_of_ratio(above, below) if above and below else ""
    if refusal and own is None:
        raise IllegalOperation(refusal)
    if above and below and not refusal and _may_recompute(measure, period, measures):
        numerator = _or_nothing(above, period, given, measures)
        denominator = _or_nothing(below, period, given, measures)
        hidden = is_suppressed(numerator.symbol) or is_suppressed(denominator.symbol)
        known = numerator.value is not None and denominator.value is not None
        if numerator.there and denominator.there and (known or hidden):
            return _on_vintage(share(measure, numerator, denominator), measure, below, period)
    if own is not None:
        return own
    if is_snapshot(measure, measures):
        return _closing(measure, period, given)
    if any((measure.id, text) in given for text in texts_within(period)):
        raise IllegalOperation(why_not_added(measure))
    return Amount(derivation=NOT_RECEIVED)


def _on_vintage(amount: Amount, measure: Measure, population: Measure, period: Period) -> Amount:
    """Name the population of a rate with its date: on another estimate the rate is another."""
    if measure.statistic != "rate" or amount.value is None:
        return amount
    title = f"{population.title[:1].lower()}{population.title[1:]}"
    return replace(amount, derivation=f"{amount.derivation} of {title}, {wording(population, period)}")


def _may_recompute(measure: Measure, period: Period, measures: Measures) -> bool:
    """A rate of a flow is one of a whole year: a quarter's would look four times smaller than it is."""
    return measure.statistic == "percentage" or isinstance(period, ReportingYear) or is_snapshot(measure, measures)


def _or_nothing(measure: Measure, period: Period, given: Given, measures: Measures) -> Amount:
    try:
        found = amount_for(measure, period, given, measures)
    except IllegalOperation:
        return Amount()
    return Amount() if found.to_date else found
