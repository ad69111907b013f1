"""The worked checks that are about words: each made again by a rule over the published report's own text.

The report stands beside the project's folder, and is no part of it. Where it is not there nothing can be said, and
these checks are out of reach; what the rules find on small texts is held by ``tests/wording``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config.periods import ReportingYear
from tasks.model import Finding
from tasks.wording import check_words
from tasks.wording.cases import ages_and_months
from tasks.wording.passages import Passage, from_text
from tests.pure_year import year

REPORT = Path(__file__).parents[3] / "shared" / "reference" / "hsscp-annual-report-2023-24.txt"
YEAR = ReportingYear(2023)
ABSENT = "The published report is not beside the project's folder."


@dataclass(frozen=True)
class Wanted:
    """A finding of one kind with these words in its title, its arithmetic or the places that it names."""

    kind: str
    words: tuple[str, ...] = ()


WANTED: Mapping[str, tuple[Wanted, ...]] = {
    "E-01": (Wanted("stock_as_flow", ("Throughout", "children in need", "children looked after")),),
    "E-02": (Wanted("approximate_exact", ("approximately", "exact numbers")),),
    "E-03": (Wanted("undated_stock", ("children in need",)), Wanted("undated_stock", ("schools",))),
    "E-04": (Wanted("stock_as_flow", ("children living in poverty", "children and young people under 18")),),
    "E-05": (Wanted("missing_statement", ("in the year before",)),),
    "E-06": (Wanted("undated_figures", ("TRAINING",)),),
    "E-07": (Wanted("missing_statement", ("how many serious incidents",)),),
    "G-04": (Wanted("identification_risk", ("LCSPR - Roo", "an exact date")), Wanted("identification_risk", ("Joe",))),
    "H-01": (Wanted("same_event", ("weeks of gestation", "2 ways")),),
    "H-02": (Wanted("chronology", ("goes back in time",)),),
    "H-03": (Wanted("chronology", ("stands 2 times",)),),
    "H-04": (Wanted("same_event", ("two different examinations",)),),
    "H-06": (Wanted("contradicted_claim", ("subgroups", "no return came", "1 other sentence")),),
    "H-07": (
        Wanted("unsupported_impact", ("5 of 5", "PRIORITY 1.1")),
        Wanted("unsupported_impact", ("2 of 2", "PRIORITY 1.2")),
    ),
    "H-08": (Wanted("avoided_and_found", ("avoiding re-referrals",)),),
    "H-09": (Wanted("dangling_reference", ("As set out above",)),),
    "H-10": (Wanted("concern_among_strengths", ("less clear",)),),
    "H-11": (Wanted("empty_section", ("FINANCIAL ARRANGEMENTS",)),),
    "H-12": (Wanted("empty_section", ("promises a list", "Relevant Agencies")),),
    "H-13": (Wanted("empty_section", ("Labels lead to no value",)),),
    "H-14": (
        Wanted("uneven_parts", ("still to achieve", "PRIORITY 1.1")),
        Wanted("uneven_parts", ("Impact", "LCSPR - Roo")),
    ),
    "H-15": (
        Wanted("repeated_action", ("PRIORITY 1.1, PRIORITY 1.2 and PRIORITY 2.1",)),
        Wanted("repeated_action", ("listed under PRIORITY 1.1 and PRIORITY 1.2",)),
    ),
    "H-16": (Wanted("aim_as_impact", ("PRIORITY 2.1",)),),
    "H-17": (Wanted("unmeasured_evaluation", ("6 sentences", "TRAINING")),),
    "H-18": (
        Wanted("audit_without_sample", ("Deep Dive",)),
        Wanted("audit_without_sample", ("Multi-Agency Audit",)),
    ),
    "H-19": (Wanted("own_scrutiny", ("one person",)), Wanted("own_scrutiny", ("Chairing the HSSCP Executive",))),
    "H-21": (
        Wanted("meeting_cadence", ("quarterly", "no count of meetings")),
        Wanted("meeting_cadence", ("re-establish",)),
    ),
    "H-22": (Wanted("meeting_cadence", ("bi-monthly", "twice as often")),),
    "H-23": (Wanted("plan_as_done", ("Neglect conference",)),),
    "H-24": (Wanted("order_of_list", ("1, 3 and 2",)),),
    "H-26": (
        Wanted("name_spelling", ("The contents say", "Continuous Development")),
        Wanted("name_spelling", ("LCSPPR",)),
        Wanted("name_spelling", ("HSSP",)),
        Wanted("presentation", ("LCSPR's",)),
    ),
    "H-27": (Wanted("unplaced_citation", ("5 core",)),),
    "H-28": (
        Wanted("missing_statement", ("on which date it was published",)),
        Wanted("missing_statement", ("which version",)),
        Wanted("missing_statement", ("who approved it",)),
    ),
    "H-29": (Wanted("missing_statement", ("national reviews",)),),
    "J-01": (Wanted("number_styles", ("with and without a comma",)),),
    "J-02": (Wanted("number_styles", ("0, 1 and 2 decimals",)),),
    "J-03": (Wanted("year_styles", ("7 styles",)),),
    "J-04": (Wanted("name_spelling", ("Stockton-on-Tees", "Stockton-On-Tees")),),
    "J-05": (
        Wanted("acronyms", ("Never introduced", "CAMHS", "GGL", "ICB", "UBB")),
        Wanted("acronyms", ("before they are introduced", "VEMT", "MACE", "LCSPR")),
    ),
    "J-06": (Wanted("order_of_list", ("measures stand in one order",)),),
    "J-07": (Wanted("presentation", ("bold under",)),),
    "J-08": (Wanted("presentation", ("does not say where it leads",)), Wanted("presentation", ("leads nowhere",))),
}
OUT_OF_REACH: Mapping[str, str] = {
    "H-20": "Where partners' borders run is stated nowhere in what a partnership receives; it has to be known.",
    "H-25": "Sums told in words (last year's priorities and one more) and one plan's date in two places need a reader.",
}


def results() -> dict[str, tuple[str, str]]:
    """What comes of each check: found, not found or out of reach, with the reason in a sentence."""
    answers: dict[str, Callable[[], tuple[str, str]]] = {
        **{check: lambda wanted=wanted: _found(wanted) for check, wanted in WANTED.items()},
        "H-05": _ages_fit,
    }
    if not REPORT.is_file():
        return dict.fromkeys(sorted({*answers, *OUT_OF_REACH}), ("out of reach", ABSENT))
    found = {check: answer() for check, answer in answers.items()}
    return dict(sorted((found | {check: ("out of reach", why) for check, why in OUT_OF_REACH.items()}).items()))


@cache
def passages() -> tuple[Passage, ...]:
    """The published report."""
    return tuple(from_text(REPORT.read_text(encoding="utf-8"), "the published report"))


@cache
def findings() -> tuple[Finding, ...]:
    """Everything that the checks of words find in it, with the figures and returns of the demonstration year."""
    told = year()
    return tuple(check_words(told.partnership, YEAR, passages(), tuple(told.figures.values()), told.files))


def _found(wanted: tuple[Wanted, ...]) -> tuple[str, str]:
    told = [next((one for one in findings() if _is(one, want)), None) for want in wanted]
    lacking = [want for want, one in zip(wanted, told, strict=True) if one is None]
    if lacking:
        return "not found", f"No finding of {lacking[0].kind} with {', '.join(lacking[0].words)}."
    return "found", " ".join(dict.fromkeys(one.title for one in told if one))


def _is(one: Finding, want: Wanted) -> bool:
    said = " ".join((one.title, one.arithmetic, *(f"{side.label} {side.value}" for side in one.values)))
    return one.kind == want.kind and one.outcome == "failed" and all(word in said for word in want.words)


def _ages_fit() -> tuple[str, str]:
    """Ages of a baby at events, against the months from birth by the chronology: they fit."""
    by_topic: dict[str, list[Passage]] = {}
    for passage in passages():
        by_topic.setdefault(passage.topic, []).append(passage)
    looked_at = [one for of_it in by_topic.values() for one in ages_and_months(of_it)]
    differ = [one for one in looked_at if abs(one[1] - one[2]) > 1]
    if not looked_at or differ:
        return "not found", f"{len(looked_at)} ages were compared with months, {len(differ)} do not fit."
    return "found", f"{len(looked_at)} ages at events fit the months from birth by the chronology."
