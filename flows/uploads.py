"""Read back the drafts that editors put into the store, and tell what was found.

Belongs here: what is told of them in Prefect. Does not belong here: taking and checking uploads
(``tasks.review.uploads``). Prefect keeps what it is told and shows it to everybody who can open its pages: so it is
told counts, ids of figures and headings, and nothing else that a document says.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import date

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from config.settings import Settings
from flows.every_run import day_of_run, named, told
from flows.forms import DraftsRequest
from tasks.front_page import put_pages
from tasks.kept import owner_of
from tasks.order import partnership_of
from tasks.review.checked import CheckedDraft
from tasks.review.uploads import TakenUpload, review_of, take_uploads
from tasks.steps import without_values
from tasks.store import open_store
from tasks.words import many

logger = logging.getLogger("assure")

BECAME = {
    "taken": "Is the newest version of its draft",
    "already_there": "Is a version of its draft already",
    "not_ours": "None of our drafts; left where it is",
    "refused": "Could not be opened safely; left where it is",
}


@flow(name="Check edited drafts", flow_run_name=named("Check edited drafts"), persist_result=False)
def check_drafts(request: DraftsRequest = DraftsRequest()) -> State:  # noqa: B008 - the form's defaults
    """Check drafts that editors uploaded: what became of every figure, and what needs a person.

    Args:
        request: Which drafts. Leave everything as it is for all that was uploaded.
    """
    return told(_take, request, day_of_run())


@without_values
def _take(request: DraftsRequest, day: date) -> State:
    store = open_store(Settings.from_environment().store)
    partnership = partnership_of(owner_of(store) or Settings.from_environment().partnership)
    taken = [
        (one, review_of(store, one) if one.review else None)
        for one in take_uploads(store, partnership, request.meant(day))
    ]
    if not taken:
        return Completed(message="Nothing new was uploaded.")
    put_pages(store, partnership)
    people = sum(one.needs_a_person or one.state in ("refused", "not_ours") for one, _ in taken)
    message = f"{many(len(taken), 'upload')} read back; {people} of them {'needs' if people == 1 else 'need'} a person."
    create_markdown_artifact(_page(taken), key="edited-drafts", description=message)
    logger.info("%s", message)
    return Completed(message=message)


def _page(taken: Sequence[tuple[TakenUpload, CheckedDraft | None]]) -> str:
    lines = ["# Edited drafts"]
    for one, checked in taken:
        lines += ["", f"## {one.draft or one.upload}", "", f"{BECAME[one.state]}."]
        lines += [f"{one.in_short[:1].upper()}{one.in_short[1:]}."] if one.in_short else []
        lines += [_bare(f"{one.reason} {one.to_do}")] if one.reason else []
        if one.instead_of:
            lines.append(
                f"Another person's version ({one.instead_of}) was newest before; what they wrote is in that one alone."
            )
        lines += _figures(checked) if checked else []
    return "\n".join(lines) + "\n"


def _figures(checked: CheckedDraft) -> list[str]:
    """Figures that need a person, by id and heading."""
    rows = [
        f"| {_bare(one.id)} | {one.state.replace('_', ' ')} | {_bare(one.where)} |"
        for one in checked.figures
        if one.state != "ok"
    ]
    return ["", "| Figure | What became of it | Under |", "| --- | --- | --- |", *rows, ""] if rows else []


def _bare(text: str) -> str:
    """Words from a document without what Markdown would make a link, a picture or a cell of."""
    return " ".join(re.sub(r"[|<>\[\]()`*#\\!]", " ", text).split())
