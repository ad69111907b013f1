"""Read text files: long lists of codes and periods, and lists of single records to be counted.

Belongs here: what a row means. Does not belong here: encodings, headings and line numbers (``tasks.gather.text``).

Records may be about persons: only their lines and their number leave this module with a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from config.layouts import Count, LongCsv, Rows
from config.periods import Return
from tasks.gather import stated, text
from tasks.gather.collect import Collector, lines
from tasks.gather.days import AMERICAN_DAYS, days_of, in_forms
from tasks.gather.labels import clean, is_total, nearest, plain, quoted
from tasks.gather.values import NotAValue, parse
from tasks.model import Observation, Reading

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class _Record:
    """One row of a long file: its code as it is compared, and the name of its period."""

    code: str
    written: str
    """The code as it stands in the file."""
    period: str
    value: str
    note: str
    line: int


def read_long(collect: Collector, layout: LongCsv, data: bytes) -> Reading:
    """Read a long file: a row a code and period.

    Raises:
        NotTaken: the file cannot be read, or none of its rows is for the period.
    """
    wanted = {"code": layout.code, "period": layout.period, "value": layout.value}
    found = text.table(collect, data, layout.delimiter, wanted)
    if any(plain(heading) in {plain(word) for word in layout.note} for heading in found.headings):
        wanted["note"] = layout.note
    at = text.columns(collect, found, wanted)
    collect.saw(sorted({row[at["code"]] for row in found.rows}), "code")
    records = _of_the_period(collect, layout, found, at)
    measures = {plain(code): measure for code, measure in layout.codes.items()}
    _check_codes(collect, layout, records, measures)
    for record in _once(collect, records):
        if measure := measures.get(record.code):
            collect.value(measure, record.period, record.value, f"line {record.line}", note=record.note)
    frame = found.frame(at)
    return collect.reading(frame if "note" in at else frame.assign(note=""))


def _of_the_period(collect: Collector, layout: LongCsv, found: text.Table, at: dict[str, int]) -> list[_Record]:
    """The rows that are for the return's period; the others become problems."""
    records, other, unreadable = [], [], []
    for row, line in zip(found.rows, found.lines, strict=True):
        name = _period_name(row[at["period"]], layout, collect.period)
        if name is None:
            unreadable.append(line)
        elif not name:
            other.append(line)
        else:
            note = row[at["note"]] if "note" in at else ""
            code = row[at["code"]]
            records.append(_Record(plain(code), clean(code), name, row[at["value"]], note, line))
    if unreadable:
        collect.problem(
            f"{_rows(unreadable)} a period that cannot be read.",
            collect.where(cell=lines(unreadable)),
            "Nobody can tell which period their values are for, so they were left out.",
            "Write months like 2023-04 or Apr-23 and quarters like 2023-24-Q1.",
        )
    # A year to date does not say until when: beside rows of another quarter it is that quarter's.
    if other and all(record.period == stated.year_to_date(collect.period) for record in records):
        raise collect.not_taken(
            "wrong_period",
            f"No row of the file is for {collect.period} ({collect.period.words}).",
            "Figures of another period would be printed as this one's, so nothing was taken from the file.",
            f"Send the file for {collect.period}.",
            collect.where(cell=lines(other)),
        )
    if other:
        collect.problem(
            f"{_rows(other)} another period than {collect.period}.",
            collect.where(cell=lines(other)),
            "They were left out: each return is for its own period.",
            "Take them out; if earlier figures have changed, send the return of that period again.",
            "look_at",
        )
    return records


def _period_name(written: str, layout: LongCsv, period: Return) -> str | None:
    """The period as observations name it; ``""`` for another than the return's; ``None`` if it cannot be read."""
    if stated.says_year_to_date(written, layout.year_to_date):
        return stated.year_to_date(period) if stated.is_year_to_date(written, layout.year_to_date, period) else ""
    found = stated.find_period(written)
    if found is None:
        return None
    return str(found) if stated.belongs(found, period) else ""


def _check_codes(collect: Collector, layout: LongCsv, records: Sequence[_Record], measures: dict[str, str]) -> None:
    sent = {record.code: record.written for record in records}
    yearly = set() if stated.ends_the_year(collect.period) else set(layout.yearly)
    missing = [code for code in layout.codes if plain(code) not in sent and code not in yearly]
    for code in sorted(set(sent) - set(measures)):
        if is_total(code):
            continue
        close = nearest(code, missing)
        collect.problem(
            f"The code {quoted([sent[code]])} is not known." if code else "Some rows have no code.",
            collect.where(cell=lines(record.line for record in records if record.code == code)),
            "What these rows hold was not taken.",
            f"If it is '{close}', use that code." if close else "If it is wanted, ask the business unit to add it.",
            "information",
        )
    if missing:
        collect.problem(
            f"Codes that are expected are not there: {quoted(missing)}.",
            collect.name,
            "Their figures are missing from the register and the draft.",
            "Add their rows.",
            "look_at",
        )


def _once(collect: Collector, records: Sequence[_Record]) -> list[_Record]:
    """Records without those whose code and period stand there more than once."""
    by_subject: dict[tuple[str, str], list[_Record]] = {}
    for record in records:
        by_subject.setdefault((record.code, record.period), []).append(record)
    for same in by_subject.values():
        if len(same) > 1:
            collect.problem(
                "The same code and period stand there more than once.",
                collect.where(cell=lines(r.line for r in same)),
                "Nobody can tell which of them is meant, so none was taken.",
                "Keep the right one.",
            )
    return [same[0] for same in by_subject.values() if len(same) == 1]


