"""Drafts of the invented partnership, and the few edits in lxml with which tests say what an editor did.

Each function changes the root of ``word/document.xml`` in place, as Word's own file would be changed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

from docx.oxml.ns import nsmap
from lxml import etree

from tasks.assemble import combine, draft_section
from tasks.model import Figure
from tasks.review.check import check_draft
from tasks.review.checked import CheckedDraft, CheckedFigure
from tests.assemble.invented import RUN, YEAR, context_of, given_for_the_year, make_partnership
from tests.gather.files import part, rezipped

W = f"{{{nsmap['w']}}}"
MAIN = "word/document.xml"
SNAPSHOT = "eastmere-snapshot"
SAM = {f"{W}id": "900", f"{W}author": "Sam", f"{W}date": "2024-08-01T09:30:00Z"}
PLANS, REFERRALS, HIDDEN = (f"eastmere.{name}.2023-24" for name in ("cp_plans_open", "referrals", "cse_risk"))

Edit = Callable[[Any], None]


@cache
def draft(section: str = SNAPSHOT) -> bytes:
    """A draft as it is made; ``whole`` is the combined report, in which figures stand more than once."""
    partnership, given = make_partnership(), given_for_the_year()
    if section == "whole":
        return combine(partnership, YEAR, [context_of(partnership, one, given) for one in partnership.sections], RUN)
    return draft_section(context_of(partnership, section, given))


def register(**displays: str) -> dict[str, Figure]:
    """The open register; ``displays`` are by measure, for figures that it prints otherwise by now."""
    from dataclasses import replace

    figures = given_for_the_year().figures.values()
    return {one.id: replace(one, display=displays[one.measure]) if one.measure in displays else one for one in figures}


def edited(*edits: Edit, section: str = SNAPSHOT, **parts: bytes) -> bytes:
    """A draft as it is saved after these edits; ``parts`` stand in place of others, by the stem of their names."""
    root = etree.fromstring(part(draft(section), MAIN))
    for edit in edits:
        edit(root)
    more = {f"word/{name}.xml": data for name, data in parts.items()}
    return rezipped(draft(section), {MAIN: etree.tostring(root), **more})


def check(*edits: Edit, section: str = SNAPSHOT) -> CheckedDraft:
    return check_draft(edited(*edits, section=section), "edited.docx", register())


def not_ok(checked: CheckedDraft) -> dict[str, CheckedFigure]:
    return {one.id: one for one in checked.figures if one.state != "ok"}


# Finding things


def controls(root: Any, figure: str) -> list[Any]:
    return [tag.getparent().getparent() for tag in root.iter(f"{W}tag") if tag.get(f"{W}val") == f"fig:{figure}"]


def paragraph_of(element: Any) -> Any:
    return next(element.iterancestors(f"{W}p"))


def run(text: str, name: str = "t") -> Any:
    made = etree.Element(f"{W}r")
    words = etree.SubElement(made, f"{W}{name}")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def tracked(mark: str, *children: Any) -> Any:
    made = etree.Element(f"{W}{mark}", SAM)
    made.extend(children)
    return made


# Edits


def retype(figure: str, text: str, *, under_tracking: bool = False, place: int = 0) -> Edit:
    def edit(root: Any) -> None:
        content = controls(root, figure)[place].find(f"{W}sdtContent")
        was = "".join(content.itertext(f"{W}t"))
        for child in list(content):
            content.remove(child)
        content.extend(
            [tracked("del", run(was, "delText")), tracked("ins", run(text))]
            if under_tracking
            else [run(text[:1]), run(text[1:])]  # as Word splits what is typed
        )

    return edit


def delete(figure: str, *, under_tracking: bool = False, place: int = 0) -> Edit:
    def edit(root: Any) -> None:
        control = controls(root, figure)[place]
        if not under_tracking:
            control.getparent().remove(control)
            return
        content = control.find(f"{W}sdtContent")
        was = "".join(content.itertext(f"{W}t"))
        for child in list(content):
            content.remove(child)
        content.append(tracked("del", run(was, "delText")))

    return edit


def unlink(figure: str) -> Edit:
    def edit(root: Any) -> None:
        control = controls(root, figure)[0]
        for child in list(control.find(f"{W}sdtContent")):
            control.addprevious(child)
        control.getparent().remove(control)

    return edit


def type_words(after: str, text: str, *, under_tracking: bool = False) -> Edit:
    """Type behind a figure's control."""

    def edit(root: Any) -> None:
        made = run(text)
        controls(root, after)[0].addnext(tracked("ins", made) if under_tracking else made)

    return edit


def new_paragraph(text: str, *, near: str = PLANS, under_tracking: bool = False) -> Edit:
    def edit(root: Any) -> None:
        made = etree.Element(f"{W}p")
        made.append(tracked("ins", run(text)) if under_tracking else run(text))
        paragraph_of(controls(root, near)[0]).addnext(made)

    return edit


def copy_paragraph(figure: str, to: str) -> Edit:
    def edit(root: Any) -> None:
        paragraph_of(controls(root, to)[0]).addnext(copy.deepcopy(paragraph_of(controls(root, figure)[0])))

    return edit
