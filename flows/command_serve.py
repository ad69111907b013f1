"""``assure serve``: everything on one machine, until it is stopped.

Belongs here: reading what was typed, and what is printed: progress, addresses, where the password is. Does not belong
here: the processes (``flows.serving``) and their settings (``flows.served``).
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.errors import AssuranceError, Failure
from flows.command_words import PARTNERSHIP_HELP, partnership_asked_for

if TYPE_CHECKING:
    from flows.served import Place


@click.command()
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder for its database, password and logs; else ASSURE_HOME, else .assure here.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=4200,
    show_default=True,
    help="Prefect's port; the pages have the next one.",
)
@click.option("--partnership", default="", help=PARTNERSHIP_HELP)
@click.option("--no-schedules", is_flag=True, help="Run nothing by itself: only what people start.")
@click.option(
    "--check", "only_check", is_flag=True, help="Say whether it could start and what is not set up; start nothing."
)
def serve(home: Path | None, port: int, partnership: str, no_schedules: bool, only_check: bool) -> None:
    """Run everything on this machine, until stopped.

    Prefect's pages and schedules, the worker that does the work, and the front page with drafts and data quality. They
    answer on this machine only. Ctrl-C stops them in order; the next start goes on where this one stopped.
    """
    from flows.served import Place

    place = Place((home or Path(os.environ.get("ASSURE_HOME", ".assure"))).resolve(), port)
    os.environ["ASSURE_HOME"] = str(place.home)
    if only_check:
        _check(place, partnership)
        return
    os.environ["ASSURE_PARTNERSHIP"] = _configured(partnership)
    _serve(place, schedules=not no_schedules)


def _serve(place: Place, *, schedules: bool) -> None:
    from flows.serving import Served, alone, on_signals

    with alone(place):
        served = Served(place, lambda what: click.echo(f"  {what}", err=True), schedules=schedules)
        on_signals(served)
        try:
            served.start()
            click.echo(_where(place, schedules=schedules))
            served.wait()
        finally:
            served.stop()
    click.echo("Stopped. Everything is kept; 'assure serve' goes on from here.")


def _where(place: Place, *, schedules: bool) -> str:
    from config.settings import Settings
    from flows.served import whole

    settings = Settings.from_environment()
    signs_in = (
        "as PREFECT_SERVER_API_AUTH_STRING says"
        if os.environ.get("PREFECT_SERVER_API_AUTH_STRING")
        else f"with the line in {place.password_file}"
    )
    return "\n".join(
        [
            "",
            "Ready.",
            f"  Front page                   {place.pages}/",
            f"  Start runs, see schedules    {place.prefect}",
            f"  Sign in                      {signs_in}",
            f"  Schedules                    {'on' if schedules else 'off: nothing runs by itself'}",
            f"  Returns come from            {whole(settings.inbox)}",
            f"  Everything is kept in        {whole(settings.store)}",
            f"  Runs, password and logs      {place.home}",
            "  Stop                         Ctrl-C",
        ]
    )


def _configured(partnership: str) -> str:
    """The partnership that is served. A wrong configuration is refused before anything is started."""
    from tasks.order import partnership_of

    name = partnership_asked_for(partnership)
    partnership_of(name)
    return name


class _Noted(Exception):
    """What is no fault, and is said all the same."""


def _check(place: Place, partnership: str) -> None:
    """Everything that a start needs, each with yes or no; nothing is started."""
    from config.settings import Settings
    from flows.serving import refuse_taken
    from tasks.store import NOT_THERE, open_inbox, open_store

    settings = Settings.from_environment()

    def store() -> None:
        not_kept = {
            promise.name: promise.words for promise in open_store(settings.store).probe() if promise.kept is False
        }
        if NOT_THERE in not_kept:
            raise _Noted(f"There is no store yet at {settings.store}: the first run makes it")
        if not_kept:
            raise Failure(f"The store does not keep: {'; '.join(not_kept.values())}", where=settings.store)

    failed: AssuranceError | None = None
    for what, does in (
        ("The partnership's configuration is right", lambda: _configured(partnership)),
        ("The home folder and the ports are free", lambda: refuse_taken(place)),
        ("The inbox is there", lambda: open_inbox(settings.inbox).names()),
        ("The store keeps what it must", store),
    ):
        try:
            does()
            click.echo(f"yes  {what}")
        except _Noted as note:
            click.echo(f"note {note}")
        except AssuranceError as error:
            click.echo(f"NO   {what}. {error}")
            failed = error
    _note_who_is_not_told(partnership)
    if failed:
        sys.exit(failed.exit_code)


def _note_who_is_not_told(partnership: str) -> None:
    """Groups that the partnership wants to tell something and that have no address here: no fault, a note."""
    from flows.notify import block_of, setting_of
    from tasks.order import partnership_of

    with suppress(AssuranceError):
        notices = partnership_of(partnership_asked_for(partnership)).profile.notices
        for group in dict.fromkeys(notice.to for notice in notices):
            if not block_of(group):
                click.echo(f"note Nobody of {group} is told anything: {setting_of(group)} is not set")
