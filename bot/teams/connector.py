"""The Bot Connector: how messages get into Teams. Its refusals by what they mean, and never faster than it allows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import quote

import httpx
import structlog

from bot.egress import retry_after
from bot.teams.pace import Pace
from bot.teams.spot import Spot
from bot.teams.tokens import BOT_SCOPE, Tokens
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

CARD: Final = "application/vnd.microsoft.card.adaptive"
MEND_SECONDS: Final = 60.0
"""How long to wait for somebody to mend what keeps the bot out."""

Json = Mapping[str, Any]

_GONE: Final = {403, 404, 410}
"""The bot is not in the conversation, or it is no more."""
_LATER: Final = {408, 412, 425, 429}


class ConnectorError(Exception):
    """The connector refuses. Holds what was asked and the status, never what was sent."""

    def __init__(self, asked: str, status: int) -> None:
        super().__init__(f"{asked}: {status}")
        self.status = status


class Gone(ConnectorError):  # noqa: N818 - reads as what happened
    """The message or conversation is not there any more, or the bot is not in it."""


class Connector:
    """The calls. Each raises ``RetryLater`` while the connector has no time for us, else ``ConnectorError``."""

    def __init__(self, http: httpx.AsyncClient, tokens: Tokens | None, clock: Callable[[], float]) -> None:
        """``tokens`` is ``None`` in anonymous mode; ``clock`` counts seconds, monotonically."""
        self._http = http
        self._tokens = tokens
        self._pace = Pace(clock)

    async def post(self, spot: Spot, card: Json, summary: str) -> str:
        """Post a card into a thread or chat; returns the id of the message.

        ``summary`` is what notifications say; it must hold no words of a draft. Never repeated from here: whether it
        took effect is found out by ``Graph``.
        """
        return await self.send(spot, _message(card, summary))

    async def send(self, spot: Spot, activity: Json) -> str:
        """Send any activity; returns its id, empty where the connector names none."""
        answered = await self._call("POST", spot, "activities", activity)
        return str(answered.get("id") or "")

    async def update(self, spot: Spot, message: str, card: Json, summary: str) -> None:
        """Show another card in the place of one of our messages. Doing so twice does not show."""
        activity = {**_message(card, summary), "id": message}
        await self._call("PUT", spot, f"activities/{quote(message, safe='')}", activity)

    async def delete(self, spot: Spot, message: str) -> None:
        """Take away one of our messages, if it is there."""
        try:
            await self._call("DELETE", spot, f"activities/{quote(message, safe='')}")
        except Gone:
            return

    async def name(self, spot: Spot, person: str) -> str:
        """Return what a person of the conversation is called; empty where the connector does not say."""
        try:
            member = await self._call("GET", spot, f"members/{quote(person, safe='')}", paced=False)
        except ConnectorError:
            return ""
        return str(member.get("name") or "")

    async def group(self, spot: Spot) -> str:
        """Return the Entra group id of the spot's team; empty where the connector does not say."""
        if not spot.team:
            return ""
        try:
            team = await self._answered("GET", f"{spot.service_url}/v3/teams/{quote(spot.team, safe='')}", None)
        except ConnectorError:
            return ""
        return str(team.get("aadGroupId") or "")

    async def _call(self, method: str, spot: Spot, what: str, json: Json | None = None, *, paced: bool = True) -> Json:
        """Make a call about a conversation when it is its turn."""
        url = f"{spot.service_url}/v3/conversations/{quote(spot.conversation, safe='')}/{what}"
        if not paced:
            return await self._answered(method, url, json)
        await self._pace.turn(spot.place.channel)
        try:
            return await self._answered(method, url, json)
        except RetryLater as later:
            if later.seconds is not None:
                self._pace.hold(spot.place.channel, later.seconds)
            raise

    async def _answered(self, method: str, url: str, json: Json | None) -> Json:
        headers = await self._headers()
        async with _transport():
            response = await self._http.request(method, url, json=json, headers=headers)
        if response.is_success:
            return _object(response)
        raise self._meaning(f"{method} {url.rpartition('/')[2]}", response)

    async def _headers(self) -> dict[str, str]:
        if self._tokens is None:
            return {}
        return {"Authorization": f"Bearer {await self._tokens.token(BOT_SCOPE)}"}

    def _meaning(self, asked: str, response: httpx.Response) -> Exception:
        status = response.status_code
        if status in _LATER or status >= 500:  # noqa: PLR2004 - HTTP's number
            return RetryLater(retry_after(response))
        if status == httpx.codes.UNAUTHORIZED:
            log.error("connector_refuses", status=status, remedy="run sns-check doctor")
            if self._tokens:
                self._tokens.forget(BOT_SCOPE)
            return RetryLater(MEND_SECONDS)
        log.warning("connector_refuses", status=status)
        return (Gone if status in _GONE else ConnectorError)(asked.partition(" ")[0], status)


@asynccontextmanager
async def _transport() -> AsyncIterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise RetryLater from error


def _object(response: httpx.Response) -> Json:
    """Return what was answered, as far as it is an object: deleting and some updates answer nothing."""
    try:
        answered = response.json()
    except ValueError:
        return {}
    return answered if isinstance(answered, dict) else {}


def _message(card: Json, summary: str) -> Json:
    return {"type": "message", "summary": summary, "attachments": [{"contentType": CARD, "content": card}]}
