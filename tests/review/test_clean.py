"""The copy for publication: everything that is for editors is gone, and no word or figure with it."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from lxml import etree

from config.errors import Failure
from tasks.review import clean
from tasks.review.clean import clean_copy
from tasks.review.revisions import W, said
from tests.programs import needs_validator, open_xml_errors
from tests.review.made import body, edited, paragraph_with, parts, printed, report, retype, run, section

REFERRALS = "eastmere.referrals.2023-24"


def lines(docx: bytes) -> list[str]:
    return [said(one) for one in body(docx).iter(f"{W}p")]


def test_nothing_of_the_draft_is_left() -> None:
    made = clean_copy(report(), "r.docx")
    xml = b"".join(parts(made).values())
    for gone in (b"w:sdt", b"fig:", b"comment", b"Queried", b"DRAFT", b"PowerPlus", b"urn:annual-report-assurance"):
        assert gone not in xml, gone
    assert not [name for name in parts(made) if name.startswith("customXml/")]
    assert Document(io.BytesIO(made)).core_properties.subject == ""
    assert clean_copy(report(), "other.docx") == made
    assert clean_copy(made, "again.docx") == made


def test_every_line_that_is_for_readers_stays_as_it_was() -> None:
    before, after = lines(report()), lines(clean_copy(report(), "r.docx"))
    stays = [re.sub(r" Queried(: [^.]+\.| – see comment)", "", line) for line in before]
    gone = [line for line in stays if line not in after]
    assert [line for line in after if line not in stays] == []
    assert {line.split(",")[0] for line in gone if "To do:" not in line} <= {
        "DRAFT for review",
        "State of this draft:",
        "What is missing or not agreed",
        "To add page numbers in Word",
        "To see every cell and every check behind a figure: assure explain <figure id>",
    } | set(lines_of_state())


def lines_of_state() -> list[str]:
    found = lines(report())
    at = found.index("State of this draft:") + 1
    return [line.split(",")[0] for line in found[at : found.index("Contents")]]


def test_what_is_made_up_still_says_so() -> None:
    assert any("Illustrative" in line for line in lines(clean_copy(report(), "r.docx")))


def test_changes_of_editors_are_accepted() -> None:
    def edit(root) -> None:
        retype(root, REFERRALS, "2,300", tracked=True)
        mark = etree.Element(f"{W}ins", {f"{W}id": "5", f"{W}author": "Sam"})
        mark.append(run(" More than ever."))
        paragraph_with(root, "open Child in Need cases").append(mark)

    made = clean_copy(edited(section(), edit), "s.docx")
    assert any(line.startswith("2,300\t") for line in lines(made))
    assert any("open Child in Need cases" in line and line.endswith(" More than ever.") for line in lines(made))


def test_a_point_that_an_editor_wrote_for_readers_stays_with_its_heading() -> None:
    def edit(root) -> None:
        point = paragraph_with(root, "To do:")
        for one in point.findall(f"{W}r"):
            point.remove(one)
        point.append(run("We are looking at how cases are counted."))

    made = lines(clean_copy(edited(report(), edit), "r.docx"))
    at = made.index("What is missing or not agreed")
    assert "We are looking at how cases are counted." in made[at : at + 4]


def test_formatting_of_figures_stays() -> None:
    def looks(docx: bytes) -> list[bytes]:
        return [
            etree.tostring(one.find(f"{W}rPr"))
            for one in body(docx).iter(f"{W}r")
            if one.find(f"{W}rPr/{W}rStyle") is not None
            and one.find(f"{W}rPr/{W}rStyle").get(f"{W}val") in ("FigureValue", "HeadlineValue")
        ]

    assert looks(clean_copy(section(), "s.docx")) == looks(section()) != []


def test_who_saved_the_draft_last_is_not_published() -> None:
    found = parts(section())
    found["docProps/core.xml"] = found["docProps/core.xml"].replace(
        b"<cp:lastModifiedBy>", b"<cp:lastModifiedBy>Sam Smith of "
    )
    assert b"Sam Smith" not in b"".join(parts(clean_copy(clean.packed(found), "s.docx")).values())


def test_a_copy_that_lost_a_figure_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def loses_one(root) -> None:
        take_out(root)
        for control in list(root.iter(f"{W}sdt"))[:1]:
            control.getparent().remove(control)

    take_out = clean._take_out_marks
    monkeypatch.setattr(clean, "_take_out_marks", loses_one)
    with pytest.raises(Failure, match="not the same figures"):
        clean_copy(section(), "s.docx")


@needs_validator
def test_the_open_xml_validator_finds_no_error(tmp_path) -> None:
    made = [tmp_path / "report.docx", tmp_path / "section.docx"]
    for path, docx in zip(made, (report(), section()), strict=True):
        path.write_bytes(clean_copy(docx, path.name))
    assert open_xml_errors(made) == {str(path): [] for path in made}


def test_every_figure_that_was_printed_is_printed() -> None:
    said_in_all = "\n".join(lines(clean_copy(report(), "r.docx")))
    assert [text for text in printed(report()).values() if text not in said_in_all] == []
