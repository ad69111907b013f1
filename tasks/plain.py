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
from collections.abc import Iterable, Mapping, Sequence
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
    return _read(kind, plain, "")


def from_json(kind: Any, text: str) -> Any:
    """Read a value of a kind from JSON.

    Raises:
        NotPlain: it is not that kind, or no JSON at all.
    """
    try:
        return from_plain(kind, json.loads(text))
    except json.JSONDecodeError as error:
        raise NotPlain(f"This is not JSON: line {error.lineno}, column {error.colno}.") from None


def _read(kind: Any, plain: object, where: str) -> Any:
    if is_dataclass(kind):
        return _read_fields(kind, plain, where)
    origin = get_origin(kind)
    if origin in (tuple, list):
        if not isinstance(plain, list | tuple):
            raise NotPlain(f"{where or 'the whole'}: a list is expected.")
        return origin(_read(get_args(kind)[0], one, f"{where}[{index}]") for index, one in enumerate(plain))
    if origin in (Union, types.UnionType):
        present = next(one for one in get_args(kind) if one is not type(None))
        return None if plain is None else _read(present, plain, where)
    if origin is Literal:
        if plain not in get_args(kind):
            raise NotPlain(f"{where}: one of {', '.join(map(str, get_args(kind)))} is expected.")
        return plain
    return _read_one(kind, plain, where)


def _read_one(kind: Any, plain: object, where: str) -> Any:
    if kind is Decimal and isinstance(plain, str):
        try:
            return Decimal(plain)
        except InvalidOperation:
            raise NotPlain(f"{where}: a number is expected.") from None
    if kind in (str, int, bool) and type(plain) is kind:
        return plain
    raise NotPlain(f"{where}: {getattr(kind, '__name__', kind)} is expected, written as text where it is a decimal.")


def _read_fields(kind: Any, plain: object, where: str) -> Any:
    if not isinstance(plain, Mapping):
        raise NotPlain(f"{where or 'the whole'}: a {kind.__name__} is expected.")
    hints, required = _shape(kind)
    if unknown := sorted(set(plain) - set(hints)):
        raise NotPlain(f"{where or kind.__name__}: '{unknown[0]}' is not known there.")
    if absent := sorted(required - set(plain)):
        raise NotPlain(f"{where or kind.__name__}: '{absent[0]}' is missing.")
    prefix = f"{where}." if where else ""
    return kind(**{name: _read(hints[name], value, f"{prefix}{name}") for name, value in plain.items()})


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
