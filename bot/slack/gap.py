"""What was missed in one channel: read from Slack, compared with what is stored, and sorted by what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.desk import Desk, DraftState, Place, Query, Summary, Thread, Version
from bot.history import Item
from bot.history.watermarks import Watermarks
from bot.slack import retold
from bot.slack.client import Slack
from bot.slack.direct import CLOCKS_DIFFER
from bot.slack.events import SURFACE, VERSION, PostedVersion, item_of, seconds
from bot.slack.workspace import is_strangers
from bot.worker import RetryLater

EVERYWHERE: Final = ""
"""In place of a channel: the watermark of the town, up to which all channels that could be read were read."""
KNOWN_FOR: Final = timedelta(days=14)
"""How old a draft may be for its later edits and its deletion to be noticed afterwards."""
PAGE: Final = 200
AGAIN: Final = 2
"""How often a thread is read again that could not be read, before the whole channel is."""
PAUSE_SECONDS: Final = 0.5

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """What may have been missed in a channel: all that happened after ``since``.

    ``was_read``: the channel was read before; ``noted``: when ``since`` was noted; ``began``: when this reading began.
    ``drafts`` are those of the channel that are known and stand, by their ``ts``.
    """

    team: str
    channel: str
    since: str
    was_read: bool
    noted: datetime
    began: datetime
    drafts: Mapping[str, Summary]


@dataclass(slots=True)
class Found:
    """What a reading brought. ``items`` are to be handled, the oldest first; ``too_old`` drafts are not."""

    items: list[Item] = field(default_factory=list)
    too_old: int = 0
    newest: str = ""
    """The newest message at the channel's top level."""
    there: set[str] = field(default_factory=set)
    """All messages that were seen, of those that matter."""


