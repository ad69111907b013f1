"""Which checks on figures do the product's rules find, on the demonstration year and on the report as printed?

Belongs here: which finding answers which check. The numbers that its arithmetic must hold stand in ``table.csv``, and
in no rule. Checks on text are in a module beside this one.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from tasks.assemble import draft_section, read_figures
from tasks.model import Finding
from tests import pure_year
from tests.assemble.invented import context_of, given_for_the_year, make_partnership
from tests.worked import as_printed

Result = tuple[str, str]
"""``found``, ``not found`` or ``out of reach``; and the arithmetic, or the reason."""
with (Path(__file__).parent / "table.csv").open(encoding="utf-8", newline="") as lines:
    TABLE = {row["id"]: row for row in csv.DictReader(lines)}

H, S, P = "hartlepool", "stockton", "partnership"
AREAS = (H, S)
ALIKE, BOTH = "boroughs-said-alike", "boroughs-both-told"


def _each(rule: str, measure: str, outcome: str = "passed") -> dict[str, str]:
    return {f"{rule}:{area}.{measure}": outcome for area in (H, S)}


ON_THE_SAMPLE: dict[str, dict[str, str]] = {
    "A-01": {f"schools-hartlepool:{H}.schools": "passed"},
    "A-02": {f"schools-hartlepool-special:{H}.schools_special": "passed"},
    "A-03": {f"schools-stockton-primary:{S}.schools_primary_phase": "passed"},
    "A-04": {f"schools-stockton-secondary:{S}.schools_secondary_phase": "passed"},
    "A-05": {f"schools-stockton-both:{S}.schools_both_phases": "passed"},
    "A-06": {
        f"schools-stockton-counted-once:{S}.schools_by_phase": "failed",
        f"{ALIKE}:schools-schools_by_phase": "failed",
    },
    "A-07": {f"schools-judged-hartlepool:{H}.schools_good_or_better": "failed"},
    "A-08": {f"schools-judged-stockton:{S}.schools_good_or_better": "failed"},
    "A-09": {f"ehc-plans-hartlepool:{H}.ehc_plans_school_census": "passed"},
    "A-10": {f"ehc-plans-stockton:{S}.ehc_plans_sen2": "passed"},
    "A-11": {"population-implied:under_18_share": "passed"},
    "A-12": {f"under-18-within-population:{H}.population_under_18": "passed"},
    "A-13": {f"rereferrals-fine-enough:{H}.rereferral_rate": "passed"},
    "A-14": {f"rereferrals-fine-enough:{S}.rereferral_rate": "failed"},
    "A-15": _each("missing-episodes-looked-after", "missing_episodes_cla"),
    "A-16": _each("missing-children-looked-after", "missing_children_cla"),
    "A-17": _each("episodes-a-child", "missing_episodes")
    | _each("episodes-a-child-looked-after", "missing_episodes_cla")
    | _each("episodes-a-child-not-looked-after", "missing_episodes"),
    "A-18": _each("missing-of-looked-after", "missing_children_cla", "failed"),
    "A-19": _each("protected-and-looked-after-within-need", "cp_plans_open"),
    "A-20": _each("marac-children-a-case", "marac_children"),
    "A-21": _each("marac-no-part-of-domestic-abuse", "marac_children", "failed"),
    "A-22": {
        f"escalated-within-assessments:{H}.early_help_escalated": "passed",
        f"escalated-within-episodes:{S}.early_help_escalated": "passed",
    },
    "A-23": _each("referrals-of-contacts", "referrals"),
    "A-24": {f"named-events-within-attendances:{P}.conference_attendances": "passed"},
    "A-25": {f"attendances-a-session:{P}.training_attendances": "failed"},
    "A-26": {
        f"bulletins-each-month:{P}.bulletins": "passed",
        f"newsletters-each-quarter:{P}.newsletters": "passed",
        f"forums-each-term:{P}.safeguarding_forums": "passed",
    },
    "A-27": {f"views-and-visitors:{P}.website_page_views": "failed"},
    "B-01": {
        "fsm-national-average:fsm_national": "failed",
        f"meals-comparator:{H}.fsm_primary": "failed",
        f"meals-comparator:{H}.fsm_national": "passed",
        f"meals-comparator:{S}.fsm_national": "failed",
    },
    "B-02": {
        f"meals-comparator:{H}.fsm_primary": "failed",
        f"meals-comparator:{S}.fsm_mainstream_primary": "failed",
    },
    "B-03": {"poverty-source-date:child_poverty": "failed"},
    "B-04": {f"{ALIKE}:child_poverty_regional": "failed"},
    "B-05": {f"{ALIKE}:child_poverty_national": "failed"},
    "B-07": {f"poverty-said-alike:{S}.child_poverty": "passed"},
    "C-01": {f"{ALIKE}:fsm_mainstream_primary-fsm_primary": "failed"},
    "C-02": {f"{ALIKE}:send_share_all_pupils-send_share_school_age": "failed"},
    "C-03": {
        "send-support-means-the-same:population_under_18": "failed",
        f"{ALIKE}:send_support_excl_ehc-send_support_incl_ehc": "failed",
    },
    "C-04": {f"{ALIKE}:early_help_assessments-early_help_episodes": "failed"},
    "C-05": {f"{ALIKE}:ehc_plans_school_census-ehc_plans_sen2": "failed"},
    "C-06": {f"{ALIKE}:rereferral_rate": "failed"},
    "C-07": {f"{ALIKE}:population_all_ages-under_18_share": "failed"},
    "C-08": {f"{ALIKE}:schools_good_or_better": "failed"},
    "C-09": {f"{ALIKE}:child_poverty": "failed"},
    "C-10": {f"{ALIKE}:home_educated": "failed"},
    "C-11": {f"{ALIKE}:cse_risk": "failed"},
    "C-12": {f"{ALIKE}:da_children_present": "failed"},
    "C-13": {f"{ALIKE}:missing_children_cla": "failed", f"{ALIKE}:missing_episodes_cla": "failed"},
    "C-14": {"rates-beside-counts:population_under_18": "failed"},
    "D-01": {f"{BOTH}:cce_risk": "failed"},
    "D-02": {f"{BOTH}:da_repeat_incidents": "failed"},
    "D-03": {f"{BOTH}:population_all_ages": "failed"},
    "D-04": {f"{BOTH}:under_18_share": "failed"},
    "E-03": {
        f"figures-have-a-date:{area}-{page}": "failed" for area in (H, S) for page in ("demographics", "snapshot")
    },
    "E-05": {
        f"moved-since-last-year:{H}.referrals": "passed",
        f"moved-since-last-year:{S}.referrals": "passed",
        f"moved-since-last-year:{H}.missing_episodes_cla": "failed",
        f"moved-since-last-year:{S}.missing_episodes_cla": "passed",
        f"moved-since-last-year:{H}.cp_plans_open": "passed",
    },
    "F-01-H": {f"referrals-official:{H}.referrals": "passed"},
    "F-01-S": {f"referrals-official:{S}.referrals": "passed"},
    "F-02-H": {f"cin-official:{H}.cin_open": "passed"},
    "F-02-S": {f"cin-official:{S}.cin_open": "failed"},
    "F-03-H": {f"protection-official:{H}.cp_plans_open": "passed"},
    "F-03-S": {f"protection-official:{S}.cp_plans_open": "failed"},
    "F-04-H": {f"cla-official:{H}.cla_open": "failed"},
    "F-04-S": {f"cla-official:{S}.cla_open": "passed"},
    "F-05-H": {f"rereferrals-official:{H}.rereferral_rate": "passed"},
    "F-05-S": {f"rereferrals-official:{S}.rereferral_rate": "failed"},
    "F-06-H": {f"missing-official:{H}.missing_episodes_cla": "passed"},
    "F-06-S": {f"missing-official:{S}.missing_episodes_cla": "failed"},
    "F-07-H": {f"missing-official:{H}.missing_children_cla": "passed"},
    "F-07-S": {f"missing-official:{S}.missing_children_cla": "failed"},
    "F-08-H": {f"population-official:{H}.population_under_18": "failed"},
    "F-08-S": {f"population-official:{S}.population_under_18": "failed"},
    "F-09": {"same-kind-of-data:official-pattern": "failed"},
    "F-10": {
        f"looked-after-roll-forward:{H}.cla_open-official-cla-2024": "failed",
        f"looked-after-roll-forward:{H}.cla_open-official-cla-2025": "failed",
        f"looked-after-roll-forward:{S}.cla_open-official-cla-2024": "failed",
        f"looked-after-roll-forward:{S}.cla_open-official-cla-2025": "failed",
        f"cin-episodes-add-up:{H}.cin_any_point": "passed",
        f"cin-episodes-add-up:{S}.cin_any_point": "failed",
    },
    "G-01": {f"small-numbers:{H}.private_fostering_new": "failed"},
    "G-02": {
        f"small-numbers-of-health:{S}.private_fostering_new": "failed",
        f"small-numbers-of-health:{H}.private_fostering_new": "failed",
    },
    "G-03": _each("small-numbers", "missing_children-missing_children_cla"),
    "J-02": {"percentages-alike:percentages": "failed"},
}
"""The findings of the demonstration year that answer a check, without their period, and the outcome of each."""

ON_THE_PRINTED_REPORT: dict[str, dict[str, str]] = {
    "B-06": {f"poverty-said-alike:{H}.child_poverty": "passed"},
    "D-05": {f"figures-have-a-source:{H}-snapshot": "failed", f"figures-have-a-source:{S}-snapshot": "failed"},
    "E-01": {f"words-fit-the-time:{H}-snapshot": "failed", f"words-fit-the-time:{S}-snapshot": "failed"},
    "E-02": {
        f"exact-figures-are-not-about:{H}-snapshot": "failed",
        f"exact-figures-are-not-about:{S}-snapshot": "failed",
    },
    "E-04": {f"words-fit-the-time:{H}-snapshot": "failed", f"words-fit-the-time:{S}-snapshot": "failed"},
    "E-06": {"words-fit-the-time:training": "failed", "words-fit-the-time:communication": "failed"},
    "J-06": {f"snapshots-in-one-order:{H}-snapshot-{S}-snapshot": "failed"},
}
"""The same for what only the printed pages show."""

OUT_OF_REACH = {
    "J-07": "Bold letters are no part of what is read from a document.",
}


@cache
def sample() -> pure_year.Told:
    return pure_year.year()


@cache
def printed() -> pure_year.Told:
    return as_printed.told()


def results() -> dict[str, Result]:
    """What comes of every check on figures."""
    found = {check: _answer(check, wanted, sample()) for check, wanted in ON_THE_SAMPLE.items()}
    found |= {check: _answer(check, wanted, printed()) for check, wanted in ON_THE_PRINTED_REPORT.items()}
    found |= {"G-05": _places_are_no_persons(), "G-06": _symbols_are_printed()}
    found |= {check: ("out of reach", reason) for check, reason in OUT_OF_REACH.items()}
    return {check: found[check] for check in TABLE if check in found}


def _answer(check: str, wanted: dict[str, str], told: pure_year.Told) -> Result:
    """Found if every finding has its outcome, and all numbers of the check stand in what they say."""
    by_id = {one.id.removesuffix(f".{pure_year.YEAR}"): one for one in told.findings}
    other = [name for name, outcome in wanted.items() if name not in by_id or by_id[name].outcome != outcome]
    if other:
        return "not found", f"no such outcome: {', '.join(other)}"
    findings = [by_id[name] for name in wanted]
    said = " ".join(_words(one) for one in findings)
    lacking = [number for number in _numbers(check) if not re.search(_exactly(number), said, re.IGNORECASE)]
    if lacking:
        return "not found", f"its arithmetic lacks {', '.join(lacking)}"
    return "found", " | ".join(dict.fromkeys(one.arithmetic or one.title for one in findings))


def _words(one: Finding) -> str:
    return " ".join([one.title, one.arithmetic, one.effect, *(f"{side.label} {side.value}" for side in one.values)])


def _numbers(check: str) -> list[str]:
    return [number for number in TABLE[check]["numbers"].split("; ") if number]


def _exactly(number: str) -> str:
    """A number is not found inside a longer one."""
    return rf"(?<![\d.,]){re.escape(number)}(?!\d|[.,]\d)"


def _places_are_no_persons() -> Result:
    """No small number of schools is taken for one of people."""
    told = sample()
    small = [
        figure
        for figure in told.figures.values()
        if figure.value in range(1, 6) and not told.partnership.measures[figure.measure].counts_persons
    ]
    about = {figure.id for figure in small}
    alarms = [one.id for one in told.findings if one.kind == "small_numbers" and one.subject in about]
    if alarms or not small:
        return "not found", f"{len(alarms)} findings about places"
    return "found", f"{len(small)} small numbers of places and events, {len(alarms)} findings about them"


def _symbols_are_printed() -> Result:
    """A figure that its sender hid stands in a draft as it was sent."""
    partnership, given = make_partnership(), given_for_the_year()
    hidden = {one.symbol for one in given.figures.values() if one.symbol.startswith("<")}
    drafts = [draft_section(context_of(partnership, one.id, given)) for one in partnership.sections]
    printed_as = {figure.text for draft in drafts for figure in read_figures(draft)}
    if not hidden or not hidden <= printed_as or printed_as & {one.strip("<") for one in hidden}:
        return "not found", "a symbol was lost in a draft"
    return "found", f"{', '.join(sorted(hidden))} is sent and is printed as {', '.join(sorted(hidden))}"
