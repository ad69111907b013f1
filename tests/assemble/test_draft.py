"""A draft of a section as a Word document: what people wrote stays text, every figure is linked, same bytes again."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from config.errors import Refused
from config.model import Look
from config.partnership import Partnership
from tasks.assemble import draft_section, read_figures, read_register
from tasks.assemble.values import SectionContext
from tasks.model import Narrative
from templates.word import template
from tests.assemble.invented import RUN, Given, context_of, place

ROOT = Path(__file__).parent.parent.parent
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(docx: bytes, name: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(docx)).read(name))


def texts(docx: bytes, name: str = "word/document.xml") -> str:
    return "\n".join("".join(p.itertext(f"{W}t")) for p in part(docx, name).iter(f"{W}p"))


def with_text(docx: bytes, old: str, new: str, name: str = "word/document.xml") -> bytes:
    """The template with one piece of its XML changed, as a person might in Word."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(out, "w") as target:
        for part_name in source.namelist():
            data = source.read(part_name)
            if part_name == name:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            target.writestr(part_name, data)
    return out.getvalue()


def section(contexts: list[SectionContext], name: str) -> SectionContext:
    return next(context for context in contexts if context.section_id == name)


@pytest.fixture(scope="module")
def snapshot(contexts) -> bytes:
    return draft_section(section(contexts, "eastmere-snapshot"))


# What people wrote


# as sent, and as it must stand in the draft
@pytest.mark.parametrize(
    ("sent", "stands"),
    [
        ('Risk <5 & "x" > 3 <b>bold</b> R&D', 'Risk <5 & "x" > 3 <b>bold</b> R&D'),
        ("{{ 7*7 }} and {% for x in y %}", "{{ 7*7 }} and {% for x in y %}"),
        ("{{ fig.__globals__ }}", "{{ fig.__globals__ }}"),
        ("before\x00\x07\x0cafter", "beforeafter"),
        ("\ue000eastmere-snapshot/eastmere.referrals\ue001", "eastmere-snapshot/eastmere.referrals"),  # a forged mark
        ("&lt;5 &amp; text", "&lt;5 &amp; text"),  # not turned into anything either
    ],
    ids=[
        "signs of XML",
        "signs of a template",
        "an attack on the template",
        "control characters",
        "a forged figure",
        "entities",
    ],
)
def test_what_people_wrote_stays_text(partnership: Partnership, given: Given, sent: str, stands: str) -> None:
    wrote = Narrative(
        "return-neglect", "1.1", "done", (sent, "the words after it"), place("return-neglect", "2023-24-Q1")
    )
    draft = draft_section(context_of(partnership, "priority-neglect", given.but(narrative=(wrote,))))
    lines = texts(draft).split("\n")
    assert lines[lines.index(stands) + 1] == "the words after it"
    assert read_figures(draft) == []


def test_titles_with_signs_of_xml_are_not_escaped_twice(partnership: Partnership, given: Given) -> None:
    odd = partnership.section("scrutiny").model_copy(update={"title": "Help & support <5"})
    draft = draft_section(context_of(partnership, odd, given))
    core = part(draft, "docProps/core.xml")
    assert core.findtext("{http://purl.org/dc/elements/1.1/}title") == "Help & support <5 2023-24"


# Figures


def test_every_figure_is_linked_and_says_what_the_register_says(contexts) -> None:
    for context in contexts:
        draft = draft_section(context)
        printed = {figure.id: figure.text for figure in context.figures}
        found = read_figures(draft)
        assert {figure.id: figure.text for figure in found} == printed
        run, register = read_register(draft)
        assert run == RUN
        assert register == {id_: (text, sum(f.id == id_ for f in found)) for id_, text in printed.items()}


def test_a_figure_printed_twice_has_two_controls_with_different_numbers(snapshot: bytes) -> None:
    controls = [figure.control for figure in read_figures(snapshot)]
    assert len([f for f in read_figures(snapshot) if f.id == "eastmere.referrals.2023-24"]) == 2
    assert len(controls) == len(set(controls))
    assert all(0 < number < 2**31 for number in controls)


def test_a_figure_knows_the_heading_it_stands_under(snapshot: bytes) -> None:
    where = [figure.where for figure in read_figures(snapshot) if figure.id == "eastmere.referrals.2023-24"]
    assert where == ["At the front door", "Where these figures come from"]


def test_a_control_cannot_be_retyped_and_is_not_bound(snapshot: bytes) -> None:
    for about in part(snapshot).iter(f"{W}sdtPr"):
        names = [etree.QName(child).localname for child in about]
        assert names[-6:] == ["alias", "tag", "id", "lock", "appearance", "text"]
        assert about.find(f"{W}lock").get(f"{W}val") == "contentLocked"
        assert about.find(f"{W}dataBinding") is None


