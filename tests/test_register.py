"""The figures book: which source leads, what stands beside it, and when a figure is validated."""

import random
from decimal import Decimal

import pytest

from config.model import Measure
from tasks import plain, register
from tasks.model import Figure, Finding
from tasks.register import label_in_words
from tests.reconcile.example import (
    BOROUGHS,
    Q1,
    Q2,
    Q4,
    YEAR,
    came,
    dataset,
    figures_of,
    measure,
    official,
    partnership,
    said,
)

EVERYWHERE = (*BOROUGHS, "partnership", "wold", "england")
REFERRALS = measure("referrals", unit="referrals", areas=EVERYWHERE)
TWO_DATASETS = [dataset("eastmere", "referrals"), dataset("northbrook", "referrals")]
DFE = official("dfe", "2025-10", "referrals")


def test_a_figure_is_made_of_what_its_source_sent() -> None:
    p = partnership([REFERRALS], [dataset("eastmere", "referrals")])
    observed = [
        said("dataset-eastmere", "eastmere", "referrals", q, n)
        for q, n in zip(YEAR.quarters, (554, 513, 562, 561), strict=True)
    ]
    figure = figures_of(p, observed)["eastmere.referrals"]
    assert figure.id == "eastmere.referrals.2023-24"
    assert (figure.value, figure.display, figure.status) == (Decimal(2190), "2,190", "provisional")
    assert (figure.wording, figure.derivation) == ("in the year to 31 March 2024", "sum of 4 quarters")
    assert figure.observations == tuple(one.id for one in observed)


def test_a_figure_that_did_not_come_is_there_and_says_so() -> None:
    p = partnership([REFERRALS], TWO_DATASETS)
    figure = figures_of(p, [], Q1)["eastmere.referrals"]
    assert (figure.display, figure.status, figure.derivation) == (
        "not received",
        "not_received",
        "not received from Eastmere dataset",
    )


def test_what_came_of_an_incomplete_figure_stays_behind_it() -> None:
    p = partnership([REFERRALS], TWO_DATASETS)
    first = said("dataset-eastmere", "eastmere", "referrals", Q1, 554)
    figure = figures_of(p, [first])["eastmere.referrals"]
    assert (figure.status, figure.observations) == ("not_received", (first.id,))
    assert figure.derivation.startswith("not complete: July to September 2023")


def test_parts_that_may_not_be_added_up_say_why() -> None:
    children = measure("missing_children", "distinct", unit="children")
    p = partnership([children], [dataset("eastmere", "missing_children")])
    observed = [said("dataset-eastmere", "eastmere", "missing_children", q, 9) for q in YEAR.quarters]
    figure = figures_of(p, observed)["eastmere.missing_children"]
    assert figure.value is None
    assert "counts each of its children once" in figure.derivation


# Which source leads


def test_the_first_source_leads_unless_another_is_said_to() -> None:
    first, second = dataset("eastmere", "referrals"), dataset("eastmere", "referrals", name="return", title="Return")
    observed = [
        said("dataset-eastmere", "eastmere", "referrals", Q1, 5),
        said("return", "eastmere", "referrals", Q1, 7),
    ]
    figure = figures_of(partnership([REFERRALS], [first, second]), observed, Q1)["eastmere.referrals"]
    assert (figure.value, figure.beside) == (5, (observed[1].id,))
    leads = dataset("eastmere", "referrals", name="return", title="Return", leads=["eastmere.referrals"])
    figure = figures_of(partnership([REFERRALS], [first, leads]), observed, Q1)["eastmere.referrals"]
    assert (figure.value, figure.beside) == (7, (observed[0].id,))


def test_when_the_leading_source_sent_nothing_the_next_one_leads_and_says_so() -> None:
    first, second = dataset("eastmere", "referrals"), dataset("eastmere", "referrals", name="return", title="Return")
    observed = [said("return", "eastmere", "referrals", Q1, 7)]
    figure = figures_of(partnership([REFERRALS], [first, second]), observed, Q1)["eastmere.referrals"]
    assert (figure.value, figure.status) == (7, "provisional")
    assert figure.derivation == "as received from Return, because Eastmere dataset gave no value for the period"


def test_a_suppressed_leading_value_is_never_replaced_by_another_sources_number() -> None:
    first, second = dataset("eastmere", "referrals"), dataset("eastmere", "referrals", name="return", title="Return")
    observed = [
        said("dataset-eastmere", "eastmere", "referrals", Q1, "<5"),
        said("return", "eastmere", "referrals", Q1, 3),
    ]
    figure = figures_of(partnership([REFERRALS], [first, second]), observed, Q1)["eastmere.referrals"]
    assert (figure.value, figure.display) == (None, "<5")


