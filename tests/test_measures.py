"""The legal arithmetic: what each statistic allows, what it refuses, and what suppression does to it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.periods import Month, ReportingYear
from tasks.measures import (
    Amount,
    IllegalOperation,
    add,
    add_areas,
    average,
    change,
    combined_symbol,
    display,
    is_snapshot,
    per_heads,
    period_words,
    refusal_of_ratio,
    round_half_up,
    share,
    span,
    wording,
)
from tasks.over_time import amount_for, same_value_periods
from tests.reconcile.example import Q1, Q2, Q4, YEAR, measure

FLOW = measure("referrals", unit="referrals")
DISTINCT = measure("missing_children", "distinct", unit="children")
STOCK = measure("plans_open", "stock", unit="children")
CONTACTS = measure("contacts", unit="contacts")
MEAN = measure("contacts_per_month", "mean", unit="contacts per month", mean_of="contacts")
AGAIN = measure("rereferrals", unit="referrals")
PERCENT = measure("rereferral_rate", "percentage", numerator="rereferrals", denominator="referrals", decimals=1)
POPULATION = measure("population", "stock", unit="children", as_at=date(2023, 6, 30))
RATE = measure("referral_rate", "rate", unit="per 10,000 children", numerator="referrals", denominator="population")
FLOW_ON_STOCK = measure("missing_share", "percentage", numerator="missing_children", denominator="plans_open")
LIKE_REFERRALS = measure("enquiries", not_comparable_with=[{"measure": "referrals", "because": "Other events."}])
REFERENCE = measure("national_average", "reference", unit="percent")
CENSUS = measure("schools", "stock", unit="schools", as_at_words="at the January census")
MONEY = measure("spend", "finance", unit="pounds")
MEASURES = (FLOW, DISTINCT, STOCK, CONTACTS, MEAN, AGAIN, PERCENT, POPULATION, RATE, FLOW_ON_STOCK, REFERENCE, CENSUS)
ALL = {m.id: m for m in (*MEASURES, MONEY)}
MISSING_AND_PLANS = (("missing_children", YEAR, "54"), ("plans_open", YEAR, "334"))


def given_of(*told: tuple[str, object, str]) -> dict[tuple[str, str], Amount]:
    """What a source gave: (measure, period, value or symbol)."""
    return {
        (name, str(period)): Amount(Decimal(text), behind=(f"{name} {period}",), sent_for=str(period))
        if text.replace(".", "", 1).isdigit()
        else Amount(symbol=text, behind=(f"{name} {period}",), sent_for=str(period))
        for name, period, text in told
    }


def quarters(name: str, *told: str) -> list[tuple[str, object, str]]:
    return [(name, quarter, text) for quarter, text in zip(YEAR.quarters, told, strict=False)]


def months(name: str, *told: str) -> list[tuple[str, object, str]]:
    return [(name, month, text) for month, text in zip(YEAR.months, told, strict=False)]


WORKED = [
    # measure, period, given, value or symbol, derivation
    pytest.param(
        FLOW,
        YEAR,
        quarters("referrals", "554", "513", "562", "561"),
        "2190",
        "sum of 4 quarters",
        id="a flow is summed over quarters",
    ),
    pytest.param(
        FLOW, YEAR, months("referrals", *["10"] * 12), "120", "sum of 12 months", id="a flow is summed over months"
    ),
    pytest.param(
        FLOW,
        Q2,
        months("referrals", *["1", "1", "1", "2", "3", "4"]),
        "9",
        "sum of 3 months",
        id="a quarter's flow is that of its months",
    ),
    pytest.param(
        FLOW,
        YEAR,
        [*quarters("referrals", "1", "1", "1", "1"), ("referrals", "2023-24", "5")],
        "5",
        "as received",
        id="a year that was sent leads before its quarters",
    ),
    pytest.param(
        FLOW,
        Q1,
        [("referrals", "2023-24-Q1-ytd", "7")],
        "7",
        "as received",
        id="the first year to date is the first quarter",
    ),
    pytest.param(
        FLOW, YEAR, [("referrals", "2023-24-Q4-ytd", "7")], "7", "as received", id="the last year to date is the year"
    ),
    pytest.param(
        FLOW,
        YEAR,
        quarters("referrals", "554", "513", "562"),
        None,
        "not complete: January to March 2024 is missing",
        id="three quarters are no year",
    ),
    pytest.param(
        FLOW,
        Q2,
        [("referrals", "2023-24-Q2-ytd", "9"), ("referrals", "2023-24-Q1", "4")],
        None,
        "not received",
        id="a quarter is never had by subtraction",
    ),
    pytest.param(FLOW, YEAR, [], None, "not received", id="nothing came"),
    pytest.param(
        FLOW,
        YEAR,
        quarters("referrals", "9", "<5", "9", "9"),
        "c",
        "sum of 4 quarters, not given because a part of it is suppressed",
        id="a suppressed quarter suppresses the year",
    ),
    pytest.param(
        FLOW,
        YEAR,
        quarters("referrals", "9", "x", "9", "9"),
        "x",
        "sum of 4 quarters, not given because a part of it is not available",
        id="an unavailable quarter makes the year unavailable",
    ),
    pytest.param(
        DISTINCT,
        YEAR,
        [*quarters("missing_children", "100", "90"), ("missing_children", "2023-24", "290")],
        "290",
        "as received",
        id="distinct children have a count of their own",
    ),
    pytest.param(
        DISTINCT,
        Q2,
        [("missing_children", "2023-24-Q2-ytd", "171")],
        "171",
        "year to date, as received",
        id="a count since April stands in for the quarter's",
    ),
    pytest.param(
        STOCK,
        YEAR,
        quarters("plans_open", "1", "2", "3", "158"),
        "158",
        "value at 31 March 2024, as received for January to March 2024",
        id="a stock is that of the last quarter",
    ),
    pytest.param(
        STOCK,
        YEAR,
        months("plans_open", *["9"] * 11, "158"),
        "158",
        "value at 31 March 2024, as received for March 2024",
        id="a stock is that of the last month",
    ),
    pytest.param(
        STOCK,
        YEAR,
        quarters("plans_open", "1", "2", "3"),
        None,
        "not complete: the value at 31 March 2024 is missing",
        id="an earlier stock does not stand in",
    ),
    pytest.param(
        STOCK,
        YEAR,
        quarters("plans_open", "1", "2", "3", "<5"),
        "<5",
        "value at 31 March 2024, as received for January to March 2024",
        id="a suppressed stock keeps its symbol",
    ),
    pytest.param(
        STOCK,
        Q4,
        [("plans_open", "2023-24", "158")],
        "158",
        "as received",
        id="the year's stock is that of its last quarter",
    ),
    pytest.param(
        MEAN,
        YEAR,
        quarters("contacts_per_month", "663", "637", "692", "684"),
        "669",
        "mean of 4 quarters",
        id="a mean is weighted by months",
    ),
    pytest.param(
        MEAN,
        YEAR,
        [("contacts", "2023-24", "8028")],
        "669",
        "Contacts over 12 months",
        id="a mean follows from its flow",
    ),
    pytest.param(
        MEAN,
        Q1,
        months("contacts_per_month", "1", "2", "6"),
        "3",
        "mean of 3 months",
        id="a quarter's mean is that of its months",
    ),
    pytest.param(
        MEAN,
        YEAR,
        quarters("contacts_per_month", "663", "c", "692", "684"),
        "c",
        "mean of 4 quarters, not given because a part of it is suppressed",
        id="a suppressed mean suppresses the year's",
    ),
    pytest.param(
        PERCENT,
        YEAR,
        [
            *quarters("rereferrals", "137", "128", "140", "141"),
            *quarters("referrals", "554", "513", "562", "561"),
            ("rereferral_rate", "2023-24", "99"),
        ],
        "24.93",
        "546 of 2,190",
        id="a percentage is worked out anew",
    ),
    pytest.param(
        PERCENT,
        YEAR,
        [("rereferral_rate", "2023-24", "24.0")],
        "24.0",
        "as received",
        id="a percentage without its counts is taken as sent",
    ),
    pytest.param(
        PERCENT,
        YEAR,
        [("rereferrals", "2023-24", "<5"), ("referrals", "2023-24", "40"), ("rereferral_rate", "2023-24", "7.5")],
        "c",
        "numerator or denominator is suppressed",
        id="a percentage would give a suppressed count away",
    ),
    pytest.param(
        PERCENT,
        YEAR,
        [("rereferrals", "2023-24", "0"), ("referrals", "2023-24", "0")],
        "z",
        "there is nothing to take a share of",
        id="a share of nothing does not apply",
    ),
    pytest.param(
        RATE,
        YEAR,
        [("referrals", "2023-24", "2190"), ("population", Q4, "20116")],
        "1088.69",
        "2,190 of 20,116, per 10,000 of population, at 30 June 2023",
        id="a rate is per so many of the population",
    ),
    pytest.param(
        RATE,
        Q4,
        [("referrals", Q4, "561"), ("population", Q4, "20116")],
        None,
        "not received",
        id="a quarter's flow makes no rate",
    ),
    pytest.param(
        REFERENCE,
        YEAR,
        quarters("national_average", "23.8", "24.6"),
        "24.6",
        "as received for July to September 2023",
        id="a reference is the last one quoted",
    ),
    pytest.param(
        CENSUS,
        YEAR,
        quarters("schools", "41", "40"),
        "40",
        "as received for July to September 2023",
        id="a census day's value is the last one sent",
    ),
    pytest.param(
        MONEY, YEAR, quarters("spend", "100.50", "99.50", "0", "0"), "200", "sum of 4 quarters", id="money is summed"
    ),
]


@pytest.mark.parametrize(("one", "period", "told", "expected", "derivation"), WORKED)
def test_a_period_has_the_value_that_its_statistic_allows(one, period, told, expected, derivation) -> None:
    amount = amount_for(one, period, given_of(*told), ALL)
    number = amount.value if amount.value is None else round_half_up(amount.value, 2)
    shown = amount.symbol or number
    assert shown == (expected if expected is None or not expected[0].isdigit() else Decimal(expected))
    assert amount.derivation == derivation
    assert (amount.value is None) or (amount.symbol == "")


def test_what_came_of_an_incomplete_year_is_kept() -> None:
    amount = amount_for(FLOW, YEAR, given_of(*quarters("referrals", "554"), ("referrals", Month(2023, 7), "10")), ALL)
    assert amount.behind == ("referrals 2023-24-Q1", "referrals 2023-07")
    assert amount.missing == ("August 2023", "September 2023", "October to December 2023", "January to March 2024")


def test_official_percentages_are_taken_as_published() -> None:
    told = given_of(("rereferral_rate", YEAR, "30.3"), ("rereferrals", YEAR, "1221"), ("referrals", YEAR, "4031"))
    assert amount_for(PERCENT, YEAR, told, ALL, as_sent_first=True).value == Decimal("30.3")


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (
            lambda: amount_for(DISTINCT, YEAR, given_of(*quarters("missing_children", "9", "9", "9", "9")), ALL),
            "counts each of its children once",
        ),
        (
            lambda: amount_for(PERCENT, YEAR, given_of(*quarters("rereferral_rate", "9", "9", "9", "9")), ALL),
            "neither added up nor averaged",
        ),
        (lambda: add(STOCK, [Amount(Decimal(1))]), "counted on one day"),
        (lambda: add(MEAN, [Amount(Decimal(1))]), "averaged, weighted by months"),
        (lambda: add(PERCENT, [Amount(Decimal(1))]), "neither added up nor averaged"),
        (lambda: add(REFERENCE, [Amount(Decimal(1))]), "quoted from elsewhere"),
        (lambda: average(PERCENT, [(Amount(Decimal(1)), 3)]), "no monthly mean"),
        (lambda: add_areas(PERCENT, [Amount(Decimal(1))]), "values of several areas can be neither"),
        (lambda: share(FLOW, Amount(Decimal(1)), Amount(Decimal(2))), "not worked out from a numerator"),
        (
            lambda: amount_for(
                FLOW_ON_STOCK, YEAR, given_of(("missing_children", YEAR, "54"), ("plans_open", YEAR, "334")), ALL
            ),
            "Divide by those counted at any time",
        ),
        (lambda: change(REFERENCE, Amount(Decimal(1)), Amount(Decimal(2))), "no movement of its own"),
        (lambda: share(measure("odd", "rate", unit="a lot"), Amount(Decimal(1)), Amount(Decimal(2))), "per how many"),
    ],
)
def test_an_illegal_operation_is_refused_in_a_plain_sentence(attempt, sentence) -> None:
    with pytest.raises(IllegalOperation, match=sentence):
        attempt()


def test_a_share_that_must_not_be_worked_out_is_taken_as_sent() -> None:
    told = given_of(("missing_share", YEAR, "12.1"), *MISSING_AND_PLANS)
    assert amount_for(FLOW_ON_STOCK, YEAR, told, ALL).value == Decimal("12.1")


@pytest.mark.parametrize(
    ("above", "below", "refused"),
    [
        (DISTINCT, STOCK, True),
        (FLOW, STOCK, True),
        (FLOW, POPULATION, False),
        (STOCK, STOCK, False),
        (AGAIN, FLOW, False),
        (FLOW, DISTINCT, False),
        (LIKE_REFERRALS, FLOW, True),
        (FLOW, LIKE_REFERRALS, True),
    ],
    ids=[
        "children of a year over one day's",
        "events of a year over one day's",
        "events over a dated population",
        "one day's over one day's",
        "events over events",
        "events to a child",
        "what is not comparable",
        "nor the other way round",
    ],
)
def test_what_may_be_divided_by_what(above, below, refused) -> None:
    assert bool(refusal_of_ratio(above, below)) is refused


@pytest.mark.parametrize(
    ("was", "now", "value", "symbol"),
    [
        (Amount(Decimal(254)), Amount(Decimal(332)), "30.71", ""),
        (Amount(Decimal(176)), Amount(Decimal(158)), "-10.23", ""),
        (Amount(Decimal(0)), Amount(Decimal(5)), None, "z"),
        (Amount(symbol="<5"), Amount(Decimal(5)), None, "c"),
        (Amount(), Amount(Decimal(5)), None, ""),
    ],
    ids=["a rise", "a fall", "from nothing", "from a hidden value", "from nobody knows what"],
)
def test_a_change_is_in_percent_of_what_was(was, now, value, symbol) -> None:
    told = change(FLOW, was, now)
    assert (None if told.value is None else str(round_half_up(told.value, 2)), told.symbol) == (value, symbol)


# Properties

numbers = st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False, allow_infinity=False)
symbols = st.sampled_from(["<5", "c", "*", "z", "x", "low"])
amounts = st.one_of(numbers.map(lambda n: Amount(n)), symbols.map(lambda s: Amount(symbol=s)))


@given(st.lists(amounts, min_size=2, max_size=4))
def test_the_order_of_parts_makes_no_difference(parts: list[Amount]) -> None:
    assert len({(add(FLOW, order).value, add(FLOW, order).symbol) for order in permutations(parts)}) == 1
    assert len({add_areas(STOCK, order).value for order in permutations(parts)}) == 1


@given(st.lists(amounts, min_size=4, max_size=4))
def test_no_arithmetic_makes_a_number_of_a_suppressed_value(parts: list[Amount]) -> None:
    hidden = any(part.value is None for part in parts)
    for told in (add(FLOW, parts), add_areas(STOCK, parts), average(MEAN, [(part, 3) for part in parts])):
        assert (told.value is None) == hidden
        assert (told.symbol != "") == hidden
    year = amount_for(
        FLOW, YEAR, {("referrals", str(q)): part for q, part in zip(YEAR.quarters, parts, strict=True)}, ALL
    )
    assert (year.value is None) == hidden


@given(amounts, amounts)
def test_no_share_and_no_change_makes_a_number_of_a_suppressed_value(one: Amount, other: Amount) -> None:
    hidden = one.value is None or other.value is None
    for told in (share(PERCENT, one, other), share(RATE, one, other), change(FLOW, one, other)):
        assert told.value is None if hidden else (told.value is not None or told.symbol == "z")


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rates_are_exact_until_they_are_rounded(events: int, people: int) -> None:
    told = share(RATE, Amount(Decimal(events)), Amount(Decimal(people))).value
    exact = Fraction(events * 10_000, people)
    assert told is not None and abs(Fraction(told) - exact) < Fraction(1, 10**12)
    assert per_heads(Decimal(events), Decimal(people), 10_000) == told


@given(st.lists(numbers, min_size=12, max_size=12))
def test_totals_equal_sums_whichever_way_they_are_made(values: list[Decimal]) -> None:
    by_month = {("referrals", str(month)): Amount(value) for month, value in zip(YEAR.months, values, strict=True)}
    by_quarter = {
        ("referrals", str(quarter)): Amount(sum(values[3 * n : 3 * n + 3], Decimal(0)))
        for n, quarter in enumerate(YEAR.quarters)
    }
    assert amount_for(FLOW, YEAR, by_month, ALL).value == sum(values) == amount_for(FLOW, YEAR, by_quarter, ALL).value


@given(st.lists(numbers, min_size=4, max_size=4))
def test_money_and_means_carry_no_float_noise(values: list[Decimal]) -> None:
    assert add(MONEY, [Amount(value) for value in values]).value == sum(values)
    mean = average(MEAN, [(Amount(value), 3) for value in values]).value
    assert mean is not None
    assert abs(mean * 12 - 3 * sum(values)) < Decimal("1e-18")
    assert round_half_up(mean, 2) == round_half_up(sum(values) / 4, 2)


@given(numbers, st.integers(0, 4))
def test_rounding_once_is_rounding_for_good(value: Decimal, decimals: int) -> None:
    once = round_half_up(value, decimals)
    assert round_half_up(once, decimals) == once
    assert abs(once - value) <= Decimal(1).scaleb(-decimals) / 2


# Symbols, rounding, words


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        (["<5", ""], "c"),  # "<5" is true of the part, not of the whole
        (["c", "c"], "c"),
        (["*", ""], "*"),
        (["*", "c"], "c"),
        (["z", "x"], "x"),
        (["x", "<5"], "c"),
        (["", ""], ""),
    ],
)
def test_one_symbol_stands_for_a_whole(symbols, expected) -> None:
    assert combined_symbol(symbols) == expected == combined_symbol(symbols[::-1])


def test_a_threshold_symbol_is_bounded_and_others_are_not() -> None:
    assert span(Amount(symbol="<5")) == (1, 4)
    assert span(Amount(symbol="< 10")) == (1, 9)
    assert span(Amount(symbol="c")) is None
    assert span(Amount(Decimal(7))) == (7, 7)
    assert span(Amount()) is None


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("24.85", 1, "24.9"),
        ("24.84", 1, "24.8"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.5", 0, "1"),
        ("17.744", 2, "17.74"),
    ],
)
def test_halves_are_rounded_up(value, decimals, expected) -> None:
    assert str(round_half_up(Decimal(value), decimals)) == expected


@pytest.mark.parametrize(
    ("value", "symbol", "unit", "decimals", "statistic", "expected"),
    [
        ("2190", "", "referrals", 0, "flow", "2,190"),
        ("24.93", "", "percent of referrals", 1, "percentage", "24.9%"),
        ("24", "", "percent", 1, "reference", "24.0%"),
        ("14000", "", "pounds", 0, "finance", "£14,000"),
        ("-14000", "", "pounds", 0, "finance", "-£14,000"),
        (None, "<5", "children", 0, "stock", "<5"),
        (None, "c", "percent", 0, "percentage", "c"),
        (None, "", "children", 0, "stock", "not received"),
        ("0", "", "children", 0, "stock", "0"),
        ("-0.2", "", "children", 0, "stock", "0"),
    ],
)
def test_a_value_is_shown_as_in_print(value, symbol, unit, decimals, statistic, expected) -> None:
    assert display(None if value is None else Decimal(value), symbol, unit, decimals, statistic) == expected


@pytest.mark.parametrize(
    ("one", "period", "expected"),
    [
        (FLOW, YEAR, "in the year to 31 March 2024"),
        (FLOW, Q2, "in July to September 2023"),
        (FLOW, Month(2023, 4), "in April 2023"),
        (DISTINCT, YEAR, "in the year to 31 March 2024"),
        (STOCK, YEAR, "at 31 March 2024"),
        (STOCK, Q1, "at 30 June 2023"),
        (STOCK, Month(2024, 2), "at 29 February 2024"),
        (POPULATION, YEAR, "at 30 June 2023"),
        (CENSUS, YEAR, "at the January census"),
        (REFERENCE, YEAR, "as quoted in the year to 31 March 2024"),
        (PERCENT, YEAR, "in the year to 31 March 2024"),
        (measure("share_open", "percentage", numerator="plans_open", denominator="schools"), YEAR, "at 31 March 2024"),
    ],
)
def test_wording_says_when_a_figure_is_for(one, period, expected) -> None:
    assert wording(one, period, ALL) == expected


def test_a_count_since_april_is_worded_as_one() -> None:
    assert wording(DISTINCT, Q2, ALL, to_date=True) == "from April to September 2023"


def test_periods_in_words() -> None:
    told = {
        "2023-04": "April 2023",
        "2023-24-Q2-ytd": "April to September 2023",
        "2023-24": "the year to 31 March 2024",
    }
    assert {text: period_words(text) for text in told} == told
    assert period_words("2023-24-Q4-ytd") == "April 2023 to March 2024"


def test_periods_that_must_have_the_same_value() -> None:
    assert same_value_periods(FLOW, YEAR, ALL) == {"2023-24", "2023-24-Q4-ytd"}
    assert {"2023-24", "2023-24-Q4", "2024-03"} <= same_value_periods(STOCK, YEAR, ALL)
    assert "2023-24-Q1" in same_value_periods(CENSUS, ReportingYear(2023), ALL)
    assert not is_snapshot(RATE, ALL)
