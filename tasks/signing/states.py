"""How far has a draft come, and who may sign it next? The whole procedure as one table.

=================  =======================================  =====================================================
a draft is         who acts                                 and then it is
=================  =======================================  =====================================================
drafted            who puts drafts forward                  with the data owner
with data owner    the group that owns the section          with those who assure quality
with quality       the group that assures quality           with the partners
with partners      every safeguarding partner, in any order agreed
agreed             whoever publishes                        published
=================  =======================================  =====================================================

Whoever is asked may send it back instead, with the reason: then it is drafted again. A signature is for certain bytes
(their SHA-256): a draft that changes afterwards is drafted again too, and says so. One person signs once, besides
putting a draft forward, and who edited a draft may sign as the owner of its section only: so nobody is the only one who
approved their own words.

Belongs here: this table, and what follows from it for one draft. Does not belong here: where signatures are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from config.errors import Refused
from config.partnership import Partnership
from tasks.words import listed

State = Literal["drafted", "with_data_owner", "with_quality", "with_partners", "agreed", "published"]
Answer = Literal["signed", "sent_back"]
STATES: dict[State, str] = {
    "drafted": "drafted",
    "with_data_owner": "with its data owner",
    "with_quality": "with quality assurance",
    "with_partners": "with the safeguarding partners",
    "agreed": "agreed",
    "published": "published",
}
SIGNED_IN: tuple[State, ...] = ("drafted", "with_data_owner", "with_quality", "with_partners")
"""States that a signature ends, in their order."""
LEAST_WORDS = 10
"""Characters of a reason to send back: "no" is none."""


@dataclass(frozen=True)
class Signature:
    """One answer of one person in the name of a group, to certain bytes. Never changed afterwards."""

    number: int
    """Its place in the order of the draft's answers."""
    draft: str
    """The draft's key."""
    sha256: str
    version: str
    """The store's own name for these bytes."""
    state: State
    """How far the draft had come when it was answered."""
    answer: Answer
    role: str
    """A group of the partnership."""
    name: str
    """Who says to have answered: a statement, which nothing in this system proves."""
    at: str
    """The moment, as ``2024-09-02T14:05:00+01:00``."""
    run: str
    """The Prefect run in which it was asked for; ``command line`` where it was typed."""
    words: str = ""
    """Why it was sent back, or what was said with the signature."""


@dataclass(frozen=True)
class Progress:
    """How far one draft has come, as its newest version stands."""

    draft: str
    section: str
    sha256: str
    version: str
    author: str
    """Who edited the newest version, as told; empty where a run made it."""
    state: State
    signed: tuple[Signature, ...]
    """Signatures that hold for these bytes, since it was last sent back."""
    waiting_for: tuple[str, ...]
    """Groups that are asked now."""
    because: str = ""
    """Why it had to begin again, if it had."""

    @property
    def is_agreed(self) -> bool:
        return self.state in ("agreed", "published")


def progress_of(
    partnership: Partnership,
    section: str,
    draft: str,
    newest: tuple[str, str, str],
    answers: Sequence[Signature],
    *,
    published: bool = False,
) -> Progress:
    """How far a draft has come; ``newest`` is SHA-256, version and author of its newest version.

    ``published`` says whether these very bytes were published.
    """
    sha256, version, author = newest
    signed: list[Signature] = []
    because = ""
    for one in sorted(answers, key=lambda one: one.number):
        if one.sha256 != sha256:
            because = "It changed after it was signed."
            continue
        if one.answer == "sent_back":
            signed, because = [], f"{_group(partnership, one.role)} sent it back: {one.words}"
        else:
            signed.append(one)
            because = ""
    state = _state(partnership, section, signed)
    waiting = _asked(partnership, section, state) - {one.role for one in signed if one.state == state}
    return Progress(
        draft=draft,
        section=section,
        sha256=sha256,
        version=version,
        author=author,
        state="published" if published and state == "agreed" else state,
        signed=tuple(signed),
        waiting_for=tuple(one.id for one in partnership.profile.groups if one.id in waiting),
        because=because,
    )


