"""Commands about what disagrees: list it, explain it, settle it, and see what moved because of it.

Belongs here: what was typed, and how findings look on a screen. Does not belong here: deciding (``tasks.deciding``) and
comparing books (``tasks.diff``). Values of figures may be printed here, to the person who asked; they are never logged.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

import click

from config.errors import Refused
from config.model import Severity
from flows.command_words import HIDDEN_HELP, JSON_HELP, LOOK_IN_HELP, NEEDS_A_PERSON, today, wrapped
from tasks.model import Choice, Finding, FindingState

if TYPE_CHECKING:
    from config.partnership import Partnership
    from tasks.store import ObjectStore


@click.command()
@click.argument("what", required=False, default="")
@click.option("--severity", type=click.Choice(get_args(Severity)), default=None, help="Only findings so serious.")
@click.option("--kind", default="", help="Only findings of this kind of rule, like against_official.")
@click.option("--area", default="", help="Only findings about this area, by its id or name.")
@click.option("--owner", default="", help="Only findings that this group answers.")
@click.option("--state", type=click.Choice(get_args(FindingState)), default=None, help="Only findings so far settled.")
@click.option("--store", default="", help=LOOK_IN_HELP)
@click.option("--hidden", is_flag=True, help=HIDDEN_HELP)
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def findings(
    what: str,
    severity: str | None,
    kind: str,
    area: str,
    owner: str,
    state: str | None,
    store: str,
    hidden: bool,
    as_json: bool,
) -> None:
    """List what disagrees, or explain one finding.

    WHAT is a period like 2023-24 or 2023-24-Q4 (left out: the latest), or the name of a finding.
    """
    from tasks.deciding import Wanted, chosen, find, findings_now, known_words, period_in
    from tasks.kept import latest_period, period_of

    kept, partnership = opened_store(store)
    one = ":" in what
    _refuse_what_is_neither(what)
    period = period_in(what) if one else period_of(what) if what else latest_period(kept)
    found = findings_now(kept, partnership, period, today().isoformat(), hidden=hidden)
    if one:
        finding = find(what, found)
        click.echo(_json([finding])[1:-1].strip() if as_json else _explained(partnership, finding))
        return
    known_words("kind of finding", kind, {finding.kind for finding in found})
    area = next((one.id for one in partnership.profile.areas if area in (one.name, one.short_name)), area)
    owner = group_asked_for(partnership, owner)
    known_words("area of this partnership", area, partnership.areas)
    known_words("group of this partnership", owner, partnership.groups)
    shown = chosen(found, Wanted(severity or "", kind, area, owner, state or ""))
    folded = not any((severity, kind, area, owner, state))
    click.echo(_json(shown) if as_json else _listed(partnership, str(period), found, shown, folded))
    if any(finding.state != "decided" for finding in shown):
        sys.exit(NEEDS_A_PERSON)


@click.command()
@click.argument("finding_id")
@click.option("--accept", "letter", default="", help="Take this value: a, b, as 'assure findings' letters them.")
@click.option("--correct", is_flag=True, help="Have it corrected at source; it stays open until that has come.")
@click.option("--explain", "text", default="", help="Let the figure stand, and print these words as a note to it.")
@click.option("--withhold", is_flag=True, help="Print no figure.")
@click.option("--role", required=True, help="The group of the partnership that decides, like quality-assurance.")
@click.option("--reason", required=True, help="Why, in a sentence.")
@click.option("--until", default="", help="The last day on which the decision holds, like 2027-03-31.")
@click.option("--on", "day", default="", help="The day of the decision, like 2026-11-26; left out: today.")
@click.option("--name", default="", help="Who says so; kept with the decision alone, and shown to nobody else.")
@click.option("--store", default="", help="Folder or s3://bucket/prefix that keeps the finding; else ASSURE_STORE.")
@click.option("--dry-run", is_flag=True, help="Say what would be decided, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the decision as JSON, without the values it is about.")
def decide(
    finding_id: str,
    letter: str,
    correct: bool,
    text: str,
    withhold: bool,
    role: str,
    reason: str,
    until: str,
    day: str,
    name: str,
    store: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Settle a finding, in the name of a group and with a reason.

    FINDING_ID is as 'assure findings' lists it. The decision takes effect when the period is run again.
    """
    from tasks.deciding import Asked
    from tasks.deciding import decide as keep
    from tasks.decisions import says
    from tasks.kept import decisions_of, period_of

    kept, partnership = opened_store(store)
    choice = _choice(bool(letter), correct, bool(text), withhold)
    role = group_asked_for(partnership, role)
    if day > today().isoformat():
        raise Refused("A decision cannot be made on a day to come.", where=f"--on {day}", to_do="Leave --on out.")
    asked = Asked(finding_id, choice, role, reason, day or today().isoformat(), letter.lower(), text, until, name)
    decision = keep(kept, partnership, asked, keep=not dry_run)
    before = max(
        (
            d.number
            for d in decisions_of(kept, period_of(decision.period).year)
            if d.finding == decision.finding and d.number < decision.number
        ),
        default=0,
    )
    if as_json:
        told = {"number": decision.number, "finding": decision.finding, "says": says(partnership, decision)}
        click.echo(json.dumps(told | {"kept": not dry_run}, indent=1, ensure_ascii=False))
        return
    click.echo(says(partnership, decision))
    if before:
        click.echo(f"  It takes the place of decision {before} on the same finding, which is kept.")
    if dry_run:
        click.echo("  Nothing was written.")
        return
    click.echo(f"  Kept as decision {decision.number} of the year, about the values that stood in the last run.")
    again = "quarter" if "Q" in decision.period else "report"
    click.echo(f"  What to do: Run 'assure {again} {decision.period}' again; the figures and drafts follow then.")


