"""The Bolt app. What Slack delivers goes into the inbox before it is acknowledged."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped, warning_token_skipped
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import DataError

from bot.faults import describe
from bot.history import Item
from bot.metrics import Metrics
from bot.slack.client import Slack, SlackError
from bot.slack.responding import direct_request
from bot.slack.workspace import is_ours, is_strangers
from bot.unstored import PatientInbox
from bot.worker import RetryLater

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
    """Drop the warnings that a token is not used: it is the token of our client, which ``_authorize`` hands on."""
    return record.getMessage() not in {warning_client_prioritized_and_token_skipped(), warning_token_skipped()}


MALFORMED: Final = (LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError, DataError)
"""What is raised over a payload that is not as Slack makes them: by who reads it, or by the database."""


class Intake:
    """Middleware that stores events, and lets in nothing for other workspaces.

    Bolt acknowledges an event before its listeners run, and it runs before that. It stands before the authorization, so
    that an event does not depend on another call to Slack. Events end here: every type is acknowledged, also those that
    concern no draft, else Slack would deliver them again.
    """

    def __init__(
        self,
        inbox: PatientInbox,
        readers: Mapping[str, Reader],
        slack: Slack,
        metrics: Metrics,
        clock: Callable[[], datetime],
    ) -> None:
        """``readers`` are found by the event's type."""
        self._inbox = inbox
        self._readers = readers
        self._slack = slack
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, req: AsyncBoltRequest, next: Next) -> BoltResponse | None:  # noqa: A002 - Bolt's name
        """Store an event; hand on everything else that is ours."""
        if req.body.get("type") == "event_callback":
            return BoltResponse(status=await self._take_in(req.body))
        if req.body.get("type") != "url_verification" and not is_ours(req.body, await self._slack.identity()):
            self._metrics.refused("workspace")
            log.warning("not_our_workspace", about=_kind(req.body))
            return BoltResponse(status=403)
        return await next()

    async def _take_in(self, body: Mapping[str, Any]) -> int:
        """Store an event if it is about a draft of ours; return the status that tells what came of it."""
        own = self._slack.known_identity
        if own and not is_ours(body, own):
            self._metrics.refused("workspace")
            log.warning("not_our_workspace", about=_kind(body))
            return 200
        try:
            # Of a shared channel another workspace may be named, though it is delivered to ours.
            await self._store({**body, "team_id": own.team} if own else body)
        except MALFORMED as error:
            log.warning("event_not_understood", **describe(error))
            return 400
        except Exception as error:  # noqa: BLE001 - whatever it was: not stored is not acknowledged
            log.error("event_not_stored", **describe(error))  # noqa: TRY400 - a traceback would show the draft
            return 503
        return 200

    async def _store(self, body: Mapping[str, Any]) -> None:
        event = body.get("event")
        reader = self._readers.get(str(event.get("type"))) if isinstance(event, Mapping) else None
        if reader is None or is_strangers(body, str(body.get("team_id"))):
            return
        item = await reader(body, self._clock())
        if item is None:
            return
        new = await self._inbox.put(item)
        self._metrics.received(item.kind, again=not new)
        if not new:
            log.info("delivered_again", item=item.key)


def _kind(body: Mapping[str, Any]) -> str:
    """Return what sort of payload it is, in a word of ours."""
    if body.get("type") == "event_callback":
        return "event"
    return "command" if "command" in body else "interaction"


def bolt_app(client: AsyncWebClient, intake: Intake, slack: Slack) -> AsyncApp:
    """Return the app. Whatever is handed to it has proved to be Slack's: at the door, or by the socket it came over."""
    app = AsyncApp(
        name="sns-check",
        logger=bolt_logger(),
        client=client,
        signing_secret="",
        request_verification_enabled=False,
        before_authorize=_before_authorize(intake),
        authorize=_authorize(slack, client.token),
    )
    app.error(_say_what_broke)
    return app


def _before_authorize(intake: Intake) -> Callable[[AsyncBoltRequest, Next], Awaitable[BoltResponse | None]]:
    async def before_authorize(req: AsyncBoltRequest, next: Next) -> BoltResponse | None:  # noqa: A002 - Bolt's name
        direct_request(req.context)
        return await intake(req, next)

    return before_authorize


def _authorize(slack: Slack, token: str | None) -> Callable[[], Awaitable[AuthorizeResult]]:
    """Return who is served, as ``Intake`` has found out already.

    Bolt's own way asks Slack, and where Slack cannot say, acknowledges what nobody has dealt with: a form would close,
    and what was written in it be lost.
    """

    async def authorize() -> AuthorizeResult:
        own = await slack.identity()
        return AuthorizeResult(
            enterprise_id=own.enterprise or None,
            team_id=own.team,
            bot_user_id=own.user_id,
            bot_id=own.bot_id,
            bot_token=token,
        )

    return authorize


async def _say_what_broke(error: Exception, response: BoltResponse | None) -> BoltResponse | None:
    """Log what a listener stumbled over. There is no ``response`` to give any more where it was acknowledged before."""
    log.error("listener_failed", **describe(error))
    if response is None:
        return None
    if isinstance(error, MALFORMED):
        return BoltResponse(status=400)
    return BoltResponse(status=503 if isinstance(error, (RetryLater, SlackError)) else 500)
