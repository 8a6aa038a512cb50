"""Which of Slack's events concern a draft (下書き), and what has to be kept of them. Pure functions.

A draft is a message that a person puts at the top level of a review channel. Slack tells of it more than once and in
any order: as a message, as ``message_changed`` (also for link previews and replies, which change nothing that was
written) and as ``message_deleted`` or, where replies keep the place, as a change into a ``tombstone``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.history import Item, Place
from bot.slack.inbound import storable

SURFACE: Final = "slack"
VERSION: Final = "version"
"""Kind of item: a draft was posted or edited. Its payload is that of ``PostedVersion``."""
DELETION: Final = "deletion"
"""Kind of item: a draft was deleted. Its payload is that of ``Deletion``."""

Json = Mapping[str, Any]

_PEOPLES_SUBTYPES: Final = {None, "", "file_share", "me_message", "thread_broadcast"}
_MESSAGE_PARTS: Final = ("text", "blocks", "files")
_FILE_PARTS: Final = ("id", "mode", "mimetype", "filetype", "size", "url_private", "url_private_download")


@dataclass(frozen=True, slots=True)
class PostedVersion:
    """One version of a draft as it stands in the inbox."""

    place: Place
    revision: str
    order: float
    author: str
    thread: str
    """Where the answer goes: the draft's own ``ts``, or that of the thread from which it was sent to the channel."""
    message: Json
    """Text, blocks and files as Slack gave them."""

    @classmethod
    def of(cls, item: Item) -> PostedVersion:
        """Read back what ``item_of`` wrote."""
        payload = item.payload
        return cls(
            place=_place(payload["team"], payload["channel"], payload["ts"]),
            revision=payload["revision"],
            order=item.order,
            author=payload["author"],
            thread=payload["thread"],
            message=payload["message"],
        )


@dataclass(frozen=True, slots=True)
class Deletion:
    """The deletion of a draft as it stands in the inbox. Slack does not tell who deleted it: ``author`` wrote it."""

    place: Place
    author: str

    @classmethod
    def of(cls, item: Item) -> Deletion:
        """Read back what ``item_of`` wrote."""
        payload = item.payload
        return cls(_place(payload["team"], payload["channel"], payload["ts"]), payload["author"])


def item_of(body: Json, channels: Collection[str], received_at: datetime) -> Item | None:
    """Return what to store for an Events API payload, ``None`` if it concerns no draft of these channels.

    The item's key is made of the content (place, edit time), so that a repeated delivery and a second event about the
    same edit are the same item.
    """
    event = body.get("event")
    if not isinstance(event, Mapping) or event.get("type") != "message" or event.get("channel") not in channels:
        return None
    team = str(body.get("team_id") or event.get("team") or "")
    match event.get("subtype"):
        case "message_changed":
            return _changed(event, team, received_at)
        case "message_deleted":
            return _deleted(event, _mapping(event.get("previous_message")), team, received_at)
        case _:
            return _version(event, event, team, received_at)


def _changed(event: Json, team: str, received_at: datetime) -> Item | None:
    message, previous = _mapping(event.get("message")), _mapping(event.get("previous_message"))
    if message.get("subtype") == "tombstone":
        return _deleted(event, previous or message, team, received_at)
    if _written(message) == _written(previous):
        return None
    return _version(event, message, team, received_at)


def _version(event: Json, message: Json, team: str, received_at: datetime) -> Item | None:
    if not _is_draft(message):
        return None
    ts = str(message["ts"])
    edited = _mapping(message.get("edited")).get("ts")
    revision = ts if message is event else str(edited or event.get("event_ts") or ts)
    place = _place(team, str(event["channel"]), ts)
    return Item(
        key=f"{place.key}/{revision}",
        surface=SURFACE,
        kind=VERSION,
        place=place.key,
        order=_seconds(revision),
        received_at=received_at,
        payload={
            "team": team,
            "channel": place.channel,
            "ts": ts,
            "revision": revision,
            "author": str(message["user"]),
            "thread": str(message.get("thread_ts") or ts),
            "message": _storable({part: message[part] for part in _MESSAGE_PARTS if part in message}),
        },
    )


def _deleted(event: Json, previous: Json, team: str, received_at: datetime) -> Item | None:
    ts = str(event.get("deleted_ts") or previous.get("ts") or "")
    if not _is_draft({"ts": ts, **previous}):
        return None
    place = _place(team, str(event["channel"]), ts)
    return Item(
        key=f"{place.key}/{DELETION}",
        surface=SURFACE,
        kind=DELETION,
        place=place.key,
        order=_seconds(str(event.get("event_ts") or ts)),
        received_at=received_at,
        payload={"team": team, "channel": place.channel, "ts": ts, "author": str(previous["user"])},
    )


def _is_draft(message: Json) -> bool:
    """Whether a person put this message where everybody in the channel sees it."""
    ts, thread = message.get("ts"), message.get("thread_ts")
    subtype = message.get("subtype")
    by_a_person = bool(message.get("user")) and not message.get("bot_id") and message["user"] != "USLACKBOT"
    at_top_level = thread in {None, "", ts} or subtype == "thread_broadcast"
    return bool(ts) and by_a_person and at_top_level and subtype in _PEOPLES_SUBTYPES


def _written(message: Json) -> tuple[object, object]:
    """Return what its author put into a message: the words, and which files."""
    files = message.get("files")
    return message.get("text"), [
        (file.get("id"), file.get("mode") == "tombstone")
        for file in (files if isinstance(files, list) else [])
        if isinstance(file, Mapping)
    ]


def _storable(value: object, key: str = "") -> Any:
    """Copy JSON without what a database refuses, and of files only what is needed to fetch them."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        kept = {name: part for name, part in value.items() if key != "files" or name in _FILE_PARTS}
        return {storable(str(name)): _storable(part, str(name)) for name, part in kept.items()}
    if isinstance(value, list):
        return [_storable(part, key) for part in value]
    return value


def _place(team: str, channel: str, ts: str) -> Place:
    return Place(SURFACE, team, channel, ts)


def _seconds(ts: str) -> float:
    try:
        return float(ts)
    except ValueError:
        return 0.0


def _mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}
