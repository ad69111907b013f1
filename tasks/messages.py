"""What people are told outside of the pages, and whom: counts, names of returns, days and links, in a few lines.

Belongs here: words of messages and the groups to which they go. Does not belong here: any figure's value or narrative
(a message leaves the partnership's own systems), addresses and sending (``flows.notify``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.model import Occasion
from config.partnership import Partnership
from config.periods import Return, day_words
from tasks.words import many
from tasks.year_plan import DueDeadline, DueReturn


@dataclass(frozen=True)
class Message:
    """A message to a group."""

    to: str
    """The group's id."""
    of: Occasion
    subject: str
    text: str


def of_returns(partnership: Partnership, missing: Sequence[DueReturn]) -> list[Message]:
    """Which returns have not come and are due soon, with who sends them."""
    if not missing:
        return []
    lines = []
    for one in sorted(missing, key=lambda row: row.due):
        group = partnership.groups[one.source.sender]
        lines.append(
            f"- {one.source.title}, {one.period}: due {day_words(one.due)}; from {group.name}, {group.contact_role}"
        )
    subject = f"Not come yet: {many(len(missing), 'return')} due soon"
    return _to_all(partnership, "returns", subject, ["Nothing is in the inbox yet for:", *lines])


def of_deadlines(partnership: Partnership, deadlines: Iterable[DueDeadline]) -> list[Message]:
    """Each deadline in a message of its own: what has to be done, by when, for which report."""
    return [
        message
        for one in deadlines
        for message in _to_all(
            partnership,
            "deadlines",
            f"By {day_words(one.day)}: {one.deadline.asks[:60].rstrip()}{'…' if len(one.deadline.asks) > 60 else ''}",
            [f"{one.deadline.asks}.", f"Report of {one.year}, {one.year.words}; by {day_words(one.day)}."],
        )
    ]


def of_a_run(
    partnership: Partnership, period: Return, *, findings: int, missing: int, drafts: int, link: str
) -> list[Message]:
    """After a run: how many findings wait for an answer, and that there are drafts to review."""
    where = [f"Where to look: {link}"] if link else []
    told = []
    if findings or missing:
        text = [
            f"{many(findings, 'finding')} to look at, and {many(missing, 'return')} not received.",
            "The quality page says for each what it is about, who can answer and what to do.",
        ]
        told += _to_all(partnership, "findings", f"{period}: {many(findings, 'finding')} to look at", text + where)
    if drafts:
        text = [f"{many(drafts, 'Word draft')} of {period} can be reviewed."]
        told += _to_all(partnership, "drafts", f"{period}: {many(drafts, 'draft')} ready to review", text + where)
    return told


def _to_all(partnership: Partnership, of: Occasion, subject: str, lines: Sequence[str]) -> list[Message]:
    name = partnership.profile.short_name
    return [
        Message(notice.to, of, f"{name}: {subject}", "\n".join(lines))
        for notice in partnership.profile.notices
        if of in notice.of
    ]
