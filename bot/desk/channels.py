"""Which channels are for reviews, and against which guideline: as set on the surface, else as the environment says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.desk.desk import Desk


class ReviewChannels:
    """The review channels (確認用のチャンネル) of a surface. What is set there holds at once, for every process.

    ``listed`` are the environment's (channel → guideline); ``default`` is the guideline where nothing else is said.
    """

    def __init__(self, desk: Desk, surface: str, listed: Mapping[str, str], default: str) -> None:
        self._desk = desk
        self._surface = surface
        self._listed = listed
        self._default = default

    def is_listed(self, channel: str) -> bool:
        """Tell whether the environment lists a channel: what is known while the database is away."""
        return channel in self._listed

    async def review(self, team: str, channel: str) -> str | None:
        """Return the guideline that drafts of this channel are read against, ``None`` if it is no review channel."""
        stored = await self._desk.channel_settings(self._surface, team, channel)
        return stored.guideline if stored else self._listed.get(channel)

    async def watched(self, team: str) -> Mapping[str, datetime | None]:
        """Return the review channels, and since when they are: ``None`` for those that the environment lists."""
        stored = {each.channel: each.at for each in await self._desk.channels(self._surface, team)}
        return {**dict.fromkeys(self._listed), **stored}

    async def guideline(self, team: str, channel: str) -> str:
        """Return the guideline for whatever is asked in this channel, also in one without drafts."""
        return await self.review(team, channel) or self._default
