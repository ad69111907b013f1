"""Where does a printed figure come from? From the figure back to file, sheet and cell, with every check on the way.

Belongs here: putting what was kept about one figure on one screen. Does not belong here: finding anything out anew;
what is shown is what the register, the checks and the findings of the run say.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from itertools import groupby
from typing import TYPE_CHECKING, Any

from config.errors import Refused
from config.model import SEVERITIES
from config.periods import Return, day_words
from tasks import decisions, plain
from tasks.decisions import ALTERNATIVES, as_number
from tasks.kept import OPEN, WHOLE, decisions_of, owner_of, period_of, register_key, register_of
from tasks.measures import display, is_percent, period_words
from tasks.model import Figure, Finding, GatheredFile, Observation, Settlement, Verdict
from tasks.register import label_in_words
from tasks.words import STATES, lower_first

if TYPE_CHECKING:
    from tasks.store import ObjectStore

ON_SCREEN = 12
"""Lines of one kind that are shown; the rest is counted, and is whole in the JSON."""
WIDTH = 110


@dataclass(frozen=True)
class Explained:
    """Everything known about one figure, as a dictionary and as text for a screen."""

    as_dict: dict[str, Any]

    @property
    def text(self) -> str:
        return _text(self.as_dict)


def explain(
    figure_id: str,
    figures: Sequence[Figure],
    observations: Iterable[Observation],
    findings: Sequence[Finding],
    verdicts: Sequence[Verdict],
    files: Sequence[GatheredFile],
) -> str:
    """Explain one figure as text for a screen.

    Raises:
        Refused: there is no such figure; those with a name close to it are told.
    """
    return explained(figure_id, figures, observations, findings, verdicts, files).text


def explained(
    figure_id: str,
    figures: Sequence[Figure],
    observations: Iterable[Observation],
    findings: Sequence[Finding],
    verdicts: Sequence[Verdict],
    files: Sequence[GatheredFile],
) -> Explained:
    """Explain one figure: what it is made from, what was compared with it, which checks and findings stand on the way.

    Raises:
        Refused: there is no such figure; those with a name close to it are told.
    """
    figure = _find(figure_id, figures)
    known = {one.id: one for one in observations}
    by_sha = {file.sha256: file for file in files}
    made_from = [_told(known[one], figure, by_sha) for one in figure.observations if one in known]
    beside = [_told(known[one], figure, by_sha) for one in figure.beside if one in known]
    about = [one for one in findings if figure.id in one.figures]
    sources = {known[one].source for one in (*figure.observations, *figure.beside) if one in known}
    return Explained(
        {
            "figure": plain.to_plain(figure) | {"label": label_in_words(figure, {one.id: one for one in figures})},
            "made_from": made_from,
            "compared_with": beside,
            "checks": _checks([one for one in verdicts if one.source in sources]),
            "findings": plain.to_plain([one for one in about if one.outcome != "passed"]),
            "passed": [one.title for one in about if one.outcome == "passed"],
            "beside_others": _beside_others(figure, figures, about),
            "decided_since": [],
            "published": "",
            "names": {},
            "missing": _missing(figure, about, [file for file in files if file.source in sources]),
        }
    )


def _find(figure_id: str, figures: Sequence[Figure]) -> Figure:
    by_id = {one.id: one for one in figures}
    if figure_id in by_id:
        return by_id[figure_id]
    close = get_close_matches(figure_id, by_id, n=3, cutoff=0.5)
    raise Refused(
        f"There is no figure called '{figure_id}'.",
        where="the register of figures",
        to_do=f"Did you mean {' or '.join(close)}?" if close else "Write it like <area>.<measure>.<period>.",
    )


def _told(one: Observation, figure: Figure, files: Mapping[str, GatheredFile]) -> dict[str, str]:
    decimals = max(0, -int(one.value.as_tuple().exponent)) if one.value is not None else 0
    same = one.measure == figure.measure
    file = files.get(one.place.sha256)
    return {
        "value": display(
            one.value, one.symbol, figure.unit if same else "", decimals, figure.statistic if same else ""
        ),
        "measure": one.measure,
        "area": one.area,
        "period": period_words(one.period),
        "source": one.source,
        "release": one.release,
        "file": one.place.file,
        "sheet": one.place.sheet,
        "cell": one.place.cell,
        "place": one.place.words,
        "note": one.note,
        "how": one.how,
        "stored_as": file.key if file else "",
        "sha256": one.place.sha256,
    }


def _checks(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Per file's source and period: how many checks there were, and those that are not passed."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for one in sorted(verdicts, key=lambda verdict: (verdict.source, verdict.period)):
        groups.setdefault((one.source, one.period), []).append(one)
    return [
        {
            "source": source,
            "period": period,
            **{outcome: sum(one.outcome == outcome for one in of) for outcome in ("passed", "failed", "not_evaluated")},
            "not_passed": plain.to_plain([one for one in of if one.outcome != "passed"]),
        }
        for (source, period), of in groups.items()
    ]


SHARES = ("percentage", "rate", "mean", "reference")
"""Statistics that can be laid beside those of another area, which counts of a larger or smaller one cannot."""


def _beside_others(figure: Figure, figures: Sequence[Figure], about: Sequence[Finding]) -> list[dict[str, Any]]:
    """How the figure stands to the same one of other areas, and how it would with another value that is in question."""
    if figure.statistic not in SHARES or figure.value is None:
        return []
    others = [one for one in figures if one.measure == figure.measure and one.area != figure.area]
    in_question = {
        side.value: value
        for one in about
        if one.outcome == "failed" and one.kind in ALTERNATIVES
        for side in one.values
        if (value := as_number(side.value)) is not None and side.value != figure.display
    }
    return [
        {
            "area": one.area,
            "value": one.display,
            "apart": _apart(figure.value - one.value, figure.unit),
            "would_be_apart": {text: _apart(value - one.value, figure.unit) for text, value in in_question.items()},
        }
        for one in others
        if one.value is not None
    ]


def _apart(difference: Decimal, unit: str) -> str:
    if difference == 0:
        return "the same"
    points = " percentage points" if is_percent(unit) else ""
    return f"{abs(difference).normalize():f}{points} {'higher' if difference > 0 else 'lower'}"


def _missing(figure: Figure, findings: Sequence[Finding], files: Sequence[GatheredFile]) -> list[str]:
    """What is not there: parts of the figure, files that could not be used, comparisons that could not be made."""
    told = [] if figure.status != "not_received" else [figure.derivation]
    told += [f"{one.name} ({one.period}): {lower_first(STATES[one.state])}" for one in files if one.state != "read"]
    told += [one.title for one in findings if one.kind == "cadence" and one.outcome == "failed"]
    told += [f"{one.title} {one.reason}".strip() for one in findings if one.outcome == "not_evaluated"]
    return list(dict.fromkeys(told))


# On one screen


def _text(told: Mapping[str, Any]) -> str:
    figure = told["figure"]
    lines = [
        figure["id"],
        f"{figure['display']} {figure['label']}, {figure['wording']}",
        "",
        f"Status     {figure['status'].replace('_', ' ')}{', illustrative' if figure['illustrative'] else ''}",
        *_wrapped_fact("Published", told["published"]),
        *_wrapped_fact("How", figure["derivation"]),
        *_wrapped_fact("Note", figure["note"]),
    ]
    made = "Made from" if figure["status"] != "not_received" else "Came so far"
    lines += _section(made, [line for one in told["made_from"] for line in _observation(one, figure)])
    lines += _section("Compared with", [line for one in told["compared_with"] for line in _observation(one, figure)])
    by_source = [list(of) for _, of in groupby(told["checks"], key=lambda one: one["source"])]
    lines += _section("Checks of the files", [line for of in by_source for line in _check(of, told["names"])])
    lines += _section(
        "Beside other areas", [_beside_other(one, figure, told["names"]) for one in told["beside_others"]]
    )
    failed = [one for one in told["findings"] if one["outcome"] == "failed"]
    lines += _section("Findings", [line for one in failed for line in _finding(one, told["names"])])
    lines += _section("Decided since this run", told["decided_since"])
    lines += _section("Agrees", told["passed"])
    lines += _section("Missing", told["missing"])
    lines += _section("Kept as", sorted({one["stored_as"] for one in told["made_from"] if one["stored_as"]}))
    return "\n".join(lines)


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    shown = lines[:ON_SCREEN] if len(lines) <= ON_SCREEN else [*lines[:ON_SCREEN], f"and {len(lines) - ON_SCREEN} more"]
    return ["", heading, *(part for line in shown for part in _wrapped(line))]


def _wrapped(line: str) -> list[str]:
    """Break a line for a screen; a path is never broken."""
    indent = "  " + " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line.lstrip(),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _wrapped_fact(name: str, words: str) -> list[str]:
    return textwrap.wrap(f"{name:<11}{words}", WIDTH, subsequent_indent=" " * 11) if words else []


def _beside_other(one: Mapping[str, Any], figure: Mapping[str, Any], names: Mapping[str, str]) -> str:
    also = "".join(f"; with {value} it would be {apart}" for value, apart in one["would_be_apart"].items())
    return f"{names.get(one['area'], one['area'])} {one['value']}: {figure['display']} is {one['apart']}{also}"


def _observation(one: Mapping[str, str], figure: Mapping[str, Any]) -> list[str]:
    what = "" if one["measure"] == figure["measure"] else f" {one['measure']}"
    where = "" if one["area"] == figure["area"] else f" {one['area']}"
    said = "; ".join(filter(None, (one["release"], one["note"], one["how"])))
    return [f"{one['value']}{what}{where}, {one['period']}: {one['place']}{f' ({said})' if said else ''}"]


def _check(of: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    """One source's checks, of all its periods together."""
    source = of[0]["source"]
    when = period_words(of[0]["period"]) if len(of) == 1 else f"{len(of)} periods"
    passed, failed, unseen = (sum(one[outcome] for one in of) for outcome in ("passed", "failed", "not_evaluated"))
    lines = [f"{names.get(source, source)}, {when}: {passed} passed, {failed} failed, {unseen} not evaluated"]
    for verdict in (verdict for one in of for verdict in one["not_passed"] if verdict["outcome"] == "failed"):
        lines.append(f"  Failed: {verdict['says']} ({', '.join(verdict['places'][:3]) or 'the whole file'})")
    return lines


