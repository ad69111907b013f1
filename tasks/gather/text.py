"""Text files as tables: headings, rows, and the line on which each row stands.

Belongs here: encodings, delimiters, line numbers that stay right when a field runs over lines, rows with too many or
too few fields, finding columns by their headings. Does not belong here: what the columns mean
(``tasks.gather.delimited``, ``tasks.gather.official``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.gather import safe
from tasks.gather.collect import Collector, lines
from tasks.gather.labels import nearest, plain, quoted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Table:
    """A text file's rows below its heading; ``lines`` has the line on which each of them begins."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def frame(self, columns: Mapping[str, int]) -> pd.DataFrame:
        """A DataFrame of text with some columns under new names, and ``_line``."""
        import pandas as pd

        frame = pd.DataFrame({name: [row[at] for row in self.rows] for name, at in columns.items()}, dtype="str")
        return frame.assign(_line=pd.array(self.lines, dtype="int64"))


def table(collect: Collector, data: bytes, delimiter: str) -> Table:
    """Read a delimited text file. Rows that do not have a field for every heading become a problem and are left out.

    Raises:
        NotTaken: it is not text, or has no heading or no rows.
    """
    safe.check_text(collect, data)
    records, numbers = _records(collect, _decoded(collect, data), delimiter)
    if len(records) < 2:
        raise collect.not_taken(
            "empty",
            "The file has no rows below its heading." if records else "The file is empty.",
            "Its figures are missing from the register. Nobody can tell whether there was nothing to count.",
            "Make the export again. If there was nothing in the period, say so to the business unit.",
        )
    headings = tuple(heading.strip() for heading in records[0])
    rows, kept, ragged = [], [], []
    for record, number in zip(records[1:], numbers[1:], strict=True):
        if len(record) < len(headings) or any(field.strip() for field in record[len(headings) :]):
            ragged.append(number)
        else:
            rows.append(tuple(record[: len(headings)]))
            kept.append(number)
    if ragged:
        collect.problem(
            f"{len(ragged)} {'row has' if len(ragged) == 1 else 'rows have'} more or fewer fields than the heading.",
            collect.where(cell=lines(ragged)),
            "Values would be read into the wrong columns, so these rows were left out.",
            "Put fields that hold the delimiter in quotation marks; exporting as CSV from the system does this.",
        )
    return Table(headings, tuple(rows), tuple(kept))


def _decoded(collect: Collector, data: bytes) -> str:
    """A byte order mark decides; then strict UTF-8; then Windows' own encoding, in which older systems export."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise collect.not_taken(
        "unreadable",
        "The file is text in an encoding that is not known.",
        "Names and signs would be read wrongly.",
        "Save it as 'CSV UTF-8' and send it again.",
    )


def _records(collect: Collector, text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records, numbers, begins = [], [], 1
    try:
        for record in reader:
            if any(field.strip() for field in record):
                records.append(record)
                numbers.append(begins)
            begins = reader.line_num + 1
    except csv.Error:
        raise collect.not_taken(
            "unreadable",
            "A quotation mark is opened and not closed, or stands in the middle of a field.",
            "Everything after it would be read as one value.",
            "Export the file again; inside a field a quotation mark is written twice.",
            collect.where(cell=lines([begins])),
        ) from None
    return records, numbers


def columns(collect: Collector, found: Table, wanted: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Where each wanted column stands, by its synonyms.

    Raises:
        NotTaken: a column is missing, or stands there twice.
    """
    keys = [plain(heading) for heading in found.headings]
    at: dict[str, int] = {}
    missing: list[str] = []
    twice: list[str] = []
    for name, words in wanted.items():
        synonyms = {plain(word) for word in words}
        places = [index for index, key in enumerate(keys) if key in synonyms]
        if len(places) == 1:
            at[name] = places[0]
        else:
            (twice if places else missing).append(next(iter(words)))
    if missing or twice:
        raise _wrong_headings(collect, found.headings, missing, twice)
    return at


def _wrong_headings(collect: Collector, headings: Sequence[str], missing: list[str], twice: list[str]) -> Exception:
    if twice:
        return collect.not_taken(
            "wrong_layout",
            f"More than one column could be {quoted(twice)}.",
            "Nobody can tell which of them is meant, so nothing was taken.",
            "Give each column a heading of its own.",
            collect.where(cell="heading"),
        )
    close = [(word, nearest(word, headings)) for word in missing]
    hints = "; ".join(f"'{word}' may be the column now called '{heading}'" for word, heading in close if heading)
    return collect.not_taken(
        "wrong_layout",
        f"The heading has no column {quoted(missing)}.",
        "Without it figures cannot be told apart, so nothing was taken.",
        f"Use the headings that were agreed.{' ' + hints + '.' if hints else ''}",
        collect.where(cell="heading"),
    )
