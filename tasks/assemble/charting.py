"""Which figures does a chart of a section show, and what does it say to somebody who cannot see it?

Belongs here: choosing the points of a chart, its note and its description in words. Does not belong here: drawing it
(``tasks.assemble.chart_parts``), and its place in a document (``tasks.assemble.charts``).

A chart shows open figures alone, as they are printed. What is hidden, was not received, or is of another date than the
figures beside it is a gap with a note, never a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from config.model import Chart as ChartOrder
from config.model import Section
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear, Return, day_words
from tasks.assemble.queries import ILLUSTRATIVE, symbol_words
from tasks.assemble.values import Chart, Plotted, Series, clean, printed_number
from tasks.measures import is_snapshot
from tasks.model import Figure
from tasks.words import listed, upper_first

NOT_RECEIVED = "not received"
ANOTHER_DATE = "of another date"
MOST_CHARACTERS = 250
"""Of an alternative text: screen readers read it in one go, and Word's checker asks for less."""
KINDS = {"bar": "Bar chart", "column": "Column chart", "line": "Line chart"}


def beside_refs(section: Section, period: Return, figures: Mapping[str, Figure]) -> list[str]:
    """Figures of the period that bars of the section show; in a quarter, those that there are."""
    refs = dict.fromkeys(ref for chart in section.charts if chart.kind != "line" for ref in chart.figures)
    return [ref for ref in refs if ref in figures or isinstance(period, ReportingYear)]


def charts_of(
    partnership: Partnership,
    section: Section,
    period: Return,
    figures: Mapping[str, Figure],
    quarters: Mapping[str, Figure],
    queried: Iterable[str] = (),
) -> tuple[Chart, ...]:
    """The charts of a section that have anything to show: two numbers at least.

    ``figures`` are the period's by ``<area>.<measure>``, ``quarters`` the open figures of quarters before by their ids,
    ``queried`` ids of figures that a person has to look at.
    """
    found = []
    for order in section.charts:
        chart = _Chart(partnership, section, period, order, figures, quarters, frozenset(queried)).drawn()
        numbers = [one for series in chart.series for one in series.points if one.number is not None]
        if len(numbers) > 1 and (order.kind != "line" or len({one.label for one in numbers}) > 1):
            found.append(chart)
    return tuple(found)


class _Chart:
    """One chart while it is put together."""

    def __init__(
        self,
        partnership: Partnership,
        section: Section,
        period: Return,
        order: ChartOrder,
        figures: Mapping[str, Figure],
        quarters: Mapping[str, Figure],
        queried: frozenset[str],
    ) -> None:
        self.partnership, self.section, self.period, self.order = partnership, section, period, order
        self.figures, self.quarters, self.queried = figures, quarters, queried
        self.by_area = len({ref.split(".")[0] for ref in order.figures}) > 1
        measures = partnership.measures
        self.on_a_day = all(is_snapshot(measures[ref.split(".")[1]], measures) for ref in order.figures)
        self.gaps: dict[str, list[str]] = {}
        self.flagged: dict[str, list[str]] = {}
        self.when: dict[str, None] = {}

    def drawn(self) -> Chart:
        series = self._lines() if self.order.kind == "line" else (self._bars(),)
        return Chart(
            name=f"{self.section.id}/{self.order.id}",
            title=clean(self.order.title),
            kind=self.order.kind,
            series=series,
            note=self._note(),
            behind=self._behind(series) if self.order.kind == "line" else "",
        )

    def _bars(self) -> Series:
        there = [(ref, self.figures.get(ref)) for ref in self.order.figures]
        if isinstance(self.period, Quarter):
            there = [(ref, figure) for ref, figure in there if figure]
        when = next((figure.wording for _, figure in there if figure and _is_number(figure)), "")
        points = [self._point(ref, str(self.period), self._name(ref), figure, when) for ref, figure in there]
        return Series(clean(self.order.title), tuple(points))

    def _lines(self) -> tuple[Series, ...]:
        last = self.period.number if isinstance(self.period, Quarter) else 4
        found = []
        for ref in self.order.figures:
            points = []
            for quarter in self.period.year.quarters[:last]:
                own = quarter == self.period
                figure = self.figures.get(ref) if own else self.quarters.get(f"{ref}.{quarter}")
                words = day_words(quarter.last_day) if self.on_a_day else quarter.words
                label = words.rsplit(" ", 1)[0]
                points.append(self._point(ref, str(quarter), label, figure, figure.wording if figure else ""))
            found.append(Series(self._name(ref), tuple(points)))
        self.when = {self._quarters_words(last): None}
        return tuple(found)

    def _point(self, ref: str, period: str, label: str, figure: Figure | None, when: str) -> Plotted:
        text, name = _printed(figure), label
        if self.order.kind == "line" and len(self.order.figures) > 1:
            name = f"{self._name(ref)} in {label}"
        if figure and _is_number(figure) and figure.wording != when:
            text = ANOTHER_DATE
        if printed_number(text) is None:
            words = text if text in (NOT_RECEIVED, ANOTHER_DATE) or not figure else symbol_words(figure.symbol or text)
            self.gaps.setdefault(words, []).append(name)
        elif figure:
            self.when.setdefault(figure.wording)
            if figure.id in self.queried:
                self.flagged.setdefault("Queried", []).append(name)
            if figure.illustrative:
                self.flagged.setdefault(ILLUSTRATIVE, []).append(name)
        area = self.partnership.areas[ref.split(".")[0]]
        return Plotted(
            f"{ref}.{period}", clean(label), clean(text), beside=area.kind in ("region", "nation", "neighbour")
        )

    def _behind(self, series: tuple[Series, ...]) -> str:
        spans = ((one.points[0].id, one.points[-1].id.rpartition("-")[2]) for one in series)
        return ", ".join(f"{first} to {last}" if len(series[0].points) > 1 else first for first, last in spans)

    def _name(self, ref: str) -> str:
        area, _, measure = ref.partition(".")
        return clean(self.partnership.areas[area].name if self.by_area else self.partnership.measures[measure].title)

    def _quarters_words(self, last: int) -> str:
        first, end = self.period.year.quarters[0], self.period.year.quarters[last - 1]
        span = f"{first.words.split(' to ')[0]} {first.start_year} to {end.words.split(' to ')[1]}"
        return f"on the last day of each quarter, {span}" if self.on_a_day else f"in each quarter, {span}"

    def _note(self) -> str:
        sentences = [upper_first(listed([one for one in self.when if one]))]
        sentences += [f"{flag}: {listed(names)}" for flag, names in self.flagged.items()]
        sentences += [f"Not shown: {listed(names)} ({words})" for words, names in self.gaps.items()]
        return clean(" ".join(f"{one}." for one in sentences if one))


