"""The demonstration year without Prefect: from files to observations, figures and findings.

Belongs here: running the stages' own functions over the sample, or over a copy of it in which something was changed. A
file that was read once is not read again, so that many small changes cost little.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config.load import load_partnership
from config.partnership import Partnership
from config.periods import Month, Period, Quarter, ReportingYear, Return, parse_period
from tasks import register
from tasks.gather import read, read_taken, receive
from tasks.model import Figure, Finding, GatheredFile, Observation, Reading
from tasks.reconcile import ranked, reconcile
from tasks.store.folder import FolderStore

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
YEAR = ReportingYear(2023)
Changes = Mapping[str, bytes | None]
"""What stands in place of a file of the sample, by its path in the year's folder; nothing where it did not come."""


@dataclass(frozen=True)
class Told:
    """What a whole year comes to."""

    partnership: Partnership
    figures: dict[str, Figure]
    """By ``<area>.<measure>``."""
    findings: tuple[Finding, ...]
    files: tuple[GatheredFile, ...]
    observations: tuple[Observation, ...]


@cache
def partnership() -> Partnership:
    return load_partnership("hsscp")


@cache
def _read(source: str, sha256: str, name: str, period: Period, data: bytes) -> Reading:
    p = partnership()
    return read(p.sources[source], data, name, period, areas=p.profile.areas)


Gathered = tuple[tuple[GatheredFile, Reading], ...]


def _folder(period: Return) -> str:
    return f"Q{period.number}" if isinstance(period, Quarter) else "annual"


def _period(period: Return, changes: Changes) -> Gathered:
    """What one period's inbox comes to, with some of its files changed."""
    with tempfile.TemporaryDirectory() as made:
        inbox, store = Path(made) / "inbox", FolderStore(Path(made) / "store")
        shutil.copytree(SAMPLE / _folder(period), inbox)
        for path, data in changes.items():
            if data is None:
                (inbox / Path(path).name).unlink()
            else:
                (inbox / Path(path).name).write_bytes(data)
        files = receive(partnership(), period, str(inbox), store)
        bytes_of = {file.key: store.get(file.key) for file in files if file.key}
    return tuple(read_taken(files, lambda file: _read(file.source, file.sha256, file.name, period, bytes_of[file.key])))


@cache
def _unchanged(period: Return) -> Gathered:
    return _period(period, {})


def gathered(changes: Changes | None = None) -> list[tuple[GatheredFile, Reading]]:
    """All files of the year, each with what was read from it."""
    told: list[tuple[GatheredFile, Reading]] = []
    for period in (*YEAR.quarters, YEAR):
        own = {path: data for path, data in (changes or {}).items() if path.startswith(f"{_folder(period)}/")}
        told += _period(period, own) if own else _unchanged(period)
    return told


def year(changes: Changes | None = None) -> Told:
    """The year's figures and findings."""
    return reconciled(partnership(), gathered(changes))


def reconciled(p: Partnership, told: list[tuple[GatheredFile, Reading]]) -> Told:
    """Figures and findings of a year from what was read."""
    files = [file for file, _ in told]
    observations = [one for _, reading in told for one in reading.observations]
    figures = register.build(p, YEAR, observations, files)
    findings = ranked(reconcile(p, YEAR, figures, observations, files))
    settled = {f"{one.area}.{one.measure}": one for one in register.settle(figures, findings)}
    return Told(p, settled, tuple(findings), tuple(files), tuple(observations))


def failed_checks_of(file: GatheredFile, reading: Reading) -> dict[str, str]:
    """The checks of its suite that a file fails, and what they say."""
    from expectations.load import load_suites
    from tasks.validate import check

    source, period = partnership().sources[file.source], parse_period(file.period)
    assert not isinstance(period, Month)
    suite = load_suites()[source.suite]
    told = check(source, reading, suite, period, partnership().measures)
    return {one.check: one.says for one in told if one.outcome == "failed"}
