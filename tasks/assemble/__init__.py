"""Assemble: what does the report say this period, and what does it look like in Word?

``section_context`` and ``report_context`` gather what is said, as frozen plain values; ``draft_section`` and
``combine`` make Word documents of them, and ``quality_document`` one of what ``tasks.quality`` tells; ``read_figures``,
``read_charts`` and ``read_register`` read figures back from one.
"""

from tasks.assemble.charts import ChartPoint, read_charts, set_points
from tasks.assemble.combine import combine
from tasks.assemble.context import section_context
from tasks.assemble.draft import draft_section
from tasks.assemble.figures import FigureInDraft, read_figures, read_register
from tasks.assemble.quality import quality_document
from tasks.assemble.report import report_context
from tasks.assemble.values import ReportContext, SectionContext

__all__ = [
    "ChartPoint",
    "FigureInDraft",
    "ReportContext",
    "SectionContext",
    "combine",
    "draft_section",
    "quality_document",
    "read_charts",
    "read_figures",
    "read_register",
    "report_context",
    "section_context",
    "set_points",
]
