"""What an editor did to a draft is told as it was, and nothing that nobody did."""

from __future__ import annotations

import copy
import re
import time
from dataclasses import replace

import pytest
from lxml import etree

from config.errors import Refused
from tasks import plain
from tasks.assemble.figures import REGISTER
from tasks.review.check import check_draft
from tasks.review.checked import CheckedDraft
from tests.assemble.invented import make_partnership
from tests.gather.files import part, rezipped
from tests.review.drafts_edited import (
    HIDDEN,
    MAIN,
    PLANS,
    REFERRALS,
    SAM,
    W,
    check,
    controls,
    copy_paragraph,
    delete,
    draft,
    edited,
    new_paragraph,
    not_ok,
    paragraph_of,
    register,
    retype,
    run,
    tracked,
    type_words,
    unlink,
)

SECTIONS = [one.id for one in make_partnership().sections]


# As it was made


@pytest.mark.parametrize("section", [*SECTIONS, "whole"])
def test_a_draft_that_nobody_touched_raises_nothing(section: str) -> None:
    checked = check_draft(draft(section), f"{section}.docx", register())
    assert (checked.state, checked.needs_a_person) == ("as_made", False)
    assert not_ok(checked) == {} and checked.numbers == () and checked.notes == ()


def test_words_alone_make_it_edited_and_need_nobody() -> None:
    checked = check(new_paragraph("Partners met more often."))
    assert (checked.state, checked.needs_a_person) == ("edited", False)


def test_a_draft_saved_with_its_parts_in_another_order_is_as_it_was_made() -> None:
    assert check_draft(rezipped(draft(), {MAIN: part(draft(), MAIN)}), "saved.docx", register()).state == "as_made"


# Figures


def test_a_number_typed_over_is_changed_with_both_values_and_its_place() -> None:
    checked = check(retype(PLANS, "160"))
    (one,) = not_ok(checked).values()
    assert (one.id, one.state, one.printed, one.says, one.register) == (PLANS, "changed", "158", "160", "158")
    assert one.where.endswith("Protected and looked after") and "160 children subject" in one.around.replace("\t", " ")
    assert one.changes == () and checked.state == "needs_a_person"
    assert one.what == "“158” was changed to “160”."


def test_a_tracked_change_says_who_and_when() -> None:
    one = not_ok(check(retype(PLANS, "160", under_tracking=True)))[PLANS]
    assert [(change.kind, change.text, change.author) for change in one.changes] == [
        ("deleted", "158", "Sam"),
        ("inserted", "160", "Sam"),
    ]
    assert one.what == "“158” was changed to “160” by Sam on 2024-08-01."


@pytest.mark.parametrize("written", ["2\u2009190", "2\u00a0190", "2\u202f190", "2190", " 2,190 "])
def test_what_parts_the_thousands_changes_no_figure(written: str) -> None:
    assert not_ok(check(retype(REFERRALS, written))) == {}


def test_what_was_retyped_to_what_the_register_says_by_now_is_right() -> None:
    checked = check_draft(edited(retype(PLANS, "161")), "edited.docx", register(cp_plans_open="161"))
    first, *others = [one for one in checked.figures if one.id == PLANS]
    assert first.state == "ok" and others and {one.state for one in others} == {"out_of_date"}


def test_a_figure_that_the_register_has_otherwise_by_now_is_out_of_date() -> None:
    one = not_ok(check_draft(draft(), "old.docx", register(cp_plans_open="161")))[PLANS]
    assert (one.state, one.printed, one.says, one.register) == ("out_of_date", "158", "158", "161")
    assert "Refresh" in one.to_do


@pytest.mark.parametrize("under_tracking", [True, False])
def test_a_deleted_control_is_told_with_the_heading_that_it_stood_under(under_tracking: bool) -> None:
    (one,) = not_ok(check(delete(PLANS, under_tracking=under_tracking))).values()
    assert (one.id, one.state, one.printed, one.says, one.link_lost) == (PLANS, "deleted", "158", "", False)
    assert one.where.endswith("Protected and looked after")
    assert ("by Sam on 2024-08-01" in one.what) == under_tracking


def test_a_deleted_paragraph_takes_its_figures_along() -> None:
    def remove(root: object) -> None:
        paragraph = paragraph_of(controls(root, "eastmere.missing_episodes.2023-24")[0])
        paragraph.getparent().remove(paragraph)

    found = not_ok(check(remove))
    names = ["missing_children", "missing_episodes"]
    assert sorted(found) == [f"eastmere.{name}.2023-24" for name in names]
    assert {one.state for one in found.values()} == {"deleted"}


