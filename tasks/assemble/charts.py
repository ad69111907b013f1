"""Which figure is each bar and point of a Word document, and does it still say what the register says?

Belongs here: reading charts back, and setting them to other figures. Does not belong here: what a chart shows
(``tasks.assemble.charting``), and drawing it (``tasks.assemble.chart_parts``).

Which figure a point is stands in the register inside the file, by the name of the drawing: programs keep both, and drop
nearly everything that could be written into the chart itself. Numbers are read from the chart, where an editor changes
them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from docx.oxml.ns import nsmap
from lxml import etree

from tasks.assemble.chart_parts import number_format, workbook
from tasks.assemble.charting import description
from tasks.assemble.figures import REGISTER
from tasks.assemble.values import Chart, Plotted, Series, printed_like
from tasks.model import Figure

_W, _R = f"{{{nsmap['w']}}}", f"{{{nsmap['r']}}}"
_WP, _C = f"{{{nsmap['wp']}}}", f"{{{nsmap['c']}}}"
DOCUMENT = "word/document.xml"
_MOST_DIGITS = 30
"""No figure has more; written out, a number with a large exponent would fill a machine's memory."""


@dataclass(frozen=True)
class ChartPoint:
    """One bar or point of a chart in a Word document."""

    figure_id: str
    """Empty where the point is none that was drafted: somebody added it."""
    label: str
    """``Eastmere``; of several lines ``Referrals, April to June``."""
    text: str
    """As the chart says now, written as it was printed; a symbol or words where it shows no number."""
    drafted: str
    """As it was drafted."""
    chart: str
    """The chart's title."""
    where: str
    """The heading that it stands under."""


# Reading back


@dataclass(frozen=True)
class _Drawn:
    """A chart as it stands in a document now."""

    part: str
    about: Any
    """The element that names and describes it."""
    root: Any
    where: str

    @property
    def series(self) -> list[Any]:
        return list(self.root.iter(f"{_C}ser"))


def read_charts(parts: Mapping[str, bytes]) -> tuple[ChartPoint, ...]:
    """Every point of every chart of a Word document, as the charts say now; ``parts`` are the file's by their names.

    A point of a drafted chart that shows no number any more has the text ``""``, one that never did what it stood for.
    Charts that are gone have no points here: ``drafted_points`` tells what there was.
    """
    drafted = _drafted(parts)
    found: list[ChartPoint] = []
    for drawn in _drawings(parts):
        chart = _known(drawn, drafted)
        found += _own_points(drawn, chart) if chart else _foreign_points(drawn)
    return tuple(found)


def drafted_points(parts: Mapping[str, bytes]) -> tuple[ChartPoint, ...]:
    """Every point that the charts of a document had when it was drafted, by the register inside the file."""
    return tuple(
        ChartPoint(point.id, _label(chart, series, point), point.text, point.text, chart.title, "")
        for chart in _drafted(parts)
        for series in chart.series
        for point in series.points
    )


def _own_points(drawn: _Drawn, chart: Chart) -> Iterator[ChartPoint]:
    now = drawn.series
    for series, element in zip(chart.series, now, strict=False):
        numbers, labels = _numbers(element), _strings(element, "cat")
        for index, point in enumerate(series.points):
            number = numbers.get(_position(labels, point, index))
            if number == point.number:
                text = point.text
            else:
                text = "" if number is None else printed_like(number, _pattern(series, point))
            label = _label(chart, series, point)
            yield ChartPoint(point.id, label, text, point.text, chart.title, drawn.where)
        known = {_position(labels, point, index) for index, point in enumerate(series.points)}
        yield from _added(element, chart.title, drawn.where, known)
    for element in now[len(chart.series) :]:
        yield from _added(element, chart.title, drawn.where, set())


def _foreign_points(drawn: _Drawn) -> Iterator[ChartPoint]:
    title = drawn.about.get("title") or drawn.about.get("name", "")
    for element in drawn.series:
        yield from _added(element, title, drawn.where, set())


def _added(element: Any, title: str, where: str, known: set[int]) -> Iterator[ChartPoint]:
    labels = _strings(element, "cat")
    for index, number in _numbers(element).items():
        if index not in known:
            yield ChartPoint("", labels.get(index, ""), printed_like(number, ""), "", title, where)


def _pattern(series: Series, point: Plotted) -> str:
    """A figure by which to write the number of a point: itself, or one beside it."""
    return next((one.text for one in (point, *series.points) if one.number is not None), "")


