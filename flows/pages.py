"""The pages for people: the front page, everything that it leads to, and the form with which editors upload drafts.

``python -m flows.pages --port 4201 --store results`` serves them on this machine. Addresses do not change and do not
end: ``/`` is the front page, ``/store/<key>`` the newest version of what lies under a key of the store's open part.

Belongs here: addresses, and what is answered at each. Does not belong here: who may ask (``flows.pages_guard``), what
is said (``tasks.front_page``) and taking uploads (``flows.pages_upload``). It knows nothing of Prefect.
"""

from __future__ import annotations

import argparse
import logging
import mimetypes
import re
import sys
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from config.errors import AssuranceError, Refused
from config.partnership import Partnership
from config.settings import Settings
from flows.pages_form import sent
from flows.pages_guard import COOKIE, SaysWhatPagesMayDo, SignIn, Tokens, page, password_of
from flows.pages_upload import Statement, take
from tasks.front_page import KEY, front_page, message_page, seen, upload_page
from tasks.kept import is_open, owner_of
from tasks.order import partnership_of
from tasks.store import InvalidKey, Missing, ObjectStore, Stored, check_key, open_store

logger = logging.getLogger("assure")
HERE = ("127.0.0.1", "localhost")
MINUTES = 5
"""For so long an address into a bucket is good, to which somebody is sent on."""
TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}


def pages_url(port: int, host: str = "127.0.0.1") -> str:
    """The address under which the pages are reached: that of the setting ``ASSURE_PAGES``, else this machine's."""
    return Settings.from_environment().pages or f"http://{host}:{port}"


class Pages:
    """What is answered at each address, over one store."""

    def __init__(self, store: ObjectStore, settings: Settings) -> None:
        self.store, self.settings = store, settings
        self.tokens = Tokens(settings.pages)

    def partnership(self) -> Partnership | None:
        """The partnership whose store it is; None of a store that is new, where no setting names one."""
        name = owner_of(self.store) or self.settings.partnership
        return partnership_of(name) if name else None

    def front(self, request: Request) -> Response:
        partnership = self.partnership()
        if partnership is None:
            return _message("Nothing has been run yet", "This store is new.", to_do="Run a quarter, then come back.")
        told = seen(self.store, partnership)
        look, runs = partnership.profile.look, self.settings.runs
        return page(front_page(told, look, root="store/", upload="upload", runs=runs))

    def kept(self, request: Request) -> Response:
        """The newest version of a key; what is not open is not told apart from what is not there."""
        key = request.path_params["key"]
        if key == KEY:  # the front page of this server, where drafts can be uploaded
            return RedirectResponse("../", 307)
        try:
            if not is_open(check_key(key)):
                raise InvalidKey("This part of the store is not open.")
            stored = self.store.describe(key)
        except (InvalidKey, Missing):
            return _nothing_here()
        if key.endswith(".html"):
            return page(self.store.get(key))
        name = download_name(stored)
        link = self.store.link(key, minutes=MINUTES, filename=name)
        if link.startswith(("https://", "http://")):
            return RedirectResponse(link, 302)
        return _download(self.store.get(key), name)

    def form(self, request: Request) -> Response:
        partnership = self.partnership()
        if partnership is None:
            return _message("Nothing to upload yet", "No draft was made in this store.", to_do="Run a quarter first.")
        cookie, token = self.tokens.give()
        profile = partnership.profile
        answer = page(upload_page(profile.name, profile.contact, profile.groups, token, profile.look))
        https = self.settings.pages.startswith("https:") or request.url.scheme == "https"
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=https)
        return answer

    async def upload(self, request: Request) -> Response:
        form = await sent(request)
        if not self.tokens.fits(request, form.fields.get("token", "")):
            return _message(
                "The form could not be taken",
                "It is too old, or did not come from this page. Nothing was kept.",
                to_do="Open the form again, choose the file and send it from there.",
                status=403,
            )
        user = request.headers.get("x-forwarded-user", "") if self.settings.trusted_proxy else ""
        statement = Statement(form.name, form.fields.get("name", ""), form.fields.get("role", ""), user)
        key = await run_in_threadpool(self._take, form.data, statement)
        return RedirectResponse(f"store/{key}", 303)

    def _take(self, data: bytes, statement: Statement) -> str:
        partnership = self.partnership()
        if partnership is None:
            raise Refused("No draft was made in this store yet.", to_do="Run a quarter first.")
        return take(self.store, partnership, data, statement)


