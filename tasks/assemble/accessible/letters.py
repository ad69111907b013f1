"""Can letters be read by somebody whose sight is weak, and links by somebody who hears them?

Belongs here: size, contrast, alignment, and the words of links. Does not belong here: how a style comes to be what it
is (``tasks.assemble.accessible.formatting``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.colours import READABLE, READABLE_LARGE, contrast
from tasks.assemble.accessible.reading import Paragraph, Reading, text_of
from tasks.assemble.accessible.rule import Found, rule
from tasks.review.revisions import W

SMALLEST = 12.0
"""Points that text must have."""
SMALLER_STORIES = ("header", "footer")
"""Parts of a page that may be smaller: they say again what stands in the text."""
SMALLER_STYLES = ("header", "footer", "annotation reference", "footnote reference", "endnote reference")
LARGE, LARGE_BOLD = 18.0, 14.0
_SAYS_NOTHING = {
    "here", "click here", "click", "link", "this link", "more", "read more", "find out more", "this", "website",
    "this page", "download", "see here", "available here",
}  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SHOWN = 60


@rule("contrast", "Who sees little contrast cannot tell the letters from the ground.", "WCAG 2.2, 1.4.3")
def letter_contrast(reading: Reading) -> Iterator[Found]:
    """Letters stand out from their ground by 4.5 to 1, large ones by 3 to 1."""
    for paragraph in reading.paragraphs:
        for run in _shown(reading, paragraph):
            ink, ground = reading.styles.colour(run, paragraph), reading.styles.ground(run, paragraph)
            if ink is None or ground is None:
                continue
            size = reading.styles.size(run, paragraph)
            is_large = size >= LARGE or (size >= LARGE_BOLD and reading.styles.is_on(run, paragraph, "b"))
            wanted, found = READABLE_LARGE if is_large else READABLE, contrast(ink, ground)
            if found < wanted:
                yield (
                    f"Letters in colour {ink} on {ground} stand out {_ratio(found)} to 1; {wanted:g} to 1 is needed.",
                    paragraph.where,
                    "Choose a darker colour for the letters, or a lighter one for the ground, best in the style.",
                )


def _ratio(found: float) -> str:
    """Rounded down, so that what falls short never reads as if it sufficed."""
    return f"{int(found * 10) / 10:.1f}"


@rule(
    "small-text",
    "Smaller letters cannot be read in print by many, and on a screen only by making all larger.",
    "DfE guide, text",
)
def small_text(reading: Reading) -> Iterator[Found]:
    """Text is at least 12 points large."""
    for paragraph in reading.paragraphs:
        if paragraph.story in SMALLER_STORIES or paragraph.style in SMALLER_STYLES:
            continue
        for run in _shown(reading, paragraph):
            size = reading.styles.size(run, paragraph)
            if size < SMALLEST and not reading.styles.raised(run, paragraph):
                yield (
                    f"Text is {size:g} points large; 12 is the least.",
                    paragraph.where,
                    "Make it 12 points or larger, best in the style.",
                )
                break


@rule("justified", "Uneven gaps between words make lines hard to follow for people with dyslexia.", "DfE guide, text")
def justified(reading: Reading) -> Iterator[Found]:
    """Text is aligned on the left and not stretched to both edges."""
    for paragraph in reading.body:
        found = reading.styles.properties(paragraph, "jc")
        if found is not None and found.get(f"{W}val") in ("both", "distribute") and paragraph.text.strip():
            yield "Text is stretched to both edges.", paragraph.where, "Align it left (Ctrl+L), best in the style."


def _shown(reading: Reading, paragraph: Paragraph) -> Iterator[object]:
    """Runs that have letters which are shown."""
    for run in paragraph.runs:
        if text_of(run).strip() and not reading.styles.is_on(run, paragraph, "vanish"):
            yield run


@rule(
    "link-words",
    "Who moves from link to link hears only its words, and an address letter by letter.",
    "WCAG 2.2, 2.4.4",
)
def link_words(reading: Reading) -> Iterator[Found]:
    """A link says where it leads, and no address is written out."""
    for paragraph in reading.paragraphs:
        for words in _links(paragraph):
            plain = words.strip(" .,;:()[]").casefold()
            if plain in _SAYS_NOTHING or not plain:
                yield (
                    f"A link says '{plain}' and not where it leads." if plain else "A link has no words.",
                    paragraph.where,
                    "Make the title of the page it leads to the words of the link.",
                )
        if _ADDRESS.search(paragraph.text):
            yield (
                "A web address is written out.",
                paragraph.where,
                "Write the title of the page instead, and link it (Insert, Link).",
            )


def _links(paragraph: Paragraph) -> Iterator[str]:
    """The words of each link that leads out of the document, made by an element or by a field."""
    for link in paragraph.element.iter(f"{W}hyperlink"):
        if not link.get(f"{W}anchor"):
            yield "".join(text_of(run) for run in link.iter(f"{W}r"))[:_SHOWN]
    instruction, words, state = "", "", ""
    for run in paragraph.runs:
        for mark in run.findall(f"{W}fldChar"):
            state = mark.get(f"{W}fldCharType", "")
            if state == "end" and re.match(r'\s*HYPERLINK\s+"', instruction):
                yield words[:_SHOWN]
            if state in ("begin", "end"):
                instruction, words = "", ""
        instruction += "".join(one.text or "" for one in run.findall(f"{W}instrText"))
        words += text_of(run) if state == "separate" else ""


RULES = (letter_contrast, small_text, justified, link_words)
