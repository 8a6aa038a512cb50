"""What people do in Teams, and what they see."""

from __future__ import annotations

import html as markup
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from tests.doubles.slack.clock import Board

from .cards import CARD, Reading, faults, read_card, walk
from .delivery import Answer, Courier, Delivery
from .graph import mentions_in
from .tenant import Conversation, Person, Stored, Tenant, told

Json = dict[str, Any]
T = TypeVar("T")

WITHIN = 30.0
"""Real seconds until a test gives up."""
HTML = "text/html"
DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"


@dataclass
class Stage:
    """What people act on."""

    tenant: Tenant
    courier: Courier
    board: Board
    service_url: str = ""
    permitted: Callable[[], bool] = lambda: True
    edits_told: bool = True
    report: Callable[[], str] = str
    files: dict[str, bytes] = field(default_factory=dict)
    """Contents that are downloaded or were uploaded, by name in the address."""

    async def until(self, condition: Callable[[], T | None], within: float, expected: str) -> T:
        """First truthy value of ``condition``; AssertionError with what went on after ``within`` seconds."""
        try:
            return await self.board.until(condition, within)
        except TimeoutError:
            message = f"not within {within} s: {expected}\n{self.report()}"
            raise AssertionError(message) from None

    def activity(self, kind: str, conversation: Conversation, root: str, author: Person) -> Json:
        """The fields that every activity has."""
        now = told(datetime.now(UTC))
        return {
            "type": kind,
            "id": f"f:{uuid.uuid4()}",
            "timestamp": now,
            "localTimestamp": now,
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": author.account,
            "recipient": self.tenant.bot,
            "conversation": self._conversation(conversation, root),
            "channelData": self._channel_data(conversation),
            "locale": "ja-JP",
            "entities": [{"type": "clientInfo", "locale": "ja-JP", "country": "JP", "platform": "Web"}],
        }

    def _conversation(self, conversation: Conversation, root: str) -> Json:
        shared = {"tenantId": self.tenant.id, "conversationType": conversation.kind}
        if conversation.kind == "personal":
            return {**shared, "id": conversation.id}
        suffix = f";messageid={root}" if root else ""
        return {**shared, "isGroup": True, "id": f"{conversation.id}{suffix}"}

    def _channel_data(self, conversation: Conversation) -> Json:
        data: Json = {"tenant": {"id": self.tenant.id}}
        if conversation.kind == "channel":
            team = {"id": conversation.team, "name": "広報課", "aadGroupId": conversation.group}
            data |= {
                "teamsChannelId": conversation.id,
                "teamsTeamId": conversation.team,
                "channel": {"id": conversation.id},
                "team": team,
            }
        return data

    def say(
        self, conversation: Conversation, author: Person, html: str, root: str = "", files: list[Json] | None = None
    ) -> Message:
        """Somebody writes; ``<at>`` with the bot's name is a mention of it."""
        stored = Stored(self.tenant.next_id(), conversation, author, html, attachments=files or [])
        stored.root = root or stored.id
        conversation.messages.append(stored)
        message = Message(self, stored)
        self.tell("message", stored)
        return message

    def tell(self, kind: str, stored: Stored, event: str = "", at: datetime | None = None) -> Delivery | None:
        """Deliver what happened to a message, if the app may know."""
        stored.touched_at = at
        mention = f"<at>{self.tenant.bot['name']}</at>"
        stored.mentions_bot = stored.mentions_bot or mention in stored.html
        if stored.conversation.kind == "channel" and not (self.permitted() or stored.mentions_bot):
            return None
        if event in ("editMessage", "undeleteMessage") and not self.edits_told:
            return None
        assert stored.author
        root = stored.root if stored.conversation.kind == "channel" else ""
        activity = {**self.activity(kind, stored.conversation, root, stored.author), "id": stored.id}
        if at:
            activity["timestamp"] = told(at)
        if kind == "messageDelete":
            activity["channelData"]["eventType"] = event
            return self.courier.dispatch(activity)
        activity |= self._content(stored, mention)
        if event:
            activity["channelData"]["eventType"] = event
        return self.courier.dispatch(activity)

    def _content(self, stored: Stored, mention: str) -> Json:
        text = markup.unescape(re.sub(r"<(?!/?at\b)[^>]*>", "", re.sub(r"<br/?>|</p>", "\n", stored.html)))
        attachments = [{"contentType": HTML, "content": stored.html}] if stored.html.startswith("<") else []
        content: Json = {"text": text, "textFormat": "plain", "attachments": [*stored.attachments, *attachments]}
        entities = self.activity("message", stored.conversation, "", stored.author or _NOBODY)["entities"]
        if mention in stored.html:
            entities.append({"type": "mention", "mentioned": self.tenant.bot, "text": mention})
        return {**content, "entities": entities}

    async def invoke(self, activity: Json) -> Answer:
        return await self.courier.invoke(activity)


