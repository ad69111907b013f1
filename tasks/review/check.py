"""What became of a draft that people edited? Of every figure, every number typed beside them, and every comment.

Belongs here: the verdict on each, against what the draft was made to print and what the register says now. Does not
belong here: reading the document (``tasks.review.edited``), and putting anything right.

Tracked changes are taken as accepted: what would be printed if the editor's last word stood. A figure that says what
the register says is right, whoever wrote it. Places of a figure are counted, so that one that was moved is neither
deleted nor copied, and of three places the loss of one is told as that.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from config.partnership import Partnership
from config.periods import Return
from tasks.assemble.charts import drafted_points
from tasks.assemble.outside import Outside, numbers_outside
from tasks.model import Figure
from tasks.review.charts import checked_points, has_charts
from tasks.review.checked import CheckedDraft, CheckedFigure, CheckedNumber, DraftState
from tasks.review.comments import comments
from tasks.review.edited import Edited, Made, read_document
from tasks.review.figures import checked_figures, plain
from tasks.review.numbers import against_register, told, typed
from tasks.review.opening import notes_on, parts_of_draft
from tasks.wording.language import numbers
from tasks.words import listed, many

MOST_NUMBERS = 1_000
"""Typed numbers that are told of one draft."""


@dataclass(frozen=True)
class Says:
    """What a document says of itself."""

    run: str
    """The run that made it; empty where it does not say."""
    section: str
    ids: tuple[str, ...]
    """Figures that it has, or was made with."""


@dataclass(frozen=True)
class Opened:
    """A document that is safe to open, read."""

    data: bytes
    name: str
    parts: Mapping[str, bytes]
    edited: Edited

    @property
    def says(self) -> Says:
        ids = [*self.edited.made, *(one.id for one in self.edited.read.figures)]
        ids += [one.figure_id for one in drafted_points(self.parts)]
        return Says(self.edited.run, self.edited.section, tuple(dict.fromkeys(ids)))


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
    period: Return | None = None,
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
    period: Return | None = None,
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
        found, new = checked_figures(edited, figures, new)
    outside = tuple(told(one, figures) for one in new[:MOST_NUMBERS])
    if len(new) > MOST_NUMBERS:
        notes.append(f"{many(len(new) - MOST_NUMBERS, 'other number')} outside of figures are not listed.")
    if not lost and has_charts(opened.parts):
        points, added = checked_points(opened.parts, figures)
        found, outside = (*found, *points), (*outside, *added)
    checked = _checked(opened, "links_lost" if lost else "as_made", found, outside, notes)
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
    period: Return | None,
) -> CheckedDraft:
    note = "The document does not say that a run of ours made it, so nothing is known of its links to figures."
    if opened.edited.program:
        note += (
            f" It was last saved by {opened.edited.program}, which may have dropped them: if it was one of our drafts, "
            "edit that in Word."
        )
    if partnership is None or period is None:
        return _checked(opened, "not_ours", (), (), [note, *_notes(opened)])
    compared, others = against_register(opened.data, opened.name, partnership, period, figures.values())
    were = "was" if len(compared) == 1 else "were"
    note += (
        f" {many(len(compared), 'number')} whose words name a figure {were} compared with the register of {period}; of "
        f"{many(others, 'other number')} nothing can be said."
    )
    return _checked(opened, "not_ours", (), compared, [note, *_notes(opened)])


def _checked(
    opened: Opened,
    state: DraftState,
    figures: tuple[CheckedFigure, ...],
    outside: tuple[CheckedNumber, ...],
    notes: Sequence[str],
) -> CheckedDraft:
    return CheckedDraft(
        name=opened.name,
        sha256=hashlib.sha256(opened.data).hexdigest(),
        state=state,
        run=opened.edited.run,
        figures=figures,
        numbers=outside,
        comments=comments(opened.parts, opened.edited.read.ranges),
        notes=tuple(notes),
    )


# Notes


def _notes(opened: Opened) -> list[str]:
    tracked = opened.edited.read.tracked
    notes = list(notes_on(opened.parts))
    if tracked:
        by = listed([name or "somebody" for name in tracked])
        wait = (
            "waits to be accepted or rejected; it was"
            if tracked.total() == 1
            else ("wait to be accepted or rejected; they were")
        )
        notes.append(f"{many(tracked.total(), 'tracked change')} by {by} {wait} read as accepted.")
    return notes


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
        for number in numbers(one.text):
            left[plain(number.text)] += one.times
    kept = []
    for outside in new:
        text = plain(outside.text)
        if left[text] > 0:
            left[text] -= 1
        else:
            kept.append(outside)
    return kept
