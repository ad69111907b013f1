"""What is left of a draft when it is published: the words and figures that people agreed on, and no trace of how.

Belongs here: taking out what is there for editors only, and proof that nothing else went with it. Does not belong here:
whether a draft may be published (``tasks.publish``).

Out go: tracked changes (accepted), comments and who wrote them, content controls (text and formatting stay), the
register of figures in the file, the DRAFT mark and all that says how far the draft is, flags of queried figures, and
the name of whoever saved it last. "Illustrative" stays: a figure that was made up must not look real.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from config.errors import Failure
from tasks.assemble.combine import NO_PAGE_NUMBERS
from tasks.assemble.figures import REGISTER
from tasks.assemble.finish import packed
from tasks.assemble.queries import QUERIED
from tasks.assemble.values import TAG
from tasks.review.links import links
from tasks.review.opening import parts_of_draft
from tasks.review.revisions import ADDED, REMOVED, W, said, settle
from tasks.review.stories import figure_controls, parsed, register_in, stories, written

_COMMENTS = re.compile(r"word/(comments\w*|people)\.xml")
_COMMENT_MARKS = tuple(f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))
_FLAGS = ("QueryFlag", "QueryFlagOnDark")
_STATE, _OPEN = "State of this draft:", "What is missing or not agreed"
_TO_DO = re.compile(r"\bTo do: ")
_NOT_FOR_PRINT = re.compile(
    rf"DRAFT for review, not for publication\. Made by run \S+|DRAFT for review – run \S+|{re.escape(NO_PAGE_NUMBERS)}"
    r"|To see every cell and every check behind a figure: .*"
)
_DRAWN = (f"{W}drawing", f"{W}pict", f"{W}object")
"""What is anchored in a paragraph, and stands on its page for itself: a text box that somebody put there, a picture."""
_QUERIED_IN_CHART = re.compile(r"(?:^| )Queried: [^.]+\.")
"""What a chart's note says of points that are queried."""
_WATERMARK = "PowerPlusWaterMarkObject"
_CORE = "docProps/core.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"


def clean_copy(data: bytes, name: str) -> bytes:
    """A draft as it is published; the same bytes from the same draft.

    Raises:
        Refused: the document is not safe to open, or is no Word document.
        Failure: the copy has not the same text and figures as the draft, or something of the draft is left in it.
    """
    parts = parts_of_draft(data, name)
    roots = stories(parts)
    for root in roots.values():
        settle(root)
    before = _figures(roots)
    for root in roots.values():
        _take_out_marks(root)
    _same(before, _figures(roots), "figures")
    text = _paragraphs(roots)
    for root in roots.values():
        _unwrap(root)
    _same(text, _paragraphs(roots), "words")
    parts |= {story: written(root) for story, root in roots.items()}
    _take_out_parts(parts)
    _put_properties_right(parts)
    _refuse_leftovers(parts)
    return packed(parts)


def printed(data: bytes, name: str) -> list[str]:
    """The paragraphs of a document as they read, its tracked changes accepted: for laying two beside each other."""
    roots = stories(parts_of_draft(data, name))
    for root in roots.values():
        settle(root)
    return _paragraphs(roots)


def _figures(roots: Mapping[str, Any]) -> list[str]:
    return [
        f"{control.figure} {said(control.content)}"
        for story, root in roots.items()
        for control in figure_controls(story, root, frozenset())
    ]


def _paragraphs(roots: Mapping[str, Any]) -> list[str]:
    return [said(paragraph) for root in roots.values() for paragraph in root.iter(f"{W}p")]


def _same(before: list[str], after: list[str], what: str) -> None:
    if before != after:
        raise Failure(
            f"The copy for publication has not the same {what} as the draft.",
            why="What is published would not be what was agreed.",
            to_do="Publish nothing; send the draft to whoever looks after the system.",
        )


# What goes


def _take_out_marks(root: Any) -> None:
    """Comments, flags, the watermark, and what says how far the draft is."""
    for mark in list(root.iter(*_COMMENT_MARKS)):
        run = mark.getparent()
        run.remove(mark)
        if run.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in run):
            run.getparent().remove(run)
    for style in list(root.iter(f"{W}rStyle")):
        run = style.getparent().getparent()
        if style.get(f"{W}val") in _FLAGS and run is not None and run.tag == f"{W}r":
            _take_out_flag(run)
    for shape in list(root.iter("{urn:schemas-microsoft-com:vml}shape")):
        if _WATERMARK in shape.get("id", ""):
            run = next(shape.iterancestors(f"{W}r"))
            run.getparent().remove(run)
    for text in root.iter(f"{W}t"):
        if text.text and _QUERIED_IN_CHART.search(text.text) and _style(text) == "SourceNote":
            text.text = _QUERIED_IN_CHART.sub("", text.text)
    for paragraph in _for_editors(root):
        _remove(paragraph)


def _take_out_flag(run: Any) -> None:
    texts = list(run.iter(f"{W}t"))
    words = "".join(text.text or "" for text in texts)
    if QUERIED not in words:
        return
    kept = re.sub(rf"(,\s*)?{re.escape(QUERIED)}(,\s*)?", "", words)
    if not kept.strip(" []"):
        run.getparent().remove(run)
        return
    texts[0].text = kept
    for text in texts[1:]:
        text.text = ""


