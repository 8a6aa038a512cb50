"""What somebody does who sits before the Playground, by the words that they see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from playwright.sync_api import Locator, Page

Json = dict[str, Any]

CHANNEL: Final = "19:review@thread.tacv2"
"""The team's first channel, which has the id of the team here."""
TENANT: Final = "6f1d0a58-6d5b-4c3e-9a37-2f3a60a7c0de"
BOT: Final = "SNSチェック"
BOT_ID: Final = "28:bot"
USER: Final = {
    "id": "29:user-0",
    "name": "山田",
    "userPrincipleName": "yamada@example.com",
    "aadObjectId": "00000000-0000-4000-8000-000000000020",
    "givenName": "花",
    "surname": "山田",
    "email": "yamada@example.com",
}
"""Who is signed in."""


class Desk:
    """The page, and what can be done there."""

    def __init__(self, page: Page, service_url: str) -> None:
        """``service_url`` is where the Playground takes messages of the bot."""
        self.page = page
        self.service_url = service_url

    def post(self, text: str) -> Thread:
        """Begin a thread in the channel with a mention of the bot."""
        self.page.get_by_role("treeitem", name="General").click()
        field = self.page.get_by_role("textbox").first
        field.click()
        field.press_sequentially(f"@{BOT[:3]}")
        self.page.get_by_role("menuitem", name=BOT).click()
        self.page.keyboard.insert_text(f" {text}")
        with self.page.expect_response(lambda response: response.url.endswith("/messages")) as told:
            self.page.get_by_role("button", name="Post", exact=True).click()
        conversation: str = told.value.json()["postConversationId"]
        return Thread(self.page, self.page.get_by_role("group").filter(has_text=text.splitlines()[0]), conversation)

    def mock(self, activity: Json) -> None:
        """Send an activity that the Playground has no button for, on top of the fields that it proposes."""
        self.page.get_by_role("button", name="Mock an Activity").click()
        self.page.get_by_role("menuitem", name="Custom activity").click()
        editor = self.page.get_by_role("dialog").get_by_role("textbox")
        editor.press("Control+A")
        editor.press("Delete")
        self.page.keyboard.insert_text(json.dumps(activity, ensure_ascii=False))
        self.page.get_by_role("button", name="Send activity").click()


@dataclass(frozen=True)
class Thread:
    """A thread on the page."""

    page: Page
    shown: Locator
    conversation: str
    """Its id, with that of its first message."""

    def edited(self, text: str, service_url: str) -> Json:
        """What Teams sends when somebody edits the first message."""
        tenant = {"id": TENANT}
        channel, _, message = self.conversation.partition(";messageid=")
        return {
            "type": "messageUpdate",
            "id": message,
            "timestamp": datetime.now(UTC).isoformat(),
            "channelId": "msteams",
            "serviceUrl": service_url,
            "from": {"id": USER["id"], "name": USER["name"], "aadObjectId": USER["aadObjectId"]},
            "recipient": {"id": BOT_ID, "name": BOT},
            "conversation": {
                "id": self.conversation,
                "isGroup": True,
                "conversationType": "channel",
                "tenantId": TENANT,
            },
            "channelData": {"eventType": "editMessage", "tenant": tenant, "channel": {"id": channel}},
            "text": text,
            "textFormat": "plain",
        }

    def press(self, title: str) -> None:
        """Press the first button of this title."""
        self.shown.get_by_role("button", name=title).first.click()

    def choose_message_action(self, command: str) -> Locator:
        """Choose the app's command in the menu of the first message; returns the dialog."""
        self.press("Show more information")
        self.page.get_by_role("menuitem", name="Action Command").click()
        self.page.get_by_role("textbox", name="Command ID").fill(command)
        self.page.get_by_role("button", name="Create").click()
        return self.page.get_by_role("dialog")
