"""What is checked? Every check of every suite as a table that people read, made from the suites themselves.

Belongs here: writing ``expectations/README.md``. Does not belong here: what a suite may say (``expectations.suite``).
Run ``python -m expectations.catalogue`` after changing a suite; a test compares.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from config.model import SEVERITIES
from expectations.load import HERE, load_suites
from expectations.suite import Check, Suite

PAGE = HERE / "README.md"

START = """\
# What is checked

Every check that is made of what a partnership receives, in the words in which its sender is told. This page is made
from the suites in this folder (`make catalogue`), so it is what really runs.

A check says **passed**, **failed** or **not evaluated**. What could not be looked at is never called passed: where
nothing came, a column is missing, or there is nothing to compare with, the reason is told in the place of a verdict.
Checks are told with places and counts, never with the values that stand there.

Each source has a suite of its own, over the rows as they were sent. Sources that carry figures have
[the shared one](#{shared}) too, over the figures that were read from them. How figures of different sources and of
different kinds agree is not here but in each partnership's `reconciliation.yaml`.

To add a check, add an entry to a suite; it is tested on good, faulty, empty and absent data by the example of faulty
data that the entry has to give.

| suite | file | {severities} |
|---|---|{rules}|
"""


def catalogue(suites: Iterable[Suite]) -> str:
    """The page, in Markdown."""
    ordered = sorted(suites, key=lambda suite: (suite.frame == "rows", suite.title))
    start = START.format(
        shared=_anchor(ordered[0].title),
        severities=" | ".join(words.lower() for words in SEVERITIES.values()),
        rules="|".join("--:" for _ in SEVERITIES),
    )
    lines = [_counted(suite) for suite in ordered]
    return start + "".join(lines) + "".join(_suite(suite) for suite in ordered)


def _counted(suite: Suite) -> str:
    counts = [sum(check.severity == one for check in suite.checks) for one in SEVERITIES]
    numbers = " | ".join(str(count) for count in counts)
    return f"| [{suite.title}](#{_anchor(suite.title)}) | `{suite.id}.yaml` | {numbers} |\n"


def _suite(suite: Suite) -> str:
    head = f"\n## {suite.title}\n\n| check | what should be so | why it matters | what to do | how much it matters |\n"
    return head + "|---|---|---|---|---|\n" + "".join(_row(check) for check in suite.checks)


def _row(check: Check) -> str:
    cells = (f"`{check.id}`", check.says, check.why, check.to_do, SEVERITIES[check.severity].lower())
    return "| " + " | ".join(cell.replace("|", r"\|").replace("\n", " ") for cell in cells) + " |\n"


def _anchor(title: str) -> str:
    return "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -").replace(" ", "-")


def write(page: Path = PAGE) -> None:
    """Write the page again."""
    page.write_text(catalogue(load_suites().values()), encoding="utf-8")


if __name__ == "__main__":
    write()
