"""What is a chart in a Word file: the drawing with the numbers it shows, and the workbook that "Edit data" opens.

Belongs here: a chart's two parts as bytes, always the same from the same chart, and putting them into a document.
Does not belong here: which figures it shows (``tasks.assemble.charting``), and reading it back
(``tasks.assemble.charts``).

Numbers are those that are printed, never the register's own behind them: a label made of a number with more digits
could round it once more. What has no number is a gap, in the drawing and in the workbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap
from lxml import etree

from config.model import Look
from tasks.assemble.charting import description
from tasks.assemble.values import CHART, Chart, Series
from templates.word import FOLDER
from templates.word.build import OFFICE, PACKAGE, pack
from templates.word.markup import DECLARATION
from templates.word.styles import MUTED, TEXT

SHEET = "Figures"
SYMBOLS, DASHES = ("circle", "square", "triangle", "diamond"), ("solid", "dash", "sysDot", "lgDashDot")
"""Lines differ in markers and dashes too, not in colour alone."""

WIDTH = 6_120_000
"""Of a chart, in English Metric Units (360,000 a centimetre): the text between the margins."""
LETTER = 0.0125
"""Width of a letter of 12 points, on average, in parts of that."""
LINE_HEIGHT, COLUMN_HEIGHT, BAR_HEIGHT = 2_100_000, 2_400_000, 380_000

_W, _WP = f"{{{nsmap['w']}}}", f"{{{nsmap['wp']}}}"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE = f"{_SPREADSHEET}.sheet"


def drawing(chart: Chart, look: Look) -> bytes:
    """The chart part: bars, or lines with a marker for each quarter, each with the figure as printed beside it."""
    colours = (look.dark, look.accent, look.alert, MUTED)
    labels = [point.label for point in chart.series[0].points]
    places = _label_places(chart)
    series = [
        {
            "name": one.name,
            "name_at": f"{SHEET}!${_column(n)}$1",
            "values_at": f"{SHEET}!${_column(n)}$2:${_column(n)}${len(labels) + 1}",
            "colour": colours[n % len(colours)] if chart.kind == "line" else look.accent,
            "symbol": SYMBOLS[n % len(SYMBOLS)],
            "dash": DASHES[n % len(DASHES)],
            "format": series_format(one),
            "label_place": places[n],
            "points": [
                {"index": i, "number": point.number, "format": number_format(point.text), "beside": point.beside}
                for i, point in enumerate(one.points)
            ],
        }
        for n, one in enumerate(chart.series)
    ]
    numbers = [point.number for one in chart.series for point in one.points if point.number is not None]
    filled = _template().render(
        kind=chart.kind,
        lying=chart.kind == "bar",
        area=_area(chart),
        series=series,
        labels=labels,
        labels_at=f"{SHEET}!$A$2:$A${len(labels) + 1}",
        from_nought=min(numbers, default=Decimal(0)) >= 0,
        text=TEXT,
        muted=MUTED,
        dark=look.dark,
    )
    return str(filled).encode()


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string((FOLDER / "chart.xml").read_text(encoding="utf-8"))


def _area(chart: Chart) -> dict[str, float]:
    """Where bars and lines are drawn, in parts of the whole, so that there is room for labels beyond the highest."""
    if chart.kind == "bar":
        longest = max(len(point.label) for point in chart.series[0].points)
        left = round(min(0.03 + longest * LETTER, 0.45), 3)
        return {"x": left, "y": 0.02, "w": round(0.86 - left, 3), "h": 0.96}
    top = 0.27 if len(chart.series) > 1 else 0.14
    return {"x": 0.02, "y": top, "w": 0.96, "h": round(0.8 - top, 3)}


def _label_places(chart: Chart) -> list[str]:
    """Where labels stand: at the end of a bar; above the higher line and below the lower, so that they do not meet."""
    if chart.kind != "line":
        return ["outEnd"]
    means = [_mean(one) for one in chart.series]
    return ["b" if len(means) > 1 and mean == min(means) else "t" for mean in means]


def _mean(series: Series) -> Decimal:
    numbers = [point.number for point in series.points if point.number is not None]
    return sum(numbers, Decimal(0)) / len(numbers) if numbers else Decimal(0)


def number_format(text: str) -> str:
    """The format in which a spreadsheet prints a number as this figure is printed: ``#,##0.0"%"`` for 24.9%."""
    decimals = len(text.partition(".")[2].rstrip("%"))
    digits = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    pounds, percent = ('"£"' if "£" in text else ""), ('"%"' if "%" in text else "")
    return f"{pounds}{digits}{percent}"


