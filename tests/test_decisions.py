"""What people decide holds while the values stand, says so when it does not, and never speaks by silence."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from config.errors import Refused
from config.partnership import Partnership
from tasks import decisions, register
from tasks.deciding import Asked, Wanted, chosen, make
from tasks.model import Decision, Finding, Register, ValueBeside
from tests.reconcile.example import BOROUGHS, Q3, Q4, YEAR, dataset, findings_of, measure, only, partnership, rule, said

REASON = "The bookings were counted again with the chair."


def two_sources(period=YEAR, ours: int = 410, theirs: int = 402) -> tuple[Partnership, Register]:
    """The training group's return against the bookings: the same figure from two sources."""
    p = partnership(
        [measure("places", title="Places taken", label="places taken", unit="places")],
        [dataset("eastmere", "places"), dataset("eastmere", "places", name="bookings", title="Bookings")],
        [rule("same_figure", "places-agree", measures=["places"], severity="must_fix")],
    )
    observed = [
        said("dataset-eastmere", "eastmere", "places", period, ours, line=3),
        said("bookings", "eastmere", "places", period, theirs, line=9),
    ]
    figures = register.build(p, period, observed)
    return p, Register(tuple(figures), tuple(observed), tuple(findings_of(p, observed, period)), ())


def decided(p: Partnership, book: Register, number: int = 1, **about) -> Decision:
    finding = only([one for one in book.findings if one.outcome != "passed"])
    asked = {"choice": "accept", "letter": "b", "role": "quality", "reason": REASON, "on": "2024-02-01"} | about
    return make(p, book, Asked(finding=finding.id, **asked), number)


def judged(p: Partnership, book: Register, *made: Decision, day: str = "2024-03-01") -> Finding:
    return only([one for one in decisions.judge(p, book.findings, made, day).findings if one.outcome != "passed"])


def figure(p: Partnership, book: Register, *made: Decision):
    found = decisions.judge(p, book.findings, made, "2024-03-01")
    figures = decisions.effects(p, book.figures, found, {one.id: one for one in book.observations})
    return only(register.settle(figures, found.findings))


# Does it hold?


def test_without_a_decision_a_finding_is_open_and_holds_up_publication() -> None:
    p, book = two_sources()
    finding = judged(p, book)
    assert (finding.state, finding.history) == ("open", ())
    assert decisions.blocking([finding], ("must_fix",)) == [finding]
    assert decisions.blocking([finding], ()) == []


@pytest.mark.parametrize(
    ("about", "state"),
    [
        ({}, "decided"),
        ({"letter": "a"}, "decided"),
        ({"choice": "withhold", "letter": ""}, "decided"),
        ({"choice": "explain", "letter": "", "text": "Places of people who left early are counted."}, "decided"),
        ({"choice": "correct_at_source", "letter": ""}, "waiting"),
    ],
    ids=["accept the second", "accept the first", "withhold", "explain", "correct at source"],
)
def test_a_decision_settles_but_a_correction_is_waited_for(about: dict, state: str) -> None:
    p, book = two_sources()
    finding = judged(p, book, decided(p, book, **about))
    assert finding.state == state
    assert bool(decisions.blocking([finding], ("must_fix",))) is (state == "waiting")
    assert "1 February 2024 by Quality assurance" in only(finding.history).says
    assert only(finding.history).reason == REASON


def test_when_the_values_change_it_opens_again_and_says_what_changed() -> None:
    p, book = two_sources()
    made = decided(p, book)
    _, corrected = two_sources(theirs=405)
    finding = judged(p, corrected, made)
    assert finding.state == "reopened"
    past = only(finding.history)
    assert past.standing == "overtaken"
    assert past.why == "The values have changed since: Bookings was 402 and is 405."


def test_a_file_by_another_name_changes_nothing() -> None:
    p, book = two_sources()
    moved = tuple(
        replace(one, values=tuple(replace(side, place="elsewhere.csv, line 4") for side in one.values))
        for one in book.findings
    )
    assert judged(p, replace(book, findings=moved), decided(p, book)).state == "decided"


def test_after_its_last_day_it_opens_again() -> None:
    p, book = two_sources()
    made = decided(p, book, until="2024-03-31")
    assert judged(p, book, made, day="2024-03-31").state == "decided"
    late = judged(p, book, made, day="2024-04-01")
    assert (late.state, only(late.history).why) == ("reopened", "It held until 31 March 2024.")


