"""What stands beside a figure comes from its own source, and only where everything that it needs was given."""

from decimal import Decimal

import pytest

from config.model import Statistic
from config.periods import Quarter, ReportingYear, Return
from tasks.model import Observation, Place
from tasks.validate.beside import columns_beside

Q1, Q3, Q4, YEAR = Quarter(2023, 1), Quarter(2023, 3), Quarter(2023, 4), ReportingYear(2023)
MONTHS = {"2023-10": 194, "2023-11": 203, "2023-12": 165}
APRIL = {"2023-04": 162, "2023-05": 194, "2023-06": 198}

BESIDE = [
    # what, period, statistic, what came, what came before, where to look, what stands there
    ("months add up to the quarter", Q3, "flow", MONTHS, {}, ("2023-12", "now"), 562),
    ("once a figure", Q3, "flow", MONTHS, {}, ("2023-11", "now"), None),
    ("a stated quarter is taken as stated", Q3, "flow", {**MONTHS, "2023-24-Q3": 570}, {}, ("2023-24-Q3", "now"), 570),
    ("and then not told at its last month", Q3, "flow", {**MONTHS, "2023-24-Q3": 570}, {}, ("2023-12", "now"), None),
    ("a stock is its last month", Q3, "stock", MONTHS, {}, ("2023-12", "now"), 165),
    ("children of three months are not added", Q3, "distinct", MONTHS, {}, ("2023-12", "now"), None),
    ("nor are percentages", Q3, "percentage", MONTHS, {}, ("2023-12", "now"), None),
    ("a month that is suppressed", Q3, "flow", {**MONTHS, "2023-11": None}, {}, ("2023-12", "now"), None),
    ("a month that did not come", Q3, "flow", {"2023-12": 165}, {}, ("2023-12", "now"), None),
    ("the quarter before", Q3, "flow", {"2023-24-Q3": 5}, {"2023-24-Q2": 4}, ("2023-24-Q3", "before"), 4),
    ("its months added up", Q4, "flow", {"2023-24-Q4": 5}, MONTHS, ("2023-24-Q4", "before"), 562),
    ("over the end of a year", Q1, "flow", {"2023-24-Q1": 5}, {"2022-23-Q4": 4}, ("2023-24-Q1", "before"), 4),
    ("two quarters before is too long ago", Q3, "flow", {"2023-24-Q3": 5}, {"2023-24-Q1": 4},
     ("2023-24-Q3", "before"), None),
    ("the year before, in the same table", YEAR, "flow", {"2023-24": 5, "2022-23": 4}, {}, ("2023-24", "before"), 4),
    ("the year before, as it came then", YEAR, "finance", {"2023-24": 5}, {"2022-23": 4}, ("2023-24", "before"), 4),
    ("an older year stands alone", YEAR, "flow", {"2023-24": 5, "2022-23": 4}, {}, ("2022-23", "now"), None),
    ("the year to date a quarter before", Q3, "flow", {"2023-24-Q3-ytd": 9}, {"2023-24-Q2-ytd": 6},
     ("2023-24-Q3-ytd", "to_date_before"), 6),
    ("at the end it is the year", Q4, "flow", {"2023-24": 9}, {"2023-24-Q3-ytd": 6}, ("2023-24", "to_date_before"), 6),
    ("of a stock it is nothing to compare with", Q3, "stock", {"2023-24-Q3-ytd": 9}, {"2023-24-Q2-ytd": 6},
     ("2023-24-Q3-ytd", "to_date_before"), None),
    ("the quarter is added to it", Q3, "flow", {**MONTHS, "2023-24-Q3-ytd": 1629}, {"2023-24-Q2-ytd": 1067},
     ("2023-24-Q3-ytd", "added_up"), 1629),
    ("the first quarter needs nothing before it", Q1, "flow", {**APRIL, "2023-24-Q1-ytd": 554}, {},
     ("2023-24-Q1-ytd", "added_up"), 554),
    ("without it there is no sum", Q3, "flow", {**MONTHS, "2023-24-Q3-ytd": 1629}, {}, ("2023-24-Q3-ytd", "added_up"),
     None),
    ("of children it is the most there can be", Q3, "distinct", {"2023-12": 9, "2023-11": 8, "2023-10": 7,
     "2023-24-Q3-ytd": 60}, {"2023-24-Q2-ytd": 50}, ("2023-24-Q3-ytd", "added_up"), 74),
    ("percentages do not add up", Q3, "percentage", {"2023-24-Q3": 25, "2023-24-Q3-ytd": 24}, {"2023-24-Q2-ytd": 24},
     ("2023-24-Q3-ytd", "added_up"), None),
    ("a stock ends where its last month ends", Q3, "stock", {**MONTHS, "2023-24-Q3-ytd": 165}, {},
     ("2023-24-Q3-ytd", "closing"), 165),
    ("what is behind the point", Q3, "flow", {"2023-24-Q3": Decimal("36.5")}, {}, ("2023-24-Q3", "remainder"),
     Decimal("0.5")),
]  # fmt: skip


def observed(values: dict[str, int | Decimal | None]) -> list[Observation]:
    place = Place("sent.csv", "0" * 64)
    return [
        Observation("sent", "eastmere", "figure", period, None if value is None else Decimal(value), "", place)
        for period, value in values.items()
    ]


@pytest.mark.parametrize(
    ("period", "statistic", "came", "before", "where", "stands"), [b[1:] for b in BESIDE], ids=[b[0] for b in BESIDE]
)
def test_what_stands_beside_a_figure(
    period: Return,
    statistic: Statistic,
    came: dict[str, int | Decimal | None],
    before: dict[str, int | Decimal | None],
    where: tuple[str, str],
    stands: int | Decimal | None,
) -> None:
    columns = columns_beside(observed(came), period, {"figure": statistic}, observed(before))
    assert columns[where[1]][list(came).index(where[0])] == stands


def test_of_two_values_that_differ_nobody_can_say_which_is_meant() -> None:
    twice = [*observed({"2023-24-Q3": 5}), *observed({"2023-24-Q3": 6})]
    assert columns_beside(twice, Q3, {"figure": "flow"}, [])["now"] == [None, None]
    same = [*observed({"2023-24-Q3": 5}), *observed({"2023-24-Q3": 5})]
    assert columns_beside(same, Q3, {"figure": "flow"}, [])["now"] == [5, None]


SPANS = [("2023-10", Q3, "month"), ("2023-24-Q3", Q3, "quarter"), ("2023-24-Q3-ytd", Q3, "to_date"),
         ("2023-24", Q4, "to_date"), ("2023-24", YEAR, "year")]  # fmt: skip


@pytest.mark.parametrize(("written", "period", "span"), SPANS, ids=[f"{s[0]} in {s[1]}: {s[2]}" for s in SPANS])
def test_what_a_figure_is_for(written: str, period: Return, span: str) -> None:
    assert columns_beside(observed({written: 1}), period, {}, [])["span"] == [span]
