"""The one command, ``assure``: the same flows as the Prefect UI and the schedules call.

Belongs here: reading what was typed, progress, exit codes. Does not belong here: work. Libraries are imported when a
command needs them, so that ``assure --help`` answers at once.

Exit codes: 0 done; 1 done, with findings that need a person; 2 refused input; 3 failure.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from config import __version__
from config.errors import AssuranceError, Refused
from config.periods import Quarter, ReportingYear
from flows.command_drafts import check
from flows.command_findings import decide, diff, findings
from flows.command_notify import notify_command
from flows.command_pdf import pdf
from flows.command_publish import publish, redline, refresh
from flows.command_returns import returns
from flows.command_serve import serve
from flows.command_signing import bundle, sign, signoff
from flows.command_templates import template
from flows.command_words import (
    HIDDEN_HELP,
    JSON_HELP,
    KEPT_HELP,
    LOOK_IN_HELP,
    NEEDS_A_PERSON,
    OUTCOME_HELP,
    PARTNERSHIP_HELP,
    partnership_asked_for,
    wrapped,
)
from flows.running import run_flows

if TYPE_CHECKING:
    from flows.periodic import Outcome
    from tasks.order import Order

FIRST = 8
"""Things that need a person, of which a command shows so many."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="assure")
def assure() -> None:
    """Make every figure of a safeguarding partnership's annual report traceable, checked and reconciled."""


@assure.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-output"),
    show_default=True,
    help="Folder for everything that the demonstration makes.",
)
@click.option("--partnership", default="", help="Which partnership's sample year to run; the first that has one.")
@click.option("--json", "as_json", is_flag=True, help=OUTCOME_HELP)
def demo(out: Path, partnership: str, as_json: bool) -> None:
    """Run a whole demonstration year.

    Four quarters and the annual report, from the sample input that comes with a partnership. Needs nothing else
    running. Ends by naming what to open first.
    """
    from config.settings import Settings

    folder = Settings.from_environment().partnerships
    samples = sorted(folder.glob(f"{partnership or '*'}/sample/*/Q1"))
    if not samples:
        raise Refused(f"No sample year was found for '{partnership or 'any partnership'}'.", where=str(folder))
    sample = samples[0].parent
    name = sample.parent.parent.name
    _refuse_mistakes(name)

    def orders() -> list[tuple[str, Order]]:
        from flows.periodic import demonstration_orders

        return demonstration_orders(name, str(sample), str(out / "store"))

    outcomes = run_flows(orders, out / "prefect")
    if as_json:
        click.echo(json.dumps([_plain(outcome) for outcome in outcomes], indent=1))
    else:
        _where_to_look(str(out / "store"), name, outcomes)
    _leave(outcomes)


