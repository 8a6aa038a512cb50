"""Slack's libraries behind a forward proxy.

slack_sdk takes ``HTTPS_PROXY`` for everything and knows no ``NO_PROXY``, and Bolt makes clients of its own from it: one
for each request, one for each response URL (``responding``), and one for Socket Mode (``socket_mode``). They take the
way of ``bot.egress``.
"""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.egress import proxy_for


def directed(client: AsyncWebClient) -> AsyncWebClient:
    """Have a client take the right way to its base URL, and return it."""
    client.proxy = proxy_for(client.base_url)
    return client
