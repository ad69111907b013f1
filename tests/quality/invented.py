"""What an invented partnership's runs saw: a quarter with everything in it, one before it, one crowded, one empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.load import load_partnership
from config.periods import ReportingYear, Return
from tasks.model import Finding, GatheredFile, Problem, ValueBeside, Verdict
from tasks.quality import Results, Seen, results

PARTNERSHIP = load_partnership("eastmere", Path(__file__).parent.parent / "partnerships")
YEAR = ReportingYear(2023)
Q1, Q2, Q3, Q4 = YEAR.quarters
EVIL = "<img src=x onerror=alert(1)>"
NOTHING = "Nothing came, or what came was empty."


def file(
    source: str,
    name: str,
    state: str = "read",
    *problems: Problem,
    quarter: Return = Q3,
    day: str = "",
) -> GatheredFile:
    key = f"received/2023-24/Q3/{source}/{'a' * 64}"
    return GatheredFile(source, name, key, "a" * 64, 1204, str(quarter), state, problems, day)  # type: ignore[arg-type]


def verdict(
    source: str, number: int, outcome: str, severity: str = "must_fix", quarter: Any = Q3, **more: Any
) -> Verdict:
    says = ["Every line has a value.", "No percentage is above 100.", "Each code stands once for each period."]
    return Verdict(
        source,
        str(quarter),
        f"check-{number}",
        says[number % 3] if number < 3 else f"{says[number % 3]} ({number})",
        "An empty value can mean none or not known.",
        "Write 0 where there was none.",
        severity,  # type: ignore[arg-type]
        outcome,  # type: ignore[arg-type]
        **more,
    )


def finding(subject: str, outcome: str = "failed", kind: str = "same_figure", **more: Any) -> Finding:
    told = {
        "arithmetic": "1,043 - 990 = 53",
        "difference": "53 referrals apart",
        "tolerance": "none",
        "severity": "look_at",
        "title": f"Referrals of {subject} are 1,043 in the dataset and 990 in the return.",
    } | more
    return Finding(
        id=f"rule:{subject}",
        rule="rule",
        kind=kind,
        subject=subject,
        period=str(Q3),
        outcome=outcome,  # type: ignore[arg-type]
        owner="business-unit",
        matters="Readers would see two numbers for the same thing.",
        to_do="Ask which of the two is right.",
        values=(ValueBeside("Borough dataset", "1,043", "eastmere.csv, line 4"), ValueBeside("Return", "990", "")),
        **told,
    )


PERIOD_PROBLEM = Problem(
    "2 rows have a period that cannot be read.",
    "eastmere-q3.csv, lines 7, 9",
    "They were left out.",
    "Write 2023-10.",
    "look_at",
)
OTHER_QUARTER = Problem(
    "The file says that it is for July to September.",
    "northbrook-q3.csv, line 2",
    "Its figures were not used.",
    "Send October to December.",
)
FILES = (
    file("dataset-eastmere", "eastmere-q3-first.csv", "superseded", day="2024-01-19"),
    file("dataset-eastmere", "eastmere-q3.csv", "read", PERIOD_PROBLEM, day="2024-01-25"),
    file("dataset-northbrook", "northbrook-q3.csv", "wrong_period", OTHER_QUARTER),
    file("unexpected", "minutes & notes.docx", "unexpected"),
)
LINES = tuple(f"line {n}" for n in [2, 3, 4, 9])
VERDICTS = (
    verdict("return-training", 0, "not_evaluated", reason=NOTHING),
    verdict("return-training", 1, "not_evaluated", reason=NOTHING),
    verdict("dataset-eastmere", 0, "failed", "look_at", rows_checked=1204, rows_failed=23, places=LINES),
    verdict(
        "dataset-eastmere",
        1,
        "failed",
        rows_checked=9,
        rows_failed=2,
        places=("nothing for 'Referrals'", "nothing for 'CIN'"),
    ),
    verdict("dataset-eastmere", 2, "passed", rows_checked=1204),
    verdict("dataset-northbrook", 2, "not_evaluated", reason="What came is for another period."),
)
FINDINGS = (
    finding(
        "return-training.2023-24-Q3",
        kind="cadence",
        severity="must_fix",
        title="No return from Training group for Q3 2023-24.",
        arithmetic="0 of 1 came",
        difference="1 missing",
    ),
    finding("eastmere.referrals"),
    finding("northbrook.referrals", "passed"),
    finding("northbrook.cin_open", "not_evaluated", reason="Only one source has it."),
)
BEFORE = Seen(
    Q2,
    (file("dataset-eastmere", "eastmere-q2.csv", quarter=Q2), file("dataset-northbrook", "n-q2.csv", quarter=Q2)),
    (
        verdict("dataset-eastmere", 0, "failed", "look_at", Q2, rows_checked=900, rows_failed=2),
        verdict("dataset-eastmere", 1, "passed", quarter=Q2, rows_checked=9),
        verdict("dataset-eastmere", 2, "failed", quarter=Q2, rows_checked=900, rows_failed=1),
        verdict("dataset-northbrook", 2, "failed", quarter=Q2, rows_checked=900, rows_failed=1),
        verdict("return-training", 0, "not_evaluated", quarter=Q2, reason=NOTHING),
    ),
)
NOW = Seen(Q3, FILES, VERDICTS)


def told(
    *seen: Seen,
    period: Return = Q3,
    findings: tuple[Finding, ...] = FINDINGS,
) -> Results:
    """What is said of a quarter with everything in it, or of what a test gives in its place."""
    return results(PARTNERSHIP, period, seen or (BEFORE, NOW), findings)


def crowded() -> Results:
    """A hundred failed checks, long names without a space, what was sent as markup, and a long disagreement."""
    long = "a-file-with-a-very-long-name-and-no-space-in-it-" * 3
    failures = tuple(
        verdict(
            "dataset-eastmere",
            number,
            "failed",
            ("must_fix", "look_at", "information")[number % 3],
            rows_checked=100_000,
            rows_failed=12_345,
            places=tuple(f"sheet {long}, B{n}" for n in range(2, 22)),
        )
        for number in range(3, 103)
    )
    return told(
        BEFORE,
        Seen(Q3, (file("dataset-eastmere", f"{long}{EVIL}.csv", "read", PERIOD_PROBLEM), *FILES[2:]), failures),
        findings=(*FINDINGS, finding(f"{long}.{EVIL}", arithmetic=" + ".join(["1,234,567"] * 30), difference=EVIL)),
    )


def empty() -> Results:
    """A quarter for which no file came and nothing could be checked."""
    return told(Seen(Q3, (), ()), findings=())


def good() -> Results:
    """A quarter in which everything came and passed."""
    files = tuple(file(source.id, f"{source.id}.csv") for source in PARTNERSHIP.due("quarter"))
    return told(Seen(Q3, files, (VERDICTS[4],)), findings=(FINDINGS[2],))


def year() -> Results:
    """The year, made of two of its quarters and a run of its own."""
    return told(BEFORE, NOW, Seen(YEAR, (), ()), period=YEAR)


PAGES = {"everything": told, "crowded": crowded, "empty": empty, "good": good, "year": year}
