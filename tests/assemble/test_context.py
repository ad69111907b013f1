"""What a section says: figures, narrative by quarter, what did not come, what disagrees, where figures come from."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given as given_hypothesis
from hypothesis import strategies as st

from config.errors import Refused
from config.model import FigureGroup, Section, Topic
from config.partnership import Partnership
from config.periods import Quarter
from tasks.assemble import draft_section, report_context
from tasks.assemble.places import place_words
from tasks.assemble.queries import symbol_words
from tasks.assemble.values import SectionContext, clean, mark
from tasks.model import Narrative, Observation, Place, Unread
from tasks.words import without_number
from tests.assemble.invented import (
    RUN,
    YEAR,
    Given,
    a_finding,
    context_of,
    file_of,
    given_for_the_year,
    make_partnership,
    place,
    section,
)
from tests.assemble.test_draft import texts


def point_of(points: tuple[str, ...], words: str) -> str:
    return next(point for point in points if words in point)


# Figures


def test_a_label_prints_another_figure_of_the_same_area_as_a_figure(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "eastmere-snapshot", given)
    line = next(line for group in context.groups for line in group.lines if line.figure == "eastmere.missing_episodes")
    assert line.words == f"missing episodes by {mark('eastmere-snapshot', 'eastmere.missing_children')} young people"
    assert "eastmere.missing_children.2023-24" in context.figure_ids


# a label, and how it reads where the number in it did not come
@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("missing episodes by {x} young people", "missing episodes by a number of young people that was not received"),
        ("receive meals (the national average is {x})", "receive meals (the national average was not received)"),
        ("special schools ({x} primary, {y} secondary)", "special schools (primary: not received, {y} secondary)"),
        ("cases, of which {x}", "cases, of which not received"),
    ],
)
def test_a_label_whose_number_did_not_come_still_reads_as_a_sentence(label: str, words: str) -> None:
    assert without_number(label, "x") == words


def test_a_number_in_a_label_that_did_not_come_is_told_in_words(partnership: Partnership, given: Given) -> None:
    without = {ref: figure for ref, figure in given.figures.items() if ref != "eastmere.missing_children"}
    context = context_of(partnership, "eastmere-snapshot", given.but(figures=without))
    line = next(line for group in context.groups for line in group.lines if line.figure == "eastmere.missing_episodes")
    assert line.words == "missing episodes by a number of young people that was not received"
    assert "missing_children" in " ".join(figure.ref for figure in context.figures)  # it is asked for all the same


@pytest.mark.parametrize(
    "change",
    [
        lambda figures: {
            ref: f for ref, f in figures.items() if ref != "eastmere.cin_open"
        },  # not in the register at all
        lambda figures: (
            figures
            | {
                "eastmere.cin_open": replace(
                    figures["eastmere.cin_open"], status="not_received", value=None, display=""
                )
            }
        ),
    ],
    ids=["absent", "with the status not_received"],
)
def test_a_figure_that_did_not_come_prints_not_received(partnership: Partnership, given: Given, change) -> None:
    context = context_of(partnership, "eastmere-snapshot", given.but(figures=change(given.figures)))
    figure = next(figure for figure in context.figures if figure.ref == "eastmere.cin_open")
    assert (figure.id, figure.text) == ("eastmere.cin_open.2023-24", "not received")
    assert "Not received." in " ".join(figure.comment)
    assert "Children in need" in point_of(context.open_points, "No figure received for")


def test_a_figure_that_came_and_could_not_be_read_says_so_and_where(partnership: Partnership, given: Given) -> None:
    without = {ref: figure for ref, figure in given.figures.items() if ref != "eastmere.cin_open"}
    unread = Unread("eastmere", "cin_open", "dataset-eastmere 2023-24-Q4.xlsx, sheet Dataset, O12")
    files = tuple(
        replace(file, unread=(unread,)) if (file.source, file.period) == ("dataset-eastmere", "2023-24-Q4") else file
        for file in given.files
    )
    context = context_of(partnership, "eastmere-snapshot", given.but(figures=without, files=files))
    figure = next(figure for figure in context.figures if figure.ref == "eastmere.cin_open")
    assert figure.text == "received, but could not be read"
    assert "sheet Dataset, O12 holds no value" in " ".join(figure.comment)
    assert "Not received" not in " ".join(figure.comment)
    assert "sheet Dataset, O12" in point_of(context.open_points, "Received, but could not be read")
    assert not [point for point in context.open_points if "No figure received" in point]


def test_a_figure_that_the_partnership_does_not_keep_is_an_error_never_a_blank(
    partnership: Partnership, given: Given
) -> None:
    section = Section(
        id="odd",
        title="Odd section",
        part="About",
        template="snapshot",
        owner="business-unit",
        groups=(FigureGroup(heading="Odd", figures=("eastmere.unheard_of",)),),
    )
    with pytest.raises(Refused, match=r"eastmere\.unheard_of"):
        context_of(partnership, section, given)


def test_a_label_that_names_an_unknown_figure_is_an_error(partnership: Partnership, given: Given) -> None:
    odd = given.figures | {
        "eastmere.referrals": replace(given.figures["eastmere.referrals"], label="of {unheard_of} cases")
    }
    with pytest.raises(Refused, match=r"eastmere\.unheard_of"):
        context_of(partnership, "eastmere-snapshot", given.but(figures=odd))


def test_a_figure_without_its_observations_is_not_printed(partnership: Partnership, given: Given) -> None:
    with pytest.raises(Refused, match="rests on an observation"):
        context_of(partnership, "eastmere-snapshot", given.but(observations={}))


def test_a_figure_with_nothing_to_print_is_an_error(partnership: Partnership, given: Given) -> None:
    blank = given.figures | {"eastmere.referrals": replace(given.figures["eastmere.referrals"], display="")}
    with pytest.raises(Refused, match="nothing to print"):
        context_of(partnership, "eastmere-snapshot", given.but(figures=blank))


def test_an_id_too_long_for_words_tag_is_an_error(partnership: Partnership, given: Given) -> None:
    long = given.figures | {
        "eastmere.referrals": replace(given.figures["eastmere.referrals"], id="eastmere." + "x" * 60)
    }
    with pytest.raises(Refused, match="longer than 60"):
        context_of(partnership, "eastmere-snapshot", given.but(figures=long))


def test_a_stock_says_its_day_and_a_flow_is_dated_once_for_the_section(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "eastmere-snapshot", given)
    words = {line.figure: line.words for group in context.groups for line in group.lines}
    assert words["eastmere.cin_open"] == "open Child in Need cases, at 31 March 2024"
    assert words["eastmere.referrals"] == "referrals to children's social care"
    assert context.dates == "Figures count what happened in the year to 31 March 2024, unless the line says otherwise."


def test_the_intro_names_the_period(partnership: Partnership, given: Given) -> None:
    section = partnership.section("scrutiny").model_copy(update={"intro": "Counted over {period_words}."})
    assert context_of(partnership, section, given).intro == "Counted over April 2023 to March 2024."


def test_an_intro_with_an_unknown_name_is_an_error(partnership: Partnership, given: Given) -> None:
    section = partnership.section("scrutiny").model_copy(update={"intro": "Counted over {perod}."})
    with pytest.raises(Refused, match="perod"):
        context_of(partnership, section, given)


# symbol, and what a reader is told of it
@pytest.mark.parametrize(
    ("symbol", "words"),
    [
        ("<5", "a number smaller than 5"),
        ("c", "hidden so that nobody"),
        ("z", "does not apply"),
        ("LOW", "rounds to zero"),
        ("?!", "a symbol that the source gives"),
    ],
)
def test_every_symbol_is_explained(symbol: str, words: str) -> None:
    assert words in symbol_words(symbol)


# Comments and flags


def test_only_figures_on_which_an_editor_must_act_have_a_comment(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "eastmere-snapshot", given)
    assert {figure.ref for figure in context.figures if figure.comment} == {"eastmere.cin_open", "eastmere.cse_risk"}


def test_a_queried_figure_says_what_disagrees_from_where_and_what_to_do(partnership: Partnership, given: Given) -> None:
    figure = next(
        f for f in context_of(partnership, "eastmere-snapshot", given).figures if f.ref == "eastmere.cin_open"
    )
    said = "\n".join(figure.comment)
    assert figure.flag == "Queried – see comment"
    for words in (
        "not those in the official statistics",
        "1,487 - 1,521 = -34",
        "Official release: 1,521 (row 40)",
        "To do: Ask the performance team",
        "Asked of: Eastmere Council",
        "dataset-eastmere 2023-24-Q4.xlsx, sheet Dataset, O12",
    ):
        assert words in said


def test_a_finding_on_two_figures_is_told_once_and_referred_to(partnership: Partnership, given: Given) -> None:
    first, second = (f for f in context_of(partnership, "training", given).figures if f.flag)
    assert "1,701 - 1,688 = 13." in first.comment
    assert (
        second.comment[0]
        == "The return and the bookings give two counts of attendance. See the comment on “Attendance”."
    )


# outcome, severity, and whether the figure is queried
@pytest.mark.parametrize(
    ("changes", "queried"),
    [
        ({"outcome": "failed", "severity": "must_fix"}, True),
        ({"outcome": "failed", "severity": "look_at"}, True),
        ({"outcome": "failed", "severity": "information"}, False),
        ({"outcome": "passed"}, False),
        ({"outcome": "not_evaluated"}, False),
        ({"figures": ("eastmere.cin_open.2023-24-Q1",)}, False),  # the same measure in another period
    ],
    ids=str,
)
def test_a_figure_is_queried_by_failed_findings_for_people_only(
    partnership: Partnership, given: Given, changes, queried: bool
) -> None:
    finding = replace(a_finding("official:cin", "eastmere.cin_open.2023-24"), **changes)
    context = context_of(partnership, "eastmere-snapshot", given.but(findings=(finding,)))
    assert any(figure.flag for figure in context.figures) is queried
    assert bool(context.open_findings) is queried


def test_what_did_not_come_is_not_queried_too(partnership: Partnership, given: Given) -> None:
    came_not = a_finding("cadence:dataset-eastmere", "eastmere.cin_open.2023-24", kind="cadence")
    context = context_of(partnership, "eastmere-snapshot", given.but(figures={}, files=(), findings=(came_not,)))
    assert {figure.flag for figure in context.figures} == {""}
    assert sum("Not received." in words for figure in context.figures for words in figure.comment) == 1


def test_an_area_that_the_section_is_not_about_is_named(partnership: Partnership, given: Given) -> None:
    section = partnership.section("eastmere-snapshot").model_copy(update={"headline": ("partnership.elearning",)})
    context = context_of(partnership, section, given)
    assert context.headline[0].words == "e-learning sessions completed, Eastmere partnership"
    assert "Eastmere" not in context.groups[0].lines[0].words


def test_checks_that_could_not_be_made_are_not_taken_for_passed(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "eastmere-snapshot", given)
    assert "1 comparison of these figures could not be made" in point_of(context.open_points, "could not be made")


def test_illustrative_figures_are_all_flagged_and_commented_on_once(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "finance", given)
    assert {figure.flag for figure in context.figures} == {"Illustrative"}
    assert [bool(figure.comment) for figure in context.figures] == [True, False, False]
    assert context.illustrative.startswith("All figures in this section were made up")
    assert context.content == "illustrative"


# What did not come


def test_returns_that_did_not_come_are_named_with_their_quarters(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "priority-neglect", given)
    sentence = (
        "No return received from Neglect Group for Q2 (July to September 2023), Q3 (October to December 2023), "
        "Q4 (January to March 2024)"
    )
    assert context.missing == (sentence,)
    assert context.no_returns == (f"{sentence}.",)


def test_a_file_that_cannot_be_used_is_told_apart_from_one_that_did_not_come(
    partnership: Partnership, given: Given
) -> None:
    context = context_of(partnership, "training", given)
    assert context.missing == (
        "Training bookings from Training Group for Q4 (January to March 2024) cannot be used: the file was empty",
    )


@pytest.mark.parametrize(
    ("came_on", "quarter"),
    [
        pytest.param("2024-04-30", "Q4 (January to March 2024)", id="unusable and in time"),
        pytest.param("2024-05-03", "Q4 (January to March 2024), 3 days late", id="unusable and late"),
    ],
)
def test_lateness_is_told_of_what_cannot_be_used_and_of_nothing_else(
    partnership: Partnership, given: Given, came_on: str, quarter: str
) -> None:
    late = given.but(files=tuple(replace(file, came_on=came_on) for file in given.files))  # all others are late by far
    assert context_of(partnership, "training", late).missing == (
        f"Training bookings from Training Group for {quarter} cannot be used: the file was empty",
    )


def test_sources_that_carry_nothing_of_the_section_are_not_missed(partnership: Partnership, given: Given) -> None:
    assert context_of(partnership, "eastmere-snapshot", given).missing == ()


def test_a_source_is_missed_for_a_figure_only_where_it_was_needed(partnership: Partnership, given: Given) -> None:
    shared = section("shared", "Shared", "About", "activity", "business-unit", headline=["partnership.elearning"])
    no_bookings = given.but(files=tuple(file for file in given.files if file.source != "training-bookings"))
    assert len(context_of(partnership, shared, no_bookings).missing) == 1
    elsewhere = {id_: replace(o, source="return-neglect") for id_, o in given.observations.items()}
    assert context_of(partnership, shared, no_bookings.but(observations=elsewhere)).missing == ()


def test_yearly_sources_are_not_missed_in_a_quarter(partnership: Partnership, given: Given) -> None:
    section = partnership.section("finance")
    empty = given.but(figures={}, findings=(), files=())
    assert context_of(partnership, section, empty, Quarter(2023, 2)).missing == ()
    assert context_of(partnership, section, empty).missing == (
        "Contributions of partners not received from Business unit for 2023-24",
    )


def test_a_section_without_anything_says_so(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "working-together", given)
    assert context.content == "none"
    assert context.open_points == ("Nothing was reported on: this section.",)


# Narrative


def said_in(context: SectionContext, heading: str) -> list[tuple[str, list[str]]]:
    """Lists under one heading, each with its lead-in and its points as they are printed."""
    parts = [part for topic in context.topics for part in topic.parts if part.heading == heading]
    return [(one.lead_in, [p.run_in + p.words for p in one.points]) for part in parts for one in part.groups]


def of_the_year(given: Given, *pieces: tuple[int, str, str]) -> Given:
    """Narrative of the neglect group: quarter, part and one point each."""
    files = tuple(file_of("return-neglect", f"2023-24-Q{quarter}") for quarter in sorted({one[0] for one in pieces}))
    written = tuple(
        Narrative("return-neglect", "1.1", part, (item,), place("return-neglect", f"2023-24-Q{quarter}"))
        for quarter, part, item in pieces
    )
    return given.but(narrative=written, files=files)


def test_narrative_of_a_year_is_one_list_in_order_of_time_that_says_nothing_twice(
    partnership: Partnership, given: Given
) -> None:
    assert said_in(context_of(partnership, "scrutiny", given), "Strengths") == [
        ("", ["Partners challenge each other openly", "Learning from reviews is shared quickly"])
    ]


def test_what_was_said_again_with_other_capitals_or_a_full_stop_is_said_once(
    partnership: Partnership, given: Given
) -> None:
    twice = of_the_year(given, (1, "done", "Held a course"), (2, "done", "held a  course."), (3, "done", "Held two"))
    assert said_in(context_of(partnership, "priority-neglect", twice), "What we did") == [
        ("", ["Held a course", "Held two"])
    ]


# what was written in the second quarter, and whether the year's text names the quarter
@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("A course was held.", False),
        ("No audit has been done yet.", True),
        ("Too early to say.", True),
        ("Again no return came.", True),
        ("Groups report every quarter from now on.", True),
        ("We cannot yet show a change.", True),
        ("The plan was read again and again by young people.", True),  # a quarter too many does no harm
        ("The centre is against it.", False),
    ],
)
def test_a_quarter_is_named_where_words_lean_on_it(
    partnership: Partnership, given: Given, words: str, named: bool
) -> None:
    written = of_the_year(given, (2, "impact", words), (4, "impact", words.replace("e", "e ")))
    ((_, points),) = said_in(context_of(partnership, "priority-neglect", written), "Impact and evidence")
    assert points[0] == f"Quarter 2: {words}" if named else words
    assert not points[1].startswith("Quarter")  # at the year's end its own last quarter misleads nobody


def test_still_to_achieve_is_what_the_last_return_says_and_nothing_earlier_is_lost(
    partnership: Partnership, given: Given
) -> None:
    written = of_the_year(
        given,
        (1, "still", "Write the guide"),
        (2, "still", "Publish the guide"),
        (2, "done", "A course was held"),
        (4, "still", "Audit its use"),
        (4, "done", "The guide was written"),
    )
    context = context_of(partnership, "priority-neglect", written)
    assert said_in(context, "Still to achieve") == [("", ["Audit its use"])]
    assert [(group.lead_in, [p.words for p in group.points]) for _, group in context.earlier] == [
        ("Quarter 1 (April to June 2023):", ["Write the guide"]),
        ("Quarter 2 (July to September 2023):", ["Publish the guide"]),
    ]
    assert "Earlier in the year" in texts(draft_section(context))


def test_what_is_named_again_in_the_last_return_is_not_told_as_earlier(partnership: Partnership, given: Given) -> None:
    written = of_the_year(given, (1, "still", "Audit its use."), (4, "still", "Audit its use"))
    assert context_of(partnership, "priority-neglect", written).earlier == ()


def test_what_is_still_to_achieve_says_from_when_it_is_where_that_is_not_the_end(
    partnership: Partnership, given: Given
) -> None:
    written = of_the_year(given, (1, "still", "Write the guide"))
    context = context_of(partnership, "priority-neglect", written)
    assert said_in(context, "Still to achieve") == [
        ("As last reported, for quarter 1 (April to June 2023):", ["Write the guide"])
    ]


@given_hypothesis(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(["done", "impact", "still"]), st.sampled_from("abcdef")),
        max_size=12,
    )
)
def test_every_point_that_was_written_stands_in_the_year_s_text_once_a_part(
    pieces: list[tuple[int, str, str]],
) -> None:
    context = context_of(make_partnership(), "priority-neglect", of_the_year(given_for_the_year(), *pieces))
    headings = {"done": "What we did", "impact": "Impact and evidence", "still": "Still to achieve"}
    for part, heading in headings.items():
        printed = [point for _, points in said_in(context, heading) for point in points]
        if part == "still":
            printed += [point.words for _, group in context.earlier for point in group.points]
        assert sorted(printed) == sorted({item for _, kind, item in pieces if kind == part})


def test_narrative_of_a_quarter_does_not_name_it_again(partnership: Partnership, given: Given) -> None:
    q1 = given.but(figures={}, findings=(), narrative=tuple(n for n in given.narrative if n.source == "return-neglect"))
    (topic, _) = context_of(partnership, "priority-neglect", q1, Quarter(2023, 1)).topics
    groups = [group for part in topic.parts for group in part.groups]
    assert {group.lead_in for group in groups} | {p.run_in for group in groups for p in group.points} == {""}


def test_a_priority_shows_all_four_parts_where_a_return_left_one_empty(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "priority-neglect", given)
    assert [part.heading for part in context.topics[0].parts] == [
        "What we set out to do",
        "What we did",
        "Impact and evidence",
        "Still to achieve",
    ]
    assert context.topics[0].parts[3].groups == ()
    assert "(Still to achieve)" in point_of(context.open_points, "Nothing was reported on")


def test_two_sections_share_a_topic_by_its_parts(partnership: Partnership, given: Given) -> None:
    section = Section(
        id="strong",
        title="Areas of strength",
        part="Scrutiny",
        template="prose",
        owner="scrutineer",
        topics=(Topic(topic="scrutiny", parts=("strengths",)),),
    )
    assert [part.heading for part in context_of(partnership, section, given).topics[0].parts] == ["Strengths"]


# as sent, and as kept
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Risk <5 & R&D", "Risk <5 & R&D"),  # Word's own signs are text
        ("{{ 7*7 }} {% raw %}", "{{ 7*7 }} {% raw %}"),  # and so are a template's
        ("a\x00b\x07c\x0bd\x0ce\x1bf", "abcdef"),  # control characters make page breaks, or lose text
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("forged \ue000x/y\ue001 mark", "forged x/y mark"),  # private-use characters are our marks
        ("half \ud800 a pair", "half  a pair"),
    ],
)
def test_text_is_cleaned_of_what_word_cannot_hold_and_of_nothing_else(sent: str, kept: str) -> None:
    assert clean(sent) == kept


# Where figures come from


def observed_at(*cells: tuple[str, str, str]) -> list[Observation]:
    return [
        Observation("s", "eastmere", "referrals", "2023-24", Decimal(1), "", Place(*cell[:1], "0" * 64, *cell[1:]))
        for cell in cells
    ]


# cells behind a figure, and the words for them
@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([("a.xlsx", "Dataset", "C7")], "a.xlsx, sheet Dataset, C7"),
        ([("a.xlsx", "Dataset", "D7"), ("a.xlsx", "Dataset", "C7")], "2 cells of a.xlsx, sheet Dataset, C7 and D7"),
        ([("a.xlsx", "Dataset", f"{c}7") for c in ("AA", "Z", "Y")], "3 cells of a.xlsx, sheet Dataset, Y7 to AA7"),
        ([("a.csv", "", "lines 2-40, 44")], "a.csv, lines 2-40, 44"),
        ([("a.docx", "", "control figure:bulletins")], "a.docx, control figure:bulletins"),
        ([("a.xlsx", "D", "C7"), ("b.xlsx", "D", "C7")], "a.xlsx, sheet D, C7; b.xlsx, sheet D, C7"),
        ([(f"q{n}.xlsx", "D", f"C{n}") for n in (1, 2, 3, 4)], "4 cells of 4 files, q1.xlsx to q4.xlsx, sheet D"),
        (
            [("a.csv", "", "lines " + ", ".join(map(str, range(100))))],
            "a.csv, lines 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 and more",
        ),
        ([], ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_places_are_put_in_few_words(cells: list[tuple[str, str, str]], words: str) -> None:
    assert place_words(observed_at(*cells)) == words


def test_every_figure_has_a_row_that_says_where_it_comes_from(partnership: Partnership, given: Given) -> None:
    context = context_of(partnership, "eastmere-snapshot", given)
    assert [row.id for row in context.sources] == list(context.figure_ids)
    poverty = next(row for row in context.sources if row.figure == "eastmere.child_poverty")
    assert poverty.how == (
        "As quoted in the year to 31 March 2024. As received. The source says: End Child Poverty, June 2023."
    )


# The whole report


def where_met(partnership: Partnership, contexts) -> dict[str, str]:
    rows = report_context(partnership, YEAR, contexts, RUN).coverage
    return {row.id: re.sub("\ue003[^\ue004]*\ue004|\ue005", "", row.verdict + row.where) for row in rows}


def test_a_requirement_is_met_by_real_content_only(partnership: Partnership, given: Given, contexts) -> None:
    assert where_met(partnership, contexts) == {
        "wt-01": "Met: Eastmere safeguarding snapshot; Priority: neglect",
        "wt-02": "Met: Executive summary",
        "wt-10": "Not met: Financial arrangements (illustrative only)",
        "wt-11": "Not met: no section of this report carries it",
        "wt-13": "Met: Independent scrutiny",
        "wt-14": "Not met: Working together (nothing received yet)",
    }


def test_a_requirement_that_only_some_of_its_sections_answer_is_met_in_part(
    partnership: Partnership, given: Given, contexts
) -> None:
    also = [replace(one, requirements=("wt-13",)) if one.section_id == "working-together" else one for one in contexts]
    assert where_met(partnership, also)["wt-13"] == (
        "Met in part: Independent scrutiny; Working together (nothing received yet)"
    )


def test_text_that_is_made_up_meets_nothing_even_beside_a_real_figure(partnership: Partnership, given: Given) -> None:
    made_up = partnership.sources["report-reviews"].model_copy(update={"illustrative_topics": ("training",)})
    changed = replace(partnership, sources=partnership.sources | {"report-reviews": made_up})
    assert context_of(changed, "training", given).content == "illustrative"
    assert context_of(changed, "case-reviews", given).content == "real"


def test_a_statement_counts_when_somebody_has_confirmed_it(partnership: Partnership, given: Given) -> None:
    stated = section(
        "secure",
        "Secure establishments",
        "About",
        "prose",
        "business-unit",
        statement="There is none in Eastmere.",
        topics=["secure"],
        requirements=["wt-11"],
    )
    context = context_of(partnership, stated, given)
    assert (context.content, context.nothing_yet) == ("none", False)
    assert "Business unit has not confirmed for 2023-24 that this is still so." in context.open_points
    assert where_met(partnership, [context])["wt-11"] == "Not met: Secure establishments (not confirmed yet)"
    said = texts(draft_section(context))
    assert "There is none in Eastmere." in said
    confirmed = Narrative(
        "report-reviews", "secure", "text", ("Looked at and confirmed.",), place("report-reviews", "2023-24")
    )
    context = context_of(partnership, stated, given.but(narrative=(confirmed,)))
    assert (context.content, context.unconfirmed) == ("real", "")


def test_what_is_a_document_of_its_own_is_no_part_of_the_report(partnership: Partnership, contexts) -> None:
    without = [replace(one, in_report=one.section_id != "scrutiny") for one in contexts]
    report = report_context(partnership, YEAR, without, RUN)
    assert [one.section_id for one in report.sections] == [
        one.section_id for one in contexts if one.section_id != "scrutiny"
    ]
    assert where_met(partnership, without)["wt-13"] == "Not met: no section of this report carries it"


def test_the_report_says_on_its_cover_how_far_it_is(partnership: Partnership, contexts) -> None:
    report = report_context(partnership, YEAR, contexts, RUN)
    assert report.state[:4] == (
        "8 sections, 19 figures.",
        "3 figures are queried: see the comment on each.",
        "3 figures are illustrative and must be replaced.",
        "Nothing has been received yet for: Working together.",
    )
