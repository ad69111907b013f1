"""Values that pass between the stages as plain text, and back: what is written is what is read.

Belongs here: frozen values to and from dictionaries and lists that JSON can hold, and cells that are safe in a CSV.
Does not belong here: where they are kept (``tasks.store``) and what they mean. Decimals are kept as text, so that no
number is ever a float; tables as sent (``Reading.rows``) stay behind.
"""

from __future__ import annotations

import csv
import io
import json
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from config.errors import Refused

T = TypeVar("T")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these would be run by a spreadsheet."""


class NotPlain(Refused):  # noqa: N818 - what it is
    """Something kept as plain text that is not what it should be: which key, and what was expected there."""


# To plain values


def to_plain(value: object) -> Any:
    """Write a value, or a list of values, as dictionaries, lists and texts."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, str | int | bool):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value) if one.compare}
    if isinstance(value, Mapping):
        return {str(key): to_plain(value[key]) for key in value}
    if isinstance(value, Iterable):
        return [to_plain(one) for one in value]
    raise NotPlain(f"A value of type {type(value).__name__} cannot be kept as plain text.")


def to_json(value: object) -> str:
    """Write a value as JSON: the same value always as the same bytes."""
    return json.dumps(to_plain(value), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


# And back


@overload
def from_plain(kind: type[T], plain: object) -> T: ...
@overload
def from_plain(kind: Any, plain: object) -> Any: ...
def from_plain(kind: Any, plain: object) -> Any:
    """Read a value of a kind (``Figure``, ``list[Figure]``) from dictionaries, lists and texts.

    Raises:
        NotPlain: a key is unknown or missing, or a value is not of its kind.
    """
    try:
        return _reader(kind)(plain)
    except _Wrong as wrong:
        raise NotPlain(f"{''.join(reversed(wrong.path)).removeprefix('.') or wrong.whole}: {wrong.what}") from None


def from_json(kind: Any, text: str) -> Any:
    """Read a value of a kind from JSON.

    Raises:
        NotPlain: it is not that kind, or no JSON at all.
    """
    try:
        return from_plain(kind, json.loads(text))
    except json.JSONDecodeError as error:
        raise NotPlain(f"This is not JSON: line {error.lineno}, column {error.colno}.") from None


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    """What is not as it should be. Where, is put together on the way out: it costs nothing while all is well."""

    def __init__(self, what: str, whole: str = "the whole") -> None:
        self.what, self.whole = what, whole
        self.path: list[str] = []
        super().__init__(what)


Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> Reader:
    """How values of a kind are read."""
    if is_dataclass(kind):
        return _reader_of_fields(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (tuple, list):
        return _reader_of_list(origin, _reader(arguments[0]))
    if origin in (Union, types.UnionType):
        present = _reader(next(one for one in arguments if one is not type(None)))
        return lambda plain: None if plain is None else present(plain)
    if origin is Literal:
        return _reader_of_words(arguments)
    return _reader_of_decimal if kind is Decimal else _reader_of_one(kind)


def _reader_of_list(origin: Any, item: Reader) -> Reader:
    def read(plain: Any) -> Any:
        if not isinstance(plain, list | tuple):
            raise _Wrong("a list is expected.")
        index = 0
        try:
            made = []
            for index, one in enumerate(plain):  # noqa: B007 - said where it goes wrong
                made.append(item(one))
            return origin(made)
        except _Wrong as wrong:
            wrong.path.append(f"[{index}]")
            raise

    return read


def _reader_of_words(words: tuple[Any, ...]) -> Reader:
    def read(plain: Any) -> Any:
        if plain not in words:
            raise _Wrong(f"one of {', '.join(map(str, words))} is expected.")
        return plain

    return read


def _reader_of_decimal(plain: Any) -> Decimal:
    if not isinstance(plain, str):
        raise _Wrong("Decimal is expected, written as text where it is a decimal.")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise _Wrong("a number is expected.") from None


def _reader_of_one(kind: Any) -> Reader:
    def read(plain: Any) -> Any:
        if kind not in (str, int, bool) or type(plain) is not kind:
            name = getattr(kind, "__name__", kind)
            raise _Wrong(f"{name} is expected, written as text where it is a decimal.")
        return plain

    return read


def _reader_of_fields(kind: Any) -> Reader:
    hints, required = _shape(kind)
    readers = {name: _reader(hint) for name, hint in hints.items()}

    def read(plain: Any) -> Any:
        if not isinstance(plain, Mapping):
            raise _Wrong(f"a {kind.__name__} is expected.")
        if unknown := sorted(plain.keys() - readers.keys()):
            raise _Wrong(f"'{unknown[0]}' is not known there.", kind.__name__)
        if absent := sorted(required - plain.keys()):
            raise _Wrong(f"'{absent[0]}' is missing.", kind.__name__)
        name = ""
        try:
            return kind(**{(name := one): readers[one](value) for one, value in plain.items()})
        except _Wrong as wrong:
            wrong.path.append(f".{name}")
            raise

    return read


@cache
def _shape(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """Types of a dataclass's fields, and which of them have no default."""
    hints = get_type_hints(kind)
    kept = [one for one in fields(kind) if one.compare]
    required = frozenset(one.name for one in kept if one.default is MISSING and one.default_factory is MISSING)
    return {one.name: hints[one.name] for one in kept}, required


# Tables for people


def to_csv(rows: Sequence[Mapping[str, str]], columns: Sequence[str], numbers: Iterable[str] = ()) -> str:
    """Write rows as a CSV that a spreadsheet shows and does not run; ``numbers`` name columns that hold only those."""
    unguarded = set(numbers)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row[name] if name in unguarded else guarded(row[name]) for name in columns])
    return text.getvalue()


def guarded(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
