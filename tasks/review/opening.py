"""Is it safe to open this draft that somebody edited, and if not, what should they do?

Belongs here: what is refused of an edited draft, each thing with a sentence for its editor, beyond what is refused of
every Office file (``tasks.gather.safe``). Does not belong here: what its figures say now.

A draft goes from hand to hand, is opened by editors and by LibreOffice, and is published in the end: so what a return
may have is refused here if it could run, or fetch anything, on the machine of anybody who opens it. Nothing is written
to disk, no name that came with a file is used as a path, and no link is followed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from config.errors import Refused
from tasks.gather import safe
from tasks.gather.collect import FileProblems, NotTaken
from tasks.review.fields import ACTS, fields
from tasks.review.links import FOLLOWED, Link, links, says_another_address
from tasks.review.pictures import pixels
from tasks.review.revisions import W, said

MOST_XML = 30 * safe.MEBIBYTE
MOST_MARKS = 2_000_000
"""How many elements and attributes may be in all its XML: the demonstration year's whole report has 40,000."""
MOST_PIXELS = 40_000_000
"""More than the largest photograph that a report prints; a picture of a few kilobytes can state a hundred times it."""
MAIN = "word/document.xml"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OBJECTS = (f"{W}object", f"{W}control", f"{W}altChunk", "{urn:schemas-microsoft-com:office:office}OLEObject")
_STORIES = {
    "header": "in a header",
    "footer": "in a footer",
    "comments": "in a comment",
    "footnotes": "in a footnote",
    "endnotes": "in an endnote",
}
_HARM = "It could run or fetch something on the machine of everybody who opens the report, or tell others who did."
_NO_OBJECTS = (
    "Paste it as text, as a table or as a picture (Paste Special) and delete the object. A chart that Word made itself "
    "may stay."
)


def parts_of_draft(data: bytes, name: str) -> dict[str, bytes]:
    """All parts of a Word document by name, once it is certain that nothing in it does harm.

    The main part is ``word/document.xml``, whatever it is called in the file. Every part that ends in ``.xml`` or
    ``.rels`` is well formed, has no declarations of its own, and is nested less than 256 deep. ``name`` is only shown.

    Raises:
        Refused: it is no Word document (.docx), it is damaged, or something in it is not safe; with what to do.
    """
    collect = FileProblems(data, name)
    try:
        _, parts = safe.document(collect, data, "draft")
        return _Opening(collect, dict(parts)).checked()
    except NotTaken as reason:
        problem = reason.problem
        raise Refused(problem.what, where=problem.where, why=problem.why, to_do=problem.to_do) from None


