"""Private checks: of a text after ``/sns-check``, by its form, and by the message shortcut. They store nothing.

The answer is seen only by who asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.desk import CannotRead, Desk
from bot.desk.channels import ReviewChannels
from bot.desk.documents import Contents
from bot.desk.presenting import attached_notes
from bot.desk.texts import storable
from bot.faults import describe
from bot.slack.blocks import Card, View, form, notice_card, plain, text_field
from bot.slack.cards import private_card, unreadable_card
from bot.slack.client import Slack, SlackError
from bot.slack.commands import Asked, show
from bot.slack.events import SURFACE
from bot.slack.files import SlackFiles
from bot.slack.words import commands
from bot.slack.words import thread as words
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

SHORTCUT: Final = "sns_check_message"
FORM: Final = "sns_check_form"
FIELD: Final = "draft"
"""Block and action id of the form's field."""


_NOT_OPENED: Final = notice_card(commands.FAILED_PRIVATELY)


class Where(NamedTuple):
    """Where somebody asks."""

    team: str
    channel: str


class PrivateChecks:
    """Answers who asks in private, against the guideline of the channel where it is asked."""

    def __init__(self, desk: Desk, slack: Slack, files: SlackFiles, channels: ReviewChannels) -> None:
        self._desk = desk
        self._slack = slack
        self._files = files
        self._channels = channels

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.view(FORM)(self.form)
        app.shortcut(SHORTCUT)(self.shortcut)

    async def text(self, asked: Asked) -> Card:
        """Check what was written after the command."""
        return await self._check(Contents(asked.text), Where(asked.team, asked.channel))

    async def nothing(self, asked: Asked) -> Card | None:
        """Open the form for who wrote nothing."""
        return None if await self._open(asked.trigger, form_view(asked.channel)) else _NOT_OPENED

    async def form(self, ack: AsyncAck, view: Mapping[str, Any]) -> None:
        """Show the result in the place of the form that was sent."""
        text = storable(str(view["state"]["values"][FIELD][FIELD].get("value") or ""))
        channel = json.loads(view.get("private_metadata") or "{}").get("channel", "")
        card = await self._check(Contents(text), Where(str(view.get("team_id")), channel))
        await ack(response_action="update", view=result_view(card))

    async def shortcut(self, ack: AsyncAck, respond: AsyncRespond, shortcut: Mapping[str, Any]) -> None:
        """Check any message: a modal opens at once, since its files may take longer than Slack waits."""
        await ack()
        view_id = await self._open(str(shortcut["trigger_id"]), result_view(notice_card(commands.CHECKING)))
        if view_id is None:
            await show(respond, _NOT_OPENED)
            return
        card = await self._check_message(shortcut["message"], _where(shortcut))
        try:
            await self._slack.update_view(view_id, result_view(card))
        except (SlackError, RetryLater) as error:
            log.warning("result_not_shown", **describe(error))
            await show(respond, card)

    async def _open(self, trigger: str, view: View) -> str | None:
        try:
            return await self._slack.open_view(trigger, view)
        except (SlackError, RetryLater) as error:
            log.warning("modal_not_opened", **describe(error))
            return None

    async def _check_message(self, message: Mapping[str, Any], where: Where) -> Card:
        try:
            contents = await self._files.contents(message)
        except RetryLater:
            return notice_card(commands.SLACK_UNREACHABLE)
        return await self._check(contents, where)

    async def _check(self, contents: Contents, where: Where) -> Card:
        try:
            return await self._result(contents, where, await self._channels.guideline(*where))
        except Exception as error:  # noqa: BLE001 - whatever it was, who asked has to hear of it
            log.error("private_check_failed", **describe(error))  # noqa: TRY400 - a traceback would show the draft
            return notice_card(commands.FAILED_PRIVATELY)

    async def _result(self, contents: Contents, where: Where, name: str) -> Card:
        guideline = await self._desk.guideline(name)
        if contents.unreadable:
            return unreadable_card(contents.unreadable, attached_notes(contents.attached, guideline))
        try:
            review = await self._desk.try_out(contents.text, name, surface=SURFACE, team=where.team)
        except CannotRead as error:
            return unreadable_card(error.reason, attached_notes(contents.attached, guideline))
        return private_card(review, guideline, contents.attached)


def _where(shortcut: Mapping[str, Any]) -> Where:
    team, channel = (shortcut.get(name) or {} for name in ("team", "channel"))
    return Where(str(team.get("id")), str(channel.get("id")))


def form_view(channel: str) -> View:
    """Return the form with one field of many lines; it remembers the channel, whose guideline is to be used."""
    field = text_field(FIELD, commands.FORM_LABEL, hint=commands.FORM_HINT, placeholder=commands.FORM_PLACEHOLDER)
    return form(FORM, words.TITLE, commands.FORM_SUBMIT, {"channel": channel}, [field])


def result_view(card: Card) -> View:
    """Return a modal that shows a card."""
    return {
        "type": "modal",
        "title": plain(words.TITLE),
        "close": plain(words.CLOSE),
        "blocks": list(card.blocks),
    }
