"""What follows for everybody from what one person pressed: done from the inbox, so that nothing of it is lost.

Items name a decision, a dispute or a ruling that the desk holds already; what is shown is read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.compare import FindingKey
from bot.desk import NOTHING_ATTACHED, Answer, Decision, Desk, Dispute, Refusal, Submission, Version
from bot.desk import Thread as Record
from bot.history import Inbox, Item, RulingKind
from bot.teams import words
from bot.teams.answering import FAILURE, Answering
from bot.teams.cards import (
    decision_card,
    decision_summary,
    dispute_card,
    dispute_summary,
    revision_card,
    ruling_card,
)
from bot.teams.elements import notice_card
from bot.teams.people import People
from bot.teams.spot import SURFACE, Spot
from bot.teams.supervisors import Supervisors
from bot.teams.thread import Mark, Thread

REFRESH: Final = "refresh"
"""Kind of item: the card of a draft is to be drawn anew."""
CALLED: Final = 10
"""Supervisors called upon by name."""


class ShowDecision:
    """Handles ``acting.DECISION``."""

    def __init__(self, desk: Desk, thread: Thread, people: People) -> None:
        self._desk = desk
        self._thread = thread
        self._people = people

    async def handle(self, item: Item) -> str | None:
        """Change the card for everybody, and tell who wrote the version what was decided on it."""
        spot = Spot.of(item.payload["spot"])
        await self._thread.bring_up_to_date(spot)
        record = await self._desk.thread(spot.place)
        found = _decided(record, item) if record else None
        if found is None:
            return None
        version, decision = found
        names = await self._people.names(spot, {version.author, decision.actor})
        mark = Mark("decision", f"{decision.revision}/{decision.at.timestamp()}")
        card = decision_card(version, decision, names)
        return await self._thread.post_once(spot, mark, card, decision_summary(decision), again=item.again)

    async def give_up(self, item: Item) -> None:
        """Say in the thread that it is recorded: what failed was to show it."""
        await _say_unseen(self._thread, item, words.DECIDED_UNSEEN)


def _decided(record: Record, item: Item) -> tuple[Version, Decision] | None:
    at = datetime.fromisoformat(item.payload["at"])
    made = [each for each in record.decisions if (each.revision, each.at) == (item.payload["revision"], at)]
    version = record.version(item.payload["revision"])
    return (version, made[0]) if version and made else None


class ShowDispute:
    """Handles ``acting.DISPUTED``."""

    def __init__(self, desk: Desk, thread: Thread, people: People, supervisors: Supervisors) -> None:
        self._desk = desk
        self._thread = thread
        self._people = people
        self._supervisors = supervisors

    async def handle(self, item: Item) -> str | None:
        """Raise the dispute to the supervisors in the thread, and say on the answer that it is raised."""
        spot = Spot.of(item.payload["spot"])
        record = await self._desk.thread(spot.place)
        dispute = _dispute(record, item.payload["dispute"])
        if record is None or dispute is None:
            return None
        named = sorted(await self._supervisors.named(spot.place) - record.authors)[:CALLED]
        names = await self._people.names(spot, {dispute.actor, *named, *_ruler(dispute)})
        called = {person: names[person] for person in named if person in names}
        card = dispute_card(dispute, names, called)
        receipt = await self._thread.post_once(spot, _mark(dispute), card, dispute_summary(dispute), again=item.again)
        await self._thread.bring_up_to_date(spot)
        return receipt

    async def give_up(self, item: Item) -> None:
        """Say in the thread that it is recorded: what failed was to show it."""
        await _say_unseen(self._thread, item, words.DISPUTED_UNSEEN)


class ShowRuling:
    """Handles ``acting.RULED``."""

    def __init__(self, desk: Desk, thread: Thread, people: People, refreshing: Refreshing) -> None:
        self._desk = desk
        self._thread = thread
        self._people = people
        self._refreshing = refreshing

    async def handle(self, item: Item) -> str | None:
        """Show the ruling on the dispute's card and on the answer, and tell those who raised it."""
        spot = Spot.of(item.payload["spot"])
        record = await self._desk.thread(spot.place)
        dispute = _dispute(record, item.payload["dispute"])
        if record is None or dispute is None or dispute.ruling is None:
            return None
        told = _concerned(record, dispute)
        names = await self._people.names(spot, {*told, dispute.ruling.actor, dispute.actor})
        if message := item.payload["message"]:
            shown = _mark(dispute).on(dispute_card(dispute, names))
            await self._thread.change(spot, message, shown, dispute_summary(dispute))
        await self._thread.bring_up_to_date(spot)
        if dispute.ruling.kind is RulingKind.FOR_TOWN:
            await self._refreshing.wherever(spot, FindingKey.of(dispute.finding), item.key)
        if not told:
            return None
        # By the ruling, not by the dispute: one ruling answers all disputes of the same finding.
        mark = Mark("ruled", f"{dispute.ruling.actor}/{dispute.ruling.at.timestamp()}")
        card = ruling_card(dispute.ruling, dispute.finding, told, names)
        return await self._thread.post_once(spot, mark, card, words.DISPUTE_RULED, again=item.again)

    async def give_up(self, item: Item) -> None:
        """Say in the thread that it is recorded: what failed was to show it."""
        await _say_unseen(self._thread, item, words.RULED_UNSEEN)


