"""Private checks: the command ``/sns-check``, its form, and the message shortcut. They store nothing.

The answer is seen only by who asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.desk import CannotRead, Desk
from bot.faults import describe
from bot.slack.blocks import Card, View, form, notice_card, plain, text_field
from bot.slack.cards import Unseen, private_card, unreadable_card
from bot.slack.channels import ReviewChannels
from bot.slack.client import Slack, SlackError
from bot.slack.events import SURFACE
from bot.slack.files import Contents, SlackFiles
from bot.slack.inbound import mrkdwn, storable
from bot.slack.words import commands
from bot.slack.words import thread as words
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

COMMAND: Final = "/sns-check"
SHORTCUT: Final = "sns_check_message"
FORM: Final = "sns_check_form"
FIELD: Final = "draft"
"""Block and action id of the form's field."""


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
        app.command(COMMAND)(self.command)
        app.view(FORM)(self.form)
        app.shortcut(SHORTCUT)(self.shortcut)

    async def command(self, ack: AsyncAck, respond: AsyncRespond, command: Mapping[str, Any]) -> None:
        """``/sns-check TEXT`` answers, ``/sns-check`` opens the form, ``/sns-check help`` explains."""
        await ack()
        text = storable(mrkdwn(str(command.get("text") or ""))).strip()
        if text.lower() in {"help", "ヘルプ", "使い方"}:
            await _whisper(respond, Card(commands.HELP, ({"type": "section", "text": _mrkdwn(commands.HELP)},)))
        elif text:
            await _whisper(respond, await self._check(Contents(text), _where(command)))
        else:
            await self._open(respond, str(command["trigger_id"]), form_view(str(command.get("channel_id"))))

    async def form(self, ack: AsyncAck, view: Mapping[str, Any]) -> None:
        """Show the result in the place of the form that was sent."""
        text = storable(str(view["state"]["values"][FIELD][FIELD].get("value") or ""))
        channel = json.loads(view.get("private_metadata") or "{}").get("channel", "")
        card = await self._check(Contents(text), Where(str(view.get("team_id")), channel))
        await ack(response_action="update", view=result_view(card))

    async def shortcut(self, ack: AsyncAck, respond: AsyncRespond, shortcut: Mapping[str, Any]) -> None:
        """Check any message: a modal opens at once, since its files may take longer than Slack waits."""
        await ack()
        view_id = await self._open(respond, str(shortcut["trigger_id"]), result_view(notice_card(commands.CHECKING)))
        if view_id is None:
            return
        card = await self._check_message(shortcut["message"], _where(shortcut))
        try:
            await self._slack.update_view(view_id, result_view(card))
        except (SlackError, RetryLater) as error:
            log.warning("result_not_shown", **describe(error))
            await _whisper(respond, card)

    async def _open(self, respond: AsyncRespond, trigger: str, view: View) -> str | None:
        try:
            return await self._slack.open_view(trigger, view)
        except (SlackError, RetryLater) as error:
            log.warning("modal_not_opened", **describe(error))
            await _whisper(respond, notice_card(commands.FAILED_PRIVATELY))
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
        unseen = Unseen(contents.pictures, contents.unread_files)
        if contents.unreadable:
            return unreadable_card(contents.unreadable, unseen.notes(guideline))
        try:
            review = await self._desk.try_out(contents.text, name, surface=SURFACE, team=where.team)
        except CannotRead as error:
            return unreadable_card(error.reason, unseen.notes(guideline))
        return private_card(review, guideline, unseen)


def _where(payload: Mapping[str, Any]) -> Where:
    """Read it from a command, which names ids, or from a shortcut, which describes things."""
    team, channel = (payload.get(name) or {} for name in ("team", "channel"))
    return Where(str(payload.get("team_id") or team.get("id")), str(payload.get("channel_id") or channel.get("id")))


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


async def _whisper(respond: AsyncRespond, card: Card) -> None:
    await respond(
        text=card.text,
        blocks=list(card.blocks),
        response_type="ephemeral",
        replace_original=False,
        unfurl_links=False,
        unfurl_media=False,
    )


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}