def read_rows(collect: Collector, layout: Rows, data: bytes) -> Reading:
    """Count figures from single records dated within the period.

    Raises:
        NotTaken: the file cannot be read, or none of its records is dated within the period.
    """
    found = text.table(collect, data, layout.delimiter, layout.columns)
    frame = _without_totals(found.frame(text.columns(collect, found, layout.columns)), layout)
    counted = frame[_within(collect, layout, frame)]
    if counted.empty:
        raise collect.not_taken(
            "wrong_period",
            f"No row of the file is dated within {collect.period} ({collect.period.words}).",
            "Records of another period would be counted as this one's, so nothing was counted.",
            f"Send the export for {collect.period}.",
            collect.where(cell=_heading(layout, layout.date)),
        )
    for count in layout.counts:
        _count(collect, layout, count, counted)
    return collect.reading(frame)


def _without_totals(frame: pd.DataFrame, layout: Rows) -> pd.DataFrame:
    """The records alone: a row without a date that calls itself a total is none."""
    undated = frame[frame[layout.date].str.strip() == ""]
    totals = [index for index, row in undated.iterrows() if any(is_total(str(value)) for value in row)]
    return frame.drop(index=totals)


def _within(collect: Collector, layout: Rows, frame: pd.DataFrame) -> pd.Series:
    """Which records are dated within the period? The others become problems and are not counted."""
    import pandas as pd

    written = frame[layout.date].str.strip()
    days = days_of(written)
    unreadable = days.isna()
    american = unreadable & in_forms(written, AMERICAN_DAYS).notna()
    if american.any():
        raise collect.not_taken(
            "wrong_layout",
            "Dates in the file have the month before the day.",
            "04/05/2023 would be read as 4 May where 5 April is meant, so no date in the file can be trusted.",
            "Export the dates like 2023-04-05 or 05/04/2023.",
            collect.where(cell=f"{_heading(layout, layout.date)}, {lines(frame.loc[american, '_line'])}"),
        )
    first, last = pd.Timestamp(collect.period.first_day), pd.Timestamp(collect.period.last_day) + pd.Timedelta(days=1)
    within = (days >= first) & (days < last)
    outside = ~within & ~unreadable
    if unreadable.any():
        numbers = frame.loc[unreadable, "_line"].tolist()
        collect.problem(
            f"{_rows(numbers)} no date that can be read.",
            collect.where(cell=f"{_heading(layout, layout.date)}, {lines(numbers)}"),
            "They cannot be placed in a period, so they were not counted.",
            "Write dates like 2023-04-05 or 05/04/2023.",
        )
    if outside.any() and within.any():
        numbers = frame.loc[outside, "_line"].tolist()
        collect.problem(
            f"{_rows(numbers)} a date outside {collect.period} ({collect.period.words}).",
            collect.where(cell=f"{_heading(layout, layout.date)}, {lines(numbers)}"),
            "They were not counted: counted here and in their own period they would be counted twice.",
            "Correct the dates, or send the records with the return of their period.",
        )
    return within


def _count(collect: Collector, layout: Rows, count: Count, frame: pd.DataFrame) -> None:
    matching = frame
    for column, accepted in count.where.items():
        wanted = {plain(value) for value in accepted}
        matching = matching[_compared(matching[column]).isin(wanted)]
    where = " and ".join(f"{column} is {' or '.join(accepted)}" for column, accepted in count.where.items())
    how = f"{len(matching)} of {len(frame)} rows where {where}" if where else f"{len(frame)} rows"
    value: Decimal | None = Decimal(len(matching))
    if count.how == "distinct":
        value, how = _distinct(collect, layout, count, matching, how)
    elif count.how == "sum":
        value, how = _sum(collect, layout, count, matching, how)
    if value is not None:
        looked_at = frame if matching.empty else matching
        collect.observations.append(
            Observation(
                collect.source.id,
                collect.area,
                count.measure,
                str(collect.period),
                value,
                "",
                collect.place(cell=lines(looked_at["_line"])),
                how=how,
            )
        )


def _distinct(collect: Collector, layout: Rows, count: Count, frame: pd.DataFrame, how: str) -> tuple[Decimal, str]:
    values = _compared(frame[count.column])
    blank = frame.loc[values == "", "_line"].tolist()
    if blank:
        collect.problem(
            f"{_rows(blank)} nothing in a column that is counted.",
            collect.where(cell=f"{_heading(layout, count.column)}, {lines(blank)}"),
            "They count as nobody, so the figure may be too small.",
            "Fill the column in.",
            "look_at",
        )
    number = values[values != ""].nunique()
    return Decimal(number), f"{number} different values of {count.column} in {how}"


def _sum(collect: Collector, layout: Rows, count: Count, frame: pd.DataFrame, how: str) -> tuple[Decimal | None, str]:
    numbers = {written: _number(written) for written in frame[count.column].unique()}
    unreadable = frame.loc[frame[count.column].map(numbers).isna(), "_line"].tolist()
    if unreadable:
        collect.problem(
            f"{_rows(unreadable)} no number in a column that is added up.",
            collect.where(cell=f"{_heading(layout, count.column)}, {lines(unreadable)}"),
            "A sum with parts missing would be too small, so the figure was not made.",
            "Write a number in each of them.",
        )
        return None, how
    return sum(
        (numbers[written] or Decimal(0) for written in frame[count.column]), Decimal(0)
    ), f"sum of {count.column} in {how}"


def _number(written: str) -> Decimal | None:
    try:
        return parse(written).number
    except NotAValue:
        return None


def _compared(column: pd.Series) -> pd.Series:
    """A column's values as they are compared, each different one looked at once."""
    return column.map({value: plain(value) for value in column.unique()}).astype("str")


def _heading(layout: Rows, column: str) -> str:
    return f"column {layout.columns[column][0]}"


def _rows(numbers: Sequence[int]) -> str:
    return "1 row has" if len(numbers) == 1 else f"{len(numbers)} rows have"
