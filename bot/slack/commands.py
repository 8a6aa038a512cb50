"""``/sns-check``: which command was meant, and who answers it. What is answered is seen by who asked alone."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.desk.texts import storable
from bot.faults import describe
from bot.slack.blocks import Card, notice_card
from bot.slack.inbound import mrkdwn
from bot.slack.supervisors import CannotTell
from bot.slack.words import commands as words
from bot.slack.words import thread

log: Final = structlog.get_logger(__name__)

COMMAND: Final = "/sns-check"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for what, and where. ``written`` is what follows the command's name, in Slack's markup."""

    user: str
    team: str
    channel: str
    trigger: str
    written: str

    @property
    def text(self) -> str:
        """What was written, as people read it."""
        return storable(mrkdwn(self.written)).strip()


Answer = Callable[[Asked], Awaitable[Card | None]]
"""Answers a command; ``None`` where something was opened instead. May raise ``CannotTell``."""

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "help": ("help", "ヘルプ", "使い方"),
    "history": ("history", "履歴"),
    "export": ("export", "書き出し"),
    "words": ("words", "言葉"),
    "rules": ("rules", "規則", "ルール"),
    "clause": ("clause", "条項"),
    "setup": ("setup", "設定"),
}
_ALONE: Final = {"help", "words", "setup", "rules"}
"""Commands that take no words: with some, it is a text that begins like that."""

_BY_NAME: Final = {name: command for command, names in _NAMES.items() for name in names}
_MISTYPED_LENGTH: Final = 40
"""Longer than any command that somebody types: it is a text."""
_ALIKE: Final = 0.75


def meant(written: str) -> tuple[str, str] | None:
    """Return the command that a text begins with and what follows it; ``None`` for a text to check."""
    first, rest = (*re.split(r"\s+", written.strip(), maxsplit=1), "")[:2]
    command = _BY_NAME.get(unicodedata.normalize("NFKC", first).lower())
    if command is None or (rest and command in _ALONE):
        return None
    return command, rest


def mistyped(written: str) -> str | None:
    """Return the command that somebody seems to have mistyped.

    That is a short line, no sentence, whose first word is of Latin letters and begins or looks like a command.
    """
    first = re.match(r"[a-z]{3,10}(?=\s|$)", unicodedata.normalize("NFKC", written).lower())
    if first is None or len(written) > _MISTYPED_LENGTH or not {"\n", "。"}.isdisjoint(written):
        return None
    begun = [name for name in _NAMES if name.startswith(first.group())]
    return next(iter([*begun, *difflib.get_close_matches(first.group(), _NAMES, 1, _ALIKE)]), None)


class Commands:
    """Answers ``/sns-check``: ``answers`` by command, ``text`` for a text to check, ``nothing`` for no words at all."""

    def __init__(self, answers: Mapping[str, Answer], text: Answer, nothing: Answer) -> None:
        self._answers = answers
        self._text = text
        self._nothing = nothing

    def listen(self, app: AsyncApp) -> None:
        """Register the listener."""
        app.command(COMMAND)(self.asked)

    async def asked(self, ack: AsyncAck, respond: AsyncRespond, command: Mapping[str, Any]) -> None:
        """Answer a command."""
        await ack()
        names = ("user_id", "team_id", "channel_id", "trigger_id", "text")
        asked = Asked(*(str(command.get(name) or "") for name in names))
        card = await privately(self._answer(asked))
        if card is not None:
            await show(respond, card)

    async def _answer(self, asked: Asked) -> Card | None:
        if not asked.text:
            return await self._nothing(asked)
        if understood := meant(asked.written):
            command, rest = understood
            return await self._answers[command](Asked(asked.user, asked.team, asked.channel, asked.trigger, rest))
        if likely := mistyped(asked.text):
            return notice_card(words.did_you_mean(likely))
        return await self._text(asked)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody pressed or chose in a private list or in the Home tab. ``value`` is what the element says."""

    user: str
    team: str
    value: Mapping[str, Any]

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Chosen:
        """Read a ``block_actions`` payload."""
        (action,) = body["actions"]
        value = action.get("value") or action["selected_option"]["value"]
        return cls(str(body["user"]["id"]), str(body["team"]["id"]), json.loads(value))


async def privately(answer: Awaitable[Card | None]) -> Card | None:
    """Return an answer, or a kind word where there can be none now."""
    try:
        return await answer
    except CannotTell:
        return notice_card(thread.CANNOT_TELL)
    except Exception as error:  # noqa: BLE001 - whatever it was, who asked has to hear of it
        log.error("not_answered", **describe(error))  # noqa: TRY400 - a traceback would show what was asked
        return notice_card(words.FAILED_PRIVATELY)


async def show(respond: AsyncRespond, card: Card, *, instead: bool = False) -> None:
    """Show a card to who asked; ``instead`` of the one on which a button was pressed."""
    await respond(
        text=card.text,
        blocks=list(card.blocks),
        response_type="ephemeral",
        replace_original=instead,
        unfurl_links=False,
        unfurl_media=False,
    )


def help_card() -> Card:
    """Explain what there is to use."""
    lines = [*words.HELP, *(f"・{command} … {meaning}" for command, meaning in words.COMMANDS.items())]
    return notice_card("\n".join(lines))


async def answer_help(_asked: Asked) -> Card:
    """``/sns-check help``."""
    return help_card()
