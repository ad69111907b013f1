"""A quarter is run again after an editor worked in its drafts: their words stay, and get the new figures beside them.

Through the real store; the stages are called as Prefect calls them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import etree

from flows import telling
from tasks.assemble import read_figures
from tasks.model import Draft
from tasks.order import Order
from tasks.review.revisions import W, said
from tasks.run import Reference, Stages
from tests.conftest import ROOT
from tests.review.made import body, edited, parts, run

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24/Q1"
FOLDER = "drafts/2023-24/Q1"
SECTION, MEASURE = "stockton-snapshot", "stockton.referrals.2023-24-Q1"
SENTENCE = " The borough asks more often than it did."


def write_a_sentence(root) -> None:
    next(one for one in root.iter(f"{W}p") if said(one).startswith("Stockton")).append(run(SENTENCE))


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stages, tuple[Reference, ...], dict[str, Draft], bytes]:
    """The quarter, run; a draft edited and put back; a borough's count corrected; the quarter run again, twice."""
    place = tmp_path_factory.mktemp("edited")
    shutil.copytree(SAMPLE, place / "sent")
    order = Order("hsscp", "2023-24-Q1", str(place / "sent"), str(place / "store"), "2023-07-20")
    _run(order)
    store = Stages(order).store
    draft = edited(store.get(f"{FOLDER}/{SECTION}.docx"), write_a_sentence)
    store.put(f"{FOLDER}/{SECTION}.docx", draft, about={"writer": "a person"})
    store.put(f"{FOLDER}/training.docx", b"no longer a Word document", about={"writer": "a person"})
    words_only = edited(store.get(f"{FOLDER}/communication.docx"), lambda root: root.find(f".//{W}p").append(run("!")))
    store.put(f"{FOLDER}/communication.docx", words_only, about={"writer": "a person"})
    _correct(place / "sent")
    references = _run(order)
    made = {one.section: one for one in Stages(order).drafts_made()}
    before = {stored.key: stored.version for stored in store.list("drafts/")}
    _run(order)
    assert {stored.key: stored.version for stored in store.list("drafts/")} == before
    return Stages(order), references, made, draft


def _run(order: Order) -> tuple[Reference, ...]:
    stages = Stages(order)
    gathered = stages.gather()
    verdicts = stages.validate(gathered)
    register = stages.reconcile(gathered, verdicts)
    drafts = stages.assemble(gathered, verdicts, register)
    stages.publish(gathered, verdicts, register, drafts)
    return gathered, verdicts, register, drafts


def _correct(inbox: Path) -> None:
    """Stockton counts one referral more, in the quarter and in the year to date."""
    path = next(inbox.glob("stockton_dataset*.csv"))
    data = path.read_bytes()
    assert data.count(b";1,021;") == 2
    path.write_bytes(data.replace(b";1,021;", b";1,022;"))


def test_the_edited_draft_is_as_its_editor_left_it(again) -> None:
    stages, _, _, draft = again
    assert stages.store.get(f"{FOLDER}/{SECTION}.docx") == draft


def test_a_copy_with_the_editors_words_and_the_new_figures_lies_beside_it(again) -> None:
    stages, references, made, draft = again
    told = made[SECTION]
    assert told.beside == "refreshed"
    assert told.moved >= 1
    assert told.key == f"{FOLDER}/{SECTION}-{stages.run_id(references[0], references[2])}-refreshed.docx"
    copy = stages.store.get(told.key)
    assert SENTENCE in said(body(copy))
    register = {one.id: one.display for one in stages.register(references[2]).figures}
    says = {one.id: one.text for one in read_figures(copy) if one.id in register}
    assert says and says == {id_: register[id_] for id_ in says}
    assert said(body(copy), accepted=False) == said(body(draft))
    assert parts(copy)["word/comments.xml"] == parts(draft)["word/comments.xml"]


def test_what_cannot_be_refreshed_is_left_and_ours_lies_beside_it(again) -> None:
    stages, _, made, _ = again
    assert made["training"].beside == "made_anew"
    assert stages.store.get(f"{FOLDER}/training.docx") == b"no longer a Word document"
    assert etree.fromstring(parts(stages.store.get(made["training"].key))["word/document.xml"]) is not None


def test_an_edited_draft_whose_figures_did_not_move_gets_nothing_beside_it(again) -> None:
    stages, _, made, _ = again
    assert made["communication"].beside == "up_to_date"
    assert made["communication"].key == f"{FOLDER}/communication.docx"
    assert [one.key for one in stages.store.list(f"{FOLDER}/communication")] == [f"{FOLDER}/communication.docx"]


def test_the_run_tells_what_became_of_edited_drafts(again) -> None:
    stages, references, _, _ = again
    told = telling.drafted(stages.order, references[3])
    assert "edited by people and left as they were" in told.in_short
    assert "as tracked changes" in told.text
    assert "put beside the edited draft" in told.text
