"""A printed value is read exactly, or refused with a reason; it is never guessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.gather.values import NotAValue, as_text, parse

NUMBERS = [
    ("0", "0"),
    ("1,701", "1701"),  # a comma between thousands
    ("1\u2009701", "1701"),  # a thin space
    ("1\u00a0701", "1701"),  # a no-break space
    ("1,204,000", "1204000"),
    (" 2190 ", "2190"),
    ("24.9%", "24.9"),
    ("24.9 %", "24.9"),
    ("£14,000", "14000"),
    ("£ 14,000.50", "14000.50"),
    ("-3", "-3"),
    ("\u22123", "-3"),  # the minus of typesetters
    (".5", "0.5"),  # as databases export it
    ("0.0", "0.0"),
    ("-0", "0"),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS, ids=[repr(row[0]) for row in NUMBERS])
def test_a_number_is_read(text: str, number: str) -> None:
    read = parse(text)
    assert (str(read.number), read.symbol, read.is_blank) == (number, "", False)


SYMBOLS = [
    ("<5", "<5"), ("< 5", "<5"), ("fewer than 10", "<10"), ("*", "*"), ("c", "c"), ("C", "c"), ("x", "x"), ("z", "z"),
    (":", ":"), ("low", "low"), ("k", "k"), ("u", "u"), ("n/a", "z"), ("Not applicable", "z"), ("not available", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "symbol"), SYMBOLS, ids=[row[0] for row in SYMBOLS])
def test_a_symbol_stays_a_symbol(text: str, symbol: str) -> None:
    assert (parse(text).number, parse(text).symbol) == (None, symbol)


@pytest.mark.parametrize("text", ["", "   ", "\u00a0", "\ufeff", "\t\n"])
def test_blanks_are_blank(text: str) -> None:
    assert parse(text).is_blank


REFUSED = [
    ("12,34", "commas"),  # a decimal comma, or a slip
    ("1,70", "commas"),
    ("1 701", "something else"),  # two numbers, or one
    ("1.2.3", "points"),
    ("£12%", "something else"),
    ("approx. 40", "something else"),
    ("14k", "something else"),
    ("40*", "something else"),
    ("(1,200)", "something else"),
    ("-", "dash"),
    ("–", "dash"),
    ("£", "mark"),
    ("nil", "words"),
    ("#N/A", "error of the spreadsheet"),
    ("#DIV/0!", "error of the spreadsheet"),
    ("#REF!", "error of the spreadsheet"),
    ("2023-04-01", "a date"),
    ("01/04/2023", "a date"),
    ("٣", "words"),  # figures of another script
]


@pytest.mark.parametrize(("text", "reason"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_value_is_refused_without_repeating_it(text: str, reason: str) -> None:
    with pytest.raises(NotAValue) as refused:
        parse(text)
    assert reason in str(refused.value)
    assert len(text) < 3 or text not in str(refused.value).replace("#N/A or #REF!", "")


CELLS = [
    (2190, "General", "2190"),
    (2190.0, "General", "2190"),
    (0.1 + 0.2, "General", "0.3"),  # how computers write it: 0.30000000000000004
    (0.249, "0.0%", "24.9%"),
    (0.57, "0%", "57%"),  # 0.57 * 100 is 56.99999999999999 in floats
    (24.9, '0.0"%"', "24.9"),  # the sign is only decoration
    (24.9, r"0.0\%", "24.9"),
    (0.5, "[Red]0%;[Blue]-0%", "50%"),
    (1234567.25, "#,##0.00", "1234567.25"),
    (0.00001, "General", "0.00001"),
    (14000, "£#,##0", "14000"),
    ("n/a", "General", "n/a"),
    (True, "General", "TRUE"),
    (date(2023, 4, 1), "dd/mm/yyyy", "2023-04-01"),
    (datetime(2023, 4, 1), "dd/mm/yyyy", "2023-04-01"),
    (None, "General", ""),
]


@pytest.mark.parametrize(("value", "number_format", "text"), CELLS, ids=[f"{c[0]!r} as {c[1]}" for c in CELLS])
def test_a_cell_is_printed_as_people_see_it(value: object, number_format: str, text: str) -> None:
    assert as_text(value, number_format) == text


@given(st.integers(min_value=-(10**14), max_value=10**14), st.integers(min_value=0, max_value=4))
def test_what_excel_holds_is_read_again_exactly(digits: int, places: int) -> None:
    exact = Decimal(digits).scaleb(-places)
    assert parse(as_text(float(exact))).number == exact


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    try:
        parse(text)
    except NotAValue:
        return
