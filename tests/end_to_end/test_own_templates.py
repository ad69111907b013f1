"""A run uses a partnership's own Word templates, says which, and begins with none from which no draft can be made."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.errors import Refused
from tasks.order import Order, partnership_of
from tasks.run import Stages
from templates.word import template
from tests.assemble.test_draft import texts, with_text
from tests.conftest import ROOT

HSSCP = ROOT / "config/partnerships/hsscp"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of templates of a copy of the demonstration's configuration."""
    shutil.copytree(HSSCP, tmp_path / "partnerships/hsscp", ignore=shutil.ignore_patterns("sample"))
    (tmp_path / "partnerships/hsscp/templates").mkdir()
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(tmp_path / "partnerships"))
    partnership_of.cache_clear()
    yield tmp_path / "partnerships/hsscp/templates"
    partnership_of.cache_clear()


def stages(folder: Path) -> Stages:
    return Stages(Order("hsscp", "2023-24-Q1", str(HSSCP / "sample/2023-24/Q1"), str(folder / "store")))


def test_a_run_uses_the_partnerships_own_template_and_says_so(own: Path, tmp_path: Path) -> None:
    restyled = with_text(template("snapshot"), "Where these figures come from", "Sources of these figures")
    (own / "snapshot.docx").write_bytes(restyled)
    run = stages(tmp_path)
    gathered = run.gather()
    verdicts = run.validate(gathered)
    register = run.reconcile(gathered, verdicts)
    drafts = run.assemble(gathered, verdicts, register)
    manifest = json.loads(run.store.get(run.publish(gathered, verdicts, register, drafts).key))
    assert manifest["templates"] == {"snapshot": hashlib.sha256(restyled).hexdigest()}
    assert "Sources of these figures" in texts(run.store.get("drafts/2023-24/Q1/hartlepool-snapshot.docx"))
    assert "Where these figures come from" in texts(run.store.get("drafts/2023-24/Q1/training.docx"))


def test_a_faulty_template_is_refused_before_anything_of_the_period_is_written(own: Path, tmp_path: Path) -> None:
    (own / "snapshot.docx").write_bytes(with_text(template("snapshot"), "{{ intro }}", "{{ introo }}"))
    run = stages(tmp_path)
    with pytest.raises(Refused, match="'introo' stands for nothing"):
        run.gather()
    assert [stored.key for stored in run.store.list("") if stored.key != "partnership.json"] == []
