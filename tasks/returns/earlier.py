"""What did a source answer the period before? As sent, except that nothing suppressed is shown.

Belongs here: the answers kept in the store for the period before, over the end of a year too. Does not belong here: how
they stand on a form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from config.partnership import Partnership
from config.periods import Return
from tasks import plain
from tasks.kept import folder_of
from tasks.measures import display
from tasks.model import Figure, Gathered, Observation, Register
from tasks.store import ObjectStore

NO_ANSWER = "No answer came"
NOT_KEPT = "Not known"


@dataclass(frozen=True)
class Earlier:
    """The answers of the period before: figures by source, area and measure, texts by source, topic and part."""

    period: Return
    kept: bool
    """Whether anything is known of that period; without it no answer means nothing."""
    figures: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    texts: Mapping[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)

    def figure(self, source: str, area: str, measure: str) -> str:
        """A figure as it is printed, or that there is none."""
        return self.figures.get((source, area, measure), NO_ANSWER if self.kept else NOT_KEPT)

    def text(self, source: str, topic: str, part: str) -> tuple[str, ...]:
        """What was written, or that nothing was."""
        return self.texts.get((source, topic, part), (NO_ANSWER if self.kept else NOT_KEPT,))


def earlier_answers(partnership: Partnership, period: Return, store: ObjectStore) -> Earlier:
    """What is kept in the store of the period before this one."""
    before = period.before
    gathered = _kept(store, f"gathered/{folder_of(before)}/gathered.json")
    if gathered is None:
        return Earlier(before, kept=False)
    came = plain.from_plain(Gathered, gathered)
    register = _kept(store, f"register/{folder_of(before)}/register.json")
    figures = {f.id: f for f in plain.from_plain(Register, register).figures} if register else {}
    return Earlier(
        before,
        kept=True,
        figures={
            (one.source, one.area, one.measure): _shown(partnership, one, figures.get(f"{_of(one)}.{before}"))
            for one in came.observations
            if one.period == str(before) and one.measure in partnership.measures
        },
        texts={(one.source, one.topic, one.part): one.items for one in came.narrative},
    )


def _kept(store: ObjectStore, key: str) -> object | None:
    return json.loads(store.get(key)) if store.versions(key) else None


def _of(one: Observation) -> str:
    return f"{one.area}.{one.measure}"


def _shown(partnership: Partnership, one: Observation, figure: Figure | None) -> str:
    """What a source sent; where the register shows a symbol instead of a number, that symbol."""
    if figure and (figure.symbol or figure.status == "withheld"):
        return figure.display
    measure = partnership.measures[one.measure]
    return display(one.value, one.symbol, measure.unit, measure.decimals_for(one.area), measure.statistic)
