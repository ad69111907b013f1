"""Fill in a blank form as people do: in Word, in Excel, and by typing in LibreOffice."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def in_word(form: bytes, answers: Mapping[str, str]) -> bytes:
    """Write into the fields of a Word form, by their tags, as Word does: a line break for each new line."""
    parts = unpacked(form)
    body = etree.fromstring(parts["word/document.xml"])
    for control in body.iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
        if tag in answers:
            prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
            prompt.getparent().remove(prompt)
            content = control.find(f"{W}sdtContent")
            content[:] = [_run(answers[tag])]
    parts["word/document.xml"] = etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True)
    return packed(parts)


def _run(text: str) -> Any:
    run = etree.Element(f"{W}r")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}t").text = line
    return run


def tags(form: bytes) -> list[str]:
    """Tags of all fields of a Word form that are to be filled in."""
    body = etree.fromstring(unpacked(form)["word/document.xml"])
    found = [control.find(f"{W}sdtPr/{W}tag").get(f"{W}val") for control in body.iter(f"{W}sdt")]
    return [tag for tag in found if tag != "period"]


def unpacked(form: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(form)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return out.getvalue()


def in_excel(form: bytes, cells: Mapping[tuple[str, str], object]) -> bytes:
    """Write into cells of an Excel form, by sheet and cell; each must be open to be written in."""
    book = openpyxl.load_workbook(io.BytesIO(form))
    for (sheet, at), value in cells.items():
        assert not book[sheet][at].protection.locked, f"{sheet} {at} is locked"
        book[sheet][at].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_cells(form: bytes) -> list[tuple[str, str]]:
    """All cells that are to be filled in, by sheet and cell."""
    book = openpyxl.load_workbook(io.BytesIO(form))
    return [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    ]


def office(folder: Path, *arguments: str) -> None:
    """Run LibreOffice with a profile of its own, for a minute at most."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", *arguments],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(folder)},
    )


def saved_by_libreoffice(folder: Path, forms: Mapping[str, bytes], ending: str) -> dict[str, bytes]:
    """The same files as LibreOffice saves them, in a format that its own name ends in."""
    sent, saved = folder / "sent", folder / f"saved-{ending}"
    sent.mkdir(exist_ok=True)
    for name, data in forms.items():
        (sent / name).write_bytes(data)
    office(folder, "--convert-to", ending, "--outdir", str(saved), *(str(sent / name) for name in forms))
    return {name: (saved / Path(name).with_suffix(f".{ending}").name).read_bytes() for name in forms}


_TYPIST = """
Sub Typed(frame, words)
 Dim given(0) As New com.sun.star.beans.PropertyValue
 given(0).Name = "Text"
 given(0).Value = words
 createUnoService("com.sun.star.frame.DispatchHelper").executeDispatch(frame, ".uno:InsertText", "", 0, given())
End Sub
Sub Entered(frame)
 Dim given(0) As New com.sun.star.beans.PropertyValue
 createUnoService("com.sun.star.frame.DispatchHelper").executeDispatch(frame, ".uno:InsertPara", "", 0, given())
End Sub
Sub Main
 On Error Goto Bad
 Dim hidden(0) As New com.sun.star.beans.PropertyValue
 hidden(0).Name = "Hidden"
 hidden(0).Value = True
 form = StarDesktop.loadComponentFromURL("{form}", "_blank", 0, hidden())
 frame = form.CurrentController.Frame
 fields = form.getContentControls()
 For i = 0 To fields.Count - 1
  field = fields.getByIndex(i)
  form.CurrentController.ViewCursor.gotoRange(field.getStart(), False)
  Select Case field.Tag
{cases}
  End Select
 Next
 Dim kept(0) As New com.sun.star.beans.PropertyValue
 kept(0).Name = "FilterName"
 kept(0).Value = "MS Word 2007 XML"
 form.storeToURL("{saved}", kept())
 form.close(True)
Bad:
 StarDesktop.terminate()
End Sub
"""
_LIBRARY = (
    '<?xml version="1.0" encoding="UTF-8"?><library:{kind} xmlns:library="http://openoffice.org/2000/library" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" {more}</library:{kind}>'
)


def typed_in_libreoffice(folder: Path, form: bytes, answers: Mapping[str, str]) -> bytes:
    """A Word form opened in LibreOffice, typed into key by key and saved. Its profile must have been used before."""
    at, saved = folder / "form.docx", folder / "typed.docx"
    at.write_bytes(form)
    cases = "\n".join(f'   Case "{tag}"\n{_keys(text)}' for tag, text in answers.items())
    basic = folder / "profile" / "user" / "basic"
    library = basic / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    own = 'xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple"'
    (basic / "script.xlc").write_text(
        _LIBRARY.format(
            kind="libraries", more=f'><library:library library:name="Standard" {own} library:link="false"/>'
        )
    )
    (library / "script.xlb").write_text(
        _LIBRARY.format(kind="library", more='library:name="Standard"><library:element library:name="Typist"/>')
    )
    (library / "Typist.xba").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><script:module xmlns:script="http://openoffice.org/2000/script" '
        'script:name="Typist" script:language="StarBasic">'
        + escape(_TYPIST.format(form=at.as_uri(), saved=saved.as_uri(), cases=cases))
        + "</script:module>"
    )
    office(folder, "macro:///Standard.Typist.Main")
    return saved.read_bytes()


def _keys(text: str) -> str:
    lines = (f'    Typed(frame, "{line.replace(chr(34), chr(34) * 2)}")' for line in text.split("\n"))
    return "\n    Entered(frame)\n".join(lines)
