"""How large, how bold, in which colour and on which ground do letters come out, whatever the style it comes from?

Belongs here: the order in which Word asks a run, its style, its paragraph's style, the table's style and the defaults
(ISO 29500-1, 17.7.2). Does not belong here: what is too small or too pale.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from lxml import etree

from tasks.review.revisions import W

if TYPE_CHECKING:
    from tasks.assemble.accessible.reading import Paragraph

T = TypeVar("T")

WHITE = "FFFFFF"
_PARAGRAPH_STYLE, _LEVEL, _LETTERS = f"{W}pPr/{W}pStyle", f"{W}pPr/{W}outlineLvl", f"{W}rPr"
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_OFF = ("0", "false", "off")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkBlue": "000080", "darkCyan": "008080",
    "darkGray": "808080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000",
    "green": "00FF00", "lightGray": "C0C0C0", "magenta": "FF00FF", "red": "FF0000", "white": WHITE, "yellow": "FFFF00",
}  # fmt: skip


class Styles:
    """The styles of a document. What they say is put together once a style: a report has thousands of runs."""

    def __init__(self, root: Any) -> None:
        found = [] if root is None else root.findall(f"{W}style")
        self.elements = {style.get(f"{W}styleId"): style for style in found}
        self.defaults = {
            style.get(f"{W}type"): style.get(f"{W}styleId")
            for style in found
            if style.get(f"{W}default") in ("1", "true", "on")
        }
        default = None if root is None else root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self.default_letters = default
        self._known: dict[tuple[Any, ...], Any] = {}

    def chain(self, style_id: str | None) -> list[Any]:
        """A style and those it is based on, nearest first."""
        found: list[Any] = []
        while style_id in self.elements and self.elements[style_id] not in found:
            found.append(self.elements[style_id])
            based = found[-1].find(f"{W}basedOn")
            style_id = based.get(f"{W}val") if based is not None else None
        return found

    def name(self, paragraph: Any) -> str:
        """The name of a paragraph's style, in small letters."""
        return self._once(self._name, self.style_of(paragraph))

    def level(self, paragraph: Any) -> int:
        """1 to 9 where the paragraph is a heading, else 0."""
        own = _value(paragraph, _LEVEL)
        return _level(own) if own is not None else self._once(self._level, self.style_of(paragraph))

    def properties(self, paragraph: Paragraph, name: str) -> Any:
        """What a paragraph or its style says of one of its properties; nothing where they say nothing."""
        own = paragraph.element.find(f"{W}pPr/{W}{name}")
        return own if own is not None else self._once(self._of_paragraphs, paragraph.style_id).get(name)

    def style_of(self, paragraph: Any) -> str | None:
        """The id of a paragraph's style."""
        return _value(paragraph, _PARAGRAPH_STYLE) or self.defaults.get("paragraph")

    def _once(self, work: Callable[..., T], *about: Any) -> T:
        key = (work.__name__, *about)
        if key not in self._known:
            self._known[key] = work(*about)
        found: T = self._known[key]
        return found

    def _name(self, style_id: str | None) -> str:
        found = self.elements.get(style_id)
        return (_value(found, f"{W}name") or "").casefold() if found is not None else ""

    def _level(self, style_id: str | None) -> int:
        for style in self.chain(style_id):
            own = _value(style, _LEVEL)
            if own is not None:
                return _level(own)
            named = re.fullmatch(r"heading (\d)", (_value(style, f"{W}name") or "").casefold())
            if named:
                return int(named[1])
        return 0

    def _of_paragraphs(self, style_id: str | None) -> dict[str, Any]:
        return _merged(self.chain(style_id), "pPr")

    def _of_letters(self, style_id: str | None) -> dict[str, Any]:
        return _merged(self.chain(style_id), "rPr")

    def _round_letters(self, style_id: str | None, table: str | None, parts: tuple[str, ...]) -> dict[str, Any]:
        """What letters come out as where neither they nor a style of theirs say anything."""
        found = _merged([*self.chain(style_id), *self._of_table(table, parts)], "rPr")
        for child in () if self.default_letters is None else self.default_letters:
            found.setdefault(etree.QName(child).localname, child)
        return found

    def _of_table(self, style_id: str | None, parts: tuple[str, ...]) -> list[Any]:
        """What a table's style says of a cell: first of its part of the table, then of the whole table."""
        chain = self.chain(style_id)
        special = [
            one for part in parts for style in chain for one in style.findall(f"{W}tblStylePr")
            if one.get(f"{W}type") == part
        ]  # fmt: skip
        return [*special, *chain]

    def _shade_of_table(self, style_id: str | None, parts: tuple[str, ...]) -> Any:
        layers = self._of_table(style_id, parts)
        shades = (layer.find(f"{W}{name}/{W}shd") for layer in layers for name in ("tcPr", "tblPr"))
        return next((shade for shade in shades if shade is not None), None)

    # Letters

    def size(self, run: Any, paragraph: Paragraph) -> float:
        """The size of a run's letters in points."""
        found = self._letter(run, paragraph, "sz")
        return float(found.get(f"{W}val")) / 2 if found is not None else 10.0

    def is_on(self, run: Any, paragraph: Paragraph, name: str) -> bool:
        """Is a run in bold (``b``), hidden (``vanish``), or another of Word's switches?"""
        found = self._letter(run, paragraph, name)
        return found is not None and found.get(f"{W}val", "1") not in _OFF

    def raised(self, run: Any, paragraph: Paragraph) -> bool:
        """Is a run superscript or subscript?"""
        found = self._letter(run, paragraph, "vertAlign")
        return found is not None and found.get(f"{W}val") != "baseline"

    def language(self, run: Any, paragraph: Paragraph) -> str:
        """The language in which a run is read aloud."""
        found = self._letter(run, paragraph, "lang")
        return found.get(f"{W}val", "") if found is not None else ""

    def colour(self, run: Any, paragraph: Paragraph) -> str | None:
        """The colour of a run's letters as RRGGBB; nothing where Word chooses it to suit the ground."""
        found = self._letter(run, paragraph, "color")
        value = found.get(f"{W}val", "") if found is not None else ""
        return value.upper() if _COLOUR.fullmatch(value) else None

    def ground(self, run: Any, paragraph: Paragraph) -> str | None:
        """The colour behind a run as RRGGBB; nothing where it cannot be told, as in a text box with a picture."""
        mark = self._letter(run, paragraph, "highlight")
        if mark is not None and mark.get(f"{W}val") in _HIGHLIGHTS:
            return _HIGHLIGHTS[mark.get(f"{W}val")]
        shades = [
            self._own(run, "shd"),
            self.properties(paragraph, "shd"),
            self._shade_of_cell(paragraph),
        ]
        found = next((colour for shade in shades if shade is not None and (colour := _filled(shade))), None)
        if found or paragraph.box is None:
            return found or WHITE
        return _box_ground(paragraph.box)

    def _letter(self, run: Any, paragraph: Paragraph, name: str) -> Any:
        own = self._own(run, name)
        if own is not None:
            return own
        table, parts = self._table_of(paragraph)
        return self._once(self._round_letters, paragraph.style_id, table, parts).get(name)

    def _own(self, run: Any, name: str) -> Any:
        """What a run or its own style says of its letters."""
        properties = run.find(_LETTERS)
        if properties is None:
            return None
        own = properties.find(f"{W}{name}")
        style = _value(properties, f"{W}rStyle")
        return own if own is not None or not style else self._once(self._of_letters, style).get(name)

    def _table_of(self, paragraph: Paragraph) -> tuple[str | None, tuple[str, ...]]:
        if not paragraph.cell:
            return None, ()
        return paragraph.cell.table.style or self.defaults.get("table"), paragraph.cell.parts

    def _shade_of_cell(self, paragraph: Paragraph) -> Any:
        if not paragraph.cell:
            return None
        own = paragraph.cell.element.find(f"{W}tcPr/{W}shd")
        if own is None:
            own = paragraph.cell.table.element.find(f"{W}tblPr/{W}shd")
        return own if own is not None else self._once(self._shade_of_table, *self._table_of(paragraph))


