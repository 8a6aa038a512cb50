"""Which workspace is served: the one that the bot's token belongs to, and nobody from elsewhere.

Slack signs what it delivers, but for every workspace in which the app is installed, and a channel may be shared with
another organisation (Slack Connect), whose people see our buttons. Pure functions over what Slack delivers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog

from bot.history import Item
from bot.slack.client import Identity, retried_when_mended
from bot.worker import Handler

log: Final = structlog.get_logger(__name__)

Json = Mapping[str, Any]


def is_ours(body: Json, own: Identity) -> bool:
    """Tell whether a payload is for our workspace and, where somebody acted, from one of its people."""
    if body.get("type") == "event_callback":
        return own.team in _addressees(body)
    if not _is_our_team(body.get("team_id") or _part(body, "team").get("id"), body, own):
        return False
    person = _part(body, "user").get("team_id")
    return person is None or _is_our_team(person, body, own)


def is_strangers(body: Json, team: str) -> bool:
    """Tell whether an event is about a message that somebody from another organisation wrote in a shared channel.

    ``team`` is the workspace that is served.
    """
    event = _part(body, "event")
    if body.get("is_ext_shared_channel") is not True:
        return False
    message = next((part for name in ("message", "previous_message") if (part := _part(event, name))), event)
    teams = {message[name] for name in ("user_team", "source_team", "team") if isinstance(message.get(name), str)}
    return bool(teams) and team not in teams


def _addressees(body: Json) -> set[str]:
    """Return the workspaces that an event is delivered to. Of a shared channel it may be told as another one's."""
    installed = body.get("authorizations")
    found = [one.get("team_id") for one in installed if isinstance(one, Mapping)] if isinstance(installed, list) else []
    return {team for team in (body.get("team_id"), body.get("context_team_id"), *found) if isinstance(team, str)}


def _is_our_team(team: object, body: Json, own: Identity) -> bool:
    """Tell whether a workspace is ours, or one of the organisation that ours belongs to (Enterprise Grid)."""
    return team == own.team or (bool(own.enterprise) and _part(body, "enterprise").get("id") == own.enterprise)


def _part(body: Json, name: str) -> Json:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


class OfOurs:
    """A handler that leaves alone what was taken in for another workspace, while nobody could tell whose it was."""

    def __init__(self, handler: Handler, identity: Callable[[], Awaitable[Identity]]) -> None:
        self._handler = handler
        self._identity = identity

    async def handle(self, item: Item) -> str | None:
        """Deal with the item if it is ours."""
        with retried_when_mended():
            own = await self._identity()
        if item.payload.get("team") not in {None, own.team}:
            log.warning("not_our_workspace", item=item.key)
            return None
        return await self._handler.handle(item)

    async def give_up(self, item: Item) -> None:
        """Say that it did not work."""
        await self._handler.give_up(item)
