"""One line in the thread of a draft whose answer takes longer than a minute; it is taken away when the answer is there.

Usually nothing waits that long. When something does, it is for what nobody in the channel can see: files that cannot be
fetched, a rate limit, many drafts at once, a disk that is full. A Slack that does not answer at all cannot be told
anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.faults import describe
from bot.history import Inbox, Item
from bot.slack.blocks import notice_card
from bot.slack.client import Gone, Mark, Slack, SlackError, retried_when_mended
from bot.slack.events import SURFACE, VERSION
from bot.slack.revising import REVISION
from bot.slack.words import thread as words
from bot.unstored import PatientInbox
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

WAITING: Final = "waiting"
"""Kind of item: a draft waits for its answer. Its payload names the draft's item and where the line goes."""
TOLD_WAITING: Final = "sns_check_waiting"
"""``event_type`` of the line."""

PATIENCE: Final = timedelta(minutes=1)
"""How long somebody waits without being told."""
LOOK_SECONDS: Final = 10.0
"""How often drafts that wait are looked for."""
AGAIN_SECONDS: Final = 3.0
"""How often to look whether the answer is there."""
AT_ONCE: Final = 100


class WaitingClock:
    """Finds the drafts that have waited too long, and puts the telling of it into the inbox.

    Of each channel one at a time, the oldest: where many wait, the lines must not take the answers' turns. While
    nothing can be put into the inbox, ``tell`` posts the line at once, and what takes it away is put in later.
    """

    def __init__(
        self,
        inbox: Inbox,
        unstored: PatientInbox,
        tell: Callable[[Item], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._inbox = inbox
        self._unstored = unstored
        self._tell = tell
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
            await self._tell_late(now)

    async def _put_late(self, now: datetime) -> None:
        told: set[str] = set()
        for item in await self._inbox.waiting(SURFACE, (VERSION, REVISION), now - PATIENCE, AT_ONCE):
            waiting = _waiting(item, now)
            channel = waiting.payload["channel"]
            if channel not in told and await self._unstored.put(waiting):
                told.add(channel)

    async def _tell_late(self, now: datetime) -> None:
        """Tell without the inbox of what waits for it, in each channel of the oldest."""
        for item in self._unstored.kept:
            if item.kind == VERSION and item.received_at < now - PATIENCE:
                self._unstored.keep(_waiting(item, now))
        oldest: dict[str, Item] = {}
        for item in self._unstored.kept:
            if item.kind == WAITING:
                oldest.setdefault(item.payload["channel"], item)
        for item in oldest.values():
            try:
                await self._tell(item)
            except (SlackError, RetryLater) as error:
                log.info("nobody_told_of_waiting", item=item.key, **describe(error))

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()


class TellWaiting:
    """Handles ``WAITING``: the line is there for as long as the draft's item is open."""

    def __init__(self, slack: Slack, inbox: Inbox) -> None:
        self._slack = slack
        self._inbox = inbox
        self._there: set[str] = set()
        """Items whose line this process has seen."""

    async def handle(self, item: Item) -> None:
        """Post the line, once, and come back until it can be taken away. Raises ``RetryLater``."""
        try:
            with retried_when_mended():
                if await self._inbox.is_open(str(item.payload["item"])):
                    await self.show(item)
                    raise RetryLater(AGAIN_SECONDS)
                await self._take_away(item)
        except Gone as error:
            log.info("nobody_to_keep_waiting", item=item.key, refusal=error.code)
        self._there.discard(item.key)

    async def give_up(self, item: Item) -> None:
        """Take the line away: the draft's own item is given up as well, and says so."""
        with retried_when_mended():
            await self._take_away(item)

    async def show(self, item: Item) -> None:
        """Post the line unless it is there. Raises ``SlackError`` and ``RetryLater``."""
        if item.key in self._there:
            return
        if not await self._lines(item):
            card = notice_card(words.WAITING)
            await self._slack.post(item.payload["channel"], item.payload["thread"], card, _mark(item))
        self._there.add(item.key)

    async def _take_away(self, item: Item) -> None:
        for ts in await self._lines(item):
            await self._slack.delete(item.payload["channel"], ts)

    async def _lines(self, item: Item) -> list[str]:
        posted = await self._slack.posted(item.payload["channel"], item.payload["thread"])
        return [each.ts for each in posted if each.mark == _mark(item)]


def _waiting(item: Item, now: datetime) -> Item:
    _surface, team, channel, thread = item.place.split("/")
    where = {"team": team, "channel": channel, "thread": thread}
    place = f"{SURFACE}/{WAITING}/{team}/{channel}/{item.key.rpartition('/')[2]}"
    return Item(f"{item.key}/{WAITING}", SURFACE, WAITING, place, item.order, now, {**where, "item": item.key})


def _mark(item: Item) -> Mark:
    return Mark(TOLD_WAITING, item.payload["thread"], item.payload["item"])