def test_a_figure_keeps_the_formatting_of_its_tag(snapshot: bytes) -> None:
    content = next(
        sdt
        for sdt in part(snapshot).iter(f"{W}sdt")
        if sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val") == "fig:eastmere.referrals.2023-24"
    )
    assert content.find(f"{W}sdtContent/{W}r/{W}rPr/{W}rStyle").get(f"{W}val") == "FigureValue"


def test_words_in_place_of_a_number_are_not_set_as_large_as_one(partnership: Partnership, given: Given) -> None:
    draft = draft_section(context_of(partnership, "eastmere-snapshot", given.but(figures={}, findings=())))
    assert {
        sdt.find(f"{W}sdtContent/{W}r/{W}rPr/{W}rStyle").get(f"{W}val")
        for sdt in part(draft).iter(f"{W}sdt")
        if sdt.find(f"{W}sdtContent/{W}r/{W}rPr") is not None
    } == {"FigureWords", "Strong"}
    assert {figure.text for figure in read_figures(draft)} == {"not received"}


def test_the_register_in_the_file_has_no_attributes_that_libreoffice_would_delete(snapshot: bytes) -> None:
    assert all(not element.attrib for element in part(snapshot, "customXml/item1.xml").iter())


def test_a_suppressed_figure_prints_its_symbol_and_says_what_it_means(snapshot: bytes) -> None:
    assert "<5children identified" in texts(snapshot).replace("\t", "")
    assert "“<5” is a number smaller than 5, hidden so that nobody can be recognised." in texts(snapshot)


def test_reading_takes_tracked_changes_as_accepted(snapshot: bytes) -> None:
    run = '<w:r><w:rPr><w:rStyle w:val="FigureValue"/></w:rPr><w:t xml:space="preserve">2,190</w:t></w:r>'
    tracked = (
        '<w:del w:id="9001" w:author="A"><w:r><w:delText>2,190</w:delText></w:r></w:del>'
        '<w:ins w:id="9002" w:author="A"><w:r><w:t>2,</w:t></w:r><w:r><w:t>200</w:t></w:r></w:ins>'
    )
    edited = with_text(snapshot, run, tracked)
    assert [f.text for f in read_figures(edited) if f.id == "eastmere.referrals.2023-24"] == ["2,200", "2,190"]


def test_a_document_of_somebody_else_has_no_register() -> None:
    with pytest.raises(Refused, match="which run made it"):
        read_register(template("snapshot"))


# Comments and flags


def test_comments_stand_outside_the_controls_that_they_are_about(snapshot: bytes) -> None:
    root = part(snapshot)
    starts = list(root.iter(f"{W}commentRangeStart"))
    assert len(starts) == 2
    for start in starts:
        control, end, reference = start.getnext(), start.getnext().getnext(), start.getnext().getnext().getnext()
        assert control.tag == f"{W}sdt"
        assert end.tag == f"{W}commentRangeEnd"
        assert reference.find(f"{W}commentReference") is not None
    assert not any(root.iterfind(f".//{W}sdtContent//{W}commentRangeStart"))


def test_comments_are_ours_and_dated_by_the_period(snapshot: bytes) -> None:
    comments = list(part(snapshot, "word/comments.xml").iter(f"{W}comment"))
    assert {(c.get(f"{W}author"), c.get(f"{W}date")) for c in comments} == {
        ("Annual report assurance", "2024-03-31T00:00:00Z")
    }


def test_a_queried_figure_is_flagged_at_the_end_of_its_line(snapshot: bytes) -> None:
    line = next(line for line in texts(snapshot).split("\n") if line.startswith("1,487"))
    assert line.endswith("Queried – see comment")
    assert texts(snapshot).count("Queried – see comment") == 1


@pytest.mark.parametrize("note", ["", "Counted on the last day."])
def test_a_queried_figure_is_flagged_so_also_in_the_last_line_of_a_group(partnership, given, note: str) -> None:
    plain = partnership.section("eastmere-snapshot")
    group = plain.groups[0].model_copy(update={"figures": ("eastmere.cin_open",), "note": note})
    alone = plain.model_copy(update={"headline": (), "groups": (group,)})
    lines = texts(draft_section(context_of(partnership, alone, given))).split("\n")
    (line,) = (line for line in lines if line.startswith("1,487") and "open" in line)
    assert line.endswith("Queried – see comment")


def test_an_illustrative_amount_is_flagged_beside_its_item(contexts) -> None:
    draft = draft_section(section(contexts, "finance"))
    assert "Eastmere Council Illustrative" in texts(draft).split("\n")
    assert "Illustrative. All figures in this section were made up" in texts(draft)


def test_the_year_before_stands_in_a_column_beside_each_amount(partnership: Partnership, given: Given) -> None:
    plain = partnership.section("finance")
    now, before = "partnership.contribution_eastmere", "partnership.contribution_police"
    groups = tuple(group.model_copy(update={"figures": (now,), "before": (before,)}) for group in plain.groups)
    draft = draft_section(context_of(partnership, plain.model_copy(update={"groups": groups, "charts": ()}), given))
    rows = [["".join(c.itertext(f"{W}t")) for c in row.iter(f"{W}tc")] for row in part(draft).iter(f"{W}tr")][:2]
    assert rows == [["Item", "2023-24", "Year before"], ["Eastmere Council Illustrative", "£98,500", "£14,000"]]


