"""The strict door to the suites: a mistake in one is refused, it never makes a check disappear.

Belongs here: reading ``expectations/*.yaml`` and everything that makes a suite inconsistent in itself.
Does not belong here: what may stand in a suite (``expectations.suite``), YAML itself (``config.load``), and running it.

Great Expectations itself drops a check with a mistyped name, only telling its log, and calls a suite without checks a
success. So nothing is handed to it that was not checked here, and all mistakes of all files are refused together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from config.load import MistakesRefused, StrictReader
from config.model import Statistic
from expectations.suite import (
    NUMBERS,
    OBSERVATION_COLUMNS,
    PARAMETERS,
    PATTERNS,
    ROW_COUNT,
    VOCABULARY,
    Check,
    Suite,
    columns_named,
)

HERE = Path(__file__).parent
COMPARES = {
    "expect_column_values_to_be_between": ("column",),
    "expect_column_sum_to_be_between": ("column",),
    "expect_column_pair_values_a_to_be_greater_than_b": ("column_A", "column_B"),
    "expect_column_pair_values_to_be_near": ("column_A", "column_B"),
}
"""Arguments that name a column of numbers or days; text would be compared letter by letter."""

KNOWN_VALUES = {
    "kind": ("figure", "narrative"),
    "statistic": get_args(Statistic),
    "span": ("month", "quarter", "to_date", "year"),
}
"""What can stand in the columns that a frame has besides its own."""

Key = tuple[str | int, ...]
Found = tuple[Key, str, str]
"""Where in the file, what is wrong, what to do."""


class SuitesRefused(MistakesRefused):
    """Suites with mistakes."""

    what_has = "The suites of checks have"
    matters = "A check that is written wrongly would not be made, and what it is there to find would go unseen."


def load_suites(folder: Path = HERE) -> dict[str, Suite]:
    """Read every suite of a folder, by its id, which is the name of its file.

    Raises:
        SuitesRefused: with every mistake of every file.
    """
    reader = StrictReader()
    suites = {}
    for path in sorted(folder.glob("*.yaml")):
        suite = reader.one(path, Suite)
        if suite is None:
            continue
        for keys, what, to_do in _mistakes(suite):
            reader.mistake(path, keys, what, to_do)
        suites[path.stem] = suite.model_copy(update={"id": path.stem})
    for name, keys, what, to_do in _shared_ids(suites):
        reader.mistake(folder / f"{name}.yaml", keys, what, to_do)
    if reader.mistakes:
        raise SuitesRefused(reader.mistakes)
    return suites


def _mistakes(suite: Suite) -> Iterator[Found]:
    if suite.id:
        yield ("id",), "The id of a suite is the name of its file.", "Take the line 'id:' out."
    yield from _columns(suite)
    yield from _repeated(suite)
    # A suite over observations stands beside one over rows, which counts them.
    if suite.frame == "rows" and not any(check.expectation == ROW_COUNT for check in suite.checks):
        yield ("checks",), "No check counts the rows.", f"Add one with {ROW_COUNT}: an empty file must not pass."
    for index, check in enumerate(suite.checks):
        keys: Key = ("checks", index)
        if check.expectation not in VOCABULARY:
            what = f"'{check.expectation}' is not an expectation that a suite may use."
            yield (*keys, "expectation"), what, _did_you_mean(check.expectation, VOCABULARY)
            continue
        for found in (_arguments(check), _values(check), _named(suite, check), _personal(suite, check), _faulty(check)):
            yield from ((keys + at, what, to_do) for at, what, to_do in found)


def _shared_ids(suites: Mapping[str, Suite]) -> Iterator[tuple[str, Key, str, str]]:
    """A suite over observations runs beside each source's own: of one id nobody could tell which check is meant."""
    homes = {check.id: name for name, suite in suites.items() if suite.frame == "rows" for check in suite.checks}
    for name, suite in suites.items():
        for index, check in enumerate(suite.checks if suite.frame == "observations" else ()):
            if check.id in homes:
                what = f"The id '{check.id}' is used in '{homes[check.id]}' too, and both suites look at one source."
                yield name, ("checks", index, "id"), what, "Give each check an id of its own."


