"""Can somebody who hears a table tell which heading a cell belongs to?

Belongs here: heading rows, merged cells, descriptions, tables that only place things. Does not belong here: what stands
in the cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tasks.assemble.accessible.reading import Reading, Table, text_of
from tasks.assemble.accessible.rule import Found, rule
from tasks.review.revisions import W


def _data(reading: Reading) -> Iterator[Table]:
    """Tables of data: those that only place things have a problem of their own."""
    return (table for table in reading.tables if not _only_places(table))


def _only_places(table: Table) -> bool:
    return len(table.rows) < 2 or max((len(cells) for _, cells in table.rows), default=0) < 2


@rule(
    "layout-table",
    "A screen reader announces rows and columns where there are none, and may read in another order.",
    "WCAG 2.2, 1.3.2",
)
def layout_table(reading: Reading) -> Iterator[Found]:
    """Tables hold data: none has a single row or column, or stands within another."""
    for table in reading.tables:
        if table.nested:
            yield "A table stands within a table.", table.where, "Make them two tables, one after the other."
        elif _only_places(table):
            yield (
                "A table with a single row or column only places things.",
                table.where,
                "Turn it into text (Table Layout, Convert to Text) and shade the paragraph instead.",
            )


@rule(
    "table-heading",
    "A screen reader says the heading of a cell only where the first row is marked as headings.",
    "WCAG 2.2, 1.3.1",
)
def table_heading(reading: Reading) -> Iterator[Found]:
    """The first row is marked as the row of headings, in the table's look and as one that comes again on each page."""
    for table in _data(reading):
        again = [_is_on(row, "tblHeader") for row, _ in table.rows]
        if not again[0] or not table.shows("firstRow"):
            yield (
                "The first row of a table is not marked as headings.",
                table.where,
                "Tick Table Design, Header Row, and in the first row Table Layout, Repeat Header Rows.",
            )
        elif True in again[again.index(False) if False in again else len(again) :]:
            yield (
                "A row in the middle of a table is marked as headings.",
                table.where,
                "Make it two tables, or take the mark off (Table Layout, Repeat Header Rows).",
            )


@rule(
    "split-row", "A row that goes on overleaf is read as two, the second without its first cell.", "DfE guide, tables"
)
def split_row(reading: Reading) -> Iterator[Found]:
    """No row breaks across pages."""
    for table in _data(reading):
        if not all(_is_on(row, "cantSplit") for row, _ in table.rows):
            yield (
                "Rows of a table may break across pages.",
                table.where,
                "Select it, then Table Properties, Row, and untick 'Allow row to break across pages'.",
            )


@rule("merged-cells", "A screen reader loses count of the columns, and says the wrong heading.", "WCAG 2.2, 1.3.1")
def merged_cells(reading: Reading) -> Iterator[Found]:
    """No cell spans several rows or columns, and all rows have as many cells."""
    for table in _data(reading):
        spans = (f"{W}tcPr/{W}gridSpan", f"{W}tcPr/{W}vMerge", f"{W}tcPr/{W}hMerge")
        cells = [cell for _, row in table.rows for cell in row]
        if any(cell.find(span) is not None for cell in cells for span in spans):
            yield "A table has merged cells.", table.where, "Split them (Table Layout, Split Cells), and fill each."
        elif len({len(row) for _, row in table.rows}) > 1:
            yield "Rows of a table have different numbers of cells.", table.where, "Give every row as many."


@rule("blank-heading", "A screen reader has nothing to say before the cells of that column.", "WCAG 2.2, 1.3.1")
def blank_heading(reading: Reading) -> Iterator[Found]:
    """Every column has a heading."""
    for table in _data(reading):
        empty = [number for number, cell in enumerate(table.rows[0][1], 1) if not _text(cell).strip()]
        if empty:
            yield f"Column {empty[0]} of a table has no heading.", table.where, "Write one into its first row."


@rule("table-description", "Who hears a table wants to know what is in it before it is read out.", "DfE guide, tables")
def table_description(reading: Reading) -> Iterator[Found]:
    """Every table has a description."""
    for table in _data(reading):
        if not table.said("tblDescription").strip():
            yield (
                "A table has no description.",
                table.where,
                "Write one: Table Properties, Alt Text: what a row is, and what the columns tell.",
            )


def _is_on(row: Any, name: str) -> bool:
    found = row.find(f"{W}trPr/{W}{name}")
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")


def _text(cell: Any) -> str:
    return "".join(text_of(run) for run in cell.iter(f"{W}r"))


RULES = (layout_table, table_heading, split_row, merged_cells, blank_heading, table_description)
