"""Drafts of an invented year, made once, and ways to change them as a person does in Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

from lxml import etree

from tasks.assemble import combine, draft_section, read_figures
from tasks.assemble.finish import packed
from tasks.review.revisions import W
from tests.assemble.invented import RUN, YEAR, context_of, given_for_the_year, make_partnership

BY = {f"{W}id": "901", f"{W}author": "Sam", f"{W}date": "2024-08-01T09:30:00Z"}


@cache
def section(name: str = "eastmere-snapshot") -> bytes:
    return draft_section(context_of(make_partnership(), name, given_for_the_year()))


@cache
def report() -> bytes:
    partnership, given = make_partnership(), given_for_the_year()
    contexts = [context_of(partnership, one, given) for one in partnership.sections]
    return combine(partnership, YEAR, contexts, RUN)


@cache
def printed(docx: bytes) -> dict[str, str]:
    """What a draft prints, by the ids of its figures."""
    return {one.id: one.text for one in read_figures(docx)}


def parts(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return {name: package.read(name) for name in package.namelist()}


def body(docx: bytes) -> Any:
    return etree.fromstring(parts(docx)["word/document.xml"])


def edited(docx: bytes, edit: Callable[[Any], None]) -> bytes:
    """A draft with something done to its body."""
    found = parts(docx)
    root = etree.fromstring(found["word/document.xml"])
    edit(root)
    return packed(found | {"word/document.xml": etree.tostring(root, xml_declaration=True, encoding="UTF-8")})


def control(root: Any, figure: str) -> Any:
    """The content of the first control of a figure."""
    return next(
        tag.getparent().getparent().find(f"{W}sdtContent")
        for tag in root.iter(f"{W}tag")
        if tag.get(f"{W}val") == f"fig:{figure}"
    )


def run(text: str, name: str = "t") -> Any:
    made = etree.Element(f"{W}r")
    element = etree.SubElement(made, f"{W}{name}", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    element.text = text
    return made


def retype(root: Any, figure: str, text: str, *, tracked: bool) -> None:
    """Type another number into a control, as Word writes it down."""
    content = control(root, figure)
    old = content.find(f"{W}r")
    if not tracked:
        old.find(f"{W}t").text = text
        return
    deleted, inserted = etree.Element(f"{W}del", BY), etree.Element(f"{W}ins", BY)
    old.addprevious(deleted)
    deleted.append(old)
    old.find(f"{W}t").tag = f"{W}delText"
    inserted.append(run(text))
    deleted.addnext(inserted)


def paragraph_with(root: Any, words: str) -> Any:
    return next(one for one in root.iter(f"{W}p") if words in "".join(one.itertext(f"{W}t")))