def download_name(stored: Stored) -> str:
    """The name under which a file is saved: ``vision-2023-24-annual.docx``, so that two quarters' drafts differ."""
    path = PurePosixPath(stored.key)
    if name := stored.about.get("name"):
        return name
    folders = "-".join(path.parts[1:-1])
    return f"{path.stem}-{folders}{path.suffix}" if re.match(r"\d{4}-\d{2}", folders) else path.name


def _download(data: bytes, name: str) -> Response:
    ending = PurePosixPath(name).suffix
    kind = TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    opens_as = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, headers={"Content-Type": kind, "Content-Disposition": opens_as})


def _message(title: str, what: str, why: str = "", to_do: str = "", status: int = 200) -> Response:
    return page(message_page(title, what, why, to_do, None), status)


def _nothing_here() -> Response:
    what = "There is nothing at this address."
    return _message("Not found", what, to_do="Begin at the front page, which leads to everything.", status=404)


async def _refused(request: Request, error: Exception) -> Response:
    """An error of ours, in its own words; the log is told what happened, and nothing of what was sent."""
    assert isinstance(error, AssuranceError)  # noqa: S101 - it is registered for these alone
    logger.warning("%s was refused: %s", request.method, error.what)
    if isinstance(error, Refused):
        return _message("This could not be taken", error.what, error.why, error.to_do, 400)
    return _message("The store does not answer", error.what, error.why, error.to_do, 503)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return _nothing_here()
    return _message("This does not work", "The pages do not answer to this.", to_do="Begin at the front page.",
                    status=status)  # fmt: skip


def _failed() -> Response:
    what = "Something went wrong that was not foreseen. What was in the store before is still there."
    return _message("Something went wrong", what, to_do="Try again; tell whoever looks after the server.", status=500)


def application(store: ObjectStore, settings: Settings, hosts: Sequence[str] = HERE) -> Starlette:
    """The application. ``hosts`` are the names by which it may be asked for, against DNS rebinding.

    Raises:
        Refused: the password is kept in a file that cannot be read.
    """
    pages, password = Pages(store, settings), password_of(settings)
    guards = [Middleware(SaysWhatPagesMayDo, failed=_failed)]
    named = urlsplit(settings.pages).hostname
    guards += [Middleware(TrustedHostMiddleware, allowed_hosts=[*hosts, *filter(None, [named])], www_redirect=False)]
    guards += [Middleware(SignIn, password=password, trusted_proxy=settings.trusted_proxy)] if password else []
    return Starlette(
        routes=[
            Route("/", pages.front),
            Route("/upload", pages.form),
            Route("/upload", pages.upload, methods=["POST"]),
            Route("/store/{key:path}", pages.kept),
        ],
        middleware=guards,
        exception_handlers={AssuranceError: _refused, HTTPException: _http},
    )


def main(words: Sequence[str] | None = None) -> int:
    """Serve the pages until asked to stop. Gives the exit code."""
    settings = Settings.from_environment()
    asked = argparse.ArgumentParser(prog="python -m flows.pages", description="Serve the pages for people.")
    asked.add_argument("--port", type=int, default=4201, help="Port; 4201 unless said.")
    asked.add_argument("--host", default=HERE[0], help="Address of this machine to listen at; 127.0.0.1 unless said.")
    asked.add_argument("--store", default=settings.store, help="Folder or s3://bucket/prefix; else ASSURE_STORE.")
    told = asked.parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        if told.host not in HERE:
            _refuse_without_guard(told.host, settings)
        app = application(open_store(told.store), settings, [*HERE, told.host])
    except AssuranceError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    import uvicorn

    logger.info("Front page: %s/", pages_url(told.port, told.host))
    # Without its own reading of what proxies say: it believes whoever asks from this machine.
    uvicorn.run(
        app,
        host=told.host,
        port=told.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
    )
    return 0


def _refuse_without_guard(host: str, settings: Settings) -> None:
    if not password_of(settings):
        raise Refused(
            "The pages are not served to other machines without a password.",
            where=f"--host {host}",
            why="Everybody who reaches this machine could read the drafts.",
            to_do="Name a file with user:password in ASSURE_PASSWORD_FILE, or serve on 127.0.0.1.",
        )
    if host in ("0.0.0.0", "::") and not settings.pages:  # noqa: S104 - compared, not listened at
        raise Refused(
            "It is not known by which name people reach these pages.",
            where=f"--host {host}",
            why="Answers are given to that name only, so that no other site can ask in a reader's place.",
            to_do="Set ASSURE_PAGES to their address, as https://reports.example.",
        )


if __name__ == "__main__":
    sys.exit(main())
