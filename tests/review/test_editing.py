"""The editor that review is tried with: what it says of its edits is what stands in the document."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.programs import needs_validator, open_xml_errors
from tests.review.drafts import drafts
from tests.review.editing import STEPS, Editor, Step, controls, edited, scripts, text_of

steady = settings(database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def stands(editor: Editor) -> None:
    """What the editor remembers is what stands there."""
    seen = text_of(editor.root)
    assert {word for word in editor.words if word in seen} == editor.written()
    inside = set(controls(editor.root))
    for place in editor.places:
        says = text_of(place.control) if place.control in inside else ""
        assert (says or None) == place.history.now
    assert inside <= {place.control for place in editor.places}


@settings(steady, max_examples=80)
@given(script=scripts(most=12))
def test_what_the_editor_remembers_is_what_stands_there(script: list[Step]) -> None:
    stands(edited(drafts()["eastmere-snapshot"], script, drafts()["training"]))


@settings(steady, max_examples=40)
@given(script=scripts(most=10))
def test_accepting_leaves_what_is_seen_and_rejecting_what_was_before(script: list[Step]) -> None:
    for last, accepted in (("accept_all", True), ("reject_all", False)):
        editor = edited(drafts()["training"], script)
        before = text_of(editor.root, accepted=accepted)
        editor.do(Step(last, 0, 0, False))
        assert text_of(editor.root).split() == before.split()
        stands(editor)


def test_a_tracked_script_that_is_rejected_leaves_the_draft_as_it_was() -> None:
    data = drafts()["eastmere-snapshot"]
    untracked = {"unlink", "split_runs", "comment", "text_box", "accept_all", "reject_all"}
    script = [Step(name, where, where, True) for where in (3, 8) for name in STEPS if name not in untracked]
    editor = edited(data, [*script, Step("reject_all", 0, 0, False)], drafts()["training"])
    assert text_of(editor.root) == text_of(Editor(data).root)
    assert editor.states() == {figure: set() for figure in editor.states()}


@needs_validator
def test_every_edit_is_one_that_word_could_have_made(tmp_path: Path) -> None:
    """So that what is found in an edited draft is not a fault of the editor."""
    names = [name for name in STEPS if not name.endswith("_all")]
    for tracked in (True, False):
        for third in range(3):
            at = ((4 + third, 0), (7 + third, 1), (9 + third, 2), (11 + third, 3))
            script = [Step(name, where, how, tracked) for name in names[third::3] for where, how in at]
            editor = edited(drafts()["eastmere-snapshot"], script, drafts()["training"])
            (tmp_path / f"{tracked}-{third}.docx").write_bytes(editor.save())
    found = open_xml_errors(sorted(tmp_path.iterdir()))
    assert {Path(name).name: errors for name, errors in found.items() if errors} == {}
