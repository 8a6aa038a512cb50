"""What is done with the inbox's items: a version goes to the desk and is answered, a deletion is noted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog

from bot.desk import Answer, Desk, Submission
from bot.history import Item
from bot.slack.cards import Card, answer_cards, notice_card
from bot.slack.channels import ReviewChannels
from bot.slack.client import MEND_SECONDS, Gone, Mark, MustBeMended, Slack
from bot.slack.events import Deletion, PostedVersion
from bot.slack.files import SlackFiles
from bot.slack.words import thread as words
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

ANSWER: Final = "sns_check_answer"
FAILURE: Final = "sns_check_failure"
"""``event_type`` in the metadata of what the bot posts."""


class Thread:
    """Posts into threads, each page once: what is there already is found by its metadata."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def post_once(self, version: PostedVersion, event_type: str, cards: Sequence[Card]) -> str | None:
        """Post the cards that are not in the thread yet; returns the first one's ``ts``.

        ``None`` when there is no thread to post to any more. Raises ``RetryLater`` and ``SlackError``.
        """
        channel, thread = version.place.channel, version.thread
        marks = [Mark(event_type, version.place.thread, version.revision, page) for page in range(1, len(cards) + 1)]
        try:
            posted = await self._slack.posted(channel, thread, marks[0])
            for mark, card in zip(marks, cards, strict=True):
                if mark.page not in posted:
                    posted[mark.page] = await self._slack.post(channel, thread, card, mark)
        except Gone as error:
            log.warning("nobody_to_answer", place=version.place.key, refusal=error.code)
            return None
        except MustBeMended as error:
            raise RetryLater(MEND_SECONDS) from error
        return posted[1]


class AnswerVersion:
    """Handles ``events.VERSION``."""

    def __init__(self, desk: Desk, files: SlackFiles, thread: Thread, channels: ReviewChannels) -> None:
        self._desk = desk
        self._files = files
        self._thread = thread
        self._channels = channels

    async def handle(self, item: Item) -> str | None:
        """Have the version reviewed and answer it, unless it was answered or nobody waits for an answer."""
        version = PostedVersion.of(item)
        contents = await self._files.contents(version.message)
        submission = Submission(
            place=version.place,
            revision=version.revision,
            order=version.order,
            author=version.author,
            text=contents.text,
            received_at=item.received_at,
            unreadable=contents.unreadable,
        )
        guideline = await self._channels.guideline(version.place.team, version.place.channel)
        answer = await self._desk.submit(submission, guideline)
        if not answer.due:
            return answer.receipt
        unseen = words.unseen(pictures=contents.pictures, files=contents.unread_files)
        return await self._post(version, answer, unseen)

    async def _post(self, version: PostedVersion, answer: Answer, unseen: Sequence[str]) -> str | None:
        receipt = await self._thread.post_once(version, ANSWER, answer_cards(answer, unseen))
        if receipt:
            await self._desk.answered(answer, receipt)
        return receipt

    async def give_up(self, item: Item) -> None:
        """Say in the thread that the version was not reviewed."""
        await self._thread.post_once(PostedVersion.of(item), FAILURE, (notice_card(words.FAILED),))


class NoteDeletion:
    """Handles ``events.DELETION``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def handle(self, item: Item) -> None:
        """Record that the draft was deleted."""
        deletion = Deletion.of(item)
        await self._desk.withdraw(deletion.place, deletion.author, item.received_at)

    async def give_up(self, item: Item) -> None:
        """Nobody waits to hear of a deletion: the inbox remembers that it failed."""
