"""The documents are held to account: what they name exists, and what exists is named."""

import re
from pathlib import Path
from typing import get_args

import click
import pytest

from config import model, rules, wording
from flows.command_line import assure
from tasks import model as values

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PREFECT = (ROOT / "deployments/prefect.yaml").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str = "assure") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            found += commands(command, f"{prefix} {name}")
        else:
            found.append((f"{prefix} {name}", command))
    return found


@pytest.mark.parametrize(("name", "command"), commands(assure), ids=[name for name, _ in commands(assure)])
def test_every_command_is_in_the_readme_and_has_help(name: str, command: click.Command) -> None:
    assert f"`{name}" in README
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name} has no help"


@pytest.mark.parametrize("document", ["README.md", "DECISIONS.md", "GLOSSARY.md", "CHANGELOG.md"])
def test_files_and_folders_that_are_named_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`((?:config|expectations|tasks|flows|templates|tests|deployments|\.ci)/[\w./-]*)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


KINDS = {get_args(option.model_fields["kind"].annotation)[0] for option in get_args(get_args(rules.Rule)[0])}


@pytest.mark.parametrize(
    "word",
    sorted(
        set(get_args(model.Statistic))
        | set(get_args(model.Severity))
        | set(get_args(values.Outcome))
        | set(get_args(values.FileState))
        | set(get_args(values.Choice))
        | set(get_args(values.FindingState))
        | set(get_args(values.Standing))
        | set(get_args(values.FigureStatus))
        | KINDS
        | set(get_args(wording.WordingKind))
    ),
)
def test_every_state_and_kind_in_the_code_is_in_the_glossary(word: str) -> None:
    assert f"**{word}**" in GLOSSARY


def test_no_target_of_make_is_missing_from_the_readme() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [t for t in targets if t not in ("help", "setup", "clean") and f"`make {t}`" not in README] == []


GUIDES = sorted((ROOT / "guides").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=[guide.stem for guide in GUIDES])
def test_what_a_guide_names_exists(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)", text)
    assert [link for link in links if not (guide.parent / link).exists()] == []
    assert f"(guides/{guide.name})" in README
    known = dict(commands(assure))
    for typed in re.findall(r"(?<!safeguarding-)\bassure ([a-z][^`\n]*)", text):
        words = typed.split()
        named = [name for name in (f"assure {' '.join(words[:2])}", f"assure {words[0]}") if name in known]
        assert named, f"assure {typed} is no command"
        options = {option for parameter in known[named[0]].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, typed
    makes = re.findall(r"`make ([a-z]+)`", text)
    assert [target for target in makes if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []


def test_every_picture_of_the_guides_is_shown_and_small() -> None:
    shown = {link for guide in GUIDES for link in re.findall(r"\]\(pictures/([^)]+)\)", guide.read_text("utf-8"))}
    kept = {picture.name: picture.stat().st_size for picture in (ROOT / "guides/pictures").iterdir()}
    assert kept.keys() == shown
    assert {name: size for name, size in kept.items() if size > 150 * 1024} == {}


@pytest.mark.parametrize("name", re.findall(r"^  - name: (.+)$", PREFECT, re.MULTILINE))
def test_deployments_that_people_start_are_named_as_the_guides_name_them(name: str) -> None:
    by_itself = ("open-quarter", "morning-round", "check-drafts")
    assert name in by_itself or any(f"**{name}**" in guide.read_text("utf-8") for guide in GUIDES)
