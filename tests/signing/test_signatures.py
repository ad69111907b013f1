"""Signatures in a real store, and the bundle that proves itself."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from config.errors import Refused
from tasks import plain
from tasks.kept import OPEN, register_key
from tasks.model import Decision, Draft, Register, ValueBeside
from tasks.signing import Asked, drafts_of, sign, signatures_of
from tasks.signing.bundle import SUMS, bundle, check_bundle
from tasks.signing.signatures import COMMAND_LINE, progress_in
from tasks.store import Conflict, ObjectStore, open_store
from tests.reconcile.example import YEAR
from tests.signing.test_states import COUNCILS, EASTMERE, OWNER, SECTION

KEY = f"drafts/{YEAR}/annual/{SECTION}.docx"
ROLES = ("business-unit", OWNER, "training", *COUNCILS)
HIDDEN = "58213704961"


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    kept = open_store(str(tmp_path / "store"))
    first = kept.put(KEY, b"first draft")
    draft = Draft(SECTION, "Snapshot", KEY, first.sha256, (), 0, ())
    kept.put(f"drafts/{YEAR}/annual/drafts.json", plain.to_json({"drafts": [draft]}).encode())
    register = kept.put(register_key(OPEN, YEAR), plain.to_json(Register((), (), (), ())).encode())
    wrote = {"outputs": [{"key": register.key, "sha256": register.sha256}]}
    kept.put("runs/2023-24-0123456789/manifest.json", json.dumps(wrote).encode())
    sides = (ValueBeside("Return", HIDDEN),)
    decision = Decision(
        1, f"rule:x.y.{YEAR}", str(YEAR), "accept", "training", "Counted again.", "2024-05-01", sides, "f", "a", HIDDEN
    )
    kept.put(f"decisions/{YEAR}/0001.json", plain.to_json(decision).encode())
    kept.put(f"restricted/notes/{YEAR}.json", HIDDEN.encode())
    return kept


def asked(number: int, **about) -> Asked:
    made = Asked(SECTION, ROLES[number], f"Person {number}", "signed", f"2024-09-0{number + 1}", COMMAND_LINE)
    return replace(made, **about)


def signed(store: ObjectStore, count: int = len(ROLES)) -> None:
    for number in range(count):
        sign(store, EASTMERE, YEAR, asked(number))


def test_a_draft_is_signed_until_it_is_agreed(store: ObjectStore) -> None:
    signed(store)
    (found,) = drafts_of(store, EASTMERE, YEAR)
    assert (found.state, len(found.signed)) == ("agreed", 5)
    kept = signatures_of(store, YEAR, SECTION)
    assert [(one.number, one.role, one.sha256, one.version) for one in kept] == [
        (number + 1, role, found.sha256, found.version) for number, role in enumerate(ROLES)
    ]


def test_an_edited_draft_is_signed_anew_and_old_signatures_stay(store: ObjectStore) -> None:
    signed(store)
    store.put(KEY, b"edited draft")
    found = progress_in(store, EASTMERE, YEAR, SECTION)
    assert (found.state, found.waiting_for) == ("drafted", ("business-unit",))
    assert len(signatures_of(store, YEAR, SECTION)) == 5


def test_who_uploaded_a_draft_does_not_approve_it(store: ObjectStore) -> None:
    store.put("uploads/2023-24/annual/x/1.json", json.dumps({"name": "Person 2", "role": OWNER}).encode())
    store.put(KEY, b"edited draft", about={"upload": "uploads/2023-24/annual/x/1.docx"})
    assert progress_in(store, EASTMERE, YEAR, SECTION).author == "Person 2"
    signed(store, 2)
    with pytest.raises(Refused, match="Who edited a draft"):
        sign(store, EASTMERE, YEAR, asked(2))


def test_a_draft_that_changed_while_it_was_read_is_not_signed(store: ObjectStore) -> None:
    before = progress_in(store, EASTMERE, YEAR, SECTION).sha256
    store.put(KEY, b"edited draft")
    with pytest.raises(Refused, match="changed since it was looked at"):
        sign(store, EASTMERE, YEAR, asked(0, sha256=before))
    assert signatures_of(store, YEAR, SECTION) == ()


def test_of_two_who_answer_at_once_one_is_told_to_look_again(store: ObjectStore) -> None:
    class Late:
        """The store as somebody sees it who looked before the other answered."""

        def __getattr__(self, name: str):
            return getattr(store, name)

        def list(self, prefix: str):
            return iter(()) if prefix.startswith("signatures/") else store.list(prefix)

    sign(store, EASTMERE, YEAR, asked(0))
    with pytest.raises(Conflict):
        sign(Late(), EASTMERE, YEAR, asked(0, name="Somebody else"))


def test_nothing_is_kept_of_what_is_only_tried(store: ObjectStore) -> None:
    sign(store, EASTMERE, YEAR, asked(0), keep=False)
    assert signatures_of(store, YEAR, SECTION) == ()


def test_a_draft_that_there_is_not_is_refused_with_those_that_there_are(store: ObjectStore) -> None:
    with pytest.raises(Refused, match="no draft of 'snapshot'") as refused:
        sign(store, EASTMERE, YEAR, asked(0, section="snapshot"))
    assert SECTION in refused.value.to_do


# The bundle


def test_a_bundle_holds_and_has_no_hidden_number_and_no_name_of_a_decider(store: ObjectStore) -> None:
    signed(store)
    data = bundle(store, YEAR)
    assert data == bundle(store, YEAR), "the same store, the same bytes"
    assert all(one.holds for one in check_bundle(data))
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        names = source.namelist()
        assert not [name for name in names if HIDDEN.encode() in source.read(name)]
        assert not [name for name in names if name.startswith(("restricted/", "received/", "gathered/"))]
        assert b"first draft" in [source.read(name) for name in names if name.startswith("documents/")]


def test_a_bundle_can_be_checked_without_this_program(store: ObjectStore, tmp_path: Path) -> None:
    if not shutil.which("sha256sum"):
        pytest.skip("needs sha256sum")
    signed(store, 2)
    with zipfile.ZipFile(io.BytesIO(bundle(store, YEAR))) as source:
        source.extractall(tmp_path / "out")
    done = subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=tmp_path / "out", capture_output=True)
    assert done.returncode == 0


def _changed(data: bytes, change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        files = {name: source.read(name) for name in source.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


def _first(files: dict[str, bytes], room: str) -> str:
    return next(name for name in files if name.startswith(room))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda f: f.update({"README.txt": b"x"}), "Changed: README.txt", id="a changed file"),
        pytest.param(lambda f: f.pop("decisions.json"), "Missing: decisions.json", id="a missing file"),
        pytest.param(lambda f: f.update({"more.txt": b""}), "Not in the list: more.txt", id="a file more"),
        pytest.param(lambda f: f.pop(_first(f, "documents/")), "is not in here", id="what was signed is gone"),
        pytest.param(lambda f: f.pop(_first(f, "runs/")), "no run in here wrote it", id="the run is gone"),
    ],
)
def test_what_was_done_to_a_bundle_shows(store: ObjectStore, change, says: str) -> None:
    signed(store, 1)
    told = check_bundle(_changed(bundle(store, YEAR), change))
    assert any(says in one.says for one in told if not one.holds)


@pytest.mark.parametrize("data", [b"", b"PK nothing", _changed(b"PK\x05\x06" + bytes(18), lambda files: None)])
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="no assurance bundle"):
        check_bundle(data)


def test_a_year_without_a_run_has_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No run of"):
        bundle(open_store(str(tmp_path / "empty")), YEAR)
