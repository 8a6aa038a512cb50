"""What people do in Slack's client, and what they see. These are the handles that tests hold."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from . import blocks as block_kit
from . import inputs, markup
from .delivery import Courier, Delivery, Kind
from .errors import SlackError
from .interactions import Interactions, Modal
from .markup import Part
from .methods.chat import bot_body
from .reading import Reading, read_message, read_view
from .web_api import Context
from .workspace import Channel, Ephemeral, Message

Json = dict[str, Any]
T = TypeVar("T")

WITHIN = 30.0
"""Real seconds that a test waits for something to happen."""


@dataclass(frozen=True)
class Stage:
    """Where people act: the workspace behind the double, and the courier to the app."""

    context: Context
    courier: Courier

    @property
    def interactions(self) -> Interactions:
        return self.context.interactions

    async def until(self, condition: Callable[[], T | None], within: float, expected: str) -> T:
        """First truthy value of ``condition``; AssertionError that says what was expected."""
        try:
            return await self.context.board.until(condition, within)
        except TimeoutError:
            message = f"not within {within} s: {expected}"
            raise AssertionError(message) from None

    def who(self, user: str) -> Json:
        """The user as interaction payloads name them."""
        identity = self.context.workspace.identity
        person = self.context.workspace.user(user)
        return {"id": user, "username": person.name, "name": person.name, "team_id": identity.team}

    def press(self, blocks: list[Json], action_id: str, value: Any, block_id: str = "") -> Json:
        """What an interaction payload says about the element that was used."""
        return {**inputs.action(blocks, action_id, value, block_id), "action_ts": self.context.workspace.next_ts()}

    def envelope(self, kind: str, user: str) -> Json:
        """The fields that every interaction payload has."""
        identity = self.context.workspace.identity
        return {
            "type": kind,
            "team": {"id": identity.team, "domain": identity.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": identity.app,
            "token": "verification-token",
            "user": self.who(user),
        }


@dataclass(frozen=True)
class Post:
    """A message, for those who read, edit, delete or click it."""

    stage: Stage = field(repr=False)
    message: Message

    @property
    def ts(self) -> str:
        return self.message.ts

    @property
    def text(self) -> str:
        """Slack's marked-up text."""
        return str(self.message.body.get("text", ""))

    @property
    def body(self) -> Json:
        """The message as the Web API shows it, metadata included."""
        return self.message.shown(with_metadata=True)

    @property
    def reading(self) -> Reading:
        """What a reader sees."""
        return read_message(self.message.body)

    @property
    def replies(self) -> list[Post]:
        """What stands in its thread, oldest first."""
        thread = self._channel.thread(self.ts)
        return [Post(self.stage, message) for message in thread if message.ts != self.ts]

    @property
    def answers(self) -> list[Post]:
        """The replies of the app under test."""
        bot = self.stage.context.workspace.identity.bot_id
        return [reply for reply in self.replies if reply.message.body.get("bot_id") == bot]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every event about this message that Slack has sent to the app."""
        return [d for d in self.stage.courier.deliveries if self.ts in _subjects(d.event)]

    async def answer(self, number: int = 1, within: float = WITHIN) -> Post:
        """Wait for the app's answer number ``number`` in the thread."""
        expected = f"answer {number} to {self.ts}"
        await self.stage.until(lambda: self.answers[number - 1 : number], within, expected)
        return self.answers[number - 1]

    def edit(self, *parts: str | Part) -> Delivery | None:
        """The author changes the text."""
        text, blocks = markup.typed(*parts)
        previous = self.message.shown()
        edited = {"user": self.message.body["user"], "ts": self.stage.context.workspace.edit_ts(self.message)}
        self.message.body = {**self.message.body, "text": text, "blocks": blocks, "edited": edited}
        return self._changed(previous)

    def take_files_away(self) -> Delivery | None:
        """The author takes the attached files from it."""
        previous = self.message.shown()
        kept = {name: part for name, part in self.message.body.items() if name != "files"}
        edited = {"user": kept["user"], "ts": self.stage.context.workspace.edit_ts(self.message)}
        self.message.body = {**kept, "edited": edited}
        return self._changed(previous)

    def unfurl(self, url: str, title: str) -> Delivery | None:
        """Slack adds a preview of a linked page: ``message_changed``, with the same text."""
        previous = self.message.shown()
        preview = {"id": 1, "from_url": url, "original_url": url, "title": title, "fallback": title}
        self.message.body = {**self.message.body, "attachments": [preview]}
        return self._changed(previous)

    def delete(self) -> Delivery | None:
        """The author deletes it; with replies it leaves a tombstone."""
        before = self.message.shown()
        gone = Message(self.message.channel, dict(self.message.body), self.message.metadata, root=self.message.root)
        self.stage.context.workspace.forget(self._channel, self.message)
        self.stage.context.board.announce()
        if self.message.is_tombstone:
            return self.stage.context.feed.changed(self.message, before)
        return self.stage.context.feed.deleted(gone)

    def reply(self, user: str, *parts: str | Part, broadcast: bool = False) -> Post:
        """Somebody answers in the thread; ``broadcast`` shows it in the channel too."""
        extra: Json = {"thread_ts": self.ts}
        if broadcast:
            extra["subtype"] = "thread_broadcast"
        return Room(self.stage, self._channel).post(user, *parts, **extra)

    def shortcut(self, user: str, callback_id: str) -> Delivery:
        """Somebody picks a message shortcut from its menu."""
        interactions = self.stage.interactions
        payload = {
            **self.stage.envelope("message_action", user),
            "callback_id": callback_id,
            "trigger_id": interactions.trigger(user),
            "action_ts": self.stage.context.workspace.next_ts(),
            "message_ts": self.ts,
            "channel": {"id": self._channel.id, "name": self._channel.name},
            "message": self.message.shown(),
            "response_url": interactions.response_url(user, self._channel.id, self.message),
        }
        return self.stage.courier.dispatch(Kind.INTERACTIVE, payload)

    def click(self, user: str, action_id: str, value: Any = None, *, block_id: str = "") -> Delivery:
        """Somebody uses a button or menu of the message; ``value`` is what they choose in a menu.

        Of several buttons of that name it is the first, or that of the block.
        """
        self._channel.members.add(user)
        interactions = self.stage.interactions
        payload = {
            **self.stage.envelope("block_actions", user),
            "container": {
                "type": "message",
                "message_ts": self.ts,
                "channel_id": self._channel.id,
                "is_ephemeral": False,
                **({"thread_ts": self.message.thread_ts} if self.message.thread_ts else {}),
            },
            "trigger_id": interactions.trigger(user),
            "channel": {"id": self._channel.id, "name": self._channel.name},
            "message": self.message.shown(),
            "state": {"values": {}},
            "response_url": interactions.response_url(user, self._channel.id, self.message),
            "actions": [self.stage.press(self.message.body.get("blocks", []), action_id, value, block_id)],
        }
        return self.stage.courier.dispatch(Kind.INTERACTIVE, payload)

    @property
    def reactions(self) -> set[str]:
        """Names of the emoji with which the app under test has reacted."""
        bot = self.stage.context.workspace.identity.bot_user
        return {name for name, users in self.message.reactions.items() if bot in users}

    def react(self, user: str, name: str) -> None:
        """Somebody adds an emoji."""
        self.message.reactions.setdefault(name, []).append(user)
        self.stage.context.board.announce()

    @property
    def _channel(self) -> Channel:
        return self.stage.context.workspace.channels[self.message.channel]

    def _changed(self, previous: Json) -> Delivery | None:
        self.stage.context.board.announce()
        return self.stage.context.feed.changed(self.message, previous)


