"""Commands about drafts that people edited: what became of their figures, numbers and comments.

Belongs here: what was typed, and how a checked draft looks on a screen. Does not belong here: checking
(``tasks.review``). What a document says may be printed here, to the person who has the document; it is never logged.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from config.errors import Refused
from flows.command_words import JSON_HELP, LOOK_IN_HELP, NEEDS_A_PERSON, read_document, wrapped

if TYPE_CHECKING:
    from tasks.review.checked import CheckedComment, CheckedDraft, CheckedFigure, CheckedNumber

MOST = 20
"""Things of one kind that are shown of one draft; the rest is counted, and is whole in the JSON."""


@click.command()
@click.argument("drafts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--period", default="", help="Hold them against this period; left out: that of the run that made each.")
@click.option("--store", default="", help=LOOK_IN_HELP)
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def check(drafts: tuple[Path, ...], period: str, store: str, as_json: bool) -> None:
    """Read edited DRAFTS back.

    Says of every figure whether it is as the register has it, was changed, deleted or copied; which numbers somebody
    typed; and what people ask in comments. Writes nothing. Other Word documents are compared by their words.
    """
    from config.settings import Settings
    from tasks.kept import period_of
    from tasks.review.against import Against
    from tasks.store import open_store

    kept = open_store(store or Settings.from_environment().store)
    against = Against(kept, period_of(period) if period else None)
    told: list[dict[str, Any]] = []
    code = 0
    for number, path in enumerate(drafts):
        if len(drafts) > 1:
            click.echo(f"  {number + 1} of {len(drafts)}: {path.name}", err=True)
        try:
            checked = against.check(read_document(path), path.name)
        except Refused as error:
            code = error.exit_code
            told.append({"name": path.name, "refused": error.what, "to_do": error.to_do})
            if not as_json:
                click.echo(f"{path.name}: it was not checked.\n{error}", err=True)
            continue
        code = code or (NEEDS_A_PERSON if checked.needs_a_person else 0)
        told.append(_plain(checked))
        if not as_json:
            click.echo("\n".join([*([""] if number else []), *_screen(checked)]))
    if as_json:
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    if code:
        sys.exit(code)


def _plain(checked: CheckedDraft) -> dict[str, Any]:
    from tasks import plain

    return {**plain.to_plain(checked), "needs_a_person": checked.needs_a_person}


# On a screen


def _screen(checked: CheckedDraft) -> list[str]:
    from tasks.review.checked import STATES

    lines = [f"{checked.name}: {STATES[checked.state]}."]
    lines += (
        wrapped(f"Run {checked.run}. {checked.in_short}".strip(), 2) if checked.run else wrapped(checked.in_short, 2)
    )
    for note in checked.notes:
        lines += wrapped(note, 2)
    figures = [one for one in checked.figures if one.state != "ok"]
    numbers = [one for one in checked.numbers if one.state != "agrees"]
    lines += _listed("Figures", [_figure(one) for one in figures])
    lines += _listed("Numbers outside of figures", [_number(one) for one in numbers])
    return lines + _listed("Comments of people", [_comment(one) for one in checked.comments if one.is_open])


def _listed(heading: str, items: list[list[str]]) -> list[str]:
    lines = ["", heading] if items else []
    for item in items[:MOST]:
        lines += item
    return [*lines, f"  and {len(items) - MOST} more, in the JSON."] if len(items) > MOST else lines


def _figure(one: CheckedFigure) -> list[str]:
    lines = [f"  {one.id}", *wrapped(one.what, 4)]
    return lines + _where(one.where, one.around) + wrapped(f"To do: {one.to_do}", 4)


def _number(one: CheckedNumber) -> list[str]:
    return [*wrapped(one.what, 2, 4), *_where(one.where, one.around), *wrapped(f"To do: {one.to_do}", 4)]


def _comment(one: CheckedComment) -> list[str]:
    day = f", {one.date[:10]}" if one.date else ""
    lines = wrapped(f"{one.author or 'Somebody'}{day}: {' '.join(one.text.split())}", 2, 4)
    lines += _where(one.where, one.on)
    return lines + (wrapped(f"Figures: {', '.join(one.figures)}", 4) if one.figures else [])


def _where(heading: str, around: str) -> list[str]:
    said = f": “{around}”" if around else ""
    return wrapped(f"{heading or 'Before the first heading'}{said}", 4) if heading or around else []
