"""The Events API: what happened in the workspace, as Slack tells the app."""

from __future__ import annotations

import secrets
from typing import Any

from .delivery import Courier, Delivery, Kind
from .workspace import Channel, Message, Workspace

Json = dict[str, Any]

SUBSCRIPTIONS = frozenset({"message.channels", "message.groups", "app_home_opened", "member_joined_channel"})
"""What the app's manifest subscribes to."""


class Feed:
    """Builds event payloads and dispatches those that the app is subscribed to and may see."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self.subscriptions = set(SUBSCRIPTIONS)
        self._workspace = workspace
        self._courier = courier

    def posted(self, message: Message) -> Delivery | None:
        """A new message."""
        return self._message(message.channel, {**message.shown(), "event_ts": message.ts})

    def changed(self, message: Message, previous: Json) -> Delivery | None:
        """``message_changed``: an edit, an unfurl, a reply in the thread, a tombstone."""
        stamp = self._workspace.next_ts()
        return self._message(
            message.channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "message": message.shown(),
                "previous_message": previous,
                "hidden": True,
                "ts": stamp,
                "event_ts": stamp,
            },
        )

    def deleted(self, message: Message) -> Delivery | None:
        """``message_deleted``."""
        stamp = self._workspace.next_ts()
        return self._message(
            message.channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "previous_message": message.shown(),
                "deleted_ts": message.ts,
                "hidden": True,
                "ts": stamp,
                "event_ts": stamp,
            },
        )

    def happened(self, event: Json) -> Delivery | None:
        """Any other event, by its type."""
        if event["type"] not in self.subscriptions:
            return None
        return self._dispatch({**event, "event_ts": self._workspace.next_ts()})

    def envelope(self, event: Json) -> Json:
        """The outer payload around an event."""
        identity = self._workspace.identity
        return {
            "token": "verification-token",
            "team_id": identity.team,
            "api_app_id": identity.app,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self._workspace.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": identity.team,
                    "user_id": identity.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_hex(20)}",
        }

    def _message(self, channel_id: str, event: Json) -> Delivery | None:
        channel = self._workspace.channels[channel_id]
        if not self._sees(channel):
            return None
        return self._dispatch({**event, "channel": channel.id, "channel_type": channel.kind})

    def _sees(self, channel: Channel) -> bool:
        subscription = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[channel.kind]
        return subscription in self.subscriptions and self._workspace.identity.bot_user in channel.members

    def _dispatch(self, event: Json) -> Delivery:
        return self._courier.dispatch(Kind.EVENT, self.envelope(event))
