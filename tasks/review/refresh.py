"""How does a draft that people edited get the register's figures, without anybody's words being touched?

Every change can be accepted or rejected in Word.

Belongs here: putting new values of figures into a document as tracked changes. Does not belong here: what editors
changed (the check of a draft), and where the documents lie (``tasks.run``, the commands).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lxml import etree

from tasks.assemble.charts import set_points
from tasks.assemble.figures import AUTHOR, LINES, NUMBERS, REGISTER
from tasks.assemble.finish import packed
from tasks.assemble.section_figures import NOT_RECEIVED, printed_text
from tasks.assemble.values import clean, is_words
from tasks.decisions import as_number
from tasks.model import Figure
from tasks.review.moved import Moved, charts_to_refresh
from tasks.review.opening import parts_of_draft
from tasks.review.revisions import REMOVED, W, changes, said
from tasks.review.stories import FigureControl, figure_controls, headings, next_number, register_in, stories, written

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True)
class Refreshed:
    """A draft with the register's figures, what moved in it, and what an editor must know, a sentence each."""

    data: bytes
    changed: tuple[Moved, ...]
    notes: tuple[str, ...]
    linked: int = 0
    """How many figures of it are linked to the register at all."""


def refresh(
    data: bytes, name: str, figures: Mapping[str, Figure | str], by: str = AUTHOR, on: date | None = None
) -> Refreshed:
    """Put the register's figures into a draft that people edited, as tracked changes by ``by``, dated ``on``.

    ``figures`` are those of the register, or the texts that it prints, by id. All text but theirs stays as it is, byte
    for byte; so does the whole file where nothing moved. What the register did not change is left as an editor made
    it, and said. Where an editor changed a figure and the register did so too, the editor's text is marked as deleted
    and the register's as inserted: both are seen in Word, and rejecting the change gives the editor's back.

    Raises:
        Refused: the document is not safe to open, or is no Word document.
    """
    parts = parts_of_draft(data, name)
    printed = {key: value if isinstance(value, str) else clean(printed_text(value)) for key, value in figures.items()}
    charts = charts_to_refresh(parts, printed)
    if charts.moved:
        parts = set_points(parts, charts.texts)
    work = _Refresh(parts, printed, by, on, list(charts.moved), list(charts.notes), drawn=bool(charts.moved))
    for story, root in work.roots.items():
        for control in figure_controls(story, root, work.headings):
            work.linked += 1
            work.look_at(story, control)
    return work.done(data)


@dataclass
class _Refresh:
    """One draft while its figures are put right."""

    parts: dict[str, bytes]
    printed: Mapping[str, str]
    by: str
    on: date | None
    moved: list[Moved] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    linked: int = 0
    drawn: bool = False
    """Was a chart drawn anew?"""

    def __post_init__(self) -> None:
        self.roots = stories(self.parts)
        self.headings = headings(self.parts)
        self.number = next_number(self.roots)
        self.register = register_in(self.parts)
        self.drafted = self._drafted()
        self.says_now = dict(self.drafted)

    def _drafted(self) -> dict[str, str]:
        if self.register is None:
            self.notes.append(
                "The list of figures that the draft was made with is gone from the file, so what an editor changed "
                "cannot be told from what the register changed. Another program than Word may have saved it."
            )
            return {}
        return {
            one.findtext(f"{{{REGISTER}}}id", ""): one.findtext(f"{{{REGISTER}}}text", "")
            for one in self.register[1].iter(f"{{{REGISTER}}}figure")
        }

    def look_at(self, story: str, control: FigureControl) -> None:
        """Put one figure right, or say why it is left as it is."""
        says, now = said(control.content), self.printed.get(control.figure)
        drafted = self.drafted.get(control.figure, said(control.content, accepted=False))
        if now is None:
            if says != NOT_RECEIVED:
                self._note(control, f"{control.figure} is not in the register: it was left as it is.")
            return
        if says == now:
            self.says_now[control.figure] = now
            return
        gone = not says or next(control.control.iterancestors(*REMOVED), None) is not None
        if gone or (says != drafted and now == drafted):
            self._note(control, self._left(control, "was deleted" if gone else _retyped(says, drafted), now))
            return
        if says != drafted:
            self._note(
                control,
                f"{control.figure} {_retyped(says, drafted)}{_by(control)}, and the register has changed since. Both "
                "are shown, the editor's as deleted and the register's as inserted: accept or reject it in Word.",
            )
        self._put(control, now)
        self.touched.add(story)
        self.says_now[control.figure] = now
        if not control.again:
            self.moved.append(Moved(control.figure, says, now, control.where))

    def _left(self, control: FigureControl, what: str, now: str) -> str:
        newer = "" if now == self.drafted.get(control.figure, now) else f" The register says {now} now."
        return f"{control.figure} {what}{_by(control)}: it was left as the editor made it.{newer}"

    def _note(self, control: FigureControl, words: str) -> None:
        place = f" (under “{control.where}”)" if control.where else ""
        if not control.again:
            self.notes.append(words.replace(control.figure, f"{control.figure}{place}", 1))

    def _put(self, control: FigureControl, now: str) -> None:
        _take_back(control.content, self.by)
        runs = [run for run in control.content.iter(f"{W}r") if _is_shown(run, control.content) and said(run)]
        about = control.control.find(f"{W}sdtPr")
        # Word keeps people out of what is locked, and so from accepting or rejecting a change in it.
        for lock in about.findall(f"{W}lock"):
            about.remove(lock)
        if "".join(map(said, runs)) == now:
            _relock(about)
            return
        properties = runs[-1].find(f"{W}rPr") if runs else None
        if properties is None:  # typed by a program that forgets it: what the draft was made with
            properties = about.find(f"{W}rPr")
        for run in runs:
            self._delete(run)
        inserted = self._change("ins")
        inserted.append(_run(now, _dressed(properties, now, control.control)))
        if runs:
            _outermost(runs[-1], control.content).addnext(inserted)
        else:
            next(control.content.iter(f"{W}p"), control.content).append(inserted)

    def _delete(self, run: Any) -> None:
        before = run.getprevious()
        if before is not None and before.tag == f"{W}del" and before.get(f"{W}author") == self.by:
            before.append(run)
        else:
            mark = self._change("del")
            run.addprevious(mark)
            mark.append(run)
        for text in run.iter(f"{W}t"):
            text.tag = f"{W}delText"

    def _change(self, kind: str) -> Any:
        about = {f"{W}id": str(self.number), f"{W}author": self.by}
        self.number += 1
        return etree.Element(f"{W}{kind}", about | ({f"{W}date": f"{self.on}T00:00:00Z"} if self.on else {}))

    def done(self, data: bytes) -> Refreshed:
        """The document as it is now; the very bytes that came where nothing moved."""
        changed = {key: text for key, text in self.says_now.items() if self.drafted.get(key, text) != text}
        if self.register and changed:
            name, root = self.register
            for one in root.iter(f"{{{REGISTER}}}figure"):
                if (id_ := one.findtext(f"{{{REGISTER}}}id")) in changed:
                    one.find(f"{{{REGISTER}}}text").text = changed[id_]
            self.parts[name] = written(root)
        if not self.touched and not self.drawn and not (self.register and changed):
            return Refreshed(data, (), tuple(dict.fromkeys(self.notes)), self.linked)
        self.parts |= {story: written(self.roots[story]) for story in self.touched}
        return Refreshed(packed(self.parts), tuple(self.moved), tuple(dict.fromkeys(self.notes)), self.linked)


