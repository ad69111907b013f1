"""The demonstration year's figures and files, made by the pure functions, without a server."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from config.load import load_partnership
from config.periods import Quarter, ReportingYear
from tasks import register
from tasks.gather import read, receive
from tasks.model import Figure, GatheredFile, Narrative, Observation
from tasks.store import open_store

YEAR = ReportingYear(2023)
SAMPLE = Path(__file__).parents[2] / "config" / "partnerships" / "hsscp" / "sample" / "2023-24"


@cache
def gathered() -> tuple[tuple[GatheredFile, ...], tuple[Observation, ...], tuple[Narrative, ...]]:
    """Files, observations and narrative of the four quarters and of the year."""
    partnership = load_partnership("hsscp")
    files: list[GatheredFile] = []
    observations: list[Observation] = []
    narrative: list[Narrative] = []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(folder)
        for period in (*YEAR.quarters, YEAR):
            inbox = SAMPLE / (f"Q{period.number}" if isinstance(period, Quarter) else "annual")
            for one in receive(partnership, period, str(inbox), store):
                source, areas = partnership.sources[one.source], partnership.profile.areas
                reading = read(source, store.get(one.key), one.name, period, areas=areas)
                files.append(replace(one, state=reading.state))
                observations += reading.observations
                narrative += reading.narrative
    return tuple(files), tuple(observations), tuple(narrative)


@cache
def kept() -> tuple[tuple[Figure, ...], tuple[GatheredFile, ...]]:
    """The year's figures, and its files."""
    files, observations, _ = gathered()
    return tuple(register.build(load_partnership("hsscp"), YEAR, observations, files)), files
