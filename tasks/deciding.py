"""May this finding be settled like this, and how is it kept? From what a person asked for to a decision in the store.

Belongs here: refusing what cannot be decided, in words; findings of a period as they stand after the latest decisions;
keeping a decision. Does not belong here: what follows from it (``tasks.decisions``), and how it was asked for (the
command line, a form).

Decisions are only ever added: ``decisions/<year>/<number>.json`` is written if nothing is there yet, so two people who
decide at the same moment get different numbers, or one of them is told to look again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from config.errors import Refused
from config.partnership import Partnership
from config.periods import Return
from tasks import plain
from tasks.decisions import ALTERNATIVES, as_number, fingerprint, judge
from tasks.kept import OPEN, WHOLE, decisions_of, period_of, register_of
from tasks.measures import is_suppressed
from tasks.model import Choice, Decision, Finding, Register
from tasks.words import listed

if TYPE_CHECKING:
    from tasks.store import ObjectStore

LEAST_REASON = 10
"""Characters of a reason: "ok" is none."""


@dataclass(frozen=True)
class Asked:
    """What a person asked for."""

    finding: str
    choice: Choice
    role: str
    reason: str
    on: str
    """The day, as ``2026-11-26``."""
    letter: str = ""
    text: str = ""
    until: str = ""
    name: str = ""


def make(partnership: Partnership, whole: Register, asked: Asked, number: int) -> Decision:
    """Turn what was asked for into a decision about the values that now stand.

    Raises:
        Refused: there is no such finding, it cannot be settled like this, or not by this role.
    """
    finding = find(asked.finding, whole.findings)
    _refuse_what_is_settled_by_itself(finding)
    _refuse_all(
        lambda: _refuse_a_role(partnership, finding, asked.role),
        lambda: _refuse_words(partnership, whole, finding, asked),
        lambda: _refuse_what_has_no_figure(finding, asked.choice),
        lambda: _accepted(finding, asked.letter) if asked.choice == "accept" and finding.figures else "",
        lambda: _day(asked.on, "the day of the decision"),
        lambda: _until(asked),
    )
    return Decision(
        number=number,
        finding=finding.id,
        period=finding.period,
        choice=asked.choice,
        role=asked.role,
        reason=asked.reason.strip(),
        made_on=_day(asked.on, "the day of the decision"),
        values=finding.values,
        fingerprint=fingerprint(finding.values),
        letter=asked.letter,
        accepted=_accepted(finding, asked.letter) if asked.choice == "accept" else "",
        text=asked.text.strip(),
        until=_until(asked),
        name=asked.name.strip(),
    )


def find(finding_id: str, findings: Sequence[Finding]) -> Finding:
    """The finding of this name.

    Raises:
        Refused: there is none; those with a name close to it are told.
    """
    by_id = {one.id: one for one in findings}
    if finding_id in by_id:
        return by_id[finding_id]
    close = get_close_matches(finding_id, by_id, n=2, cutoff=0.5)
    raise Refused(
        f"There is no finding called '{finding_id}'.",
        where="the findings of the period",
        why="A decision about something else would settle nothing.",
        to_do=f"Did you mean {' or '.join(close)}?"
        if close
        else "List them with 'assure findings', and copy the name.",
    )


def _refuse_all(*checks: Callable[[], object]) -> None:
    """Tell everything that is wrong with a decision at once."""
    wrong: list[Refused] = []
    for check in checks:
        try:
            check()
        except Refused as refused:
            wrong.append(refused)
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise Refused(
            f"This decision cannot be kept, for {len(wrong)} reasons:\n" + "\n".join(f"  - {one}" for one in wrong),
            to_do="Put right what each of them asks for, then decide again.",
        )


def _refuse_what_is_settled_by_itself(finding: Finding) -> None:
    if finding.outcome == "passed":
        raise Refused(
            "This comparison agrees: there is nothing to settle.",
            where=finding.id,
            to_do="List what needs a decision with 'assure findings --state open'.",
        )


def _refuse_a_role(partnership: Partnership, finding: Finding, role: str) -> None:
    may = list(dict.fromkeys([finding.owner, *partnership.profile.decisions.may_decide]))
    if role in may:
        return
    group = partnership.groups.get(role)
    raise Refused(
        f"{group.name} may not settle this finding." if group else f"'{role}' is not a group of this partnership.",
        where=finding.id,
        why="Readers must be able to rely on who accepted a figure.",
        to_do=f"Have it decided by one of: {', '.join(may)}. Who else may decide stands in partnership.yaml.",
    )


def _refuse_words(partnership: Partnership, whole: Register, finding: Finding, asked: Asked) -> None:
    if len(asked.reason.strip()) < LEAST_REASON:
        raise Refused(
            "A decision needs its reason, in a sentence.",
            where=finding.id,
            why="Next year nobody will remember why this figure was taken.",
            to_do=f"Say why with --reason, in {LEAST_REASON} letters or more.",
        )
    if asked.choice == "explain" and len(asked.text.strip()) < LEAST_REASON:
        raise Refused(
            "An explanation needs the words that are to be printed.",
            where=finding.id,
            to_do="Write the note as readers of the report should read it.",
        )
    hidden = {one.display for one in whole.figures if one.id in finding.figures and one.status == "withheld"}
    if hidden & set(re.findall(r"[\d,]*\d", f"{asked.text} {asked.reason}")):
        raise Refused(
            "The words of this decision hold a number that is hidden to protect people.",
            where=finding.id,
            why="A note is printed, and a reason is read by everybody who opens the register.",
            to_do="Say it without the number.",
        )


def _refuse_what_has_no_figure(finding: Finding, choice: Choice) -> None:
    if finding.figures or choice not in ("accept", "withhold"):
        return
    raise Refused(
        "This finding is about no figure, so there is no value to accept and none to withhold.",
        where=finding.id,
        why="It would be called settled, and what it is about would be as it was.",
        to_do="Have it corrected at source, or explain it: the note is kept with the decision.",
    )


def _accepted(finding: Finding, letter: str) -> str:
    letters = [chr(ord("a") + index) for index in range(len(finding.values))]
    if letter not in letters:
        raise Refused(
            f"This finding has no value {letter.upper() or 'without a letter'}.",
            where=finding.id,
            to_do=f"Its values are {', '.join(one.upper() for one in letters)}." if letters else "Explain it instead.",
        )
    value = finding.values[ord(letter) - ord("a")].value
    if finding.kind not in ALTERNATIVES and letter != "a":
        raise Refused(
            "The values of this finding are not several answers to one question, so no other can be put in its place.",
            where=finding.id,
            why="A part in place of its whole would be a new mistake.",
            to_do="Accept A to let the figure stand, have it corrected at source, explain it, or withhold it.",
        )
    if finding.kind in ALTERNATIVES and as_number(value) is None and not is_suppressed(value):
        raise Refused(
            f"Value {letter.upper()} of this finding is no number that could be printed.",
            where=finding.id,
            to_do="Have it corrected at source, or explain it.",
        )
    return value


def _until(asked: Asked) -> str:
    if not asked.until:
        return ""
    until = _day(asked.until, "the last day of the decision")
    if until < asked.on:
        raise Refused("The decision would be over before it is made.", where="its last day", to_do="Give a later day.")
    return until


def _day(text: str, where: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(f"'{text}' is no day.", where=where, to_do="Write it like 2026-11-26.") from None


# In a store


def period_in(finding_id: str) -> Return:
    """The period that a finding is of, from its name.

    Raises:
        Refused: its name ends with none.
    """
    found = re.search(r"\.(\d{4}-\d{2}(?:-Q[1-4])?)$", finding_id)
    if not found:
        raise Refused(
            f"'{finding_id}' is not the name of a finding.",
            to_do="Copy it from 'assure findings' or the quality page; it ends with its period.",
        )
    return period_of(found[1])


def decide(store: ObjectStore, partnership: Partnership, asked: Asked, *, keep: bool = True) -> Decision:
    """Make a decision about a finding of the last run of its period, and keep it unless it is only tried.

    Raises:
        Refused: it cannot be settled like this.
        Conflict: somebody else decided something at the same moment.
    """
    from tasks.store import ABSENT

    period = period_in(asked.finding)
    earlier = decisions_of(store, period.year)
    number = max((one.number for one in earlier), default=0) + 1
    decision = make(partnership, register_of(store, WHOLE, period), asked, number)
    if keep:
        data = plain.to_json(decision).encode()
        store.put(f"decisions/{period.year}/{number:04d}.json", data, expected=ABSENT)
    return decision


def findings_now(
    store: ObjectStore, partnership: Partnership, period: Return, day: str, *, hidden: bool = False
) -> list[Finding]:
    """Findings of the last run of a period, with the decisions that were made since then.

    ``hidden`` also tells numbers that are hidden to protect people, and why people decided about them as they did.
    """
    whole = register_of(store, WHOLE, period)
    judged = judge(partnership, whole.findings, decisions_of(store, period.year), day).findings
    if hidden:
        return list(judged)
    now = {one.id: one for one in judged}
    return [_without(one, now[one.id]) for one in register_of(store, OPEN, period).findings]


def _without(seen: Finding, now: Finding) -> Finding:
    """The finding as everybody may see it, with how far it has come."""
    masked = seen.title != now.title
    history = tuple(replace(past, reason="", why="") if masked else past for past in now.history)
    return replace(seen, state=now.state, history=history)


@dataclass(frozen=True)
class Wanted:
    """Which findings of a period somebody wants to see; what is empty does not matter."""

    severity: str = ""
    kind: str = ""
    area: str = ""
    owner: str = ""
    state: str = ""

    def fits(self, finding: Finding) -> bool:
        """Is this finding one of them? An area is that of a figure which the finding is about."""
        areas = {one.partition(".")[0] for one in (finding.subject, *finding.figures)}
        return all(
            (
                self.severity in ("", finding.severity),
                self.kind in ("", finding.kind),
                self.area in ("", *areas),
                self.owner in ("", finding.owner),
                self.state in ("", finding.state),
            )
        )


def chosen(findings: Iterable[Finding], wanted: Wanted) -> list[Finding]:
    """Findings that are not passed and are wanted; those that could not be evaluated only where they are grave."""
    return [
        one
        for one in findings
        if one.outcome == "failed" or (one.outcome == "not_evaluated" and one.severity == "must_fix")
        if wanted.fits(one)
    ]


def known_words(what: str, given: str, known: Iterable[str]) -> None:
    """Refuse a word of a filter that stands for nothing: an empty list would look like good news.

    Raises:
        Refused: it is not one of those known.
    """
    names = sorted(known)
    if given and given not in names:
        close = get_close_matches(given, names, n=1)
        raise Refused(
            f"'{given}' is no {what}.",
            to_do=f"Did you mean '{close[0]}'?" if close else f"Use one of: {listed(names)}.",
        )
