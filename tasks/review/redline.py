"""What changed between two versions of a draft, as tracked changes in one document?

Belongs here: laying two documents beside each other: figures by their ids, prose by words, tables by rows and cells.
Does not belong here: bringing figures up to date (``tasks.review.refresh``).

The document is the new one; what only the old one said stands in it as deleted, without links, pictures or notes.
Accepting every change gives the new text, rejecting every change the old. Formatting is the new one's.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from lxml import etree

from tasks.assemble.figures import AUTHOR
from tasks.assemble.finish import packed
from tasks.assemble.values import TAG
from tasks.review.moved import Moved
from tasks.review.opening import parts_of_draft
from tasks.review.pairs import paired
from tasks.review.revisions import W, said, settle
from tasks.review.stories import figure_controls, headings, stories, written
from tasks.review.words import Word, as_runs, isolate, merge, words_of


def redline(
    old: bytes, new: bytes, names: tuple[str, str] = ("old", "new"), by: str = AUTHOR, on: date | None = None
) -> bytes:
    """The new document with what changed since the old one as tracked changes by ``by``, dated ``on``.

    Tracked changes that are in either document are taken as accepted. ``names`` are only shown, in errors.

    Raises:
        Refused: one of the documents is not safe to open, or is no Word document.
    """
    before, parts = stories(parts_of_draft(old, names[0])), parts_of_draft(new, names[1])
    after = stories(parts)
    for root in (*before.values(), *after.values()):
        settle(root)
    marks = _Marks(by, on)
    for story, root in after.items():
        if story in before:
            _Compare(marks).blocks(_container(before[story]), _container(root))
    return packed(parts | {story: written(root) for story, root in after.items()})


def moved(old: bytes, new: bytes, names: tuple[str, str] = ("old", "new")) -> tuple[Moved, ...]:
    """Figures that print something else in the new document than in the old, or stand in one of them only.

    Between drafts of two periods a figure is laid beside the same one of the other period. What is not there is an
    empty text.

    Raises:
        Refused: one of the documents is not safe to open, or is no Word document.
    """
    sides = []
    for data, name in ((old, names[0]), (new, names[1])):
        parts = parts_of_draft(data, name)
        found: dict[str, tuple[str, str]] = {}
        for story, root in stories(parts).items():
            for one in figure_controls(story, root, headings(parts)):
                if text := said(one.content):
                    found.setdefault(one.figure, (text, one.where))
        sides.append(found)
    was, now = sides
    # What only one side has is the same figure of another period, where that is what the other side has.
    by_stem = {_stem(id_): id_ for id_ in was if id_ not in now}
    before = {id_: id_ if id_ in was else by_stem.pop(_stem(id_), "") for id_ in now}
    nothing = ("", "")
    told = [Moved(id_, was.get(before[id_], nothing)[0], *now[id_]) for id_ in now]
    told += [Moved(id_, was[id_][0], "", was[id_][1]) for id_ in by_stem.values()]
    return tuple(one for one in told if one.was != one.now)


def _stem(figure: str) -> str:
    return figure.rpartition(".")[0]


def _container(root: Any) -> Any:
    """What holds the paragraphs and tables of a part: the body, or the header itself."""
    body = root.find(f"{W}body")
    return root if body is None else body


@dataclass
class _Marks:
    """Makes the marks of tracked changes, each with its number."""

    by: str
    on: date | None
    number: int = 0

    def make(self, kind: str) -> Any:
        self.number += 1
        about = {f"{W}id": str(self.number), f"{W}author": self.by}
        return etree.Element(f"{W}{kind}", about | ({f"{W}date": f"{self.on}T00:00:00Z"} if self.on else {}))


@dataclass
class _Compare:
    """Two parts of documents while they are laid beside each other."""

    marks: _Marks

    def blocks(self, old: Any, new: Any) -> None:
        """Paragraphs and tables of the body, of a header or of a cell."""
        theirs, ours = list(_blocks(old)), list(_blocks(new))
        in_cell = new.tag == f"{W}tc"
        pairs = paired(theirs, ours, last_together=in_cell)
        for was, now in pairs:
            if was is None:
                self._insert(now)
            elif now is not None:
                if now.tag == f"{W}tbl":
                    self.table(was, now)
                else:
                    self.paragraph(was, now)
        self._bring_back(pairs, new)

    def _bring_back(self, pairs: Sequence[tuple[Any, Any]], new: Any) -> None:
        """Put what is gone where it stood: before what follows it."""
        following = None
        for was, now in reversed(pairs):
            if now is not None:
                following = now
                continue
            gone = self._deleted_table(was) if was.tag == f"{W}tbl" else self._deleted_paragraph(was)
            if following is not None:
                following.addprevious(gone)
            else:
                last = new.find(f"{W}sectPr")
                new.append(gone) if last is None else last.addprevious(gone)
            following = gone

    # Paragraphs

    def paragraph(self, old: Any, new: Any) -> None:
        """Two versions of one paragraph, word by word; a figure is one word, known by its id."""
        theirs, ours = words_of(old), words_of(new)
        if _said(theirs) == _said(ours):
            return
        same = SequenceMatcher(None, [one.key for one in theirs], [one.key for one in ours], autojunk=False)
        runs = isolate(new, ours)
        for kind, i, j, k, m in same.get_opcodes():
            if kind == "equal":
                for was, now, at in zip(theirs[i:j], ours[k:m], runs[k:m], strict=True):
                    if was.text != now.text:
                        self._change_figure(was, at)
                continue
            for mark in self._deleted(theirs[i:j]):
                if k < len(runs):
                    _beside(runs[k][0]).addprevious(mark)
                elif runs:
                    _beside(runs[-1][-1]).addnext(mark)
                else:
                    new.append(mark)
            for at in runs[k:m]:
                self._mark_inserted(at)
        merge(new)

    def _change_figure(self, was: Word, now: Any) -> None:
        for mark in self._deleted([was]):
            now[0].addprevious(mark)
        self._mark_inserted(now)

    def _mark_inserted(self, runs: Sequence[Any]) -> None:
        for run in runs:
            before = run.getprevious()
            if before is not None and before.tag == f"{W}ins":
                before.append(run)
                continue
            mark = self.marks.make("ins")
            run.addprevious(mark)
            mark.append(run)

    def _deleted(self, words: Sequence[Word]) -> list[Any]:
        if not any(one.text for one in words):
            return []
        mark = self.marks.make("del")
        mark.extend(as_runs(words))
        return [mark]

    def _insert(self, block: Any) -> None:
        """Mark a paragraph or a table as new."""
        if block.tag == f"{W}tbl":
            for row in block.findall(f"{W}tr"):
                self._insert_row(row)
            return
        self._insert_words(block)
        self._mark_end(block, "ins")

    def _insert_words(self, within: Any) -> None:
        for paragraph in [within] if within.tag == f"{W}p" else list(within.iter(f"{W}p")):
            for runs in isolate(paragraph, words_of(paragraph)):
                self._mark_inserted(runs)
            merge(paragraph)

    def _deleted_paragraph(self, old: Any) -> Any:
        gone = etree.Element(f"{W}p")
        properties = old.find(f"{W}pPr")
        if properties is not None:
            kept = copy.deepcopy(properties)
            for name in ("sectPr", "numPr", "rPr", "pPrChange"):
                for one in kept.findall(f"{W}{name}"):
                    kept.remove(one)
            gone.append(kept)
        gone.extend(self._deleted(words_of(old)))
        self._mark_end(gone, "del")
        return gone

    def _mark_end(self, paragraph: Any, kind: str) -> None:
        """Say of the end of a paragraph that it is new, or gone: with it the paragraph is one with the next."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        of_end = properties.find(f"{W}rPr")
        if of_end is None:
            of_end = etree.Element(f"{W}rPr")
            after = next((one for one in properties if one.tag in (f"{W}sectPr", f"{W}pPrChange")), None)
            properties.append(of_end) if after is None else after.addprevious(of_end)
        of_end.insert(0, self.marks.make(kind))

    # Tables

    def table(self, old: Any, new: Any) -> None:
        """Two versions of one table: rows by their first cell, then cell by cell."""
        theirs, ours = old.findall(f"{W}tr"), new.findall(f"{W}tr")
        pairs = paired(theirs, ours, last_together=False)
        for was, now in pairs:
            if was is None:
                self._insert_row(now)
            elif now is not None:
                for cell_was, cell_now in zip(was.findall(f"{W}tc"), now.findall(f"{W}tc"), strict=True):
                    self.blocks(cell_was, cell_now)
        following = None
        for was, now in reversed(pairs):
            if now is not None:
                following = now
                continue
            gone = self._deleted_row(was)
            new.append(gone) if following is None else following.addprevious(gone)
            following = gone

    def _insert_row(self, row: Any) -> None:
        self._insert_words(row)
        self._mark_row(row, "ins")

    def _deleted_table(self, old: Any) -> Any:
        gone = etree.Element(f"{W}tbl")
        gone.extend(copy.deepcopy(one) for one in old if one.tag in (f"{W}tblPr", f"{W}tblGrid"))
        gone.extend(self._deleted_row(row) for row in old.findall(f"{W}tr"))
        return gone

    def _deleted_row(self, old: Any) -> Any:
        row = etree.Element(f"{W}tr")
        row.extend(copy.deepcopy(one) for one in old if one.tag in (f"{W}tblPrEx", f"{W}trPr"))
        for cell in old.findall(f"{W}tc"):
            made = etree.SubElement(row, f"{W}tc")
            made.extend(copy.deepcopy(one) for one in cell.findall(f"{W}tcPr"))
            for paragraph in cell.iter(f"{W}p"):
                gone = self._deleted_paragraph(paragraph)
                of_end = gone.find(f"{W}pPr/{W}rPr")
                of_end.remove(of_end[0])
                made.append(gone)
        self._mark_row(row, "del")
        return row

    def _mark_row(self, row: Any, kind: str) -> None:
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            first = row.find(f"{W}tc")
            row.insert(row.index(first), properties) if first is not None else row.append(properties)
        after = properties.find(f"{W}trPrChange")
        properties.append(self.marks.make(kind)) if after is None else after.addprevious(self.marks.make(kind))


def _blocks(container: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those in controls of whole blocks."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}customXml", f"{W}sdtContent"):
            yield from _blocks(child)


def _said(words: Sequence[Word]) -> list[tuple[str, str]]:
    return [(one.key, one.text) for one in words]


def _beside(run: Any) -> Any:
    """What stands in the paragraph for a run: the run, or the control of the figure that it is in."""
    for ancestor in run.iterancestors(f"{W}sdt"):
        tag = ancestor.find(f"{W}sdtPr/{W}tag")
        if tag is not None and tag.get(f"{W}val", "").startswith(TAG):
            return ancestor
    return run
