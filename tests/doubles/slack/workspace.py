"""The state of a Slack workspace: who is there, what was said, where it lies. No network in here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from .clock import Clock
from .errors import SlackError

Json = dict[str, Any]
ChannelKind = Literal["channel", "group", "im"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the app is in this workspace."""

    team: str = "T01TOWN"
    domain: str = "machi"
    app: str = "A01SNSCHECK"
    bot_id: str = "B01SNSCHECK"
    bot_user: str = "U0SNSCHECK"
    bot_name: str = "sns-check"


@dataclass
class User:
    id: str
    name: str
    display_name: str
    is_bot: bool = False
    deleted: bool = False

    def body(self, team: str) -> Json:
        profile = {"display_name": self.display_name, "real_name": self.name, "team": team}
        return {
            "id": self.id,
            "team_id": team,
            "name": self.name,
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "tz": "Asia/Tokyo",
            "tz_offset": 32_400,
            "profile": profile,
        }


@dataclass
class Message:
    """A message as it stands now. ``body`` is Slack's JSON without what depends on who asks (metadata, replies)."""

    channel: str
    body: Json
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    root: Json = field(default_factory=dict)
    """Reply counts of a thread's first message."""

    @property
    def ts(self) -> str:
        return str(self.body["ts"])

    @property
    def thread_ts(self) -> str | None:
        return self.body.get("thread_ts")

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_tombstone(self) -> bool:
        return self.body.get("subtype") == "tombstone"

    def shown(self, *, with_metadata: bool = False) -> Json:
        """The message as the Web API and events show it."""
        body = {**self.body, **self.root}
        if self.reactions:
            body["reactions"] = [{"name": n, "users": list(u), "count": len(u)} for n, u in self.reactions.items()]
        if self.metadata is not None:
            # Slack tells everybody that there is metadata, and shows it only on request.
            body["metadata"] = self.metadata if with_metadata else {"event_type": self.metadata["event_type"]}
        return body


@dataclass
class Channel:
    id: str
    name: str
    kind: ChannelKind
    members: set[str]
    archived: bool = False
    shared_outside: bool = False
    """With another organisation (Slack Connect)."""
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        return self.kind != "channel"

    def body(self, bot_user: str) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": self.kind == "im",
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_ext_shared": self.shared_outside,
            "is_member": bot_user in self.members,
            "num_members": len(self.members),
        }

    def thread(self, ts: str) -> list[Message]:
        """First message of a thread and its replies, oldest first."""
        return sorted((m for m in self.messages.values() if ts in (m.ts, m.thread_ts)), key=lambda m: m.ts)


@dataclass
class StoredFile:
    id: str
    body: Json
    content: bytes


@dataclass(slots=True)
class Ephemeral:
    """A message that one person alone sees; Slack keeps no record of it."""

    user: str
    channel: str
    body: Json
    via: Literal["chat.postEphemeral", "response_url", "ack"]
    ts: str
    origin: str = ""
    """Token of the response URL of the interaction that this answers."""


@dataclass
class Workspace:
    """Everything that Slack remembers of one team."""

    clock: Clock
    identity: Identity = field(default_factory=Identity)
    users: dict[str, User] = field(default_factory=dict)
    user_groups: dict[str, list[str]] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.users[self.identity.bot_user] = User(
            self.identity.bot_user, self.identity.bot_name, self.identity.bot_name, is_bot=True
        )

    def next_ts(self) -> str:
        """A time stamp that no other message has, later than all before."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def edit_ts(self, message: Message) -> str:
        """Slack stamps edits in whole seconds; nobody edits twice in one, so the next one is taken then."""
        last = max(float(message.ts), float(message.body.get("edited", {}).get("ts", 0)))
        return f"{max(int(last) + 1, int(self.clock.now()))}.000000"

    def user(self, user: str) -> User:
        """The user; made up when nobody has mentioned them before."""
        return self.users.setdefault(user, User(user, user.lower(), user.lower()))

    def channel(self, channel: str) -> Channel:
        """Raises SlackError ``channel_not_found``: unknown, or private and the bot is not in it."""
        found = self.channels.get(channel)
        if found is None or (found.private and self.identity.bot_user not in found.members):
            raise SlackError("channel_not_found")
        return found

    def member_channel(self, channel: str) -> Channel:
        """Raises SlackError ``not_in_channel`` as well."""
        found = self.channel(channel)
        if self.identity.bot_user not in found.members:
            raise SlackError("not_in_channel")
        return found

    def message(self, channel: str, ts: str) -> Message:
        """Raises SlackError ``message_not_found``."""
        found = self.channel(channel).messages.get(ts)
        if found is None or found.is_tombstone:
            raise SlackError("message_not_found")
        return found

    def direct_channel(self, user: str) -> Channel:
        """The conversation between the bot and one person."""
        identifier = f"D{user[1:]}"
        members = {user, self.identity.bot_user}
        return self.channels.setdefault(identifier, Channel(identifier, identifier, "im", members))

    def say(self, channel: Channel, body: Json, metadata: Json | None = None) -> Message:
        """Keep a message, give it its time stamp, and count it in its thread."""
        message = Message(channel.id, {"type": "message", **body, "ts": self.next_ts()}, metadata)
        channel.messages[message.ts] = message
        if message.is_reply:
            self._count_replies(channel, str(message.thread_ts))
        return message

    def forget(self, channel: Channel, message: Message) -> None:
        """Take a message out; a parent that has replies leaves a tombstone."""
        if self._replies(channel, message.ts):
            message.body = {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": "USLACKBOT",
                "hidden": True,
                "ts": message.ts,
                "thread_ts": message.ts,
            }
            return
        del channel.messages[message.ts]
        if message.is_reply:
            self._count_replies(channel, str(message.thread_ts))

    def keep_file(self, body: Json, content: bytes) -> StoredFile:
        identifier = f"F{secrets.token_hex(5).upper()}"
        stored = StoredFile(identifier, {"id": identifier, "size": len(content), **body}, content)
        self.files[identifier] = stored
        return stored

    def _replies(self, channel: Channel, ts: str) -> list[Message]:
        return [message for message in channel.thread(ts) if message.ts != ts]

    def _count_replies(self, channel: Channel, ts: str) -> None:
        root = channel.messages.get(ts)
        if root is None:
            return
        replies = self._replies(channel, ts)
        if not replies:
            root.root = {}
            return
        speakers = list(dict.fromkeys(str(reply.body.get("user", "")) for reply in replies))
        root.root = {
            "thread_ts": ts,
            "reply_count": len(replies),
            "reply_users_count": len(speakers),
            "latest_reply": replies[-1].ts,
            "reply_users": speakers,
            "is_locked": False,
            "subscribed": False,
        }
