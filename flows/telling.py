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
from config.periods import day_words
from config.settings import Settings
from tasks.model import Draft, Finding
from tasks.order import Order
from tasks.run import Reference, Stages
from tasks.tracker import became, track
from tasks.words import STATES, many


@dataclass(frozen=True)
class Said:
    """A page of a run in Prefect, the same in a few words, and what in it needs a person."""

    text: str
    in_short: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a run said."""

    came: Said
    """Needs: titles of the sources that sent nothing."""
    quality: Said
    """Needs: the checks that failed."""
    disagrees: Said
    """Needs: subjects of the open findings that are more than information."""
    drafts: Said
    """Needs: titles of the Word drafts, each of which is to be reviewed."""

    @property
    def headline(self) -> str:
        pages = (self.came, self.quality, self.disagrees, self.drafts)
        return "; ".join(page.in_short for page in pages) + "."


def link(words: str, key: str) -> str:
    """Words that lead to what lies under a key, where the pages are served; that address never expires.

    Else the key stands beside them: a browser opens no file of this machine from Prefect's pages, and a link that the
    store signs stops working.
    """
    pages = Settings.from_environment().pages
    return f"[{words}]({pages}/store/{key})" if pages else f"{words} (`{key}` in the store)"


def _table(headings: list[str], rows: list[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def came(order: Order, gathered: Reference) -> Said:
    """The tracker of one period; below it what came that no source expects, and what is wrong with the list of days."""
    stages = Stages(order)
    partnership, files = stages.partnership, stages.gathered(gathered).files
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
        for one in track(partnership, [stages.period], files)
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
    missing = tuple(source.title for source in stages.due if source.id not in {file.source for file in files})
    read = sum(file.state == "read" for file in files)
    return Said(text, f"{read} files came and were read; {many(len(missing), 'source')} sent nothing", missing)


def checked(order: Order, verdicts: Reference) -> Said:
    """What failed and what could not be evaluated, by source."""
    partnership, verdicts_of = Stages(order).partnership, Stages(order).verdicts(verdicts)
    failed = [v for v in verdicts_of if v.outcome == "failed"]
    unevaluated = [v for v in verdicts_of if v.outcome == "not_evaluated"]
    text = f"# Data quality\n\n{_page(order, 'for where each thing is and what to do')}\n\n"
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
    in_short = f"{many(len(failed), 'check')} failed, {len(unevaluated)} could not be evaluated"
    return Said(text, in_short, tuple(v.says for v in failed))


def disagrees(order: Order, register: Reference) -> Said:
    """What is open: how serious, about what, and who can answer."""
    partnership = Stages(order).partnership
    findings = open_findings(order, register)
    text = f"# What disagrees\n\n{_page(order, 'for the values side by side')}\n\n"
    rows = [
        [
            SEVERITIES[f.severity],
            partnership.asks.get(f.rule, f.rule),
            _subject(partnership, f),
            partnership.groups[f.owner].name,
        ]
        for f in findings
    ]
    text += _table(["How serious", "Rule", "About", "Who can answer"], rows) if rows else "Nothing disagrees."
    to_look_at = tuple(f.subject for f in findings if f.severity != "information")
    return Said(text, f"{many(len(to_look_at), 'finding')} to look at", to_look_at)


def open_findings(order: Order, register: Reference) -> list[Finding]:
    """What failed and nobody has decided, with what is for information."""
    found = Stages(order).register(register).findings
    return [finding for finding in found if finding.outcome == "failed" and finding.state != "decided"]


def _page(order: Order, what_for: str) -> str:
    return f"See the {link('quality page', f'quality/{order.folder}/index.html')} {what_for}."


def _subject(partnership: Partnership, finding: Finding) -> str:
    """Name what a finding is about: an area's measure, a measure wherever it is quoted, or a source."""
    first, _, rest = finding.subject.partition(".")
    measure = partnership.measures.get(rest.partition(".")[0])
    if first in partnership.areas and measure:
        return f"{partnership.areas[first].short_name}: {measure.title}"
    named = partnership.measures.get(first) or partnership.sources.get(first)
    return named.title if named else finding.subject


def drafted(order: Order, reference: Reference) -> Said:
    """The drafts, each with what is missing in it and what became of an edited one."""
    drafts = Stages(order).drafts(reference)
    rows = []
    for draft in drafts:
        rows.append(
            [
                link(draft.title, draft.key),
                edited_words(draft) or "made by this run",
                str(draft.open_findings or "none"),
                "; ".join(draft.missing) or "nothing",
                " ".join(draft.hard_to_read) or "nothing",
            ]
        )
    headings = ["Draft", "What it is", "Findings to look at", "Missing", "Keeps somebody from reading it"]
    in_short = f"{many(len(drafts), 'Word draft')} to review{_edited_in_short(drafts)}"
    if hard_to_read := sum(bool(draft.hard_to_read) for draft in drafts):
        in_short += f", {hard_to_read} of which not everybody can read"
    return Said("# Drafts to review\n\n" + _table(headings, rows), in_short, tuple(draft.title for draft in drafts))


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
