"""Every call of Slack's Web API that this surface makes, and what each of Slack's refusals means for us."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.desk import Place
from bot.slack import pace
from bot.slack.blocks import Card
from bot.slack.pace import Pace
from bot.slack.transport import retry_after
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

SHORT_WAIT: Final = 3.0
"""Longest Retry-After, in seconds, after which a call is repeated on the spot. The worker sees to longer ones."""
MEND_SECONDS: Final = 300.0
"""Seconds until a refused token or scope is tried again: an administrator has to mend it."""

_BY_FORM: Final = {
    "conversations.history",
    "conversations.info",
    "conversations.replies",
    "usergroups.users.list",
    "users.info",
}
"""Methods that do not read JSON."""

_GONE: Final = {
    "cannot_dm_bot",
    "cannot_reply_to_message",
    "cant_update_message",
    "channel_not_found",
    "edit_window_closed",
    "is_archived",
    "message_not_found",
    "no_such_subteam",
    "not_in_channel",
    "subteam_not_found",
    "thread_not_found",
    "user_disabled",
    "user_not_found",
    "user_not_in_channel",
    "user_not_visible",
    "users_not_found",
}
_TOO_LATE: Final = {"exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "trigger_expired"}
_DONE_BEFORE: Final = {"already_reacted", "no_reaction"}
_TO_MEND: Final = {
    "access_denied",
    "account_inactive",
    "ekm_access_denied",
    "invalid_auth",
    "messages_tab_disabled",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "not_enabled",
    "org_login_required",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_thread_only_channel",
    "team_access_not_granted",
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
    """The channel, thread, message or group is not there any more, or the bot or person is not in it."""


class MustBeMended(SlackError):  # noqa: N818 - reads as what to do
    """The token, its scopes, or settings of the app or the channel stand against it: an administrator has to act."""


@contextmanager
def retried_when_mended() -> Iterator[None]:
    """Have the worker try again until an administrator has mended a token or scope."""
    try:
        yield
    except MustBeMended as error:
        raise RetryLater(MEND_SECONDS) from error


class TooLate(SlackError):  # noqa: N818 - reads as what happened
    """A modal can be opened for three seconds after a click, and once."""


class DoneBefore(SlackError):  # noqa: N818 - reads as what happened
    """What was asked for is so already."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Says in a message's metadata, which every app of the channel may read, what it is about. No draft text.

    ``revision`` names the version, or whatever the message is about; ``page`` counts the messages that belong together.
    """

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


@dataclass(frozen=True, slots=True)
class Posted:
    """One of our messages."""

    ts: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in Slack: the author of our messages, and the user behind our reactions; and where that is."""

    bot_id: str
    user_id: str
    team: str
    url: str
    """Address of the workspace in a browser, with a slash at the end."""
    enterprise: str = ""
    """The organisation (Enterprise Grid) that the workspace belongs to; empty for most."""

    def link(self, place: Place) -> str:
        """Return the address of a draft's message."""
        return f"{self.url}archives/{place.channel}/p{place.thread.replace('.', '')}"


