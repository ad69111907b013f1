"""Parts and their whole, with and without what is counted in two of them."""

import pytest

from tests.reconcile.example import Q1, Q4, YEAR, dataset, findings_of, measure, only, partnership, rule, said

NAMES = ("schools", "primary", "secondary", "both")
SCHOOLS = [measure(name, "stock", unit="schools", areas=("northbrook",)) for name in NAMES]
SOURCE = dataset("northbrook", *NAMES)


def found_of(*told: object, period: object = YEAR, overlap: bool = True, **about):
    rules = [
        rule(
            "parts_and_whole",
            whole="schools",
            parts=["primary", "secondary"],
            **about,
            **({"overlap": "both"} if overlap else {}),
        )
    ]
    observed = [
        said("dataset-northbrook", "northbrook", name, period, value)
        for name, value in zip(NAMES, told, strict=True)
        if value is not None
    ]
    return only(findings_of(partnership(SCHOOLS, [SOURCE], rules), observed, period))  # type: ignore[arg-type]


def test_a_total_that_counts_an_overlap_twice_is_told_as_that() -> None:
    found = found_of(90, 68, 22, 6)
    assert found.outcome == "failed"
    assert found.title == "The total of 90 counts 6 schools twice: 68 + 22 - 6 = 84 (Schools in Northbrook)."
    assert (found.arithmetic, found.difference) == ("68 + 22 - 6 = 84", "+6")
    assert [side.value for side in found.values] == ["90", "68", "22", "6"]
    assert found.figures == tuple(f"northbrook.{name}.2023-24" for name in NAMES)


@pytest.mark.parametrize(
    ("told", "about", "outcome", "title"),
    [
        ((84, 68, 22, 6), {}, "passed", "Schools in Northbrook: 68 + 22 - 6 = 84, as the total of 84 says."),
        ((86, 68, 22, 6), {}, "failed", "Schools in Northbrook: 68 + 22 - 6 = 84, but the total is 86: 2 apart."),
        (
            (86, 68, 22, 6),
            {"tolerance": 2},
            "passed",
            "Schools in Northbrook: 68 + 22 - 6 = 84, and the total is 86: 2 apart, within the tolerance.",
        ),
        ((90, 68, 22, 0), {}, "passed", "Schools in Northbrook: 68 + 22 - 0 = 90, as the total of 90 says."),
        (
            (90, 68, 22, None),
            {"overlap": False},
            "passed",
            "Schools in Northbrook: 68 + 22 = 90, as the total of 90 says.",
        ),
    ],
)
def test_parts_are_added_up(told, about, outcome, title) -> None:
    found = found_of(*told, **about)
    assert (found.outcome, found.title) == (outcome, title)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ((90, None, 22, 6), "Primary: not received."),
        ((90, "<5", 22, 6), "Primary: suppressed (<5)."),
        ((None, 68, "x", 6), "Schools: not received; Secondary: not available (x)."),
    ],
)
def test_parts_that_are_missing_or_suppressed_are_not_added_up(told, reason) -> None:
    found = found_of(*told)
    assert (found.outcome, found.reason, found.arithmetic) == ("not_evaluated", reason, "")


def test_parts_of_a_quarter_are_added_up_too() -> None:
    assert found_of(84, 68, 22, 6, period=Q4).id == "a-rule:northbrook.schools.2023-24-Q4"


# A part within its whole

EPISODES = [
    measure("all_missing", title="Missing episodes"),
    measure("cla_missing", title="Missing episodes of looked after children"),
]


def within(part: object, whole: object, **about):
    p = partnership(
        EPISODES,
        [dataset("eastmere", "all_missing", "cla_missing")],
        [rule("part_within_whole", part="cla_missing", whole="all_missing", **about)],
    )
    told = (("cla_missing", part), ("all_missing", whole))
    return only(
        findings_of(
            p, [said("dataset-eastmere", "eastmere", name, Q1, value) for name, value in told if value is not None], Q1
        )
    )


@pytest.mark.parametrize(
    ("part", "whole", "outcome", "words"),
    [
        (332, 865, "passed", "332 of 865 (38.4%)."),
        (865, 865, "passed", "865 of 865 (100.0%)."),
        (0, 0, "passed", "0 of 0."),
        (866, 865, "failed", "866 cannot be part of 865, 1 too many."),
        ("<5", 12, "passed", "<5 of 12."),  # whatever it hides is at most 4
        (12, "<5", "failed", "12 cannot be part of <5, too many."),
        ("<5", 3, "not_evaluated", "suppressed (<5)"),
        ("c", 12, "not_evaluated", "suppressed (c)"),
        (None, 12, "not_evaluated", "not received"),
    ],
)
def test_a_part_is_not_larger_than_its_whole(part, whole, outcome, words) -> None:
    found = within(part, whole)
    assert found.outcome == outcome
    assert words in f"{found.title} {found.reason}"


def test_a_part_may_be_larger_within_the_tolerance() -> None:
    assert within(866, 865, tolerance=1).outcome == "passed"


@pytest.mark.parametrize(
    ("one", "other", "whole", "outcome", "words"),
    [
        (158, 334, 1487, "passed", "158 + 334 = 492 of 1,487 (33.1%)."),
        (158, 1334, 1487, "failed", "158 + 1,334 = 1,492 cannot be part of 1,487, 5 too many."),
        ("<5", 334, 1487, "passed", "<5 + 334, at least 335, of 1,487."),
        ("c", 334, 1487, "not_evaluated", "suppressed (c)"),
        (None, 334, 1487, "not_evaluated", "not received"),
    ],
    ids=["within", "together too many", "one is bounded", "one is hidden", "one is missing"],
)
def test_parts_together_are_not_larger_than_their_whole(one, other, whole, outcome, words) -> None:
    names = ("protected", "cared_for", "in_need")
    about = {"part": "protected", "also": ["cared_for"], "whole": "in_need", "areas": ["eastmere"]}
    p = partnership(
        [measure(name) for name in names], [dataset("eastmere", *names)], [rule("part_within_whole", **about)]
    )
    values = dict(zip(names, (one, other, whole), strict=True))
    told = [
        said("dataset-eastmere", "eastmere", name, Q1, value) for name, value in values.items() if value is not None
    ]
    found = only(findings_of(p, told, Q1))
    assert found.outcome == outcome
    assert words in f"{found.title} {found.reason}"
