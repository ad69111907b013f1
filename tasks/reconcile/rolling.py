"""Does a stock roll forward, and did anything move so far since the last period that it needs a reason?

Belongs here: a period against the one before it. Does not belong here: a year against its own quarters
(``tasks.reconcile.years``).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from config.layouts import Source
from config.periods import Quarter, ReportingYear, day_words
from config.rules import Movement, RollForward
from tasks.measures import Amount, IllegalOperation, change, period_words, round_half_up
from tasks.model import Finding, ValueBeside
from tasks.over_time import amount_for
from tasks.reconcile.evidence import At, Evidence
from tasks.reconcile.tables import (
    NOUGHT,
    Column,
    Row,
    Table,
    choose,
    column,
    divisor,
    last,
    table,
    values_of,
    verdict,
    within,
)
from tasks.reconcile.telling import apart, in_area, make_finding, signed, tolerance_of
from tasks.register import Key, is_official


def roll_forward(rule: RollForward, evidence: Evidence) -> Table:
    """Take what was open at the start, add what started, take off what ended, and compare with what is open now."""
    areas, sources = _carried(rule, evidence)
    opening = column(_opening(evidence, *one, rule.stock) for one in zip(areas, sources, strict=True))
    parts = [opening, *(_amounts(evidence, areas, sources, name) for name in (rule.started, rule.ended, rule.stock))]
    (was, started, ended, now), known = zip(*map(values_of, parts), strict=True)
    due = was + started - ended
    return table(
        area=areas,
        source=sources,
        amounts=column(zip(*parts, strict=True)),
        now=now,
        due=due,
        gap=now - due,
        outcome=verdict(np.logical_and.reduce(known), within(rule, now, due)),
    )


def _carried(rule: RollForward, evidence: Evidence) -> tuple[Column, Column]:
    """Areas and sources that have all of it: our own, and in a year each release of official statistics."""
    carriers, names = evidence.ledger.carriers, (rule.stock, rule.started, rule.ended)
    yearly = isinstance(evidence.period, ReportingYear)
    areas, sources = [], []
    for area in evidence.area_ids[evidence.areas(rule, *names)]:
        of_each = [carriers.get((area, name), ()) for name in names]
        both = [one for one in of_each[1] if one in of_each[0] and one in of_each[2]]
        kept = [one for one in both if yearly or not is_official(one)]
        areas += [area] * len(kept)
        sources += kept
    return column(areas), column(sources)


def say_roll_forward(rule: RollForward, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    measure, last_day = evidence.measure(rule.stock), day_words(evidence.period.last_day)
    amounts = {
        f"{measure.title} at {day_words(evidence.period.before.last_day)}": row.amounts[0],
        evidence.measure(rule.started).title: row.amounts[1],
        evidence.measure(rule.ended).title: row.amounts[2],
        f"{measure.title} at {last_day}": row.amounts[3],
    }
    shown = partial(evidence.as_measured, row.area, rule.stock)
    say = partial(
        make_finding,
        evidence,
        rule,
        f"{row.area}.{rule.stock}-{row.source.id}.{evidence.period}",
        row.outcome,
        tolerance=tolerance_of(rule, measure),
        values=[
            ValueBeside(label, shown(one.value, one.symbol), evidence.places(one.behind))
            for label, one in amounts.items()
        ],
        figures=() if rule.severity == "information" else (evidence.figure_id(row.area, rule.stock),),
    )
    about = f"{measure.title}{in_area(evidence.area(row.area))} ({row.source.title})"
    if row.outcome == "not_evaluated":
        lacking = [f"{label}: {one.symbol or 'not received'}" for label, one in amounts.items() if one.value is None]
        return say(f"{about} could not be rolled forward.", reason=f"{'; '.join(lacking)}.")
    was, started, ended, now = (one.value for one in row.amounts)
    arithmetic = f"{was:,f} + {started:,f} - {ended:,f} = {row.due:,f}"
    told = f"{about}: {arithmetic}, {'and' if row.gap else 'as'} {now:,f} were open at {last_day}"
    if row.gap:
        told += f": {apart(measure, row.gap)}{', within the tolerance' if row.outcome == 'passed' else ''}"
    return say(f"{told}.", arithmetic=arithmetic, difference=signed(measure, row.gap) if row.gap else "")


def _amounts(evidence: Evidence, areas: Column, sources: Column, name: str) -> Column:
    return column(_amount(evidence, *one, name) for one in zip(areas, sources, strict=True))


def _amount(evidence: Evidence, area: str, source: Source, name: str) -> Amount:
    """What one source has for the period, by the arithmetic that the statistic allows."""
    given = evidence.ledger.given(source.id, area)
    try:
        return amount_for(evidence.measure(name), evidence.period, given, evidence.partnership.measures)
    except IllegalOperation:
        return Amount()


def _opening(evidence: Evidence, area: str, source: Source, stock: str) -> Amount:
    """The stock at the end of the period before: from the same source, else as the register had it then."""
    given, then = evidence.ledger.given(source.id, area), str(evidence.period.before)
    found = given.get((stock, then), Amount())
    if found.there or is_official(source):
        return found
    kept = evidence.earlier.get(then, {}).get((area, stock))
    return Amount(kept.value, kept.symbol) if kept else Amount()


# Movement


def movement(rule: Movement, evidence: Evidence) -> Table:
    """Find figures that moved by more since the last year, or quarter, than they may without a reason.

    Both values are from one place: our own register, else the newest release of official statistics that has both.
    """
    asked = evidence.asked(rule, *rule.measures)
    if isinstance(evidence.period, Quarter) != (rule.since == "last_quarter"):
        asked = At(*(one[:0] for one in asked))
    kept, old, new = evidence.before.at(asked), evidence.said_before.at(asked), evidence.said.at(asked)
    both, here = old.there & new.there, np.arange(len(asked.areas))
    release = np.where(kept.there, 0, last(both))
    ours, there = release == 0, kept.there | both.any(axis=0)
    was = np.where(ours, kept.values, old.values[release, here])
    now = np.where(ours, evidence.values[asked], new.values[release, here])
    was_known = np.where(ours, kept.known & there, old.known[release, here])
    now_known = np.where(ours, evidence.known[asked], new.known[release, here])
    moved = (now - was) * 100 / divisor(was)
    few = np.asarray(np.maximum(was, now) < rule.smallest, dtype=bool)
    reasons = [~was_known, ~now_known, was == 0, few]
    return table(
        area=evidence.area_ids[asked.areas],
        measure=evidence.measure_ids[asked.measures],
        release=column(evidence.releases)[release],
        was=was,
        now=now,
        because=choose(reasons, ["nothing then", "nothing now", "none before", "few"]),
        outcome=verdict(~np.logical_or.reduce(reasons), abs(moved) <= rule.percent),
    )


def say_movement(rule: Movement, evidence: Evidence, row: Row) -> Finding:
    """Put a row into words."""
    measure, subject = evidence.measure(row.measure), evidence.figure_id(row.area, row.measure)
    was, now = _both(evidence, (row.area, row.measure), row.release)
    then, today = (period_words(str(one)) for one in (evidence.period.before, evidence.period))
    show = partial(evidence.as_measured, row.area, row.measure)
    most = f"{rule.percent.normalize():f}%"
    say = partial(
        make_finding,
        evidence,
        rule,
        subject,
        row.outcome,
        tolerance=most,
        values=[
            ValueBeside(words, show(one.value, one.symbol), evidence.places(one.behind))
            for words, one in ((then, was), (today, now))
        ],
        figures=() if rule.severity == "information" else (subject,),
    )
    about = f"{measure.title}{in_area(evidence.area(row.area))}"
    if row.because.startswith("nothing"):
        words, lacking = (then, was) if row.because == "nothing then" else (today, now)
        reason = f"{words[:1].upper()}{words[1:]}: {lacking.symbol or 'no value is known'}."
        return say(f"How far {about} moved is not known.", reason=reason)
    if row.because:
        few = f"Fewer than {rule.smallest} move by chance."
        reason = "There was none before." if row.because == "none before" else few
        return say(f"How far {about} moved was not judged.", reason=reason)
    share = round_half_up(change(measure, was, now).value or NOUGHT, 1)
    arithmetic = f"{show(row.was)} to {show(row.now)} is {'+' if share > 0 else ''}{share:f}%"
    title = f"{about}: {arithmetic} since {then}{' (official statistics)' if row.release else ''}"
    if row.outcome == "passed":
        return say(f"{title}.", arithmetic=arithmetic)
    difference = signed(measure, row.now - row.was)
    return say(f"{title}; more than {most} needs a reason.", arithmetic=arithmetic, difference=difference)


def _both(evidence: Evidence, key: Key, release: str) -> tuple[Amount, Amount]:
    """The value before and the value now, from a release or from the register, with what they were made from."""
    if release:
        old, new = (
            next(one for one in said[key] if one.source == release)
            for said in (evidence.official_before, evidence.official)
        )
        return Amount(old.value, old.symbol, behind=(old.id,)), Amount(new.value, new.symbol, behind=(new.id,))
    now, kept = evidence.figures[key], evidence.earlier.get(str(evidence.period.before), {}).get(key)
    was = Amount(kept.value, kept.symbol, behind=kept.observations) if kept else Amount()
    return was, Amount(now.value, now.symbol, behind=now.observations)
