"""What became of the bars and points of a draft's charts? They are figures like those in its text.

Belongs here: the verdict on each point, and what somebody added to a chart. Does not belong here: reading charts
(``tasks.assemble.charts``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tasks.assemble.charting import ANOTHER_DATE
from tasks.assemble.charts import ChartPoint, drafted_points, read_charts
from tasks.assemble.section_figures import NOT_RECEIVED, printed_text
from tasks.model import Figure
from tasks.review.checked import CheckedFigure, CheckedNumber, FigureState
from tasks.review.figures import same


def has_charts(parts: Mapping[str, bytes]) -> bool:
    """Has the document a chart, or had it one when it was made?"""
    return any(name.startswith("word/charts/") for name in parts) or bool(drafted_points(parts))


def checked_points(
    parts: Mapping[str, bytes], figures: Mapping[str, Figure]
) -> tuple[tuple[CheckedFigure, ...], tuple[CheckedNumber, ...]]:
    """Every point that was drafted, those that are gone last; and numbers that somebody added to a chart."""
    there = read_charts(parts)
    periods = {one.period for one in figures.values()}
    drafted = drafted_points(parts)
    times = Counter((one.figure_id, one.chart) for one in drafted)
    left = times - Counter((one.figure_id, one.chart) for one in there if one.figure_id)
    found = [_point(one, figures, periods, times[one.figure_id, one.chart]) for one in there if one.figure_id]
    for one in drafted:
        if left[one.figure_id, one.chart] > 0:
            left[one.figure_id, one.chart] -= 1
            found.append(_gone(one, figures))
    added = [
        CheckedNumber(text=one.text, state="typed", where=_where(one), around=f"{one.label} {one.text}".strip())
        for one in there
        if not one.figure_id
    ]
    return tuple(found), tuple(added)


def _point(one: ChartPoint, figures: Mapping[str, Figure], periods: set[str], times: int) -> CheckedFigure:
    """A line over quarters has figures of registers that need not be given: those are held against the draft alone."""
    if one.figure_id in figures and one.drafted != ANOTHER_DATE:
        register = printed_text(figures[one.figure_id])
    elif one.drafted in (NOT_RECEIVED, ANOTHER_DATE) or one.figure_id.rpartition(".")[2] not in periods:
        register = one.drafted
    else:
        register = ""
    state: FigureState = "ok"
    if not register:
        state = "unknown"
    elif not same(one.text, register):
        state = "out_of_date" if same(one.text, one.drafted) else "changed"
    return CheckedFigure(
        id=one.figure_id,
        state=state,
        printed=one.drafted,
        says=one.text,
        register=register,
        where=_where(one),
        around="" if state == "ok" else one.label,
        times=max(1, times),
    )


def _gone(one: ChartPoint, figures: Mapping[str, Figure]) -> CheckedFigure:
    register = printed_text(figures[one.figure_id]) if one.figure_id in figures else ""
    return CheckedFigure(one.figure_id, "deleted", one.drafted, "", register, _where(one), one.label)


def _where(one: ChartPoint) -> str:
    return " > ".join(filter(None, (one.where, f"chart “{one.chart}”")))
