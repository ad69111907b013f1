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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from config.model import Measure
from config.periods import Period, ReportingYear, Return, day_words, parse_period

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
        raise IllegalOperation(why_not_added(measure))
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


def change(measure: Measure, was: Amount, now: Amount) -> Amount:
    """How far a value moved since the period before, in percent of what it was then.

    What is quoted from elsewhere moves when somebody quotes another edition, which says nothing of the place.

    Raises:
        IllegalOperation: the measure is a reference.
    """
    if measure.statistic == "reference":
        raise IllegalOperation(f"{measure.title} is quoted from elsewhere, so it has no movement of its own.")
    behind = was.behind + now.behind
    if hiding := combined_symbol([was.symbol, now.symbol]):
        return Amount(symbol=hiding, derivation="one of the two periods is suppressed", behind=behind)
    if was.value is None or now.value is None:
        return Amount(derivation="one of the two periods was not received", behind=behind)
    if was.value == 0:
        return Amount(symbol="z", derivation="there was none before", behind=behind)
    return Amount((now.value - was.value) * 100 / was.value, derivation="change in percent", behind=behind)


def per_heads(value: Decimal, people: Decimal, heads: int) -> Decimal:
    """So many of a count to so many people: ``per_heads(2190, 20116, 10_000)`` is 1,088.7 before rounding."""
    return value * heads / people


def refusal_of_ratio(above: Measure, below: Measure) -> str:
    """Say why one measure may not be divided by another, or nothing where it may.

    What happened over a period, divided by what stood on one day, leaves out all that came and went between. What is
    declared not to be comparable is not a part of the other either.
    """
    for one, other in ((above, below), (below, above)):
        for declared in one.not_comparable_with:
            if declared.measure == other.id:
                return declared.because
    over_time = above.statistic in ("flow", "distinct") and not dated_by_itself(above)
    on_a_day = below.statistic == "stock" and not dated_by_itself(below)
    if over_time and on_a_day:
        return (
            f"{above.title} is counted over the period, {below.title[:1].lower()}{below.title[1:]} on its last day "
            "alone. Divide by those counted at any time in the period."
        )
    return ""


def add_areas(measure: Measure, amounts: Sequence[Amount]) -> Amount:
    """Add up areas to a whole, where the configuration keeps the measure for the whole.

    Counts of distinct children add up only if no child is counted in two areas; to keep them for the whole says that.

    Raises:
        IllegalOperation: the measure is a share or a reference.
    """
    if measure.statistic in ("percentage", "rate", "reference"):
        raise IllegalOperation(why_not_added(measure).replace("several periods", "several areas"))
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


def why_not_added(measure: Measure) -> str:
    """Say why values of several periods may not be added up, and what to do instead."""
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


# What a measure is about in time


def dated_by_itself(measure: Measure) -> bool:
    """Is the measure's date its own (a census day, a quoted reference), whichever period it was sent in?"""
    return measure.as_at is not None or measure.as_at_words != "" or measure.statistic == "reference"


def is_snapshot(measure: Measure, measures: Measures) -> bool:
    """Is the measure about one day: a stock, or a share of stocks?"""
    if measure.statistic not in ("percentage", "rate"):
        return measure.statistic == "stock" or dated_by_itself(measure)
    inputs = [one for name in (measure.numerator, measure.denominator) if (one := named(measures, name))]
    return dated_by_itself(measure) or (bool(inputs) and all(is_snapshot(one, measures) for one in inputs))


def named(measures: Measures, name: str | None) -> Measure | None:
    """The measure of a name; nothing where none is named."""
    return measures.get(name) if name else None


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
    last = period.months[-1] if isinstance(period, Return) else period
    start = ReportingYear(last.quarter.start_year).months[0]
    same_year = start.year == last.year
    return f"{start.words.rpartition(' ')[0] if same_year else start.words} to {last.words}"


def period_words(text: str) -> str:
    """Write the period of an observation in words: ``2023-24-Q2-ytd`` is ``April to September 2023``."""
    if text.endswith("-ytd"):
        return _to_date_words(parse_period(text.removesuffix("-ytd")))
    period = parse_period(text)
    return f"the year to {day_words(period.last_day)}" if isinstance(period, ReportingYear) else period.words