class Slack:
    """The calls. Each raises ``RetryLater`` while Slack has no time for us, else ``SlackError``."""

    def __init__(self, web: AsyncWebClient, clock: Callable[[], float]) -> None:
        """``clock`` counts seconds, monotonically."""
        self._web = web
        self._pace = Pace(clock)
        self._identity: Identity | None = None

    async def post(self, channel: str, thread: str | None, card: Card, mark: Mark) -> str:
        """Post a card into a thread, or into the channel itself; returns its ``ts``.

        Never repeated from here: whether it took effect is found out with ``posted``.
        """
        where = {"channel": channel, **({"thread_ts": thread} if thread else {})}
        marked = {"metadata": mark.metadata()}
        response = await self._call("chat.postMessage", {**where, **marked, **_shown(card), "link_names": False})
        return str(response["ts"])

    async def update(self, channel: str, posted: Posted, card: Card) -> None:
        """Show another card in the place of one of our messages. Doing so twice does not show."""
        metadata = posted.mark.metadata()
        await self._call("chat.update", {"channel": channel, "ts": posted.ts, "metadata": metadata, **_shown(card)})

    async def delete(self, channel: str, ts: str) -> None:
        """Take away one of our messages, if it is there."""
        with suppress(Gone):
            await self._call("chat.delete", {"channel": channel, "ts": ts})

    async def whisper(self, channel: str, thread: str, user: str, card: Card) -> None:
        """Show a card to one person alone, in the thread."""
        where = {"channel": channel, "thread_ts": thread, "user": user}
        await self._call("chat.postEphemeral", {**where, **_shown(card), "link_names": False})

    async def posted(self, channel: str, thread: str) -> list[Posted]:
        """Return our marked messages of a thread, oldest first."""
        own = (await self.identity()).bot_id
        messages = self.replies(channel, thread)
        return [posted async for message in messages if (posted := _posted(message, own))]

    async def posted_since(self, channel: str, since: datetime) -> list[Posted]:
        """Return our marked messages of a channel, threads left out, newest first."""
        own = (await self.identity()).bot_id
        return [posted async for message in self._history(channel, since) if (posted := _posted(message, own))]

    async def uploaded_since(self, channel: str, since: datetime) -> frozenset[str]:
        """Return the names of the files that we have shared in a channel."""
        own = await self.identity()
        return frozenset(
            [
                str(file.get("name"))
                async for message in self._history(channel, since)
                if message.get("bot_id") == own.bot_id or message.get("user") == own.user_id
                for file in message.get("files") or ()
            ]
        )

    def messages(self, channel: str, after: str) -> AsyncIterator[Mapping[str, Any]]:
        """Yield everybody's messages of a channel after a ``ts``, threads left out, newest first."""
        return self._pages("conversations.history", {"channel": channel, "oldest": after}, "messages")

    def replies(self, channel: str, thread: str) -> AsyncIterator[Mapping[str, Any]]:
        """Yield everybody's messages of a thread, oldest first; the first one may come more than once."""
        return self._pages("conversations.replies", {"channel": channel, "ts": thread}, "messages")

    def _history(self, channel: str, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
        return self.messages(channel, f"{since.timestamp():.6f}")

    async def message(self, channel: str, ts: str) -> Mapping[str, Any] | None:
        """Return one message as it stands, ``None`` if it is not there."""
        try:
            page = await self._call("conversations.replies", {"channel": channel, "ts": ts, "limit": 1})
        except Gone:
            return None
        return next((message for message in page.get("messages") or () if message.get("ts") == ts), None)

    async def react(self, channel: str, ts: str, name: str) -> None:
        """Add our reaction to a message."""
        await self._react("reactions.add", channel, ts, name)

    async def unreact(self, channel: str, ts: str, name: str) -> None:
        """Take our reaction from a message."""
        await self._react("reactions.remove", channel, ts, name)

    async def _react(self, method: str, channel: str, ts: str, name: str) -> None:
        with suppress(DoneBefore):
            await self._call(method, {"channel": channel, "timestamp": ts, "name": name})

    async def group_members(self, group: str) -> frozenset[str]:
        """Return the users of a user group."""
        response = await self._call("usergroups.users.list", {"usergroup": group})
        return frozenset(map(str, response.get("users") or ()))

    @property
    def known_identity(self) -> Identity | None:
        """What ``identity`` returns, if Slack has said it before: for those who cannot wait."""
        return self._identity

    async def identity(self) -> Identity:
        """Return who we are: other apps may write the same metadata and react in the same way."""
        if self._identity is None:
            response = await self._call("auth.test", {})
            names = ("bot_id", "user_id", "team_id", "url", "enterprise_id")
            self._identity = Identity(*(str(response.get(name) or "") for name in names))
        return self._identity

    async def direct_channel(self, user: str) -> str:
        """Return the conversation between one person and us."""
        response = await self._call("conversations.open", {"users": user})
        return str(response["channel"]["id"])

    async def is_member(self, channel: str) -> bool:
        """Tell whether we are in a channel. One that we may not see is one that we are not in."""
        try:
            response = await self._call("conversations.info", {"channel": channel})
        except Gone:
            return False
        return bool(response["channel"].get("is_member"))

    async def is_shared_outside(self, channel: str) -> bool:
        """Tell whether people of other organisations are in a channel (Slack Connect)."""
        response = await self._call("conversations.info", {"channel": channel})
        return bool(response["channel"].get("is_ext_shared"))

    async def display_name(self, user: str) -> str:
        """Return what a person is called in the workspace; empty where Slack does not say."""
        try:
            person = (await self._call("users.info", {"user": user}))["user"]
        except Gone:
            return ""
        profile = person.get("profile") or {}
        return str(profile.get("display_name") or profile.get("real_name") or person.get("real_name") or "")

    async def upload(self, channel: str, name: str, content: bytes, comment: str) -> None:
        """Share a file in a channel, under a sentence of our own words."""
        upload = self._web.files_upload_v2(channel=channel, filename=name, content=content, initial_comment=comment)
        await self._answered("files_upload_v2", upload)

    async def _pages(self, method: str, where: Mapping[str, Any], name: str) -> AsyncIterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            asked = {**where, **({"cursor": cursor} if cursor else {})}
            page = await self._call(method, {**asked, "include_all_metadata": True, "limit": 200})
            for entry in page.get(name) or ():
                yield entry
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

    async def publish_home(self, user: str, view: Mapping[str, Any]) -> None:
        """Show a view in one person's Home tab."""
        await self._call("views.publish", {"user_id": user, "view": view})

    async def _call(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make a call when it is its turn, and once more after a short wait that Slack asks for.

        A call that Slack had no time for has done nothing, so that a message may be repeated too.
        """
        limit, interval = _limit(method, arguments)
        waited = False
        while True:
            await self._pace.turn(limit, interval)
            try:
                return await self._answered(method, self._request(method, arguments))
            except RetryLater as later:
                if later.seconds is None:
                    raise
                self._pace.hold(limit, later.seconds)
                if waited or later.seconds > SHORT_WAIT:
                    raise
                waited = True

    def _request(self, method: str, arguments: Mapping[str, Any]) -> Awaitable[AsyncSlackResponse]:
        if method in _BY_FORM:
            return self._web.api_call(method, params=dict(arguments))
        return self._web.api_call(method, json=dict(arguments))

    async def _answered(self, method: str, call: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
        try:
            response = await call
        except SlackApiError as error:
            raise self._meaning(method, error) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise RetryLater from error
        except SlackRequestError:  # its text holds what was sent
            raise RetryLater from None
        data = response.data
        return data if isinstance(data, dict) else {}

    def _meaning(self, method: str, error: SlackApiError) -> Exception:
        response = error.response
        status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
        data = getattr(response, "data", None)
        code = str(data.get("error") or "unknown_error") if isinstance(data, dict) else "unreadable_response"
        if status == 429 or code in {"ratelimited", "rate_limited"}:  # noqa: PLR2004 - HTTP's number
            return RetryLater(retry_after(response) or pace.POST_INTERVAL)
        if status >= 500 or code in _OUTAGE or code == "unreadable_response":  # noqa: PLR2004 - HTTP's number
            return RetryLater()
        if code in _TO_MEND:
            log.error("slack_refuses", method=method, refusal=code, remedy="run sns-check doctor")
            return MustBeMended(method, code)
        for codes, meaning in ((_GONE, Gone), (_TOO_LATE, TooLate), (_DONE_BEFORE, DoneBefore)):
            if code in codes:
                return meaning(method, code)
        log.error("slack_refuses", method=method, refusal=code)
        return SlackError(method, code)


def _limit(method: str, arguments: Mapping[str, Any]) -> tuple[str, float]:
    """Return under which name Slack counts a call, and the seconds between two of them."""
    if method == "chat.postMessage":
        return f"{method} {arguments['channel']}", pace.POST_INTERVAL
    return method, 0.0


def _shown(card: Card) -> Mapping[str, Any]:
    """Return what is seen of a card, in which Slack is to make nothing clickable by itself."""
    quiet = {"unfurl_links": False, "unfurl_media": False, "parse": "none"}
    return {"text": card.text, "blocks": list(card.blocks), **quiet}


def _posted(message: Mapping[str, Any], own: str) -> Posted | None:
    """Return a message with what its mark says, ``None`` for one that we did not mark."""
    mark = Mark.of(message.get("metadata") or {})
    if mark is None or message.get("bot_id") != own:
        return None
    return Posted(str(message["ts"]), mark)