def test_a_second_opinion_never_steps_in_for_a_borough() -> None:
    p = partnership([REFERRALS], [*TWO_DATASETS, DFE])
    opinion = said("dfe", "eastmere", "referrals", YEAR, 2190)
    figure = figures_of(p, [opinion])["eastmere.referrals"]
    assert (figure.status, figure.beside) == ("not_received", (opinion.id,))


def test_official_statistics_lead_for_regions_and_where_nobody_else_is_asked() -> None:
    ended = measure("ended", areas=EVERYWHERE)
    p = partnership([REFERRALS, ended], [*TWO_DATASETS, official("dfe", "2025-10", "referrals", "ended")])
    figures = figures_of(
        p,
        [
            said("dfe", "wold", "referrals", YEAR, 32050),
            said("dfe", "england", "referrals", YEAR, 621880),
            said("dfe", "eastmere", "ended", YEAR, 1784),
        ],
    )
    assert figures["wold.referrals"].value == 32050
    assert figures["england.referrals"].value == 621880
    assert figures["eastmere.ended"].value == 1784
    assert "partnership.ended" not in figures


def test_of_two_codes_the_first_by_place_leads_and_the_other_stands_beside() -> None:
    poverty = measure("poverty", "reference", unit="percent", decimals=1)
    p = partnership([poverty], [dataset("eastmere", "poverty")])
    later = said("dataset-eastmere", "eastmere", "poverty", Q4, "32.8", line=10)
    first = said("dataset-eastmere", "eastmere", "poverty", Q4, "32.6", line=9)
    figure = figures_of(p, [later, first])["eastmere.poverty"]
    assert (figure.display, figure.observations, figure.beside) == ("32.6%", (first.id,), (later.id,))


def test_a_later_file_of_the_same_sender_corrects_an_earlier_one() -> None:
    p = partnership([REFERRALS], TWO_DATASETS)
    old = said("dataset-eastmere", "eastmere", "referrals", Q1, 554, file="a-first.csv")
    new = said("dataset-eastmere", "eastmere", "referrals", Q1, 556, file="b-second.csv")
    files = [came("dataset-eastmere", Q1, name="a-first.csv"), came("dataset-eastmere", Q2, name="b-second.csv")]
    rest = [said("dataset-eastmere", "eastmere", "referrals", q, 0, file="b-second.csv") for q in YEAR.quarters[1:]]
    assert figures_of(p, [old, new, *rest], files=files)["eastmere.referrals"].value == 556


def test_a_quarters_own_count_leads_before_one_since_april() -> None:
    children = measure("missing_children", "distinct", unit="children")
    p = partnership(
        [children], [dataset("eastmere", "missing_children"), dataset("eastmere", "missing_children", name="return")]
    )
    since_april = said("dataset-eastmere", "eastmere", "missing_children", "2023-24-Q2-ytd", 171)
    own = said("return", "eastmere", "missing_children", Q2, 101)
    both = figures_of(p, [since_april, own], Q2)["eastmere.missing_children"]
    assert (both.value, both.wording) == (101, "in July to September 2023")
    alone = figures_of(p, [since_april], Q2)["eastmere.missing_children"]
    assert (alone.value, alone.wording) == (171, "from April to September 2023")


# What is expected


def test_quarters_expect_what_quarterly_sources_carry_and_the_year_everything() -> None:
    spend = measure("spend", "finance", unit="pounds", areas=("partnership",))
    yearly = dataset("partnership", "spend", name="contributions", every="year")
    p = partnership([REFERRALS, spend], [*TWO_DATASETS, yearly, DFE])
    boroughs_and_their_sum = ["eastmere.referrals", "northbrook.referrals", "partnership.referrals"]
    assert list(figures_of(p, [], Q1)) == boroughs_and_their_sum
    assert list(figures_of(p, [])) == [
        *boroughs_and_their_sum,
        "partnership.spend",
        "wold.referrals",
        "england.referrals",
    ]


