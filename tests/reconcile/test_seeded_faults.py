"""Faults of all kinds, put into copies of the demonstration year one at a time: each is found, and nothing else is new.

A fault that contradicts several things is found by several rules; all of them are named here, so that one more would be
a false alarm. What can no longer be seen is *not evaluated*, which is never good.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest

from tests import pure_year
from tests.reconcile.faults import (
    BOOKINGS,
    CIN,
    CLA_2024,
    CLA_2025,
    COMMUNICATIONS,
    CONTRIBUTIONS,
    ELEARNING,
    EXPLOITATION,
    HARTLEPOOL,
    MEALS,
    QUALITY,
    REFERRALS,
    STATISTICS,
    STOCKTON,
    TRAINING,
    Edit,
    again,
    cell,
    changed,
    empty,
    everywhere,
    gone,
    instead,
    official,
    row_twice,
    second_version,
    stockton,
    swapped,
    text,
    without_code,
)

Q4, DATASET, CONTEXT = HARTLEPOOL.format("Q4"), "Dataset", "Context"
H, S, P = "hartlepool", "stockton", "partnership"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and everything that must come of it."""

    what: str
    edit: Edit
    found: tuple[str, ...] = ()
    """Findings that fail and did not before, without their period."""
    unseen: tuple[str, ...] = ()
    """Findings that can no longer be evaluated, the first of them."""
    files: tuple[str, ...] = ()
    """What is said of files: ``<source>: <state>``, or the beginning of a problem."""


