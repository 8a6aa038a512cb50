"""``/sns-check``: which command was meant, and who answers it. What is answered is seen by who asked alone."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.desk.commands import meant, mistyped
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
