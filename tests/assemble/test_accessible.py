"""The gate finds each thing that keeps somebody from reading, and nothing in the same document put right."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from config.colours import contrast
from config.errors import Refused
from tasks.assemble import combine, draft_section, quality_document
from tasks.assemble.accessible import RULES, problems_of
from templates.word.build import PAGE, pack, parts
from templates.word.markup import DECLARATION, NAMESPACES, paragraph, run
from tests.assemble.invented import RUN, YEAR
from tests.quality.invented import PAGES

DRAWINGS = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
TITLE = paragraph("Heading1", "Annual report")
TEXT = paragraph("BodyText", "Words of the report.")


def document(body: str, changed: dict[str, tuple[str, str]] | None = None) -> bytes:
    """A document of our look with this body; ``changed`` replaces text in other parts."""
    content = parts("prose")
    spaces = " ".join(dict.fromkeys(f"{NAMESPACES} {DRAWINGS}".split()))
    content["word/document.xml"] = f"{DECLARATION}<w:document {spaces}><w:body>{body}{PAGE}</w:body></w:document>"
    for name, (old, new) in (changed or {}).items():
        assert old in content[name]
        content[name] = content[name].replace(old, new)
    return pack(content)


def plain(text: str, properties: str = "", style: str = "BodyText", letters: str = "") -> str:
    """A paragraph with properties of its own, and of its one run."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>'
        f'<w:r><w:rPr>{letters}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def drawing(about: str, inner: str = "", kind: str = "inline") -> str:
    shown = f'<wp:{kind}><wp:docPr id="7" name="Picture 1"{about}>{inner}</wp:docPr></wp:{kind}>'
    return f"<w:p><w:r><w:drawing>{shown}</w:drawing></w:r></w:p>"


def table(
    look: str = 'w:val="0020"',
    head: str = "<w:cantSplit/><w:tblHeader/>",
    row: str = "<w:cantSplit/>",
    headings: tuple[str, ...] = ("Item", "Amount"),
    cells: tuple[str, ...] = ("Bus fares", "12"),
    description: str = "One row for each item.",
    span: str = "",
    inner: str = "",
    fill: str = "",
) -> str:
    def of(texts: tuple[str, ...], style: str, first: str = "", shade: str = "") -> str:
        return "".join(
            f"<w:tc><w:tcPr>{first if not n else ''}{shade}</w:tcPr>{inner if not n and first else ''}"
            f"{paragraph(style, text) if text else '<w:p/>'}</w:tc>"
            for n, text in enumerate(texts)
        )

    about = f'<w:tblDescription w:val="{description}"/>' if description else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FiguresTable"/><w:tblLook {look}/>{about}</w:tblPr><w:tblGrid/>'
        f"<w:tr><w:trPr>{head}</w:trPr>{of(headings, 'TableHeading', shade=fill)}</w:tr>"
        f"<w:tr><w:trPr>{row}</w:trPr>{of(cells, 'TableText', span)}</w:tr></w:tbl>{TEXT}"
    )


def found(body: str, changed: dict[str, tuple[str, str]] | None = None) -> list[str]:
    return [problem.rule for problem in problems_of(document(body, changed))]


