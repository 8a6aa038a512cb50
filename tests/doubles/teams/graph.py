"""Graph, as far as the resource-specific permission ``ChannelMessage.Read.Group`` opens it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from .connector import RefusedError
from .tenant import Conversation, Stored, Tenant, told

Json = dict[str, Any]

MOST = 50


class Graph:
    """Messages of channels. Raises ``RefusedError`` for what may not be seen or is not there."""

    def __init__(self, tenant: Tenant) -> None:
        self.permitted = True
        """Whether the owners of the team consented to it."""
        self._tenant = tenant

    def channel(self, group: str, channel_id: str) -> Json:
        """What a channel is called."""
        channel = self._channel(group, channel_id)
        return {"id": channel.id, "displayName": channel.name, "membershipType": "standard"}

    def messages(self, group: str, channel_id: str, top: int) -> Json:
        """The newest messages at the top of a channel."""
        found = [each for each in self._channel(group, channel_id).messages if each.root == each.id]
        return {"value": [self._shown(each) for each in reversed(found)][: min(top, MOST)]}

    def delta(self, group: str, channel_id: str, since: datetime, skip: int, top: int) -> tuple[list[Json], bool]:
        """The first messages of threads in which something happened since, and whether there are more."""
        channel = self._channel(group, channel_id)
        roots = [each for each in channel.messages if each.root == each.id]
        changed = [root for root in roots if max(map(_touched, [root, *channel.thread(root.id)])) > since]
        end = skip + min(top, MOST)
        return [self._shown(each) for each in changed[skip:end]], end < len(changed)

    def message(self, group: str, channel_id: str, message_id: str) -> Json:
        """One message at the top of a channel."""
        return self._shown(self._message(group, channel_id, message_id))

    def reply(self, group: str, channel_id: str, root: str, message_id: str) -> Json:
        """One message of a thread."""
        self._message(group, channel_id, root)
        return self._shown(self._message(group, channel_id, message_id))

    def replies(self, group: str, channel_id: str, root: str, skip: int, top: int) -> tuple[list[Json], bool]:
        """Messages of a thread, newest first, and whether there are more."""
        self._message(group, channel_id, root)
        thread = list(reversed(self._channel(group, channel_id).thread(root)))
        end = skip + min(top, MOST)
        return [self._shown(each) for each in thread[skip:end]], end < len(thread)

    def _channel(self, group: str, channel_id: str) -> Conversation:
        if not self.permitted:
            message = "Missing role permissions on the request."
            raise RefusedError(403, "Forbidden", message)
        found = self._tenant.conversations.get(channel_id)
        if found is None or found.group != group:
            raise RefusedError(404, "NotFound", "NotFound")
        return found

    def _message(self, group: str, channel_id: str, message_id: str) -> Stored:
        found = self._channel(group, channel_id).message(message_id)
        if found is None:
            raise RefusedError(404, "NotFound", "NotFound")
        return found

    def _shown(self, message: Stored) -> Json:
        created = datetime.fromtimestamp(int(message.id) / 1_000, UTC)
        gone = message.deleted_at is not None
        return {
            "id": message.id,
            "replyToId": None if message.root == message.id else message.root,
            "messageType": "message",
            "createdDateTime": told(created),
            "lastModifiedDateTime": told(_touched(message)),
            "lastEditedDateTime": told(message.edited_at) if message.edited_at else None,
            "deletedDateTime": told(message.deleted_at) if message.deleted_at else None,
            "subject": None,
            "from": self._author(message),
            "body": {"contentType": "html", "content": "" if gone else _body(message)},
            "attachments": [] if gone else _attachments(message),
            "mentions": mentions_in(message, self._tenant.bot),
        }

    def _author(self, message: Stored) -> Json:
        if message.author is None:
            bot = {"id": self._tenant.bot["id"].removeprefix("28:"), "displayName": self._tenant.bot["name"]}
            return {"application": {**bot, "applicationIdentityType": "bot"}, "user": None}
        user = {"id": message.author.object_id, "displayName": message.author.name, "userIdentityType": "aadUser"}
        return {"application": None, "user": user}


def _touched(message: Stored) -> datetime:
    return message.touched_at or datetime.fromtimestamp(int(message.id) / 1_000, UTC)


def mentions_in(message: Stored, bot: Json) -> list[Json]:
    """Whom a message mentions, as far as it is the bot."""
    if not message.mentions_bot:
        return []
    application = {"applicationIdentityType": "bot", "id": bot["id"].removeprefix("28:"), "displayName": bot["name"]}
    return [{"id": 0, "mentionText": bot["name"], "mentioned": {"application": application}}]


def _attachments(message: Stored) -> list[Json]:
    """A card is a string of JSON here, as Graph has it."""
    return [
        {
            "id": str(number),
            "contentType": attachment.get("contentType"),
            "contentUrl": attachment.get("contentUrl"),
            "name": attachment.get("name"),
            "content": _content(attachment.get("content")),
        }
        for number, attachment in enumerate(message.attachments)
        if attachment.get("contentType") != "text/html"
    ]


def _content(content: Any) -> str | None:
    return content if content is None or isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def _body(message: Stored) -> str:
    count = len(_attachments(message)) if message.author is None else 0
    return message.html + "".join(f'<attachment id="{number}"></attachment>' for number in range(count))
