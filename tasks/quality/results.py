"""What is to be told of a quarter or a year, once, for every form in which it is told?

Belongs here: putting the parts together, and the headline. Does not belong here: the parts, and how they look.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.partnership import Partnership
from config.periods import ReportingYear, Return
from tasks.model import Finding
from tasks.quality.came import expected, problems, unexpected
from tasks.quality.checks import checks, overall, trends
from tasks.quality.compared import comparisons
from tasks.quality.things import things
from tasks.quality.told import Check, Comparison, Expected, Seen, Thing
from tasks.quality.whole import Results
from tasks.quality.words import name_of, title_of
from tasks.words import many


def results(partnership: Partnership, period: Return, seen: Sequence[Seen], findings: Sequence[Finding]) -> Results:
    """Everything that is said of a period.

    ``seen`` are the runs of the quarters before it, oldest first, and last of all its own; of a year, all its quarters
    are told of, not only its own run. ``findings`` are the period's.
    """
    scope = [one for one in seen if one.period == period or (_is_year(period) and one.period.year == period.year)]
    returns = expected(partnership, period, seen)
    made = tuple(checks(partnership, period, seen, scope, findings))
    found = tuple(problems(partnership, period, scope))
    compared = tuple(comparisons(partnership, findings))
    what = things(returns, found, made, compared)
    ran = {one.period for one in seen}
    return Results(
        partnership=partnership.profile.name,
        contact=partnership.profile.contact,
        period=str(period),
        period_words=period.words,
        period_title=title_of(period),
        headline=headline(returns, made, compared, what),
        not_run=tuple(
            name_of(one, period.year)
            for one in period.year.quarters
            if one not in ran and one.last_day <= period.last_day
        ),
        quarterly=tuple(one for one in returns if partnership.sources[one.source].every == "quarter"),
        yearly=tuple(one for one in returns if partnership.sources[one.source].every == "year"),
        unexpected=tuple(unexpected(partnership, scope)),
        checks=made,
        problems=found,
        comparisons=compared,
        things=what,
        trends=tuple(trends(partnership, period, seen)),
        overall=tuple(overall(partnership, period, seen)),
    )


def _is_year(period: Return) -> bool:
    return isinstance(period, ReportingYear)


def headline(
    returns: Sequence[Expected], made: Sequence[Check], compared: Sequence[Comparison], found: Sequence[Thing]
) -> str:
    """What matters most, in one sentence. What nobody could check is never passed over."""
    must = sum(one.severity == "must_fix" and not one.settled for one in found)
    look = sum(one.severity == "look_at" and not one.settled for one in found)
    asked = [one.outcome for one in made] + [one.outcome for one in compared if not one.source]
    unmade = asked.count("not_evaluated")
    unknown = f"{unmade:,} of {many(len(asked), 'check and comparison', 'checks and comparisons')} could not be made"
    told = []
    if must:
        told.append(f"{many(must, 'thing')} must be fixed before the figures that rest on {_it(must)} are used")
    if look:
        told.append(f"{many(look, 'other thing' if must else 'thing')} should be looked at")
    if told:
        return " and ".join(told) + (f"; {unknown}" if unmade else "") + "."
    if unmade:
        return f"Nothing was found that must be put right, but {unknown}."
    if not asked:
        return (
            "Nothing was checked, because no source is expected for this period."
            if not returns
            else ("Everything that was expected came, but no check was made.")
        )
    return "Everything that was expected came, every check passed, and the figures that could be compared agree."


def _it(count: int) -> str:
    return "it" if count == 1 else "them"
