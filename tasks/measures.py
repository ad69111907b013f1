"""What may be done with a figure? The legal arithmetic of each statistic, rounding, and words for numbers and dates.

Belongs here: months to quarter to year, shares, rounding, and how a value and its time stand in print. Does not belong
here: which source leads (``tasks.register``) and what disagrees (``tasks.reconcile``).

The rules are those of the measure's statistic: a flow is summed; a count of distinct children is not, it has a value of
its own for each period; a stock is the value of the last day; a mean is weighted by months; a percentage or rate is
worked out anew from numerator and denominator; a reference is quoted. A value that a sender suppressed never becomes a
number again, neither by itself nor inside a sum. Everything is ``Decimal`` and is rounded once, half up, at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from config.model import Measure
from config.periods import Period, Quarter, ReportingYear, day_words, parse_period

NOT_RECEIVED = "not received"
WITHHELD = "c"
"""Stands for a derived value that was worked out from a suppressed one."""
NOT_SUPPRESSED = frozenset({"z", "x", ":", "..", "u", "n/a"})
"""Symbols that say that there is no value, rather than that one is hidden."""


class IllegalOperation(ValueError):  # noqa: N818 - what it is, in the words of the domain
    """An operation that a measure's statistic does not allow, in one plain sentence."""


@dataclass(frozen=True)
class Amount:
    """A value or the symbol in its place, with how it came about; neither when nothing (or not all of it) came."""

    value: Decimal | None = None
    symbol: str = ""
    derivation: str = "as received"
    behind: tuple[str, ...] = ()
    """Ids of the observations that it was made from."""
    missing: tuple[str, ...] = ()
    """Periods, in words, without which it is not complete."""
    sent_for: str = ""
    """The period, as text, that a sender gave it for; empty for what was worked out."""
    to_date: bool = False
    """It counts from 1 April, for want of the period's own count."""

    @property
    def there(self) -> bool:
        return self.value is not None or self.symbol != ""


Given = Mapping[tuple[str, str], Amount]
"""What one source says of one area: (measure, period as text) to amount."""
Measures = Mapping[str, Measure]


# Symbols


def is_suppressed(symbol: str) -> bool:
    """Does the symbol hide a value? Unknown symbols are taken to."""
    return symbol != "" and symbol.lower() not in NOT_SUPPRESSED


def combined_symbol(symbols: Sequence[str]) -> str:
    """Say which symbol stands for a value made from others, whatever their order.

    A hidden value outweighs a missing one. ``<5`` is true of the part and not of the whole, so that the whole is ``c``.
    """
    hidden = sorted({s for s in symbols if is_suppressed(s)})
    if not hidden:
        return min((s for s in symbols if s), default="")
    return hidden[0] if len(hidden) == 1 and not re.match(r"[<≤>≥]", hidden[0]) else WITHHELD


def span(amount: Amount) -> tuple[Decimal, Decimal] | None:
    """Give the smallest and largest number that an amount can be: ``<5`` is 1 to 4; ``c`` is anything (``None``)."""
    if amount.value is not None:
        return amount.value, amount.value
    found = re.fullmatch(r"<\s*(\d+)", amount.symbol)
    return (Decimal(1), Decimal(found[1]) - 1) if found and int(found[1]) > 1 else None


# Legal operations


def add(measure: Measure, parts: Sequence[Amount]) -> Amount:
    """Add up the parts of a period.

    Raises:
        IllegalOperation: the measure's statistic is not summed.
    """
    if measure.statistic not in ("flow", "finance"):
        raise IllegalOperation(_why_not_added(measure))
    behind = tuple(key for part in parts for key in part.behind)
    if hiding := combined_symbol([part.symbol for part in parts]):
        return Amount(symbol=hiding, behind=behind)
    return Amount(sum((part.value for part in parts if part.value is not None), Decimal(0)), behind=behind)


def average(measure: Measure, parts: Sequence[tuple[Amount, int]]) -> Amount:
    """Average means over their months: each part with the number of months that it stands for.

    Raises:
        IllegalOperation: the measure is no mean of a flow.
    """
    if measure.statistic != "mean":
        raise IllegalOperation(f"{measure.title} is no monthly mean, so values of several periods cannot be averaged.")
    behind = tuple(key for part, _ in parts for key in part.behind)
    if hiding := combined_symbol([part.symbol for part, _ in parts]):
        return Amount(symbol=hiding, behind=behind)
    total = sum((part.value * months for part, months in parts if part.value is not None), Decimal(0))
    return Amount(total / sum(months for _, months in parts), behind=behind)


