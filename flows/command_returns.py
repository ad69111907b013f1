"""``assure returns``: the blank forms of a quarter, and who has not sent theirs.

Belongs here: reading what was typed, what is printed, and the one clock: which day is today. Does not belong here:
making forms and reading the tracker (``tasks.returns``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.errors import Refused
from config.periods import Quarter, Return, day_words
from flows.command_words import KEPT_HELP, NEEDS_A_PERSON, OUTCOME_HELP, PARTNERSHIP_HELP, partnership_asked_for, today

if TYPE_CHECKING:
    from config.partnership import Partnership
    from tasks.returns import Issued


@click.command()
@click.argument("period", default="")
@click.option("--partnership", default="", help=PARTNERSHIP_HELP)
@click.option("--store", default="", help=KEPT_HELP)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder to copy the forms to; else returns-PERIOD here.",
)
@click.option("--dry-run", is_flag=True, help="Say which forms would be made, for whom and by when; write nothing.")
@click.option("--status", "asks_status", is_flag=True, help="Make no forms: show what came, and whom to chase.")
@click.option(
    "--as-at", type=click.DateTime(["%Y-%m-%d"]), default=None, help="With --status: count overdue days to this day."
)
@click.option("--json", "as_json", is_flag=True, help=OUTCOME_HELP)
def returns(
    period: str,
    partnership: str,
    store: str,
    out: Path | None,
    dry_run: bool,
    asks_status: bool,
    as_at: datetime | None,
    as_json: bool,
) -> None:
    """Make blank return forms, or show who has sent theirs.

    PERIOD is a quarter like 2024-25-Q1. Each form shows last time's answers beside its questions, from what is kept in
    the store. With --status, PERIOD may be a year, and is the quarter that has just ended where it is left out.
    """
    from config.settings import Settings
    from tasks.order import partnership_of

    chosen = partnership_of(partnership_asked_for(partnership))
    address = store or Settings.from_environment().store
    if asks_status:
        day = as_at.date() if as_at else today()
        _status(chosen, _period(period, day), address, day, as_json)
        return
    if not period:
        raise Refused("No period was named.", to_do="Write the quarter for which forms are wanted, like 2024-25-Q1.")
    _issue(chosen, _period(period, None), address, out, dry_run, as_json)


def _period(written: str, today: date | None) -> Return:
    from tasks.kept import period_of

    return period_of(written) if written or today is None else Quarter.ended_by(today)


def _issue(
    partnership: Partnership,
    period: Return,
    store: str,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    from tasks.kept import refuse_foreign_store
    from tasks.returns import copy_out, issue, planned
    from tasks.store import open_store

    forms = planned(partnership, period)
    if not forms:
        raise Refused(
            f"No forms are issued for {period}.",
            where=f"{partnership.profile.id}: sources.yaml",
            to_do="Name a quarter like 2024-25-Q1, or write 'issued: true' at the sources that get a form.",
        )
    folder = out or Path(f"returns-{period}")
    if not dry_run:
        opened = open_store(store)
        refuse_foreign_store(partnership, opened, store)
        issue(partnership, period, opened)
        copy_out(forms, opened, folder)
    if as_json:
        told = [{**form.__dict__, "due": form.due.isoformat(), "file": str(folder / form.name)} for form in forms]
        click.echo(json.dumps({"period": str(period), "written": not dry_run, "forms": told}, indent=1))
        return
    _tell(forms, period, folder, dry_run)


def _tell(forms: Sequence[Issued], period: Return, folder: Path, dry_run: bool) -> None:
    from tasks.words import many

    where = " would be made: nothing is written" if dry_run else f", in {folder}"
    click.echo(f"{many(len(forms), 'form')} for {period}{where}.")
    for form in forms:
        click.echo(f"  {form.name}\n    to {form.sender}, due back by {day_words(form.due)}")


def _status(partnership: Partnership, period: Return, store: str, today: date, as_json: bool) -> None:
    from tasks.kept import refuse_foreign_store
    from tasks.returns.status import as_plain, as_text, status_of
    from tasks.store import open_store

    opened = open_store(store)
    refuse_foreign_store(partnership, opened, store)
    status = status_of(partnership, period, opened, today)
    click.echo(json.dumps(as_plain(status), indent=1, ensure_ascii=False) if as_json else as_text(status))
    if status.to_chase:
        sys.exit(NEEDS_A_PERSON)
