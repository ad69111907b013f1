"""A small store of the invented partnership: a year that was run, a quarter that was run, and one that was opened.

What lies in the closed part holds a word that no page may show.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from config.load import load_partnership
from config.partnership import Partnership
from tasks import plain
from tasks.drafts import WRITER
from tasks.model import Draft, Register
from tasks.quality import quality_page
from tasks.store import ObjectStore
from tests.quality.invented import PAGES
from tests.review import drafts_edited as edits

PARTNERSHIPS = Path(__file__).parent.parent / "partnerships"
CLOSED = "not-for-readers"
DRAFT = f"drafts/2023-24/annual/{edits.SNAPSHOT}.docx"


@cache
def partnership() -> Partnership:
    return load_partnership("eastmere", PARTNERSHIPS)


def fill(store: ObjectStore) -> ObjectStore:
    """Put into a store what runs would."""
    look = partnership().profile.look
    store.put("partnership.json", json.dumps({"id": "eastmere"}).encode())
    for folder, name in (("annual", "year"), ("Q3", "everything")):
        told = PAGES[name]()
        store.put(f"quality/2023-24/{folder}/data-quality.json", plain.to_json(told).encode())
        store.put(f"quality/2023-24/{folder}/index.html", quality_page(told, look).encode())
        store.put(f"findings/2023-24/{folder}/findings.json", b'{"findings": []}')
    book = Register(tuple(edits.register().values()), (), (), ())
    store.put("register/2023-24/annual/register.json", plain.to_json(book).encode())
    store.put("register/2023-24/annual/figures.csv", b"id,display\r\n")
    draft = store.put(DRAFT, edits.draft(), about={"writer": WRITER})
    made = Draft(edits.SNAPSHOT, "Eastmere <snapshot>", DRAFT, draft.sha256, (), 2, ("No return from training",))
    store.put("drafts/2023-24/annual/drafts.json", plain.to_json({"drafts": [made]}).encode())
    store.put("forms/2024-25/Q1/training.docx", b"a form", about={"name": "Training Q1.docx"})
    store.put("published/2022-23/annual-report.pdf", b"%PDF-1.7")
    for room in (
        "restricted/register",
        "received/2023-24/Q3/training",
        "gathered/2023-24/Q3",
        "decisions/2023-24",
    ):
        store.put(f"{room}/a.json", CLOSED.encode())
    return store
