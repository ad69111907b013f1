"""How a source is laid out: which headings, labels, codes and tags in it mean which measure.

Belongs here: one frozen value per kind of layout. Six kinds are all there are; a partnership describes its sources
in them, without code. Does not belong here: the reading itself (``tasks.gather``).

Headings and labels are lists of synonyms and are compared without regard to case, spaces and punctuation at the end.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.model import FigureRef, Frozen, Id, Severity, Words

Synonyms = Annotated[tuple[Words, ...], Field(min_length=1)]


class MonthsSheet(Frozen):
    """A wide sheet: a row a measure, a column a month, with the year to date in a column of its own.

    The heading may stand on several rows with merged cells. ``note`` names a column with the source of each row.
    """

    shape: Literal["months"] = "months"
    sheet: Synonyms
    label: Synonyms
    year_to_date: Synonyms
    note: tuple[Words, ...] = ()
    rows: dict[Id, Synonyms]
    area: Id | None = None
    """Another area than the workbook's, where a workbook has a sheet an area."""


class ListSheet(Frozen):
    """A sheet with a label and one value a row; the value is for the whole period of the return.

    A ``stated_period`` label, anywhere above the heading, has the period in the cell to its right.
    """

    shape: Literal["list"] = "list"
    sheet: Synonyms
    label: Synonyms
    value: Synonyms
    note: tuple[Words, ...] = ()
    stated_period: tuple[Words, ...] = ()
    rows: dict[Id, Synonyms]
    area: Id | None = None
    """Another area than the workbook's, where a workbook has a sheet an area."""
    yearly: bool = False
    """It comes with the fourth quarter's return only."""


class NarrativeSheet(Frozen):
    """A sheet with a row a topic and a column a part of its narrative; lines within a cell are items of a list.

    ``status`` names a column in which a sender says that there is nothing to report on a topic. A blank form has a row
    for each of ``topics``, and says with ``questions`` what is asked in each part.
    """

    shape: Literal["narrative"] = "narrative"
    sheet: Synonyms
    topic: Synonyms
    status: tuple[Words, ...] = ()
    parts: dict[Id, Synonyms]
    topics: tuple[str, ...] = ()
    questions: dict[Id, Words] = {}
    titles: dict[str, Words] = {}
    """What a topic is called on a blank form, where the report's own heading would not be understood by itself."""


Sheet = Annotated[MonthsSheet | ListSheet | NarrativeSheet, Field(discriminator="shape")]


class Workbook(Frozen):
    """An Excel or OpenDocument workbook of sheets; its figures are about ``area`` unless their sheet names another."""

    layout: Literal["workbook"]
    area: Id
    sheets: tuple[Sheet, ...] = Field(min_length=1)


class LongCsv(Frozen):
    """A long CSV: a row a code and period. Two codes may carry the same measure; both are kept as observations.

    ``year_to_date`` are the words in the period column that mean "from 1 April to the end of the quarter".
    """

    layout: Literal["long_csv"]
    area: Id
    delimiter: str = ","
    code: Synonyms
    period: Synonyms
    value: Synonyms
    note: tuple[Words, ...] = ()
    year_to_date: tuple[Words, ...] = ()
    codes: dict[str, Id]
    yearly: tuple[str, ...] = ()
    """Codes that come with the fourth quarter's return only."""


class Form(Frozen):
    """A Word form of content controls and tables.

    Controls tagged ``period``, ``figure:<measure>``, ``text:<topic>:<part>`` and ``status:<topic>`` are the period
    stated, a figure, narrative, and whether there is nothing to report; tables whose first heading is in
    ``figures_table`` have a measure's label in the first column and its value in the second. A blank form says with
    ``questions`` what is asked in each part.
    """

    layout: Literal["form"]
    area: Id
    figures: dict[Id, Synonyms] = {}
    also: dict[Id, Synonyms] = {}
    """Figures that a blank form has a row for and that nobody misses: they are taken where they come."""
    figures_table: tuple[Words, ...] = ()
    topics: tuple[str, ...] = ()
    parts: tuple[Id, ...] = ()
    questions: dict[Id, Words] = {}
    titles: dict[str, Words] = {}
    """What a topic is called on a blank form, where the report's own heading would not be understood by itself."""

    @property
    def every_figure(self) -> dict[str, Synonyms]:
        """Figures that are asked for, and those that may come as well."""
        return self.figures | self.also


class Count(Frozen):
    """A figure made by counting rows: all that match ``where``, distinct values of a column, or a column's sum."""

    measure: Id
    how: Literal["rows", "distinct", "sum"]
    column: str = ""
    where: dict[str, tuple[str, ...]] = {}


class Rows(Frozen):
    """A CSV of single records (bookings, completions), from which figures are counted.

    ``columns`` names each column by its synonyms; those in ``personal`` are never shown, logged or summarised.
    """

    layout: Literal["rows"]
    area: Id
    delimiter: str = ","
    columns: dict[Id, Synonyms]
    date: Id
    personal: tuple[Id, ...] = ()
    counts: tuple[Count, ...] = Field(min_length=1)


class Indicator(Frozen):
    """One column of an official table that carries a measure, for the rows where ``where`` holds."""

    measure: Id
    column: str
    where: dict[str, str] = {}


class OfficialStatistics(Frozen):
    """A CSV in the DfE's explore-education-statistics form: ``release`` is the publication, ``released`` its date."""

    layout: Literal["official_statistics"]
    release: Words
    released: str = Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")
    licence: Words
    areas: tuple[Id, ...] = ()
    """Places that the table has, where it has not all of the partnership's (a table that was compiled)."""
    indicators: tuple[Indicator, ...] = Field(min_length=1)


Layout = Annotated[Workbook | LongCsv | Form | Rows | OfficialStatistics, Field(discriminator="layout")]


class Source(Frozen):
    """Something that a partnership receives: who sends it, when, what it looks like.

    ``files`` are patterns of file names (``eastmere-dataset*.xlsx``, without regard to case). ``due_days`` counts
    days after the end of the period (``tasks.due`` moves it on to a working day). A ``second_opinion`` never leads in
    the register: it is only compared with.
    """

    id: Id
    title: Words
    sender: Id
    owner: Id
    every: Literal["quarter", "year"]
    due_days: int = Field(ge=0, le=731)
    files: Synonyms
    suite: Id
    layout: Layout
    issued: bool = False
    """Whether the partnership makes and sends out a blank form for it (``tasks.returns``), named after ``files``."""
    second_opinion: bool = False
    illustrative: bool = False
    illustrative_topics: tuple[str, ...] = ()
    """Topics on which its text is made up, where the source is real otherwise."""
    required: Severity = "must_fix"
    """How much it matters when nothing comes."""
    leads: tuple[FigureRef, ...] = ()
    """Figures for which this source is taken when others carry them too."""
