"""The proxy as it is shipped: a real nginx with TLS, of whose file only addresses and folders are changed.

Single sign-on is played by a small server that answers as oauth2-proxy does: 202 with the user's name, or 401.
"""

from __future__ import annotations

import base64
import http.client
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.machine import free_ports
from tests.programs import REQUIRED
from tests.store_contract.conftest import self_signed

from .shipped import FOLDER

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
PAGES, PREFECT = "reports.example", "runs.example"
SESSION, USER = "session=ann", "ann@council.example"
"""The cookie of somebody who is signed in, and who that is."""
needs_nginx = pytest.mark.skipif(not NGINX and not REQUIRED, reason="nginx is not installed: see .ci/run")


class _SignOn(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        user = USER if SESSION in self.headers.get("Cookie", "").split("; ") else ""
        self.send_response(202 if user else 401)
        self.send_header("X-Auth-Request-User", user)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


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


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """A small server with this handler; its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_address[1]
        running.shutdown()


@contextmanager
def proxied(home: Path, *, pages: int, password: str, prefect: int) -> Iterator[Proxy]:
    """The proxy before the pages, whose password it knows, and Prefect's server, each at its port."""
    assert NGINX
    home.chmod(0o755)
    https, plain = free_ports(2)
    certificate, key = self_signed(home)
    authorization = base64.b64encode(password.encode()).decode()
    (home / "PROXY_AUTHORIZATION").write_text(f'proxy_set_header Authorization "Basic {authorization}";\n')
    with ExitStack() as stack:
        signs_on = stack.enter_context(answering(_SignOn))
        text = (FOLDER / "proxy/nginx.conf").read_text()
        for shipped, here in {
            "/tmp/": f"{home}/", "sign-in:4180": f"127.0.0.1:{signs_on}", "server:4200": f"127.0.0.1:{prefect}",
            "pages:4201": f"127.0.0.1:{pages}", "listen 8443": f"listen 127.0.0.1:{https}",
            "listen 8080": f"listen 127.0.0.1:{plain}", "/run/secrets/": f"{home}/",
            "/etc/nginx/tls/fullchain.pem": str(certificate), "/etc/nginx/tls/key.pem": str(key),
        }.items():  # fmt: skip
            assert shipped in text
            text = text.replace(shipped, here)
        (home / "nginx.conf").write_text(f"daemon off;\nmaster_process off;\n{text}")
        log = stack.enter_context((home / "log").open("wb"))
        process = subprocess.Popen(
            [NGINX, "-p", str(home), "-e", "stderr", "-c", str(home / "nginx.conf")], cwd=home, stdout=log, stderr=log
        )
        stack.callback(process.wait)
        stack.callback(process.send_signal, signal.SIGKILL)
        for port in (pages, https):
            deadline = time.monotonic() + 60
            while True:
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                assert time.monotonic() < deadline and process.poll() is None, (home / "log").read_text()
                time.sleep(0.1)
        yield Proxy(https, plain, certificate)
