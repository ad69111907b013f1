"""A mistake in a suite is refused; it never makes a check disappear or pass."""

import re
from pathlib import Path

import pytest

from expectations.load import HERE, SuitesRefused, load_suites
from expectations.suite import PARAMETERS, PATTERNS, VOCABULARY, Check, Faulty, Suite

GOOD = """
title: Bookings
frame: rows
columns: [event, learner, places, _line]
personal: [learner]
numbers: {number: places}
example:
  - {event: EV01, learner: L1, places: "12", _line: "2"}
checks:
  - id: has-rows
    says: There are rows.
    why: Because.
    to_do: Send them.
    severity: must_fix
    expectation: expect_table_row_count_to_be_between
    arguments: {min_value: 1}
    faulty: {only: []}
  - id: learner-given
    says: Every row names a learner.
    why: Because.
    to_do: Name them.
    severity: look_at
    expectation: expect_column_values_to_not_be_null
    arguments: {column: learner}
    faulty: {add: [{learner: "", _line: "3"}]}
  - id: places-in-range
    says: There are at most 30 places.
    why: Because.
    to_do: Correct it.
    severity: information
    expectation: expect_column_values_to_be_between
    arguments: {column: number, min_value: 0, max_value: 30}
    where: {event: [EV01]}
    faulty: {add: [{places: "31", _line: "3"}]}
"""

FAULTY = '    faulty: {add: [{places: "31", _line: "3"}]}\n'

REFUSED = [
    # what is written, what is written instead, the line that is told, words of the refusal
    ("values_to_not_be_null", "values_to_not_be_nul", "expectation:", "Did you mean 'expect_column_values"),
    ("values_to_not_be_null", "quantile_values_to_be_between", "expectation:", "is not an expectation"),
    ("severity: look_at", "severity: lookat", "severity: lookat", "'lookat' is not one of"),
    ("id: learner-given", "id: has-rows", "- id: has-rows", "The id 'has-rows' is used twice"),
    ("    says: Every row names a learner.\n", "", "- id: learner-given", "This key is missing"),
    ("says: Every row names a learner.", 'says: ""', 'says: ""', "at least 2 characters"),
    ("to_do: Name them.", "todo: Name them.", "todo:", "This key is not known"),
    ("{column: learner}", "{colum: learner}", "colum:", "Did you mean 'column'?"),
    ("{column: learner}", "{column: lerner}", "lerner", "Did you mean 'learner'?"),
    ("{column: learner}", "{column: learner, mostly: 95}", "mostly", "A share above 0 and up to 1"),
    ("{min_value: 1}", "{}", "arguments: {}", "nothing could fail"),
    ("{min_value: 1}", "{min_value: $first_dy}", "$first_dy", "Did you mean '$first_day'?"),
    ("{min_value: 1}", "{min_value: 2023-10-01}", "2023-10-01", "valid"),  # a day would never match a time
    ("{column: number, min_value: 0", "{column: places, min_value: 0", "column: places", "'places' holds text"),
    ("where: {event: [EV01]}", "where: {evnt: [EV01]}", "column: number", "Did you mean 'event'?"),
    ("where: {event: [EV01]}", "where: {learner: [L1]}", "be_between", "would tell values of 'learner'"),
    ("where: {event: [EV01]}", "where: {kind: [figur]}", "where:", "Did you mean 'figure'?"),
    ("where: {event: [EV01]}", "where: {statistic: [percent]}", "where:", "Did you mean 'percentage'?"),
    ("where: {event: [EV01]}", "when: {event: [EV01]}", "when:", "This key is not known"),
    (FAULTY, "", "- id: places-in-range", "This key is missing"),
    (FAULTY, "    faulty: {}\n", "faulty: {}", "An example of what the check finds is expected"),
    (FAULTY, '    faulty: {add: [{place: "31"}]}\n', "place: ", "'place' is not one of the columns"),
    (FAULTY, "    faulty: {add: [{places: 31}]}\n", "places: 31", "valid string"),
    ("personal: [learner]", "personal: [lerner]", "lerner", "Did you mean 'learner'?"),
    ("{number: places}", "{number: place}", "number: place", "Did you mean 'places'?"),
    ("{number: places}", "{event: places}", "columns:", "The column 'event' is named twice"),
    ("frame: rows", "frame: observations", "columns:", "has other columns"),
    ("title: Bookings", "id: bookings\ntitle: Bookings", "id: bookings", "name of its file"),
    ("title: Bookings", "title: Bookings\ntitle: Others", "title: Others", "duplicate key"),
    ("expect_table_row_count_to_be_between", "expect_table_row_count", "expectation:", "Did you mean"),
    ("title: Bookings", "title: [", "columns:", "cannot be read"),
]


