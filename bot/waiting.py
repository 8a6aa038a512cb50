"""Finds the drafts whose answer takes longer than a minute, so that their threads can say so.

Usually nothing waits that long. When something does, it is for what nobody in the channel can see: files that cannot be
fetched, a rate limit, many drafts at once, a disk that is full.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.faults import describe
from bot.history import Inbox, Item, Place
from bot.ticking import Ticking
from bot.unstored import PatientInbox

log: Final = structlog.get_logger(__name__)

WAITING: Final = "waiting"
"""Kind of item: a draft waits for its answer. Its payload names the draft's ``item`` and where the line goes."""

PATIENCE: Final = timedelta(minutes=1)
"""How long somebody waits without being told."""
LOOK_SECONDS: Final = 5.0
"""How often drafts that wait are looked for, and how soon what was not stored is tried again."""
AGAIN_SECONDS: Final = 3.0
"""How often to look whether the answer is there."""
AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Told:
    """How a surface says that a draft waits."""

    surface: str
    kinds: Collection[str]
    """Kinds of its items that hold a draft's version."""
    where: Callable[[Item], tuple[Place, dict[str, Any]]]
    """From such an item: the draft's place, and what the payload has to say of it."""
    tell: Callable[[Item], Awaitable[None]]
    """Says so without the inbox, unless it is said; nothing, where it cannot be said now."""


class WaitingClock(Ticking):
    """Puts the telling of it into the inbox.

    Of each channel one at a time, the oldest: where many wait, the lines must not take the answers' turns. While
    nothing can be put into the inbox the line is posted at once, and what takes it away is put in later.
    """

    def __init__(self, inbox: Inbox, unstored: PatientInbox, told: Told, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._inbox = inbox
        self._unstored = unstored
        self._told = told
        self._clock = clock

    async def look(self) -> None:
        """Look once, and store what could not be stored before. A draft that is told already is not told again."""
        now = self._clock()
        try:
            await self._unstored.put_kept()
            await self._put_late(now)
        except (SQLAlchemyError, OSError) as error:
            log.warning("waiting_not_stored", **describe(error))
            await self._tell_late(now)

    async def _put_late(self, now: datetime) -> None:
        channels: set[str] = set()
        late = await self._inbox.waiting(self._told.surface, tuple(self._told.kinds), now - PATIENCE, AT_ONCE)
        for item in late:
            waiting = self._waiting(item, now)
            if _channel(waiting) not in channels and await self._unstored.put(waiting):
                channels.add(_channel(waiting))

    async def _tell_late(self, now: datetime) -> None:
        """Tell without the inbox of what waits for it, in each channel of the oldest."""
        for item in self._unstored.kept:
            if item.kind in self._told.kinds and item.received_at < now - PATIENCE:
                self._unstored.keep(self._waiting(item, now))
        oldest: dict[str, Item] = {}
        for item in self._unstored.kept:
            if item.kind == WAITING:
                oldest.setdefault(_channel(item), item)
        for item in oldest.values():
            await self._told.tell(item)

    def _waiting(self, item: Item, now: datetime) -> Item:
        surface = self._told.surface
        place, payload = self._told.where(item)
        # A place of its own, since it is about an item that holds the draft's.
        own = f"{surface}/{WAITING}/{place.team}/{place.channel}/{item.key.rpartition('/')[2]}"
        return Item(f"{item.key}/{WAITING}", surface, WAITING, own, item.order, now, {**payload, "item": item.key})

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()


def _channel(waiting: Item) -> str:
    return waiting.place.rpartition("/")[0]
