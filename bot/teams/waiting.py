"""One line in the thread of a draft whose answer takes longer than a minute; it is taken away when the answer is there.

What finds such drafts is ``bot.waiting``, which also stores what a database did not take as soon as it takes something
again. That matters more than in Slack: Teams does not deliver a second time what was not acknowledged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog

from bot.faults import describe
from bot.history import Inbox, Item, Place
from bot.teams import words
from bot.teams.acting import REVISION
from bot.teams.answering import Answering
from bot.teams.connector import ConnectorError
from bot.teams.events import VERSION
from bot.teams.spot import SURFACE, Spot
from bot.teams.thread import Mark, Thread
from bot.waiting import AGAIN_SECONDS, WAITING, Told
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)


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
        if await self._is_shown(spot, item):
            raise RetryLater(AGAIN_SECONDS)

    async def show_if_possible(self, item: Item) -> None:
        """Post the line unless it is there, or Teams cannot be reached."""
        try:
            await self._is_shown(Spot.of(item.payload["spot"]), item)
        except (ConnectorError, RetryLater) as error:
            log.info("nobody_told_of_waiting", item=item.key, **describe(error))

    async def _is_shown(self, spot: Spot, item: Item) -> bool:
        """Post the line, once; tell whether it is there."""
        if item.key not in self._there:
            line = await self._answering.say(spot, _mark(item), words.WAITING, again=item.again)
            if line is None:
                return False
            self._there[item.key] = line
        return True

    async def give_up(self, item: Item) -> None:
        """Take the line away: the draft's own item is given up as well, and says so."""
        await self._take_away(Spot.of(item.payload["spot"]), item)

    async def _take_away(self, spot: Spot, item: Item) -> None:
        if line := self._there.get(item.key):
            await self._thread.take_away(spot, line)
        elif item.again:
            await self._thread.take_away_marked(spot, _mark(item))
        self._there.pop(item.key, None)


def told_in_thread(tell: Callable[[Item], Awaitable[None]]) -> Told:
    """Return how ``WaitingClock`` has the threads of Teams told; ``tell`` as in ``Told``."""
    return Told(SURFACE, (VERSION, REVISION), _where, tell)


def _where(item: Item) -> tuple[Place, dict[str, Any]]:
    spot = item.payload["spot"]
    return Spot.of(spot).place, {"spot": spot}


def _mark(item: Item) -> Mark:
    return Mark(WAITING, str(item.payload["item"]).rpartition("/")[2])