# Templates of others


def test_a_figure_can_stand_anywhere_in_a_text(contexts) -> None:
    context = section(contexts, "eastmere-snapshot")
    changed = with_text(
        template("snapshot"),
        "{{ intro }}",
        "Of {{ fig('eastmere.referrals') }} referrals, {{ fig('eastmere.cin_open') }} led on.",
    )
    draft = draft_section(context, changed)
    assert "Of 2,190 referrals, 1,487 [Queried – see comment] led on." in texts(draft)


# what a template says, and what is wrong with it
@pytest.mark.parametrize(
    ("tag", "wrong"),
    [
        ("{{ fig('eastmere.unheard_of') }}", "not one of this section"),
        ("{{ unheard_of }}", "cannot be filled in"),
        ("{{ intro.unheard_of }}", "cannot be filled in"),
        ("{% set x = none %}{{ x }}", "None"),
        ("{{ fig.__globals__ }}", "unsafe"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "unsafe"),
        ("{% if %}", "cannot be filled in"),
    ],
    ids=["unknown figure", "unknown name", "unknown attribute", "None", "our own code", "the machine", "bad tag"],
)
def test_a_template_that_asks_for_what_it_is_not_given_is_refused(contexts, tag: str, wrong: str) -> None:
    with pytest.raises(Refused, match=wrong):
        draft_section(section(contexts, "eastmere-snapshot"), with_text(template("snapshot"), "{{ intro }}", tag))


def test_a_template_without_the_style_of_flags_is_refused(contexts) -> None:
    changed = with_text(template("snapshot"), 'w:name w:val="Query Flag"', 'w:name w:val="My Flag"', "word/styles.xml")
    with pytest.raises(Refused, match="no style 'Query Flag'"):
        draft_section(section(contexts, "eastmere-snapshot"), changed)


def test_an_unknown_template_is_refused_with_those_there_are(contexts) -> None:
    with pytest.raises(Refused, match="snapshot, priority"):
        draft_section(replace(section(contexts, "scrutiny"), template="poster"))


def test_the_partnerships_colours_take_the_places_of_the_templates(contexts) -> None:
    context = replace(section(contexts, "scrutiny"), look=Look(dark="112233", accent="224466", alert="AA0000"))
    styles = zipfile.ZipFile(io.BytesIO(draft_section(context))).read("word/styles.xml").decode()
    assert not re.search("12305B|00696B|B4380E", styles)
    assert all(colour in styles for colour in ("112233", "224466", "AA0000"))


# The whole document


def test_header_footer_and_properties_say_what_it_is(snapshot: bytes) -> None:
    assert texts(snapshot, "word/header.xml").split("\n")[:2] == [
        "Eastmere Safeguarding Children Partnership",
        f"DRAFT for review – run {RUN}",
    ]
    assert texts(snapshot, "word/footer.xml").startswith("Eastmere safeguarding snapshot 2023-24Page ")
    assert b'string="DRAFT"' in zipfile.ZipFile(io.BytesIO(snapshot)).read("word/header.xml")
    core = {etree.QName(child).localname: child.text for child in part(snapshot, "docProps/core.xml")}
    assert core["title"] == "Eastmere safeguarding snapshot 2023-24"
    assert (core["creator"], core["language"]) == ("Eastmere Safeguarding Children Partnership", "en-GB")
    assert core["created"] == core["modified"] == "2024-03-31T00:00:00Z"


def test_the_same_section_gives_the_same_bytes_whatever_the_order_of_sets() -> None:
    code = (
        "import hashlib; from tests.assemble.invented import *; from tasks.assemble import draft_section, combine\n"
        "p, g = make_partnership(), given_for_the_year()\n"
        "contexts = [context_of(p, section, g) for section in p.sections]\n"
        "drafts = [draft_section(c) for c in contexts] + [combine(p, YEAR, contexts, RUN)]\n"
        "print(hashlib.sha256(b''.join(drafts)).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1
    assert len(hashes.pop().strip()) == 64


def test_parts_have_no_times_of_making(snapshot: bytes) -> None:
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(snapshot)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_two_queried_figures_of_one_line_are_flagged_once(partnership: Partnership, given: Given) -> None:
    """A figure inside another's words stands on its line, and one flag at the end of it is for both."""
    both = tuple(figure.id for figure in given.figures.values())
    finding = replace(given.findings[0], id="any:finding", outcome="failed", figures=both)
    draft = draft_section(context_of(partnership, "eastmere-snapshot", given.but(findings=(finding,))))
    assert "Queried – see comment Queried – see comment" not in texts(draft)
    assert texts(draft).count("Queried – see comment") > 1
