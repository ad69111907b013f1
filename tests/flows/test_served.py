"""The settings of a shared server: loopback, a password that only its owner reads, nothing told to anybody outside."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from config.errors import Failure, Refused
from flows.served import Place, environment, password
from flows.serving import alone, refuse_taken, runs_on, too_often
from tests.conftest import run_assure
from tests.machine import two_free_ports


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in ("PREFECT_SERVER_API_AUTH_STRING", "ASSURE_STORE", "ASSURE_INBOX", "ASSURE_PAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASSURE_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return Place(tmp_path / "home", 45678)


def test_the_password_is_made_once_and_for_its_owner_alone(place: Place) -> None:
    made = password(place)
    assert made == password(place)
    assert made.startswith("assure:") and len(made) > 24
    assert place.password_file.stat().st_mode & 0o777 == 0o600


def test_a_password_that_others_may_read_is_refused(place: Place) -> None:
    password(place)
    place.password_file.chmod(0o644)
    with pytest.raises(Failure, match="Others on this machine may read") as told:
        password(place)
    assert "chmod 600" in told.value.to_do


def test_a_check_says_what_is_missing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    words = ("serve", "--check", "--home", "home", "--port", str(two_free_ports()), "--partnership", "hsscp")
    done = run_assure(*words, cwd=tmp_path)
    said = done.stdout.splitlines()
    assert done.returncode == 3
    assert "yes  The home folder and the ports are free" in said
    assert any(line.startswith("NO   The inbox is there. The inbox is not there.") for line in said)
    assert "ASSURE_INBOX" in done.stdout and "--inbox" not in done.stdout
    assert any(line.startswith("note There is no store yet") for line in said)
    assert "yes  The store keeps what it must" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_check_of_what_is_set_up_leaves_nothing_behind_either(tmp_path: Path) -> None:
    for name in ("home", "home/store", "inbox"):
        (tmp_path / name).mkdir()
    words = ("serve", "--check", "--home", "home", "--port", str(two_free_ports()), "--partnership", "hsscp")
    done = run_assure(*words, cwd=tmp_path)
    assert (done.returncode, "NO " in done.stdout) == (0, False)
    assert "yes  The store keeps what it must" in done.stdout.splitlines()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["home", "inbox", "store"]


def test_a_check_finds_a_server_that_runs_and_a_port_that_is_taken(place: Place) -> None:
    with alone(place), pytest.raises(Refused, match="A server runs on this folder already"):
        refuse_taken(place)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match="is taken by another program"):
            refuse_taken(Place(place.home, taken.getsockname()[1]))


def test_a_password_from_the_environment_leaves_no_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "team:from-elsewhere")
    assert password(place) == "team:from-elsewhere"
    assert not place.password_file.exists()


def test_nothing_is_told_outside_and_every_path_is_whole(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSURE_STORE", "s3://bucket/prefix")
    monkeypatch.setenv("ASSURE_INBOX", "inbox")
    monkeypatch.setenv("PREFECT_API_URL", "http://elsewhere.example/api")
    kept = environment(place, "user:word")
    assert kept["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert kept["DO_NOT_TRACK"] == "1"
    assert kept["PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT"] == "false"
    assert kept["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert kept["PREFECT_API_URL"] == "http://127.0.0.1:45678/api"
    assert kept["PREFECT_SERVER_API_AUTH_STRING"] == kept["PREFECT_API_AUTH_STRING"] == "user:word"
    assert kept["ASSURE_STORE"] == "s3://bucket/prefix"
    assert Path(kept["ASSURE_INBOX"]) == Path("inbox").resolve()
    assert kept["ASSURE_PAGES"] == "http://127.0.0.1:45679"


def test_a_folder_serves_once_at_a_time(place: Place) -> None:
    with alone(place), pytest.raises(Refused, match="runs on this folder already"), alone(place):
        pass
    with alone(place):
        pass


def test_a_home_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="cannot be written to"), alone(Place(tmp_path / "file" / "home", 45678)):
        pass


def test_a_command_finds_the_server_that_is_served_on_its_folder(place: Place) -> None:
    assert runs_on(place.home) == ""
    with alone(place):
        assert runs_on(place.home) == "http://127.0.0.1:45678"
    assert runs_on(place.home) == "", "one that has stopped is not asked"


@pytest.mark.parametrize(
    ("ended", "given_up"),
    [([5.0], False), ([5.0, 6, 7], False), ([5.0, 6, 7, 8], True), ([5.0, 6, 7, 9_000_000], False)],
)
def test_what_ends_by_itself_is_given_up_where_it_does_so_again_and_again(ended: list[float], given_up: bool) -> None:
    assert too_often(ended) == given_up
