"""Text files as tables: headings, rows, and the line on which each row stands.

Belongs here: encodings, delimiters, line numbers that stay right when a field runs over lines, rows with too many or
too few fields, finding columns by their headings. Does not belong here: what the columns mean
(``tasks.gather.delimited``, ``tasks.gather.official``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
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


DELIMITERS = (",", ";", "\t", "|")
_TRIED = 20
"""How many rows are looked at for the heading, which may stand under a title."""


def table(collect: Collector, data: bytes, delimiter: str, wanted: Mapping[str, Iterable[str]]) -> Table:
    """Read a delimited text file. Rows that do not have a field for every heading become a problem and are left out.

    ``wanted`` are the headings that must be there, by their synonyms: they prove where the heading stands, and that
    another delimiter than the agreed one was used.

    Raises:
        NotTaken: it is not text, or has no heading or no rows.
    """
    safe.check_text(collect, data)
    text = _decoded(collect, data)
    used, above = _proved(text, delimiter, wanted)
    if used != delimiter:
        _tell_delimiter(collect, used, delimiter)
    records, numbers = _records(collect, text, used)
    records, numbers = records[above:], numbers[above:]
    if len(records) < 2:
        raise collect.not_taken(
            "empty",
            "The file has no rows below its heading." if records else "The file is empty.",
            "Its figures are missing from the register. Nobody can tell whether there was nothing to count.",
            "Make the export again. If there was nothing in the period, say so to the business unit.",
        )
    return _table(collect, records, numbers)


def _proved(text: str, delimiter: str, wanted: Mapping[str, Iterable[str]]) -> tuple[str, int]:
    """The delimiter with which a row near the top has all headings, and how many rows stand above that row."""
    synonyms = [{plain(word) for word in words} for words in wanted.values()]
    for candidate in (delimiter, *DELIMITERS):
        reader = csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=candidate)
        with suppress(csv.Error):
            filled = (record for record in reader if any(field.strip() for field in record))
            for number, record in enumerate(islice(filled, _TRIED)):
                keys = {plain(field) for field in record}
                if all(words & keys for words in synonyms):
                    return candidate, number
    return delimiter, 0


def _tell_delimiter(collect: Collector, used: str, agreed: str) -> None:
    names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
    collect.problem(
        f"The file has {names[used]} between its fields and not {names.get(agreed, 'what was agreed')}.",
        collect.where(cell="heading"),
        "It was read, because its headings are all there. Without them the fields could not be told apart.",
        "Nothing, if it stays so; otherwise export it as before.",
        "information",
    )


def _table(collect: Collector, records: Sequence[list[str]], numbers: Sequence[int]) -> Table:
    headings = tuple(heading.strip() for heading in records[0])
    collect.saw(headings, "heading")
    rows, kept, ragged, notes = [], [], [], []
    for record, number in zip(records[1:], numbers[1:], strict=True):
        if _is_note(record, headings):
            notes.append(number)
        elif len(record) < len(headings) or any(field.strip() for field in record[len(headings) :]):
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
    if notes:
        collect.problem(
            "Some lines hold words in their first field and nothing else.",
            collect.where(cell=lines(notes)),
            "They were taken for notes, and nothing was read from them.",
            "Nothing, if they are notes. If they are rows that were cut short, export the file again.",
            "information",
        )
    return Table(headings, tuple(rows), tuple(kept))


def _is_note(record: Sequence[str], headings: Sequence[str]) -> bool:
    """Words and nothing else, where a row would have a value: a note under the table, or a title in it."""
    first = record[0].strip()
    return len(headings) > 1 and len(first.split()) > 1 and not any(field.strip() for field in record[1:])


def _decoded(collect: Collector, data: bytes) -> str:
    """A byte order mark decides; then strict UTF-8; then Windows' own encoding, in which older systems export."""
    is_utf16 = safe.kind_of(data) == "utf16"
    if is_utf16:
        collect.problem(
            "The file is saved as what Excel calls Unicode Text.",
            collect.name,
            "It was read as it is.",
            "Nothing; 'CSV UTF-8' is what other programs read more easily.",
            "information",
        )
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
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
