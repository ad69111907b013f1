"""What may everybody see of a register? The same book with hidden numbers taken out, wherever they stand.

Belongs here: figures, observations and findings without what is hidden. Does not belong here: which cells are hidden
(``tasks.disclosure``).

Editors, the quality assurance group and the public see this copy: drafts, the open register, its tables and the data
annex are made from it. The whole book is for those who look after the store (``restricted/``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from config.model import Measure
from config.partnership import Partnership
from config.periods import Month, parse_period
from tasks.disclosure import SYMBOL, Cell, Protection
from tasks.measures import display
from tasks.model import Figure, Finding, Observation, Register
from tasks.register import is_official
from tasks.relations import base, cell_of

HIDDEN = "hidden"
"""Stands in place of a value in a finding."""
_OUTCOMES = {"passed": "it holds", "failed": "it does not hold", "not_evaluated": "it could not be looked at"}


def mark_hidden(partnership: Partnership, figures: Iterable[Figure], protection: Protection) -> list[Figure]:
    """The whole book's figures, those withheld that are not shown; their values stay, for those who look after them."""
    return [
        replace(one, status="withheld") if one.value is not None and _hides(partnership, one, protection) else one
        for one in figures
    ]


def shown(partnership: Partnership, book: Register, protection: Protection) -> Register:
    """The book as everybody may see it."""
    observations = {one.id: _observation(partnership, one, protection) for one in book.observations}
    renamed = {old: one.id for old, one in observations.items()}
    return Register(
        figures=tuple(_figure(partnership, one, protection, renamed) for one in book.figures),
        observations=tuple(observations.values()),
        findings=tuple(_finding(partnership, one, protection) for one in book.findings if not _points_at_small(one)),
        files=book.files,
    )


def _hides(partnership: Partnership, one: Figure | Observation, protection: Protection) -> bool:
    measure = partnership.measures[one.measure]
    cell = cell_of(partnership, one)
    denominator = {(one.area, measure.denominator, cell[2])} if measure.denominator else set()
    return bool(({cell} | denominator) & protection.hidden)


def _figure(partnership: Partnership, one: Figure, protection: Protection, renamed: Mapping[str, str]) -> Figure:
    one = replace(
        one,
        observations=tuple(renamed.get(id_, id_) for id_ in one.observations),
        beside=tuple(renamed.get(id_, id_) for id_ in one.beside),
    )
    if one.value is None:
        return one
    if _hides(partnership, one, protection):
        hidden = "hidden, so that nobody can be recognised"
        return replace(one, value=None, symbol=SYMBOL, display=SYMBOL, status="withheld", derivation=hidden, note="")
    return _rounded(partnership, one)


def _rounded(partnership: Partnership, one: Figure) -> Figure:
    step, measure = partnership.profile.disclosure.rounded_to, partnership.measures[one.measure]
    if step == 1 or not measure.counts_persons or one.value is None or measure.statistic in ("percentage", "rate"):
        return one
    value = (one.value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    words = f"{one.derivation}, rounded to the nearest {step}"
    return replace(one, value=value, display=display(value, "", one.unit, 0, one.statistic), derivation=words)


def _observation(partnership: Partnership, one: Observation, protection: Protection) -> Observation:
    """Without its value; where it was counted, the lines that were counted would say how many they are."""
    if is_official(partnership.sources[one.source]) or not _hides(partnership, one, protection):
        return one
    place = replace(one.place, cell="") if one.how else one.place
    return replace(one, value=None, symbol=one.symbol or SYMBOL, how="", place=place)


def _finding(partnership: Partnership, one: Finding, protection: Protection) -> Finding:
    if not one.figures:
        return _by_its_words(partnership, one, protection)
    return _without_numbers(partnership, one) if _tells(partnership, one, protection) else one


def _points_at_small(one: Finding) -> bool:
    """Does a finding say which numbers are small? Of two that are hidden nobody may know which one it is."""
    return one.kind == "small_numbers" and one.outcome == "failed"


def _by_its_words(partnership: Partnership, one: Finding, protection: Protection) -> Finding:
    """Findings for information touch no figure, and lay figures side by side all the same: go by what they are about.

    That is what their subject and their rule name, and what their words do: rather too much is taken out than too
    little. Of a list of figures those that are hidden go, and the others stay.
    """
    secrets = _secrets(partnership, protection)
    names = frozenset(partnership.measures[name].title.casefold() for name in secrets)
    said = any(_names(text, names) for text in (one.title, one.arithmetic))
    if said or _asked_about(partnership, one) & secrets:
        return _without_numbers(partnership, one)
    values = tuple(replace(side, value=HIDDEN) if _names(side.label, names) else side for side in one.values)
    return replace(one, values=values)


def _secrets(partnership: Partnership, protection: Protection) -> frozenset[str]:
    """All measures that have a hidden number, or follow from one that has."""
    secret = {cell[1] for cell in protection.secret}
    return frozenset(
        name for name, measure in partnership.measures.items() if {base(measure), measure.denominator} & secret
    )


def _asked_about(partnership: Partnership, one: Finding) -> set[str]:
    """The measures that a finding's subject names, and those that its rule names one by one."""
    rule = next((rule for rule in partnership.rules if rule.id == one.rule), None)
    named = {value for value in rule.model_dump().values() if isinstance(value, str)} if rule else set()
    return (named | set(one.subject.replace("-", ".").split("."))) & partnership.measures.keys()


def _names(text: str, titles: Iterable[str]) -> bool:
    return any(title in text.casefold() for title in titles)


def _without_numbers(partnership: Partnership, one: Finding) -> Finding:
    rule = next((rule.says for rule in partnership.rules if rule.id == one.rule), one.matters)
    names = [_named(partnership, figure) for figure in one.figures[:1]] or [one.subject]
    return replace(
        one,
        title=f"{names[0]}: {_OUTCOMES[one.outcome]}, on numbers that are hidden. The rule: {rule}",
        arithmetic="",
        difference="",
        effect="",
        reason="A number in it is hidden." if one.reason else "",
        values=tuple(replace(side, value=HIDDEN) for side in one.values),
        history=tuple(replace(past, reason="", why="") for past in one.history),
    )


def _named(partnership: Partnership, figure_id: str) -> str:
    area, name, _ = figure_id.split(".")
    return f"{partnership.measures[name].title}, {partnership.areas[area].short_name}"


def _tells(partnership: Partnership, one: Finding, protection: Protection) -> bool:
    """Could a finding say what is hidden: about its figures, their quarters, or (of children) their months?"""
    for figure_id in one.figures:
        area, name, period = figure_id.split(".")
        measure = partnership.measures[name]
        names = {base(measure), measure.denominator}
        for cell in protection.secret:
            if cell[0] == area and cell[1] in names and _in_sight(cell, period, measure.statistic):
                return True
        if measure.counts_persons and any(_is_small(side.value, measure, partnership) for side in one.values):
            return True
    return False


def _in_sight(cell: Cell, period: str, statistic: str) -> bool:
    of_a_month = not cell[2].endswith("-ytd") and isinstance(parse_period(cell[2]), Month)
    return not of_a_month or cell[2] == period or statistic == "distinct"


def _is_small(text: str, measure: Measure, partnership: Partnership) -> bool:
    """Nought is told of in words even where no figure of it is shown."""
    return re.fullmatch(r"\d+", text) is not None and 0 < int(text) < partnership.smallest_shown(measure)
