"""Pictures of Slack: the real process at work for a few people, and what they see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser

from tests.doubles.slack import Post, Room, Screen, SlackDouble
from tests.e2e.service import Service
from tests.screenshots import drafts
from tests.screenshots.blockkit import BlockKit

WRITER, COLLEAGUE, BOSS = "U01HARUNO", "U02NATSUKI", "U03AKIYAMA"
PEOPLE = {WRITER: "春野 あおい", COLLEAGUE: "夏木 みどり", BOSS: "秋山 課長補佐"}
COMMAND = "/sns-check"
THREAD, FORM, HOME = 640, 520, 760
"""Widths in pixels."""


def take(browser: Browser, pages: Mapping[str, str], folder: Path) -> None:
    """Photograph pages under their names."""
    tab = browser.new_page(locale="ja-JP")
    for name, page in pages.items():
        tab.set_content(page)
        tab.locator("main").screenshot(path=folder / f"{name}.png")


async def pages() -> dict[str, str]:
    """Have a few people work with the bot, and return what they see: name of the picture → page."""
    with TemporaryDirectory() as directory:
        async with SlackDouble() as slack:
            for user, name in PEOPLE.items():
                slack.user(user, name)
            service = Service(
                slack, "socket", Path(directory), SNS_CHECK_REVIEW_CHANNELS="C01REV", SNS_CHECK_SUPERVISORS=BOSS
            )
            await service.start()
            try:
                return await _Stage(slack, slack.channel("C01REV", "sns-確認")).play()
            finally:
                await service.stop()


@dataclass(frozen=True)
class _Stage:
    slack: SlackDouble
    room: Room

    async def play(self) -> dict[str, str]:
        seen = await self._a_draft_and_its_revision()
        seen |= await self._a_dispute()
        private = await self.room.command(WRITER, COMMAND, drafts.PRIVATE).response()
        await private.shows("この結果はあなただけに")
        seen["slack-private"] = self.kit.page(self.kit.message(private.body, private=True), width=THREAD)
        await self.room.post(COLLEAGUE, drafts.CLEAN).answer()
        self.slack.open_home(BOSS)
        await self.slack.home_shows(BOSS, "下書きの状況")
        home = self.slack._context.interactions.homes[BOSS]
        return seen | {"slack-home": self.kit.page(self.kit.home(home), width=HOME)}

    async def _a_draft_and_its_revision(self) -> dict[str, str]:
        post = self.room.post(WRITER, drafts.DRAFT)
        first = await post.answer()
        await self._carries(post, "no_entry")
        seen = {"slack-thread": self._thread(post)}
        form = await self._opened(first, BOSS, "sns_check_decide_return")
        seen["slack-return"] = self.kit.page(self.kit.modal(form.view), width=FORM)
        await form.submit({"comment": "人ではなく、会場の案内のことを書いてください。"})
        await self._carries(post, "repeat")
        form = await self._opened(first, WRITER, "sns_check_revise")
        await form.submit({"text": drafts.REVISED})
        await self.slack.until(lambda: len(post.answers) == 4)  # two answers, a decision, the revision
        form = await self._opened(post.answers[-1], BOSS, "sns_check_decide_approve")
        await form.submit({})
        await self._carries(post, "white_check_mark")
        await self.slack.until(lambda: "✅ 承認" in post.answers[-2].reading.text + post.answers[-1].reading.text)
        return seen | {"slack-decided": self._thread(post)}

    async def _a_dispute(self) -> dict[str, str]:
        post = self.room.post(COLLEAGUE, drafts.TITLE)
        answer = await post.answer()
        form = await self._opened(answer, COLLEAGUE, "sns_check_dispute")
        seen = {"slack-dispute": self.kit.page(self.kit.modal(form.view), width=FORM)}
        await form.submit({"reason": "劇の題名と、その紹介の言葉です。"})
        raised = await post.answer(2)
        shown = self.kit.message(raised.body)
        return seen | {"slack-ruling": self.kit.page(shown, width=THREAD)}

    @property
    def kit(self) -> BlockKit:
        """Everybody is shown under the name that they have in the workspace."""
        return BlockKit(lambda name: PEOPLE.get(name) or self.slack.workspace.channel(name).name)

    def _thread(self, post: Post) -> str:
        replies = [self.kit.message(reply.body) for reply in post.replies]
        return self.kit.page(self.kit.message(post.body, reactions=sorted(post.reactions)), *replies, width=THREAD)

    async def _opened(self, post: Post, user: str, action: str) -> Screen:
        times = len(self.slack.calls("views.open"))
        post.click(user, action)
        await self.slack.called("views.open", times + 1)
        return await self.slack.modal(user)

    async def _carries(self, post: Post, *names: str) -> Any:
        await self.slack.until(lambda: post.reactions == set(names), expected=f"{names} on the draft")