def share(measure: Measure, numerator: Amount, denominator: Amount) -> Amount:
    """Work out a percentage or a rate from its numerator and denominator.

    Raises:
        IllegalOperation: the measure is neither, or a rate whose unit does not say per how many.
    """
    per = _per(measure)
    behind = numerator.behind + denominator.behind
    if hiding := combined_symbol([numerator.symbol, denominator.symbol]):
        return Amount(symbol=hiding, derivation="numerator or denominator is suppressed", behind=behind)
    if numerator.value is None or denominator.value is None:
        return Amount(derivation="numerator or denominator was not received", behind=behind)
    if denominator.value == 0:
        return Amount(symbol="z", derivation="there is nothing to take a share of", behind=behind)
    derivation = f"{display(numerator.value, '')} of {display(denominator.value, '')}"
    if measure.statistic == "rate":
        derivation += f", per {display(per, '')}"
    return Amount(numerator.value * per / denominator.value, derivation=derivation, behind=behind)


def add_areas(measure: Measure, amounts: Sequence[Amount]) -> Amount:
    """Add up areas to a whole, where the configuration keeps the measure for the whole.

    Counts of distinct children add up only if no child is counted in two areas; to keep them for the whole says that.

    Raises:
        IllegalOperation: the measure is a share or a reference.
    """
    if measure.statistic in ("percentage", "rate", "reference"):
        raise IllegalOperation(_why_not_added(measure).replace("several periods", "several areas"))
    behind = tuple(key for amount in amounts for key in amount.behind)
    words = f"sum of {len(amounts)} areas"
    if hiding := combined_symbol([amount.symbol for amount in amounts]):
        return Amount(symbol=hiding, derivation=f"{words}, not given because one of them has no value", behind=behind)
    total = sum((amount.value for amount in amounts if amount.value is not None), Decimal(0))
    return Amount(total, derivation=words, behind=behind)


def _per(measure: Measure) -> Decimal:
    if measure.statistic == "percentage":
        return Decimal(100)
    found = re.search(r"\bper ([\d,]+)", measure.unit) if measure.statistic == "rate" else None
    if found is None:
        raise IllegalOperation(
            f"{measure.title} is not worked out from a numerator and a denominator."
            if measure.statistic != "rate"
            else f"The unit of {measure.title} does not say per how many it is, like 'per 10,000 children'."
        )
    return Decimal(found[1].replace(",", ""))


def _why_not_added(measure: Measure) -> str:
    reasons = {
        "distinct": f"{measure.title} counts each of its {measure.unit} once, and one of them can be counted in "
        "several parts of a period, so the parts cannot be added up. Ask the sender for the count of the whole period.",
        "stock": f"{measure.title} is counted on one day, so values of several days cannot be added up. "
        "A period has the value of its last day.",
        "mean": f"{measure.title} is a monthly mean, so values of several periods cannot be added up. "
        "They are averaged, weighted by months.",
        "reference": f"{measure.title} is quoted from elsewhere, so values of several periods cannot be added up.",
    }
    share_of = (
        f"{measure.title} is a {measure.statistic}, so values of several periods can be neither added up nor averaged. "
        "It is worked out from the numerator and denominator of the whole period, or sent for it."
    )
    return reasons.get(measure.statistic, share_of)


# From what was given to the value of a period


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


def dated_by_itself(measure: Measure) -> bool:
    """Is the measure's date its own (a census day, a quoted reference), whichever period it was sent in?"""
    return measure.as_at is not None or measure.as_at_words != "" or measure.statistic == "reference"


