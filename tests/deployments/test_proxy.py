"""The proxy as it is shipped: a real nginx with TLS before the real pages and a server that answers as Prefect does.

Only addresses and folders differ from ``nginx.conf``. Single sign-on is played by a small server that answers as
oauth2-proxy does: 202 with the user's name, or 401.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.programs import REQUIRED
from tests.store_contract.conftest import self_signed

from .shipped import FOLDER

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
SIGNS_IN = "pages:a long password"
PAGES, PREFECT = "reports.example", "runs.example"
needs_nginx = pytest.mark.skipif(not NGINX and not REQUIRED, reason="nginx is not installed: see .ci/run")


class _SignOn(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        user = {"session=ann": "ann@council.example"}.get(self.headers.get("Cookie", ""), "")
        self.send_response(202 if user else 401)
        self.send_header("X-Auth-Request-User", user)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Echo(BaseHTTPRequestHandler):
    """Answers with the headers that came, and with a policy of its own."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Security-Policy", "connect-src *")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    log_message = _SignOn.log_message


@dataclass(frozen=True)
class Proxy:
    https: int
    http: int
    certificate: Path

    def get(self, host: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask through the proxy, with the certificate looked at."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        asked = http.client.HTTPSConnection("127.0.0.1", self.https, context=context, timeout=30)
        asked.request("GET", path, headers={"Host": host, **headers})
        answer = asked.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def free_ports(many: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(many)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    assert NGINX
    home = tmp_path_factory.mktemp("proxy")
    home.chmod(0o755)
    https, plain, pages = free_ports(3)
    certificate, key = self_signed(home)
    authorization = base64.b64encode(SIGNS_IN.encode()).decode()
    (home / "PROXY_AUTHORIZATION").write_text(f'proxy_set_header Authorization "Basic {authorization}";\n')
    (home / "password").write_text(SIGNS_IN)
    with ExitStack() as stack:
        servers = {}
        for name, handler in (("sign-in:4180", _SignOn), ("server:4200", _Echo)):
            running = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
            threading.Thread(target=running.serve_forever, daemon=True).start()
            stack.callback(running.shutdown)
            servers[name] = f"127.0.0.1:{running.server_address[1]}"
        text = (FOLDER / "proxy/nginx.conf").read_text()
        for shipped, here in {
            "/tmp/": f"{home}/", **servers, "pages:4201": f"127.0.0.1:{pages}",
            "listen 8443": f"listen 127.0.0.1:{https}",
            "listen 8080": f"listen 127.0.0.1:{plain}", "/run/secrets/": f"{home}/",
            "/etc/nginx/tls/fullchain.pem": str(certificate), "/etc/nginx/tls/key.pem": str(key),
        }.items():  # fmt: skip
            assert shipped in text
            text = text.replace(shipped, here)
        (home / "nginx.conf").write_text(f"daemon off;\nmaster_process off;\n{text}")
        served = [sys.executable, "-m", "flows.pages", "--port", str(pages), "--store", str(home / "store")]
        told = {"ASSURE_PASSWORD_FILE": str(home / "password"), "ASSURE_PAGES": f"https://{PAGES}", "PATH": "/usr/bin",
                "ASSURE_TRUSTED_PROXY": "1", "PYTHONPATH": str(ROOT)}  # fmt: skip
        log = stack.enter_context((home / "log").open("wb"))
        for words in (served, [NGINX, "-p", str(home), "-e", "stderr", "-c", str(home / "nginx.conf")]):
            process = subprocess.Popen(words, env=told, cwd=home, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.send_signal, signal.SIGKILL)
        deadline = time.monotonic() + 60
        for port in (pages, https):
            while True:
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                assert time.monotonic() < deadline and process.poll() is None, (home / "log").read_text()
                time.sleep(0.1)
        yield Proxy(https, plain, certificate)


ANN = {"Cookie": "session=ann"}


@needs_nginx
def test_the_proxy_lets_in_who_is_signed_in_and_says_who_it_is(proxy: Proxy) -> None:
    for host in (PAGES, PREFECT):
        status, headers, _ = proxy.get(host, "/")
        assert (status, headers["location"].partition("?")[0]) == (302, "/oauth2/start")
    status, headers, body = proxy.get(PREFECT, "/api/x", **ANN, **{"X-Forwarded-User": "the.chief@council.example"})
    came = json.loads(body)
    assert status == 200 and came["x-forwarded-user"] == "ann@council.example"
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
