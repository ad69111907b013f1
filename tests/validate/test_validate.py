"""Validation says passed, failed or not evaluated; where, never what; and never mixes up two tables."""

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from config.layouts import Source
from config.model import Area, Measure
from config.periods import Quarter, ReportingYear
from expectations.load import load_suites
from expectations.suite import Suite
from tasks.model import Narrative, Observation, Place, Reading, Verdict
from tasks.validate import Before, check

QUARTER = Quarter(2023, 3)
EASTMERE = Area(id="eastmere", name="Eastmere", short_name="Eastmere", kind="borough")
MARK = "MARKED-VALUE"
SUITES = load_suites()


def source(layout: dict[str, object]) -> Source:
    return Source.model_validate(
        {
            "id": "sent",
            "title": "Something sent",
            "sender": "somebody",
            "owner": "somebody",
            "every": "quarter",
            "due_days": 20,
            "files": ["sent*"],
            "suite": "suite",
            "layout": layout,
        }
    )


ROWS = source(
    {
        "layout": "rows",
        "area": "partnership",
        "columns": {"event": ["Event"], "date": ["Date"]},
        "date": "date",
        "personal": ["learner"],
        "counts": [{"measure": "bookings", "how": "rows"}],
    }
)
LONG = source(
    {
        "layout": "long_csv",
        "area": "eastmere",
        "code": ["Code"],
        "period": ["Period"],
        "value": ["Value"],
        "year_to_date": ["YTD"],
        "codes": {"REF": "referrals", "POP": "population"},
        "yearly": ["POP"],
    }
)
FORM = source({"layout": "form", "area": "partnership", "topics": ["1.1"], "parts": ["done"]})
BOOK = source(
    {
        "layout": "workbook",
        "area": "eastmere",
        "sheets": [
            {
                "shape": "list",
                "sheet": ["Figures"],
                "label": ["Figure"],
                "value": ["Value"],
                "rows": {"referrals": ["Referrals"]},
            },
            {"shape": "narrative", "sheet": ["Words"], "topic": ["Topic"], "parts": {"done": ["Done"]}},
        ],
    }
)


def measure(statistic: str) -> dict[str, Measure]:
    described = {
        "id": "referrals",
        "title": "Referrals to social care",
        "label": "referrals",
        "statistic": statistic,
        "unit": "things",
        "definition": "Defined.",
        "counts_persons": False,
        "polarity": "neither",
        "areas": ["eastmere"],
    }
    return {"referrals": Measure.model_validate(described)}


def suite(*checks: dict[str, object], **columns: object) -> Suite:
    """A suite as the loader would give it, without the loader's refusals."""
    kept = {"title": "A suite", "frame": "rows", "columns": ["event", "date", "learner"], "example": [{}], **columns}
    words = {"says": "It is so.", "why": "Because.", "to_do": "Do it.", "severity": "must_fix", "faulty": {}}
    return Suite.model_validate(
        {**kept, "checks": [{"id": f"check-{n}", **words, **one} for n, one in enumerate(checks)]}
    )


def reading(rows: dict[str, list[object]], **more: object) -> Reading:
    table = pd.DataFrame(rows)
    return Reading(rows=table.assign(_line=range(2, 2 + len(table))), **more)  # type: ignore[arg-type]


NOT_NULL = {"expectation": "expect_column_values_to_not_be_null", "arguments": {"column": "learner"}}
COUNTED = {"expectation": "expect_table_row_count_to_be_between", "arguments": {"min_value": 1}}
UNIQUE = {"expectation": "expect_compound_columns_to_be_unique", "arguments": {"column_list": ["event", "learner"]}}
SHORT = {"expectation": "expect_column_value_lengths_to_be_between", "arguments": {"column": "learner", "max_value": 4}}
SUM = {"expectation": "expect_column_sum_to_be_between", "arguments": {"column": "number", "min_value": 10}}


def figures(*sent: tuple[str, str], measure: str = "referrals") -> Reading:
    """Observations of one figure, each with its period and value, from line 2 on."""
    return Reading(
        observations=tuple(
            Observation(
                "sent", "eastmere", measure, period, Decimal(value) if value else None, "" if value else "c",
                Place("table.csv", "0" * 64, cell=f"line {line}"),
            )
            for line, (period, value) in enumerate(sent, 2)
        )
    )  # fmt: skip