EVENTS, CHILDREN, STOCKS = "year-of-events", "year-of-children", "year-of-stocks"
FAULTS = [
    # Sums of a year and its parts
    Fault(
        "a year of referrals that its months do not make",
        cell(Q4, DATASET, "Referrals to children", "E", "2,290"),
        (
            f"{EVENTS}:{H}.referrals",
            f"referrals-official:{H}.referrals",
            f"rereferrals-official:{H}.rereferral_rate",
            f"rereferrals-recompute:{H}.rereferral_rate",
        ),
    ),
    Fault(
        "a month of referrals typed ten times too large",
        cell(Q4, DATASET, "Referrals to children", "B", "1,850"),
        (f"{EVENTS}:{H}.referrals",),
    ),
    Fault(
        "two digits of a year the wrong way round",
        cell(Q4, DATASET, "Missing episodes", "E", "856"),
        (f"{EVENTS}:{H}.missing_episodes", f"exploitation-return-and-datasets:{H}.missing_episodes"),
    ),
    Fault(
        "a year of allegations that lost a digit",
        cell(Q4, DATASET, "Allegations", "E", "5"),
        (f"{EVENTS}:{H}.lado_referrals",),
    ),
    Fault(
        "a quarter of referrals with a nought too many",
        stockton("Q3", "FD02", "Q", "10,430"),
        (f"{EVENTS}:{S}.referrals",),
    ),
    Fault(
        "a quarter of missing episodes counted twice",
        stockton("Q2", "MIS1", "Q", "946"),
        (f"{EVENTS}:{S}.missing_episodes",),
    ),
    Fault(
        "a quarter's number in the place of the year's",
        stockton("Q4", "DA01", "YTD", "530"),
        (f"{EVENTS}:{S}.da_children_present",),
    ),
    Fault(
        "the year's number in the place of a quarter's",
        stockton("Q4", "LADO", "Q", "128"),
        (f"{EVENTS}:{S}.lado_referrals",),
    ),
    Fault(
        "the monthly average of contacts as a sum of the quarter",
        stockton("Q4", "FD01", "YTD", "3,375"),
        (f"year-of-contacts:{S}.contacts_per_month",),
    ),
    # Arithmetic that a statistic does not allow
    Fault(
        "a stock summed over its months",
        cell(Q4, DATASET, "Open Child in Need", "E", "4,445"),
        (f"{STOCKS}:{H}.cin_open", f"cin-official:{H}.cin_open", f"cin-episodes-add-up:{H}.cin_any_point"),
    ),
    Fault(
        "a stock of another day",
        cell(Q4, DATASET, "Children looked after (mon", "E", "328"),
        (f"{STOCKS}:{H}.cla_open", f"cla-official:{H}.cla_open"),
    ),
    Fault(
        "a percentage averaged over its months",
        cell(Q4, DATASET, "Re-referrals as %", "E", "25.1%"),
        (f"rereferrals-recompute:{H}.rereferral_rate",),
    ),
    Fault(
        "a percentage of another denominator",
        cell(Q4, DATASET, "Re-referrals as %", "E", "28.5%"),
        (f"rereferrals-recompute:{H}.rereferral_rate",),
    ),
    Fault(
        "a percentage written as a share of one",
        cell(Q4, DATASET, "Re-referrals as %", "E", "0.249"),
        (f"rereferrals-recompute:{H}.rereferral_rate",),
    ),
    Fault(
        "children of all months added up to a year",
        cell(Q4, DATASET, "Children with a missing", "E", "447"),
        (f"{CHILDREN}:{H}.missing_children",),
    ),
    Fault(
        "fewer children in a year than in its fullest month",
        cell(Q4, DATASET, "Looked after children with", "E", "9"),
        (
            f"{CHILDREN}:{H}.missing_children_cla",
            f"missing-official:{H}.missing_children_cla",
            f"episodes-a-child-looked-after:{H}.missing_episodes_cla",
        ),
    ),
    Fault(
        "fewer children in a year than in a quarter",
        stockton("Q4", "MIS2", "YTD", "120"),
        (
            f"{CHILDREN}:{S}.missing_children",
            f"episodes-a-child:{S}.missing_episodes",
            f"episodes-a-child-not-looked-after:{S}.missing_episodes",
        ),
    ),
    # Swapped and shifted
    Fault(
        "two rows swapped in the year's column",
        swapped(Q4, DATASET, "Cases discussed at MARAC", "Children in cases", "E"),
        (
            f"{EVENTS}:{H}.marac_cases",
            f"{EVENTS}:{H}.marac_children",
            f"marac-children-a-case:{H}.marac_children",
        ),
    ),
    Fault(
        "two rows swapped in a month",
        swapped(Q4, DATASET, "Missing episodes", "Children with a missing", "B"),
        (f"{EVENTS}:{H}.missing_episodes",),
    ),
    Fault(
        "the other borough's referrals",
        stockton("Q4", "FD02", "YTD", "2,190"),
        (f"{EVENTS}:{S}.referrals", f"referrals-official:{S}.referrals"),
    ),
    Fault(
        "the other borough's looked after children",
        stockton("Q4", "CLA1", "Q", "334"),
        (f"cla-official:{S}.cla_open",),
    ),
    Fault(
        "the other borough's population",
        stockton("Q4", "POP1", "Q", "20,116"),
        (f"population-official:{S}.population_under_18",),
    ),
    Fault(
        "the boroughs swapped in one row of a return",
        cell(EXPLOITATION.format("Q4"), "Stockton", "Children at risk", "B", "28"),
        (f"exploitation-return-and-datasets:{S}.cse_risk",),
    ),
    Fault(
        "children in the place of cases",
        stockton("Q4", "MAR2", "YTD", "154"),
        (f"{EVENTS}:{S}.marac_children", f"marac-children-a-case:{S}.marac_children"),
    ),
    # Parts and wholes
    Fault(
        "more children than episodes",
        cell(Q4, DATASET, "Children with a missing", "E", "900"),
        (
            f"{CHILDREN}:{H}.missing_children",
            f"missing-children-within-episodes:{H}.missing_children",
            f"episodes-a-child:{H}.missing_episodes",
            f"episodes-a-child-not-looked-after:{H}.missing_episodes",
        ),
    ),
    Fault(
        "more looked after children missing than children missing",
        cell(Q4, DATASET, "Looked after children with", "E", "310"),
        (
            f"{CHILDREN}:{H}.missing_children_cla",
            f"missing-official:{H}.missing_children_cla",
            f"missing-children-looked-after:{H}.missing_children_cla",
        ),
        unseen=(f"episodes-a-child-not-looked-after:{H}.missing_episodes",),
    ),
    Fault(
        "more episodes of looked after children than episodes",
        stockton("Q4", "MIS3", "YTD", "1,992"),
        (
            f"{EVENTS}:{S}.missing_episodes_cla",
            f"exploitation-return-and-datasets:{S}.missing_episodes_cla",
            f"missing-episodes-looked-after:{S}.missing_episodes_cla",
            f"episodes-a-child-looked-after:{S}.missing_episodes_cla",
            f"episodes-a-child-not-looked-after:{S}.missing_episodes",
        ),
    ),
    Fault(
        "more re-referrals than referrals",
        cell(Q4, DATASET, "Of these: re-ref", "E", "2,546"),
        (
            f"{EVENTS}:{H}.rereferrals",
            f"rereferrals-within-referrals:{H}.rereferrals",
            f"rereferrals-recompute:{H}.rereferral_rate",
            f"rereferrals-official:{H}.rereferral_rate",
            f"rereferrals-fine-enough:{H}.rereferral_rate",
        ),
    ),
    Fault(
        "more escalated cases than early help",
        stockton("Q4", "EH02", "YTD", "5,363"),
        (f"{EVENTS}:{S}.early_help_escalated", f"escalated-within-episodes:{S}.early_help_escalated"),
    ),
    Fault(
        "more residents under eighteen than residents",
        cell(Q4, CONTEXT, "Population (all", "B", "19,861"),
        (f"under-18-within-population:{H}.population_under_18",),
    ),
    Fault(
        "a kind of school miscounted",
        cell(Q4, CONTEXT, "of which mainstream primary", "B", "31"),
        (f"schools-hartlepool:{H}.schools",),
    ),
    Fault(
        "special schools miscounted",
        cell(Q4, CONTEXT, "special: primary", "B", "2"),
        (f"schools-hartlepool-special:{H}.schools_special",),
    ),
    Fault(
        "a kind of school that lost a digit",
        stockton("Q4", "SCH3", "Q", "6"),
        (f"schools-stockton-primary:{S}.schools_primary_phase",),
    ),
    Fault(
        "schools with both phases miscounted",
        stockton("Q4", "SC13", "Q", "5"),
        (f"schools-stockton-both:{S}.schools_both_phases",),
    ),
    Fault(
        "plans by age with two digits the wrong way round",
        cell(Q4, CONTEXT, "EHC plans: secondary", "B", "342"),
        (f"ehc-plans-hartlepool:{H}.ehc_plans_school_census",),
    ),
    Fault(
        "a total of plans with two digits the wrong way round",
        stockton("Q4", "EHC0", "Q", "2,128"),
        (f"ehc-plans-stockton:{S}.ehc_plans_sen2",),
    ),
    Fault(
        "a wrong total of contributions",
        cell(CONTRIBUTIONS, "Contributions", "All cash", "B", "310000"),
        (f"contributions-add-up:{P}.contributions_total", f"contributions-accounted-for:{P}.contributions_total"),
    ),
    Fault(
        "a contribution with two digits the wrong way round",
        cell(CONTRIBUTIONS, "Contributions", "Hartlepool Borough", "B", "75800"),
        (f"contributions-add-up:{P}.contributions_total",),
    ),
    Fault(
        "spending typed ten times too large",
        cell(CONTRIBUTIONS, "Contributions", "Spending", "B", "2914500"),
        (f"contributions-accounted-for:{P}.contributions_total", f"spending-adds-up:{P}.partnership_spend"),
    ),
    Fault(
        "an amount of the year before that lost a nought",
        cell(CONTRIBUTIONS, "Contributions", "Cleveland Police, the year before", "B", "3600"),
        (f"contributions-before-add-up:{P}.contributions_before",),
    ),
    Fault(
        "money that is carried forward and not told",
        cell(CONTRIBUTIONS, "Contributions", "Carried", "B", "£5,850"),
        (f"contributions-accounted-for:{P}.contributions_total",),
    ),
    # Sizes that are not likely
    Fault(
        "a share of residents under eighteen that is not likely",
        stockton("Q4", "POP2", "Q", "32%"),
        ("population-implied:under_18_share",),
    ),
    Fault(
        "a case that would be of nine children",
        cell(Q4, DATASET, "Children in cases", "E", "1,843"),
        (f"{EVENTS}:{H}.marac_children", f"marac-children-a-case:{H}.marac_children"),
    ),
    Fault(
        "fewer new arrangements than may be shown",
        stockton("Q4", "PF01", "YTD", "3"),
        (f"{EVENTS}:{S}.private_fostering_new", f"small-numbers:{S}.private_fostering_new"),
    ),
    # Two sources of one figure
    Fault(
        "a return that counts another way than the dataset",
        cell(EXPLOITATION.format("Q4"), "Hartlepool", "Missing episodes", "B", "241"),
        (f"exploitation-return-and-datasets:{H}.missing_episodes",),
    ),
    Fault(
        "a training return that counts those who were booked",
        cell(TRAINING.format("Q4"), "Figures", "People who attended", "B", "561"),
        (f"training-return-and-bookings:{P}.training_attendances",),
    ),
    Fault(
        "a training return with sessions that nobody held",
        cell(TRAINING.format("Q2"), "Figures", "Multi-agency training", "B", "15"),
        (f"training-return-and-bookings:{P}.training_sessions",),
    ),
    Fault(
        "e-learning that was only begun",
        cell(TRAINING.format("Q2"), "Figures", "E-learning", "B", "2,502"),
        (f"elearning-return-and-export:{P}.elearning_completions",),
    ),
    Fault(
        "a course of e-learning typed ten times too large",
        text(ELEARNING.format("Q4"), "01/01/2024,141", "01/01/2024,1410"),
        (f"elearning-return-and-export:{P}.elearning_completions",),
    ),
    Fault(
        "bookings of an event exported twice",
        again(BOOKINGS.format("Q2"), 1, 24),
        (
            f"training-return-and-bookings:{P}.training_attendances",
            f"training-return-and-bookings:{P}.training_did_not_attend",
        ),
    ),
    Fault(
        "page views of another quarter",
        cell(COMMUNICATIONS.format("Q3"), "Figures", "Page views", "B", "4,506"),
        (f"communications-return-and-statistics:{P}.website_page_views",),
    ),
    Fault(
        "one audit event in one return and three in the other",
        cell(QUALITY.format("Q3"), "Figures", "Multi-agency audit", "B", "3"),
        (f"audit-events-in-both-returns:{P}.audit_events",),
    ),
    Fault(
        "one poverty figure with two values",
        stockton("Q4", "POV9", "Q", "31.6%"),
        (f"poverty-said-alike:{S}.child_poverty",),
    ),
    # As many as were promised
    Fault(
        "a bulletin that never went out",
        text(STATISTICS.format("Q2"), "Aug 2023,1,Business", "Aug 2023,0,Business"),
        (f"bulletins-each-month:{P}.bulletins", f"communications-return-and-statistics:{P}.bulletins"),
    ),
    Fault(
        "a newsletter that never went out",
        text(STATISTICS.format("Q3"), "NEW1,Newsletters sent,Q3 2023-24,1", "NEW1,Newsletters sent,Q3 2023-24,0"),
        (f"newsletters-each-quarter:{P}.newsletters", f"communications-return-and-statistics:{P}.newsletters"),
    ),
    # Figures from outside
    Fault(
        "another national share of children in poverty",
        cell(Q4, CONTEXT, "Children in poverty - nati", "B", "30%"),
        ("poverty-comparators:child_poverty_national",),
    ),
    Fault(
        "another regional share of children in poverty",
        cell(Q4, CONTEXT, "Children in poverty - Tees", "B", "36%"),
        ("poverty-comparators:child_poverty_regional",),
    ),
    Fault(
        "a stale national average in both boroughs",
        cell(Q4, CONTEXT, "Free school meals - nation", "B", "23.8%"),
        (f"meals-comparator:{H}.fsm_national",),
    ),
    Fault(
        "a national average that was never published",
        official(MEALS, "202324", "England", "all_pupils_percent", "25.7"),
        (f"meals-comparator:{H}.fsm_national",),
    ),
    Fault(
        "a release that revises a figure",
        official(CLA_2025, "2024", "Stockton-on-Tees", "children_count", "590", "looked after on 31 March"),
        (f"cla-official:{S}.cla_open",),
    ),
    Fault(
        "a release taken for the year before",
        official(REFERRALS, "2024", "Hartlepool", "referral_count", "2122"),
        (f"referrals-official:{H}.referrals",),
    ),
    Fault(
        "a share of children in the place of one of referrals",
        official(REFERRALS, "2024", "Hartlepool", "rereferral_percent", "24.1"),
        (f"rereferrals-official:{H}.rereferral_rate",),
    ),
    Fault(
        "official children in need of another year",
        official(CIN, "2024", "Hartlepool", "At31_episodes", "1431"),
        (f"cin-official:{H}.cin_open",),
    ),
    Fault(
        "official episodes that do not roll forward",
        official(CIN, "2024", "Hartlepool", "Ended_episodes", "1748"),
        (f"cin-episodes-add-up:{H}.cin_any_point",),
    ),
    Fault(
        "referrals that doubled since last year",
        official(REFERRALS, "2023", "Hartlepool", "referral_count", "1095"),
        (f"moved-since-last-year:{H}.referrals",),
    ),
    Fault(
        "an official figure that is hidden",
        official(CIN, "2024", "Hartlepool", "At31_episodes", "c"),
        unseen=(f"cin-official:{H}.cin_open",),
    ),
    Fault(
        "a category renamed in a release",
        everywhere(CLA_2024, "Children looked after at 31 March each year", "Children in care at 31 March"),
        (f"cla-official:{H}.cla_open", f"population-official:{S}.population_under_18"),
        unseen=(f"looked-after-roll-forward:{H}.cla_open-official-cla-2024",),
        files=("No row has the category",),
    ),
    # What came, and did not
    Fault(
        "a dataset that never came",
        gone(HARTLEPOOL.format("Q2")),
        ("borough-datasets-came:dataset-hartlepool",),
        unseen=(f"{EVENTS}:{H}.contacts", f"{CHILDREN}:{H}.missing_children"),
        files=("A line of it names a file that is not in the inbox.",),
    ),
    Fault(
        "a return of a subgroup that never came",
        gone("Q3/engagement-return-2023-24-Q3.docx"),
        ("subgroup-returns-came:return-engagement",),
        unseen=("words-fit-the-time:priority-engagement",),
        files=("A line of it names a file that is not in the inbox.",),
    ),
    Fault(
        "an export that never came",
        gone(ELEARNING.format("Q4")),
        ("exports-came:training-elearning",),
        unseen=(f"elearning-return-and-export:{P}.elearning_completions",),
        files=("A line of it names a file that is not in the inbox.",),
    ),
    Fault(
        "a dataset that came empty",
        empty(STOCKTON.format("Q3")),
        ("borough-datasets-came:dataset-stockton",),
        unseen=(f"{EVENTS}:{S}.da_children_present",),
        files=("dataset-stockton: empty", "The file is empty"),
    ),
    Fault(
        "the first quarter's file under the second's name",
        instead(STOCKTON.format("Q2"), STOCKTON.format("Q1")),
        ("borough-datasets-came:dataset-stockton",),
        unseen=(f"{EVENTS}:{S}.da_children_present",),
        files=("dataset-stockton: wrong_period", "No row of the file is for 2023-24-Q2"),
    ),
    Fault(
        "a late second version with another number",
        second_version(STOCKTON.format("Q4"), "1,892", "1,982"),
        (f"{EVENTS}:{S}.missing_episodes", f"exploitation-return-and-datasets:{S}.missing_episodes"),
        files=("dataset-stockton: superseded", "Another file of the same source was taken"),
    ),
    Fault(
        "a month left blank",
        cell(Q4, DATASET, "Cases discussed at MARAC", "C", ""),
        unseen=(f"{EVENTS}:{H}.marac_cases",),
        files=("One place is empty.",),
    ),
    Fault(
        "a measure missing from a quarter",
        without_code("Q4", "MIS1"),
        unseen=(f"{EVENTS}:{S}.missing_episodes",),
        files=("Codes that are expected are not there: 'MIS1'.",),
    ),
    Fault(
        "a line twice, with two values",
        row_twice("Q4", "FD02", "YTD", "4,302"),
        unseen=(f"{EVENTS}:{S}.referrals",),
        files=("The same code and period stand there more than once.",),
    ),
]


