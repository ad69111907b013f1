"""A quarter's run that is short, for tests that run it often: two files came, and every stage does its work."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from tasks.order import Order
from tasks.run import Stages
from tasks.store import ObjectStore
from tests.conftest import ROOT

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
DATASET = "stockton_dataset_2023-24_{}.csv"
DAY = "2024-07-05"


def inbox_of(folder: Path, quarter: str = "Q1", *, less: bool = False) -> Path:
    """A short inbox; ``less`` leaves a file out, so that the run comes to something else."""
    inbox = folder / f"inbox-{quarter}{'-less' if less else ''}"
    if not inbox.exists():
        inbox.mkdir(parents=True)
        for name in (DATASET, *(() if less else ("communications-return-2023-24-{}.xlsx",))):
            shutil.copy(SAMPLE / quarter / name.format(quarter), inbox)
    return inbox


def order(folder: Path, inbox: Path, quarter: str = "Q1") -> Order:
    return Order("hsscp", f"2023-24-{quarter}", str(inbox), str(folder / "store"), DAY)


def run(what: Order, store: ObjectStore | None = None) -> None:
    """Every stage, each with nothing but references to what those before it left."""

    def stages() -> Stages:
        return Stages(what, store)

    gathered = stages().gather()
    verdicts = stages().validate(gathered)
    register = stages().reconcile(gathered, verdicts)
    drafts = stages().assemble(gathered, verdicts, register)
    stages().publish(gathered, verdicts, register, drafts)


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
