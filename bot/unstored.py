"""What was delivered and could not be stored, because the disk is full or the database away: kept, and tried again.

None of it is acknowledged, so nothing depends on this: a surface is sent it again, or reads it from its channels. But
that takes minutes, and its authors wait.
"""

from __future__ import annotations

from typing import Final

from bot.history import Inbox, Item
from bot.worker import DATABASE_AWAY

KEPT: Final = 200
"""Items kept at once: the bound on memory."""


class PatientInbox:
    """The way into an inbox. What the inbox does not take is kept by this process."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._kept: dict[str, Item] = {}

    @property
    def kept(self) -> tuple[Item, ...]:
        """What is not stored, in the order in which it came."""
        return tuple(self._kept.values())

    async def put(self, item: Item) -> bool:
        """Store an item. False when its key is already known. Raises what the database raises; then it is not stored.

        Whoever was handed it must not acknowledge it then.
        """
        try:
            return await self._inbox.put(item)
        except DATABASE_AWAY:
            self.keep(item)
            raise

    def keep(self, item: Item) -> None:
        """Keep an item unless there are too many."""
        if len(self._kept) < KEPT:
            self._kept.setdefault(item.key, item)

    async def put_kept(self) -> None:
        """Store what is kept. Raises what the database raises, as long as it takes nothing."""
        for item in self.kept:
            await self._inbox.put(item)
            self._kept.pop(item.key, None)
