"""A disk that is full, a clock that jumps: the run says so in a sentence or does not notice; nothing is half kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.store import FolderStore
from tests.conftest import ROOT
from tests.end_to_end.killing import look_through
from tests.end_to_end.short_runs import hashes, inbox_of, order, run

pytestmark = pytest.mark.slow

linux = pytest.mark.skipif(sys.platform != "linux", reason="uses limits and mounts of Linux")
TRY = (
    "import sys, resource; from pathlib import Path\n"
    "from config.errors import AssuranceError; from tests.end_to_end.short_runs import inbox_of, order, run\n"
    "if limit := int(sys.argv[3]): resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
    "try: run(order(Path(sys.argv[1]), Path(sys.argv[2])))\n"
    "except AssuranceError as error: print(error); sys.exit(error.exit_code)\n"
)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The inbox, and what a run in peace makes of it."""
    folder = tmp_path_factory.mktemp("quiet")
    inbox = inbox_of(folder)
    run(order(folder, inbox))
    return inbox, hashes(folder / "store/current")


def tried(folder: Path, inbox: Path, limit: int = 0, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", TRY, str(folder), str(inbox), str(limit)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@linux
def test_a_full_disk_is_said_in_a_sentence_and_with_room_again_the_run_ends_as_undisturbed(
    small_disk: Path, quiet: tuple[Path, dict[str, str]]
) -> None:
    inbox, undisturbed = quiet
    done = tried(small_disk, inbox)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "No space left on device" in done.stdout and "has room, then run again" in done.stdout
    assert "Traceback" not in done.stderr
    assert not [path for path in (small_disk / "store/staging").iterdir() if path.is_file()], "halves take up room"
    versions, manifests = look_through(small_disk / "store")
    assert versions > 3 and manifests == 0
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    run(order(small_disk, inbox))
    assert hashes(small_disk / "store/current") == undisturbed


@linux
def test_a_limit_of_the_size_of_files_is_said_in_a_sentence(tmp_path: Path, quiet: tuple[Path, dict[str, str]]) -> None:
    inbox, undisturbed = quiet
    biggest = max(stored.size for stored in FolderStore(inbox.parent / "store").list())
    done = tried(tmp_path, inbox, biggest - 1)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "File too large" in done.stdout and "Traceback" not in done.stderr
    assert look_through(tmp_path / "store")[1] == 0
    run(order(tmp_path, inbox))
    assert hashes(tmp_path / "store/current") == undisturbed


CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
static long jump(void) { static long asked; return (asked++ / 7 % 2 ? 400L : -400L) * 86400L; }
int clock_gettime(clockid_t which, struct timespec *told) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int done = real(which, told);
  if (!done && which == CLOCK_REALTIME) told->tv_sec += jump();
  return done;
}
time_t time(time_t *told) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (told) *told = now.tv_sec;
  return now.tv_sec;
}
"""


@linux
@pytest.mark.skipif(not shutil.which("cc"), reason="no compiler is installed, to make a clock that jumps")
def test_a_clock_that_jumps_by_years_while_the_run_goes_changes_nothing(
    tmp_path: Path, quiet: tuple[Path, dict[str, str]]
) -> None:
    inbox, undisturbed = quiet
    (tmp_path / "clock.c").write_text(CLOCK)
    shim = tmp_path / "clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(shim), str(tmp_path / "clock.c"), "-ldl"], check=True)
    jumps = subprocess.run(
        [sys.executable, "-c", "import time; print(sorted({time.gmtime().tm_year for _ in range(20)}))"],
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert jumps.stdout.count(",") >= 1, "the clock does not jump"
    done = tried(tmp_path, inbox, LD_PRELOAD=str(shim), TZ="Pacific/Kiritimati")
    assert done.returncode == 0, done.stdout + done.stderr
    assert hashes(tmp_path / "store/current") == undisturbed
