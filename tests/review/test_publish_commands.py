"""The commands that write documents: what they write, what they never write over, and what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.errors import Refused
from flows.command_line import assure
from tasks.review.revisions import said
from tests.review.made import body, control, edited, report, retype
from tests.review.test_publish import REFERRALS, Year


def run(*words: object) -> Result:
    return CliRunner().invoke(assure, [str(word) for word in words])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store whose register has another number of referrals than the draft that an editor has on disk."""
    year = Year(tmp_path / "store")
    year.keep(referrals="2,200")
    (tmp_path / "mine.docx").write_bytes(year.draft)
    return tmp_path


def test_refresh_writes_a_copy_beside_and_says_what_moved(place: Path) -> None:
    before = (place / "mine.docx").read_bytes()
    done = run("refresh", place / "mine.docx", "--store", place / "store")
    assert f"{REFERRALS}: 2,190 before, 2,200 now" in done.output
    assert (place / "mine.docx").read_bytes() == before
    copy = (place / "mine-refreshed.docx").read_bytes()
    assert said(control(body(copy), REFERRALS)) == "2,200"
    again = run("refresh", place / "mine-refreshed.docx", "--store", place / "store")
    assert "no figures brought up to date" in again.output
    assert again.exit_code == 0
    assert not (place / "mine-refreshed-refreshed.docx").exists()


def test_refresh_does_not_write_over_a_copy_that_somebody_worked_in(place: Path) -> None:
    (place / "mine-refreshed.docx").write_bytes(b"worked in")
    done = run("refresh", place / "mine.docx", "--store", place / "store")
    assert isinstance(done.exception, Refused) and done.exception.what == "There is a file of this name already."
    assert (place / "mine-refreshed.docx").read_bytes() == b"worked in"


def test_refresh_asks_for_a_person_where_an_editor_changed_a_figure(place: Path) -> None:
    draft = edited(report(), lambda root: retype(root, REFERRALS, "2,300", tracked=True))
    (place / "theirs.docx").write_bytes(draft)
    done = run("refresh", place / "theirs.docx", "--store", place / "store", "--json", "--out", place / "out.docx")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["written"] == str(place / "out.docx")
    assert any("Both are shown" in note for note in told["notes"])


def test_redline_lists_the_figures_that_moved(place: Path) -> None:
    new = edited((place / "mine.docx").read_bytes(), lambda root: retype(root, REFERRALS, "2,300", tracked=False))
    (place / "new.docx").write_bytes(new)
    done = run("redline", place / "mine.docx", place / "new.docx", "--out", place / "both.docx")
    assert done.exit_code == 0
    assert f"{REFERRALS}: 2,190 before, 2,300 now" in done.output
    assert said(control(body((place / "both.docx").read_bytes()), REFERRALS), accepted=False) == "2,190"


def test_only_years_are_published(place: Path) -> None:
    done = run("publish", "2023-24-Q1", "--store", place / "store", "--by", "business-unit")
    assert isinstance(done.exception, Refused) and "only annual reports are published" in done.exception.what


def test_a_file_that_is_not_there_is_told(place: Path) -> None:
    done = run("redline", place / "none.docx", place / "mine.docx", "--out", place / "both.docx")
    assert isinstance(done.exception, Refused) and done.exception.where == str(place / "none.docx")