def one(result: list[Verdict]) -> Verdict:
    assert len(result) == 1
    return result[0]


def test_verdicts_come_in_the_order_of_the_suite_each_with_its_own_result() -> None:
    sent = reading({"event": ["E1", "E1", "E2"], "learner": ["L1", "L1", None], "places": ["3", "4", "5"]})
    asked = suite(
        NOT_NULL, SUM, UNIQUE, COUNTED, SHORT, columns=["event", "learner", "places"], numbers={"number": "places"}
    )
    found = check(ROWS, sent, asked, QUARTER)
    assert [(v.check, v.outcome, v.rows_failed, v.rows_checked, v.places) for v in found] == [
        ("check-0", "failed", 1, 3, ("line 4",)),
        ("check-1", "passed", 0, 3, ()),
        ("check-2", "failed", 2, 3, ("line 2", "line 3")),
        ("check-3", "passed", 0, 3, ()),
        ("check-4", "passed", 0, 2, ()),
    ]


@pytest.mark.parametrize("blank", [None, "", "  ", "\t", float("nan")], ids=repr)
def test_blank_cells_are_missing_whatever_is_in_them(blank: object) -> None:
    assert one(check(ROWS, reading({"learner": ["L1", blank]}), suite(NOT_NULL), QUARTER)).places == ("line 3",)


@pytest.mark.parametrize(
    "asked",
    [SHORT, UNIQUE | {"arguments": {"column_list": ["event", "learner"], "ignore_row_if": "any_value_is_missing"}}],
    ids=["lengths", "unique"],
)
def test_a_column_without_values_passes_nothing(asked: dict[str, object]) -> None:
    found = one(check(ROWS, reading({"event": ["E1", "E2"], "learner": [None, None]}), suite(asked), QUARTER))
    assert (found.outcome, found.reason) == ("not_evaluated", "Nothing is filled in that could be checked.")


def test_a_check_about_rows_that_did_not_come_passes_nothing() -> None:
    asked = suite(SHORT | {"where": {"event": ["E9"]}})
    found = one(check(ROWS, reading({"event": ["E1"], "learner": ["L1"]}), asked, QUARTER))
    assert (found.outcome, found.reason) == ("not_evaluated", "No row of the kind that this is about came.")


def test_a_check_looks_only_at_the_rows_that_it_is_about() -> None:
    asked = suite(NOT_NULL | {"where": {"event": ["E1"]}})
    found = one(check(ROWS, reading({"event": ["E2", "E1", "E1"], "learner": [None, "L1", None]}), asked, QUARTER))
    assert (found.rows_failed, found.rows_checked, found.places) == (1, 2, ("line 4",))


def test_a_check_that_breaks_is_not_evaluated_tells_no_value_and_leaves_the_others_alone() -> None:
    breaks = {"expectation": "expect_column_values_to_be_between", "arguments": {"column": "learner", "min_value": 0}}
    first, second = check(ROWS, reading({"learner": [MARK, "L2"]}), suite(breaks, NOT_NULL), QUARTER)
    assert (first.outcome, second.outcome) == ("not_evaluated", "passed")
    assert "broke off" in first.reason
    assert MARK not in str(first)


def test_a_check_that_cannot_even_be_made_is_not_evaluated() -> None:
    unknown = {"expectation": "expect_the_unexpected", "arguments": {}}
    found = check(ROWS, reading({"learner": ["L1"]}), suite(unknown, NOT_NULL), QUARTER)
    assert [v.outcome for v in found] == ["not_evaluated", "not_evaluated"]
    assert "AttributeError" in found[0].reason


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("unreadable", "could not be read"),
        ("wrong_period", "another period"),
        ("wrong_layout", "not laid out as agreed"),
        ("personal_data", "holds personal data"),
        ("superseded", "later version"),
        ("unexpected", "not one that was expected"),
        ("empty", "Nothing came"),
    ],
)
def test_what_was_not_read_is_not_evaluated(state: str, words: str) -> None:
    found = check(ROWS, Reading(state=state), suite(COUNTED, NOT_NULL), QUARTER)  # type: ignore[arg-type]
    assert [v.outcome for v in found] == ["not_evaluated"] * 2
    assert words in found[0].reason


