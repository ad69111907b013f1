"""What happens to a draft that an editor uploads? It is kept as sent, checked at once, and its page is written.

Belongs here: where an upload lies, what its editor said of it, and the order of these steps. Does not belong here:
the form (``flows.pages_form``), and the verdict on a draft (``tasks.review``).
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from dataclasses import dataclass

from config.errors import Refused
from config.partnership import Partnership
from tasks.assemble.report import SECTION_ID
from tasks.front_page import put_pages
from tasks.front_page.uploaded import ROLE, outcome_key
from tasks.kept import folder_of
from tasks.review.against import Against
from tasks.review.apart import what_it_says
from tasks.review.uploads import UPLOADS, take_uploads
from tasks.store import ABSENT, ObjectStore, put_json

logger = logging.getLogger("assure")
LONGEST = 80
"""Letters of a name."""
_one_at_a_time = threading.Lock()
"""Two uploads at once would only be checked twice: each takes all that are there."""


@dataclass(frozen=True)
class Statement:
    """What an editor said of an upload; nothing proves it, but ``user``, for which a trusted proxy stands."""

    file: str
    name: str
    role: str
    user: str = ""


def take(store: ObjectStore, partnership: Partnership, data: bytes, statement: Statement) -> str:
    """Keep and check an upload; the key of the page on it.

    Raises:
        Refused: it is no Word document by its name, or something was left out in the form. Nothing was kept.
    """
    said = _checked(partnership, data, statement)
    digest = hashlib.sha256(data).hexdigest()
    folder = f"{UPLOADS}{_place(store, partnership, data, statement.file)}"
    with _one_at_a_time:
        store.put(f"{folder}/{digest}.docx", data, about={ROLE: said.role}, expected=ABSENT)
        put_json(store, f"{folder}/{digest}.json", said.__dict__)
        take_uploads(store, partnership)
        put_pages(store, partnership)
    logger.info("An upload was kept and checked: %s/%s.docx", folder, digest)
    return outcome_key(digest)


def _checked(partnership: Partnership, data: bytes, statement: Statement) -> Statement:
    """The statement as it is kept: in one line, and no longer than it may be."""
    file = re.split(r"[/\\]", statement.file)[-1]
    name, user = (" ".join(text.split())[:LONGEST] for text in (statement.name, statement.user))
    again = "Nothing was kept. Go back and fill it in."
    if not file or not data:
        raise Refused("No file was chosen.", to_do="Nothing was kept. Go back and choose the draft.")
    if not file.lower().endswith(".docx"):
        raise Refused(
            "This is not a Word document (.docx) by its name.",
            why="Figures can be followed only in that form.",
            to_do="Nothing was kept. Save the draft in Word as a Word document, and upload that.",
        )
    if statement.role not in partnership.groups:
        raise Refused("It was not said for which group you write.", to_do=again)
    if not name:
        raise Refused("Your name was left out.", to_do=again)
    return Statement(" ".join(file.split())[-LONGEST:], name, statement.role, user)


def _place(store: ObjectStore, partnership: Partnership, data: bytes, name: str) -> str:
    """``2023-24/annual/vision`` for a draft of ours; ``other`` for what is none, or cannot be opened safely."""
    try:
        says = what_it_says(data, name)
        if not says.run or says.section not in (SECTION_ID, *(s.id for s in partnership.sections)):
            return "other"
        return f"{folder_of(Against(store).period_for(says))}/{says.section}"
    except Refused:
        return "other"
