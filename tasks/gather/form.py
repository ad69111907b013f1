"""Read a Word form: content controls by their tags, and tables of figures.

Belongs here: what of a document counts as written (tracked insertions do, deletions and prompts do not), and what tags
mean. Does not belong here: drafts that come back from editors.

Read with lxml: python-docx shows neither text in content controls nor tracked insertions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.layouts import Form
from tasks.gather import safe, stated
from tasks.gather.collect import Collector, says_nothing_to_report
from tasks.gather.labels import is_one_of, meanings, nearest, plain, quoted
from tasks.gather.safe import W
from tasks.gather.workbook import lines_of
from tasks.model import Reading

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED = {f"{W}del", f"{W}moveFrom"}
_SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}

PROMPTS = ("[Number]", "[Write here, one point a line]", "[Choose]")
"""What stands in the fields of a blank form. Somebody who writes before it in LibreOffice leaves it there as text."""

Row = dict[str, str]


@dataclass(frozen=True)
class Control:
    """A content control: its tag, and its paragraphs as written; none where only its prompt stands there."""

    tag: str
    paragraphs: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"control {self.tag}"

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def read(collect: Collector, layout: Form, data: bytes) -> Reading:
    """Read every control and table that the layout knows.

    Raises:
        NotTaken: the file cannot be opened, is not the form, or is for another period.
    """
    parts, body = _opened(collect, data)
    controls = list(_controls(body))
    tables = [table for table in body.iter(f"{W}tbl") if _written(table) and _is_figures(table, layout)]
    if not tables and not any(control.tag.startswith(("figure:", "text:")) for control in controls):
        raise collect.not_taken(
            "wrong_layout",
            "The document has none of the form's fields.",
            "Its words and figures cannot be told apart, so nothing was taken.",
            "Fill in the form itself, in Word. LibreOffice before version 24 loses the fields when it saves.",
        )
    collect.saw((control.tag for control in controls), "field")
    _check_period(collect, controls)
    rows = _figures(collect, layout, controls) + _tables(collect, layout, tables, controls)
    rows += _texts(collect, layout, controls)
    _check_expected(collect, layout, rows)
    if b"<Application>LibreOffice" in parts.get("docProps/app.xml", b""):
        _check_lost(collect, body)
    import pandas as pd

    return collect.reading(pd.DataFrame(rows, columns=["measure", "topic", "part", "value", "_place"], dtype="str"))


def _opened(collect: Collector, data: bytes) -> tuple[safe.Parts, Any]:
    _, parts = safe.document(collect, data, "form")
    return parts, safe.word_document(collect, parts)[1].find(f"{W}body")


def _controls(body: Any) -> Iterator[Control]:
    """Tagged controls in the order in which they stand: round words, paragraphs, table rows or cells."""
    for element in body.iter(f"{W}sdt"):
        tag = element.find(f"{W}sdtPr/{W}tag")
        if tag is not None and _written(element):
            yield Control((tag.get(f"{W}val") or "").strip(), tuple(_content(element)))


def _content(control: Any) -> Iterator[str]:
    """What was written in a control; where it stands alone in the cell of a table, in the whole cell.

    People write on below a field, and LibreOffice leaves in it only the first paragraph of what was written.
    """
    prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    asked = prompt is not None and prompt.get(f"{W}val", "true") not in ("0", "false", "off")
    cell = next(control.iterancestors(f"{W}tc"), None)
    if cell is not None and _stands_alone(control, cell):
        yield from _paragraphs(cell, but=control if asked else None)
    elif not asked:
        yield from _paragraphs(control)


def _stands_alone(control: Any, cell: Any) -> bool:
    """Is it the only field of its cell, with no words before it?"""
    for element in cell.iter(f"{W}sdt", f"{W}t"):
        if element is control:
            return sum(other.find(f"{W}sdtPr/{W}tag") is not None for other in cell.iter(f"{W}sdt")) == 1
        if element.tag == f"{W}t" and (element.text or "").strip():
            return False
    return False


def _written(element: Any) -> bool:
    """Is it part of the document as it stands: not deleted, and not the copy kept for old programs?"""
    return not any(ancestor.tag in _DELETED or ancestor.tag == _FALLBACK for ancestor in element.iterancestors())


def _paragraphs(content: Any, but: Any = None) -> Iterator[str]:
    """The lines of everything in an element, without empty ones and bullets, and without what stands in ``but``."""
    pieces: list[str] = []
    for element in content.iter(f"{W}p", f"{W}t", *_SIGNS):
        if element.tag == f"{W}p":
            pieces.append("\n")
        elif _written(element) and (but is None or but not in element.iterancestors(f"{W}sdt")):
            pieces.append(element.text or "" if element.tag == f"{W}t" else _SIGNS[element.tag])
    text = "".join(pieces)
    for prompt in PROMPTS:
        text = text.replace(prompt, "")
    yield from lines_of(text)


def _check_period(collect: Collector, controls: list[Control]) -> None:
    given = [control for control in controls if control.tag == "period"]
    found = stated.find_stated(given[0].text, collect.period) if given else None
    collect.check_stated(found, collect.where(cell="control period"))


def _figures(collect: Collector, layout: Form, controls: list[Control]) -> list[Row]:
    given: dict[str, list[Control]] = {}
    for control in controls:
        if control.tag.startswith("figure:"):
            given.setdefault(control.tag.removeprefix("figure:"), []).append(control)
    rows = []
    for measure, same in given.items():
        if measure not in layout.every_figure:
            _unknown(collect, same[0], nearest(measure, layout.every_figure))
            continue
        control = same[0]
        if measure in layout.also and not any(other.text for other in same):
            continue
        rows.append(_row(measure=measure, value=control.text, place=control.place))
        if len({plain(other.text) for other in same}) > 1:
            collect.fault("different values in fields for the same figure", control.place)
        else:
            collect.value(measure, str(collect.period), control.text, control.place)
    return rows


def _is_figures(table: Any, layout: Form) -> bool:
    first = next(_rows_of(table), [])
    return bool(first) and is_one_of(_text_of(first[0]), layout.figures_table)


def _rows_of(table: Any) -> Iterator[list[Any]]:
    """A table's rows as lists of cells, also where a control stands round a row or a cell."""
    for row in _children(table, f"{W}tr"):
        yield list(_children(row, f"{W}tc"))


