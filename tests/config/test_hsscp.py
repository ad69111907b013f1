"""Does the configuration of this partnership say what its published report of 2023-24 needs?

Belongs here: holding measures, rules, sections and the statutory list against the figures that the report printed.
Does not belong here: that the files can be read and agree with each other (``test_load``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from config.layouts import Source
from config.load import load_partnership
from config.partnership import Partnership, label_refs, measures_of, topics_of
from config.rules import PartsAndWhole, PartWithinWhole, PercentageReachable
from tasks.reconcile import KINDS
from tests.sample.plain_tables import document as yaml_table

ROOT = Path(__file__).parents[2]
PUBLISHED_REPORT = ROOT.parent / "shared/reference/hsscp-annual-report-2023-24.txt"
with (ROOT / "tests/facts/published_figures.csv").open(encoding="utf-8", newline="") as facts:
    PUBLISHED = tuple(csv.DictReader(facts))
BY_ID = {row["report_id"]: row for row in PUBLISHED}
VALUES = {row["figure"]: Decimal(row["value"]) for row in PUBLISHED}
ROWS = pytest.mark.parametrize("row", PUBLISHED, ids=[f"{row['report_id']} {row['figure']}" for row in PUBLISHED])


@pytest.fixture(scope="module")
def hsscp() -> Partnership:
    return load_partnership("hsscp")


# Measures

# Which statistics may stand for what the list of published figures calls a row's statistic.
FITS = {
    "stock": {"stock"},
    "flow": {"flow"},
    "flow (distinct children in year)": {"distinct"},
    "average (of a flow)": {"mean"},
    "percentage": {"percentage"},
    "unclear (stock or flow)": {"stock"},  # kept as one day's count; the caveat must say that the source leaves it open
}
# Percentages that nobody here can work out: they are quoted from elsewhere, with a date and a source.
QUOTED = {"child_poverty", "child_poverty_regional", "child_poverty_national", "fsm_national"}


@ROWS
def test_a_published_figure_has_a_measure_that_says_the_same_of_it(hsscp: Partnership, row: dict[str, str]) -> None:
    area, _, name = row["figure"].partition(".")
    measure = hsscp.measures[name]
    assert area in measure.areas
    assert measure.decimals_for(area) == int(row["decimals"])
    assert measure.counts_persons is (row["counts_persons"] == "yes")
    assert measure.statistic in ({"reference"} if name in QUOTED else FITS[row["statistic"]])
    if row["statistic"].startswith("unclear"):
        assert "does not say whether" in measure.caveat


# Pairs of the report that are not the same measure, and the finding that says so.
NOT_THE_SAME = {
    ("H01", "S01"): "C-07 all ages, share under 18",
    ("H03", "S02"): "A-06 schools, phases of schools",
    ("H11", "S15"): "C-02 compulsory school age, all pupils",
    ("H12", "S16"): "C-05 school census, all plans",
    ("H13", "S17"): "C-05 school census, all plans",
    ("H14", "S18"): "C-05 school census, all plans",
    ("H15", "S19"): "C-05 school census, all plans",
    ("H22", "S32"): "C-01 primary, mainstream primary",
    ("H27", "S37"): "C-04 assessments, episodes",
    ("H31", "S41"): "C-03 with plans, without plans",
}
PAIRS = sorted(
    (row["report_id"], row["pair"]) for row in PUBLISHED if row["pair"] in BY_ID and row["report_id"].startswith("H")
)


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_a_pair_of_the_report_is_one_measure_or_is_said_not_to_be(hsscp: Partnership, pair: tuple[str, str]) -> None:
    one, other = (hsscp.measures[BY_ID[report_id]["figure"].partition(".")[2]] for report_id in pair)
    linked = {(a.id, b.measure) for a in (one, other) for b in a.not_comparable_with}
    if pair in NOT_THE_SAME:
        assert one.id != other.id
        assert {(one.id, other.id), (other.id, one.id)} <= linked, "each must warn of the other"
    else:
        assert one.id == other.id


def test_every_pair_that_is_not_the_same_is_in_the_report() -> None:
    assert set(NOT_THE_SAME) <= set(PAIRS)


def test_measures_that_only_look_alike_are_never_kept_for_the_same_area(hsscp: Partnership) -> None:
    for measure in hsscp.measures.values():
        for other in measure.not_comparable_with:
            assert not set(measure.areas) & set(hsscp.measures[other.measure].areas), (measure.id, other.measure)


def test_what_stood_on_a_day_is_never_called_throughout(hsscp: Partnership) -> None:
    printed = [(m.id, text) for m in hsscp.measures.values() for text in (m.label, m.as_at_words)]
    printed += [(s.id, text) for s in hsscp.sections for text in (s.intro, *(group.note for group in s.groups))]
    assert [name for name, text in printed if "throughout" in text.lower()] == []


def test_labels_can_follow_a_number_in_print(hsscp: Partnership) -> None:
    for measure in hsscp.measures.values():
        first = measure.label[0]
        assert first.islower(), measure.id
        assert not measure.label.endswith("."), measure.id
        for name in label_refs(measure.label):
            assert set(measure.areas) <= set(hsscp.measures[name].areas), (measure.id, name)


def test_measure_names_fit_into_the_tag_of_a_word_control(hsscp: Partnership) -> None:
    assert [name for name in hsscp.measures if len(name) > 34] == []


def test_percentages_are_in_percent_and_money_is_in_pounds(hsscp: Partnership) -> None:
    for measure in hsscp.measures.values():
        assert (measure.unit == "percent") is (measure.statistic == "percentage" or measure.id in QUOTED), measure.id
        assert (measure.unit == "pounds") is (measure.statistic == "finance"), measure.id


def test_what_the_report_does_not_print_is_marked_as_illustrative_or_official(hsscp: Partnership) -> None:
    printed = {row["figure"].partition(".")[2] for row in PUBLISHED}
    official = {"rereferrals", "cin_any_point", "cin_ended", "cla_started", "cla_ceased", "cla_during_year"}
    said_in_words = {"audit_events"}  # "twice yearly"
    never_sent = {"serious_incident_notifications", "rapid_reviews"}  # guidance asks for them, and no report gave them
    marked = {measure.id for measure in hsscp.measures.values() if measure.illustrative}
    assert marked == set(hsscp.measures) - printed - official - said_in_words - never_sent


# Rules: what the published figures themselves give, with each rule's own inputs


def of_published(rules: Iterator[object] | tuple[object, ...], kind: type) -> list:
    return [rule for rule in rules if isinstance(rule, kind)]


def published(area: str, *names: str | None) -> list[Decimal] | None:
    """The published values of an area's measures, if it has all of them."""
    found = [VALUES.get(f"{area}.{name}") for name in names if name]
    return None if None in found else [value for value in found if value is not None]


