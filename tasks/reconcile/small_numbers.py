"""Is any number of people so small that somebody could be recognised, by itself or by subtraction?

Belongs here: finding such numbers among the figures, before anything is printed. Does not belong here: hiding them, and
what else must then be hidden. Findings name the figure and never the number.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from config.model import Measure
from config.rules import PartWithinWhole, SmallNumbers
from tasks.model import Finding
from tasks.reconcile.evidence import Evidence
from tasks.reconcile.tables import Column, Mask, Row, Table, column, stacked, table, verdict
from tasks.reconcile.telling import in_area, make_finding
from tasks.words import listed, lower_first


def small_numbers(rule: SmallNumbers, evidence: Evidence) -> Table:
    """Look at every figure that counts people, and at what is left when a part is taken from its whole."""
    parts = [one for one in evidence.partnership.rules if isinstance(one, PartWithinWhole)]
    rests = [_rests(rule, evidence, one) for one in parts if _both_count_people(evidence, one)]
    return stacked([_small(rule, evidence), *rests])


def _small(rule: SmallNumbers, evidence: Evidence) -> Table:
    """Figures of boroughs that are a small number of people themselves."""
    smallest = column(_smallest(rule, evidence, name) for name in evidence.column)
    boroughs = np.isin(np.arange(len(evidence.row)), evidence.boroughs)
    people = np.array([_counts_people(one) for one in evidence.partnership.measures.values()], dtype=bool)
    small = evidence.known & _is_small(evidence.values, smallest) & boroughs[:, None] & people
    areas, measures = np.nonzero(small)
    return table(
        area=evidence.area_ids[areas],
        measure=evidence.measure_ids[measures],
        part="",
        left=evidence.values[areas, measures],
        smallest=smallest[measures],
        outcome="failed",
    )


def _rests(rule: SmallNumbers, evidence: Evidence, about: PartWithinWhole) -> Table:
    """What is left of a whole without a part is a number of people too."""
    areas = evidence.areas(about, about.part, about.whole)
    left = evidence.value_in(areas, about.whole) - evidence.value_in(areas, about.part)
    smallest = _smallest(rule, evidence, about.whole)
    return table(
        area=evidence.area_ids[areas],
        measure=about.whole,
        part=about.part,
        left=left,
        smallest=smallest,
        outcome=verdict(evidence.known_in(areas, about.part, about.whole), ~_is_small(left, smallest)),
    )


def _smallest(rule: SmallNumbers, evidence: Evidence, measure: str) -> int:
    return rule.smallest or evidence.partnership.smallest_shown(evidence.measure(measure))


def _is_small(values: Column, smallest: Column | int) -> Mask:
    """Nought is nobody, and less than nought a mistake that another rule finds."""
    return np.asarray((values > 0) & (values < smallest), dtype=bool)


def _counts_people(measure: Measure) -> bool:
    return measure.counts_persons and measure.statistic in ("flow", "distinct", "stock")


def _both_count_people(evidence: Evidence, rule: PartWithinWhole) -> bool:
    return not rule.also and all(evidence.measure(one).counts_persons for one in (rule.part, rule.whole))


def say_small_numbers(rule: SmallNumbers, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    return (_say_rest if row.part else _say_small)(rule, evidence, row)


def _say_small(rule: SmallNumbers, evidence: Evidence, row: Row) -> Finding:
    measure, subject = evidence.measure(row.measure), evidence.figure_id(row.area, row.measure)
    others = [
        one.name
        for one in evidence.partnership.boroughs
        if one.id != row.area and one.id in measure.areas and evidence.has((one.id, row.measure))
    ]
    title = f"{measure.title}{in_area(evidence.area(row.area))} is fewer than {row.smallest}, "
    title += "so that somebody could be recognised."
    if others:
        title += (
            f" Hidden by itself it could be worked out from a total of the partnership and {listed(others)}'s number: "
            "hide another number too, or give no total."
        )
    figures = () if rule.severity == "information" else (subject,)
    arithmetic = f"1 to {row.smallest - 1}"
    return make_finding(evidence, rule, subject, row.outcome, title, arithmetic=arithmetic, figures=figures)


def _say_rest(rule: SmallNumbers, evidence: Evidence, row: Row) -> Finding:
    less = f"{evidence.measure(row.measure).title}{in_area(evidence.area(row.area))}"
    less += f" without {lower_first(evidence.measure(row.part).title)}"
    subject = f"{row.area}.{row.measure}-{row.part}.{evidence.period}"
    say = partial(make_finding, evidence, rule, subject, row.outcome)
    if row.outcome == "not_evaluated":
        return say(f"{less} could not be looked at.", reason=evidence.lacking(row.area, (row.part, row.measure)))
    if row.outcome == "failed":
        title = f"{less} leaves fewer than {row.smallest} people, so that somebody could be recognised."
        return say(title, arithmetic=f"1 to {row.smallest - 1}")
    whole, part = (evidence.value((row.area, name)) for name in (row.measure, row.part))
    return say(f"{less} leaves {row.left:,f}.", arithmetic=f"{whole:,f} - {part:,f} = {row.left:,f}")
