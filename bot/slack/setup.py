"""``/sns-check setup``: supervisors choose a channel's guideline and supervisors, which holds at once everywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.desk import ChannelSettings, Desk
from bot.desk.channels import ReviewChannels
from bot.faults import describe
from bot.slack.blocks import Block, Card, View, form, notice_card, plain, plain_section, rich_text, section, text, user
from bot.slack.client import Slack, SlackError, TooLate
from bot.slack.commands import Asked
from bot.slack.events import SURFACE
from bot.slack.interaction import send_back
from bot.slack.supervisors import CannotTell, Supervisors
from bot.slack.words import commands as words
from bot.slack.words import thread
from bot.worker import RetryLater
from rules.guideline import Guideline

log: Final = structlog.get_logger(__name__)

SETUP_FORM: Final = "sns_check_setup"
CHANNEL: Final = "channel"
GUIDELINE: Final = "guideline"
SUPERVISORS: Final = "supervisors"
"""Names of fields: block id and action id."""
NAME_LENGTH: Final = 75
REVIEWABLE: Final = ("C", "G")
"""How ids of channels begin; a direct conversation is no place for reviews."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody entered. No ``supervisors`` are those of the environment."""

    team: str
    user: str
    channel: str
    guideline: str
    supervisors: frozenset[str]

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Choice:
        """Read a ``view_submission`` payload of the form."""
        fields = {name: state for fields in body["view"]["state"]["values"].values() for name, state in fields.items()}
        return cls(
            team=str(body["view"]["team_id"]),
            user=str(body["user"]["id"]),
            channel=str(fields[CHANNEL].get("selected_conversation") or ""),
            guideline=str(fields[GUIDELINE]["selected_option"]["value"]),
            supervisors=frozenset(map(str, fields[SUPERVISORS].get("selected_users") or ())),
        )

    def settings(self, at: datetime) -> ChannelSettings:
        """Return what to store."""
        return ChannelSettings(
            SURFACE, self.team, self.channel, self.guideline, self.supervisors or None, actor=self.user, at=at
        )


class Setup:
    """Opens the form and stores what is chosen."""

    def __init__(  # noqa: PLR0913 - its collaborators, by name
        self,
        *,
        desk: Desk,
        slack: Slack,
        supervisors: Supervisors,
        channels: ReviewChannels,
        guidelines: Mapping[str, Guideline],
        clock: Callable[[], datetime],
    ) -> None:
        """``guidelines`` may be chosen, by name or path."""
        self._desk = desk
        self._slack = slack
        self._supervisors = supervisors
        self._channels = channels
        self._guidelines = guidelines
        self._clock = clock

    def listen(self, app: AsyncApp) -> None:
        """Register the listener."""
        app.view(SETUP_FORM)(self.filled)

    async def answer(self, asked: Asked) -> Card | None:
        """Open the form for supervisors, and explain to others why not."""
        if not (await self._supervisors.remit(asked.user, asked.team)):
            return notice_card(words.SUPERVISORS_ONLY["setup"])
        stored = await self._desk.channel_settings(SURFACE, asked.team, asked.channel)
        named = (stored.supervisors if stored else None) or frozenset()
        current = await self._channels.guideline(asked.team, asked.channel)
        try:
            await self._slack.open_view(asked.trigger, setup_form(asked.channel, current, named, self._guidelines))
        except (SlackError, RetryLater) as error:
            log.warning("form_not_opened", **describe(error))
            return notice_card(thread.TOO_LATE if isinstance(error, TooLate) else words.FAILED_PRIVATELY)
        for name in self._guidelines:  # loaded while the form is filled in, since sending it has to be quick
            await self._desk.guideline(name)
        return None

    async def filled(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Store what was chosen before it is acknowledged, so that it is sent again if it was not."""
        choice = Choice.of(body)
        if complaint := await self._complaint(choice):
            await send_back(ack, CHANNEL, complaint)
            return
        await self._desk.set_channel(choice.settings(self._clock()))
        view = done_view(choice, self._guidelines[choice.guideline], present=await self._is_present(choice))
        await ack(response_action="update", view=view)

    async def _complaint(self, choice: Choice) -> str:
        try:
            remit = await self._supervisors.remit(choice.user, choice.team)
        except CannotTell:
            return thread.CANNOT_TELL
        return "" if remit.covers(choice.channel) else words.SETUP_NOT_YOURS

    async def _is_present(self, choice: Choice) -> bool:
        """Tell whether the bot is in the channel; yes if Slack does not say."""
        try:
            return await self._slack.is_member(choice.channel)
        except (SlackError, RetryLater) as error:
            log.warning("membership_unknown", **describe(error))
            return True


def setup_form(channel: str, current: str, named: Collection[str], guidelines: Mapping[str, Guideline]) -> View:
    """Ask for guideline and supervisors; what holds now is filled in: the ``current`` guideline, who is ``named``."""
    options = [_option(name, guideline) for name, guideline in guidelines.items()]
    chosen = next((one for one in options if one["value"] == current), options[0])
    conversation = {
        "type": "conversations_select",
        "action_id": CHANNEL,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": channel} if channel.startswith(REVIEWABLE) else {}),
    }
    guideline = {"type": "static_select", "action_id": GUIDELINE, "options": options, "initial_option": chosen}
    initial = {"initial_users": sorted(named)} if named else {}
    people = {"type": "multi_users_select", "action_id": SUPERVISORS, **initial}
    blocks = [
        _input(CHANNEL, words.SETUP_CHANNEL, conversation, words.SETUP_CHANNEL_HINT),
        _input(GUIDELINE, words.SETUP_GUIDELINE, guideline),
        {**_input(SUPERVISORS, words.SETUP_SUPERVISORS, people, words.SETUP_SUPERVISORS_HINT), "optional": True},
    ]
    return form(SETUP_FORM, words.SETUP, words.SETUP_SUBMIT, {}, blocks)


def done_view(choice: Choice, guideline: Guideline, *, present: bool) -> View:
    """Say what holds from now on, and what is left to do."""
    people: list[Block] = [text(words.SETUP_BY_DEFAULT)]
    if choice.supervisors:
        people = [part for one in sorted(choice.supervisors) for part in (user(one), text(" "))]
    lines = rich_text(
        section(text(f"{words.SETUP_CHANNEL}："), {"type": "channel", "channel_id": choice.channel}),
        section(text(f"{words.SETUP_GUIDELINE}：{guideline.name}")),
        section(text(f"{words.SETUP_SUPERVISORS}："), *people),
    )
    invitation = [] if present else [plain_section(words.SETUP_INVITE)]
    return {
        "type": "modal",
        "title": plain(words.SETUP),
        "close": plain(thread.CLOSE),
        "blocks": [plain_section(words.SETUP_DONE), lines, *invitation],
    }


def _option(name: str, guideline: Guideline) -> Block:
    return {"text": plain(guideline.name[:NAME_LENGTH]), "value": name}


def _input(name: str, label: str, element: Block, hint: str = "") -> Block:
    asked = {"type": "input", "block_id": name, "label": plain(label), "element": element}
    return {**asked, **({"hint": plain(hint)} if hint else {})}
