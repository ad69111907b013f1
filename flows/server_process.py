"""The Prefect server as a process of ours: it listens on this machine only, and sends nobody's browser elsewhere.

``python -m flows.server_process PORT``. Started by ``flows.local_server`` for the time of one command and by
``flows.serving`` for good; what differs between them is in the environment that they give it.

Belongs here: how the server's process is built. Does not belong here: its settings and its life.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from flows.child import end_with_starter

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

HOST = "127.0.0.1"
CONTENT = "connect-src 'self' ws: wss:"
"""What pages may call. The pages ask an analytics service for its settings even where analytics are switched off."""


def create_app() -> Any:
    """Prefect's server. It looks for no garbage in what its imports made, and seldom for that of a request."""
    from prefect.server.api import server

    import flows.notify  # noqa: F401 - a block of ours, which the server's automations send with
    from flows import server_database, server_runs

    server_database.use()
    app = server.create_app()
    server_runs.say_again(app)
    app.middleware("http")(_stay_here)
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
    return app


async def _stay_here(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await go_on(request)
    answer.headers["Content-Security-Policy"] = CONTENT
    return answer


def main(port: int) -> None:
    """Be the server until asked to stop."""
    import uvicorn

    end_with_starter()
    gc.disable()  # while a hundred thousand objects of imports come in, none of which is garbage
    uvicorn.run(create_app, factory=True, host=HOST, port=port, log_level="critical", timeout_graceful_shutdown=5)


if __name__ == "__main__":
    main(int(sys.argv[1]))
