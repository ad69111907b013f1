"""The same bytes each time: a document or workbook without the moment at which it was made.

Belongs here: properties and zip stamps. Does not belong here: what a document says.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

STAMP = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def fixed(data: bytes, made: datetime) -> bytes:
    """Rewrite an Office file with stamps of 1980 and ``made`` as the time of its last change."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", compresslevel=9) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + made.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>", part)
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return out.getvalue()
