"""Can drafts be made from this Word template, and if not, what should whoever restyled it put right?

Belongs here: everything that is looked for in a template before a run takes it, in plain words. Does not belong here:
filling a template in (``tasks.assemble.render``), and where a partnership keeps its own (``config.load``).

A template that somebody restyled in Word is a program of sorts: it runs when it is filled in. So it is opened as
carefully as an edited draft, and tried in a child process that the kernel holds to limits, with a section in which
everything was received and one in which nothing was.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from docx.oxml.ns import nsmap
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, meta, nodes
from lxml import etree

from config.errors import Refused
from config.model import Section
from config.partnership import Partnership
from config.periods import ReportingYear
from tasks.assemble.accessible import problems_of
from tasks.assemble.combine import combine
from tasks.assemble.context import section_context
from tasks.assemble.draft import draft_section, template_named
from tasks.assemble.render import REPORT_VALUES, SECTION_VALUES, environment, text_of_lines
from tasks.assemble.values import LineGroup, PartText, Point, PointGroup, SectionContext, TopicText
from tasks.gather import apart
from tasks.gather.forking import Limits
from tasks.review.opening import parts_of_draft
from templates.word import SHAPES

LIMITS = Limits(memory=512 * 1024 * 1024, processor_seconds=20, seconds=40)
YEAR = ReportingYear(2023)
"""Any year: what is tried has no figures of it."""
NAMED = 3
"""Places that people are told of one fault; the rest is counted."""
OF_FIGURES = ("Figure Words", "Query Flag", "Query Flag On Dark", "annotation reference")
"""Styles that are set when figures are linked, whatever the template says."""

_W = f"{{{nsmap['w']}}}"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LONE = re.compile(r"\{\{|\}\}|\{%|%\}")
_DAMAGE = {"\u2013": "-", "\u2014": "-", "\u2026": "...", "\u00a0": "a space"}
"""What Word makes of signs while people type. Its curly quotes are read as straight ones and do no harm."""


@dataclass(frozen=True)
class Fault:
    """One thing in a template that whoever restyled it should put right."""

    what: str
    where: str
    to_do: str
    stops: bool = True
    """Can no draft be made of it? What does not stop drafts makes them harder to read."""


def faults_of(data: bytes, name: str, shape: str, partnership: Partnership) -> tuple[Fault, ...]:
    """All that is wrong with a template of a shape of section, or of the report (``report``), for a partnership.

    Raises:
        Refused: it is no Word document, is damaged, or is not safe to open; or there is no such shape.
    """
    if shape not in (*SHAPES, "report"):
        raise Refused(
            f"There is no shape of template called '{shape}'.",
            where=name,
            to_do=f"Name the file or --shape after one of: {', '.join((*SHAPES, 'report'))}.",
        )
    parts = parts_of_draft(data, name)
    stories = {part: etree.fromstring(content) for part, content in parts.items() if _is_story(part)}
    faults = [
        *(fault for part, root in stories.items() for fault in _typed(root, part)),
        *_styles(parts, stories["word/document.xml"], shape),
        *_tables(stories["word/document.xml"]),
    ]
    if any(fault.stops for fault in faults):
        return tuple(faults)  # a tag that is not whole would be told again, in the words of a program
    faults += _apart(_names, "the template", data, shape, partnership)
    if not any(fault.stops for fault in faults):
        faults += _tried(data, shape, partnership)
    return tuple(dict.fromkeys(faults))


def together(faults: Sequence[Fault]) -> list[Fault]:
    """The same faults for people: one that is in many places once, with the first of them and how many more."""
    places: dict[Fault, list[str]] = {}
    for fault in faults:
        places.setdefault(replace(fault, where=""), []).append(fault.where)
    return [replace(fault, where="; ".join(_first(where))) for fault, where in places.items()]


def _first(places: Sequence[str]) -> list[str]:
    more = len(places) - NAMED
    return [*places[:NAMED], f"and {more} more"] if more > 0 else list(places)


def refuse_faulty(partnership: Partnership) -> None:
    """See to it that drafts can be made from the templates that a partnership keeps.

    Raises:
        Refused: one of them has a fault that stops drafts; all such faults of all of them are told.
    """
    found = [
        f"  - {shape}.docx, {fault.where}: {fault.what} {fault.to_do}"
        for shape, data in partnership.templates.items()
        for fault in together(faults_of(data, f"{shape}.docx", shape, partnership))
        if fault.stops
    ]
    if found:
        raise Refused(
            "No draft can be made from the partnership's own Word templates:\n" + "\n".join(found),
            where=f"{partnership.profile.id}/templates",
            why="A draft with a gap in it would look finished. Nothing was written.",
            to_do="Put them right, and run 'assure template check' on them; or take the file out, and the template "
            "that comes with the project is used.",
        )


def _is_story(part: str) -> bool:
    return re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", part) is not None


# What was typed


def _typed(root: Any, part: str) -> Iterator[Fault]:
    """Tags that are not whole, and signs in tags that Word put there by itself."""
    place = "" if part == "word/document.xml" else f"{part[5:-4].rstrip('0123456789')}, "
    for number, paragraph in enumerate(root.iter(f"{_W}p"), 1):
        text = "".join(paragraph.itertext(f"{_W}t"))
        where = f"{place}paragraph {number}: “{_short(text)}”"
        for sign in dict.fromkeys(sign for tag in _TAG.findall(text) for sign in tag if sign in _DAMAGE):
            yield Fault(
                f"Word put '{sign}' into a tag by itself." if sign.strip() else "A tag has a no-break space in it.",
                where,
                f"Type {_DAMAGE[sign]} there instead: press Ctrl+Z just after Word has changed it.",
            )
        if lone := _LONE.search(_TAG.sub("", text)):
            yield Fault(
                f"A tag is not whole: '{lone[0]}' has no partner in this paragraph.",
                where,
                "Write the whole tag in one paragraph: {{ name }} prints something, {% if … %} begins a part.",
            )


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


# Styles and tables


def _styles(parts: Mapping[str, bytes], body: Any, shape: str) -> Iterator[Fault]:
    root = etree.fromstring(parts["word/styles.xml"])
    names = {one.get(f"{_W}styleId"): one.find(f"{_W}name").get(f"{_W}val", "") for one in root.iter(f"{_W}style")}
    known = {name.casefold() for name in names.values()}
    for wanted in OF_FIGURES:
        if wanted.casefold() not in known:
            yield Fault(
                f"The style '{wanted}' is not there. Figures are linked and flagged in it.",
                "the styles of the template",
                "Copy it from the template that comes with the project (Styles, Manage Styles, Import/Export).",
            )
    if shape != "report":
        of_report = {name.casefold() for name in _style_names(template_named("report"))}
        used = (one.get(f"{_W}val") for one in body.iter(f"{_W}pStyle", f"{_W}rStyle", f"{_W}tblStyle"))
        for name in sorted({names[one] for one in used if one in names}):
            if name.casefold() not in of_report:
                yield Fault(
                    f"The style '{name}' is not one of the combined report's.",
                    "the styles of the template",
                    "Use a style that the template 'report' has, or the section cannot be put into the report.",
                )


def _style_names(template: bytes) -> list[str]:
    return [style.name for style in DocxTemplate(io.BytesIO(template)).get_docx().styles]


def _tables(body: Any) -> Iterator[Fault]:
    for number, table in enumerate(body.iter(f"{_W}tbl"), 1):
        first = table.find(f"{_W}tr")
        if first is None or first.find(f"{_W}trPr/{_W}tblHeader") is None:
            yield Fault(
                "The first row of a table is not marked as its heading.",
                f"table {number}: “{_short(''.join(table.itertext(f'{_W}t')))}”",
                "Put the cursor into that row and tick Layout, Repeat Header Rows.",
                stops=False,
            )


# Names


def _names(data: bytes, shape: str, partnership: Partnership) -> list[Fault]:
    """Names in tags that stand for nothing, and figures that the partnership does not keep; each with its like."""
    return list(_names_in(data, shape, partnership))


def _names_in(data: bytes, shape: str, partnership: Partnership) -> Iterator[Fault]:
    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    sources = {"the text": template.patch_xml(template.get_xml())}
    for kind, uri in (("a header", template.HEADER_URI), ("a footer", template.FOOTER_URI)):
        for _, part in template.get_headers_footers(uri):
            sources[kind] = template.patch_xml(template.get_part_xml(part))
    known = REPORT_VALUES if shape == "report" else SECTION_VALUES
    for where, source in sources.items():
        try:
            tree = environment().parse(source)
        except TemplateSyntaxError as error:
            lines = source.splitlines()
            near = text_of_lines(lines[max(error.lineno - 2, 0) : error.lineno + 1])
            yield Fault(
                f"A tag cannot be read: {error.message}.",
                f"{where}, near “{near}”",
                "Compare it with the template that comes with the project: every {% if %} and {% for %} needs its end.",
            )
            continue
        for name in sorted(meta.find_undeclared_variables(tree) - set(known)):
            yield Fault(
                f"'{name}' stands for nothing.", f"{where}, a tag with '{name}'", _or(name, known, "Take the tag out.")
            )
        if shape != "report":
            yield from _figures(tree, where, partnership)


def _figures(tree: nodes.Template, where: str, partnership: Partnership) -> Iterator[Fault]:
    kept = [f"{area}.{measure.id}" for measure in partnership.measures.values() for area in measure.areas]
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "fig" and len(call.args) == 1:
            ref = call.args[0]
            if isinstance(ref, nodes.Const) and ref.value not in kept:
                yield Fault(
                    f"'{ref.value}' is no figure of this partnership.",
                    f"{where}, a tag with fig('{ref.value}')",
                    _or(str(ref.value), kept, "Name a figure as in report.yaml."),
                )


def _or(name: str, known: Sequence[str], otherwise: str) -> str:
    close = get_close_matches(name, known, n=1)
    return f"Did you mean '{close[0]}'?" if close else otherwise


# Trials


def _tried(data: bytes, shape: str, partnership: Partnership) -> Iterator[Fault]:
    """Fill the template in with all its sections, as full and as empty as they can be, and look at the drafts."""
    own = [section for section in partnership.sections if section.template == shape]
    for full in (True, False):
        case = "a section with everything in it" if full else "a section for which nothing was received"
        chosen = partnership.sections if shape == "report" else own or [_any_section(partnership, shape)]
        for contexts in [list(chosen)] if shape == "report" else [[section] for section in chosen]:
            made = [_context(partnership, section, full=full) for section in contexts]
            where = f"filled in with {case if shape == 'report' else f'{contexts[0].id}, {case}'}"
            found = _apart(_trial, where, data, shape, partnership, made)
            yield from (replace(fault, where=f"{fault.where} ({where})") for fault in found)
            if any(fault.stops for fault in found):
                return


_PLAIN = "Take out what computes anything: a template only prints, repeats with {% for %} and leaves out with {% if %}."
_HOW_IT_ENDED = {"memory": "Filling it in needs more memory than any draft.", "time": "Filling it in does not end."}


def _apart(work: Callable[..., list[Fault]], where: str, *given: Any) -> list[Fault]:
    """Have a child process look: what a template does, and how long, is not known beforehand."""
    try:
        return apart.run(work, *given, limits=LIMITS)
    except apart.Died as died:
        return [Fault(_HOW_IT_ENDED.get(died.reason, "The program that fills it in broke off."), where, _PLAIN)]


def _trial(data: bytes, shape: str, partnership: Partnership, contexts: Sequence[SectionContext]) -> list[Fault]:
    """Fill a template in, and look at the draft."""
    try:
        if shape == "report":
            draft = combine(partnership, YEAR, contexts, "trial", {"report": data})
        else:
            draft = draft_section(contexts[0], data)
    except Refused as refused:
        return [Fault(refused.what, refused.where if refused.where.startswith("near") else "a tag", refused.to_do)]
    return list(_in_draft(draft))


def _in_draft(draft: bytes) -> Iterator[Fault]:
    body = etree.fromstring(parts_of_draft(draft, "trial.docx")["word/document.xml"])
    for table in body.iter(f"{_W}tbl"):
        if len(table.findall(f"{_W}tr")) < 2:
            heading = _short(" ".join("".join(cell.itertext(f"{_W}t")) for cell in table.iter(f"{_W}tc")))
            yield Fault(
                "A table is left without rows, which Word takes for damage.",
                f"the table “{heading}”",
                "Put {%p if … %} before the table and {%p endif %} behind it, for where there is nothing to list.",
            )
    if any(cell.find(f"{_W}p") is None for cell in body.iter(f"{_W}tc")):
        yield Fault(
            "A cell of a table is left without a paragraph, which Word takes for damage.",
            "a table",
            "Write {% if … %} within the paragraph of the cell, without the p behind {%.",
        )
    for problem in problems_of(draft):
        yield Fault(problem.what, problem.where, f"{problem.to_do} {problem.why}", stops=False)


def _any_section(partnership: Partnership, shape: str) -> Section:
    """A section of a shape of which the partnership has none."""
    of_any = partnership.sections[0]
    return of_any.model_copy(update={"template": shape, "id": f"any-{shape}"})


def _context(partnership: Partnership, section: Section, *, full: bool) -> SectionContext:
    """What a template is tried with: a section in which nothing was received, or one with something everywhere."""
    empty = section_context(partnership, section, YEAR, {}, (), (), (), {}, "trial")
    if not full:
        return empty
    said = (PointGroup("From a return:", (Point("What was done.", "Quarter 1"), Point("What changed."))),)
    parts = tuple(PartText(f"Part {kind}", kind, said) for kind in ("list", "prose", "quotes"))
    some = tuple(replace(group, note=group.note or "A note.") for group in empty.groups)
    return replace(
        empty,
        intro=empty.intro or "An introduction.",
        dates="Figures count what happened in the year.",
        illustrative="All of it was made up.",
        content="real",
        groups=some or tuple(LineGroup("Figures", empty.headline, "A note.") for _ in empty.headline[:1]),
        symbol_notes=("“c” is a hidden number.",),
        topics=(TopicText("A topic", parts, ("No return came.",)), TopicText("", parts)),
        no_returns=("No return came.",),
        open_points=("Something is missing.",),
    )
