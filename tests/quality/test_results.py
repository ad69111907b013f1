"""What is told of a quarter or a year is told once, most serious first, and nothing unseen is called good."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from expectations.load import load_suites
from tasks import plain
from tasks.model import Reading
from tasks.quality import Results, Seen, quality_page, quality_table
from tasks.validate import check
from tests.quality.invented import (
    BEFORE,
    FILES,
    FINDINGS,
    NOTHING,
    NOW,
    PAGES,
    PARTNERSHIP,
    PERIOD_PROBLEM,
    Q1,
    Q2,
    Q3,
    Q4,
    VERDICTS,
    YEAR,
    crowded,
    empty,
    file,
    finding,
    good,
    told,
    verdict,
    year,
)

NONE = ()
READ = tuple(file(source.id, f"{source.id}.csv") for source in PARTNERSHIP.due("quarter"))
LOOK = verdict("dataset-eastmere", 0, "failed", "look_at", rows_checked=5, rows_failed=1)
UNMADE = verdict("dataset-eastmere", 0, "not_evaluated", reason="The column is not there.")
INFORMATION = verdict("dataset-eastmere", 0, "failed", "information", rows_checked=5, rows_failed=1)
HEADLINES = [
    # what the run saw, findings, the headline
    (READ, VERDICTS[4:5], FINDINGS[2:3], "Everything that was expected came, every check passed, and the figures that "
     "could be compared agree."),
    (READ, (LOOK,), NONE, "1 thing should be looked at."),
    (READ, (UNMADE,), NONE, "Nothing was found that must be put right, but 1 of 1 check and comparison could not be "
     "made."),
    (READ, (INFORMATION, UNMADE), NONE, "Nothing was found that must be put right, but 1 of 2 checks and comparisons "
     "could not be made."),
    (READ, NONE, NONE, "Everything that was expected came, but no check was made."),
    (NONE, NONE, NONE, "3 things must be fixed before the figures that rest on them are used."),
    (FILES, VERDICTS, FINDINGS, "3 things must be fixed before the figures that rest on them are used and 3 other "
     "things should be looked at; 4 of 9 checks and comparisons could not be made."),
]  # fmt: skip


@pytest.mark.parametrize(("files", "verdicts", "findings", "headline"), HEADLINES, ids=[h for *_, h in HEADLINES])
def test_the_headline_says_what_matters_most(files, verdicts, findings, headline: str) -> None:
    assert told(Seen(Q3, files, verdicts), findings=findings).headline == headline


def test_a_good_quarter_has_nothing_to_do_and_a_quarter_in_which_nothing_came_has() -> None:
    assert good().to_do == ()
    assert [thing.says for thing in empty().things] == [
        f"{source.title}: nothing came for Q3." for source in PARTNERSHIP.due("quarter")
    ]


def test_each_thing_is_told_once_and_the_most_serious_comes_first() -> None:
    assert [(one.number, one.kind, one.severity, one.says) for one in told().things] == [
        (1, "return", "must_fix", "Northbrook borough dataset: for Q3 it came for another period."),
        (2, "return", "must_fix", "No return from Training group for Q3 2023-24."),
        (3, "check", "must_fix", "Failed check: No percentage is above 100."),
        (4, "file", "look_at", "2 rows have a period that cannot be read."),
        (5, "check", "look_at", "Failed check: Every line has a value."),
        (6, "comparison", "look_at", FINDINGS[1].title),
    ]


def test_what_is_wrong_with_a_file_that_cannot_be_used_stands_with_its_return() -> None:
    thing = told().things[0]
    assert thing.places == ("northbrook-q3.csv, line 2: The file says that it is for July to September.",)
    assert thing.to_do == "Send October to December."


def test_what_helps_a_return_that_came_and_cannot_be_used_is_said_by_its_file_and_not_by_the_rule() -> None:
    rule = next(one for one in FINDINGS if one.kind == "cadence")
    others = tuple(one for one in READ if one.source != "return-training")
    useless = file("return-training", "t.xlsx", "wrong_period", PERIOD_PROBLEM)
    for files, to_do in ((others, rule.to_do), ((*others, useless), PERIOD_PROBLEM.to_do)):
        [thing] = told(Seen(Q3, files, ()), findings=(rule,)).things
        assert thing.to_do == to_do


def test_a_return_that_is_missing_for_longer_is_told_to_be() -> None:
    assert told().things[1].since == "Nothing came for Q2 either."


def test_checks_behind_the_most_figures_come_first() -> None:
    many = finding("dataset-eastmere.2023-24-Q3", kind="source_check", figures=("a", "b"))
    many = replace(many, id="check-5:dataset-eastmere.2023-24-Q3")
    failed = tuple(verdict("dataset-eastmere", n, "failed", rows_checked=9, rows_failed=1) for n in (4, 5))
    things = told(Seen(Q3, READ, failed), findings=(many,)).things
    assert [thing.touches for thing in things] == [2, 0]
    assert "(5)" in things[0].says


def test_five_things_are_shown_first_and_those_for_information_are_not_among_them() -> None:
    results = crowded()
    assert len(results.top) == 5
    assert {thing.severity for thing in results.top} == {"must_fix"}
    assert len(results.things) > len(results.to_do) > 60


def test_everything_to_do_has_somebody_who_does_it() -> None:
    results = told()
    assert [(owner.name, [thing.number for thing in owner.things]) for owner in results.owners] == [
        ("Eastmere Council", [3, 5, 4]),
        ("Business unit", [2, 6]),
        ("Northbrook Council", [1]),
    ]


def test_what_is_to_be_done_for_several_things_is_said_once() -> None:
    [task] = [task for task in told().owners[0].tasks if task.to_do.startswith("Write 0")]
    assert [thing.number for thing in task.things] == [3, 5]


def test_somebody_looks_after_a_file_of_nobody() -> None:
    problem = replace(PERIOD_PROBLEM, what="Nobody is expected to send a file of this name.", where="x.docx")
    results = told(Seen(Q3, (*READ, file("unexpected", "x.docx", "unexpected", problem)), ()), findings=())
    assert [(one.says, one.owner) for one in results.things] == [(problem.what, "Business unit")]


# What came


def test_the_tracker_tells_what_came_late_and_twice_and_for_which_quarter() -> None:
    states = {(one.source, one.when): (one.state, one.notes) for one in told().quarterly}
    assert states["dataset-eastmere", "Q3"] == ("read", ("3 days late", "2 files came"))
    assert states["dataset-northbrook", "Q3"] == ("wrong_period", ("was due 22 January 2024",))
    assert states["return-training", "Q2"] == ("missing", ("was due 20 October 2023",))
    assert told().not_run == ("Q1",)


def test_what_a_quarter_before_it_lacks_is_not_counted_for_this_one() -> None:
    assert {one.period for one in told().returns} == {str(Q3)}
    assert {one.when for one in told().quarterly} == {"Q2", "Q3"}


def test_a_list_of_sources_tells_quarters_that_came_alike_in_one_line() -> None:
    lines = {one.title: one.lines for one in told().senders}
    assert lines["Return of the training group"] == (
        "Q2: nothing came; was due 20 October 2023",
        "Q3: nothing came; was due 22 January 2024",
    )


def test_a_check_of_a_source_that_is_configured_no_more_is_told_all_the_same() -> None:
    gone = verdict("gone", 0, "failed", rows_checked=3, rows_failed=1, places=("line 2",))
    [thing] = told(Seen(Q3, READ, (gone,)), findings=()).things
    assert (thing.about, thing.owner, thing.places) == ("gone", "Business unit", ("line 2",))


# Over the quarters

CHANGES = [
    # before, now, how it is told beside the check, and among which changes of the source
    ("passed", "failed", "It passed in Q2.", "New"),
    ("failed", "failed", "It failed in Q2 too.", "Failed again"),
    ("not_evaluated", "failed", "In Q2 it could not be made.", "Failed, and could not be made before"),
    (None, "failed", "", ""),
    ("failed", "passed", "", "Mended"),
    ("failed", "not_evaluated", "", "Failed before, could not be made now"),
    ("passed", "not_evaluated", "", "Passed before, could not be made now"),
    ("not_evaluated", "passed", "", "Passed, and could not be made before"),
    ("passed", "passed", "", ""),
    ("not_evaluated", "not_evaluated", "", ""),
]


@pytest.mark.parametrize(("before", "now", "since", "change"), CHANGES, ids=[f"{c[0]} then {c[1]}" for c in CHANGES])
def test_a_check_is_compared_with_the_quarter_before(before, now, since, change) -> None:
    earlier = (verdict("dataset-eastmere", 0, before, quarter=Q2),) if before else ()
    results = told(Seen(Q2, (), earlier), Seen(Q3, READ, (verdict("dataset-eastmere", 0, now),)), findings=())
    [one] = results.checks
    assert one.since == since
    assert [(c.words, c.says) for c in results.trends[0].changes] == ([(change, (one.says,))] if change else [])
    assert results.trends[0].no_change == "No change"


def test_many_checks_that_changed_alike_are_counted() -> None:
    numbers = range(4)
    before = Seen(Q2, (), tuple(verdict("dataset-eastmere", n, "passed", quarter=Q2) for n in numbers))
    now = Seen(Q3, (), tuple(verdict("dataset-eastmere", n, "not_evaluated", reason="x") for n in numbers))
    assert told(before, now, findings=()).trends[0].changes[0].in_short == "4 checks"


def test_a_quarter_that_no_run_has_seen_is_compared_with_nothing() -> None:
    results = told(Seen(Q1, (), (verdict("dataset-eastmere", 0, "failed", quarter=Q1),)), NOW, findings=())
    assert {one.since for one in results.checks} == {""}
    assert {(trend.changes, trend.no_change) for trend in results.trends} == {
        ((), "No quarter before it to compare with")
    }


def test_the_last_quarter_of_the_year_before_is_compared_with_the_first() -> None:
    last = replace(Q4, start_year=2022)
    before = Seen(last, (), (verdict("dataset-eastmere", 0, "passed", quarter=last),))
    now = Seen(Q1, (), (verdict("dataset-eastmere", 0, "failed", quarter=Q1),))
    results = told(before, now, period=Q1, findings=())
    assert results.checks[0].since == "It passed in Q4 2022-23."
    assert [one.when for one in results.overall] == ["Q4 2022-23", "Q1"]
    assert {one.when for one in results.quarterly} == {"Q1"}, "the tracker is of this year"


def test_the_counts_of_the_quarters_are_those_of_their_verdicts() -> None:
    assert [(c.when, c.passed, c.failed, c.not_evaluated) for c in told().overall] == [("Q2", 1, 3, 1), ("Q3", 1, 2, 3)]


def test_a_year_tells_of_its_quarters_and_a_check_that_failed_twice_is_one_thing() -> None:
    results = year()
    assert len(results.checks) == len(VERDICTS) + len(BEFORE.verdicts)
    [twice] = [one for one in results.things if one.says == "Failed check: Every line has a value."]
    assert (twice.when, twice.rows) == ("Q2 and Q3", "Q2: 2 of 900 rows; Q3: 23 of 1,204 rows")
    assert results.not_run == ("Q1", "Q4")


# Places, not values

PLACES = [
    # places, all that failed, as told
    (("line 3", "line 4", "line 5", "line 9"), 4, "lines 3-5, 9"),
    (("line 3",), 1, "line 3"),
    (("sheet Figures, B9", "sheet Figures, B12", "sheet Words, C4"), 3, "sheet Figures: B9, B12; sheet Words: C4"),
    (("sheet Lists, old, B9",), 1, "sheet Lists, old: B9"),
    (("control text:1.1:done",), 1, "control text:1.1:done"),
    (tuple(f"line {n}" for n in range(2, 22)), 500, "lines 2-21, and 480 more"),
    ((), 3, ""),
]


@pytest.mark.parametrize(("places", "failed", "words"), PLACES, ids=[words or "nowhere" for *_, words in PLACES])
def test_places_are_told_in_few_words(places: tuple[str, ...], failed: int, words: str) -> None:
    one = verdict("dataset-eastmere", 0, "failed", rows_checked=900, rows_failed=failed, places=places)
    assert told(Seen(Q3, (), (one,)), findings=()).checks[0].where == words


def test_no_value_of_a_personal_column_reaches_any_form() -> None:
    mark = "MARKED-LEARNER"
    source = PARTNERSHIP.sources["return-training"]
    rows = pd.DataFrame(
        {
            "event": ["E1", "E1", "E1"],
            "date": ["2023-10-04", "2022-01-01", "never"],
            "agency": ["Police", "", "Police"],
            "attendance": ["Attended", "Booked", mark],
            "learner": [mark, mark, f"{mark}@example.org"],
            "_line": [2, 3, 4],
        }
    )
    verdicts = check(source, Reading(rows=rows), load_suites()["training-bookings"], Q3, PARTNERSHIP.measures)
    assert sum(one.outcome == "failed" for one in verdicts) >= 5
    results = told(Seen(Q3, FILES, tuple(verdicts)))
    page = quality_page(results, PARTNERSHIP.profile.look)
    assert "Where: line" in page
    for form in (page, quality_table(results), plain.to_json(results)):
        assert mark not in form


# The same in every form


@pytest.mark.parametrize("results", [make() for make in PAGES.values()], ids=PAGES)
def test_the_data_is_what_was_told_and_nothing_is_lost_in_it(results: Results) -> None:
    assert plain.from_json(Results, plain.to_json(results)) == results


def rows(results: Results) -> list[dict[str, str]]:
    import csv
    import io

    return list(csv.DictReader(io.StringIO(quality_table(results))))


@pytest.mark.parametrize("results", [make() for make in PAGES.values()], ids=PAGES)
def test_the_table_has_a_row_for_every_check_comparison_file_problem_and_return(results: Results) -> None:
    kinds = [row["kind"] for row in rows(results)]
    assert kinds.count("check") == results.counted.total == len(results.checks)
    assert kinds.count("comparison") == len(results.comparisons)
    assert kinds.count("file") == len(results.problems)
    assert kinds.count("return") == len(results.returns)


def test_a_row_of_the_table_says_what_the_page_says() -> None:
    [row] = [row for row in rows(told()) if row["check"] == "check-0" and row["outcome"] == "found something"]
    assert row["source"] == "Eastmere borough dataset"
    assert (row["period"], row["sentence"]) == ("2023-24-Q3", "Every line has a value.")
    assert (row["rows_failed"], row["rows_checked"]) == ("23", "1204")
    assert (row["severity"], row["where"]) == ("Should be looked at", "eastmere-q3.csv, lines 2-4, 9, and 19 more")
    assert row["what_to_do"] == "Write 0 where there was none."


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_nothing_in_the_table_acts_as_a_formula(start: str) -> None:
    said = f"{start}HYPERLINK(1)"
    odd = replace(LOOK, says=said, to_do=said, reason=said)
    results = told(Seen(Q3, (file("dataset-eastmere", f"{said}.csv"),), (odd,)), findings=(finding("a.b", title=said),))
    cells = [cell for row in rows(results) for cell in row.values() if "HYPERLINK" in cell]
    assert len(cells) >= 4
    assert all(cell.startswith("'") for cell in cells)


def test_the_results_hold_what_json_can_hold() -> None:
    assert json.loads(plain.to_json(told()))["headline"] == told().headline


def test_a_year_is_titled_as_such() -> None:
    assert told(NOW, Seen(YEAR, (), ()), period=YEAR).period_title == "The year 2023-24"


def test_what_could_not_be_made_for_one_reason_is_told_together_and_nothing_is_lost() -> None:
    """Sources and figures stand under their reason; those whose reasons differ in names are not told one by one."""
    unmade = tuple(
        verdict(source, number, "not_evaluated", quarter=quarter, reason=NOTHING)
        for source, number, quarter in (
            ("return-training", 0, Q2),
            ("return-training", 0, Q3),
            ("dataset-northbrook", 0, Q3),
            ("dataset-northbrook", 1, Q3),
            ("dataset-eastmere", 1, Q3),
        )
    )
    compared = (
        finding("eastmere.a", "not_evaluated", reason="Only Eastmere gives it."),
        finding("northbrook.a", "not_evaluated", reason="Only Northbrook gives it."),
        finding("eastmere.b", "not_evaluated", reason="It was not sent."),
        finding("northbrook.b", "not_evaluated", reason="It was not sent."),
    )
    seen = [Seen(quarter, (), tuple(one for one in unmade if one.period == str(quarter))) for quarter in (Q2, Q3)]
    one = told(*seen, Seen(YEAR, (), ()), period=YEAR, findings=compared)
    checks, alike, not_sent = one.unmade_in_short
    titles = {
        id_: PARTNERSHIP.sources[id_].title for id_ in ("return-training", "dataset-northbrook", "dataset-eastmere")
    }
    assert (checks.reason, len(checks.says)) == (NOTHING, 5)
    assert f"{titles['return-training']}, Q2 and Q3" in checks.title
    assert f"{titles['dataset-eastmere']}; {titles['dataset-northbrook']}, Q3" in checks.title
    assert (alike.reason, len(alike.says)) == ("Of the first: Only Eastmere gives it.", 2)
    assert (not_sent.reason, len(not_sent.says)) == ("It was not sent.", 2)
    assert sorted(says for each in one.unmade_comparisons for says in each.says) == sorted(
        (*alike.says, *not_sent.says)
    ), "the page names each with its own reason"
    assert len(one.unmade_checks) == 3, "sources of which the same was not checked stand together"
