"""How do the pages come about? Each is one HTML file that asks nothing of a network and needs no script.

Belongs here: filling in ``templates/pages/``. Does not belong here: what is said (``tasks.front_page.told``,
``tasks.review.checked``), and handing pages out (``flows.pages``). The same values make the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.model import Group, Look
from tasks.front_page.told import FrontPage
from tasks.quality.page import OWN, colours
from tasks.review.checked import CheckedDraft
from tasks.review.uploads import TakenUpload
from tasks.words import listed, lower_first, many, upper_first

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "pages"


def front_page(told: FrontPage, look: Look, *, root: str = "", upload: str = "", runs: str = "") -> str:
    """The front page.

    ``root`` stands before every key: nothing for the page that lies in the store itself, ``store/`` for the one that a
    server hands out. ``upload`` is the address of the form for editors, ``runs`` that of Prefect's pages; each is empty
    where nobody answers there.
    """
    return _filled("front.html.j2", look, told=told, root=root, upload=upload, runs=runs)


def uploaded_page(taken: TakenUpload, checked: CheckedDraft | None, title: str, partnership: str, look: Look) -> str:
    """What became of an uploaded draft, and what its editor does next; ``checked`` is None where it was not opened.

    It lies at ``reviews/uploads/`` of the store, from where its links are relative.
    """
    told = {"taken": taken, "checked": checked, "title": title, "partnership": partnership}
    return _filled("uploaded.html.j2", look, root="../../", **told)


def upload_page(partnership: str, contact: str, groups: Sequence[Group], token: str, look: Look) -> str:
    """The form with which an editor uploads a draft; ``token`` comes back with it."""
    return _filled("upload.html.j2", look, partnership=partnership, contact=contact, groups=groups, token=token)


def message_page(title: str, what: str, why: str, to_do: str, look: Look | None, *, home: str = "/") -> str:
    """One message of a server: what happened, why it matters and what to do."""
    return _filled("message.html.j2", look, title=title, what=what, why=why, to_do=to_do, home=home)


def _filled(template: str, look: Look | None, **values: Any) -> str:
    return _environment().get_template(template).render(colours=colours(look or OWN), **values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {one.__name__: one for one in (listed, lower_first, many, upper_first)}
    return environment
