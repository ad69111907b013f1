"""Whom to tell is checked with the rest of a configuration, before anything runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.errors import Refused
from config.load import load_partnership
from tests.conftest import ROOT


def with_notices(tmp_path: Path, text: str) -> Path:
    shutil.copytree(ROOT / "tests/partnerships/eastmere", tmp_path / "eastmere")
    with (tmp_path / "eastmere/partnership.yaml").open("a", encoding="utf-8") as file:
        file.write(text)
    return tmp_path


def test_a_partnership_tells_nobody_unless_it_says_so() -> None:
    assert load_partnership("eastmere", ROOT / "tests/partnerships").profile.notices == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("notices: [{to: busines-unit, of: [runs]}]\n", "Did you mean 'business-unit'"),
        ("notices: [{to: training, of: [gossip]}]\n", "notices > 0 > of"),
        ("notices: [{to: training, of: []}]\n", "notices > 0 > of"),
        ("deadlines: [{id: drafts, asks: Review the drafts, month: 2, day: 30}]\n", "deadlines > 0"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Refused, match="partnership.yaml, line") as refused:
        load_partnership("eastmere", with_notices(tmp_path, text))
    assert told in str(refused.value)
