"""Figures against official statistics: agreeing, differing, and revised from one release to the next."""

import pytest

from config.model import Measure
from tests.reconcile.example import (
    BOROUGHS,
    Q4,
    YEAR,
    dataset,
    findings_of,
    measure,
    official,
    only,
    partnership,
    rule,
    said,
)

REFERRALS = measure("referrals", title="Referrals", unit="referrals")
AGAIN = measure("again", title="Re-referrals counted", unit="referrals")
RATE = measure(
    "rate",
    "percentage",
    title="Re-referrals, share of referrals",
    numerator="again",
    denominator="referrals",
    decimals=1,
    decimals_by_area={"northbrook": 0},
)
LOOKED_AFTER = measure("looked_after", "stock", title="Looked after", unit="children")


def against(one: Measure, *releases: str, **about):
    sources = [dataset(area, one.id, "referrals") for area in BOROUGHS]
    sources += [official(f"dfe-{released[:4]}", released, one.id, "again", "referrals") for released in releases]
    measures = {m.id: m for m in (REFERRALS, AGAIN, one)}
    return partnership(
        measures.values(), sources, [rule("against_official", measures=[one.id], **{"areas": ["northbrook"], **about})]
    )


def told(one: Measure, printed: object, *officially: tuple[str, object]) -> list:
    observed = [said("dataset-northbrook", "northbrook", one.id, YEAR, printed)] if printed is not None else []
    for released, value in officially:
        release = f"Children in need, {released[:4]} release"
        observed.append(said(f"dfe-{released[:4]}", "northbrook", one.id, YEAR, value, release=release))
    return observed


def test_a_percentage_that_differs_is_told_in_points_and_in_referrals() -> None:
    observed = told(RATE, 24, ("2025-10", "30.3"))
    observed.append(said("dataset-northbrook", "northbrook", "referrals", YEAR, 4032))
    observed.append(said("dfe-2025", "northbrook", "again", YEAR, 1221))
    observed.append(said("dfe-2025", "northbrook", "referrals", YEAR, 4031))
    found = only(findings_of(against(RATE, "2025-10"), observed))
    assert found.outcome == "failed"
    assert found.title == (
        "Northbrook prints 24% re-referrals; official statistics (Children in need, 2025 release) say 30.3%: "
        "6.3 percentage points apart, about 253 referrals."
    )
    assert found.difference == "-6.3 percentage points"
    assert found.arithmetic == "24 - 30.3 = -6.3"
    assert [side.value for side in found.values] == ["24%", "30.3%"]


@pytest.mark.parametrize(
    ("printed", "said_officially", "about", "outcome", "words"),
    [
        (1487, 1487, {}, "passed", "Northbrook prints 1,487 looked after, as official statistics"),
        (2131, 2395, {}, "failed", "say 2,395: 264 fewer (11.0%)."),
        (247, 241, {}, "failed", "say 241: 6 more (2.5%)."),
        (4032, 4031, {"tolerance_percent": "0.5"}, "passed", "1 more (0.0%), within the tolerance."),
        (4032, 4031, {"tolerance": 1}, "passed", "within the tolerance"),
        (4033, 4031, {"tolerance": 1}, "failed", "2 more"),
    ],
)
def test_counts_are_compared(printed, said_officially, about, outcome, words) -> None:
    found = only(
        findings_of(
            against(LOOKED_AFTER, "2025-10", **about), told(LOOKED_AFTER, printed, ("2025-10", said_officially))
        )
    )
    assert found.outcome == outcome
    assert words in found.title


def test_a_percentage_is_compared_at_the_decimals_printed() -> None:
    assert only(findings_of(against(RATE, "2025-10"), told(RATE, 24, ("2025-10", "24.4")))).outcome == "passed"
    assert only(findings_of(against(RATE, "2025-10"), told(RATE, 24, ("2025-10", "24.6")))).outcome == "failed"


def test_a_revision_is_told_as_one_and_for_information() -> None:
    p = against(LOOKED_AFTER, "2025-11", "2024-11", severity="must_fix", tolerance_percent="5")
    found = only(findings_of(p, told(LOOKED_AFTER, 334, ("2025-11", 336), ("2024-11", 334))))
    assert (found.outcome, found.severity) == ("failed", "information")
    assert found.title == (
        "Looked after in Northbrook: 334 agrees with the 2024 release; the 2025 release has revised it to 336 (+2)."
    )
    assert found.difference == "-2"
    assert [side.value for side in found.values] == ["334", "334", "336"]


def test_without_the_earlier_release_the_same_figure_differs() -> None:
    p = against(LOOKED_AFTER, "2025-11", "2024-11", severity="must_fix")
    found = only(findings_of(p, told(LOOKED_AFTER, 334, ("2025-11", 336))))
    assert (found.outcome, found.severity) == ("failed", "must_fix")


def test_a_figure_that_agrees_with_no_release_is_told_both() -> None:
    p = against(LOOKED_AFTER, "2025-11", "2024-11")
    found = only(findings_of(p, told(LOOKED_AFTER, 300, ("2025-11", 336), ("2024-11", 334))))
    assert found.title.endswith("say 336: 36 fewer (10.7%). The 2024 release said 334.")
    agrees = only(findings_of(p, told(LOOKED_AFTER, 336, ("2025-11", 336), ("2024-11", 334))))
    assert agrees.outcome == "passed"
    assert agrees.title.endswith("do. The 2024 release said 334.")


@pytest.mark.parametrize(
    ("observed", "reason"),
    [
        (told(LOOKED_AFTER, None, ("2025-10", 336)), "The figure was not received."),
        (told(LOOKED_AFTER, "<5", ("2025-10", 3)), "The figure is suppressed (<5)."),
        (told(LOOKED_AFTER, "x", ("2025-10", 3)), "The figure is not available (x)."),
        (told(LOOKED_AFTER, 334, ("2025-10", "c")), "Official statistics show c."),
        (told(LOOKED_AFTER, 334), "No official statistics for it were received."),
    ],
)
def test_what_cannot_be_compared_is_not_called_good(observed, reason) -> None:
    found = only(findings_of(against(LOOKED_AFTER, "2025-10"), observed))
    assert (found.outcome, found.reason) == ("not_evaluated", reason)


def test_quarters_and_figures_that_are_official_themselves_are_not_asked_about() -> None:
    wide = measure("looked_after", "stock", areas=(*BOROUGHS, "wold"))
    p = against(wide, "2025-10", areas=[])
    found = findings_of(p, [said("dfe-2025", "wold", "looked_after", YEAR, 6110)])
    assert {one.subject for one in found} == {"eastmere.looked_after.2023-24", "northbrook.looked_after.2023-24"}
    assert findings_of(p, [], Q4) == []
