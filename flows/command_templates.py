"""``assure template``: is a Word template that somebody restyled fit to make drafts from?

Belongs here: what was typed, and what is printed. Does not belong here: what is looked for
(``tasks.assemble.template_lint``).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from config.errors import Refused
from flows.command_words import (
    JSON_HELP,
    NEEDS_A_PERSON,
    PARTNERSHIP_HELP,
    partnership_asked_for,
    read_document,
    wrapped,
)

if TYPE_CHECKING:
    from tasks.assemble.template_lint import Fault


@click.group()
def template() -> None:
    """Look at Word templates that were restyled."""


@template.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--partnership", default="", help=PARTNERSHIP_HELP)
@click.option("--shape", default="", help="What it is a template of, like snapshot; left out: as the file is called.")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def check_template(files: tuple[Path, ...], partnership: str, shape: str, as_json: bool) -> None:
    """Say what is wrong in restyled Word templates, and what to do.

    Looks at tags, figures, styles and tables, and fills each in with all its sections. Writes nothing. A template that
    is good goes into the folder 'templates' of the partnership's configuration, and is used from then on.
    """
    from config.load import load_partnership
    from tasks.assemble.template_lint import faults_of

    loaded = load_partnership(partnership_asked_for(partnership))
    told: list[dict[str, Any]] = []
    code = 0
    for path in files:
        click.echo(f"  Trying {path.name} …", err=True)
        try:
            faults = faults_of(read_document(path), path.name, shape or path.stem, loaded)
        except Refused as error:
            code = error.exit_code
            told.append({"name": path.name, "refused": error.what, "to_do": error.to_do})
            if not as_json:
                click.echo(f"{path.name}: it was not tried.\n{error}", err=True)
            continue
        code = code or (NEEDS_A_PERSON if faults else 0)
        told.append({"name": path.name, "faults": [fault.__dict__ for fault in faults]})
        if not as_json:
            click.echo("\n".join(_screen(path.name, faults)))
    if as_json:
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    if code:
        sys.exit(code)


def _screen(name: str, faults: tuple[Fault, ...]) -> list[str]:
    from tasks.assemble.template_lint import together

    if not faults:
        return [f"{name}: good. Drafts can be made from it."]
    stops = sum(fault.stops for fault in faults)
    lines = [f"{name}: {'no draft can be made from it' if stops else 'drafts can be made from it'}."]
    for heading, of_kind in (("Must be put right", True), ("Should be put right", False)):
        found = together([fault for fault in faults if fault.stops is of_kind])
        lines += ["", heading] if found else []
        for fault in found:
            lines += [
                *wrapped(fault.what, 2, 4),
                *wrapped(f"Where: {fault.where}", 4),
                *wrapped(f"To do: {fault.to_do}", 4),
            ]
    return lines
