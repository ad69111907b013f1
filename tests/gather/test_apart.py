"""No file takes a run down: what is read runs in a process of its own, with limits that the kernel holds."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.errors import Failure
from tasks.gather import apart, read
from tasks.gather.forking import Limits
from tests.gather.files import MONTHS, Q1, rezipped, wide
from tests.gather.test_safe import far_cell

ROOT = Path(__file__).parents[2]
SMALL = Limits(memory=64 * 2**20, processor_seconds=1, seconds=2)
SECRET = "NHS 943 476 5919"

# What a parser may do to the process that it runs in. Run by their names in the child.


def spin() -> None:
    while True:
        pass


def wait() -> None:
    time.sleep(600)


def eat() -> list[bytearray]:
    return [bytearray(2**20) for _ in range(200)]


def abort() -> None:
    os.abort()


def leave() -> None:
    os._exit(3)


def as_the_kernel_does_where_a_machine_has_no_memory_left() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fall_over() -> None:
    raise KeyError(SECRET)


def calamine_on_a_stray_cell(data: bytes) -> object:
    """It asks for 512 GiB and aborts, which no ``except`` catches."""
    import python_calamine

    return python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def its_surroundings() -> tuple[set[str], str]:
    return set(os.environ), sys.modules["__main__"].__dict__.get("__file__") or ""


def write_its_number_and_spin(path: str) -> None:
    Path(path).write_text(f"{os.getpid()} {os.getppid()}", encoding="ascii")
    spin()


HARMS: list[tuple[str, Callable[..., object], tuple[object, ...], str]] = [
    ("never ends", spin, (), "time"),
    ("waits for something that never comes", wait, (), "time"),
    ("asks for more memory than it may have", eat, (), "memory"),
    ("is killed for want of memory", as_the_kernel_does_where_a_machine_has_no_memory_left, (), "memory"),
    ("aborts", abort, (), "ended"),
    ("leaves without an answer", leave, (), "ended"),
    ("raises what nobody foresaw", fall_over, (), "broke_off"),
    ("aborts on a real workbook with a stray cell", calamine_on_a_stray_cell, (far_cell(),), "ended"),
]


@pytest.mark.parametrize(("work", "arguments", "reason"), [h[1:] for h in HARMS], ids=[h[0] for h in HARMS])
def test_a_parser_that(work: Callable[..., object], arguments: tuple[object, ...], reason: str) -> None:
    with pytest.raises(apart.Died) as died:
        apart.run(work, *arguments, limits=SMALL)
    assert died.value.reason == reason
    assert apart.run(len, "abc") == 3  # and the next file is read as if nothing had been
    problem = apart.problem_of(died.value, "some return.xlsx")
    assert problem.severity == "must_fix"
    assert all((problem.what, problem.why, problem.to_do))


def test_what_an_unforeseen_error_says_is_told_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(apart.Died):
        apart.run(fall_over)
    assert "KeyError in test_apart.py, line" in caplog.text
    assert SECRET not in caplog.text


def test_a_file_that_does_not_fit_into_memory_is_not_said_to_have_been_searched() -> None:
    """A real one: three million texts, let in by every measure that is taken before."""
    from tasks.gather import personal

    texts = "".join(f"<si><t>{number:x}</t></si>" for number in range(0, 300_000_000, 97))
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = rezipped(wide(), {"xl/sharedStrings.xml": f'<sst xmlns="{name}">{texts}</sst>'.encode()})
    with pytest.raises(apart.Died) as died:
        apart.run(personal.problems, MONTHS, data, "some.xlsx", (), limits=Limits(memory=256 * 2**20))
    assert died.value.reason == "memory"


def test_a_reading_is_the_same_apart_as_here() -> None:
    data = wide()
    here, there = read(MONTHS, data, "some.xlsx", Q1), apart.read(MONTHS, data, "some.xlsx", Q1)
    assert here == there
    assert here.rows.equals(there.rows)


def test_many_files_at_once_from_many_threads() -> None:
    files = [
        wide([["Measure", "Apr-23", "May-23", "Jun-23", "YTD"], ["Contacts", n, n, n, 3 * n]], ()) for n in range(24)
    ]
    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(lambda data: apart.read(MONTHS, data, "some.xlsx", Q1), files))
    assert [int(reading.observations[0].value or 0) for reading in readings] == list(range(24))


def test_the_process_that_reads_knows_no_keys_and_not_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSURE_S3_SECRET_KEY", "not for parsers")
    apart.stop()
    names, main = apart.run(its_surroundings)
    assert not {name for name in names if name.startswith(("ASSURE", "PREFECT", "AWS"))}
    assert main == ""


def test_it_is_started_again_when_it_was_stopped_from_outside() -> None:
    os.kill(apart.run(os.getppid), signal.SIGKILL)
    assert [apart.run(len, "ab") for _ in range(3)] == [2, 2, 2]


def test_a_machine_on_which_nothing_can_be_read_is_not_blamed_on_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    apart.stop()
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/bin/false")
        with pytest.raises(Failure, match="does not run"):
            apart.read(MONTHS, wide(), "some.xlsx", Q1)
    assert apart.read(MONTHS, wide(), "some.xlsx", Q1).state == "read"


SCRIPT = """
import sys
print("begun", flush=True)
sys.path.insert(0, {root!r})
from tasks.gather import apart
from tests.gather.test_apart import write_its_number_and_spin
apart.run({work})
print("ended", flush=True)
"""


def script(tmp_path: Path, work: str) -> Path:
    path = tmp_path / "no guard.py"
    path.write_text(SCRIPT.format(root=str(ROOT), work=work), encoding="utf-8")
    return path


def test_a_script_without_a_guard_is_run_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(script(tmp_path, "len, 'abc'"))],
        capture_output=True, text=True, timeout=300, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("begun\nended\n", "")


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def until(true: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while not (held := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return held


@pytest.fixture
def spinning(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A run whose file is being read without end, with the numbers of the processes that read."""
    at = tmp_path / "number"
    with subprocess.Popen([sys.executable, str(script(tmp_path, f"write_its_number_and_spin, {str(at)!r}"))]) as run:
        assert until(lambda: at.exists() and len(at.read_text(encoding="ascii").split()) == 2)
        yield run, [int(number) for number in at.read_text(encoding="ascii").split()]
        run.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up under /proc")
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=["killed", "ended", "interrupted"])
def test_nothing_goes_on_reading_when_the_run_is(
    spinning: tuple[subprocess.Popen[bytes], list[int]], by: signal.Signals
) -> None:
    run, numbers = spinning
    assert all(alive(number) for number in numbers)
    run.send_signal(by)
    assert until(lambda: not any(alive(number) for number in numbers))
