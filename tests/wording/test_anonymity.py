"""A write-up that tells who somebody is is not drafted, until it is anonymous or a person has released it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.model import Section, Topic
from config.partnership import Partnership
from tasks import plain
from tasks.assemble import draft_section, report_context, section_context
from tasks.assemble.values import SectionContext
from tasks.deciding import Asked, make
from tasks.decisions import judge
from tasks.model import Finding, GatheredFile, Narrative, Register
from tasks.wording import check_narrative, held_back
from tests.assemble.test_draft import texts
from tests.wording.example import YEAR, partnership, wrote

LEARNING = wrote("practice", "See the child first.", "Ask fathers as well.", topic="review")
TELLING = wrote(
    "context",
    "Services in Eastmere did not talk to each other.",
    "The child, aged six, was seen on 3 May.",
    "A worker at Willow Bank School heard “he is never there” twice.",
    topic="review",
)
CAME = (GatheredFile("return-training", "return-training.xlsx", "received/x", "sha", 10, "2023-24"),)


def with_reviews() -> Partnership:
    """The invented partnership, with a section in which a practice review is written up."""
    reviews = Section(
        id="reviews",
        title="Practice reviews",
        part="Learning",
        template="learning",
        owner="training",
        topics=(Topic(topic="review", heading="First review"), Topic(topic="other", heading="Second review")),
        requirements=(),
    )
    known = partnership()
    return replace(known, sections=tuple(reviews if one.id == "reviews" else one for one in known.sections))


def found(*narrative: Narrative) -> list[Finding]:
    asked = check_narrative(with_reviews(), YEAR, narrative, (), CAME)
    return [one for one in asked if one.kind == "case_anonymity" and one.outcome == "failed"]


def drafted(narrative: tuple[Narrative, ...], findings: list[Finding]) -> SectionContext:
    known = with_reviews()
    return section_context(known, known.section("reviews"), YEAR, {}, narrative, findings, CAME, {}, "run")


def test_a_finding_names_paragraphs_kinds_and_owner_and_no_word() -> None:
    (one,) = found(TELLING, LEARNING)
    assert one.title == (
        "The write-up of First review is held back until 2 passages are made anonymous: paragraphs 2 and 3 of 5."
    )
    assert [(value.label, value.value) for value in one.values] == [
        ("Paragraph 2", "an exact date and an age"),
        ("Paragraph 3", "a place and words that were said"),
    ]
    assert (one.owner, one.severity) == ("training", "must_fix")
    assert not [word for word in ("May", "aged six", "Willow", "never") if word in plain.to_json(one)]


def test_a_write_up_that_tells_too_much_is_not_drafted_and_the_draft_says_so() -> None:
    context = drafted((TELLING, LEARNING), found(TELLING, LEARNING))
    said = texts(draft_section(context))
    assert "held back until 2 passages are made anonymous" in said
    assert "Asked of: Training" in said
    assert not [word for word in ("Willow", "aged six", "did not talk", "See the child first") if word in said]
    assert "Nothing has been received for this section yet" not in said


def test_what_others_wrote_on_the_case_and_other_cases_are_drafted_all_the_same() -> None:
    other = wrote("practice", "Follow up what was agreed.", topic="other")
    said = texts(draft_section(drafted((TELLING, other), found(TELLING, other))))
    assert "Follow up what was agreed." in said and "Willow" not in said


def test_an_anonymous_write_up_is_drafted() -> None:
    assert found(LEARNING) == []
    assert "See the child first." in texts(draft_section(drafted((LEARNING,), [])))


def test_a_requirement_is_not_met_by_what_is_held_back() -> None:
    known = with_reviews()
    requirement = known.guidance.requirements[0].id
    context = replace(drafted((TELLING,), found(TELLING)), requirements=(requirement,))
    (row,) = [one for one in report_context(known, YEAR, [context], "run").coverage if one.id == requirement]
    assert row.verdict == "Not met: " and "held back until it is anonymous" in row.where


def test_a_person_releases_a_write_up_with_a_reason_and_releases_no_other_words() -> None:
    known, (one,) = with_reviews(), found(TELLING)
    asked = Asked(
        one.id,
        "explain",
        known.profile.decisions.may_decide[0] if known.profile.decisions.may_decide else one.owner,
        "The review itself was published with these words.",
        "2024-06-01",
        text="As in the published review.",
    )
    decision = make(known, Register((), (), (one,), ()), asked, 1)
    (released,) = judge(known, [one], [decision], "2024-06-02").findings
    assert held_back([released], "return-training", "review") is None
    context = drafted((TELLING,), [released])
    assert "aged six" in texts(draft_section(context)) and context.open_findings == ()
    changed = replace(TELLING, items=(*TELLING.items[:1], "The child, aged nine, was seen on 4 May.", TELLING.items[2]))
    (again,) = judge(known, found(changed), [decision], "2024-06-02").findings
    assert again.state == "open" and held_back([again], "return-training", "review") is again


@pytest.mark.parametrize(
    "words",
    [
        "Services met within ten days.",
        "An audit in May is planned, and the Training group follows it up.",
        "Fathers, mothers and partners need to be seen.",
        "It's what children's services should do.",
        "The Early Help offer in Eastmere was not known to GPs.",
        "Three children’s homes took part.",
    ],
)
def test_what_tells_nothing_of_anybody_is_not_held_back(words: str) -> None:
    assert found(wrote("practice", words, topic="review")) == []
