"""The proxy as it is shipped, before the real pages and a server that echoes in the place of Prefect's."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler

import pytest

from tests.conftest import ROOT
from tests.machine import free_ports

from .proxy import PAGES, PREFECT, SESSION, USER, Proxy, answering, needs_nginx, proxied

SIGNS_IN = "pages:a long password"


class _Echo(BaseHTTPRequestHandler):
    """Answers with the headers that came, and with a policy of its own."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Security-Policy", "connect-src *")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    home, (pages,) = tmp_path_factory.mktemp("proxy"), free_ports(1)
    (home / "password").write_text(SIGNS_IN)
    told = {"ASSURE_PASSWORD_FILE": str(home / "password"), "ASSURE_PAGES": f"https://{PAGES}", "PATH": "/usr/bin",
            "ASSURE_TRUSTED_PROXY": "1", "PYTHONPATH": str(ROOT)}  # fmt: skip
    served = [sys.executable, "-m", "flows.pages", "--port", str(pages), "--store", str(home / "store")]
    with ExitStack() as stack:
        log = stack.enter_context((home / "pages.log").open("wb"))
        process = subprocess.Popen(served, env=told, cwd=home, stdout=log, stderr=log)
        stack.callback(process.wait)
        stack.callback(process.send_signal, signal.SIGKILL)
        echo = stack.enter_context(answering(_Echo))
        yield stack.enter_context(proxied(home, pages=pages, password=SIGNS_IN, prefect=echo))


ANN = {"Cookie": SESSION}


@needs_nginx
def test_the_proxy_lets_in_who_is_signed_in_and_says_who_it_is(proxy: Proxy) -> None:
    for host in (PAGES, PREFECT):
        status, headers, _ = proxy.get(host, "/")
        assert (status, headers["location"].partition("?")[0]) == (302, "/oauth2/start")
    status, headers, body = proxy.get(PREFECT, "/api/x", **ANN, **{"X-Forwarded-User": "the.chief@council.example"})
    came = json.loads(body)
    assert status == 200 and came["x-forwarded-user"] == USER
    assert "the.chief" not in body.decode()
    assert came["host"] == PREFECT and "authorization" not in came
    policy = headers["content-security-policy"]
    assert policy.startswith("connect-src 'self'") and "*" not in policy, "its pages may call others"
    assert "max-age" in headers["strict-transport-security"]


@needs_nginx
def test_the_pages_are_reached_by_people_who_need_no_password(proxy: Proxy) -> None:
    status, headers, body = proxy.get(PAGES, "/", **ANN)
    assert status == 200 and b"Nothing has been run yet" in body
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "max-age" in headers["strict-transport-security"]


@needs_nginx
def test_whoever_asks_faster_than_people_do_is_held_back(proxy: Proxy) -> None:
    """Single sign-on answers 401 here, whatever it is asked."""
    signing_in = [proxy.get(PAGES, "/oauth2/start")[0] for _ in range(60)]
    assert signing_in[:20] == [401] * 20 and 429 in signing_in, "a password can be guessed as fast as a machine asks"
    assert proxy.get(PAGES, "/", **ANN)[0] == 200, "whoever is signed in already is held back too"


@needs_nginx
def test_any_other_name_is_nobodys_and_nothing_is_told_in_the_clear(proxy: Proxy) -> None:
    assert proxy.get("another.example", "/", **ANN)[0] == 421
    plain = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=30)
    plain.request("GET", "/store/x", headers={"Host": PAGES})
    answer = plain.getresponse()
    assert answer.status == 301 and re.fullmatch(rf"https://{PAGES}/store/x", answer.getheader("Location") or "")
