"""Every call of Slack's Web API that this surface makes, and what each of Slack's refusals means for us."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.cards import Card
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

POST_INTERVAL: Final = 1.0
"""Seconds between two messages into one channel, as Slack asks."""
SHORT_WAIT: Final = 3
"""Longest Retry-After, in seconds, that is waited for on the spot. The worker sees to longer ones."""
MEND_SECONDS: Final = 300.0
"""Seconds until a refused token or scope is tried again: an administrator has to mend it."""

_GONE: Final = {
    "cannot_reply_to_message",
    "channel_not_found",
    "is_archived",
    "message_not_found",
    "not_in_channel",
    "thread_not_found",
}
_TO_MEND: Final = {
    "access_denied",
    "account_inactive",
    "ekm_access_denied",
    "invalid_auth",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "restricted_action",
    "token_expired",
    "token_revoked",
}
_OUTAGE: Final = {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}


class SlackError(Exception):
    """Slack refused a call. ``code`` is Slack's name for the reason; nothing of what was sent is kept."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code


class Gone(SlackError):  # noqa: N818 - reads as what happened
    """The channel, thread or message is not there any more, or the bot is not: nobody can be answered."""


class MustBeMended(SlackError):  # noqa: N818 - reads as what to do
    """The token or its scopes are refused: an administrator has to act."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Says in a message's metadata, which every app of the channel may read, what it is an answer to. No draft text."""

    event_type: str
    draft: str
    revision: str
    page: int = 1

    def metadata(self) -> dict[str, Any]:
        """Return it as ``chat.postMessage`` takes it."""
        payload = {"draft": self.draft, "revision": self.revision, "page": self.page}
        return {"event_type": self.event_type, "event_payload": payload}

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> Mark | None:
        """Read back what ``metadata`` returned; ``None`` if it is something else."""
        payload = metadata.get("event_payload") or {}
        try:
            return cls(
                str(metadata["event_type"]), str(payload["draft"]), str(payload["revision"]), int(payload["page"])
            )
        except (KeyError, TypeError, ValueError):
            return None


class Slack:
    """The calls. Each raises ``RetryLater`` while Slack has no time for us, else ``SlackError``."""

    def __init__(self, web: AsyncWebClient, clock: Callable[[], float]) -> None:
        """``clock`` counts seconds, monotonically."""
        self._web = web
        self._pace = _Pace(clock)
        self._bot_id = ""

    async def post(self, channel: str, thread: str, card: Card, mark: Mark) -> str:
        """Post a card into a thread; returns its ``ts``.

        Never repeated from here: whether it took effect is found out with ``posted``.
        """
        await self._pace.turn(channel)
        response = await self._call(
            "chat.postMessage",
            {
                "channel": channel,
                "thread_ts": thread,
                "text": card.text,
                "blocks": list(card.blocks),
                "metadata": mark.metadata(),
                "unfurl_links": False,
                "unfurl_media": False,
                "parse": "none",
                "link_names": False,
            },
        )
        return str(response["ts"])

    async def posted(self, channel: str, thread: str, mark: Mark) -> dict[int, str]:
        """Return which pages of the same answer are in the thread already: page → ``ts``."""
        own = await self._own_bot_id()
        found: dict[int, str] = {}
        async for reply in self._replies(channel, thread):
            other = Mark.of(reply.get("metadata") or {})
            if other and reply.get("bot_id") == own and replace(other, page=mark.page) == mark:
                found.setdefault(other.page, str(reply["ts"]))
        return found

    async def _own_bot_id(self) -> str:
        """Return our id as the author of messages: other apps may write the same metadata."""
        if not self._bot_id:
            self._bot_id = str((await self._call("auth.test", {})).get("bot_id") or "")
        return self._bot_id

    async def _replies(self, channel: str, thread: str) -> AsyncIterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            where = {"channel": channel, "ts": thread, **({"cursor": cursor} if cursor else {})}
            page = await self._call("conversations.replies", {**where, "include_all_metadata": True, "limit": 200})
            for reply in page.get("messages") or ():
                yield reply
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def open_view(self, trigger: str, view: Mapping[str, Any]) -> str:
        """Open a modal; returns its id."""
        response = await self._call("views.open", {"trigger_id": trigger, "view": view})
        return str(response["view"]["id"])

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """Show something else in an open modal."""
        await self._call("views.update", {"view_id": view_id, "view": view})

    async def _call(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        by_form = method == "conversations.replies"  # one of the methods that do not read JSON
        try:
            response = await (
                self._web.api_call(method, params=dict(arguments))
                if by_form
                else self._web.api_call(method, json=dict(arguments))
            )
        except SlackApiError as error:
            raise self._meaning(method, error) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise RetryLater from error
        data = response.data
        return data if isinstance(data, dict) else {}

    def _meaning(self, method: str, error: SlackApiError) -> Exception:
        response = error.response
        status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
        data = getattr(response, "data", None)
        code = str(data.get("error") or "unknown_error") if isinstance(data, dict) else "unreadable_response"
        if status == 429 or code in {"ratelimited", "rate_limited"}:  # noqa: PLR2004 - HTTP's number
            return RetryLater(_retry_after(response))
        if status >= 500 or code in _OUTAGE or code == "unreadable_response":  # noqa: PLR2004 - HTTP's number
            return RetryLater()
        if code in _TO_MEND:
            log.error("slack_refuses", method=method, refusal=code, remedy="run sns-check doctor")
            return MustBeMended(method, code)
        if code in _GONE:
            return Gone(method, code)
        log.error("slack_refuses", method=method, refusal=code)
        return SlackError(method, code)


class _Pace:
    """One message a second into each channel, in the order of asking."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        now = self._clock()
        self._next = {other: when for other, when in self._next.items() if when > now}
        mine = max(now, self._next.get(channel, now))
        self._next[channel] = mine + POST_INTERVAL
        if mine > now:
            await asyncio.sleep(mine - now)


@asynccontextmanager
async def web_client(token: str, api_url: str, logger: logging.Logger) -> AsyncIterator[AsyncWebClient]:
    """Open a Web API client with one connection pool and our rules for repeating a call."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield AsyncWebClient(
            token=token, base_url=api_url, session=session, logger=logger, timeout=30, retry_handlers=_repetitions()
        )


def _repetitions() -> list[AsyncRetryHandler]:
    return [_ShortRateLimit(max_retry_count=1), _Reconnect(max_retry_count=2), _ServerTrouble(max_retry_count=2)]


class _ShortRateLimit(AsyncRateLimitErrorRetryHandler):
    """Waits on the spot only as long as a lease and a user's patience allow."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        seconds = _retry_after(response)
        return limited and seconds is not None and seconds <= SHORT_WAIT


class _Reconnect(AsyncConnectionErrorRetryHandler):
    """Repeats what a cut connection cannot have done twice."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        cut = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return cut and _repeatable(request)


class _ServerTrouble(AsyncServerErrorRetryHandler):
    """Repeats what a failing server cannot have done twice."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        failed = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return failed and _repeatable(request)


def _repeatable(request: HttpRequest) -> bool:
    """Tell whether doing a call twice shows. A message may have been posted although the answer was lost."""
    return not request.url.endswith("/chat.postMessage")


def _retry_after(response: Any) -> float | None:
    headers = getattr(response, "headers", None) or {}
    values = [value for name, value in headers.items() if str(name).lower() == "retry-after"]
    value = values[0][0] if values and isinstance(values[0], list) else values[0] if values else ""
    return float(value) if re.fullmatch(r"\d{1,5}", str(value)) else None
