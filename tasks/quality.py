"""What does the quality assurance group read? One page that opens anywhere, and the same as data.

Belongs here: choosing, ordering and wording what validation and reconciliation found, for people. Does not belong here:
finding it (``tasks.validate``, ``tasks.reconcile``), and how the page looks (``templates/quality/page.html.j2``).

The page is one file that asks nothing of a network and needs no script. It shows places of rows, never what stands
there; values only of figures, side by side where they disagree. The same inputs make the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.layouts import Source
from config.model import Severity
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear, day_words
from tasks.due import due_on
from tasks.gather.collect import lines
from tasks.model import FileState, Finding, GatheredFile, Outcome, Verdict

TEMPLATES = Path(__file__).parent.parent / "templates" / "quality"

SEVERITIES: dict[Severity, str] = {
    "must_fix": "Must be fixed",
    "look_at": "Should be looked at",
    "information": "For information",
}
"""How serious something is, in words, the most serious first."""
STATES: dict[FileState, str] = {
    "read": "Came and was read",
    "unreadable": "Came, cannot be read",
    "empty": "Came empty",
    "wrong_period": "Came for another period",
    "wrong_layout": "Came in a layout that is not known",
    "personal_data": "Came with personal data, and was not used",
    "superseded": "Came, and a later version was taken",
    "unexpected": "Came, and is expected from nobody",
    "day_list": "The list of days on which files came",
}
NOTHING_CAME = "Nothing came"
OUTCOMES: dict[Outcome, str] = {"passed": "passed", "failed": "found something", "not_evaluated": "not evaluated"}

Return = Quarter | ReportingYear
Plain = dict[str, Any]


def quality_page(
    partnership: Partnership,
    period: Return,
    files: Sequence[GatheredFile],
    verdicts: Sequence[Verdict],
    findings: Sequence[Finding],
) -> str:
    """The page for a quarter or a year, as one HTML file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told = results(partnership, period, files, verdicts, findings)
    return environment.get_template("page.html.j2").render(told)


def results(
    partnership: Partnership,
    period: Return,
    files: Sequence[GatheredFile],
    verdicts: Sequence[Verdict],
    findings: Sequence[Finding],
) -> Plain:
    """Everything that the page says, as lists, texts and numbers that JSON can hold."""
    titles = {source.id: source.title for source in partnership.sources.values()}
    order = {id_: number for number, id_ in enumerate(partnership.sources)}
    verdicts = sorted(verdicts, key=lambda verdict: order.get(verdict.source, len(order)))
    # What did not come and which checks failed have sections of their own.
    compared = [finding for finding in findings if finding.kind not in ("cadence", "source_check")]
    returns = _returns(partnership, period, files, verdicts)
    known = {one["source"] for one in returns}
    missing = {one["source"] for one in returns if one["state"] == "missing"}
    absences = [one for one in findings if one.kind == "cadence" and one.outcome == "failed"]
    counts = _counts(returns, missing, verdicts, compared)
    counts |= {"not_every_quarter": sum(one.subject.partition(".")[0] not in known for one in absences)}
    return {
        "partnership": {
            "id": partnership.profile.id,
            "name": partnership.profile.name,
            "contact": partnership.profile.contact,
        },
        "period": {"id": str(period), "words": period.words, "title": _title(period)},
        "headline": _headline(counts),
        "counts": counts,
        "returns": returns,
        "unexpected": [
            _file(file) for file in files if file.source not in known and (file.state != "day_list" or file.problems)
        ],
        "absences": [_finding(partnership, one) for one in absences],
        "problems": _problems(files, titles),
        "failed": _by_severity([_check(v, titles) for v in verdicts if v.outcome == "failed"]),
        "not_evaluated": _not_evaluated(verdicts, titles, missing),
        "disagreements": _by_severity([_finding(partnership, one) for one in compared if one.outcome == "failed"]),
        "not_compared": _not_compared(compared),
    }


def _title(period: Return) -> str:
    return f"Quarter {period.number} of {period.year}" if isinstance(period, Quarter) else f"The year {period}"


# What came


