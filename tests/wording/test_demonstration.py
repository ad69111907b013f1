"""On what partners wrote in the demonstration year the checks find what a director would want to know, and no more."""

from __future__ import annotations

from collections import Counter

from tasks.model import Finding
from tasks.wording import check_narrative
from tests import pure_year


def failed() -> list[Finding]:
    told = pure_year.year()
    narrative = [piece for _, reading in pure_year.gathered() for piece in reading.narrative]
    figures = tuple(told.figures.values())
    findings = check_narrative(told.partnership, pure_year.YEAR, narrative, figures, told.files)
    return [one for one in findings if one.outcome == "failed"]


def test_what_is_found_is_what_was_looked_at_one_by_one() -> None:
    assert Counter((one.kind, one.subject.split(".2023")[0].rpartition(".")[0]) for one in failed()) == {
        ("contradicted_claim", "report-business-unit.governance"): 1,
        ("unsupported_impact", "return-engagement.2.1"): 1,
        ("unsupported_impact", "return-quality-assurance.3.1"): 1,
        ("unsupported_impact", "return-exploitation.case-review-1"): 1,
        ("unsupported_impact", "report-case-reviews.deep-dive"): 1,
        ("plan_as_done", "return-neglect-champions.1.2"): 1,
        ("plan_as_done", "report-case-reviews.case-review-2"): 1,
        ("audit_without_sample", "return-engine-room.deep-dive"): 1,
        ("audit_without_sample", "return-engine-room.follow-up-audit"): 1,
        ("unmeasured_evaluation", "return-training.training"): 1,
        ("uneven_parts", "return-engine-room.deep-dive"): 1,
        ("meeting_cadence", "report-business-unit.governance"): 1,
        ("meeting_cadence", "report-scrutineer.scrutiny"): 1,
    }


def test_a_claim_about_all_subgroups_names_the_returns_that_did_not_come() -> None:
    (claim,) = [one for one in failed() if one.kind == "contradicted_claim"]
    assert claim.severity == "must_fix"
    assert "Neglect Champions Group (Q2, Q3, Q4) and 3 other sentences say otherwise" in claim.title
    assert {"report-scrutineer-2023-24.docx"} <= {value.place.partition(",")[0] for value in claim.values}
