"""A PDF can be read aloud, says what the draft says, and nothing in a document makes LibreOffice fetch anything."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from config.errors import Failure, Refused
from flows.command_line import assure
from tasks.assemble import combine, office, pdf
from tasks.assemble.charts import read_charts
from tasks.review.opening import parts_of_draft
from tests.assemble.invented import RUN, YEAR
from tests.assemble.test_accessible import TEXT, TITLE, document, plain
from tests.programs import needs_office, needs_poppler

ASKED = {"UseTaggedPDF": True}


def text_of(data: bytes, folder: Path) -> str:
    (folder / "made.pdf").write_bytes(data)
    return subprocess.run(["pdftotext", folder / "made.pdf", "-"], capture_output=True, check=True, text=True).stdout


def about(data: bytes, folder: Path, *options: str) -> str:
    (folder / "made.pdf").write_bytes(data)
    asked = ["pdfinfo", *options, folder / "made.pdf"]
    return subprocess.run(asked, capture_output=True, check=True, text=True).stdout


@needs_office
@needs_poppler
def test_a_pdf_has_tags_a_title_and_the_words_with_changes_accepted(tmp_path: Path) -> None:
    kept = '<w:r><w:t xml:space="preserve">Kept </w:t></w:r>'
    added = '<w:ins w:id="1" w:author="Sam"><w:r><w:t>added</w:t></w:r></w:ins>'
    removed = '<w:del w:id="2" w:author="Sam"><w:r><w:delText>removed</w:delText></w:r></w:del>'
    figure = '<w:sdtPr><w:tag w:val="fig:a.b"/></w:sdtPr><w:sdtContent><w:r><w:t>1,234</w:t></w:r></w:sdtContent>'
    changed = f"<w:p>{kept}{added}{removed}</w:p><w:p><w:sdt>{figure}</w:sdt></w:p>"
    made = pdf.pdf_of(document(TITLE + TEXT + changed), "draft.docx")
    told = about(made, tmp_path)
    assert "Tagged:          yes" in told
    assert "Template of the shape prose" in told
    structure = about(made, tmp_path, "-struct-text")
    assert structure.index("H1") < structure.index("Annual report") < structure.index("Words of the report.")
    text = text_of(made, tmp_path)
    assert "Kept added" in text
    assert "1,234" in text
    assert "removed" not in text


@needs_office
@needs_poppler
def test_the_page_of_every_heading_of_the_report_is_the_one_it_stands_on(partnership, contexts, tmp_path: Path) -> None:
    draft = combine(partnership, YEAR, contexts, RUN)
    pages = pdf.pages_of_bookmarks(draft, "report.docx")
    (tmp_path / "made.pdf").write_bytes(pdf.pdf_of(draft, "report.docx"))
    titles = _bookmarked(draft)
    assert set(titles) == {name for name in pages if name.startswith("_Toc")}
    assert len(titles) > 10
    for name, title in titles.items():
        page = str(pages[name])
        command = ["pdftotext", "-f", page, "-l", page, tmp_path / "made.pdf", "-"]
        shown = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        assert title in " ".join(shown.split())


@needs_office
@needs_poppler
def test_charts_are_drawn_and_not_left_out_as_something_active(partnership, contexts, tmp_path: Path) -> None:
    draft = combine(partnership, YEAR, contexts, RUN)
    points = read_charts(parts_of_draft(draft, "report.docx"))
    without = _text_outside_charts(draft)
    drawn = text_of(pdf.pdf_of(draft, "report.docx"), tmp_path)
    numbers = [one for one in points if one.text[0].isdigit()]  # what is hidden has no label on it
    assert numbers
    for one in numbers:
        assert drawn.count(one.text) > without.count(one.text), one


def _text_outside_charts(draft: bytes) -> str:
    """What stands in a document outside its charts."""
    with zipfile.ZipFile(io.BytesIO(draft)) as package:
        return " ".join(etree.fromstring(package.read("word/document.xml")).itertext())


def _bookmarked(draft: bytes) -> dict[str, str]:
    from tests.assemble.test_draft import W, part

    return {
        start.get(f"{W}name"): "".join(start.getparent().itertext(f"{W}t"))
        for start in part(draft).iter(f"{W}bookmarkStart")
    }


def with_linked_picture(port: int) -> bytes:
    """A picture that lies on a server: refused as an upload, and here handed to LibreOffice all the same."""
    blip = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p" descr="A line"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" '
        'name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rId99"/><a:stretch><a:fillRect/>'
        '</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
    link = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        f'Target="http://127.0.0.1:{port}/p.png" TargetMode="External"/></Relationships>'
    )
    return document(TITLE + blip + TEXT, {"word/_rels/document.xml.rels": ("</Relationships>", link)})


@pytest.fixture
def server():
    """Counts who knocks."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        knocks: list[bytes] = []
        ends = threading.Event()

        def serve() -> None:
            listening.settimeout(0.1)
            while not ends.is_set():
                try:
                    caller, _ = listening.accept()
                except TimeoutError:
                    continue
                with caller:
                    knocks.append(caller.recv(100))
                    caller.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], knocks
        ends.set()
        thread.join()


