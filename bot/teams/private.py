"""Private checks: of what somebody writes to the bot, and by the message action 「SNSチェック」. They store nothing."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import structlog

from bot.desk import CannotRead, Desk
from bot.desk.channels import ReviewChannels
from bot.desk.documents import Contents
from bot.desk.presenting import attached_notes
from bot.faults import describe
from bot.teams import words
from bot.teams.cards import private_card, unreadable_card
from bot.teams.connector import CARD
from bot.teams.elements import Card, notice_card
from bot.teams.events import Written, written_in_message
from bot.teams.files import TeamsFiles
from bot.teams.spot import SURFACE, Json, Spot, part, spot_of, string
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

ACTION_SECONDS: Final = 4.0
"""How long the message action may take: Teams waits for five seconds."""


class PrivateChecks:
    """Answers what somebody wants to know before others see it."""

    def __init__(self, desk: Desk, files: TeamsFiles, channels: ReviewChannels) -> None:
        self._desk = desk
        self._files = files
        self._channels = channels

    async def check(self, spot: Spot, written: Written) -> Card:
        """Check a message by the guideline that holds there. Never raises: who asked has to hear of it."""
        try:
            contents = await self._files.contents(written, spot.service_url)
            return await self._result(contents, spot)
        except RetryLater:
            return notice_card(words.PRIVATE_FILE)
        except Exception as error:  # noqa: BLE001 - whatever it was, who asked has to hear of it
            log.error("private_check_failed", **describe(error))  # noqa: TRY400 - a traceback would show the draft
            return notice_card(words.FAILED_PRIVATELY)

    async def opened(self, activity: Json) -> dict[str, Any]:
        """Answer the message action (``composeExtension/fetchTask``) by a window that shows the result."""
        return _window(await self._checked(activity))

    async def _checked(self, activity: Json) -> Card:
        spot, message = spot_of(activity), part(part(activity, "value"), "messagePayload")
        if spot is None or not message:
            return notice_card(words.FAILED_PRIVATELY)
        try:
            async with asyncio.timeout(ACTION_SECONDS):
                own_name = string(part(activity, "recipient").get("name"))
                return await self.check(spot, written_in_message(message, own_name))
        except TimeoutError:
            return notice_card(words.FAILED_PRIVATELY)

    async def _result(self, contents: Contents, spot: Spot) -> Card:
        name = await self._channels.guideline(spot.place.team, spot.place.channel)
        guideline = await self._desk.guideline(name)
        notes = list(attached_notes(contents.attached, guideline))
        if contents.unreadable:
            return unreadable_card(contents.unreadable, notes)
        try:
            review = await self._desk.try_out(contents.text, name, surface=SURFACE, team=spot.place.team)
        except CannotRead as error:
            return unreadable_card(error.reason, notes)
        return private_card(review, guideline, contents.attached)


def _window(card: Card) -> dict[str, Any]:
    attachment = {"contentType": CARD, "content": card}
    value = {"title": words.TITLE, "height": "large", "width": "large", "card": attachment}
    return {"task": {"type": "continue", "value": value}}
