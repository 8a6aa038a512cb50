"""When the review channels are read for what was not delivered (取りこぼしの回収): on connections, and now and then.

No surface keeps anything for a bot that is away. What is read, and what is made of it, is each surface's own affair.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.faults import describe
from bot.history import Inbox, Item
from bot.ticking import Ticking

log: Final = structlog.get_logger(__name__)

CATCH_UP: Final = "catch_up"
"""Kind of item: the review channels are to be read."""

EVERY: Final = timedelta(minutes=15)
"""How often the channels are read although no connection was made anew: what could not be delivered is given up."""
RETRY_SECONDS: Final = 5.0


class CatchUpClock(Ticking):
    """Puts the reading of the channels into the inbox: when a connection was made, and every quarter of an hour."""

    def __init__(self, surface: str, inbox: Inbox, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._place = f"{surface}/{CATCH_UP}"
        self._surface = surface
        self._inbox = inbox
        self._clock = clock
        self._wanted = asyncio.Event()

    def connected(self) -> None:
        """Have the channels read now that deliveries come (again)."""
        self._wanted.set()

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY.total_seconds()):
                    await self._wanted.wait()
            connected = self._wanted.is_set()
            self._wanted.clear()
            try:
                await self._put(connected=connected)
            except (SQLAlchemyError, OSError) as error:
                log.warning("catch_up_not_begun", **describe(error))
                await asyncio.sleep(RETRY_SECONDS)
                self._wanted.set()

    async def _put(self, *, connected: bool) -> None:
        """Put one item for this connection, or for this quarter of an hour, which all processes share."""
        now = self._clock()
        which = uuid.uuid4().hex if connected else f"{now.timestamp() // EVERY.total_seconds():.0f}"
        key = f"{self._place}/{which}"
        await self._inbox.put(Item(key, self._surface, CATCH_UP, self._place, now.timestamp(), now, {}))
