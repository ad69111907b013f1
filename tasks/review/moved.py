"""What says something else than it did: figures in a text, and points of its charts?

Belongs here: a figure that moved, and which points of charts are to be drawn anew. Does not belong here: drawing them
(``tasks.assemble.charts``) and figures in the text (``tasks.review.refresh``).

Word cannot track a change in a chart: what moves there is drawn anew and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tasks.assemble.charting import ANOTHER_DATE
from tasks.assemble.charts import read_charts


class Moved(NamedTuple):
    """A figure that says something else than it did: both texts as printed, and where it stands."""

    figure: str
    was: str
    now: str
    where: str


@dataclass(frozen=True)
class ChartsToRefresh:
    """Points of charts that show something else than the register prints."""

    texts: Mapping[str, str]
    """What they are to show, by ids of figures."""
    moved: tuple[Moved, ...]
    notes: tuple[str, ...]


def charts_to_refresh(parts: Mapping[str, bytes], printed: Mapping[str, str]) -> ChartsToRefresh:
    """Which points of a document's charts are to be drawn anew.

    What an editor changed in one is left while the register says what it said.
    """
    moved, notes = [], []
    for one in read_charts(parts):
        now = printed.get(one.figure_id, one.text)
        where = f"the chart “{one.chart}”"
        if now == one.text or one.drafted == ANOTHER_DATE:
            continue
        if one.text != one.drafted and now == one.drafted:
            notes.append(f"{one.figure_id} was changed in {where}: it was left as the editor made it.")
        else:
            moved.append(Moved(one.figure_id, one.text, now, where))
    if moved:
        notes.append("Charts were drawn anew where their figures moved: Word cannot show that as a tracked change.")
    return ChartsToRefresh({one.figure: one.now for one in moved}, tuple(moved), tuple(notes))
