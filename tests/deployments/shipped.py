"""What is shipped for a shared host, read as the programs there read it: ``compose.yaml``, filled in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

from tests.conftest import ROOT

FOLDER = ROOT / "deployments"


@lru_cache(maxsize=1)
def compose() -> dict[str, Any]:
    """The file, with what it repeats (``<<``) put in."""
    return dict(YAML(typ="safe", pure=True).load((FOLDER / "compose.yaml").read_text()))


def filled(text: str, settings: dict[str, str]) -> str:
    """As compose fills in ``${NAME}``, ``${NAME:-default}`` and ``${NAME:?what it is}``."""

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found["name"], found["kind"], found["rest"]
        if settings.get(name):
            return settings[name]
        assert kind != ":?", f"{name} must be set: {rest}"
        return rest or ""

    return re.sub(r"\$\{(?P<name>[A-Z0-9_]+)(?:(?P<kind>:[-?])(?P<rest>[^}]*))?\}", value, text)


def environment(service: str, settings: dict[str, str], folder: str = "") -> dict[str, str]:
    """What a service has in its environment, but for its secrets; with what it has to itself in a folder here."""
    told = {name: str(value) for name, value in compose()["services"][service].get("environment", {}).items()}
    if folder:
        told = {name: re.sub("^(/tmp|/run/secrets)/", f"{folder}/", value) for name, value in told.items()}
    return {name: filled(value, settings) for name, value in told.items()}


def command(service: str, *options: str) -> list[str]:
    """The words of its command; options that are given (``--port 4200``) stand in the place of its own."""
    words = [str(word) for word in compose()["services"][service]["command"]]
    for name in options[::2]:
        if name in words:
            del words[words.index(name) : words.index(name) + 2]
    return [*words, *options]


def secrets_of(service: str) -> dict[str, str]:
    """The files of secrets that a service has: by their names there, which secret each is."""
    told = compose()["services"][service].get("secrets", ())
    return dict((one, one) if isinstance(one, str) else (one["target"], one["source"]) for one in told)