@dataclass(frozen=True)
class Command:
    """A slash command that somebody has sent."""

    stage: Stage = field(repr=False)
    delivery: Delivery
    origin: str

    @property
    def responses(self) -> list[Whisper]:
        """What the app answered to the sender alone, by acknowledgement or response URL."""
        found = self.stage.context.workspace.ephemerals
        return [Whisper(self.stage, ephemeral) for ephemeral in found if ephemeral.origin == self.origin]

    async def response(self, number: int = 1, within: float = WITHIN) -> Whisper:
        """Wait for the app's private answer."""
        expected = f"private answer {number} to {self.delivery.payload['command']}"
        await self.stage.until(lambda: self.responses[number - 1 : number], within, expected)
        return self.responses[number - 1]


@dataclass(frozen=True)
class Whisper:
    """A message that only one person sees."""

    stage: Stage = field(repr=False)
    ephemeral: Ephemeral

    @property
    def user(self) -> str:
        return self.ephemeral.user

    @property
    def body(self) -> Json:
        return self.ephemeral.body

    @property
    def reading(self) -> Reading:
        """What that person sees."""
        return read_message(self.ephemeral.body)

    async def shows(self, words: str, within: float = WITHIN) -> Reading:
        """Wait until it shows these words: the app may put something else in its place."""
        await self.stage.until(lambda: words in self.reading.text, within, f"{words!r} in the private message")
        return self.reading

    def click(self, action_id: str, value: Any = None, *, block_id: str = "") -> Delivery:
        """That person uses a button or menu of it. Slack keeps no such message, and does not send it along."""
        shown, interactions = self.ephemeral, self.stage.interactions
        channel = self.stage.context.workspace.channel(shown.channel)
        container = {"type": "message", "message_ts": shown.ts, "channel_id": channel.id, "is_ephemeral": True}
        payload = {
            **self.stage.envelope("block_actions", shown.user),
            "container": container,
            "trigger_id": interactions.trigger(shown.user),
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": {}},
            "response_url": interactions.response_url(shown.user, channel.id, shown),
            "actions": [self.stage.press(shown.body.get("blocks", []), action_id, value, block_id)],
        }
        return self.stage.courier.dispatch(Kind.INTERACTIVE, payload)