@assure.command()
@click.argument("quarter")
@click.option("--partnership", default="", help=PARTNERSHIP_HELP)
@click.option(
    "--inbox", default="", help="Folder or s3://bucket/prefix with the files of the quarter; else ASSURE_INBOX."
)
@click.option("--store", default="", help=KEPT_HELP)
@click.option("--dry-run", is_flag=True, help="Say which files would be taken for which source, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help=OUTCOME_HELP)
def quarter(quarter: str, partnership: str, inbox: str, store: str, dry_run: bool, as_json: bool) -> None:
    """Run one QUARTER, like 2023-24-Q4.

    Gathers what was sent, checks it, reconciles figures across sources and drafts the sections.
    """
    _one_period(quarter, Quarter, partnership, inbox, store, dry_run, as_json)


@assure.command()
@click.argument("year")
@click.option("--partnership", default="", help=PARTNERSHIP_HELP)
@click.option("--inbox", default="", help="Folder or s3://bucket/prefix with the yearly files; else ASSURE_INBOX.")
@click.option("--store", default="", help=KEPT_HELP)
@click.option("--dry-run", is_flag=True, help="Say which files would be taken for which source, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help=OUTCOME_HELP)
def report(year: str, partnership: str, inbox: str, store: str, dry_run: bool, as_json: bool) -> None:
    """Draft the annual report of a YEAR.

    From the quarters of a year like 2023-24, which must have been run, and what comes once a year.
    """
    _one_period(year, ReportingYear, partnership, inbox, store, dry_run, as_json)


@assure.command()
@click.argument("figure_id")
@click.option("--store", default="", help=LOOK_IN_HELP)
@click.option("--hidden", is_flag=True, help=HIDDEN_HELP)
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def explain(figure_id: str, store: str, hidden: bool, as_json: bool) -> None:
    """Lead from a figure back to its cells.

    FIGURE_ID is what a draft's control is tagged with, like eastmere.referrals.2023-24.
    """
    from config.settings import Settings
    from tasks.explain import explain_from_store
    from tasks.store import open_store

    told = explain_from_store(
        open_store(store or Settings.from_environment().store), figure_id.removeprefix("fig:"), hidden=hidden
    )
    click.echo(json.dumps(told.as_dict, indent=1, ensure_ascii=False) if as_json else told.text)


assure.add_command(check)
assure.add_command(returns)
assure.add_command(template)
assure.add_command(findings)
assure.add_command(signoff)
assure.add_command(sign)
assure.add_command(bundle)
assure.add_command(decide)
assure.add_command(diff)
assure.add_command(notify_command)
assure.add_command(serve)
assure.add_command(refresh)
assure.add_command(redline)
assure.add_command(publish)
assure.add_command(pdf)


@assure.group()
def config() -> None:
    """Look at configurations."""


@config.command("check")
@click.argument("partnership", nargs=-1)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="Folder that holds partnerships' folders; else ASSURE_PARTNERSHIPS, else the product's own.",
)
@click.option("--json", "as_json", is_flag=True, help=OUTCOME_HELP)
def check_configuration(partnership: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Read configurations and say what is wrong in them, with file, line and key."""
    from config.load import MistakesRefused, load_partnership, partnership_ids
    from tasks.order import check_suites

    refused: Refused | None = None
    told: list[dict[str, Any]] = []
    for name in partnership or partnership_ids(folder):
        try:
            loaded = load_partnership(name, folder)
            check_suites(loaded)
            if loaded.templates:
                from tasks.assemble.template_lint import refuse_faulty

                refuse_faulty(loaded)
        except Refused as error:
            refused = error
            mistakes = error.mistakes if isinstance(error, MistakesRefused) else (error,)
            told.append({"partnership": name, "mistakes": [str(mistake) for mistake in mistakes]})
            if not as_json:
                click.echo(f"{name}: {error}", err=True)
            continue
        told.append(
            {
                "partnership": name,
                "mistakes": [],
                "measures": len(loaded.measures),
                "sources": len(loaded.sources),
                "rules": len(loaded.rules),
                "sections": len(loaded.sections),
            }
        )
        if not as_json:
            click.echo(
                f"{name}: good. {len(loaded.measures)} measures, {len(loaded.sources)} sources, "
                f"{len(loaded.rules)} rules, {len(loaded.sections)} sections."
            )
    if as_json:
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    if refused:
        sys.exit(refused.exit_code)


@assure.group()
def store() -> None:
    """Look at stores."""


@store.command("check")
@click.option("--store", "address", default="", help="Folder or s3://bucket/prefix to try; else ASSURE_STORE.")
@click.option("--json", "as_json", is_flag=True, help=OUTCOME_HELP)
def check_store(address: str, as_json: bool) -> None:
    """Try what a store promises, and say in words what it keeps.

    Puts some probing objects into the store, under a name of their own.
    """
    from config.settings import Settings
    from tasks.store import open_store

    promises = open_store(address or Settings.from_environment().store).probe()
    if as_json:
        click.echo(json.dumps([promise.__dict__ for promise in promises], indent=1, ensure_ascii=False))
    else:
        says = {True: "kept", False: "NOT KEPT", None: "note"}
        for promise in promises:
            click.echo(f"{says[promise.kept]:<10} {promise.words}")
    if any(promise.kept is False for promise in promises):
        sys.exit(NEEDS_A_PERSON)


def main() -> None:
    """Run the command; show errors that people can act on without a traceback."""
    try:
        assure(standalone_mode=False, prog_name="assure")
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo(
            "Stopped. This run did not happen: it has no manifest, and some of its results may lie beside older ones.\n"
            "  What to do: Run the same command again; it ends as if it had not been stopped.",
            err=True,
        )
        sys.exit(3)
    except AssuranceError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)


def _one_period(
    written: str, kind: type, partnership: str, inbox: str, store: str, dry_run: bool, as_json: bool
) -> None:
    from tasks.kept import period_of

    if not isinstance(period_of(written), kind):
        quarter = kind is Quarter
        raise Refused(
            f"'{written}' is {'a year' if quarter else 'a quarter'}.",
            to_do=f"Write a quarter like 2023-24-Q4, or use 'assure report {written}'."
            if quarter
            else f"Write a year like 2023-24, or use 'assure quarter {written}'.",
        )
    period = str(period_of(written))
    name = partnership_asked_for(partnership)
    _refuse_mistakes(name)

    def orders() -> list[tuple[str, Order]]:
        from flows.periodic import order_for

        return [(period, order_for(period, name, inbox, store))]

    if dry_run:
        _dry_run(orders()[0][1], as_json)
        return
    outcomes = run_flows(orders, Path(os.environ.get("ASSURE_HOME", ".assure")) / "prefect")
    if as_json:
        click.echo(json.dumps(_plain(outcomes[0]), indent=1))
    else:
        _where_to_look(outcomes[0].order.store, name, outcomes)
    _leave(outcomes)


def _refuse_mistakes(partnership: str) -> None:
    """A wrong configuration is refused before anything is started or written."""
    from tasks.order import partnership_of

    partnership_of(partnership)


def _dry_run(order: Order, as_json: bool) -> None:
    from tasks.gather import recognise
    from tasks.kept import period_of
    from tasks.order import partnership_of

    partnership, period = partnership_of(order.partnership), period_of(order.period)
    taken = recognise(partnership, period, order.inbox)
    came = {source for _, source in taken}
    due = partnership.due("quarter" if "Q" in order.period else "year")
    missing = [source.id for source in due if source.id not in came]
    if as_json:
        click.echo(json.dumps({"order": order.__dict__, "files": dict(taken), "missing": missing}, indent=1))
        return
    click.echo(f"{order.period} from {order.inbox} into {order.store}: nothing is written.")
    for name, source in taken:
        click.echo(f"  {name} -> {partnership.sources[source].title if source else 'not expected from anybody'}")
    for source in missing:
        click.echo(f"  (nothing) -> {partnership.sources[source].title}")


def _where_to_look(store: str, partnership: str, outcomes: list[Outcome]) -> None:
    from flows.telling import edited_words
    from tasks.order import partnership_of
    from tasks.run import Stages

    last = outcomes[-1]
    current = Path(store) / "current"
    root = str(current) if current.is_dir() else store.rstrip("/")
    folder = last.order.folder
    click.echo(f"\nDone: {partnership_of(partnership).profile.name}, {last.order.period}.")
    click.echo(f"  Everything is in       {store}")
    click.echo(f"  Front page             {root}/index.html")
    click.echo(f"  Quality page           {root}/quality/{folder}/index.html")
    click.echo(f"  Word drafts            {root}/drafts/{folder}")
    click.echo(f"  Register of figures    {root}/register/{folder}/figures.csv")
    for draft in Stages(last.order).drafts_made():
        if draft.beside != "none":
            click.echo("\n".join(wrapped(f"{draft.key}: {edited_words(draft)}.", 2, 4)))
    if things := Stages(last.order).to_look_at():
        needs = "1 thing needs" if len(things) == 1 else f"{len(things)} things need"
        click.echo(f"\n{needs} a person. Read these first:")
        for thing in things[:FIRST]:
            click.echo(f"  - {thing}")
        if len(things) > FIRST:
            click.echo(f"  and {len(things) - FIRST} more, on the quality page.")
    click.echo(f"\nTo follow any figure back to its cell: {_this_command()} explain FIGURE_ID --store '{store}'")


def _this_command() -> str:
    """How to call this command again from here: by its name where it is on the path."""
    beside = Path(sys.executable).parent / "assure"
    if shutil.which("assure") or not beside.exists():
        return "assure"
    near = os.path.relpath(beside)
    return shlex.quote(str(beside) if near.startswith("..") else near)


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "period": outcome.order.period,
        "store": outcome.order.store,
        "manifest": outcome.manifest.key,
        "open_findings": outcome.open_findings,
        "failed_checks": outcome.failed_checks,
        "missing": outcome.missing,
    }


def _leave(outcomes: list[Outcome]) -> None:
    if any(outcome.open_findings or outcome.failed_checks or outcome.missing for outcome in outcomes):
        sys.exit(NEEDS_A_PERSON)