def is_snapshot(measure: Measure, measures: Measures) -> bool:
    """Is the measure about one day: a stock, or a share of stocks?"""
    if measure.statistic not in ("percentage", "rate"):
        return measure.statistic == "stock" or dated_by_itself(measure)
    inputs = [one for name in (measure.numerator, measure.denominator) if (one := _named(measures, name))]
    return dated_by_itself(measure) or (bool(inputs) and all(is_snapshot(one, measures) for one in inputs))


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
        raise IllegalOperation(_why_not_added(measure))
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
    of = _named(measures, measure.mean_of)
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
    above, below = _named(measures, measure.numerator), _named(measures, measure.denominator)
    if above and below and _may_recompute(measure, period, measures):
        numerator = _or_nothing(above, period, given, measures)
        denominator = _or_nothing(below, period, given, measures)
        hidden = is_suppressed(numerator.symbol) or is_suppressed(denominator.symbol)
        known = numerator.value is not None and denominator.value is not None
        if numerator.there and denominator.there and (known or hidden):
            return share(measure, numerator, denominator)
    if own is not None:
        return own
    if is_snapshot(measure, measures):
        return _closing(measure, period, given)
    if any((measure.id, text) in given for text in texts_within(period)):
        raise IllegalOperation(_why_not_added(measure))
    return Amount(derivation=NOT_RECEIVED)


def _named(measures: Measures, name: str | None) -> Measure | None:
    return measures.get(name) if name else None


def _may_recompute(measure: Measure, period: Period, measures: Measures) -> bool:
    """A rate of a flow is one of a whole year: a quarter's would look four times smaller than it is."""
    return measure.statistic == "percentage" or isinstance(period, ReportingYear) or is_snapshot(measure, measures)


def _or_nothing(measure: Measure, period: Period, given: Given, measures: Measures) -> Amount:
    try:
        found = amount_for(measure, period, given, measures)
    except IllegalOperation:
        return Amount()
    return Amount() if found.to_date else found


# In print


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round as people do: 24.85 to one place is 24.9, and -2.5 to none is -3."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def is_percent(unit: str, statistic: str = "") -> bool:
    """Is a value followed by a percent sign in print?"""
    return statistic == "percentage" or unit.lower().startswith(("percent", "%"))


def display(value: Decimal | None, symbol: str, unit: str = "", decimals: int = 0, statistic: str = "") -> str:
    """Show a value as it stands in print: ``2,190``, ``24.9%``, ``£14,000``, ``<5``, ``not received``."""
    if value is None:
        return symbol or NOT_RECEIVED
    rounded = round_half_up(value, decimals)
    digits = f"{abs(rounded):,f}"
    minus = "-" if rounded < 0 else ""
    if is_percent(unit, statistic):
        return f"{minus}{digits}%"
    pounds = statistic == "finance" or unit.lower() in ("£", "gbp", "pounds", "pounds sterling")
    return f"{minus}£{digits}" if pounds else f"{minus}{digits}"


def wording(measure: Measure, period: Period, measures: Measures | None = None, *, to_date: bool = False) -> str:
    """Say when a figure is for: ``at 31 March 2024``, ``in the year to 31 March 2024``, ``in April to June 2023``."""
    if measure.as_at_words:
        return measure.as_at_words
    if measure.as_at is not None:
        return f"at {day_words(measure.as_at)}"
    if measure.statistic == "reference":
        return f"as quoted {_within(period)}"
    if is_snapshot(measure, measures or {}):
        return f"at {day_words(period.last_day)}"
    return f"from {_to_date_words(period)}" if to_date else _within(period)


def _within(period: Period) -> str:
    if isinstance(period, ReportingYear):
        return f"in the year to {day_words(period.last_day)}"
    return f"in {period.words}"


def _to_date_words(period: Period) -> str:
    last = period.months[-1] if isinstance(period, Quarter | ReportingYear) else period
    start = ReportingYear(last.quarter.start_year).months[0]
    same_year = start.year == last.year
    return f"{start.words.rpartition(' ')[0] if same_year else start.words} to {last.words}"


def period_words(text: str) -> str:
    """Write the period of an observation in words: ``2023-24-Q2-ytd`` is ``April to September 2023``."""
    if text.endswith("-ytd"):
        return _to_date_words(parse_period(text.removesuffix("-ytd")))
    period = parse_period(text)
    return f"the year to {day_words(period.last_day)}" if isinstance(period, ReportingYear) else period.words


def listed(names: Sequence[str]) -> str:
    """Join names as in a sentence: ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
