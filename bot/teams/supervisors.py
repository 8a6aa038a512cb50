"""Who decides (監督者) in Teams: people by their Entra object ids, as set for the channel, else by the environment.

Entra's groups are not asked for: to read their members an app needs a permission over the whole directory.
"""

from __future__ import annotations

from bot.desk import Desk, Place
from bot.desk.remit import Remit
from bot.teams.spot import SURFACE


class Supervisors:
    """Knows the supervisors of each channel. ``default`` are the environment's ids, in any spelling of their case."""

    def __init__(self, desk: Desk, default: frozenset[str]) -> None:
        self._desk = desk
        self._default = frozenset(map(str.lower, default))

    async def named(self, place: Place) -> frozenset[str]:
        """Return the ids of those who are named as supervisors of a draft's channel, in lower case."""
        stored = await self._desk.channel_settings(SURFACE, place.team, place.channel)
        if stored is None or stored.supervisors is None:
            return self._default
        return frozenset(map(str.lower, stored.supervisors))

    async def may_decide(self, person: str, place: Place) -> bool:
        """Tell whether a person decides on the drafts of a channel."""
        return person.lower() in await self.named(place)

    async def remit(self, person: str, team: str) -> Remit:
        """Return whose drafts a person looks after: the environment's supervisors see to the whole town."""
        if person.lower() in self._default:
            return Remit(everything=True, channels=frozenset())
        channels = await self._desk.channels(SURFACE, team)
        own = [one.channel for one in channels if person.lower() in map(str.lower, one.supervisors or ())]
        return Remit(everything=False, channels=frozenset(own))
