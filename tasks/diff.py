"""What moved between two books, why, and which printed sentence does it touch?

Belongs here: two open registers side by side, of two periods or of two runs of one period. Does not belong here: making
them (``tasks.books``). Hidden numbers are in neither, so that no difference can give one away.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.errors import Refused
from config.partnership import Partnership, label_refs
from tasks import plain
from tasks.kept import OPEN, period_of, register_key
from tasks.measures import period_words
from tasks.model import Figure, Observation, Register
from tasks.register import label_in_words
from tasks.words import many

if TYPE_CHECKING:
    from tasks.store import ObjectStore

NAMED = 3
"""Cells of one figure that are named; the others are counted."""
NOTHING = "not there"
WIDTH = 110


@dataclass(frozen=True)
class Moved:
    """One figure that is not what it was."""

    figure: str
    """``<area>.<measure>``."""
    title: str
    before: str
    now: str
    status_before: str
    status_now: str
    why: tuple[str, ...]
    sections: tuple[str, ...]
    """Titles of the sections that print it."""
    sentence_before: str
    sentence_now: str


def moved(partnership: Partnership, before: Register, now: Register) -> list[Moved]:
    """Every figure whose number, symbol or status changed, in the order of the later book.

    What only one of the books has comes last: a figure of the year is not there in a quarter, and tells nothing.
    """
    old, new = _by_ref(before), _by_ref(now)
    printed = _printed_in(partnership)
    told = []
    for ref in [*new, *(ref for ref in old if ref not in new)]:
        one, other = old.get(ref), new.get(ref)
        if one is None or other is None or (one.display, one.status) != (other.display, other.status):
            told.append(_moved(partnership, ref, (one, before), (other, now), printed))
    return sorted(told, key=lambda one: NOTHING in (one.before, one.now))


def _by_ref(book: Register) -> dict[str, Figure]:
    return {f"{one.area}.{one.measure}": one for one in book.figures}


def _printed_in(partnership: Partnership) -> dict[str, list[str]]:
    """Which sections print each figure, by itself or inside the words of another."""
    found: dict[str, list[str]] = {}
    for section in partnership.sections:
        for ref in section.figures:
            area, _, name = ref.partition(".")
            inside = [f"{area}.{other}" for other in label_refs(partnership.measures[name].label)]
            for one in (ref, *inside):
                if section.title not in found.setdefault(one, []):
                    found[one].append(section.title)
    return found


def _moved(
    partnership: Partnership,
    ref: str,
    before: tuple[Figure | None, Register],
    now: tuple[Figure | None, Register],
    printed: Mapping[str, Sequence[str]],
) -> Moved:
    area, _, name = ref.partition(".")
    one, other = before[0], now[0]
    return Moved(
        figure=ref,
        title=f"{partnership.measures[name].title}, {partnership.areas[area].short_name}",
        before=one.display if one else NOTHING,
        now=other.display if other else NOTHING,
        status_before=one.status if one else "",
        status_now=other.status if other else "",
        why=tuple(_why(partnership, before, now)),
        sections=tuple(printed.get(ref, ())),
        sentence_before=_sentence(*before),
        sentence_now=_sentence(*now),
    )


def _sentence(figure: Figure | None, book: Register) -> str:
    """How a draft prints it."""
    if figure is None:
        return ""
    label = label_in_words(figure, {one.id: one for one in book.figures})
    return ", ".join(filter(None, (f"{figure.display} {label}", figure.wording)))


def _why(
    partnership: Partnership, before: tuple[Figure | None, Register], now: tuple[Figure | None, Register]
) -> Iterator[str]:
    (one, old_book), (other, new_book) = before, now
    decided = set(one.decided) if one else set()
    yield from (words for words in (other.decided if other else ()) if words not in decided)
    yield from (f"No longer: {words}" for words in sorted(decided - set(other.decided if other else ())))
    if other and not other.decided and other.derivation != (one.derivation if one else ""):
        yield f"How: {other.derivation}."
    old, new = _cells(partnership, one, old_book), _cells(partnership, other, new_book)
    changed = [words for words in new if words not in old] + [f"before: {words}" for words in old if words not in new]
    yield from changed[: 2 * NAMED]
    if len(changed) > 2 * NAMED:
        yield f"and {len(changed) - 2 * NAMED} more cells"
    if not changed and one and other and one.display == other.display:
        gone, come = set(one.findings) - set(other.findings), set(other.findings) - set(one.findings)
        yield from (f"Settled or agreed since: {id_}" for id_ in sorted(gone))
        yield from (f"Found since: {id_}" for id_ in sorted(come))


def _cells(partnership: Partnership, figure: Figure | None, book: Register) -> list[str]:
    """The cells that a figure was made from, each in words."""
    if figure is None:
        return []
    known = {one.id: one for one in book.observations}
    return [_cell(partnership, known[id_]) for id_ in figure.observations if id_ in known]


def _cell(partnership: Partnership, one: Observation) -> str:
    value = f"{one.value:f}" if one.value is not None else one.symbol
    source = partnership.sources[one.source].title
    return f"{value} for {period_words(one.period)}, {source}: {one.place.words}"


# From the store


def book_of_period(store: ObjectStore, period: str) -> Register:
    """The open book that the last run of a period kept.

    Raises:
        Refused: there is none.
    """
    from tasks.kept import register_of

    return register_of(store, OPEN, period_of(period))


def book_of_run(store: ObjectStore, run: str) -> Register:
    """The open book that one run kept, which may have been replaced since.

    Raises:
        Refused: there was no such run.
    """
    key = f"runs/{run}/manifest.json"
    if not store.versions(key):
        known = [stored.key.split("/")[1] for stored in store.list("runs/")]
        raise Refused(
            f"There was no run called '{run}'.",
            where=key,
            to_do=f"Use one of: {', '.join(known)}." if known else "Run a period first.",
        )
    manifest = json.loads(store.get(key))
    register = register_key(OPEN, period_of(manifest["period"]))
    wanted = next(one["sha256"] for one in manifest["outputs"] if one["key"] == register)
    version = next(one.version for one in store.versions(register) if one.sha256 == wanted)
    book: Register = plain.from_plain(Register, json.loads(store.get(register, version)))
    return book


def as_text(told: Sequence[Moved], before: str, now: str) -> str:
    """What moved, for a screen."""
    if not told:
        return f"Nothing moved between {before} and {now}."
    lines = [f"{many(len(told), 'figure')} moved between {before} and {now}."]
    for one in told:
        lines += ["", f"{one.title} ({one.figure})", f"  {_change(one)}"]
        lines += [line for words in one.why for line in _wrapped(words, "    ")]
        lines += _printed(one) if one.sections else []
    return "\n".join(lines)


def _printed(one: Moved) -> list[str]:
    where = ", ".join(one.sections)
    if one.sentence_before == one.sentence_now:
        return _wrapped(f"Printed in {where}: the sentence stays as it is.", "  ")
    both = (("-", one.sentence_before), ("+", one.sentence_now))
    sentences = [f"{sign} {text}" for sign, text in both if text]
    return [*_wrapped(f"Printed in {where}:", "  "), *(line for text in sentences for line in _wrapped(text, "    "))]


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _change(one: Moved) -> str:
    if one.before != one.now:
        return f"{one.before} is now {one.now}"
    return f"{one.now}, {one.status_before.replace('_', ' ')} is now {one.status_now.replace('_', ' ')}"
