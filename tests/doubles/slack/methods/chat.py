"""``chat.*`` and ``reactions.*``."""

from __future__ import annotations

import re
from typing import Any

from tests.doubles.slack import blocks as block_kit
from tests.doubles.slack.errors import SlackError
from tests.doubles.slack.web_api import Call, Method
from tests.doubles.slack.workspace import Channel, Ephemeral, Message, Workspace

Json = dict[str, Any]

_METADATA_BYTES = 8_000
_EVENT_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


def content(call: Call) -> Json:
    """``text`` and ``blocks`` of a message. Raises SlackError ``no_text``, ``msg_too_long``, ``invalid_blocks``, …"""
    text = call.args.get("text") or ""
    blocks = call.parsed("blocks", "invalid_blocks_format") or []
    if not text and not blocks and not call.args.get("attachments"):
        raise SlackError("no_text")
    block_kit.check_message(blocks)
    if len(text) > block_kit.MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    return {"text": text, "blocks": block_kit.complete(blocks)} if blocks else {"text": text}


def bot_body(workspace: Workspace) -> Json:
    """The fields that say who speaks: the app."""
    identity = workspace.identity
    profile = {"id": identity.bot_id, "app_id": identity.app, "name": identity.bot_name, "team_id": identity.team}
    return {
        "user": identity.bot_user,
        "bot_id": identity.bot_id,
        "app_id": identity.app,
        "team": identity.team,
        "bot_profile": profile,
    }


def say_as_bot(call: Call, channel: Channel, body: Json, metadata: Json | None) -> Message:
    """Post, and let Slack tell everybody, the app included."""
    message = call.context.workspace.say(channel, {**bot_body(call.context.workspace), **body}, metadata)
    announce_post(call, channel, message)
    return message


def announce_post(call: Call, channel: Channel, message: Message) -> None:
    feed = call.context.feed
    feed.posted(message)
    parent = channel.messages.get(message.thread_ts or "")
    if message.is_reply and parent is not None:
        feed.changed(parent, {**parent.body})
    call.context.board.announce()


def _post_message(call: Call) -> Json:
    workspace = call.context.workspace
    target = call.text("channel")
    channel = workspace.direct_channel(target) if target.startswith("U") else workspace.member_channel(target)
    if channel.archived:
        raise SlackError("is_archived")
    body = content(call)
    metadata = _metadata(call)
    if thread := call.optional("thread_ts"):
        body["thread_ts"] = _thread(channel, thread)
        if call.flag("reply_broadcast"):
            body["subtype"] = "thread_broadcast"
    message = say_as_bot(call, channel, body, metadata)
    return {"channel": channel.id, "ts": message.ts, "message": message.shown(with_metadata=True)}


def _thread(channel: Channel, ts: str) -> str:
    """A reply to a reply goes to the thread; a time stamp that nothing has is taken as it is, as Slack does."""
    if not re.fullmatch(r"\d{10}\.\d{6}", ts):
        raise SlackError("invalid_thread_ts")
    parent = channel.messages.get(ts)
    return parent.thread_ts or ts if parent else ts


def _metadata(call: Call) -> Json | None:
    metadata = call.parsed("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    payload = metadata["event_payload"]
    if not _EVENT_TYPE.fullmatch(str(metadata["event_type"])) or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if not all(isinstance(value, (str, int, float, bool)) for value in payload.values()):
        raise SlackError("invalid_metadata_schema")
    if len(repr(metadata).encode()) > _METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


def _update(call: Call) -> Json:
    workspace = call.context.workspace
    channel = workspace.member_channel(call.text("channel"))
    message = workspace.message(channel.id, call.text("ts"))
    if message.body.get("bot_id") != workspace.identity.bot_id:
        raise SlackError("cant_update_message")
    new = content(call)
    previous = message.shown()
    edited = {"user": workspace.identity.bot_user, "ts": workspace.edit_ts(message)}
    message.body = {**{k: v for k, v in message.body.items() if k != "blocks"}, **new, "edited": edited}
    if metadata := _metadata(call):
        message.metadata = metadata
    call.context.feed.changed(message, previous)
    call.context.board.announce()
    return {"channel": channel.id, "ts": message.ts, "text": new["text"], "message": message.shown()}


def _delete(call: Call) -> Json:
    workspace = call.context.workspace
    channel = workspace.member_channel(call.text("channel"))
    message = workspace.message(channel.id, call.text("ts"))
    if message.body.get("bot_id") != workspace.identity.bot_id:
        raise SlackError("cant_delete_message")
    workspace.forget(channel, message)
    call.context.feed.deleted(message)
    call.context.board.announce()
    return {"channel": channel.id, "ts": message.ts}


def _post_ephemeral(call: Call) -> Json:
    workspace = call.context.workspace
    channel = workspace.member_channel(call.text("channel"))
    user = call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    body = content(call)
    if thread := call.optional("thread_ts"):
        body["thread_ts"] = thread
    ephemeral = Ephemeral(user, channel.id, body, "chat.postEphemeral", workspace.next_ts())
    call.context.interactions.whisper(ephemeral)
    return {"message_ts": ephemeral.ts}


def _permalink(call: Call) -> Json:
    workspace = call.context.workspace
    message = workspace.message(call.text("channel"), call.text("message_ts"))
    url = f"https://{workspace.identity.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        url += f"?thread_ts={message.thread_ts}&cid={message.channel}"
    return {"channel": message.channel, "permalink": url}


def _reaction(call: Call) -> tuple[Message, str, list[str]]:
    workspace = call.context.workspace
    channel = workspace.member_channel(call.text("channel"))
    message = workspace.message(channel.id, call.text("timestamp"))
    name = call.text("name")
    if not re.fullmatch(r"[a-z0-9_+'-]+", name):
        raise SlackError("invalid_name")
    return message, name, message.reactions.setdefault(name, [])


def _react(call: Call) -> Json:
    _, _, users = _reaction(call)
    bot = call.context.workspace.identity.bot_user
    if bot in users:
        raise SlackError("already_reacted")
    users.append(bot)
    call.context.board.announce()
    return {}


def _unreact(call: Call) -> Json:
    message, name, users = _reaction(call)
    bot = call.context.workspace.identity.bot_user
    if bot not in users:
        raise SlackError("no_reaction")
    users.remove(bot)
    if not users:
        del message.reactions[name]
    call.context.board.announce()
    return {}


def _reactions(call: Call) -> Json:
    message = call.context.workspace.message(call.text("channel"), call.text("timestamp"))
    return {"type": "message", "channel": message.channel, "message": message.shown()}


METHODS = {
    "chat.postMessage": Method(_post_message, ("chat:write",)),
    "chat.update": Method(_update, ("chat:write",)),
    "chat.delete": Method(_delete, ("chat:write",)),
    "chat.postEphemeral": Method(_post_ephemeral, ("chat:write",)),
    "chat.getPermalink": Method(_permalink, reads_json=False),
    "reactions.add": Method(_react, ("reactions:write",)),
    "reactions.remove": Method(_unreact, ("reactions:write",)),
    "reactions.get": Method(_reactions, ("reactions:read",), reads_json=False),
}