LONG = "x" * 251
# rule, a document in which it is broken, and the same put right
CASES = {
    "no-heading": ("one-title", TEXT, TITLE + TEXT),
    "two-first-headings": ("one-title", TITLE + TEXT + TITLE, TITLE + TEXT),
    "two-titles": ("one-title", paragraph("Title", "A") * 2 + TITLE, paragraph("Title", "A") + TITLE + TITLE),
    "level-left-out": (
        "heading-order",
        TITLE + paragraph("Heading3", "Neglect"),
        TITLE + paragraph("Heading2", "Neglect") + paragraph("Heading3", "Impact"),
    ),
    "begins-low": ("heading-order", paragraph("Heading2", "Neglect") + TITLE, TITLE + paragraph("Heading2", "Neglect")),
    "empty-heading": ("empty-heading", TITLE + paragraph("Heading2", " "), TITLE + paragraph("Heading2", "Neglect")),
    "capitals": ("capitals", TITLE + paragraph("Heading2", "PRIORITY ONE"), TITLE + paragraph("Heading2", "SEND")),
    "bold-line": (
        "fake-heading",
        TITLE + plain("What we did", letters="<w:b/>") + TEXT,
        TITLE + plain("What we did.", letters="<w:b/>") + TEXT,
    ),
    "bold-style": (
        "fake-heading",
        TITLE + paragraph("BodyText", run("What we did", "Strong")) + TEXT,
        TITLE + paragraph("BodyText", run("What we", "Strong"), " did") + TEXT,
    ),
    "typed-bullet": ("typed-list", TITLE + plain("• First point"), TITLE + plain("First point", style="ListBullet")),
    "typed-dash": ("typed-list", TITLE + plain("- First point"), TITLE + plain("-3 is a number")),
    "typed-numbers": ("typed-list", TITLE + plain("1. One") + plain("2. Two"), TITLE + plain("1. One") + TEXT),
    "typed-letters": ("typed-list", TITLE + plain("(a) One") + plain("(b) Two"), TITLE + plain("(a) One") + TEXT),
    "blank-line": ("blank-line", TITLE + TEXT + "<w:p/>" + TEXT, TITLE + TEXT + TEXT),
    "blank-spaces": ("blank-line", TITLE + plain("  ") + TEXT, TITLE + table().removesuffix(TEXT) + "<w:p/>" + table()),
    "colour-of-run": (
        "contrast",
        TITLE + plain("Pale", letters='<w:color w:val="999999"/>'),
        TITLE + plain("Dark", letters='<w:color w:val="595959"/>'),
    ),
    "pale-but-large": (
        "contrast",
        TITLE + plain("Pale", letters='<w:color w:val="8A8A8A"/><w:sz w:val="26"/>'),
        TITLE + plain("Pale", letters='<w:color w:val="8A8A8A"/><w:sz w:val="36"/>'),
    ),
    "pale-bold": (
        "contrast",
        TITLE + plain("Pale.", letters='<w:color w:val="8A8A8A"/><w:sz w:val="28"/>'),
        TITLE + plain("Pale.", letters='<w:b/><w:color w:val="8A8A8A"/><w:sz w:val="28"/>'),
    ),
    "ground-of-paragraph": (
        "contrast",
        TITLE + plain("On grey", '<w:shd w:val="clear" w:fill="444444"/>'),
        TITLE + plain("On grey", '<w:shd w:val="clear" w:fill="EEEEEE"/>'),
    ),
    "ground-of-run": (
        "contrast",
        TITLE + plain("Marked", letters='<w:highlight w:val="darkBlue"/>'),
        TITLE + plain("Marked", letters='<w:highlight w:val="yellow"/>'),
    ),
    "ground-of-cell": (
        "contrast",
        TITLE + table(fill='<w:shd w:val="clear" w:fill="EEEEEE"/>'),
        TITLE + table(fill='<w:shd w:val="clear" w:fill="12305B"/>'),
    ),
    # White letters of the heading's style stand on the dark ground of the table's style, if the table says it has one.
    "ground-of-table-style": ("contrast", TITLE + table(look='w:val="0000"'), TITLE + table()),
    "small": (
        "small-text",
        TITLE + plain("Small", letters='<w:sz w:val="22"/>'),
        TITLE + plain("Raised", letters='<w:sz w:val="22"/><w:vertAlign w:val="superscript"/>'),
    ),
    "justified": (
        "justified",
        TITLE + plain("Words", '<w:jc w:val="both"/>'),
        TITLE + plain("Words", '<w:jc w:val="left"/>'),
    ),
    "here": (
        "link-words",
        TITLE + f'<w:p><w:hyperlink r:id="rId4">{run("here")}</w:hyperlink></w:p>',
        TITLE + f'<w:p><w:hyperlink r:id="rId4">{run("the data annex")}</w:hyperlink></w:p>',
    ),
    "here-field": (
        "link-words",
        TITLE
        + '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://example.org" '
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("[Here]")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        TITLE + f'<w:p><w:hyperlink w:anchor="_Toc0001">{run("here")}</w:hyperlink></w:p>',
    ),
    "address": (
        "link-words",
        TITLE + plain("See https://example.org/annex for more."),
        TITLE + plain("Write to office@example.org."),
    ),
    "language-of-run": (
        "stray-language",
        TITLE + plain("Color", letters='<w:lang w:val="en-US"/>'),
        TITLE + plain("Lliw", letters='<w:lang w:val="cy-GB"/>'),
    ),
    "no-heading-row": ("table-heading", TITLE + table(head="<w:cantSplit/>"), TITLE + table()),
    "no-look": ("table-heading", TITLE + table(look='w:firstRow="0"'), TITLE + table(look='w:firstRow="1"')),
    "heading-within": ("table-heading", TITLE + table(head="<w:cantSplit/>", row="<w:tblHeader/>"), TITLE + table()),
    "split-row": ("split-row", TITLE + table(row=""), TITLE + table()),
    "merged": ("merged-cells", TITLE + table(span='<w:gridSpan w:val="2"/>'), TITLE + table()),
    "merged-down": ("merged-cells", TITLE + table(span="<w:vMerge/>"), TITLE + table()),
    "uneven": ("merged-cells", TITLE + table(cells=("Bus fares",)), TITLE + table()),
    "blank-table-heading": ("blank-heading", TITLE + table(headings=("Item", "")), TITLE + table()),
    "no-description": ("table-description", TITLE + table(description=""), TITLE + table()),
    "layout": ("layout-table", TITLE + table(headings=("Item",), cells=("Bus fares",)), TITLE + table()),
    "nested": ("layout-table", TITLE + table(span="<w:noWrap/>", inner=table() + "<w:p/>"), TITLE + table()),
    "no-alt": ("alt-text", TITLE + drawing(""), TITLE + drawing(' descr="Referrals fell from May to July."')),
    "alt-of-file": ("alt-text", TITLE + drawing(' descr="image1.png"'), TITLE + drawing(' descr="Referrals fell."')),
    "alt-of-name": ("alt-text", TITLE + drawing(' descr="Picture 3"'), TITLE + drawing(' descr="A line that rises"')),
    "alt-too-long": ("alt-text", TITLE + drawing(f' descr="{LONG}"'), TITLE + drawing(f' descr="{LONG[1:]}"')),
    "not-decorative": (
        "alt-text",
        TITLE + drawing("", '<a:extLst><a:ext><adec:decorative val="0"/></a:ext></a:extLst>'),
        TITLE + drawing("", '<a:extLst><a:ext><adec:decorative val="1"/></a:ext></a:extLst>'),
    ),
    "shape-without-alt": (
        "alt-text",
        TITLE + "<w:p><w:r><w:pict><v:shape/></w:pict></w:r></w:p>",
        TITLE + '<w:p><w:r><w:pict><v:shape alt="A line goes up"/></w:pict></w:r></w:p>',
    ),
    "floating": (
        "floating",
        TITLE + drawing(' descr="Referrals fell."', kind="anchor"),
        TITLE + drawing(' descr="Referrals fell."'),
    ),
}  # fmt: skip
# What stands in other parts: rule, part, as it is, as it must not be
OTHER_PARTS = [
    ("title", "docProps/core.xml", "<dc:title>Template of the shape prose</dc:title>", "<dc:title> </dc:title>"),
    ("language", "word/styles.xml", '<w:lang w:val="en-GB"', '<w:lang w:val="en-US"'),
    ("language", "word/styles.xml", '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>', ""),
    (
        "protection",
        "word/settings.xml",
        "<w:zoom",
        '<w:documentProtection w:edit="readOnly" w:enforcement="1"/><w:zoom',
    ),
    ("small-text", "word/styles.xml", '<w:sz w:val="24"/>', '<w:sz w:val="22"/>'),
    ("contrast", "word/styles.xml", '<w:color w:val="1C2430"/>', '<w:color w:val="8C9430"/>'),
]