@dataclass(frozen=True)
class Room:
    """A channel, for those who write in it."""

    stage: Stage = field(repr=False)
    channel: Channel

    @property
    def id(self) -> str:
        return self.channel.id

    @property
    def messages(self) -> list[Post]:
        """Everything said here, threads included, oldest first."""
        return [Post(self.stage, message) for message in sorted(self.channel.messages.values(), key=lambda m: m.ts)]

    @property
    def bot_messages(self) -> list[Post]:
        """Everything that the app under test said here."""
        bot = self.stage.context.workspace.identity.bot_id
        return [post for post in self.messages if post.message.body.get("bot_id") == bot]

    def post(self, user: str, *parts: str | Part, **extra: Any) -> Post:
        """Somebody writes a message; ``extra`` are fields of Slack's JSON, e.g. ``thread_ts``."""
        text, blocks = markup.typed(*parts)
        self._enter(user)
        return self.say(
            {
                "client_msg_id": secrets.token_hex(16),
                "user": user,
                "team": self.stage.context.workspace.identity.team,
                "text": text,
                **({"blocks": blocks} if blocks else {}),
                **extra,
            }
        )

    def me(self, user: str, text: str) -> Post:
        """``/me …``."""
        return self.post(user, text, subtype="me_message")

    def snippet(self, user: str, content: str | bytes, *, text: str = "", title: str = "下書き", **fields: Any) -> Post:
        """Somebody pastes so much that Slack makes a text snippet of it; ``fields`` override those of the file."""
        raw = content.encode() if isinstance(content, str) else content
        lines = raw.decode("utf-8", "replace").splitlines()
        description = {
            "name": f"{title}.txt",
            "title": title,
            "mimetype": "text/plain",
            "filetype": "text",
            "pretty_type": "プレーンテキスト",
            "mode": "snippet",
            "editable": True,
            "preview": "\n".join(lines[:5]),
            "lines": len(lines),
            "lines_more": max(0, len(lines) - 5),
            "preview_is_truncated": len(lines) > 5,
        }
        return self.upload(user, raw, {**description, **fields}, text=text)

    def image(self, user: str, *, text: str = "", name: str = "写真.png") -> Post:
        """Somebody shares a picture."""
        pixel = bytes.fromhex("89504e470d0a1a0a")
        description = {"name": name, "title": name, "mimetype": "image/png", "filetype": "png", "mode": "hosted"}
        return self.upload(user, pixel, description, text=text)

    def upload(self, user: str, content: bytes, description: Json, *, text: str = "") -> Post:
        """Somebody shares a file: ``file_share``."""
        stored = self.stage.context.workspace.keep_file({"user": user, "is_external": False}, content)
        address = f"{self.stage.context.base_url}/files-pri/{self.stage.context.workspace.identity.team}-{stored.id}"
        links = {"url_private": f"{address}/file", "url_private_download": f"{address}/download/file"}
        stored.body |= {
            "created": int(self.stage.context.clock.now()),
            "file_access": "visible",
            **links,
            **description,
        }
        return self.post(user, text, subtype="file_share", files=[stored.body], upload=False)

    def other_bot(self, text: str, *, bot_id: str = "B09OTHER", legacy: bool = False) -> Post:
        """Another app posts; ``legacy`` ones have the subtype ``bot_message`` and no user."""
        speaker = {"subtype": "bot_message", "username": "広報bot"} if legacy else {"user": "U09OTHER"}
        return self.say({"bot_id": bot_id, "app_id": "A09OTHER", "text": markup.escape(text), **speaker})

    def join(self, user: str) -> Delivery | None:
        """Somebody, or the bot, is added to the channel."""
        self.channel.members.add(user)
        self.say({"subtype": "channel_join", "user": user, "text": f"<@{user}> has joined the channel"})
        identity = self.stage.context.workspace.identity
        kind = {"channel": "C", "group": "G", "im": "D"}[self.channel.kind]
        event = {"user": user, "channel": self.channel.id, "channel_type": kind, "team": identity.team}
        return self.stage.context.feed.happened({"type": "member_joined_channel", **event})

    def command(self, user: str, name: str, *parts: str | Part) -> Command:
        """Somebody sends a slash command here."""
        self._enter(user)
        identity = self.stage.context.workspace.identity
        interactions = self.stage.interactions
        response_url = interactions.response_url(user, self.channel.id)
        origin = response_url.rsplit("/", 1)[1]
        payload = {
            "token": "verification-token",
            "team_id": identity.team,
            "team_domain": identity.domain,
            "channel_id": self.channel.id,
            "channel_name": self.channel.name,
            "user_id": user,
            "user_name": self.stage.context.workspace.user(user).name,
            "command": name,
            "text": "".join(markup.escape(part) if isinstance(part, str) else part.text for part in parts),
            "api_app_id": identity.app,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": interactions.trigger(user),
        }

        def respond(body: Any) -> None:
            content = {"text": body} if isinstance(body, str) else body
            if content:
                answer_to_interaction(self.stage.context, origin, content, "ack")

        return Command(self.stage, self.stage.courier.dispatch(Kind.COMMAND, payload, respond), origin)

    async def answer_to(self, post: Post, number: int = 1, within: float = WITHIN) -> Post:
        """Wait for the app's answer in the thread of ``post``."""
        return await post.answer(number, within)

    def say(self, body: Json) -> Post:
        """Put a message into the channel as it stands, and tell the app."""
        message = self.stage.context.workspace.say(self.channel, body)
        self.stage.context.feed.posted(message)
        parent = self.channel.messages.get(message.thread_ts or "")
        if message.is_reply and parent is not None:
            self.stage.context.feed.changed(parent, dict(parent.body))
        self.stage.context.board.announce()
        return Post(self.stage, message)

    def _enter(self, user: str) -> None:
        self.stage.context.workspace.user(user)
        self.channel.members.add(user)