def _for_editors(root: Any) -> list[Any]:
    """Paragraphs that are there for editors only. A point that tells nobody to do anything may be for readers."""
    paragraphs, found = list(root.iter(f"{W}p")), []
    for at, paragraph in enumerate(paragraphs):
        words = said(paragraph).strip()
        if _NOT_FOR_PRINT.fullmatch(words):
            found.append(paragraph)
        elif words in (_STATE, _OPEN):
            points = list(_points_after(paragraphs[at + 1 :]))
            going = [one for one in points if words == _STATE or _TO_DO.search(said(one))]
            found += going
            found += [paragraph] if going == points else []
    return found


def _style(element: Any) -> str:
    """The style of the paragraph that something stands in."""
    style = next(element.iterancestors(f"{W}p")).find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val", ""))


def _points_after(paragraphs: list[Any]) -> Iterator[Any]:
    for one in paragraphs:
        style = one.find(f"{W}pPr/{W}pStyle")
        if style is None or style.get(f"{W}val") != "CalloutBullet":
            return
        yield one


def _remove(paragraph: Any) -> None:
    """Take a paragraph out; where a page's layout, a cell or a drawing hangs on it, only what it says."""
    parent = paragraph.getparent()
    alone = len(parent.findall(f"{W}p")) == 1 and parent.tag in (f"{W}tc", f"{W}txbxContent")
    alone = alone or parent.tag in (f"{W}hdr", f"{W}ftr")  # what stands there is laid out round it
    kept = [child for child in paragraph if child.tag == f"{W}pPr" or next(child.iter(*_DRAWN), None) is not None]
    if alone or any(child.tag != f"{W}pPr" for child in kept) or paragraph.find(f"{W}pPr/{W}sectPr") is not None:
        for child in paragraph.findall("*"):
            if child not in kept:
                paragraph.remove(child)
    else:
        parent.remove(paragraph)


def _unwrap(root: Any) -> None:
    """Take away the controls of figures, and leave what is in them."""
    for tag in list(root.iter(f"{W}tag")):
        control = tag.getparent().getparent()
        if tag.get(f"{W}val", "").startswith(TAG) and control.tag == f"{W}sdt":
            for child in list(control.find(f"{W}sdtContent")):
                control.addprevious(child)
            control.getparent().remove(control)


def _take_out_parts(parts: dict[str, bytes]) -> None:
    """Comments, who wrote them and the register of figures, with every mention of them in the package."""
    going = {name for name in parts if _COMMENTS.fullmatch(name)}
    if (register := register_in(parts)) is not None:
        own = register[0].rpartition("/")[2]
        about = parts.get(f"customXml/_rels/{own}.rels")
        of_it = links({f"customXml/_rels/{own}.rels": parsed(about)}) if about else ()
        going |= {register[0], f"customXml/_rels/{own}.rels"} | {link.leads_to for link in of_it}
    for name in going:
        parts.pop(name, None)
        parts.pop(f"{posixpath.dirname(name)}/_rels/{posixpath.basename(name)}.rels", None)
    types = parsed(parts["[Content_Types].xml"])
    for override in list(types):
        if override.get("PartName", "").lstrip("/") in going:
            types.remove(override)
    parts["[Content_Types].xml"] = written(types)
    for name in [name for name in parts if name.endswith(".rels")]:
        root = parsed(parts[name])
        for link in links({name: root}):
            if not link.is_outside and link.leads_to in going:
                found = next(one for one in root if one.get("Id") == link.id)
                root.remove(found)
                parts[name] = written(root)


def _put_properties_right(parts: dict[str, bytes]) -> None:
    if "word/settings.xml" in parts:
        settings = parsed(parts["word/settings.xml"])
        for name in ("trackRevisions", "documentProtection", "rsids"):
            for setting in settings.findall(f"{W}{name}"):
                settings.remove(setting)
        parts["word/settings.xml"] = written(settings)
    if _CORE in parts:
        core = parsed(parts[_CORE])
        for subject in core.findall(f"{_DC}subject"):
            subject.text = re.sub(r"(?i)draft for review", "", subject.text or "")
        owner = core.findtext(f"{_DC}creator")
        for saved_by in core.findall(f"{_CP}lastModifiedBy"):
            saved_by.text = owner
        parts[_CORE] = written(core)


def _refuse_leftovers(parts: Mapping[str, bytes]) -> None:
    roots = stories(parts)
    left = [
        what
        for what, is_left in {
            "a tracked change": any(next(root.iter(*ADDED, *REMOVED), None) is not None for root in roots.values()),
            "a comment": any(map(_COMMENTS.fullmatch, parts))
            or any(next(root.iter(*_COMMENT_MARKS), None) is not None for root in roots.values()),
            "a link to the register": any(
                tag.get(f"{W}val", "").startswith(TAG) for root in roots.values() for tag in root.iter(f"{W}tag")
            ),
            "the register of figures": any(REGISTER.encode() in part for part in parts.values()),
            "the DRAFT mark": any(_WATERMARK.encode() in part for part in parts.values()),
        }.items()
        if is_left
    ]
    if left:
        raise Failure(
            f"The copy for publication still has {' and '.join(left)} in it.",
            why="Readers would see how the draft came about.",
            to_do="Publish nothing; send the draft to whoever looks after the system.",
        )
