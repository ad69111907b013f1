"""The register as tables: one row a figure, with the cells behind it, its checks, findings and decisions.

Belongs here: the open book as CSV and Parquet, the same rows in both. Does not belong here: making the book
(``tasks.books``), and the annex in the Department's form (``tasks.annex``).
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from config.partnership import Partnership
from tasks import plain
from tasks.model import Figure, Finding, Observation, Register, Verdict
from tasks.register import label_in_words

COLUMNS = (
    "id",
    "area",
    "measure",
    "period",
    "value",
    "symbol",
    "display",
    "unit",
    "statistic",
    "wording",
    "label",
    "status",
    "derivation",
    "note",
    "illustrative",
    "made_from",
    "compared_with",
    "checks",
    "findings",
    "decisions",
)
"""Columns of both tables; where several things stand in one cell, each has a line."""


def files(partnership: Partnership, book: Register, verdicts: Iterable[Verdict]) -> dict[str, bytes]:
    """The tables of a book by their names."""
    rows = to_rows(partnership, book, verdicts)
    return {"figures.csv": to_csv(rows), "figures.parquet": to_parquet(rows)}


def to_rows(partnership: Partnership, book: Register, verdicts: Iterable[Verdict]) -> list[dict[str, str]]:
    """Rows of text, in the order of the book."""
    figures, observations = {one.id: one for one in book.figures}, {one.id: one for one in book.observations}
    checks: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        checks[verdict.source][verdict.outcome] += 1
    findings = {one.id: one for one in book.findings}
    return [_row(partnership, one, figures, observations, checks, findings) for one in book.figures]


def _row(
    partnership: Partnership,
    figure: Figure,
    figures: Mapping[str, Figure],
    observations: Mapping[str, Observation],
    checks: Mapping[str, Counter[str]],
    findings: Mapping[str, Finding],
) -> dict[str, str]:
    behind = [observations[one] for one in figure.observations if one in observations]
    beside = [observations[one] for one in figure.beside if one in observations]
    sources = dict.fromkeys(one.source for one in behind)
    kept = plain.to_plain(figure)
    told = {name: kept[name] for name in COLUMNS if name in kept} | {
        "label": label_in_words(figure, figures),
        "illustrative": "yes" if figure.illustrative else "no",
        "made_from": "\n".join(map(_cell, behind)),
        "compared_with": "\n".join(map(_cell, beside)),
        "checks": "\n".join(_checks(partnership.sources[one].title, checks[one]) for one in sources if one in checks),
        "findings": "\n".join(f"{id_} ({findings[id_].state})" for id_ in figure.findings if id_ in findings),
        "decisions": "\n".join(figure.decided),
    }
    return {name: str(told[name] if told[name] is not None else "") for name in COLUMNS}


def _cell(one: Observation) -> str:
    """An observation in a line: what its cell says, for when, and where it is."""
    value = f"{one.value:f}" if one.value is not None else one.symbol
    return f"{value} ({one.period}): {', '.join(filter(None, (one.place.words, one.release)))}"


def _checks(title: str, counts: Counter[str]) -> str:
    return f"{title}: {counts['passed']} passed, {counts['failed']} failed, {counts['not_evaluated']} not evaluated"


def to_csv(rows: list[dict[str, str]]) -> bytes:
    """A table that spreadsheets open and do not run."""
    return plain.to_csv(rows, COLUMNS, numbers=("value",)).encode()


def to_parquet(rows: list[dict[str, str]]) -> bytes:
    """The same table for programs: values are decimals, the rest is text. The same rows make the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = {name: pa.array([row[name] for row in rows], pa.string()) for name in COLUMNS if name != "value"}
    numbers = pa.array([Decimal(row["value"]) if row["value"] else None for row in rows], pa.decimal128(20, 4))
    data = io.BytesIO()
    pq.write_table(pa.table({name: numbers if name == "value" else texts[name] for name in COLUMNS}), data)
    return data.getvalue()
