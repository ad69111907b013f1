"""Can somebody who hears a document find out what it is and move about in it?

Belongs here: its title and language, headings, lists, blank lines, protection. Does not belong here: letters, links,
tables and pictures, which have modules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tasks.assemble.accessible.reading import Paragraph, Reading, text_of
from tasks.assemble.accessible.rule import Found, rule
from tasks.review.revisions import W
from tasks.words import many

LANGUAGE = "en-GB"
_CAPITALS = 7
"""Letters of a heading that are all capitals, from which it is no acronym."""
_HEADING_LIKE = 100
_NOT_TEXT = ("title", "subtitle", "caption", "toc", "header", "footer")
_BULLET = re.compile(r"\s*(?:[•·▪‣◦●○■□➢✓\uf0a7\uf0b7]|[-–*o](?=\s))\s*\S")
_NUMBER = re.compile(r"\s*\(?(\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+\S")


@rule("title", "It is what a screen reader says first, and what stands in the window's bar.", "WCAG 2.2, 2.4.2")
def title(reading: Reading) -> Iterator[Found]:
    """A document has a title among its properties."""
    core = reading.part("docProps/core.xml")
    found = "" if core is None else (core.findtext("{http://purl.org/dc/elements/1.1/}title") or "")
    if not found.strip():
        yield "The document has no title.", "its properties", "Write one: File, Info, Title."


@rule("language", "A screen reader speaks the text with the sounds of the language it is marked as.", "WCAG 2.2, 3.1.1")
def language(reading: Reading) -> Iterator[Found]:
    """The document is in British English, unless it is marked otherwise."""
    default = reading.styles.default_letters
    lang = default.find(f"{W}lang") if default is not None else None
    found = lang.get(f"{W}val", "") if lang is not None else ""
    if found != LANGUAGE:
        yield (
            f"The document is marked as {found}, not as British English."
            if found
            else "The document does not say in which language it is.",
            "its default style",
            "Select all, then Review, Language, Set Proofing Language, English (United Kingdom), Set As Default.",
        )


@rule("stray-language", "A screen reader changes its voice there, and the spelling check its rules.", "WCAG 2.2, 3.1.2")
def stray_language(reading: Reading) -> Iterator[Found]:
    """No text is in another English. Text that is marked as another language may well be in it, and must be marked."""
    for paragraph in reading.paragraphs:
        for run in paragraph.runs:
            found = reading.styles.language(run, paragraph)
            if found.startswith("en-") and found not in (LANGUAGE, _default(reading)):
                yield (
                    f"Text is marked as {found}, not as British English.",
                    paragraph.where,
                    "Select it, then Review, Language, Set Proofing Language, English (United Kingdom).",
                )
                break


def _default(reading: Reading) -> str:
    default = reading.styles.default_letters
    lang = default.find(f"{W}lang") if default is not None else None
    return lang.get(f"{W}val", "") if lang is not None else ""


@rule(
    "one-title", "Readers who jump from heading to heading look for one that says what the whole is.", "WCAG 2.2, 1.3.1"
)
def one_title(reading: Reading) -> Iterator[Found]:
    """One heading of the first level says what the document is; where there is a title page, its title does."""
    titles = [one for one in reading.body if one.style == "title" and one.text.strip()]
    first = [one for one in reading.body if one.level == 1 and one.text.strip()]
    if len(titles) > 1:
        yield f"The document has {len(titles)} titles.", titles[1].where, "Keep the style 'Title' for one line."
    elif not titles and len(first) != 1:
        yield (
            f"The document has {many(len(first), 'heading')} of the first level and no title."
            if first
            else "The document has no heading of the first level.",
            first[1].where if first else "the start",
            "Give the document one heading of the style 'Heading 1', or a line of the style 'Title' at its start.",
        )


@rule(
    "heading-order",
    "Who moves by headings takes a level that is left out for a part that is missing.",
    "WCAG 2.2, 1.3.1",
)
def heading_order(reading: Reading) -> Iterator[Found]:
    """Headings go down one level at a time."""
    levels = [one for one in reading.body if one.level and one.text.strip()]
    if levels and levels[0].level > 1 and not any(one.style == "title" for one in reading.body):
        yield (
            f"The first heading is of level {levels[0].level}.",
            levels[0].where,
            "Begin with a heading of the style 'Heading 1'.",
        )
    for above, below in pairwise(levels):
        if below.level > above.level + 1:
            yield (
                f"A heading of level {below.level} stands under one of level {above.level}.",
                below.where,
                f"Make it 'Heading {above.level + 1}'.",
            )


@rule("empty-heading", "A screen reader says 'heading' and nothing else.", "WCAG 2.2, 2.4.6")
def empty_heading(reading: Reading) -> Iterator[Found]:
    """No heading is empty."""
    for one in reading.body:
        if one.level and not one.text.strip():
            yield "A heading is empty.", one.where, "Delete the line, or give it the style 'Body Text'."


@rule("capitals", "Words in capitals are harder to read, and some screen readers spell them out.", "DfE guide, text")
def capitals(reading: Reading) -> Iterator[Found]:
    """No heading is typed in capitals."""
    for one in reading.body:
        letters = [letter for letter in one.text if letter.isalpha()]
        if (one.level or one.style == "title") and len(letters) >= _CAPITALS and all(map(str.isupper, letters)):
            yield "A heading is typed in capitals.", one.where, "Type it as in a sentence."


@rule("fake-heading", "Who moves by headings does not find it: to a screen reader it is text.", "WCAG 2.2, 1.3.1")
def fake_heading(reading: Reading) -> Iterator[Found]:
    """No line in bold stands in for a heading."""
    for one, after in pairwise(reading.body):
        follows = after.cell is None and not after.level and bool(after.text.strip())
        if _looks_like_heading(reading, one) and follows and not _is_bold(reading, after):
            yield (
                "A line in bold looks like a heading and is none.",
                one.where,
                "Give it one of the styles 'Heading 2' to 'Heading 4', or end it with a full stop if it is a sentence.",
            )


def _looks_like_heading(reading: Reading, one: Paragraph) -> bool:
    text = one.text.strip()
    return (
        0 < len(text) <= _HEADING_LIKE
        and not one.level
        and one.cell is None
        and one.box is None
        and not one.style.startswith(_NOT_TEXT)
        and not text.endswith((".", ":", ";", ",", "?", "!"))
        and reading.styles.properties(one, "numPr") is None
        and _is_bold(reading, one)
    )


def _is_bold(reading: Reading, one: Paragraph) -> bool:
    return all(reading.styles.is_on(run, one, "b") for run in one.runs if text_of(run).strip())


@rule(
    "typed-list",
    "A screen reader says how many points a list has, and where it ends, only of a real one.",
    "WCAG 2.2, 1.3.1",
)
def typed_list(reading: Reading) -> Iterator[Found]:
    """Points of a list are not typed: a sign before one line, or a number before two that follow each other."""
    before: tuple[Paragraph, str] | None = None
    for one in reading.paragraphs:
        is_list = reading.styles.properties(one, "numPr") is not None
        numbered = None if is_list or one.level else _NUMBER.match(one.text)
        if not is_list and _BULLET.match(one.text):
            yield (
                "A point of a list begins with a typed sign.",
                one.where,
                "Delete the sign and give the line the style 'List Bullet'.",
            )
        elif numbered and before and _follows(before, one, numbered[1]):
            yield (
                "The numbers of a list are typed.",
                one.where,
                "Delete them and make the lines a numbered list (Home, Numbering).",
            )
        before = (one, numbered[1]) if numbered else None


def _follows(before: tuple[Paragraph, str], one: Paragraph, number: str) -> bool:
    earlier, last = before
    steps = int(number) - int(last) if number.isdecimal() and last.isdecimal() else len(number) == len(last)
    return steps == 1 and earlier.element.getparent() is one.element.getparent()


@rule(
    "blank-line",
    "A screen reader says 'blank' for each, and the space is another on every other screen.",
    "DfE guide, layout",
)
def blank_line(reading: Reading) -> Iterator[Found]:
    """No empty paragraph stands in for space. Word needs one behind a table that nothing else follows."""
    for one in reading.body:
        if one.level or one.text.strip() or one.drawings or one.box is not None or _does_something(one):
            continue
        beside = [one.element.getprevious(), one.element.getnext()]
        tables = [neighbour is not None and neighbour.tag == f"{W}tbl" for neighbour in beside]
        is_last = beside[1] is None or beside[1].tag == f"{W}sectPr"
        alone = one.cell is not None and len(one.cell.element.findall(f"{W}p")) == 1
        if not alone and not (tables[0] and (is_last or tables[1])):
            yield (
                "An empty line stands in for space.",
                one.where,
                "Delete it, and set the space before or after in the style instead.",
            )


def _does_something(one: Paragraph) -> bool:
    """Does an empty paragraph hold a break, a field or a picture?"""
    holds = (f"{W}fldChar", f"{W}instrText", f"{W}fldSimple", f"{W}sectPr", f"{W}br", f"{W}object", f"{W}sym")
    maths = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
    return next(one.element.iter(*holds, maths), None) is not None


@rule(
    "protection",
    "Reading aids cannot change how a protected document looks, and some cannot read it.",
    "DfE guide, files",
)
def protection(reading: Reading) -> Iterator[Found]:
    """The document is not locked against changes."""
    settings = reading.part("word/settings.xml")
    for name in ("documentProtection", "writeProtection"):
        found = None if settings is None else settings.find(f"{W}{name}")
        enforced = found is not None and (
            name == "writeProtection" or found.get(f"{W}enforcement") in ("1", "true", "on")
        )
        if enforced:
            yield (
                "The document is protected.",
                "its settings",
                "Take the protection off: Review, Restrict Editing, Stop Protection.",
            )


RULES = (
    title, language, stray_language, one_title, heading_order, empty_heading, capitals, fake_heading, typed_list,
    blank_line, protection,
)  # fmt: skip