def areas_of(rule, hsscp: Partnership) -> tuple[str, ...]:
    return rule.areas or tuple(hsscp.areas)


def test_all_parts_of_the_report_add_up_but_the_schools_that_are_counted_twice(hsscp: Partnership) -> None:
    wrong, seen = {}, []
    for rule in of_published(hsscp.rules, PartsAndWhole):
        for area in areas_of(rule, hsscp):
            if (given := published(area, rule.whole, *rule.parts, rule.overlap)) is not None:
                seen.append(rule.id)
                whole, *parts = given
                total = sum(parts) - (2 * parts[-1] if rule.overlap else 0)
                if total != whole:
                    wrong[rule.id] = (whole, total)
    assert wrong == {"schools-stockton-counted-once": (90, 84)}
    assert sorted(seen) == [
        "ehc-plans-hartlepool",
        "ehc-plans-stockton",
        "schools-hartlepool",
        "schools-hartlepool-special",
        "schools-stockton-both",
        "schools-stockton-counted-once",
        "schools-stockton-primary",
        "schools-stockton-secondary",
    ]


def test_every_part_of_the_report_is_within_its_whole(hsscp: Partnership) -> None:
    seen = 0
    for rule in of_published(hsscp.rules, PartWithinWhole):
        for area in areas_of(rule, hsscp):
            if (given := published(area, rule.part, *rule.also, rule.whole)) is not None:
                seen += 1
                assert sum(given[:-1]) <= given[-1], (rule.id, area)
    assert seen == 21  # 7 in both boroughs, 2 of early help, 3 named events and all of them together, 1 population


