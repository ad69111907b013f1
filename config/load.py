"""The one typed door to a partnership's configuration.

Belongs here: strict YAML 1.2 (duplicate and unknown keys refused), errors that name file, line and key.
Does not belong here: what the values mean (``config.model``, ``config.layouts``, ``config.rules``).

All errors of all files are collected and refused together, before anything is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from config.errors import Refused
from config.layouts import Source
from config.model import TEMPLATES, Guidance, Measure, Profile, Section
from config.partnership import Partnership, inconsistencies
from config.rules import Rule
from config.settings import Settings
from config.wording import WordingChange, WordingCheck

STATUTORY = Path(__file__).parent / "statutory"
WORDING = Path(__file__).parent / "wording.yaml"
"""The checks over words as they are for every partnership."""


@dataclass(frozen=True)
class Mistake:
    """One thing wrong in a configuration file."""

    file: Path
    line: int
    key: str
    what: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.key or 'the file'}: {self.what} {self.to_do}".rstrip()


class MistakesRefused(Refused):
    """Files with mistakes; ``mistakes`` holds all of them."""

    what_has = ""
    matters = ""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        super().__init__(
            f"{self.what_has} {count}:\n" + "\n".join(f"  - {mistake}" for mistake in mistakes),
            why=self.matters,
            to_do="Correct the lines named, then run 'assure config check'.",
        )


class ConfigurationRefused(MistakesRefused):
    """A configuration with mistakes."""

    what_has = "The configuration has"
    matters = "With a wrong configuration figures would be read from the wrong place. Nothing was written."


def partnership_ids(root: Path | None = None) -> list[str]:
    """The partnerships that have a folder under ``root``, or under this machine's folder of partnerships."""
    folder = root or Settings.from_environment().partnerships
    return sorted(path.parent.name for path in folder.glob("*/partnership.yaml"))


def load_partnership(name: str, root: Path | None = None) -> Partnership:
    """Read and check a partnership's whole configuration.

    ``root`` is the folder that holds partnerships' folders; this machine's unless given.

    Raises:
        ConfigurationRefused: with every mistake of every file.
        Refused: there is no such partnership.
    """
    root = root or Settings.from_environment().partnerships
    folder = root / name
    if not (folder / "partnership.yaml").is_file():
        raise Refused(
            f"There is no partnership '{name}'.",
            where=str(folder),
            to_do=f"Use one of: {', '.join(partnership_ids(root))}; or copy a configuration folder and edit it.",
        )
    reader = StrictReader()
    profile = reader.one(folder / "partnership.yaml", Profile)
    measures = reader.mapping(folder / "measures.yaml", Measure)
    sources = reader.mapping(folder / "sources.yaml", Source)
    rules = reader.mapping(folder / "reconciliation.yaml", Rule)
    sections = reader.mapping(folder / "report.yaml", Section)
    wording = _wording(reader, folder / "wording.yaml")
    templates = _templates(reader, folder / "templates")
    guidance = reader.one(STATUTORY / f"{profile.guidance}.yaml", Guidance) if profile else None
    if reader.mistakes or profile is None or guidance is None:
        raise ConfigurationRefused(reader.mistakes)
    if profile.id != name:
        keep = f"Write 'id: {name}', or rename the folder."
        reader.mistake(folder / "partnership.yaml", ("id",), f"The id is not the folder's name '{name}'.", keep)
    partnership = Partnership(
        profile=profile,
        guidance=guidance,
        measures=measures,
        sources=sources,
        rules=tuple(rules.values()),
        sections=tuple(sections.values()),
        fingerprint=reader.fingerprint(),
        wording=wording,
        templates=templates,
    )
    for found in inconsistencies(partnership):
        reader.mistake(folder / found.file, found.keys, found.what, found.to_do)
    if reader.mistakes:
        raise ConfigurationRefused(reader.mistakes)
    return partnership


def _wording(reader: StrictReader, own: Path) -> tuple[WordingCheck, ...]:
    """The checks over words, with what a partnership changes of them where it has a file of its own."""
    checks: dict[str, WordingCheck] = reader.mapping(WORDING, WordingCheck)
    changes: dict[str, WordingChange] = reader.mapping(own, WordingChange) if own.is_file() else {}
    for name, change in changes.items():
        for unknown in sorted(set(change.words) - set(checks[name].words)):
            known = ", ".join(sorted(checks[name].words)) or "none"
            reader.mistake(own, (name, "words", unknown), "The check has no such list of words.", f"It has: {known}.")
    return tuple(check.changed(changes[name]) if name in changes else check for name, check in checks.items())


def _templates(reader: StrictReader, folder: Path) -> dict[str, bytes]:
    """Word templates that a partnership restyled; whether drafts can be made of them is for the run to find out."""
    found = {}
    for path in sorted(folder.glob("*.docx")):
        if path.name.startswith("~$"):  # Word keeps it beside a document that is open
            continue
        if path.stem in TEMPLATES:
            found[path.stem] = reader.bytes_of(path)
        else:
            close = next(iter(get_close_matches(path.stem, TEMPLATES, n=1)), "")
            keep = f"Did you mean {close}.docx?" if close else f"Name it after one of: {', '.join(TEMPLATES)}."
            reader.mistakes.append(Mistake(path, 1, "", "There is no template of this name to stand in for.", keep))
    return found


