"""Every check of every suite, on good data, on its own example of faulty data, on empty data and on none.

A check that is added to a suite is tested here without another line: the loader asks for its example.
"""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pandas as pd
import pytest

from config.layouts import Source
from config.model import Measure
from config.periods import Quarter, ReportingYear
from expectations.load import load_suites
from expectations.suite import FROM_BEFORE, ROW_COUNT, VOCABULARY, Check, Suite, columns_named
from tasks.model import Observation, Place, Reading, Verdict
from tasks.validate import Before, check

QUARTER, YEAR = Quarter(2023, 3), ReportingYear(2023)
QUARTER_BEFORE = Quarter(2023, 2)
SUITES = load_suites()
CHECKS = [pytest.param(suite, one, id=f"{suite.id}: {one.id}") for suite in SUITES.values() for one in suite.checks]
LOOKING_BACK = [
    param
    for param in CHECKS
    if set(columns_named(param.values[1])) & set(FROM_BEFORE) or "$rows_before" in param.values[1].arguments.values()
]
COLUMN_CHECKS = [  # observations always have all their columns
    param for param in CHECKS if param.values[0].frame == "rows" and columns_named(param.values[1])
]

# What a source of each kind carries; enough for the examples in the suites.
OFFICIAL = {
    "layout": "official_statistics",
    "release": "Children in need",
    "released": "2024-10",
    "licence": "OGL",
    "indicators": [
        {"measure": "referrals", "column": "referral_count"},
        {"measure": "rereferral_rate", "column": "rereferral_percent"},
    ],
}
LAYOUTS = {
    "return-workbook": (
        {
            "layout": "workbook",
            "area": "partnership",
            "sheets": [
                {
                    "shape": "list",
                    "sheet": ["Figures"],
                    "label": ["Figure"],
                    "value": ["Value"],
                    "rows": {
                        "sessions": ["Training sessions"],
                        "attendances": ["Attendances"],
                        "good_or_better": ["Courses rated good"],
                    },
                }
            ],
        },
        QUARTER,
    ),
    "return-form": (
        {
            "layout": "form",
            "area": "partnership",
            "figures": {"meetings": ["Meetings"]},
            "topics": ["1.1"],
            "parts": ["done", "impact", "still"],
        },
        QUARTER,
    ),
    "borough-dataset": (
        {
            "layout": "workbook",
            "area": "eastmere",
            "sheets": [
                {
                    "shape": "months",
                    "sheet": ["Months"],
                    "label": ["Figure"],
                    "year_to_date": ["YTD"],
                    "rows": {
                        "referrals": ["Referrals"],
                        "rereferral_rate": ["Re-referrals (%)"],
                        "missing_children": ["Missing"],
                    },
                }
            ],
        },
        QUARTER,
    ),
    "borough-long-csv": (
        {
            "layout": "long_csv",
            "area": "northbrook",
            "code": ["Code"],
            "period": ["Period"],
            "value": ["Value"],
            "year_to_date": ["Year to date"],
            "codes": {"REF": "referrals", "RATE": "rereferral_rate", "RISK": "missing_children"},
        },
        QUARTER,
    ),
    "communications-statistics": (
        {
            "layout": "long_csv",
            "area": "partnership",
            "code": ["Code"],
            "period": ["Month"],
            "value": ["Value"],
            "codes": {"VISITS": "sessions", "NEWS": "meetings"},
        },
        QUARTER,
    ),
    "training-bookings": (
        {
            "layout": "rows",
            "area": "partnership",
            "columns": {"event": ["Event"], "date": ["Date"]},
            "date": "date",
            "personal": ["learner"],
            "counts": [{"measure": "attendances", "how": "rows"}],
        },
        QUARTER,
    ),
    "training-elearning": (
        {
            "layout": "rows",
            "area": "partnership",
            "columns": {"course": ["Course"], "month": ["Month"]},
            "date": "month",
            "counts": [{"measure": "sessions", "how": "sum", "column": "completions"}],
        },
        QUARTER,
    ),
    "contributions": (
        {
            "layout": "workbook",
            "area": "partnership",
            "sheets": [
                {
                    "shape": "list",
                    "sheet": ["Contributions"],
                    "label": ["Partner"],
                    "value": ["Amount"],
                    "rows": {
                        "contribution_police": ["Police"],
                        "contribution_health": ["Health"],
                        "contributions_total": ["Total"],
                    },
                }
            ],
        },
        YEAR,
    ),
    "narrative-form": (
        {
            "layout": "form",
            "area": "partnership",
            "topics": ["scrutiny"],
            "parts": ["method", "strengths", "response"],
        },
        YEAR,
    ),
    "official-statistics": (OFFICIAL, YEAR),
    "compiled-statistics": (OFFICIAL, YEAR),
    "figures": (
        {
            "layout": "workbook",
            "area": "eastmere",
            "sheets": [
                {
                    "shape": "months",
                    "sheet": ["Months"],
                    "label": ["Figure"],
                    "year_to_date": ["YTD"],
                    "rows": {
                        name: [name]
                        for name in ("referrals", "rereferral_rate", "missing_children", "children_in_need")
                    },
                }
            ],
        },
        QUARTER,
    ),
}


STATISTICS = {
    "sessions": "flow",
    "good_or_better": "percentage",
    "referrals": "flow",
    "rereferral_rate": "percentage",
    "missing_children": "distinct",
    "children_in_need": "stock",
}


def measure(id_: str) -> Measure:
    return Measure.model_validate(
        {
            "id": id_,
            "title": "Title",
            "label": "label",
            "statistic": STATISTICS[id_],
            "unit": "things",
            "definition": "Defined.",
            "counts_persons": False,
            "polarity": "neither",
            "areas": ["partnership"],
        }
    )