FIGURES = """
title: Figures
frame: observations
columns: [area, measure, period, value]
example:
  - {area: eastmere, measure: referrals, period: 2023-24-Q3, value: "5"}
example_before:
  - {area: eastmere, measure: referrals, period: 2023-24-Q2, value: "5"}
checks:
  - id: little-moved
    says: It moves little.
    why: Because.
    to_do: Ask.
    severity: look_at
    expectation: expect_column_pair_values_to_be_near
    arguments: {column_A: now, column_B: before, share: 0.25, ignore_row_if: either_value_is_missing}
    where: {span: [quarter]}
    at_least: {before: 100}
    faulty: {add: [{value: "9"}]}
"""

REFUSED_OF_FIGURES = [
    ("share: 0.25", "share: 25%", "arguments", "A share such as 0.25"),
    ("share: 0.25", "share: -1", "arguments", "A share such as 0.25"),
    ("share: 0.25, ", "", "arguments", "The argument 'share' is missing"),
    (", ignore_row_if: either_value_is_missing", "", "arguments", "The argument 'ignore_row_if' is missing"),
    ("either_value_is_missing", "either_is_missing", "arguments", "One of either_value_is_missing"),
    ("column_A: now", "column_A: nov", "arguments", "Did you mean 'now'?"),
    ("column_A: now", "column_A: figure", "arguments", "'figure' holds text"),
    ("{before: 100}", "{befor: 100}", "", "Did you mean 'before'?"),
    ("{before: 100}", "{measure: 100}", "at_least", "'measure' holds text"),
    ("{before: 100}", '{before: "100"}', "at_least", "valid"),
    ("span: [quarter]", "span: [quarters]", "where", "Did you mean 'quarter'?"),
    ("columns: [area, measure", "columns: [aera, measure", "columns", "has other columns"),
]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    REFUSED_OF_FIGURES,
    ids=[f"{r[3]}: {r[1]}" for r in REFUSED_OF_FIGURES],
)
def test_a_mistake_in_a_suite_over_figures_is_refused_with_its_line(
    tmp_path: Path, right: str, wrong: str, line: str, words: str
) -> None:
    assert FIGURES.count(right) == 1, "the table must name one place in the suite"
    text = FIGURES.replace(right, wrong)
    with pytest.raises(SuitesRefused) as refused:
        load_suites(write(tmp_path, text, "figures.yaml"))
    told = [mistake for mistake in refused.value.mistakes if words in str(mistake)]
    assert told, refused.value
    assert line in text.splitlines()[told[0].line - 1]


def test_a_suite_over_figures_is_read_though_it_counts_no_rows(tmp_path: Path) -> None:
    assert list(load_suites(write(tmp_path, FIGURES, "figures.yaml"))) == ["figures"]


def test_a_misnamed_column_of_the_example_before_is_refused(tmp_path: Path) -> None:
    text = FIGURES.replace("period: 2023-24-Q2", "perod: 2023-24-Q2")
    with pytest.raises(SuitesRefused, match="'perod' is not one of the columns"):
        load_suites(write(tmp_path, text, "figures.yaml"))


def test_an_id_that_both_suites_of_a_source_have_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(SuitesRefused, match="The id 'has-rows' is used in 'bookings' too"):
        load_suites(write(tmp_path, FIGURES.replace("id: little-moved", "id: has-rows"), "figures.yaml"))


