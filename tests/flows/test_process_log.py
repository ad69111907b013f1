"""What processes print is kept, in files that stay as small as they are meant to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from flows.process_log import ProcessLog

PRINTS = """
import sys
for number in range(int(sys.argv[1])):
    print(f"line {number} of 100% of what is printed, with some words so that it is not short", flush=True)
sys.stderr.write("the last word")
"""


def printed(log: ProcessLog, lines: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PRINTS, str(lines)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout
    log.take(process.stdout)
    process.wait(60)


def test_months_of_lines_take_no_more_than_their_room(tmp_path: Path) -> None:
    log = ProcessLog(tmp_path / "worker.log", largest=20_000, older=2)
    for _ in range(3):  # started again twice
        printed(log, 1000)
    assert log.lines()[-1] == "the last word"
    assert log.lines()[-2].startswith("line 999 of 100% of")
    kept = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert kept.keys() == {"worker.log", "worker.log.1", "worker.log.2"}
    assert max(kept.values()) <= 20_000
    assert (tmp_path / "worker.log.1").read_text().splitlines()[-1] != "the last word"


def test_a_file_that_an_earlier_version_let_grow_is_turned_over_at_the_next_line(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text("old\n" * 10_000)
    log = ProcessLog(tmp_path / "server.log", largest=20_000, older=1)
    printed(log, 1)
    assert [line.partition(" of")[0] for line in log.lines()] == ["line 0", "the last word"]
    assert (tmp_path / "server.log.1").stat().st_size == 40_000


def test_of_one_that_printed_nothing_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert ProcessLog(tmp_path / "pages.log").lines() == []
