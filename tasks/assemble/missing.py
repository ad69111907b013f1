"""What that a section lives on did not come?

Belongs here: which sources carry a section's figures and narrative, for which quarters they were due, and the sentences
about those that are not there. Does not belong here: what a missing return does to a figure (``tasks.register``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.layouts import Form, NarrativeSheet, OfficialStatistics, Source, Workbook
from config.model import Section
from config.partnership import Partnership, measures_of, topics_of
from config.periods import Quarter, ReportingYear, Return
from tasks.model import FileState, GatheredFile, Narrative
from tasks.tracker import track
from tasks.words import UNUSABLE, many


@dataclass(frozen=True)
class Gap:
    """A source that did not come, or could not be used, for some of the periods for which it was due."""

    source: Source
    says: str
    """A clause without a full stop: ``No return received from Neglect group for Q2 (July to September 2023)``."""


def gaps(
    partnership: Partnership,
    section: Section,
    period: Return,
    behind: Mapping[str, Iterable[str]],
    narrative: Sequence[Narrative],
    files: Sequence[GatheredFile],
) -> list[Gap]:
    """Every source that the section lives on and that was due for the period, and is not there.

    ``behind`` are the section's figures, each with the sources that it was made from; none where it was not received.
    A source of somebody else is not missed for a figure that was made without it.
    """
    carrying = {id_ for topic in section.topics for id_ in sources_on(partnership, section, topic.topic, narrative)}
    for ref, made_from in behind.items():
        wanted, used = needed_measures(partnership, ref), set(made_from)
        carrying |= {
            source.id
            for source in partnership.sources.values()
            if carries(source, wanted) and (not used or source.id in used or source.sender == section.owner)
        }
    states: dict[tuple[str, str], set[FileState]] = {}
    for file in files:
        states.setdefault((file.source, file.period), set()).add(file.state)
    found = []
    periods: tuple[Return, ...] = (period,)
    if isinstance(period, ReportingYear):
        periods = (*period.quarters, period)
    late = {(one.source, one.period): one.late_days for one in track(partnership, periods, files)}
    for source in partnership.sources.values():
        if source.id in carrying:
            found += _gaps_of(partnership, source, period, states, late)
    return found


def needed_measures(partnership: Partnership, ref: str) -> set[tuple[str, str]]:
    """The area and the measures that a figure is made of: its own, and those that it is worked out from."""
    area, _, own = ref.partition(".")
    wanted: set[tuple[str, str]] = set()
    queue = [own]
    while queue:
        name = queue.pop()
        if (area, name) not in wanted:
            wanted.add((area, name))
            measure = partnership.measures[name]
            queue += [part for part in (measure.mean_of, measure.numerator, measure.denominator) if part]
    return wanted


def sources_on(partnership: Partnership, section: Section, topic: str, narrative: Sequence[Narrative]) -> list[str]:
    """Sources that write on a topic: forms that have it, sheets of those who answer for it or have written on it."""
    owners = {priority.owner for priority in partnership.profile.priorities if priority.number == topic} or {
        section.owner
    }
    wrote = {piece.source for piece in narrative if piece.topic == topic}
    found = []
    for source in partnership.sources.values():
        topics = topics_of(source)
        if topics is None:
            if source.id in wrote or source.sender in owners:
                found.append(source.id)
        elif topic in topics:
            found.append(source.id)
    return found


def carries(source: Source, wanted: set[tuple[str, str]]) -> bool:
    """Does a source have any of these areas and measures in it?"""
    areas = _areas_of(source)
    carried = measures_of(source)
    return any(measure in carried and (areas is None or area in areas) for area, measure in wanted)


def _areas_of(source: Source) -> set[str] | None:
    """Areas that a source's figures are about; ``None`` where its rows name them."""
    layout = source.layout
    if isinstance(layout, OfficialStatistics):
        return None
    own = {layout.area}
    if isinstance(layout, Workbook):
        own |= {sheet.area for sheet in layout.sheets if not isinstance(sheet, NarrativeSheet) and sheet.area}
    return own


def _gaps_of(
    partnership: Partnership,
    source: Source,
    period: Return,
    states: Mapping[tuple[str, str], set[FileState]],
    late: Mapping[tuple[str, str], int],
) -> list[Gap]:
    periods: tuple[Return, ...]
    if source.every == "year":
        periods = (period,) if isinstance(period, ReportingYear) else ()
    else:
        periods = period.quarters if isinstance(period, ReportingYear) else (period,)
    by_reason: dict[str, list[str]] = {}
    for due in periods:
        came = states.get((source.id, str(due)), set()) - {"superseded", "unexpected"}
        if "read" not in came:
            reason = next((UNUSABLE[state] for state in sorted(came) if state in UNUSABLE), "")
            since = late.get((source.id, str(due)), 0)  # a return that can be used is printed, however late it came
            late_words = f", {many(since, 'day')} late" if since else ""
            by_reason.setdefault(reason, []).append(f"{when_words(due)}{late_words}")
    return [
        Gap(source, _says(partnership, source, reason, ", ".join(quarters))) for reason, quarters in by_reason.items()
    ]


def when_words(period: Return) -> str:
    """``Q2 (July to September 2023)``, or ``2023-24``."""
    return f"Q{period.number} ({period.words})" if isinstance(period, Quarter) else str(period)


def _says(partnership: Partnership, source: Source, reason: str, quarters: str) -> str:
    sender = partnership.groups[source.sender].name
    effect = ", so its figures could not be compared with any others" if source.second_opinion else ""
    if reason:
        return f"{source.title} from {sender} for {quarters} cannot be used: the file {reason}{effect}"
    if is_return(source):
        return f"No return received from {sender} for {quarters}{effect}"
    return f"{source.title} not received from {sender} for {quarters}{effect}"


def is_return(source: Source) -> bool:
    """Does somebody write it, in a form or a narrative sheet?"""
    layout = source.layout
    return isinstance(layout, Form) or (
        isinstance(layout, Workbook) and any(isinstance(sheet, NarrativeSheet) for sheet in layout.sheets)
    )
