"""What do the plain tables say of a quarter, and of the year?

Belongs here: reading the tables beside this module and the few sums over them. Does not belong here: what a file that
is made from them looks like.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

TABLES = Path(__file__).parent / "tables"
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
MONTHS = (*(f"2023-{month:02d}" for month in range(4, 13)), "2024-01", "2024-02", "2024-03")

Row = dict[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    with (TABLES / name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def document(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((TABLES / name).read_text(encoding="utf-8"))


def rows_of(name: str, **wanted: str) -> list[Row]:
    return [row for row in table(name) if all(row[column] == value for column, value in wanted.items())]


def months_of(quarter: str) -> tuple[str, ...]:
    first = 3 * QUARTERS.index(quarter)
    return MONTHS[first : first + 3]


def number(text: str) -> Decimal:
    """A number of a table, without its percent sign."""
    return Decimal(text.rstrip("%"))


def share(part: Decimal, whole: Decimal) -> Decimal:
    """A percentage with one place after the point, rounded half up."""
    return (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


# Hartlepool: by month


def hartlepool_months(measure: str, months: Iterable[str]) -> list[Decimal]:
    (row,) = rows_of("hartlepool_months.csv", measure=measure)
    return [Decimal(row[month]) for month in months]


def hartlepool_cells(row: Row, quarter: str) -> list[Decimal]:
    """The three months and the year to date, as the dataset of a quarter shows them."""
    months, until = months_of(quarter), MONTHS[: MONTHS.index(months_of(quarter)[-1]) + 1]
    match row["kind"]:
        case "flow":
            to_date = sum(hartlepool_months(row["measure"], until), Decimal(0))
            return [*hartlepool_months(row["measure"], months), to_date]
        case "stock":
            return [*(Decimal(row[month]) for month in months), Decimal(row[months[-1]])]
        case "distinct":
            return [*(Decimal(row[month]) for month in months), Decimal(row[f"ytd_{quarter.lower()}"])]
        case _:  # the percentage of re-referrals
            parts, wholes = hartlepool_months("rereferrals", until), hartlepool_months("referrals", until)
            monthly = [share(part, whole) for part, whole in zip(parts[-3:], wholes[-3:], strict=True)]
            return [*monthly, share(sum(parts, Decimal(0)), sum(wholes, Decimal(0)))]


def hartlepool_quarter(measure: str, quarter: str) -> str:
    """What the exploitation return says of a quarter: the sum of months, their last, or a count of its own."""
    if own := rows_of("returns.csv", area="hartlepool", measure=measure):
        return own[0][quarter.lower()]
    (row,) = rows_of("hartlepool_months.csv", measure=measure)
    months = hartlepool_months(measure, months_of(quarter))
    return str(months[-1] if row["kind"] == "stock" else sum(months, Decimal(0)))


# Stockton: by quarter, with the year to date where it does not follow from the quarters


def stockton_to_date(row: Row, quarter: str) -> str:
    """The year to date as the dataset shows it; nothing for a stock."""
    if row["kind"] == "flow":
        return str(list(accumulate(int(row[q.lower()]) for q in QUARTERS))[QUARTERS.index(quarter)])
    return row[f"ytd_{quarter.lower()}"]


# The partnership


def events_of(quarter: str) -> list[Row]:
    return [event for event in table("training_events.csv") if event["date"][:7] in months_of(quarter)]


def training(quarter: str) -> dict[str, int]:
    """The figures of the training return, counted from the table of events."""
    events, months = events_of(quarter), months_of(quarter)

    def attended(*courses: str) -> int:
        return sum(int(event["attended"]) for event in events if not courses or event["course"] in courses)

    return {
        "training_sessions": sum(event["attended"] != "0" for event in events),
        "training_attendances": attended(),
        "training_did_not_attend": sum(int(event["did_not_attend"]) for event in events),
        "elearning_completions": sum(int(row[month]) for row in table("elearning_months.csv") for month in months),
        "conference_attendances": attended("NAI-CONF"),
        "briefings_attendances": attended("LFR-BRF"),
        "active_learning_attendances": attended("NEG-ALE"),
    }


def communications(quarter: str) -> dict[str, int]:
    """The figures of the communications return: sums of the months, and the last of a stock."""
    found = {}
    for row in table("communications.csv"):
        values = [int(row[month]) for month in months_of(quarter) if row[month]]
        found[row["measure"]] = values[-1] if row["kind"] == "stock" else sum(values)
    return found