def _state(partnership: Partnership, section: str, signed: Iterable[Signature]) -> State:
    """The first state that not all who are asked in it have signed."""
    signed = list(signed)
    for state in SIGNED_IN:
        if _asked(partnership, section, state) - {one.role for one in signed if one.state == state}:
            return state
    return "agreed"


def _asked(partnership: Partnership, section: str, state: State) -> set[str]:
    """The groups that sign a draft in a state."""
    signing = partnership.profile.signing
    if signing is None:
        raise Refused(
            "Nobody signs drafts of this partnership.",
            where=f"{partnership.profile.id}: partnership.yaml, signing",
            why="Nothing says who would have to.",
            to_do="Add 'signing' with 'quality' and 'partners' to partnership.yaml.",
        )
    asked: dict[State, set[str]] = {
        "drafted": {signing.puts_forward or partnership.business_unit.id},
        "with_data_owner": {_owner(partnership, section)},
        "with_quality": {signing.quality},
        "with_partners": set(signing.partners),
    }
    return asked.get(state, set())


def _owner(partnership: Partnership, section: str) -> str:
    """Who owns a section; the report as a whole is the business unit's."""
    owners = {one.id: one.owner for one in partnership.sections}
    return owners.get(section, partnership.business_unit.id)


def may_answer(partnership: Partnership, progress: Progress, role: str, name: str, answer: Answer, words: str) -> None:
    """See to it that somebody may answer now.

    Raises:
        Refused: another group is asked, this person has signed already or wrote the draft, or a reason is missing.
    """
    if not progress.waiting_for:
        raise Refused(
            f"This draft is {STATES[progress.state]}: nobody is asked to sign it.",
            where=progress.draft,
            to_do="Look at 'assure signoff'. A draft is signed anew when it changes.",
        )
    if role not in progress.waiting_for:
        groups = listed([_group(partnership, one) for one in progress.waiting_for])
        raise Refused(
            f"{_group(partnership, role)} is not asked to sign this draft now.",
            where=f"{progress.draft}: {STATES[progress.state]}",
            why="A signature out of its turn would be for something that others have yet to check.",
            to_do=f"Those asked now: {groups}.",
        )
    if len(name.strip()) < 2:
        raise Refused("A signature needs a name.", where=progress.draft, to_do="Give the name of whoever signs.")
    if answer == "sent_back":
        if len(words.strip()) < LEAST_WORDS:
            raise Refused(
                "To send a draft back needs a reason, in a sentence.",
                where=progress.draft,
                why="Whoever has to change it must know what.",
                to_do=f"Say what is to be changed, in {LEAST_WORDS} letters or more.",
            )
        return
    _refuse_to_sign_twice(progress, name)


def _refuse_to_sign_twice(progress: Progress, name: str) -> None:
    who = _plain(name)
    before = next((one for one in progress.signed if _plain(one.name) == who and one.state != "drafted"), None)
    if before and progress.state != "drafted":
        raise Refused(
            "The same person has signed this draft before.",
            where=f"{progress.draft}: now {STATES[progress.state]}, signed before while it was {STATES[before.state]}",
            why="Each step is there so that somebody else looks at it.",
            to_do="Have it signed by somebody else of the group that is asked.",
        )
    if who == _plain(progress.author) and progress.state in ("with_quality", "with_partners"):
        raise Refused(
            "Who edited a draft does not approve it.",
            where=f"{progress.draft}: {STATES[progress.state]}",
            why="Nobody may be the only one who approved their own words.",
            to_do="Have it signed by somebody else of the group that is asked.",
        )


def blockers(progress: Progress, partnership: Partnership) -> tuple[str, ...]:
    """What signing still holds up, a sentence each; nothing where the draft is agreed."""
    if progress.is_agreed:
        return ()
    groups = listed([_group(partnership, one) for one in progress.waiting_for])
    why = f" {progress.because}" if progress.because else ""
    asked = "is asked" if len(progress.waiting_for) == 1 else "are asked"
    return (f"Not everybody has signed the draft: it is {STATES[progress.state]}, and {groups} {asked} now.{why}",)


def _group(partnership: Partnership, name: str) -> str:
    group = partnership.groups.get(name)
    return group.name if group else name


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
