"""Who decides (監督者): users and members of user groups, as set for the channel, else as the environment says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from bot.desk import Desk
from bot.desk.remit import Remit
from bot.faults import describe
from bot.slack.client import Gone, Slack, SlackError
from bot.slack.events import SURFACE
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

FRESH_SECONDS: Final = 300.0
"""How long a group's members are believed without asking again."""


class CannotTell(Exception):  # noqa: N818 - reads as what happened
    """Slack does not say now who is in a user group, and has not said so before."""


@dataclass(frozen=True, slots=True)
class _Members:
    users: frozenset[str]
    asked_at: float


class Supervisors:
    """Knows the supervisors of each channel.

    ``default`` are the environment's ids of users and user groups (S…); ``clock`` counts seconds, monotonically.
    """

    def __init__(self, slack: Slack, desk: Desk, default: frozenset[str], clock: Callable[[], float]) -> None:
        self._slack = slack
        self._desk = desk
        self._default = default
        self._clock = clock
        self._groups: dict[str, _Members] = {}

    async def named(self, team: str, channel: str) -> frozenset[str]:
        """Return the users and user groups that are named as supervisors of a channel."""
        stored = await self._desk.channel_settings(SURFACE, team, channel)
        return self._default if stored is None or stored.supervisors is None else stored.supervisors

    async def is_supervisor(self, user: str, team: str, channel: str) -> bool:
        """Tell whether a person decides on the drafts of a channel. Raises ``CannotTell``."""
        return await self._is_among(user, await self.named(team, channel))

    async def remit(self, user: str, team: str) -> Remit:
        """Return whose drafts a person looks after. Raises ``CannotTell``.

        The environment's supervisors see to the whole town, also to channels that name others to decide.
        """
        if await self._is_among(user, self._default):
            return Remit(everything=True, channels=frozenset())
        named = {one.channel: one.supervisors for one in await self._desk.channels(SURFACE, team) if one.supervisors}
        own = [channel for channel, supervisors in named.items() if await self._is_among(user, supervisors)]
        return Remit(everything=False, channels=frozenset(own))

    async def people(self, team: str, channel: str) -> frozenset[str]:
        """Return everybody who decides on the drafts of a channel, members of groups too. Raises ``CannotTell``."""
        named = await self.named(team, channel)
        members = [await self._members(group) for group in sorted(named) if _is_group(group)]
        return frozenset(one for one in named if not _is_group(one)).union(*members)

    async def _is_among(self, user: str, named: frozenset[str]) -> bool:
        if user in named:
            return True
        unknown = False
        for group in sorted(one for one in named if _is_group(one)):
            try:
                if user in await self._members(group):
                    return True
            except CannotTell:
                unknown = True
        if unknown:
            raise CannotTell
        return False

    async def _members(self, group: str) -> frozenset[str]:
        """Return a group's members; what Slack said last while it does not answer."""
        known = self._groups.get(group)
        if known and self._clock() - known.asked_at < FRESH_SECONDS:
            return known.users
        try:
            users = await self._slack.group_members(group)
        except Gone:
            log.warning("no_such_group", group=group)
            users = frozenset()
        except (SlackError, RetryLater) as error:
            log.warning("supervisors_unknown", group=group, **describe(error))
            if known is None:
                raise CannotTell from None
            return known.users
        self._groups[group] = _Members(users, self._clock())
        return users


def _is_group(identifier: str) -> bool:
    return identifier.startswith("S")
