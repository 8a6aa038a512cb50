"""Which activities of Teams concern a draft (下書き), and what has to be kept of them. Pure functions.

A draft is a message that a person puts at the top level of a review channel. A post that begins with 「連絡：」 or
``//`` is none. A reply that begins with 「修正版」 is the next version of its thread's draft; any other reply is talk.

Unlike Slack, Teams does not tell what stood in a message before it was changed or deleted. So it is not known here
whether there was a draft or a version at all: handlers ask the desk, and wait a little for what may be on its way.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, Self

from bot.desk.markers import is_next_version, is_notice
from bot.desk.texts import storable
from bot.history import Item, Place, Retraction
from bot.teams import html
from bot.teams.spot import SURFACE, Json, Spot, actor_of, part, spot_of, string

VERSION: Final = "version"
"""Kind of item: a draft was posted or edited. Its payload is that of ``PostedVersion``."""
TAKEN: Final = "taken"
"""Kind of item: a message was deleted, or does not hold any more what it may have held. Payload of ``TakenAway``."""

HTML: Final = "text/html"
DOWNLOAD: Final = "application/vnd.microsoft.teams.file.download.info"

_OF_TEAMS: Final = "application/vnd.microsoft."
"""Cards, banners and the like."""
_FORWARDED: Final = "forwardedmessagereference"
_QUOTED: Final = "messagereference"
_DIGITS: Final = 14
"""Of milliseconds since 1970, for some time to come."""
_DOWNLOAD_PARTS: Final = ("downloadUrl", "uniqueId", "fileType")


class _Role(Enum):
    """What a message is to this bot."""

    DRAFT = "draft"
    NOTICE = "notice"
    """Where a draft would stand, but marked as none."""
    NEXT_VERSION = "next version"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Written:
    """What its author put into a message: words, pictures and files. ``files`` are as the activity attaches them."""

    text: str
    pictures: int = 0
    files: Sequence[Json] = ()

    def payload(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"text": self.text, "pictures": self.pictures, "files": list(self.files)}

    @classmethod
    def of(cls, payload: Json) -> Self:
        """Read back what ``payload`` returned."""
        return cls(payload["text"], payload["pictures"], payload["files"])


@dataclass(frozen=True, slots=True)
class PostedVersion:
    """One version of a draft as it stands in the inbox."""

    spot: Spot
    revision: str
    order: float
    author: str
    is_reply: bool
    """Written as 「修正版」 into the draft's thread."""
    written: Written

    @classmethod
    def of(cls, item: Item) -> Self:
        """Read back what ``item_of`` wrote."""
        payload = item.payload
        return cls(
            spot=Spot.of(payload["spot"]),
            revision=payload["revision"],
            order=item.order,
            author=payload["author"],
            is_reply=payload["is_reply"],
            written=Written.of(payload["written"]),
        )


@dataclass(frozen=True, slots=True)
class TakenAway:
    """A message that was deleted, or changed into what is no draft and no version, as it stands in the inbox.

    ``message`` is its id; a draft's is that of its thread. What is written there after ``before`` counts again.
    """

    spot: Spot
    message: str
    author: str
    before: float
    deleted: bool

    @property
    def is_draft(self) -> bool:
        """Whether it stood where drafts do."""
        return self.message == self.spot.place.thread

    @property
    def retraction(self) -> Retraction:
        """The taking back of what was written in a reply."""
        return Retraction(self.message, self.before)

    @property
    def first_key(self) -> str:
        """The key under which the message was, or will be, put into the inbox when it was posted."""
        return _key(self.spot.place, self.message)

    @classmethod
    def of(cls, item: Item) -> Self:
        """Read back what ``item_of`` wrote."""
        payload = item.payload
        return cls(Spot.of(payload["spot"]), payload["message"], payload["author"], item.order, payload["deleted"])


def item_of(activity: Json, received_at: datetime) -> Item | None:
    """Return what to store for an activity in a review channel, ``None`` if it concerns no draft.

    The item's key is made of the content (place, time of the edit), so that a repeated delivery is the same item.
    """
    spot = spot_of(activity)
    if spot is None or not spot.place.thread or not _is_persons(activity):
        return None
    reader = _Reader(spot, activity, received_at)
    match activity.get("type"):
        case "message":
            return reader.posted()
        case "messageUpdate":
            return reader.changed()
        case "messageDelete":
            return reader.taken(deleted=True)
        case _:
            return None


def is_addressed(activity: Json) -> bool:
    """Tell whether a person has posted a message that mentions the bot."""
    return activity.get("type") == "message" and _is_persons(activity) and bool(_own_names(activity))


