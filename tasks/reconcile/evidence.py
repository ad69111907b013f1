"""What rules look at: the figures, observations and files of one period, by area and measure.

Belongs here: grids of all figures, to be computed on; single figures, to be put into words. Does not belong here: any
rule, and what findings are made of (``tasks.reconcile.telling``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np

from config.layouts import OfficialStatistics
from config.model import Area, Measure
from config.partnership import Partnership, label_refs
from config.periods import Quarter, ReportingYear
from config.rules import FairComparison, Rule
from tasks.measures import Amount, display, is_percent, is_suppressed, span
from tasks.model import Figure, GatheredFile, Observation, ValueBeside
from tasks.reconcile.tables import NOUGHT, Column, Mask, Places, column, last, rounded
from tasks.register import Key, Ledger, is_official


class At(NamedTuple):
    """Which figures of a grid, a row each."""

    areas: Places
    measures: Places


class Layers(NamedTuple):
    """Values in grids, one grid or several of them on top of each other."""

    values: Column
    """Nought where there is none."""
    known: Mask
    there: Mask
    """Where something was said: a value, or the symbol in its place."""

    def at(self, at: At) -> Layers:
        """The same for some figures, in a row."""
        return Layers(*(one[..., at.areas, at.measures] for one in self))


@dataclass(frozen=True)
class Evidence:
    """Everything that rules may look at."""

    partnership: Partnership
    period: Quarter | ReportingYear
    ledger: Ledger
    figures: Mapping[Key, Figure]
    official: Mapping[Key, tuple[Observation, ...]]
    """What official statistics say of a figure of the year, the oldest release first."""
    official_before: Mapping[Key, tuple[Observation, ...]]
    """The same for the year before."""
    files: Mapping[str, tuple[GatheredFile, ...]]
    earlier: Mapping[str, Mapping[Key, Figure]]

    @classmethod
    def of(
        cls,
        partnership: Partnership,
        period: Quarter | ReportingYear,
        figures: Sequence[Figure],
        observations: Sequence[Observation],
        files: Sequence[GatheredFile],
        earlier: Mapping[str, Sequence[Figure]],
    ) -> Evidence:
        """Put everything where rules find it."""
        ledger = Ledger(partnership, period, observations, files)
        by_source: dict[str, list[GatheredFile]] = defaultdict(list)
        for file in files:
            by_source[file.source].append(file)
        return cls(
            partnership=partnership,
            period=period,
            ledger=ledger,
            figures={(one.area, one.measure): one for one in figures},
            official=_official(partnership, period, ledger.observations.values()),
            official_before=_official(partnership, period.before, ledger.observations.values()),
            files={source: tuple(came) for source, came in by_source.items()},
            earlier={text: {(one.area, one.measure): one for one in before} for text, before in earlier.items()},
        )

    def measure(self, name: str) -> Measure:
        return self.partnership.measures[name]

    def area(self, name: str) -> Area:
        return self.partnership.areas[name]

    # Figures as columns: a row an area, a column a measure, in the order of the configuration

    @cached_property
    def row(self) -> Mapping[str, int]:
        """Where an area stands in every grid."""
        return {area.id: place for place, area in enumerate(self.partnership.profile.areas)}

    @cached_property
    def column(self) -> Mapping[str, int]:
        """Where a measure stands in every grid."""
        return {name: place for place, name in enumerate(self.partnership.measures)}

    @cached_property
    def area_ids(self) -> Column:
        return column(self.row)

    @cached_property
    def measure_ids(self) -> Column:
        return column(self.column)

    @cached_property
    def boroughs(self) -> Places:
        return np.array([self.row[one.id] for one in self.partnership.boroughs], dtype=np.intp)

    @cached_property
    def values(self) -> Column:
        """The value of every figure, nought where it has none."""
        return self._own.values

    @cached_property
    def known(self) -> Mask:
        """Which figures have a value."""
        return self._own.known

    @cached_property
    def _own(self) -> Layers:
        return self.grids(self.figures)

    @cached_property
    def before(self) -> Layers:
        """Figures of the period before, as the register had them."""
        return self.grids(self.earlier.get(str(self.period.before), {}))

    @cached_property
    def kept(self) -> Mask:
        """Which measures the configuration keeps for which areas."""
        return self._mask((area, one.id) for one in self.partnership.measures.values() for area in one.areas)

    @cached_property
    def decimals(self) -> Column:
        """How many decimals each figure is printed with."""
        measures = self.partnership.measures.values()
        return column(one.decimals_for(area) for area in self.row for one in measures).reshape(self._shape)

    @cached_property
    def askable(self) -> Mask:
        """Figures that there are; those of the whole partnership only where somebody is asked for them.

        What is made from the boroughs' is looked at there.
        """
        whole = {area.id for area in self.partnership.profile.areas if area.kind == "partnership"}
        return self._mask(key for key in self.figures if key[0] not in whole or self.ledger.due(key))

    @cached_property
    def asked_of_us(self) -> Mask:
        """Figures for which some source of the partnership's own is asked."""
        carriers = self.ledger.carriers
        return self._mask(key for key in carriers if any(not is_official(one) for one in self.ledger.due(key)))

    @cached_property
    def led_by_official(self) -> Mask:
        """Figures that are taken from official statistics."""
        leads = {key: self.ledger.leading(key) for key in self.ledger.accounts}
        return self._mask(key for key, lead in leads.items() if lead and is_official(lead.source))

    @cached_property
    def spans(self) -> tuple[Column, Column, Mask]:
        """The smallest and largest that every figure can be, and which can be bounded: ``<5`` is 1 to 4."""
        found = {key: span(Amount(one.value, one.symbol)) for key, one in self.figures.items()}
        bounds = {key: both for key, both in found.items() if both}
        least, most = (self._grid({key: both[end] for key, both in bounds.items()}, NOUGHT) for end in (0, 1))
        return least, most, self._mask(bounds)

    @cached_property
    def also_official(self) -> Mask:
        """Figures that official statistics have beside a source of another kind."""
        carried = {key: {is_official(one) for one in sources} for key, sources in self.ledger.carriers.items()}
        return self._mask(key for key, kinds in carried.items() if len(kinds) == 2)

    @cached_property
    def releases(self) -> tuple[str, ...]:
        """Publications of official statistics, the oldest first: layers of what they say. The lowest is nobody's."""
        sources = [(one.layout, one.id) for one in self.partnership.sources.values()]
        dated = [
            (layout.released, layout.release, id_) for layout, id_ in sources if isinstance(layout, OfficialStatistics)
        ]
        return ("", *(id_ for _, _, id_ in sorted(dated)))

    @cached_property
    def said(self) -> Layers:
        """What each release says of every figure of the year."""
        return self._layers(self.official)

    @cached_property
    def newest(self) -> tuple[Column, Mask]:
        """What the newest release with a value says of every figure of the year, and where there is one."""
        top = last(self.said.known)[None]
        return np.take_along_axis(self.said.values, top, axis=0)[0], self.said.known.any(axis=0)

    @cached_property
    def exact(self) -> Mask:
        """Which releases say what is printed of a figure of the year, at the decimals printed."""
        exact = self.said.known & self.known
        release, *figure = np.nonzero(exact)
        at = At(*figure)
        exact[release, *at] = rounded(self.said.values[release, *at], self.decimals[at]) == self.values[at]
        return exact

    @cached_property
    def said_before(self) -> Layers:
        """What each release says of every figure of the year before."""
        return self._layers(self.official_before)

    def _layers(self, official: Mapping[Key, Sequence[Observation]]) -> Layers:
        of: dict[str, dict[Key, Observation]] = {release: {} for release in self.releases}
        for key, said in official.items():
            for one in said:
                of[one.source][key] = one
        return Layers(*(np.stack(of_all) for of_all in zip(*map(self.grids, of.values()), strict=True)))

    def grids(self, given: Mapping[Key, Figure | Observation]) -> Layers:
        """Lay figures or observations out, with what is known of each."""
        values = {key: one.value for key, one in given.items() if one.value is not None}
        return Layers(self._grid(values, NOUGHT), self._mask(values), self._mask(given))

    @cached_property
    def asked_twice(self) -> Mask:
        """Figures for which several sources are asked."""
        return self._mask(key for key in self.ledger.carriers if len(self.ledger.due(key)) > 1)

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.row), len(self.column)

    def _grid(self, cells: Mapping[Key, object], nothing: object) -> Column:
        grid: Column = np.full(self._shape, nothing, dtype=object)
        for key in self._placed(cells):
            grid[self.row[key[0]], self.column[key[1]]] = cells[key]
        return grid

    def _mask(self, keys: Iterable[Key]) -> Mask:
        mask: Mask = np.zeros(self._shape, dtype=bool)
        for area, measure in self._placed(keys):
            mask[self.row[area], self.column[measure]] = True
        return mask

    def _placed(self, keys: Iterable[Key]) -> Iterator[Key]:
        """Those that have a place: an earlier period may have had areas and measures that this one does not."""
        return (key for key in keys if key[0] in self.row and key[1] in self.column)

    def columns(self, *measures: str) -> Places:
        """Where some measures stand in every grid."""
        return np.array([self.column[name] for name in measures], dtype=np.intp)

    def areas(self, rule: Rule, *measures: str) -> Places:
        """Areas in which a rule is asked: all that have its measures, or those among them that the rule names."""
        columns = self.columns(*measures)
        return np.flatnonzero(self._named(rule) & self.kept[:, columns].all(axis=1) & self.askable[:, columns[0]])

    def asked(self, rule: Rule, *measures: str, of: Mask | None = None) -> At:
        """Figures that a rule asks about: of each measure those of its areas for which we ask a source of our own.

        ``of`` asks about others than those.
        """
        columns = self.columns(*measures)
        asked = self.askable & self.kept & (self.asked_of_us if of is None else of) & self._named(rule)[:, None]
        which, areas = np.nonzero(asked[:, columns].T)
        return At(areas, columns[which])

    def _named(self, rule: Rule) -> Mask:
        return np.array([not rule.areas or area in rule.areas for area in self.row], dtype=bool)

    def value_in(self, areas: Places, measure: str) -> Column:
        """A measure's values in some areas."""
        return self.values[areas, self.column[measure]]

    def known_in(self, areas: Places, *measures: str) -> Mask:
        """In which areas all of some measures have a value."""
        return self.known[np.ix_(areas, self.columns(*measures))].all(axis=1)

    def kept_in(self, areas: Places, *measures: str) -> Mask:
        """In which areas all of some measures are kept."""
        return self.kept[np.ix_(areas, self.columns(*measures))].all(axis=1)

    def is_asked(self, area: str, measure: str) -> bool:
        """Is some source of the partnership's own asked for a figure?"""
        return bool(self.asked_of_us[self.row[area], self.column[measure]])

    # Single figures, to be put into words

    def has(self, key: Key) -> bool:
        """Has a figure a value?"""
        return self.value(key) is not None

    def figure_id(self, area: str, measure: str) -> str:
        return f"{area}.{measure}.{self.period}"

    def value(self, key: Key) -> Decimal | None:
        figure = self.figures.get(key)
        return figure.value if figure else None

    def shown(self, area: str, measure: str) -> str:
        """What stands in print for a figure."""
        figure = self.figures.get((area, measure))
        return figure.display if figure else display(None, "")

    def as_measured(self, area: str, measure: str, value: Decimal | None, symbol: str = "") -> str:
        """Show any value as its measure is printed for an area."""
        m = self.measure(measure)
        return display(value, symbol, m.unit, m.decimals_for(area), m.statistic)

    def side(self, key: Key, label: str = "") -> ValueBeside:
        """Lay one figure beside others, with the places that it comes from."""
        figure = self.figures.get(key)
        told = figure.display if figure else display(None, "")
        behind = figure.observations if figure else ()
        return ValueBeside(label or self.measure(key[1]).title, told, self.places(behind))

    def places(self, ids: Iterable[str]) -> str:
        """Where observations stand: the first, and how many more."""
        found = [self.ledger.observations[one].place.words for one in ids if one in self.ledger.observations]
        return f"{found[0]} and {len(found) - 1} more" if len(found) > 1 else found[0] if found else ""

    @cached_property
    def printed(self) -> frozenset[str]:
        """Every ``<area>.<measure>`` that the report prints, in its own place or inside another's label."""
        refs = {ref for section in self.partnership.sections for ref in section.figures}
        inside = {
            f"{area}.{name}"
            for area, _, measure in (ref.partition(".") for ref in refs)
            for name in label_refs(self.measure(measure).label)
        }
        return frozenset(refs | inside)

    @cached_property
    def is_printed(self) -> Mask:
        """The same as a grid."""
        return self._mask((area, measure) for area, _, measure in (ref.partition(".") for ref in self.printed))

    @cached_property
    def population(self) -> str:
        """The measure per which boroughs are compared; empty where no rule names one."""
        return next((rule.per for rule in self.partnership.rules if isinstance(rule, FairComparison)), "")

    def heads(self, measure: str, areas: Places) -> Column:
        """What a measure's values are divided by before areas are compared: people for counts, else one."""
        if not self.population or not is_count(self.measure(measure)) or measure == self.population:
            return np.full(len(areas), Decimal(1), dtype=object)
        return self.value_in(areas, self.population)

    def lacking(self, area: str, measures: Iterable[str]) -> str:
        """Say which inputs have no value, and why, or nothing when all have one."""
        reasons = []
        for name in dict.fromkeys(measures):
            figure = self.figures.get((area, name))
            if figure is None or figure.value is None:
                reasons.append(f"{self.measure(name).title}: {no_value(figure)}")
        return f"{'; '.join(reasons)}." if reasons else ""

    def lacking_in(self, areas: Iterable[Area], measure: str) -> str:
        """Say in which areas a figure has no value, or nothing where all have one."""
        title = self.measure(measure).title
        lacking = [area for area in areas if not self.has((area.id, measure))]
        told = [f"{title} in {area.name}: {no_value(self.figures.get((area.id, measure)))}" for area in lacking]
        return f"{'; '.join(told)}." if told else ""


def is_count(measure: Measure) -> bool:
    """Does a measure count something, so that a larger borough has more of it?"""
    return measure.statistic in ("flow", "distinct", "stock", "mean") and not is_percent(measure.unit)


def no_value(figure: Figure | None) -> str:
    """Say why a figure has no value, without saying which it would be."""
    if figure is None or not figure.symbol:
        return "not received"
    return f"suppressed ({figure.symbol})" if is_suppressed(figure.symbol) else f"not available ({figure.symbol})"


def _official(
    partnership: Partnership, period: Quarter | ReportingYear, observations: Iterable[Observation]
) -> dict[Key, tuple[Observation, ...]]:
    found: dict[Key, dict[str, Observation]] = defaultdict(dict)
    for one in observations:
        if is_official(partnership.sources[one.source]) and one.period == str(period):
            found[one.area, one.measure].setdefault(one.source, one)
    return {key: tuple(sorted(by.values(), key=lambda one: released(partnership, one))) for key, by in found.items()}


def released(partnership: Partnership, observation: Observation) -> tuple[str, str]:
    """When the publication of an observation came out, in an order that texts have."""
    return getattr(partnership.sources[observation.source].layout, "released", ""), observation.release
