"""Make the quality page's Word twin: for those who read, print or file documents.

Belongs here: a document of its own from what ``tasks.quality`` tells. Does not belong here: what is told, and the annex
of the combined report, which has the same blocks (``templates.word.quality``).
"""

from __future__ import annotations

import io
from datetime import date

from docx import Document

from config.model import Look
from tasks.assemble.draft import template_named
from tasks.assemble.finish import recolour, set_properties, to_bytes
from tasks.assemble.render import fill_in
from tasks.quality import Results


def quality_document(told: Results, look: Look, as_at: date, run_id: str) -> bytes:
    """Data quality and reconciliation of a quarter or year, as a .docx: the same bytes from the same results."""
    title = f"Data quality: {told.period_title}"
    values = {"quality": told, "partnership": told.partnership, "running_title": title, "run_id": run_id}
    document = Document(io.BytesIO(fill_in(template_named("quality"), "quality", values)))
    recolour(document, look)
    set_properties(document, title, told.partnership, as_at, subject="For the quality assurance group")
    return to_bytes(document)
