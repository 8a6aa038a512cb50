"""A draft's thread: what the bot says there, keeps up to date and folds.

Each message is posted once and then changed. The desk knows the id of each answer; other messages are known by whoever
pressed a button in them. What was sent without an answer to tell is looked for by its mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.desk import Answer, Desk
from bot.teams import cards
from bot.teams.connector import Connector, ConnectorError, Gone
from bot.teams.graph import Graph, NotAllowed
from bot.teams.people import People
from bot.teams.spot import Spot

log: Final = structlog.get_logger(__name__)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """Says, as the id of a card's first element, what a message is about. No draft text.

    ``about`` names the version, or whatever the message is about.
    """

    kind: str
    about: str

    def on(self, card: Json) -> Json:
        """Return the card with the mark on it."""
        first, *rest = card["body"]
        return {**card, "body": [{**first, "id": str(self)}, *rest]}

    def __str__(self) -> str:
        return f"sns-check:{self.kind}:{self.about}"


ANSWER: Final = "answer"
"""``kind`` of the mark of an answer; it is about the version's revision."""


class Thread:
    """What the bot does in threads. Methods raise ``RetryLater`` and ``ConnectorError``."""

    def __init__(self, connector: Connector, graph: Graph, people: People, desk: Desk) -> None:
        self._connector = connector
        self._graph = graph
        self._people = people
        self._desk = desk

    async def post_once(self, spot: Spot, mark: Mark, card: Json, summary: str, *, again: bool) -> str | None:
        """Post a card, if it is not in the thread yet; returns the message's id.

        ``again``: an attempt was made before (``Item.again``), and nobody knows what came of it. ``None`` when there is
        no thread to post to any more.
        """
        try:
            posted = await self._posted(spot, mark) if again else None
            return posted or await self._connector.post(spot, mark.on(card), summary)
        except Gone as error:
            log.warning("nobody_to_answer", place=spot.place.key, status=error.status)
            return None

    async def answer(self, spot: Spot, answer: Answer, *, again: bool) -> str | None:
        """Post the answer to a version; returns its receipt, ``None`` when there is nowhere to post it."""
        mark, card = _mark(answer), await self._card(spot, answer)
        return await self.post_once(spot, mark, card, cards.summary(answer), again=again)

    async def bring_up_to_date(self, spot: Spot) -> None:
        """Show the draft as it stands now: its answer, and what is left of earlier ones."""
        answer = await self._desk.standing(spot.place)
        if answer and answer.receipt:
            card = _mark(answer).on(await self._card(spot, answer))
            await self.change(spot, answer.receipt, card, cards.summary(answer))
        await self.settle(spot)

    async def settle(self, spot: Spot) -> None:
        """Fold what other answers said, now that this one stands."""
        answer = await self._desk.standing(spot.place)
        if not (answer and answer.superseded and answer.receipt):
            return
        thread = await self._desk.thread(spot.place)
        for earlier in answer.superseded:
            version = thread.version(earlier.revision) if thread else None
            if thread is None or version is None:
                continue
            decided = [each for each in thread.decisions if each.revision == earlier.revision][-1:]
            names = await self._people.names(spot, [each.actor for each in decided])
            card = cards.folded_card(version, decided[0] if decided else None, names)
            mark = Mark(ANSWER, earlier.revision)
            await self.change(spot, earlier.receipt, mark.on(card), cards.folded_summary(version))
            await self._desk.folded(spot.place, earlier.revision)

    async def change(self, spot: Spot, message: str, card: Json, summary: str) -> None:
        """Show another card in the place of one of our messages, if it is there."""
        try:
            await self._connector.update(spot, message, card, summary)
        except ConnectorError as error:
            log.warning("message_not_changed", place=spot.place.key, status=error.status)

    async def take_away(self, spot: Spot, message: str) -> None:
        """Take away one of our messages, if it is there."""
        await self._connector.delete(spot, message)

    async def take_away_marked(self, spot: Spot, mark: Mark) -> None:
        """Take away our message with this mark, if it is there and somebody may look."""
        if message := await self._posted(spot, mark):
            await self._connector.delete(spot, message)

    async def _card(self, spot: Spot, answer: Answer) -> Json:
        return cards.answer_card(answer, await self._people.names(spot, cards.people(answer)))

    async def _posted(self, spot: Spot, mark: Mark) -> str | None:
        """Return the id of our message with this mark; ``None`` where there is none, or nobody may look."""
        try:
            async for reply in self._graph.replies(spot):
                if _carries(reply, mark):
                    return str(reply["id"])
        except NotAllowed:
            log.warning("may_be_said_twice", place=spot.place.key, remedy="grant ChannelMessage.Read.Group")
        return None


def _mark(answer: Answer) -> Mark:
    return Mark(ANSWER, answer.revision)


def _carries(message: Json, mark: Mark) -> bool:
    """Tell whether a message as Graph shows it is a card of ours with this mark, and stands."""
    by_app = bool((message.get("from") or {}).get("application"))
    contents = [str(each.get("content") or "") for each in message.get("attachments") or ()]
    return by_app and not message.get("deletedDateTime") and any(f'"{mark}"' in content for content in contents)
