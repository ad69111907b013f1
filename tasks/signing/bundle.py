"""Everything that somebody from outside needs to see how a year's report came about, in one file that proves itself.

Belongs here: which objects of the store go into the bundle of a year, and checking a bundle without the store. Does not
belong here: hidden numbers (nothing of ``restricted/`` goes in) and the values on which people decided.

The bundle is a .zip with a list of SHA-256 in the form that ``sha256sum --check`` reads, so that it can be checked
without this program too. It is the same bytes for the same store.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.errors import Refused
from config.periods import ReportingYear
from tasks import plain
from tasks.kept import OPEN, PUBLISHED, decisions_of, folder_of
from tasks.model import Decision
from tasks.signing.signatures import ROOM
from tasks.words import many

if TYPE_CHECKING:
    from tasks.store import ObjectStore

SUMS, READ_ME, DECISIONS = "SHA256SUMS", "README.txt", "decisions.json"
LARGEST = 2**30
"""Bytes that a bundle may unpack to: a thousand times what a year has."""
_WORDS = """The assurance bundle of {year}.

register/    every figure of each quarter and of the year, with the cells that it comes from
findings/    every comparison that was made, and what became of it
decisions.json   what people settled, in whose name and why
signatures/  who signed which draft; "sha256" in each is that of the document that was signed
documents/   the documents that were signed, each under its SHA-256
published/   what was published, with its receipt
quality/     the pages on data quality
runs/        what each run read and wrote, by SHA-256

Numbers that are hidden to protect people are not in here.

To check that nothing was changed:  assure bundle check FILE.zip
or, without this program, after unpacking:  sha256sum --check SHA256SUMS
"""


@dataclass(frozen=True)
class Checked:
    """One thing that a bundle was checked for."""

    holds: bool
    says: str


# Making one


def bundle(store: ObjectStore, year: ReportingYear) -> bytes:
    """Put the bundle of a year together.

    Raises:
        Refused: no run of the year or of its quarters was kept.
    """
    files = dict(_objects(store, year))
    if not any(name.startswith(f"{OPEN}/") for name in files):
        raise Refused(f"No run of {year} was kept.", to_do="Run its quarters first, or name another store.")
    files |= dict(_runs(store, files))
    files |= dict(_signed(store, files))
    files[DECISIONS] = plain.to_json([_without_values(one) for one in decisions_of(store, year)]).encode()
    files[READ_ME] = _WORDS.format(year=year).encode()
    files[SUMS] = "".join(f"{_sha256(data)}  {name}\n" for name, data in sorted(files.items())).encode()
    return _zipped(files)


def _objects(store: ObjectStore, year: ReportingYear) -> Iterator[tuple[str, bytes]]:
    folders = [*map(folder_of, year.quarters), folder_of(year)]
    prefixes = [f"{room}/{folder}/" for room in (OPEN, "findings", "quality", ROOM) for folder in folders]
    for prefix in (*prefixes, f"{PUBLISHED}/{year}/"):
        for stored in store.list(prefix):
            yield stored.key, store.get(stored.key)


def _runs(store: ObjectStore, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Manifests of the runs that wrote the registers of the bundle."""
    registers = {(name, _sha256(data)) for name, data in files.items() if name.startswith(f"{OPEN}/")}
    for stored in store.list("runs/"):
        data = store.get(stored.key)
        wrote = {(one["key"], one["sha256"]) for one in json.loads(data)["outputs"]}
        if wrote & registers:
            yield stored.key, data


def _signed(store: ObjectStore, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in files.items():
        if name.startswith(f"{ROOM}/"):
            signature = json.loads(data)
            yield _document(signature["sha256"]), store.get(signature["draft"], signature["version"])


def _document(sha256: str) -> str:
    return f"documents/{sha256}.docx"


def _without_values(one: Decision) -> dict[str, Any]:
    told: dict[str, Any] = plain.to_plain(one)
    return {key: value for key, value in told.items() if key not in ("values", "accepted", "name")}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(entry, data, compresslevel=6)
    return out.getvalue()


# Checking one


def check_bundle(data: bytes) -> list[Checked]:
    """See whether a bundle is what it was, and whether what is in it fits together.

    Raises:
        Refused: it is no bundle.
    """
    files = _unzipped(data)
    return [*_sums(files), *_manifests(files), *_signatures(files)]


def _unzipped(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            entries = source.infolist()
            names = [entry.filename for entry in entries]
            if SUMS in names and len(set(names)) == len(names) and sum(one.file_size for one in entries) <= LARGEST:
                return {name: source.read(name) for name in names}
    except zipfile.BadZipFile:
        pass
    raise Refused(
        "This is no assurance bundle.",
        why="Nothing in it can be checked.",
        to_do="Take the .zip that 'assure bundle make' wrote, as it was sent.",
    )


def _sums(files: Mapping[str, bytes]) -> Iterator[Checked]:
    """Are all files those of the list, and is none beside it?"""
    listed = {}
    for line in files[SUMS].decode("utf-8", "replace").splitlines():
        sha256, _, name = line.partition("  ")
        listed[name] = sha256
    changed = sorted(name for name in listed if name in files and _sha256(files[name]) != listed[name])
    gone = sorted(listed.keys() - files.keys())
    beside = sorted(files.keys() - listed.keys() - {SUMS})
    whole = not (changed or gone or beside)
    yield (
        Checked(whole, f"{many(len(listed), 'file')}, each with the SHA-256 of the list.")
        if whole
        else Checked(
            False,
            " ".join(
                f"{words}: {', '.join(names)}."
                for words, names in (("Changed", changed), ("Missing", gone), ("Not in the list", beside))
                if names
            ),
        )
    )


def _manifests(files: Mapping[str, bytes]) -> Iterator[Checked]:
    """Is every register, table of it and list of findings what a run says that it wrote?"""
    wrote = {
        (one["key"], one["sha256"])
        for name, data in files.items()
        if name.startswith("runs/")
        for one in json.loads(data)["outputs"]
    }
    for name in sorted(files):
        if name.startswith((f"{OPEN}/", "findings/")) and not name.endswith("/comparisons.csv"):
            known = (name, _sha256(files[name])) in wrote
            yield Checked(known, f"{name}: {'as its run wrote it' if known else 'no run in here wrote it'}.")


def _signatures(files: Mapping[str, bytes]) -> Iterator[Checked]:
    """Is the document there that each signature is for?"""
    for name in sorted(files):
        if name.startswith(f"{ROOM}/"):
            one = json.loads(files[name])
            document = files.get(_document(one["sha256"]), b"")
            known = _sha256(document) == one["sha256"]
            what = "signed" if one["answer"] == "signed" else "sent back"
            yield Checked(
                known, f"{name}: {what} by {one['role']}; the document {'is the one' if known else 'is not in here'}."
            )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
