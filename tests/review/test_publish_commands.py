"""The commands that write documents: what they write, what they never write over, and what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.errors import Refused
from flows.command_line import assure
from tasks import plain
from tasks.review.revisions import said
from tasks.store import FolderStore
from tests.conftest import ROOT
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


@pytest.fixture
def unpublished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of a year against whose publication nothing speaks."""
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(ROOT / "tests/partnerships"))
    year = Year(tmp_path / "store")
    year.store.put("partnership.json", plain.to_json({"id": year.partnership.profile.id}).encode())
    return tmp_path / "store"


def test_refresh_writes_a_copy_beside_and_says_what_moved(place: Path) -> None:
    before = (place / "mine.docx").read_bytes()
    done = run("refresh", place / "mine.docx", "--store", place / "store")
    assert f"{REFERRALS}: 2,190 before, 2,200 now" in done.output
    assert (place / "mine.docx").read_bytes() == before
    copy = (place / "mine-refreshed.docx").read_bytes()
    assert said(control(body(copy), REFERRALS)) == "2,200"
    again = run("refresh", place / "mine-refreshed.docx", "--store", place / "store")
    assert again.output.endswith(": no figures brought up to date. Nothing was written.\n")
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


WRONG = [
    # what was typed, and what is said of it
    ((), "Nobody was named who publishes."),
    (("--by", "the-mayor"), "This partnership has no group 'the-mayor'."),
    (("--by", "business-unit", "--without", "eastmere.referals.2023-24"), "no figure 'eastmere.referals.2023-24'"),
    (("--by", "business-unit", "--correction", "A slip."), "has not been published, so there is nothing to correct"),
]


@pytest.mark.parametrize(("words", "said_of_it"), WRONG)
@pytest.mark.parametrize("tried", [("--dry-run",), ()])
def test_a_dry_run_refuses_what_publishing_would_refuse(
    unpublished: Path, words: tuple[str, ...], said_of_it: str, tried: tuple[str, ...]
) -> None:
    done = run("publish", "2023-24", "--store", unpublished, *words, *tried)
    assert isinstance(done.exception, Refused) and said_of_it in done.exception.what
    assert list(FolderStore(unpublished).list("published/")) == []


def test_a_dry_run_says_that_a_year_was_published_already(unpublished: Path) -> None:
    words = ("publish", "2023-24", "--store", unpublished, "--by", "business-unit")
    assert run(*words, "--dry-run").exit_code == 0
    assert run(*words).exit_code == 0
    for tried in (("--dry-run",), ()):
        done = run(*words, *tried)
        assert isinstance(done.exception, Refused) and "was published on" in done.exception.what


def test_a_file_that_is_not_there_is_told(place: Path) -> None:
    done = run("redline", place / "none.docx", place / "mine.docx", "--out", place / "both.docx")
    assert isinstance(done.exception, Refused) and done.exception.where == str(place / "none.docx")
