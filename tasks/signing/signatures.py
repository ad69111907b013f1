"""Signatures in the store: who answered what, for which bytes.

Belongs here: reading and adding them. Does not belong here: who may sign (``tasks.signing.states``).

Answers are only ever added: ``signatures/<year>/<Q1|annual>/<section>/<number>.json`` is written if nothing is there
yet, so that of two people who answer at the same moment one is told to look again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.errors import Refused
from config.partnership import Partnership
from config.periods import Return
from tasks import plain
from tasks.kept import OPEN, PUBLISHED, WHOLE, folder_of, register_key, register_of
from tasks.model import Draft
from tasks.signing.states import Answer, Progress, Signature, may_answer, progress_of
from tasks.words import listed

if TYPE_CHECKING:
    from tasks.store import ObjectStore

ROOM = "signatures"
COMMAND_LINE = "command line"
"""Stands in place of a run where an answer was typed."""


@dataclass(frozen=True)
class Asked:
    """What a person answered, and where it was asked."""

    section: str
    role: str
    name: str
    answer: Answer
    at: str
    run: str
    words: str = ""
    sha256: str = ""
    """What the person had before them; empty where nobody asked. Another draft by now is not signed."""


def signatures_of(store: ObjectStore, period: Return, section: str) -> tuple[Signature, ...]:
    """Every answer to a draft, in their order, to whichever version it was."""
    keys = [stored.key for stored in store.list(f"{ROOM}/{folder_of(period)}/{section}/")]
    return tuple(plain.from_plain(Signature, json.loads(store.get(key))) for key in keys)


def drafts_of(store: ObjectStore, partnership: Partnership, period: Return) -> Iterator[Progress]:
    """How far every draft of the last run of a period has come.

    Raises:
        Refused: no run of the period was kept.
    """
    for draft in _drafts(store, period):
        yield progress_in(store, partnership, period, draft.section)


def _drafts(store: ObjectStore, period: Return) -> tuple[Draft, ...]:
    key = f"drafts/{folder_of(period)}/drafts.json"
    if not store.versions(key):
        raise Refused(f"No drafts of {period} were kept.", where=key, to_do="Run the period first.")
    return plain.from_plain(tuple[Draft, ...], json.loads(store.get(key))["drafts"])


def progress_in(store: ObjectStore, partnership: Partnership, period: Return, section: str) -> Progress:
    """How far one draft of a period has come.

    Raises:
        Refused: there is no such draft.
    """
    key = f"drafts/{folder_of(period)}/{section}.docx"
    versions = store.versions(key)
    if not versions:
        known = ", ".join(draft.section for draft in _drafts(store, period))
        raise Refused(f"There is no draft of '{section}' for {period}.", where=key, to_do=f"Use one of: {known}.")
    return progress_with(store, partnership, period, section, key, versions[-1].sha256, versions[-1].version)


def progress_with(
    store: ObjectStore,
    partnership: Partnership,
    period: Return,
    section: str,
    draft: str,
    sha256: str,
    version: str = "",
) -> Progress:
    """How far certain bytes of a draft have come, whether or not they are its newest version."""
    return progress_of(
        partnership,
        section,
        draft,
        (sha256, version, _author(store, draft, version)),
        signatures_of(store, period, section),
        published=_was_published(store, period, sha256),
    )


def _author(store: ObjectStore, draft: str, version: str) -> str:
    """Who says to have edited a version, as told with the file that was uploaded; empty where nobody was asked."""
    about = store.describe(draft, version).about if version else {}
    statement = about.get("upload", "").removesuffix(".docx") + ".json"
    if not about.get("upload") or not store.versions(statement):
        return ""
    return str(json.loads(store.get(statement)).get("name", ""))


def _was_published(store: ObjectStore, period: Return, sha256: str) -> bool:
    for stored in store.list(f"{PUBLISHED}/{period.year}/"):
        if stored.key.endswith("receipt.json") and sha256 in store.get(stored.key).decode():
            return True
    return False


def sign(store: ObjectStore, partnership: Partnership, period: Return, asked: Asked, *, keep: bool = True) -> Signature:
    """Answer for the newest version of a draft, and keep the answer unless it is only tried.

    Raises:
        Refused: this person may not answer now, or the draft is no longer the one that was looked at.
        Conflict: somebody else answered at the same moment.
    """
    from tasks.store import ABSENT

    answers = signatures_of(store, period, asked.section)
    progress = progress_in(store, partnership, period, asked.section)
    if asked.sha256 and asked.sha256 != progress.sha256:
        raise Refused(
            "The draft has changed since it was looked at.",
            where=progress.draft,
            why="A signature is for what was read.",
            to_do="Look at the newest version, and sign that.",
        )
    may_answer(partnership, progress, asked.role, asked.name, asked.answer, asked.words)
    if asked.answer == "signed":
        _refuse_what_tells_a_hidden_number(store, partnership, period, progress)
    made = Signature(
        number=len(answers) + 1,
        draft=progress.draft,
        sha256=progress.sha256,
        version=progress.version,
        state=progress.state,
        answer=asked.answer,
        role=asked.role,
        name=" ".join(asked.name.split()),
        at=asked.at,
        run=asked.run,
        words=asked.words.strip(),
    )
    if keep:
        key = f"{ROOM}/{folder_of(period)}/{asked.section}/{made.number:04d}.json"
        store.put(key, plain.to_json(made).encode(), expected=ABSENT)
    return made


def _refuse_what_tells_a_hidden_number(
    store: ObjectStore, partnership: Partnership, period: Return, progress: Progress
) -> None:
    """What is signed goes on to others, and into the bundle: no number may stand in it that is hidden from them."""
    from tasks.publication import typed_hidden_numbers
    from tasks.review.check import check_draft

    if not all(store.versions(register_key(part, period)) for part in (OPEN, WHOLE)):
        return
    shown, whole = (register_of(store, part, period) for part in (OPEN, WHOLE))
    name, figures = progress.draft.rpartition("/")[2], {one.id: one for one in shown.figures}
    checked = check_draft(store.get(progress.draft, progress.version), name, figures, partnership, period)
    over = [one.where for one in checked.figures if one.state == "changed" and one.tells_hidden]
    typed = [one.where for one in typed_hidden_numbers(checked, shown, whole)]
    if over or typed:
        raise Refused(
            "A number was typed in this draft where one is hidden to protect people.",
            where=f"{progress.draft}, under: {listed([*dict.fromkeys([*over, *typed])])}",
            why="What is signed is shown to others, and kept for good.",
            to_do="Take it out, upload the draft again, and sign that version.",
        )