def test_a_tracked_deletion_of_a_row_takes_its_figures_along() -> None:
    def remove(root: object) -> None:
        figure = "partnership.contribution_icb.2023-24"
        row = next(row for control in controls(root, figure) for row in control.iterancestors(f"{W}tr"))
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            row.insert(0, properties)
        etree.SubElement(properties, f"{W}del", SAM)

    (one,) = not_ok(check(remove, section="finance")).values()
    assert (one.state, one.id) == ("deleted", "partnership.contribution_icb.2023-24")
    assert "by Sam on 2024-08-01" in one.what


def test_of_two_places_the_loss_of_one_is_told_as_that() -> None:
    made = check_draft(draft("whole"), "whole.docx", register()).figures
    twice = next(one.id for one in made if one.times > 1)
    checked = check(delete(twice), section="whole")
    (one,) = not_ok(checked).values()
    assert (one.id, one.state) == (twice, "deleted") and "in one of its 2 places" in one.what
    assert one.where in {place.where for place in made if place.id == twice}


def test_a_copied_paragraph_has_its_figures_once_too_often() -> None:
    (one,) = not_ok(check(copy_paragraph(PLANS, REFERRALS))).values()
    assert (one.id, one.state, one.says) == (PLANS, "duplicated", "158")
    assert one.where.endswith("At the front door")


def test_a_figure_pasted_from_another_section_is_no_figure_of_this_draft() -> None:
    other = etree.fromstring(part(draft("training"), MAIN))
    figure = "partnership.training_sessions.2023-24"

    def paste(root: object) -> None:
        paragraph_of(controls(root, PLANS)[0]).addnext(copy.deepcopy(paragraph_of(controls(other, figure)[0])))

    (one,) = not_ok(check(paste)).values()
    assert (one.id, one.state, one.times) == (figure, "duplicated", 0) and "not at all" in one.what


def test_a_moved_paragraph_is_neither_deleted_nor_copied() -> None:
    def move(root: object) -> None:
        paragraph = paragraph_of(controls(root, PLANS)[0])
        again = copy.deepcopy(paragraph)
        for element, mark in ((paragraph, "moveFrom"), (again, "moveTo")):
            for runs in list(element.iter(f"{W}r")):
                around = etree.Element(f"{W}{mark}", SAM)
                runs.addprevious(around)
                around.append(runs)
        paragraph_of(controls(root, REFERRALS)[0]).addnext(again)

    assert not_ok(check(move)) == {}


def test_a_figure_that_the_register_has_not_is_unknown() -> None:
    def rename(root: object) -> None:
        controls(root, PLANS)[0].find(f"{W}sdtPr/{W}tag").set(f"{W}val", "fig:eastmere.invented.2023-24")

    found = not_ok(check(rename))
    assert {name: one.state for name, one in found.items()} == {
        "eastmere.invented.2023-24": "unknown",
        PLANS: "deleted",
    }


def test_a_control_removed_with_its_number_kept_is_a_lost_link_and_no_typed_number() -> None:
    checked = check(unlink(PLANS))
    (one,) = not_ok(checked).values()
    assert (one.state, one.link_lost, checked.numbers) == ("deleted", True, ())
    assert "its link was removed" in one.what


@pytest.mark.parametrize("level", ["block", "cell"])
def test_a_control_round_a_paragraph_or_a_cell_is_read(level: str) -> None:
    def lift(root: object) -> None:
        figure = "partnership.contribution_icb.2023-24"
        control = next(one for one in controls(root, figure) if next(one.iterancestors(f"{W}tc"), None) is not None)
        runs = list(control.find(f"{W}sdtContent"))
        inner = next(control.iterancestors(f"{W}p" if level == "block" else f"{W}tc"))
        for child in runs:
            control.addprevious(child)
        control.getparent().remove(control)
        inner.addprevious(control)
        content = control.find(f"{W}sdtContent")
        content.append(inner)

    checked = check(lift, section="finance")
    assert not_ok(checked) == {} and checked.numbers == ()


def test_a_symbol_whose_link_was_removed_is_a_lost_link_too() -> None:
    checked = check(unlink(HIDDEN))
    (one,) = not_ok(checked).values()
    assert (one.printed, one.link_lost, checked.numbers) == ("<5", True, ())


