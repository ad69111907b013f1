"""How large, how bold, in which colour and on which ground do letters come out, whatever the style it comes from?

Belongs here: the order in which Word asks a run, its style, its paragraph's style, the table's style and the defaults
(ISO 29500-1, 17.7.2). Does not belong here: what is too small or too pale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tasks.review.revisions import W

if TYPE_CHECKING:
    from tasks.assemble.accessible.reading import Paragraph

WHITE = "FFFFFF"
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_OFF = ("0", "false", "off")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkBlue": "000080", "darkCyan": "008080",
    "darkGray": "808080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000",
    "green": "00FF00", "lightGray": "C0C0C0", "magenta": "FF00FF", "red": "FF0000", "white": WHITE, "yellow": "FFFF00",
}  # fmt: skip


class Styles:
    """The styles of a document."""

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

    def chain(self, style_id: str | None) -> list[Any]:
        """A style and those it is based on, nearest first."""
        found: list[Any] = []
        while style_id in self.elements and self.elements[style_id] not in found:
            found.append(self.elements[style_id])
            based = found[-1].find(f"{W}basedOn")
            style_id = based.get(f"{W}val") if based is not None else None
        return found

    def of(self, paragraph: Any) -> list[Any]:
        """The styles of a paragraph, nearest first."""
        return self.chain(_value(paragraph, "pPr", "pStyle") or self.defaults.get("paragraph"))

    def name(self, paragraph: Any) -> str:
        """The name of a paragraph's style, in small letters."""
        found = self.of(paragraph)
        return (_value(found[0], "name") or "").casefold() if found else ""

    def level(self, paragraph: Any) -> int:
        """1 to 9 where the paragraph is a heading, else 0."""
        for layer in (paragraph, *self.of(paragraph)):
            own = _value(layer, "pPr", "outlineLvl")
            if own is not None:
                return int(own) + 1 if own.isdecimal() and int(own) < 9 else 0
            named = re.fullmatch(r"heading (\d)", (_value(layer, "name") or "").casefold())
            if named:
                return int(named[1])
        return 0

    def properties(self, paragraph: Paragraph, name: str) -> Any:
        """What a paragraph or its style says of one of its properties; nothing where they say nothing."""
        for layer in (paragraph.element, *self.of(paragraph.element)):
            found = layer.find(f"{W}pPr/{W}{name}")
            if found is not None:
                return found
        return None

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
        cell = paragraph.cell
        shades = [
            next((layer.find(f"{W}shd") for layer in self._own(run) if layer.find(f"{W}shd") is not None), None),
            self.properties(paragraph, "shd"),
            next(self._cell_shades(paragraph), None) if cell else None,
        ]
        found = next((colour for shade in shades if shade is not None and (colour := _filled(shade))), None)
        if found or paragraph.box is None:
            return found or WHITE
        return _box_ground(paragraph.box)

    def _letter(self, run: Any, paragraph: Paragraph, name: str) -> Any:
        for layer in self._layers(run, paragraph):
            found = layer.find(f"{W}{name}")
            if found is not None:
                return found
        return None

    def _layers(self, run: Any, paragraph: Paragraph) -> Iterator[Any]:
        yield from self._own(run)
        yield from _of(self.of(paragraph.element), "rPr")
        for style in self._table_styles(paragraph):
            yield from _of([style], "rPr")
        if self.default_letters is not None:
            yield self.default_letters

    def _own(self, run: Any) -> Iterator[Any]:
        yield from _of([run], "rPr")
        yield from _of(self.chain(_value(run, "rPr", "rStyle")), "rPr")

    def _table_styles(self, paragraph: Paragraph) -> Iterator[Any]:
        """What a table's style says of the cell: first of its part of the table, then of the whole table."""
        if not paragraph.cell:
            return
        table = paragraph.cell.table
        chain = self.chain(table.said("tblStyle") or self.defaults.get("table"))
        for part in table.parts_of(paragraph.cell.row, paragraph.cell.column):
            for style in chain:
                yield from (one for one in style.findall(f"{W}tblStylePr") if one.get(f"{W}type") == part)
        yield from chain

    def _cell_shades(self, paragraph: Paragraph) -> Iterator[Any]:
        if paragraph.cell:
            for layer in (paragraph.cell.element, *self._table_styles(paragraph)):
                for name in ("tcPr", "tblPr"):
                    yield from layer.findall(f"{W}{name}/{W}shd")
            yield from paragraph.cell.table.element.findall(f"{W}tblPr/{W}shd")


def _value(element: Any, *path: str) -> str | None:
    found = element.find("/".join(f"{W}{name}" for name in path))
    return found.get(f"{W}val") if found is not None else None


def _of(layers: list[Any], name: str) -> Iterator[Any]:
    return (found for layer in layers if (found := layer.find(f"{W}{name}")) is not None)


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