_NOBODY = Person("", "")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What the app answered to a button or a message action."""

    status: int
    body: Json

    @property
    def card(self) -> Json | None:
        """The card that it shows to whoever pressed."""
        if self.body.get("type") == CARD:
            return dict(self.body["value"])
        task = self.body.get("task", {}).get("value", {})
        return dict(task["card"]["content"]) if isinstance(task, dict) and "card" in task else None

    @property
    def reading(self) -> Reading:
        """That card, which is there and without fault."""
        assert self.card is not None, self
        assert faults(self.card) == []
        return read_card(self.card)

    @property
    def words(self) -> str:
        """Words instead of a card; empty if there are none."""
        task = self.body.get("task", {})
        value = task.get("value") if task.get("type") == "message" else self.body.get("value")
        return value if isinstance(value, str) else ""


class Message:
    """A message as people see it, of one of them or of the bot."""

    def __init__(self, stage: Stage, stored: Stored) -> None:
        self._stage = stage
        self.stored = stored

    @property
    def id(self) -> str:
        return self.stored.id

    @property
    def standing(self) -> bool:
        """Whether it is there."""
        return self.stored.deleted_at is None

    @property
    def answers(self) -> list[Message]:
        """What the bot says in the thread, oldest first, as far as it stands."""
        thread = self.stored.conversation.thread(self.id)
        return [Message(self._stage, each) for each in thread if each.author is None and not each.deleted_at]

    async def answer(self, number: int = 1, within: float = WITHIN) -> Message:
        """Wait for so many messages of the bot in the thread, and return the last of them."""
        expected = f"{number} answer(s) in the thread"
        answers = await self._stage.until(lambda: a if len(a := self.answers) >= number else None, within, expected)
        return answers[number - 1]

    async def shows(self, words: str, within: float = WITHIN) -> Reading:
        """Wait until it shows these words to everybody."""
        await self._stage.until(lambda: words in self.reading.text, within, f"{words!r} in\n{self.reading.text}")
        return self.reading

    # what people do with their own

    def edit(self, html: str) -> Delivery | None:
        """Its author writes something else."""
        self.stored.html = html
        self.stored.edited_at = self._stage.tenant.next_moment()
        return self._stage.tell("messageUpdate", self.stored, "editMessage", self.stored.edited_at)

    def delete(self) -> Delivery | None:
        """Its author takes it away."""
        self.stored.deleted_at = self._stage.tenant.next_moment()
        return self._stage.tell("messageDelete", self.stored, "softDeleteMessage", self.stored.deleted_at)

    def restore(self) -> Delivery | None:
        """Its author brings it back."""
        self.stored.deleted_at = None
        return self._stage.tell("messageUpdate", self.stored, "undeleteMessage", self._stage.tenant.next_moment())

    def reply(self, author: Person, html: str) -> Message:
        """Somebody writes below it."""
        return self._stage.say(self.stored.conversation, author, html, root=self.stored.root)

    # what people do with the bot's

    @property
    def card(self) -> Json:
        """The card that everybody sees."""
        cards = [each["content"] for each in self.stored.attachments if each.get("contentType") == CARD]
        assert len(cards) == 1, self.stored.activity
        return dict(cards[0])

    @property
    def reading(self) -> Reading:
        return read_card(self.card)

    def card_for(self, person: Person) -> Json:
        """The card that this person sees: what a button answered them, until the message changes."""
        return self.stored.seen.get(person.object_id, self.card)

    async def press(self, person: Person, title: str, *, nth: int = 0, **inputs: str) -> Pressed:
        """Press the ``nth`` button of this title, with what was entered in the card's fields, by their ids."""
        card = self.card_for(person)
        actions = [each for each in walk(card) if each.get("type") == "Action.Execute" and each.get("title") == title]
        assert len(actions) > nth, (title, read_card(card).actions)
        return await self.execute(person, actions[nth], **inputs)

    async def execute(self, person: Person, action: Json, **inputs: str) -> Pressed:
        """Press a button that may not be on the card."""
        fields = {str(each["id"]): each for each in walk(self.card_for(person)) if "Input." in str(each.get("type"))}
        unknown = set(inputs) - set(fields)
        assert not unknown, (unknown, set(fields))
        given = {name: inputs.get(name, str(each.get("value") or "")) for name, each in fields.items()}
        data = {**action.get("data", {}), **{name: value for name, value in given.items() if value}}
        root = self.stored.root if self.stored.conversation.kind == "channel" else ""
        activity = self._stage.activity("invoke", self.stored.conversation, root, person)
        activity |= {
            "name": "adaptiveCard/action",
            "replyToId": self.id,
            "value": {
                "action": {"type": "Action.Execute", "title": action.get("title"), "verb": action.get("verb")},
                "trigger": "manual",
            },
        }
        activity["value"]["action"]["data"] = data
        answer = await self._stage.invoke(activity)
        pressed = Pressed(answer.status, answer.body or {})
        if pressed.card is not None and self.stored.conversation.message(self.id) is self.stored:
            assert faults(pressed.card) == []
            self.stored.seen[person.object_id] = pressed.card
        return pressed


