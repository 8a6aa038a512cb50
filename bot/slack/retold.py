"""What Slack would have sent about a message, told from how the message stands now. Pure functions.

What is read from a channel afterwards is turned into the events that should have come, so that it takes the same way,
under the same keys, as what was delivered. What cannot be seen any more, such as the words before an edit, is not told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from bot.slack.events import seconds, written_at

Json = Mapping[str, Any]

_NEXT_VERSION: Final = "修正版："
"""Stands for the words of a reply that was a version and is gone."""


def is_newer(message: Json, since: str) -> bool:
    """Tell whether a message was written or edited after the message ``since``.

    Slack stamps an edit with the second in which it began, so that one in the same second counts.
    """
    if seconds(str(message.get("ts"))) > seconds(since):
        return True
    return "edited" in message and seconds(written_at(message)) >= math.floor(seconds(since))


def happened_at(message: Json) -> float:
    """Return when the words of a message were written, in seconds since the epoch."""
    return seconds(written_at(message))


def is_gone(message: Json) -> bool:
    """Tell whether a message is only the place of one that was deleted, kept for its replies."""
    return message.get("subtype") == "tombstone"


def posted_or_edited(team: str, channel: str, message: Json, author: str | None) -> Json:
    """Return what Slack would have sent last about a message that stands.

    ``author`` wrote the draft that the message is known to be: an edit may have made it none.
    """
    if "edited" not in message:
        return _event(team, {**message, "channel": channel, "event_ts": message["ts"]})
    previous = former_draft(str(message["ts"]), author) if author else {}
    changed = {"subtype": "message_changed", "message": message, "previous_message": previous}
    return _event(team, {**changed, "channel": channel, "event_ts": _last_moment(written_at(message))})


def _last_moment(stamp: str) -> str:
    """Return until when it was edited: Slack shows the second only, and an edit follows the post that it changes."""
    whole, _, fraction = stamp.partition(".")
    return stamp if fraction.strip("0") else f"{whole}.999999"


def former_draft(ts: str, author: str) -> Json:
    """Return what is known of a draft's message that is there no more."""
    return {"ts": ts, "user": author, "text": ""}


def former_reply(thread: str, ts: str, author: str) -> Json:
    """Return what is known of a version that was written as a reply and is there no more."""
    return {"ts": ts, "thread_ts": thread, "user": author, "text": _NEXT_VERSION}


def deleted(team: str, channel: str, previous: Json, at: str) -> Json:
    """Return what Slack would have sent when a message was deleted, which was noticed ``at`` that time stamp."""
    deletion = {"subtype": "message_deleted", "previous_message": previous, "deleted_ts": previous["ts"]}
    return _event(team, {**deletion, "channel": channel, "event_ts": at})


def _event(team: str, event: Json) -> Json:
    return {"type": "event_callback", "team_id": team, "event": {**event, "type": "message"}}
