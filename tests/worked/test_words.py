"""The worked checks about words are found in the published report, where it is there."""

from __future__ import annotations

import pytest

from tests.worked import words


def test_every_check_about_words_is_answered_or_said_to_be_out_of_reach() -> None:
    answered = {*words.WANTED, *words.OUT_OF_REACH, "H-05"}
    assert answered >= {f"H-{number:02d}" for number in range(1, 30)} | {f"J-{number:02d}" for number in range(1, 9)}
    assert set(words.results()) == answered
    assert all(reason for _, reason in words.results().values())


@pytest.mark.skipif(not words.REPORT.is_file(), reason=words.ABSENT)
@pytest.mark.parametrize("check", [*words.WANTED, "H-05"])
def test_it_is_found_in_the_published_report(check: str) -> None:
    assert words.results()[check][0] == "found", words.results()[check][1]


@pytest.mark.skipif(not words.REPORT.is_file(), reason=words.ABSENT)
def test_no_number_of_the_published_report_is_called_wrong_or_unknown() -> None:
    """All its figures are in the register of the demonstration year: any finding of these kinds is a false alarm."""
    kinds = {"unregistered_number", "contradicted_number", "flow_as_stock", "count_of_list", "placeholder"}
    assert [one.title for one in words.findings() if one.outcome == "failed" and one.kind in kinds] == []
