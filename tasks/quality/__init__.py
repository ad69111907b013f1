"""What does the quality assurance group read? One page that opens anywhere, a Word annex, and the same as data.

``results`` puts together, once, everything that is said about one quarter or year, as frozen plain values. The page
(``quality_page``), the table (``quality_table``), the JSON (``tasks.plain``) and the Word annex
(``tasks.assemble.quality``) are all made from that value, so that they cannot disagree.

Nothing here shows what stands in a cell: places of rows only; values only of figures, side by side where they disagree.
"""

from tasks.quality.page import quality_page
from tasks.quality.results import results
from tasks.quality.table import quality_table
from tasks.quality.told import Seen
from tasks.quality.whole import Results

__all__ = ["Seen", "Results", "quality_page", "quality_table", "results"]