class StrictReader:
    """Reads YAML files into models and collects what is wrong with them; the suites of checks are read with it too."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self._contents: dict[Path, bytes] = {}

    def one(self, path: Path, model: type[BaseModel]) -> Any:
        """Read a file that is one value of ``model``; ``None`` after a mistake."""
        data = self._yaml(path)
        return None if data is None else self._validate(path, (), TypeAdapter(model), data)

    def mapping(self, path: Path, model: Any) -> dict[str, Any]:
        """Read a file that maps an id to a value of ``model``; the key is the value's ``id``."""
        data = self._yaml(path)
        if data is None:
            return {}
        adapter: TypeAdapter[Any] = TypeAdapter(model)
        values = {}
        for name, entry in data.items():
            if not isinstance(entry, dict):
                self.mistake(
                    path, (name,), "An entry of 'key: value' lines is expected here.", "See the other entries."
                )
                continue
            if "id" in entry:
                self.mistake(path, (name, "id"), "The id is the entry's own name.", "Take the line 'id:' out.")
                continue
            value = self._validate(path, (name,), adapter, {"id": name, **entry})
            if value is not None:
                values[str(name)] = value
        return values

    def bytes_of(self, path: Path) -> bytes:
        """Read a file that is no YAML; it counts in the fingerprint like the others."""
        self._contents[path] = path.read_bytes()
        return self._contents[path]

    def fingerprint(self) -> str:
        """SHA-256 over names and contents of all files read."""
        whole = hashlib.sha256()
        for path in sorted(self._contents, key=lambda path: path.name):
            whole.update(path.name.encode() + b"\0" + hashlib.sha256(self._contents[path]).digest())
        return whole.hexdigest()

    def mistake(self, path: Path, keys: Sequence[str | int], what: str, to_do: str) -> None:
        line = self._line(path, keys)
        self.mistakes.append(Mistake(path, line, " > ".join(str(key) for key in keys), what, to_do))

    def _yaml(self, path: Path) -> dict[str, Any] | None:
        try:
            self._contents[path] = path.read_bytes()
            data = YAML(typ="safe", pure=True).load(self._contents[path])
        except FileNotFoundError:
            self.mistakes.append(
                Mistake(path, 1, "", "The file is missing.", "Add it, or correct its name where it is asked for.")
            )
        except MarkedYAMLError as error:
            mark = error.problem_mark
            what = (error.problem or "This is not YAML").replace("\n", " ")
            line = mark.line + 1 if mark else 1
            self.mistakes.append(Mistake(path, line, "", f"The file cannot be read: {what}.", "Correct this line."))
        except (UnicodeDecodeError, ValueError, YAMLError):
            self.mistakes.append(Mistake(path, 1, "", "The file is not UTF-8 text.", "Save it as UTF-8."))
        else:
            if isinstance(data, dict):
                return data
            self.mistakes.append(
                Mistake(path, 1, "", "The file must be 'key: value' lines.", "See another partnership's.")
            )
        return None

    def _validate(self, path: Path, prefix: tuple[str, ...], adapter: TypeAdapter[Any], data: Any) -> Any:
        try:
            return adapter.validate_python(data)
        except ValidationError as refused:
            for error in refused.errors(include_url=False):
                keys = prefix + tuple(key for key in error["loc"] if not _is_tag(key, data, error["loc"]))
                if error["type"].startswith("union_tag"):
                    keys += (error["ctx"]["discriminator"].strip("'"),)
                self.mistake(path, keys, _says(error), _to_do(error))
        return None

    def _line(self, path: Path, keys: Sequence[str | int]) -> int:
        """The line of the innermost key that is there. The file is read again for it: mistakes are rare."""
        try:
            node: Any = YAML(typ="rt").load(self._contents[path])
        except (KeyError, MarkedYAMLError):
            return 1
        line = 0
        for key in keys:
            try:
                marks = node.lc
                line = marks.key(key)[0] if isinstance(node, dict) else marks.item(key)[0]
                node = node[key]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        return int(line) + 1


def _is_tag(key: str | int, data: Any, loc: tuple[str | int, ...]) -> bool:
    """Does this part of an error's place name a kind of layout or rule, which is no key of the file?"""
    node = data
    for part in loc:
        if part is key or part == key:
            return isinstance(part, str) and isinstance(node, dict) and part not in node and part in node.values()
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            continue
    return False


def _says(error: Any) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "This key is not known."
        case "missing":
            return "This key is missing."
        case "literal_error":
            return f"'{error['input']}' is not one of {error['ctx']['expected']}."
        case "union_tag_invalid":
            return f"'{error['ctx']['tag']}' is not one of {error['ctx']['expected_tags']}."
        case "string_pattern_mismatch":
            return f"'{error['input']}' is not written as it must be ({error['ctx']['pattern']})."
        case "int_parsing" | "int_type" | "int_from_float":
            return f"'{error['input']}' is not a whole number in digits."
        case "value_error":
            return str(error["ctx"]["error"])
        case "bool_parsing" | "bool_type":
            return f"'{error['input']}' is neither true nor false."
        case _:
            return str(error["msg"]).removesuffix(".") + "."


def _to_do(error: Any) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "Correct its spelling or take it out."
        case "missing":
            return "Add it."
        case _:
            return "Correct the value."
