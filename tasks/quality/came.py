"""What was expected, what came of it, and what readers said of the files?

Belongs here: each return of the period and of the quarters before it, each problem of a file, and who owes it. Does not
belong here: when something is due and late (``tasks.tracker``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.model import SEVERITIES
from config.partnership import Partnership
from config.periods import Quarter, ReportingYear, Return, day_words
from tasks.model import GatheredFile
from tasks.quality.told import Expected, FileProblem, Seen, SentFile
from tasks.quality.words import name_of
from tasks.tracker import Tracked, track


def expected(partnership: Partnership, period: Return, seen: Sequence[Seen]) -> list[Expected]:
    """Every return of the period's year up to the period, for the periods that a run has seen."""
    periods = [one.period for one in seen if one.period.year == period.year]
    files = [file for one in seen for file in one.files]
    return [_expected(partnership, period, one, files) for one in track(partnership, periods, files)]


def _expected(partnership: Partnership, period: Return, tracked: Tracked, files: Sequence[GatheredFile]) -> Expected:
    source = partnership.sources[tracked.source]
    own = Quarter.parse(tracked.period) if source.every == "quarter" else ReportingYear.parse(tracked.period)
    return Expected(
        source=source.id,
        title=source.title,
        sender=partnership.groups[source.sender].name,
        period=tracked.period,
        when=name_of(own, period.year),
        due=tracked.due.isoformat(),
        due_words=day_words(tracked.due),
        state=tracked.state,
        required=source.required,
        came_on=tracked.came_on.isoformat() if tracked.came_on else "",
        came_on_words=day_words(tracked.came_on) if tracked.came_on else "",
        late_days=tracked.late_days,
        files=tuple(sent(file) for file in files if file.source == tracked.source and file.period == tracked.period),
        now=isinstance(period, ReportingYear) or own == period,
    )


def sent(file: GatheredFile) -> SentFile:
    """One file, as it is told of."""
    return SentFile(file.name, file.state, file.sha256, file.key)


def unexpected(partnership: Partnership, scope: Sequence[Seen]) -> list[SentFile]:
    """Files of nobody, of which somebody should know."""
    return [
        sent(file)
        for one in scope
        for file in one.files
        if file.source not in partnership.sources and (file.state == "unexpected" or file.problems)
    ]


def problems(partnership: Partnership, period: Return, scope: Sequence[Seen]) -> Iterator[FileProblem]:
    """What readers said of each file, the files in their order, the most serious first within one."""
    for one in scope:
        for file in one.files:
            source = partnership.sources.get(file.source)
            for problem in sorted(file.problems, key=lambda problem: [*SEVERITIES].index(problem.severity)):
                yield FileProblem(
                    source=source.id if source else "",
                    title=source.title if source else "A file that was not expected",
                    owner=partnership.groups[source.sender].name if source else partnership.business_unit.name,
                    period=str(one.period),
                    when=name_of(one.period, period.year),
                    file=file.name,
                    severity=problem.severity,
                    what=problem.what,
                    where=problem.where.removeprefix(file.name).removeprefix(", "),
                    why=problem.why,
                    to_do=problem.to_do,
                    usable=source is None or file.state in ("read", "superseded"),
                )
