"""What a run tells people in Prefect: what came, what is missing, what failed, what disagrees, where the drafts are.

Belongs here: plain words and counts. Does not belong here: any figure's value, narrative or cell: Prefect keeps what it
is told, and shows it to everybody who can open its pages. Values stand on the quality page, to which these texts link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from config.model import SEVERITIES
from config.partnership import Partnership
from config.periods import Return, day_words
from config.settings import Settings
from tasks.model import Draft, Finding, GatheredFile, Verdict
from tasks.run import Order, Reference, Stages
from tasks.store import ObjectStore
from tasks.tracker import became, track
from tasks.words import STATES, many

LINK_MINUTES = 7 * 24 * 60


@dataclass(frozen=True)
class Told:
    """The four texts of a run, with a line for each, and what they count."""

    came: str
    came_in_short: str
    quality: str
    quality_in_short: str
    disagrees: str
    disagrees_in_short: str
    drafts: str
    drafts_in_short: str
    headline: str
    open_findings: int
    failed_checks: int
    missing: tuple[str, ...]
    """Titles of the sources that sent nothing."""
    to_look_at: int
    """Open findings that are more than information."""
    to_review: int
    """Word drafts."""


def of(order: Order, gathered: Reference, verdicts: Reference, register: Reference, drafts: Reference) -> Told:
    """Word what a finished run found."""
    kept = Stages(order).kept(gathered, verdicts, register, drafts)
    partnership = Stages(order).partnership
    missing = [s.title for s in Stages(order).due if s.id not in {f.source for f in kept.files}]
    failed = [v for v in kept.verdicts if v.outcome == "failed"]
    unevaluated = [v for v in kept.verdicts if v.outcome == "not_evaluated"]
    open_findings = [f for f in kept.findings if f.outcome == "failed" and f.state != "decided"]
    read = sum(f.state == "read" for f in kept.files)
    came_in_short = f"{read} files came and were read; {many(len(missing), 'source')} sent nothing"
    quality_in_short = f"{many(len(failed), 'check')} failed, {len(unevaluated)} could not be evaluated"
    to_look_at = [f for f in open_findings if f.severity != "information"]
    disagrees_in_short = f"{many(len(to_look_at), 'finding')} to look at"
    drafts_in_short = f"{many(len(kept.drafts), 'Word draft')} to review{_edited_in_short(kept.drafts)}"
    hard_to_read = sum(bool(draft.hard_to_read) for draft in kept.drafts)
    if hard_to_read:
        drafts_in_short += f", {hard_to_read} of which not everybody can read"
    page = f"quality/{order.folder}/index.html"
    link = link_to(Stages(order).store, page)
    return Told(
        came=_came(partnership, Stages(order).period, kept.files),
        came_in_short=came_in_short,
        quality=_quality(partnership, failed, unevaluated, link),
        quality_in_short=quality_in_short,
        disagrees=_disagrees(partnership, open_findings, link),
        disagrees_in_short=disagrees_in_short,
        drafts=_drafts(order, kept.drafts),
        drafts_in_short=drafts_in_short,
        headline=f"{came_in_short}; {quality_in_short}; {disagrees_in_short}; {drafts_in_short}.",
        open_findings=len(open_findings),
        failed_checks=len(failed),
        missing=tuple(missing),
        to_look_at=len(to_look_at),
        to_review=len(kept.drafts),
    )


def link_to(store: ObjectStore, key: str) -> str:
    """An address for what lies under a key.

    That of the pages, where they are served: it never expires and opens in a browser. Else the store's own.
    """
    pages = Settings.from_environment().pages
    if pages:
        return f"{pages}/store/{key}"
    return store.link(key, minutes=LINK_MINUTES, filename=key.rpartition("/")[2])


def _table(headings: list[str], rows: list[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _came(partnership: Partnership, period: Return, files: Sequence[GatheredFile]) -> str:
    """The tracker of one period; below it what came that no source expects, and what is wrong with the list of days."""
    problems = Counter[str]()
    for file in files:
        problems[file.source] += len(file.problems)
    rows = [
        [
            partnership.sources[one.source].title,
            day_words(one.due),
            day_words(one.came_on) if one.came_on else "",
            became(one) if one.state == "read" else f"**{became(one)}**",
            ", ".join(one.files),
            "" if one.state == "missing" else str(problems[one.source] or "none"),
        ]
        for one in track(partnership, [period], files)
    ]
    text = "# What came, and what is missing\n\n" + _table(
        ["Return", "Due", "Came on", "What became of it", "Files", "Things to look at"], rows
    )
    others = [
        [file.name, STATES[file.state], str(len(file.problems) or "none")]
        for file in files
        if file.source not in partnership.sources and (file.problems or file.state != "day_list")
    ]
    if others:
        text += "\n\n## Besides\n\n" + _table(["File", "State", "Things to look at"], others)
    return text


def _quality(partnership: Partnership, failed: list[Verdict], unevaluated: list[Verdict], link: str) -> str:
    text = f"# Data quality\n\n[Open the quality page]({link}) for where each thing is and what to do.\n\n"
    rows = [
        [SEVERITIES[v.severity], partnership.sources[v.source].title, v.says, f"{v.rows_failed} of {v.rows_checked}"]
        for v in failed
    ]
    if rows:
        text += "## What failed\n\n" + _table(["How serious", "Source", "Check", "Rows"], rows) + "\n\n"
    count = Counter(v.source for v in unevaluated)
    rows = [[partnership.sources[source].title, str(n)] for source, n in count.items()]
    if rows:
        text += "## What could not be evaluated\n\n" + _table(["Source", "Checks"], rows) + "\n"
    return text


def _disagrees(partnership: Partnership, findings: list[Finding], link: str) -> str:
    text = f"# What disagrees\n\n[Open the quality page]({link}) for the values side by side.\n\n"
    rows = [
        [
            SEVERITIES[f.severity],
            partnership.asks.get(f.rule, f.rule),
            _subject(partnership, f),
            partnership.groups[f.owner].name,
        ]
        for f in findings
    ]
    return text + (_table(["How serious", "Rule", "About", "Who can answer"], rows) if rows else "Nothing disagrees.")


def _subject(partnership: Partnership, finding: Finding) -> str:
    """Name what a finding is about: an area's measure, a measure wherever it is quoted, or a source."""
    first, _, rest = finding.subject.partition(".")
    measure = partnership.measures.get(rest.partition(".")[0])
    if first in partnership.areas and measure:
        return f"{partnership.areas[first].short_name}: {measure.title}"
    named = partnership.measures.get(first) or partnership.sources.get(first)
    return named.title if named else finding.subject


