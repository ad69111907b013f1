"""The written threat model names, for each line, the tests that hold it: each of them is there."""

from __future__ import annotations

import ast
import re

from .shipped import FOLDER

TEXT = (FOLDER / "THREATS.md").read_text(encoding="utf-8")


def test_each_line_names_tests_that_there_are() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| Threat")]
    assert len(rows) > 25
    for row in rows:
        named = re.findall(r"\[`(test_\w+)`\]\((\.\./tests/[\w/]+\.py)\)", row)
        assert named, f"no test holds: {row}"
        for name, path in named:
            tree = ast.parse((FOLDER / path).read_text(encoding="utf-8"))
            there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert name in there, f"{path} has no {name}"
