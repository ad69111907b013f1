"""A store in a folder, for one machine or a network share, with files that people can open.

Belongs here: how versions and the copies for people lie on a disk. Does not belong here: how a put is decided
(``tasks.store.versioned``).
"""

from __future__ import annotations

import builtins
import errno
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from tasks.store.contract import Damaged, Promise, Stored, StoreError, check_key, check_prefix, damaged, is_key, missing
from tasks.store.probe import Probe, unreachable
from tasks.store.versioned import Versioned, sha256, verified

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
NOT_THERE = "there"
"""The promise that a store breaks which nobody has made yet."""
_NO_STORE = (
    "There is no such store: the folder {} is not there. Nothing was made. Correct its address; or, if it is to be a "
    "new store, make the folder and try again, or leave that to the first run."
)
_LIMITS = (
    Promise("private", None, "Whoever may open the folder may read everything in it."),
    Promise("links_expire", None, "A link into a folder works for whoever may open it, and does not end."),
)


class FolderStore(Versioned):
    """A store in a folder: ``history`` holds every version, ``current`` a plain copy of the newest, to open in Word.

    A version is ``history/<key>/000001.json`` (what is known of it) and ``000001-<start of its SHA-256>.<ending>`` (its
    bytes), written and synced before. The commit is one hard link to the name ``000001.json``, which fails where that
    exists: create-only and compare-and-swap are the same call, and a kill leaves the old version or the new.
    """

    def __init__(self, path: str | Path) -> None:
        self.root = Path(path).absolute()
        self._history, self._current, self._staging = (self.root / n for n in ("history", "current", "staging"))
        with suppress(OSError):  # what a killed process left behind a day ago or longer
            for file in self._staging.iterdir():
                if file.is_file() and file.stat().st_mtime < time.time() - 86_400:
                    file.unlink()

    def get(self, key: str, version: str | None = None) -> bytes:
        with self._disk(key):
            stored = self.describe(key, version)
            data = self._read(stored)
            if version is None:
                self._show(key, edited_aside=False)
            return data

    def describe(self, key: str, version: str | None = None) -> Stored:
        check_key(key)
        with self._disk(key):
            numbers = self._numbers(key)
            if not numbers or (version is not None and version not in numbers):
                raise missing(key, version)
            return self._known(key, version or numbers[-1])

    def versions(self, key: str) -> builtins.list[Stored]:
        check_key(key)
        with self._disk(key):
            return [self._known(key, number) for number in self._numbers(key)]

    def list(self, prefix: str = "") -> Iterator[Stored]:
        check_prefix(prefix)
        start = self._history / prefix.rpartition("/")[0]
        with self._disk(prefix):
            folders = [Path(folder).relative_to(self._history).as_posix() for folder, _, _ in os.walk(start)]
            keys = sorted(key for key in folders if key.startswith(prefix) and is_key(key))
        for key in keys:
            if self._numbers(key):
                yield self.describe(key)

    def link(self, key: str, *, minutes: float, filename: str = "") -> str:
        stored = self.describe(key)
        self._show(key, edited_aside=False)
        return (self._current / key if self._is_shown(stored) else self._body(stored)).as_uri()

    def probe(self) -> builtins.list[Promise]:
        if not self.root.is_dir():
            return [Promise(NOT_THERE, False, _NO_STORE.format(self.root))]
        try:
            with self._disk("staging"):
                trial = FolderStore(self.root / f"probe-{uuid.uuid4().hex}")
                try:
                    return [*Probe(trial, stale="000001").run(), *_LIMITS]
                finally:
                    shutil.rmtree(trial.root, ignore_errors=True)
        except StoreError as error:
            return [unreachable(error)]

    # Committing

    def _newest(self, key: str) -> tuple[Stored, str] | None:
        with self._disk(key):
            numbers = self._numbers(key)
            return (self._known(key, numbers[-1]), numbers[-1]) if numbers else None

    def _commit(
        self, wanted: Stored, data: bytes, before: tuple[Stored, str] | None, locked_until: date | None = None
    ) -> Stored | None:
        number = f"{int(before[1]) + 1 if before else 1:06d}"
        stored = replace(wanted, version=number)
        with self._disk(stored.key):
            folder = _make_folder(self._history / stored.key)
            self._write(data).replace(self._body(stored))
            record = self._write(json.dumps(asdict(stored), sort_keys=True, indent=1).encode())
            try:
                self._record(stored).hardlink_to(record)
            except FileExistsError:
                if self._known(stored.key, number).sha256 != stored.sha256:
                    self._body(stored).unlink(missing_ok=True)
                return None
            except OSError as error:
                if error.errno in _FULL:
                    raise
                raise StoreError(
                    f"This disk cannot keep versions safely: it has no hard links ({error.strerror}).",
                    where=str(self.root),
                    why="Without them two writers at once could overwrite each other.",
                    to_do="Use a folder on another disk (not exFAT, not every network share), or an S3 store.",
                ) from error
            finally:
                record.unlink(missing_ok=True)
            _sync_folder(folder)
        self._show(stored.key, edited_aside=True)
        return stored

    def _again(self, stored: Stored, data: bytes) -> None:
        with self._disk(stored.key):
            try:
                self._read(stored)
            except Damaged:
                self._write(data).replace(self._body(stored))
            self._show(stored.key, edited_aside=False)

    def _write(self, data: bytes, *, sync: bool = True) -> Path:
        path = _make_folder(self._staging) / uuid.uuid4().hex
        try:
            with path.open("xb") as file:
                file.write(data)
                if sync:
                    file.flush()
                    os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)  # a full disk must not keep halves
            raise
        return path

    # The copy for people

    def _show(self, key: str, *, edited_aside: bool) -> None:
        """Let ``current`` hold the newest version; what a person has edited there is never overwritten.

        The copy bears the time of its version's record, which tells whether it is up to date without reading it. It is
        a convenience: a folder that may only be read, or a document open in Word, must not make a put or get fail.
        """
        shown = self._current / key
        with suppress(OSError, Damaged):
            while (newest := self._newest(key)) and not self._is_shown(newest[0]):
                born = self._record(newest[0]).stat().st_mtime_ns
                there = sha256(shown.read_bytes()) if shown.exists() else ""
                if there == newest[0].sha256:
                    os.utime(shown, ns=(born, born))
                    return
                if there and there not in {stored.sha256 for stored in self.versions(key)}:
                    if not edited_aside:
                        return
                    shown.replace(shown.with_name(f"{shown.stem}-edited-{there[:12]}{shown.suffix}"))
                copy = self._write(self._read(newest[0]), sync=False)
                os.utime(copy, ns=(born, born))
                shown.parent.mkdir(parents=True, exist_ok=True)
                copy.replace(shown)

    def _is_shown(self, stored: Stored) -> bool:
        try:
            copy, record = (self._current / stored.key).stat(), self._record(stored).stat()
        except OSError:
            return False
        return copy.st_mtime_ns == record.st_mtime_ns and copy.st_size == stored.size

    # Reading

    def _record(self, stored: Stored) -> Path:
        return self._history / stored.key / f"{stored.version}.json"

    def _body(self, stored: Stored) -> Path:
        name = f"{stored.version}-{stored.sha256[:32]}{Path(stored.key).suffix}"
        return self._history / stored.key / name

    def _numbers(self, key: str) -> builtins.list[str]:
        try:
            names = [path.name for path in (self._history / key).iterdir()]
        except FileNotFoundError:
            return []
        return sorted((name[:-5] for name in names if re.fullmatch(r"\d{6,9}\.json", name)), key=int)

    def _known(self, key: str, number: str) -> Stored:
        try:
            stored = Stored(**json.loads((self._history / key / f"{number}.json").read_bytes()))
        except (ValueError, TypeError):
            raise damaged(f"{key}, version {number}", "its record cannot be read") from None
        if (stored.key, stored.version) != (key, number):
            raise damaged(f"{key}, version {number}", "its record is that of another key or version")
        return stored

    def _read(self, stored: Stored) -> bytes:
        try:
            data = self._body(stored).read_bytes()
        except FileNotFoundError:
            raise damaged(f"{stored.key}, version {stored.version}", "its file is gone") from None
        return verified(stored, data)

    @contextmanager
    def _disk(self, key: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"The folder of the store could not be used: {error.strerror or type(error).__name__}.",
                where=f"{self.root}, at {key}",
                why="Nothing was half written: what was there before is still there.",
                to_do="See that the folder exists, may be written to and has room, then run again.",
            ) from error


def _make_folder(folder: Path) -> Path:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)
    return folder


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows keeps names without being asked to, and cannot open folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
