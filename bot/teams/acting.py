"""What people press in a draft's thread: the card's buttons, answered at once to who pressed them.

Deciding, disputing and ruling are done before Teams is answered: each is one commit of the desk, and done again changes
nothing. What follows for everybody (the card changed in place, whom it concerns told) goes through the inbox. Where
something happened is taken from the activity, which the connector signs, never from what a button says.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self, TypeVar

import structlog

from bot.desk import Answer, DecisionKind, Desk, Dispute, Refusal, Refused, RulingKind
from bot.desk.channels import ReviewChannels
from bot.desk.markers import without_marker
from bot.desk.texts import storable
from bot.faults import describe
from bot.history import Inbox, Item
from bot.teams import words
from bot.teams.cards import (
    COMMENT,
    DECIDE,
    DISPUTE,
    FINDING,
    NOTE,
    REASON,
    RECHECK,
    REVISE,
    REVISION_LENGTH,
    RULE,
    TEXT,
    TURN,
    answer_card,
    dispute_card,
    people,
    refusal,
)
from bot.teams.elements import FIELD_LENGTH, Card
from bot.teams.events import PostedVersion, as_it_stands
from bot.teams.graph import Graph, NotAllowed
from bot.teams.people import People
from bot.teams.spot import SURFACE, Json, Spot, actor_of, part, spot_of, string
from bot.teams.supervisors import Supervisors
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

DECISION: Final = "decision"
"""Kind of item: a supervisor decided. Its payload names spot, revision and time of the decision."""
DISPUTED: Final = "dispute"
"""Kind of item: somebody takes a finding for wrong. Its payload names spot and dispute."""
RULED: Final = "ruling"
"""Kind of item: a supervisor ruled on a dispute. Its payload names spot, dispute and the message with its card."""
REVISION: Final = "revision"
"""Kind of item: somebody wrote a version in the card."""
REMARK: Final = "remark"
"""Kind of item: something to say in a thread, to an old client that shows no answer to a button."""

READING_SECONDS: Final = 8.0
"""How long who pressed a button waits for Microsoft Graph: Teams gives up on us soon after."""

Kind = TypeVar("Kind", DecisionKind, RulingKind)

CARD_SHOWN: Final = "application/vnd.microsoft.card.adaptive"
MESSAGE_SHOWN: Final = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed, and what they filled in. ``message`` is the id of the message with the card."""

    spot: Spot
    actor: str
    verb: str
    message: str
    data: Mapping[str, Any]

    @classmethod
    def of(cls, activity: Json) -> Self | None:
        """Read an ``adaptiveCard/action`` invoke, or the message that an old client sends; ``None`` for others."""
        spot, value = spot_of(activity), part(activity, "value")
        action = part(value, "action")
        data = part(action, "data") if action else value
        verb = string(action.get("verb")) or string(data.get("verb"))
        if spot is None or not verb:
            return None
        return cls(spot, actor_of(activity), verb, string(activity.get("replyToId")), data)

    def written(self, field: str, longest: int = FIELD_LENGTH) -> str:
        """Return what was filled into a field, as far as it may be that long."""
        return storable(string(self.data.get(field))).strip()[:longest]

    def number(self, name: str) -> int:
        """Return a number out of the data. ``Refused`` for anything else."""
        value = self.data.get(name)
        written = str(value) if isinstance(value, str | int) else ""
        if not (written.isascii() and written.isdigit() and len(written) < len(str(2**53))):
            raise Refused(Refusal.UNKNOWN)
        return int(written)

    @property
    def revision(self) -> str:
        """The version that the button stands under."""
        return string(self.data.get("revision"))

    @property
    def page(self) -> int:
        """The page of findings that is shown."""
        page = self.data.get("page")
        return page if isinstance(page, int) and 0 <= page < FIELD_LENGTH else 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What who pressed a button is shown: a card in the place of theirs, or a sentence below it."""

    card: Card | None = None
    said: str = ""
    """What the card says to them alone, or the sentence."""

    def response(self) -> dict[str, Any]:
        """Return it as the answer to an ``adaptiveCard/action``."""
        if self.card is None:
            return {"statusCode": 200, "type": MESSAGE_SHOWN, "value": self.said}
        return {"statusCode": 200, "type": CARD_SHOWN, "value": self.card}


class Acting:
    """Answers the buttons of drafts' threads."""

    def __init__(  # noqa: PLR0913 - its collaborators, by name
        self,
        *,
        desk: Desk,
        inbox: Inbox,
        graph: Graph,
        people: People,
        channels: ReviewChannels,
        supervisors: Supervisors,
        clock: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._inbox = inbox
        self._graph = graph
        self._people = people
        self._channels = channels
        self._supervisors = supervisors
        self._clock = clock
        self._verbs: Mapping[str, Callable[[Press], Awaitable[Shown]]] = {
            TURN: self._turn,
            DECIDE: self._decide,
            DISPUTE: self._dispute,
            RULE: self._rule,
            REVISE: self._revise,
            RECHECK: self._recheck,
        }

    async def pressed(self, activity: Json) -> dict[str, Any]:
        """Answer an ``adaptiveCard/action`` invoke. Never raises: who pressed has to hear what came of it."""
        return (await self._outcome(activity)).response()

    async def submitted(self, activity: Json) -> None:
        """Do what an old client asks for by a message. What there is to say is said in the thread.

        Raises what keeps it from being stored, so that it is delivered again.
        """
        outcome, press = await self._outcome(activity), Press.of(activity)
        if press and outcome.said and press.spot.place.thread:
            key = hashlib.sha256(string(activity.get("id")).encode()).hexdigest()[:16]
            await self._put(press, REMARK, key, {"said": outcome.said})

    async def _outcome(self, activity: Json) -> Shown:
        press = Press.of(activity)
        try:
            if press is None or press.verb not in self._verbs or not await self._is_served(press):
                return Shown(said=words.NOT_SERVED)
            return await self._verbs[press.verb](press)
        except Refused as refused:
            return await self._refused(press, refused) if press else Shown(said=words.NOT_SERVED)
        except Exception as error:  # noqa: BLE001 - whatever it was, who pressed has to hear of it
            log.error("not_done", **describe(error))  # noqa: TRY400 - a traceback would show what was written
            return Shown(said=words.FAILED_NOW)

    async def _is_served(self, press: Press) -> bool:
        place = press.spot.place
        return bool(press.actor and place.thread) and await self._channels.review(place.team, place.channel) is not None

    # ── what is pressed under an answer ──────────────────────────────────────────────────────────────────────────────

    async def _turn(self, press: Press) -> Shown:
        return await self._answer(press, await self._standing(press))

    async def _decide(self, press: Press) -> Shown:
        """Record the decision; the answer says who decided what, whoever was first."""
        place = press.spot.place
        kind = _kind(DecisionKind, press)
        may = await self._supervisors.may_decide(press.actor, place)
        answer = await self._desk.decide(
            place, press.revision, kind, press.actor, press.written(COMMENT), is_supervisor=may
        )
        if decision := answer.decision:
            details = {"revision": decision.revision, "at": decision.at.isoformat()}
            await self._put(press, DECISION, f"{decision.revision}/{decision.at.isoformat()}", details)
        return await self._answer(press, answer)

    async def _dispute(self, press: Press) -> Shown:
        answer = await self._standing(press)
        reason = press.written(REASON)
        if not press.written(FINDING):
            return await self._answer(press, answer, words.WHICH_BLANK)
        if not reason:
            return await self._answer(press, answer, words.DISPUTE_WHY_BLANK)
        dispute, answer = await self._desk.dispute(
            press.spot.place, press.revision, press.number(FINDING), press.actor, reason
        )
        await self._put(press, DISPUTED, str(dispute.id), {"dispute": dispute.id})
        return await self._answer(press, answer, words.DISPUTE_TAKEN)

    async def _revise(self, press: Press) -> Shown:
        """Take in a version that was written in the card, unless it says what stands already."""
        answer = await self._standing(press)
        written = press.written(TEXT, REVISION_LENGTH + 1)
        if not written:
            return await self._answer(press, answer, words.REVISION_BLANK)
        if len(written) > REVISION_LENGTH:
            return await self._answer(press, answer, words.REVISION_TOO_LONG)
        if written == answer.text.strip():
            return await self._answer(press, answer, words.REVISION_UNCHANGED)
        digest = hashlib.sha256(f"{press.actor}/{answer.revision}/{written}".encode()).hexdigest()[:16]
        details = {"actor": press.actor, "revision": answer.revision, "written": written}
        await self._put(press, REVISION, digest, details)
        return await self._answer(press, answer, words.REVISION_TAKEN)

    async def _recheck(self, press: Press) -> Shown:
        """Read the words as they stand now, in post and reply, and take in what is newer than what was answered."""
        answer = await self._standing(press)
        try:
            async with asyncio.timeout(READING_SECONDS):
                items = await self._as_it_stands(press.spot, answer)
        except NotAllowed:
            return await self._answer(press, answer, words.RECHECK_NOT_ALLOWED)
        except (RetryLater, TimeoutError):
            return await self._answer(press, answer, words.RECHECK_LATER)
        if not items:
            return await self._answer(press, answer, words.RECHECK_GONE)
        record = await self._desk.thread(press.spot.place)
        version = record.version(answer.revision) if record else None
        newer = [item for item in items if version and item.order > version.order and _says_something_new(item, answer)]
        new = [await self._inbox.put(item) for item in newer]
        return await self._answer(press, answer, words.RECHECKING if any(new) else words.RECHECKED_SAME)

    async def _as_it_stands(self, spot: Spot, answer: Answer) -> list[Item]:
        """Return the draft's post and, if that is another message, the version that was answered, as they are now."""
        messages = [await self._graph.message(spot)]
        if (written := answer.revision.partition("/")[0]) != spot.place.thread:  # else an edit of the post, or a reply
            messages.append(await self._graph.message(spot, written))
        items = [as_it_stands(spot, message, self._clock()) for message in messages if message]
        return [item for item in items if item]

    # ── what is pressed under a dispute ──────────────────────────────────────────────────────────────────────────────

    async def _rule(self, press: Press) -> Shown:
        place, dispute_id = press.spot.place, press.number("dispute")
        kind = _kind(RulingKind, press)
        may = await self._supervisors.may_decide(press.actor, place)
        _of_draft(await self._desk.may_rule(dispute_id, press.actor, is_supervisor=may), press)
        dispute, _answer = await self._desk.rule(dispute_id, kind, press.actor, press.written(NOTE), is_supervisor=may)
        await self._put(press, RULED, str(dispute.id), {"dispute": dispute.id, "message": press.message})
        ours = dispute.ruling and (dispute.ruling.actor, dispute.ruling.kind) == (press.actor, kind)
        return await self._dispute_shown(press, dispute, "" if ours else words.ALREADY_RULED)

    async def _dispute_shown(self, press: Press, dispute: Dispute, notice: str) -> Shown:
        concerned = {dispute.actor, *({dispute.ruling.actor} if dispute.ruling else ())}
        names = await self._people.names(press.spot, concerned)
        return Shown(dispute_card(dispute, names, notice=notice), notice)

    # ── inner steps ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _standing(self, press: Press) -> Answer:
        """Return the answer under which the button stands, if it is the one that stands. Raises ``Refused``."""
        answer = await self._desk.standing(press.spot.place)
        if answer is None:
            raise Refused(Refusal.UNKNOWN)
        if answer.withdrawn:
            raise Refused(Refusal.WITHDRAWN)
        if answer.revision != press.revision:
            raise Refused(Refusal.OUTDATED)
        return answer

    async def _answer(self, press: Press, answer: Answer, notice: str = "") -> Shown:
        names = await self._people.names(press.spot, people(answer))
        return Shown(answer_card(answer, names, page=press.page, notice=notice), notice)

    async def _refused(self, press: Press, refused: Refused) -> Shown:
        """Explain on the card, where it still stands, why something is not done; else in a sentence."""
        decision = refused.decision
        names = await self._people.names(press.spot, {decision.actor} if decision else ())
        explained = refusal(refused, names)
        if press.verb == RULE:
            return Shown(said=explained)
        try:
            return await self._answer(press, await self._standing(press), explained)
        except Refused:
            return Shown(said=explained)

    async def _put(self, press: Press, kind: str, about: str, details: Mapping[str, Any]) -> None:
        """Have the rest done from the inbox. What is pressed again is the same item."""
        now, place = self._clock(), press.spot.place
        payload = {"spot": press.spot.payload(), **details}
        await self._inbox.put(
            Item(f"{place.key}/{kind}/{about}", SURFACE, kind, place.key, now.timestamp(), now, payload)
        )


def _kind(kinds: type[Kind], press: Press) -> Kind:
    try:
        return kinds(string(press.data.get("kind")))
    except ValueError:
        raise Refused(Refusal.UNKNOWN) from None


def _of_draft(dispute: Dispute, press: Press) -> None:
    """Raise ``Refused`` unless it is a dispute of this draft: rights were asked for its channel."""
    if dispute.place != press.spot.place:
        raise Refused(Refusal.UNKNOWN)


def _says_something_new(item: Item, answer: Answer) -> bool:
    """Tell whether a message as it stands now differs from the version that was answered; with files nobody can tell.

    What a reply has not attached is the draft's.
    """
    version = PostedVersion.of(item)
    written, inherits = version.written, version.is_reply and not version.written.pictures
    text = without_marker(written.text) if version.is_reply else written.text
    other_pictures = not inherits and written.pictures != len(answer.attached.pictures)
    return bool(written.files) or text.strip() != answer.text.strip() or other_pictures
