"""The same as a table: one row for each return, file problem, check and comparison.

Belongs here: the columns, for people who sort and filter. Does not belong here: what is told (``tasks.quality.told``).
Cells that a spreadsheet would run as formulas are defused.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.model import SEVERITIES
from tasks.plain import to_csv
from tasks.quality.whole import Results
from tasks.words import OUTCOMES

COLUMNS = (
    "kind", "source", "period", "check", "sentence", "severity", "outcome", "rows_checked", "rows_failed",
    "where", "what_to_do", "decisions", "who", "why_not_made",
)  # fmt: skip


def quality_table(told: Results) -> str:
    """The table as CSV."""
    rows = [{column: row.get(column, "") for column in COLUMNS} for row in _rows(told)]
    return to_csv(rows, COLUMNS, numbers=("rows_checked", "rows_failed"))


def _rows(told: Results) -> Iterator[dict[str, str]]:
    for one in told.returns:
        yield {
            "kind": "return",
            "source": one.title,
            "period": one.period,
            "sentence": f"It was due on {one.due_words}.",
            "severity": "" if one.state == "read" else SEVERITIES[one.required],
            "outcome": one.state_words,
            "where": "; ".join(file.name for file in one.files),
            "who": one.sender,
        }
    for problem in told.problems:
        yield {
            "kind": "file",
            "source": problem.title,
            "period": problem.period,
            "sentence": problem.what,
            "severity": SEVERITIES[problem.severity],
            "outcome": OUTCOMES["failed"],
            "where": problem.place,
            "what_to_do": problem.to_do,
            "who": problem.owner,
        }
    for check in told.checks:
        yield {
            "kind": "check",
            "source": check.title,
            "period": check.period,
            "check": check.check,
            "sentence": check.says,
            "severity": SEVERITIES[check.severity],
            "outcome": OUTCOMES[check.outcome],
            "rows_checked": str(check.rows_checked),
            "rows_failed": str(check.rows_failed),
            "where": check.where,
            "what_to_do": check.to_do if check.outcome == "failed" else "",
            "who": check.owner,
            "why_not_made": check.reason,
        }
    for compared in told.comparisons:
        yield {
            "kind": "comparison",
            "period": compared.period,
            "check": compared.rule,
            "sentence": compared.title,
            "severity": SEVERITIES[compared.severity],
            "outcome": OUTCOMES[compared.outcome],
            "where": "; ".join(value.place for value in compared.values if value.place),
            "what_to_do": compared.to_do if compared.outcome == "failed" and compared.state != "decided" else "",
            "decisions": "; ".join(compared.decisions),
            "who": compared.owner,
            "why_not_made": compared.reason,
        }
