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
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from config.errors import Refused
from tasks import plain
from tasks.measures import display, period_words
from tasks.model import Figure, Finding, GatheredFile, Observation, Verdict
from tasks.quality import SEVERITIES
from tasks.register import label_in_words

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


def _missing(figure: Figure, findings: Sequence[Finding], files: Sequence[GatheredFile]) -> list[str]:
    """What is not there: parts of the figure, files that could not be used, comparisons that could not be made."""
    told = [] if figure.status != "not_received" else [figure.derivation]
    told += [f"{one.name} ({one.period}): {one.state.replace('_', ' ')}" for one in files if one.state != "read"]
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
        f"How        {figure['derivation']}",
    ]
    made = "Made from" if figure["status"] != "not_received" else "Came so far"
    lines += _section(made, [line for one in told["made_from"] for line in _observation(one, figure)])
    lines += _section("Compared with", [line for one in told["compared_with"] for line in _observation(one, figure)])
    lines += _section("Checks of the files", [line for one in told["checks"] for line in _check(one)])
    failed = [one for one in told["findings"] if one["outcome"] == "failed"]
    lines += _section("Findings", [line for one in failed for line in _finding(one)])
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


def _observation(one: Mapping[str, str], figure: Mapping[str, Any]) -> list[str]:
    what = "" if one["measure"] == figure["measure"] else f" {one['measure']}"
    where = "" if one["area"] == figure["area"] else f" {one['area']}"
    said = "; ".join(filter(None, (one["release"], one["note"], one["how"])))
    return [f"{one['value']}{what}{where}, {one['period']}: {one['place']}{f' ({said})' if said else ''}"]


def _check(one: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{one['source']}, {period_words(one['period'])}: "
        f"{one['passed']} passed, {one['failed']} failed, {one['not_evaluated']} not evaluated"
    ]
    for verdict in one["not_passed"]:
        if verdict["outcome"] == "failed":
            lines.append(f"  Failed: {verdict['says']} ({', '.join(verdict['places'][:3]) or 'the whole file'})")
    return lines


def _finding(one: Mapping[str, Any]) -> list[str]:
    lines = [f"{one['title']} ({SEVERITIES[one['severity']].lower()}; {one['owner']})"]
    for side in one["values"]:
        lines.append(f"  {side['value']}: {', '.join(filter(None, (side['label'], side['place'])))}")
    lines += [f"  {one['effect']}"] if one["effect"] else []
    return [*lines, f"  To do: {one['to_do']}"]


# From the store


def explain_from_store(store: ObjectStore, figure_id: str) -> Explained:
    """Explain a figure from what the last run of its period kept.

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
    key = f"register/{year}/{quarter or 'annual'}/register.json"
    if not store.versions(key):
        raise Refused(
            f"No run of {year}{f' {quarter}' if quarter else ''} was kept.",
            where=key,
            to_do="Run the period first, or name the store in which it is.",
        )
    book, sha256 = json.loads(store.get(key)), store.describe(key).sha256
    folders = [quarter] if quarter else ["Q1", "Q2", "Q3", "Q4", "annual"]
    told = explained(
        figure_id,
        plain.from_plain(list[Figure], book["figures"]),
        plain.from_plain(list[Observation], book["observations"]),
        plain.from_plain(list[Finding], book["findings"]),
        [one for folder in folders for one in _verdicts(store, f"quality/{year}/{folder}/results.json")],
        plain.from_plain(list[GatheredFile], book["files"]),
    )
    if not _finished(store, key, sha256):
        told.as_dict["missing"].insert(
            0, "The run that this is from did not end. Run the period again before using it."
        )
    return told


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