def _returns(
    partnership: Partnership, period: Return, files: Iterable[GatheredFile], verdicts: Iterable[Verdict]
) -> list[Plain]:
    came: dict[str, list[GatheredFile]] = {}
    for file in files:
        came.setdefault(file.source, []).append(file)
    outcomes: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        outcomes.setdefault(verdict.source, Counter())[verdict.outcome] += 1
    due = partnership.due("quarter" if isinstance(period, Quarter) else "year")
    return [
        _return(partnership, source, period, came.get(source.id, []), outcomes.get(source.id, Counter()))
        for source in due
    ]


def _return(
    partnership: Partnership, source: Source, period: Return, files: Sequence[GatheredFile], outcomes: Mapping[str, int]
) -> Plain:
    taken = next((file for file in files if file.state == "read"), files[-1] if files else None)
    return {
        "source": source.id,
        "title": source.title,
        "sender": partnership.groups[source.sender].name,
        "due": day_words(due_on(source, period)),
        "state": taken.state if taken else "missing",
        "state_words": STATES[taken.state] if taken else NOTHING_CAME,
        "severity_words": "" if taken and taken.state == "read" else SEVERITIES[source.required],
        "files": [_file(file) for file in files],
        "checks": {outcome: outcomes.get(outcome, 0) for outcome in OUTCOMES},
        "checks_words": ", ".join(f"{outcomes[one]} {words}" for one, words in OUTCOMES.items() if outcomes.get(one)),
    }


def _file(file: GatheredFile) -> Plain:
    return {
        "name": file.name,
        "state": file.state,
        "state_words": STATES[file.state],
        "sha256": file.sha256,
        "key": file.key,
    }


def _problems(files: Iterable[GatheredFile], titles: Mapping[str, str]) -> list[Plain]:
    """What readers said of each file, the files in their order, the most serious first within one."""
    told = []
    for file in files:
        ranked = sorted(file.problems, key=lambda problem: [*SEVERITIES].index(problem.severity))
        if ranked:
            told.append(
                {
                    "title": titles.get(file.source, "A file that was not expected"),
                    "file": file.name,
                    "problems": [
                        {
                            "severity": problem.severity,
                            "severity_words": SEVERITIES[problem.severity],
                            "what": problem.what,
                            "where": problem.where.removeprefix(file.name).removeprefix(", "),
                            "why": problem.why,
                            "to_do": problem.to_do,
                        }
                        for problem in ranked
                    ],
                }
            )
    return told


# What was checked


def _check(verdict: Verdict, titles: Mapping[str, str]) -> Plain:
    return {
        "severity": verdict.severity,
        "source": verdict.source,
        "title": titles.get(verdict.source, verdict.source),
        "check": verdict.check,
        "says": verdict.says,
        "why": verdict.why,
        "to_do": verdict.to_do,
        "rows_failed": verdict.rows_failed,
        "rows_checked": verdict.rows_checked,
        "rows_words": _rows_words(verdict),
        "where": _where(verdict),
    }


def _rows_words(verdict: Verdict) -> str:
    if not verdict.rows_checked:
        return "no rows"
    counted = f"{verdict.rows_failed:,} of {verdict.rows_checked:,}"
    return (
        f"{counted} missing" if _tells_absence(verdict) else counted if verdict.rows_failed else "all of them together"
    )


def _tells_absence(verdict: Verdict) -> bool:
    return bool(verdict.places) and all(place.startswith("nothing for ") for place in verdict.places)


def _where(verdict: Verdict) -> str:
    """The places of a failed check in as few words as can be: ``lines 3-5, 9``; ``sheet Figures: B9, B12``."""
    numbers = [re.fullmatch(r"line (\d+)", place) for place in verdict.places]
    if verdict.places and all(numbers):
        told = [lines(int(found[1]) for found in numbers if found)]
    else:
        sheets: dict[str, list[str]] = {}
        for place in verdict.places:
            sheet, _, cell = place.rpartition(", ") if place.startswith("sheet ") else ("", "", place)
            sheets.setdefault(sheet, []).append(cell)
        told = [f"{sheet}: {', '.join(cells)}" if sheet else ", ".join(cells) for sheet, cells in sheets.items()]
    more = verdict.rows_failed - len(verdict.places)
    return "; ".join(told) + (f", and {more:,} more" if told and more > 0 else "")


