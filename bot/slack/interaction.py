"""What people press and fill in: read from Slack's payloads, stored in the inbox, and answered privately.

Whatever changes something goes through the inbox like a draft does; opening a form does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck

from bot.desk import Answer, Place, Refusal, Refused
from bot.desk.texts import storable
from bot.faults import describe
from bot.history import Inbox, Item
from bot.slack.blocks import Card, View, notice_card
from bot.slack.cards import refusal_card
from bot.slack.client import Gone, Mark, Slack, SlackError, TooLate
from bot.slack.direct import TOLD
from bot.slack.events import SURFACE
from bot.slack.supervisors import CannotTell
from bot.slack.words import thread as words
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of a thread that somebody pressed. ``value`` is what the button says (``blocks.button``)."""

    actor: str
    trigger: str
    action: str
    place: Place
    value: Mapping[str, Any]

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Pressed:
        """Read a ``block_actions`` payload of a message."""
        (action,) = body["actions"]
        value = json.loads(action["value"])
        place = Place(SURFACE, str(body["team"]["id"]), str(body["channel"]["id"]), str(value["draft"]))
        return cls(
            actor=str(body["user"]["id"]),
            trigger=str(body["trigger_id"]),
            action=str(action["action_id"]),
            place=place,
            value=value,
        )

    def overtaken(self, answer: Answer) -> Refusal | None:
        """Return why a button of an earlier answer does nothing any more, given the one that stands."""
        if answer.withdrawn:
            return Refusal.WITHDRAWN
        return None if answer.revision == self.value["revision"] else Refusal.OUTDATED

    def metadata(self, **more: Any) -> dict[str, Any]:
        """Return what a form remembers that is opened by it."""
        where = {"team": self.place.team, "channel": self.place.channel}
        return {**self.value, **where, **more}


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that somebody sent. ``remembered`` is its metadata, ``values`` what was entered, by name of the field."""

    actor: str
    view: str
    place: Place
    remembered: Mapping[str, Any]
    values: Mapping[str, str]

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Filled:
        """Read a ``view_submission`` payload of a form that ``Pressed.metadata`` was given to."""
        view = body["view"]
        remembered = json.loads(view["private_metadata"])
        place = Place(SURFACE, remembered["team"], remembered["channel"], remembered["draft"])
        entered = [field for fields in view["state"]["values"].values() for field in fields.items()]
        return cls(
            actor=str(body["user"]["id"]),
            view=str(view["id"]),
            place=place,
            remembered=remembered,
            values={name: _entered(state) for name, state in entered},
        )


def _entered(state: Mapping[str, Any]) -> str:
    chosen = state.get("selected_option") or {}
    return storable(str(state.get("value") or chosen.get("value") or "")).strip()


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did to a draft, as it stands in the inbox. ``written`` is what they wrote."""

    place: Place
    actor: str
    written: str
    details: Mapping[str, Any]

    @classmethod
    def of(cls, item: Item) -> Act:
        """Read back what ``Counter.store`` wrote."""
        payload = item.payload
        place = Place(SURFACE, payload["team"], payload["channel"], payload["draft"])
        return cls(place, payload["actor"], payload["written"], payload["details"])


class Counter:
    """The counter (窓口) between people and the desk: opens forms, takes them in, and says privately what is amiss."""

    def __init__(self, slack: Slack, inbox: Inbox, clock: Callable[[], datetime]) -> None:
        self._slack = slack
        self._inbox = inbox
        self._clock = clock

    async def open(self, pressed: Pressed, view: View) -> None:
        """Open a form, or say that it did not open."""
        try:
            await self._slack.open_view(pressed.trigger, view)
        except (SlackError, RetryLater) as error:
            log.warning("form_not_opened", **describe(error))
            sentence = words.TOO_LATE if isinstance(error, TooLate) else words.NOT_DONE
            await self.say(pressed.place, pressed.actor, notice_card(sentence))

    @asynccontextmanager
    async def explaining(self, pressed: Pressed) -> AsyncIterator[None]:
        """Tell who pressed a button why the desk refuses what follows, or that their rights cannot be told now."""
        try:
            yield
        except CannotTell:
            await self.say(pressed.place, pressed.actor, notice_card(words.CANNOT_TELL))
        except Refused as refused:
            await self.say(pressed.place, pressed.actor, refusal_card(refused))

    async def say(self, place: Place, user: str, card: Card) -> None:
        """Tell one person, as well as it can be done now."""
        try:
            await self.tell(place, user, card)
        except RetryLater as error:
            log.warning("not_told", place=place.key, **describe(error))

    async def tell(self, place: Place, user: str, card: Card) -> None:
        """Tell one person, in the thread if they are in the channel, else directly. Raises ``RetryLater``.

        What Slack refuses is only logged: a notice to one person is no reason to hold up the draft for all.
        """
        try:
            await self._reach(place, user, card)
        except SlackError as error:
            log.warning("not_told", place=place.key, **describe(error))

    async def _reach(self, place: Place, user: str, card: Card) -> None:
        try:
            await self._slack.whisper(place.channel, place.thread, user, card)
        except Gone:
            channel = await self._slack.direct_channel(user)
            await self._slack.post(channel, None, card, Mark(TOLD, place.thread, user))

    async def store(self, ack: AsyncAck, kind: str, filled: Filled, written: str, details: Mapping[str, Any]) -> None:
        """Store what a form asks for, then let it close. The same form sent twice is one item, unless it changed."""
        place, now = filled.place, self._clock()
        asked = {"written": written, "details": dict(details)}
        digest = hashlib.sha256(json.dumps([kind, asked], sort_keys=True).encode()).hexdigest()[:16]
        item = Item(
            key=f"{place.key}/{filled.view}/{digest}",
            surface=SURFACE,
            kind=kind,
            place=place.key,
            order=now.timestamp(),
            received_at=now,
            payload={
                "team": place.team,
                "channel": place.channel,
                "draft": place.thread,
                "actor": filled.actor,
                **asked,
            },
        )
        await self._inbox.put(item)
        await ack()


async def send_back(ack: AsyncAck, field: str, complaint: str) -> None:
    """Keep a form open and say what is wrong with one of its fields."""
    await ack(response_action="errors", errors={field: complaint})
