"""One database: its engine, its migrations, and the stores over it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from bot.history.inbox import Inbox


class History:
    """The history in one database: ``inbox`` and ``drafts``."""

    inbox: Inbox

    @classmethod
    def open(cls, url: str) -> AbstractAsyncContextManager[History]:
        """Connect to ``Settings.database_url``, bring the schema up to date, and close at the end of the block."""

    async def check(self) -> None:
        """Ask the database a trivial question; raises ``sqlalchemy.exc.SQLAlchemyError`` if it does not answer."""
