"""How does the page come about? One HTML file that asks nothing of a network and needs no script.

Belongs here: filling in ``templates/quality/page.html.j2``, and which of a partnership's colours can be read on white.
Does not belong here: what is said (``tasks.quality.results``). The same results make the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from config.colours import READABLE, contrast
from config.model import SEVERITIES, Look
from tasks.quality.chart import bar
from tasks.quality.whole import Results
from tasks.words import STATES, listed, lower_first, many, upper_first

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "quality"
PANEL = "F3F2F1"
"""The darkest ground on which the page puts coloured letters."""
OWN = Look(dark="12305B", accent="1D4F91", alert="8A1F11")
"""Stands in where a colour of the partnership cannot be read."""


def quality_page(told: Results, look: Look) -> str:
    """The page for a quarter or a year, as one HTML file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {one.__name__: one for one in (bar, listed, lower_first, many, upper_first)}
    return environment.get_template("page.html.j2").render(
        told=told, colours=colours(look), severities=SEVERITIES, states=STATES
    )


def colours(look: Look) -> dict[str, str]:
    """The partnership's colours, each where it stands out enough from white and grey to be read."""
    found = {}
    for name in ("dark", "accent", "alert"):
        own = getattr(look, name)
        found[name] = own if contrast(own, PANEL) >= READABLE else getattr(OWN, name)
    return found
