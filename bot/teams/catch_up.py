"""Catching up (取りこぼしの回収): what happened in review channels while nothing was delivered is read from Graph.

Teams delivers once, and never again to a bot that was away. So the channels are read when the process starts and every
quarter of an hour, from the channel's watermark on. What is found goes into the inbox as if it had been delivered, so
that whatever was delivered as well is not handled twice. It takes the permission to read the team's messages, and the
team's id, which the channel's link tells; of other channels nobody can know what was missed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from bot.desk import Desk, DraftState, Place, Thread
from bot.desk.channels import ReviewChannels
from bot.desk.markers import without_marker
from bot.history import Inbox, Item
from bot.history.watermarks import Watermarks
from bot.teams.events import PostedVersion, TakenAway, as_it_stands, last_touched, taken_as_it_stands
from bot.teams.graph import Graph, NotAllowed
from bot.teams.spot import SURFACE, Spot, part, string
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

LATE: Final = timedelta(minutes=2)
"""How much later than it happened Graph may show something."""
_STAMP: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
"""How a watermark is written: sorts as time goes."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where to look, and how far back. ``groups``: Entra ids of the channels' teams; ``service_url``: who answers."""

    tenant: str
    groups: Mapping[str, str]
    service_url: str
    back: timedelta

    def spot(self, channel: str) -> Spot:
        """Return the top level of a channel, whose team must be known."""
        return Spot(Place(SURFACE, self.tenant, channel, ""), self.service_url, group=self.groups[channel])


class CatchUp:
    """Handles ``CATCH_UP``: reads the review channels one after another; one that cannot be read stops no other."""

    def __init__(  # noqa: PLR0913 - what it stands between, by name
        self,
        *,
        desk: Desk,
        inbox: Inbox,
        graph: Graph,
        channels: ReviewChannels,
        watermarks: Watermarks,
        reach: Reach,
        clock: Callable[[], datetime],
    ) -> None:
        self._retelling = Retelling(desk, inbox, graph)
        self._inbox = inbox
        self._channels = channels
        self._watermarks = watermarks
        self._reach = reach
        self._clock = clock

    async def handle(self, item: Item) -> None:
        """Read every channel whose team is known. Raises ``RetryLater`` when Graph had no time for one of them."""
        outage: RetryLater | None = None
        tenant = self._reach.tenant
        known = self._reach.groups.keys() & await self._channels.watched(tenant)
        for channel in await self._watermarks.longest_unread_first(SURFACE, tenant, known):
            try:
                await self._catch_up(self._reach.spot(channel), item.received_at)
            except NotAllowed:
                log.info("channel_not_read", channel=channel)
            except RetryLater as later:
                outage = later
        if outage:
            raise outage

    async def _catch_up(self, channel: Spot, first: datetime) -> None:
        """Put what was missed in one channel into the inbox, and note how far it was read.

        What was there before the ``first`` reading is none of this program's business.
        """
        began, place = self._clock(), channel.place
        mark = await self._watermarks.get(SURFACE, place.team, place.channel)
        since = datetime.strptime(mark.seen, _STAMP).replace(tzinfo=UTC) if mark else first
        found = [item async for item in self._retelling.since(channel, since, began)]
        for item in sorted(found, key=lambda each: each.order):
            if item.order < (began - self._reach.back).timestamp():
                log.warning("missed_for_good", place=item.place)
            elif await self._inbox.put(item):
                log.info("caught_up", item=item.key)
        seen = max(since, began - LATE)
        await self._watermarks.advance(SURFACE, place.team, place.channel, seen.astimezone(UTC).strftime(_STAMP), began)

    async def give_up(self, item: Item) -> None:
        """Nobody waits for it by name: the next reading begins at the same watermarks."""


class Retelling:
    """Turns messages as they stand into the items that their deliveries would have been."""

    def __init__(self, desk: Desk, inbox: Inbox, graph: Graph) -> None:
        self._desk = desk
        self._inbox = inbox
        self._graph = graph

    async def since(self, channel: Spot, since: datetime, now: datetime) -> AsyncIterator[Item]:
        """Yield what happened in a channel and is not known. Raises ``NotAllowed`` and ``RetryLater``."""
        async for message in self._graph.changed(channel, since):
            spot = replace(channel, place=replace(channel.place, thread=string(message.get("id"))))
            record = await self._desk.thread(spot.place)
            messages = [message]
            if not message.get("deletedDateTime"):
                messages += [each async for each in self._graph.replies(spot) if last_touched(each, now) > since]
            for each in messages:
                item = None if part(each, "from").get("application") else await self._news(spot, each, record, now)
                if item and item.order > since.timestamp():
                    yield item

    async def _news(self, spot: Spot, message: Json, record: Thread | None, now: datetime) -> Item | None:
        """Return what somebody made of one message, if the desk does not know it."""
        standing = as_it_stands(spot, message, now)
        if standing is None:
            taken = taken_as_it_stands(spot, message, now, (record and record.author) or "")
            return taken if await self._was_version(TakenAway.of(taken), record) else None
        if record is None:
            return standing
        if _is_back(standing, record):
            return as_it_stands(spot, {**message, "lastEditedDateTime": message.get("lastModifiedDateTime")}, now)
        return None if _is_known(standing, record) else standing

    async def _was_version(self, taken: TakenAway, record: Thread | None) -> bool:
        """Tell whether a message that holds none now was a draft or a version that still counts."""
        if record is None:
            return await self._inbox.is_open(taken.first_key)
        if taken.is_draft:
            return record.state is not DraftState.WITHDRAWN
        counting = [each for each in record.versions if not each.retracted]
        return any(taken.retraction.covers(each.revision, each.order) for each in counting)


def _is_back(standing: Item, record: Thread) -> bool:
    """Tell whether a message with these words was taken away, and put there again."""
    version = PostedVersion.of(standing)
    if version.is_reply:
        return any(each.covers(version.revision, version.order) for each in record.retractions)
    return version.order <= record.withdrawn_before


def _is_known(standing: Item, record: Thread) -> bool:
    """Tell whether the desk has a version, by its revision or its words: Teams and Graph may stamp an edit apart."""
    version = PostedVersion.of(standing)
    newest = max(record.versions, key=lambda each: each.order, default=None)  # all may be erased by now
    text = without_marker(version.written.text) if version.is_reply else version.written.text
    return record.version(version.revision) is not None or (newest is not None and newest.text.strip() == text.strip())
