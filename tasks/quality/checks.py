"""What did each check say, in which rows, and what did it say in the quarter before?

Belongs here: verdicts as they are told, places in few words, and the trend of each source. Does not belong here: how
a check is made (``tasks.validate``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from config.partnership import Partnership
from config.periods import Quarter, Return
from tasks.gather.collect import lines
from tasks.model import Finding, Outcome, Verdict
from tasks.quality.told import Change, Check, Counted, Seen, Trend
from tasks.quality.words import name_of

Said = Mapping[tuple[str, str], Outcome]
"""What each check said of each source in one period."""


def checks(
    partnership: Partnership, period: Return, seen: Sequence[Seen], scope: Sequence[Seen], findings: Sequence[Finding]
) -> Iterator[Check]:
    """Every check of the periods in ``scope``, by source; ``seen`` are these and the quarters before them."""
    touched = {one.id: len(one.figures) for one in findings if one.kind == "source_check"}
    told = [
        replace(
            _check(partnership, one, verdict, name_of(one.period, period.year)),
            since=_since(verdict, one.period, period, seen) if verdict.outcome == "failed" else "",
            touches=touched.get(f"{verdict.check}:{verdict.source}.{verdict.period}", 0),
        )
        for one in scope
        for verdict in one.verdicts
    ]
    order = {id_: number for number, id_ in enumerate(partnership.sources)}
    yield from sorted(told, key=lambda one: order.get(one.source, len(order)))


def _check(partnership: Partnership, seen: Seen, verdict: Verdict, when: str) -> Check:
    # A quarter may have been checked when the configuration still had another source.
    source = partnership.sources.get(verdict.source)
    file = next((file.name for file in seen.files if file.source == verdict.source and file.state == "read"), "")
    return Check(
        source=verdict.source,
        title=source.title if source else verdict.source,
        owner=partnership.groups[source.owner].name if source else partnership.business_unit.name,
        period=verdict.period,
        when=when,
        check=verdict.check,
        says=verdict.says,
        why=verdict.why,
        to_do=verdict.to_do,
        severity=verdict.severity,
        outcome=verdict.outcome,
        rows_checked=verdict.rows_checked,
        rows_failed=verdict.rows_failed,
        rows=_rows(verdict) if verdict.outcome == "failed" else "",
        where=", ".join(part for part in (file, _where(verdict)) if part) if verdict.places else "",
        reason=verdict.reason,
    )


# Rows and places


def _rows(verdict: Verdict) -> str:
    if not verdict.rows_checked:
        return "no rows"
    counted = f"{verdict.rows_failed:,} of {verdict.rows_checked:,}"
    if _tells_absence(verdict):
        return f"{counted} missing"
    return f"{counted} rows" if verdict.rows_failed else "all rows together"


def _tells_absence(verdict: Verdict) -> bool:
    return bool(verdict.places) and all(place.startswith("nothing for ") for place in verdict.places)


def _where(verdict: Verdict) -> str:
    """The places of a failed check in as few words as can be: ``lines 3-5, 9``; ``sheet Figures: B9, B12``."""
    numbers = [re.fullmatch(r"line (\d+)", place) for place in verdict.places]
    if verdict.places and all(numbers):
        told = [lines(int(found[1]) for found in numbers if found)]
    else:
        sheets: dict[str, list[str]] = {}
        for place in verdict.places:
            sheet, _, cell = place.rpartition(", ") if place.startswith("sheet ") else ("", "", place)
            sheets.setdefault(sheet, []).append(cell)
        told = [f"{sheet}: {', '.join(cells)}" if sheet else ", ".join(cells) for sheet, cells in sheets.items()]
    more = verdict.rows_failed - len(verdict.places)
    return "; ".join(told) + (f", and {more:,} more" if told and more > 0 else "")


# Over the quarters


def _since(verdict: Verdict, own: Return, period: Return, seen: Sequence[Seen]) -> str:
    """What the same check said in the quarter before, if a run has seen it."""
    before = _before(own, seen)
    said = _said(before).get((verdict.source, verdict.check)) if before else None
    if not before or said is None:
        return ""
    name = name_of(before.period, period.year)
    return {
        "failed": f"It failed in {name} too.",
        "passed": f"It passed in {name}.",
        "not_evaluated": f"In {name} it could not be made.",
    }[said]


def _before(period: Return, seen: Sequence[Seen]) -> Seen | None:
    """The run of the quarter right before this one."""
    if not isinstance(period, Quarter):
        return None
    day = period.first_day
    return next((one for one in seen if isinstance(one.period, Quarter) and _follows(one.period, day)), None)


def _follows(quarter: Quarter, day: object) -> bool:
    from datetime import timedelta

    return quarter.last_day + timedelta(days=1) == day


def _said(seen: Seen) -> Said:
    return {(verdict.source, verdict.check): verdict.outcome for verdict in seen.verdicts}


CHANGES: dict[tuple[Outcome, Outcome], str] = {
    ("failed", "failed"): "Failed again",
    ("passed", "failed"): "New",
    ("not_evaluated", "failed"): "Failed, and could not be made before",
    ("failed", "not_evaluated"): "Failed before, could not be made now",
    ("passed", "not_evaluated"): "Passed before, could not be made now",
    ("failed", "passed"): "Mended",
    ("not_evaluated", "passed"): "Passed, and could not be made before",
}
"""What is told of a check by what it said before and now. What nobody could see is told as such, not as no change."""


def trends(partnership: Partnership, period: Return, seen: Sequence[Seen]) -> Iterator[Trend]:
    """Each quarterly source over the quarters, with what changed in the last of them."""
    quarters = [one for one in seen if isinstance(one.period, Quarter)]
    if not quarters:
        return
    before = _before(quarters[-1].period, quarters)
    name = name_of(before.period, period.year) if before else ""
    for source in partnership.due("quarter"):
        counts = tuple(_counted(one, period, (source.id,)) for one in quarters)
        yield Trend(source.id, source.title, counts, name, tuple(_changes(source.id, quarters[-1], before)))


def _changes(source: str, last: Seen, before: Seen | None) -> Iterator[Change]:
    said = _said(before) if before else {}
    found: dict[str, list[str]] = {words: [] for words in CHANGES.values()}
    for verdict in last.verdicts:
        earlier = said.get((source, verdict.check)) if verdict.source == source else None
        if earlier and (earlier, verdict.outcome) in CHANGES:
            found[CHANGES[earlier, verdict.outcome]].append(verdict.says)
    return (Change(words, tuple(says)) for words, says in found.items() if says)


def overall(partnership: Partnership, period: Return, seen: Sequence[Seen]) -> list[Counted]:
    """All quarterly sources together, quarter by quarter."""
    sources = [source.id for source in partnership.due("quarter")]
    return [_counted(one, period, sources) for one in seen if isinstance(one.period, Quarter)]


def _counted(seen: Seen, period: Return, sources: Iterable[str]) -> Counted:
    wanted = set(sources)
    outcomes = Counter(verdict.outcome for verdict in seen.verdicts if verdict.source in wanted)
    return Counted(name_of(seen.period, period.year), outcomes["passed"], outcomes["failed"], outcomes["not_evaluated"])
