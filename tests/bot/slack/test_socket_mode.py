"""However much comes over the socket at once, no more is in hand than was meant, and all of it is handled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pydantic import SecretStr
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.socket_mode import HANDS
from bot.slack.surface import SocketConnection
from tests.doubles.slack import SlackDouble

MORE = 20
TURNS = 200
"""Of the event loop, which the double shares: more than a frame takes from one end of a socket to the other."""


class Held:
    """Middleware that holds whatever comes until it may go on, and counts it."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.now = self.most = 0

    async def __call__(
        self,
        req: AsyncBoltRequest,  # noqa: ARG002 - Bolt hands it over by name
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002 - Bolt's name
    ) -> BoltResponse:
        self.now += 1
        self.most = max(self.most, self.now)
        await self.open.wait()
        self.now -= 1
        return BoltResponse(status=200)


async def test_what_is_too_much_waits_in_the_network(slack: SlackDouble) -> None:
    held = Held()
    app = AsyncApp(client=AsyncWebClient(slack.credentials.bot_token, slack.api_url), before_authorize=held)
    connection = SocketConnection(app, SecretStr(slack.credentials.app_token))
    connection.start()
    try:
        await slack.connected()
        posts = [slack.channel("C01REV").post("U1", f"{number}番目の下書き") for number in range(HANDS + MORE)]
        await slack.until(lambda: len(slack.socket_mode.connections[0].waiting) == HANDS + MORE and held.now >= HANDS)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        assert held.most == HANDS
        held.open.set()
        for post in posts:
            await post.deliveries[0].acked()
        assert held.most == HANDS
    finally:
        await connection.close()
