"""Findings of words: their ids, owners and severities, and what they never show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks import plain
from tasks.wording import about_topics, check_narrative, check_words
from tasks.wording.passages import from_text
from tests.wording.example import FIGURES, YEAR, asked, partnership, wrote

CASE = """
About the reviews

LCSPR - Alder

Context

Aged 14, he lived with his mother.He said "I am afraid of {word} to a nurse on 3 May 2023. He was born prematurely (29 weeks).

The {word} house is TBC. Throughout the year there were approximately 1,234 {word} in need. The baby was born at 30 weeks.

Impact and evidence

- Staff are sure
"""  # noqa: E501


def failed(narrative: list, wording: tuple | None = None) -> list:
    ours = partnership() if wording is None else replace(partnership(), wording=wording)
    return [one for one in check_narrative(ours, YEAR, narrative, FIGURES, ()) if one.outcome == "failed"]


def test_the_id_stays_while_it_is_about_the_same_words() -> None:
    before = failed([wrote("impact", "Staff are sure.")])
    after = failed([wrote("done", "Held a day."), wrote("impact", "Staff are sure.", sha="another file")])
    assert [one.id for one in before] == [one.id for one in after] != []
    assert before[0].id.startswith("unsupported_impact:return-training.1.")
    other = failed([wrote("done", "The date is TBC.")])
    again = failed([wrote("done", "The place is TBC.")])
    assert other[0].id != again[0].id


def test_two_findings_never_share_an_id() -> None:
    found = failed([wrote("done", "The date is TBC.", "The place is TBC.", "It was agreed.They met.")])
    assert len({one.id for one in found}) == len(found) == 3


def test_who_wrote_it_answers_unless_the_check_says_otherwise() -> None:
    assert {one.owner for one in failed([wrote("impact", "Staff are sure.")])} == {"training"}
    checks = tuple(one.model_copy(update={"owner": "business-unit"}) for one in partnership().wording)
    assert {one.owner for one in failed([wrote("impact", "Staff are sure.")], checks)} == {"business-unit"}
    assert {one.owner for one in asked("placeholder", "The date is TBC.")} == {"business-unit"}


def test_a_check_that_is_off_is_not_asked() -> None:
    checks = tuple(one.model_copy(update={"on": False}) for one in partnership().wording)
    assert check_words(replace(partnership(), wording=checks), YEAR, from_text("The date is TBC."), FIGURES) == []


def test_what_only_documents_hold_is_not_asked_of_returns() -> None:
    kinds = {one.kind for one in check_narrative(partnership(), YEAR, [wrote("done", "Held a day.")], FIGURES, ())}
    assert "missing_statement" not in kinds
    assert "missing_statement" in {
        one.kind for one in check_words(partnership(), YEAR, from_text("Held a day."), FIGURES)
    }


def test_no_word_of_a_case_leaves_the_check() -> None:
    """A marked word stands in every sentence of a case that gives findings, and in none of them."""
    found = check_words(partnership(), YEAR, from_text(CASE.replace("{word}", "Zanzibar"), "report.docx"), FIGURES)
    told = [one for one in found if one.outcome == "failed"]
    kinds = {one.kind for one in told}
    assert kinds >= {"identification_risk", "presentation", "placeholder", "same_event", "contradicted_number"}
    assert [one.id for one in told if "Zanzibar" in plain.to_json(one)] == []


def test_a_section_is_told_what_was_found_on_its_topics() -> None:
    found = failed([wrote("impact", "Staff are sure."), wrote("impact", "Staff are sure.", topic="review")])
    assert [one.kind for one in about_topics(found, ["1"])] == ["unsupported_impact"]
    assert about_topics(found, ["1"]) != about_topics(found, ["review"])
    assert about_topics(found, ["11"]) == []


@pytest.mark.parametrize("times", [1, 2])
def test_the_same_words_give_the_same_findings(times: int) -> None:
    text = CASE * times
    assert plain.to_json(check_words(partnership(), YEAR, from_text(text), FIGURES)) == plain.to_json(
        check_words(partnership(), YEAR, from_text(text), FIGURES)
    )
