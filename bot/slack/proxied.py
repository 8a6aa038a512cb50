"""Slack's libraries behind a forward proxy.

slack_sdk takes ``HTTPS_PROXY`` for everything and knows no ``NO_PROXY``, and Bolt makes clients of its own from it: one
for each request, one for each response URL (``responding``), and one for Socket Mode. They take the way of
``bot.egress``.
"""

from __future__ import annotations

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.egress import proxy_for


def directed(client: AsyncWebClient) -> AsyncWebClient:
    """Have a client take the right way to its base URL, and return it."""
    client.proxy = proxy_for(client.base_url)
    return client


class SocketModeHandler(AsyncSocketModeHandler):
    """Socket Mode, whose WebSocket may lead to another host than the Web API."""

    def __init__(self, app: AsyncApp, app_token: str, ping_interval: float) -> None:
        # Not the parent's: it would make the client that this is about.
        self.app = app
        self.app_token = app_token
        self.client = _Socket(app_token, app.logger, app.client, ping_interval=ping_interval)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type] # as the parent does


class _Socket(SocketModeClient):
    async def issue_new_wss_url(self) -> str:
        url: str = await super().issue_new_wss_url()
        self.proxy = proxy_for(url)
        return url
