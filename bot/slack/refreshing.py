"""Cards that have to be drawn anew although nothing happened to their drafts: words were allowed, or taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.compare import FindingKey
from bot.desk import Desk, Place
from bot.history import Inbox, Item
from bot.slack.events import SURFACE
from bot.slack.thread import Thread

REFRESH: Final = "refresh"
"""Kind of item: the card of a draft is to be drawn anew."""


class Refreshing:
    """Has the cards of a town's open drafts drawn anew that hold certain words."""

    def __init__(self, desk: Desk, inbox: Inbox, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._inbox = inbox
        self._clock = clock

    async def wherever(self, team: str, words: FindingKey, occasion: str) -> None:
        """Put each such draft into the inbox, once for one ``occasion``."""
        for place in await self._desk.open_with(SURFACE, team, words):
            await self._inbox.put(_item(place, occasion, self._clock()))


class Refresh:
    """Handles ``REFRESH``."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread

    async def handle(self, item: Item) -> None:
        """Show the draft as it stands now."""
        place = Place(SURFACE, item.payload["team"], item.payload["channel"], item.payload["draft"])
        await self._thread.bring_up_to_date(place)

    async def give_up(self, item: Item) -> None:
        """Nobody waits for it: the card is right again when the draft is next touched."""


def _item(place: Place, occasion: str, now: datetime) -> Item:
    payload = {"team": place.team, "channel": place.channel, "draft": place.thread}
    return Item(f"{place.key}/{REFRESH}/{occasion}", SURFACE, REFRESH, place.key, now.timestamp(), now, payload)
