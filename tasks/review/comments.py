"""Who asks what about which words and figures of a draft? The comments that people left in Word, as they stand.

Belongs here: comments with the text they stand on, their conversations, and whether they are done. Does not belong
here: writing comments (``tasks.assemble.figures``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.assemble.figures import AUTHOR
from tasks.assemble.lines import Range
from tasks.review.checked import CheckedComment
from tasks.review.edited import parsed
from tasks.review.revisions import W, said

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"


def comments(parts: Mapping[str, bytes], ranges: Mapping[str, Range]) -> tuple[CheckedComment, ...]:
    """Every comment of a document in the order of its part; ``ranges`` are what they stand on, by their numbers.

    Conversations and what is done stand in a part of their own (``commentsExtended``, MS-DOCX 2.5.2), by the id of a
    comment's last paragraph; an answer has no range where Word wrote none, and stands on what was asked about.
    """
    if "word/comments.xml" not in parts:
        return ()
    threads = _threads(parts.get("word/commentsExtended.xml"))
    found: dict[str, CheckedComment] = {}
    numbers: dict[str, int] = {}
    for comment in parsed(parts["word/comments.xml"]).iter(f"{W}comment"):
        paragraphs = comment.findall(f".//{W}p")
        paragraph = paragraphs[-1].get(f"{_W14}paraId", "") if paragraphs else ""
        parent, done = threads.get(paragraph, ("", False))
        first = found.get(parent)
        about = ranges.get(comment.get(f"{W}id", ""), Range())
        author = comment.get(f"{W}author", "")
        one = CheckedComment(
            author=author,
            date=comment.get(f"{W}date", ""),
            text="\n".join(filter(None, (said(paragraph).strip() for paragraph in paragraphs))),
            on=" ".join(about.text.split()) or (first.on if first else ""),
            where=about.where or (first.where if first else ""),
            figures=tuple(dict.fromkeys(about.figures)) or (first.figures if first else ()),
            ours=author == AUTHOR,
            resolved=done or bool(first and first.resolved),
            thread=numbers.get(parent, len(numbers) + 1),
        )
        key = paragraph or f"#{len(found)}"
        found[key], numbers[key] = one, one.thread
    return tuple(found.values())


def _threads(part: bytes | None) -> dict[str, tuple[str, bool]]:
    """Of each comment the one that it answers, and whether it is done."""
    if part is None:
        return {}
    extended: Any = parsed(part)
    return {
        one.get(f"{_W15}paraId", ""): (one.get(f"{_W15}paraIdParent", ""), one.get(f"{_W15}done") in ("1", "true"))
        for one in extended.iter(f"{_W15}commentEx")
    }
