"""What does a document take from outside itself, or lead to?

Belongs here: relationships between a package's parts (ISO 29500-2), and which of them lead out of it. Does not belong
here: fields (``tasks.review.fields``), and what is said to a person (``tasks.review.opening``).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FOLLOWED = frozenset({"http", "https", "mailto", "tel"})
"""Where a link may lead: nothing is fetched until somebody follows it, and no password goes with it."""
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")


@dataclass(frozen=True)
class Link:
    """A relationship of one part."""

    part: str
    """The part that has it: ``word/document.xml``; empty for the package itself."""
    id: str
    kind: str
    """The last word of its type: ``hyperlink``, ``image``, ``attachedTemplate`` …"""
    target: str
    is_outside: bool

    @property
    def scheme(self) -> str:
        """``https``; ``file`` for a path or a file share; empty for a place in the same document or package."""
        found = _SCHEME.match(self.target)
        if found and len(found[1]) > 1:
            return found[1].lower()
        if self.target.lstrip().startswith(("\\", "//")) or found:
            return "file"
        return "" if self.target.startswith("#") or not self.is_outside else "file"

    @property
    def is_web(self) -> bool:
        """Would it be fetched over the web? A file share with ``@SSL`` or a port in its name is a web server."""
        return self.scheme not in ("", "file") or "@" in self.target

    @property
    def leads_to(self) -> str:
        """The part that it leads to within the package."""
        if self.target.startswith("/"):
            return self.target.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.part), self.target))


def links(roots: Mapping[str, Any]) -> Iterator[Link]:
    """Every relationship of a package, from the roots of its parts by name."""
    for name, root in roots.items():
        if not name.lower().endswith(".rels"):
            continue
        folder, _, file = name.rpartition("/")
        part = posixpath.join(posixpath.dirname(folder), file[: -len(".rels")])
        for relation in root.iter("{*}Relationship"):
            outside = relation.get("TargetMode", "").strip().lower() == "external"
            kind = relation.get("Type", "").rstrip("/").rpartition("/")[2]
            yield Link(part, relation.get("Id", ""), kind, relation.get("Target", ""), outside)


def says_another_address(link: Link) -> bool:
    """Does it say that it stays within the package, and name an address outside it?"""
    return not link.is_outside and (link.scheme != "" or link.leads_to.startswith(".."))
