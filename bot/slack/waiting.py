"""One line in the thread of a draft whose answer takes longer than a minute; it is taken away when the answer is there.

A Slack that does not answer at all cannot be told anything. What finds such drafts is ``bot.waiting``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog

from bot.faults import describe
from bot.history import Inbox, Item, Place
from bot.slack.blocks import notice_card
from bot.slack.client import Gone, Mark, Slack, SlackError, retried_when_mended
from bot.slack.events import SURFACE, VERSION
from bot.slack.revising import REVISION
from bot.slack.words import thread as words
from bot.waiting import AGAIN_SECONDS, Told
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

TOLD_WAITING: Final = "sns_check_waiting"
"""``event_type`` of the line."""


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

    async def show_if_possible(self, item: Item) -> None:
        """Post the line unless it is there, or Slack cannot be reached."""
        try:
            await self.show(item)
        except (SlackError, RetryLater) as error:
            log.info("nobody_told_of_waiting", item=item.key, **describe(error))

    async def _take_away(self, item: Item) -> None:
        for ts in await self._lines(item):
            await self._slack.delete(item.payload["channel"], ts)

    async def _lines(self, item: Item) -> list[str]:
        posted = await self._slack.posted(item.payload["channel"], item.payload["thread"])
        return [each.ts for each in posted if each.mark == _mark(item)]


def told_in_thread(tell: Callable[[Item], Awaitable[None]]) -> Told:
    """Return how ``WaitingClock`` has the threads of Slack told; ``tell`` as in ``Told``."""
    return Told(SURFACE, (VERSION, REVISION), _where, tell)


def _where(item: Item) -> tuple[Place, dict[str, Any]]:
    _surface, team, channel, thread = item.place.split("/")
    return Place(SURFACE, team, channel, thread), {"team": team, "channel": channel, "thread": thread}


def _mark(item: Item) -> Mark:
    return Mark(TOLD_WAITING, item.payload["thread"], item.payload["item"])