@dataclass(frozen=True)
class Screen:
    """A modal that somebody has in front of them."""

    stage: Stage = field(repr=False)
    modal: Modal

    @property
    def view(self) -> Json:
        """The view on top."""
        return self.modal.top

    @property
    def is_open(self) -> bool:
        return bool(self.modal.views)

    @property
    def reading(self) -> Reading:
        """What that person sees."""
        return read_view(self.view)

    async def shows(self, words: str, within: float = WITHIN) -> Reading:
        """Wait until the view on top shows these words."""

        def seen() -> bool:
            return self.is_open and words in self.reading.text

        await self.stage.until(seen, within, f"{words!r} in the modal")
        return self.reading

    async def submit(self, values: Mapping[str, Any] | None = None) -> Delivery:
        """Press the submit button with these inputs, by ``action_id`` or ``block_id``, and wait for what comes of it.

        Raises ValueError where Slack's client would not let the person submit.
        """
        if not self.view.get("submit"):
            raise ValueError("this view has no submit button")
        self.modal.errors.clear()
        view = {**self.view, "state": {"values": inputs.state(self.view["blocks"], values or {})}}
        payload = {
            **self.stage.envelope("view_submission", self.modal.user),
            "trigger_id": self.stage.interactions.trigger(self.modal.user, self.modal),
            "view": view,
            "response_urls": [],
        }
        delivery = self.stage.courier.dispatch(Kind.INTERACTIVE, payload, self._submitted)
        await self.stage.until(lambda: delivery.finished, WITHIN, "an end of the submission")
        if not delivery.acknowledged:
            self.modal.trouble = "operation_timeout"
        return delivery

    def close(self) -> Delivery | None:
        """Close the modal with its cross."""
        view = self.view
        self.stage.interactions.close(self.modal, everything=True)
        if not view["notify_on_close"]:
            return None
        payload = {**self.stage.envelope("view_closed", self.modal.user), "view": view, "is_cleared": False}
        return self.stage.courier.dispatch(Kind.INTERACTIVE, payload)

    def click(self, action_id: str, value: Any = None) -> Delivery:
        """Use a button or menu of the view."""
        return self.stage.courier.dispatch(
            Kind.INTERACTIVE,
            {
                **self.stage.envelope("block_actions", self.modal.user),
                "container": {"type": "view", "view_id": self.view["id"]},
                "trigger_id": self.stage.interactions.trigger(self.modal.user, self.modal),
                "view": self.view,
                "actions": [self.stage.press(self.view["blocks"], action_id, value)],
            },
        )

    def _submitted(self, body: Any) -> None:
        """Do what the acknowledgement says; a view that Slack refuses is shown as trouble."""
        answer = body if isinstance(body, dict) else {}
        interactions = self.stage.interactions
        try:
            match answer.get("response_action"):
                case None:
                    interactions.close(self.modal)
                case "clear":
                    interactions.close(self.modal, everything=True)
                case "update":
                    interactions.replace(self.modal, -1, answer["view"])
                case "push":
                    interactions.push_on(self.modal, answer["view"])
                case "errors":
                    self.modal.errors.update(_known_errors(answer["errors"], self.view["blocks"]))
        except SlackError as error:
            self.modal.trouble = " ".join([error.code, *error.messages])