def _is_number(figure: Figure) -> bool:
    return figure.status != "not_received" and printed_number(figure.display) is not None


def _printed(figure: Figure | None) -> str:
    if figure is None or figure.status == "not_received":
        return NOT_RECEIVED
    return figure.display or figure.symbol or "withheld"


# In words


def description(chart: Chart) -> str:
    """What the chart shows, for somebody who cannot see it: values as printed, highest, lowest, direction."""
    detailed = _with_all_values(chart)
    if len(chart.title) + len(detailed) < MOST_CHARACTERS:
        return detailed
    brief = (_ends(one) if chart.kind == "line" else " ".join(_extremes(one, texts=True)) for one in chart.series)
    return " ".join([f"{KINDS[chart.kind]}.", *filter(None, brief)])


def _with_all_values(chart: Chart) -> str:
    several = len(chart.series) > 1
    told = []
    for one in chart.series:
        said = ((point.label, point.text if point.number is not None else "not shown") for point in one.points)
        values = ", ".join(f"{label} {text}" for label, text in said)
        told.append(f"{one.name}: {values}." if several else f"{values}.")
        told += _direction(one) if chart.kind == "line" else _extremes(one)
    return " ".join([f"{KINDS[chart.kind]}.", *told])


def _extremes(series: Series, *, texts: bool = False) -> list[str]:
    shown = [(point.number, point) for point in series.points if point.number is not None]
    highest, lowest = (pick(number for number, _ in shown) for pick in (max, min)) if shown else (None, None)
    if highest == lowest:
        return ["All are the same."] if len(shown) > 1 else []
    names = [
        listed([f"{point.label} {point.text}" if texts else point.label for number, point in shown if number == one])
        for one in (highest, lowest)
    ]
    return [f"Highest: {names[0]}. Lowest: {names[1]}."]


def _ends(series: Series) -> str:
    """From which figure to which a line goes, where there is no room for all."""
    shown = [point for point in series.points if point.number is not None]
    if not shown:
        return ""
    gaps = len(series.points) - len(shown)
    not_shown = f"; {gaps} not shown" if gaps else ""
    return f"{series.name}: {shown[0].text} at {shown[0].label}, {shown[-1].text} at {shown[-1].label}{not_shown}."


def _direction(series: Series) -> list[str]:
    shown = [point.number for point in series.points if point.number is not None]
    if len(shown) < 2:
        return []
    first, last = shown[0], shown[-1]
    if first == last:
        return ["The same at the end as at the start."]
    return [f"{'Higher' if last > first else 'Lower'} at the end than at the start."]
