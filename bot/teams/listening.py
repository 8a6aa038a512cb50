"""What people do elsewhere than in the text of a channel, from Microsoft's SDK to whom it concerns, as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microsoft_teams.api import ActivityBase
from microsoft_teams.api.activities import (
    AdaptiveCardInvokeActivity,
    FileConsentInvokeActivity,
    InstalledActivity,
    MessageActivity,
)
from microsoft_teams.api.activities.invoke.message_extension import MessageExtensionFetchTaskInvokeActivity
from microsoft_teams.apps import ActivityContext, App

from bot.teams.acting import Acting, Press
from bot.teams.chat import Chat
from bot.teams.private import PrivateChecks
from bot.teams.records import ExportRequests
from bot.teams.spot import PERSONAL, Json, part


class Listening:
    """Registers for what the SDK hears: buttons, the message action, the chat, consent to files."""

    def __init__(self, acting: Acting, chat: Chat, private: PrivateChecks, exports: ExportRequests) -> None:
        self._acting = acting
        self._chat = chat
        self._private = private
        self._exports = exports

    def listen(self, app: App) -> None:
        """Register the listeners."""
        app.on_card_action(self.card_action)  # type: ignore[arg-type]  # they take JSON as well as models
        app.on_message(self.message)
        app.on_message_ext_open(self.message_action)  # type: ignore[arg-type]  # as above
        app.on_file_consent(self.file_consent)
        app.on_install_add(self.installed)

    async def card_action(self, context: ActivityContext[AdaptiveCardInvokeActivity]) -> Mapping[str, Any]:
        """Answer a button: in a draft's thread, or under a list in the chat."""
        activity = _json(context)
        press = Press.of(activity)
        if press and press.verb in self._chat.turns:
            return await self._chat.pressed(activity)
        return await self._acting.pressed(activity)

    async def message(self, context: ActivityContext[MessageActivity]) -> None:
        """Answer what somebody wrote to the bot, also in a channel without drafts, or pressed in an old client."""
        activity = _json(context)
        if part(activity, "value"):
            await self._acting.submitted(activity)
        elif _is_personal(activity):
            await self._chat.written(activity)
        else:
            await self._chat.called(activity)

    async def message_action(
        self, context: ActivityContext[MessageExtensionFetchTaskInvokeActivity]
    ) -> Mapping[str, Any]:
        """Check the message in whose menu somebody chose 「SNSチェック」."""
        return await self._private.opened(_json(context))

    async def file_consent(self, context: ActivityContext[FileConsentInvokeActivity]) -> None:
        """Take in whether a file may be put into somebody's OneDrive."""
        await self._exports.consented(_json(context))

    async def installed(self, context: ActivityContext[InstalledActivity]) -> None:
        """Greet somebody who added the bot to their chats."""
        activity = _json(context)
        if _is_personal(activity):
            await self._chat.welcomed(activity)


def _is_personal(activity: Json) -> bool:
    return part(activity, "conversation").get("conversationType") == PERSONAL


def _json(context: ActivityContext[Any]) -> Json:
    activity: ActivityBase = context.activity
    return activity.model_dump(mode="json", by_alias=True, exclude_none=True)
