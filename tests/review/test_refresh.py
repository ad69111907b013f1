"""A refresh puts the register's figures in as tracked changes, and touches no word of an editor."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tasks.assemble import read_register
from tasks.assemble.charts import read_charts
from tasks.assemble.figures import AUTHOR
from tasks.review.refresh import refresh
from tasks.review.revisions import W, changes, said
from tests.programs import needs_validator, open_xml_errors
from tests.review.made import body, control, edited, paragraph_with, parts, printed, report, retype, run, section

REFERRALS, PLANS, HIDDEN = "eastmere.referrals.2023-24", "eastmere.cp_plans_open.2023-24", "eastmere.cse_risk.2023-24"
DAY = date(2024, 3, 31)


def test_a_figure_that_moved_goes_in_as_a_tracked_change_in_its_formatting() -> None:
    done = refresh(section(), "s.docx", printed(section()) | {REFERRALS: "2,200"}, on=DAY)
    assert {(one.figure, one.was, one.now) for one in done.changed} == {(REFERRALS, "2,190", "2,200")}
    assert done.changed[0].where == "At the front door"
    content = control(body(done.data), REFERRALS)
    assert said(content) == "2,200"
    assert said(content, accepted=False) == "2,190"
    assert {(one.kind, one.text, one.author, one.date) for one in changes(content)} == {
        ("deleted", "2,190", AUTHOR, "2024-03-31T00:00:00Z"),
        ("inserted", "2,200", AUTHOR, "2024-03-31T00:00:00Z"),
    }
    looks = [etree.tostring(one.find(f"{W}rPr")) for one in content.iter(f"{W}r")]
    assert len(looks) == 2 and len(set(looks)) == 1
    assert read_register(done.data)[1][REFERRALS][0] == "2,200"


def test_nothing_new_gives_the_same_bytes_and_so_does_a_second_refresh() -> None:
    assert refresh(report(), "r.docx", printed(report())).data == report()
    moved = printed(report()) | {REFERRALS: "2,200", HIDDEN: "7"}
    once = refresh(report(), "r.docx", moved, on=DAY)
    again = refresh(once.data, "r.docx", moved, on=DAY)
    assert again.data == once.data
    assert again.changed == ()


def test_only_the_parts_that_hold_figures_are_written_anew() -> None:
    done = refresh(section(), "s.docx", printed(section()) | {REFERRALS: "2,200"})
    before, after = parts(section()), parts(done.data)
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml", "customXml/item1.xml"}
    assert before["word/comments.xml"] == after["word/comments.xml"]


def test_a_refresh_that_nobody_accepted_gives_way_to_the_next_one() -> None:
    once = refresh(section(), "s.docx", printed(section()) | {REFERRALS: "2,200"})
    twice = refresh(once.data, "s.docx", printed(section()) | {REFERRALS: "2,210"})
    content = control(body(twice.data), REFERRALS)
    assert [(one.kind, one.text) for one in changes(content)] == [("deleted", "2,190"), ("inserted", "2,210")]
    back = refresh(twice.data, "s.docx", printed(section()))
    assert {(one.was, one.now) for one in back.changed} == {("2,210", "2,190")}
    assert parts(back.data) == parts(section())


@pytest.mark.parametrize("tracked", [True, False])
def test_what_an_editor_changed_is_left_while_the_register_says_the_same(tracked: bool) -> None:
    draft = edited(section(), lambda root: retype(root, REFERRALS, "2,300", tracked=tracked))
    done = refresh(draft, "s.docx", printed(section()))
    assert done.data == draft
    assert done.changed == ()
    by = " by Sam on 2024-08-01" if tracked else ""
    assert [note for note in done.notes if note.startswith(REFERRALS)] == [
        f"{REFERRALS} (under “At the front door”) was changed from 2,190 to 2,300{by}: "
        "it was left as the editor made it."
    ]


def test_where_both_changed_a_figure_both_are_shown() -> None:
    draft = edited(section(), lambda root: retype(root, REFERRALS, "2,300", tracked=True))
    done = refresh(draft, "s.docx", printed(section()) | {REFERRALS: "2,200"})
    content = control(body(done.data), REFERRALS)
    assert said(content) == "2,200"
    assert said(content, accepted=False) == "2,190"
    # The editor's is deleted within what the editor inserted: rejecting ours alone gives it back.
    theirs = next(one for one in content.iter(f"{W}ins") if one.get(f"{W}author") == "Sam")
    assert ("deleted", "2,300", AUTHOR) in {(one.kind, one.text, one.author) for one in changes(theirs)}
    assert "Both are shown" in done.notes[0]
    assert refresh(done.data, "s.docx", printed(section()) | {REFERRALS: "2,200"}).data == done.data


def test_the_formatting_that_an_editors_program_lost_is_the_drafts_again() -> None:
    draft = edited(section(), lambda root: retype(root, REFERRALS, "2,300", tracked=True))
    content = control(body(refresh(draft, "s.docx", printed(section()) | {REFERRALS: "2,200"}).data), REFERRALS)
    assert content.findall(f"{W}ins")[-1].find(f"{W}r/{W}rPr/{W}rStyle") is not None


def test_a_figure_that_was_deleted_stays_deleted() -> None:
    def cut(root) -> None:
        found = control(root, REFERRALS).find(f"{W}r")
        mark = etree.Element(f"{W}del", {f"{W}id": "1", f"{W}author": "Sam"})
        found.addprevious(mark)
        mark.append(found)
        found.find(f"{W}t").tag = f"{W}delText"

    draft = edited(section(), cut)
    done = refresh(draft, "s.docx", printed(section()) | {REFERRALS: "2,200"})
    assert said(control(body(done.data), REFERRALS)) == ""
    assert "was deleted by Sam" in done.notes[0]
    assert "The register says 2,200 now." in done.notes[0]


def test_what_was_typed_over_a_symbol_is_not_told() -> None:
    draft = edited(section(), lambda root: retype(root, HIDDEN, "3", tracked=False))
    done = refresh(draft, "s.docx", printed(section()) | {HIDDEN: "<5"})
    assert done.data == draft
    assert done.notes and " 3" not in done.notes[0].replace("2023", "")


def test_a_figure_that_the_register_does_not_have_is_left_and_told() -> None:
    known = {key: text for key, text in printed(section()).items() if key != REFERRALS}
    done = refresh(section(), "s.docx", known)
    assert done.data == section()
    assert done.notes[0] == f"{REFERRALS} (under “At the front door”) is not in the register: it was left as it is."


def test_words_that_give_way_to_a_number_are_dressed_as_one_and_back() -> None:
    gone = refresh(section(), "s.docx", printed(section()) | {REFERRALS: "not received"})
    inserted = control(body(gone.data), REFERRALS).find(f"{W}ins/{W}r/{W}rPr/{W}rStyle")
    assert inserted.get(f"{W}val") == "FigureWords"


WORDS = st.text(st.sampled_from("abc 12,é£%\t"), min_size=1, max_size=12)


@settings(max_examples=60, derandomize=True)
@given(
    st.dictionaries(st.sampled_from(sorted(printed(section()))), st.sampled_from(["1", "2,345", "<5", "c", "9%"])),
    WORDS,
)
def test_every_figure_says_what_the_register_says_and_every_other_word_stays(moved: dict[str, str], typed: str) -> None:
    draft = edited(section(), lambda root: paragraph_with(root, "Where these figures").append(run(typed)))
    done = refresh(draft, "s.docx", printed(section()) | moved, on=DAY)
    assert printed(done.data) == printed(section()) | moved
    assert said(body(done.data), accepted=False) == said(body(draft))
    assert {one.figure for one in done.changed} == {k for k, text in moved.items() if printed(section())[k] != text}


@needs_validator
def test_the_open_xml_validator_finds_no_error(tmp_path) -> None:
    draft = edited(report(), lambda root: retype(root, REFERRALS, "2,300", tracked=True))
    made = tmp_path / "refreshed.docx"
    made.write_bytes(refresh(draft, "r.docx", printed(report()) | {REFERRALS: "2,200", PLANS: "161"}, on=DAY).data)
    assert open_xml_errors([made]) == {str(made): []}


def test_a_chart_is_drawn_anew_where_its_figure_moved_and_says_so() -> None:
    point = next(one for one in read_charts(parts(report())) if one.figure_id in printed(report()))
    done = refresh(report(), "r.docx", printed(report()) | {point.figure_id: "77"})
    now = [one.text for one in read_charts(parts(done.data)) if one.figure_id == point.figure_id]
    assert set(now) == {"77"}
    assert (point.figure_id, point.text, "77", f"the chart “{point.chart}”") in done.changed
    assert any(note.startswith("Charts were drawn anew") for note in done.notes)
    again = refresh(done.data, "r.docx", printed(report()) | {point.figure_id: "77"})
    assert again.data == done.data