@needs_office
def test_a_linked_picture_is_not_fetched(server, monkeypatch: pytest.MonkeyPatch) -> None:
    port, knocks = server
    assert office.to_pdf(with_linked_picture(port), ASKED).startswith(b"%PDF-")
    assert knocks == []
    # And without either guard it is, so that this test would see it.
    monkeypatch.setattr(office, "_without_network", lambda: ())
    monkeypatch.setattr(office, "_PROFILE", "")
    office.to_pdf(with_linked_picture(port), ASKED)
    assert knocks


@needs_office
def test_the_profile_alone_keeps_it_from_fetching(server, monkeypatch: pytest.MonkeyPatch) -> None:
    port, knocks = server
    monkeypatch.setattr(office, "_without_network", lambda: ())
    office.to_pdf(with_linked_picture(port), ASKED)
    assert knocks == []


def test_a_document_that_would_fetch_something_is_refused_before() -> None:
    with pytest.raises(Refused, match="linked"):
        pdf.pdf_of(with_linked_picture(1), "draft.docx")


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in LibreOffice's place."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(office, "_program", lambda: str(program))


def test_what_takes_too_long_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait", monkeypatch)
    monkeypatch.setattr(office, "LIMIT", 2)
    with pytest.raises(Failure, match="did not finish"):
        office.to_pdf(b"", ASKED)
    child = int((tmp_path / "child").read_text())
    for _ in range(50):
        if not _runs(child):
            break
        time.sleep(0.1)
    assert not _runs(child)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_what_makes_no_pdf_or_one_without_tags_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, "exit 0", monkeypatch)
    with pytest.raises(Failure, match="made no PDF"):
        pdf.pdf_of(document(TITLE), "draft.docx")
    stand_in(tmp_path, 'for last; do :; done; printf "%%PDF-1.7" > "$(dirname "$last")/document.pdf"', monkeypatch)
    with pytest.raises(Failure, match="no tags and no mark as PDF/UA"):
        pdf.pdf_of(document(TITLE), "draft.docx")


def test_without_libreoffice_a_pdf_is_refused_and_pages_are_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_program", lambda: None)
    assert pdf.pages_of_bookmarks(document(TITLE), "draft.docx") == {}
    with pytest.raises(Refused, match="not installed"):
        pdf.pdf_of(document(TITLE), "draft.docx")


def test_libreoffice_learns_no_key_of_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not for everybody")
    stand_in(tmp_path, f"env > {tmp_path}/env", monkeypatch)
    with pytest.raises(Failure):
        office.to_pdf(b"", ASKED)
    seen = (tmp_path / "env").read_text()
    assert "AWS" not in seen
    assert os.environ["HOME"] not in [line.partition("=")[2] for line in seen.splitlines()]


def test_the_copy_for_print_is_the_whole_document() -> None:
    given = document(TITLE + plain("Words."))
    with zipfile.ZipFile(io.BytesIO(given)) as one, zipfile.ZipFile(io.BytesIO(pdf._for_print(_parts(given)))) as other:
        assert sorted(one.namelist()) == sorted(other.namelist())


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


@needs_office
def test_the_command_makes_a_pdf_and_says_what_is_to_be_put_right(tmp_path: Path) -> None:
    (tmp_path / "good.docx").write_bytes(document(TITLE + TEXT))
    (tmp_path / "bad.docx").write_bytes(document(TEXT))
    good = CliRunner().invoke(assure, ["pdf", str(tmp_path / "good.docx")])
    assert good.exit_code == 0
    assert (tmp_path / "good.pdf").read_bytes().startswith(b"%PDF-")
    bad = CliRunner().invoke(assure, ["pdf", str(tmp_path / "bad.docx"), "--out", str(tmp_path / "b.pdf"), "--json"])
    assert bad.exit_code == 1
    told = json.loads(bad.stdout)
    assert told["pdf"] == str(tmp_path / "b.pdf")
    assert [problem["rule"] for problem in told["problems"]] == ["one-title"]


def test_the_command_refuses_to_write_over_the_document(tmp_path: Path) -> None:
    (tmp_path / "good.docx").write_bytes(document(TITLE + TEXT))
    file = str(tmp_path / "good.docx")
    with pytest.raises(Refused, match="take the document's place"):
        CliRunner().invoke(assure, ["pdf", file, "--out", file], catch_exceptions=False)
    assert (tmp_path / "good.docx").read_bytes() == document(TITLE + TEXT)