class Gaps:
    """Finds, reads and closes the gaps of one town. ``reach`` is how long after it happened something is handled."""

    def __init__(  # noqa: PLR0913 - what it stands between, by name
        self,
        *,
        desk: Desk,
        watermarks: Watermarks,
        slack: Slack,
        bots: Collection[str],
        reach: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._watermarks = watermarks
        self._slack = slack
        self._bots = bots
        self._reach = reach
        self._clock = clock

    async def first_watch(self, team: str, connected: datetime) -> str:
        """Return up to when a channel without a watermark of its own was of no concern to us.

        At the very first reading it is when we connected: what was written before is none of this program's business.
        """
        mark = await self._watermarks.get(SURFACE, team, EVERYWHERE)
        return mark.seen if mark else stamp(connected)

    async def watched_until(self, team: str, began: datetime) -> None:
        """Note that all channels that can be read were read, beginning at that time."""
        await self._watermarks.advance(SURFACE, team, EVERYWHERE, stamp(began), began)

    async def longest_first(self, team: str, channels: Iterable[str]) -> list[str]:
        """Return channels, first those whose gap began longest ago."""
        return await self._watermarks.longest_unread_first(SURFACE, team, channels)

    async def of(self, team: str, channel: str, first: str) -> Gap:
        """Return the gap of a channel; it begins at ``first`` where the channel was never read."""
        mark = await self._watermarks.get(SURFACE, team, channel)
        # The drafts are looked up before the channel is read: one that is posted in between is not taken for deleted.
        drafts = {summary.place.thread: summary async for summary in self._known(team, channel)}
        began = self._clock()
        return Gap(
            team, channel, mark.seen if mark else first, mark is not None, mark.at if mark else began, began, drafts
        )

    async def read(self, gap: Gap) -> Found:
        """Read what happened since. Raises ``RetryLater`` and ``SlackError``; then nothing was noted."""
        found, own = Found(), (await self._slack.identity()).bot_id
        async for message in self._slack.messages(gap.channel, self._from(gap)):
            ts = str(message["ts"])
            found.newest = max(found.newest, ts)
            if message.get("bot_id") == own:
                continue
            if not retold.is_gone(message):
                found.there.add(ts)
                await self._sort(gap, found, message)
            if self._has_news(gap, message):
                await self._read_thread(gap, found, ts)
        await self._note_deletions(gap, found)
        found.items.sort(key=lambda item: item.order)
        return found

    async def close(self, gap: Gap, found: Found) -> None:
        """Note how far the channel was read, now that all of it is stored."""
        surely_past = stamp(gap.began - CLOCKS_DIFFER)
        seen = max(found.newest, surely_past, gap.since)
        await self._watermarks.advance(SURFACE, gap.team, gap.channel, seen, gap.began)

    async def _known(self, team: str, channel: str) -> AsyncIterator[Summary]:
        query = Query(SURFACE, team, since=self._clock() - KNOWN_FOR, channels=frozenset({channel}))
        cursor: str | None = None
        while True:
            page = await self._desk.search(query, limit=PAGE, cursor=cursor)
            for summary in page.summaries:
                if summary.state is not DraftState.WITHDRAWN and summary.versions:
                    yield summary
            if page.cursor is None:
                return
            cursor = page.cursor

    def _from(self, gap: Gap) -> str:
        """Return after which message to read: far enough back to see what became of what is known."""
        before = [f"{seconds(ts) - 1:.6f}" for ts in gap.drafts]
        return min([gap.since, stamp(gap.began - self._reach), *before])

    async def _sort(self, gap: Gap, found: Found, message: Json) -> None:
        """Keep what a message that stands now makes necessary."""
        if not retold.is_newer(message, gap.since):
            return
        known = gap.drafts.get(str(message["ts"]))
        event = retold.posted_or_edited(gap.team, gap.channel, message, known.author if known else None)
        item = item_of(event, self._bots, gap.began)
        if item is None or await self._is_strangers(gap, event):
            return
        if retold.happened_at(message) >= (gap.began - self._reach).timestamp():
            found.items.append(item)
        elif await self._is_unheard_of(item):
            found.too_old += 1

    async def _is_strangers(self, gap: Gap, event: Json) -> bool:
        """Tell whether a message was written by somebody from another organisation. Only a delivery says so at once."""
        if not is_strangers({**event, "is_ext_shared_channel": True}, gap.team):
            return False
        return await self._slack.is_shared_outside(gap.channel)

    async def _is_unheard_of(self, item: Item) -> bool:
        if item.kind != VERSION:
            return False
        version = PostedVersion.of(item)
        thread = await self._desk.thread(version.place)
        return thread is None or thread.version(version.revision) is None

    def _has_news(self, gap: Gap, message: Json) -> bool:
        """Tell whether something in a message's thread may have been missed: a reply, or what became of a version."""
        draft = gap.drafts.get(str(message["ts"]))
        last_was_reply = draft and draft.latest and _may_be_reply(draft.latest.revision, str(message["ts"]))
        return bool(last_was_reply) or seconds(str(message.get("latest_reply") or "")) > seconds(gap.since)

    async def _read_thread(self, gap: Gap, found: Found, thread: str) -> None:
        there = set()
        for reply in await self._replies(gap.channel, thread):
            there.add(str(reply["ts"]))
            if reply["ts"] != thread and reply.get("subtype") != "thread_broadcast":
                await self._sort(gap, found, reply)
        if thread in gap.drafts:
            await self._note_deleted_replies(gap, found, thread, there)

    async def _replies(self, channel: str, thread: str) -> list[Json]:
        """Read a thread, again if it was cut short: of a hundred calls one fails, and the whole channel began anew."""
        for _ in range(AGAIN):
            try:
                return [reply async for reply in self._slack.replies(channel, thread)]
            except RetryLater as outage:
                if outage.seconds is not None:
                    raise  # Slack wants to be left alone for so long
                await asyncio.sleep(PAUSE_SECONDS)
        return [reply async for reply in self._slack.replies(channel, thread)]

    async def _note_deleted_replies(self, gap: Gap, found: Found, thread: str, there: Collection[str]) -> None:
        record = await self._desk.thread(Place(SURFACE, gap.team, gap.channel, thread))
        for version in _replies(record) if record else ():
            ts = version.revision.partition("/")[0]
            if ts not in there and version.received_at < gap.began:
                self._note_deleted(gap, found, retold.former_reply(thread, ts, version.author))

    async def _note_deletions(self, gap: Gap, found: Found) -> None:
        for ts, summary in gap.drafts.items():
            if ts not in found.there and not await self._stands(gap.channel, ts):
                self._note_deleted(gap, found, retold.former_draft(ts, summary.author or ""))

    async def _stands(self, channel: str, ts: str) -> bool:
        """Ask for the message itself: what a list leaves out is not yet deleted."""
        message = await self._slack.message(channel, ts)
        return message is not None and not retold.is_gone(message)

    def _note_deleted(self, gap: Gap, found: Found, message: Json) -> None:
        event = retold.deleted(gap.team, gap.channel, message, stamp(gap.began))
        item = item_of(event, self._bots, gap.began)
        if item is not None:
            found.items.append(item)


def _replies(thread: Thread) -> Iterator[Version]:
    """Yield the versions that were written as replies and stand.

    A change of files alone has a time stamp like a message's too, but leaves the words as they were.
    """
    words: str | None = None
    for version in thread.versions:
        if version.text != words and not version.retracted and _may_be_reply(version.revision, thread.place.thread):
            yield version
        words = version.text


def _may_be_reply(revision: str, thread: str) -> bool:
    """Tell whether a revision names a message of its own: edits are stamped with whole seconds."""
    return "/" in revision or (revision != thread and not revision.endswith(".000000"))


def stamp(at: datetime) -> str:
    """Return a time as Slack writes it."""
    return f"{at.timestamp():.6f}"
