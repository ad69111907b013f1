"""An editor who does to a draft what people do to it in Word, from a script, and remembers what is true afterwards.

Each step changes the document as Word's own file would be changed, and writes down for every place of a figure what it
says now, and of every word that the editor wrote whether it still stands there. Nothing of the project reads for it.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypothesis import strategies as st
from lxml import etree

from tests.gather.files import part, rezipped

MAIN, COMMENTS, RESOLVED = "word/document.xml", "word/comments.xml", "word/commentsExtended.xml"
SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
W = f"{{{SPACES['w']}}}"
INSERTED, DELETED = ("ins", "moveTo"), ("del", "moveFrom")
AUTHORS = ("Sam Reed", "Alex Moor")
DAY = "2024-05-01T09:30:00Z"
_WRITTEN = re.compile(r"zq[a-p]+q|71\d{3}")
"""Words and numbers that the editor wrote: no draft has them otherwise, and each is written once."""


def w(name: str, /, *children: Any, **values: str) -> Any:
    """An element of WordprocessingML; a child that is text becomes its text."""
    element = etree.Element(f"{W}{name}", {f"{W}{key}": value for key, value in values.items()}, nsmap=None)
    for child in children:
        if isinstance(child, str):
            element.text = child
            if child != child.strip():
                element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        elif child is not None:
            element.append(child)
    return element


class Event(NamedTuple):
    """What something said from then on, ``None`` for nothing; ``tracked`` until it is accepted."""

    says: str | None
    tracked: bool


class History(list[Event]):
    """What became of one place of a figure, or of one word."""

    @property
    def now(self) -> str | None:
        return self[-1].says

    @property
    def is_pending(self) -> bool:
        return any(event.tracked for event in self)


@dataclass
class Place:
    """One place of a figure: a content control."""

    figure: str
    control: Any
    history: History


class Step(NamedTuple):
    """One thing that the editor does; ``where`` and ``how`` choose among what there is."""

    does: str
    where: int
    how: int
    tracked: bool


@dataclass
class Editor:
    """A document as it is open before an editor."""

    data: bytes
    other: bytes = b""
    """Another section's draft, out of which paragraphs are pasted."""
    printed: dict[str, str] = field(default_factory=dict)
    """By figure, what was printed when the draft was made."""
    places: list[Place] = field(default_factory=list)
    words: dict[str, History] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    """The words of the comments that were written."""
    done: list[Step] = field(default_factory=list)
    number: int = 5000

    def __post_init__(self) -> None:
        self.root = etree.fromstring(part(self.data, MAIN))
        self.body = self.root.find(f"{W}body")
        self.parts: dict[str, bytes] = {}
        for control in controls(self.root):
            self._keep(control, tracked=False)
        self.made = Counter(place.figure for place in self.places)

    def save(self) -> bytes:
        return rezipped(self.data, self.parts | {MAIN: _bytes(self.root)})

    # What is true

    @property
    def alive(self) -> list[Place]:
        return [place for place in self.places if place.history.now is not None]

    def states(self) -> dict[str, set[str]]:
        """By figure: changed, deleted, duplicated, or nothing of these."""
        count = Counter(place.figure for place in self.alive)
        found: dict[str, set[str]] = {figure: set() for figure in {*self.made, *count}}
        for figure, states in found.items():
            if count[figure] < self.made[figure]:
                states.add("deleted")
            if count[figure] > self.made[figure]:
                states.add("duplicated")
        for place in self.alive:
            if place.history.now != self.printed[place.figure]:
                found[place.figure].add("changed")
        return found

    def written(self) -> set[str]:
        """Every word and number that the editor wrote and that still stands there."""
        return {word for word, history in self.words.items() if history.now is not None}

    # Doing

    def do(self, step: Step) -> None:
        STEPS[step.does](self, step)
        self.done.append(step)

    def _id(self) -> str:
        self.number += 1
        return str(self.number)

    def _by(self, step: Step) -> dict[str, str]:
        return {"id": self._id(), "author": AUTHORS[step.how % 2], "date": DAY}

    def _new_word(self, tracked: bool) -> str:
        number = len(self.words)
        word = f"zq{''.join('abcdefghijklmnop'[int(digit, 16)] for digit in f'{number:x}')}q"
        self.words[word] = History([Event(None, False), Event(word, tracked)])
        return word

    def _new_number(self, tracked: bool) -> str:
        number = f"71{len(self.words):03}"
        self.words[number] = History([Event(None, False), Event(number, tracked)])
        return number

    def _keep(self, control: Any, tracked: bool, is_new: bool = False) -> None:
        says = text_of(control)
        self.printed.setdefault(_figure(control), says)
        history = History([Event(None, False), Event(says, tracked)] if is_new else [Event(says, False)])
        self.places.append(Place(_figure(control), control, history))

    def _gone(self, element: Any, tracked: bool) -> None:
        """Everything in it is gone: what is seen, and without tracking also what was deleted before."""
        inside = set(element.iter())
        for place in self.places:
            if place.control in inside and (place.history.now is not None or not tracked):
                place.history.append(Event(None, tracked))
        text = text_of(element) if tracked else "".join(element.itertext(f"{W}t", f"{W}delText"))
        for word in self.words:
            if word in text:
                self.words[word].append(Event(None, tracked))

    def _paragraphs(self) -> list[Any]:
        """Paragraphs of the body that are seen, without one that ends a section."""
        return [
            paragraph
            for paragraph in self.body.findall(f"{W}p")
            if paragraph.find(f"{W}pPr/{W}sectPr") is None and text_of(paragraph).strip()
        ]

    def _paragraph(self, step: Step, *, settled: bool = False) -> Any:
        found = [p for p in self._paragraphs() if not settled or not _has_changes(p)]
        return found[step.where % len(found)] if len(found) > 3 else None

    def _place(self, step: Step, **wanted: bool) -> Place | None:
        found = [place for place in self.alive if wanted.get("any", True) or not place.history.is_pending]
        return found[step.where % len(found)] if found else None

    # Figures

    def retype(self, step: Step) -> None:
        """Write another number over a figure, in one run or in several."""
        place = self._place(step)
        if place is None:
            return
        tracked = step.tracked or place.history.is_pending
        new = _another(place.history.now or "", step.how)
        content = place.control.find(f"{W}sdtContent")
        properties = next(content.iter(f"{W}rPr"), None)
        pieces = [new] if step.how % 3 else [new[:1], new[1:]]
        runs = [_run(piece, properties, rsid=number) for number, piece in enumerate(pieces)]
        if tracked:
            last = next((e for e in reversed(content) if e.tag.endswith("RangeStart")), None)
            self._strike(content, step)
            added = w("ins", *runs, **self._by(step))
            content.append(added) if last is None else last.addprevious(added)
        else:
            for child in list(content):
                content.remove(child)
            content.extend(runs)
        place.history.append(Event(new, tracked))

    def delete_figure(self, step: Step) -> None:
        """Delete a figure with its control, or with tracking its number in one of three ways."""
        place = self._place(step)
        if place is None:
            return
        control = place.control
        if not step.tracked and not place.history.is_pending:
            self._gone(control, tracked=False)
            control.getparent().remove(control)
            return
        self._strike(control.find(f"{W}sdtContent"), step)
        if step.how % 3 == 0:
            self._mark_control(control, "Del", step)
        elif step.how % 3 == 1 and control.getparent().tag not in (f"{W}ins", f"{W}moveTo"):
            around = w("del", **self._by(step))
            control.addprevious(around)
            around.append(control)
        place.history.append(Event(None, True))

    def unlink(self, step: Step) -> None:
        """Take the control away and leave its number."""
        place = self._place(step, any=False)
        if place is None:
            return
        for child in list(place.control.find(f"{W}sdtContent")):
            place.control.addprevious(child)
        place.control.getparent().remove(place.control)
        place.history.append(Event(None, False))

    def type_beside(self, step: Step) -> None:
        """Write a digit directly before a figure: the figure says the same, and reads as another."""
        place = self._place(step, any=False)
        if place is None or place.control.getparent().tag != f"{W}p":
            return
        run = _run(self._new_number(step.tracked), None)
        place.control.addprevious(w("ins", run, **self._by(step)) if step.tracked else run)

    # Words

    def type(self, step: Step) -> None:
        """Write a word, sometimes with a number, in the middle of a sentence."""
        paragraph = self._paragraph(step)
        if paragraph is None:
            return
        words = f" {self._new_word(step.tracked)} "
        if step.how % 2:
            words += f"{self._new_number(step.tracked)} children "
        runs = [run for run in paragraph.findall(f"{W}r") if run.find(f"{W}t") is not None]
        run = _run(words, runs[0].find(f"{W}rPr") if runs else None)
        new = w("ins", run, **self._by(step)) if step.tracked else run
        if not runs:
            paragraph.append(new)
            return
        at = runs[step.how % len(runs)]
        text = at.findtext(f"{W}t") or ""
        _split(at, len(text) if _WRITTEN.search(text) else step.how % (1 + len(text)))
        at.addnext(new)

    def delete_words(self, step: Step) -> None:
        """Delete the second half of a run of text."""
        paragraph = self._paragraph(step)
        if paragraph is None:
            return
        runs = [
            run
            for run in paragraph.findall(f"{W}r")
            if [child.tag for child in run if child.tag != f"{W}rPr"] == [f"{W}t"] and " " in run.findtext(f"{W}t")
        ]
        if not runs:
            return
        run = runs[step.how % len(runs)]
        after = _split(run, run.findtext(f"{W}t").rindex(" "))
        if after is None:
            return
        self._gone(w("p", copy.deepcopy(after)), step.tracked)
        if step.tracked:
            self._strike_run(after, step)
        else:
            after.getparent().remove(after)

    def new_paragraph(self, step: Step) -> None:
        """Write a paragraph of one's own."""
        after = self._paragraph(step)
        if after is None:
            return
        run = _run(f"{self._new_word(step.tracked)} and {self._new_word(step.tracked)}.", None)
        paragraph = w("p", w("pPr", w("pStyle", val="BodyText")), run)
        if step.tracked:
            run.addprevious(around := w("ins", **self._by(step)))
            around.append(run)
            self._mark(paragraph, "ins", step)
        after.addnext(paragraph)

    def split_runs(self, step: Step) -> None:
        """Nothing that is seen: Word cuts runs where somebody went over them, and marks what it takes for wrong."""
        for run in list(self.root.iter(f"{W}r"))[step.where % 5 :: 5]:
            ups = [up.tag for up in run.iterancestors()]
            if not any(up.endswith("}Fallback") for up in ups) and not _WRITTEN.search("".join(run.itertext())):
                after = _split(run, 1 + step.how % 7)
                run.set(f"{W}rsidR", f"00{step.how % 900 + 100}A1B")
                if after is not None:
                    after.addprevious(w("proofErr", type="spellStart"))
                    after.addnext(w("proofErr", type="spellEnd"))

    # Paragraphs

    def delete_paragraph(self, step: Step) -> None:
        paragraph = self._paragraph(step)
        if paragraph is None or (step.tracked and paragraph.find(f".//{W}drawing") is not None):
            return
        self._gone(paragraph, step.tracked)
        if step.tracked:
            self._strike(paragraph, step)
            self._mark(paragraph, "del", step)
        else:
            self.body.remove(paragraph)

    def join(self, step: Step) -> None:
        """Delete the end of a paragraph, so that the next one goes on in its line."""
        paragraph = self._paragraph(step)
        following = None if paragraph is None else paragraph.getnext()
        if following is None or following.tag != f"{W}p" or following.find(f"{W}pPr/{W}sectPr") is not None:
            return
        if step.tracked or _has_changes(paragraph) or _has_changes(following):
            self._mark(paragraph, "del", step)
            return
        for child in [child for child in following if child.tag != f"{W}pPr"]:
            paragraph.append(child)
        self.body.remove(following)

    def paste(self, step: Step) -> None:
        """Copy a paragraph with figures to another place of the document."""
        found = [p for p in self._paragraphs() if next(controls(p), None) is not None]
        self._paste([p for p in found if not _has_changes(p) and not _WRITTEN.search(text_of(p))], step)

    def paste_from_another(self, step: Step) -> None:
        """Copy a paragraph with figures out of another section's draft."""
        if self.other:
            body = etree.fromstring(part(self.other, MAIN)).find(f"{W}body")
            self._paste([p for p in body.findall(f"{W}p") if next(controls(p), None) is not None], step)

    def _paste(self, found: list[Any], step: Step) -> None:
        after = self._paragraph(step._replace(where=step.how))
        if not found or after is None:
            return
        new = copy.deepcopy(found[step.where % len(found)])
        self._renumber(new)
        after.addnext(new)
        for control in controls(new):
            self._keep(control, step.tracked, is_new=True)
            if step.tracked:
                self._mark_control(control, "Ins", step)
        if step.tracked:
            self._wrap(new, "ins", step)
            self._mark(new, "ins", step)

    def move(self, step: Step) -> None:
        """Move a paragraph to another place; tracked, it stands at both."""
        paragraph = self._paragraph(step, settled=True)
        to = self._paragraph(step._replace(where=step.how))
        if paragraph is None or to is None or to is paragraph:
            return
        if not step.tracked:
            to.addnext(paragraph)
            return
        if paragraph.find(f".//{W}drawing") is not None or _WRITTEN.search(text_of(paragraph)):
            return
        new = copy.deepcopy(paragraph)
        self._renumber(new)
        to.addnext(new)
        for control in controls(new):
            self._keep(control, tracked=True, is_new=True)
        for place in self.places:
            if place.control in set(paragraph.iter()):
                place.history.append(Event(None, True))
        name = f"move{self._id()}"
        for element, mark in ((paragraph, "moveFrom"), (new, "moveTo")):
            for control in controls(element):
                self._mark_control(control, f"M{mark[1:]}", step)
            self._wrap(element, mark, step)
            self._mark(element, mark, step)
            start = w(f"{mark}RangeStart", name=name, **self._by(step))
            element.insert(1 if element.find(f"{W}pPr") is not None else 0, start)
            element.append(w(f"{mark}RangeEnd", id=start.get(f"{W}id")))

    def restyle(self, step: Step) -> None:
        """Other formatting of a paragraph and of its words."""
        paragraph = self._paragraph(step)
        if paragraph is None:
            return
        properties = _properties(paragraph)
        before = copy.deepcopy(properties)
        style = properties.find(f"{W}pStyle")
        if style is None:
            properties.insert(0, style := w("pStyle"))
        style.set(f"{W}val", ("BodyText", "Callout", "FigureLine")[step.how % 3])
        if step.tracked and properties.find(f"{W}pPrChange") is None:
            for child in list(before):
                if child.tag in (f"{W}rPr", f"{W}sectPr", f"{W}pPrChange"):
                    before.remove(child)
            properties.append(w("pPrChange", before, **self._by(step)))
        for run in paragraph.findall(f"{W}r"):
            run_properties = run.find(f"{W}rPr")
            if run_properties is None:
                run.insert(0, run_properties := w("rPr"))
            if run_properties.find(f"{W}b") is None and run_properties.find(f"{W}rPrChange") is None:
                before = copy.deepcopy(run_properties)
                style = run_properties.find(f"{W}rStyle")
                run_properties.insert(0 if style is None else 1, w("b"))
                if step.tracked:
                    run_properties.append(w("rPrChange", before, **self._by(step)))

    # Tables, comments, text boxes

    def insert_row(self, step: Step) -> None:
        table = self._table(step)
        if table is None:
            return
        rows = table.findall(f"{W}tr")
        row = rows[1 + step.how % (len(rows) - 1)]
        widths = [cell.find(f"{W}tcPr") for cell in row.findall(f"{W}tc")]
        new = w("tr")
        for width in widths:
            run = _run(f"{self._new_word(step.tracked)} {self._new_number(step.tracked)}", None)
            inner = w("ins", run, **self._by(step)) if step.tracked else run
            new.append(w("tc", copy.deepcopy(width), w("p", inner)))
        if step.tracked:
            new.insert(0, w("trPr", w("ins", **self._by(step))))
        row.addnext(new)

    def delete_row(self, step: Step) -> None:
        table = self._table(step)
        if table is None:
            return
        rows = [row for row in table.findall(f"{W}tr")[1:] if row.find(f"{W}trPr/{W}del") is None]
        if len(rows) < 2:
            return
        row = rows[step.how % len(rows)]
        self._gone(row, step.tracked)
        if not step.tracked:
            table.remove(row)
            return
        self._strike(row, step)
        properties = row.find(f"{W}trPr")
        if properties is None:
            before = row.find(f"{W}tblPrEx")
            properties = w("trPr")
            row.insert(0, properties) if before is None else before.addnext(properties)
        properties.append(w("del", **self._by(step)))

    def _table(self, step: Step) -> Any:
        tables = [table for table in self.body.findall(f"{W}tbl") if len(table.findall(f"{W}tr")) > 2]
        return tables[step.where % len(tables)] if tables else None

    def comment(self, step: Step) -> None:
        """Write a comment on a paragraph or on a figure; every second one is resolved already."""
        paragraph = self._paragraph(step)
        if paragraph is None:
            return
        root, extended = self._comment_parts()
        number = str(1 + max((int(one.get(f"{W}id")) for one in root), default=0))
        words = f"Is this right? zqcomment{number}q"
        said = w("p", w("r", w("t", words)))
        said.set(f"{{{SPACES['w14']}}}paraId", f"{0x10000000 + int(number):08X}")
        root.append(w("comment", said, id=number, author=AUTHORS[step.how % 2], date=DAY, initials="SR"))
        mark = etree.SubElement(extended, f"{{{SPACES['w15']}}}commentEx")
        mark.set(f"{{{SPACES['w15']}}}paraId", f"{0x10000000 + int(number):08X}")
        mark.set(f"{{{SPACES['w15']}}}done", str(step.how % 2))
        at = next(iter(paragraph.findall(f"{W}sdt")), None)
        start, end = w("commentRangeStart", id=number), w("commentRangeEnd", id=number)
        if at is not None and step.how % 3:
            at.addprevious(start)
            at.addnext(end)
        else:
            paragraph.insert(1 if paragraph.find(f"{W}pPr") is not None else 0, start)
            paragraph.append(end)
        end.addnext(w("r", w("commentReference", id=number)))
        self.parts[COMMENTS], self.parts[RESOLVED] = _bytes(root), _bytes(extended)
        self.comments.append(words)

    def _comment_parts(self) -> tuple[Any, Any]:
        """The two parts in which comments stand, made and told to the package where there are none yet."""
        found = []
        for name, empty, kind, relation in (
            (COMMENTS, "<w:comments/>", "comments", f"{_OFFICE}/relationships/comments"),
            (RESOLVED, "<w15:commentsEx/>", "commentsExtended",
             "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"),
        ):  # fmt: skip
            try:
                found.append(etree.fromstring(self.parts.get(name) or part(self.data, name)))
                continue
            except KeyError:
                pass
            spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
            found.append(etree.fromstring(empty.replace("/>", f' {spaces} mc:Ignorable="w14 w15"/>')))
            types = f'<Override PartName="/{name}" ContentType="{_WORD}.{kind}+xml"/></Types>'
            link = f'<Relationship Id="rId{self._id()}" Type="{relation}" Target="{kind}.xml"/></Relationships>'
            for other, end, new in (("[Content_Types].xml", "</Types>", types), (_RELS, "</Relationships>", link)):
                text = (self.parts.get(other) or part(self.data, other)).decode()
                self.parts[other] = text.replace(end, new).encode()
        return found[0], found[1]

    def text_box(self, step: Step) -> None:
        """Put in a text box, which stands in the file twice: for Word, and for programs that do not know it."""
        paragraph = self._paragraph(step)
        if paragraph is None:
            return
        words = self._new_word(False)
        content = _bytes(w("txbxContent", w("p", w("r", w("t", words))))).decode().partition("?>")[2]
        run = etree.fromstring(_TEXT_BOX.format(number=self._id(), content=content))
        paragraph.append(run)

    # All at once

    def accept_all(self, step: Step) -> None:
        _settle(self.root, INSERTED, DELETED, accepting=True)
        for history in self._histories():
            history[:] = [Event(history.now, False)]

    def reject_all(self, step: Step) -> None:
        _settle(self.root, DELETED, INSERTED, accepting=False)
        for history in self._histories():
            history[:] = [event for event in history if not event.tracked]

    def _histories(self) -> Iterator[History]:
        yield from (place.history for place in self.places)
        yield from self.words.values()

    # How Word writes changes

    def _renumber(self, element: Any) -> None:
        """A copy's controls get numbers of their own, and comments are not copied."""
        for control in element.iter(f"{W}sdt"):
            control.find(f"{W}sdtPr/{W}id").set(f"{W}val", self._id())
        for mark in list(element.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference")):
            gone = mark.getparent() if mark.tag == f"{W}commentReference" else mark
            gone.getparent().remove(gone)
        for drawn in list(element.iter(f"{{{SPACES['mc']}}}AlternateContent")):
            drawn.getparent().getparent().remove(drawn.getparent())

    def _runs(self, element: Any) -> list[Any]:
        """The runs that are seen in an element, without those within a drawing."""
        return [
            run
            for run in element.iter(f"{W}r")
            if not any(
                up.tag in (f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{{{SPACES['mc']}}}Fallback")
                for up in run.iterancestors()
            )
        ]

    def _strike(self, element: Any, step: Step) -> None:
        for run in self._runs(element):
            self._strike_run(run, step)

    def _strike_run(self, run: Any, step: Step) -> None:
        run.addprevious(around := w("del", **self._by(step)))
        around.append(run)
        for text in run.findall(f"{W}t"):
            text.tag = f"{W}delText"

    def _wrap(self, element: Any, mark: str, step: Step) -> None:
        for run in self._runs(element):
            run.addprevious(around := w(mark, **self._by(step)))
            around.append(run)

    def _mark(self, paragraph: Any, mark: str, step: Step) -> None:
        """Mark the end of a paragraph as inserted or deleted."""
        properties = _properties(paragraph)
        of_mark = properties.find(f"{W}rPr")
        if of_mark is None:
            of_mark = w("rPr")
            later = next((c for c in properties if c.tag in (f"{W}sectPr", f"{W}pPrChange")), None)
            properties.append(of_mark) if later is None else later.addprevious(of_mark)
        if of_mark.find(f"{W}{mark}") is None:
            order = ("ins", "del", "moveFrom", "moveTo")
            earlier = sum(child.tag.partition("}")[2] in order[: order.index(mark)] for child in of_mark)
            of_mark.insert(earlier, w(mark, **self._by(step)))

    def _mark_control(self, control: Any, kind: str, step: Step) -> None:
        """Mark a control itself, beside what is in it, as inserted or deleted (ISO 29500-1, 17.13.5.4)."""
        content = control.find(f"{W}sdtContent")
        first, second = self._by(step), self._by(step)
        control.addprevious(w(f"customXml{kind}RangeStart", **first))
        content.insert(0, w(f"customXml{kind}RangeEnd", id=first["id"]))
        content.append(w(f"customXml{kind}RangeStart", **second))
        control.addnext(w(f"customXml{kind}RangeEnd", id=second["id"]))


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELS = "word/_rels/document.xml.rels"
_TEXT_BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><mc:AlternateContent>'
    '<mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent cx="1800000" cy="600000"/>'
    '<wp:docPr id="{number}" name="Text Box {number}"/><a:graphic>'
    '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1800000" cy="600000"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>"
    '<v:shape id="Box{number}" style="width:142pt;height:47pt"><v:textbox>{content}</v:textbox></v:shape></w:pict>'
    "</mc:Fallback></mc:AlternateContent></w:r>"
)
STEPS: dict[str, Callable[[Editor, Step], None]] = {
    name: getattr(Editor, name)
    for name in (
        "retype", "delete_figure", "unlink", "type_beside", "type", "delete_words", "new_paragraph", "split_runs",
        "delete_paragraph", "join", "paste", "paste_from_another", "move", "restyle", "insert_row", "delete_row",
        "comment", "text_box", "accept_all", "reject_all",
    )
}  # fmt: skip
_OFTEN = ("retype", "retype", "retype", "delete_figure", "paste", "type")


def scripts(*but: str, most: int = 8) -> st.SearchStrategy[list[Step]]:
    """Anything that an editor may do, in any order, without the steps named."""
    names = [name for name in (*STEPS, *_OFTEN) if name not in but]
    step = st.builds(Step, st.sampled_from(names), st.integers(0, 60), st.integers(0, 60), st.booleans())
    return st.lists(step, min_size=1, max_size=most)


def edited(data: bytes, script: list[Step], other: bytes = b"") -> Editor:
    """The editor, after doing all of a script to a document."""
    editor = Editor(data, other)
    for step in script:
        editor.do(step)
    return editor


# Reading, without anything of the project


def controls(element: Any) -> Iterator[Any]:
    """Every control of a figure, but not in the copy that is kept for other programs."""
    for control in element.iter(f"{W}sdt"):
        if _figure(control) and not any(up.tag.endswith("}Fallback") for up in control.iterancestors()):
            yield control


def text_of(element: Any, *, accepted: bool = True) -> str:
    """What is seen of an element with all changes accepted, or all rejected; a line for each paragraph."""
    dropped = DELETED if accepted else INSERTED
    if any(_is_dropped(up, dropped) for up in element.iterancestors()):
        return ""
    return "".join(_seen(element, dropped)).lstrip("\n")


def _seen(element: Any, dropped: tuple[str, ...]) -> Iterator[str]:
    if _is_dropped(element, dropped):
        return
    if element.tag == f"{W}p":
        before = element.getprevious()
        if before is None or not any(before.find(f"{W}pPr/{W}rPr/{W}{name}") is not None for name in dropped):
            yield "\n"
    for child in element:
        if child.tag in (f"{W}t", f"{W}delText"):
            yield child.text or ""
        elif child.tag in (f"{W}tab", f"{W}br") and element.tag == f"{W}r":
            yield "\t" if child.tag == f"{W}tab" else "\n"
        else:
            yield from _seen(child, dropped)


def _is_dropped(element: Any, dropped: tuple[str, ...]) -> bool:
    if element.tag == f"{W}tr":
        return any(element.find(f"{W}trPr/{W}{name}") is not None for name in dropped)
    return element.tag.endswith("}Fallback") or element.tag in {f"{W}{name}" for name in dropped}


def _figure(control: Any) -> str:
    tag = control.find(f"{W}sdtPr/{W}tag")
    name = tag.get(f"{W}val") if tag is not None else ""
    return name.removeprefix("fig:") if name.startswith("fig:") else ""


def _another(printed: str, how: int) -> str:
    """Another number: sometimes one digit different, sometimes wholly."""
    at = [place for place, sign in enumerate(printed) if sign.isdecimal()]
    if how % 2 and at:
        last = at[-1]
        return f"{printed[:last]}{(int(printed[last]) + 1 + how % 8) % 10}{printed[last + 1 :]}"
    return f"83,{how % 1000:03}" if printed != f"83,{how % 1000:03}" else f"84,{how % 1000:03}"


def _bytes(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _run(text: str, properties: Any, rsid: int = -1) -> Any:
    run = w("r", copy.deepcopy(properties), w("t", text))
    if rsid >= 0:
        run.set(f"{W}rsidR", f"00{rsid:04}AB")
    return run


def _split(run: Any, at: int) -> Any:
    """Cut a run of plain text in two; the second of them, or nothing where there is nothing to cut."""
    texts = [child for child in run if child.tag != f"{W}rPr"]
    if [text.tag for text in texts] not in ([f"{W}t"], [f"{W}delText"]) or not 0 < at < len(texts[0].text or ""):
        return None
    second = copy.deepcopy(run)
    other = second.find(texts[0].tag)
    texts[0].text, other.text = texts[0].text[:at], texts[0].text[at:]
    for text in (texts[0], other):
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.addnext(second)
    return second


def _properties(paragraph: Any) -> Any:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        paragraph.insert(0, properties := w("pPr"))
    return properties


def _has_changes(element: Any) -> bool:
    return any(one.get(f"{W}author") for one in element.iter())


def _settle(root: Any, kept: tuple[str, ...], dropped: tuple[str, ...], *, accepting: bool) -> None:
    """Accept every change, or reject every one, as Word does it."""
    gone = {f"{W}customXml{kind}RangeStart" for kind in (("Del", "MoveFrom") if accepting else ("Ins", "MoveTo"))}
    for row in list(root.iter(f"{W}tr")):
        if any(row.find(f"{W}trPr/{W}{name}") is not None for name in dropped):
            row.getparent().remove(row)
    for control in list(root.iter(f"{W}sdt")):
        marks = itertools.takewhile(lambda one: one.tag.endswith("RangeStart"), control.itersiblings(preceding=True))
        if any(mark.tag in gone for mark in marks):
            for child in list(control.find(f"{W}sdtContent")):
                control.addprevious(child)
            control.getparent().remove(control)
    for paragraph in list(root.iter(f"{W}p")):
        following = paragraph.getnext()
        is_gone = any(paragraph.find(f"{W}pPr/{W}rPr/{W}{name}") is not None for name in dropped)
        if is_gone and following is not None and following.tag == f"{W}p":
            at = 0 if following.find(f"{W}pPr") is None else 1
            for child in reversed([child for child in paragraph if child.tag != f"{W}pPr"]):
                following.insert(at, child)
            paragraph.getparent().remove(paragraph)
    for name in dropped:
        for mark in list(root.iter(f"{W}{name}")):
            mark.getparent().remove(mark)
    for name in kept:
        for mark in list(root.iter(f"{W}{name}")):
            for child in list(mark):
                mark.addprevious(child)
            mark.getparent().remove(mark)
    for text in list(root.iter(f"{W}delText")):
        text.tag = f"{W}t"
    for change in list(root.iter(f"{W}rPrChange", f"{W}pPrChange")):
        properties = change.getparent()
        if not accepting:
            rest = [child for child in properties if child.tag in (f"{W}rPr", f"{W}sectPr")]
            for child in list(properties):
                properties.remove(child)
            properties.extend([*change[0], *rest])
        else:
            properties.remove(change)
    for mark in list(root.iter()):
        if re.search(r"\}(?:customXml(?:Ins|Del|MoveFrom|MoveTo)|move(?:From|To))Range(?:Start|End)$", str(mark.tag)):
            mark.getparent().remove(mark)