def notes_on(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """What in a draft that was opened does no harm here and should be put right before it is published: sentences."""
    found = []
    for link in links({name: etree.fromstring(part) for name, part in parts.items() if name.endswith(".rels")}):
        if link.is_outside and link.kind.lower() == "attachedtemplate":
            found.append(
                "The document takes its styles from a template on somebody's computer or file share. Others who open it"
                " wait for that; detach it (Developer, Document Template, Normal)."
            )
    return tuple(dict.fromkeys(found))


@dataclass
class _Opening:
    """One draft while it is checked."""

    collect: FileProblems
    parts: dict[str, bytes]

    def checked(self) -> dict[str, bytes]:
        xml = self._xml()
        self._check_amount(xml.values())
        self.roots = {name: self._root(part) for name, part in xml.items()}
        self._find_main()
        for link in links(self.roots):
            self._check_link(link)
        for name, root in self.roots.items():
            self._check_elements(name, root)
        self._check_embedded()
        for name, part in self.parts.items():
            if pixels(part) > MOST_PIXELS:
                raise self._refused(
                    f"A picture has more than {MOST_PIXELS // 1_000_000} million pixels.",
                    name,
                    "A picture like that can be a few kilobytes large and fill the memory of a machine that shows it.",
                    "Make it smaller (Picture Format, Compress Pictures) or put in another one.",
                )
        return self.parts

    # What it is made of

    def _xml(self) -> dict[str, bytes]:
        """Every part that some program would read as XML: by its name, by what it is said to be, or by its look."""
        types = safe.parse_xml(self.collect, self.parts["[Content_Types].xml"])
        said_to_be = {
            (one.get("PartName", "").lstrip("/") or f".{one.get('Extension', '')}").lower()
            for one in types
            if one.get("ContentType", "").lower().endswith("xml")
        }
        endings = tuple(one for one in said_to_be if one.startswith(".")) + (".xml", ".rels", ".vml", ".svg")
        return {
            name: part
            for name, part in self.parts.items()
            if name.lower().endswith(endings) or name.lower() in said_to_be or part.lstrip()[:1] == b"<"
        }

    def _check_amount(self, xml: Collection[bytes]) -> None:
        marks = sum(part.count(b"<") + part.count(b"=") for part in xml)
        if sum(map(len, xml)) > MOST_XML or marks > MOST_MARKS:
            raise self._refused(
                "The document holds far more text and formatting than a report can.",
                "",
                "It would take a machine's memory to read it.",
                "Copy what belongs into the report into a new draft, and send that.",
            )

    def _root(self, part: bytes) -> Any:
        root = safe.parse_xml(self.collect, part)
        if root.getroottree().docinfo.internalDTD is not None:  # in an encoding in which it could not be seen before
            raise safe.hostile(self.collect, "a part of it declares entities (DOCTYPE)")
        return root

    def _find_main(self) -> None:
        """Make sure that what is read is what Word shows, and call it by its usual name."""
        main, _ = safe.word_document(self.collect, self.parts)
        shown = [link for link in links({"_rels/.rels": self._package()}) if link.kind == "officeDocument"]
        types = {
            override.get("PartName", "").lstrip("/"): override.get("ContentType", "")
            for override in self.roots["[Content_Types].xml"]
        }
        if [link.leads_to for link in shown] != [main] or types.get(main) != _DOCUMENT:
            raise safe.hostile(self.collect, "what it shows is not what it says that it shows")
        if main == MAIN:
            return
        if MAIN in self.parts:
            raise safe.hostile(self.collect, "it has two documents in it")
        self._rename(main)

    def _package(self) -> Any:
        if "_rels/.rels" not in self.roots:
            raise safe.damaged(self.collect)
        return self.roots["_rels/.rels"]

    def _rename(self, main: str) -> None:
        """SharePoint calls the main part ``word/document2.xml``: everything else here asks for its usual name."""
        folder, _, file = main.rpartition("/")
        if folder != "word":
            raise safe.hostile(self.collect, "its parts are not where Word puts them")
        names = {main: MAIN, f"word/_rels/{file}.rels": f"word/_rels/{MAIN.rpartition('/')[2]}.rels"}
        for override in self.roots["[Content_Types].xml"]:
            if override.get("PartName") == f"/{main}":
                override.set("PartName", f"/{MAIN}")
        for relation in self._package():
            if relation.get("Type", "").endswith("/officeDocument"):
                relation.set("Target", MAIN)
        for name in ("[Content_Types].xml", "_rels/.rels"):
            self.parts[name] = etree.tostring(self.roots[name], xml_declaration=True, encoding="UTF-8", standalone=True)
        self.parts = {names.get(name, name): part for name, part in self.parts.items()}
        self.roots = {names.get(name, name): root for name, root in self.roots.items()}

    # What it would take in, or run

    def _check_link(self, link: Link) -> None:
        kind = link.kind.lower()
        if says_another_address(link):
            raise safe.hostile(self.collect, "a part of it says that it is inside, and lies elsewhere")
        if kind in ("oleobject", "control", "afchunk"):
            raise self._object(self._where(link))
        if not link.is_outside or (kind == "hyperlink" and link.scheme in FOLLOWED | {""}):
            return
        if kind == "hyperlink":
            raise self._bad_link(self._where(link))
        if kind == "attachedtemplate" and not link.is_web:
            return
        what, to_do = {
            "attachedtemplate": (
                "The document takes its styles, and macros with them, from a template on the web.",
                "Detach the template (Developer, Document Template, Normal), save and send it again.",
            ),
            "image": (
                "A picture is linked and not in the document.",
                "Put the picture itself in (Insert, Pictures, and Insert rather than Link), save and send it again.",
            ),
        }.get(
            kind,
            (
                f"The document takes something in from outside (its kind is '{link.kind[:40]}').",
                "Break its links (File, Info, Edit Links to Files, Break Link), save and send it again.",
            ),
        )
        raise self._refused(what, self._where(link), _HARM, to_do)

    def _check_elements(self, name: str, root: Any) -> None:
        for element in root.iter(*_OBJECTS):
            if element.tag != f"{W}object" or element.find("{*}OLEObject") is not None:
                raise self._object(self._place(name, element))
        if any(_is_fetched(element) for element in root.iter("{urn:schemas-microsoft-com:vml}*")):
            raise self._refused(
                "A drawing takes its picture from outside.",
                self._place(name, root),
                _HARM,
                "Put the picture itself in (Insert, Pictures), save and send it again.",
            )
        if root.tag == "{http://www.w3.org/2000/svg}svg" and _draws_from_outside(root):
            raise self._refused(
                "A drawing (SVG) has a script in it, or takes something from outside.",
                name,
                _HARM,
                "Save the drawing as a picture (.png) and put that in.",
            )
        if root.tag == f"{W}settings" and root.find(f"{W}mailMerge") is not None:
            raise self._refused(
                "The document is a form letter that asks a list or a database for addresses.",
                "",
                _HARM,
                "Make it an ordinary one (Mailings, Start Mail Merge, Normal Word Document), save and send it again.",
            )
        self._check_fields(name, root)

    def _check_fields(self, name: str, root: Any) -> None:
        for one in fields(root):
            if one.link and Link(name, "", "hyperlink", one.link, True).scheme not in FOLLOWED | {""}:
                raise self._bad_link(self._place(name, one.begins))
            if one.kind not in ACTS and one.kind:
                continue
            which = f"the kind {one.kind}" if one.kind else "a kind that another field makes up"
            raise self._refused(
                f"The document has a field of {which}, which could fetch a file or start a program.",
                self._place(name, one.begins),
                _HARM,
                "Click on it and press Ctrl+Shift+F9, which leaves its text and takes the field away, save and send it "
                "again. If you did not make it, tell your IT service.",
            )

    def _check_embedded(self) -> None:
        """What is embedded may only be the workbook of a chart, and nothing in that may run or fetch anything."""
        unpacked = 0
        for name in sorted(self.parts):
            if not re.match(r"(?i)word/embeddings/", name):
                continue
            inner = FileProblems(self.parts[name], self.collect.name)
            try:
                kind, parts = safe.document(inner, self.parts[name], "workbook")
            except NotTaken:
                raise self._object(name) from None
            unpacked += sum(map(len, parts.values()))
            if kind != "xlsx" or safe.has_macros(parts):
                raise self._object(name)
            if inner.problems:
                raise self._refused(
                    "The data of a chart are linked to another workbook or to a database.",
                    name,
                    _HARM,
                    "Make the chart anew with its data in it, or paste it as a picture.",
                )
            if unpacked > safe.MOST_UNPACKED:
                raise safe.hostile(self.collect, "the workbooks of its charts are far too large")

    # What is said

    def _refused(self, what: str, where: str, why: str, to_do: str) -> NotTaken:
        return self.collect.not_taken(
            "unreadable", what, why, to_do, f"{self.collect.name}, {where}" if where else self.collect.name
        )

    def _object(self, where: str) -> NotTaken:
        return self._refused(
            "The document has another file or an object of another program in it.",
            where,
            "What is in it is not shown, is not checked, and can do harm on the machines of those who open it.",
            _NO_OBJECTS,
        )

    def _bad_link(self, where: str) -> NotTaken:
        return self._refused(
            "A link leads to a file on a computer or a file share, or to a program.",
            where,
            "Readers of the report cannot follow it, and it can send the password of whoever clicks on it elsewhere.",
            "Lead it to a web page (https) or an e-mail address, or take it away (right click, Remove Hyperlink).",
        )

    def _where(self, link: Link) -> str:
        root = self.roots.get(link.part)
        if root is None or not link.id:
            return ""
        for element in root.iter():
            if any(value == link.id and "relationships" in key for key, value in element.attrib.items()):
                return self._place(link.part, element)
        return ""

    def _place(self, name: str, element: Any) -> str:
        """Under which heading something stands, or in which other part of the document."""
        story = name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
        if story != "document":
            return _STORIES.get(story, "")
        heading = ""
        for paragraph in element.getroottree().getroot().iter(f"{W}p"):
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            if style is not None and re.match(r"(?i)heading ?\d", style.get(f"{W}val", "")):
                heading = said(paragraph).strip() or heading
            if paragraph is element or element in paragraph.iterdescendants():
                break
        return f"under the heading '{heading[:80]}'" if heading else "before the first heading"


def _is_fetched(element: Any) -> bool:
    """Does a drawing of the old kind name a picture by an address? Its own pictures it names by a relationship."""
    return any(
        etree.QName(key).localname in ("src", "href", "althref") and ":" in value and "relationships" not in key
        for key, value in element.attrib.items()
        if element.tag.endswith(("}imagedata", "}fill", "}stroke", "}image"))
    )


def _draws_from_outside(root: Any) -> bool:
    def texts() -> Iterable[str]:
        for element in root.iter():
            if isinstance(element.tag, str) and element.tag.endswith(("}script", "}foreignObject")):
                yield "script:"
            if isinstance(element.tag, str) and element.tag.endswith("}style"):
                yield element.text or ""
            yield from (value for key, value in element.attrib.items() if key != "id")

    fetched = re.compile(r"(?i)^\s*(?:https?|ftp|file|script|javascript):|url\(\s*[\"']?(?!#|data:)|@import")
    return any(fetched.search(text) for text in texts())
