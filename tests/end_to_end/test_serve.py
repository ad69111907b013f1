"""Everything on one machine, as a person has it: real processes, a real run, a stop, and a second start after it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.asking import until
from tests.conftest import ROOT, run_assure
from tests.machine import descendants, two_free_ports
from tests.running import Running, served

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
QUARTER = {"quarter": "Quarter 1 (April to June)", "year": "2023-24"}


def listens_on(pids: list[int]) -> set[tuple[str, int]]:
    """Addresses on which these processes listen, as the kernel writes them, with their ports."""
    sockets = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = str(link.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                sockets.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:
                address, _, port = fields[1].partition(":")
                found.add((address, int(port, 16)))
    return found


@pytest.fixture(scope="module")
def received() -> Iterator[tuple[str, list[dict]]]:
    """A listener that takes messages instead of a mail server: its address, and what came."""
    came: list[dict] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Take) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{listener.server_port}", came
        listener.shutdown()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel who listens where")
def test_it_starts_runs_a_quarter_stops_is_restored_and_goes_on_where_it_was(tmp_path: Path, received) -> None:
    home, port = tmp_path / "home", two_free_ports()
    shutil.copytree(SAMPLE / "Q1", tmp_path / "inbox/2023-24/Q1")
    address, came = received
    settings = {"ASSURE_NOTIFY_BUSINESS_UNIT": "message-address/business-unit"}

    with served(home, port, ASSURE_INBOX="inbox", ASSURE_STORE="store", **settings) as one:
        assert oct((home / "password").stat().st_mode)[-3:] == "600"
        assert (home / "password").read_text().strip() not in "".join(one.said), "the password is shown"
        until(lambda: "Ctrl-C" in "".join(one.said), lambda: "".join(one.said))
        said = " ".join("".join(one.said).split())
        assert f"Returns come from {tmp_path / 'inbox'} Everything is kept in {tmp_path / 'store'}" in said
        assert f"Runs, password and logs {home}" in said
        with pytest.raises(urllib.error.HTTPError, match="401"):
            one.ask("/deployments/filter", {}, signs_in=False)

        listening = listens_on(descendants(one.process.pid))
        assert (f"{0x0100007F:08X}", port) in listening
        assert {address for address, _ in listening} == {f"{0x0100007F:08X}"}, "something listens beyond this machine"
        settings_of = one.ask("/admin/settings")["server"]
        assert settings_of["analytics_enabled"] is False
        assert settings_of["ui"]["show_promotional_content"] is False
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ui-settings", timeout=10) as answer:
            assert json.load(answer)["api_url"] == "/api"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]

        again = run_assure("serve", "--home", str(home), "--port", str(port + 10), "--partnership", "hsscp")
        assert again.returncode == 2 and "A server runs on this folder already" in again.stderr
        taken = run_assure("serve", "--home", str(tmp_path / "b"), "--port", str(port), "--partnership", "hsscp")
        assert taken.returncode == 2 and f"Port {port} is taken" in taken.stderr

        front = f"http://127.0.0.1:{port + 1}/"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(front, timeout=10)

        make_block(one, address)
        done = one.run("quarterly-return", QUARTER, {"COMPLETED", "FAILED", "CRASHED"})
        assert done["state_type"] == "COMPLETED", done["state"]
        assert done["name"] == "Quarterly return 2023-24-Q1"
        keys = {artifact["key"] for artifact in one.ask("/artifacts/latest/filter", {})}
        assert {"returns-2023-24-q1", "data-quality-2023-24-q1", "drafts-2023-24-q1", "what-to-do-next"} <= keys
        assert (tmp_path / "store/current/quality/2023-24/Q1/index.html").is_file()
        assert any("draft" in message["title"] for message in came), "nobody was told that drafts are ready"
        told = next(message for message in came if "draft" in message["title"])
        assert f"http://127.0.0.1:{port + 1}/store/quality/2023-24/Q1/index.html" in told["message"]
        with urllib.request.urlopen(one.signed(front), timeout=30) as answer:
            assert "2023-24" in answer.read().decode()
        before, signs_in = one.scheduled(), one.signs_in
        assert len(before) >= 2, "nothing is scheduled"
        left = descendants(one.process.pid)
        one.stop()
        assert one.process.returncode == 0, "".join(one.said)
        assert not [pid for pid in left if Path(f"/proc/{pid}").exists()], "something was left behind"
        assert "Stopped. Everything is kept" in "".join(one.said)

    put_back(tmp_path, "home", "store")
    kept = run_assure("store", "check", ASSURE_STORE=str(tmp_path / "store"))
    assert kept.returncode == 0, kept.stdout + kept.stderr

    with served(home, port, ASSURE_INBOX="inbox", ASSURE_STORE="store", **settings) as one:
        assert one.signs_in == signs_in
        assert one.ask(f"/flow_runs/{done['id']}")["state_type"] == "COMPLETED"
        draft = f"http://127.0.0.1:{port + 1}/store/drafts/2023-24/Q1/training.docx"
        with urllib.request.urlopen(one.signed(draft), timeout=30) as answer:
            assert answer.read() == (tmp_path / "store/current/drafts/2023-24/Q1/training.docx").read_bytes()
        failed = one.run("quarterly-return", {"year": "2023-24"}, {"COMPLETED", "FAILED", "CRASHED"})
        assert failed["state_type"] == "FAILED"
        assert failed["state"]["message"].startswith("The year 2023-24 was chosen, and no quarter of it. Choose")
        logs = one.ask("/logs/filter", {"logs": {"flow_run_id": {"any_": [failed["id"]]}}})
        assert not [log for log in logs if "Traceback" in log["message"]]
        deadline = time.monotonic() + 30
        while not any("Failed" in message["title"] for message in came):
            assert time.monotonic() < deadline, "nobody was told of the run that failed"
            time.sleep(0.2)
        told = next(message for message in came if "Failed" in message["title"])
        assert "Choose a quarter too" in told["message"]
        nowhere = one.run("quarterly-return", QUARTER | {"year": "2019-20"}, {"COMPLETED", "FAILED", "CRASHED"})
        inbox = str(tmp_path / "inbox/2019-20/Q1")
        said = nowhere["state"]["message"]
        assert said.startswith(f"The inbox is not there. Where: {inbox}. Make this folder")
        (page,) = one.ask("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [nowhere["id"]]}}})
        assert page["key"] == "what-to-do-next" and inbox in page["data"]
        deadline = time.monotonic() + 30
        while not any(said in message["message"] for message in came):
            assert time.monotonic() < deadline, "people are told less than the run's page says"
            time.sleep(0.2)
        # Deploying again takes future runs away, and the scheduler, which looks once a minute, puts them there again.
        deadline = time.monotonic() + 90
        while one.scheduled() != before:
            assert time.monotonic() < deadline, (one.scheduled(), before)
            time.sleep(0.5)


def put_back(folder: Path, *names: str) -> None:
    """Back folders up, lose them, and restore them, as the guide for IT says."""
    (folder / "backup").mkdir()
    for name in names:
        subprocess.run(["cp", "-a", folder / name, folder / "backup"], check=True)
        shutil.rmtree(folder / name)
        subprocess.run(["cp", "-a", folder / "backup" / name, folder], check=True)


def make_block(one: Running, address: str) -> None:
    """What whoever looks after the server does on the page Blocks."""
    kind = one.ask("/block_types/slug/message-address")
    schemas = one.ask("/block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [kind["id"]]}}})
    one.ask(
        "/block_documents/",
        {
            "name": "business-unit",
            "block_type_id": kind["id"],
            "block_schema_id": schemas[0]["id"],
            "data": {"url": address},
        },
    )