def series_format(series: Series) -> str:
    """The format of most figures of a series; the others have one of their own."""
    formats = [number_format(point.text) for point in series.points if point.number is not None]
    return max(formats, key=formats.count) if formats else "General"


# Into a document


def draw_charts(document: Any, charts: Sequence[Chart], look: Look) -> tuple[Chart, ...]:
    """Put every chart in its place; those that the template has a place for, in order."""
    by_place = {chart.place: chart for chart in charts}
    drawings = [int(one.get("id", "0")) for one in document.element.body.iter(f"{_WP}docPr")]
    drawn: list[Chart] = []
    for text in list(document.element.body.iter(f"{_W}t")):
        if (text.text or "").startswith(CHART):
            chart = by_place[text.text]
            drawn.append(chart)
            run = text.getparent()
            run.replace(text, _inline(document, chart, look, len(drawn), max(drawings, default=0) + len(drawn)))
    return tuple(drawn)


def _inline(document: Any, chart: Chart, look: Look, number: int, drawing_id: int) -> Any:
    package = document.part.package
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, drawing(chart, look), package)
    book = PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx")
    part.relate_to(Part(book, _WORKBOOK_TYPE, workbook(chart.series), package), RELATIONSHIP_TYPE.PACKAGE)
    points = len(chart.series[0].points)
    heights = {"line": LINE_HEIGHT, "column": COLUMN_HEIGHT, "bar": BAR_HEIGHT * (points + 1)}
    found = etree.fromstring(
        f'<w:drawing xmlns:w="{nsmap["w"]}" xmlns:wp="{nsmap["wp"]}" xmlns:a="{nsmap["a"]}" xmlns:c="{nsmap["c"]}" '
        f'xmlns:r="{nsmap["r"]}"><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{WIDTH}" cy="{heights[chart.kind]}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{drawing_id}" name="{chart.name}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{nsmap["c"]}">'
        f'<c:chart r:id="{document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    about = found.find(f".//{_WP}docPr")
    about.set("title", chart.title)
    about.set("descr", description(chart))
    return found


# The workbook


def workbook(series: Sequence[Series]) -> bytes:
    """The workbook behind a chart: a row a label, a column a series; then, for people, which figure each cell is."""
    head = ["", *(one.name for one in series), *(f"Figure: {one.name}" for one in series)]
    rows = [_row(1, head)]
    for n, point in enumerate(series[0].points):
        numbers = [one.points[n].number for one in series]
        rows.append(_row(n + 2, [point.label, *numbers, *(one.points[n].id for one in series)]))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'{DECLARATION}<worksheet xmlns="{main}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
    book = (
        f'{DECLARATION}<workbook xmlns="{main}" xmlns:r="{OFFICE}/relationships"><sheets>'
        f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    types = (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SPREADSHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SPREADSHEET}.worksheet+xml"/></Types>'
    )
    return pack(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": _related("officeDocument", "xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels": _related("worksheet", "worksheets/sheet1.xml"),
            "xl/workbook.xml": book,
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def _related(kind: str, target: str) -> str:
    return (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/relationships/{kind}" Target="{target}"/></Relationships>'
    )


def _row(number: int, cells: Sequence[str | Decimal | None]) -> str:
    found = (_cell(f"{_letter(n)}{number}", cell) for n, cell in enumerate(cells) if cell not in ("", None))
    return f'<row r="{number}">{"".join(found)}</row>'


def _cell(at: str, content: str | Decimal | None) -> str:
    if isinstance(content, Decimal):
        return f'<c r="{at}"><v>{content:f}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(str(content))}</t></is></c>'


def _column(series: int) -> str:
    return _letter(series + 1)


def _letter(number: int) -> str:
    return chr(ord("A") + number)
