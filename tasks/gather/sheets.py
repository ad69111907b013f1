"""The sheets of a workbook as grids, whichever of the five kinds of workbook it is.

Belongs here: which module reads which kind, and what every kind is refused or told for. Does not belong here: the kinds
themselves (``excel``, ``opendocument``, ``old_excel``, ``binary_excel``), and what cells mean
(``tasks.gather.workbook``).
"""

from __future__ import annotations

from tasks.gather import safe
from tasks.gather.collect import Collector
from tasks.gather.grid import Grid


def grids(collect: Collector, data: bytes) -> list[Grid]:
    """Every worksheet of a workbook. Modules that read a kind are imported when such a file comes.

    Raises:
        NotTaken: the file cannot be opened, or must not be.
    """
    kind, parts = safe.document(collect, data, "workbook")
    match kind:
        case "ods":
            from tasks.gather import opendocument

            return list(opendocument.grids(collect, parts))
        case "xls":
            from tasks.gather import old_excel

            return old_excel.grids(collect, data)
        case "xlsb":
            from tasks.gather import binary_excel

            return binary_excel.grids(collect, data, parts)
        case _:
            from tasks.gather import excel

            return excel.grids(collect, data, parts)
