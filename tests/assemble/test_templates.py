"""Templates are what the script makes, and what they look like can be read by everybody."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from lxml import etree

from tasks.assemble import combine, draft_section
from templates.word import NAMES, build, template
from templates.word import styles as look
from tests.assemble.invented import RUN, YEAR
from tests.assemble.test_draft import W, part

SMALL = {"header", "Header Run", "footer", "annotation reference"}
"""Styles that may be smaller than 12 points: no text of the report is in them."""


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_what_the_script_makes(name: str) -> None:
    assert template(name) == build.build(name), "Run: python -m templates.word.build"


def styles(name: str) -> dict[str, etree._Element]:
    root = part(template(name), "word/styles.xml")
    return {style.find(f"{W}name").get(f"{W}val"): style for style in root.iter(f"{W}style")}


@pytest.mark.parametrize("name", NAMES)
def test_no_style_of_the_text_is_smaller_than_12_points(name: str) -> None:
    small = {
        style
        for style, element in styles(name).items()
        for size in element.iterfind(f"{W}rPr/{W}sz")
        if int(size.get(f"{W}val")) < 24
    }
    assert small <= SMALL


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


# colour of text, and what it stands on
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (look.TEXT, "FFFFFF"),
        (look.MUTED, "FFFFFF"),
        (look.DARK, "FFFFFF"),
        (look.ACCENT, "FFFFFF"),
        (look.ALERT, "FFFFFF"),
        (look.ALERT, look.TINT),  # a flag behind a figure
        (look.ACCENT, look.TINT),  # a figure in its line
        (look.TEXT, look.ALERT_TINT),  # callouts
        ("FFFFFF", look.DARK),  # headline and table headings
        (look.ON_DARK, look.DARK),  # a flag in the headline
        (look.MUTED, "EFF1F3"),  # text over the watermark
    ],
)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.fixture(scope="module")
def documents(partnership, contexts) -> list[bytes]:
    return [*(draft_section(context) for context in contexts), combine(partnership, YEAR, contexts, RUN)]


def paragraphs(docx: bytes) -> list[tuple[str, str]]:
    found = []
    for paragraph in part(docx).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        found.append((style.get(f"{W}val") if style is not None else "", "".join(paragraph.itertext(f"{W}t"))))
    return found


def test_headings_go_down_one_level_at_a_time(documents: list[bytes]) -> None:
    for docx in documents:
        levels = [int(style[-1]) for style, _ in paragraphs(docx) if re.fullmatch(r"Heading\d", style)]
        assert levels[0] == 1
        assert all(below - above <= 1 for above, below in zip(levels, levels[1:], strict=False))


def test_no_paragraph_is_empty_and_no_bullet_is_typed(documents: list[bytes]) -> None:
    for docx in documents:
        assert {style for style, text in paragraphs(docx) if not text.strip()} <= {"Chart"}  # which holds a drawing
        assert not any(text.lstrip().startswith(("•", "- ", "* ")) for _, text in paragraphs(docx))


def test_lists_are_real_lists(documents: list[bytes]) -> None:
    for docx in documents:
        root = part(docx, "word/styles.xml")
        used = {style for style, _ in paragraphs(docx) if "Bullet" in style}
        numbered = {
            style.get(f"{W}styleId") for style in root.iter(f"{W}style") if style.find(f"{W}pPr/{W}numPr") is not None
        }
        assert used <= numbered


def test_tables_have_a_heading_row_a_caption_and_a_description(documents: list[bytes]) -> None:
    tables = [table for docx in documents for table in part(docx).iter(f"{W}tbl")]
    assert len(tables) > 5
    for table in tables:
        look = table.find(f"{W}tblPr/{W}tblLook")
        assert look.get(f"{W}firstRow") == "1"
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
        assert table.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val").endswith(".")
        rows = table.findall(f"{W}tr")
        assert len(rows) > 1
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert not list(table.iter(f"{W}gridSpan", f"{W}vMerge"))
        widths = [[cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w") for cell in row.iter(f"{W}tc")] for row in rows]
        assert len({tuple(row) for row in widths}) == 1


def test_every_document_is_in_british_english(documents: list[bytes]) -> None:
    for docx in documents:
        languages = {lang.get(f"{W}val") for lang in part(docx, "word/styles.xml").iter(f"{W}lang")}
        assert languages == {"en-GB"}


def test_every_document_ends_with_a_paragraph_before_its_page_settings(documents: list[bytes]) -> None:
    for docx in documents:
        last_two = [element.tag for element in part(docx).find(f"{W}body")][-2:]
        assert last_two == [f"{W}p", f"{W}sectPr"]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_names_nobody_and_has_its_colours_in_its_styles_only(name: str) -> None:
    package = zipfile.ZipFile(io.BytesIO(template(name)))
    for part_name in package.namelist():
        if part_name != "word/styles.xml":
            assert not re.search(rb'w:(color|fill)="?[0-9A-F]{6}|w:color w:val', package.read(part_name))
