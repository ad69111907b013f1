"""Who may have a page, and what may a page do in a browser? Asked and said of every answer of the pages' server.

Belongs here: the password, the headers that every answer bears, and the token that comes back with a form. Does not
belong here: which parts of a store are open (``tasks.kept``), and the pages.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import os
import re
import secrets
import traceback
from collections.abc import Callable
from math import ceil
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.errors import Refused
from config.settings import Settings
from flows.pages_brake import Brake

logger = logging.getLogger("assure")
COOKIE = "upload"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]{2,45}")
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def password_of(settings: Settings) -> str:
    """What people sign in with, as ``user:password``; empty where nobody set a password.

    It stands in the file that ``ASSURE_PASSWORD_FILE`` names, else it is that of Prefect's server.

    Raises:
        Refused: the file cannot be read, or holds none.
    """
    if not settings.password_file:
        return os.environ.get("PREFECT_SERVER_API_AUTH_STRING", "")
    try:
        kept = Path(settings.password_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Refused(
            f"The file of the password cannot be read: {error.strerror}.",
            where=settings.password_file,
            why="Without a password everybody who reaches the pages could read the drafts.",
            to_do="Correct ASSURE_PASSWORD_FILE, or let this user read the file.",
        ) from None
    if ":" not in kept:
        raise Refused(
            "The file of the password holds none.",
            where=settings.password_file,
            to_do="Write user:password into it.",
        )
    return kept


class SignIn:
    """Asks for the password (RFC 7617) before anything else is done; compared in a time that tells nothing.

    Whoever gives wrong ones waits (``flows.pages_brake``), and meanwhile the right one is not taken either.
    """

    def __init__(self, app: ASGIApp, password: str, trusted_proxy: bool = False) -> None:
        self.app, self._password, self._trusted_proxy = app, password.encode(), trusted_proxy
        self._brake = Brake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._refusal(scope) if scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        said, address = headers.get("authorization", ""), self._address(scope, headers)
        if said and (seconds := self._brake.waits(address)):
            return PlainTextResponse(
                "Too many wrong passwords were given. Wait a little, then try again.\n",
                status_code=429,
                headers={"Retry-After": str(ceil(seconds))},
            )
        given = _password_in(said)
        if given is not None and hmac.compare_digest(given, self._password):
            self._brake.right(address)
            return None
        if given is not None:
            count = self._brake.wrong(address)
            logger.warning("A wrong password was given from %s, number %s in a row", address, count)
        return PlainTextResponse(
            "Sign in with the user and password of your partnership's server.\n",
            status_code=401,
            headers={"WWW-Authenticate": 'Basic realm="Annual report assurance", charset="UTF-8"'},
        )

    def _address(self, scope: Scope, headers: Headers) -> str:
        """Where it is asked from: as the proxy says, where there is one to believe, else who is really there."""
        told = headers.get("x-forwarded-for", "").rpartition(",")[2].strip() if self._trusted_proxy else ""
        return told if _ADDRESS.fullmatch(told) else str((scope.get("client") or ("nowhere",))[0])


def _password_in(said: str) -> bytes | None:
    """The user and password that somebody gave; None where it is no attempt at one."""
    scheme, _, rest = said.partition(" ")
    try:
        given = base64.b64decode(rest.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return given if scheme.lower() == "basic" else None


class SaysWhatPagesMayDo:
    """Puts the headers on every answer; no page may run a script, be framed or fetch anything.

    What was not foreseen is answered by ``failed``, and logged by its kind alone: its words might hold a value.
    """

    def __init__(self, app: ASGIApp, failed: Callable[[], Response]) -> None:
        self.app, self._failed = app, failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in {"Content-Security-Policy": POLICY, **HEADERS}.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception as error:  # the outermost place
            logger.error("Not foreseen: %s at %s", type(error).__name__, _place(error))
            if not started:
                await self._failed()(scope, receive, with_headers)


def _place(error: BaseException) -> str:
    """The innermost line of code that an error comes from."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(place.filename).name}, line {place.lineno}"


def page(html: str | bytes, status: int = 200) -> Response:
    """A page, whose own style is the only one that its browser applies."""
    body = html.encode() if isinstance(html, str) else html
    styles = [base64.b64encode(hashlib.sha256(style).digest()).decode() for style in _STYLE.findall(body)]
    policy = POLICY + "".join(f"; style-src 'sha256-{styles[0]}'" for _ in styles[:1])
    return Response(body, status, {"Content-Security-Policy": policy}, media_type="text/html")


class Tokens:
    """A form is taken only from a browser that was given it: its token fits the cookie, and both come from us.

    The key lives as long as the server, so a form from before a restart is refused with words.
    """

    def __init__(self, address: str) -> None:
        self._key, self._address = secrets.token_bytes(32), address

    def give(self) -> tuple[str, str]:
        """A cookie's value, and the token that goes into the form with it."""
        cookie = secrets.token_urlsafe(24)
        return cookie, self._of(cookie)

    def fits(self, request: Request, token: str) -> bool:
        """Did this form come from a page of ours, in the same browser?"""
        cookie = request.cookies.get(COOKIE, "")
        ours = bool(cookie) and hmac.compare_digest(self._of(cookie).encode(), token.encode())
        origin = request.headers.get("origin")
        hosts = {request.headers.get("host", ""), urlsplit(self._address).netloc} - {""}
        return ours and (origin is None or urlsplit(origin).netloc in hosts)

    def _of(self, cookie: str) -> str:
        return hmac.new(self._key, cookie.encode(), hashlib.sha256).hexdigest()