def as_it_stands(spot: Spot, message: Json, received_at: datetime) -> Item | None:
    """Return the item for a message of a thread as Microsoft Graph shows it; ``None`` if it is no draft and no version.

    It is the one that its posting or its last edit would have brought, had that been delivered.
    """
    author, identifier = string(part(part(message, "from"), "user").get("id")), string(message.get("id"))
    edited = _moment(message.get("lastEditedDateTime"))
    written = written_in_message(message)
    is_reply = identifier != spot.place.thread
    counts = is_next_version(written.text) if is_reply else not is_notice(written.text)
    if message.get("deletedDateTime") or not author or not counts:
        return None
    stamp = _milliseconds(edited) if edited else ""
    revision = "/".join(filter(None, (identifier, stamp))) if is_reply else stamp or identifier
    order = edited.timestamp() if edited else _posted_at(identifier, received_at)
    return _version(spot, revision, order, received_at, author=author, is_reply=is_reply, written=written)


def taken_as_it_stands(spot: Spot, message: Json, received_at: datetime, author: str) -> Item:
    """Return the item for a message of a thread that Microsoft Graph shows as deleted, or as what is no version.

    ``author`` is who wrote what stood there.
    """
    deleted = _moment(message.get("deletedDateTime"))
    happened = deleted or _moment(message.get("lastEditedDateTime")) or received_at
    identifier = string(message.get("id"))
    return _taken(spot, identifier, happened, received_at, author=author, deleted=deleted is not None)


def last_touched(message: Json, otherwise: datetime) -> datetime:
    """Return when something happened to a message last, as Microsoft Graph shows it: also when it was brought back."""
    return _moment(message.get("lastModifiedDateTime")) or otherwise


def written_in(activity: Json) -> Written:
    """Return what a message says to the public, and what came with it."""
    return _written(activity, _own_names(activity))


def written_in_message(message: Json, addressed: str = "") -> Written:
    """Return the same of a message as Microsoft Graph and message extensions show it.

    ``addressed`` is what the bot is called where the message itself does not tell which mentions are of bots.
    """
    return _written(_as_activity(message), (_bots_mentioned(message) | {_one_line(addressed)}) - {""})


def _written(activity: Json, own: Collection[str]) -> Written:
    body, attachments = _body(activity, own), list(_attachments(activity))
    forwarded = [html.read(content) for content in map(_forwarded, attachments) if content]
    text = "\n\n".join(each.text for each in (body, *forwarded) if each.text.strip())
    files = [_file(each) for each in attachments if _is_file(each)]
    # A picture in the text is attached to an activity besides, and in Graph it is not.
    pictures = max(body.pictures, sum(map(_is_picture, attachments)))
    return Written(
        text=storable(text),
        pictures=pictures + sum(each.pictures for each in forwarded),
        files=files or _unknown_files(body.attachments, attachments),
    )


# ── reading one activity ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one activity."""

    spot: Spot
    activity: Json
    received_at: datetime

    @property
    def named(self) -> str:
        """The id of the message that it is about."""
        return string(self.activity.get("id")) or self.spot.place.thread

    @property
    def is_numbered(self) -> bool:
        """Whether the id is a number, as Teams has it. Anything else does not tell a post from a reply."""
        return self.named.isascii() and self.named.isdigit()

    def posted(self) -> Item | None:
        """Return what a new message is."""
        if "value" in self.activity and not string(self.activity.get("text")):
            return None  # a button of a card, in an old client
        happened = self._happened()
        return self._version(self.named, _posted_at(self.named, happened) if self.is_numbered else happened.timestamp())

    def changed(self) -> Item | None:
        """Return what a message is now that it was edited, or came back after its deletion."""
        happened = self._happened()
        stamp = _milliseconds(happened)
        at_top = self.named == self.spot.place.thread
        version = self._version(stamp if at_top else f"{self.named}/{stamp}", happened.timestamp())
        return version or self.taken(deleted=False)

    def taken(self, *, deleted: bool) -> Item:
        """Return that a message holds no more what it may have held."""
        message = self.named if self.is_numbered else self.spot.place.thread
        author = storable(actor_of(self.activity))
        return _taken(self.spot, message, self._happened(), self.received_at, author=author, deleted=deleted)

    def _version(self, revision: str, order: float) -> Item | None:
        written = written_in(self.activity)
        role = self._role(written.text)
        if role not in {_Role.DRAFT, _Role.NEXT_VERSION}:
            return None
        return _version(
            self.spot,
            storable(revision),
            order,
            self.received_at,
            author=storable(actor_of(self.activity)),
            is_reply=role is _Role.NEXT_VERSION,
            written=written,
        )

    def _role(self, text: str) -> _Role:
        at_top = self.named == self.spot.place.thread or not (self.is_numbered or is_next_version(text))
        if at_top:
            return _Role.NOTICE if is_notice(text) else _Role.DRAFT
        return _Role.NEXT_VERSION if is_next_version(text) else _Role.TALK

    def _happened(self) -> datetime:
        return _moment(self.activity.get("timestamp")) or self.received_at


def _version(  # noqa: PLR0913 - what a version is made of, by name
    spot: Spot,
    revision: str,
    order: float,
    received_at: datetime,
    *,
    author: str,
    is_reply: bool,
    written: Written,
) -> Item:
    payload = {
        "spot": spot.payload(),
        "revision": revision,
        "author": author,
        "is_reply": is_reply,
        "written": written.payload(),
    }
    place = spot.place
    return Item(_key(place, revision), SURFACE, VERSION, place.key, order, received_at, payload)


