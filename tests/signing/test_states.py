"""Who may sign a draft, when, and what reopens it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.errors import Refused
from config.load import load_partnership
from config.model import Signing
from tasks.signing.states import SIGNED_IN, Signature, State, blockers, may_answer, progress_of

KNOWN = load_partnership("eastmere", Path(__file__).parents[1] / "partnerships")
COUNCILS = ("eastmere-council", "northbrook-council")
EASTMERE = replace(
    KNOWN, profile=KNOWN.profile.model_copy(update={"signing": Signing(quality="training", partners=COUNCILS)})
)
SECTION = "eastmere-snapshot"
OWNER = next(section.owner for section in EASTMERE.sections if section.id == SECTION)
NEW, OLD = "a" * 64, "b" * 64


def answer(number: int, state: State, role: str, name: str = "", sha256: str = NEW, **about) -> Signature:
    made = Signature(
        number, "drafts/x.docx", sha256, "2", state, "signed", role, name or f"Person {number}", "2024-09-02", "run"
    )
    return replace(made, **about)


TO_THE_END = [
    answer(1, "drafted", "business-unit"),
    answer(2, "with_data_owner", OWNER),
    answer(3, "with_quality", "training"),
    answer(4, "with_partners", "northbrook-council"),
    answer(5, "with_partners", "eastmere-council"),
]


def progress(*answers: Signature, author: str = "", published: bool = False):
    return progress_of(EASTMERE, SECTION, "drafts/x.docx", (NEW, "2", author), answers, published=published)


@pytest.mark.parametrize(
    ("signed", "state", "waiting"),
    [
        (0, "drafted", ("business-unit",)),
        (1, "with_data_owner", (OWNER,)),
        (2, "with_quality", ("training",)),
        (3, "with_partners", COUNCILS),
        (4, "with_partners", ("eastmere-council",)),
        (5, "agreed", ()),
    ],
)
def test_a_draft_goes_through_the_table(signed: int, state: str, waiting: tuple[str, ...]) -> None:
    found = progress(*TO_THE_END[:signed])
    assert (found.state, found.waiting_for) == (state, waiting)
    assert bool(blockers(found, EASTMERE)) is (state != "agreed")


def test_the_order_in_which_answers_are_read_does_not_matter() -> None:
    assert progress(*reversed(TO_THE_END)) == progress(*TO_THE_END)


def test_only_these_very_bytes_are_published() -> None:
    assert progress(*TO_THE_END, published=True).state == "published"
    assert progress(*TO_THE_END[:2], published=True).state == "with_quality"


def test_a_change_opens_it_again_and_says_so() -> None:
    found = progress(*(replace(one, sha256=OLD) for one in TO_THE_END))
    assert (found.state, found.signed) == ("drafted", ())
    assert "changed after it was signed" in found.because
    assert "changed after" in blockers(found, EASTMERE)[0]


def test_what_is_sent_back_begins_again_with_its_reason() -> None:
    back = answer(4, "with_quality", "training", answer="sent_back", words="Page 3 says last year.")
    found = progress(*TO_THE_END[:2], back)
    assert (found.state, found.waiting_for) == ("drafted", ("business-unit",))
    assert found.because == "Training group sent it back: Page 3 says last year."
    assert not progress(*TO_THE_END[:2], back, answer(5, "drafted", "business-unit")).because


@pytest.mark.parametrize(
    ("signed", "role", "name", "reply", "words", "says"),
    [
        pytest.param(0, "training", "Sam", "signed", "", "is not asked to sign", id="out of turn"),
        pytest.param(0, "business-unit", " ", "signed", "", "needs a name", id="no name"),
        pytest.param(5, "training", "Sam", "signed", "", "nobody is asked", id="agreed already"),
        pytest.param(2, "training", "person 2", "signed", "", "same person", id="who signed as its owner"),
        pytest.param(3, "eastmere-council", "PERSON  3", "signed", "", "same person", id="in other capitals"),
        pytest.param(2, "training", "The Editor", "signed", "", "Who edited", id="who edited it, for quality"),
        pytest.param(3, "eastmere-council", "the editor", "signed", "", "Who edited", id="who edited it, as a partner"),
        pytest.param(2, "training", "Sam", "sent_back", "no", "needs a reason", id="back without a reason"),
    ],
)
def test_who_may_not_answer(signed: int, role: str, name: str, reply, words: str, says: str) -> None:
    found = progress(*TO_THE_END[:signed], author="The Editor")
    with pytest.raises(Refused, match=says) as refused:
        may_answer(EASTMERE, found, role, name, reply, words)
    assert refused.value.to_do


@pytest.mark.parametrize("signed", range(len(TO_THE_END)))
def test_who_is_asked_may_answer(signed: int) -> None:
    """The editor too, as owner of the section; and whoever put it forward may assure its quality."""
    found = progress(*TO_THE_END[:signed], author=TO_THE_END[1].name)
    one = TO_THE_END[signed]
    may_answer(EASTMERE, found, one.role, one.name, "signed", "")
    may_answer(EASTMERE, found, one.role, "Anybody else", "sent_back", "The chart is last year's.")


def test_a_partnership_that_names_nobody_is_told_what_to_add() -> None:
    with pytest.raises(Refused, match="Nobody signs") as refused:
        progress_of(KNOWN, SECTION, "drafts/x.docx", (NEW, "2", ""), ())
    assert "partnership.yaml" in refused.value.where


def test_every_state_before_agreed_is_ended_by_a_signature() -> None:
    assert tuple(dict.fromkeys(one.state for one in TO_THE_END)) == SIGNED_IN
