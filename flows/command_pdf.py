"""``assure pdf``: a PDF that can be read aloud, of a Word document.

Belongs here: reading what was typed, and what is printed. Does not belong here: making it (``tasks.assemble.pdf``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.errors import Refused
from flows.command_words import NEEDS_A_PERSON, OUTCOME_HELP, read_document, write_new
from tasks.words import many

if TYPE_CHECKING:
    from tasks.assemble.accessible import Problem


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="The PDF to write; else beside FILE, under its name.",
)
@click.option("--json", "as_json", is_flag=True, help=OUTCOME_HELP)
def pdf(file: Path, out: Path | None, as_json: bool) -> None:
    """Make a PDF of a Word document that screen readers can read.

    FILE is a .docx: a draft, one that was edited, or any other. Tracked changes are accepted in the PDF and comments
    left out; a draft stays marked as one. Ends with 1 where something in the document keeps somebody from reading it.
    """
    if not file.is_file():
        raise Refused("There is no such file.", where=str(file), to_do="Name a Word document (.docx).")
    target = out or file.with_suffix(".pdf")
    if target.resolve() == file.resolve():
        raise Refused("The PDF would take the document's place.", where=str(file), to_do="Name another file.")

    from tasks.assemble import office
    from tasks.assemble.accessible import problems_of
    from tasks.assemble.pdf import pdf_of

    click.echo("Laying out the document ...", err=True)
    data = read_document(file)
    if target.exists():
        raise Refused(
            "There is a file of this name already.",
            where=str(target),
            why="It may be the PDF that somebody was sent.",
            to_do="Name another one with --out, or move it away.",
        )
    write_new(target, pdf_of(data, file.name))
    if office.has_network():
        click.echo(
            "LibreOffice has a network on this machine. It was told to follow no link, and the document has none that "
            "it follows by itself.",
            err=True,
        )
    problems = problems_of(data, file.name)
    if as_json:
        click.echo(json.dumps({"pdf": str(target), "problems": [asdict(one) for one in problems]}, ensure_ascii=False))
    else:
        _tell(target, problems)
    if problems:
        sys.exit(NEEDS_A_PERSON)


def _tell(target: Path, problems: Sequence[Problem]) -> None:
    click.echo(f"Made {target}.")
    if not problems:
        click.echo("A program finds nothing in the document that keeps somebody from reading it.")
        return
    click.echo(f"{many(len(problems), 'thing')} in the document to put right, so that everybody can read it:")
    for one in problems:
        click.echo(f"  - {one.what} Where: {one.where}. What to do: {one.to_do}")
