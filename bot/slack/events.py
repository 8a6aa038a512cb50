"""Which of Slack's events concern a draft (下書き), and what has to be kept of them. Pure functions.

A draft is a message that a person, or a bot that the town lists, puts at the top level of a review channel. A post
that begins with 「連絡：」 or ``//`` is none. A reply that begins with 「修正版」 is the next version of its thread's
draft, taken back by deleting it or its heading; any other reply is talk, also one that is shown to the channel.

Slack tells of a message more than once and in any order: as a message, as ``message_changed`` (also for link previews
and replies, which change nothing that was written) and as ``message_deleted`` or, where replies keep the place, as a
change into a ``tombstone``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from bot.desk.markers import is_next_version, is_notice
from bot.desk.texts import storable
from bot.history import Item, Place, Retraction
from bot.slack.inbound import plain_text, shared

SURFACE: Final = "slack"
VERSION: Final = "version"
"""Kind of item: a draft was posted or edited. Its payload is that of ``PostedVersion``."""
DELETION: Final = "deletion"
"""Kind of item: a draft was withdrawn. Its payload is that of ``Withdrawal``."""
RETRACTION: Final = "retraction"
"""Kind of item: a version written as a reply was taken back. Its payload is that of ``TakenBack``."""

Json = Mapping[str, Any]

_PEOPLES_SUBTYPES: Final = {"", "file_share", "me_message", "thread_broadcast"}
"""``thread_broadcast`` is a reply that is shown to the channel too."""
_BOTS_SUBTYPES: Final = {*_PEOPLES_SUBTYPES, "bot_message"}
_MESSAGE_PARTS: Final = ("text", "blocks", "files")
_STAMP: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
"""A time stamp as Slack writes it. Of another one (``nan``) no order and no name of a draft could be made."""
_FILE_PARTS: Final = ("id", "mode", "mimetype", "filetype", "size", "url_private", "url_private_download")


class _Role(Enum):
    """What a message is to this bot."""

    DRAFT = "draft"
    NOTICE = "notice"
    """Where a draft would stand, but marked as none."""
    NEXT_VERSION = "next version"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Speakers:
    """Whose messages count: people's, and those of ``bots`` (bot, app or bot-user ids); never our own.

    ``app`` is the id of our own app, which Slack names in every delivery; empty where it is not known.
    """

    bots: Collection[str]
    app: str = ""

    def author(self, message: Json) -> str | None:
        """Return who wrote a message, ``None`` if it is nobody whose messages count."""
        user, bot, subtype = (_string(message.get(name)) for name in ("user", "bot_id", "subtype"))
        app = _string(message.get("app_id") or _mapping(message.get("bot_profile")).get("app_id"))
        if bot or subtype == "bot_message":
            listed = not {user, bot, app}.isdisjoint(self.bots) and app != self.app
            return (user or bot or app) if listed and subtype in _BOTS_SUBTYPES else None
        return user if user and user != "USLACKBOT" and subtype in _PEOPLES_SUBTYPES else None


@dataclass(frozen=True, slots=True)
class PostedVersion:
    """One version of a draft as it stands in the inbox."""

    place: Place
    revision: str
    order: float
    author: str
    is_reply: bool
    """Written as 「修正版」 into the draft's thread."""
    message: Json
    """Text, blocks, files and forwarded messages as Slack gave them."""

    @classmethod
    def of(cls, item: Item) -> PostedVersion:
        """Read back what ``item_of`` wrote."""
        payload = item.payload
        return cls(
            place=_place(payload["team"], payload["channel"], payload["ts"]),
            revision=payload["revision"],
            order=item.order,
            author=payload["author"],
            is_reply=payload["is_reply"],
            message=payload["message"],
        )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A draft that was deleted, or turned into what is none, as it stands in the inbox.

    Slack does not tell who deleted it: ``author`` wrote it. ``before``: what is written later brings it back; ``None``:
    it was deleted.
    """

    place: Place
    author: str
    before: float | None

    @classmethod
    def of(cls, item: Item) -> Withdrawal:
        """Read back what ``item_of`` wrote."""
        payload = item.payload
        before = None if payload["deleted"] else item.order
        return cls(_place(payload["team"], payload["channel"], payload["ts"]), payload["author"], before)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A reply with a version that was deleted, or turned into talk, as it stands in the inbox."""

    place: Place
    author: str
    retraction: Retraction

    @classmethod
    def of(cls, item: Item) -> TakenBack:
        """Read back what ``item_of`` wrote."""
        payload = item.payload
        before = math.inf if payload["deleted"] else item.order
        retraction = Retraction(payload["revision"], before)
        return cls(_place(payload["team"], payload["channel"], payload["ts"]), payload["author"], retraction)


def item_of(body: Json, bots: Collection[str], received_at: datetime) -> Item | None:
    """Return what to store for an Events API payload of a review channel, ``None`` if it concerns no draft.

    ``bots`` are the bots that may write drafts (see ``Speakers``). The item's key is made of the content (place, edit
    time), so that a repeated delivery and a second event about the same edit are the same item.
    """
    event = body.get("event")
    if not isinstance(event, Mapping) or event.get("type") != "message" or not _string(event.get("channel")):
        return None
    speakers = Speakers(bots, str(body.get("api_app_id") or ""))
    reader = _Reader(event, str(body.get("team_id") or event.get("team") or ""), received_at, speakers)
    match event.get("subtype"):
        case "message_changed":
            return reader.changed(_mapping(event.get("message")), _mapping(event.get("previous_message")))
        case "message_deleted":
            return reader.deleted(_mapping(event.get("previous_message")))
        case _:
            return reader.version(event)