def test_the_later_decision_counts_and_the_earlier_is_kept() -> None:
    p, book = two_sources()
    first, second = decided(p, book, 1), decided(p, book, 2, choice="withhold", letter="", on="2024-02-09")
    finding = judged(p, book, second, first)
    assert [(one.decision, one.standing) for one in finding.history] == [(1, "replaced"), (2, "stands")]
    assert figure(p, book, first, second).display == "withheld"


# Other periods


def schools(period, total: int = 90) -> tuple[Partnership, Register]:
    """A whole that its parts do not add up to, of a day of its own: every period quotes the same census."""
    names = ("schools", "primary", "secondary")
    p = partnership(
        [measure(one, "stock", unit="schools", as_at_words="school census") for one in names],
        [dataset("eastmere", *names)],
        [rule("parts_and_whole", "add-up", whole="schools", parts=["primary", "secondary"])],
    )
    given = zip(names, (total, 62, 22), strict=True)
    observed = [said("dataset-eastmere", "eastmere", name, period, value) for name, value in given]
    return p, Register(
        tuple(register.build(p, period, observed)), tuple(observed), tuple(findings_of(p, observed, period)), ()
    )


@pytest.mark.parametrize("later", [Q4, YEAR], ids=["the next quarter", "the year"])
def test_what_has_a_date_of_its_own_carries_its_decision_into_later_periods(later) -> None:
    p, book = schools(Q3)
    made = decided(p, book, choice="explain", letter="", text="Schools of two phases count in both.")
    finding = judged(p, schools(later)[1], made)
    assert finding.state == "decided"
    assert "about October to December 2023" in only(finding.history).says
    again = judged(p, schools(later, total=88)[1], made)
    assert again.state == "reopened"
    assert "was 90 and is 88" in only(again.history).why


@pytest.mark.parametrize("later", [Q4, YEAR], ids=["the next quarter", "the year"])
def test_that_another_quarter_has_the_same_numbers_settles_nothing(later) -> None:
    p, book = two_sources(Q3)
    assert judged(p, two_sources(later)[1], decided(p, book)).state == "open"


# What follows


def test_an_accepted_value_is_printed_and_the_other_is_kept_beside_it() -> None:
    p, book = two_sources()
    before, after = only(book.figures), figure(p, book, decided(p, book))
    assert (before.display, after.display, after.value, after.status) == ("410", "402", Decimal(402), "agreed")
    assert after.observations == before.beside
    assert after.beside == before.observations
    assert "in place of 410" in after.derivation and "Quality assurance" in after.derivation


def test_a_value_quoted_beside_another_area_leads_to_the_cell_it_was_quoted_in() -> None:
    p = partnership(
        [measure("average", "reference", unit="percent")],
        [dataset(area, "average") for area in BOROUGHS],
        [rule("shared_reference", "quoted", measures=["average"], compare="value")],
    )
    observed = [
        said("dataset-eastmere", "eastmere", "average", YEAR, 24, line=1),
        said("dataset-northbrook", "northbrook", "average", YEAR, 23, line=12),
        said("dataset-northbrook", "northbrook", "other", YEAR, 9, line=1),
    ]
    figures = register.build(p, YEAR, observed)
    book = Register(tuple(figures), tuple(observed), tuple(findings_of(p, observed)), ())
    found = decisions.judge(p, book.findings, [decided(p, book, letter="a")], "")
    after = decisions.effects(p, figures, found, {one.id: one for one in observed})
    assert [(one.area, one.display, one.observations) for one in after] == [
        ("eastmere", "24%", (observed[0].id,)),
        ("northbrook", "24%", (observed[0].id,)),
    ]
    assert after[1].beside == (observed[1].id,)


def test_to_accept_what_is_printed_changes_nothing_but_that_it_is_agreed() -> None:
    p, book = two_sources()
    before, after = only(book.figures), figure(p, book, decided(p, book, letter="a"))
    assert (after.display, after.status, after.observations) == (before.display, "agreed", before.observations)


def test_an_explanation_is_printed_once_with_what_the_finding_is_about() -> None:
    p, book = schools(YEAR)
    made = decided(p, book, choice="explain", letter="", text="Schools of two phases count in both.")
    found = decisions.judge(p, book.findings, [made], "")
    figures = decisions.effects(p, book.figures, found, {})
    assert [(one.measure, one.note) for one in figures if one.note] == [
        ("schools", "Schools of two phases count in both.")
    ]


def test_a_whole_is_withheld_without_its_parts() -> None:
    p, book = schools(YEAR)
    made = decided(p, book, choice="withhold", letter="")
    figures = decisions.effects(p, book.figures, decisions.judge(p, book.findings, [made], ""), {})
    assert [one.measure for one in figures if one.status == "withheld"] == ["schools"]


