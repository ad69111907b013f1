"""Every kind of document that is not opened when it comes back as a draft, each as a really hostile file.

The table of edited drafts in the README is made of these; ``test_opening`` opens each of them.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from tests.gather.files import part, rezipped, wide
from tests.gather.test_safe import HTML, OLE
from tests.review.drafts import drafts

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{RELATION}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
DOCUMENT, TYPES, RELS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE x [" + '<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip


def draft() -> bytes:
    return drafts()["eastmere-snapshot"]


def changed(name: str, old: str, new: str, data: bytes | None = None) -> bytes:
    """The draft with something in one part replaced, where it stands first."""
    data = data or draft()
    text = part(data, name).decode()
    assert old in text
    return rezipped(data, {name: text.replace(old, new, 1).encode()})


def with_words(xml: str, data: bytes | None = None) -> bytes:
    """The draft with a paragraph of WordprocessingML as its last one."""
    return changed(DOCUMENT, "<w:sectPr", f"<w:p {SPACES}>{xml}</w:p><w:sectPr", data)


def with_link(
    kind: str, target: str, mode: str = ' TargetMode="External"', rels: str = RELS, data: bytes | None = None
) -> bytes:
    """The draft with one more relationship, which is called rIdX."""
    relation = f'<Relationship Id="rIdX" Type="{RELATION}/{kind}" Target="{target}"{mode}/>'
    data = data or draft()
    try:
        return changed(rels, "</Relationships>", f"{relation}</Relationships>", data)
    except KeyError:
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        return rezipped(data, {rels: f'<Relationships xmlns="{space}">{relation}</Relationships>'.encode()})


def field_of(*instruction: str, mark: str = "w:instrText") -> bytes:
    """The draft with a field whose instruction is spread over runs, as Word spreads it."""
    runs = "".join(f'<w:r><{mark} xml:space="preserve">{piece}</{mark}></w:r>' for piece in instruction)
    return with_words(f"{_mark('begin')}{runs}{_mark('separate')}<w:r><w:t>see</w:t></w:r>{_mark('end')}")


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def quoted_field() -> bytes:
    """A field whose name another field makes up out of character codes: 68 68 69 is DDE."""
    inner = f"{_mark('begin')}<w:r><w:instrText>QUOTE 68 68 69</w:instrText></w:r>{_mark('end')}"
    return with_words(f"{_mark('begin')}{inner}<w:r><w:instrText> x y</w:instrText></w:r>{_mark('end')}")


def field_in_a_tracked_change() -> bytes:
    """Harmless as it stands; DDE once the deletion in the middle of its name is accepted."""
    name = (
        '<w:r><w:instrText>D</w:instrText></w:r><w:del w:id="900" w:author="x"><w:r><w:delInstrText>X</w:delInstrText>'
        "</w:r></w:del><w:r><w:instrText>DE x y</w:instrText></w:r>"
    )
    return with_words(f"{_mark('begin')}{name}{_mark('end')}")


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int) -> bytes:
    """A whole PNG of one grey colour, a few kilobytes large however many pixels it has."""
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(1 + width // 8)) for _ in range(min(height, 600))) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    """The header of a JPEG of the kind that has neither a JFIF nor an Exif segment."""
    adobe = b"\xff\xee\x00\x0eAdobe\x00\x64\x80\x00\x00\x00\x01"
    return b"\xff\xd8" + adobe + struct.pack(">HHBHHB", 0xFFC0, 11, 8, height, width, 1) + b"\1\x11\0\xff\xd9"


def with_picture(content: bytes, ending: str) -> bytes:
    name = f"word/media/image1.{ending}"
    data = with_link("image", f"media/image1.{ending}", mode="")
    data = changed(TYPES, "</Types>", f'<Default Extension="{ending}" ContentType="image/{ending}"/></Types>', data)
    return rezipped(data, {name: content})


def embedded(content: bytes, name: str, kind: str = "package") -> bytes:
    data = with_link(kind, f"embeddings/{name}", mode="")
    return rezipped(data, {f"word/embeddings/{name}": content})


def two_documents() -> bytes:
    """What is shown is not the part with the usual name."""
    hidden = changed("_rels/.rels", 'Target="word/document.xml"', 'Target="word/other.xml"')
    return rezipped(hidden, {"word/other.xml": part(draft(), DOCUMENT)})


def beside_another() -> bytes:
    """The part with the usual name is not the one that is shown."""
    return rezipped(renamed(), {DOCUMENT: part(draft(), DOCUMENT)})


def renamed() -> bytes:
    """As SharePoint names the main part."""
    data = changed("_rels/.rels", "word/document.xml", "word/document2.xml")
    data = changed(TYPES, "/word/document.xml", "/word/document2.xml", data)
    moved = {"word/document2.xml": part(data, DOCUMENT), "word/_rels/document2.xml.rels": part(data, RELS)}
    return rezipped(data, moved, without=[DOCUMENT, RELS])


def repacked(compression: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(draft())) as source, zipfile.ZipFile(out, "w", compression) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return out.getvalue()


def twice(name: str) -> bytes:
    """A part twice: which of the two is shown depends on the program."""
    out = io.BytesIO(draft())
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, part(draft(), name))
    return out.getvalue()


def patched(of_entry: int, width: int, value: int | None = None) -> bytes:
    """Something in the central directory's entry of the second part set to a value, or to that of the first part."""
    data = bytearray(draft())
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    given = value.to_bytes(width, "little") if value is not None else data[first + of_entry : first + of_entry + width]
    data[second + of_entry : second + of_entry + width] = given
    return bytes(data)


