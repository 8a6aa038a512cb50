"""Bot Connector: how the app's messages get into Teams, and what else it may ask there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from .cards import CARD, faults
from .tenant import Conversation, Stored, Tenant

Json = dict[str, Any]

ACTIVITY_BYTES = 100_000
FILE_CONSENT = "application/vnd.microsoft.teams.card.file.consent"
_KINDS = {CARD, FILE_CONSENT, "application/vnd.microsoft.teams.card.file.info"}


class RefusedError(Exception):
    """The request is answered with this status and an error as Microsoft writes it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"code": code, "message": message}}


class Connector:
    """The operations, by the names that ``TeamsDouble.calls`` gives them."""

    def __init__(self, tenant: Tenant, announce: Callable[[], None]) -> None:
        self._tenant = tenant
        self._announce = announce

    def post(self, conversation_id: str, activity: Json) -> Json:
        """A new message of the bot, in a thread, a channel or a chat."""
        conversation, root = self._conversation(conversation_id)
        _check(activity)
        if activity.get("type") == "typing":
            return {}
        stored = Stored(self._tenant.next_id(), conversation, None)
        stored.root = root or stored.id
        _write(stored, activity)
        conversation.messages.append(stored)
        self._announce()
        return {"id": stored.id}

    def update(self, conversation_id: str, message_id: str, activity: Json) -> Json:
        """The bot's message says something else now."""
        stored = self._own(conversation_id, message_id)
        _check(activity)
        _write(stored, activity)
        stored.seen.clear()
        self._announce()
        return {"id": stored.id}

    def delete(self, conversation_id: str, message_id: str) -> Json:
        """The bot's message is taken away."""
        self._own(conversation_id, message_id).deleted_at = datetime.now(UTC)
        self._announce()
        return {}

    def create(self, body: Json) -> Json:
        """A chat with one person."""
        ids = [str(member.get("id")) for member in body.get("members", ())]
        person = next((each for each in self._tenant.people.values() if {each.teams_id, each.object_id} & {*ids}), None)
        if person is None:
            raise RefusedError(403, "ForbiddenOperationException", "The bot is not installed for this person.")
        return {"id": self._tenant.chat(person).id}

    def members(self, conversation_id: str) -> list[Json]:
        """Everybody who reads the conversation."""
        conversation, _ = self._conversation(conversation_id)
        people = [conversation.member] if conversation.member else [*self._tenant.people.values()]
        return [
            {
                "id": person.teams_id,
                "name": person.name,
                "aadObjectId": person.object_id,
                "objectId": person.object_id,
                "tenantId": self._tenant.id,
                "userRole": "user",
            }
            for person in people
        ]

    def member(self, conversation_id: str, person_id: str) -> Json:
        """One of them, by either id."""
        for member in self.members(conversation_id):
            if person_id in (member["id"], member["objectId"]):
                return member
        raise RefusedError(404, "MemberNotFoundInConversation", "Member not found.")

    def team(self, team_id: str) -> Json:
        """A team, by the id that the connector gives it."""
        for each in self._tenant.conversations.values():
            if each.team == team_id:
                return {"id": team_id, "name": "広報課", "aadGroupId": each.group}
        raise RefusedError(404, "TeamNotFound", "Team not found.")

    def channels(self, team_id: str) -> Json:
        """The channels of a team."""
        self.team(team_id)
        found = [each for each in self._tenant.conversations.values() if each.team == team_id]
        return {"conversations": [{"id": each.id, "name": each.name} for each in found]}

    def _conversation(self, conversation_id: str) -> tuple[Conversation, str]:
        found = self._tenant.find(conversation_id)
        if found is None:
            raise RefusedError(404, "ConversationNotFound", "Conversation not found.")
        conversation, root = found
        if root and (kept := conversation.message(root)) and kept.deleted_at and not conversation.thread(root):
            raise RefusedError(404, "ActivityNotFoundInConversation", "The thread is no more.")
        return found

    def _own(self, conversation_id: str, message_id: str) -> Stored:
        conversation, _ = self._conversation(conversation_id)
        stored = conversation.message(message_id)
        if stored is None or stored.deleted_at:
            raise RefusedError(404, "ActivityNotFoundInConversation", "Message not found.")
        if stored.author is not None:
            raise RefusedError(403, "MessageWritesBlocked", "The message is somebody else's.")
        return stored


def _write(stored: Stored, activity: Json) -> None:
    stored.activity = activity
    stored.html = str(activity.get("text") or "")
    stored.attachments = list(activity.get("attachments") or ())
    stored.versions.append(activity)


def _check(activity: Json) -> None:
    """Refuse what Teams would refuse or show wrongly."""
    if activity.get("type") not in ("message", "typing"):
        raise RefusedError(400, "BadSyntax", f"type {activity.get('type')!r}")
    if len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le")) > ACTIVITY_BYTES:
        raise RefusedError(413, "MessageSizeTooBig", "Message size too large.")
    for attachment in activity.get("attachments") or ():
        kind = attachment.get("contentType")
        if kind not in _KINDS:
            raise RefusedError(400, "BadArgument", f"contentType {kind!r}")
        if kind == CARD and (wrong := faults(attachment["content"])):
            raise RefusedError(400, "BadSyntax", "; ".join(wrong))
    if activity["type"] == "message" and not (activity.get("text") or activity.get("attachments")):
        raise RefusedError(400, "BadSyntax", "Activity must include text or attachments.")


def refusal(error: RefusedError) -> web.Response:
    """The answer that this is."""
    return web.json_response(error.body, status=error.status)
