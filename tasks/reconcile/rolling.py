"""Does a stock roll forward, and did anything move so far since the last period that it needs a reason?

Belongs here: a period against the one before it. Does not belong here: a year against its own quarters
(``tasks.reconcile.years``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from config.layouts import Source
from config.model import Area, Measure
from config.periods import Quarter, ReportingYear, day_words
from config.rules import Movement, RollForward
from tasks.measures import Amount, IllegalOperation, change, period_words, round_half_up
from tasks.model import Finding, ValueBeside
from tasks.over_time import amount_for
from tasks.reconcile.evidence import (
    Evidence,
    apart,
    in_area,
    make_finding,
    signed,
    tolerance_of,
    within,
)
from tasks.register import is_official


def roll_forward(rule: RollForward, evidence: Evidence) -> Iterator[Finding]:
    """Take what was open at the start, add what started, take off what ended, and compare with what is open now."""
    for area in evidence.areas(rule, rule.stock, rule.started, rule.ended):
        sources = [
            source
            for source in evidence.ledger.carriers.get((area.id, rule.started), ())
            if all(source in evidence.ledger.carriers.get((area.id, name), ()) for name in (rule.stock, rule.ended))
        ]
        for source in sources:
            if not is_official(source) or isinstance(evidence.period, ReportingYear):
                yield _rolled(rule, evidence, area, source)


def _rolled(rule: RollForward, evidence: Evidence, area: Area, source: Source) -> Finding:
    measure = evidence.measure(rule.stock)
    opening = _opening(evidence, area, source, measure)
    started, ended, closing = (_amount(evidence, area, source, name) for name in (rule.started, rule.ended, rule.stock))
    amounts = {
        f"{measure.title} at {day_words(evidence.period.before.last_day)}": opening,
        evidence.measure(rule.started).title: started,
        evidence.measure(rule.ended).title: ended,
        f"{measure.title} at {day_words(evidence.period.last_day)}": closing,
    }
    say = partial(
        make_finding,
        evidence,
        rule,
        f"{area.id}.{rule.stock}-{source.id}.{evidence.period}",
        tolerance=tolerance_of(rule, measure),
        values=[
            ValueBeside(
                label, evidence.as_measured(area.id, rule.stock, one.value, one.symbol), evidence.places(one.behind)
            )
            for label, one in amounts.items()
        ],
        figures=() if rule.severity == "information" else (evidence.figure_id(area.id, rule.stock),),
    )
    about = f"{measure.title}{in_area(area)} ({source.title})"
    lacking = [f"{label}: {one.symbol or 'not received'}" for label, one in amounts.items() if one.value is None]
    values = [one.value for one in amounts.values() if one.value is not None]
    if lacking or len(values) < 4:
        return say("not_evaluated", f"{about} could not be rolled forward.", reason=f"{'; '.join(lacking)}.")
    due, now = values[0] + values[1] - values[2], values[3]
    arithmetic = f"{values[0]:,f} + {values[1]:,f} - {values[2]:,f} = {due:,f}"
    gap = now - due
    agree = within(rule, now, due)
    end = f", and {now:,f} were open" if gap else f", as {now:,f} were open"
    told = f": {apart(measure, gap)}{', within the tolerance' if agree else ''}" if gap else ""
    return say(
        "passed" if agree else "failed",
        f"{about}: {arithmetic}{end} at {day_words(evidence.period.last_day)}{told}.",
        arithmetic=arithmetic,
        difference=signed(measure, gap) if gap else "",
    )


def _amount(evidence: Evidence, area: Area, source: Source, name: str) -> Amount:
    """What one source has for the period, by the arithmetic that the statistic allows."""
    given = evidence.ledger.given(source.id, area.id)
    try:
        return amount_for(evidence.measure(name), evidence.period, given, evidence.partnership.measures)
    except IllegalOperation:
        return Amount()


def _opening(evidence: Evidence, area: Area, source: Source, measure: Measure) -> Amount:
    """The stock at the end of the period before: from the same source, else as the register had it then."""
    given, then = evidence.ledger.given(source.id, area.id), evidence.period.before
    found = given.get((measure.id, str(then)), Amount())
    if found.there or is_official(source):
        return found
    kept = evidence.earlier.get(str(then), {}).get((area.id, measure.id))
    return Amount(kept.value, kept.symbol) if kept else Amount()


# Movement


def movement(rule: Movement, evidence: Evidence) -> Iterator[Finding]:
    """Find figures that moved by more since the last year, or quarter, than they may without a reason."""
    if isinstance(evidence.period, Quarter) != (rule.since == "last_quarter"):
        return
    for name in rule.measures:
        for area in evidence.asked(rule, name):
            yield _moved(rule, evidence, area, evidence.measure(name))


def _moved(rule: Movement, evidence: Evidence, area: Area, measure: Measure) -> Finding:
    then = evidence.period.before
    was, now, whose = _both(evidence, area, measure)
    subject = evidence.figure_id(area.id, measure.id)
    show = partial(evidence.as_measured, area.id, measure.id)
    say = partial(
        make_finding,
        evidence,
        rule,
        subject,
        tolerance=f"{rule.percent.normalize():f}%",
        values=[
            ValueBeside(period_words(str(then)), show(was.value, was.symbol), evidence.places(was.behind)),
            ValueBeside(period_words(str(evidence.period)), show(now.value, now.symbol), evidence.places(now.behind)),
        ],
        figures=() if rule.severity == "information" else (subject,),
    )
    about = f"{measure.title}{in_area(area)}"
    if was.value is None or now.value is None:
        lacking = was if was.value is None else now
        words = period_words(str(then if lacking is was else evidence.period))
        reason = f"{words[:1].upper()}{words[1:]}: {lacking.symbol or 'no value is known'}."
        return say("not_evaluated", f"How far {about} moved is not known.", reason=reason)
    moved = change(measure, was, now).value
    if moved is None or max(was.value, now.value) < rule.smallest:
        reason = "There was none before." if moved is None else f"Fewer than {rule.smallest} move by chance."
        return say("not_evaluated", f"How far {about} moved was not judged.", reason=reason)
    share = round_half_up(moved, 1)
    arithmetic = f"{show(was.value)} to {show(now.value)} is {'+' if share > 0 else ''}{share:f}%"
    title = f"{about}: {arithmetic} since {period_words(str(then))}{whose}"
    if abs(moved) <= rule.percent:
        return say("passed", f"{title}.", arithmetic=arithmetic)
    return say(
        "failed",
        f"{title}; more than {rule.percent.normalize():f}% needs a reason.",
        arithmetic=arithmetic,
        difference=signed(measure, now.value - was.value),
    )


def _both(evidence: Evidence, area: Area, measure: Measure) -> tuple[Amount, Amount, str]:
    """The value before and the value now, from one place: our own register, else one release of official statistics."""
    key = (area.id, measure.id)
    now = evidence.figures[key]
    kept = evidence.earlier.get(str(evidence.period.before), {}).get(key)
    if kept is not None:
        return (
            Amount(kept.value, kept.symbol, behind=kept.observations),
            Amount(now.value, now.symbol, behind=now.observations),
            "",
        )
    said = {one.source: one for one in evidence.official.get(key, ())}
    for old in reversed(evidence.official_before.get(key, ())):
        if new := said.get(old.source):
            was, is_now = (Amount(one.value, one.symbol, behind=(one.id,)) for one in (old, new))
            return was, is_now, " (official statistics)"
    return Amount(), Amount(now.value, now.symbol, behind=now.observations), ""