def test_an_empty_table_fails_its_count_and_nothing_else_is_said_of_it() -> None:
    found = check(ROWS, reading({"learner": []}, state="empty"), suite(COUNTED, NOT_NULL), QUARTER)
    assert [v.outcome for v in found] == ["failed", "not_evaluated"]


def test_two_columns_with_one_heading_are_not_guessed_between() -> None:
    table = pd.DataFrame([["L1", None]], columns=["learner", "learner"])
    found = one(check(ROWS, Reading(rows=table), suite(NOT_NULL), QUARTER))
    assert found.outcome == "not_evaluated"
    assert "same heading" in found.reason


def test_twenty_places_are_told_and_all_are_counted() -> None:
    found = one(check(ROWS, reading({"learner": [None] * 30}), suite(NOT_NULL), QUARTER))
    assert (len(found.places), found.rows_failed, found.places[-1]) == (20, 30, "line 21")


def test_a_share_that_may_be_wrong_is_still_counted() -> None:
    asked = NOT_NULL | {"arguments": {"column": "learner", "mostly": 0.5}}
    found = one(check(ROWS, reading({"learner": [None, "L1", "L2"]}), suite(asked), QUARTER))
    assert (found.outcome, found.rows_failed) == ("passed", 1)


DAYS = [
    # as written, in October to December 2023?
    ("2023-10-01", True),
    ("01/10/2023", True),  # the first of October, not the tenth of January
    ("10/01/2023", False),
    ("2023-12-31 23:30", True),  # the last evening belongs to the quarter
    ("2024-01-01", False),
    ("2023-09-30", False),
    ("Oct-23", True),
]


@pytest.mark.parametrize(
    ("written", "within"), DAYS, ids=[f"{day} is {'' if within else 'not '}within" for day, within in DAYS]
)
def test_days_are_read_in_one_way_only(written: str, within: bool) -> None:
    asked = {
        "expectation": "expect_column_values_to_be_between",
        "arguments": {"column": "day", "min_value": "$first_day", "max_value": "$last_day"},
    }
    found = one(check(ROWS, reading({"date": [written]}), suite(asked, dates={"day": "date"}), QUARTER))
    assert found.outcome == ("passed" if within else "failed")


def test_periods_in_a_long_file_are_read_as_its_layout_says() -> None:
    asked = {
        "expectation": "expect_column_values_to_be_in_set",
        "arguments": {"column": "when", "value_set": "$periods"},
    }
    written = ["Oct-23", "Q3 2023/24", "2023/24 YTD", "Q1 2023-24", "2023-24", "Q4 2023-24", "Mar-23", "Q3 2022-23"]
    sent = reading({"code": ["REF"] * len(written), "period": written})
    found = one(check(LONG, sent, suite(asked, columns=["code", "period"], periods={"when": "period"}), QUARTER))
    assert found.places == ("line 7", "line 8", "line 9")  # what has not ended, and what is over


@pytest.mark.parametrize(
    ("quarter", "absent"),
    [(3, ()), (4, ("nothing for 'eastmere.population'",))],
    ids=["third quarter", "fourth quarter"],
)
def test_what_comes_with_the_fourth_quarter_is_not_missed_before_it(quarter: int, absent: tuple[str, ...]) -> None:
    asked = {
        "expectation": "expect_column_distinct_values_to_contain_set",
        "arguments": {"column": "figure", "value_set": "$figures"},
    }
    asked_of_figures = suite(asked, frame="observations", columns=["measure"])
    found = one(check(LONG, figures(("2023-24-Q3", "5")), asked_of_figures, Quarter(2023, quarter)))
    assert found.places == absent


def test_checks_of_figures_are_not_made_of_a_source_that_has_none() -> None:
    figures = {**NOT_NULL, "where": {"kind": ["figure"]}}
    assert check(FORM, reading({"topic": ["1.1"], "learner": ["x"]}), suite(figures), QUARTER) == []


@pytest.mark.parametrize("statistic", ["percentage", "flow"])
def test_checks_of_percentages_are_made_where_the_source_carries_some(statistic: str) -> None:
    asked = suite(
        {
            "expectation": "expect_column_values_to_be_between",
            "arguments": {"column": "number", "max_value": 100},
            "where": {"statistic": ["percentage"]},
        },
        columns=["code", "value"],
        numbers={"number": "value"},
    )
    found = check(LONG, reading({"code": ["REF"], "value": ["101%"]}), asked, QUARTER, measure(statistic))
    assert [v.outcome for v in found] == (["failed"] if statistic == "percentage" else [])