def test_what_has_a_date_of_its_own_is_expected_by_the_end_of_the_year() -> None:
    schools = measure("schools", "stock", unit="schools", as_at_words="at the January census")
    p = partnership([schools], [dataset("eastmere", "schools")])
    assert figures_of(p, [], Q2) == {}
    assert figures_of(p, [], Q4)["eastmere.schools"].status == "not_received"
    assert figures_of(p, [said("dataset-eastmere", "eastmere", "schools", Q2, 40)], Q2)["eastmere.schools"].value == 40


def test_what_is_not_kept_for_an_area_makes_no_figure() -> None:
    p = partnership([measure("referrals", areas=("eastmere",))], TWO_DATASETS)
    assert list(figures_of(p, [said("dataset-northbrook", "northbrook", "referrals", Q1, 3)], Q1)) == [
        "eastmere.referrals"
    ]


def in_words(figures: dict[str, Figure]) -> str:
    return label_in_words(figures["eastmere.missing_episodes"], {one.id: one for one in figures.values()})


def test_labels_print_other_figures_of_the_same_area() -> None:
    children = measure("missing_children", "distinct", unit="children")
    episodes = measure("missing_episodes", label="missing episodes by {missing_children} young people")
    p = partnership([children, episodes], [dataset("eastmere", "missing_children", "missing_episodes")])
    figures = figures_of(p, [said("dataset-eastmere", "eastmere", "missing_children", Q1, 1290)], Q1)
    assert in_words(figures) == "missing episodes by 1,290 young people"
    assert in_words(figures_of(p, [], Q1)) == ("missing episodes by a number of young people that was not received")


def test_decimals_are_those_of_the_area() -> None:
    rate = measure("rate", "percentage", decimals=1, decimals_by_area={"northbrook": 0})
    p = partnership([rate], [dataset("eastmere", "rate"), dataset("northbrook", "rate")])
    figures = figures_of(p, [said(f"dataset-{area}", area, "rate", Q1, "24.86") for area in BOROUGHS], Q1)
    assert [figures[f"{area}.rate"].display for area in BOROUGHS] == ["24.9%", "25%"]
    assert figures["eastmere.rate"].value == Decimal("24.9")


def test_a_percentage_is_not_made_from_the_counts_of_two_sources() -> None:
    again = measure("again", areas=EVERYWHERE)
    rate = measure("rate", "percentage", numerator="again", denominator="referrals", decimals=1)
    p = partnership(
        [REFERRALS, again, rate],
        [dataset("eastmere", "referrals", "rate"), official("dfe", "2025-10", "again", "referrals", "rate")],
    )
    observed = [
        said("dataset-eastmere", "eastmere", "referrals", YEAR, 4032),
        said("dataset-eastmere", "eastmere", "rate", YEAR, 24),
        said("dfe", "eastmere", "again", YEAR, 1221),
    ]
    assert figures_of(p, observed)["eastmere.rate"].display == "24.0%"


# The whole partnership

SHARED = ("partnership", *BOROUGHS)


@pytest.mark.parametrize(
    ("one", "told", "expected"),
    [
        pytest.param(measure("cases", areas=SHARED), (2190, 4032), "6,222", id="a flow is summed"),
        pytest.param(measure("cases", "stock", areas=SHARED), (158, 247), "405", id="a stock is summed"),
        pytest.param(
            measure("cases", "distinct", areas=SHARED), (290, 489), "779", id="children are summed where configured"
        ),
        pytest.param(
            measure("cases", "mean", areas=SHARED), (669, 1125), "1,794", id="means of the same months are summed"
        ),
        pytest.param(
            measure("cases", areas=SHARED), ("<5", 4032), "c", id="one suppressed borough suppresses the whole"
        ),
        pytest.param(measure("cases", "reference", areas=SHARED), (24, 24), None, id="a reference has no whole"),
        pytest.param(measure("cases", "percentage", areas=SHARED), (24, 24), None, id="percentages have no sum"),
        pytest.param(measure("cases"), (1, 2), None, id="what is not kept for the partnership is not summed"),
    ],
)
def test_the_partnership_is_the_sum_of_its_boroughs_where_that_is_allowed(one: Measure, told, expected) -> None:
    p = partnership([one], [dataset(area, "cases") for area in BOROUGHS])
    observed = [said(f"dataset-{area}", area, "cases", YEAR, value) for area, value in zip(BOROUGHS, told, strict=True)]
    figure = figures_of(p, observed).get("partnership.cases")
    assert (figure and figure.display) == expected


