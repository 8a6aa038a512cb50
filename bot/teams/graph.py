"""Microsoft Graph: what stands in a channel, where the permission ``ChannelMessage.Read.Group`` lets us see it.

A team's owner gives that permission, which is for one team, by consenting to the app. Where it was not given nobody can
know what stands there: that is said by ``NotAllowed``, and remembered for a while so that nobody asks in vain.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpx
import structlog

from bot.egress import retry_after
from bot.teams.connector import Connector
from bot.teams.spot import Spot
from bot.teams.tokens import Tokens
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

REFUSED_SECONDS: Final = 300.0
"""How long a team's refusal is believed."""
MOST_REPLIES: Final = 20
"""Pages of fifty replies: more than any draft's thread has."""
MOST_POSTS: Final = 1_000
"""Pages of fifty posts: more than a channel has while a bot is away."""

Json = Mapping[str, Any]

_REFUSALS: Final = {401, 403}


class NotAllowed(Exception):  # noqa: N818 - reads as what happened
    """The app may not read this team's messages, or nobody knows which team it is."""


class Graph:
    """Reads messages. Calls raise ``NotAllowed``, or ``RetryLater`` while Graph has no time for us."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        tokens: Tokens | None,
        connector: Connector,
        url: str,
        clock: Callable[[], float],
    ) -> None:
        """``tokens`` is ``None`` in anonymous mode, where nothing may be read; ``clock`` counts seconds."""
        self._http = http
        self._tokens = tokens
        self._connector = connector
        self._root = f"{url.rstrip('/')}/v1.0"
        self._scope = f"{url.rstrip('/')}/.default"
        self._clock = clock
        self._groups: dict[str, str] = {}
        self._refused: dict[str, float] = {}

    async def message(self, spot: Spot, reply: str = "") -> Json | None:
        """Return the first message of a thread as it stands now, or a ``reply`` in it; ``None`` if it is gone."""
        path = f"/replies/{quote(reply, safe='')}" if reply else ""
        return await self._get(await self._address(spot) + path)

    async def replies(self, spot: Spot) -> AsyncIterator[Json]:
        """Yield everybody's replies in a thread, the newest first."""
        async for reply in self._pages(f"{await self._address(spot)}/replies?$top=50", MOST_REPLIES):
            yield reply

    async def changed(self, channel: Spot, since: datetime) -> AsyncIterator[Json]:
        """Yield the first messages of a channel's threads in which something happened since, deleted ones too."""
        moment = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        asked = urlencode({"$filter": f"lastModifiedDateTime gt {moment}", "$top": "50"}, safe="$:")
        async for message in self._pages(f"{await self._address(channel)}delta?{asked}", MOST_POSTS):
            yield message

    async def _pages(self, first: str, most: int) -> AsyncIterator[Json]:
        address: str | None = first
        for _page in range(most):
            page = await self._get(address) if address else None
            if page is None:
                return
            for message in page.get("value") or ():
                yield message
            address = self._next(page.get("@odata.nextLink"))

    def _next(self, link: object) -> str | None:
        """Return where the next page is, if that is at Graph's own address: the token goes nowhere else."""
        own, other = urlsplit(self._root), urlsplit(link if isinstance(link, str) else "")
        return str(link) if (own.scheme, own.netloc) == (other.scheme, other.netloc) else None

    async def _address(self, spot: Spot) -> str:
        group = await self._group(spot)
        channel, thread = quote(spot.place.channel, safe=""), quote(spot.place.thread, safe="")
        return f"{self._root}/teams/{group}/channels/{channel}/messages/{thread}"

    async def _group(self, spot: Spot) -> str:
        group = spot.group or self._groups.get(spot.team) or await self._connector.group(spot)
        if not group:
            raise NotAllowed
        if spot.team:
            self._groups[spot.team] = group
        return quote(group, safe="")

    async def _get(self, url: str) -> Json | None:
        team = url.partition("/channels/")[0]
        if self._tokens is None or self._refused.get(team, 0.0) > self._clock():
            raise NotAllowed
        headers = {"Authorization": f"Bearer {await self._tokens.token(self._scope)}"}
        try:
            response = await self._http.get(url, headers=headers)
            if response.is_success:
                self._refused.pop(team, None)
                return dict(response.json())
        except (httpx.HTTPError, ValueError, TypeError) as error:
            raise RetryLater from error
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        raise self._meaning(team, response)

    def _meaning(self, team: str, response: httpx.Response) -> Exception:
        status = response.status_code
        if status in _REFUSALS:
            if team not in self._refused:  # a town may well do without it
                log.warning("graph_refuses", status=status, remedy="grant ChannelMessage.Read.Group")
            self._refused[team] = self._clock() + REFUSED_SECONDS
            return NotAllowed()
        log.warning("graph_has_no_time", status=status)
        return RetryLater(retry_after(response))