def test_without_the_list_of_measures_it_is_said_that_percentages_were_not_looked_at() -> None:
    asked = suite({**NOT_NULL, "where": {"statistic": ["percentage"]}})
    found = one(check(ROWS, reading({"learner": ["x"]}), asked, QUARTER))
    assert (found.outcome, "percentages" in found.reason) == ("not_evaluated", True)


def test_what_is_missing_is_named_as_people_name_it() -> None:
    asked = {
        "expectation": "expect_column_distinct_values_to_contain_set",
        "arguments": {"column": "figure", "value_set": "$figures"},
    }
    sent = figures(("2023-24-Q3", "5"), measure="contacts")
    asked_of_figures = suite(asked, frame="observations", columns=["measure"])
    found = one(check(BOOK, sent, asked_of_figures, QUARTER, measure("flow"), [EASTMERE]))
    assert found.places == ("nothing for 'Referrals to social care' (Eastmere)",)
    assert (found.rows_failed, found.rows_checked) == (1, 1)


def test_a_workbooks_narrative_is_checked_for_personal_details_too() -> None:
    rows = pd.DataFrame(
        [["referrals", "Referrals", "2023-24-Q3", "7", "Figures", "B2"]],
        columns=["measure", "label", "period", "value", "_sheet", "_cell"],
    )
    words = Narrative(
        "sent", "1.1", "done", ("We met.", f"Ask {MARK}@example.org."), Place("f.xlsx", "0" * 64, "Words", "C4")
    )
    found = check(BOOK, Reading(rows=rows, narrative=(words,)), SUITES["return-workbook"], QUARTER, {})
    failed = [v for v in found if v.outcome == "failed"]
    assert [(v.check, v.places) for v in failed] == [("no-personal-details", ("sheet Words, C4",))]


def test_observations_are_found_where_they_stand() -> None:
    asked = {"expectation": "expect_column_values_to_be_between", "arguments": {"column": "value", "min_value": 0}}
    asked_of_figures = suite(asked, frame="observations", columns=["value"])
    found = one(check(BOOK, figures(("2023-24", "5"), ("2023-24", "-99")), asked_of_figures, ReportingYear(2023)))
    assert found.places == ("line 3",)


def test_a_figure_counted_from_rows_is_called_by_its_name_for_it_stands_nowhere() -> None:
    asked = {"expectation": "expect_column_values_to_be_between", "arguments": {"column": "value", "min_value": 10}}
    counted = replace(figures(("2023-24-Q3", "5")).observations[0], how="5 rows")
    asked_of_figures = suite(asked, frame="observations", columns=["value"])
    found = one(check(BOOK, Reading(observations=(counted,)), asked_of_figures, QUARTER, measure("flow")))
    assert found.places == ("the figure 'Referrals to social care'",)


def near(column_a: str, column_b: str, share: float, **more: object) -> Suite:
    arguments = {"column_A": column_a, "column_B": column_b, "share": share, "ignore_row_if": "either_value_is_missing"}
    asked = {"expectation": "expect_column_pair_values_to_be_near", "arguments": arguments, **more}
    return suite(asked, frame="observations", columns=["value"])


QUERIED = [
    # this quarter, the quarter before, outcome
    ("250", "200", "passed"),  # 25% exactly
    ("251", "200", "failed"),
    ("150", "200", "passed"),
    ("149", "200", "failed"),
    ("30", "99", "not_evaluated"),  # of small numbers a share says nothing
    ("30", "", "not_evaluated"),  # suppressed then
    ("", "200", "not_evaluated"),  # suppressed now
]


@pytest.mark.parametrize(("now", "then", "outcome"), QUERIED, ids=[f"{q[0]} after {q[1]}: {q[2]}" for q in QUERIED])
def test_a_movement_is_judged_where_numbers_are_large_enough(now: str, then: str, outcome: str) -> None:
    before = Before(Quarter(2023, 2), figures(("2023-24-Q2", then)).observations)
    asked = near("now", "before", 0.25, at_least={"before": 100})
    found = one(check(BOOK, figures(("2023-24-Q3", now)), asked, QUARTER, measure("flow"), [EASTMERE], before))
    assert found.outcome == outcome
    assert bool(found.reason) == (outcome == "not_evaluated")