def write(folder: Path, text: str, name: str = "bookings.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_good_suite_is_read_under_the_name_of_its_file(tmp_path: Path) -> None:
    suites = load_suites(write(tmp_path, GOOD))
    assert list(suites) == ["bookings"]
    assert [one.id for one in suites["bookings"].checks] == ["has-rows", "learner-given", "places-in-range"]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"), REFUSED, ids=[f"{words}: {wrong.strip()}" for _, wrong, _, words in REFUSED]
)
def test_a_mistake_is_refused_with_its_line(tmp_path: Path, right: str, wrong: str, line: str, words: str) -> None:
    assert GOOD.count(right) == 1, "the table must name one place in the suite"
    text = GOOD.replace(right, wrong)
    with pytest.raises(SuitesRefused) as refused:
        load_suites(write(tmp_path, text))
    told = [mistake for mistake in refused.value.mistakes if words in str(mistake)]
    assert told, refused.value
    assert line in text.splitlines()[told[0].line - 1]


def test_a_suite_that_does_not_count_its_rows_is_refused(tmp_path: Path) -> None:
    start = GOOD.index("  - id: has-rows")
    with pytest.raises(SuitesRefused, match="No check counts the rows"):
        load_suites(write(tmp_path, GOOD[:start] + GOOD[GOOD.index("  - id: learner-given") :]))


@pytest.mark.parametrize(
    "expectation",
    [
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_not_be_in_set",
        "expect_column_distinct_values_to_contain_set",
    ],
)
def test_a_check_that_tells_values_is_refused_on_a_personal_column(tmp_path: Path, expectation: str) -> None:
    text = GOOD.replace("expect_column_values_to_not_be_null", expectation)
    text = text.replace("{column: learner}", "{column: learner, value_set: [L1, L2]}")
    with pytest.raises(SuitesRefused, match="which is personal"):
        load_suites(write(tmp_path, text))


def test_numbers_read_from_a_personal_column_are_personal_too(tmp_path: Path) -> None:
    text = GOOD.replace("{number: places}", "{number: learner}").replace(
        "expect_column_values_to_be_between", "expect_column_sum_to_be_between"
    )
    with pytest.raises(SuitesRefused, match="would tell values of 'number'"):
        load_suites(write(tmp_path, text))


def test_the_same_check_twice_is_refused_for_one_of_them_would_be_dropped(tmp_path: Path) -> None:
    text = GOOD.replace("id: learner-given", "id: learner-named") + GOOD[GOOD.index("  - id: learner-given") :].replace(
        "id: places-in-range", "id: places-again"
    )
    with pytest.raises(SuitesRefused, match="The same is checked twice"):
        load_suites(write(tmp_path, text))


def test_mistakes_of_all_files_are_refused_together(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("look_at", "lookat"), "one.yaml")
    write(tmp_path, GOOD.replace("_be_null", "_be_nul"), "other.yaml")
    with pytest.raises(SuitesRefused) as refused:
        load_suites(tmp_path)
    assert [mistake.file.name for mistake in refused.value.mistakes] == ["one.yaml", "other.yaml"]
    assert "2 mistakes" in str(refused.value)


@pytest.mark.parametrize("name", ["training-bookings", "borough-dataset", "official-statistics"])
def test_a_typo_turns_nothing_green(tmp_path: Path, name: str) -> None:
    """Drop a letter from a key, or from a word of the vocabulary: neither is let through."""
    text = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    keys = [
        *Suite.model_fields,
        *Check.model_fields,
        *Faulty.model_fields,
        "min_value",
        "max_value",
        "value_set",
        "column",
        "column_list",
        "ignore_row_if",
    ]
    values = ["rows", "observations", "must_fix", "look_at", "information", *VOCABULARY, *PARAMETERS, *PATTERNS]
    places = [re.search(rf"(?m)(?<![\w$]){key}(?=:)", text) for key in keys]
    places += [re.search(rf"(?m)(?<=: ){re.escape(value)}(?=[,}}]|$)", text) for value in values]
    tried = 0
    for place in filter(None, places):
        tried += 1
        write(tmp_path, text[: place.end() - 1] + text[place.end() :], "typo.yaml")
        with pytest.raises(SuitesRefused):
            load_suites(tmp_path)
    assert tried > 20


def test_loading_needs_no_great_expectations() -> None:
    import subprocess
    import sys

    code = "import sys, expectations.load as it; it.load_suites(); print('great_expectations' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=HERE.parent, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