@pytest.mark.parametrize("name", CASES)
def test_a_rule_finds_its_breach_and_nothing_once_that_is_put_right(name: str) -> None:
    rule, bad, good = CASES[name]
    assert rule in found(bad)
    assert found(good) == []


@pytest.mark.parametrize(("rule", "part", "good", "bad"), OTHER_PARTS)
def test_what_stands_in_other_parts_is_found_too(rule: str, part: str, good: str, bad: str) -> None:
    assert found(TITLE + TEXT) == []
    assert found(TITLE + TEXT, {part: (good, bad)}) == [rule]


def test_every_rule_has_a_case_a_source_and_an_id_of_its_own() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert {rule for rule, *_ in [*CASES.values(), *OTHER_PARTS]} == set(ids)
    assert all(rule.source.startswith(("WCAG 2.2, ", "DfE guide, ")) and rule.why.endswith(".") for rule in RULES)


def test_every_draft_that_we_make_passes(partnership, contexts) -> None:
    documents = {context.section_id: draft_section(context) for context in contexts}
    documents["report"] = combine(partnership, YEAR, contexts, RUN, quality=PAGES["year"]())
    documents |= {
        f"quality-{name}": quality_document(make(), partnership.profile.look, YEAR.last_day, RUN)
        for name, make in PAGES.items()
    }
    assert {name: told for name, data in documents.items() if (told := problems_of(data))} == {}


