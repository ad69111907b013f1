"""The back-test: from what came in 2023-24 to the figures that the report printed, and to its faults."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.model import Figure, Finding
from tests import pure_year

ROOT = Path(__file__).parents[2]
with (ROOT / "tests" / "facts" / "published_figures.csv").open(encoding="utf-8", newline="") as file:
    PUBLISHED = {row["figure"]: Decimal(row["value"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def year() -> tuple[dict[str, Figure], list[Finding]]:
    told = pure_year.year()
    return told.figures, list(told.findings)


def test_every_figure_that_was_printed_is_made_again(year: tuple[dict[str, Figure], list[Finding]]) -> None:
    figures, _ = year
    assert {name: figures[name].value for name in PUBLISHED} == PUBLISHED


def test_the_partnership_has_the_totals_that_the_report_never_printed(year) -> None:
    figures, _ = year
    safe = {
        "population_under_18": "64,203", "referrals": "6,222", "cin_open": "3,618", "cp_plans_open": "405",
        "cla_open": "915", "missing_episodes": "2,757", "missing_children": "779", "missing_children_cla": "148",
        "da_children_present": "3,303", "marac_cases": "465", "marac_children": "987", "lado_referrals": "181",
        "cse_risk": "44", "contacts_per_month": "1,794",
    }  # fmt: skip
    assert {name: figures[f"partnership.{name}"].display for name in safe} == safe
    assert figures["partnership.rereferral_rate"].status == "not_received"


def test_the_faults_of_the_report_are_found_and_no_others(year) -> None:
    _, findings = year
    failed = {one.id: one.title for one in findings if one.outcome == "failed" and one.severity != "information"}
    starts = {
        "rereferrals-official:stockton.rereferral_rate.2023-24": "Stockton-on-Tees prints 24% re-referrals; official",
        "cin-official:stockton.cin_open.2023-24": "Stockton-on-Tees prints 2,131 children in need; official",
        "cin-episodes-add-up:stockton.cin_any_point.2023-24": "Episodes of need at any point in Stockton-on-Tees: 1,7",
        "population-official:hartlepool.population_under_18.2023-24": "Hartlepool prints 20,116 children",
        "fsm-national-average:fsm_national.2023-24": "Free school meals, national average is quoted as 24.6% beside",
        "poverty-source-date:child_poverty.2023-24": "The source of children living in poverty is dated 2023",
        "schools-judged-hartlepool:hartlepool.schools_good_or_better.2023-24": "92.1% cannot be reached with 40",
        "schools-stockton-counted-once:stockton.schools_by_phase.2023-24": "The total of 90 counts 6 schools twice",
        "subgroup-returns-came:return-neglect-champions.2023-24": "No return from Neglect Champions Group for Q2, Q3",
        "protection-official:stockton.cp_plans_open.2023-24": "Stockton-on-Tees prints 247 children with a protection",
        "missing-official:stockton.missing_episodes_cla.2023-24": "Stockton-on-Tees prints 816 missing episodes,",
        "missing-official:stockton.missing_children_cla.2023-24": "Stockton-on-Tees prints 94 children looked after",
        "same-kind-of-data:official-pattern.2023-24": "Figures that are exactly those of a release of official",
        "moved-since-last-year:hartlepool.missing_episodes_cla.2023-24": "Missing episodes, children looked after in H",
        "meals-comparator:hartlepool.fsm_primary.2023-24": "Free school meals, primary schools in Hartlepool (38%)",
        "meals-comparator:stockton.fsm_national.2023-24": "Free school meals, national average, as quoted beside St",
        "meals-comparator:stockton.fsm_mainstream_primary.2023-24": "Free school meals, mainstream primary schools in",
        "send-support-means-the-same:population_under_18.2023-24": "The counts are not of the same thing: they fit",
    }
    assert set(failed) == set(starts)
    assert [name for name, title in failed.items() if not title.startswith(starts[name])] == []
    assert failed["rereferrals-official:stockton.rereferral_rate.2023-24"].endswith(
        "say 30.3%: 6.3 percentage points apart, about 253 referrals."
    )


def test_what_turns_a_comparison_of_the_boroughs_is_read_first(year) -> None:
    _, findings = year
    assert findings[0].id == "rereferrals-official:stockton.rereferral_rate.2023-24"
    assert findings[0].effect == (
        "On the numbers printed Hartlepool and Stockton look alike; on official ones they do not, and Stockton is "
        "higher."
    )
    assert [one.id for one in findings if one.effect] == [findings[0].id]


def test_what_was_revised_after_the_report_is_for_information(year) -> None:
    figures, findings = year
    told = [one.title for one in findings if one.outcome == "failed" and one.severity == "information"]
    assert (
        "Children looked after in Hartlepool: 334 agrees with the 2024 release; "
        "the 2025 release has revised it to 336 (+2)."
    ) in told
    assert figures["hartlepool.cla_open"].status == "validated"
