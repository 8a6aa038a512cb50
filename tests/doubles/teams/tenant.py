"""What a Microsoft 365 tenant holds: people, channels, chats and their messages."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

_NAMESPACE = uuid.UUID("6f1d0a58-6d5b-4c3e-9a37-2f3a60a7c0de")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account: the id that Teams gives to this bot, and the object id in Entra."""

    name: str
    object_id: str

    @property
    def teams_id(self) -> str:
        return f"29:1{self.object_id}"

    @property
    def account(self) -> Json:
        """As in ``from`` of an activity."""
        return {"id": self.teams_id, "name": self.name, "aadObjectId": self.object_id}


@dataclass
class Stored:
    """A message as the tenant keeps it."""

    id: str
    conversation: Conversation
    author: Person | None
    """None: the bot."""
    html: str = ""
    root: str = ""
    """Id of the message that the thread hangs on; its own at the top."""
    attachments: list[Json] = field(default_factory=list)
    activity: Json = field(default_factory=dict)
    """What the bot sent last."""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    touched_at: datetime | None = None
    """When somebody changed, deleted or restored it last."""
    mentions_bot: bool = False
    seen: dict[str, Json] = field(default_factory=dict)
    """Cards that the answer to a button shows to one person, by object id; gone with the next update."""
    versions: list[Json] = field(default_factory=list)
    """Everything that the bot sent for this message, oldest first."""


@dataclass
class Conversation:
    """A channel of a team, or the chat of one person with the bot."""

    id: str
    kind: str
    """``channel`` or ``personal``."""
    name: str = ""
    group: str = ""
    """Entra id of the team's group."""
    team: str = ""
    member: Person | None = None
    messages: list[Stored] = field(default_factory=list)

    def message(self, message_id: str) -> Stored | None:
        """The message with this id, also when it was deleted."""
        return next((message for message in self.messages if message.id == message_id), None)

    def thread(self, root: str) -> list[Stored]:
        """The replies below a message, oldest first."""
        return [message for message in self.messages if message.root == root and message.id != root]


class Tenant:
    """Everything that is there."""

    def __init__(self, tenant_id: str, bot_id: str, bot_name: str) -> None:
        self.id = tenant_id
        self.bot = {"id": f"28:{bot_id}", "name": bot_name}
        self.people: dict[str, Person] = {}
        self.conversations: dict[str, Conversation] = {}
        # Teams names messages by the millisecond in which they came; two never share one here.
        self._last_id = 0

    def person(self, name: str) -> Person:
        """Somebody of this name; the same every time."""
        object_id = str(uuid.uuid5(_NAMESPACE, name))
        return self.people.setdefault(object_id, Person(name, object_id))

    def channel(self, channel_id: str, name: str = "") -> Conversation:
        """The channel; made when it is new."""
        group = str(uuid.uuid5(_NAMESPACE, "広報課"))
        found = Conversation(channel_id, "channel", name or "下書き", group=group, team="19:team@thread.tacv2")
        return self.conversations.setdefault(channel_id, found)

    def chat(self, person: Person) -> Conversation:
        """What this person and the bot say to each other."""
        found = Conversation(f"a:1{person.object_id}", "personal", member=person)
        return self.conversations.setdefault(found.id, found)

    def next_id(self) -> str:
        self._last_id = max(self._last_id + 1, int(time.time() * 1000))
        return str(self._last_id)

    def next_moment(self) -> datetime:
        """Now, and later than everything before: an edit never comes in the millisecond of its post."""
        return datetime.fromtimestamp(int(self.next_id()) / 1_000, UTC)

    def find(self, conversation_id: str) -> tuple[Conversation, str] | None:
        """The conversation, and the root of the thread that its id names (empty: none)."""
        base, _, root = conversation_id.partition(";messageid=")
        found = self.conversations.get(base)
        if found is None or (root and found.message(root) is None):
            return None
        return found, root


def told(moment: datetime) -> str:
    """A time as Microsoft writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
