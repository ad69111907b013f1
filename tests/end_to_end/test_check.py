"""Edited drafts of the demonstration year are read back on the command line, as an editor would have it done."""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree

from tests.conftest import Ran, run_assure
from tests.gather.files import part, rezipped
from tests.review.drafts_edited import MAIN, delete, new_paragraph, retype

PLANS, OPEN_CASES = "hartlepool.cp_plans_open.2023-24", "hartlepool.cin_open.2023-24"


def edited_snapshot(demonstration: Ran, folder: Path) -> Path:
    """A section's draft in which a figure was retyped, one deleted, and a sentence typed."""
    data = (demonstration.current / "drafts/2023-24/annual/hartlepool-snapshot.docx").read_bytes()
    root = etree.fromstring(part(data, MAIN))
    sentence = "In all 669 contacts came to the front door each month."
    near = "hartlepool.contacts_per_month.2023-24"
    for edit in (retype(PLANS, "160", under_tracking=True), delete(OPEN_CASES), new_paragraph(sentence, near=near)):
        edit(root)
    path = folder / "hartlepool-snapshot.docx"
    path.write_bytes(rezipped(data, {MAIN: etree.tostring(root)}))
    return path


def test_drafts_that_nobody_touched_need_nobody(demonstration: Ran) -> None:
    drafts = sorted((demonstration.current / "drafts/2023-24").rglob("*.docx"))
    done = run_assure("check", *map(str, drafts), "--store", str(demonstration.folder / "store"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told) == len(drafts) > 40
    assert {one["state"] for one in told} == {"as_made"}


def test_what_an_editor_did_is_told_on_the_screen_and_as_json(demonstration: Ran, tmp_path: Path) -> None:
    path, store = edited_snapshot(demonstration, tmp_path), str(demonstration.folder / "store")
    done = run_assure("check", str(path), "--store", store)
    assert done.returncode == 1 and done.stderr == ""
    assert done.stdout.startswith("hartlepool-snapshot.docx: something in it needs a person.\n")
    for words in ("“158” was changed to “160” by Sam on 2024-08-01.", "“1,487” was deleted", "“669” was typed"):
        assert words in done.stdout
    (told,) = json.loads(run_assure("check", str(path), "--store", store, "--json").stdout)
    found = {one["id"]: one["state"] for one in told["figures"] if one["state"] != "ok"}
    assert found == {PLANS: "changed", OPEN_CASES: "deleted"} and told["needs_a_person"]


def test_a_file_that_cannot_be_checked_is_told_and_the_others_are_checked(demonstration: Ran, tmp_path: Path) -> None:
    good = demonstration.current / "drafts/2023-24/annual/finance.docx"
    (tmp_path / "letter.docx").write_bytes(b"no document")
    done = run_assure(
        *("check", str(tmp_path / "letter.docx"), str(tmp_path / "gone.docx"), str(good)),
        *("--store", str(demonstration.folder / "store")),
    )
    assert done.returncode == 2
    assert "finance.docx: as it was made." in done.stdout
    assert "letter.docx: it was not checked." in done.stderr and "gone.docx: it was not checked." in done.stderr
    assert "Traceback" not in done.stderr


def test_another_period_can_be_asked_for(demonstration: Ran) -> None:
    draft = demonstration.current / "drafts/2023-24/Q3/training.docx"
    store = str(demonstration.folder / "store")
    done = run_assure("check", str(draft), "--store", store, "--period", "2023-24-Q4", "--json")
    (told,) = json.loads(done.stdout)
    assert done.returncode == 1 and {one["state"] for one in told["figures"]} == {"unknown"}