def test_python_docx_alone_makes_a_document_that_does_not_pass() -> None:
    """Its own template is American, in small letters, and its headings are pale: what anybody gets who starts there."""
    plain_document, out = Document(), BytesIO()
    plain_document.add_heading("A report", 1)
    plain_document.add_heading("Neglect", 2)
    plain_document.add_paragraph("Words.")
    plain_document.core_properties.title = "A report"
    plain_document.save(out)
    assert {problem.rule for problem in problems_of(out.getvalue())} == {"language", "contrast", "small-text"}


def test_the_same_thing_in_many_places_is_told_once_and_without_the_words_that_stand_there() -> None:
    secret = plain("Three children of one family", letters='<w:sz w:val="20"/>')
    told = problems_of(document(TITLE + paragraph("Heading2", "Neglect") + secret * 4))
    assert [(one.rule, one.where) for one in told] == [
        ("small-text", "under the heading 'Neglect', paragraph 1, and 3 other places")
    ]
    assert "children" not in str(told)


def test_what_was_deleted_with_tracking_and_what_other_programs_show_instead_are_not_read() -> None:
    small = run("Small").replace("<w:r>", '<w:r><w:rPr><w:sz w:val="16"/></w:rPr>')
    deleted = f'<w:p><w:r><w:t>Kept.</w:t></w:r><w:del w:id="1" w:author="Sam">{small}</w:del></w:p>'
    other = f"<mc:AlternateContent><mc:Fallback>{small}</mc:Fallback></mc:AlternateContent>"
    fallback = f"<w:p><w:r><w:t>Kept.</w:t></w:r>{other}</w:p>"
    assert found(TITLE + deleted + fallback) == []


def test_a_document_that_is_not_safe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        problems_of(b"no document")
    bad = BytesIO(document(TITLE))
    with zipfile.ZipFile(bad, "a") as package:
        package.writestr("word/vbaProject.bin", b"macro")
    with pytest.raises(Refused):
        problems_of(bad.getvalue())


colours = st.integers(0, 0xFFFFFF).map(lambda number: f"{number:06X}")


@given(colours, colours)
def test_contrast_is_the_same_both_ways_and_between_1_and_21(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.000001
    assert contrast(one, one) == 1


@given(colours)
def test_every_colour_can_be_read_on_black_or_on_white(one: str) -> None:
    """That is why letters whose colour Word chooses need no check."""
    assert max(contrast(one, "FFFFFF"), contrast(one, "000000")) >= 4.5
