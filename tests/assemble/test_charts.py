"""Charts of a draft: what they show is what is printed, can be read back, and can be set; what is hidden is nowhere."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from config.colours import contrast
from config.model import Chart as ChartOrder
from config.periods import Quarter
from tasks.assemble import combine, draft_section, read_charts, set_points
from tasks.assemble.chart_parts import drawing, number_format, workbook
from tasks.assemble.charting import description
from tasks.assemble.charts import drafted_points
from tasks.assemble.values import Chart, Plotted, Series, printed_like, printed_number
from tasks.measures import display
from tests.assemble.invented import RUN, YEAR, context_of
from tests.assemble.test_draft import W, with_text
from tests.programs import OFFICE, needs_office, run_office

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SNAPSHOT = "eastmere-snapshot"


def parts_of(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def snapshot(partnership, given):  # noqa: ANN201 - a context
    return context_of(partnership, SNAPSHOT, given)


@pytest.fixture(scope="module")
def parts(snapshot) -> dict[str, bytes]:
    return parts_of(draft_section(snapshot))


def test_points_are_read_back_with_their_figures_as_printed(parts: dict[str, bytes]) -> None:
    assert [(point.figure_id, point.label, point.text) for point in read_charts(parts)] == [
        ("eastmere.cin_open.2023-24", "Children in need", "1,487"),
        ("eastmere.cp_plans_open.2023-24", "Children on a plan", "158"),
        ("eastmere.referrals.2023-24-Q1", "Referrals, April to June", "554"),
        ("eastmere.referrals.2023-24-Q2", "Referrals, July to September", "<5"),
        ("eastmere.referrals.2023-24-Q3", "Referrals, October to December", "561"),
        ("eastmere.referrals.2023-24-Q4", "Referrals, January to March", "562"),
        ("eastmere.early_help_assessments.2023-24-Q1", "Early help assessments, April to June", "131"),
        ("eastmere.early_help_assessments.2023-24-Q2", "Early help assessments, July to September", "118"),
        ("eastmere.early_help_assessments.2023-24-Q3", "Early help assessments, October to December", "127"),
        ("eastmere.early_help_assessments.2023-24-Q4", "Early help assessments, January to March", "121"),
    ]
    assert {point.where for point in read_charts(parts)} == {"Charts"}
    assert [point.text for point in drafted_points(parts)] == [point.text for point in read_charts(parts)]


def test_a_hidden_number_is_a_gap_with_a_note(snapshot, partnership, given) -> None:
    told = given.quarters["eastmere.referrals.2023-24-Q2"]
    leaky = given.quarters | {told.id: replace(told, value=Decimal("4.4321"))}  # the open register has no value at all
    docx = draft_section(context_of(partnership, SNAPSHOT, given.but(quarters=leaky)))
    inside = [parts_of(data) for name, data in parts_of(docx).items() if name.endswith(".xlsx")]
    everything = b"".join([*parts_of(docx).values(), *(data for book in inside for data in book.values())])
    assert b"4.4321" not in everything
    line = snapshot.charts[1]
    assert "Not shown: Referrals in July to September (a number smaller than 5" in line.note
    assert "1 not shown" in description(line)
    series = etree.fromstring(parts_of(docx)["word/charts/chart2.xml"]).find(f".//{C}ser")
    assert [pt.get("idx") for pt in series.find(f"{C}val").iter(f"{C}pt")] == ["0", "2", "3"]


def test_queried_and_illustrative_figures_are_named_under_the_chart(snapshot, partnership, given) -> None:
    assert snapshot.charts[0].note == "At 31 March 2024. Queried: Children in need."
    money = context_of(partnership, "finance", given).charts[0]
    assert money.note.startswith("In the year to 31 March 2024. Illustrative: Contribution of Eastmere Council,")


def test_the_workbook_holds_what_is_drawn_and_which_figure_it_is(parts: dict[str, bytes]) -> None:
    sheet = load_workbook(io.BytesIO(parts["word/embeddings/Microsoft_Excel_Sheet2.xlsx"])).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == [
        None,
        "Referrals",
        "Early help assessments",
        "Figure: Referrals",
        "Figure: Early help assessments",
    ]
    assert rows[1][:4] == ["April to June", 554, 131, "eastmere.referrals.2023-24-Q1"]
    assert rows[2][1] is None
    root = etree.fromstring(parts["word/charts/chart2.xml"])
    assert [one.text for one in root.iter(f"{C}f")] == [
        *("Figures!$B$1", "Figures!$A$2:$A$5", "Figures!$B$2:$B$5"),
        *("Figures!$C$1", "Figures!$A$2:$A$5", "Figures!$C$2:$C$5"),
    ]


def test_a_chart_with_nothing_to_compare_is_left_out(partnership, given) -> None:
    first = context_of(partnership, partnership.section(SNAPSHOT), given, Quarter(2023, 1))
    assert "eastmere-snapshot/referrals-by-quarter" not in [chart.name for chart in first.charts]
    nothing = context_of(partnership, SNAPSHOT, given.but(figures={}, quarters={}))
    assert nothing.charts == ()


def test_a_figure_of_another_date_is_not_drawn_beside_others(partnership, given) -> None:
    old = replace(given.figures["eastmere.cp_plans_open"], wording="at 31 March 2023")
    money = ["eastmere.cin_open", "eastmere.cp_plans_open", "eastmere.population_under_18"]
    order = ChartOrder(id="stocks", title="Children", kind="bar", figures=tuple(money))
    section = partnership.section(SNAPSHOT).model_copy(update={"charts": (order,)})
    (chart,) = context_of(
        partnership, section, given.but(figures=given.figures | {"eastmere.cp_plans_open": old})
    ).charts
    assert [point.number for point in chart.series[0].points] == [1487, None, 20116]
    assert "Not shown: Children on a plan (of another date)." in chart.note


def test_a_bar_of_a_figure_that_is_in_no_line_has_a_row_in_the_sources(partnership, given) -> None:
    order = ChartOrder(id="x", title="Children", kind="bar", figures=("eastmere.cin_open", "eastmere.cp_plans_open"))
    section = partnership.section("working-together").model_copy(update={"charts": (order,)})
    context = context_of(partnership, section, given)
    assert [row.id for row in context.sources] == ["eastmere.cin_open.2023-24", "eastmere.cp_plans_open.2023-24"]
    assert context.open_findings == ()  # they are the other section's to settle


def test_the_description_says_values_extremes_and_direction(snapshot) -> None:
    columns, lines = map(description, snapshot.charts)
    assert columns == (
        "Column chart. Children in need 1,487, Children on a plan 158. "
        "Highest: Children in need. Lowest: Children on a plan."
    )
    assert lines == (  # all eight would be too long to be read out
        "Line chart. Referrals: 554 at April to June, 562 at January to March; 1 not shown. "
        "Early help assessments: 131 at April to June, 121 at January to March."
    )
    referrals = replace(snapshot.charts[1], series=snapshot.charts[1].series[:1])
    assert description(referrals) == (
        "Line chart. April to June 554, July to September not shown, October to December 561, January to March 562. "
        "Higher at the end than at the start."
    )


def test_every_chart_has_a_title_a_description_and_a_caption_kept_with_it(parts: dict[str, bytes]) -> None:
    root = etree.fromstring(parts["word/document.xml"])
    found = [one for one in root.iter() if one.tag.endswith("}docPr")]
    assert [one.get("title") for one in found] == [
        "Children in need and children on a plan",
        "Referrals and early help in each quarter",
    ]
    assert all(len(one.get("descr")) > 60 for one in found)
    for one in found:
        paragraph = next(one.iterancestors(f"{W}p"))
        assert "".join(paragraph.getprevious().itertext(f"{W}t")) == one.get("title")
        assert paragraph.getprevious().find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "Caption"


def test_the_combined_report_draws_every_chart_of_its_sections_once(partnership, contexts) -> None:
    report = parts_of(combine(partnership, YEAR, contexts, RUN))
    points = read_charts(report)
    assert len({chart.name for context in contexts for chart in context.charts}) == 3
    assert [p.figure_id for p in points] == [
        point.figure_id for context in contexts for point in read_charts(parts_of(draft_section(context)))
    ]
    names = [name for name in report if name.startswith("word/charts/chart")]
    assert len(names) == len([name for name in report if name.endswith(".xlsx")]) == 3
    ids = re.findall(rb'<wp:docPr[^>]* id="(\d+)"', report["word/document.xml"])
    assert len(ids) == len(set(ids)) == 3


# Edited by hand


def test_a_number_changed_in_the_chart_is_read_as_it_says_now(snapshot) -> None:
    docx = with_text(draft_section(snapshot), "<c:v>1487</c:v>", "<c:v>1500.5</c:v>", "word/charts/chart1.xml")
    changed = [(one.text, one.drafted) for one in read_charts(parts_of(docx)) if one.text != one.drafted]
    assert changed == [("1,500.5", "1,487")]


def test_a_number_taken_out_and_one_added_are_seen(snapshot) -> None:
    docx = draft_section(snapshot)
    gone = with_text(docx, '<c:pt idx="0"><c:v>1487</c:v></c:pt>', "", "word/charts/chart1.xml")
    assert [one.text for one in read_charts(parts_of(gone))][:2] == ["", "158"]
    typed = with_text(
        docx,
        '<c:pt idx="2"><c:v>561',
        '<c:pt idx="1"><c:v>3</c:v></c:pt><c:pt idx="2"><c:v>561',
        "word/charts/chart2.xml",
    )
    assert ("3", "<5") in [(one.text, one.drafted) for one in read_charts(parts_of(typed))]


def test_a_chart_is_known_by_its_labels_where_a_program_renames_it(snapshot) -> None:
    docx = with_text(draft_section(snapshot), 'name="eastmere-snapshot/open-cases"', 'name="Chart 7"')
    assert read_charts(parts_of(docx))[0].figure_id == "eastmere.cin_open.2023-24"
    foreign = with_text(docx, "Children in need</c:v>", "Something else</c:v>", "word/charts/chart1.xml")
    assert read_charts(parts_of(foreign))[0].figure_id == ""


def test_points_follow_their_labels_when_rows_are_put_into_another_order(snapshot) -> None:
    docx = draft_section(snapshot)
    for old, new in (
        ("Children in need", "@"),
        ("Children on a plan", "Children in need"),
        ("@", "Children on a plan"),
    ):
        docx = with_text(docx, f"<c:v>{old}</c:v>", f"<c:v>{new}</c:v>", "word/charts/chart1.xml")
    told = {one.figure_id: one.text for one in read_charts(parts_of(docx))[:2]}
    assert told == {"eastmere.cin_open.2023-24": "158", "eastmere.cp_plans_open.2023-24": "1,487"}


# Set to other figures

NEW = {"eastmere.cin_open.2023-24": "1,521.5", "eastmere.early_help_assessments.2023-24-Q3": "c"}


def test_points_are_set_in_the_drawing_the_workbook_and_the_description(parts: dict[str, bytes]) -> None:
    found = set_points(parts, NEW)
    told = {one.figure_id: one.text for one in read_charts(found)}
    assert {id_: told[id_] for id_ in NEW} == NEW
    assert {id_: text for id_, text in told.items() if id_ not in NEW} == {
        one.figure_id: one.text for one in read_charts(parts) if one.figure_id not in NEW
    }
    assert [one.drafted for one in read_charts(found)] == [one.text for one in read_charts(found)]
    sheet = load_workbook(io.BytesIO(found["word/embeddings/Microsoft_Excel_Sheet2.xlsx"])).active
    assert [cell.value for cell in sheet["C"]] == ["Early help assessments", 131, 118, None, 121]
    assert b"Children in need 1,521.5, Children on a plan 158" in found["word/document.xml"]
    assert b'formatCode="#,##0.0"' in found["word/charts/chart1.xml"]
    assert {name for name in parts if parts[name] != found[name]} == {
        "customXml/item1.xml",
        "word/document.xml",
        *(f"word/charts/chart{n}.xml" for n in (1, 2)),
        *(f"word/embeddings/Microsoft_Excel_Sheet{n}.xlsx" for n in (1, 2)),
    }


def test_setting_what_is_there_already_changes_no_byte(parts: dict[str, bytes], given) -> None:
    assert set_points(parts, {}) == parts
    assert set_points(parts, {one.id: one for one in [*given.figures.values(), *given.quarters.values()]}) == parts
    once = set_points(parts, NEW)
    assert set_points(once, NEW) == once


def test_set_points_can_be_set_back(parts: dict[str, bytes]) -> None:
    back = set_points(set_points(parts, NEW), {one.figure_id: one.text for one in read_charts(parts)})
    assert read_charts(back) == read_charts(parts)
    assert back["word/embeddings/Microsoft_Excel_Sheet1.xlsx"] == parts["word/embeddings/Microsoft_Excel_Sheet1.xlsx"]


# Laws

VALUES = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=3)
PRINTED = st.builds(
    display,
    VALUES,
    st.just(""),
    st.sampled_from(["percent", "pounds", "children"]),
    st.integers(0, 3),
    st.sampled_from(["percentage", "finance", "flow"]),
)


@for_all(PRINTED)
def test_a_printed_figure_and_its_number_say_the_same(text: str) -> None:
    number = printed_number(text)
    assert number is not None
    assert printed_like(number, text).replace("-0", "0") == text.replace("-0", "0") or number == 0
    assert number_format(text).count("0") >= 1


@for_all(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30), PRINTED),
        min_size=1,
        max_size=8,
    )
)
def test_drawing_and_workbook_hold_the_printed_numbers_whatever_the_labels(points: list[tuple[str, str]]) -> None:
    from config.model import Look

    plotted = tuple(Plotted(f"a.b{n}.2023-24", label, text) for n, (label, text) in enumerate(points))
    chart = Chart("s/c", "Title", "bar", (Series("Title", plotted),), "", "")
    look = Look(dark="12305B", accent="00696B", alert="B4380E")
    root = etree.fromstring(drawing(chart, look))
    assert [Decimal(one.text) for one in root.find(f".//{C}val").iter(f"{C}v")] == [p.number for p in plotted]
    assert drawing(chart, look) == drawing(chart, look)
    assert workbook(chart.series) == workbook(chart.series)


def test_colours_of_bars_and_lines_stand_out_from_the_page(partnership) -> None:
    look = partnership.profile.look
    assert min(contrast(colour, "FFFFFF") for colour in (look.dark, look.accent, look.alert)) >= 3


@needs_office
def test_libreoffice_keeps_which_figure_each_point_is(parts: dict[str, bytes], snapshot, tmp_path: Path) -> None:
    assert OFFICE
    (tmp_path / "draft.docx").write_bytes(draft_section(snapshot))
    run_office(tmp_path, "docx:MS Word 2007 XML", tmp_path / "draft.docx", tmp_path / "saved")
    kept = parts_of((tmp_path / "saved/draft.docx").read_bytes())
    assert [(p.figure_id, p.text) for p in read_charts(kept)] == [(p.figure_id, p.text) for p in read_charts(parts)]
    assert [p.text for p in read_charts(set_points(kept, NEW)) if p.figure_id in NEW] == list(NEW.values())
