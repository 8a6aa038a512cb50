"""The Bolt app. What Slack delivers goes into the inbox before it is acknowledged."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk.web.async_client import AsyncWebClient

from bot.faults import describe
from bot.history import Inbox, Item
from bot.slack.proxied import direct_request
from bot.slack.words import commands

log: Final = structlog.get_logger(__name__)

Next = Callable[[], Awaitable[BoltResponse]]

Reader = Callable[[Mapping[str, Any], datetime], Awaitable[Item | None]]
"""Takes an Events API payload and when it came; returns what to store, ``None`` if there is nothing to do about it."""


def bolt_logger() -> logging.Logger:
    """Return the logger for Slack's libraries, which print whole payloads at DEBUG: never below INFO.

    Its name is not one of ours, so that ``bot.log`` treats it as a library's.
    """
    logger = logging.getLogger("slack_bolt.sns_check")
    logger.setLevel(max(logging.INFO, logging.getLogger().getEffectiveLevel()))
    logger.addFilter(_is_news)
    for name in ("httpx", "httpcore"):  # these print addresses of files, which hold their names
        logging.getLogger(name).setLevel(logging.WARNING)
    return logger


def _is_news(record: logging.LogRecord) -> bool:
    """Drop the warning that our client is used although the environment has a token: it is the token of our client."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


class Intake:
    """Middleware that stores events. Bolt acknowledges an event before its listeners run, and it runs before that.

    It stands before the authorization, so that an event does not depend on another call to Slack. Events end here:
    every type is acknowledged, also those that concern no draft, else Slack would deliver them again.
    """

    def __init__(self, inbox: Inbox, readers: Mapping[str, Reader], clock: Callable[[], datetime]) -> None:
        """``readers`` are found by the event's type."""
        self._inbox = inbox
        self._readers = readers
        self._clock = clock

    async def __call__(self, req: AsyncBoltRequest, next: Next) -> BoltResponse | None:  # noqa: A002 - Bolt's name
        """Store an event; hand on everything else."""
        if req.body.get("type") != "event_callback":
            return await next()
        try:
            await self._store(req.body)
        except Exception as error:  # noqa: BLE001 - whatever it was: not stored is not acknowledged
            log.error("event_not_stored", **describe(error))  # noqa: TRY400 - a traceback would show the draft
            return BoltResponse(status=503)
        return BoltResponse(status=200)

    async def _store(self, body: Mapping[str, Any]) -> None:
        event = body.get("event")
        reader = self._readers.get(str(event.get("type"))) if isinstance(event, Mapping) else None
        item = await reader(body, self._clock()) if reader else None
        if item is not None and not await self._inbox.put(item):
            log.info("delivered_again", item=item.key)


def bolt_app(client: AsyncWebClient, signing_secret: str | None, intake: Intake) -> AsyncApp:
    """Return the app. Without ``signing_secret`` it takes no HTTP requests (Socket Mode)."""
    app = AsyncApp(
        name="sns-check",
        logger=bolt_logger(),
        client=client,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        before_authorize=_before_authorize(intake),
        user_facing_authorize_error_message=commands.FAILED_PRIVATELY,
    )
    app.error(_say_what_broke)
    return app


def _before_authorize(intake: Intake) -> Callable[[AsyncBoltRequest, Next], Awaitable[BoltResponse | None]]:
    async def before_authorize(req: AsyncBoltRequest, next: Next) -> BoltResponse | None:  # noqa: A002 - Bolt's name
        direct_request(req.context)
        return await intake(req, next)

    return before_authorize


async def _say_what_broke(error: Exception) -> BoltResponse:
    log.error("listener_failed", **describe(error))
    return BoltResponse(status=500)
