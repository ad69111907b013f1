"""What became of each figure of a draft: is it as the register has it, or was it changed, deleted or copied?

Belongs here: every place of a figure against what the draft was made to print and what the register prints now. Does
not belong here: reading the document (``tasks.review.edited``), and numbers outside of figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tasks.assemble.lines import Linked
from tasks.assemble.outside import Outside
from tasks.assemble.section_figures import NOT_RECEIVED, printed_text
from tasks.model import Figure
from tasks.review.checked import CheckedFigure, FigureState
from tasks.review.edited import Edited, Made

_THOUSANDS = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))")


def checked_figures(
    edited: Edited, figures: Mapping[str, Figure], new: list[Outside]
) -> tuple[tuple[CheckedFigure, ...], list[Outside]]:
    """Every place of every figure, then those that are gone; and what of the typed numbers is not one of these."""
    made = edited.made
    there = [one for one in edited.read.figures if one.says]
    gone: dict[str, list[Linked]] = {}
    for one in edited.read.figures:
        if not one.says and one.changes:
            gone.setdefault(one.id, []).append(one)
    found = [_place(one, made.get(one.id), _register_says(figures, one.id, made)) for one in there]
    places: dict[str, list[int]] = {}
    for index, one in enumerate(there):
        places.setdefault(one.id, []).append(index)
    for id_, indices in places.items():
        for index in _copies(indices, there, found, made.get(id_, Made("", 0, ()))):
            found[index] = replace(
                found[index], state="duplicated", around=there[index].line.around_figure(there[index])
            )
    for id_, printed in made.items():
        places_left = [there[index] for index in places.get(id_, ())]
        if (missing := printed.times - len(places_left)) > 0:
            tracked = gone.get(id_, [])
            register = _register_says(figures, id_, made)
            lost, new = _missing(id_, printed, register, places_left, tracked[:missing], missing, new)
            found += lost
    return tuple(found), new


def _copies(places: Sequence[int], there: Sequence[Linked], found: Sequence[CheckedFigure], made: Made) -> list[int]:
    """Which places are beyond those that the draft was made with.

    Which of two is the copy tells tracking best, then the heading. One that was changed is rather told as that.
    """
    if found[places[0]].state == "unknown":
        return []
    left, fits = Counter(made.where), {}
    for index in places:
        where = there[index].line.where
        fits[index] = left[where] > 0
        left[where] -= 1
    ranked = sorted(
        places, key=lambda index: (found[index].state == "changed", there[index].before != "", fits[index], -index)
    )
    extra = ranked[: max(0, len(places) - made.times)]
    return extra if made.times else [index for index in extra if found[index].state != "changed"]


def _register_says(figures: Mapping[str, Figure], id_: str, made: Mapping[str, Made]) -> str:
    """What the register prints for a figure now; what it never had, a draft prints as not received."""
    if id_ in figures:
        return printed_text(figures[id_])
    return NOT_RECEIVED if id_ in made and made[id_].text == NOT_RECEIVED else ""


def _place(one: Linked, made: Made | None, register: str) -> CheckedFigure:
    printed = made.text if made else register
    state: FigureState = "ok"
    if not register:
        state = "unknown"
    elif not same(one.says, register):
        state = "out_of_date" if same(one.says, printed) else "changed"
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
    tracked: Sequence[Linked],
    count: int,
    new: list[Outside],
) -> tuple[list[CheckedFigure], list[Outside]]:
    """Places of which a figure is gone: those that tracking tells of, then those that only the count tells of."""
    lost = []
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
    alike = [
        one
        for one in new
        if not one.beside and (same(one.text, printed) or (one.text in printed and printed in one.line.text))
    ]
    here = [one for one in alike if one.line.where == where]
    return next(iter(here or (alike if len(printed) > 1 else [])), None)


def same(one: str, other: str) -> bool:
    """Do two texts of a figure print the same? Spaces, and what parts the thousands, make no difference."""
    return plain(one) == plain(other)


def plain(text: str) -> str:
    """A text of a figure without what parts its thousands."""
    return _THOUSANDS.sub("", " ".join(text.split()))
