"""The sheets of a workbook as grids, whichever of the five kinds of workbook it is.

Belongs here: which module reads which kind, and what every kind is refused or told for. Does not belong here: the kinds
themselves (``excel``, ``opendocument``, ``old_excel``, ``binary_excel``), and what cells mean
(``tasks.gather.workbook``).
"""

from __future__ import annotations

from tasks.gather import safe
from tasks.gather.collect import FileProblems
from tasks.gather.grid import Grid


def grids(collect: FileProblems, data: bytes) -> list[Grid]:
    """Every worksheet of a workbook. Modules that read a kind are imported when such a file comes.

    Raises:
        NotTaken: the file cannot be opened, or must not be.
    """
    kind, parts = safe.document(collect, data, "workbook")
    if kind == "ods":
        from tasks.gather.opendocument import grids as in_opendocument

        return list(in_opendocument(collect, parts))
    if kind == "xls":
        from tasks.gather.old_excel import grids as in_old_excel

        return in_old_excel(collect, data)
    if kind == "xlsb":
        from tasks.gather.binary_excel import grids as in_binary_excel

        return in_binary_excel(collect, data, parts)
    from tasks.gather.excel import grids as in_excel

    return in_excel(collect, data, parts)