@click.command()
@click.argument("before")
@click.argument("now")
@click.option("--run", "runs", is_flag=True, help="BEFORE and NOW are runs, named as under runs/, not periods.")
@click.option("--store", default="", help=LOOK_IN_HELP)
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def diff(before: str, now: str, runs: bool, store: str, as_json: bool) -> None:
    """Say what moved between two periods or two runs.

    With old and new, from which cells or decision, and the sentence of the report that it touches.
    """
    from tasks import plain
    from tasks.diff import as_text, book_of_period, book_of_run, moved

    kept, partnership = opened_store(store)
    book_of = book_of_run if runs else book_of_period
    told = moved(partnership, book_of(kept, before), book_of(kept, now))
    click.echo(plain.to_json(told) if as_json else as_text(told, before, now))


def opened_store(address: str) -> tuple[ObjectStore, Partnership]:
    """The store, and the configuration of the partnership whose it is."""
    from config.settings import Settings
    from tasks.kept import owner_of
    from tasks.order import partnership_of
    from tasks.store import open_store

    store = open_store(address or Settings.from_environment().store)
    if not (owner := owner_of(store)):
        raise Refused(
            "This store keeps no run of any partnership.",
            where=address or Settings.from_environment().store,
            to_do="Run a period first, or name another store with --store.",
        )
    return store, partnership_of(owner)


def group_asked_for(partnership: Partnership, name: str) -> str:
    """The id of a group that was named by its id or its name; what is neither stays as it is, and is refused later."""
    return next((one.id for one in partnership.profile.groups if name == one.name), name)


def _refuse_what_is_neither(what: str) -> None:
    if what and ":" not in what and not re.fullmatch(r"\d{4}-\d{2}(-[Qq][1-4])?", what):
        raise Refused(
            f"'{what}' is neither a period nor the name of a finding.",
            to_do="Write a period like 2023-24-Q4, or copy a name from 'assure findings' whole, with its period.",
        )


def _choice(accept: bool, correct: bool, explain: bool, withhold: bool) -> Choice:
    given: dict[Choice, bool] = {
        "accept": accept,
        "correct_at_source": correct,
        "explain": explain,
        "withhold": withhold,
    }
    chosen = [choice for choice, wanted in given.items() if wanted]
    if len(chosen) != 1:
        raise Refused(
            "A finding is settled in one way." if chosen else "Nothing was decided.",
            where="--accept, --correct, --explain, --withhold",
            to_do="Use exactly one of them.",
        )
    return chosen[0]