def _merged(layers: list[Any], name: str) -> dict[str, Any]:
    """Properties of a kind by their names, of the nearest layer that says something of each."""
    found: dict[str, Any] = {}
    for layer in layers:
        for child in layer.iterfind(f"{W}{name}/*"):
            found.setdefault(etree.QName(child).localname, child)
    return found


def _value(element: Any, path: str) -> str | None:
    found = element.find(path)
    return found.get(f"{W}val") if found is not None else None


def _level(outline: str) -> int:
    return int(outline) + 1 if outline.isdecimal() and int(outline) < 9 else 0


def _filled(shade: Any) -> str | None:
    """The colour that a shade comes out as; nothing where one sees through it."""
    kind, fill, ink = (shade.get(f"{W}{name}", "") for name in ("val", "fill", "color"))
    percent = 100 if kind == "solid" else int(kind[3:]) if re.fullmatch(r"pct\d+", kind) else 0
    if not percent:
        return fill.upper() if _COLOUR.fullmatch(fill) and kind != "nil" else None
    under, over = fill if _COLOUR.fullmatch(fill) else WHITE, ink if _COLOUR.fullmatch(ink) else "000000"
    mixed = (
        round(int(over[i : i + 2], 16) * percent / 100 + int(under[i : i + 2], 16) * (1 - percent / 100))
        for i in (0, 2, 4)
    )
    return "".join(f"{part:02X}" for part in mixed)


def _box_ground(box: Any) -> str | None:
    for around in box.iterancestors():
        if around.tag.endswith("}wsp"):
            properties = around.find("{*}spPr")
            fill = None if properties is None else properties.find(f"{_DRAWING}solidFill/{_DRAWING}srgbClr")
            plain = properties is not None and properties.find(f"{_DRAWING}noFill") is not None
            return fill.get("val").upper() if fill is not None else WHITE if plain else None
    return None
