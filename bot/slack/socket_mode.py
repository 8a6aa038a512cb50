"""Socket Mode: Bolt's client, which reaches its WebSocket the right way and takes no more in hand than it can hold.

slack_sdk's client puts whatever comes into a queue without an end and begins with all of it at once. While the database
is slow or away that would fill the memory. Here frames are read from the socket only while hands are free: what waits
stays with the network, and a connection that is not read for long is given up by both sides. Slack then sends anew what
was not acknowledged, to another replica if there is one, and the channels are read once a connection is made
(``catch_up``).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.egress import proxy_for

HANDS: Final = 64
"""Frames in hand at once: the bound on memory."""


class SocketModeHandler(AsyncSocketModeHandler):
    """Bolt's handler, over a client of ours."""

    def __init__(self, app: AsyncApp, app_token: str, ping_interval: float) -> None:
        # Not the parent's: it would make the client that this is about.
        self.app = app
        self.app_token = app_token
        self.client = _Socket(app_token, app.logger, app.client, ping_interval=ping_interval)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type] # as the parent does


class _Socket(SocketModeClient):
    """The WebSocket may lead to another host than the Web API, by another way."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._free = asyncio.Semaphore(HANDS)
        self._in_hand: set[asyncio.Task[None]] = set()

    async def issue_new_wss_url(self) -> str:
        url: str = await super().issue_new_wss_url()
        self.proxy = proxy_for(url)
        return url

    async def enqueue_message(self, message: str) -> None:
        """Begin with a frame as soon as a hand is free. Nothing more is read from the socket until then."""
        await self._free.acquire()
        task = asyncio.create_task(self._handle(message))
        self._in_hand.add(task)
        task.add_done_callback(self._put_down)

    async def _handle(self, frame: str) -> None:
        try:
            message: Mapping[str, Any] = json.loads(frame) if frame.startswith("{") else {}
        except (ValueError, RecursionError) as error:
            self.logger.warning("a frame is not readable: %s", type(error).__name__)
            return
        await self.run_message_listeners(dict(message), frame)

    def _put_down(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        self._free.release()
