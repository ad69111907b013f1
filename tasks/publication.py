"""May this draft be published, and if not, what are all the reasons, and what is to be done about each?

Belongs here: reasons against publishing, in plain words. Does not belong here: writing what is published
(``tasks.publish``), and finding anything out anew (``tasks.review.check``, ``tasks.reconcile``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from config.errors import Refused
from config.partnership import Partnership
from tasks.decisions import blocking
from tasks.model import Figure, Finding, Register
from tasks.register import label_in_words
from tasks.review.checked import CheckedDraft, CheckedFigure
from tasks.signing import Progress
from tasks.signing import blockers as unsigned
from tasks.words import listed, many

NOT_MEANT_FOR_PRINT = ("not_received", "withheld")
"""Figures of these states may be taken out of a draft: their comments ask for it."""
NAMED = 5
"""Figures that one reason names; the rest is counted."""


@dataclass(frozen=True)
class Reason:
    """One reason why a draft cannot be published yet."""

    what: str
    to_do: str
    where: str = ""


@dataclass(frozen=True)
class Candidate:
    """What would be published, and all that is known of it."""

    year: str
    data: bytes
    """The draft, as people left it."""
    key: str
    """Where it lies in the store; the name of a file where it was given by hand."""
    version: str
    sha256: str
    checked: CheckedDraft
    shown: Register
    """The open book of the last run."""
    whole: Register
    findings: tuple[Finding, ...]
    """Those of the last run, as decisions made since would leave them."""
    signing: Progress | None
    """How far these very bytes have been signed; nothing where the partnership asks nobody to sign."""

    @property
    def printed(self) -> dict[str, Figure]:
        """Figures of the register that the draft prints, by id."""
        there = {one.id for one in self.checked.figures if one.says}
        return {one.id: one for one in self.shown.figures if one.id in there}


class HeldUp(Refused):
    """A draft that cannot be published yet; ``reasons`` holds all of them."""

    def __init__(self, candidate: Candidate, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        told = "\n".join(
            f"  {number}. {one.what}{f' ({one.where})' if one.where else ''}\n     {one.to_do}"
            for number, one in enumerate(reasons, 1)
        )
        super().__init__(
            f"The annual report {candidate.year} cannot be published yet, for {many(len(reasons), 'reason')}:\n{told}",
            where=candidate.key,
            why="What is published cannot be taken back. Nothing was written.",
            to_do="Settle each of them, then publish again. --dry-run lists what is left and writes nothing.",
        )


def blockers(partnership: Partnership, candidate: Candidate, without: Collection[str] = ()) -> list[Reason]:
    """Every reason why a draft cannot be published, findings first. ``without`` are figures taken out on purpose."""
    return [
        *_of_findings(partnership, candidate),
        *_of_document(candidate),
        *_of_figures(candidate, without),
        *_of_hidden_numbers(candidate),
        *_of_what_is_made_up(candidate),
        *_of_signing(partnership, candidate),
    ]


def _of_signing(partnership: Partnership, candidate: Candidate) -> Iterator[Reason]:
    if candidate.signing:
        for what in unsigned(candidate.signing, partnership):
            yield Reason(what, "Have it signed: assure signoff says who is asked, and assure sign signs.")


def _of_findings(partnership: Partnership, candidate: Candidate) -> Iterator[Reason]:
    severities = partnership.profile.decisions.blocks_publication
    now = {one.id: one for one in candidate.findings}
    for one in blocking(candidate.findings, severities):
        seen = one.title if one.outcome == "failed" else f"{one.title} It could not be evaluated. {one.reason}".strip()
        yield Reason(seen, f"Settle it: assure decide {one.id} --role {one.owner} …", one.id)
    since = [one for one in candidate.shown.findings if one.id in now and _standing(now[one.id]) != _standing(one)]
    if since:
        yield Reason(
            f"{many(len(since), 'finding')} {_was(since)} decided upon after the last run, and the figures do not "
            "follow it yet.",
            f"Run it again: assure report {candidate.year}",
        )


def _standing(finding: Finding) -> list[tuple[int, str]]:
    return [(past.decision, past.standing) for past in finding.history]


def _of_document(candidate: Candidate) -> Iterator[Reason]:
    if candidate.checked.state == "links_lost":
        yield Reason(
            "The draft's links to the register are lost, so nobody can say whether its figures are right.",
            "Take the draft that the run made, and put the changes into that, in Word.",
        )
    if candidate.checked.state == "not_ours":
        yield Reason(
            "The document is not one of our drafts: it does not say which run made it.",
            "Publish the draft that the run made, edited in Word.",
        )


def _of_figures(candidate: Candidate, without: Collection[str]) -> Iterator[Reason]:
    book = {one.id: one for one in candidate.shown.figures}
    may_go = {one.id for one in candidate.shown.figures if one.status in NOT_MEANT_FOR_PRINT or one.illustrative} | set(
        without
    )
    for one in candidate.checked.figures:
        figure = book.get(one.id)
        if one.state == "changed" and figure is not None and figure.value is None:
            yield Reason(
                f"Something was typed over “{figure.display}” of {one.id}, which stands in place of a number.",
                "Put it back: reject the change, or copy it from the draft as it was made. Type no number there.",
                one.where,
            )
        elif one.state in ("changed", "unknown", "out_of_date") or (one.state == "deleted" and _matters(one, may_go)):
            yield Reason(f"{one.id}: {one.what}", _to_do(candidate, one), one.where)
    for number in candidate.checked.numbers:
        if number.state == "beside":
            yield Reason(number.what, number.to_do, number.where)


def _matters(one: CheckedFigure, may_go: Collection[str]) -> bool:
    return one.id not in may_go or one.link_lost


def _to_do(candidate: Candidate, one: CheckedFigure) -> str:
    if one.state == "deleted" and not one.link_lost:
        return f"Copy it from the draft as it was made; or publish without it: --without {one.id}"
    if one.state == "out_of_date":
        return "Refresh the draft: assure refresh DRAFT.docx. The new number goes in as a tracked change."
    return one.to_do


def _of_hidden_numbers(candidate: Candidate) -> Iterator[Reason]:
    yield from typed_hidden_numbers(candidate.checked, candidate.shown, candidate.whole)


def typed_hidden_numbers(checked: CheckedDraft, shown: Register, whole: Register) -> Iterator[Reason]:
    """Numbers that were typed where the words name a figure whose number is hidden, and that are that number."""
    known = {one.id: one for one in whole.figures}
    hidden = [one for one in shown.figures if one.value is None and known.get(one.id, one).value is not None]
    for number in checked.numbers:
        for figure in hidden:
            same = number.text.strip() == known[figure.id].display
            if same and _names(number.around, label_in_words(known[figure.id], known)):
                yield Reason(
                    f"A number seems to have been typed that is hidden: that of {figure.id}.",
                    "Take it out. If it is about something else, say so in other words.",
                    number.where,
                )


def _names(around: str, label: str) -> bool:
    """Do the words round a number name what a figure counts? Two long words of its label, or all that it has."""
    wanted = set(re.findall(r"[a-z]{5,}", label.lower()))
    return bool(wanted) and len(wanted & set(re.findall(r"[a-z]{5,}", around.lower()))) >= min(2, len(wanted))


def _of_what_is_made_up(candidate: Candidate) -> Iterator[Reason]:
    made_up = [id_ for id_, one in candidate.printed.items() if one.illustrative and one.status != "not_received"]
    if made_up:
        yield Reason(
            f"{many(len(made_up), 'figure')} {_was(made_up)} made up to show the form: {_some(made_up)}.",
            "Have them sent and run the year again, or take their lines out.",
        )


def _was(some: Sequence[object]) -> str:
    return "was" if len(some) == 1 else "were"


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = [f"{len(every) - NAMED} more"] if len(every) > NAMED else []
    return listed([*every[:NAMED], *more])
