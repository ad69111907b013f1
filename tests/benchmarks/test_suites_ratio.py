"""How long do the suites take beside importing Great Expectations, and beside the same checks by hand in pandas?

Not part of `make test`: run it with `make bench`. Both sides run in turns and the best of each is taken, so that the
ratio is of the work and not of what else the machine did.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

from config.layouts import Source
from config.periods import Quarter
from expectations.suite import Suite
from tasks.model import Reading, Verdict
from tasks.validate import check
from tests.conftest import ROOT

TURNS = 3
SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"

BARE = "import great_expectations"
SUITES = """
import json, sys, time
from tasks import run, validate
from tests.benchmarks.test_suites_ratio import readings_of_the_year
jobs = readings_of_the_year(sys.argv[1])
start = time.perf_counter()
import expectations.custom
verdicts = [verdict for job in jobs for verdict in validate.check_source(*job)]
print(json.dumps({"seconds": time.perf_counter() - start, "verdicts": len(verdicts), "suites": 2 * len(jobs)}))
"""


def readings_of_the_year(store: str) -> list[tuple[Any, ...]]:
    """What each source sent in each period of the demonstration year, read, with what is kept of the period before."""
    from tasks.gather import read
    from tasks.order import Order, suites
    from tasks.run import Stages, folder_of
    from tasks.validate import before

    jobs = []
    for name in ("2023-24-Q1", "2023-24-Q2", "2023-24-Q3", "2023-24-Q4", "2023-24"):
        folder = "annual" if name == "2023-24" else name[-2:]
        stages = Stages(Order("hsscp", name, str(SAMPLE / folder), store))
        gathered = stages.gathered(stages.gather())
        taken = {file.source: file for file in gathered.files if file.state == "read"}
        earlier = before(stages.store, stages.period, folder_of(stages.period.before), suites())
        p = stages.partnership
        for source in stages.due:
            file = taken.get(source.id)
            data = stages.store.get(file.key) if file else b""
            empty = Reading(state="empty")
            reading = read(source, data, file.name, stages.period, areas=p.profile.areas) if file else empty
            jobs.append((source, reading, suites(), stages.period, p.measures, p.profile.areas, earlier))
    return jobs


def seconds_of(work) -> float:  # noqa: ANN001 - a callable
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.benchmark
def test_all_suites_over_the_demonstration_year_beside_importing_great_expectations(tmp_path) -> None:  # noqa: ANN001
    imports, suites = [], []
    for turn in range(TURNS):
        imports.append(seconds_of(lambda: subprocess.run([sys.executable, "-c", BARE], check=True, cwd=ROOT)))
        command = [sys.executable, "-c", SUITES, str(tmp_path / f"store-{turn}")]
        ran = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
        suites.append(json.loads(ran.stdout.splitlines()[-1]))
    best = min(told["seconds"] for told in suites)
    print(f"\nimporting great_expectations {min(imports):.2f} s; with all suites of the year {best:.2f} s")
    print(f"{suites[0]['verdicts']} verdicts; ratio: {best / min(imports):.2f} (aim: at most 3)")
    assert best / min(imports) <= 3


# A million rows

ROWS = 1_000_000
BOOKINGS = Source.model_validate(
    {
        "id": "bookings",
        "title": "Bookings",
        "sender": "training",
        "owner": "training",
        "every": "quarter",
        "due_days": 20,
        "files": ["bookings*"],
        "suite": "bookings",
        "layout": {
            "layout": "rows",
            "area": "partnership",
            "columns": {"event": ["Event"], "date": ["Date"]},
            "date": "date",
            "personal": ["learner"],
            "counts": [{"measure": "bookings", "how": "rows"}],
        },
    }
)
OUTCOMES, AGENCIES = ["Attended", "Did not attend", "Cancelled"], ["Police", "Health", "Schools", "Council", "Charity"]
FIRST, LAST = "2023-10-01T00:00:00", "2023-12-31T23:59:59"
NULL, IN, BETWEEN = "values_to_not_be_null", "values_to_be_in_set", "values_to_be_between"
MATCH, NOT_MATCH, LENGTH = "values_to_match_regex", "values_to_not_match_regex", "value_lengths_to_be_between"
REFERENCE, EMAIL = r"^L\d{7}$", r"@"

CHECKS: list[tuple[str, dict[str, Any]]] = [
    *((NULL, {"column": name}) for name in ("event", "date", "agency", "attendance", "learner", "places", "day")),
    (IN, {"column": "attendance", "value_set": OUTCOMES}),
    (IN, {"column": "agency", "value_set": AGENCIES}),
    (BETWEEN, {"column": "number", "min_value": 1, "max_value": 60}),
    (BETWEEN, {"column": "hours_given", "min_value": 0}),
    (BETWEEN, {"column": "day", "min_value": FIRST, "max_value": LAST}),
    (MATCH, {"column": "learner", "regex": REFERENCE}),
    (NOT_MATCH, {"column": "event", "regex": EMAIL}),
    (LENGTH, {"column": "event", "min_value": 4, "max_value": 4}),
    (LENGTH, {"column": "learner", "min_value": 8, "max_value": 8}),
    ("values_to_be_unique", {"column": "learner"}),
    ("compound_columns_to_be_unique",
     {"column_list": ["event", "learner"], "ignore_row_if": "any_value_is_missing"}),
    ("pair_values_a_to_be_greater_than_b",
     {"column_A": "number", "column_B": "hours_given", "or_equal": True, "ignore_row_if": "either_value_is_missing"}),
    ("pair_values_to_be_near",
     {"column_A": "number", "column_B": "hours_given", "share": 20, "ignore_row_if": "either_value_is_missing"}),
]  # fmt: skip


def expectation(short: str) -> str:
    return f"expect_{short}" if short.startswith("compound") else f"expect_column_{short}"


SUITE = Suite.model_validate(
    {
        "title": "Bookings",
        "frame": "rows",
        "columns": ["event", "date", "agency", "attendance", "learner", "places", "hours"],
        "numbers": {"number": "places", "hours_given": "hours"},
        "dates": {"day": "date"},
        "example": [{}],
        "checks": [
            {
                "id": f"check-{n}",
                "says": "It is so.",
                "why": "Because.",
                "to_do": "Do it.",
                "severity": "must_fix",
                "faulty": {},
                "expectation": expectation(short),
                "arguments": arguments,
            }
            for n, (short, arguments) in enumerate(CHECKS)
        ],
    }
)


def million() -> pd.DataFrame:
    """Bookings in which about one in five hundred of everything is wrong, and one in a hundred missing."""
    chance = np.random.default_rng(1)
    days = pd.date_range("2023-10-01", "2023-12-31").strftime("%Y-%m-%d").to_numpy()
    frame = pd.DataFrame(
        {
            "event": chance.choice([f"E{n:03d}" for n in range(900)], ROWS),
            "date": chance.choice(days, ROWS),
            "agency": chance.choice(AGENCIES, ROWS),
            "attendance": chance.choice(OUTCOMES, ROWS),
            "learner": [f"L{n:07d}" for n in chance.integers(0, 3 * ROWS, ROWS)],
            "places": chance.integers(5, 60, ROWS).astype(str),
            "hours": chance.integers(1, 8, ROWS).astype(str),
        },
        dtype="str",
    )
    wrong = {"event": "a@b.org", "date": "2024-01-01", "agency": "Other", "attendance": "Booked", "learner": "L1",
             "places": "600", "hours": "-1"}  # fmt: skip
    for name, value in wrong.items():
        frame.loc[chance.choice(ROWS, ROWS // 500), name] = value
        frame.loc[chance.choice(ROWS, ROWS // 100), name] = None
    return frame


def by_hand(sent: pd.DataFrame) -> list[int]:
    """The rows that fail each of the checks, as somebody would count them in a notebook."""
    frame = sent.assign(
        number=pd.to_numeric(sent["places"]),
        hours_given=pd.to_numeric(sent["hours"]),
        day=pd.to_datetime(sent["date"], format="%Y-%m-%d"),
    )
    there = {name: frame[name].dropna() for name in frame}
    both = frame[["number", "hours_given"]].dropna()
    pairs = frame[["event", "learner"]].dropna()
    failed = [int(frame[a["column"]].isna().sum()) for short, a in CHECKS if short == NULL]
    failed += [
        int((~there["attendance"].isin(OUTCOMES)).sum()),
        int((~there["agency"].isin(AGENCIES)).sum()),
        int((~there["number"].between(1, 60)).sum()),
        int((there["hours_given"] < 0).sum()),
        int((~there["day"].between(pd.Timestamp(FIRST), pd.Timestamp(LAST))).sum()),
        int((~there["learner"].str.match(REFERENCE)).sum()),
        int(there["event"].str.contains(EMAIL).sum()),
        int((there["event"].str.len() != 4).sum()),
        int((there["learner"].str.len() != 8).sum()),
        int(there["learner"].duplicated(keep=False).sum()),
        int(pairs.duplicated(keep=False).sum()),
        int((both["number"] < both["hours_given"]).sum()),
        int(((both["number"] - both["hours_given"]).abs() > 20 * both["hours_given"].abs()).sum()),
    ]
    return failed


@pytest.mark.benchmark
def test_a_million_rows_beside_the_same_checks_by_hand() -> None:
    sent = million()
    import expectations.custom  # noqa: F401

    found: list[Verdict] = []
    counted: list[int] = []

    def suite() -> None:
        found[:] = check(BOOKINGS, Reading(rows=sent), SUITE, Quarter(2023, 3))

    def hand() -> None:
        counted[:] = by_hand(sent)

    pairs = [(seconds_of(hand), seconds_of(suite)) for _ in range(TURNS)]
    ours, theirs = min(p[1] for p in pairs), min(p[0] for p in pairs)
    print(f"\n{len(CHECKS)} checks of {ROWS:,} rows: by hand {theirs:.2f} s, as a suite {ours:.2f} s")
    print(f"ratio: {ours / theirs:.1f}")
    assert [verdict.rows_failed for verdict in found] == counted
    assert {verdict.outcome for verdict in found} == {"failed"}
