"""Open and check a draft that somebody sent apart from whoever asks: no document takes more than a child process down.

Belongs here: what a child is asked, with the limits of ``tasks.gather.apart``, and what an editor is told whose draft
was over them. Does not belong here: reading and the verdict (``tasks.review.check``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from config.errors import Refused
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from tasks.gather import apart
from tasks.model import Figure
from tasks.review.check import Says, check_draft, open_draft
from tasks.review.checked import CheckedDraft

T = TypeVar("T")
_WHAT: dict[apart.Reason, str] = {
    "memory": "The document was not read to its end: it would need more memory than any draft does.",
    "time": "The document was not read to its end: it took far longer than any draft does.",
}
_BROKE_OFF = "The document was not read to its end: the program that reads it broke off."


def what_it_says(data: bytes, name: str) -> Says:
    """What a document says of itself.

    Raises:
        Refused: it is no Word document, not safe to open, or was not read to its end.
    """
    return _answer(_says, data, name)


def checked(
    data: bytes,
    name: str,
    figures: Mapping[str, Figure],
    partnership: Partnership,
    period: Quarter | ReportingYear,
) -> CheckedDraft:
    """Check a draft as ``tasks.review.check.check_draft`` does. Raises what ``what_it_says`` raises."""
    return _answer(check_draft, data, name, figures, partnership, period)


def _says(data: bytes, name: str) -> Says:
    return open_draft(data, name).says


def _answer(work: Callable[..., T], *asked: Any) -> T:
    try:
        answer: T | Refused = apart.run(_or_refused, work, *asked)
    except apart.Died as died:
        raise Refused(
            _WHAT.get(died.reason, _BROKE_OFF),
            why="A damaged document can do this, and so can one that is made to stop the system.",
            to_do="Copy what you wrote into the draft as it was made, in Word, and upload that. If it does it again, "
            "tell whoever looks after the system.",
        ) from None
    if isinstance(answer, Refused):
        raise answer
    return answer


def _or_refused(work: Callable[..., T], *asked: Any) -> T | Refused:
    """In the child, whose errors are told without their words: a refusal is an answer."""
    try:
        return work(*asked)
    except Refused as error:
        return Refused(error.what, where=error.where, why=error.why, to_do=error.to_do)
