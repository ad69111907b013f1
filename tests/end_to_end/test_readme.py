"""What the README shows is what the commands print. `make readme` writes it again, and git shows what changed."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran, run_assure
from tests.end_to_end.test_check import edited_snapshot

README = ROOT / "README.md"
FIGURE = "stockton.rereferral_rate.2023-24"


def shown(name: str) -> str:
    return re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README.read_text(encoding="utf-8"), re.DOTALL)[1]


def console(command: str, printed: str) -> str:
    return f"```console\n$ {command}\n{printed.strip()}\n```\n"


def compare(name: str, wanted: str) -> None:
    if os.environ.get("UPDATE_README"):
        text = README.read_text(encoding="utf-8")
        README.write_text(
            text.replace(shown(name), wanted, 1)
            if shown(name)
            else text.replace(f"<!-- {name} -->\n", f"<!-- {name} -->\n{wanted}", 1),
            encoding="utf-8",
        )
    assert shown(name) == wanted


def test_help() -> None:
    compare("help", console("assure --help", run_assure("--help").stdout))


def test_the_end_of_the_demonstration(demonstration: Ran) -> None:
    printed = demonstration.out.replace(str(demonstration.folder), "demo-output").strip()
    # As printed where `make demo` leaves its environment.
    printed = re.sub(r"its cell: .*assure'? explain", "its cell: .venv/bin/assure explain", printed)
    compare("demo", f"```\n{printed}\n```\n")


def test_explaining_a_figure(demonstration: Ran) -> None:
    printed = run_assure("explain", FIGURE, "--store", str(demonstration.folder / "store")).stdout
    compare("explain", console(f"assure explain {FIGURE} --store demo-output/store", printed))


def test_an_edited_draft(demonstration: Ran, tmp_path: Path) -> None:
    path = edited_snapshot(demonstration, tmp_path)
    printed = run_assure("check", path.name, "--store", str(demonstration.folder / "store"), cwd=tmp_path).stdout
    # The id of a run changes with every configuration; in the README one stands for all.
    printed = re.sub(r"Run 2023-24-[0-9a-f]{10}", "Run 2023-24-c7c4191778", printed)
    compare("check", console(f"assure check {path.name} --store demo-output/store", printed))


def test_a_mistake_in_a_configuration(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/partnerships/eastmere", tmp_path / "eastmere")
    path = tmp_path / "eastmere/measures.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("unit: sessions", "unitt: sessions"), encoding="utf-8")
    printed = run_assure("config", "check", "eastmere", ASSURE_PARTNERSHIPS=str(tmp_path)).stderr
    compare("mistake", console("assure config check eastmere", printed.replace(str(tmp_path), "partnerships")))


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_two_commands_are_targets_of_make(command: str) -> None:
    assert f"{command.split()[1]}: setup" in (ROOT / "Makefile").read_text(encoding="utf-8")
