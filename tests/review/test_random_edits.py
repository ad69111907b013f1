"""Whatever an editor does: every change of a figure is told and none else, and no word of theirs is lost.

Two hundred scripts of edits, the same in every run. ``tests.review.editing`` knows what is true after each.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tasks.assemble import read_register
from tasks.model import Figure
from tasks.review.check import check_draft
from tasks.review.checked import CheckedDraft
from tasks.review.clean import clean_copy
from tasks.review.refresh import refresh
from tests.assemble.invented import given_for_the_year
from tests.programs import needs_office, run_office
from tests.review.drafts import drafts
from tests.review.editing import COMMENTS, MAIN, STEPS, Editor, Step, W, controls, edited, scripts, text_of
from tests.review.test_editing import steady

NAME = "edited.docx"
PAIRS = [("eastmere-snapshot", "training"), ("training", "finance"), ("finance", "eastmere-snapshot")]
drafted = st.sampled_from(PAIRS)


@lru_cache
def register() -> dict[str, Figure]:
    return {figure.id: figure for figure in given_for_the_year().figures.values()}


def done_to(pair: tuple[str, str], script: list[Step]) -> Editor:
    return edited(drafts()[pair[0]], script, drafts()[pair[1]])


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def root_of(data: bytes) -> Any:
    return etree.fromstring(parts_of(data)[MAIN])


# Check


@settings(steady, max_examples=70)
@given(pair=drafted, script=scripts())
def test_every_changed_figure_is_told_and_no_other(pair: tuple[str, str], script: list[Step]) -> None:
    editor = done_to(pair, script)
    tells_what_is_true(check_draft(editor.save(), NAME, register()), editor)


def tells_what_is_true(checked: CheckedDraft, editor: Editor) -> None:
    told: dict[str, set[str]] = {}
    for one in checked.figures:
        states = told.setdefault(one.id, set())
        states |= {one.state} - {"ok"}
        # Of a copy that was changed as well, one sentence tells both.
        states |= {"changed"} if one.state == "duplicated" and one.says != one.printed else set()
    for figure, states in editor.states().items():
        if editor.made[figure] == 0 and "changed" in states:
            states.discard("duplicated")  # where it is from cannot be seen; that it is wrong can
        assert told.get(figure, set()) == states, figure
    assert {figure for figure, states in told.items() if states} <= set(editor.states())  # others stand in charts


@settings(steady, max_examples=30)
@given(pair=drafted, script=scripts())
def test_every_number_and_comment_that_somebody_wrote_is_told(pair: tuple[str, str], script: list[Step]) -> None:
    editor = done_to(pair, script)
    data = editor.save()
    checked = check_draft(data, NAME, register())
    typed = {word for word in editor.written() if word.isdecimal()}
    told = [one.text for one in checked.numbers]
    assert [word for word in typed if not any(word in text for text in told)] == []  # two may read as one
    there = {one.get(f"{W}id") for one in root_of(data).iter(f"{W}commentReference")}
    comments = etree.fromstring(parts_of(data).get(COMMENTS, b"<none/>"))
    written = {"".join(one.itertext()) for one in comments if one.get(f"{W}id") in there}
    assert written & set(editor.comments) <= {one.text for one in checked.comments if not one.ours}


@settings(steady, max_examples=20)
@given(pair=drafted, script=scripts("unlink", "delete_words", "join", "paste", "paste_from_another", "delete_row"))
def test_no_number_is_told_that_nobody_wrote(pair: tuple[str, str], script: list[Step]) -> None:
    editor = done_to(pair, script)
    checked = check_draft(editor.save(), NAME, register())
    written = editor.written()
    assert [one.text for one in checked.numbers if not any(word in one.text for word in written)] == []


# Refresh


FIGURES_IN = re.compile(rf"{MAIN}|customXml/item1\.xml|word/(?:charts|embeddings)/[^/]+")


def all_text(control: Any) -> str:
    """Everything that stands in a control, deleted or not."""
    return "".join(control.itertext(f"{W}t", f"{W}delText"))


def without_figures(root: Any) -> bytes:
    """A document with nothing in the controls of its figures: all that a refresh has to leave alone."""
    for control in [one for one in root.iter(f"{W}sdt") if one.find(f"{W}sdtPr/{W}tag") is not None]:
        content = control.find(f"{W}sdtContent")
        for child in list(content):
            content.remove(child)
        for lock in control.findall(f"{W}sdtPr/{W}lock"):
            lock.getparent().remove(lock)
    for chart in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"):
        drawn = next(chart.iterancestors(f"{W}drawing"))  # what is said of a chart to those who cannot see it
        next(drawn.iter("{*}docPr")).attrib.pop("descr", None)
    return bytes(etree.tostring(root, method="c14n"))


@settings(steady, max_examples=40)
@given(pair=drafted, script=scripts(), moved=st.lists(st.booleans(), min_size=20, max_size=20))
def test_a_refresh_puts_new_values_in_and_leaves_all_else(
    pair: tuple[str, str], script: list[Step], moved: list[bool]
) -> None:
    editor = done_to(pair, script)
    data = editor.save()
    own = {figure: says for figure, (says, _) in read_register(editor.data)[1].items()}
    values = own | {place.figure: editor.printed[place.figure] for place in editor.places if place.figure not in own}
    moves = zip(sorted(values), moved, strict=False)
    new = values | {figure: f"9,7{number:02}" for number, (figure, does) in enumerate(moves) if does}
    refreshed = refresh(data, NAME, new)

    before, after = root_of(data), root_of(refreshed.data)
    for control, filled in zip(controls(before), list(controls(after)), strict=True):
        now = text_of(filled)
        assert all_text(filled).startswith(all_text(control))  # struck through perhaps, and still to be seen
        figure = control.find(f"{W}sdtPr/{W}tag").get(f"{W}val").removeprefix("fig:")
        was = text_of(control)
        # What the register says anew is put in wherever the figure still stands; all else is the editor's. Of one that
        # was pasted from elsewhere and retyped, nothing tells what it was made to say: the register has the last word.
        moved_there = was and (new[figure] != values[figure] or (figure not in own and was != values[figure]))
        assert now == (new[figure] if moved_there else was), figure
    assert text_of(after, accepted=False) == text_of(before, accepted=False)
    seen = text_of(after)
    assert {word for word in editor.words if word in seen} == editor.written()
    assert without_figures(after) == without_figures(before)
    others, kept = parts_of(data), parts_of(refreshed.data)
    touched = {name for name in others if others[name] != kept.get(name)}
    assert [name for name in touched if not FIGURES_IN.fullmatch(name)] == []
    assert set(others) == set(kept)
    assert refresh(refreshed.data, NAME, new).data == refreshed.data


# The copy for publication

FOR_EDITORS = re.compile(
    r"DRAFT|To do: |What is missing or not agreed|State of this draft:|To see every cell|Queried(?: – see comment|: )"
)


@settings(steady, max_examples=40)
@given(pair=drafted, script=scripts())
def test_a_clean_copy_says_what_the_draft_said_and_keeps_no_trace(pair: tuple[str, str], script: list[Step]) -> None:
    editor = done_to(pair, script)
    data = editor.save()
    clean = clean_copy(data, NAME)
    parts, root = parts_of(clean), root_of(clean)
    assert not [name for name in parts if "comments" in name or "people" in name]
    traces = ("commentRangeStart", "commentReference", "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")
    assert next(root.iter(*(f"{W}{name}" for name in traces), f"{W}moveFromRangeStart"), None) is None
    assert next(controls(root), None) is None
    assert not [one for one in root.iter() if one.get(f"{W}author")]
    left = iter(text_of(root).splitlines())
    for line in filter(str.strip, text_of(editor.root).splitlines()):
        if not FOR_EDITORS.search(line):
            assert line in left, line  # each in its turn
    assert clean_copy(data, NAME) == clean


# Another program


@needs_office
def test_a_draft_that_went_through_libreoffice_is_read_the_same_or_its_links_are_said_to_be_lost(
    tmp_path: Path,
) -> None:
    """LibreOffice 25.2 keeps links, tracked changes and comments; older ones lose links when they save."""
    editors = {}
    for tracked in (True, False):
        for half in (0, 1):
            names = [name for name in STEPS if not name.endswith("_all")][half::2]
            steps = [Step(name, where, how, tracked) for name in names for where, how in ((2, 0), (6, 1))]
            path = tmp_path / f"{tracked}-{half}.docx"
            editors[path] = done_to(PAIRS[0], steps)
            path.write_bytes(editors[path].save())
    run_office(tmp_path, "docx", *editors, tmp_path / "saved")
    for path, editor in editors.items():
        data = (tmp_path / "saved" / path.name).read_bytes()
        checked = check_draft(data, NAME, register())
        if checked.state == "links_lost":
            assert "Edit the draft in Word" in checked.notes[0]
            continue
        tells_what_is_true(checked, editor)
        for kept in (text_of(root_of(clean_copy(data, NAME))), text_of(root_of(refresh(data, NAME, {}).data))):
            assert [word for word in editor.written() if word not in kept] == []
