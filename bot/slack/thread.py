"""A draft's thread: what the bot says there, keeps up to date and folds, and the one reaction on the draft.

Each message is posted once and then changed: it is found by the mark in its metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import structlog

from bot.desk import Answer, Desk, DraftState, Place
from bot.slack.blocks import Card
from bot.slack.cards import answer_cards, folded_cards, vacated_card
from bot.slack.client import Gone, Mark, Posted, Slack, SlackError, retried_when_mended
from rules.model import Verdict

log: Final = structlog.get_logger(__name__)

ANSWER: Final = "sns_check_answer"
"""``event_type`` in the metadata of an answer to a version."""

REACTIONS: Final = ("no_entry", "warning", "white_check_mark", "repeat")
"""⛔ ⚠️ ✅ 🔁: how a draft stands, seen from the channel. At most one of them is ours."""


class Thread:
    """What the bot does in threads. Methods raise ``RetryLater`` and ``SlackError``."""

    def __init__(self, slack: Slack, desk: Desk) -> None:
        self._slack = slack
        self._desk = desk

    async def post_once(self, place: Place, mark: Mark, cards: Sequence[Card]) -> str | None:
        """Post the cards, one page each, that are not in the thread yet; returns the first one's ``ts``.

        ``None`` when there is no thread to post to any more.
        """
        with retried_when_mended():
            try:
                # Slack would take a message to a thread that is gone, and never show it to us again.
                pages = _pages(await self._slack.posted(place.channel, place.thread), mark)
                for page, card in enumerate(cards, 1):
                    if page not in pages:
                        paged = replace(mark, page=page)
                        ts = await self._slack.post(place.channel, place.thread, card, paged)
                        pages[page] = Posted(ts, paged)
            except Gone as error:
                log.warning("nobody_to_answer", place=place.key, refusal=error.code)
                return None
        return pages[1].ts

    async def answer(self, answer: Answer) -> str | None:
        """Post the answer to a version; returns its receipt, ``None`` when there is nowhere to post it."""
        return await self.post_once(answer.place, _mark(answer), answer_cards(answer))

    async def bring_up_to_date(self, place: Place) -> None:
        """Show the draft as it stands now: its answer, what is left of earlier ones, and the reaction."""
        answer = await self._desk.standing(place)
        if answer and answer.receipt:
            with retried_when_mended():
                await self._show(place, answer)
        await self.settle(place)

    async def settle(self, place: Place) -> None:
        """Fold what other answers said, now that this one stands, and set the reaction."""
        if answer := await self._desk.standing(place):
            with retried_when_mended():
                await self._fold(place, answer)
            await self.react(place, reaction(answer))

    async def beginning(self, place: Place) -> Mapping[str, Any] | None:
        """Return the message that the thread begins with, as it stands; ``None`` if it is gone."""
        return await self._slack.message(place.channel, place.thread)

    async def change(self, place: Place, mark: Mark, card: Card) -> None:
        """Show another card in the place of one that was posted, if it is there."""
        with retried_when_mended():
            if posted := _pages(await self._posted(place), mark).get(mark.page):
                await self._update(place, posted, card)

    async def react(self, place: Place, wanted: str | None) -> None:
        """Have the draft's message carry this one of ``REACTIONS`` from us, and none of the others.

        It only repeats what the thread says, so that a refusal is no reason to hold anything up.
        """
        try:
            await self._exchange(place, await self._reactions(place), wanted)
        except SlackError as error:
            log.warning("reaction_not_set", place=place.key, refusal=error.code)

    async def _show(self, place: Place, answer: Answer) -> None:
        """Change the pages of an answer to what they would be if it were posted now."""
        pages = _pages(await self._posted(place), _mark(answer))
        if not pages:
            return
        cards = answer_cards(answer)
        for page, posted in sorted(pages.items()):
            await self._update(place, posted, cards[page - 1] if page <= len(cards) else vacated_card(page))
        if len(cards) > len(pages):
            await self.post_once(place, _mark(answer), cards)

    async def _fold(self, place: Place, answer: Answer) -> None:
        """Leave one line of each answer whose words stand no more, now that another one is there, or none will be."""
        if not (answer.superseded and (answer.receipt or answer.withdrawn)):
            return
        thread = await self._desk.thread(place)
        ours = await self._posted(place)
        for earlier in answer.superseded:
            version = thread.version(earlier.revision) if thread else None
            if thread is None or version is None:
                continue
            decided = [each for each in thread.decisions if each.revision == earlier.revision]
            pages = _pages(ours, Mark(ANSWER, place.thread, earlier.revision))
            cards = folded_cards(version, decided[-1] if decided else None, max(pages, default=0))
            for page, posted in sorted(pages.items()):
                await self._update(place, posted, cards[page - 1])
            await self._desk.folded(place, earlier.revision)

    async def _update(self, place: Place, posted: Posted, card: Card) -> None:
        try:
            await self._slack.update(place.channel, posted, card)
        except Gone as error:
            log.warning("message_not_changed", place=place.key, refusal=error.code)

    async def _posted(self, place: Place) -> list[Posted]:
        """Return our messages of the thread; none where there is no thread any more."""
        try:
            return await self._slack.posted(place.channel, place.thread)
        except Gone:
            return []

    async def _reactions(self, place: Place) -> set[str]:
        """Return which of our reactions the draft's message carries."""
        own = (await self._slack.identity()).user_id
        message = await self._slack.message(place.channel, place.thread) or {}
        return {
            reaction["name"]
            for reaction in message.get("reactions") or ()
            if reaction.get("name") in REACTIONS and own in (reaction.get("users") or ())
        }

    async def _exchange(self, place: Place, present: set[str], wanted: str | None) -> None:
        for name in sorted(present - {wanted}):
            await self._slack.unreact(place.channel, place.thread, name)
        if wanted and wanted not in present:
            await self._slack.react(place.channel, place.thread, wanted)


def reaction(answer: Answer) -> str | None:
    """Return which of ``REACTIONS`` says how a draft stands, ``None`` for one without findings that waits."""
    match answer.state:
        case DraftState.APPROVED:
            return "white_check_mark"
        case DraftState.RETURNED:
            return "repeat"
        case DraftState.HELD:
            return "warning"
        case DraftState.WAITING if answer.review:
            return {Verdict.BLOCK: "no_entry", Verdict.WARN: "warning", Verdict.PASS: None}[answer.review.verdict]
        case _:
            return None


def _pages(ours: Iterable[Posted], mark: Mark) -> dict[int, Posted]:
    """Return the pages of one message; of two of the same, the first."""
    found: dict[int, Posted] = {}
    for posted in ours:
        if replace(posted.mark, page=mark.page) == mark:
            found.setdefault(posted.mark.page, posted)
    return found


def _mark(answer: Answer) -> Mark:
    return Mark(ANSWER, answer.place.thread, answer.revision)
