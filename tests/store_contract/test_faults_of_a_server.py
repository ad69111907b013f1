"""A server that is away, slow, full, refuses or loses answers: a run ends right, or says so and ends right again."""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest

from tasks.store import FolderStore, Missing, S3Store, StoreError
from tasks.store.s3 import client_for
from tests.end_to_end.short_runs import inbox_of, order, run

from .conftest import BUCKET, Server

Fault = Literal["", "away", "slow", "full", "refuses", "loses the answer"]
Decide = Callable[[str], Fault]
"""What is wrong with a request, by its method."""
ANSWERS = {"full": (507, "InsufficientStorage"), "refuses": (403, "AccessDenied")}


class Between(ThreadingHTTPServer):
    """Stands between a run and a real server, and does to requests what servers and networks do."""

    daemon_threads = True

    def __init__(self, endpoint: str, decide: Decide) -> None:
        super().__init__(("127.0.0.1", 0), _Hand)
        self.behind, self.decide = urlsplit(endpoint).netloc, decide
        self.did: list[Fault] = []
        self.asked = 0


class _Hand(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Between

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked += 1
        fault = self.server.decide(self.command)
        if fault:
            self.server.did.append(fault)
        if fault == "away":
            self._hang_up()
        elif fault in ANSWERS:
            status, code = ANSWERS[fault]
            self._answer(status, [], f"<Error><Code>{code}</Code><Message>Not now.</Message></Error>".encode())
        else:
            if fault == "slow":
                time.sleep(0.3)
            behind = http.client.HTTPConnection(self.server.behind, timeout=30)
            behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("expect", "connection"):
                    behind.putheader(name, value)
            behind.endheaders(body)
            told = behind.getresponse()
            data = told.read()
            behind.close()
            if fault == "loses the answer":
                self._hang_up()
            else:
                self._answer(told.status, told.getheaders(), data)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _hand_on  # noqa: N815

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        length = dict(headers).get("Content-Length", str(len(body)))
        for name, value in headers:
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def between(server: Server, prefix: str, decide: Decide) -> Iterator[tuple[Between, S3Store]]:
    with Between(server.http.endpoint, decide) as standing:
        threading.Thread(target=standing.serve_forever, daemon=True).start()
        client_for.cache_clear()
        address = f"http://127.0.0.1:{standing.server_address[1]}"
        yield standing, S3Store(BUCKET, prefix, replace(server.http, endpoint=address))
        standing.shutdown()


def after(writes: int, fault: Fault) -> Decide:
    """Nothing is wrong until so many writes were asked for; everything that writes goes wrong from then on."""
    seen = 0

    def decide(method: str) -> Fault:
        nonlocal seen
        seen += method == "PUT"
        return fault if seen > writes and method == "PUT" else ""

    return decide


def now_and_then(seed: int) -> Decide:
    """Of a hundred requests some are slow, some meet nobody, and some succeed without their sender hearing of it."""
    drawn = random.Random(seed)

    def decide(method: str) -> Fault:
        at = drawn.random()
        if at < 0.02:
            return "slow"
        if at < 0.05:
            return "away"
        return "loses the answer" if method == "PUT" and at < 0.55 else ""

    return decide


@pytest.mark.slow
def test_a_run_ends_right_on_a_server_that_fails_in_every_way(server: Server, tmp_path: Path) -> None:
    inbox = inbox_of(tmp_path)
    run(order(tmp_path, inbox))
    alone = {stored.key: stored.sha256 for stored in FolderStore(tmp_path / "store").list()}
    prefix = f"faults-{uuid.uuid4().hex}"
    here = replace(order(tmp_path, inbox), store=f"s3://{BUCKET}/{prefix}")
    plain = S3Store(BUCKET, prefix, server.http)

    for writes, fault, words in (
        (3, "refuses", "refuses these credentials"),
        (8, "full", "answered 507 InsufficientStorage"),
        (8, "away", "cannot be reached"),
    ):
        with between(server, prefix, after(writes, fault)) as (standing, store):  # type: ignore[arg-type]
            with pytest.raises(StoreError, match=words) as told:
                run(here, store)
            assert standing.did and set(standing.did) == {fault}
        assert told.value.to_do and prefix in told.value.where
        for stored in plain.list():
            plain.get(stored.key)  # raises where it is not what was put
        assert not list(plain.list("runs/"))

    with between(server, prefix, now_and_then(7)) as (standing, store):
        run(here, store)
        assert standing.did.count("loses the answer") >= 3 and standing.did.count("away") >= 3
    assert {stored.key: stored.sha256 for stored in plain.list()} == alone
    assert {len(plain.versions(key)) for key in alone} == {1}, "an answer that was lost made a second version"


@pytest.mark.parametrize(("error", "again"), [(StoreError("away"), True), (Missing("nothing there"), False)])
def test_a_step_is_tried_again_only_where_that_can_help(error: StoreError, again: bool) -> None:
    from prefect.states import Failed

    from tasks.steps import is_store_trouble

    assert is_store_trouble(None, None, Failed(data=error)) is again
