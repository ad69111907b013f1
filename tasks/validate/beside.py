"""What else came of the same figure: in this quarter, to date, and a quarter before?

Belongs here: the columns that stand beside observations, so that a suite can compare them: one quarter with the one
before, months and quarters with the year to date. Does not belong here: what may differ and by how much
(``expectations``), and what different sources say of one figure (``tasks.reconcile``).

Only what one source said itself stands side by side here. Where anything that a sum needs was not sent or is
suppressed, there is no sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from config.model import Statistic
from config.periods import Month, Quarter, ReportingYear, Return, parse_period
from tasks.gather.stated import year_to_date
from tasks.model import Observation

ADDS_UP: tuple[Statistic, ...] = ("flow", "finance")
"""Statistics of which quarters add up to the year; of ``distinct`` they give the most that it can come to."""


@dataclass(frozen=True)
class Before:
    """What is kept of the period before: observations of all sources, and how many rows each source's table had."""

    period: Return
    observations: tuple[Observation, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    def of(self, source: str) -> Before:
        """The same of one source."""
        return replace(self, observations=tuple(one for one in self.observations if one.source == source))


def columns_beside(
    observations: Sequence[Observation],
    period: Return,
    statistics: Mapping[str, Statistic],
    before: Iterable[Observation],
) -> dict[str, list[object]]:
    """The columns of ``expectations.suite.BESIDE_COLUMNS``, a value for each observation; ``None`` is "not known".

    ``before`` are the same source's observations of the period before.
    """
    earlier = period.before
    now, then = _Figures(observations), _Figures(before)
    if isinstance(period, ReportingYear):
        then = _Figures([*before, *observations])  # official tables hold several years
    columns: dict[str, list[object]] = defaultdict(list)
    told: set[tuple[str, str]] = set()
    whole, last = str(period), str(period.months[-1])
    for one in observations:
        key = (one.area, one.measure)
        statistic = statistics.get(one.measure)
        span = _span(one.period, period)
        columns["figure"].append(f"{one.area}.{one.measure}")
        columns["span"].append(span)
        columns["remainder"].append(None if one.value is None else one.value % 1)
        # Where the figure of the whole period stands, or else its last month.
        tells = one.period == whole or (one.period == last and now.stated(key, whole) is None)
        amount = now.in_period(key, period, statistic) if tells and key not in told else None
        told |= {key} if amount is not None else set()
        columns["now"].append(amount)
        columns["before"].append(None if amount is None else then.in_period(key, earlier, statistic))
        to_date = _to_date(now, then, key, period, statistic) if span == "to_date" else (None, None, None)
        for name, value in zip(("to_date_before", "added_up", "closing"), to_date, strict=True):
            columns[name].append(value)
    return columns


@lru_cache(maxsize=1024)
def _span(written: str, period: Return) -> str:
    """What an observation is for; at the end of the year the year to date is the year."""
    if written.endswith("-ytd"):
        return "to_date"
    found = parse_period(written)
    if isinstance(found, Month):
        return "month"
    if isinstance(found, Quarter):
        return "quarter"
    return "to_date" if isinstance(period, Quarter) and period.number == 4 else "year"


def _to_date(
    now: _Figures, then: _Figures, key: tuple[str, str], period: Return, statistic: Statistic | None
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Beside a year to date: the one before it, what it adds up to with this quarter, and the figure at the end."""
    first = isinstance(period, Quarter) and period.number == 1
    before = None if first else then.stated(key, year_to_date(period.before))
    this = now.in_period(key, period, statistic)
    if statistic == "stock":
        return None, None, this
    if statistic == "distinct" and this is None:
        this = now.sum_of_months(key, period)
    if statistic not in (*ADDS_UP, "distinct") or this is None:
        return before if statistic in (*ADDS_UP, "distinct") else None, None, None
    start = Decimal(0) if first else before
    return before, None if start is None else start + this, None


class _Figures:
    """Values by area, measure and period; where a source gives two that differ, there is none."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._values: dict[tuple[str, str, str], Decimal | None] = {}
        for one in observations:
            key = (one.area, one.measure, one.period)
            differs = key in self._values and self._values[key] != one.value
            self._values[key] = None if differs else one.value

    def stated(self, key: tuple[str, str], period: str) -> Decimal | None:
        return self._values.get((*key, period))

    def in_period(self, key: tuple[str, str], period: Return, statistic: Statistic | None) -> Decimal | None:
        """What the figure comes to in a period: as stated; or the sum of its months; or, of a stock, its last month."""
        if (*key, str(period)) in self._values:
            return self.stated(key, str(period))
        if statistic in ADDS_UP:
            return self.sum_of_months(key, period)
        return self.stated(key, str(period.months[-1])) if statistic == "stock" else None

    def sum_of_months(self, key: tuple[str, str], period: Return) -> Decimal | None:
        months = [self.stated(key, str(month)) for month in period.months]
        known = [value for value in months if value is not None]
        return sum(known, Decimal(0)) if len(known) == len(months) else None
