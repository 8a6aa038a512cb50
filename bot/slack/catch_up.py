"""Catching up (取りこぼしの回収): what was written while nothing was delivered is read from the review channels.

Slack keeps nothing for an app that is away, and does not notice for a while that a connection is dead. So the channels
are read when the process starts, whenever a connection was made anew, and every quarter of an hour, from the channel's
watermark on: all that happened before it is stored. What is found goes into the inbox as if it had been delivered, so
that whatever was delivered as well is not handled twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.desk.channels import ReviewChannels
from bot.history import Inbox, Item
from bot.slack.client import Gone, Slack, SlackError, retried_when_mended
from bot.slack.direct import Direct
from bot.slack.events import SURFACE
from bot.slack.gap import Gaps, stamp
from bot.slack.missed import Unread, unread_card
from bot.slack.supervisors import CannotTell, Supervisors
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

MISSED: Final = "missed"
"""Kind of item: one supervisor is to be told what was not handled. Its payload is that of ``missed.Unread``."""
TOLD_MISSED: Final = "sns_check_missed"
"""``event_type`` of the message."""

SIDE_BY_SIDE: Final = 3
"""Channels that are read at once."""
AGREE: Final = timedelta(seconds=5)
"""How far the clocks of two machines may be apart (see ``bot.history.inbox``)."""


class CatchUp:
    """Handles ``CATCH_UP``: reads all review channels, a few at a time; one that cannot be read stops no other."""

    def __init__(  # noqa: PLR0913 - what it stands between, by name
        self,
        *,
        gaps: Gaps,
        inbox: Inbox,
        slack: Slack,
        channels: ReviewChannels,
        supervisors: Supervisors,
        clock: Callable[[], datetime],
    ) -> None:
        self._gaps = gaps
        self._inbox = inbox
        self._slack = slack
        self._channels = channels
        self._supervisors = supervisors
        self._clock = clock
        self._item = ""
        self._read: set[str] = set()
        """Channels that were read for that item, so that a second attempt goes on where the first one was stopped."""
        self._complete: datetime | None = None
        self._complained: set[tuple[str, str]] = set()

    async def handle(self, item: Item) -> None:
        """Read what was not read for this item yet. Raises ``RetryLater``."""
        if self._complete and item.received_at + AGREE < self._complete:
            return  # several waited for Slack to answer, and one of them has read everything
        if item.key != self._item:
            self._item, self._read = item.key, set()
        with retried_when_mended():
            team = (await self._slack.identity()).team
        began = self._clock()
        watched = await self._channels.watched(team)
        first = await self._gaps.first_watch(team, item.received_at)
        at_once = asyncio.Semaphore(SIDE_BY_SIDE)

        async def read(channel: str, review_since: datetime | None) -> None:
            async with at_once:
                await self._catch_up(team, channel, max(first, stamp(review_since) if review_since else first))
                self._read.add(channel)

        left = await self._gaps.longest_first(team, watched.keys() - self._read)
        outcomes = await asyncio.gather(*(read(channel, watched[channel]) for channel in left), return_exceptions=True)
        _raise_worst(outcomes)
        await self._gaps.watched_until(team, began)
        self._complete = began

    async def _catch_up(self, team: str, channel: str, first: str) -> None:
        """Put what was missed in one channel into the inbox, and note how far it was read."""
        gap = await self._gaps.of(team, channel, first)
        try:
            found = await self._gaps.read(gap)
        except SlackError as error:
            self._complain(channel, error)
            if isinstance(error, Gone) and gap.was_read:
                await self._tell(Unread(team, channel, gap.since, gap.noted, None))
            return
        for item in found.items:
            if await self._inbox.put(item):
                log.info("caught_up", item=item.key)
        if found.too_old:
            await self._tell(Unread(team, channel, gap.since, gap.noted, found.too_old))
        await self._gaps.close(gap, found)

    def _complain(self, channel: str, error: SlackError) -> None:
        """Say once in the log that a channel cannot be read."""
        if (channel, error.code) not in self._complained:
            self._complained.add((channel, error.code))
            log.warning("channel_not_read", channel=channel, refusal=error.code)

    async def _tell(self, unread: Unread) -> None:
        """Have each supervisor of the channel told, once for all processes."""
        try:
            people = await self._supervisors.people(unread.team, unread.channel)
        except CannotTell:
            raise RetryLater from None
        now = self._clock()
        for user in sorted(people):
            key = unread.key(user)
            payload = {**unread.payload(), "user": user}
            await self._inbox.put(Item(key, SURFACE, MISSED, key, now.timestamp(), now, payload))

    async def give_up(self, item: Item) -> None:
        """Nobody waits for it by name: the next reading begins at the same watermarks."""


class TellMissed:
    """Handles ``MISSED``."""

    def __init__(self, direct: Direct) -> None:
        self._direct = direct

    async def handle(self, item: Item) -> str | None:
        """Send one supervisor how many drafts were not handled and where, or that a channel cannot be read any more."""
        unread, user = Unread.of(item.payload), str(item.payload["user"])
        try:
            return await self._direct.tell(user, item, unread_card(unread), TOLD_MISSED, unread.noted)
        except Gone:
            log.warning("nobody_to_tell_of_gap", user=user)
            return None

    async def give_up(self, item: Item) -> None:
        """Nobody waits to be told: the inbox remembers that it failed."""


def _raise_worst(outcomes: list[BaseException | None]) -> None:
    """Raise what went wrong in some channels: what is no outage first, else the outage that asks to wait longest."""
    errors = [outcome for outcome in outcomes if outcome is not None]
    outages = [error for error in errors if isinstance(error, RetryLater)]
    for error in errors:
        if not isinstance(error, RetryLater):
            raise error
    if outages:
        raise max(outages, key=lambda outage: outage.seconds or 0.0)
