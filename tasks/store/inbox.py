"""Inboxes: which files did people put there, by whatever name, and what is in them?

Belongs here: listing and reading what others put into a folder or bucket with programs of their own, without versions,
without SHA-256, with spaces and capitals in its names. Nothing is ever written into an inbox; its folder may be made.
Does not belong here: whose files these are, and keeping them (``tasks.gather``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from tasks.store.contract import Damaged, Missing, StoreError
from tasks.store.s3 import Bucket, S3Settings

_WHY = "Without it nothing can be gathered."


class Unreadable(StoreError):
    """One file of an inbox cannot be read; others may be."""


class Inbox(Protocol):
    """Files that people put somewhere. Folders within it are not looked into."""

    def make_ready(self) -> None:
        """See that people can put files there: make the folder where it is missing.

        Raises:
            StoreError: it cannot be made.
        """
        ...

    def names(self) -> list[str]:
        """Names of the files, sorted; without what is hidden and what systems leave beside files.

        Raises:
            StoreError: there is no such inbox, or it cannot be looked into.
        """
        ...

    def read(self, name: str) -> bytes:
        """Bytes of one file as they are now.

        Raises:
            Unreadable: this file is gone, locked or not this user's to read.
            StoreError: the inbox cannot be reached.
        """
        ...

    def came_on(self, name: str) -> date:
        """The day, in Britain, on which one file was put there as it is now. Raises what ``read`` raises."""
        ...


@dataclass(frozen=True)
class FolderInbox:
    """An inbox in a folder, filled with Explorer or Finder."""

    folder: Path

    def make_ready(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder for what comes in cannot be made: {error.strerror or type(error).__name__}.",
                where=str(self.folder.absolute()),
                why="Nobody has a place to put what comes in.",
                to_do="Make this folder, or let this user write in the one above it.",
            ) from None

    def names(self) -> list[str]:
        try:
            return sorted(path.name for path in self.folder.iterdir() if _is_sent(path.name) and path.is_file())
        except (FileNotFoundError, NotADirectoryError):
            what = "The inbox is not there."
            to_do = (
                "Make this folder and put what came into it; or name the one where it is, in ASSURE_INBOX or, for one "
                "run, where it is started."
            )
        except OSError as error:
            what = f"The inbox cannot be looked into: {error.strerror or type(error).__name__}."
            to_do = "See that this user may open the folder and that its disk or share is connected, then run again."
        raise StoreError(what, where=str(self.folder.absolute()), why=_WHY, to_do=to_do)

    def read(self, name: str) -> bytes:
        path = self._at(name)
        try:
            return path.read_bytes()
        except OSError as error:
            raise _unreadable(str(path), error.strerror or type(error).__name__) from error

    def came_on(self, name: str) -> date:
        path = self._at(name)
        try:
            return _british(datetime.fromtimestamp(path.stat().st_mtime, UTC))
        except OSError as error:
            raise _unreadable(str(path), error.strerror or type(error).__name__) from error

    def _at(self, name: str) -> Path:
        path = self.folder.absolute() / name
        if path.name != name or not _is_sent(name):
            raise _unreadable(str(path), "it is not one of the inbox")
        return path


class S3Inbox:
    """An inbox below a prefix of a bucket, filled with an S3 console; one that nobody filled is an empty inbox."""

    def __init__(self, bucket: str, prefix: str, settings: S3Settings) -> None:
        self._bucket = Bucket(bucket, prefix, settings, what="inbox", why=_WHY)

    def make_ready(self) -> None:
        """Nothing is to be done: a bucket has no folders, and people fill the one that they name."""

    def names(self) -> list[str]:
        return sorted(name for name in self._bucket.keys(Delimiter="/") if _is_sent(name))

    def read(self, name: str) -> bytes:
        try:
            return self._bucket.fetch(name)[1]
        except Missing:
            raise _unreadable(self._bucket.where(name), "it is not there any more") from None
        except Damaged:
            raise _unreadable(self._bucket.where(name), "its checksum is another one") from None

    def came_on(self, name: str) -> date:
        try:
            return _british(self._bucket.changed_at(name))
        except Missing:
            raise _unreadable(self._bucket.where(name), "it is not there any more") from None


def _british(moment: datetime) -> date:
    """The day by British time: what comes at half past midnight in summer is not yesterday's."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


_LEFT_BY_SYSTEMS = {"thumbs.db", "desktop.ini"}


def _is_sent(name: str) -> bool:
    """Not hidden, not what Office or Windows leave beside files, not what consoles make in the place of folders."""
    left = name.casefold() in _LEFT_BY_SYSTEMS or name.startswith("~$") or name.endswith(("/", "_$folder$"))
    return bool(name) and not name.startswith(".") and not left


def _unreadable(where: str, reason: str) -> Unreadable:
    return Unreadable(
        f"A file of the inbox cannot be read: {reason}.",
        where=where,
        why="Nothing that is in it can be gathered.",
        to_do="Close it where it is open, check that this user may read it, or send it again; then run again.",
    )
