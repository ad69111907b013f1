"""Every check of words: what it must find, what is near and must not be found, and nothing at all."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from ruamel.yaml import YAML

from config.wording import WordingKind
from tasks.wording import KINDS
from tests.wording.example import asked, came, found, partnership

TEXTS = YAML(typ="safe").load(Path(__file__).with_name("checks.yaml"))
FOUND = [
    pytest.param(kind, one["text"], one["says"], id=f"{kind}: {about}")
    for kind, texts in TEXTS.items()
    for about, one in texts["found"].items()
]
NEAR = [
    pytest.param(kind, text, id=f"{kind}: {about}")
    for kind, texts in TEXTS.items()
    for about, text in texts["near"].items()
]


@pytest.mark.parametrize(("kind", "text", "says"), FOUND)
def test_it_is_found(kind: str, text: str, says: str) -> None:
    titles = found(kind, text)
    assert any(says in title for title in titles), titles


@pytest.mark.parametrize(("kind", "text"), NEAR)
def test_it_is_not_found(kind: str, text: str) -> None:
    assert found(kind, text) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_was_not_written_is_not_called_good(kind: str) -> None:
    (only,) = asked(kind, [])[:1] or [None]
    if only is None:
        assert next(one for one in partnership().wording if one.id == kind).reads == "documents"
    else:
        assert (only.outcome, only.reason) == ("not_evaluated", "Nothing was written for the period.")


def test_every_kind_has_texts_that_are_found_and_texts_that_are_near() -> None:
    assert set(TEXTS) == set(get_args(WordingKind))
    assert [kind for kind, texts in TEXTS.items() if not texts["found"]] == []
    assert [kind for kind, texts in TEXTS.items() if not texts["near"]] == ["missing_statement"]


@pytest.mark.parametrize(("kind", "text", "says"), FOUND)
def test_a_finding_says_four_things_and_has_an_owner(kind: str, text: str, says: str) -> None:
    for one in asked(kind, text):
        assert one.title.endswith("."), one.title
        assert one.matters and one.to_do and one.owner in partnership().groups
        assert one.values or kind == "missing_statement"


def test_a_claim_of_all_is_held_against_the_returns() -> None:
    claim = "Our one subgroup is small. Each subgroup reports to the Executive."
    whole = [came("return-training", f"2023-24-Q{n}") for n in (1, 2, 3, 4)]
    assert found("contradicted_claim", claim, files=whole) == []
    (title,) = found("contradicted_claim", claim, files=[one for one in whole if not one.period.endswith("Q3")])
    assert "no return came from Training group (Q3)" in title


def test_numbers_without_a_register_are_not_called_good() -> None:
    for kind in ("unregistered_number", "contradicted_number", "stock_as_flow"):
        (only,) = asked(kind, "There were 1,204 referrals.", figures=())
        assert only.outcome == "not_evaluated"
        assert "no register" in only.reason
