"""Messages outside of threads, each sent once: to a channel, or to one person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.history import Item
from bot.slack.blocks import Card
from bot.slack.client import Mark, Slack, retried_when_mended

TOLD: Final = "sns_check_told"
"""``event_type`` of a message that tells one person what came of what they asked for."""
CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""How far Slack's clock and ours may be apart."""


class Direct:
    """Sends what belongs to no thread. Methods raise ``RetryLater`` and ``SlackError``."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def tell(
        self, user: str, item: Item, card: Card, event_type: str = TOLD, since: datetime | None = None
    ) -> str:
        """Send one person what an item is answered with; returns its ``ts``.

        An item that may come again under the same key has been answered at ``since`` at the earliest.
        """
        with retried_when_mended():
            channel = await self._slack.direct_channel(user)
        return await self.post_once(channel, Mark(event_type, user, item.key), card, since or item.received_at)

    async def post_once(self, channel: str, mark: Mark, card: Card, since: datetime) -> str:
        """Post a card that is not in the channel yet; it cannot have been posted before ``since``."""
        with retried_when_mended():
            for posted in await self._slack.posted_since(channel, since - CLOCKS_DIFFER):
                if posted.mark == mark:
                    return posted.ts
            return await self._slack.post(channel, None, card, mark)