def _concerned(record: Record, dispute: Dispute) -> Collection[str]:
    """Return who raised this or another dispute that the same ruling answers, but for the supervisor who ruled."""
    ruling = dispute.ruling
    raised = {each.actor for each in record.disputes if each.ruling == ruling}
    return sorted(raised - {ruling.actor if ruling else ""})


class Revise:
    """Handles ``acting.REVISION``."""

    def __init__(self, desk: Desk, thread: Thread, answering: Answering, people: People) -> None:
        self._desk = desk
        self._thread = thread
        self._answering = answering
        self._people = people

    async def handle(self, item: Item) -> str | None:
        """Show the version in the thread under its author's name, once, and have it reviewed like one written there."""
        spot, written, actor = Spot.of(item.payload["spot"]), item.payload["written"], item.payload["actor"]
        standing = await self._desk.standing(spot.place)
        if refusal := _refusal(item, standing):
            mark = Mark("remark", item.key)
            return await self._answering.say(spot, mark, words.REFUSED[refusal], again=item.again)
        names = await self._people.names(spot, {actor})
        card = revision_card(actor, written, names)
        message = await self._thread.post_once(spot, Mark("revision", item.key), card, words.REVISION, again=item.again)
        if message is None:
            return None
        submission = Submission(
            place=spot.place,
            revision=message,
            order=item.order,
            author=actor,
            text=written,
            received_at=item.received_at,
            attached=standing.attached if standing else NOTHING_ATTACHED,
        )
        return await self._answering.submit(spot, submission, again=item.again)

    async def give_up(self, item: Item) -> None:
        """Say in the thread that the version was not reviewed."""
        spot = Spot.of(item.payload["spot"])
        await self._answering.say(spot, Mark(FAILURE, item.key), words.FAILED, again=True)


def _refusal(item: Item, answer: Answer | None) -> Refusal | None:
    """Return why the version cannot follow what stands now. At a second attempt it may be what stands."""
    if answer is None:
        return None
    if answer.withdrawn:
        return Refusal.WITHDRAWN
    follows = answer.revision == item.payload["revision"] or answer.text == item.payload["written"]
    return None if follows else Refusal.OUTDATED


class Remark:
    """Handles ``acting.REMARK``."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def handle(self, item: Item) -> str | None:
        """Say in the thread what an old client cannot show."""
        spot = Spot.of(item.payload["spot"])
        return await self._answering.say(spot, Mark("remark", item.key), item.payload["said"], again=item.again)

    async def give_up(self, item: Item) -> None:
        """Nobody can be told where telling is what failed."""


class Refreshing:
    """Has the cards of a town's open drafts drawn anew that hold certain words."""

    def __init__(self, desk: Desk, inbox: Inbox, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._inbox = inbox
        self._clock = clock

    async def wherever(self, spot: Spot, phrase: FindingKey, occasion: str) -> None:
        """Put each such draft into the inbox, once for one ``occasion``. ``spot`` is anywhere in the town."""
        for place in await self._desk.open_with(SURFACE, spot.place.team, phrase):
            there = replace(spot, place=place, group="", team="")
            await self._inbox.put(_refresh(there, occasion, self._clock()))


def _refresh(spot: Spot, occasion: str, now: datetime) -> Item:
    place = spot.place
    key = f"{place.key}/{REFRESH}/{occasion}"
    return Item(key, SURFACE, REFRESH, place.key, now.timestamp(), now, {"spot": spot.payload()})


class Refresh:
    """Handles ``REFRESH``."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread

    async def handle(self, item: Item) -> None:
        """Show the draft as it stands now."""
        await self._thread.bring_up_to_date(Spot.of(item.payload["spot"]))

    async def give_up(self, item: Item) -> None:
        """Nobody waits for it: the card is right again when the draft is next touched."""


async def _say_unseen(thread: Thread, item: Item, said: str) -> None:
    spot = Spot.of(item.payload["spot"])
    await thread.post_once(spot, Mark("unseen", item.key), notice_card(said), said, again=True)


def _dispute(record: Record | None, dispute_id: int) -> Dispute | None:
    return next((each for each in record.disputes if each.id == dispute_id), None) if record else None


def _ruler(dispute: Dispute) -> Collection[str]:
    return {dispute.ruling.actor} if dispute.ruling else ()


def _mark(dispute: Dispute) -> Mark:
    return Mark("dispute", f"{dispute.revision}/{dispute.id}")