def test_a_figure_that_waits_for_its_source_is_not_agreed() -> None:
    p, book = two_sources()
    after = figure(p, book, decided(p, book, choice="correct_at_source", letter=""))
    assert (after.display, after.status) == ("410", "provisional")


def test_one_decision_does_not_agree_to_what_another_finding_says() -> None:
    p, book = two_sources()
    other = replace(only(book.findings), id="another:eastmere.places.2023-24", rule="another")
    made = decided(p, book)
    book = replace(book, findings=(*book.findings, other))
    found = decisions.judge(p, book.findings, [made], "")
    figures = decisions.effects(p, book.figures, found, {one.id: one for one in book.observations})
    assert only(register.settle(figures, found.findings)).status == "provisional"


@pytest.mark.parametrize(
    ("text", "number"),
    [("2,395", "2395"), ("30.3%", "30.3"), ("£14,000", "14000"), ("-3", "-3"), ("<5", None), ("2,39", None)],
)
def test_numbers_as_they_stand_in_print(text: str, number: str | None) -> None:
    assert decisions.as_number(text) == (None if number is None else Decimal(number))


# What cannot be decided


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"role": "champions-of-all"}, "not a group of this partnership"),
        ({"role": "champions"}, "Neglect champions may not settle"),
        ({"reason": " ok "}, "needs its reason, in a sentence"),
        ({"letter": "c"}, "has no value C"),
        ({"choice": "explain", "text": "", "letter": ""}, "needs the words"),
        ({"until": "soon"}, "is no day"),
        ({"until": "2024-01-01"}, "over before it is made"),
        ({"on": "yesterday"}, "is no day"),
    ],
)
def test_what_cannot_be_is_refused_in_words(about: dict, words: str) -> None:
    p, book = two_sources()
    with pytest.raises(Refused, match=words) as refused:
        decided(p, book, **about)
    assert refused.value.to_do
    assert not {"410", "402"} & set(str(refused.value).replace(",", " ").split()), "a refusal holds no value"


def test_all_that_is_wrong_with_a_decision_is_told_at_once() -> None:
    p, book = two_sources()
    with pytest.raises(Refused, match="for 3 reasons") as refused:
        decided(p, book, role="champions", reason="ok", until="soon")
    assert all(words in str(refused.value) for words in ("may not settle", "needs its reason", "is no day"))


def test_an_unknown_finding_is_refused_with_one_that_there_is() -> None:
    p, book = two_sources()
    asked = Asked("places-agre:eastmere.places.2023-24", "withhold", "quality", REASON, "2024-02-01")
    with pytest.raises(Refused, match="Did you mean places-agree:eastmere.places.2023-24"):
        make(p, book, asked, 1)


def test_what_agrees_is_not_decided() -> None:
    p, book = two_sources(theirs=410)
    asked = Asked(only(book.findings).id, "withhold", "quality", REASON, "2024-02-01")
    with pytest.raises(Refused, match="nothing to settle"):
        make(p, book, asked, 1)


def test_a_part_is_not_accepted_for_its_whole() -> None:
    p, book = schools(YEAR)
    with pytest.raises(Refused, match="not several answers to one question"):
        decided(p, book, letter="b")
    assert decided(p, book, letter="a").accepted == "90"


def test_a_note_may_not_tell_a_number_that_is_hidden() -> None:
    p, book = two_sources(ours=4, theirs=3)
    hidden = replace(book, figures=tuple(replace(one, status="withheld") for one in book.figures))
    with pytest.raises(Refused, match="hidden to protect people"):
        decided(p, hidden, choice="explain", letter="", text="The 4 places of the return were confirmed.")
    assert decided(p, hidden, choice="explain", letter="", text="The places of the return were confirmed in 2024.")


# Lists


def test_lists_hold_what_needs_a_person_and_can_be_narrowed_down() -> None:
    p, book = two_sources()
    finding = only(book.findings)
    unseen = replace(finding, id="x:y", outcome="not_evaluated")
    every = [finding, unseen, replace(unseen, severity="look_at"), replace(finding, outcome="passed")]
    assert chosen(every, Wanted()) == [finding, unseen]
    assert chosen(every, Wanted(area="eastmere", kind="same_figure", severity="must_fix")) == [finding, unseen]
    assert chosen(every, Wanted(area="northbrook")) == []
    assert chosen(every, Wanted(state="decided")) == []


def test_changes_name_what_came_and_went() -> None:
    before = [ValueBeside("A", "1"), ValueBeside("B", "2")]
    now = [ValueBeside("B", "3"), ValueBeside("C", "4")]
    assert decisions.changes(before, now) == "B was 2 and is 3; A was 1 and is not there; C was not there and is 4"