MEASURES = {id_: measure(id_) for id_ in STATISTICS}


def source(suite: Suite) -> Source:
    layout, period = LAYOUTS[suite.id]
    return Source.model_validate(
        {
            "id": "sent",
            "title": "Something sent",
            "sender": "business-unit",
            "owner": "business-unit",
            "every": "quarter" if period is QUARTER else "year",
            "due_days": 20,
            "files": ["sent*"],
            "suite": suite.id,
            "layout": layout,
        }
    )


def reading(suite: Suite, rows: list[dict[str, str]]) -> Reading:
    if suite.frame == "rows":
        filled = [{name: value or None for name, value in row.items()} for row in rows]
        return Reading(rows=pd.DataFrame(filled, columns=list(suite.columns), dtype="str"))
    return Reading(observations=tuple(observation(row) for row in rows))


def observation(row: dict[str, str]) -> Observation:
    place = Place("table.csv", "0" * 64, cell=row.get("place", ""))
    value = Decimal(row["value"]) if row["value"] else None
    return Observation("sent", row["area"], row["measure"], row["period"], value, row.get("symbol", ""), place)


def before(suite: Suite) -> Before:
    """The quarter before: the figures that the suite gives an example of, and as many rows."""
    return Before(QUARTER_BEFORE, tuple(map(observation, suite.example_before)), {"sent": len(suite.example)})


def run(suite: Suite, sent: Reading, kept: Before | None) -> list[Verdict]:
    return check(source(suite), sent, suite, LAYOUTS[suite.id][1], MEASURES, (), kept)


@cache
def on_good_data(suite_id: str) -> dict[str, Verdict]:
    suite = SUITES[suite_id]
    return {verdict.check: verdict for verdict in run(suite, reading(suite, list(suite.example)), before(suite))}


def alone(suite: Suite, one: Check) -> Suite:
    return suite.model_copy(update={"checks": (one,)})


@pytest.mark.parametrize(("suite", "one"), CHECKS)
def test_passes_on_good_data(suite: Suite, one: Check) -> None:
    verdict = on_good_data(suite.id)[one.id]
    assert (verdict.outcome, verdict.places, verdict.reason) == ("passed", (), "")


@pytest.mark.parametrize(("suite", "one"), CHECKS)
def test_fails_on_its_example_of_faulty_data_and_says_where(suite: Suite, one: Check) -> None:
    first = suite.example[0]
    if one.faulty.only is not None:
        rows = [{**first, **row} for row in one.faulty.only]
    else:
        rows = [*suite.example, *({**first, **row} for row in one.faulty.add or ())]
    [verdict] = run(alone(suite, one), reading(suite, rows), before(suite))
    assert verdict.outcome == "failed"
    if one.faulty.add:
        added = rows[-1]
        where = added.get("_cell") or added.get("_line") or added.get("_place") or added["place"]
        assert any(place.endswith(where) for place in verdict.places)
        assert 1 <= verdict.rows_failed < verdict.rows_checked or verdict.rows_checked == 2 == verdict.rows_failed


@pytest.mark.parametrize(("suite", "one"), CHECKS)
def test_says_nothing_of_an_empty_table_except_that_it_is_empty(suite: Suite, one: Check) -> None:
    [verdict] = run(alone(suite, one), reading(suite, []), before(suite))
    assert verdict.outcome == ("failed" if one.expectation == ROW_COUNT else "not_evaluated")
    assert bool(verdict.reason) == (verdict.outcome == "not_evaluated")


@pytest.mark.parametrize(("suite", "one"), COLUMN_CHECKS)
def test_is_not_evaluated_where_its_column_is_absent(suite: Suite, one: Check) -> None:
    sent = reading(suite, list(suite.example))
    needed = {suite.read_from.get(name, name) for name in columns_named(one)} & set(suite.columns)
    absent = sorted(needed)[:1] or ["measure" if "measure" in suite.columns else "code"]
    without = replace(sent, rows=sent.rows.drop(columns=absent))  # type: ignore[attr-defined]
    [verdict] = run(alone(suite, one), without, before(suite))
    assert verdict.outcome == "not_evaluated"
    assert absent[0] in verdict.reason or "percentages" in verdict.reason


@pytest.mark.parametrize(("suite", "one"), CHECKS)
def test_is_not_evaluated_where_nothing_came(suite: Suite, one: Check) -> None:
    [verdict] = run(alone(suite, one), Reading(state="empty"), before(suite))
    assert (verdict.outcome, verdict.reason) == ("not_evaluated", "Nothing came, or what came was empty.")


@pytest.mark.parametrize(("suite", "one"), LOOKING_BACK)
def test_looks_back_only_where_something_is_kept(suite: Suite, one: Check) -> None:
    [verdict] = run(alone(suite, one), reading(suite, list(suite.example)), None)
    assert verdict.outcome == "not_evaluated"
    assert verdict.reason.startswith("Nothing is kept of the quarter before")


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_sentences_are_sentences(suite: Suite) -> None:
    said = [text for one in suite.checks for text in (one.says, one.why, one.to_do)]
    assert [text for text in said if not text.endswith(".") or text[0].islower()] == []


def test_the_vocabulary_is_understood_by_great_expectations() -> None:
    from great_expectations import expectations

    from expectations import custom

    for name, ours in VOCABULARY.items():
        class_name = "".join(word.capitalize() for word in name.split("_"))
        theirs = getattr(custom, class_name, None) or getattr(expectations, class_name)
        assert set(ours.needs + ours.may) <= set(theirs.__fields__), name


def test_every_expectation_of_our_own_is_used() -> None:
    used = {one.expectation for suite in SUITES.values() for one in suite.checks}
    assert {"expect_column_pair_values_to_be_near", "expect_table_row_count_to_be_in_proportion"} <= used
