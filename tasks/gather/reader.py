"""Which reader reads this file? One for each kind of layout.

Belongs here: the choice of the reader, and what becomes of a file of which nothing can be taken.
Does not belong here: reading itself. Readers are imported when they are needed: receiving files needs none of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.layouts import Form, LongCsv, OfficialStatistics, Rows, Source, Workbook
from config.model import Area
from config.periods import Return
from tasks.gather.collect import Collector, NotTaken
from tasks.model import Reading


def read(source: Source, data: bytes, name: str, period: Return, *, areas: Sequence[Area] = ()) -> Reading:
    """Take observations and narrative from one file as sent. Never raises for what is in the file.

    ``areas`` are those whose rows are taken from official statistics. What is wrong becomes problems for the sender; a
    file of which nothing can be taken has another state than ``read``.
    """
    collect = Collector(source, data, name, period, getattr(source.layout, "area", ""))
    try:
        return _read(collect, data, areas)
    except NotTaken as reason:
        return Reading(
            problems=(reason.problem,), state=reason.state, stated_period=collect.stated_period, layout=collect.layout
        )


def _read(collect: Collector, data: bytes, areas: Sequence[Area]) -> Reading:
    match collect.source.layout:
        case Workbook() as layout:
            from tasks.gather import workbook

            return workbook.read(collect, layout, data)
        case LongCsv() as layout:
            from tasks.gather import delimited

            return delimited.read_long(collect, layout, data)
        case Rows() as layout:
            from tasks.gather import delimited

            return delimited.read_rows(collect, layout, data)
        case Form() as layout:
            from tasks.gather import form

            return form.read(collect, layout, data)
        case OfficialStatistics() as layout:
            from tasks.gather import official

            return official.read(collect, layout, data, areas)
