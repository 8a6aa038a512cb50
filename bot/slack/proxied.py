"""Slack's libraries behind a forward proxy.

slack_sdk takes ``HTTPS_PROXY`` for everything and knows no ``NO_PROXY``, and Bolt makes clients of its own from it: one
for each request, one for each response URL, and one for Socket Mode. Here they take the way of ``bot.egress``.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.egress import proxy_for


def directed(client: AsyncWebClient) -> AsyncWebClient:
    """Have a client take the right way to its base URL, and return it."""
    client.proxy = proxy_for(client.base_url)
    return client


def direct_request(context: AsyncBoltContext) -> None:
    """Have what Bolt makes for one request take the right way, over the connections of its client."""
    client = directed(context.client)
    context["respond"] = Respond(context.response_url, client)


class Respond(AsyncRespond):
    """Posts to a response URL."""

    def __init__(self, response_url: str | None, client: AsyncWebClient) -> None:
        super().__init__(response_url=response_url, ssl=client.ssl)
        self._client = client

    async def __call__(self, text: str | dict[str, Any] = "", *_: Any, **more: Any) -> WebhookResponse:
        """Post words, or a whole message. Raises ``ValueError`` where what came brought no response URL."""
        if self.response_url is None:
            raise ValueError("there is no response URL")
        webhook = AsyncWebhookClient(
            self.response_url, ssl=self.ssl, session=self._client.session, timeout=self._client.timeout
        )
        webhook.proxy = proxy_for(self.response_url)
        message = text if isinstance(text, dict) else {"text": text, **more}
        return await webhook.send_dict(message)


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
