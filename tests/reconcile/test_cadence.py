"""What is expected each period came."""

import pytest

from tests.reconcile.example import (
    Q1,
    Q2,
    Q3,
    Q4,
    YEAR,
    came,
    dataset,
    findings_of,
    measure,
    only,
    partnership,
    rule,
    said,
)

MEETINGS = measure("meetings", areas=("partnership",))
RETURN = dataset("partnership", "meetings", name="return", title="Quarterly return")


def expected(*sources, **about):
    sources = sources or (RETURN,)
    return partnership(
        [MEETINGS], sources, [rule("cadence", sources=[sources[0].id], **{"severity": "must_fix", **about})]
    )


def test_a_return_that_came_once_is_counted() -> None:
    observed = [said("return", "partnership", "meetings", Q1, 2)]
    found = only(findings_of(expected(), observed, files=[came("return", Q1)]))
    assert (found.outcome, found.severity) == ("failed", "must_fix")
    assert found.title == "No return from Neglect champions for Q2, Q3, Q4 (1 of 4 came)."
    assert found.id == "a-rule:return.2023-24"
    assert [(side.label, side.value, side.place) for side in found.values] == [
        ("Q1", "came", "return.csv"),
        ("Q2", "not received", ""),
        ("Q3", "not received", ""),
        ("Q4", "not received", ""),
    ]
    assert found.figures == ("partnership.meetings.2023-24",)


def test_all_returns_came() -> None:
    found = only(findings_of(expected(), [], files=[came("return", quarter) for quarter in YEAR.quarters]))
    assert (found.outcome, found.title) == ("passed", "Neglect champions sent all 4 returns.")


def test_a_quarter_is_asked_about_for_itself() -> None:
    assert (
        only(findings_of(expected(), [], Q2, [came("return", Q1)])).title
        == "No return from Neglect champions for Q2 2023-24."
    )
    assert (
        only(findings_of(expected(), [], Q2, [came("return", Q2)])).title
        == "Neglect champions sent its return for Q2 2023-24."
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("empty", "the return for Q2 was empty"),
        ("unreadable", "the return for Q2 could not be opened"),
        ("wrong_period", "the return for Q2 was for another period"),
        ("wrong_layout", "the return for Q2 had another layout than agreed"),
    ],
)
def test_a_return_that_cannot_be_used_is_no_return(state, words) -> None:
    files = [came("return", Q1), came("return", Q2, state), came("return", Q3), came("return", Q4)]
    found = only(findings_of(expected(), [], files=files))
    assert found.title == f"From Neglect champions, {words} (3 of 4 can be used)."


def test_a_second_version_stands_in_for_one_that_cannot_be_used() -> None:
    files = [
        came("return", Q1, "unreadable", "first.csv"),
        came("return", Q1, "read", "second.csv"),
        came("return", Q1, "superseded", "old.csv"),
    ]
    found = only(findings_of(expected(), [], Q1, files))
    assert (found.outcome, found.values[0].place) == ("passed", "second.csv")


def test_useless_and_absent_returns_are_told_together() -> None:
    found = only(findings_of(expected(), [], files=[came("return", Q1, "empty"), came("return", Q2)]))
    assert (
        found.title == "From Neglect champions, the return for Q1 was empty; none came for Q3, Q4 (1 of 4 can be used)."
    )


def test_a_yearly_return_is_asked_about_in_the_year_alone() -> None:
    p = expected(dataset("partnership", "meetings", name="yearly", every="year", title="Yearly text"))
    assert findings_of(p, [], Q4) == []
    assert only(findings_of(p, [])).title == "No return from Neglect champions for 2023-24."


def test_the_return_is_named_where_one_sender_owes_several() -> None:
    p = expected(RETURN, dataset("partnership", "meetings", name="other"))
    assert only(findings_of(p, [], Q1)).title == "No return from Neglect champions (Quarterly return) for Q1 2023-24."


@pytest.mark.parametrize(
    ("of_rule", "of_source", "severity"),
    [
        ("must_fix", "look_at", "look_at"),
        ("look_at", "must_fix", "look_at"),
        ("must_fix", "must_fix", "must_fix"),
        ("look_at", "information", "information"),
    ],
)
def test_the_milder_of_rule_and_source_says_how_much_it_matters(of_rule, of_source, severity) -> None:
    p = expected(dataset("partnership", "meetings", name="return", required=of_source), severity=of_rule)
    assert only(findings_of(p, [], Q1)).severity == severity
