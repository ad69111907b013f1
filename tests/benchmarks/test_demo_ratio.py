"""How long is `assure demo` beside importing its libraries? A ratio, measured side by side.

Not part of `make test`: run it with `make bench`. Each side is run in processes of its own, in turns. The ratio in the
middle of the turns counts, because a machine that does other things too slows both sides of a turn alike; beside it
stands that of the best of each side.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, run_assure

IMPORTS = "import prefect, great_expectations, pandas, docx"
TURNS = 5


def seconds_of(work) -> float:  # noqa: ANN001 - a callable
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.benchmark
def test_demo_beside_its_imports(tmp_path: Path) -> None:
    def bare() -> None:
        subprocess.run([sys.executable, "-c", IMPORTS], check=True, cwd=ROOT)

    def demo() -> None:
        shutil.rmtree(tmp_path / "out/store", ignore_errors=True)
        assert run_assure("demo", "--out", str(tmp_path / "out")).returncode == 1

    first = seconds_of(bare), seconds_of(demo)  # makes Prefect's database too
    pairs = [(seconds_of(bare), seconds_of(demo)) for _ in range(TURNS)]
    imports, again = min(p[0] for p in pairs), min(p[1] for p in pairs)
    print(f"\nimports {imports:.2f} s; demo {first[1]:.2f} s the first time, {again:.2f} s after")
    middle = statistics.median(demo / imports for imports, demo in pairs)
    print(f"ratio: {middle:.2f} in the middle of {TURNS} pairs, {again / imports:.2f} of the best (aim: at most 4)")
    print(f"ratio: {first[1] / first[0]:.2f} the first time, of one pair; {first[1] / imports:.2f} of the best imports")