@cache
def before() -> pure_year.Told:
    return pure_year.year()


@cache
def after(what: str) -> pure_year.Told:
    """The year with one fault in it."""
    return pure_year.year(changed((next(fault.edit for fault in FAULTS if fault.what == what),)))


def of_outcome(told: pure_year.Told, outcome: str) -> set[tuple[str, str]]:
    """Findings with an outcome, without their period; one that became graver is another."""
    return {
        (one.id.removesuffix(f".{pure_year.YEAR}"), one.severity) for one in told.findings if one.outcome == outcome
    }


def new_of(told: pure_year.Told, outcome: str) -> set[str]:
    return {name for name, _ in of_outcome(told, outcome) - of_outcome(before(), outcome)}


def said_of_files(told: pure_year.Told) -> set[str]:
    states = {f"{file.source}: {file.state}" for file in told.files if file.state != "read"}
    return states | {problem.what for file in told.files for problem in file.problems}


def test_there_are_enough_faults_of_different_kinds() -> None:
    assert len({fault.what for fault in FAULTS}) == len(FAULTS) >= 60
    kinds = {rule.id: rule.kind for rule in pure_year.partnership().rules}
    assert len({kinds[name.partition(":")[0]] for fault in FAULTS for name in (*fault.found, *fault.unseen)}) >= 14


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_found_and_nothing_else_is_new(fault: Fault) -> None:
    told = after(fault.what)
    assert new_of(told, "failed") == set(fault.found)
    assert set(fault.unseen) <= new_of(told, "not_evaluated")
    assert bool(fault.unseen) is bool(new_of(told, "not_evaluated"))
    new = said_of_files(told) - said_of_files(before())
    assert {next((start for start in fault.files if one.startswith(start)), one) for one in new} == set(fault.files)
    assert fault.found or fault.unseen or fault.files


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.found], ids=lambda fault: fault.what)
def test_what_is_found_names_what_it_is_about(fault: Fault) -> None:
    told = after(fault.what)
    by_id = {one.id.removesuffix(f".{pure_year.YEAR}"): one for one in told.findings}
    for name in fault.found:
        area, _, rest = by_id[name].subject.partition(".")
        names = [told.partnership.areas[area].name] if area in (H, S) else []
        measure = told.partnership.measures.get(rest.partition(".")[0])
        names += [measure.title.partition(",")[0].partition(" to ")[0]] if measure else []
        assert all(one.casefold() in by_id[name].title.casefold() for one in names), by_id[name].title
        assert by_id[name].arithmetic or by_id[name].difference
