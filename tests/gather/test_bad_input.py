"""What the README says of bad input is what happens to it, from the inbox on."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from config.layouts import Source
from config.load import load_partnership
from config.partnership import Partnership
from tasks.gather import apart, drift, read_taken, receive
from tasks.model import GatheredFile, Reading
from tasks.store import open_store
from tests.end_to_end.test_readme import compare
from tests.gather.bad_input import BAD, Bad
from tests.gather.files import Q1, read_q1

PARTNERSHIPS = Path(__file__).parents[1] / "partnerships"


def partnership_of(source: Source) -> Partnership:
    known = load_partnership("eastmere", PARTNERSHIPS)
    return Partnership(known.profile, known.guidance, {}, {source.id: source}, (), (), "")


def sent(case: Bad, folder: Path) -> tuple[GatheredFile, Reading]:
    """What becomes of the case's file when it is sent, by the way that every file goes."""
    inbox, store = folder / "inbox", open_store(str(folder / "store"))
    inbox.mkdir()
    files = {case.name: case.made(), **{name: made() for name, made in case.beside.items()}}
    for name, data in files.items():
        (inbox / name).write_bytes(data)
    partnership = partnership_of(case.source)

    def read_one(file: GatheredFile) -> Reading:
        return apart.read(case.source, store.get(file.key), file.name, Q1)

    told = read_taken(receive(partnership, Q1, inbox, store), read_one)
    assert len(told) == len(files)
    for file, _ in told:  # nothing is lost: every file is kept, byte for byte as it was sent
        assert hashlib.sha256(store.get(file.key)).hexdigest() == hashlib.sha256(files[file.name]).hexdigest()
    file, reading = next((file, reading) for file, reading in told if file.name == case.name)
    return drift.told(case.source, before(case, file), file), reading


def before(case: Bad, file: GatheredFile) -> GatheredFile | None:
    if case.before is None:
        return None
    return replace(file, period="2022-23-Q4", layout=read_q1(case.source, case.before(), case.name).layout)


@pytest.mark.parametrize("case", BAD, ids=[case.what for case in BAD])
def test_bad_input(case: Bad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.limits:
        monkeypatch.setattr(apart, "LIMITS", case.limits)
    file, reading = sent(case, tmp_path)
    assert (file.state, [p.what for p in file.problems][:1]) == (case.state, [case.says] if case.says else [])
    assert file.key.split("/")[0] == case.room
    assert all((p.what, p.where, p.why, p.to_do) for p in file.problems)
    if case.values:
        assert tuple(o.symbol or str(o.value) for o in reading.observations) == case.values
    assert file.state == "read" or not reading.observations


def test_the_table_in_the_readme_is_made_of_these_cases() -> None:
    head = ["<details>", f"<summary>{len(BAD)} kinds of bad input, and what the system answers</summary>", "",
            "| what comes | becomes | what its sender is told first |", "|---|---|---|"]  # fmt: skip
    lines = [f"| {case.what} | **{case.state}** | {told_in_readme(case)} |" for case in BAD]
    compare("bad-input", "\n".join([*head, *lines, "", "</details>"]) + "\n")


def told_in_readme(case: Bad) -> str:
    if not case.says:
        return "nothing: it is read as it is meant"
    return case.says.replace("|", "\\|").replace("<", "&lt;")


def test_no_two_cases_are_called_the_same() -> None:
    assert len({case.what for case in BAD}) == len(BAD)
