"""Make the Word draft of one section.

Belongs here: the order of the steps from a context to bytes. Does not belong here: what the section says
(``tasks.assemble.context``).
"""

from __future__ import annotations

import io

from docx import Document

from config.errors import Refused
from tasks.assemble.chart_parts import draw_charts
from tasks.assemble.figures import Linker, add_register
from tasks.assemble.finish import add_watermark, recolour, set_properties, to_bytes
from tasks.assemble.render import fill_in, section_values
from tasks.assemble.values import SectionContext
from templates.word import NAMES
from templates.word import template as shipped


def draft_section(context: SectionContext, template: bytes | None = None) -> bytes:
    """The section as a .docx, made from the template given or from the one of its shape that comes with the project.

    Raises:
        Refused: the template asks for what the section does not have, or there is no template of that name.
    """
    filled = fill_in(
        template or template_named(context.template), context.template, section_values(context, alone=True)
    )
    # Opened anew, because what docxtpl put into headers is not seen by python-docx until then.
    document = Document(io.BytesIO(filled))
    printed = {f"{context.section_id}/{figure.ref}": figure for figure in context.figures}
    counts = Linker(document, printed, context.as_at).link()
    charts = draw_charts(document, context.charts, context.look)
    add_register(document, context.figures, counts, context.run_id, context.section_id, charts)
    recolour(document, context.look)
    add_watermark(document)
    set_properties(document, context.running_title, context.partnership, context.as_at)
    return to_bytes(document)


def template_named(name: str) -> bytes:
    """A template that comes with the project.

    Raises:
        Refused: there is none of that name.
    """
    try:
        return shipped(name)
    except KeyError:
        raise Refused(
            f"There is no Word template '{name}'.",
            where="'template' of a section in report.yaml",
            to_do=f"Name one of {', '.join(NAMES)}.",
        ) from None