def is_draft(message: Json, speakers: Speakers) -> bool:
    """Tell whether a message as the Web API shows it is a draft."""
    return _role(message, speakers) is _Role.DRAFT


def written_at(message: Json) -> str:
    """Return when the words of a message as the Web API shows it were written: the revision of a draft's own post."""
    return str(_mapping(message.get("edited")).get("ts") or message["ts"])


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one event."""

    event: Json
    team: str
    received_at: datetime
    speakers: Speakers

    def changed(self, message: Json, previous: Json) -> Item | None:
        if message.get("subtype") == "tombstone":
            return self.deleted(previous or message)
        if _written(message) == _written(previous):
            return None
        role, former = _role(message, self.speakers), _role(previous, self.speakers)
        if role is _Role.NOTICE and former is _Role.DRAFT:
            return self._withdrawn(previous, self._written_at(message, str(message["ts"])), deleted=False)
        if role is _Role.NONE and former is _Role.NEXT_VERSION:
            return self._taken_back(previous, self._written_at(message, str(previous["ts"])), deleted=False)
        return self.version(message)

    def version(self, message: Json) -> Item | None:
        role, author = _role(message, self.speakers), self.speakers.author(message)
        if author is None or role not in {_Role.DRAFT, _Role.NEXT_VERSION}:
            return None
        ts = str(message["ts"])
        thread = str(message.get("thread_ts") or ts)
        is_reply = role is _Role.NEXT_VERSION
        place = _place(self.team, str(self.event["channel"]), thread if is_reply else ts)
        written = self._written_at(message, ts)
        # Replies have time stamps of their own, and two messages may be edited in the same second.
        revision = written if written == ts or not is_reply else f"{ts}/{written}"
        return self._item(
            VERSION,
            place,
            revision,
            written,
            {
                "revision": revision,
                "author": author,
                "is_reply": is_reply,
                "message": _storable(_parts(message)),
            },
        )

    def _written_at(self, message: Json, ts: str) -> str:
        edited = _mapping(message.get("edited")).get("ts")
        return ts if message is self.event else str(edited or self.event.get("event_ts") or ts)

    def deleted(self, previous: Json) -> Item | None:
        ts = str(self.event.get("deleted_ts") or previous.get("ts") or "")
        gone = {"ts": ts, **previous}
        happened = str(self.event.get("event_ts") or ts)
        match _role(gone, self.speakers):
            case _Role.DRAFT:
                return self._withdrawn(gone, happened, deleted=True)
            case _Role.NEXT_VERSION:
                return self._taken_back(gone, happened, deleted=True)
            case _:
                return None

    def _withdrawn(self, draft: Json, happened: str, *, deleted: bool) -> Item | None:
        place = _place(self.team, str(self.event["channel"]), str(draft["ts"]))
        payload = {"author": self.speakers.author(draft), "deleted": deleted}
        return self._item(DELETION, place, DELETION if deleted else f"{DELETION}/{happened}", happened, payload)

    def _taken_back(self, reply: Json, happened: str, *, deleted: bool) -> Item | None:
        place = _place(self.team, str(self.event["channel"]), str(reply["thread_ts"]))
        revision = str(reply["ts"])
        payload = {"author": self.speakers.author(reply), "revision": revision, "deleted": deleted}
        suffix = f"{RETRACTION}/{revision}" if deleted else f"{RETRACTION}/{revision}/{happened}"
        return self._item(RETRACTION, place, suffix, happened, payload)

    def _moment(self, happened: str) -> float:
        """Return when it happened, in seconds. Edits are stamped in whole ones; the event tells it to the microsecond.

        Otherwise an edit would seem older than a reply that was written earlier in the same second.
        """
        stamped, told = seconds(happened), seconds(str(self.event.get("event_ts") or ""))
        return told if stamped.is_integer() and 0 <= told - stamped < 1 else stamped

    def _item(self, kind: str, place: Place, suffix: str, happened: str, payload: Json) -> Item | None:
        if not (_STAMP.fullmatch(place.thread) and _STAMP.fullmatch(happened)):
            return None
        where = {"team": place.team, "channel": place.channel, "ts": place.thread}
        return Item(
            key=f"{place.key}/{suffix}",
            surface=SURFACE,
            kind=kind,
            place=place.key,
            order=self._moment(happened),
            received_at=self.received_at,
            payload={**where, **payload},
        )


def _role(message: Json, speakers: Speakers) -> _Role:
    ts, thread = _string(message.get("ts")), _string(message.get("thread_ts"))
    if not ts or speakers.author(message) is None:
        return _Role.NONE
    text = plain_text(message)
    if thread not in {"", ts}:
        return _Role.NEXT_VERSION if is_next_version(text) else _Role.NONE
    return _Role.NOTICE if is_notice(text) else _Role.DRAFT


def _parts(message: Json) -> Json:
    parts = {part: message[part] for part in _MESSAGE_PARTS if part in message}
    forwarded = shared(message)
    return {**parts, **({"attachments": forwarded} if forwarded else {})}


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


def seconds(ts: str) -> float:
    """Return a time stamp of Slack's as a number, 0 for what is none."""
    try:
        return float(ts)
    except ValueError:
        return 0.0


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}
