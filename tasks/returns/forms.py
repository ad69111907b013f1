"""Issue the blank forms of a period: make them, keep them in the store, copy them out.

Belongs here: which sources get a form, under which key and name it lies. Does not belong here: what stands on it
(``tasks.returns.asked``) and how it looks.

Callable with a partnership, a period and a store, and with nothing of a command or a flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.errors import Failure, Refused
from config.layouts import Form, Source
from config.partnership import Partnership, form_name
from config.periods import Quarter, Return
from tasks.due import due_on
from tasks.kept import folder_of
from tasks.returns import excel_form, word_form
from tasks.returns.asked import Blank, ask
from tasks.returns.earlier import earlier_answers
from tasks.store import ObjectStore


@dataclass(frozen=True)
class Issued:
    """One blank form: whose it is, when it is due, where it is kept and by which name it is sent out."""

    source: str
    title: str
    sender: str
    due: date
    name: str
    key: str


def planned(partnership: Partnership, period: Return) -> list[Issued]:
    """The forms that are issued for a period, in the order of the configuration. Makes and writes nothing."""
    return [
        Issued(
            source.id,
            source.title,
            partnership.groups[source.sender].name,
            due_on(source, period),
            form_name(source, period),
            f"forms/{folder_of(period)}/{source.id}{'.docx' if isinstance(source.layout, Form) else '.xlsx'}",
        )
        for source in partnership.due("quarter" if isinstance(period, Quarter) else "year")
        if source.issued
    ]


def issue(partnership: Partnership, period: Return, store: ObjectStore) -> list[Issued]:
    """Make every form of a period and keep it under ``forms/``; made again from the same input, nothing changes."""
    earlier = earlier_answers(partnership, period, store)
    forms = planned(partnership, period)
    for form in forms:
        source = partnership.sources[form.source]
        store.put(form.key, _made(source, ask(partnership, source, period, earlier)), about={"name": form.name})
    return forms


def _made(source: Source, blank: Blank) -> bytes:
    return word_form.make(blank) if isinstance(source.layout, Form) else excel_form.make(blank)


def copy_out(forms: Sequence[Issued], store: ObjectStore, folder: Path) -> None:
    """Copy forms out of the store into a folder, each by the name under which it is sent.

    Raises:
        Refused: a file is in the way that may have been filled in. Nothing was copied.
        Failure: the folder cannot be written to.
    """
    copies = {folder / form.name: store.get(form.key) for form in forms}
    try:
        in_the_way = [path.name for path, data in copies.items() if path.exists() and path.read_bytes() != data]
        if in_the_way:
            raise Refused(
                f"Other files of the same name are there already: {', '.join(in_the_way)}.",
                where=str(folder),
                why="Somebody may have begun to fill them in, and what is written in them would be lost.",
                to_do="Name another folder with --out, or move these files away first.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in copies.items():
            path.write_bytes(data)
    except OSError as error:
        raise Failure(
            f"The forms cannot be copied out: {error.strerror or type(error).__name__}.",
            where=str(folder),
            why="They are kept in the store, and nobody can send them from there.",
            to_do="Close those that are open, see that this user may write there, or name another folder with --out.",
        ) from error
