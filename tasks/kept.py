"""What does a store keep of a period, and where? Read back for those who ask about it afterwards.

Belongs here: keys of books and decisions, and reading them. Does not belong here: what a run writes (``tasks.run``),
and what is made of it for people (``tasks.explain``, ``tasks.deciding``, ``tasks.diff``).

The open part of a store (``OPEN_PARTS``, and the front page ``index.html``) has no hidden number, unless an editor
typed one into a draft (``uploads/``, and ``drafts/`` from there). ``restricted/`` has the whole books, ``decisions/``
the values on which people decided, ``received/``, ``gathered/`` and ``uploads/`` what was sent: these are for those who
look after the store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from config.errors import Refused
from config.periods import Period, Quarter, ReportingYear, Return
from tasks import plain
from tasks.model import Decision, Register

if TYPE_CHECKING:
    from config.partnership import Partnership
    from tasks.store import ObjectStore, Stored

WHOLE, OPEN, PUBLISHED = "restricted/register", "register", "published"

OPEN_PARTS = ("register", "findings", "quality", "annex", "drafts", "runs", "forms", "reviews", "published")
"""Rooms of a store that everybody may read who may open the pages; what is in no list is not handed out."""


def is_open(key: str) -> bool:
    """Whether a key lies in the open part."""
    return key == "index.html" or key.partition("/")[0] in OPEN_PARTS


def folder_of(period: Period) -> str:
    """``2023-24/Q4`` or ``2023-24/annual``."""
    return f"{period.year}/Q{period.number}" if isinstance(period, Quarter) else f"{period.year}/annual"


def period_of(text: str) -> Return:
    """Read a quarter or a reporting year.

    Raises:
        Refused: neither can be read.
    """
    try:
        return Quarter.parse(text) if "q" in text.lower() else ReportingYear.parse(text)
    except ValueError as error:
        raise Refused(
            str(error), where="the period asked for", to_do="Write 2023-24-Q4, or 2023-24 for the year."
        ) from None


def owner_of(store: ObjectStore) -> str:
    """The id of the partnership whose store it is; empty where no run has been kept yet."""
    if not store.versions("partnership.json"):
        return ""
    return str(json.loads(store.get("partnership.json"))["id"])


def refuse_foreign_store(partnership: Partnership, store: ObjectStore, address: str) -> bool:
    """Whether the store is this partnership's already; one that is new is nobody's.

    Raises:
        Refused: it is another's.
    """
    owner, ours = owner_of(store), partnership.profile.id
    if owner and owner != ours:
        raise Refused(
            f"This store belongs to the partnership '{owner}', not to '{ours}'.",
            where=address,
            why="Figures of two partnerships would lie under the same names.",
            to_do="Name another store with --store, or the other partnership with --partnership.",
        )
    return bool(owner)


def register_key(part: str, period: Period) -> str:
    """The key of one of the two books of a period."""
    return f"{part}/{folder_of(period)}/register.json"


def register_of(store: ObjectStore, part: str, period: Return, version: str | None = None) -> Register:
    """One of the books of a period, whole or open.

    Raises:
        Refused: no run of the period was kept.
    """
    key = register_key(part, period)
    if not store.versions(key):
        raise Refused(
            f"No run of {period} was kept.", where=key, to_do="Run the period first, or name the store in which it is."
        )
    return plain.from_plain(Register, json.loads(store.get(key, version)))


def decisions_of(store: ObjectStore, year: ReportingYear) -> tuple[Decision, ...]:
    """All decisions of a year, in their order."""
    keys = [stored.key for stored in store.list(f"decisions/{year}/")]
    return tuple(plain.from_plain(Decision, json.loads(store.get(key))) for key in keys)


def periods_kept(store: ObjectStore) -> Iterator[Return]:
    """Every period of which a register was kept, in the order of time; a year after its quarters."""
    for stored in store.list(f"{OPEN}/"):
        found = re.fullmatch(rf"{OPEN}/(\d{{4}}-\d{{2}})/(Q[1-4]|annual)/register\.json", stored.key)
        if found:
            yield period_of(found[1] if found[2] == "annual" else f"{found[1]}-{found[2]}")


def publications_of(store: ObjectStore, until: ReportingYear) -> Iterator[Stored]:
    """The book of every report that was published of a year and the years before it, corrections after the first."""
    for stored in store.list(f"{PUBLISHED}/"):
        found = re.fullmatch(rf"{PUBLISHED}/(\d{{4}}-\d{{2}})/(?:\d+/)?register\.json", stored.key)
        if found and ReportingYear.parse(found[1]).start_year <= until.start_year:
            yield stored


def latest_period(store: ObjectStore) -> Return:
    """The period that was run for the latest time; the year itself before its quarters.

    Raises:
        Refused: no run was kept at all.
    """
    found = sorted(periods_kept(store), key=lambda one: (one.last_day, isinstance(one, ReportingYear)))
    if not found:
        raise Refused(
            "This store keeps no run of any period.", to_do="Run a period first, or name another store with --store."
        )
    return found[-1]
