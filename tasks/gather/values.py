"""What does a printed value say: which number, which symbol instead of one, or nothing?

Belongs here: the one parser of printed values, and how a cell's number is printed. Does not belong here: what a symbol
means for disclosure (``tasks.disclosure``) and rounding (``tasks.measures``).

The parser never guesses: ``12,34``, ``approx. 40`` or a lone dash are refused with a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

_SPACES = "\u00a0\u2007\u2009\u202f"
"""No-break, figure, thin and narrow no-break space: the spaces that stand between thousands."""
_NUMBER = re.compile(
    rf"(?P<sign>[-\u2212]?)(?P<pounds>(?:£ ?)?)"
    rf"(?P<whole>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+|[0-9]*)"
    rf"(?P<rest>\.[0-9]+)?[ {_SPACES}]?(?P<percent>%?)"
)
_FEWER = re.compile(r"(?:<|fewer than|less than)\s*([0-9]+)", re.IGNORECASE)
_SYMBOLS = {symbol: symbol for symbol in ("*", "c", "x", "z", ":", "~", "low", "k", "u")}
_SYMBOLS |= {"n/a": "z", "not applicable": "z", "not available": "x"}
_EXCEL_ERROR = re.compile(r"#[A-Z][A-Z0-9/_]*[!?]?", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T].*)?|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}")
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


class NotAValue(ValueError):  # noqa: N818 - the fault is the cell's, not the program's
    """What a cell holds is no value. Says what it is in words that follow "holds"; never what stands there."""


@dataclass(frozen=True)
class Printed:
    """A number; or a symbol that stands for none (``<5``, ``c``, ``z`` ...); or, with neither, a blank."""

    number: Decimal | None = None
    symbol: str = ""

    @property
    def is_blank(self) -> bool:
        return self.number is None and not self.symbol


def parse(text: str) -> Printed:
    """Read a value as it is printed: ``1,701``, ``24.9%``, ``£14,000``, ``<5``, ``c``, ``n/a``.

    A percentage is the number before its sign: ``24.9%`` is 24.9.

    Raises:
        NotAValue: it is none of these.
    """
    text = text.strip(" \t\r\n\ufeff\u200b" + _SPACES)
    if not text:
        return Printed()
    if symbol := _SYMBOLS.get(text.casefold()):
        return Printed(symbol=symbol)
    if found := _FEWER.fullmatch(text):
        return Printed(symbol=f"<{int(found[1])}")
    found = _NUMBER.fullmatch(text)
    if not found or not (found["whole"] or found["rest"]) or (found["pounds"] and found["percent"]):
        raise NotAValue(_why_not(text))
    whole = re.sub(rf"[,{_SPACES}]", "", found["whole"]) or "0"
    number = Decimal(whole + (found["rest"] or ""))
    return Printed(number=-number if found["sign"] and number else number)


def is_value(text: str) -> bool:
    """Does a cell hold a number, or a symbol that stands for one?"""
    try:
        return not parse(text).is_blank
    except NotAValue:
        return False


def _why_not(text: str) -> str:
    if _EXCEL_ERROR.fullmatch(text):
        return "an error of the spreadsheet, such as #N/A or #REF!"
    if _DATE.fullmatch(text):
        return "a date"
    if not re.search(r"\w", text):
        return "a dash or other mark that does not say whether it means nought, not applicable or not known"
    if not re.search(r"[0-9]", text):
        return "words where a number is expected"
    return "a number with something else, or one whose commas or points stand where they cannot"


def as_text(value: object, number_format: str = "General") -> str:
    """A cell's value as ``parse`` reads it: without float noise, percentages as they are shown (0.249 as 24.9%)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float | Decimal):
        number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
        return f"{_written(number * 100)}%" if is_percentage(number_format) else _written(number)
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def is_percentage(number_format: str) -> bool:
    """Does a number format show 0.249 as 24.9%? A percent sign in quotation marks is only decoration."""
    return "%" in _LITERALS.sub("", number_format)


def _written(number: Decimal) -> str:
    if number == number.to_integral_value():
        return str(int(number))
    return f"{number.normalize():f}"
