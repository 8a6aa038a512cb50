"""What is posted to a response URL: the private answer to a command or a click, by the rules of ``client``."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncBoltContext, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.egress import proxy_for
from bot.slack.proxied import directed
from bot.slack.transport import retry_after

log: Final = structlog.get_logger(__name__)

REPETITIONS: Final = 3
"""Nobody sees an answer to a command again later: it is tried on the spot, or lost."""
LONGEST_WAIT: Final = 30.0
"""Seconds that who asked is kept waiting, at most, before each repetition."""


def direct_request(context: AsyncBoltContext) -> None:
    """Have what Bolt makes for one request take the right way, over the connections of its client."""
    client = directed(context.client)
    context["respond"] = Respond(context.response_url, client)


class Respond(AsyncRespond):
    """Posts to a response URL, again when Slack has no time: seeing a private answer twice harms nobody."""

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
        response = await webhook.send_dict(message)
        for repetition in range(REPETITIONS):
            if not _is_trouble(response):
                break
            await asyncio.sleep(min(retry_after(response) or 2.0**repetition, LONGEST_WAIT))
            response = await webhook.send_dict(message)
        if response.status_code != 200:  # noqa: PLR2004 - HTTP's number
            log.warning("answer_not_shown", status=response.status_code)
        return response


def _is_trouble(response: WebhookResponse) -> bool:
    """Tell whether Slack may take later what it does not take now."""
    return response.status_code == 429 or response.status_code >= 500  # noqa: PLR2004 - HTTP's numbers
