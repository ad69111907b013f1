"""What became of a draft that people edited? Of every figure, every number typed beside them, and every comment.

Belongs here: the verdict on each, against what the draft was made to print and what the register says now. Does not
belong here: reading the document (``tasks.review.edited``), and putting anything right.

Tracked changes are taken as accepted: what would be printed if the editor's last word stood. A figure that says what
the register says is right, whoever wrote it. Places of a figure are counted, so that one that was moved is neither
deleted nor copied, and of three places the loss of one is told as that.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from config.partnership import Partnership
from config.periods import Quarter, ReportingYear
from tasks.assemble.context import NOT_RECEIVED, printed_text
from tasks.assemble.lines import Linked
from tasks.assemble.outside import Outside, numbers_outside
from tasks.model import Figure
from tasks.review.checked import CheckedDraft, CheckedFigure, CheckedNumber, DraftState, FigureState
from tasks.review.comments import comments
from tasks.review.edited import Edited, Made, read_document
from tasks.review.numbers import against_register, told, typed
from tasks.review.opening import notes_on, parts_of_draft
from tasks.words import listed, many

_THOUSANDS = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Opened:
    """A document that is safe to open, read."""

    data: bytes
    name: str
    parts: Mapping[str, bytes]
    edited: Edited


def open_draft(data: bytes, name: str) -> Opened:
    """Open and read a document.

    Raises:
        Refused: it is no Word document, or not safe to open.
    """
    parts = parts_of_draft(data, name)
    return Opened(data, name, parts, read_document(parts))


def check_draft(
    data: bytes,
    name: str,
    figures: Mapping[str, Figure],
    partnership: Partnership | None = None,
    period: Quarter | ReportingYear | None = None,
) -> CheckedDraft:
    """Check an edited draft; ``figures`` are those of the open register by id.

    A document that is not ours is read as text, which needs ``partnership`` and ``period``.

    Raises:
        Refused: it is no Word document, or not safe to open.
    """
    return check_opened(open_draft(data, name), figures, partnership, period)


def check_opened(
    opened: Opened,
    figures: Mapping[str, Figure],
    partnership: Partnership | None = None,
    period: Quarter | ReportingYear | None = None,
) -> CheckedDraft:
    """The same of a document that is open already."""
    edited = opened.edited
    if not edited.run:
        return _foreign(opened, figures, partnership, period)
    new = typed(list(numbers_outside(edited.read.lines)), edited.numbers)
    notes = _notes(opened)
    found: tuple[CheckedFigure, ...] = ()
    lost = bool(edited.made) and not edited.read.figures and edited.program != ""
    if lost:
        notes = [_links_lost(edited), *notes]
        new = _without_printed(new, edited.made)
    else:
        found, new = _figures(edited, figures, new)
    numbers = tuple(told(one, figures) for one in new)
    checked = _checked(opened, "links_lost" if lost else "as_made", found, numbers, notes)
    if lost:
        return checked
    if checked.needs_a_person:
        return replace(checked, state="needs_a_person")
    said = [one for one in checked.comments if not one.ours]
    same = edited.read.digest == edited.words and not said and not edited.read.tracked
    return checked if same else replace(checked, state="edited")


def _foreign(
    opened: Opened,
    figures: Mapping[str, Figure],
    partnership: Partnership | None,
    period: Quarter | ReportingYear | None,
) -> CheckedDraft:
    note = "The document does not say that a run of ours made it, so nothing is known of its links to figures."
    if opened.edited.program:
        note += (
            f" It was last saved by {opened.edited.program}, which may have dropped them: if it was one of our drafts, "
            "edit that in Word."
        )
    if partnership is None or period is None:
        return _checked(opened, "not_ours", (), (), [note, *_notes(opened)])
    numbers = against_register(opened.data, opened.name, partnership, period, figures.values())
    note += f" Numbers whose words name a figure were compared with the register of {period}."
    return _checked(opened, "not_ours", (), numbers, [note, *_notes(opened)])


def _checked(
    opened: Opened,
    state: DraftState,
    figures: tuple[CheckedFigure, ...],
    numbers: tuple[CheckedNumber, ...],
    notes: Sequence[str],
) -> CheckedDraft:
    return CheckedDraft(
        name=opened.name,
        sha256=hashlib.sha256(opened.data).hexdigest(),
        state=state,
        run=opened.edited.run,
        figures=figures,
        numbers=numbers,
        comments=comments(opened.parts, opened.edited.read.ranges),
        notes=tuple(notes),
    )


# Figures


def _figures(
    edited: Edited, figures: Mapping[str, Figure], new: list[Outside]
) -> tuple[tuple[CheckedFigure, ...], list[Outside]]:
    """Every place of every figure, then those that are gone; and what of the typed numbers is not one of these."""
    there: dict[str, list[Linked]] = {}
    gone: dict[str, list[Linked]] = {}
    for one in edited.read.figures:
        (there if one.says else gone).setdefault(one.id, []).append(one)
    copies = {
        id(one)
        for id_, places in there.items()
        for one in _copies(places, edited.made[id_].times if id_ in edited.made else 0)
    }
    found = [
        _place(one, id(one) in copies, edited.made.get(one.id), _register_says(figures, one.id, edited.made))
        for one in edited.read.figures
        if one.says
    ]
    for id_, made in edited.made.items():
        missing = made.times - len(there.get(id_, ()))
        if missing > 0:
            register = _register_says(figures, id_, edited.made)
            lost, new = _missing(id_, made, register, there.get(id_, []), gone.get(id_, []), missing, new)
            found += lost
    return tuple(found), new


def _copies(places: Sequence[Linked], times: int) -> list[Linked]:
    """Places beyond those that the draft was made with: what was put in under tracking first, then the last ones."""
    ranked = sorted(range(len(places)), key=lambda index: (places[index].before != "", -index))
    return [places[index] for index in ranked[: max(0, len(places) - times)]]


def _register_says(figures: Mapping[str, Figure], id_: str, made: Mapping[str, Made]) -> str:
    """What the register prints for a figure now; what it never had, a draft prints as not received."""
    if id_ in figures:
        return printed_text(figures[id_])
    return NOT_RECEIVED if id_ in made and made[id_].text == NOT_RECEIVED else ""


def _place(one: Linked, is_copy: bool, made: Made | None, register: str) -> CheckedFigure:
    printed = made.text if made else register
    state: FigureState = "ok"
    if not register:
        state = "unknown"
    elif same(one.says, register):
        state = "duplicated" if is_copy else "ok"
    elif not same(one.says, printed):
        state = "changed"
    elif is_copy:
        state = "duplicated"
    else:
        state = "out_of_date"
    return CheckedFigure(
        id=one.id,
        state=state,
        printed=printed,
        says=one.says,
        register=register,
        where=one.line.where,
        around="" if state == "ok" else one.line.around_figure(one),
        changes=tuple(one.changes),
        times=made.times if made else 0,
    )


def _missing(
    id_: str,
    made: Made,
    register: str,
    there: Sequence[Linked],
    gone: Sequence[Linked],
    count: int,
    new: list[Outside],
) -> tuple[list[CheckedFigure], list[Outside]]:
    """Places of which a figure is gone: those that tracking tells of, then those that only the count tells of."""
    lost = []
    tracked = [one for one in gone if one.changes][:count]
    for one in tracked:
        lost.append(
            CheckedFigure(
                id_,
                "deleted",
                made.text,
                "",
                register,
                one.line.where,
                one.line.around_figure(one),
                tuple(one.changes),
                made.times,
            )
        )
    left = Counter(made.where) - Counter(one.line.where for one in (*there, *tracked))
    places = [*left.elements(), *[""] * count][: count - len(tracked)]
    for where in places:
        as_text = _as_text(made.text, where, new)
        new = [one for one in new if one is not as_text]
        lost.append(
            CheckedFigure(
                id_,
                "deleted",
                made.text,
                "",
                register,
                as_text.line.where if as_text else where,
                as_text.line.around(as_text.start, as_text.end) if as_text else "",
                times=made.times,
                link_lost=as_text is not None,
            )
        )
    return lost, new


def _as_text(printed: str, where: str, new: Sequence[Outside]) -> Outside | None:
    """A number that stands as plain text where a figure was, or, if it is more than a digit, anywhere."""
    alike = [one for one in new if same(one.text, printed) and not one.beside]
    here = [one for one in alike if one.line.where == where]
    return next(iter(here or (alike if len(printed) > 1 else [])), None)


def same(one: str, other: str) -> bool:
    """Do two texts of a figure print the same? Spaces, and what parts the thousands, make no difference."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return _THOUSANDS.sub("", " ".join(text.split()))


# Notes


def _notes(opened: Opened) -> list[str]:
    tracked = opened.edited.read.tracked
    notes = list(notes_on(opened.parts))
    if tracked:
        by = listed([name or "somebody" for name in tracked])
        notes.append(f"{many(tracked.total(), 'tracked change')} by {by} {_wait(tracked)}; they were read as accepted.")
    return notes


def _wait(tracked: Counter[str]) -> str:
    return "waits to be accepted or rejected" if tracked.total() == 1 else "wait to be accepted or rejected"


def _links_lost(edited: Edited) -> str:
    places = sum(one.times for one in edited.made.values())
    return (
        f"{edited.program} saved this draft last, and the links of all its {many(places, 'figure')} are lost, so "
        "nothing can be said of them. Edit the draft in Word: copy what you wrote into the draft as it was made."
    )


def _without_printed(new: Sequence[Outside], made: Mapping[str, Made]) -> list[Outside]:
    """Typed numbers without those that are figures whose links are lost."""
    left: Counter[str] = Counter()
    for one in made.values():
        left[_plain(one.text)] += one.times
    kept = []
    for number in new:
        text = _plain(number.text)
        if left[text] > 0:
            left[text] -= 1
        else:
            kept.append(number)
    return kept
