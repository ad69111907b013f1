"""Which words do people read for states of a file and outcomes, and how are words put together in a sentence?

Belongs here: the one wording of each, and small grammar. Does not belong here: what is said with them; severities in
words, which stand beside the severities (``config.model``); words of figures and periods (``tasks.measures``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from tasks.model import FileState, Outcome

TrackedState = Literal["missing", FileState]
"""What became of a return that is expected; ``missing`` where nothing came."""
STATES: dict[TrackedState, str] = {
    "read": "Came and was read",
    "missing": "Nothing came",
    "unreadable": "Came, cannot be opened",
    "empty": "Came blank",
    "wrong_period": "Came for another period",
    "wrong_layout": "Came in another layout",
    "personal_data": "Came with personal data",
    "superseded": "Came, and another version was taken",
    "unexpected": "Came, and is expected from nobody",
    "day_list": "The list of days on which files came",
}
UNUSABLE: dict[FileState, str] = {
    "unreadable": "could not be opened",
    "empty": "was empty",
    "wrong_period": "was for another period",
    "wrong_layout": "had another layout than agreed",
    "personal_data": "held personal data",
}
"""Why nothing was taken from a file: what can be said of it, in the order in which it is said of several."""
OUTCOMES: dict[Outcome, str] = {"passed": "passed", "failed": "found something", "not_evaluated": "could not be made"}


def many(count: int, one: str, several: str = "") -> str:
    """A number with its noun: ``1 check``, ``2 checks``."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """Names as in a sentence: ``Q1, Q2 and Q3``."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def lower_first(text: str) -> str:
    """Words that began a sentence, inside another: ``Referrals`` becomes ``referrals``, ``EHC plans`` stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def upper_first(text: str) -> str:
    """Words from inside a sentence, to begin one."""
    return text[:1].upper() + text[1:]


def without_number(label: str, name: str) -> str:
    """A label in which the number that ``{name}`` stands for was not received, so that it still reads as a sentence."""
    hole = re.escape(f"{{{name}}}")
    for pattern, words in (
        (rf"\b(?:is|was|are|were) {hole}", "was not received"),
        (rf"\bby {hole}((?: [\w-]+)+)", r"by a number of\1 that was not received"),
        (rf"{hole} ([\w-]+(?: [\w-]+)*)", r"\1: not received"),
    ):
        if re.search(pattern, label):
            return re.sub(pattern, words, label)
    return re.sub(hole, "not received", label)


def sentence(text: str) -> str:
    """Words with a full stop, unless they end with a mark of their own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
