"""What became of drafts that editors uploaded? Read back from the store, in words for those who uploaded them.

Belongs here: keys of the page on an upload, which group said to have written it, and what became of it. Does not belong
here: taking and checking uploads (``tasks.review.uploads``) and HTML.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from config.partnership import Partnership
from tasks import plain
from tasks.assemble.report import SECTION_ID
from tasks.review.uploads import REVIEWS, TakenUpload, UploadState
from tasks.store import ObjectStore

BECAME: dict[UploadState, str] = {
    "taken": "It became the newest version of the draft",
    "already_there": "Kept before: the draft has this version already",
    "not_ours": "Kept, and left out of the drafts",
    "refused": "Kept, and not opened",
}
ROLE = "role"
"""What stands with an upload about the group for which its editor said to write: an id, never a name."""


def record_key(sha256: str) -> str:
    """Where it is kept what became of an upload."""
    return f"{REVIEWS}uploads/{sha256}.json"


def outcome_key(sha256: str) -> str:
    """Where the page on an upload lies."""
    return f"{REVIEWS}uploads/{sha256}.html"


def taken(store: ObjectStore, keys: Iterable[str]) -> Iterator[TakenUpload]:
    """Every upload that was taken, of the records among some keys, in their order."""
    for key in keys:
        if key.endswith(".json"):
            yield plain.from_plain(TakenUpload, json.loads(store.get(key)))


def what_became(one: TakenUpload) -> str:
    """What became of an upload, in a few words."""
    return BECAME[one.state]


def title_of(partnership: Partnership, one: TakenUpload) -> str:
    """What was uploaded: the draft of a section and its period, or another document."""
    if not one.draft:
        return "Another document"
    year, part, name = one.draft.split("/")[1:]
    section = name.removesuffix(".docx")
    titles = {section.id: section.title for section in partnership.sections} | {SECTION_ID: "The annual report"}
    return f"{titles.get(section, section)}, {year}{'' if part == 'annual' else f' {part}'}"


def role_of(store: ObjectStore, partnership: Partnership, upload: str) -> str:
    """The group for which an editor said to write; empty where nobody said, or the partnership has none of that id."""
    if not upload or not store.versions(upload):
        return ""
    group = partnership.groups.get(store.describe(upload).about.get(ROLE, ""))
    return group.name if group else ""
