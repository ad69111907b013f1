"""Where things are on this machine: store, inbox, Prefect. Read from the environment, never from a partnership's files.

Belongs here: what differs between machines. Does not belong here: anything a figure depends on.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Each field is read from ``ASSURE_<FIELD>`` (``ASSURE_STORE``) unless it says otherwise.

    The defaults suit one person on one machine.
    """

    store: str
    """Address of the object store: a folder, or ``s3://bucket/prefix``."""
    inbox: str
    """Folder or ``s3://bucket/prefix``, with a folder for each quarter (``2023-24/Q1``) and the year (``annual``)."""
    partnership: str
    """Id of the partnership that this machine works for."""
    partnerships: Path
    """Folder that holds partnerships' configurations; the product's own unless a partnership keeps its elsewhere."""
    home: Path
    """What this machine keeps for itself: the database of a temporary Prefect server."""
    page_numbers: bool
    """Does LibreOffice find out the page numbers for the annual report's contents? It takes some seconds."""
    pages: str
    """Address under which people reach the pages (``flows.pages``), as ``https://reports.example``; empty where nobody
    serves them, and links lead into the store itself."""
    runs: str
    """Address under which people reach Prefect's pages, as Prefect has it (``PREFECT_UI_URL``); else empty."""
    password_file: str
    """File with ``user:password`` for the pages; empty for the password of Prefect's server, where that has one."""
    trusted_proxy: bool
    """Does a proxy with single sign-on stand before the pages, whose ``X-Forwarded-User`` can be believed?"""

    @classmethod
    def from_environment(cls) -> Settings:
        home = Path(os.environ.get("ASSURE_HOME", ".assure"))
        return cls(
            store=os.environ.get("ASSURE_STORE", str(home / "store")),
            inbox=os.environ.get("ASSURE_INBOX", "inbox"),
            partnership=os.environ.get("ASSURE_PARTNERSHIP", ""),
            partnerships=Path(os.environ.get("ASSURE_PARTNERSHIPS", Path(__file__).parent / "partnerships")),
            home=home,
            page_numbers=os.environ.get("ASSURE_PAGE_NUMBERS", "").casefold() in ("1", "yes", "true", "on"),
            pages=os.environ.get("ASSURE_PAGES", "").rstrip("/"),
            runs=os.environ.get("PREFECT_UI_URL", "").rstrip("/"),
            password_file=os.environ.get("ASSURE_PASSWORD_FILE", ""),
            trusted_proxy=os.environ.get("ASSURE_TRUSTED_PROXY", "") == "1",
        )