def answer_to_interaction(
    context: Context, origin: str, body: Json, via: Literal["response_url", "ack"]
) -> Ephemeral | Message:
    """Show what the app answers to a command or click: to everybody in the channel, or to that person alone."""
    url = context.interactions.response_urls[origin]
    content: Json = {name: body[name] for name in ("text", "attachments", "thread_ts") if name in body}
    content |= {"blocks": block_kit.complete(body["blocks"])} if "blocks" in body else {}
    if body.get("response_type") == "in_channel":
        channel = context.workspace.channels[url.channel]
        message = context.workspace.say(channel, {**bot_body(context.workspace), **content})
        context.feed.posted(message)
        context.board.announce()
        return message
    ephemeral = Ephemeral(url.user, url.channel, content, via, context.workspace.next_ts(), origin)
    return context.interactions.whisper(ephemeral)


def _subjects(event: Json) -> set[str]:
    """The time stamps of the messages that an event is about."""
    if event.get("subtype") == "message_changed":
        return {event["message"]["ts"]}
    if event.get("subtype") == "message_deleted":
        return {event["deleted_ts"]}
    return {str(event.get("ts"))}


def _known_errors(errors: Mapping[str, str], blocks: list[Json]) -> Mapping[str, str]:
    inputs = {block["block_id"] for block in blocks if block["type"] == "input"}
    if unknown := set(errors) - inputs:
        raise SlackError("invalid_arguments", f"errors for blocks that are no inputs: {sorted(unknown)}")
    return errors
