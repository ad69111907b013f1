"""What must an editor do about a figure, and what is open in a section?

Belongs here: the words of comments, flags and open points. Does not belong here: finding out that something disagrees
(``tasks.reconcile``), and Word (``tasks.assemble.figures``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.model import SEVERITIES
from config.partnership import Partnership
from tasks.assemble.missing import Gap
from tasks.assemble.values import clean
from tasks.model import Figure, Finding, ValueBeside
from tasks.words import many, sentence

QUERIED = "Queried – see comment"
REASONS = 3
"""Reasons why comparisons could not be made, of which a draft names so many."""
ILLUSTRATIVE = "Illustrative"
NOT_READ = "received, but could not be read"
"""What stands in place of a figure for which something came that is no value."""

SYMBOLS = {
    "c": "a number hidden so that nobody can be recognised",
    "*": "a number hidden so that nobody can be recognised",
    "z": "does not apply",
    "x": "not available",
    ":": "not available",
    "..": "not available",
    "low": "rounds to zero, but is not zero",
    "k": "rounds to zero, but is not zero",
    "u": "too unreliable to print",
}


def symbol_words(symbol: str) -> str:
    """What a symbol in place of a number means."""
    if symbol.startswith("<"):
        return f"a number smaller than {symbol[1:].strip()}, hidden so that nobody can be recognised"
    return SYMBOLS.get(symbol.strip().lower(), "a symbol that the source gives in place of a number")


def touching(findings: Sequence[Finding], figures: Mapping[str, Figure]) -> list[Finding]:
    """Findings about these figures that are not passed, not settled, and for a person, the gravest first."""
    ids = {figure.id for figure in figures.values()}
    named = {id_ for figure in figures.values() for id_ in figure.findings}
    found = [
        f
        for f in findings
        if f.outcome != "passed"
        and f.state != "decided"
        and f.severity != "information"
        and (f.id in named or ids & set(f.figures))
    ]
    return sorted(found, key=lambda f: ([*SEVERITIES].index(f.severity), f.id))


@dataclass
class Commentary:
    """Comments on the figures of one section, told once: what was said on one is only referred to on the next."""

    partnership: Partnership
    findings: Sequence[Finding]
    gaps: Sequence[Gap]
    titles: Mapping[str, str]
    said: dict[str, str] = field(default_factory=dict)
    """What was said already, and on which figure."""

    def failed(self, figure: Figure) -> list[Finding]:
        """Findings that disagree with a figure. What did not come is told as such, not as a disagreement."""
        return [
            finding
            for finding in self.findings
            if finding.outcome == "failed"
            and (figure.id in finding.figures or finding.id in figure.findings)
            and not (figure.status == "not_received" and finding.kind == "cadence")
        ]

    def flag(self, figure: Figure) -> str:
        """What stands behind a figure in the text."""
        flags = [QUERIED] if self.failed(figure) else []
        return ", ".join(flags + ([ILLUSTRATIVE] if _made_up(figure) else []))

    def on(self, ref: str, figure: Figure, text: str, source: str, carriers: Sequence[Gap]) -> tuple[str, ...]:
        """Paragraphs of the comment on a figure; none where an editor has nothing to do."""
        paragraphs = [words for finding in self.failed(figure) for words in self._finding(ref, finding)]
        if paragraphs and source:
            paragraphs.append(f"Source of the figure printed: {source}.")
        if text == NOT_READ:
            paragraphs.append(
                f"Received, but could not be read: {source} holds no value. To do: ask the sender to write the number "
                "alone there, or a symbol. Do not type a number here: it would have no source."
            )
        elif figure.status == "not_received":
            paragraphs += self._not_received(ref, carriers)
        elif figure.symbol or figure.status == "withheld":
            paragraphs += self._withheld(ref, figure, text)
        if _made_up(figure):
            paragraphs += self._once(
                ref,
                "illustrative",
                (
                    "Illustrative: this figure is made up to show what the section will look like. To do: put in its "
                    "place what the partners have confirmed, before publication."
                ),
                repeat=False,
            )
        return tuple(clean(paragraph) for paragraph in paragraphs)

    def _finding(self, ref: str, finding: Finding) -> list[str]:
        first = self.said.setdefault(finding.id, ref)
        if first != ref:
            return [f"{sentence(finding.title)} See the comment on “{self.titles[first]}”."]
        owner = self.partnership.groups.get(finding.owner)
        return [
            sentence(finding.title),
            *_decided(finding),
            *([sentence(finding.arithmetic)] if finding.arithmetic else []),
            *([finding.effect] if finding.effect else []),
            *([f"Side by side: {'; '.join(map(_beside, finding.values))}."] if finding.values else []),
            f"To do: {sentence(finding.to_do)}" + (f" Asked of: {owner.name}." if owner else ""),
        ]

    def _not_received(self, ref: str, carriers: Sequence[Gap]) -> list[str]:
        because = " ".join(f"{gap.says}." for gap in carriers) or "No source sent it for this period."
        return self._once(
            ref,
            f"not received {because}",
            (
                f"Not received. {because} To do: ask the sender for it, or take the line out before publication. "
                "Do not type a number here: it would have no source."
            ),
            repeat=False,
        )

    def _withheld(self, ref: str, figure: Figure, text: str) -> list[str]:
        what = symbol_words(figure.symbol) if figure.symbol else "withheld by decision"
        return self._once(
            ref,
            f"withheld {text}",
            (
                f"“{text}” stands in place of a number: {what}. To do: leave it as it is. Do not type a number here, "
                "and do not add a figure from which it could be worked out."
            ),
            repeat=True,
        )

    def _once(self, ref: str, key: str, text: str, repeat: bool) -> list[str]:
        first = self.said.setdefault(key, ref)
        if first == ref:
            return [text]
        return [f"See the comment on “{self.titles[first]}”."] if repeat else []


def open_points(
    partnership: Partnership,
    missing: Sequence[str],
    not_received: Sequence[str],
    unreported: Sequence[str],
    findings: Sequence[Finding],
    unconfirmed: str = "",
    not_read: Sequence[str] = (),
) -> tuple[str, ...]:
    """All that is missing, disagrees or could not be checked, in the order in which to deal with it."""
    points = [f"{says}." for says in missing]
    if unconfirmed:
        points.append(unconfirmed)
    if not_received:
        points.append(f"No figure received for: {'; '.join(not_received)}.")
    if not_read:
        points.append(f"Received, but could not be read: {'; '.join(not_read)}.")
    if unreported:
        points.append(f"Nothing was reported on: {'; '.join(unreported)}.")
    for finding in findings:
        # What did not come is said above, with the quarters: not a second time as the finding about it.
        if finding.outcome == "failed" and finding.kind != "cadence":
            owner = partnership.groups.get(finding.owner)
            points.append(
                " ".join(
                    (
                        sentence(finding.title),
                        f"To do: {sentence(finding.to_do)}" + (f" Asked of: {owner.name}." if owner else ""),
                    )
                )
            )
    unchecked = [finding for finding in findings if finding.outcome == "not_evaluated"]
    if unchecked:
        reasons = list(dict.fromkeys(finding.reason.rstrip(".") for finding in unchecked if finding.reason))
        why = f" ({'; '.join(reasons[:REASONS])}{'; and others' if len(reasons) > REASONS else ''})"
        points.append(
            f"{many(len(unchecked), 'comparison')} of these figures could not be made{why if reasons else ''}. What "
            "was not compared must not be taken for agreed."
        )
    return tuple(clean(point) for point in points)


def _decided(finding: Finding) -> list[str]:
    """The last decision on a finding that is open all the same: it waits for its source, or was overtaken."""
    if not finding.history:
        return []
    last = finding.history[-1]
    return [f"{last.says} {f'It does not hold any more. {last.why}' if last.standing != 'stands' else ''}".strip()]


def _made_up(figure: Figure) -> bool:
    return figure.illustrative and figure.status != "not_received"


def _beside(value: ValueBeside) -> str:
    return f"{value.label}: {value.value}" + (f" ({value.place})" if value.place else "")