class Room:
    """A channel."""

    def __init__(self, stage: Stage, conversation: Conversation) -> None:
        self._stage = stage
        self.conversation = conversation

    @property
    def id(self) -> str:
        return self.conversation.id

    @property
    def bot_messages(self) -> list[Message]:
        """Everything that the bot says in it."""
        return [Message(self._stage, each) for each in self.conversation.messages if each.author is None]

    def post(self, author: Person, html: str, *, files: list[Json] | None = None) -> Message:
        """Somebody begins a thread."""
        return self._stage.say(self.conversation, author, html, files=files)

    def mention(self, author: Person, html: str) -> Message:
        """Somebody begins a thread by mentioning the bot."""
        return self.post(author, f"<p><at>{self._stage.tenant.bot['name']}</at>&nbsp;{html}</p>")


class Chat:
    """The chat of one person with the bot."""

    def __init__(self, stage: Stage, conversation: Conversation, person: Person) -> None:
        self._stage = stage
        self.conversation = conversation
        self.person = person

    @property
    def answers(self) -> list[Message]:
        """What the bot says, oldest first."""
        kept = [each for each in self.conversation.messages if each.author is None and not each.deleted_at]
        return [Message(self._stage, each) for each in kept]

    def say(self, text: str) -> Message:
        """Write to the bot."""
        return self._stage.say(self.conversation, self.person, text)

    def send_file(self, name: str, content: bytes, text: str = "") -> Message:
        """Attach a file, which lies behind an address that needs no sign-in."""
        key = uuid.uuid4().hex
        self._stage.files[key] = content
        url = f"{self._stage.service_url.removesuffix('/teams')}/download/{key}"
        info = {"downloadUrl": url, "uniqueId": key, "fileType": name.rpartition(".")[2]}
        attachment = {
            "contentType": DOWNLOAD,
            "name": name,
            "contentUrl": f"https://example.invalid/{key}",
            "content": info,
        }
        return self._stage.say(self.conversation, self.person, text, files=[attachment])

    async def answer(self, number: int = 1, within: float = WITHIN) -> Message:
        """Wait for so many messages of the bot, and return the last of them."""
        answers = await self._stage.until(lambda: a if len(a := self.answers) >= number else None, within, "an answer")
        return answers[number - 1]

    async def consent(self, message: Message, *, accept: bool = True) -> tuple[Pressed, str]:
        """Answer the bot's offer of a file; returns what it says, and the name under which it is uploaded."""
        (offer,) = message.stored.attachments
        content, key = offer["content"], uuid.uuid4().hex
        base = self._stage.service_url.removesuffix("/teams")
        upload = {
            "contentUrl": f"https://midori-my.sharepoint.com/personal/{key}.csv",
            "name": offer["name"],
            "uploadUrl": f"{base}/upload/{key}",
            "uniqueId": key,
            "fileType": str(offer["name"]).rpartition(".")[2],
        }
        activity = self._stage.activity("invoke", self.conversation, "", self.person)
        value = {"type": "fileUpload", "action": "accept" if accept else "decline"}
        chosen = content["acceptContext"] if accept else content.get("declineContext")
        activity |= {"name": "fileConsent/invoke", "replyToId": message.id}
        activity["value"] = {**value, "context": chosen, **({"uploadInfo": upload} if accept else {})}
        answer = await self._stage.invoke(activity)
        return Pressed(answer.status, answer.body or {}), key


def message_payload(message: Stored, bot: Json) -> Json:
    """A message as a message action hands it over, which is nearly Graph's way."""
    author = message.author
    attachments = [
        {**each, "content": json.dumps(each["content"])} for each in message.attachments if each.get("content")
    ]
    return {
        "id": message.id,
        "replyToId": None if message.root == message.id else message.root,
        "createdDateTime": told(datetime.fromtimestamp(int(message.id) / 1_000, UTC)),
        "deleted": False,
        "importance": "normal",
        "locale": "ja-jp",
        "from": {"user": {"userIdentityType": "aadUser", "id": author.object_id, "displayName": author.name}}
        if author
        else {"application": {"applicationIdentityType": "bot", "id": "bot", "displayName": "bot"}},
        "body": {"contentType": "html", "content": message.html},
        "attachments": attachments,
        "mentions": mentions_in(message, bot),
        "reactions": [{"reactionType": "👍", "createdDateTime": told(datetime.now(UTC)), "user": {}}],
    }
