"""The two books of a period: what is hidden stands in the whole one alone, and decided quarters make the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from config.partnership import Partnership
from config.periods import Return
from tasks import books, plain
from tasks.books import Books, Settled
from tasks.deciding import Asked, make
from tasks.model import Decision, Observation, Register
from tasks.shown import HIDDEN
from tests.reconcile.example import (
    BOROUGHS,
    Q1,
    Q2,
    Q3,
    Q4,
    YEAR,
    dataset,
    measure,
    official,
    only,
    partnership,
    rule,
    said,
    section,
)

WHOLE = (*BOROUGHS, "partnership")
PEOPLE = {"unit": "children"}


def people(name: str, statistic: str = "flow", **about):
    return measure(name, statistic, **(PEOPLE | about)).model_copy(update={"counts_persons": True})


def run(
    p: Partnership,
    period: Return,
    observed: Sequence[Observation],
    earlier: Sequence[Books] = (),
    made: Sequence[Decision] = (),
) -> Books:
    return books.make(p, period, observed, (), (), Settled(tuple(made), "2024-05-01"), earlier)


def shown(made: Books) -> dict[str, str]:
    return {f"{one.area}.{one.measure}": one.display for one in made.shown.figures}


FOSTERING = people("fostering", areas=WHOLE)
BOTH = [dataset(area, "fostering") for area in BOROUGHS]


def fostering(period=YEAR, ours: int = 2, theirs: int = 7) -> list[Observation]:
    return [
        said("dataset-eastmere", "eastmere", "fostering", period, ours, line=3),
        said("dataset-northbrook", "northbrook", "fostering", period, theirs, line=3),
    ]


def test_two_beside_seven_and_a_total_hide_each_other() -> None:
    made = run(partnership([FOSTERING], BOTH), YEAR, fostering())
    assert shown(made) == {"eastmere.fostering": "c", "northbrook.fostering": "c", "partnership.fostering": "9"}
    assert {one.value for one in made.whole.figures} == {Decimal(2), Decimal(7), Decimal(9)}


def test_two_without_a_total_hides_alone() -> None:
    alone = people("fostering")
    assert shown(run(partnership([alone], BOTH), YEAR, fostering())) == {
        "eastmere.fostering": "c",
        "northbrook.fostering": "7",
    }


@pytest.mark.parametrize(
    ("about", "value", "printed"),
    [
        ({}, 4, "c"),
        ({}, 5, "5"),
        ({}, 0, "0"),
        ({"smallest_shown": 8}, 7, "c"),
        ({"smallest_shown": 1}, 1, "1"),
        ({"counts_persons": False}, 2, "2"),
    ],
    ids=["four", "five", "nought", "a threshold of its own", "none hidden", "no people"],
)
def test_the_threshold_is_the_measures(about: dict, value: int, printed: str) -> None:
    one = people("fostering").model_copy(update=about)
    assert shown(run(partnership([one], BOTH), YEAR, fostering(ours=value)))["eastmere.fostering"] == printed


def test_numbers_are_rounded_after_they_were_hidden() -> None:
    p = partnership([people("fostering")], BOTH)
    policy = p.profile.disclosure.model_copy(update={"rounded_to": 5})
    p = replace(p, profile=p.profile.model_copy(update={"disclosure": policy}))
    made = run(p, YEAR, fostering(ours=3, theirs=12))
    assert shown(made) == {"eastmere.fostering": "c", "northbrook.fostering": "10"}


def test_nothing_of_a_hidden_number_is_anywhere_in_the_open_book() -> None:
    p = partnership(
        [FOSTERING],
        [*BOTH, dataset("eastmere", "fostering", name="other")],
        [rule("same_figure", measures=["fostering"]), rule("year_from_quarters", "years", measures=["fostering"])],
    )
    observed = fostering(ours=4, theirs=773) + [said("other", "eastmere", "fostering", YEAR, 3, line=1111)]
    for quarter, value in zip(YEAR.quarters, (1, 0, 2, 1), strict=True):
        observed.append(said("dataset-eastmere", "eastmere", "fostering", quarter, value))
    made = run(p, YEAR, observed)
    hidden = [one for one in made.shown.figures if one.area == "eastmere"]
    assert [(one.value, one.symbol, one.status) for one in hidden] == [(None, "c", "withheld")]
    assert {one.value for one in made.shown.observations if one.source in ("other", "dataset-eastmere")} == {None}
    told = plain.to_json([one for one in made.shown.findings if "eastmere" in one.subject])
    for words in ("says 4", "says 3", "1 + 0 + 2", "apart", '"value": "4"', '"value": "3"', "4 - 3"):
        assert words not in told
    assert "on numbers that are hidden" in told


@pytest.mark.parametrize(
    ("ours", "values"), [(4, {HIDDEN}), (5, {"5", "8"})], ids=["four children are hidden", "five are shown"]
)
def test_a_finding_for_information_that_lists_figures_tells_none_that_is_hidden(ours: int, values: set[str]) -> None:
    p = partnership(
        [FOSTERING, measure("calls")],
        [dataset("eastmere", "fostering", "calls")],
        [rule("dated_and_sourced", "sourced", about="source", severity="information")],
        [section("about", "eastmere.calls", "eastmere.fostering")],
    )
    sent = (("fostering", ours), ("calls", 8))
    observed = [said("dataset-eastmere", "eastmere", name, YEAR, number) for name, number in sent]
    told = only(run(p, YEAR, observed).shown.findings)
    assert not told.figures
    assert {one.value for one in told.values} == values


@pytest.mark.parametrize(
    ("ours", "says"), [(4, "on numbers that are hidden"), (40, "40 in Eastmere")], ids=["four", "forty"]
)
def test_a_finding_for_information_says_no_hidden_number_in_its_title(ours: int, says: str) -> None:
    about = people("fostering", areas=("eastmere",))
    pages = [section("about", "eastmere.fostering")]
    p = partnership([about], BOTH[:1], [rule("in_every_area", "both", severity="information")], pages)
    told = only(run(p, YEAR, fostering(ours=ours)[:1]).shown.findings)
    assert not told.figures
    assert says in told.title
    assert ('"4' in plain.to_json([told])) is (ours == 40)


def test_the_open_book_does_not_say_which_number_is_the_small_one() -> None:
    p = partnership([FOSTERING], BOTH, [rule("small_numbers", "small", severity="information")])
    made = run(p, YEAR, fostering())
    assert [one.outcome for one in made.whole.findings if one.kind == "small_numbers"] == ["failed"]
    assert [one for one in made.shown.findings if one.kind == "small_numbers"] == []


def test_a_finding_whose_rule_names_a_measure_with_a_hidden_number_is_told_without_numbers() -> None:
    about = rule("plausible_ratio", "ratio", above="calls", below="fostering", least=1, most=2, severity="information")
    p = partnership([FOSTERING, measure("calls")], [dataset("eastmere", "fostering", "calls")], [about])
    observed = [
        said("dataset-eastmere", "eastmere", name, YEAR, 4 * n) for n, name in enumerate(("fostering", "calls"), 1)
    ]
    made = run(p, YEAR, observed)
    whole, told = (only([one for one in book.findings if one.kind == about.kind]) for book in (made.whole, made.shown))
    assert "4" in whole.arithmetic
    assert ("on numbers that are hidden" in told.title, told.arithmetic) == (True, "")


def test_counted_lines_do_not_tell_how_many_they_are() -> None:
    p = partnership([people("fostering")], BOTH)
    observed = [replace(one, how="2 rows where it is new") for one in fostering()]
    made = run(p, YEAR, observed)
    (mine,) = [one for one in made.shown.observations if one.area == "eastmere"]
    assert (mine.value, mine.how, mine.place.cell) == (None, "", "")
    assert only([one for one in made.shown.figures if one.area == "eastmere"]).observations == (mine.id,)


def test_a_percentage_goes_with_its_small_numerator() -> None:
    share = measure("share", "percentage", numerator="repeat", denominator="plans")
    p = partnership(
        [people("repeat", "distinct"), people("plans", "distinct"), share], [dataset("eastmere", "repeat", "plans")]
    )
    observed = [
        said("dataset-eastmere", "eastmere", "repeat", YEAR, 3),
        said("dataset-eastmere", "eastmere", "plans", YEAR, 40),
    ]
    assert shown(run(p, YEAR, observed)) == {
        "eastmere.repeat": "c",
        "eastmere.plans": "40",
        "eastmere.share": "c",
    }


def test_a_percentage_whose_numerator_nobody_sent_is_hidden_where_it_gives_a_small_one_away() -> None:
    share = measure("share", "percentage", numerator="repeat", denominator="plans", decimals=1)
    p = partnership(
        [people("repeat", "distinct"), people("plans", "distinct"), share], [dataset("eastmere", "share", "plans")]
    )
    for percent, printed in (("7.5", "c"), ("42.5", "42.5%")):
        observed = [
            said("dataset-eastmere", "eastmere", "share", YEAR, percent),
            said("dataset-eastmere", "eastmere", "plans", YEAR, 40),
        ]
        assert shown(run(p, YEAR, observed))["eastmere.share"] == printed


def test_a_small_rest_of_a_whole_hides_the_part() -> None:
    """Nine of ten missing children looked after: the tenth is one child."""
    p = partnership(
        [people("missing", "distinct"), people("missing_cla", "distinct")],
        [dataset("eastmere", "missing", "missing_cla")],
        [rule("part_within_whole", part="missing_cla", whole="missing")],
    )
    for part, printed in ((9, "c"), (5, "5")):
        observed = [
            said("dataset-eastmere", "eastmere", "missing", YEAR, 10),
            said("dataset-eastmere", "eastmere", "missing_cla", YEAR, part),
        ]
        assert shown(run(p, YEAR, observed))["eastmere.missing_cla"] == printed


def test_what_official_statistics_publish_cannot_be_hidden_and_is_told() -> None:
    p = partnership([people("fostering")], [*BOTH, official("dfe", "2025-10", "fostering")])
    made = run(p, YEAR, [*fostering(), said("dfe", "eastmere", "fostering", YEAR, 2)])
    assert shown(made)["eastmere.fostering"] == "c"
    told = only([one for one in made.shown.findings if one.kind == "disclosure"])
    assert (told.severity, told.figures) == ("must_fix", ("eastmere.fostering.2023-24",))


def test_a_quarter_that_was_shown_is_not_hidden_by_the_year_but_what_it_gives_away_is() -> None:
    p = partnership([people("fostering")], [BOTH[0]])
    quarters: list[Books] = []
    observed: list[Observation] = []
    for quarter, value in zip(YEAR.quarters, (6, 3, 8, 9), strict=True):
        observed.append(said("dataset-eastmere", "eastmere", "fostering", quarter, value))
        quarters.append(run(p, quarter, observed[-1:], quarters))
    assert [shown(one)["eastmere.fostering"] for one in quarters] == ["6", "c", "8", "9"]
    assert shown(run(p, YEAR, observed, quarters)) == {"eastmere.fostering": "c"}


def test_a_figure_that_was_withheld_by_decision_is_not_told_by_its_total() -> None:
    p = partnership(
        [FOSTERING],
        [*BOTH, dataset("eastmere", "fostering", name="other")],
        [rule("same_figure", "agree", measures=["fostering"])],
    )
    observed = [*fostering(ours=40, theirs=50), said("other", "eastmere", "fostering", YEAR, 44)]
    book = run(p, YEAR, observed).whole
    asked = Asked("agree:eastmere.fostering.2023-24", "withhold", "quality", "Nobody can say which.", "2024-04-04")
    made = run(p, YEAR, observed, made=[make(p, book, asked, 1)])
    assert shown(made) == {"eastmere.fostering": "withheld", "northbrook.fostering": "c", "partnership.fostering": "90"}
    assert {one.value for one in made.shown.observations if one.area == "eastmere"} == {None}


# What a quarter's decision does to the year


def bookings(period, ours: int, theirs: int, line: int) -> list[Observation]:
    return [
        said("return", "eastmere", "places", period, ours, line=line),
        said("bookings", "eastmere", "places", period, theirs, line=line),
    ]


def test_a_value_accepted_for_a_quarter_counts_in_the_year() -> None:
    p = partnership(
        [measure("places", unit="places")],
        [dataset("eastmere", "places", name="return"), dataset("eastmere", "places", name="bookings")],
        [rule("same_figure", "agree", measures=["places"])],
    )
    observed = [
        one
        for number, quarter in enumerate((Q1, Q2, Q3, Q4), 1)
        for one in bookings(quarter, 410 if quarter == Q3 else 400, 402 if quarter == Q3 else 400, number)
    ]
    third = [one for one in observed if one.period == str(Q3)]
    open_ = run(p, Q3, third)
    asked = Asked("agree:eastmere.places.2023-24-Q3", "accept", "quality", "Counted again.", "2024-02-01", letter="b")
    decision = make(p, open_.whole, asked, 1)
    settled = run(p, Q3, third, made=[decision])
    assert shown(settled) == {"eastmere.places": "402"}

    without = run(p, YEAR, observed, [open_])
    assert (shown(without), [one.outcome for one in without.shown.findings]) == (
        {"eastmere.places": "1,610"},
        ["failed"],
    )
    with_it = run(p, YEAR, observed, [settled], [decision])
    assert (shown(with_it), [one.outcome for one in with_it.shown.findings]) == (
        {"eastmere.places": "1,602"},
        ["passed"],
    )
    of_third = [one for one in with_it.shown.observations if one.period == str(Q3) and one.source == "return"]
    assert [(one.value, one.place.file) for one in of_third] == [(Decimal(402), "bookings.csv")]
    assert "Quality assurance" in of_third[0].note


def test_the_same_inputs_make_the_same_books() -> None:
    p = partnership([FOSTERING], BOTH)
    assert run(p, YEAR, fostering()) == run(p, YEAR, fostering())


# What was published cannot be taken back


def published(p: Partnership, period: Return, observed: Sequence[Observation]) -> Register:
    book = run(p, period, observed).shown
    figures = tuple(replace(one, status="published") if one.value is not None else one for one in book.figures)
    return replace(book, figures=figures)


def again(p, period, observed, *publications: Register) -> Books:
    return books.make(p, period, observed, (), (), publications=publications)


def test_a_small_number_that_follows_from_a_published_total_is_hidden_and_told_as_one_that_cannot_be_protected() -> (
    None
):
    """The report printed the total and one borough; corrected, the other borough has a small number."""
    p = partnership([FOSTERING], BOTH)
    first = published(p, YEAR, fostering(ours=6, theirs=7))
    assert {one.display for one in first.figures} == {"6", "7", "13"}
    made = again(p, YEAR, fostering(ours=2, theirs=7), first)
    assert shown(made)["eastmere.fostering"] == "c"
    assert [one.subject for one in made.shown.findings if one.kind == "disclosure"] == ["eastmere.fostering.2023-24"]
    assert not [one for one in again(p, YEAR, fostering(ours=2)).shown.findings if one.kind == "disclosure"]


def test_quarters_that_a_published_year_left_out_are_not_shown_later() -> None:
    """The report shows the year and two quarters of it; run again by themselves, the others would tell the rest."""
    p = partnership([people("fostering")], [BOTH[0]])
    observed = [
        said("dataset-eastmere", "eastmere", "fostering", quarter, value)
        for quarter, value in zip(YEAR.quarters, (3, 6, 7, 8), strict=True)
    ]
    report = published(p, YEAR, observed)
    assert [one.display for one in report.figures] == ["24"]
    alone, beside = ([], [report])
    said_now = []
    for publications in (alone, beside):
        quarters: list[Books] = []
        for sent, quarter in zip(observed, YEAR.quarters, strict=True):
            quarters.append(books.make(p, quarter, [sent], (), (), Settled(), tuple(quarters), (), {}, publications))
        said_now.append([shown(one)["eastmere.fostering"] for one in quarters])
    assert said_now == [["c", "6", "7", "8"], ["c", "c", "7", "8"]]


def test_what_a_publication_hid_stays_unknown_when_the_next_one_is_made() -> None:
    p = partnership([FOSTERING], BOTH)
    first = published(p, YEAR, fostering(ours=2, theirs=7))
    made = again(p, YEAR, fostering(ours=2, theirs=7), first)
    assert shown(made) == shown(run(p, YEAR, fostering(ours=2, theirs=7)))
    assert not [one for one in made.shown.findings if one.kind == "disclosure"]
