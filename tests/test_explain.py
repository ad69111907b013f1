"""From a printed figure back to file, sheet and cell."""

import json
from pathlib import Path

import pytest

from config.errors import Refused
from tasks import plain, register
from tasks.explain import explain, explain_from_store, explained
from tasks.model import Verdict
from tasks.reconcile import reconcile
from tasks.store import ABSENT, open_store
from tests.reconcile.example import Q1, YEAR, came, dataset, measure, official, partnership, rule, said


def looked_after():
    """A figure that one release agrees with and the next has revised, with a check that failed on the way."""
    p = partnership(
        [measure("looked_after", "stock", title="Looked after", label="children looked after", unit="children")],
        [dataset("eastmere", "looked_after"), *(official(f"dfe-{y}", f"{y}-11", "looked_after") for y in (2024, 2025))],
        [
            rule("against_official", measures=["looked_after"]),
            rule("year_from_quarters", "years", measures=["looked_after"]),
        ],
    )
    observed = [said("dataset-eastmere", "eastmere", "looked_after", YEAR, 334, note="case system", line=12)]
    for year, value in ((2024, 334), (2025, 336)):
        release = f"Children in need, {year} release"
        observed.append(said(f"dfe-{year}", "eastmere", "looked_after", YEAR, value, release=release, line=9))
    files = [came("dataset-eastmere", YEAR), came("dataset-eastmere", Q1, "empty", "empty.csv")]
    findings = reconcile(p, YEAR, register.build(p, YEAR, observed, files), observed, files)
    figures = register.settle(register.build(p, YEAR, observed, files), findings)
    verdicts = [
        Verdict("dataset-eastmere", "2023-24", "whole", "Counts are whole.", "", "", "must_fix", "passed"),
        Verdict(
            "dataset-eastmere",
            "2023-24",
            "blank",
            "Nothing is blank.",
            "",
            "",
            "must_fix",
            "failed",
            places=("line 7",),
        ),
        Verdict("other", "2023-24", "blank", "Nothing is blank.", "", "", "must_fix", "failed"),
    ]
    return figures, observed, findings, verdicts, files


def test_a_figure_is_led_back_to_its_cell() -> None:
    told = explain("eastmere.looked_after.2023-24", *looked_after())
    assert (
        told
        == """\
eastmere.looked_after.2023-24
334 children looked after, at 31 March 2024

Status     validated
How        as received

Made from
  334, the year to 31 March 2024: dataset-eastmere.csv, line 12 (case system)

Compared with
  334, the year to 31 March 2024: dfe-2024.csv, line 9 (Children in need, 2024 release)
  336, the year to 31 March 2024: dfe-2025.csv, line 9 (Children in need, 2025 release)

Checks of the files
  dataset-eastmere, the year to 31 March 2024: 1 passed, 1 failed, 0 not evaluated
    Failed: Nothing is blank. (line 7)

Findings
  Looked after in Eastmere: 334 agrees with the 2024 release; the 2025 release has revised it to 336 (+2).
    (for information; quality; open)
    A 334: Eastmere, as printed, dataset-eastmere.csv, line 12
    B 334: Children in need, 2024 release, dfe-2024.csv, line 9
    C 336: Children in need, 2025 release, dfe-2025.csv, line 9
    To do: Ask the sender.

Missing
  empty.csv (2023-24-Q1): came blank
  Looked after in Eastmere for the year to 31 March 2024 could not be compared with its quarters. Q4 not
    received.

Kept as
  received/dataset-eastmere/dataset-eastmere.csv"""
    )


def test_the_same_is_told_to_programs() -> None:
    told = explained("eastmere.looked_after.2023-24", *looked_after()).as_dict
    assert json.loads(json.dumps(told)) == told
    assert told["made_from"][0]["cell"] == "line 12"
    assert [one["value"] for one in told["compared_with"]] == ["334", "336"]
    assert told["checks"][0]["failed"] == 1


def test_an_incomplete_figure_says_what_came_and_what_is_missing() -> None:
    p = partnership([measure("referrals")], [dataset("eastmere", "referrals")])
    observed = [said("dataset-eastmere", "eastmere", "referrals", Q1, 554)]
    told = explain("eastmere.referrals.2023-24", register.build(p, YEAR, observed), observed, [], [], [])
    assert "Came so far\n  554, April to June 2023: dataset-eastmere.csv" in told
    assert "Missing\n  not complete: July to September 2023, October to December 2023 and January to March 2024" in told


def test_the_text_keeps_to_one_screen() -> None:
    p = partnership(
        [measure("referrals")], [dataset("eastmere", "referrals"), dataset("eastmere", "referrals", name="other")]
    )
    observed = [
        said(name, "eastmere", "referrals", month, 1) for name in ("dataset-eastmere", "other") for month in YEAR.months
    ]
    observed += [said("other", "eastmere", "referrals", quarter, 3) for quarter in YEAR.quarters]
    observed.append(said("other", "eastmere", "referrals", YEAR, 12, line=3))
    observed += [said("other", "eastmere", "referrals", YEAR, 12, line=line) for line in range(4, 20)]
    told = explain("eastmere.referrals.2023-24", register.build(p, YEAR, observed), observed, [], [], [])
    assert "and 5 more" in told
    assert len(told.splitlines()) < 50


def test_a_figure_that_there_is_not_is_refused_with_those_close_to_it() -> None:
    with pytest.raises(Refused, match=r"Did you mean eastmere\.looked_after\.2023-24"):
        explain("eastmere.looked_aftr.2023-24", *looked_after())


# From the store


def test_a_figure_is_explained_from_what_a_run_kept(tmp_path: Path) -> None:
    figures, observed, findings, verdicts, files = looked_after()
    store = open_store(tmp_path)
    book = {"figures": figures, "observations": observed, "findings": findings, "files": files}
    kept = store.put("register/2023-24/annual/register.json", plain.to_json(book).encode(), expected=ABSENT)
    manifest = {"outputs": [{"key": kept.key, "sha256": kept.sha256}]}
    store.put("runs/2023-24-abc/manifest.json", plain.to_json(manifest).encode(), expected=ABSENT)
    store.put("quality/2023-24/annual/results.json", plain.to_json({"verdicts": verdicts}).encode(), expected=ABSENT)
    told = explain_from_store(store, "eastmere.looked_after.2023-24")
    assert told == explained("eastmere.looked_after.2023-24", figures, observed, findings, verdicts, files)


@pytest.mark.parametrize(
    ("figure_id", "words"),
    [
        ("eastmere.referrals", "not the name of a figure"),
        ("eastmere.referrals.2023", "not the name of a figure"),
        ("eastmere.referrals.2023-24-Q1", "No run of 2023-24-Q1 was kept"),
        ("eastmere.referrals.2023-24", "No run of 2023-24 was kept"),
    ],
)
def test_what_cannot_be_found_is_said(tmp_path: Path, figure_id: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        explain_from_store(open_store(tmp_path), figure_id)