def test_only_the_share_of_good_schools_in_hartlepool_is_out_of_reach(hsscp: Partnership) -> None:
    out_of_reach = {}
    for rule in of_published(hsscp.rules, PercentageReachable):
        for area in areas_of(rule, hsscp):
            share, whole = published(area, rule.percentage, rule.denominator)
            step = Decimal(1).scaleb(-hsscp.measures[rule.percentage].decimals_for(area))
            shares = {(Decimal(100 * n) / whole).quantize(step, ROUND_HALF_UP) for n in range(int(whole) + 1)}
            out_of_reach[f"{area}.{rule.percentage}"] = share not in shares
    assert [figure for figure, cannot_be in out_of_reach.items() if cannot_be] == ["hartlepool.schools_good_or_better"]
    assert len(out_of_reach) == 4


def named_in(hsscp: Partnership, kind: str) -> set[str]:
    rules = [rule.model_dump() for rule in hsscp.rules if rule.kind == kind]
    return {name for rule in rules for name in rule.get("measures") or rule["sources"]}


def test_every_kind_of_rule_is_used(hsscp: Partnership) -> None:
    assert {rule.kind for rule in hsscp.rules} == set(KINDS)


def test_every_source_is_waited_for(hsscp: Partnership) -> None:
    assert named_in(hsscp, "cadence") == set(hsscp.sources)


def test_every_figure_of_a_year_that_comes_in_quarters_is_held_against_them(hsscp: Partnership) -> None:
    """Context figures have dates of their own, and shares are worked out again from their numbers."""
    quarterly = {name for source in hsscp.due("quarter") for name in measures_of(source)}
    shares = ("percentage", "reference")
    own_date = {m.id for m in hsscp.measures.values() if m.as_at or m.as_at_words or m.statistic in shares}
    assert named_in(hsscp, "year_from_quarters") == quarterly - own_date | {"contacts_per_month"}


def test_every_figure_that_two_sources_send_is_compared(hsscp: Partnership) -> None:
    local = [source for source in hsscp.sources.values() if not source.second_opinion]
    senders: dict[str, set[str]] = {}
    for source in local:
        for name in measures_of(source):
            senders.setdefault(name, set()).add(source.id)
    boroughs = {"dataset-hartlepool", "dataset-stockton"}  # two areas, not two opinions
    twice = {name for name, by in senders.items() if len(by) > 1 and not by <= boroughs}
    in_one_file_twice = {"child_poverty"}  # on two pages of the report, under two codes of one dataset
    assert named_in(hsscp, "same_figure") == twice | in_one_file_twice


TOLERANCES = [
    # measure, tolerance in its unit, tolerance in percent
    ("referrals", "0", "0.5"),
    ("cin_open", "0", "0.5"),
    ("cla_open", "0", "0.5"),  # 334 and 336 differ by 0.6 %
    ("rereferral_rate", "0.5", "0"),  # percentage points
]


@pytest.mark.parametrize(("measure", "points", "percent"), TOLERANCES, ids=[row[0] for row in TOLERANCES])
def test_a_figure_is_held_against_official_statistics_as_closely_as_agreed(
    hsscp: Partnership, measure: str, points: str, percent: str
) -> None:
    (rule,) = (rule for rule in hsscp.rules if rule.kind == "against_official" and measure in rule.measures)
    assert (rule.tolerance, rule.tolerance_percent) == (Decimal(points), Decimal(percent))
    assert set(rule.areas) == {"hartlepool", "stockton"}


def test_rules_hold_no_number_that_they_should_find(hsscp: Partnership) -> None:
    for rule in hsscp.rules:
        for text in (rule.says, rule.matters, rule.to_do):
            assert not re.search(r"\d", text), (rule.id, text)


# The report


def carried(hsscp: Partnership) -> set[str]:
    """Every figure that some section prints, by itself or inside a label."""
    found: set[str] = set()
    for section in hsscp.sections:
        for figure in section.figures:
            area, _, name = figure.partition(".")
            found |= {figure} | {f"{area}.{inside}" for inside in label_refs(hsscp.measures[name].label)}
    return found


def test_every_published_figure_is_in_a_section(hsscp: Partnership) -> None:
    assert sorted(set(VALUES) - carried(hsscp)) == []