def _by_severity(entries: Iterable[Plain]) -> list[Plain]:
    """Entries under their severity, the most serious first; severities without any are left out."""
    groups: dict[str, list[Plain]] = {severity: [] for severity in SEVERITIES}
    for entry in entries:
        groups[entry["severity"]].append(entry)
    return [
        {"severity": severity, "severity_words": words, "entries": groups[severity]}
        for severity, words in SEVERITIES.items()
        if groups[severity]
    ]


def _not_evaluated(verdicts: Iterable[Verdict], titles: Mapping[str, str], missing: Collection[str]) -> list[Plain]:
    """Checks that could not be made: one entry for each source and reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    for verdict in verdicts:
        if verdict.outcome == "not_evaluated":
            groups.setdefault((verdict.source, verdict.reason), []).append(verdict.says)
    return [
        {
            "source": source,
            "title": titles.get(source, source),
            "reason": reason,
            "checks": says,
            "came": source not in missing,
        }
        for (source, reason), says in groups.items()
    ]


# What was compared


def _finding(partnership: Partnership, finding: Finding) -> Plain:
    owner = partnership.groups.get(finding.owner)
    return {
        "id": finding.id,
        "severity": finding.severity,
        "title": finding.title,
        "arithmetic": finding.arithmetic,
        "difference": finding.difference,
        "tolerance": "" if finding.tolerance in ("0", "none") else finding.tolerance,
        "matters": finding.matters,
        "to_do": finding.to_do,
        "owner": owner.name if owner else finding.owner,
        "values": [{"label": value.label, "value": value.value, "place": value.place} for value in finding.values],
        "figures": list(finding.figures),
    }


def _not_compared(findings: Iterable[Finding]) -> list[Plain]:
    groups: dict[str, list[str]] = {}
    for finding in findings:
        if finding.outcome == "not_evaluated":
            groups.setdefault(finding.reason, []).append(finding.title)
    return [{"reason": reason, "titles": titles} for reason, titles in groups.items()]


# The headline


def _counts(
    returns: Sequence[Plain], missing: Collection[str], verdicts: Sequence[Verdict], compared: Sequence[Finding]
) -> Plain:
    states = Counter(one["state"] for one in returns)
    failed = Counter(verdict.severity for verdict in verdicts if verdict.outcome == "failed")
    return {
        "expected": len(returns),
        "read": states["read"],
        "missing": states["missing"],
        "unusable": len(returns) - states["read"] - states["missing"],
        "checks": {outcome: sum(v.outcome == outcome for v in verdicts) for outcome in OUTCOMES},
        "failed": {severity: failed[severity] for severity in SEVERITIES},
        "not_evaluated_of_what_came": sum(v.outcome == "not_evaluated" and v.source not in missing for v in verdicts),
        "comparisons": {outcome: sum(f.outcome == outcome for f in compared) for outcome in OUTCOMES},
    }


def _headline(counts: Plain) -> str:
    """What matters most, in one sentence."""
    failed, comparisons = counts["failed"], counts["comparisons"]
    parts = [
        _many(counts["missing"], "return is missing", "returns are missing"),
        _many(counts["unusable"], "return", "returns", "came and cannot be used"),
        _many(counts["not_every_quarter"], "source", "sources", "did not send for every quarter"),
        _many(failed["must_fix"], "check", "checks", "must be fixed"),
        _many(failed["look_at"], "check", "checks", "should be looked at"),
        _many(
            counts["not_evaluated_of_what_came"], "check of what came", "checks of what came", "could not be evaluated"
        ),
        _many(comparisons["failed"], "comparison of figures does not agree", "comparisons of figures do not agree"),
    ]
    told = [part for part in parts if part]
    if not told:
        return "Everything that was expected came, every check passed, and the figures that could be compared agree."
    return (", ".join(told[:-1]) + " and " + told[-1] if len(told) > 1 else told[0]) + "."


def _many(count: int, one: str, several: str, rest: str = "") -> str:
    return f"{count:,} {one if count == 1 else several} {rest}".rstrip() if count else ""