def _taken(  # noqa: PLR0913 - what it is made of, by name
    spot: Spot, message: str, happened: datetime, received_at: datetime, *, author: str, deleted: bool
) -> Item:
    payload = {"spot": spot.payload(), "message": message, "author": author, "deleted": deleted}
    # A place of its own: whoever waits for what may be on its way must not keep the draft waiting.
    place = f"{_key(spot.place, message)}/{TAKEN}"
    return Item(f"{place}/{_milliseconds(happened)}", SURFACE, TAKEN, place, happened.timestamp(), received_at, payload)


def _key(place: Place, what: str) -> str:
    return f"{place.key}/{what}"


def _is_persons(activity: Json) -> bool:
    """Tell whether a person did it: bots (``28:``), ourselves included, write no drafts."""
    person = part(activity, "from")
    return bool(actor_of(activity)) and person.get("role") != "bot" and not string(person.get("id")).startswith("28:")


# ── what a message holds ─────────────────────────────────────────────────────────────────────────────────────────────


def _body(activity: Json, own: Collection[str]) -> html.Message:
    """Read a message by its HTML, where there is some, else by its plain text, in which mentions are marked up."""
    contents = [string(each.get("content")) for each in _attachments(activity) if each.get("contentType") == HTML]
    if any(contents):
        return html.read("\n".join(contents), own)
    text = string(activity.get("text"))
    return html.read(text, own) if activity.get("textFormat") == "xml" else html.Message(html.plain(text, own))


def _own_names(activity: Json) -> frozenset[str]:
    """Return what the bot is called where it is mentioned."""
    own = string(part(activity, "recipient").get("id"))
    mentions = [each for each in _mappings(activity.get("entities")) if each.get("type") == "mention"]
    people = [part(each, "mentioned") for each in mentions]
    return frozenset(_one_line(string(one.get("name"))) for one in people if own and one.get("id") == own)


def _bots_mentioned(message: Json) -> frozenset[str]:
    """Return what the bots are called that a message of Microsoft Graph mentions."""
    mentions = [each for each in _mappings(message.get("mentions")) if part(part(each, "mentioned"), "application")]
    return frozenset(_one_line(string(each.get("mentionText"))) for each in mentions)


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _attachments(activity: Json) -> Iterator[Json]:
    return _mappings(activity.get("attachments"))


def _kind(attachment: Json) -> str:
    return string(attachment.get("contentType")).partition(";")[0].strip().lower()


def _is_file(attachment: Json) -> bool:
    kind = _kind(attachment)
    others = {HTML, _FORWARDED, _QUOTED, ""}
    return kind == DOWNLOAD or (kind not in others and not kind.startswith((_OF_TEAMS, "image/", "video/")))


def _is_picture(attachment: Json) -> bool:
    return _kind(attachment).startswith(("image/", "video/"))


def _forwarded(attachment: Json) -> str:
    """Return the HTML of a message that this one forwards, as far as it is there."""
    if _kind(attachment) != _FORWARDED:
        return ""
    content = attachment.get("content")
    if isinstance(content, str):  # as Graph has it
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return ""
    return string(part({"content": content}, "content").get("originalMessageContent"))


def _file(attachment: Json) -> Json:
    """Return of an attachment only what is needed to fetch it and to tell it from others."""
    content = part(attachment, "content")
    kept = {name: storable(string(content.get(name))) for name in _DOWNLOAD_PARTS if name in content}
    return {
        "contentType": storable(string(attachment.get("contentType"))),
        "name": storable(string(attachment.get("name"))),
        "id": storable(string(attachment.get("id")) or string(attachment.get("contentUrl"))),
        **({"content": kept} if kept else {}),
    }


def _unknown_files(named: Sequence[str], attachments: Sequence[Json]) -> list[Json]:
    """Return the files of which a message only says that they are there: what bots are told of files in channels."""
    known = {string(each.get("id")) for each in attachments}
    return [{"contentType": "reference", "name": "", "id": storable(each)} for each in named if each not in known]


def _as_activity(message: Json) -> Json:
    """Return a message of Microsoft Graph in the shape of an activity, as far as ``written_in`` reads it."""
    body = part(message, "body")
    content = string(body.get("content"))
    if body.get("contentType") == "text":
        return {"text": content}
    return {"attachments": [{"contentType": HTML, "content": content}, *_attachments(message)]}


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(string(value))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _milliseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


def _posted_at(message: str, otherwise: datetime) -> float:
    """Return when a message was posted: its id says so, in milliseconds."""
    return int(message) / 1000 if len(message) <= _DIGITS else otherwise.timestamp()


def _mappings(value: object) -> Iterator[Json]:
    for each in value if isinstance(value, Sequence) and not isinstance(value, str) else ():
        if isinstance(each, Mapping):
            yield each
