"""Would the Department for Education's own screening pass this data file and its metadata?

Belongs here: the rules by which open data files for Explore Education Statistics are screened, as far as a file of
ours can meet them: names, columns, time, geography, indicators, filters and metadata. Does not belong here: making such
files (``tasks.annex``).

The rules are the Department's, put into our own words and code; ``check`` keeps the names that its screener uses, so
that both can be laid side by side. Like there, a stage that fails ends the screening: what comes after it would only
repeat the same mistake. Not carried over: rules for its API, for its data dictionary, and for levels of geography below
a local authority.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Row = dict[str, str]

TIME = ("time_period", "time_identifier")
REQUIRED = (*TIME, "geographic_level", "country_code", "country_name")
LEVELS = {
    "National": ("country_code", "country_name"),
    "Regional": ("region_code", "region_name"),
    "Local authority": ("old_la_code", "new_la_code", "la_name"),
}
BELOW = {"National": (), "Regional": ("Local authority",), "Local authority": ()}
"""Levels whose rows may name a larger area too; every row names its country."""
IDENTIFIERS = {
    "Financial year": 6,
    "Academic year": 6,
    "Tax year": 6,
    "Calendar year": 4,
    "Reporting year": 4,
    **{f"Financial year Q{number}": 6 for number in (1, 2, 3, 4)},
}
"""Identifiers of time with the digits that a period has with each; quarters may be mixed with each other only."""
META_REQUIRED = (
    "col_name",
    "col_type",
    "label",
    "indicator_grouping",
    "indicator_unit",
    "indicator_dp",
    "filter_hint",
    "filter_grouping_column",
)
META_OPTIONAL = ("filter_default", "parent_filter")
UNITS = ("", "£", "£m", "%", "pp", "numberstring")
SYMBOLS = ("z", "x", "c", "low")
LEGACY = ("N/A", "NA", "~", ".", "..", ":", "-", "*", "u", "k")


@dataclass(frozen=True)
class Screened:
    """What one rule says of a file."""

    check: str
    stage: str
    result: Literal["PASS", "FAIL", "WARNING"]
    message: str


@dataclass(frozen=True)
class Files:
    """A data file and its metadata, read as text."""

    name: str
    meta_name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    meta_columns: tuple[str, ...]
    meta: tuple[Row, ...]

    def named(self, kind: str) -> list[Row]:
        """Lines of the metadata about indicators, or about filters."""
        return [row for row in self.meta if row.get("col_type") == kind]

    def column(self, name: str) -> list[str]:
        return [row.get(name, "") for row in self.rows]


Rule = Callable[[Files], Iterator[str]]
"""Gives a message for each thing that is wrong."""


def screen(name: str, data: bytes, meta_name: str, meta: bytes) -> list[Screened]:
    """Screen a data file and its metadata; the last stage that ran is the first with a failure."""
    try:
        columns, rows = _read(data)
        meta_columns, meta_rows = _read(meta)
    except (UnicodeDecodeError, csv.Error):
        return [Screened("file_readable", "reading", "FAIL", "Not a CSV in UTF-8 with rows of one length.")]
    files = Files(name, meta_name, columns, rows, meta_columns, meta_rows)
    told: list[Screened] = []
    for stage, rules in STAGES.items():
        for check, rule in rules.items():
            wrong = list(rule(files))
            bad = "WARNING" if check in WARNINGS else "FAIL"
            told.append(Screened(check, stage, bad if wrong else "PASS", " ".join(wrong)))  # type: ignore[arg-type]
        if not passes(told):
            break
    return told


def passes(told: Iterable[Screened]) -> bool:
    """Did nothing fail? Warnings pass, as they do there."""
    return all(one.result != "FAIL" for one in told)


def _read(data: bytes) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    lines = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    if not lines or any(len(line) != len(lines[0]) for line in lines):
        raise csv.Error("lines of different length")
    heading = tuple(lines[0])
    return heading, tuple(dict(zip(heading, line, strict=True)) for line in lines[1:])


# Names of files


def _name_spaces(files: Files) -> Iterator[str]:
    yield from (f"'{name}' has a space in it." for name in (files.name, files.meta_name) if re.search(r"\s", name))


def _name_special(files: Files) -> Iterator[str]:
    for name, ending in ((files.name, ".csv"), (files.meta_name, ".meta.csv")):
        if not re.fullmatch(r"[a-z0-9_-]+", name.removesuffix(ending)) or not name.endswith(ending):
            yield f"'{name}' must be small letters, digits, - and _ before {ending}."


def _names_match(files: Files) -> Iterator[str]:
    if files.name.removesuffix(".csv") != files.meta_name.removesuffix(".meta.csv"):
        yield f"'{files.name}' and '{files.meta_name}' do not belong together."


# Columns


def _required(files: Files) -> Iterator[str]:
    yield from (f"The column {name} is missing." for name in REQUIRED if name not in files.columns)


def _required_meta(files: Files) -> Iterator[str]:
    yield from (f"The metadata lacks {name}." for name in META_REQUIRED if name not in files.meta_columns)


def _invalid_meta(files: Files) -> Iterator[str]:
    known = (*META_REQUIRED, *META_OPTIONAL)
    yield from (f"The metadata has {name}, which is not known." for name in files.meta_columns if name not in known)


def _duplicate_columns(files: Files) -> Iterator[str]:
    yield from (f"{name} stands there {n} times." for name, n in Counter(files.columns).items() if n > 1)


def _no_rows(files: Files) -> Iterator[str]:
    if not files.rows or not files.meta:
        yield "There are no rows."
    if any(not any(row.values()) for row in (*files.rows, *files.meta)):
        yield "There is an empty row."


def _column_types(files: Files) -> Iterator[str]:
    for row in files.meta:
        if row["col_type"] not in ("Indicator", "Filter"):
            yield f"{row['col_name']} is neither Indicator nor Filter."
    if not files.named("Indicator"):
        yield "There is no indicator."


def _meta_in_data(files: Files) -> Iterator[str]:
    yield from (f"{r['col_name']} is not in the data." for r in files.meta if r["col_name"] not in files.columns)


def _data_in_meta(files: Files) -> Iterator[str]:
    groups = {row["filter_grouping_column"] for row in files.meta}
    known = {row["col_name"] for row in files.meta} | set(REQUIRED) | groups
    known |= {name for names in LEVELS.values() for name in names}
    yield from (f"{name} is not in the metadata." for name in files.columns if name not in known)


def _observational_in_meta(files: Files) -> Iterator[str]:
    units = set(REQUIRED) | {name for names in LEVELS.values() for name in names}
    yield from (f"{r['col_name']} is no indicator or filter." for r in files.meta if r["col_name"] in units)


def _snake_case(files: Files) -> Iterator[str]:
    for row in files.meta:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", row["col_name"]):
            yield f"'{row['col_name']}' must be small letters, digits and _, beginning with a letter."


# Time and place


def _time_identifiers(files: Files) -> Iterator[str]:
    yield from (f"'{one}' is no time_identifier." for one in sorted(set(files.column(TIME[1])) - set(IDENTIFIERS)))


def _time_mixed(files: Files) -> Iterator[str]:
    found = {re.sub(r" Q\d$", " quarters", one) for one in files.column(TIME[1])}
    if len(found) > 1:
        yield f"Identifiers of time are mixed: {', '.join(sorted(found))}."


def _time_periods(files: Files) -> Iterator[str]:
    for row in files.rows:
        period, digits = row[TIME[0]], IDENTIFIERS.get(row[TIME[1]], 0)
        if not re.fullmatch(rf"\d{{{digits}}}", period):
            yield f"time_period '{period}' must have {digits} digits."
        elif digits == 6 and (int(period[2:4]) + 1) % 100 != int(period[4:]):
            yield f"The years of time_period '{period}' do not follow each other."


def _levels(files: Files) -> Iterator[str]:
    yield from (
        f"'{one}' is no geographic_level." for one in sorted(set(files.column("geographic_level")) - set(LEVELS))
    )


def _level_columns(files: Files) -> Iterator[str]:
    for level in sorted(set(files.column("geographic_level"))):
        yield from (f"Rows of {level} need {name}." for name in LEVELS.get(level, ()) if name not in files.columns)


def _level_completed(files: Files) -> Iterator[str]:
    for row in files.rows:
        needed = (*LEVELS["National"], *LEVELS[row["geographic_level"]])
        yield from (f"A row of {row['geographic_level']} has no {name}." for name in needed if not row[name])


def _overcompleted(files: Files) -> Iterator[str]:
    for row in files.rows:
        for level, names in LEVELS.items():
            own = row["geographic_level"] in (level, *BELOW[level]) or level == "National"
            yield from (f"A row of {row['geographic_level']} has {n}." for n in names if not own and row.get(n))


def _combinations(files: Files) -> Iterator[str]:
    forms = {"country_code": r"[EKWSN]92\d{6}", "region_code": r"E12\d{6}", "new_la_code": r"E0[6-9]\d{6}|E10\d{6}"}
    for name, form in {**forms, "old_la_code": r"\d{3}"}.items():
        yield from (
            f"{name} '{one}' is no code."
            for one in sorted(set(files.column(name)) - {""})
            if not re.fullmatch(form, one)
        )
    for names in LEVELS.values():
        pairs = {tuple(row.get(name, "") for name in names) for row in files.rows}
        for index in range(len(names)):
            if len({pair[index] for pair in pairs}) != len(pairs):
                yield f"The same {names[index]} stands with different {', '.join(names)}."
                break


def _region_for_la(files: Files) -> Iterator[str]:
    rows = [row for row in files.rows if row["geographic_level"] == "Local authority"]
    if any(not row.get(name) for row in rows for name in LEVELS["Regional"]):
        yield "Rows of local authorities should name their region."


# Values


def _invalid_entries(files: Files) -> Iterator[str]:
    for row in files.named("Indicator"):
        found = sorted({one for one in files.column(row["col_name"]) if one == "" or one in LEGACY})
        yield from (f"{row['col_name']} has '{one}'; use one of {', '.join(SYMBOLS)}." for one in found)


def _numbers(files: Files) -> Iterator[str]:
    for row in files.named("Indicator"):
        values = set(files.column(row["col_name"])) - {*SYMBOLS, *LEGACY, ""}
        if row["indicator_unit"] != "numberstring" and any(not re.fullmatch(r"-?\d+(\.\d+)?", one) for one in values):
            yield f"{row['col_name']} has what is neither a number nor one of {', '.join(SYMBOLS)}."


def _duplicates(files: Files) -> Iterator[str]:
    indicators = {row["col_name"] for row in files.named("Indicator")}
    keys = Counter(tuple(value for name, value in row.items() if name not in indicators) for row in files.rows)
    if again := sum(count > 1 for count in keys.values()):
        yield f"{again} of the rows are there more than once."


def _whitespace(files: Files) -> Iterator[str]:
    cells = {cell for row in (*files.rows, *files.meta) for cell in row.values()}
    if any(cell != cell.strip() for cell in cells):
        yield "A cell begins or ends with a space."


def _filter_totals(files: Files) -> Iterator[str]:
    for row in files.named("Filter"):
        default = row.get("filter_default") or "Total"
        if default not in files.column(row["col_name"]):
            yield f"The filter {row['col_name']} has no '{default}'."


def _filter_blanks(files: Files) -> Iterator[str]:
    yield from (
        f"The filter {r['col_name']} has blanks." for r in files.named("Filter") if "" in files.column(r["col_name"])
    )


# Metadata


def _labels(files: Files) -> Iterator[str]:
    labels = Counter(row["label"] for row in files.meta)
    yield from (f"{row['col_name']} has no label." for row in files.meta if not row["label"])
    yield from (
        f"The label '{label}' is there {count} times." for label, count in labels.items() if count > 1 and label
    )


def _duplicate_meta(files: Files) -> Iterator[str]:
    names = Counter(row["col_name"] for row in files.meta)
    yield from (f"{name} is described {count} times." for name, count in names.items() if count > 1)


def _units(files: Files) -> Iterator[str]:
    for row in files.meta:
        if row["indicator_unit"] not in UNITS or (row["indicator_unit"] and row["col_type"] != "Indicator"):
            yield f"{row['col_name']} has the unit '{row['indicator_unit']}'."


def _decimals(files: Files) -> Iterator[str]:
    for row in files.meta:
        if row["indicator_dp"] and (not row["indicator_dp"].isdigit() or row["col_type"] != "Indicator"):
            yield f"{row['col_name']} has '{row['indicator_dp']}' decimal places."


def _decimals_set(files: Files) -> Iterator[str]:
    yield from (f"{r['col_name']} has no decimal places." for r in files.named("Indicator") if not r["indicator_dp"])


def _filter_columns(files: Files) -> Iterator[str]:
    for row in files.named("Indicator"):
        if row["filter_hint"] or row["filter_grouping_column"]:
            yield f"{row['col_name']} is an indicator, and has what only filters have."
    for row in files.named("Filter"):
        if row["indicator_grouping"]:
            yield f"{row['col_name']} is a filter, and has a grouping of indicators."


STAGES: dict[str, dict[str, Rule]] = {
    "file names": {
        "filename_spaces": _name_spaces,
        "filename_special": _name_special,
        "filenames_match": _names_match,
    },
    "columns": {
        "col_req_data": _required,
        "col_req_meta": _required_meta,
        "col_invalid_meta": _invalid_meta,
        "col_dupes": _duplicate_columns,
        "empty_rows": _no_rows,
    },
    "metadata against data": {
        "meta_col_type": _column_types,
        "meta_to_data": _meta_in_data,
        "data_to_meta": _data_in_meta,
        "meta_ob_unit": _observational_in_meta,
        "col_snake_case": _snake_case,
        "time_id_valid": _time_identifiers,
        "time_id_mix": _time_mixed,
        "geog_level": _levels,
        "geog_level_present": _level_columns,
    },
    "content": {
        "time_period": _time_periods,
        "geog_level_completed": _level_completed,
        "geog_overcompleted_cols": _overcompleted,
        "geog_combos": _combinations,
        "geog_region_for_la": _region_for_la,
        "ind_invalid_entry": _invalid_entries,
        "ind_numbers": _numbers,
        "general_dupes": _duplicates,
        "whitespace": _whitespace,
        "filter_totals": _filter_totals,
        "filter_blanks": _filter_blanks,
        "meta_label": _labels,
        "meta_col_name_dupe": _duplicate_meta,
        "meta_ind_unit": _units,
        "meta_ind_dp_values": _decimals,
        "meta_ind_dp_set": _decimals_set,
        "meta_filter_columns": _filter_columns,
    },
}
WARNINGS = frozenset({"geog_region_for_la", "meta_ind_dp_set"})