def _did_you_mean(name: str, names: Iterable[str]) -> str:
    names = sorted(names)
    close = get_close_matches(name, names, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"Use one of: {', '.join(names)}."


def _known(suite: Suite) -> tuple[str, ...]:
    return (*suite.columns, *suite.read_from, *suite.added)


def _columns(suite: Suite) -> Iterator[Found]:
    if suite.frame == "observations" and set(suite.columns) - set(OBSERVATION_COLUMNS):
        yield ("columns",), "The frame 'observations' has other columns.", f"Use of: {', '.join(OBSERVATION_COLUMNS)}."
    for name, count in Counter(_known(suite)).items():
        if count > 1:
            yield ("columns",), f"The column '{name}' is named twice.", "Name each column once."
    for index, name in enumerate(suite.personal):
        if name not in suite.columns:
            yield ("personal", index), f"'{name}' is not one of the columns.", _did_you_mean(name, suite.columns)
    for kind in ("holds", "numbers", "dates", "periods"):
        for new, name in getattr(suite, kind).items():
            if name not in suite.columns:
                yield (kind, new), f"'{name}' is not one of the columns.", _did_you_mean(name, suite.columns)
    for key in ("example", "example_before"):
        for index, row in enumerate(getattr(suite, key)):
            for name in row.keys() - set(suite.columns):
                yield (key, index, name), f"'{name}' is not one of the columns.", _did_you_mean(name, suite.columns)


def _repeated(suite: Suite) -> Iterator[Found]:
    ids: set[str] = set()
    asked: list[tuple[object, ...]] = []
    for index, check in enumerate(suite.checks):
        if check.id in ids:
            yield ("checks", index, "id"), f"The id '{check.id}' is used twice.", "Give each check an id of its own."
        ids.add(check.id)
        asks = (check.expectation, check.arguments, check.where, check.at_least)
        if asks in asked:
            yield ("checks", index), "The same is checked twice in this suite.", "Take one of the two out."
        asked.append(asks)


def _arguments(check: Check) -> Iterator[Found]:
    expectation = VOCABULARY[check.expectation]
    allowed = (*expectation.needs, *expectation.may)
    for name in check.arguments:
        if name not in allowed:
            what = f"'{name}' is not an argument of {check.expectation}."
            yield ("arguments", name), what, _did_you_mean(name, allowed)
    for name in expectation.needs:
        if name not in check.arguments:
            yield ("arguments",), f"The argument '{name}' is missing.", "Add it."
    if expectation.range and not {"min_value", "max_value"} & check.arguments.keys():
        yield ("arguments",), "Neither min_value nor max_value is given, so nothing could fail.", "Add one of them."


def _values(check: Check) -> Iterator[Found]:
    known = {*PARAMETERS, *PATTERNS}
    for name, value in check.arguments.items():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, str) and item.startswith("$") and item not in known:
                what = f"'{item}' is not something that can be filled in."
                yield ("arguments", name), what, _did_you_mean(item, known)
        if problem := _value_problem(name, value):
            yield ("arguments", name), problem, "Correct the value."


SHARES = {"mostly": 1.0, "share": None, "smallest": None, "largest": None}
"""Arguments that are a share of something, and the most that each may be."""
IGNORED = ("either_value_is_missing", "any_value_is_missing", "both_values_are_missing", "neither", "never")


def _value_problem(name: str, value: object) -> str:
    if name in ("value_set", "column_list"):
        filled = isinstance(value, str) and value.startswith("$") and name == "value_set"
        return "" if filled or (isinstance(value, tuple) and value) else "A list with something in it is expected here."
    if isinstance(value, tuple):
        return "One value is expected here, not a list."
    if name in SHARES:
        return _share_problem(name, value)
    match name:
        case "ignore_row_if" if value not in IGNORED:
            return f"One of {', '.join(IGNORED)} is expected here."
        case "to" if value != "$rows_before":
            return "Only $rows_before can be filled in here."
        case "regex":
            try:
                groups = re.compile(str(value)).groups
            except re.error as error:
                return f"This is not a regular expression: {error}."
            return "Groups that nobody asks for: (?: is expected in the place of (." if groups else ""
        case "min_value" | "max_value" if isinstance(value, bool) or not isinstance(value, int | float | str):
            return "A number is expected here."
        case "min_value" | "max_value" if isinstance(value, str) and value not in ("$first_day", "$last_day"):
            return "A number, $first_day or $last_day is expected here."
    return ""


def _share_problem(name: str, value: object) -> str:
    most = SHARES[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or (most and not 0 < value <= most):
        return "A share above 0 and up to 1 is expected here." if most else "A share such as 0.25 is expected here."
    return ""


def _named(suite: Suite, check: Check) -> Iterator[Found]:
    known = _known(suite)
    for name in columns_named(check):
        if name not in known:
            yield ("arguments",), f"'{name}' is not one of the columns.", _did_you_mean(name, known)
    for name, values in check.where.items():
        for value in values:
            if value not in KNOWN_VALUES.get(name, (value,)):
                yield ("where", name), f"'{value}' stands in no row.", _did_you_mean(value, KNOWN_VALUES[name])
    comparable = {*suite.numbers, *suite.dates} | (set(NUMBERS) if suite.frame == "observations" else set())
    compared = [("arguments", name) for name in COMPARES.get(check.expectation, ())]
    for key, name in [*compared, *(("at_least", name) for name in check.at_least)]:
        column = check.arguments.get(name) if key == "arguments" else name
        if column in known and column not in comparable:
            what = f"'{column}' holds text, and text is not compared with numbers or days."
            yield (key, name), what, "Name a column under numbers: or dates: that is read from it."
    for row in (*(check.faulty.add or ()), *(check.faulty.only or ())):
        for name in row.keys() - set(suite.columns):
            yield ("faulty",), f"'{name}' is not one of the columns.", _did_you_mean(name, suite.columns)


def _personal(suite: Suite, check: Check) -> Iterator[Found]:
    personal = {*suite.personal} | {new for new, name in suite.read_from.items() if name in suite.personal}
    reveals = VOCABULARY[check.expectation].reveals
    for name in columns_named(check):
        if name in personal and (reveals or name in {*check.where, *check.at_least}):
            what = f"This check would tell values of '{name}', which is personal."
            yield ("expectation",), what, "Check whether it is filled in, how long it is or how it is written instead."


def _faulty(check: Check) -> Iterator[Found]:
    if (check.faulty.add is None) == (check.faulty.only is None):
        what = "An example of what the check finds is expected, either under 'add' or under 'only'."
        yield ("faulty",), what, "Give rows to add to the good example, or rows instead of it."
