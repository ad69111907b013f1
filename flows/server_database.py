"""Prefect's SQLite database, so that several things may write at once without one of them being refused.

Belongs here: what of Prefect's own handling of SQLite is done otherwise, and why. Does not belong here: PostgreSQL,
which needs none of it.

Prefect begins a transaction as one that only reads. If it then writes and something else has written in between, SQLite
refuses it at once, however long it may wait. With automations and a worker that happens all the time: of twelve runs
that were asked for on Prefect's form within ten seconds, four ended in "Service Unavailable".
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.server.database.dependencies import set_database_config
from prefect.settings import get_current_settings
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction

LOCKED_FOR = 10_000
"""Milliseconds for which a write waits for another. Prefect's 60,000 can hold up the whole server for a minute: its
main thread may have to close a connection that waits."""


class WritesInTurn(AioSqliteConfiguration):
    """Every transaction takes the right to write as it begins, and waits for it in turn."""

    @asynccontextmanager
    async def begin_transaction(
        self, session: AsyncSession, with_for_update: bool = False
    ) -> AsyncGenerator[AsyncSessionTransaction, None]:
        """As Prefect's, for an update in every case."""
        async with super().begin_transaction(session, with_for_update=True) as transaction:
            yield transaction

    def setup_sqlite(self, conn: Any, record: Any) -> None:
        """As Prefect's, with a shorter wait."""
        super().setup_sqlite(conn, record)
        cursor = conn.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {LOCKED_FOR}")
        cursor.close()


def use() -> None:
    """Let the server of this process use it, where its database is SQLite. To be called before its app is built."""
    url = get_current_settings().server.database.connection_url
    address = url.get_secret_value() if url else ""
    if address.startswith("sqlite"):
        set_database_config(WritesInTurn(connection_url=address))
