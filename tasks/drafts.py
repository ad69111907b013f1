"""Where does a draft that a run made go, and what becomes of one that a person has edited meanwhile?

Belongs here: putting Word documents into the store. Does not belong here: making them (``tasks.assemble``), and how an
edited one gets new figures (``tasks.review.refresh``).

An edited document is never overwritten. A copy of it with the figures of the run as tracked changes is laid beside
it, in which every word of its editor is kept; where that cannot be (its links are lost, or it is no Word document any
more), the document that the run made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from config.errors import Refused
from tasks.model import Beside
from tasks.store import ANYTHING

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
    if is_edited(store, key := f"{name}.docx"):
        return Put(*_put(store, f"{name}-{run_id}.docx", data), "made_anew")
    return Put(*_put(store, key, data))


def put_draft(store: ObjectStore, name: str, run_id: str, data: bytes, printed: Mapping[str, str], on: date) -> Put:
    """Put a draft; where an edited one lies there, a copy of that with what the run prints (by ids of figures)."""
    from tasks.review.refresh import refresh

    key = f"{name}.docx"
    if not is_edited(store, key):
        return Put(*_put(store, key, data))
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
    versions = store.versions(key)
    return bool(versions) and versions[-1].about.get("writer") != WRITER


def _put(store: ObjectStore, key: str, data: bytes) -> tuple[str, str]:
    """Put a document of ours; a copy that a person has edited in its turn stays as it is."""
    stored: Stored = (
        store.versions(key)[-1]
        if is_edited(store, key)
        else store.put(key, data, about={"writer": WRITER}, expected=ANYTHING)
    )
    return stored.key, stored.sha256
