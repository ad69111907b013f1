"""Whatever is done to a file: nothing crashes, hangs or is lost, and nothing is taken from what was refused.

More than two thousand mangled files a run. Those whose readers are our own are read here; those that a library reads
whose faults nobody can catch, in a process of their own, as every file is in a run.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.layouts import Source
from tasks.gather import apart, read
from tasks.gather.forking import Limits
from tasks.model import Reading
from tests.gather import old_files
from tests.gather.bad_input import NAME, Bad, old_rows, spreadsheet
from tests.gather.files import (
    FORM,
    GOOD_FORM,
    LIST,
    LONG,
    MONTHS,
    Q1,
    ROWS,
    lists,
    part,
    rezipped,
    source,
    text,
    wide,
)
from tests.gather.test_bad_input import sent

OFFICIAL = source({
    "layout": "official_statistics", "release": "Children in need", "released": "2025-01", "licence": "OGL",
    "indicators": [{"measure": "referrals", "column": "referrals"}],
})  # fmt: skip
TABLES = [("Data", old_rows())]
GOOD: dict[str, tuple[Source, bytes]] = {
    "a workbook": (MONTHS, wide()),
    "a list": (LIST, lists()),
    "a spreadsheet": (MONTHS, spreadsheet()),
    "a form": (FORM, GOOD_FORM),
    "a long file": (LONG, text("Code;Period;Value;Source", "FD01;Q1 2023/24;5;x", 'FD02;Apr-23;7;"a; b"')),
    "records": (ROWS, text("Event,Event date,Status,Learner,Hours", "E1,18/04/2023,Attended,L-1,2")),
    "statistics": (OFFICIAL, text(
        "time_period,time_identifier,geographic_level,new_la_code,region_code,country_code,referrals",
        "2024,Reporting year,Local authority,E06000001,E12000001,E92000001,5")),
    "an old workbook": (MONTHS, old_files.xls(dict(TABLES), merged=[(3, 0, 3, 1)], hidden_rows=[1])),
    "a binary workbook": (MONTHS, old_files.xlsb(dict(TABLES), merged=[(3, 0, 3, 1)], hidden_rows=[1])),
}  # fmt: skip
ARCHIVES = ["a workbook", "a list", "a spreadsheet", "a form"]
TOKENS = [
    b"",
    b"\0",
    b"\xff",
    b"9",
    b"9" * 30,
    b"<",
    b'"',
    b"&",
    b"A",
    b"-",
    b";",
    b",",
    b"\r\n",
    b"\xd8\x00",
    b"1e999",
]
LIMITS = Limits(memory=512 * 2**20, processor_seconds=20)

edits = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), st.sampled_from(TOKENS), st.integers(1, 3)),
    min_size=1,
    max_size=6,
)
quick = settings(database=None, suppress_health_check=list(HealthCheck))


def mangled(data: bytes, changes: list[tuple[float, int, bytes, int]]) -> bytes:
    """Each change cuts something out at one place and puts something else in, once or a few times over."""
    broken = bytearray(data)
    for where, cut, put, times in changes:
        at = int(where * len(broken))
        broken[at : at + cut] = put * times
    return bytes(broken)


def in_a_part(data: bytes, which: float, changes: list[tuple[float, int, bytes, int]]) -> bytes:
    """The same inside an archive, where its checksums would otherwise catch every change."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(archive.namelist())
    name = names[int(which * len(names))]
    return rezipped(data, {name: mangled(part(data, name), changes)})


def is_right(reading: Reading) -> None:
    """What must hold of every reading, of whatever file."""
    assert reading.state == "read" or not (reading.observations or reading.narrative)
    assert reading.state == "read" or reading.problems
    assert all((p.what, p.where, p.why, p.to_do) for p in reading.problems)
    assert not any("broke off" in p.what for p in reading.problems)


@pytest.mark.parametrize("kind", [kind for kind in GOOD if "old" not in kind and "binary" not in kind])
@settings(quick, max_examples=130)
@given(changes=edits)
def test_any_bytes_changed(kind: str, changes: list[tuple[float, int, bytes, int]]) -> None:
    of, data = GOOD[kind]
    is_right(read(of, mangled(data, changes), NAME, Q1))


@pytest.mark.parametrize("kind", ARCHIVES)
@settings(quick, max_examples=160)
@given(which=st.floats(0, 1, exclude_max=True), changes=edits)
def test_any_part_changed(kind: str, which: float, changes: list[tuple[float, int, bytes, int]]) -> None:
    of, data = GOOD[kind]
    is_right(read(of, in_a_part(data, which, changes), NAME, Q1))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("an old workbook", lambda data, _, changes: mangled(data, changes)),
        ("a binary workbook", lambda data, _, changes: mangled(data, changes)),
        ("a binary workbook", in_a_part),
    ],
    ids=["an old workbook", "a binary workbook", "a part of a binary workbook"],
)
@settings(quick, max_examples=150)
@given(which=st.floats(0, 1, exclude_max=True), changes=edits)
def test_read_apart(
    kind: str, change: Callable[..., bytes], which: float, changes: list[tuple[float, int, bytes, int]]
) -> None:
    of, data = GOOD[kind]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "LIMITS", LIMITS)
        is_right(apart.read(of, change(data, which, changes), NAME, Q1))


@pytest.mark.parametrize("kind", GOOD)
@settings(quick, max_examples=20)
@given(changes=edits)
def test_what_was_sent_is_kept_as_it_was_sent(kind: str, changes: list[tuple[float, int, bytes, int]]) -> None:
    of, data = GOOD[kind]
    broken = mangled(data, changes)
    with tempfile.TemporaryDirectory() as folder:
        file, _ = sent(Bad(kind, of, lambda: broken, "read", ""), Path(folder))  # compares what is kept
    assert file.size == len(broken)