def test_a_text_box_is_read_once() -> None:
    def box(root: object) -> None:
        spaces = {
            "w": W[1:-1],
            "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
            "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        }
        paragraph = paragraph_of(controls(root, PLANS)[0])
        words = etree.tostring(paragraph).decode()
        names = " ".join(f'xmlns:{name}="{address}"' for name, address in spaces.items())
        inner = f"<w:txbxContent>{words}<w:p><w:r><w:t>In all 4,711 visits.</w:t></w:r></w:p></w:txbxContent>"
        made = etree.fromstring(
            f"<w:p {names}><w:r><mc:AlternateContent><mc:Choice Requires='wps'>{inner}</mc:Choice>"
            f"<mc:Fallback><w:pict>{inner}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )
        paragraph.getparent().replace(paragraph, made)

    checked = check(box)
    assert not_ok(checked) == {}
    assert [one.text for one in checked.numbers] == ["4,711"]


# Numbers


def test_a_typed_number_is_told_with_what_it_may_be() -> None:
    (one,) = check(new_paragraph("There were 158 children subject to a plan, by 12 May 2024.")).numbers
    assert (one.text, one.state, one.figures, one.register) == ("158", "typed", (PLANS,), "158")
    assert "158 children" in one.around and one.change is None


@pytest.mark.parametrize("spaced", ["2\u2009190", "2\u00a0190", "2,190", "2190"])
def test_a_typed_number_is_known_however_its_thousands_are_parted(spaced: str) -> None:
    (one,) = check(new_paragraph(f"We had {spaced} referrals to social care.")).numbers
    assert one.figures == (REFERRALS,)


def test_a_number_typed_under_tracking_says_who() -> None:
    checked = check(new_paragraph("It rose by 7,413 in all.", under_tracking=True))
    (one,) = checked.numbers
    assert one.change is not None and (one.change.author, one.text, one.figures) == ("Sam", "7,413", ())
    assert checked.notes == ("1 tracked change by Sam waits to be accepted or rejected; it was read as accepted.",)


def test_a_number_in_words_is_told_and_no_date_age_or_reference_is() -> None:
    words = "In May 2024 twelve partners met on page 7; children aged 16 to 17 came at 10:30 am, see priority 1.1."
    assert [one.text for one in check(new_paragraph(words)).numbers] == ["twelve"]


@pytest.mark.parametrize("typed", ["0", ",000", "%"])
def test_what_is_typed_directly_behind_a_figure_is_told(typed: str) -> None:
    (one,) = check(type_words(PLANS, typed)).numbers
    assert (one.state, one.text, one.figures) == ("beside", typed, (PLANS,))


def test_a_digit_before_a_figure_is_told() -> None:
    (one,) = check(lambda root: controls(root, PLANS)[0].addprevious(run("1"))).numbers
    assert (one.state, one.text, one.figures) == ("beside", "1", (PLANS,))


def test_a_changed_number_of_narrative_is_told_and_the_one_beside_it_is_not() -> None:
    def change(root: object) -> None:
        for text in root.iter(f"{W}t"):
            if text.text and "an audit of 20 found it in 14" in text.text:
                text.text = text.text.replace("in 14", "in 15")

    (one,) = check(change, section="priority-neglect").numbers
    assert one.text == "15"


def test_rewritten_words_round_a_number_of_narrative_are_no_typed_number() -> None:
    def change(root: object) -> None:
        for text in root.iter(f"{W}t"):
            if text.text and "an audit of 20 found it in 14" in text.text:
                text.text = text.text.replace("an audit of 20 found", "a check of 20 showed").replace(
                    "it in 14", "neglect in 14"
                )

    assert check(change, section="priority-neglect").numbers == ()


def test_page_numbers_and_contents_that_word_writes_anew_are_no_typed_numbers() -> None:
    def renew(root: object) -> None:
        for style in root.iter(f"{W}pStyle"):
            if style.get(f"{W}val").lower().startswith("toc"):
                paragraph_of(style).append(run("\t4711"))
        field = etree.Element(f"{W}fldSimple", {f"{W}instr": " NUMPAGES "})
        field.append(run("4712"))
        paragraph_of(controls(root, PLANS)[0]).append(field)

    assert check(renew, section="whole").numbers == ()


def test_a_number_typed_into_a_header_is_told_with_where_it_stands() -> None:
    header = etree.fromstring(part(draft(), "word/header.xml"))
    header.find(f"{W}p").append(run(" In all 7,413 visits."))
    checked = check_draft(rezipped(draft(), {"word/header.xml": etree.tostring(header)}), "edited.docx", register())
    assert [(one.text, one.where) for one in checked.numbers] == [("7,413", "the header")]


# Other documents, and other programs


def without_links(root: object) -> None:
    for control in list(root.iter(f"{W}sdt")):
        for child in list(control.find(f"{W}sdtContent")):
            control.addprevious(child)
        control.getparent().remove(control)


APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>LibreOffice/7.4.7.2$Linux_X86_64</Application></Properties>"
)


def test_a_draft_whose_links_another_program_lost_is_told_as_that() -> None:
    data = rezipped(edited(without_links, new_paragraph_at_end), {"docProps/app.xml": APP.encode()})
    checked = check_draft(data, "saved.docx", register())
    assert (checked.state, checked.figures) == ("links_lost", ())
    assert checked.notes[0].startswith("LibreOffice saved this draft last") and "in Word" in checked.notes[0]
    assert [one.text for one in checked.numbers] == ["7,413"]


def new_paragraph_at_end(root: object) -> None:
    paragraph = etree.Element(f"{W}p")
    paragraph.append(run("It rose by 7,413."))
    root.find(f"{W}body").insert(0, paragraph)


def test_a_document_that_is_not_ours_is_told_as_that() -> None:
    name = next(name for name in ("customXml/item1.xml",) if REGISTER.encode() in part(draft(), name))
    checked = check_draft(rezipped(draft(), {name: b"<other/>"}), "foreign.docx", register())
    assert (checked.state, checked.run, checked.figures) == ("not_ours", "", ())


@pytest.mark.parametrize("times", ["", "-1", "1e9", "99999999999999", "x"])
def test_a_list_of_figures_that_was_changed_by_hand_is_refused(times: str) -> None:
    item = re.sub(rb"<times>\d+</times>", f"<times>{times}</times>".encode(), part(draft(), "customXml/item1.xml"))
    with pytest.raises(Refused, match="damaged"):
        check_draft(rezipped(draft(), {"customXml/item1.xml": item}), "forged.docx", register())


def test_the_character_that_stands_for_a_figure_may_stand_in_a_document() -> None:
    assert not_ok(check(new_paragraph("An object: \ufffc."))) == {}


# As a value


def test_the_outcome_can_be_kept_and_read_again() -> None:
    checked = check(retype(PLANS, "160", under_tracking=True), new_paragraph("It rose by 7,413."))
    assert plain.from_json(CheckedDraft, plain.to_json(checked)) == checked


def test_it_tells_what_a_document_says_and_never_what_the_register_hides() -> None:
    figures = register()
    secret = replace(figures[HIDDEN], display="<5", symbol="<5")
    checked = check_draft(edited(retype(HIDDEN, "3")), "edited.docx", {**figures, HIDDEN: secret})
    one = not_ok(checked)[HIDDEN]
    assert (one.state, one.says, one.register) == ("changed", "3", "<5")


def test_tracked_insertions_round_a_control_are_the_copy() -> None:
    def paste(root: object) -> None:
        paragraph = copy.deepcopy(paragraph_of(controls(root, PLANS)[0]))
        first = paragraph_of(controls(root, REFERRALS)[0])
        for runs in list(paragraph.iter(f"{W}r")):
            around = tracked("ins")
            runs.addprevious(around)
            around.append(runs)
        first.addprevious(paragraph)  # before the one that it is a copy of

    (one,) = not_ok(check(paste)).values()
    assert one.state == "duplicated" and "by Sam" in one.what
    assert one.where.endswith("At the front door")


# Documents made to keep a machine busy


def test_a_document_with_far_too_many_figures_is_refused() -> None:
    def crowd(root: object) -> None:
        control = controls(root, PLANS)[0]
        for _ in range(5_000):
            control.addnext(copy.deepcopy(control))

    with pytest.raises(Refused, match="more than 5,000 linked figures"):
        check(crowd)


def test_a_paragraph_of_very_many_numbers_is_read_in_time_and_listed_in_part() -> None:
    words = " ".join(f"on 1 May {number} came" for number in range(10_000, 30_000))
    start = time.process_time()
    checked = check(new_paragraph(words))
    assert len(checked.numbers) == 1_000 and "are not listed" in checked.notes[-1]
    assert time.process_time() - start < 60  # it would be many minutes if each were held against every other
