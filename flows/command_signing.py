"""Commands about who signed what: how far drafts have come, to sign one, and the bundle for whoever looks from outside.

Belongs here: what was typed, and how it looks on a screen. Does not belong here: who may sign (``tasks.signing``).
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from config.errors import Refused
from flows.command_findings import group_asked_for, opened_store
from flows.command_words import JSON_HELP, LOOK_IN_HELP, NEEDS_A_PERSON, write_new

if TYPE_CHECKING:
    from config.partnership import Partnership
    from tasks.signing import Progress


@click.command()
@click.argument("period", required=False, default="")
@click.option("--store", default="", help=LOOK_IN_HELP)
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def signoff(period: str, store: str, as_json: bool) -> None:
    """Say how far each draft has come, and who signs it next.

    PERIOD is like 2023-24 or 2023-24-Q4; left out, the latest that was run.
    """
    from tasks import plain
    from tasks.kept import latest_period, period_of
    from tasks.signing import drafts_of

    kept, partnership = opened_store(store)
    when = period_of(period) if period else latest_period(kept)
    found = list(drafts_of(kept, partnership, when))
    click.echo(plain.to_json(found).strip() if as_json else _listed(partnership, str(when), found))
    if not all(one.is_agreed for one in found):
        sys.exit(NEEDS_A_PERSON)


@click.command()
@click.argument("section")
@click.option("--period", required=True, help="The period of the draft, like 2023-24 or 2023-24-Q4.")
@click.option("--role", required=True, help="The group in whose name it is signed, like quality-assurance.")
@click.option("--name", required=True, help="Who signs.")
@click.option("--send-back", "reason", default="", help="Do not sign: send it back, for this reason.")
@click.option("--store", default="", help="Folder or s3://bucket/prefix that keeps the draft; else ASSURE_STORE.")
@click.option("--dry-run", is_flag=True, help="Say whether it could be signed, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the signature as JSON.")
def sign(
    section: str, period: str, role: str, name: str, reason: str, store: str, dry_run: bool, as_json: bool
) -> None:
    """Sign the newest version of a draft, or send it back.

    SECTION is its id, like annual-report. The signature is for these very bytes: a draft that changes is signed anew.
    """
    from tasks import plain
    from tasks.kept import period_of
    from tasks.signing import Asked
    from tasks.signing import sign as keep
    from tasks.signing.signatures import COMMAND_LINE, progress_in

    kept, partnership = opened_store(store)
    when, role = period_of(period), group_asked_for(partnership, role)
    moment = datetime.now(ZoneInfo("Europe/London")).isoformat(timespec="seconds")
    asked = Asked(section, role, name, "sent_back" if reason else "signed", moment, COMMAND_LINE, reason)
    made = keep(kept, partnership, when, asked, keep=not dry_run)
    if as_json:
        click.echo(plain.to_json(made).strip())
        return
    if dry_run:
        click.echo(f"Could be {'sent back' if reason else 'signed'} by {partnership.groups[role].name}: {made.draft}.")
        click.echo("  Nothing was written.")
        return
    click.echo(f"{'Sent back' if reason else 'Signed'} by {partnership.groups[role].name}: {made.draft}.")
    click.echo(f"  SHA-256 {made.sha256}")
    click.echo(
        "  Nothing was written."
        if dry_run
        else f"  {_next(partnership, progress_in(kept, partnership, when, section))}"
    )


@click.group()
def bundle() -> None:
    """Put together what somebody from outside needs to check a year's report, and check it offline."""


@bundle.command("make")
@click.argument("year")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="The file to write.")
@click.option("--store", default="", help=LOOK_IN_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print where it was written as JSON.")
def make_bundle(year: str, out: Path | None, store: str, as_json: bool) -> None:
    """Write the bundle of a YEAR like 2023-24: register, findings, decisions, signatures, documents, SHA-256 of all."""
    from config.periods import ReportingYear
    from tasks.kept import period_of
    from tasks.signing.bundle import bundle as made

    kept, _ = opened_store(store)
    when = period_of(year)
    if not isinstance(when, ReportingYear):
        raise Refused(f"'{year}' is a quarter.", to_do=f"Write the year, like {when.year}.")
    target = out or Path(f"assurance-{when}.zip")
    data = made(kept, when)
    write_new(target, data)
    if as_json:
        click.echo(json.dumps({"file": str(target), "bytes": len(data)}))
        return
    click.echo(f"{target}: {len(data):,} bytes.")
    click.echo(f"  To check it anywhere: assure bundle check '{target}'")


@bundle.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def check(file: Path, as_json: bool) -> None:
    """See whether a bundle is what it was when it was made. Needs no store and no network."""
    from tasks.signing.bundle import check_bundle

    told = check_bundle(file.read_bytes())
    if as_json:
        click.echo(json.dumps([one.__dict__ for one in told], indent=1))
    else:
        for one in told:
            click.echo(f"{'holds' if one.holds else 'DOES NOT HOLD':<14} {one.says}")
    if not all(one.holds for one in told):
        sys.exit(NEEDS_A_PERSON)


# On a screen


def _listed(partnership: Partnership, period: str, found: list[Progress]) -> str:
    from tasks.words import many

    agreed = sum(one.is_agreed for one in found)
    lines = [f"{period}: {many(len(found), 'draft')}, {agreed} agreed.", ""]
    return "\n".join([*lines, *(f"  {one.section:<34} {_next(partnership, one)}" for one in found)])


def _next(partnership: Partnership, one: Progress) -> str:
    from tasks.signing import STATES
    from tasks.words import listed

    said = STATES[one.state][0].upper() + STATES[one.state][1:]
    if not one.waiting_for:
        return f"{said}."
    groups = listed([partnership.groups[name].name for name in one.waiting_for])
    return f"{said}. Asked now: {groups}. {one.because}".rstrip()