def test_the_partnerships_percentage_is_no_average() -> None:
    again = measure("again", areas=SHARED)
    rate = measure("rate", "percentage", numerator="again", denominator="referrals", decimals=1, areas=SHARED)
    p = partnership([REFERRALS, again, rate], [dataset(area, "referrals", "again") for area in BOROUGHS])
    told = {"eastmere": (546, 2190), "northbrook": (1221, 4031)}
    observed = [
        said(f"dataset-{area}", area, name, YEAR, value)
        for area, values in told.items()
        for name, value in zip(("again", "referrals"), values, strict=True)
    ]
    figure = figures_of(p, observed)["partnership.rate"]
    assert (figure.display, figure.derivation) == ("28.4%", "1,767 of 6,221")


def test_a_whole_without_a_borough_says_which() -> None:
    p = partnership([REFERRALS], TWO_DATASETS)
    figure = figures_of(p, [said("dataset-eastmere", "eastmere", "referrals", Q1, 3)], Q1)["partnership.referrals"]
    assert (figure.status, figure.derivation) == ("not_received", "not complete: Northbrook is missing")
    one = partnership([REFERRALS], [dataset("eastmere", "referrals")])
    assert (
        figures_of(one, [], Q1)["partnership.referrals"].derivation
        == "cannot be made, because Northbrook is not asked for it"
    )


def test_a_quarter_and_a_count_since_april_are_not_added_up() -> None:
    children = measure("children", "distinct", areas=SHARED)
    p = partnership([children], [dataset(area, "children") for area in BOROUGHS])
    since_april = [said(f"dataset-{area}", area, "children", "2023-24-Q2-ytd", 100) for area in BOROUGHS]
    own = said("dataset-eastmere", "eastmere", "children", Q2, 60)
    whole = figures_of(p, since_april, Q2)["partnership.children"]
    assert (whole.display, whole.wording) == ("200", "from April to September 2023")
    mixed = figures_of(p, [*since_april, own], Q2)["partnership.children"]
    assert mixed.status == "not_received"
    assert "some areas count the quarter and others since 1 April" in mixed.derivation


# Settling


def finding(outcome: str, severity: str = "look_at", name: str = "a-rule:x") -> Finding:
    return Finding(
        name,
        "a-rule",
        "same_figure",
        "x",
        "2023-24",
        outcome,
        severity,
        "",
        "",
        "",
        "",
        "quality",
        figures=("eastmere.referrals.2023-24-Q1",),
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "findings", "status", "hung"),
    [
        (3, [], "validated", ()),
        (3, [finding("passed")], "validated", ()),
        (3, [finding("failed")], "provisional", ("a-rule:x",)),
        (3, [finding("failed", "must_fix")], "provisional", ("a-rule:x",)),
        (3, [finding("failed", "information")], "validated", ("a-rule:x",)),
        (3, [finding("not_evaluated")], "validated", ("a-rule:x",)),
        ("<5", [], "provisional", ()),
        (None, [], "not_received", ()),
        (None, [finding("failed")], "not_received", ("a-rule:x",)),
    ],
)
def test_a_figure_is_validated_when_nothing_stands_against_it(told, findings, status, hung) -> None:
    p = partnership([measure("referrals")], [dataset("eastmere", "referrals")])
    observed = [] if told is None else [said("dataset-eastmere", "eastmere", "referrals", Q1, told)]
    settled = register.settle(register.build(p, Q1, observed), findings)
    assert [(one.status, one.findings) for one in settled] == [(status, hung)]


def test_settling_twice_is_settling_once_and_can_go_back() -> None:
    p = partnership([measure("referrals")], [dataset("eastmere", "referrals")])
    figures = register.build(p, Q1, [said("dataset-eastmere", "eastmere", "referrals", Q1, 3)])
    once = register.settle(figures, [])
    assert register.settle(once, []) == once
    assert register.settle(once, [finding("failed")])[0].status == "provisional"


# The whole book


def test_the_book_is_the_same_whatever_the_order_of_what_came() -> None:
    p = partnership([REFERRALS], [*TWO_DATASETS, DFE])
    observed = [said(f"dataset-{a}", a, "referrals", m, n) for a in BOROUGHS for n, m in enumerate(YEAR.months)]
    observed += [said("dfe", area, "referrals", YEAR, 9) for area in (*BOROUGHS, "wold", "england")]
    shuffled = random.Random(7).sample(observed, len(observed))
    book = register.build(p, YEAR, observed)
    assert register.build(p, YEAR, shuffled) == book
    assert plain.from_json(list[Figure], plain.to_json(book)) == book
