"""The history in one database: the stores over it, opened and closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import text

from bot.history.channels import Channels
from bot.history.database import Database, connect
from bot.history.drafts import Drafts
from bot.history.inbox import Inbox
from bot.history.ledger import Ledger
from bot.history.records import Records
from bot.history.retention import Retention
from bot.history.schema import is_current
from bot.history.watermarks import Watermarks
from bot.history.withholding import Withholding


class History:
    """The stores over one database.

    ``inbox``: what still has to be done; ``drafts``: what was written, found, answered, disputed and decided;
    ``records``: lists and figures over all drafts; ``channels``: what was chosen for channels; ``watermarks``: how far
    channels were read; ``ledger``: the event log as evidence; ``retention``: what is erased in time; ``withholding``:
    what is not kept of texts.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.inbox = Inbox(database)
        self.drafts = Drafts(database)
        self.records = Records(database)
        self.channels = Channels(database)
        self.watermarks = Watermarks(database)
        self.ledger = Ledger(database)
        self.retention = Retention(database)
        self.withholding = Withholding(database)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, migrate: bool = True, keys: Sequence[str] = ()) -> AsyncIterator[History]:
        """Connect to ``Settings.database_url``, bring the schema up to date, and close at the end of the block.

        Several processes may do so at once. ``migrate=False`` refuses an outdated schema instead. ``keys`` encrypt
        texts (``Cipher``). Raises ``HistoryError``.
        """
        async with connect(url, migrate=migrate, keys=keys) as database:
            yield cls(database)

    async def check(self) -> None:
        """Ask the database a trivial question; raises ``sqlalchemy.exc.SQLAlchemyError`` if it does not answer."""
        async with self._database.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def is_current(self) -> bool:
        """Tell whether the schema is this program's: another version of it may have changed it meanwhile."""
        async with self._database.reading() as connection:
            return await connection.run_sync(is_current)
