"""The connection to Slack's Web API: one pool, and which calls are repeated on the spot when they fail."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.metrics import Metrics
from bot.slack.proxied import directed


@asynccontextmanager
async def web_client(
    token: str,
    api_url: str,
    logger: logging.Logger,
    tls: ssl.SSLContext | None = None,
    metrics: Metrics | None = None,
) -> AsyncIterator[AsyncWebClient]:
    """Open a Web API client with one connection pool and our rules for repeating a call."""
    metrics = metrics or Metrics()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        client = _MeteredClient(
            metrics,
            token=token,
            base_url=api_url,
            session=session,
            ssl=tls,
            logger=logger,
            timeout=30,
            retry_handlers=_repetitions(metrics),
        )
        yield directed(client)


class _MeteredClient(AsyncWebClient):
    """Counts the calls that fail, by method and by Slack's name for the reason."""

    def __init__(self, metrics: Metrics, **settings: Any) -> None:
        super().__init__(**settings)
        self._metrics = metrics

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """Call a method."""
        try:
            return await super().api_call(api_method, **arguments)
        except SlackApiError as error:
            data = getattr(error.response, "data", None)
            code = data.get("error") if isinstance(data, dict) else None
            self._metrics.slack_refused(api_method, str(code or "unreadable_response"))
            raise
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError):
            self._metrics.slack_refused(api_method, "not_reached")
            raise


def _repetitions(metrics: Metrics) -> list[AsyncRetryHandler]:
    return [_Reconnect(metrics), _ServerTrouble(metrics)]


class _Reconnect(AsyncConnectionErrorRetryHandler):
    """Repeats what a cut connection cannot have done twice."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(max_retry_count=2)
        self._metrics = metrics

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        cut = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        repeated = cut and _repeatable(request)
        if repeated:
            self._metrics.slack_repeated("connection")
        return repeated


class _ServerTrouble(AsyncServerErrorRetryHandler):
    """Repeats what a failing server cannot have done twice."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(max_retry_count=2)
        self._metrics = metrics

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        failed = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        repeated = failed and _repeatable(request)
        if repeated:
            self._metrics.slack_repeated("server")
        return repeated


def _repeatable(request: HttpRequest) -> bool:
    """Tell whether doing a call twice shows. A message may have been posted although the answer was lost."""
    return not request.url.endswith(("/chat.postMessage", "/files.completeUploadExternal"))


def retry_after(response: Any) -> float | None:
    """Return the seconds that Slack asks to wait, ``None`` if it does not say."""
    headers = getattr(response, "headers", None) or {}
    values = [value for name, value in headers.items() if str(name).lower() == "retry-after"]
    value = values[0][0] if values and isinstance(values[0], list) else values[0] if values else ""
    return float(value) if re.fullmatch(r"\d{1,5}", str(value)) else None
