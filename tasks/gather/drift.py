"""What is new or gone in a file's layout since the same source's file of the period before?

Belongs here: comparing two layouts, and what a sender is told of it. Does not belong here: which words of a layout are
kept (readers tell their ``Collector``), and where the earlier file is found (``tasks.run``).

What another problem of the file already names is not told again. Only words are compared, never values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from config.layouts import Form, ListSheet, LongCsv, NarrativeSheet, Source, Synonyms, Workbook
from tasks.gather.labels import is_one_of, nearest, plain, quoted
from tasks.model import GatheredFile, Problem

SHEETS = "sheets"
"""The group of the names of a workbook's sheets; the other groups are the sheets themselves."""


@dataclass(frozen=True, order=True)
class _Word:
    """One heading, label, code or tag, and the group in which it stands: its sheet, or what it is."""

    group: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        return plain(self.group), plain(self.text)


def told(source: Source, before: GatheredFile | None, now: GatheredFile) -> GatheredFile:
    """The file with a problem for what is new in its layout and one for what is gone; both for information.

    ``before`` is the source's file of the period before; where there was none that could be used, nothing is told.
    """
    if before is None or now.state != "read" or not (before.layout and now.layout):
        return now
    old, new = _words(source, before), _words(source, now)
    groups = {word.group for word in new}
    known = {word.key for word in old}, {word.key for word in new}
    named = {plain(word) for problem in now.problems for word in re.findall(r"'([^']+)'", problem.what)}
    gone = [word for word in old if word.key not in known[1] and word.group in groups]
    come = [word for word in new if word.key not in known[0]]
    problems = [_renamed(now, before, *pair) for pair in _same_measure(source, gone, come)]
    paired = {word for pair in _same_measure(source, gone, come) for word in pair}
    meant = _meanings(source)
    come = [word for word in come if word not in paired and plain(word.text) not in named]
    gone = [
        word
        for word in gone
        if word not in paired and not {plain(word.text), plain(meant.get(plain(word.text), ""))} & named
    ]
    if come:
        problems.append(_new(now, before, come, gone))
    if gone:
        problems.append(_gone(now, before, gone))
    return replace(now, problems=(*now.problems, *problems))


def _words(source: Source, file: GatheredFile) -> list[_Word]:
    """What is laid out alike in every period; what comes once a year is not."""
    words = [_Word(*entry.partition(": ")[::2]) for entry in file.layout]
    layout = source.layout
    if isinstance(layout, LongCsv):
        yearly = {plain(code) for code in layout.yearly}
        return [word for word in words if plain(word.text) not in yearly]
    if isinstance(layout, Workbook):
        names = [
            name for sheet in layout.sheets if isinstance(sheet, ListSheet) and sheet.yearly for name in sheet.sheet
        ]
        return [w for w in words if not is_one_of(w.text if w.group == SHEETS else w.group, names)]
    return words


def _meanings(source: Source) -> dict[str, str]:
    """Every synonym of a label or heading, with the word that messages use for it."""
    return {plain(word): words[0] for words in _synonyms(source) for word in words}


def _synonyms(source: Source) -> Iterable[Synonyms]:
    layout = source.layout
    if isinstance(layout, Workbook):
        for sheet in layout.sheets:
            yield from (sheet.parts if isinstance(sheet, NarrativeSheet) else sheet.rows).values()
    elif isinstance(layout, LongCsv):
        yield from (layout.code, layout.period, layout.value)
    elif isinstance(layout, Form):
        yield from layout.every_figure.values()


def _same_measure(source: Source, gone: Sequence[_Word], come: Sequence[_Word]) -> list[tuple[_Word, _Word]]:
    """What is gone beside what came in its place: by the configuration, other words for the same."""
    meant = _meanings(source)
    places = {(word.group, meant[plain(word.text)]): word for word in come if plain(word.text) in meant}
    found = []
    for word in gone:
        if other := places.get((word.group, meant.get(plain(word.text), ""))):
            found.append((word, other))
    return found


def _renamed(now: GatheredFile, before: GatheredFile, old: _Word, new: _Word) -> Problem:
    return Problem(
        f"{quoted([new.text])} stands where {quoted([old.text])} stood in {before.period}.",
        _where(now, [new]),
        "Both are known to mean the same, so it was read. If something else is counted now, nobody would see it.",
        "Say so if what is counted has changed; otherwise nothing.",
        "information",
    )


def _new(now: GatheredFile, before: GatheredFile, words: Sequence[_Word], gone: Sequence[_Word]) -> Problem:
    alike = [
        f"{quoted([word.text])} looks like {quoted([close])}"
        for word in words
        if (close := nearest(word.text, (other.text for other in gone if other.group == word.group)))
    ]
    hint = f"{'; '.join(alike)}, which is gone: if that is meant, use the old words. " if alike else ""
    return Problem(
        f"New since {before.period}: {quoted(word.text for word in words)}.",
        _where(now, words),
        "A layout that changes is where figures get lost or read from the wrong place.",
        f"{hint}If it is wanted, ask the business unit to add it.",
        "information",
    )


def _gone(now: GatheredFile, before: GatheredFile, words: Sequence[_Word]) -> Problem:
    return Problem(
        f"Gone since {before.period}: {quoted(word.text for word in words)}.",
        _where(now, words),
        "A layout that changes is where figures get lost or read from the wrong place.",
        "If it was left out by mistake, put it back; otherwise nothing.",
        "information",
    )


def _where(now: GatheredFile, words: Iterable[_Word]) -> str:
    groups = sorted({word.group for word in words} - {SHEETS})
    return ", ".join([now.name, *(f"sheet {group}" if group not in _KINDS else group for group in groups)])


_KINDS = ("heading", "code", "field", "row")
"""Groups of what stands in no sheet."""