def _retyped(says: str, drafted: str) -> str:
    """What an editor did to a figure. What was typed over a symbol may be the number that it hides: it is not said."""
    if drafted and as_number(drafted) is None:
        return f"had “{drafted}” and was retyped"
    return f"was changed from {drafted} to {says}"


def _by(control: FigureControl) -> str:
    """Who changed a figure, where the document says so."""
    people = {one.author: one.date[:10] for one in changes(control.control) if one.author}
    people |= {
        mark.get(f"{W}author", ""): mark.get(f"{W}date", "")[:10] for mark in control.control.iterancestors(*REMOVED)
    }
    told = [f"{author} on {day}" if day else author for author, day in people.items() if author != AUTHOR]
    return f" by {' and '.join(told)}" if told else ""


def _take_back(content: Any, by: str) -> None:
    """Reject what an earlier refresh put in and nobody has accepted yet."""
    for mark in [mark for mark in content.iter(f"{W}ins") if mark.get(f"{W}author") == by]:
        mark.getparent().remove(mark)
    for mark in [mark for mark in content.iter(f"{W}del") if mark.get(f"{W}author") == by]:
        for text in mark.iter(f"{W}delText"):
            text.tag = f"{W}t"
        for child in list(mark):
            mark.addprevious(child)
        mark.getparent().remove(mark)


def _is_shown(run: Any, content: Any) -> bool:
    for ancestor in run.iterancestors():
        if ancestor is content:
            return True
        if ancestor.tag in REMOVED:
            return False
    return True


def _outermost(run: Any, content: Any) -> Any:
    """The tracked change round a run, the run itself where there is none: what comes after it stands beside that."""
    found = run
    for ancestor in run.iterancestors():
        if ancestor is content or ancestor.tag == f"{W}p":
            break
        found = ancestor
    return found


def _run(text: str, properties: Any) -> Any:
    run = etree.Element(f"{W}r")
    if properties is not None:
        run.append(properties)
    etree.SubElement(run, f"{W}t", {_SPACE: "preserve"}).text = text
    return run


def _dressed(properties: Any, text: str, control: Any) -> Any:
    """The formatting that the figure had; the style for words where a number gives way to them, and back."""
    if properties is None:
        return None
    kept = copy.deepcopy(properties)
    for former in kept.findall(f"{W}rPrChange"):
        kept.remove(former)
    style = kept.find(f"{W}rStyle")
    paragraph = next(control.iterancestors(f"{W}p"), None)
    line = paragraph.find(f"{W}pPr/{W}pStyle") if paragraph is not None else None
    if style is None or line is None:
        return kept
    numbers = {**dict.fromkeys(map(_id, LINES), NUMBERS[0]), _id(LINES[-1]): NUMBERS[1]}
    named = style.get(f"{W}val", "")
    if is_words(text) and named in map(_id, NUMBERS):
        style.set(f"{W}val", _id("Figure Words"))
    elif not is_words(text) and named == _id("Figure Words") and line.get(f"{W}val", "") in numbers:
        style.set(f"{W}val", _id(numbers[line.get(f"{W}val", "")]))
    return kept


def _relock(about: Any) -> None:
    """Lock a control again, in the place where Word wants it: behind its names and its number."""
    last = [child for child in about if child.tag in (f"{W}rPr", f"{W}alias", f"{W}tag", f"{W}id")][-1]
    last.addnext(etree.Element(f"{W}lock", {f"{W}val": "contentLocked"}))


def _id(style: str) -> str:
    return style.replace(" ", "")
