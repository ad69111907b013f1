"""What makes a filled-in document a draft of this partnership: its colours, the DRAFT mark, its properties, its bytes.

Belongs here: what is the same for a section and for the whole report. Does not belong here: figures
(``tasks.assemble.figures``).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import nsmap
from lxml import etree

from config.errors import Refused
from config.model import Look
from templates.word import ACCENT, ALERT, DARK

_W = f"{{{nsmap['w']}}}"

WATERMARK = """
<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"><w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>
<v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"
 o:connectangles="270,180,90,0"/>
<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>
<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>
<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136" alt="Watermark: DRAFT"
 style="position:absolute;margin-left:0;margin-top:0;width:460pt;height:170pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;\
mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#dfe3e8" stroked="f">
<v:fill opacity=".5"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt;font-weight:bold" string="DRAFT"/>
</v:shape>
</w:pict></w:r>
"""
"""Word's own shape for a watermark, so that Design > Watermark > Remove finds it."""


def recolour(document: Any, look: Look) -> None:
    """Put the partnership's colours in the places of the template's."""
    colours = {DARK: look.dark, ACCENT: look.accent, ALERT: look.alert}
    if all(ours == theirs for ours, theirs in colours.items()):
        return
    for element in document.styles.element.iter(f"{_W}*"):
        for name in ("color", "fill", "val"):
            value = element.get(f"{_W}{name}")
            if value in colours and (name != "val" or element.tag == f"{_W}color"):
                element.set(f"{_W}{name}", colours[value])


def add_watermark(document: Any) -> None:
    """Write DRAFT behind the text of every page.

    Raises:
        Refused: the template has no header for it to stand in.
    """
    headers = [
        rel.target_part.element for rel in document.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.HEADER
    ]
    if not headers:
        raise Refused(
            "The Word template has no header.",
            why="The header says which run made the draft, and marks every page as a draft.",
            to_do="Take the header from the template that comes with the project.",
        )
    for header in headers:
        header.find(f"{_W}p").append(etree.fromstring(WATERMARK))


def set_properties(document: Any, title: str, partnership: str, as_at: date, subject: str = "Draft for review") -> None:
    """Say what the document is, whose, and in which language; dates are the period's last day, never today's."""
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, partnership, partnership
    properties.subject, properties.language = subject, "en-GB"
    properties.created = properties.modified = datetime.combine(as_at, time())
    properties.revision = 1


def to_bytes(document: Any) -> bytes:
    """The document as a .docx, the same bytes from the same content."""
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source:
        return packed({name: source.read(name) for name in source.namelist()})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A document from its parts, the same bytes from the same parts: these in order, no times of making."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name != "_rels/.rels", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(entry, parts[name], compresslevel=6)
    return out.getvalue()
