"""The data annex: a period's figures in the form in which the Department for Education publishes its own.

Belongs here: open figures as a tidy CSV with its metadata, a row an area and a column a measure. Does not belong here:
the rules of that form (``tasks.screener``), and which numbers are hidden (``tasks.shown``): only what everybody may see
comes in here.

That form knows countries, regions and local authorities; a partnership of two of them is no place in it. Its own
figures are in the report and the register. A measure that an area does not have is ``z`` there, one that did not come
``x``, a hidden number ``c``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from config.errors import Failure
from config.model import Area, Measure
from config.partnership import Partnership
from config.periods import Quarter, Return
from tasks.disclosure import SYMBOL
from tasks.measures import is_percent, is_suppressed
from tasks.model import Figure
from tasks.screener import LEVELS, META_REQUIRED, SYMBOLS, TIME, Screened, passes, screen

KINDS = {"nation": "National", "region": "Regional", "borough": "Local authority"}
PLACES = tuple(name for names in LEVELS.values() for name in names)
NOT_APPLICABLE, NOT_AVAILABLE = "z", "x"


def files(partnership: Partnership, period: Return, figures: Iterable[Figure]) -> dict[str, bytes]:
    """The data file and its metadata by their names; none where no area of the annex has a figure.

    Raises:
        Failure: what was made would not pass the Department's screening.
    """
    by_area: dict[str, dict[str, Figure]] = {}
    for one in figures:
        if partnership.areas[one.area].kind in KINDS:
            by_area.setdefault(one.area, {})[one.measure] = one
    names = {name for found in by_area.values() for name, one in found.items() if one.status != "not_received"}
    measures = [one for one in partnership.measures.values() if one.id in names]
    areas = [partnership.areas[one] for one in partnership.areas if one in by_area and partnership.areas[one].ons_code]
    if not measures or not areas:
        return {}
    rows = [_row(partnership, period, area, measures, by_area[area.id]) for area in areas]
    stem = f"figures_{str(period).replace('-', '_').lower()}"
    made = {
        f"{stem}.csv": _csv((*TIME, "geographic_level", *PLACES, *(one.id for one in measures)), rows),
        f"{stem}.meta.csv": _csv(META_REQUIRED, [_described(partnership, one) for one in measures]),
    }
    _refuse_what_does_not_pass(screen(f"{stem}.csv", made[f"{stem}.csv"], f"{stem}.meta.csv", made[f"{stem}.meta.csv"]))
    return made


def _refuse_what_does_not_pass(told: Sequence[Screened]) -> None:
    if not passes(told):
        wrong = next(one for one in told if one.result == "FAIL")
        raise Failure(
            f"The data annex does not pass the Department's screening: {wrong.message}",
            where=f"stage {wrong.stage}, check {wrong.check}",
            why="It could not be laid beside what the Department publishes.",
            to_do="Correct names and codes of areas and measures in partnership.yaml and measures.yaml.",
        )


def _row(
    partnership: Partnership,
    period: Return,
    area: Area,
    measures: Iterable[Measure],
    figures: Mapping[str, Figure],
) -> dict[str, str]:
    quarter = f" Q{period.number}" if isinstance(period, Quarter) else ""
    place = dict.fromkeys(PLACES, "")
    for one in [*_around(partnership, area), area]:
        codes = {"old_la_code": one.old_la_code, "new_la_code": one.ons_code, "la_name": one.name}
        values = codes if one.kind == "borough" else {"code": one.ons_code, "name": one.name}
        place |= dict(zip(LEVELS[KINDS[one.kind]], values.values(), strict=True))
    return {
        "time_period": str(period.year).replace("-", ""),
        "time_identifier": f"Financial year{quarter}",
        "geographic_level": KINDS[area.kind],
        **place,
        **{one.id: _value(one, area, figures.get(one.id)) for one in measures},
    }


def _around(partnership: Partnership, area: Area) -> list[Area]:
    """The country, and for a local authority its region, where the partnership knows one only."""
    larger = []
    for kind in ("nation", "region"):
        found = [one for one in partnership.profile.areas if one.kind == kind]
        if len(found) == 1 and (kind == "nation" or area.kind == "borough"):
            larger += found
    return larger


def _value(measure: Measure, area: Area, figure: Figure | None) -> str:
    if area.id not in measure.areas:
        return NOT_APPLICABLE
    if figure is None:
        return NOT_AVAILABLE
    if figure.value is not None:
        return f"{figure.value:f}"
    if figure.symbol in SYMBOLS:
        return figure.symbol
    return SYMBOL if is_suppressed(figure.symbol) or figure.status == "withheld" else NOT_AVAILABLE


def _described(partnership: Partnership, measure: Measure) -> dict[str, str]:
    unit = "%" if is_percent(measure.unit, measure.statistic) else "£" if measure.statistic == "finance" else ""
    decimals = max([measure.decimals, *measure.decimals_by_area.values()])
    return dict.fromkeys(META_REQUIRED, "") | {
        "col_name": measure.id,
        "col_type": "Indicator",
        "label": measure.title,
        "indicator_unit": unit,
        "indicator_dp": str(decimals),
    }


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
