"""Are rules computed on whole columns? The cost of their numbers for 153 authorities, beside that for two.

Not part of `make test`: run it with `make bench`. On columns much of the cost is the rule's, whatever it asks about;
row by row, 76 times as many rows would cost some 76 times as much. Words are left out, for they are put to each row by
itself. Beside it all stands one pass of a pandas frame over the same figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pandas as pd
import pytest

from tasks import register
from tasks.reconcile import KINDS
from tasks.reconcile.evidence import Evidence
from tests.benchmarks.test_reconcile_scale import SIZES, YEARS, of_size, official, own

FEW, MANY = SIZES[0], SIZES[-1]
TURNS = 20
MOST = 25
"""So many times dearer the numbers of a rule may become with 76 times as many rows."""
LOOKED_UP = {"roll_forward"}
"""Looks into the ledger once a row, for what one source gave."""
PASSES = 8
"""So many passes of a pandas frame one rule of each kind may cost."""


def evidence(size: int) -> Evidence:
    p = of_size(size)
    published = official(p)
    observations, year = published + own(p, published), YEARS[-1]
    figures = register.build(p, year, observations)
    before = register.build(p, year.before, observations)
    return Evidence.of(p, year, figures, observations, (), {str(year.before): before})


def took(what: Callable[[], object]) -> float:
    """The processor's time of the fastest of some turns; what is laid out once a run is laid out before."""
    what()
    times = []
    for _ in range(TURNS):
        start = time.process_time()
        what()
        times.append(time.process_time() - start)
    return min(times)


def costs(about: Evidence) -> dict[str, float]:
    """What the numbers of one rule of each kind cost."""
    first = {one.kind: one for one in reversed(about.partnership.rules)}
    return {kind: took(lambda e=KINDS[kind].evaluate, r=one: e(r, about)) for kind, one in first.items()}


@pytest.mark.benchmark
def test_many_rows_cost_little_more_than_few() -> None:
    about = evidence(MANY)
    few, many = costs(evidence(FEW)), costs(about)
    figures = [(area, name, one.value) for (area, name), one in about.figures.items()]
    frame = pd.DataFrame(figures, columns=["area", "measure", "value"])
    plain = took(lambda: frame.pivot_table(index="area", columns="measure", values="value", aggfunc="first").count())
    ratios = {kind: many[kind] / few[kind] for kind in many}
    print()
    for kind, ratio in ratios.items():
        print(f"{kind:22} {ratio:5.1f} times as much for {MANY} authorities as for {FEW}")
    beside = sum(many.values()) / plain
    print(f"one rule of each of {len(many)} kinds: {beside:.2f} passes of a pandas frame over {len(figures)} figures")
    assert {kind: ratio for kind, ratio in ratios.items() if ratio > MOST and kind not in LOOKED_UP} == {}
    assert beside < PASSES
