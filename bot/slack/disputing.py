"""Disputes (「誤りでは？」): anybody says why a finding is wrong, a supervisor rules, and the card changes at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.compare import FindingKey
from bot.desk import Answer, Desk, Dispute, Place, Refusal, Refused, Ruling, RulingKind
from bot.desk.presenting import disputable
from bot.history import Item
from bot.slack.blocks import Card, View, notice_card
from bot.slack.cards import DISPUTE, DISPUTE_OTHER, RULE, already_ruled_card, dispute_card, refusal_card, ruling_card
from bot.slack.client import Mark
from bot.slack.forms import (
    DISPUTE_FORM,
    FINDING,
    NOTE,
    REASON,
    RULING_FORM,
    dispute_any_form,
    dispute_form,
    ruling_form,
)
from bot.slack.interaction import Act, Counter, Filled, Pressed, send_back
from bot.slack.refreshing import Refreshing
from bot.slack.supervisors import CannotTell, Supervisors
from bot.slack.thread import Thread
from bot.slack.words import thread as words
from bot.worker import RetryLater

DISPUTED: Final = "dispute"
"""Kind of item: somebody takes a finding for wrong."""
RULED: Final = "ruling"
"""Kind of item: a supervisor ruled on a dispute."""
RAISED: Final = "sns_check_dispute"
"""``event_type`` of the message that raises a dispute to the supervisors."""
RULING_TOLD: Final = "sns_check_ruled"
"""``event_type`` of the message that tells those who raised it."""

_RULINGS: Final = {action: kind for kind, action in RULE.items()}


class DisputeForms:
    """What is pressed and filled in around a finding."""

    def __init__(self, desk: Desk, counter: Counter, supervisors: Supervisors) -> None:
        self._desk = desk
        self._counter = counter
        self._supervisors = supervisors

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.action(DISPUTE)(self.pressed)
        app.action(DISPUTE_OTHER)(self.pressed)
        app.view(DISPUTE_FORM)(self.filled)
        for action in RULE.values():
            app.action(action)(self.ruling_pressed)
        app.view(RULING_FORM)(self.ruling_filled)

    async def pressed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Ask why, and which finding if the button does not say."""
        await ack()
        pressed = Pressed.of(body)
        shown = await self._form(pressed)
        if isinstance(shown, Card):
            await self._counter.say(pressed.place, pressed.actor, shown)
        else:
            await self._counter.open(pressed, shown)

    async def _form(self, pressed: Pressed) -> View | Card:
        answer = await self._desk.standing(pressed.place)
        if answer is None or answer.whole is None:
            return refusal_card(Refused(Refusal.UNKNOWN))
        if refusal := pressed.overtaken(answer):
            return refusal_card(Refused(refusal))
        if pressed.action == DISPUTE:
            finding = dict(enumerate(answer.whole.findings)).get(pressed.value["position"])
            return dispute_form(finding, pressed.metadata()) if finding else refusal_card(Refused(Refusal.UNKNOWN))
        if not disputable(answer):
            return notice_card(words.ALL_DISPUTED)
        return dispute_any_form(answer, pressed.metadata())

    async def filled(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Take the dispute in."""
        filled = Filled.of(body)
        reason = filled.values[REASON]
        if not reason:
            await send_back(ack, REASON, words.DISPUTE_WHY_BLANK)
            return
        position = int(filled.remembered.get("position", filled.values.get(FINDING)))
        details = {"position": position, "revision": filled.remembered["revision"]}
        await self._counter.store(ack, DISPUTED, filled, reason, details)

    async def ruling_pressed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Ask for a note to the ruling, or explain why this person cannot rule on this dispute now."""
        await ack()
        pressed = Pressed.of(body)
        place, dispute_id = pressed.place, int(pressed.value["dispute"])
        async with self._counter.explaining(pressed):
            may = await self._supervisors.is_supervisor(pressed.actor, place.team, place.channel)
            dispute = _of_draft(await self._desk.may_rule(dispute_id, pressed.actor, is_supervisor=may), place)
            if dispute.ruling:
                await self._counter.say(pressed.place, pressed.actor, already_ruled_card(dispute.ruling))
            else:
                form = ruling_form(dispute, _RULINGS[pressed.action], pressed.metadata())
                await self._counter.open(pressed, form)

    async def ruling_filled(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Take the ruling in."""
        filled = Filled.of(body)
        details = {"kind": filled.remembered["kind"], "dispute": filled.remembered["dispute"]}
        await self._counter.store(ack, RULED, filled, filled.values[NOTE], details)


class RaiseDispute:
    """Handles ``DISPUTED``."""

    def __init__(self, desk: Desk, thread: Thread, counter: Counter, supervisors: Supervisors) -> None:
        self._desk = desk
        self._thread = thread
        self._counter = counter
        self._supervisors = supervisors

    async def handle(self, item: Item) -> str | None:
        """Record the dispute, and raise it to the supervisors in the thread."""
        act = Act.of(item)
        place, details = act.place, act.details
        try:
            dispute, _answer = await self._desk.dispute(
                place, details["revision"], details["position"], act.actor, act.written
            )
        except Refused as refused:
            await self._counter.tell(act.place, act.actor, refusal_card(refused))
            return None
        record = await self._desk.thread(place)
        named = await self._supervisors.named(place.team, place.channel)
        card = dispute_card(dispute, named - record.authors if record else named)
        receipt = await self._thread.post_once(place, _mark(dispute), (card,))
        await self._thread.bring_up_to_date(act.place)
        return receipt

    async def give_up(self, item: Item) -> None:
        """Tell who wrote it whether it was recorded: what failed may only have been to show it."""
        act = Act.of(item)
        sentence = words.DISPUTED_UNSEEN if await self._is_recorded(act) else words.NOT_DONE
        await self._counter.tell(act.place, act.actor, notice_card(sentence))

    async def _is_recorded(self, act: Act) -> bool:
        record = await self._desk.thread(act.place)
        asked = (act.details["revision"], act.details["position"], act.actor, act.written)
        raised = record.disputes if record else ()
        return asked in [(each.revision, each.position, each.actor, each.reason) for each in raised]


class Rule:
    """Handles ``RULED``."""

    def __init__(
        self, desk: Desk, thread: Thread, counter: Counter, supervisors: Supervisors, refreshing: Refreshing
    ) -> None:
        self._desk = desk
        self._thread = thread
        self._counter = counter
        self._supervisors = supervisors
        self._refreshing = refreshing

    async def handle(self, item: Item) -> None:
        """Record the ruling and show it, or explain to who ruled why it is not taken."""
        act = Act.of(item)
        place, kind = act.place, RulingKind(act.details["kind"])
        try:
            may = await self._supervisors.is_supervisor(act.actor, place.team, place.channel)
            dispute_id = int(act.details["dispute"])
            _of_draft(await self._desk.may_rule(dispute_id, act.actor, is_supervisor=may), place)
            dispute, answer = await self._desk.rule(dispute_id, kind, act.actor, act.written, is_supervisor=may)
        except CannotTell:
            raise RetryLater from None
        except Refused as refused:
            await self._counter.tell(act.place, act.actor, refusal_card(refused))
            return
        if dispute.ruling and (dispute.ruling.actor, dispute.ruling.kind) != (act.actor, kind):
            await self._counter.tell(act.place, act.actor, already_ruled_card(dispute.ruling))
        await self._show(act.place, dispute, answer)
        if dispute.ruling and dispute.ruling.kind is RulingKind.FOR_TOWN:
            key = FindingKey.of(dispute.finding)
            await self._refreshing.wherever(place.team, key, f"{RULED}/{dispute.id}")

    async def _show(self, place: Place, dispute: Dispute, answer: Answer) -> None:
        """Say the ruling wherever the same finding was disputed in the draft, and change the answer."""
        key = FindingKey.of(dispute.finding)
        others = [each for each in answer.disputes if each.id != dispute.id and FindingKey.of(each.finding) == key]
        for each in (dispute, *others):
            if each.ruling:
                await self._thread.change(place, _mark(each), dispute_card(each, ()))
        await self._thread.bring_up_to_date(place)
        if ruling := dispute.ruling:
            told = {each.actor for each in (dispute, *others) if each.ruling == ruling} - {ruling.actor}
            await self._tell(dispute, ruling, told)

    async def _tell(self, dispute: Dispute, ruling: Ruling, told: Collection[str]) -> None:
        """Tell those whom it concerns in the thread, once, whichever of their disputes it was that was pressed."""
        if told:
            mark = Mark(RULING_TOLD, dispute.place.thread, f"{ruling.kind}/{ruling.actor}/{ruling.at.timestamp()}")
            await self._thread.post_once(dispute.place, mark, (ruling_card(ruling, dispute.finding, told),))

    async def give_up(self, item: Item) -> None:
        """Tell who ruled whether it was recorded: what failed may only have been to show it."""
        act = Act.of(item)
        sentence = words.RULED_UNSEEN if await self._is_recorded(act) else words.NOT_DONE
        await self._counter.tell(act.place, act.actor, notice_card(sentence))

    async def _is_recorded(self, act: Act) -> bool:
        record = await self._desk.thread(act.place)
        asked = (act.details["dispute"], act.details["kind"], act.actor)
        ruled = [(each.id, each.ruling) for each in record.disputes if each.ruling] if record else []
        return asked in [(number, ruling.kind.value, ruling.actor) for number, ruling in ruled]


def _of_draft(dispute: Dispute, place: Place) -> Dispute:
    """Return a dispute of this draft: whose supervisor somebody is was asked for its channel. Raises ``Refused``."""
    if dispute.place != place:
        raise Refused(Refusal.UNKNOWN)
    return dispute


def _mark(dispute: Dispute) -> Mark:
    return Mark(RAISED, dispute.place.thread, f"{dispute.revision}/{dispute.id}")