def _drafts(order: Order, drafts: Sequence[Draft]) -> str:
    stages = Stages(order)
    rows = []
    for draft in drafts:
        link = link_to(stages.store, draft.key)
        rows.append(
            [
                f"[{draft.title}]({link})",
                edited_words(draft) or "made by this run",
                str(draft.open_findings or "none"),
                "; ".join(draft.missing) or "nothing",
                " ".join(draft.hard_to_read) or "nothing",
            ]
        )
    headings = ["Draft", "What it is", "Findings to look at", "Missing", "Keeps somebody from reading it"]
    return "# Drafts to review\n\n" + _table(headings, rows)


def edited_words(draft: Draft) -> str:
    """What became of a draft that somebody edited; empty where nobody did."""
    return {
        "none": "",
        "refreshed": f"a copy of the edited draft with {many(draft.moved, 'new figure')} as tracked changes; the draft "
        "that was edited is as it was",
        "up_to_date": "the edited draft, as it was: its figures are up to date",
        "made_anew": "made by this run and put beside the edited draft, which is as it was: new figures could not be "
        "put into it, because it is not linked to the register any more",
    }[draft.beside]


def _edited_in_short(drafts: Sequence[Draft]) -> str:
    edited = sum(draft.beside != "none" for draft in drafts)
    return (
        f", {edited} of them edited by people and left as {'it was' if edited == 1 else 'they were'}" if edited else ""
    )
