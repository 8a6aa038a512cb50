"""One line in the thread of a draft whose answer takes longer than a minute; it is taken away when the answer is there.

Here too what a database did not take is stored as soon as it takes something again. That matters more than in Slack:
Teams does not deliver a second time what was not acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.faults import describe
from bot.history import Inbox, Item
from bot.teams import words
from bot.teams.acting import REVISION
from bot.teams.answering import Answering
from bot.teams.events import VERSION
from bot.teams.spot import SURFACE, Spot
from bot.teams.thread import Mark, Thread
from bot.unstored import PatientInbox
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

WAITING: Final = "waiting"
"""Kind of item: a draft waits for its answer. Its payload names the draft's item and the spot."""

PATIENCE: Final = timedelta(minutes=1)
"""How long somebody waits without being told."""
LOOK_SECONDS: Final = 5.0
"""How often drafts that wait are looked for, and how soon what was not stored is tried again."""
AGAIN_SECONDS: Final = 3.0
"""How often to look whether the answer is there."""
AT_ONCE: Final = 100


class WaitingClock:
    """Finds the drafts that have waited too long, and puts the telling of it into the inbox.

    Of each channel one at a time, the oldest: where many wait, the lines must not take the answers' turns.
    """

    def __init__(self, inbox: Inbox, unstored: PatientInbox, clock: Callable[[], datetime]) -> None:
        self._inbox = inbox
        self._unstored = unstored
        self._clock = clock
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop looking."""
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def look(self) -> None:
        """Look once, and store what could not be stored before. A draft that is told already is not told again."""
        now = self._clock()
        try:
            await self._unstored.put_kept()
            await self._put_late(now)
        except (SQLAlchemyError, OSError) as error:
            log.warning("waiting_not_stored", **describe(error))

    async def _put_late(self, now: datetime) -> None:
        told: set[str] = set()
        for item in await self._inbox.waiting(SURFACE, (VERSION, REVISION), now - PATIENCE, AT_ONCE):
            channel = item.place.rpartition("/")[0]
            if channel not in told and await self._inbox.put(_waiting(item, now)):
                told.add(channel)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()


class TellWaiting:
    """Handles ``WAITING``: the line is there for as long as the draft's item is open."""

    def __init__(self, thread: Thread, answering: Answering, inbox: Inbox) -> None:
        self._thread = thread
        self._answering = answering
        self._inbox = inbox
        self._there: dict[str, str] = {}
        """The id of the line of each item, as far as this process has posted it."""

    async def handle(self, item: Item) -> None:
        """Post the line, once, and come back until it can be taken away. Raises ``RetryLater``."""
        spot = Spot.of(item.payload["spot"])
        if not await self._inbox.is_open(str(item.payload["item"])):
            await self._take_away(spot, item)
            return
        if item.key not in self._there:
            line = await self._answering.say(spot, _mark(item), words.WAITING, again=item.again)
            if line is None:
                return
            self._there[item.key] = line
        raise RetryLater(AGAIN_SECONDS)

    async def give_up(self, item: Item) -> None:
        """Take the line away: the draft's own item is given up as well, and says so."""
        await self._take_away(Spot.of(item.payload["spot"]), item)

    async def _take_away(self, spot: Spot, item: Item) -> None:
        if line := self._there.get(item.key):
            await self._thread.take_away(spot, line)
        elif item.again:
            await self._thread.take_away_marked(spot, _mark(item))
        self._there.pop(item.key, None)


def _waiting(item: Item, now: datetime) -> Item:
    # A place of its own, since it is about an item that holds the draft's.
    place = f"{SURFACE}/{WAITING}/{item.key}"
    payload = {"spot": item.payload["spot"], "item": item.key}
    return Item(f"{item.key}/{WAITING}", SURFACE, WAITING, place, item.order, now, payload)


def _mark(item: Item) -> Mark:
    return Mark(WAITING, str(item.payload["item"]).rpartition("/")[2])