WITHOUT = [
    (None, "Nothing is kept of the quarter before, July to September 2023"),
    (Before(Quarter(2023, 2)), "Nothing came from this source for the quarter before"),
    (
        Before(Quarter(2023, 2), (replace(figures(("2023-24-Q2", "5")).observations[0], area="northbrook"),)),
        "Nothing that could be compared came for both",
    ),
]


@pytest.mark.parametrize(("before", "words"), WITHOUT, ids=[w[1] for w in WITHOUT])
def test_without_the_quarter_before_a_comparison_is_not_evaluated_and_says_so(
    before: Before | None, words: str
) -> None:
    asked = near("now", "before", 0.25)
    found = one(check(BOOK, figures(("2023-24-Q3", "5")), asked, QUARTER, measure("flow"), [EASTMERE], before))
    assert found.outcome == "not_evaluated"
    assert words in found.reason


def test_other_sources_figures_of_the_quarter_before_are_not_compared_with() -> None:
    theirs = replace(figures(("2023-24-Q2", "500")).observations[0], source="another")
    found = one(
        check(
            BOOK, figures(("2023-24-Q3", "5")), near("now", "before", 0.25), QUARTER, measure("flow"), [EASTMERE],
            Before(Quarter(2023, 2), (theirs,)),
        )
    )  # fmt: skip
    assert found.outcome == "not_evaluated"


ROWS_THEN = [(2, "passed"), (4, "passed"), (5, "failed"), (1, "passed"), (None, "not_evaluated")]


@pytest.mark.parametrize(("then", "outcome"), ROWS_THEN, ids=[f"2 rows after {n}: {o}" for n, o in ROWS_THEN])
def test_rows_are_counted_against_those_of_the_quarter_before(then: int | None, outcome: str) -> None:
    asked = {
        "expectation": "expect_table_row_count_to_be_in_proportion",
        "arguments": {"to": "$rows_before", "smallest": 0.5, "largest": 2},
    }
    before = None if then is None else Before(Quarter(2023, 2), rows={"sent": then})
    found = one(check(ROWS, reading({"learner": ["L1", "L2"]}), suite(asked), QUARTER, None, (), before))
    assert (found.outcome, found.rows_checked) == (outcome, 0 if then is None else 2)


def test_no_value_leaves_a_validation(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """Every column of every kind of row holds a marked value that is wrong in as many ways as can be."""
    caplog.set_level(logging.DEBUG)
    told = ""
    for asked in SUITES.values():
        if asked.frame == "rows":
            marked = {name: [f"{MARK} {n}" for n in range(3)] for name in asked.columns if not name.startswith("_")}
            places = {
                "_sheet": ["Figures"] * 3,
                "_cell": ["B2", "B3", "B4"],
                "_place": ["control"] * 3,
                "_line": [2, 3, 4],
            }
            places = {name: place for name, place in places.items() if name in asked.columns}
            told += repr(check(LONG, Reading(rows=pd.DataFrame(marked | places)), asked, QUARTER, {}))
    printed = capfd.readouterr()
    assert "failed" in told
    assert MARK not in told + caplog.text + printed.out + printed.err
    assert printed.err == "", "no progress bars"


def test_threads_do_not_mix_up_their_tables() -> None:
    """Contexts that are shared between threads give one table's results for another, without an error."""

    def wrong_rows(number: int) -> int:
        sent = reading({"learner": [None] * number + ["L1"] * (20 - number)})
        return one(check(ROWS, sent, suite(NOT_NULL), QUARTER)).rows_failed

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(wrong_rows, range(1, 19))) == list(range(1, 19))


def test_nothing_is_left_on_the_machine_and_nothing_heavy_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    code = (
        "import sys, tasks.validate as it\n"
        "assert 'great_expectations' not in sys.modules and 'pandas' not in sys.modules\n"
        "import pandas as pd\n"
        "from tests.validate.test_validate import NOT_NULL, QUARTER, ROWS, reading, suite\n"
        "print(it.check(ROWS, reading({'learner': ['L1']}), suite(NOT_NULL), QUARTER)[0].outcome)\n"
    )
    (tmp_path / "home").mkdir()
    (tmp_path / "temporary").mkdir()
    here = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, env=here
    )
    assert (ran.stdout, ran.stderr) == ("passed\n", "")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
