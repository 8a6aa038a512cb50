"""Decisions (承認・差し戻し・保留): the buttons under an answer, the form for the comment, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.desk import DecisionKind, Desk, Refused
from bot.history import Item
from bot.slack.blocks import notice_card
from bot.slack.cards import DECIDE, decision_card, refusal_card
from bot.slack.client import Mark
from bot.slack.forms import COMMENT, DECISION_FORM, decision_form
from bot.slack.interaction import Act, Counter, Filled, Pressed, send_back
from bot.slack.supervisors import CannotTell, Supervisors
from bot.slack.thread import Thread
from bot.slack.words import thread as words
from bot.worker import RetryLater

DECISION: Final = "decision"
"""Kind of item: a supervisor decided."""
DECIDED: Final = "sns_check_decided"
"""``event_type`` of the message that tells the author."""

_KINDS: Final = {action: kind for kind, action in DECIDE.items()}


class DecisionForms:
    """What a supervisor presses and fills in."""

    def __init__(self, desk: Desk, counter: Counter, supervisors: Supervisors) -> None:
        self._desk = desk
        self._counter = counter
        self._supervisors = supervisors

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners."""
        for action in DECIDE.values():
            app.action(action)(self.pressed)
        app.view(DECISION_FORM)(self.filled)

    async def pressed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Ask for a comment, or explain why this person cannot decide on this version now."""
        await ack()
        pressed = Pressed.of(body)
        place, kind = pressed.place, _KINDS[pressed.action]
        async with self._counter.explaining(pressed):
            may = await self._supervisors.is_supervisor(pressed.actor, place.team, place.channel)
            revision = str(pressed.value["revision"])
            await self._desk.may_decide(place, revision, kind, pressed.actor, is_supervisor=may)
            if answer := await self._desk.standing(place):
                await self._counter.open(pressed, decision_form(answer, kind, pressed.metadata()))

    async def filled(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Take the decision in."""
        filled = Filled.of(body)
        kind, comment = DecisionKind(filled.remembered["kind"]), filled.values[COMMENT]
        if filled.remembered["required"] and not comment:
            await send_back(ack, COMMENT, words.DECISION_REQUIRED[kind])
            return
        details = {"kind": kind.value, "revision": filled.remembered["revision"]}
        await self._counter.store(ack, DECISION, filled, comment, details)


class Decide:
    """Handles ``DECISION``."""

    def __init__(self, desk: Desk, thread: Thread, counter: Counter, supervisors: Supervisors) -> None:
        self._desk = desk
        self._thread = thread
        self._counter = counter
        self._supervisors = supervisors

    async def handle(self, item: Item) -> str | None:
        """Record the decision and show it, or explain to who decided why it is not taken."""
        act = Act.of(item)
        place = act.place
        try:
            may = await self._supervisors.is_supervisor(act.actor, place.team, place.channel)
            kind = DecisionKind(act.details["kind"])
            answer = await self._desk.decide(
                place, act.details["revision"], kind, act.actor, act.written, is_supervisor=may
            )
        except CannotTell:
            raise RetryLater from None
        except Refused as refused:
            await self._counter.tell(act.place, act.actor, refusal_card(refused))
            return None
        await self._thread.bring_up_to_date(act.place)
        decision = answer.decision
        if decision is None:
            return None
        # By the decision, not by the form: somebody who sends it from two forms has decided once.
        mark = Mark(DECIDED, place.thread, f"{decision.revision}/{decision.at.timestamp()}")
        return await self._thread.post_once(act.place, mark, (decision_card(answer, decision),))

    async def give_up(self, item: Item) -> None:
        """Tell who decided whether it was recorded: what failed may only have been to show it."""
        act = Act.of(item)
        sentence = words.DECIDED_UNSEEN if await self._is_recorded(act) else words.NOT_DONE
        await self._counter.tell(act.place, act.actor, notice_card(sentence))

    async def _is_recorded(self, act: Act) -> bool:
        record = await self._desk.thread(act.place)
        asked = (act.details["kind"], act.details["revision"], act.actor, act.written)
        made = record.decisions if record else ()
        return asked in [(each.kind.value, each.revision, each.actor, each.comment) for each in made]