def _finding(one: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    owner, decided = names.get(one["owner"], one["owner"]), one["state"] == "decided"
    lines = [f"{one['title']} ({SEVERITIES[one['severity']].lower()}; {owner}; {decisions.STATES[one['state']]})"]
    for letter, side in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", one["values"], strict=False):
        lines.append(f"  {letter} {side['value']}: {', '.join(filter(None, (side['label'], side['place'])))}")
    lines += [f"  {one['effect']}"] if one["effect"] else []
    for past in one["history"]:
        lines.append(f"  {plain.from_plain(Settlement, past).words}")
    return lines if decided else [*lines, f"  To do: {one['to_do']}"]


# From the store


def explain_from_store(store: ObjectStore, figure_id: str, *, hidden: bool = False) -> Explained:
    """Explain a figure from what the last run of its period kept.

    ``hidden`` explains it from the whole book, with numbers that are hidden to protect people.

    Raises:
        Refused: the figure's name names no period, no run of that period was kept, or it has no such figure.
    """
    figure_id = re.sub(r"-q(?=[1-4]$)", "-Q", figure_id.strip().lower())
    found = re.fullmatch(r"[^.]+\.[^.]+\.(\d{4}-\d{2})(?:-(Q[1-4]))?", figure_id)
    if not found:
        raise Refused(
            f"'{figure_id}' is not the name of a figure.",
            to_do="Write it like <area>.<measure>.<period>, for example eastmere.referrals.2023-24.",
        )
    year, quarter = found[1], found[2]
    period = period_of(f"{year}-{quarter}" if quarter else year)
    book, key = register_of(store, WHOLE if hidden else OPEN, period), register_key(OPEN, period)
    folders = [quarter] if quarter else ["Q1", "Q2", "Q3", "Q4", "annual"]
    told = explained(
        figure_id,
        book.figures,
        book.observations,
        book.findings,
        [one for folder in folders for one in _verdicts(store, f"quality/{year}/{folder}/results.json")],
        book.files,
    )
    told.as_dict["names"] = _names(store)
    told.as_dict["decided_since"] = _decided_since(store, period, told.as_dict["findings"])
    _tell_publication(told.as_dict, store, figure_id, year)
    if not _finished(store, key, store.describe(key).sha256):
        told.as_dict["missing"].insert(
            0, "The run that this is from did not end. Run the period again before using it."
        )
    return told


def _tell_publication(told: dict[str, Any], store: ObjectStore, figure_id: str, year: str) -> None:
    """Say that a figure was published, and where the register has another text now than was printed, both."""
    from tasks.publish import published_as

    if not (found := published_as(store, figure_id, year)):
        return
    printed, publication = found
    where = "annual report" if publication.number == 1 else "corrected annual report"
    day = day_words(date.fromisoformat(publication.receipt["published_on"]))
    told["published"] = f"{printed.display} in the {where} {year}, on {day} ({publication.folder})"
    if printed.display == told["figure"]["display"]:
        told["figure"]["status"] = printed.status
    else:
        told["missing"].insert(
            0, f"The annual report {year} printed {printed.display}; the register says otherwise now."
        )


def _names(store: ObjectStore) -> dict[str, str]:
    """What people call areas, groups and sources; a store that was moved to where nobody knows it keeps their ids."""
    from tasks.order import partnership_of

    try:
        partnership = partnership_of(owner_of(store))
    except Refused:
        return {}
    return {
        **{one.id: one.title for one in partnership.sources.values()},
        **{one.id: one.name for one in partnership.profile.areas},
        **{one.id: one.name for one in partnership.profile.groups},
    }


def _decided_since(store: ObjectStore, period: Return, findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Decisions on these findings that the last run did not know of yet."""
    known = {past["decision"] for one in findings for past in one["history"]}
    ids = {one["id"] for one in findings}
    return [
        f"Decision {one.number} on {one.finding}: it takes effect when {period} is run again."
        for one in decisions_of(store, period.year)
        if one.finding in ids and one.number not in known
    ]


def _finished(store: ObjectStore, key: str, sha256: str) -> bool:
    """Does some run's manifest, which is written last, name this register?"""
    for stored in store.list("runs/"):
        outputs = json.loads(store.get(stored.key))["outputs"]
        if {"key": key, "sha256": sha256} in outputs:
            return True
    return False


def _verdicts(store: ObjectStore, key: str) -> list[Verdict]:
    if not store.versions(key):
        return []
    verdicts: list[Verdict] = plain.from_plain(list[Verdict], json.loads(store.get(key))["verdicts"])
    return verdicts