@dataclass(frozen=True)
class Hostile:
    """One kind of document that is not opened."""

    what: str
    made: Callable[[], bytes] = field(repr=False)
    says: str
    """What its editor is told first."""


def _kinds(says: str, kinds: dict[str, Callable[[], bytes]]) -> list[Hostile]:
    return [Hostile(what, made, says) for what, made in kinds.items()]


def _not_opened(what: str) -> str:
    return f"The file was not opened: {what}."


MACROS = "The file has macros, or is of the kind that may have them (.docm)."
OBJECT = "The document has another file or an object of another program in it."
LINK = "A link leads to a file on a computer or a file share, or to a program."
PIXELS = "A picture has more than 40 million pixels."
DECLARES = _not_opened("a part of it declares entities (DOCTYPE)")
OUTSIDE = "The document takes something in from outside (its kind is '{}')."
FIELD = "The document has a field of the kind {}, which could fetch a file or start a program."
HOSTILE: list[Hostile] = [
    *_kinds("The file is empty: it has no bytes at all.", {"No bytes at all": lambda: b""}),
    *_kinds("The file is larger than 25 MB.", {"Larger than 25 MB": lambda: draft() + bytes(26 * 2**20)}),
    Hostile("A Word document of before 2007", lambda: OLE + "WordDocument".encode("utf-16-le"),
            "The file is a Word document of the kind used before 2007, and should be a Word document (.docx)."),
    Hostile("A document with a password", lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
            "The file has a password."),
    Hostile("A web page under a document's name", lambda: HTML,
            "The file is a web page, and should be a Word document (.docx)."),
    Hostile("A PDF", lambda: b"%PDF-1.7\n%", "The file is a PDF, and should be a Word document (.docx)."),
    Hostile("A workbook", wide, "The file is an Excel workbook, and should be a Word document (.docx)."),
    Hostile("A template (.dotx)", partial(changed, TYPES, "document.main+xml", "template.main+xml"),
            "The file is an Office template, and should be a Word document (.docx)."),
    Hostile("Strict Open XML", partial(changed, DOCUMENT, W, "http://purl.oclc.org/ooxml/wordprocessingml/main"),
            "The document is not in Word's ordinary form."),
    *_kinds("The file is damaged or cut short.", {
        "A document cut short": lambda: draft()[:-300],
        "A part that is not well formed": partial(changed, DOCUMENT, "</w:body>", "</w:bod>"),
        "A part that unpacks to other than its header says": partial(patched, 24, 4, 7),
    }),
    # The archive
    Hostile("More than 600 parts", lambda: rezipped(draft(), {f"word/media/{n}.bin": b"" for n in range(601)}),
            _not_opened("it has more than 600 parts")),
    Hostile("Parts that unpack to more than 100 MB", lambda: rezipped(draft(), {"word/a.bin": bytes(101 * 2**20)}),
            _not_opened("it would unpack to more than 100 MB")),
    Hostile("Parts that unpack to many hundred times their size",
            lambda: rezipped(draft(), {"word/a.bin": bytes(12 * 2**20)}),
            _not_opened("it would unpack to many hundred times its size")),
    Hostile("A part twice", partial(twice, DOCUMENT), _not_opened("two of its parts have the same name")),
    Hostile("Two names that differ in small and capital letters", lambda: rezipped(draft(), {"WORD/Document.xml": b""}),
            _not_opened("two of its parts have the same name")),
    Hostile("A name that leads out", lambda: rezipped(draft(), {"../../../etc/cron.d/x": b"x"}),
            _not_opened("parts of it have names that lead out of it")),
    Hostile("Packed in a way of its own", partial(repacked, 14),
            _not_opened("it is packed in a way that Office does not use")),
    Hostile("Parts with a password", partial(patched, 8, 2, 1), _not_opened("parts of it have a password")),
    Hostile("Parts that overlap", partial(patched, 42, 4), _not_opened("its parts overlap")),
    # Its XML
    *_kinds(DECLARES, {
        "An entity that reads a file": partial(changed, DOCUMENT, "<w:document", f"{DTD}<w:document"),
        "Entities that grow without end": partial(changed, DOCUMENT, "<w:document", f"{LAUGHS}<w:document"),
        "An entity in the properties": partial(changed, "docProps/core.xml", "<cp:core", f"{DTD}<cp:core"),
        "An entity in an encoding that hides it": lambda: rezipped(
            draft(), {"customXml/item9.xml": f'<?xml version="1.0" encoding="UTF-16"?>{DTD}<x/>'.encode("utf-16")}),
    }),
    Hostile("Text in an encoding that hides what it says",
            lambda: rezipped(draft(), {"word/footnotes.xml": '<?xml version="1.0"?><x/>'.encode("utf-16")}),
            _not_opened("a part of it is written in an encoding that Office does not use")),
    Hostile("Elements in each other a thousand deep",
            partial(with_words, "<w:ins>" * 1000 + "</w:ins>" * 1000),
            _not_opened("a part of it is nested deeper, or has longer texts, than Office makes")),
    *_kinds("The document holds far more text and formatting than a report can.", {
        "Formatting that would fill the memory": lambda: with_words("".join(
            f"<w:r w:rsidR='{n:x}'/>" for n in range(1_050_000))),
        "Text that would fill the memory": lambda: with_words("".join(
            f"<w:r><w:t>{n:020}{str(n * 7919) * 40}</w:t></w:r>" for n in range(100_000))),
    }),
    Hostile("Two documents, of which one is shown", two_documents,
            _not_opened("what it shows is not what it says that it shows")),
    Hostile("A second document beside the one that is shown", beside_another,
            _not_opened("it has two documents in it")),
    # What runs
    *_kinds(MACROS, {
        "A document with macros (.docm)": partial(changed, TYPES,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "application/vnd.ms-word.document.macroEnabled.main+xml"),
        "Macros in a document that says it has none": lambda: rezipped(draft(), {"word/vbaProject.bin": b"x"}),
    }),
    Hostile("A control that runs when it is opened", lambda: rezipped(draft(), {"word/activeX/activeX1.xml": b"<x/>"}),
            "The file has Excel 4 macros or ActiveX controls, which can run as soon as it is opened."),
    *_kinds(OBJECT, {
        "An embedded object": partial(embedded, OLE, "oleObject1.bin", "oleObject"),
        "An embedded program": partial(embedded, b"MZ\x90\0", "setup.exe"),
        "An embedded document": lambda: embedded(draft(), "Document1.docx"),
        "An embedded workbook with macros": lambda: embedded(rezipped(wide(), {"xl/vbaProject.bin": b""}), "x.xlsx"),
        "An embedded workbook that is shown": lambda: with_words(
            '<w:r><w:object><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12" r:id="rIdX"/></w:object></w:r>',
            embedded(wide(), "x.xlsx")),
        "A web page that is taken in as text": lambda: changed(
            DOCUMENT, "<w:sectPr", f'<w:altChunk {SPACES} r:id="rIdX"/><w:sectPr',
            rezipped(with_link("aFChunk", "page.html", mode=""), {"word/page.html": HTML})),
    }),
    *(Hostile(f"A field {what}", made, FIELD.format(kind)) for what, made, kind in [
        ("that starts a program (DDE)", partial(field_of, r'DDEAUTO c:\\windows\\system32\\cmd.exe "/k x"'), "DDEAUTO"),
        ("whose name is spread over runs", partial(field_of, "D", "d", "E ", "x y"), "DDE"),
        ("that shows its name as text", partial(field_of, "DDE x y", mark="w:t"), "DDE"),
        ("that becomes another when a change is accepted", field_in_a_tracked_change, "DDE"),
        ("that takes in a file", partial(field_of, r'INCLUDETEXT "\\\\host\\share\\x.docx"'), "INCLUDETEXT"),
        ("that takes in a picture", partial(field_of, 'INCLUDEPICTURE "https://example.org/x.png" \\d'),
         "INCLUDEPICTURE"),
        ("that takes in cells", partial(field_of, r'LINK Excel.Sheet.12 "C:\\x.xlsx" "A1"'), "LINK"),
        ("that asks a database", partial(field_of, r'DATABASE \d "C:\\x.mdb"'), "DATABASE"),
        ("that runs a macro", partial(with_words, '<w:fldSimple w:instr=" MACROBUTTON AutoOpen click here "/>'),
         "MACROBUTTON"),
        ("in a footnote", lambda: rezipped(draft(), {"word/footnotes.xml": (
            f'<w:footnotes {SPACES}><w:footnote w:id="1"><w:p>{_mark("begin")}<w:r><w:instrText>DDE</w:instrText></w:r>'
            f"{_mark('end')}</w:p></w:footnote></w:footnotes>").encode()}), "DDE"),
    ]),
    Hostile("A field that another field makes up", quoted_field, "The document has a field of a kind that another "
            "field makes up, which could fetch a file or start a program."),
    # What is fetched
    *_kinds("A picture is linked and not in the document.", {
        "A picture from the web": partial(with_link, "image", "https://example.org/x.png"),
        "A picture from a file share": partial(with_link, "image", "file:///\\\\host\\share\\x.png"),
    }),
    *_kinds("The document takes its styles, and macros with them, from a template on the web.", {
        "A template on the web": partial(
            with_link, "attachedTemplate", "https://example.org/x.dotm", rels="word/_rels/settings.xml.rels"),
        "A template on the web that looks like a file share": partial(
            with_link, "attachedTemplate", "\\\\example.org@SSL\\x.dotm", rels="word/_rels/settings.xml.rels"),
    }),
    *(Hostile(what, partial(with_link, kind, target), OUTSIDE.format(kind)) for what, kind, target in [
        ("A page within the page", "frame", "https://example.org/"),
        ("A part document elsewhere", "subDocument", "chapter.docx"),
        ("A list of addresses elsewhere", "mailMergeSource", "file:///C:\\x.csv"),
    ]),
    Hostile("A form letter that asks a database", partial(changed, "word/settings.xml", "</w:settings>",
            "<w:mailMerge><w:query w:val='SELECT 1'/></w:mailMerge></w:settings>"),
            "The document is a form letter that asks a list or a database for addresses."),
    Hostile("A drawing of the old kind from the web", partial(with_words,
            '<w:r><w:pict><v:shape><v:imagedata src="http://example.org/x.png"/></v:shape></w:pict></w:r>'),
            "A drawing takes its picture from outside."),
    *_kinds("A drawing (SVG) has a script in it, or takes something from outside.", {
        "A drawing with a script": lambda: with_picture(
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>', "svg"),
        "A drawing that takes in another": lambda: with_picture(
            b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink">'
            b'<image l:href="https://example.org/x.png"/></svg>', "svg"),
    }),
    Hostile("A chart whose data are linked", lambda: embedded(
        rezipped(wide(), {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "Microsoft_Excel_Sheet.xlsx"),
        "The data of a chart are linked to another workbook or to a database."),
    *_kinds(LINK, {
        "A link to a file": partial(with_link, "hyperlink", "file:///C:\\Windows\\x.exe"),
        "A link to a file share": partial(with_link, "hyperlink", "\\\\host\\share\\x.docx"),
        "A link to a file beside it": partial(with_link, "hyperlink", "x.docx"),
        "A link that starts a program": partial(with_link, "hyperlink", "ms-msdt:/id x"),
        "A link to a file, as a field": partial(field_of, ' HYPERLINK "file:///C:\\x.exe" '),
    }),
    Hostile("An address outside that is said to be inside",
            partial(with_link, "image", "https://example.org/x.png", mode=""),
            _not_opened("a part of it says that it is inside, and lies elsewhere")),
    *_kinds(PIXELS, {
        "A picture of 3,600 million pixels": lambda: with_picture(png(60_000, 60_000), "png"),
        "A JPEG of 4,000 million pixels": lambda: with_picture(jpeg(64_000, 64_000), "jpg"),
        "A GIF of 3,600 million pixels": lambda: with_picture(b"GIF89a" + struct.pack("<HH", 60_000, 60_000), "gif"),
        "A BMP of 3,600 million pixels": lambda: with_picture(
            b"BM" + bytes(16) + struct.pack("<ii", 60_000, -60_000), "bmp"),
        "A TIFF of 3,600 million pixels": lambda: with_picture(
            b"II*\0" + struct.pack("<IHHHIIHHII", 8, 2, 256, 4, 1, 60_000, 257, 4, 1, 60_000), "tiff"),
        "A WebP of 3,600 million pixels": lambda: with_picture(
            b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (59_999).to_bytes(3, "little") * 2, "webp"),
    }),
]  # fmt: skip
