"""What is new or gone in a layout since the period before is told once, with what it looks like; values never are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from config.layouts import Source
from config.periods import Quarter
from tasks.gather import drift, read
from tasks.model import GatheredFile
from tasks.order import Order
from tasks.run import Stages
from tests.gather.files import (
    FORM,
    GOOD_FORM,
    LIST,
    LONG,
    MONTHS,
    Q1,
    ROWS,
    WIDE,
    control,
    form,
    lists,
    source,
    text,
    wide,
    workbook,
)

HEAD, ROW = "Code;Period;Value;Source", ("FD01;Q1 2023/24;5;x", "FD02;Q1 2023/24;7;")
RECORDS = ("E1,18/04/2023,Attended,L-1,2", "E2,18/05/2023,Attended,L-2,2")


def gathered(of: Source, data: bytes, period: Quarter = Q1) -> GatheredFile:
    reading = read(of, data, "some return.xlsx", period)
    return GatheredFile(
        of.id, "some return.xlsx", "key", "sha", len(data), str(period), reading.state, reading.problems,
        layout=reading.layout,
    )  # fmt: skip


def told(of: Source, before: bytes, now: bytes) -> list[str]:
    """What is told of the second file because of the first."""
    earlier, later = replace(gathered(of, before), period="2022-23-Q4"), gathered(of, now)
    assert earlier.state == later.state == "read"
    more = drift.told(of, earlier, later).problems[len(later.problems) :]
    assert {problem.severity for problem in more} <= {"information"}
    assert all((problem.where, problem.why, problem.to_do) for problem in more)
    return [f"{problem.what} [{problem.where}] {problem.to_do}" for problem in more]


def with_row(*cells: object) -> bytes:
    return wide([*WIDE, list(cells)])


def records(*headings: str) -> bytes:
    return text(",".join(("Event", "Event date", "Status", "Learner", "Hours", *headings)),
                *(row + ",x" * len(headings) for row in RECORDS))  # fmt: skip


CASES: list[tuple[str, Source, bytes, bytes, list[str]]] = [
    # what changed, the source, the file before, the file now, and the beginnings of what is told
    ("nothing", MONTHS, wide(), wide(), []),
    ("only case, spaces and footnotes", MONTHS, wide(), wide([[c.upper() + " *" if c == "Contacts" else c
                                                               for c in row] for row in WIDE]), []),
    ("the months", MONTHS,
     wide([["Measure", "Jan-24", "Apr-23", "May-23", "Jun-23", "YTD"], ["Contacts", 1, 2, 3, 4, 9]], ()),
     wide([["Measure", "Apr-23", "May-23", "Jun-23", "YTD"], ["Contacts", 2, 3, 4, 9]], ()), []),
    ("a label by another that means the same", MONTHS, wide(),
     wide([["Re-referrals %" if c == "Re-referral rate" else c for c in row] for row in WIDE]),
     ["'Re-referrals %' stands where 'Re-referral rate' stood in 2022-23-Q4. [some return.xlsx, sheet Data]"]),
    ("a row that is told to be unknown", MONTHS, wide(), with_row("Visits", 1, 2, 3, 6), []),
    ("a row that was unknown and is gone", MONTHS, with_row("Visits", 1, 2, 3, 6), wide(),
     ["Gone since 2022-23-Q4: 'Visits'. [some return.xlsx, sheet Data]"]),
    ("a row that is told to be missing", MONTHS, wide(), wide([row for row in WIDE if row[0] != "Contacts"]), []),
    ("a sheet more", LIST, lists(), workbook({"Figures": [["Period", "Q1 2023-24"], ["Figure", "This quarter"],
                                                          ["Events held", 1], ["People who came", 2]],
                                              "Narrative": [["Topic", "Done", "Impact"], [2.1, "x", "y"]],
                                              "Old figures": [["x", 1]]}),
     ["New since 2022-23-Q4: 'Old figures'.", "Gone since 2022-23-Q4: 'Source'. [some return.xlsx, sheet Figures]"]),
    ("a column of records more", ROWS, records(), records("Ethnicity"),
     ["New since 2022-23-Q4: 'Ethnicity'. [some return.xlsx, heading]"]),
    ("a column of records spelled otherwise", ROWS, records("Referrals"), records("Referals"),
     ["New since 2022-23-Q4: 'Referals'. [some return.xlsx, heading] 'Referals' looks like 'Referrals', which is gone",
      "Gone since 2022-23-Q4: 'Referrals'"]),
    ("a code less, which is told to be missing", LONG, text(HEAD, *ROW), text(HEAD, ROW[0]), []),
    ("a code that nobody knows, gone", LONG, text(HEAD, *ROW, "FD09;Q1 2023/24;5;x"), text(HEAD, *ROW),
     ["Gone since 2022-23-Q4: 'FD09'. [some return.xlsx, code]"]),
    ("a field of a form that nobody knows, gone", FORM,
     form(control("figure:other", "1"), control("figure:events", "3")),
     form(control("figure:events", "3")), ["Gone since 2022-23-Q4: 'figure:other'. [some return.xlsx, field]"]),
    ("nothing in a form", FORM, GOOD_FORM, GOOD_FORM, []),
]  # fmt: skip


@pytest.mark.parametrize(("of", "before", "now", "says"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_layout_in_which_there_changed(of: Source, before: bytes, now: bytes, says: Sequence[str]) -> None:
    found = told(of, before, now)
    assert len(found) == len(says), found
    assert [sentence for sentence, start in zip(found, says, strict=True) if not sentence.startswith(start)] == []


def test_what_comes_with_the_fourth_quarter_only_is_not_said_to_be_gone() -> None:
    yearly = source({
        "layout": "workbook", "area": "north",
        "sheets": [
            {"shape": "list", "sheet": ["Figures"], "label": ["Figure"], "value": ["This quarter"],
             "rows": {"events": ["Events held"]}},
            {"shape": "list", "sheet": ["Census"], "label": ["Figure"], "value": ["Value"], "yearly": True,
             "rows": {"schools": ["Schools"]}},
        ],
    })  # fmt: skip
    figures = [["Figure", "This quarter"], ["Events held", 1]]
    fourth = workbook({"Figures": figures, "Census": [["Figure", "Value"], ["Schools", 40]]})
    assert told(yearly, fourth, workbook({"Figures": figures})) == []
    codes = LONG.model_copy(update={"layout": LONG.layout.model_copy(update={"yearly": ("FD02",)})})
    assert told(codes, text(HEAD, *ROW), text(HEAD, ROW[0])) == []


def test_values_are_no_part_of_a_layout() -> None:
    marked = wide([*WIDE, ["Visits", "marked-value", 2, 3, 6]])
    assert "marked-value" not in "".join(gathered(MONTHS, marked).layout)
    assert "Attended" not in "".join(gathered(ROWS, records()).layout)
    assert "We met" not in "".join(gathered(LIST, lists()).layout)


def test_nothing_is_told_without_a_file_before_or_of_one_that_cannot_be_used() -> None:
    now = gathered(MONTHS, with_row("Visits", 1, 2, 3, 6))
    assert drift.told(MONTHS, None, now) == now
    unusable = replace(now, state="wrong_layout")
    assert drift.told(MONTHS, gathered(MONTHS, wide()), unusable) == unusable


@pytest.mark.parametrize(
    ("first", "second"), [("2023-24-Q1", "2023-24-Q2"), ("2022-23-Q4", "2023-24-Q1")],
    ids=["in one year", "over the end of a year"],
)  # fmt: skip
def test_a_run_compares_with_the_quarter_before(tmp_path: Path, first: str, second: str) -> None:
    for period, more in ((first, ""), (second, "Ethnicity")):
        inbox = tmp_path / period
        inbox.mkdir()
        quarter = Quarter.parse(period)
        head = "Event ID,Course code,Event title,Event date,Agency,Attendance,Learner" + (f",{more}" if more else "")
        row = f"E1,C1,Neglect basics,{quarter.first_day},Council,Attended,L-1" + (",x" if more else "")
        (inbox / f"training-bookings-{period}.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
        stages = Stages(Order("hsscp", period, str(inbox), str(tmp_path / "store")))
        gathered_now = stages.gather()
    (file,) = stages.gathered(gathered_now).files
    assert [problem.what for problem in file.problems] == [f"New since {first}: 'Ethnicity'."]
