"""Where does a figure come from, in as few words as a person needs?

Belongs here: putting cells and files into words. Does not belong here: every single cell; that is what
``assure explain`` is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tasks.model import Figure, Observation
from tasks.words import sentence, upper_first

LINES_NAMED = 60
"""Characters of a list of lines ("lines 2-40, 44") that are written out."""


def place_words(observations: Sequence[Observation]) -> str:
    """Say in which files, sheets and cells something stands: ``3 cells of returns.xlsx, sheet Dataset, C7 to E7``."""
    found: dict[tuple[str, str], list[str]] = {}
    for place in dict.fromkeys(observation.place for observation in observations):
        found.setdefault((place.file, place.sheet), []).append(place.cell)
    if len(found) <= 2:
        return "; ".join(_one_sheet(file, sheet, cells) for (file, sheet), cells in found.items())
    files = list(dict.fromkeys(file for file, _ in found))
    sheets = {sheet for _, sheet in found}
    in_sheet = f", sheet {next(iter(sheets))}" if len(sheets) == 1 and sheets != {""} else ""
    places = "cells" if in_sheet else "places"
    named = f"{len(files)} files, {files[0]} to {files[-1]}" if len(files) > 1 else files[0]
    return f"{sum(map(len, found.values()))} {places} of {named}{in_sheet}"


def _one_sheet(file: str, sheet: str, cells: list[str]) -> str:
    of_sheet = f"{file}, sheet {sheet}" if sheet else file
    if len(cells) == 1:
        return f"{of_sheet}, {_shortened(cells[0])}" if cells[0] else of_sheet
    in_order = sorted(cells, key=_row_and_column)
    if all(re.fullmatch(r"[A-Z]+\d+", cell) for cell in cells):
        return f"{len(cells)} cells of {of_sheet}, {in_order[0]} {'and' if len(cells) == 2 else 'to'} {in_order[-1]}"
    return f"{len(cells)} places in {of_sheet}: {_shortened(', '.join(cells))}"


def _row_and_column(cell: str) -> tuple[int, int, str]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    return (int(found[2]), len(found[1]), found[1]) if found else (0, 0, cell)


def _shortened(cells: str) -> str:
    if len(cells) <= LINES_NAMED:
        return cells
    return f"{cells[:LINES_NAMED].rpartition(',')[0] or cells[:LINES_NAMED]} and more"


def how_words(figure: Figure, observations: Sequence[Observation]) -> str:
    """Say when a figure is for, how it came from what was received, and what its source says of it."""
    counts = _different(o.how for o in observations)
    sentences = ["not received" if figure.status == "not_received" else figure.wording, figure.derivation]
    sentences += [f"counted{', for the first of them' if len(counts) > 1 else ''}: {how}" for how in counts[:1]]
    sentences += [f"the source says: {note}" for note in _different(o.note for o in observations)][:2]
    sentences += [f"release: {release}" for release in _different(o.release for o in observations)][:2]
    return " ".join(sentence(upper_first(text)) for text in sentences if text)


def _different(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]
