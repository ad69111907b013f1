"""The same figure from two sources, and the same outside figure beside two areas."""

import pytest

from tests.reconcile.example import (
    BOROUGHS,
    Q1,
    Q2,
    Q4,
    YEAR,
    dataset,
    findings_of,
    measure,
    only,
    partnership,
    rule,
    said,
)

SESSIONS = measure("sessions", areas=("partnership",), title="Training sessions")
TWO = [
    dataset("partnership", "sessions", name="bookings", title="The bookings"),
    dataset("partnership", "sessions", name="return", title="The return"),
]


def same(*, measures=(SESSIONS,), sources=TWO, **about):
    return partnership(measures, sources, [rule("same_figure", measures=[measures[0].id], **about)])


@pytest.mark.parametrize(
    ("one", "other", "tolerance", "outcome", "title"),
    [
        (66, 66, 0, "passed", "Training sessions: The bookings says 66 and The return says 66."),
        (66, 70, 0, "failed", "Training sessions: The bookings says 66 and The return says 70: 4 apart."),
        (
            66,
            70,
            4,
            "passed",
            "Training sessions: The bookings says 66 and The return says 70: 4 apart, within the tolerance.",
        ),
    ],
)
def test_two_sources_are_compared(one, other, tolerance, outcome, title) -> None:
    observed = [
        said("bookings", "partnership", "sessions", Q1, one),
        said("return", "partnership", "sessions", Q1, other),
    ]
    found = only(findings_of(same(tolerance=tolerance), observed, Q1))
    assert (found.outcome, found.title) == (outcome, title)
    assert found.id == "a-rule:partnership.sessions.2023-24-Q1"
    assert found.figures == ("partnership.sessions.2023-24-Q1",)
    assert [side.value for side in found.values] == [str(one), str(other)]
    assert [side.place for side in found.values] == [place.place.words for place in observed]


def test_a_year_is_compared_by_what_each_sources_parts_add_up_to() -> None:
    observed = [said("bookings", "partnership", "sessions", month, 1) for month in YEAR.months]
    observed += [said("return", "partnership", "sessions", quarter, 3) for quarter in YEAR.quarters]
    found = only(findings_of(same(), observed))
    assert found.title == "Training sessions: The bookings says 12 and The return says 12."


def test_what_came_from_one_source_alone_is_not_called_good() -> None:
    found = only(findings_of(same(), [said("bookings", "partnership", "sessions", Q1, 66)], Q1))
    assert found.outcome == "not_evaluated"
    assert found.reason == "Only The bookings gives it. The return: not received."
    assert only(findings_of(same(), [], Q1)).reason.startswith("No source gives it.")


def test_children_of_quarters_who_cannot_be_added_up_are_nobodys_omission() -> None:
    """Both sources gave every quarter: there is nothing to put right, and publication need not wait."""
    children = measure("children", "distinct", areas=("partnership",), title="Children seen")
    sources = [dataset("partnership", "children", name=name) for name in ("bookings", "return")]
    p = same(measures=(children,), sources=sources, severity="must_fix")
    observed = [said(name, "partnership", "children", q, 3) for name in ("bookings", "return") for q in YEAR.quarters]
    found = only(findings_of(p, observed))
    assert (found.outcome, found.severity) == ("not_evaluated", "information")
    of_the_year = [*observed, said("return", "partnership", "children", YEAR, 9)]
    assert only(findings_of(p, of_the_year)).severity == "information"
    without_one = [one for one in observed if one.source == "return"]
    assert only(findings_of(p, without_one)).severity == "must_fix"


def test_a_third_source_that_is_not_complete_is_named_beside_two_that_agree() -> None:
    sources = [*TWO, dataset("partnership", "sessions", name="champions-return", title="The champions")]
    observed = [said(name, "partnership", "sessions", q, 3) for name in ("bookings", "return") for q in YEAR.quarters]
    observed.append(said("champions-return", "partnership", "sessions", Q1, 3))
    found = only(findings_of(same(sources=sources), observed))
    assert found.outcome == "passed"
    assert "The champions: not complete: July to September 2023" in found.title


def test_beside_a_suppressed_value_no_other_is_shown() -> None:
    observed = [said("bookings", "partnership", "sessions", Q1, "<5"), said("return", "partnership", "sessions", Q1, 3)]
    found = only(findings_of(same(), observed, Q1))
    assert found.outcome == "not_evaluated"
    assert [side.value for side in found.values] == ["<5", "not shown"]
    assert "3" not in f"{found.title}{found.reason}{found.arithmetic}".replace("2023", "")


def test_two_codes_of_one_file_are_compared() -> None:
    poverty = measure("poverty", "reference", unit="percent", decimals=1, title="Poverty")
    p = same(measures=(poverty,), sources=[dataset("eastmere", "poverty")])
    observed = [said("dataset-eastmere", "eastmere", "poverty", Q4, v, line=n) for n, v in ((3, "32.6"), (9, "32.8"))]
    found = only(findings_of(p, observed))
    assert found.title == (
        "Poverty in Eastmere: Eastmere dataset (line 3) says 32.6% and Eastmere dataset (line 9) says 32.8%: "
        "0.2 percentage points apart."
    )


