"""Which Word templates come with the project, and where are their bytes?

Belongs here: finding a template by its name. Does not belong here: making them (``templates.word.build``) and filling
them (``tasks.assemble``).
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent

DARK, ACCENT, ALERT = "12305B", "00696B", "B4380E"
"""The colours of the templates; a partnership's own take their places when a draft is made."""

SHAPES = ("snapshot", "priority", "learning", "activity", "prose", "finance", "child-friendly")
"""Templates of a section; ``report`` is the cover, contents and annexes of the combined report, ``quality`` its last
annex as a document of its own."""

NAMES = (*SHAPES, "report", "quality")


def template(name: str) -> bytes:
    """The Word template of that name, as it lies in this folder.

    Raises:
        KeyError: no such template comes with the project.
    """
    if name not in NAMES:
        raise KeyError(name)
    return (FOLDER / f"{name}.docx").read_bytes()
