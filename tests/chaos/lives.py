"""What people do with their drafts, and the chronicle of it: what they wrote, and what they were shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.chaos import channel
from tests.chaos.channel import Marked
from tests.chaos.pace import Pace
from tests.chaos.plan import Act, Life, Step, Text
from tests.doubles.slack import Post, Room, Screen, SlackDouble

T = TypeVar("T")

PATIENCE = 150.0
"""Seconds after which somebody gives up waiting: more than every repetition and every lease take."""
FORM_WITHIN = 4.0
"""Seconds after which somebody presses a button again: Slack opens no form for an older click."""
LOOK_SECONDS = 0.25
"""How often somebody looks. To wake all at each of 15,000 changes took a fifth of the processor."""
AT_ONCE = 80
"""Drafts that people work on at the same time."""

BUTTONS = {Act.APPROVE: "sns_check_decide_approve", Act.RETURN: "sns_check_decide_return"}


@dataclass(frozen=True, slots=True)
class Written:
    """A version as its author wrote it. ``revision`` is what the service calls it."""

    revision: str
    text: Text


@dataclass
class Told:
    """The chronicle of one life."""

    life: Life
    draft: str = ""
    versions: list[Written] = field(default_factory=list)
    waited_for: list[str] = field(default_factory=list)
    """Revisions whose answer somebody saw before anything else happened."""
    waits: list[float] = field(default_factory=list)
    """Seconds until it was there."""
    deleted: bool = False
    decisions: list[tuple[Act, str]] = field(default_factory=list)
    """Decisions that the service took in, with their comments, in order."""
    disputes: list[str] = field(default_factory=list)
    rulings: list[str] = field(default_factory=list)
    complaint: str = ""
    """What somebody waited for in vain."""


async def play_all(slack: SlackDouble, lives: tuple[Life, ...], pace: Pace) -> list[Told]:
    """Play all lives, each beginning when the pace lets it; returns their chronicles."""
    hands = asyncio.Semaphore(AT_ONCE)

    async def play(told: Told) -> None:
        try:
            await _Person(slack, told).live()
        finally:
            hands.release()

    chronicle = [Told(life) for life in lives]
    async with asyncio.TaskGroup() as group:
        for told in chronicle:
            await hands.acquire()
            await pace.begin(told.life.number)
            await asyncio.sleep(told.life.after)
            group.create_task(play(told))
    return chronicle


class _Person:
    """Plays one life: its author, and the supervisor who decides."""

    def __init__(self, slack: SlackDouble, told: Told) -> None:
        self._slack = slack
        self._told = told
        self._life = told.life
        self._room: Room = slack.channel(told.life.channel)

    async def live(self) -> None:
        try:
            for step in self._life.steps:
                await self._do(step)
                await asyncio.sleep(step.pause)
        except AssertionError as error:
            self._told.complaint = str(error).partition("\n")[0]

    async def _do(self, step: Step) -> None:
        match step.act:
            case Act.WRITE:
                self._post = self._room.post(self._life.author, step.text.words)
                self._told.draft = self._post.ts
                await self._answered(self._post.ts, step)
            case Act.EDIT:
                self._post.edit(step.text.words)
                await self._answered(str(self._post.message.body["edited"]["ts"]), step)
            case Act.REPLY:
                reply = self._post.reply(self._life.author, f"修正版：{step.text.words}")
                await self._answered(reply.ts, step)
            case Act.REVISE:
                await self._revise(step)
            case Act.DELETE:
                self._post.delete()
                self._told.deleted = True
            case Act.APPROVE | Act.RETURN:
                await self._decide(step)
            case Act.DISPUTE:
                await self._dispute(step)
            case Act.RULE:
                await self._rule(step)

    # ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _answered(self, revision: str, step: Step) -> None:
        """Note a version down, and wait for its answer."""
        self._told.versions.append(Written(revision, step.text))
        if not step.patient:
            return
        started = time.monotonic()
        await self._until(lambda: standing_answer(self._room, self._told), f"an answer to {revision}")
        self._told.waits.append(time.monotonic() - started)
        if any(mark.about == revision for mark in self._marks(channel.ANSWER)):
            self._told.waited_for.append(revision)

    async def _revise(self, step: Step) -> None:
        await self._fill_in(self._life.author, await self._card(), "sns_check_revise", "text", step.text.words)
        shown = await self._showing(channel.REVISION, step.text.words)
        await self._answered(shown.post.ts, step)

    # ── decisions and disputes ───────────────────────────────────────────────────────────────────────────────────────

    async def _decide(self, step: Step) -> None:
        await self._fill_in(self._life.boss, await self._card(), BUTTONS[step.act], "comment", step.text.words)
        self._told.decisions.append((step.act, step.text.words))
        await self._showing(channel.DECIDED, step.text.words)

    async def _dispute(self, step: Step) -> None:
        await self._fill_in(self._life.author, await self._card(), "sns_check_dispute", "reason", step.text.words)
        self._told.disputes.append(step.text.words)
        await self._showing(channel.DISPUTED, step.text.words)

    async def _rule(self, step: Step) -> None:
        raised = (await self._showing(channel.DISPUTED, self._told.disputes[-1])).post
        await self._fill_in(self._life.boss, raised, "sns_check_rule_for_draft", "note", step.text.words)
        self._told.rulings.append(step.text.words)
        await self._showing(channel.DISPUTED, step.text.words)

    async def _card(self) -> Post:
        """The answer that speaks for the words that stand."""
        return (await self._until(lambda: standing_answer(self._room, self._told), "the standing answer")).post

    async def _fill_in(self, user: str, card: Post, action: str, field_name: str, words: str) -> None:
        """Press a button and send its form, again and again until Slack says that it was taken in, as people do."""
        form = await self._form(user, card, action)
        lost = False
        for _ in range(int(PATIENCE / FORM_WITHIN)):
            delivery = await form.submit({field_name: words})
            if not form.is_open:
                return
            if delivery.acknowledged:
                assert lost, f"refused: {form.modal.errors}"
                form.close()  # what was not acknowledged had been taken in all the same, and is not wanted twice
                return
            lost = True
            await asyncio.sleep(1)
        raise AssertionError(f"nobody took in {action}")

    async def _form(self, user: str, card: Post, action: str) -> Screen:
        for _ in range(int(PATIENCE / FORM_WITHIN)):
            await self._until(lambda: action in str(card.message.body.get("blocks")), f"a button {action}")
            card.click(user, action)
            try:
                return await self._slack.modal(user, FORM_WITHIN)
            except AssertionError:
                continue
        raise AssertionError(f"{action} opened no form")

    # ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _marks(self, kind: str) -> list[Marked]:
        return [mark for mark in channel.thread(self._room, self._told.draft) if mark.kind == kind]

    async def _showing(self, kind: str, words: str) -> Marked:
        def shown() -> Marked | None:
            return next((mark for mark in self._marks(kind) if words in mark.post.reading.text), None)

        return await self._until(shown, f"{kind} in the thread")

    async def _until(self, condition: Callable[[], T | None], expected: str) -> T:
        deadline = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < deadline, f"not within {PATIENCE} s: {expected} ({self._told.draft})"
            await asyncio.sleep(LOOK_SECONDS)
        return found


def standing_answer(room: Room, told: Told) -> Marked | None:
    """The answer to the newest version that has one, if that version says what stands now."""
    answers = {
        mark.about: mark for mark in channel.thread(room, told.draft) if mark.kind == channel.ANSWER and mark.page == 1
    }
    answered = [version for version in told.versions if version.revision in answers]
    if not answered or answered[-1].text != told.versions[-1].text:
        return None
    return answers[answered[-1].revision]