def test_snapshots_hold_the_figures_that_the_published_snapshots_held(hsscp: Partnership) -> None:
    for section_id, area, first, last in (
        ("hartlepool-snapshot", "hartlepool", "H20", "H47"),
        ("stockton-snapshot", "stockton", "S30", "S51"),
    ):
        ids = [row["report_id"] for row in PUBLISHED]
        rows = PUBLISHED[ids.index(first) : ids.index(last) + 1]
        # The region and the country stand beside the borough's share here; the published snapshots had no comparators.
        beside = {"north-east.rereferral_rate", "england.rereferral_rate"}
        there = set(hsscp.section(section_id).figures) - beside
        inside = {f"{area}.{name}" for ref in there for name in label_refs(hsscp.measures[ref.partition(".")[2]].label)}
        assert there | inside == {row["figure"] for row in rows}


def test_no_section_prints_a_figure_twice(hsscp: Partnership) -> None:
    for section in hsscp.sections:
        assert len(set(section.figures)) == len(section.figures), section.id


# Sections that the published report does not have, and guidance asks for.
ADDED = {
    "partner-contributions": "wt23-03",
    "education": "wt23-11",
    "secure-establishments": "wt23-16",
    "national-reviews": "wt23-08",
    "data-and-information": "wt23-12",
    "scrutiny-themes": "wt23-04",
    "little-progress": "wt23-06",
}


def test_sections_stand_in_the_order_of_the_published_report(hsscp: Partnership) -> None:
    assert [section.id for section in hsscp.sections if section.in_report and section.id not in ADDED] == [
        "executive-summary",
        "membership",
        "governance",
        "vision",
        "finance",
        "hartlepool-demographics",
        "hartlepool-snapshot",
        "stockton-demographics",
        "stockton-snapshot",
        "priority-neglect",
        "priority-engagement",
        "priority-assurance",
        "case-reviews",
        "multi-agency-audit",
        "training",
        "communication",
        "scrutiny-strengths",
        "scrutiny-development",
        "next-priorities",
        "working-together",
    ]
    assert list(dict.fromkeys(section.part for section in hsscp.sections if section.in_report)) == [
        "Executive Summary",
        "About the Partnership",
        "About Hartlepool",
        "About Stockton-on-Tees",
        "Key Successes and Achievements",
        "Independent Scrutiny",
        "Next Steps",
    ]


def test_the_page_for_children_can_be_read_by_a_child_of_ten(hsscp: Partnership) -> None:
    """By the automated readability index, whose 5 is the age of 10 to 11; a figure's words are a sentence each."""
    page = hsscp.section("child-friendly-summary")
    sent = yaml_table("narrative.yaml")["report-children"]["annual"]["child-friendly"]
    helped = [f"{one.who}: {one.how}" for one in hsscp.profile.help_for_children]
    said = [page.title, page.intro, *(f"{text}." for text in page.words.values()), *helped]
    text = " ".join([*said, *(point for points in sent.values() for point in points)])
    sentences, tokens = re.findall(r"[^.!?:]+[.!?:]", text), re.findall(r"[A-Za-z0-9'-]+", text)
    letters = sum(len(re.sub(r"\W", "", token)) for token in tokens)
    assert 4.71 * letters / len(tokens) + 0.5 * len(tokens) / len(sentences) - 21.43 <= 5
    assert set(page.words) == set(page.figures)


def test_snapshots_priorities_training_and_communication_are_drafted_each_quarter(hsscp: Partnership) -> None:
    assert {section.id for section in hsscp.sections if section.quarterly} == {
        "hartlepool-snapshot",
        "stockton-snapshot",
        "priority-neglect",
        "priority-engagement",
        "priority-assurance",
        "data-and-information",
        "training",
        "communication",
    }


def test_every_priority_and_every_topic_that_a_form_asks_for_is_carried(hsscp: Partnership) -> None:
    topics = {topic.topic for section in hsscp.sections for topic in section.topics}
    asked = {name for source in hsscp.sources.values() for name in topics_of(source) or ()}
    assert {priority.number for priority in hsscp.profile.priorities} | asked <= topics


