"""Commands that write documents: bring an edited draft up to date, show what changed in it, and publish the report.

Belongs here: what was typed, which file is written, and what is said of it on a screen. Does not belong here: changing
documents (``tasks.review``) and publishing (``tasks.publish``). What a document says may be printed here, to the person
who has the document; it is never logged.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.errors import Refused
from config.periods import ReportingYear
from flows.command_words import JSON_HELP, LOOK_IN_HELP, NEEDS_A_PERSON, read_document, today, wrapped, write_new

if TYPE_CHECKING:
    from tasks.publication import Candidate, Reason
    from tasks.review.moved import Moved

MOST = 20
"""Figures that a screen shows; the rest is counted."""
_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("draft", type=_FILE)
@click.option("--store", default="", help=LOOK_IN_HELP)
@click.option("--out", type=_FILE, default=None, help="File to write; left out: DRAFT-refreshed.docx beside the draft.")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def refresh(draft: Path, store: str, out: Path | None, as_json: bool) -> None:
    """Put the register's figures into an edited DRAFT.

    As tracked changes, in a new file: no word of the draft is touched, and neither is its file.
    """
    from config.settings import Settings
    from tasks.review.against import Against
    from tasks.review.check import open_draft
    from tasks.review.refresh import refresh as put_in
    from tasks.store import open_store

    data = read_document(draft)
    against = Against(open_store(store or Settings.from_environment().store))
    says = open_draft(data, draft.name).says
    done = put_in(data, draft.name, against.figures_for(says), on=against.period_for(says).last_day)
    target = out or draft.with_name(f"{draft.stem}-refreshed.docx")
    if done.data != data:
        write_new(target, done.data)
    written = str(target) if done.data != data else ""
    if as_json:
        changed = [one._asdict() for one in done.changed]
        click.echo(
            json.dumps({"written": written, "changed": changed, "notes": done.notes}, indent=1, ensure_ascii=False)
        )
    else:
        figures = len({one.figure for one in done.changed})
        where = f", as tracked changes in {written}." if figures else f". The copy is {written}."
        click.echo(
            f"{draft.name}: {figures or 'no'} figure{'' if figures == 1 else 's'} brought up to date"
            + (where if written else ". Nothing was written.")
        )
        click.echo("\n".join(_moved(done.changed)), nl=bool(done.changed))
        for note in done.notes:
            click.echo("\n".join(wrapped(f"- {note}", 2, 4)))
    if done.notes:
        sys.exit(NEEDS_A_PERSON)


@click.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="File to write; it must not be there yet.")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def redline(old: Path, new: Path, out: Path, as_json: bool) -> None:
    """Show what changed between two drafts, in Word.

    Writes the NEW draft with what changed since the OLD one as tracked changes, and lists the figures that moved.
    """
    from tasks.review.redline import moved
    from tasks.review.redline import redline as lay_beside

    before, after, names = read_document(old), read_document(new), (old.name, new.name)
    figures = moved(before, after, names)
    write_new(out, lay_beside(before, after, names))
    if as_json:
        told = {"written": str(out), "figures": [one._asdict() for one in figures]}
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    click.echo(f"What changed from {old.name} to {new.name} is in {out}.")
    click.echo("\n".join(_moved(figures) or ["  No figure moved."]))


@click.command()
@click.argument("year")
@click.option("--by", default="", help="The group of the partnership that publishes, like business-unit.")
@click.option("--draft", type=_FILE, default=None, help="A document to publish in place of the newest draft kept.")
@click.option("--without", multiple=True, help="A figure that was taken out on purpose; can be given several times.")
@click.option("--correction", default="", help="Publish anew what was published already, and why: a public note.")
@click.option("--store", default="", help=LOOK_IN_HELP)
@click.option("--dry-run", is_flag=True, help="Say what would be published or what speaks against it; write nothing.")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def publish(
    year: str,
    by: str,
    draft: Path | None,
    without: tuple[str, ...],
    correction: str,
    store: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Publish the annual report of a YEAR.

    Checks the newest draft and refuses while anything speaks against it, with all reasons. Else keeps a clean copy,
    the register of its figures and a receipt, once and for all.
    """
    from flows.command_findings import opened_store
    from tasks import plain
    from tasks.kept import period_of
    from tasks.publication import blockers
    from tasks.publish import Wanted, candidate, refuse_mistaken
    from tasks.publish import publish as keep
    from tasks.words import many

    period = period_of(year)
    if not isinstance(period, ReportingYear):
        raise Refused(
            f"'{year}' is a quarter, and only annual reports are published.", to_do=f"Write the year: {period.year}"
        )
    kept, partnership = opened_store(store)
    given = (draft.name, read_document(draft)) if draft else None
    chosen = candidate(kept, partnership, period, today(), given)
    wanted = Wanted(by, today(), without, correction)
    if dry_run:
        refuse_mistaken(kept, partnership, chosen, wanted)
        reasons = blockers(partnership, chosen, without)
        click.echo(plain.to_json(reasons).strip() if as_json else "\n".join(_would(chosen, reasons)))
        if reasons:
            sys.exit(NEEDS_A_PERSON)
        return
    done = keep(kept, partnership, chosen, wanted)
    if as_json:
        click.echo(json.dumps({"folder": done.folder} | done.receipt, indent=1, ensure_ascii=False))
        return
    click.echo(
        f"Published: the annual report {done.year}{f', correction {done.number - 1}' if done.number > 1 else ''}."
    )
    for name, digest in done.receipt["files"].items():
        click.echo(f"  {done.folder}/{name:<20} SHA-256 {digest[:16]}…")
    click.echo(f"  {done.folder}/receipt.json")
    if left := len(done.receipt["findings_open"]):
        click.echo(f"  {many(left, 'finding')} stayed open and did not hold it up: they are in the receipt.")


# On a screen


def _moved(figures: Iterable[Moved]) -> list[str]:
    """Each figure once, with where it stands."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for one in figures:
        places.setdefault((one.figure, one.was, one.now), []).append(one.where)
    lines: list[str] = []
    for (figure, was, now), where in list(places.items())[:MOST]:
        lines.append(f"  {figure}: {f'{was} before' if was else 'new'}, {now or 'not there'} now")
        lines += wrapped(f"under {', '.join(dict.fromkeys(filter(None, where)))}", 4) if any(where) else []
    return [*lines, f"  and {len(places) - MOST} more, in the document."] if len(places) > MOST else lines


def _would(chosen: Candidate, reasons: list[Reason]) -> list[str]:
    lines = [f"The annual report {chosen.year}, from {chosen.key}: nothing is written."]
    if not reasons:
        return [*lines, f"  Nothing speaks against it. It prints {len(chosen.printed)} figures of the register."]
    lines.append(f"  It cannot be published yet, for {len(reasons)} reason{'' if len(reasons) == 1 else 's'}:")
    for number, one in enumerate(reasons, 1):
        lines += wrapped(f"{number}. {one.what}{f' ({one.where})' if one.where else ''}", 2, 5)
        lines += wrapped(f"To do: {one.to_do}", 5)
    return lines
