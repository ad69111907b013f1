"""An upload is taken once, becomes the newest draft, and nothing that was there before is gone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tasks import plain
from tasks.drafts import WRITER
from tasks.gather import apart
from tasks.gather.forking import Limits
from tasks.kept import OPEN, register_key
from tasks.model import Register
from tasks.review.checked import NOT_KEPT
from tasks.review.uploads import PERSON, review_of, take_uploads
from tasks.store import FolderStore, Stored, open_store
from tests.assemble.invented import YEAR, make_partnership
from tests.gather.files import part, rezipped
from tests.review.drafts_edited import HIDDEN, PLANS, SNAPSHOT, draft, edited, new_paragraph, register, retype

KEY = f"drafts/2023-24/annual/{SNAPSHOT}.docx"


def upload_of(data: bytes, store: FolderStore, name: str = "a") -> str:
    return store.put(f"uploads/2023-24/annual/{SNAPSHOT}/{name}.docx", data).key


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    kept = open_store(tmp_path / "store")
    figures = register()
    hidden = replace(figures[HIDDEN], display="c", symbol="c", value=None, status="withheld")
    book = Register(tuple({**figures, HIDDEN: hidden}.values()), (), (), ())
    kept.put("partnership.json", json.dumps({"id": "eastmere"}).encode())
    kept.put(register_key(OPEN, YEAR), plain.to_json(book).encode())
    kept.put(KEY, draft(), about={"writer": WRITER})
    return kept


def test_an_edited_draft_becomes_the_newest_version_and_its_outcome_is_kept(store: FolderStore) -> None:
    data = edited(retype(PLANS, "160"))
    key = upload_of(data, store)
    (taken,) = take_uploads(store, make_partnership())
    assert (taken.state, taken.draft, taken.upload, taken.instead_of) == ("taken", KEY, key, "")
    versions = store.versions(KEY)
    assert [one.about["writer"] for one in versions] == [WRITER, PERSON]
    assert store.get(KEY) == data and store.get(KEY, versions[0].version) == draft()
    assert versions[1].about == {"writer": PERSON, "upload": key, "review": taken.review}
    assert taken.review.startswith(f"reviews/2023-24/annual/{SNAPSHOT}-")
    changed = [one for one in review_of(store, taken).figures if one.state == "changed"]
    assert [(one.id, one.says) for one in changed] == [(PLANS, "160")]


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(memory=16 * 2**20), "broke off"),  # libxml2 takes a want of memory for an error of the document
        (Limits(seconds=1, processor_seconds=1), "took far longer than any draft does"),
    ],
    ids=["memory", "time"],
)
def test_a_document_that_takes_too_much_takes_only_its_own_reader_down(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, limits: Limits, says: str
) -> None:
    """A long draft with limits that are too small for it, as those of a machine are for a hostile one."""
    many = "".join(f"<w:p><w:r><w:t>Line {n} has 1 number.</w:t></w:r></w:p>" for n in range(60_000))
    text = part(draft(), "word/document.xml").decode().replace("<w:sectPr", f"{many}<w:sectPr", 1)
    upload_of(rezipped(draft(), {"word/document.xml": text.encode()}), store)
    monkeypatch.setattr(apart, "LIMITS", limits)
    apart.stop()  # so that a child is asked that has no memory left over from another draft
    (taken,) = take_uploads(store, make_partnership())
    assert taken.state == "refused" and says in taken.reason and "in Word, and upload that" in taken.to_do
    assert len(store.versions(KEY)) == 1

    monkeypatch.undo()
    upload_of(edited(retype(PLANS, "160")), store, "b")
    assert [one.state for one in take_uploads(store, make_partnership())] == ["taken"]


def test_what_was_taken_is_not_taken_again_under_whatever_name(store: FolderStore) -> None:
    data = edited(retype(PLANS, "160"))
    upload_of(data, store)
    take_uploads(store, make_partnership())
    upload_of(data, store, "b")
    assert take_uploads(store, make_partnership()) == ()
    assert len(store.versions(KEY)) == 2


def test_a_run_that_was_cut_short_is_taken_up_and_ends_the_same(store: FolderStore) -> None:
    data = edited(retype(PLANS, "160"))
    key = upload_of(data, store)
    store.put(KEY, data, about={"writer": PERSON, "upload": key})  # and no record of it
    (taken,) = take_uploads(store, make_partnership())
    assert taken.state == "already_there" and len(store.versions(KEY)) == 2


def test_a_second_editor_is_told_that_another_persons_words_are_in_an_older_version(store: FolderStore) -> None:
    upload_of(edited(new_paragraph("First words.")), store)
    (first,) = take_uploads(store, make_partnership())
    upload_of(edited(new_paragraph("Second words.")), store, "b")
    (second,) = take_uploads(store, make_partnership())
    assert (first.instead_of, second.instead_of) == ("", first.version)
    assert len(store.versions(KEY)) == 3


def test_our_own_draft_sent_back_puts_nothing_over_a_persons(store: FolderStore) -> None:
    upload_of(edited(new_paragraph("First words.")), store)
    take_uploads(store, make_partnership())
    upload_of(draft(), store, "b")
    (again,) = take_uploads(store, make_partnership())
    assert again.state == "already_there"
    assert store.versions(KEY)[-1].about["writer"] == PERSON


def test_a_foreign_document_is_left_where_it_is_with_its_reason(store: FolderStore) -> None:
    key = upload_of(rezipped(draft(), {"customXml/item1.xml": b"<other/>"}), store)
    (taken,) = take_uploads(store, make_partnership())
    assert (taken.state, taken.draft) == ("not_ours", "") and "No run of ours" in taken.reason
    assert review_of(store, taken).state == "not_ours"
    assert [one.key for one in store.list("uploads/")] == [key] and len(store.versions(KEY)) == 1


@pytest.mark.parametrize("data", [b"", b"no document", rezipped(draft(), {"word/vbaProject.bin": b"x"})])
def test_a_hostile_file_is_left_where_it_is_with_its_reason(store: FolderStore, data: bytes) -> None:
    key = upload_of(data, store)
    (taken,) = take_uploads(store, make_partnership())
    assert (taken.state, taken.review) == ("refused", "") and taken.reason and taken.to_do
    assert store.get(key) == data and take_uploads(store, make_partnership()) == ()


def test_a_draft_for_a_section_that_the_partnership_has_not_is_not_taken(store: FolderStore) -> None:
    item = part(draft(), "customXml/item1.xml").replace(b"eastmere-snapshot", b"../../register/x")
    upload_of(rezipped(draft(), {"customXml/item1.xml": item}), store)
    assert take_uploads(store, make_partnership())[0].state == "not_ours"


def test_an_upload_of_another_period_is_left_for_later(store: FolderStore) -> None:
    upload_of(edited(retype(PLANS, "160")), store)
    assert take_uploads(store, make_partnership(), YEAR.quarters[0]) == ()
    assert len(take_uploads(store, make_partnership(), YEAR)) == 1


def test_what_is_kept_has_no_number_that_was_typed_for_a_hidden_one(store: FolderStore) -> None:
    upload_of(edited(retype(HIDDEN, "4711", under_tracking=True)), store)
    (taken,) = take_uploads(store, make_partnership())
    (one,) = [one for one in review_of(store, taken).figures if one.state == "changed"]
    assert (one.id, one.says, one.register) == (HIDDEN, NOT_KEPT, "c")
    for stored in store.list("reviews/"):
        assert b"4711" not in store.get(stored.key)


class Raced(FolderStore):
    """A folder store into which somebody else puts a version of the draft just before our first put of it."""

    raced = False

    def put(self, key: str, data: bytes, **more: Any) -> Stored:
        if key == KEY and not self.raced:
            self.raced = True
            super().put(key, edited(new_paragraph("Faster words.")), about={"writer": PERSON})
        return super().put(key, data, **more)


def test_somebody_who_was_faster_keeps_their_version_and_is_told_of(store: FolderStore) -> None:
    upload_of(edited(new_paragraph("Slower words.")), store)
    (taken,) = take_uploads(Raced(store.root), make_partnership())
    versions = store.versions(KEY)
    assert taken.state == "taken" and [one.version for one in versions[1:]] == [taken.instead_of, taken.version]