def test_sections_that_share_a_topic_carry_different_parts_of_it(hsscp: Partnership) -> None:
    carried_parts: dict[str, list[tuple[str, ...]]] = {}
    for section in hsscp.sections:
        for topic in section.topics:
            carried_parts.setdefault(topic.topic, []).append(topic.parts)
    for topic, parts in carried_parts.items():
        if len(parts) > 1:
            flat = [part for some in parts for part in some]
            assert all(parts), topic
            assert len(set(flat)) == len(flat), topic


def test_everything_that_guidance_asks_for_has_a_section(hsscp: Partnership) -> None:
    answered = {name for section in hsscp.sections for name in section.requirements}
    assert answered == set(hsscp.requirements)


def test_what_the_published_report_lacks_is_made_up_and_says_so(hsscp: Partnership) -> None:
    """Otherwise the list of requirements would call met what no partner has ever written."""
    for name, requirement in ADDED.items():
        section = hsscp.section(name)
        assert section.requirements == (requirement,)
        asked = [(source, one.topic) for source in hsscp.sources.values() for one in section.topics]
        carried = [(source, topic) for source, topic in asked if topic in asks_on(source)]
        assert {topic for _, topic in carried} == {one.topic for one in section.topics}, name
        assert all(source.illustrative or topic in source.illustrative_topics for source, topic in carried), name


def asks_on(source: Source) -> set[str]:
    """Topics that the blank form of a source asks on."""
    sheets = getattr(source.layout, "sheets", ())
    return set(topics_of(source) or ()) | {topic for sheet in sheets for topic in getattr(sheet, "topics", ())}


def test_guidance_says_how_sure_it_is_of_itself(hsscp: Partnership) -> None:
    assert len(hsscp.requirements) == 16
    assert {r.id for r in hsscp.requirements.values() if r.confidence == "verified"} == {"wt23-01", "wt23-02"}
    assert all("not checked" in r.paragraph for r in hsscp.requirements.values())


# Words and looks

# Short forms that the report uses without saying what they mean (finding J-05), and those it explains late.
UNEXPLAINED = [
    "ACEs",
    "C&YP",
    "CAMHS",
    "CCE",
    "CE",
    "CIN",
    "CMW",
    "CPP",
    "CSC",
    "CSE",
    "DA",
    "EH",
    "EHA",
    "HV",
    "ICB",
    "ICO",
    "ICON",
    "ICPC",
    "LCSPR",
    "MACE",
    "PAMS",
    "PMF",
    "QA",
    "RCPC",
    "SMT",
    "SW",
    "UBB",
    "VCS",
    "VEMT",
]


def test_the_glossary_explains_what_the_report_leaves_unexplained(hsscp: Partnership) -> None:
    assert sorted(set(UNEXPLAINED) - set(hsscp.profile.acronyms)) == []
    assert "GGL" not in hsscp.profile.acronyms  # nobody knows what it means; a guess would be printed


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_can_be_read_on_white(hsscp: Partnership) -> None:
    for colour in hsscp.profile.look.model_dump().values():
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


# Names that are eight words long or longer, which every text about the partnership must share with its report.
NAMES = (
    "Hartlepool and Stockton-on-Tees Safeguarding Children Partnership",
    "North East and North Cumbria Integrated Care Board",
    "Priority 1.1: Evidencing the child's lived experience",
    "Priority 2.1: Engagement with children and young people",
    "Implementation of Working Together to Safeguard Children 2023",
)


def test_no_sentence_of_the_published_report_is_carried_over(hsscp: Partnership) -> None:
    if not PUBLISHED_REPORT.is_file():
        pytest.skip("the text of the published report is not beside this project")
    published_words = words(PUBLISHED_REPORT.read_text(encoding="utf-8"))
    runs = set(runs_of(published_words))
    names = {run for name in NAMES for run in runs_of(words(name))}
    for value in (hsscp.profile, *hsscp.measures.values(), *hsscp.rules, *hsscp.sections, *hsscp.requirements.values()):
        for text in texts_in(value.model_dump()):
            assert not (set(runs_of(words(text))) & runs) - names, text


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def runs_of(some: list[str], length: int = 8) -> Iterator[tuple[str, ...]]:
    return zip(*(some[start:] for start in range(length)), strict=False)


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)