# On a screen


def _json(found: Sequence[Finding]) -> str:
    from tasks import plain

    return plain.to_json(list(found)).strip()


def _listed(
    partnership: Partnership, period: str, every: Sequence[Finding], shown: Sequence[Finding], folded: bool
) -> str:
    from config.model import SEVERITIES
    from tasks.decisions import blocking, in_words
    from tasks.words import many

    held = blocking(every, partnership.profile.decisions.blocks_publication)
    lines = [f"{period}: {many(len(shown), 'finding')}. {_holding_up(len(held))}"]
    for severity, words in SEVERITIES.items():
        of_it = [one for one in shown if one.severity == severity]
        counts = f"{words}: {in_words(of_it)}"
        if of_it and folded and severity == "information":
            lines += ["", counts, *_by_rule(partnership, of_it)]
            lines.append("  Each of them: assure findings --severity information")
            continue
        lines += ["", counts] if of_it else []
        lines += [line for one in of_it for line in _in_list(partnership, one)]
    if shown:
        lines += ["", "One of them with its values and arithmetic: assure findings NAME"]
    return "\n".join(lines)


def _in_list(partnership: Partnership, one: Finding) -> list[str]:
    from tasks.decisions import STATES

    seen = "" if one.outcome == "failed" else ", not evaluated"
    return [
        f"  {one.id}",
        *wrapped(one.title, 4),
        f"    {STATES[one.state].capitalize()}{seen}; asked of {_group(partnership, one.owner)}",
        *(wrapped(one.history[-1].says, 4) if one.history else []),
    ]


def _by_rule(partnership: Partnership, found: Sequence[Finding]) -> list[str]:
    """A line for each rule: how often it was found not to hold, and what it asks."""
    from collections import Counter

    says = {one.rule: one.matters for one in found} | {rule.id: rule.says for rule in partnership.rules}
    counts = Counter(one.rule for one in found)
    return [line for rule, count in counts.items() for line in wrapped(f"{count} of {rule}: {says[rule]}", 2, 6)]


def _holding_up(count: int) -> str:
    if not count:
        return "Nothing holds up publication."
    return f"{count} must be settled before publication."


def _explained(partnership: Partnership, one: Finding) -> str:
    from config.model import SEVERITIES
    from tasks.decisions import ALTERNATIVES, STATES

    says = next((rule.says for rule in partnership.rules if rule.id == one.rule), "")
    facts = {
        "State": STATES[one.state] if one.outcome != "passed" else "agrees",
        "Severity": SEVERITIES[one.severity],
        "Asked of": _group(partnership, one.owner),
        "Rule": says,
        "Arithmetic": one.arithmetic,
        "Difference": one.difference,
        "Tolerance": one.tolerance,
        "Because": one.reason,
        "Matters": one.matters,
        "To do": one.to_do,
    }
    lines = [one.id, *wrapped(one.title, 0), ""]
    for name, words in facts.items():
        lines += wrapped(f"{name:<11}{words}", 0, 11) if words else []
    lines += ["", "Side by side"] if one.values else []
    for letter, value in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", one.values, strict=False):
        lines += wrapped(f"{letter}  {value.value}: {', '.join(filter(None, (value.label, value.place)))}", 2, 5)
    lines += ["", "Decisions"] if one.history else []
    for past in one.history:
        lines += wrapped(f"{past.decision}  {past.says} {past.reason}", 2, 5)
        lines += wrapped(f"Does not hold any more. {past.why}", 5) if past.standing != "stands" else []
    if one.outcome != "passed" and one.state != "decided":
        letters = "a|b" if one.kind in ALTERNATIVES and len(one.values) > 1 else "a"
        accept = f"--accept {letters} | " if one.values else ""
        lines += ["", "To settle it:", f"  assure decide {one.id} --role {one.owner} --reason '…' \\"]
        lines.append(f"    {accept}--correct | --explain '…' | --withhold")
    return "\n".join(lines)


def _group(partnership: Partnership, name: str) -> str:
    group: Any = partnership.groups.get(name)
    return group.name if group else name
