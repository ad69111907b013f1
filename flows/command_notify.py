"""``assure notify``: what people are told today, and whom; with ``--dry-run`` without telling them.

Belongs here: reading what was typed, and what is printed. Does not belong here: words (``tasks.messages``) and sending
(``flows.notify``).
"""

from __future__ import annotations

import json
from datetime import datetime

import click

from flows.command_words import JSON_HELP, PARTNERSHIP_HELP, partnership_asked_for, today


@click.command("notify")
@click.option("--partnership", default="", help=PARTNERSHIP_HELP)
@click.option("--as-at", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day; else today.")
@click.option("--dry-run", is_flag=True, help="Print what would go to whom, and send nothing.")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def notify_command(partnership: str, as_at: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Tell people what the day brings: missing returns, deadlines.

    A server does it every morning, and tells of findings, drafts and failed runs as they come. Sends through the blocks
    of the Prefect server that PREFECT_API_URL names.
    """
    from config.settings import Settings
    from flows.notify import block_of, send, setting_of
    from flows.rounds import messages_of_day
    from tasks.order import partnership_of
    from tasks.store import open_store
    from tasks.words import many

    chosen = partnership_of(partnership_asked_for(partnership))
    told = messages_of_day(chosen, as_at.date() if as_at else today(), open_store(Settings.from_environment().store))
    if not dry_run:
        send(told)
    if as_json:
        click.echo(
            json.dumps(
                [{**one.__dict__, "through": block_of(one.to), "sent": not dry_run} for one in told],
                indent=1,
                ensure_ascii=False,
            )
        )
        return
    for one in told:
        through = block_of(one.to) or f"nobody: {setting_of(one.to)} is not set"
        click.echo(f"To {chosen.groups[one.to].name}, through {through}\n  {one.subject}")
        click.echo("\n".join(f"  {line}" for line in one.text.splitlines()) + "\n")
    would = " would be sent" if dry_run and told else ""
    unreached = sum(not block_of(one.to) for one in told)
    click.echo(f"{many(len(told), 'message')}{would}{f', {unreached} of them to nobody' if unreached else ''}.")
