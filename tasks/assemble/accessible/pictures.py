"""Does somebody who cannot see a picture, a chart or a shape learn what it shows?

Belongs here: their alternative text, and whether they stand in the line of the text. Does not belong here: whether the
alternative text is true, which only a person can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tasks.assemble.accessible.reading import Paragraph, Reading
from tasks.assemble.accessible.rule import Found, rule

LONGEST = 250
"""Characters of an alternative text: it is read in one go and cannot be gone back in."""
_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|bmp|tiff?|svg|emf|wmf|webp)$", re.IGNORECASE)
_NAME_ONLY = re.compile(
    r"(?:picture|image|graphic|chart|shape|diagram|text box|photo|img|screenshot)[\s_-]*\d*", re.IGNORECASE
)
_GUESSED = re.compile(r"description automatically generated|may be (?:incorrect|ai)", re.IGNORECASE)
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_VML = "{urn:schemas-microsoft-com:vml}"
_SHAPES = tuple(
    f"{_VML}{name}" for name in ("shape", "rect", "roundrect", "oval", "line", "polyline", "group", "image")
)
_WHERE_TO_WRITE = "Right click on it, View Alt Text, and write"


@rule("alt-text", "Who cannot see it learns nothing of what it shows.", "WCAG 2.2, 1.1.1")
def alt_text(reading: Reading) -> Iterator[Found]:
    """Every picture, chart and shape has a short alternative text in words, or is marked as decorative."""
    for paragraph, text, decorative in _drawings(reading):
        if decorative:
            continue
        if not text:
            yield (
                "A picture, chart or shape has no alternative text.",
                paragraph.where,
                f"{_WHERE_TO_WRITE} what it shows; or mark it as decorative.",
            )
        elif _FILE.fullmatch(text) or _NAME_ONLY.fullmatch(text) or _GUESSED.search(text):
            yield (
                "The alternative text of a picture, chart or shape does not say what it shows.",
                paragraph.where,
                f"{_WHERE_TO_WRITE} that instead of a file's name, a number or a program's guess.",
            )
        elif len(text) > LONGEST:
            yield (
                f"An alternative text has {len(text)} characters; {LONGEST} are the most.",
                paragraph.where,
                "Say there in a sentence what it shows, and the rest in the text beside it.",
            )


@rule(
    "floating",
    "It has no place in the order of reading, and covers text where letters are made larger.",
    "WCAG 2.2, 1.3.2",
)
def floating(reading: Reading) -> Iterator[Found]:
    """Pictures, charts and text boxes of the text stand in its lines."""
    for paragraph in reading.body:
        if any(map(_floats, paragraph.drawings)):
            yield (
                "A picture, chart or shape floats over the text.",
                paragraph.where,
                "Click on it, Layout Options, In Line with Text; write what stands in a text box as text.",
            )


def _drawings(reading: Reading) -> Iterator[tuple[Paragraph, str, bool]]:
    """Every drawing with its alternative text, and whether it is marked as decorative."""
    for paragraph in reading.paragraphs:
        for drawing in paragraph.drawings:
            for placed in (one for one in drawing if one.tag.endswith(("}inline", "}anchor"))):
                found = placed.find("{*}docPr")
                text = "" if found is None else (found.get("descr") or "").strip()
                marks = () if found is None else found.iter(_DECORATIVE)
                yield paragraph, text, any(mark.get("val") in ("1", "true") for mark in marks)
            for shape in (one for one in drawing if one.tag in _SHAPES):
                yield paragraph, (shape.get("alt") or "").strip(), _is_line(shape)


def _floats(drawing: Any) -> bool:
    return any(
        one.tag.endswith("}anchor") or (one.tag in _SHAPES and "position:absolute" in (one.get("style") or ""))
        for one in drawing
    )


def _is_line(shape: Any) -> bool:
    """Is it the horizontal line that Word draws across the page?"""
    return shape.get("{urn:schemas-microsoft-com:office:office}hr") in ("t", "true")


RULES = (alt_text, floating)