def _label(chart: Chart, series: Series, point: Plotted) -> str:
    return f"{series.name}, {point.label}" if len(chart.series) > 1 else point.label


def _position(labels: Mapping[int, str], point: Plotted, index: int) -> int:
    """Where a point stands now: under its label, where rows were put into another order."""
    return next((place for place, label in labels.items() if label == point.label), index)


def _drawings(parts: Mapping[str, bytes]) -> Iterator[_Drawn]:
    related = _relationships(parts, DOCUMENT)
    headings = _heading_styles(parts)
    heading = ""
    for element in _parsed(parts[DOCUMENT]).iter(f"{_W}p", f"{_C}chart"):
        if any(ancestor.tag.endswith("}Fallback") for ancestor in element.iterancestors()):
            continue
        if element.tag == f"{_W}p":
            style = element.find(f"{_W}pPr/{_W}pStyle")
            heading = "".join(element.itertext(f"{_W}t")) if _value(style) in headings else heading
            continue
        holder = next(element.iterancestors(f"{_WP}inline", f"{_WP}anchor"), None)
        part = related.get(element.get(f"{_R}id", ""), "")
        about = None if holder is None else holder.find(f"{_WP}docPr")
        if about is not None and part in parts:
            yield _Drawn(part, about, _parsed(parts[part]), heading)


def _known(drawn: _Drawn, drafted: Sequence[Chart]) -> Chart | None:
    """The chart that was drafted: by its name, or by its series and labels where a program gave it another name."""
    by_name = next((chart for chart in drafted if chart.name == drawn.about.get("name")), None)
    labels = [list(_strings(one, "cat").values()) for one in drawn.series]
    alike = (chart for chart in drafted if [[p.label for p in one.points] for one in chart.series] == labels)
    named = [_strings(one, "tx").get(0, "") for one in drawn.series]
    return by_name or next((chart for chart in alike if [one.name for one in chart.series] == named), None)


def _drafted(parts: Mapping[str, bytes]) -> tuple[Chart, ...]:
    """The charts that the register inside the file lists."""
    _, root = _register(parts)
    return () if root is None else tuple(_chart(element) for element in root.iter(f"{{{REGISTER}}}chart"))


def _chart(element: Any) -> Chart:
    def said(of: Any, name: str) -> str:
        return of.findtext(f"{{{REGISTER}}}{name}") or ""

    series: dict[str, list[Plotted]] = {}
    for one in element.iter(f"{{{REGISTER}}}point"):
        point = Plotted(said(one, "id"), said(one, "label"), said(one, "text"))
        series.setdefault(said(one, "series"), []).append(point)
    points = tuple(Series(name, tuple(points)) for name, points in series.items())
    kind: Any = said(element, "kind")
    return Chart(said(element, "name"), said(element, "title"), kind, points, note="", behind="")


def _register(parts: Mapping[str, bytes]) -> tuple[str, Any]:
    """The part that holds the register of the file, and its content; nothing where the file has none of ours."""
    for name in sorted(parts):
        if re.fullmatch(r"customXml/item\d+\.xml", name):
            root = _parsed(parts[name])
            if root.tag == f"{{{REGISTER}}}figures":
                return name, root
    return "", None


# Setting points to other figures


def set_points(parts: Mapping[str, bytes], figures: Mapping[str, Figure | str]) -> dict[str, bytes]:
    """The parts of a document in which charts show what figures are now; the very same parts where nothing differs.

    ``figures`` are by their ids: a figure of the register, or what is printed for it. The drawing, the workbook behind
    it, its description (unless somebody wrote another one) and the register inside the file are set.
    """
    found = dict(parts)
    document = _parsed(parts[DOCUMENT])
    name, register = _register(parts)
    elements = [] if register is None else list(register.iter(f"{{{REGISTER}}}chart"))
    drafted = tuple(_chart(element) for element in elements)
    described = False
    for drawn in _drawings(parts):
        chart = _known(drawn, drafted)
        if chart is None:
            continue
        texts = {point.figure_id: point.text for point in _own_points(drawn, chart) if point.figure_id}
        new = {id_: _printed(figures[id_]) for id_ in texts if id_ in figures and _printed(figures[id_]) != texts[id_]}
        if not new:
            continue
        changed = _with(chart, new)
        for series, element in zip(changed.series, drawn.series, strict=False):
            _set_series(element, series, new)
        found[drawn.part] = _written(drawn.root)
        for target in _relationships(parts, drawn.part).values():
            if target.endswith(".xlsx"):
                found[target] = workbook(changed.series)
        for about in document.iter(f"{_WP}docPr"):
            told = about.get("descr", "")
            if about.get("name") == drawn.about.get("name") and description(chart) in told:
                about.set("descr", told.replace(description(chart), description(changed)))
                described = True
        _set_register(elements[drafted.index(chart)], new)
        found[name] = _written(register)
    if described:
        found[DOCUMENT] = _written(document)
    return found


