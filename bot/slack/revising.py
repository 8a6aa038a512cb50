"""Versions written in the form (「修正版を出す」): shown in the thread under their author's name, then reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.desk import NOTHING_ATTACHED, Answer, Desk, Refusal, Refused, Submission
from bot.history import Item
from bot.slack.answering import Answering
from bot.slack.blocks import Card, View, notice_card
from bot.slack.cards import REVISE, refusal_card, revision_card
from bot.slack.client import Mark
from bot.slack.events import seconds
from bot.slack.forms import REVISION_FORM, TEXT, fits_a_field, revision_form
from bot.slack.interaction import Act, Counter, Filled, Pressed, send_back
from bot.slack.thread import Thread
from bot.slack.words import thread as words

REVISION: Final = "revision"
"""Kind of item: somebody wrote a version in the form."""
WRITTEN: Final = "sns_check_revision"
"""``event_type`` of the message that shows it."""


class RevisionForms:
    """What is pressed and filled in for a new version."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        self._desk = desk
        self._counter = counter

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.action(REVISE)(self.pressed)
        app.view(REVISION_FORM)(self.filled)

    async def pressed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Offer the text for mending, or say how else to mend it."""
        await ack()
        pressed = Pressed.of(body)
        shown = await self._form(pressed)
        if isinstance(shown, Card):
            await self._counter.say(pressed.place, pressed.actor, shown)
        else:
            await self._counter.open(pressed, shown)

    async def _form(self, pressed: Pressed) -> View | Card:
        answer = await self._desk.standing(pressed.place)
        if answer is None:
            return refusal_card(Refused(Refusal.UNKNOWN))
        if refusal := pressed.overtaken(answer):
            return refusal_card(Refused(refusal))
        if not fits_a_field(answer.text):
            return notice_card(words.REVISION_TOO_LONG)
        return revision_form(answer, pressed.metadata())

    async def filled(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Take the version in, unless it says the same as the one that stands, or was written from an earlier one."""
        filled = Filled.of(body)
        written, revision = filled.values[TEXT], filled.remembered["revision"]
        answer = await self._desk.standing(filled.place)
        if not written:
            await send_back(ack, TEXT, words.REVISION_BLANK)
        elif answer and answer.withdrawn:
            await send_back(ack, TEXT, words.REFUSED[Refusal.WITHDRAWN])
        elif answer and answer.text.strip() == written:
            await send_back(ack, TEXT, words.REVISION_UNCHANGED)
        elif answer and answer.revision != revision:
            await send_back(ack, TEXT, words.REFUSED[Refusal.OUTDATED])
        else:
            await self._counter.store(ack, REVISION, filled, written, {"revision": revision})


class Revise:
    """Handles ``REVISION``."""

    def __init__(self, desk: Desk, thread: Thread, answering: Answering, counter: Counter) -> None:
        self._desk = desk
        self._thread = thread
        self._answering = answering
        self._counter = counter

    async def handle(self, item: Item) -> str | None:
        """Show the version in the thread, once, and have it reviewed like one that was written there."""
        act = Act.of(item)
        standing = await self._desk.standing(act.place)
        if refusal := _refusal(act, standing):
            await self._counter.tell(act.place, act.actor, refusal_card(Refused(refusal)))
            return None
        mark = Mark(WRITTEN, act.place.thread, item.key)
        ts = await self._thread.post_once(act.place, mark, (revision_card(act.actor, act.written),))
        if ts is None:
            return None
        submission = Submission(
            place=act.place,
            revision=ts,
            order=seconds(ts),
            author=act.actor,
            text=act.written,
            received_at=item.received_at,
            attached=standing.attached if standing else NOTHING_ATTACHED,
        )
        return await self._answering.submit(submission)

    async def give_up(self, item: Item) -> None:
        """Say in the thread that the version was not reviewed."""
        await self._answering.failed(Act.of(item).place, item.key)


def _refusal(act: Act, answer: Answer | None) -> Refusal | None:
    """Return why the version cannot follow what stands now. At a second attempt it may be what stands."""
    if answer is None:
        return None
    if answer.withdrawn:
        return Refusal.WITHDRAWN
    follows = answer.revision == act.details["revision"] or answer.text == act.written
    return None if follows else Refusal.OUTDATED