def _children(element: Any, tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                yield from _children(content, tag)


def _text_of(cell: Any) -> str:
    return "\n".join(_paragraphs(cell))


def _tables(collect: Collector, layout: Form, tables: list[Any], controls: list[Control]) -> list[Row]:
    """Figures in tables whose value is not in a control of its own."""
    meaning = meanings(layout.every_figure)
    own = {control.tag.removeprefix("figure:") for control in controls}
    rows: list[Row] = []
    for number, table in enumerate(tables, 1):
        for line, cells in enumerate(_rows_of(table), 1):
            label = _text_of(cells[0]) if cells else ""
            if line == 1 or not label or len(cells) < 2:
                continue
            place = f"table {number} of figures, row {line}"
            collect.saw([label], "row")
            measure = meaning.get(plain(label))
            if measure is None:
                _unknown_label(collect, layout, label, place)
            elif measure not in own:
                value = "" if _is_prompt(cells[1]) else _text_of(cells[1])
                if measure in layout.also and not value:
                    continue
                rows.append(_row(measure=measure, value=value, place=place))
                _take_once(collect, rows, measure, value, place)
    return rows


def _take_once(collect: Collector, rows: list[Row], measure: str, value: str, place: str) -> None:
    before = [row for row in rows if row["measure"] == measure]
    if len(before) == 1:
        collect.value(measure, str(collect.period), value, place)
    else:
        collect.observations = [o for o in collect.observations if o.measure != measure]
        collect.fault("one of several values for the same figure", place)


def _is_prompt(cell: Any) -> bool:
    return cell.find(f".//{W}sdtPr/{W}showingPlcHdr") is not None


def _texts(collect: Collector, layout: Form, controls: list[Control]) -> list[Row]:
    rows = []
    nothing = {
        control.tag.removeprefix("status:")
        for control in controls
        if control.tag.startswith("status:") and says_nothing_to_report(control.text)
    }
    for control in controls:
        kind, _, rest = control.tag.partition(":")
        topic, _, part = rest.rpartition(":")
        if kind != "text":
            continue
        if topic not in layout.topics or part not in layout.parts:
            _unknown(collect, control, nearest(rest, (f"{t}:{p}" for t in layout.topics for p in layout.parts)))
            continue
        items = collect.text(topic, part, control.paragraphs, control.place, nothing=topic in nothing)
        rows.append(_row(topic=topic, part=part, value="\n".join(items), place=control.place))
    return rows


def _row(*, measure: str = "", topic: str = "", part: str = "", value: str, place: str) -> Row:
    return {"measure": measure, "topic": topic, "part": part, "value": value, "_place": place}


def _unknown(collect: Collector, control: Control, close: str) -> None:
    collect.problem(
        f"The field {quoted([control.tag])} is not known.",
        collect.where(cell=control.place),
        "What it holds was not taken.",
        f"If it is '{close}', give the field that tag." if close else "Use the form as it was sent out.",
        "information",
    )


def _unknown_label(collect: Collector, layout: Form, label: str, place: str) -> None:
    close = nearest(label, (words[0] for words in layout.every_figure.values()))
    collect.problem(
        f"The row {quoted([label])} is not known.",
        collect.where(cell=place),
        "What it holds was not taken.",
        f"If it is '{close}', use that label." if close else "If it is wanted, ask the business unit to add it.",
        "information",
    )


def _check_expected(collect: Collector, layout: Form, rows: list[Row]) -> None:
    figures = {row["measure"] for row in rows}
    topics = {row["topic"] for row in rows}
    missing = [words[0] for measure, words in layout.figures.items() if measure not in figures]
    if missing:
        collect.problem(
            f"Figures that are expected are not there: {quoted(missing)}.",
            collect.name,
            "They are missing from the register and the draft.",
            "Use the form as it was sent out.",
            "look_at",
        )
    unasked = [topic for topic in layout.topics if topic not in topics]
    if unasked:
        collect.problem(
            f"The form has no field for {quoted(unasked)}.",
            collect.name,
            "Nothing was received on it.",
            "If there is something to say on it, use the form as it was sent out.",
            "information",
        )


def _check_lost(collect: Collector, body: Any) -> None:
    """LibreOffice keeps the first paragraph of an answer in its field; the others then stand below it, in none."""
    lost = []
    for control in body.iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag")
        below = control.getparent().getnext()
        if tag is None or not (tag.get(f"{W}val") or "").startswith("text:") or below is None or below.tag != f"{W}p":
            continue
        style = below.find(f"{W}pPr/{W}pStyle")
        heading = style is not None and "heading" in (style.get(f"{W}val") or "").lower()
        if not heading and below.find(f".//{W}sdt") is None and _text_of(below):
            lost.append(f"control {tag.get(f'{W}val')}")
    if lost:
        collect.problem(
            "Below answers stands text that is in no field.",
            collect.where(cell=", ".join(lost)),
            "The form was saved by LibreOffice, which keeps only the first paragraph of an answer in its field. What "
            "stands below it was not taken.",
            "Copy the text into the field in Word and send the form again.",
        )
