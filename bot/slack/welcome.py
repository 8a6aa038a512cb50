"""The welcome: what the bot says, once, when it joins a channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.desk.channels import ReviewChannels
from bot.history import Item
from bot.slack.blocks import Card, notice_card
from bot.slack.client import Gone, Mark
from bot.slack.direct import Direct
from bot.slack.events import SURFACE
from bot.slack.words import commands as words

WELCOME: Final = "welcome"
"""Kind of item: the bot was added to a channel."""
WELCOMED: Final = "sns_check_welcome"
"""``event_type`` of the message."""


async def bot_joined(body: Mapping[str, Any], received_at: datetime) -> Item | None:
    """Read ``member_joined_channel``: what to store if it is the bot that joined."""
    event = body["event"]
    ours = {one.get("user_id") for one in body.get("authorizations") or () if one.get("is_bot")}
    team, channel = str(body.get("team_id") or ""), str(event.get("channel") or "")
    if event.get("user") not in ours or not channel:
        return None
    key = f"{SURFACE}/{team}/{channel}/{WELCOME}/{event.get('event_ts') or body.get('event_id')}"
    return Item(key, SURFACE, WELCOME, key, received_at.timestamp(), received_at, {"team": team, "channel": channel})


class Welcome:
    """Handles ``WELCOME``."""

    def __init__(self, direct: Direct, channels: ReviewChannels) -> None:
        self._direct = direct
        self._channels = channels

    async def handle(self, item: Item) -> str | None:
        """Explain how it works; nothing where the bot was put out again meanwhile."""
        team, channel = item.payload["team"], item.payload["channel"]
        card = welcome_card(is_review=await self._channels.review(team, channel) is not None)
        try:
            return await self._direct.post_once(channel, Mark(WELCOMED, channel, item.key), card, item.received_at)
        except Gone:
            return None

    async def give_up(self, item: Item) -> None:
        """Nobody waits for a welcome: the inbox remembers that it failed."""


def welcome_card(*, is_review: bool) -> Card:
    """Explain in five lines how it works."""
    lines = words.WELCOME if is_review else (*words.WELCOME, words.WELCOME_ELSEWHERE)
    return notice_card("\n".join(lines))
