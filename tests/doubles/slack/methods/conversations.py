"""``conversations.*``."""

from __future__ import annotations

from typing import Any

from tests.doubles.slack.errors import SlackError
from tests.doubles.slack.web_api import Call, Method
from tests.doubles.slack.workspace import Channel, Message

Json = dict[str, Any]

_FAMILY = {"channel": "channels", "group": "groups", "im": "im"}


def _any(what: str) -> tuple[str, ...]:
    return tuple(f"{family}:{what}" for family in _FAMILY.values())


def _seen(call: Call, what: str) -> Channel:
    """The channel asked for, if the scopes reach it."""
    channel = call.context.workspace.channel(call.text("channel"))
    call.require(f"{_FAMILY[channel.kind]}:{what}")
    return channel


def _history_of(call: Call) -> Channel:
    channel = _seen(call, "history")
    return call.context.workspace.member_channel(channel.id)


def _info(call: Call) -> Json:
    return {"channel": _seen(call, "read").body(call.context.workspace.identity.bot_user)}


def _list(call: Call) -> Json:
    workspace = call.context.workspace
    wanted = (call.optional("types") or "public_channel").split(",")
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    if unknown := [name for name in wanted if name not in {*kinds, "mpim"}]:
        raise SlackError("invalid_types", f"unknown type: {unknown[0]}")
    bot = workspace.identity.bot_user
    found = [
        channel.body(bot)
        for channel in workspace.channels.values()
        if channel.kind in {kinds.get(name) for name in wanted}
        and (not channel.private or bot in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    page, following = _page(call, found, default=100)
    return {"channels": page, "response_metadata": {"next_cursor": following}}


def _members(call: Call) -> Json:
    page, following = _page(call, sorted(_seen(call, "read").members), default=100)
    return {"members": page, "response_metadata": {"next_cursor": following}}


def _history(call: Call) -> Json:
    channel = _history_of(call)
    shown = [m for m in channel.messages.values() if not m.is_reply or m.body.get("subtype") == "thread_broadcast"]
    newest_first = sorted(_in_range(call, shown), key=lambda m: m.ts, reverse=True)
    page, following = _page(call, newest_first, default=100)
    metadata = call.flag("include_all_metadata")
    return {
        "messages": [message.shown(with_metadata=metadata) for message in page],
        "has_more": bool(following),
        "pin_count": 0,
        **({"response_metadata": {"next_cursor": following}} if following else {}),
    }


def _replies(call: Call) -> Json:
    channel = _history_of(call)
    asked = channel.messages.get(call.text("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    parent, *replies = channel.thread(asked.ts) if not asked.is_reply else [asked]
    page, following = _page(call, _in_range(call, replies), default=1_000)
    metadata = call.flag("include_all_metadata")
    return {
        "messages": [message.shown(with_metadata=metadata) for message in (parent, *page)],
        "has_more": bool(following),
        **({"response_metadata": {"next_cursor": following}} if following else {}),
    }


def _in_range(call: Call, messages: list[Message]) -> list[Message]:
    oldest = float(call.optional("oldest") or 0)
    latest = float(call.optional("latest") or "inf")
    inclusive = call.flag("inclusive")

    def inside(message: Message) -> bool:
        ts = float(message.ts)
        return oldest < ts < latest or (inclusive and ts in (oldest, latest))

    return [message for message in messages if inside(message)]


def _page(call: Call, entries: list[Any], default: int) -> tuple[list[Any], str]:
    """One page, and the cursor of the next one (empty at the end)."""
    cursor = call.optional("cursor") or "page:0"
    kind, _, start = cursor.partition(":")
    if kind != "page" or not start.isdigit():
        raise SlackError("invalid_cursor")
    first = int(start)
    after = first + call.count("limit", default, 1_000)
    return entries[first:after], f"page:{after}" if after < len(entries) else ""


def _open(call: Call) -> Json:
    users = (call.optional("users") or "").split(",")
    if users == [""]:
        raise SlackError("invalid_arguments", "missing required field: users")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    workspace = call.context.workspace
    if users[0] not in workspace.users:
        raise SlackError("user_not_found")
    return {"channel": {"id": workspace.direct_channel(users[0]).id}}


METHODS = {
    "conversations.info": Method(_info, _any("read"), reads_json=False),
    "conversations.list": Method(_list, _any("read"), reads_json=False),
    "conversations.members": Method(_members, _any("read"), reads_json=False),
    "conversations.history": Method(_history, _any("history"), reads_json=False),
    "conversations.replies": Method(_replies, _any("history"), reads_json=False),
    "conversations.open": Method(_open, ("im:write",)),
}