def test_a_count_since_april_is_not_compared_with_a_quarters_own() -> None:
    children = measure("children", "distinct", areas=("partnership",))
    sources = [dataset("partnership", "children", name="bookings"), dataset("partnership", "children", name="return")]
    observed = [
        said("bookings", "partnership", "children", "2023-24-Q2-ytd", 171),
        said("return", "partnership", "children", Q2, 101),
    ]
    found = only(findings_of(same(measures=(children,), sources=sources), observed, Q2))
    assert found.outcome == "not_evaluated"
    assert "counts since 1 April only" in found.reason


def test_a_figure_that_one_source_alone_is_asked_for_is_not_asked_about() -> None:
    assert findings_of(same(sources=TWO[:1]), [said("bookings", "partnership", "sessions", Q1, 3)], Q1) == []


# Quoted beside two areas

AVERAGE = measure("fsm", "reference", unit="percent", decimals=1, title="The national average of free school meals")
BOTH = [dataset(area, "fsm") for area in BOROUGHS]


def quoted(eastmere: str, northbrook: str, notes: tuple[str, str] = ("", ""), compare: str = "value", **about):
    p = partnership(
        [about.pop("measure", AVERAGE)], BOTH, [rule("shared_reference", measures=["fsm"], compare=compare, **about)]
    )
    observed = [
        said(f"dataset-{area}", area, "fsm", Q4, value, note=note, line=5)
        for area, value, note in zip(BOROUGHS, (eastmere, northbrook), notes, strict=True)
    ]
    return p, observed


def test_one_national_average_is_quoted_alike() -> None:
    found = only(findings_of(*quoted("24.6", "23.8")))
    assert found.outcome == "failed"
    assert (
        found.title
        == "The national average of free school meals is quoted as 24.6% beside Eastmere and 23.8% beside Northbrook."
    )
    assert found.id == "a-rule:fsm.2023-24"
    assert found.difference == "0.8 percentage points apart"
    assert found.figures == ("eastmere.fsm.2023-24", "northbrook.fsm.2023-24")
    agree = only(findings_of(*quoted("24.6", "24.6")))
    assert agree.outcome == "passed"
    assert agree.title.endswith("quoted as 24.6% beside Eastmere and Northbrook.")


def test_a_quote_with_fewer_decimals_is_the_same_quote() -> None:
    coarse = measure("fsm", "reference", unit="percent", decimals=1, decimals_by_area={"northbrook": 0})
    assert only(findings_of(*quoted("24.6", "25", measure=coarse))).outcome == "passed"
    assert only(findings_of(*quoted("24.4", "25", measure=coarse))).outcome == "failed"


def test_one_quote_alone_is_not_evaluated() -> None:
    p, observed = quoted("24.6", "23.8")
    found = only(findings_of(p, observed[:1]))
    assert (found.outcome, found.reason) == ("not_evaluated", "Only Eastmere dataset gives it.")


@pytest.mark.parametrize(
    ("notes", "outcome", "words"),
    [
        (
            ("End Child Poverty, June 2023", "End Child Poverty (June 2023)"),
            "passed",
            "June 2023 beside Eastmere and Northbrook",
        ),
        (
            ("End Child Poverty, 2023", "End Child Poverty (June 2023)"),
            "passed",
            "2023 beside Eastmere and June 2023 beside Northbrook",
        ),
        (("released 2023-06", "June 2023"), "passed", "June 2023 beside Eastmere and Northbrook"),
        (
            ("End Child Poverty, June 2023", "data May 2021"),
            "failed",
            "June 2023 beside Eastmere and May 2021 beside Northbrook",
        ),
        (("End Child Poverty", "data May 2021"), "not_evaluated", "1 of 2 quotes"),
        (("", ""), "not_evaluated", "0 of 2 quotes"),
    ],
)
def test_dates_of_a_source_are_the_same_wherever_it_is_quoted(notes, outcome, words) -> None:
    found = only(findings_of(*quoted("24.6", "24.6", notes, compare="source_date")))
    assert found.outcome == outcome
    assert words in f"{found.title} {found.reason}"


def test_two_dates_beside_one_area_are_found() -> None:
    p, observed = quoted("32.6", "35.3", ("End Child Poverty (June 2023)", "In 2023"), compare="source_date")
    observed.append(said("dataset-eastmere", "eastmere", "fsm", Q4, "32.6", note="Source - data May 2021"))
    found = only(findings_of(p, observed))
    assert found.outcome == "failed"
    assert "dated June 2023 and May 2021 beside Eastmere; 2023 beside Northbrook" in found.title
