"""Where does a draft that a run made go, and what becomes of one that a person has edited meanwhile?

Belongs here: putting Word documents into the store. Does not belong here: making them (``tasks.assemble``), and how an
edited one gets new figures (``tasks.review.refresh``).

An edited document is never overwritten. A copy of it with the figures of the run as tracked changes is laid beside
it, in which every word of its editor is kept; where that cannot be (its links are lost, or it is no Word document any
more), the document that the run made.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from config.errors import Refused
from tasks.model import Beside
from tasks.store import ABSENT, Conflict

if TYPE_CHECKING:
    from tasks.store import ObjectStore, Stored

WRITER = "annual-report-assurance"
"""Stands with every document that we wrote; one without it was put there by a person."""


@dataclass(frozen=True)
class Put:
    """Where a document lies, and what is beside an edited one."""

    key: str
    sha256: str
    beside: Beside = "none"
    moved: int = 0
    """How many figures of an edited document say something else now."""


def put_document(store: ObjectStore, name: str, run_id: str, data: bytes) -> Put:
    """Put a document under ``<name>.docx``; where an edited one lies there, beside it, under the run."""
    if put := _put_ours(store, f"{name}.docx", data):
        return put
    return Put(*_put(store, f"{name}-{run_id}.docx", data), "made_anew")


def put_draft(store: ObjectStore, name: str, run_id: str, data: bytes, printed: Mapping[str, str], on: date) -> Put:
    """Put a draft; where an edited one lies there, a copy of that with what the run prints (by ids of figures)."""
    from tasks.review.refresh import refresh

    key = f"{name}.docx"
    if put := _put_ours(store, key, data):
        return put
    edited = store.versions(key)[-1]
    try:
        done = refresh(store.get(key), key.rpartition("/")[2], printed, on=on)
    except Refused:
        return put_document(store, name, run_id, data)
    if printed and not done.linked:
        return put_document(store, name, run_id, data)
    if not done.changed:
        return Put(edited.key, edited.sha256, "up_to_date")
    moved = len({one.figure for one in done.changed})
    return Put(*_put(store, f"{name}-{run_id}-refreshed.docx", done.data), "refreshed", moved)


def is_edited(store: ObjectStore, key: str) -> bool:
    """Was the newest version of a document put there by a person?"""
    return _is_a_persons(_newest(store, key))


def _put_ours(store: ObjectStore, key: str, data: bytes) -> Put | None:
    """Put a document of ours on top of one of ours; nothing where a person's lies there, or comes at this moment."""
    while not _is_a_persons(newest := _newest(store, key)):
        with suppress(Conflict):  # somebody was faster: let us see who
            stored = store.put(key, data, about={"writer": WRITER}, expected=newest.version if newest else ABSENT)
            return Put(stored.key, stored.sha256)
    return None


def _put(store: ObjectStore, key: str, data: bytes) -> tuple[str, str]:
    """Put a document of ours; a copy that a person has edited in its turn stays as it is."""
    if put := _put_ours(store, key, data):
        return put.key, put.sha256
    newest = store.versions(key)[-1]
    return newest.key, newest.sha256


def _newest(store: ObjectStore, key: str) -> Stored | None:
    versions = store.versions(key)
    return versions[-1] if versions else None


def _is_a_persons(stored: Stored | None) -> bool:
    return stored is not None and stored.about.get("writer") != WRITER
