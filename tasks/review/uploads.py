"""What becomes of drafts that editors put into the store? Each is checked once, kept, and becomes the newest draft.

Belongs here: taking uploads from under ``uploads/`` and the record of each. Does not belong here: the verdict on a
draft (``tasks.review.check``), and how files get there.

Nothing is deleted and nothing overwritten: an upload stays where it is, the version of the draft before it stays in the
store, and a file that is hostile or none of ours is left alone with its reason. An upload is known by its SHA-256; its
record is written last, so that a run that was cut short takes it again and ends the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from config.errors import Refused
from config.partnership import Partnership
from config.periods import Return
from tasks import plain
from tasks.assemble.report import SECTION_ID
from tasks.drafts import WRITER
from tasks.kept import folder_of
from tasks.model import Figure
from tasks.review import apart
from tasks.review.against import Against
from tasks.review.checked import NOT_KEPT, CheckedDraft
from tasks.store import ABSENT, Conflict, ObjectStore, Stored

UPLOADS, REVIEWS = "uploads/", "reviews/"
PERSON = "person"
"""Stands as the writer with every draft that a person put there."""
_TRIES = 5

UploadState = Literal["taken", "already_there", "not_ours", "refused"]


@dataclass(frozen=True)
class TakenUpload:
    """What became of one upload: keys, counts and sentences, without anything that the document says."""

    upload: str
    """Its key."""
    sha256: str
    state: UploadState
    draft: str = ""
    """The key whose newest version it became."""
    version: str = ""
    instead_of: str = ""
    """The version of another person's that was newest before; their words are in that version alone."""
    review: str = ""
    """The key of what was found in it."""
    in_short: str = ""
    needs_a_person: bool = False
    reason: str = ""
    """Why it was not taken."""
    to_do: str = ""


def take_uploads(store: ObjectStore, partnership: Partnership, period: Return | None = None) -> tuple[TakenUpload, ...]:
    """Take every Word document under ``uploads/`` that was not taken yet; ``period`` leaves those of others for later.

    The outcome of each is kept under ``reviews/<year>/<quarter or annual>/<section>-<start of its SHA-256>.json``.
    """
    return tuple(_take_each(store, partnership, period))


def _take_each(store: ObjectStore, partnership: Partnership, period: Return | None) -> Iterator[TakenUpload]:
    against = Against(store, partnership=partnership)
    for stored in list(store.list(UPLOADS)):
        record = f"{REVIEWS}uploads/{stored.sha256}.json"
        if not stored.key.lower().endswith(".docx") or store.versions(record):
            continue
        taken = _take(store, partnership, against, stored, period)
        if taken:
            store.put(record, plain.to_json(taken).encode(), about={"content-type": "application/json"})
            yield taken


def _take(
    store: ObjectStore,
    partnership: Partnership,
    against: Against,
    upload: Stored,
    wanted: Return | None,
) -> TakenUpload | None:
    data, name = store.get(upload.key), upload.key.rpartition("/")[2]
    try:
        says = apart.what_it_says(data, name)
        period = against.period_for(says)
        if wanted and wanted != period:
            return None
        figures = against.figures_for(says)
        checked = apart.checked(data, name, figures, partnership, period)
    except Refused as error:
        return TakenUpload(upload.key, upload.sha256, "refused", reason=error.what, to_do=error.to_do)
    section = says.section
    ours = bool(checked.run) and section in {SECTION_ID, *(one.id for one in partnership.sections)}
    kept = replace(without_hidden(checked, figures), name=section if ours else "other")
    review = f"{REVIEWS}{folder_of(period)}/{kept.name}-{upload.sha256[:10]}.json"
    store.put(review, plain.to_json(kept).encode(), about={"content-type": "application/json"})
    taken = TakenUpload(
        upload.key,
        upload.sha256,
        "not_ours",
        review=review,
        in_short=checked.in_short,
        needs_a_person=checked.needs_a_person,
    )
    if not ours:
        return replace(
            taken,
            reason="No run of ours made this document, or it does not say for which section.",
            to_do="Edit the draft that the run made, in Word, and upload that.",
        )
    return _become_newest(store, taken, f"drafts/{folder_of(period)}/{section}.docx", data)


def _become_newest(store: ObjectStore, taken: TakenUpload, key: str, data: bytes) -> TakenUpload:
    """Make an upload the newest version of a draft, by compare-and-swap; what is a version already stays as it is."""
    about = {"writer": PERSON, "upload": taken.upload, "review": taken.review}
    for attempt in range(_TRIES):
        versions = store.versions(key)
        if any(one.sha256 == taken.sha256 for one in versions):
            return replace(taken, state="already_there", draft=key)
        newest = versions[-1] if versions else None
        try:
            put = store.put(key, data, about=about, expected=newest.version if newest else ABSENT)
        except Conflict:
            if attempt == _TRIES - 1:
                raise
            continue
        others = newest.version if newest and newest.about.get("writer") != WRITER else ""
        return replace(taken, state="taken", draft=key, version=put.version, instead_of=others)
    raise AssertionError("not reached")


def without_hidden(checked: CheckedDraft, figures: Mapping[str, Figure]) -> CheckedDraft:
    """The outcome without what somebody typed in place of a number that is hidden to protect people.

    Whoever has the document sees it there; the open part of the store must not show it.
    """
    hidden = {one.id for one in figures.values() if one.symbol or one.status == "withheld"}
    secret = {one.says for one in checked.figures if one.id in hidden and one.state != "ok"}
    secret |= {one.text for one in checked.numbers if hidden & {*one.figures}}

    def kept(words: str) -> str:
        return NOT_KEPT if any(one and one in words for one in secret) else words

    return replace(
        checked,
        figures=tuple(
            replace(
                one,
                says=kept(one.says),
                around=kept(one.around),
                changes=tuple(replace(c, text=NOT_KEPT if one.id in hidden else kept(c.text)) for c in one.changes),
            )
            if one.state != "ok"
            else one
            for one in checked.figures
        ),
        numbers=tuple(
            replace(
                one,
                text=kept(one.text),
                around=kept(one.around),
                # Figures of the same value would tell what was typed.
                figures=one.figures if kept(one.text) == one.text else (),
                register=one.register if kept(one.text) == one.text else "",
                change=replace(one.change, text=kept(one.change.text)) if one.change else None,
            )
            for one in checked.numbers
        ),
        comments=tuple(replace(one, text=kept(one.text), on=kept(one.on)) for one in checked.comments),
    )


def review_of(store: ObjectStore, taken: TakenUpload) -> CheckedDraft:
    """What was found in an upload, as it was kept."""
    checked: CheckedDraft = plain.from_plain(CheckedDraft, json.loads(store.get(taken.review)))
    return checked