def _printed(figure: Figure | str) -> str:
    return figure if isinstance(figure, str) else figure.display


def _with(chart: Chart, texts: Mapping[str, str]) -> Chart:
    series = (
        replace(one, points=tuple(replace(point, text=texts.get(point.id, point.text)) for point in one.points))
        for one in chart.series
    )
    return replace(chart, series=tuple(series))


def _set_series(element: Any, series: Series, new: Mapping[str, str]) -> None:
    labels, cache = _strings(element, "cat"), element.find(f"{_C}val//{_C}numCache")
    for index, point in enumerate(series.points):
        if cache is None or point.id not in new:
            continue
        place = _position(labels, point, index)
        for old in [one for one in cache.iterfind(f"{_C}pt") if one.get("idx") == str(place)]:
            cache.remove(old)
        if point.number is not None:
            cell = etree.SubElement(cache, f"{_C}pt", {"idx": str(place)})
            etree.SubElement(cell, f"{_C}v").text = f"{point.number:f}"
            _set_format(element.find(f"{_C}dLbls"), place, number_format(point.text))
    if cache is not None:
        cache[:] = sorted(cache, key=lambda one: (one.tag == f"{_C}pt", int(one.get("idx", "0"))))


def _set_format(labels: Any, place: int, wanted: str) -> None:
    """Give the label of one point its own format where it differs from that of the others."""
    if labels is None:
        return
    of_all = labels.find(f"{_C}numFmt")
    own = next((one for one in labels.iterfind(f"{_C}dLbl") if _value(one.find(f"{_C}idx")) == str(place)), None)
    if own is not None and own.find(f"{_C}numFmt") is not None:
        own.find(f"{_C}numFmt").set("formatCode", wanted)
    elif of_all is not None and of_all.get("formatCode") != wanted:
        own = etree.Element(f"{_C}dLbl")
        etree.SubElement(own, f"{_C}idx", {"val": str(place)})
        for child in labels:
            if child.tag != f"{_C}dLbl":
                own.append(etree.fromstring(etree.tostring(child)))
        own.find(f"{_C}numFmt").set("formatCode", wanted)
        labels.insert(sum(int(_value(one.find(f"{_C}idx"))) < place for one in labels.iterfind(f"{_C}dLbl")), own)


def _set_register(element: Any, new: Mapping[str, str]) -> None:
    for point in element.iter(f"{{{REGISTER}}}point"):
        id_ = point.findtext(f"{{{REGISTER}}}id")
        if id_ in new:
            point.find(f"{{{REGISTER}}}text").text = new[id_]


# Parts


def _numbers(series: Any) -> dict[int, Decimal]:
    """The numbers that a series shows, by their places."""
    found: dict[int, Decimal] = {}
    for place, text in _strings(series, "val").items():
        try:
            number = Decimal(text)
        except InvalidOperation:
            continue
        if number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS:
            found[place] = number
    return found


def _strings(series: Any, name: str) -> dict[int, str]:
    holder = series.find(f"{_C}{name}")
    cells = () if holder is None else holder.iter(f"{_C}pt")
    return {int(one.get("idx")): one.findtext(f"{_C}v") or "" for one in cells if one.get("idx", "").isdecimal()}


def _relationships(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """What a part is related to inside the file: names of parts by their ids."""
    folder, file = posixpath.split(name)
    told = parts.get(f"{folder}/_rels/{file}.rels")
    found = {}
    for one in () if told is None else _parsed(told):
        if one.get("TargetMode") != "External":
            found[one.get("Id", "")] = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))[1:]
    return found


def _heading_styles(parts: Mapping[str, bytes]) -> set[str]:
    styles = _parsed(parts["word/styles.xml"]).iter(f"{_W}style") if "word/styles.xml" in parts else ()
    return {
        one.get(f"{_W}styleId", "")
        for one in styles
        if re.fullmatch(r"heading \d", _value(one.find(f"{_W}name")), re.IGNORECASE)
    }


def _value(element: Any) -> str:
    """The ``val`` of an element of Word or of a chart."""
    return "" if element is None else element.get(f"{_W}val") or element.get("val", "")


def _parsed(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
