"""The chat (チャット) of one person with the bot: commands, private checks, and the lists that are turned there."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from bot.desk.commands import meant, mistyped
from bot.faults import describe
from bot.teams import words
from bot.teams.acting import Press, Shown
from bot.teams.allowlist import AllowList
from bot.teams.connector import Connector, ConnectorError
from bot.teams.elements import Card, notice_card
from bot.teams.events import Written, written_in
from bot.teams.lists import HISTORY, NARROW, REVOKE, RULES, WORDS, help_card
from bot.teams.private import PrivateChecks
from bot.teams.records import DraftHistory, ExportRequests
from bot.teams.reference import Reference
from bot.teams.spot import Json, Spot, actor_of, part, spot_of, string
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

SAYING_SECONDS: Final = 60.0
"""How long an answer is tried to be sent while Teams has no time for it."""
RETRY_SECONDS: Final = 2.0
REMEMBERED: Final = 1_000
"""Messages that are known again when Teams delivers them twice. What is answered there stores nothing."""

_NAME: Final = re.compile(r"^\s*/?sns-check(?:\s+|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wrote to the bot, and in which message."""

    spot: Spot
    user: str
    message: str
    written: Written


Answer = Callable[[Asked, str], Awaitable[Card | None]]
"""Answers a command with what follows it; ``None`` where the answer comes later."""
Turn = Callable[[Spot, str, Mapping[str, Any]], Awaitable[Card]]
"""Answers a button of a list: where, who, and what the button says."""


class Chat:
    """Answers what people write to the bot, and the buttons of the lists that it shows them."""

    def __init__(  # noqa: PLR0913 - its collaborators, by name
        self,
        *,
        connector: Connector,
        private: PrivateChecks,
        history: DraftHistory,
        exports: ExportRequests,
        allowlist: AllowList,
        reference: Reference,
    ) -> None:
        self._connector = connector
        self._private = private
        self._history = history
        self._exports = exports
        self._allowlist = allowlist
        self._reference = reference
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._commands: Mapping[str, Answer] = {
            "help": self._help,
            "history": self._list,
            "export": self._export,
            "words": self._words,
            "rules": self._rules,
            "clause": self._clause,
            "setup": self._setup,
        }
        self.turns: Mapping[str, Turn] = {
            HISTORY: history.turned,
            NARROW: history.narrowed,
            WORDS: allowlist.turned,
            REVOKE: allowlist.revoked,
            RULES: reference.turned,
        }
        """By verb."""

    async def written(self, activity: Json) -> None:
        """Answer a message of a chat, once. It was acknowledged, so it is not delivered again."""
        spot = spot_of(activity)
        if spot is None or not self._is_new(activity):
            return
        asked = Asked(spot, actor_of(activity), string(activity.get("id")), written_in(activity))
        await self._say(spot, await self._kindly(self._answer(asked)))

    async def called(self, activity: Json) -> None:
        """Say to somebody who mentions the bot in a channel that is not for reviews that it is not, once."""
        if (spot := spot_of(activity)) and self._is_new(activity):
            await self._say(spot, notice_card(words.NO_REVIEW_CHANNEL))

    async def welcomed(self, activity: Json) -> None:
        """Say what there is to use to somebody who has just added the bot."""
        if spot := spot_of(activity):
            await self._say(spot, help_card())

    async def pressed(self, activity: Json) -> dict[str, Any]:
        """Answer a button of a list: ``adaptiveCard/action`` with a verb of ``turns``."""
        press = Press.of(activity)
        if press is None or press.verb not in self.turns:
            return Shown(said=words.NOT_SERVED).response()
        shown = await self._kindly(self.turns[press.verb](press.spot, press.actor, press.data))
        return Shown(shown).response()

    def _is_new(self, activity: Json) -> bool:
        key = f"{string(part(activity, 'conversation').get('id'))}/{string(activity.get('id'))}"
        known = key in self._seen
        self._seen[key] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return not known

    async def _answer(self, asked: Asked) -> Card | None:
        text = _NAME.sub("", asked.written.text, count=1)
        if not text.strip() and not (asked.written.files or asked.written.pictures):
            return notice_card(words.NOTHING_TO_CHECK)
        if understood := meant(text):
            command, rest = understood
            return await self._commands[command](asked, rest)
        if not asked.written.files and (likely := mistyped(text.strip())):
            return notice_card(words.did_you_mean(likely))
        return await self._private.check(asked.spot, replace(asked.written, text=text))

    async def _help(self, _asked: Asked, _rest: str) -> Card:
        return help_card()

    async def _list(self, asked: Asked, rest: str) -> Card:
        return await self._history.answer(asked.spot, asked.user, rest)

    async def _export(self, asked: Asked, rest: str) -> Card | None:
        return await self._exports.answer(asked.spot, asked.user, rest, asked.message)

    async def _words(self, asked: Asked, _rest: str) -> Card:
        return await self._allowlist.answer(asked.spot, asked.user)

    async def _rules(self, _asked: Asked, _rest: str) -> Card:
        return await self._reference.rules()

    async def _clause(self, asked: Asked, rest: str) -> Card:
        return await self._reference.clause(asked.spot, rest)

    async def _setup(self, _asked: Asked, _rest: str) -> Card:
        return notice_card(words.SETUP_ELSEWHERE)

    async def _kindly(self, answer: Awaitable[Card | None]) -> Card | None:
        """Return an answer, or a kind word where there can be none now."""
        try:
            return await answer
        except Exception as error:  # noqa: BLE001 - whatever it was, who asked has to hear of it
            log.error("not_answered", **describe(error))  # noqa: TRY400 - a traceback would show what was asked
            return notice_card(words.FAILED_PRIVATELY)

    async def _say(self, spot: Spot, card: Card | None) -> None:
        if card is None:
            return
        try:
            async with asyncio.timeout(SAYING_SECONDS):
                await self._post(spot, card)
        except (ConnectorError, TimeoutError) as error:
            log.warning("not_answered", place=spot.place.key, **describe(error))

    async def _post(self, spot: Spot, card: Card) -> None:
        """Post a card when Teams takes it. What was cut short is sent again: an answer twice is better than none."""
        while True:
            try:
                await self._connector.post(spot, card, words.TITLE)
            except RetryLater as later:
                await asyncio.sleep(later.seconds or RETRY_SECONDS)
            else:
                return
